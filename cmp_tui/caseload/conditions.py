"""The keys of the caseload's filter language as conditions in SQL: one function for each key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from peewee import fn

from cmp_tui.assessments.risk_queries import tier_of
from cmp_tui.assessments.risk_rules import HIGHEST
from cmp_tui.caseload.language import COMPARE, NotUnderstood, Term
from cmp_tui.clinic.calendar import add_years, day_start
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import fold
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.enrollment.queries import consented, enrolled
from cmp_tui.enrollment.rules import ONGOING
from cmp_tui.patients.model import Condition, Patient

IN_PROGRAM = ONGOING | {"finished"}
"""States of an enrollment that holds on the days between its start and its end."""
MOST_YEARS = 150
MOST_DAYS = 36_500
TIERS = {"high": (5, 6), "middle": (3, 4), "low": (1, 2)}
"""The risk tiers behind the words of the filter."""
NEVER = -(10**12)
"""Before every instant: the seconds since 1970 of a contact that has not been."""


class Derived(NamedTuple):
    """The derived columns that a filter or an order needs; the others are looked up for the rows of a page only."""

    seconds: Any = None
    due: Any = None
    reached: Any = None


def ongoing(scope: Scope) -> Any:
    """The enrollments in which a patient is today, in whichever program."""
    return (
        Enrollment.status.in_(sorted(IN_PROGRAM))
        & (Enrollment.start <= scope.today)
        & (Enrollment.end.is_null() | (Enrollment.end >= scope.today))
    )


def current() -> Any:
    """Conditions that the patient lives with now (FHIR Condition.clinicalStatus)."""
    return Condition.status.in_(("active", "recurrence", "relapse"))


Narrow = Callable[[Scope, Term, Derived], Any]


def _name(scope: Scope, term: Term, derived: Derived) -> Any:
    words = fold(term.value).split()
    conditions = [Patient.folded.contains(word) for word in words]
    return reduce(and_, conditions) if conditions else None


def _mrn(scope: Scope, term: Term, derived: Derived) -> Any:
    return Patient.mrn.startswith(term.value)


def _manager(scope: Scope, term: Term, derived: Derived) -> Any:
    username = term.value.lower()
    if username == "none":
        return Patient.care_manager.is_null()
    return Staff.username == (scope.who.username if username == "me" else username)


def _due(scope: Scope, term: Term, derived: Derived) -> Any:
    today = scope.today.isoformat()
    return {
        "overdue": derived.due < today,
        "today": derived.due <= today,
        "week": derived.due <= (scope.today + timedelta(days=7)).isoformat(),
        "none": derived.due.is_null(),
    }[term.value]


def _minutes(scope: Scope, term: Term, derived: Derived) -> Any:
    # Whole minutes are what is meant: min:=19 holds from 19:00 to 19:59.
    wanted, seconds = int(term.value), derived.seconds
    if term.operator == "=":
        return (seconds >= wanted * 60) & (seconds < (wanted + 1) * 60)
    if term.operator in ("<=", ">"):
        return COMPARE["<" if term.operator == "<=" else ">="](seconds, (wanted + 1) * 60)
    return COMPARE[term.operator](seconds, wanted * 60)


def _age(scope: Scope, term: Term, derived: Derived) -> Any:
    """An age is a day of birth: 75 or more is born on or before this day 75 years ago."""
    wanted = int(term.value)
    if wanted > MOST_YEARS:
        raise NotUnderstood(f"age: takes an age in years, up to {MOST_YEARS}.")

    def at_least(years: int) -> Any:
        return Patient.birth_date <= add_years(scope.today, -years).isoformat()

    older, exactly_or_older = at_least(wanted + 1), at_least(wanted)
    return {
        ">=": exactly_or_older,
        ">": older,
        "<": ~exactly_or_older,
        "<=": ~older,
        "=": exactly_or_older & ~older,
    }[term.operator]


def _sex(scope: Scope, term: Term, derived: Derived) -> Any:
    return Patient.sex == term.value.upper()


def _has(scope: Scope, term: Term, derived: Derived) -> Any:
    named = (
        (Condition.group == term.value.lower())
        | Condition.display.contains(term.value)
        | Condition.own_words.contains(term.value)
    )
    return Patient.id.in_(Condition.live(Condition.patient).where(current() & named))


def _risk(scope: Scope, term: Term, derived: Derived) -> Any:
    """The tier that holds: a clinician's own stands before the computed one."""
    tier = tier_of(Patient.id)
    if term.value == "none":
        return tier.is_null()
    if term.value in TIERS:
        return tier.between(*TIERS[term.value])
    wanted = int(term.value)
    if not 1 <= wanted <= HIGHEST:
        raise NotUnderstood(f"risk: takes a tier from 1 to {HIGHEST} ({HIGHEST} is the highest).")
    return COMPARE[term.operator](tier, wanted)


def _program(scope: Scope, term: Term, derived: Derived) -> Any:
    if term.value.lower() == "none":
        return ~Patient.id.in_(Enrollment.live(Enrollment.patient).where(ongoing(scope)))
    program = term.value.upper()
    if not scope.reference.known("program", program):
        known = ", ".join(code.code for code in scope.reference.codes("program"))
        raise NotUnderstood(f"program: takes one of {known}, or none.")
    return Patient.id.in_(enrolled(scope, scope.today, program))


def _consent(scope: Scope, term: Term, derived: Derived) -> Any:
    condition = Patient.id.in_(consented(scope, scope.today, "CCM"))
    return condition if term.value == "yes" else ~condition


def _reached(scope: Scope, term: Term, derived: Derived) -> Any:
    # More than 30 days ago, or never: an instant before the start of that day.
    wanted = int(term.value)
    if wanted > MOST_DAYS:
        raise NotUnderstood(f"reached: takes a number of days, up to {MOST_DAYS}.")
    start = int(day_start(scope.today - timedelta(days=wanted), scope.zone).timestamp())
    end = int(day_start(scope.today - timedelta(days=wanted - 1), scope.zone).timestamp())
    at = fn.COALESCE(derived.reached, NEVER)
    return {
        ">": at < start,
        ">=": at < end,
        "<": at >= end,
        "<=": at >= start,
        "=": (at >= start) & (at < end),
    }[term.operator]


def _payer(scope: Scope, term: Term, derived: Derived) -> Any:
    return Patient.payer.contains(term.value)


def _language(scope: Scope, term: Term, derived: Derived) -> Any:
    return Patient.language.contains(term.value)


def _alive(scope: Scope, term: Term, derived: Derived) -> Any:
    if term.value == "any":
        return Patient.id.is_null(False)
    return Patient.deceased == (term.value == "no")


CONDITIONS: Mapping[str, Narrow] = {
    "name": _name,
    "mrn": _mrn,
    "cm": _manager,
    "due": _due,
    "min": _minutes,
    "age": _age,
    "sex": _sex,
    "has": _has,
    "risk": _risk,
    "program": _program,
    "consent": _consent,
    "reached": _reached,
    "payer": _payer,
    "lang": _language,
    "alive": _alive,
}
