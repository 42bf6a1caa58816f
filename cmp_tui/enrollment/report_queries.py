"""The enrollment report: how far those who were received in a period came, by source; and who is behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from peewee import Value, fn

from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import among, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment.model import Consent, Intake
from cmp_tui.enrollment.report_rules import STAGES, STEPS, Cell, Spread, Way, counted, days_in, spread
from cmp_tui.patients.model import Patient

REFERRER = ("referred", "answered", "waiting", "open")
PAGE = 500


class Number(NamedTuple):
    """One number of the report, and whom it counts."""

    people: int
    cell: Cell


class StageTime(NamedTuple):
    """The days that people stood in a stage; `still` stand in it now, `longest` of them for so many days."""

    stage: str
    spread: Spread
    left: Number
    still: Number
    longest: int | None


class Ended(NamedTuple):
    """A coded end: how many ended so, and how many of them are to come back."""

    end: str
    people: Number
    back: Number


class EnrollmentReport(NamedTuple):
    """The whole report. `funnel` has for each step the number of all, then of each source in the order of `sources`."""

    first: date
    last: date
    today: date
    sources: tuple[str, ...]
    funnel: dict[str, tuple[Number, ...]]
    stages: tuple[StageTime, ...]
    ends: tuple[Ended, ...]
    referrer: dict[str, Number]
    answer: Spread
    """The days from a referral until the answer."""


class ReportRow(NamedTuple):
    """Someone behind a number; `days` are those in the stage that it is about, else since they were received."""

    id: bytes
    patient: bytes
    mrn: str
    family: str
    given: str
    source: str
    received: date
    stage: str
    end: str | None
    ended_on: date | None
    back_on: date | None
    answered_on: date | None
    days: int


def enrollment_report(scope: Scope, first: date, last: date) -> EnrollmentReport:
    """Returns the report on those who were received from one day to another, both included. Raises Invalid."""
    ways = _ways(scope, first, last)
    sources = tuple(code.code for code in scope.reference.codes("intake_source"))

    def number(*cell: Any) -> Number:
        one = Cell(*cell)
        return Number(len(counted(ways, one)), one)

    stages = []
    for stage in STAGES:
        gone, there = counted(ways, Cell("left", stage)), counted(ways, Cell("still", stage))
        days = [days_in(way, stage, scope.today) or 0 for way in gone]
        waits = [days_in(way, stage, scope.today) or 0 for way in there]
        stages.append(
            StageTime(
                stage, spread(days), number("left", stage), number("still", stage), max(waits, default=None)
            )
        )
    known = [code.code for code in scope.reference.codes("program_end")]
    found = {way.end for way in ways if way.stage == "ended" and way.end}
    ends = [Ended(end, number("end", end), number("back", end)) for end in known if end in found]
    told = [(way.answered_on - way.received).days for way in ways if way.answered_on is not None]
    return EnrollmentReport(
        first, last, scope.today, sources,
        {step: tuple(number("step", step, source) for source in ("", *sources)) for step in STEPS},
        tuple(stages), tuple(sorted(ends, key=lambda one: -one.people.people)),
        {state: number("referrer", state) for state in REFERRER}, spread(told),
    )  # fmt: skip


def report_rows(scope: Scope, first: date, last: date, cell: Cell) -> list[ReportRow]:
    """Returns the people behind one number, by the day on which they were received. Raises Invalid."""
    ways = counted(_ways(scope, first, last), cell)
    names = _names([way.patient for way in ways])
    about = cell.name if cell.kind in ("left", "still") else None
    found = []
    for way in ways:
        mrn, family, given = names.get(way.patient, ("", "", ""))
        days = days_in(way, about, scope.today) if about else (scope.today - way.received).days
        found.append(
            ReportRow(
                way.id, way.patient, mrn, family, given or "", way.source, way.received, way.stage, way.end,
                way.ended_on, way.back_on, way.answered_on, days or 0,
            )
        )  # fmt: skip
    return found


def cell_named(text: str, report: EnrollmentReport) -> Cell:
    """Returns the number that is meant by 'step:enrolled' or 'step:reached:claims'. Raises Invalid."""
    for one in cells_of(report):
        if one.text == text:
            return one
    known = ", ".join(one.text for one in cells_of(report) if not one.source)
    raise Invalid({"rows": f"There is no number {text!r}. There are: {known}; a step also with a source."})


def cells_of(report: EnrollmentReport) -> list[Cell]:
    """Returns every number of a report."""
    steps = [one.cell for numbers in report.funnel.values() for one in numbers]
    stages = [one.cell for stage in report.stages for one in (stage.left, stage.still)]
    ends = [one.cell for end in report.ends for one in (end.people, end.back)]
    return [*steps, *stages, *ends, *(one.cell for one in report.referrer.values())]


def _ways(scope: Scope, first: date, last: date) -> list[Way]:
    """Everybody who was received in the period, in one query."""
    if last < first:
        raise Invalid({"last": f"{last} comes before {first}. Give the first day, then the last."})
    agreed = Consent.live(Value(1)).where(
        (Consent.patient == Intake.patient)
        & (Consent.decision == "accepted")
        & (Consent.date >= Intake.received)
        & (Intake.program.is_null() | (Consent.program == Intake.program))
    )
    query = (
        Intake.live(
            Intake.id, Intake.patient, Intake.source, Intake.received, Intake.stage, Intake.outreach_on,
            Intake.eligibility_on, Intake.consent_on, Intake.enrolled_on, fn.EXISTS(agreed), Intake.end,
            Intake.ended_on, Intake.back_on, Intake.answered_on,
        )
        .join(Patient, on=(Patient.id == Intake.patient))
        .where((Intake.received >= first) & (Intake.received <= last) & Patient.struck_at.is_null())
        .order_by(Intake.received, Intake.id)
    )  # fmt: skip
    return [Way(*row)._replace(consented=bool(row[9])) for row in rows(query)]


def _names(patients: Sequence[bytes]) -> dict[bytes, tuple[str, str, str]]:
    found: dict[bytes, tuple[str, str, str]] = {}
    for start in range(0, len(patients), PAGE):
        some = patients[start : start + PAGE]
        query = Patient.select(Patient.id, Patient.mrn, Patient.family, Patient.given).where(
            among(Patient.id, some)
        )
        found |= {bytes(key): (mrn, family, given) for key, mrn, family, given in rows(query)}
    return found
