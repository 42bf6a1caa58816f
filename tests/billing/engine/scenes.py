"""A patient's month in a few words, for tests of the billing engine: who did what, and what the month bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from cmp_tui.billing.engine import facts as known
from cmp_tui.billing.engine.facts import Choices, MonthFacts
from cmp_tui.billing.engine.month import bill
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.programs import rulebook
from cmp_tui.enrollment.rulebook import Rulebook

STAFF = {
    "lee": known.Person("Dr. Lee", "MD", True, "1111111112"),
    "kim": known.Person("Dr. Kim", "MD", True, "1111111120"),
    "nora": known.Person("Nora", "NP", True, "1111111138"),
    "rosa": known.Person("Rosa", "RN", False, None),
    "lupe": known.Person("Lupe", "LPN", False, None),
    "clara": known.Person("Clara", "CHW", False, None),
    "olaf": known.Person("Olaf", "none", False, None),
}
CLINICAL = frozenset({"lee", "kim", "nora", "rosa", "lupe"})


@cache
def rules() -> Rulebook:
    return rulebook(Reference())


class Scene:
    """One patient in one month. Every method adds something and gives the scene back."""

    def __init__(self, month: str = "2026-10", **values: Any) -> None:
        self.month = Month.parse(month)
        first = datetime(self.month.year, self.month.month, 1, tzinfo=UTC)
        days = (self.month.last - self.month.first).days + 1
        self.starts = tuple(int((first + timedelta(days=number)).timestamp()) for number in range(days + 1))
        self.facts = MonthFacts(
            self.month, self.month.next().next().last, self.starts, "A-1", "Ruiz, Ana", "1948-02-11", "Medicare",
            "1EG4TE5MK73", False, None, "lee", STAFF, Choices(),
        )  # fmt: skip
        self.facts = replace(self.facts, **values)
        self.number = 0

    def key(self) -> bytes:
        self.number += 1
        return self.number.to_bytes(16)

    def add(self, **lists: Any) -> Scene:
        for name, row in lists.items():
            self.facts = replace(self.facts, **{name: [*getattr(self.facts, name), row]})
        return self

    def day(self, number: int, months: int = 0) -> date:
        return self.month.plus(months).first + timedelta(days=number - 1)

    def worked(
        self,
        minutes: float,
        day: int = 12,
        staff: str = "rosa",
        program: str | None = "CCM",
        hour: float | None = None,
        **values: Any,
    ) -> Scene:
        """Time logged; without an hour each entry has one of its own."""
        self.number += 1
        at = (self.number % 20) * 4000 if hour is None else int(hour * 3600)
        start = self.starts[day - 1] + at
        seconds = int(minutes * 60)
        size = values.get("size", 1)
        full = {
            "key": self.key(), "start": start, "end": start + seconds, "seconds": seconds // size, "size": size,
            "staff": staff, "credential": STAFF[staff].credential, "clinical": staff in CLINICAL, "program": program,
            "practitioner": None, "activity": "call", "in_billed_visit": False, "precision": None,
            "outcome": "reached",
        }  # fmt: skip
        return self.add(entries=known.Entry(**{**full, **values}))

    def consent(
        self,
        program: str = "CCM",
        day: date = date(2020, 1, 2),
        decision: str = "accepted",
        practitioner: str | None = None,
        effective_to: date | None = None,
    ) -> Scene:
        return self.add(
            consents=known.Consent(program, decision, day, effective_to, practitioner, self.key())
        )

    def enrolled(
        self,
        program: str = "CCM",
        start: date | None = date(2020, 1, 2),
        end: date | None = None,
        status: str = "active",
        practitioner: str | None = None,
    ) -> Scene:
        return self.add(enrollments=known.Enrollment(program, status, start, end, practitioner, self.key()))

    def visit(
        self,
        day: date,
        kind: str = "em",
        practitioner: str | None = "lee",
        discussed: bool | None = True,
        mdm: str | None = None,
    ) -> Scene:
        return self.add(visits=known.Visit(day, practitioner, kind, discussed, mdm, self.key()))

    def condition(
        self, code: str, chronic: bool | None = True, onset: str | None = None, resolved: str | None = None
    ) -> Scene:
        return self.add(
            conditions=known.Condition("icd-10-cm", code, code, None, chronic, onset, resolved, self.key())
        )

    def plan(
        self,
        made: date | None = date(2020, 1, 2),
        given: date | None = date(2020, 1, 2),
        by: str | None = "lee",
        program: str | None = None,
    ) -> Scene:
        return self.add(plans=known.Plan(program, made, by, given, self.key()))

    def mdm(self, mdm: str, practitioner: str | None = "lee", program: str | None = "CCM") -> Scene:
        return self.add(complexity=known.Complexity(program, practitioner, mdm, self.key()))

    def stay(
        self,
        discharged: date | None,
        kind: str = "inpatient",
        to: str | None = "home",
        admitted: date | None = None,
        reconciled: date | None = None,
    ) -> Scene:
        begun = admitted or ((discharged or self.month.first) - timedelta(days=3))
        text = reconciled.isoformat() if reconciled else None
        return self.add(stays=known.Stay(kind, begun, discharged, to, text, self.key()))

    def contact(
        self,
        day: date,
        outcome: str = "reached",
        staff: str = "rosa",
        hour: int = 15,
        mode: str = "phone",
        with_whom: str = "patient",
        scheduling: bool = False,
    ) -> Scene:
        at = int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp())
        row = known.Contact(
            at, day, staff, staff in CLINICAL, mode, outcome, with_whom, scheduling, self.key()
        )
        return self.add(contacts=row)

    def service(
        self,
        code: str,
        start: date,
        end: date | None = None,
        practitioner: str | None = None,
        ours: bool = False,
    ) -> Scene:
        return self.add(services=known.Service(code, start, end or start, practitioner, ours, self.key()))

    def device(self, start: date, end: date, days: int) -> Scene:
        return self.add(device_days=known.DeviceDays(start, end, days, self.key()))

    def choose(self, **values: Any) -> Scene:
        self.facts = replace(self.facts, choices=self.facts.choices._replace(**values))
        return self

    # -- what it bills

    def result(self) -> MonthResult:
        return bill(self.facts, rules())

    def lines(self) -> list[tuple[str, int]]:
        return [(line.code, line.units) for line in self.result().lines]

    def blocked(self) -> set[str]:
        return {note.rule for note in self.result().blocked}

    def warned(self) -> set[str]:
        return {note.rule for note in self.result().warnings}

    def instead(self) -> list[list[tuple[str, int]]]:
        return [[(line.code, line.units) for line in one.lines] for one in self.result().alternatives]


def ready(
    program: str = "CCM", month: str = "2026-10", practitioner: str | None = None, **values: Any
) -> Scene:
    """Somebody for whom all is there but the minutes."""
    scene = (
        Scene(month, **values)
        .visit(date(2019, 6, 1))
        .visit(date(2019, 12, 1))
        .condition("E11.9")
        .condition("I50.32")
    )
    scene.condition("F33.1").plan()
    return scene.consent(program, practitioner=practitioner).enrolled(program, practitioner=practitioner)
