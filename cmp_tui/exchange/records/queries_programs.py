"""The program of time for which a row of a records folder names none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.records import rows
from cmp_tui.desk.rules import usual_program
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.exchange.records.plan import FilePlan
from cmp_tui.exchange.records.queries_match import PIECE
from cmp_tui.exchange.records.rows import Row

_FIELDS = ("program", "status", "start", "end", "practitioner")


class _Held(NamedTuple):
    program: str
    status: str
    start: date | None
    end: date | None
    practitioner: str | None


class Programs:
    """Fills in the program as the app does where nothing is said: that of the patient's one enrollment on the day.

    `coming` are the enrollments that the folder brings or changes. A row with an id comes from an export, where an
    empty cell says that somebody chose no program: it stays as it is. So does time in a billed visit.
    """

    def __init__(self, coming: FilePlan, zone: ZoneInfo) -> None:
        self._coming, self._zone = coming, zone
        self._added: dict[bytes, list[_Held]] | None = None
        self.filled = 0

    def fill(self, batch: Sequence[Row]) -> None:
        """Fills the rows of a batch that name no program."""
        without = [row for row in batch if row.key is None and row.full["program"] is None]
        without = [row for row in without if not row.full["in_billed_visit"]]
        if not without:
            return
        held = self._held({row.full["patient"] for row in without})
        for row in without:
            day = day_of(row.full["start"], self._zone)
            usual = usual_program(held.get(row.full["patient"], ()), day)
            if usual.program is not None:
                row.full["program"] = usual.program
                self.filled += 1

    def _held(self, patients: set[bytes]) -> dict[bytes, list[_Held]]:
        found: dict[bytes, list[_Held]] = {}
        for patient, held in self._of_folder().items():
            if patient in patients:
                found.setdefault(patient, []).extend(held)
        for patient, one in self._here(list(patients)):
            found.setdefault(patient, []).append(one)
        return found

    def _of_folder(self) -> dict[bytes, list[_Held]]:
        if self._added is None:
            self._added = {}
            for values in self._coming.adds:
                named = dict(zip(self._coming.layout.stored, values, strict=True))
                one = _Held(*(named[name] for name in _FIELDS))
                self._added.setdefault(named["patient"], []).append(one)
        return self._added

    def _here(self, patients: list[bytes]) -> Iterator[tuple[bytes, _Held]]:
        e = Enrollment
        changed = {bytes(edit.key): edit.values for edit in self._coming.edits}
        for at in range(0, len(patients), PIECE):
            query = e.live(e.id, e.patient, e.program, e.status, e.start, e.end, e.practitioner)
            for key, patient, *values in rows(query.where(e.patient.in_(patients[at : at + PIECE]))):
                named = {**dict(zip(_FIELDS, values, strict=True)), **changed.get(bytes(key), {})}
                yield bytes(patient), _Held(*(named[name] for name in _FIELDS))
