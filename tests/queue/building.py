"""A small clinic in few words: patients with consent and enrollment, contacts, tasks, at chosen moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import utc
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.staff import staff_list
from cmp_tui.contacts.model import Contact
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient
from cmp_tui.queue.queries import QueueRow, page

CHICAGO = ZoneInfo("America/Chicago")
QUIET = "preventive"


def at(text: str) -> datetime:
    """An instant from what the clinic's clock shows: '2026-11-23 09:00'."""
    return utc(datetime.fromisoformat(text), CHICAGO)


class Building:
    """Adds what a test needs; the clock stands at 09:00 on the clinic's Monday 23 November unless it is moved."""

    def __init__(self, clinic: Clinic, clock: FrozenClock) -> None:
        self.clinic, self.clock = clinic, clock
        self._number = 0

    def patient(self, family: str = "", *, enrolled: date | None = None, **values: Any) -> bytes:
        """A patient, enrolled in CCM with consent from a day when one is given."""
        self._number += 1
        family = family or f"Person{self._number:03}"
        values.setdefault("birth_date", "1950-01-01")
        key: bytes = self.clinic.run(add_patient, family=family, **values).id
        if enrolled is not None:
            self.enroll(key, enrolled)
        return key

    def enroll(self, patient: bytes, start: date, program: str = "CCM") -> None:
        """An enrollment with the consent before it."""
        self.clinic.run(
            record_consent,
            patient,
            program=program,
            decision="accepted",
            date=start,
            mode="verbal",
            points=POINTS,
        )
        self.clinic.run(enroll, patient, program=program, start=start, practitioner="levin")

    def contact(
        self, patient: bytes, outcome: str = "reached", when: str | None = None, **form: Any
    ) -> Contact:
        """A contact by telephone, now or when the clinic's clock showed a time."""
        form.setdefault("mode", "phone")
        if when is not None:
            form["at"] = at(when)
        return self.clinic.run(log_contact, patient, outcome=outcome, **form).contact

    def minutes(self, patient: bytes, minutes: int, when: str, seconds: int = 0, **form: Any) -> None:
        """Time on the clinic's clock, as a span of whole seconds."""
        start = at(when)
        end = start + timedelta(minutes=minutes, seconds=seconds)
        self.clinic.run(log_contact, patient, mode="phone", outcome="reached", start=start, end=end, **form)

    def go(self, text: str) -> None:
        """Moves the clock to what the clinic's clock shows."""
        self.clock.at = at(text).astimezone(UTC)

    def staff(self, username: str) -> bytes:
        """The key of someone of the staff."""
        return next(one.id for one in self.clinic.read(staff_list) if one.username == username)

    def rows(self, whose: str = "mine", day: date | None = None, quiet: bool = False) -> list[QueueRow]:
        """Today; with `quiet` whole, else without the rows about prevention, which nearly everybody enrolled has."""
        return [row for row in self.clinic.read(page, whose, day) if quiet or row.source != QUIET]

    def why(self, patient: bytes | None = None, whose: str = "mine", day: date | None = None) -> list[str]:
        """The sources of a patient's rows (None: of all rows), in Today's order."""
        return sources(row for row in self.rows(whose, day) if patient is None or row.patient == patient)

    def row(self, patient: bytes, source: str, whose: str = "mine", day: date | None = None) -> QueueRow:
        """The one row of a patient from a source."""
        rows = self.rows(whose, day, source == QUIET)
        (found,) = [row for row in rows if row.patient == patient and row.source == source]
        return found


def sources(rows: Any) -> list[str]:
    """Where rows come from, in their order."""
    return [row.source for row in rows]


def shape(rows: Sequence[QueueRow]) -> list[tuple[str, str, date]]:
    """Name, source and day of each row."""
    return [(row.family, row.source, row.due) for row in rows]
