"""Reading who may be in which program: one patient's checklist with its rows, or everybody's verdicts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.assessments.model import Assessment
from cmp_tui.assessments.payer_queries import payer_scores
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.queries import services, stays, visits
from cmp_tui.enrollment.eligibility_book import book_on
from cmp_tui.enrollment.eligibility_reading import Practitioners, each_known
from cmp_tui.enrollment.eligibility_rules import Book, Judged, judge
from cmp_tui.enrollment.exclusion_rules import Clash, clashes
from cmp_tui.enrollment.model import Eligibility
from cmp_tui.enrollment.programs import rulebook
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.enrollment.rules import OPEN
from cmp_tui.measurements.model import DeviceDays
from cmp_tui.patients.queries import conditions, patient_card

Day = date  # a field of this name hides the type


class DecisionLine(NamedTuple):
    """What a person decided about a program, with who they are."""

    id: bytes
    version: int
    program: str
    eligible: bool
    date: Day
    answers: Mapping[str, Any] | None
    overruled: bool
    why: str | None
    decided_by: bytes | None
    decided_by_name: str | None
    decided_by_credential: str | None


class AssessedLine(NamedTuple):
    """An instrument that was filled in, as far as the checklist shows it."""

    id: bytes
    instrument: str
    status: str
    date: Day
    score: float | None
    band: str | None
    flags: Mapping[str, Any] | None


class SentLine(NamedTuple):
    """On how many days of a time a device sent readings."""

    id: bytes
    start: date
    end: date
    days: int


class Checklist(NamedTuple):
    """One patient's checklist: the programs side by side, what was decided, and the rows behind each answer.

    `judged.programs` is empty when no rules cover the day; `book.last_day` is the last that they cover. `rows` are the
    lines of the patient by their keys, with the name of their table; `names` are the staff's names by username.
    """

    patient: bytes
    book: Book
    judged: Judged
    decisions: Mapping[str, DecisionLine]
    rows: Mapping[bytes, tuple[str, Any]]
    names: Mapping[str, str]


class EligibleLine(NamedTuple):
    """One patient: what is said of each program, and of what speaks for them, in the order of `EligibleMany`."""

    patient: bytes
    verdicts: tuple[str, ...]
    speaking: tuple[str, ...]


class EligibleMany(NamedTuple):
    """Everybody's verdicts: the programs, the criteria that speak for them, a line for each patient by key."""

    programs: tuple[str, ...]
    speaking: tuple[str, ...]
    lines: list[EligibleLine]


def eligible(scope: Scope, patient: bytes) -> Judged:
    """Returns what the rules say of a patient today. Raises Gone when there is no such patient."""
    book = book_on(scope.reference, scope.today)
    for _, known in each_known(scope, book, [patient]):
        return judge(known, book)
    raise Gone("This patient is not in the clinic's records (any more).")


def eligible_many(scope: Scope, patients: Collection[bytes] | None = None) -> EligibleMany:
    """Returns what the rules say today of patients (None: of everybody), computed and not written."""
    book = book_on(scope.reference, scope.today)
    found: list[EligibleLine] = []
    speaking: tuple[str, ...] = ()
    for patient, known in each_known(scope, book, patients):
        judged = judge(known, book)
        said = tuple([one.verdict for one in judged.programs])
        speaking = speaking or tuple(one.what for one in judged.speaking)
        found.append(EligibleLine(patient, said, tuple([one.answer for one in judged.speaking])))
    return EligibleMany(tuple(one.program for one in book.programs), speaking, found)


def checklist(scope: Scope, patient: bytes) -> Checklist:
    """Returns a patient's checklist with the rows behind it. Raises Gone when there is no such patient."""
    patient_card(scope, patient)
    book = book_on(scope.reference, scope.today)
    latest: dict[str, DecisionLine] = {}
    for one in decisions(scope, patient):
        latest.setdefault(one.program, one)
    names = dict(rows(Staff.select(Staff.username, Staff.name)))
    return Checklist(patient, book, eligible(scope, patient), latest, _lines(scope, patient), names)


def decisions(scope: Scope, patient: bytes) -> list[DecisionLine]:
    """Returns what was decided about a patient's programs, the latest first."""
    own = (getattr(Eligibility, name) for name in DecisionLine._fields[:-2])
    query = (
        Eligibility.live(*own, Staff.name, Staff.credential)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Eligibility.decided_by))
        .where(Eligibility.patient == patient)
        .order_by(Eligibility.date.desc(), Eligibility.id.desc())
    )
    return [DecisionLine(*row) for row in rows(query)]


def would_exclude(
    scope: Scope, patient: bytes, programs: Collection[str], practitioners: Collection[str | None]
) -> dict[tuple[str, str | None], list[Clash]]:
    """Returns how each program, billed by each practitioner (None: the patient's usual one), would exclude those in
    which the patient is or is to be. What excludes nothing is missing."""
    usual, named = patient_card(scope, patient).billing_practitioner, Practitioners()
    held = [
        (one.program, named.of(one.practitioner or usual))
        for one in enrollments(scope, patient)
        if one.status in OPEN
    ]
    rules = rulebook(scope.reference).on(scope.today)
    found = {}
    for program in programs:
        for bills in practitioners:
            if clash := clashes(rules, program, named.of(bills or usual), held):
                found[program, bills] = clash
    return found


def _lines(scope: Scope, patient: bytes) -> dict[bytes, tuple[str, Any]]:
    """Every line of the patient that may stand behind an answer, by its key."""
    assessed = Assessment.live(*(getattr(Assessment, name) for name in AssessedLine._fields)).where(
        Assessment.patient == patient
    )
    sent = DeviceDays.live(*(getattr(DeviceDays, name) for name in SentLine._fields)).where(
        DeviceDays.patient == patient
    )
    parts: tuple[tuple[str, list[Any]], ...] = (
        ("condition", conditions(scope, patient)),
        ("visit", visits(scope, patient)),
        ("stay", stays(scope, patient)),
        ("service", services(scope, patient)),
        ("enrollment", enrollments(scope, patient)),
        ("assessment", [AssessedLine(*row) for row in rows(assessed)]),
        ("payer_score", payer_scores(scope, patient)),
        ("device_days", [SentLine(*row) for row in rows(sent)]),
    )
    return {one.id: (table, one) for table, found in parts for one in found}
