"""Reading consents and enrollments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, Case, ModelSelect, Value, fn

from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import among, raw, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.enrollment.rules import ONGOING, ConsentFact, Shown, Span, consent_on, in_force, shown_on, spans
from cmp_tui.patients.model import Patient

Day = date  # a field of this name hides the type
_day = date.fromisoformat


class ConsentLine(NamedTuple):
    """A decision about a program, with the name of who took it."""

    id: bytes
    version: int
    program: str
    decision: str
    date: Day
    mode: str | None
    points: frozenset[str] | None
    script_version: str | None
    practitioner: str | None
    effective_to: Day | None
    remarks: str | None
    paper: str | None
    taken_by: bytes | None
    taken_by_name: str | None
    taken_by_credential: str | None


class EnrollmentLine(NamedTuple):
    """A patient's time in a program; `end` is the last day, included."""

    id: bytes
    version: int
    program: str
    status: str
    start: date | None
    end: date | None
    reason: str | None
    practitioner: str | None
    ended: str | None = None
    hold_until: date | None = None


def consents(scope: Scope, patient: bytes) -> list[ConsentLine]:
    """Returns a patient's decisions, the latest first."""
    own = (getattr(Consent, name) for name in ConsentLine._fields[:-2])
    query = (
        Consent.live(*own, Staff.name, Staff.credential)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Consent.taken_by))
        .where(Consent.patient == patient)
        .order_by(Consent.date.desc(), Consent.id.desc())
    )
    return [ConsentLine(*row) for row in rows(query)]


def enrollments(scope: Scope, patient: bytes) -> list[EnrollmentLine]:
    """Returns a patient's enrollments: those that go on first, then by start, the latest first."""
    ongoing = Case(None, [(Enrollment.status.in_(sorted(ONGOING)), 0)], 1)
    query = (
        Enrollment.live(*(getattr(Enrollment, name) for name in EnrollmentLine._fields))
        .where(Enrollment.patient == patient)
        .order_by(ongoing, Enrollment.start.desc(), Enrollment.id.desc())
    )
    return [EnrollmentLine(*row) for row in rows(query)]


def enrolled(scope: Scope, day: Any, program: str = "CCM") -> ModelSelect[Any]:
    """Returns a subquery of the keys of patients who are enrolled in a program on a day (a date, or a column).

    An enrollment that was put on hold is still one; one that has ended counts for the days before its end.
    """
    return Enrollment.live(Enrollment.patient).where(
        (Enrollment.program == program)
        & Enrollment.status.in_([*sorted(ONGOING), "finished"])
        & (Enrollment.start <= day)
        & (Enrollment.end.is_null() | (Enrollment.end >= day))
    )


def worked_with(scope: Scope, day: Any, program: str = "CCM") -> ModelSelect[Any]:
    """Returns a subquery of the keys of patients whom a program works with on a day: enrolled, and not on hold."""
    return enrolled(scope, day, program).where(Enrollment.status != "onhold")


def consented(scope: Scope, day: Any, program: Any = "CCM") -> ModelSelect[Any]:
    """Returns a subquery of the keys of patients whose agreement to a program is in force on a day (or columns).

    The same answer as `rules.consent_on` gives one by one, for lists that are filtered in SQL.
    """
    later = Consent.alias()
    after = (later.date > Consent.date) | ((later.date == Consent.date) & (later.id > Consent.id))
    over = (later.decision == "declined") | ((later.decision == "revoked") & (later.effective_to < day))
    undone = later.select(Value(1)).where(
        later.struck_at.is_null()
        & (later.patient == Consent.patient)
        & (later.program == program)
        & (later.date <= day)
        & after
        & over
    )
    accepted = (Consent.program == program) & (Consent.decision == "accepted") & (Consent.date <= day)
    return Consent.live(Consent.patient).where(accepted & ~fn.EXISTS(undone))


def consent_facts(
    scope: Scope, patients: Collection[bytes] | None = None, program: str | None = None
) -> dict[bytes, list[ConsentFact]]:
    """Returns the decisions of patients (None: of all), oldest first, in one query."""
    query = (
        Consent.live(Consent.patient, Consent.program, Consent.decision, Consent.date, Consent.effective_to)
        .where(Consent.decision != "asked")
        .order_by(Consent.date, Consent.id)
    )
    if patients is not None:
        query = query.where(among(Consent.patient, patients))
    if program is not None:
        query = query.where(Consent.program == program)
    found: dict[bytes, list[ConsentFact]] = {}
    for patient, which, decision, day, until in raw(query):
        found.setdefault(patient, []).append(ConsentFact(which, decision, _day(day), until and _day(until)))
    return found


def consent_spans(
    scope: Scope, patients: Collection[bytes] | None, program: str
) -> dict[bytes, tuple[Span, ...]]:
    """Returns for each patient (None: for all) the days on which their agreement to a program is in force.

    A patient without an entry never agreed. `rules.in_force(spans, day)` answers for a day.
    """
    facts = consent_facts(scope, patients, program)
    return {patient: spans(theirs, program) for patient, theirs in facts.items()}


def consent_shown(scope: Scope, patient: bytes, program: str = "CCM") -> Shown | None:
    """Returns what to say today of a patient's agreement to a program; None when nobody has asked.

    While nothing was decided, to have been asked is said: "asked", since the last time.
    """
    shown = shown_on(consent_facts(scope, [patient], program).get(patient, []), program, scope.today)
    if shown is not None:
        return shown
    asked = Consent.live(Consent.date).where(
        (Consent.patient == patient)
        & (Consent.program == program)
        & (Consent.decision == "asked")
        & (Consent.date <= scope.today)
    )
    last = next(iter(rows(asked.order_by(Consent.date.desc()).limit(1))), None)
    return Shown("asked", last[0]) if last else None


class Given(NamedTuple):
    """An agreement that is in force: since when, and to whom it was given."""

    date: Day
    practitioner: str | None


def consent_given(scope: Scope, patient: bytes) -> dict[str, Given]:
    """Returns the patient's agreements that are in force today, by program: the last acceptance of each."""
    found: dict[str, Given] = {}
    for line in consents(scope, patient):
        if line.decision == "accepted" and line.date <= scope.today and line.program not in found:
            found[line.program] = Given(line.date, line.practitioner)
    return {
        program: one for program, one in found.items() if consent_now(scope, patient, program) == "accepted"
    }


def consent_now(scope: Scope, patient: bytes, program: str = "CCM", day: date | None = None) -> str | None:
    """Returns what holds for a patient and a program today (or on a day): "accepted", "declined", "revoked",
    or None when nobody has asked."""
    facts = consent_facts(scope, [patient], program).get(patient, [])
    return consent_on(facts, program, day or scope.today)


def enrolled_count(scope: Scope, program: str = "CCM") -> int:
    """Returns how many living patients are enrolled in a program today."""
    alive = Patient.deceased == False  # noqa: E712
    return int(Patient.live().where(alive & Patient.id.in_(enrolled(scope, scope.today, program))).count())


class Standing(NamedTuple):
    """Where a patient stands with one program: what was decided, and the times of being enrolled."""

    program: str
    facts: tuple[ConsentFact, ...]
    times: tuple[Span, ...]

    def consent_on(self, day: date) -> str | None:
        """Returns "accepted", "declined", "revoked", or None when nobody had asked by that day."""
        return consent_on(self.facts, self.program, day)

    def enrolled_on(self, day: date) -> bool:
        """Tells whether the patient is enrolled on a day; the same rule as `enrolled`."""
        return in_force(self.times, day)


def standings(scope: Scope, patients: Collection[bytes] | None = None) -> dict[tuple[bytes, str], Standing]:
    """Returns where patients (None: all) stand with every program they were asked about or enrolled in, in two
    queries; who is not in it stands nowhere."""
    facts: dict[tuple[bytes, str], list[ConsentFact]] = {}
    for patient, decided in consent_facts(scope, patients).items():
        for fact in decided:
            facts.setdefault((patient, fact.program), []).append(fact)
    times: dict[tuple[bytes, str], list[Span]] = {}
    query = Enrollment.live(Enrollment.patient, Enrollment.program, Enrollment.start, Enrollment.end).where(
        Enrollment.status.in_([*sorted(ONGOING), "finished"]) & Enrollment.start.is_null(False)
    )
    if patients is not None:
        query = query.where(among(Enrollment.patient, patients))
    for patient, program, start, end in raw(query):
        times.setdefault((patient, program), []).append(Span(_day(start), end and _day(end)))
    return {
        key: Standing(key[1], tuple(facts.get(key, ())), tuple(times.get(key, ())))
        for key in {**facts, **times}
    }
