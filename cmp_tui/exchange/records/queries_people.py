"""The people whom the rows of a records folder name: staff by username, patients by record number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmp_tui.clinic.history import UNDONE
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import columns_of, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange.records.queries_match import PIECE, Known, Placed
from cmp_tui.exchange.records.rows import Row, StaffFacts, Values
from cmp_tui.patients.model import Patient


class People:
    """Staff and patients of the clinic file, and those whom the folder adds.

    `moved` takes the ids of patients who are kept here under another id.
    """

    def __init__(self, scope: Scope, moved: dict[bytes, bytes], new_id: Callable[[], bytes]) -> None:
        self.staff: dict[str, bytes] = {}
        self.facts: dict[bytes, StaffFacts] = {}
        self.usernames: dict[bytes, str] = {}
        self.patients: dict[str, bytes] = {}
        self._moved, self._new_id = moved, new_id
        self._staff_rows: dict[str, Known] = {}
        self._lines: dict[tuple[str, str | bytes], int] = {}
        for row in rows(Staff.live()):
            known = dict(zip(columns_of(Staff), row, strict=True))
            self._staff_rows[known["username"]] = known
            self.keep_staff(known)
        for key, mrn in Patient.live(Patient.id, Patient.mrn).tuples().iterator():
            self.patients[mrn] = bytes(key)
        struck = Patient.select(Patient.mrn, Patient.struck_why).where(Patient.struck_at.is_null(False))
        self._struck = {mrn for mrn, why in struck.tuples().iterator() if why != UNDONE}

    def keep_staff(self, values: Known | Values) -> None:
        """Knows a member of the staff, as they will be."""
        key = bytes(values["id"])
        self.staff[values["username"]] = key
        self.usernames[key] = values["username"]
        self.facts[key] = StaffFacts(key, values["name"], values["credential"], values["clinical"])

    def place_staff(self, batch: Sequence[Row]) -> list[Placed]:
        """Finds the people of staff.csv among the staff."""
        placed = []
        for row in batch:
            username = row.given["username"]
            before = self._lines.setdefault(("username", username), row.line)
            if before != row.line:
                placed.append(Placed(row, why=f"username: line {before} has the same one."))
            else:
                placed.append(Placed(row, self._staff_rows.get(username)))
        return placed

    def place_patients(self, batch: Sequence[Row]) -> list[Placed]:
        """Finds the people of patients.csv among the patients: by id, else by record number."""
        by_id = self._rows(Patient.id, [row.key for row in batch if row.key is not None])
        by_id.update(self._rows(Patient.id, [self.patients.get(row.given["mrn"]) for row in batch]))
        return [self._place(row, by_id) for row in batch]

    def _place(self, row: Row, by_id: dict[bytes, Known]) -> Placed:
        mrn = row.given["mrn"]
        before = self._lines.setdefault(("mrn", mrn), row.line)
        if before != row.line:
            return Placed(row, why=f"mrn: line {before} has the same one.")
        if row.key is not None:
            before = self._lines.setdefault(("id", row.key), row.line)
            if before != row.line:
                return Placed(row, why=f"id: line {before} has the same one.")
        own = by_id.get(row.key) if row.key is not None else None
        holder = self.patients.get(mrn)
        if own is not None and own["struck_at"] is None:
            if holder not in (None, own["id"]):
                return Placed(row, why="mrn: another patient has it here.")
            if own["mrn"] != mrn:  # a new record number for someone who is here
                self.patients.pop(own["mrn"], None)
                self.patients[mrn] = own["id"]
            return Placed(row, own)
        if holder is not None:
            if row.key is not None:
                self._moved[row.key] = holder
            return Placed(row, by_id.get(holder))
        if (own is not None and own["struck_why"] != UNDONE) or self.is_struck(mrn):
            return Placed(row, struck=True)
        if own is not None:  # an undo took them out: they come in again, as someone new
            self._moved[own["id"]] = self._new_id()
        return Placed(row)

    def is_struck(self, mrn: str) -> bool:
        """Tells whether the patient with this record number was struck out here, by a person and not by an undo."""
        return mrn in self._struck and mrn not in self.patients

    def _rows(self, column: object, keys: Sequence[bytes | None]) -> dict[bytes, Known]:
        names = columns_of(Patient)
        wanted = [key for key in dict.fromkeys(keys) if key is not None]
        found: dict[bytes, Known] = {}
        for at in range(0, len(wanted), PIECE):
            for row in rows(Patient.select().where(Patient.id.in_(wanted[at : at + PIECE]))):
                known = dict(zip(names, row, strict=True))
                found[known["id"]] = known
        return found
