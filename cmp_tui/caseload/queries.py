"""Everyone in one list: filtered, sorted, a page at a time. Minutes and next due are derived, never stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from peewee import JOIN, ModelSelect, fn

from cmp_tui.billing.programs import threshold
from cmp_tui.caseload.language import COMPARE, NotUnderstood, Term, parse
from cmp_tui.clinic.calendar import Month, add_years, day_of, day_start
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import fold
from cmp_tui.contacts.attempts import is_reached, last_times
from cmp_tui.contacts.month import month_seconds
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.enrollment.queries import consented, enrolled
from cmp_tui.patients.model import Condition, Patient
from cmp_tui.patients.queries import panel_of
from cmp_tui.queue.queries import next_due

PAGE = 200
SORTS = ("name", "age", "minutes", "due", "reached", "manager", "program", "payer")


class CaseRow(NamedTuple):
    """One row of the caseload."""

    id: bytes
    mrn: str
    family: str
    given: str
    birth_date: str
    sex: str
    deceased: bool
    programs: str
    manager: str
    seconds: int
    first: int
    due: date | None
    reached: date | None
    groups: str
    payer: str


def page(
    scope: Scope,
    whose: str = "mine",
    filter_text: str = "",
    sort: str = "name",
    descending: bool = False,
    offset: int = 0,
    limit: int = PAGE,
) -> list[CaseRow]:
    """Returns a page of the caseload. Raises NotUnderstood for a filter that is none."""
    query, spent, due, reached = _selected(scope, whose, filter_text, sort)
    keys = _order(sort, spent, due, reached)
    ordered = query.order_by(
        *((key.desc(nulls="last") if descending else key.asc(nulls="last")) for key in keys), Patient.id
    )
    rule = threshold(scope.reference, "CCM", scope.today)
    first = rule.first if rule else 0
    read = list(rows(ordered.limit(min(limit, PAGE)).offset(offset)))
    keys_of_page = [row[0] for row in read]
    groups, programs = _groups(keys_of_page), _programs(scope, keys_of_page)
    found = []
    for key, mrn, family, given, born, sex, deceased, manager, payer, seconds, due_on, at in read:
        found.append(
            CaseRow(
                key, mrn, family, given or "", born or "", sex, bool(deceased), programs.get(key, ""),
                manager or "", seconds or 0, first, _as_day(due_on),
                _day(at, scope), groups.get(key, ""), payer or "",
            )
        )  # fmt: skip
    return found


def count(scope: Scope, whose: str = "mine", filter_text: str = "") -> int:
    """Returns how many patients a filter leaves."""
    query, *_ = _selected(scope, whose, filter_text, "name")
    return int(query.count())


def _selected(
    scope: Scope, whose: str, filter_text: str, sort: str
) -> tuple[ModelSelect[Any], Any, Any, Any]:
    """The joined query with its filter, and the three derived columns."""
    spent = month_seconds(scope, Month.of(scope.today)).alias("spent")
    due = next_due(scope).alias("next_due")
    last = last_times(is_reached()).alias("last")
    seconds = fn.COALESCE(spent.c.seconds, 0)
    query = (
        Patient.live(
            Patient.id, Patient.mrn, Patient.family, Patient.given, Patient.birth_date, Patient.sex,
            Patient.deceased, Staff.name, Patient.payer, seconds, due.c.due, last.c.at,
        )
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Patient.care_manager))
        .switch(Patient)
        .join(spent, JOIN.LEFT_OUTER, on=(spent.c.patient_id == Patient.id))
        .switch(Patient)
        .join(due, JOIN.LEFT_OUTER, on=(due.c.patient == Patient.id))
        .switch(Patient)
        .join(last, JOIN.LEFT_OUTER, on=(last.c.patient_id == Patient.id))
    )  # fmt: skip
    panel = panel_of(scope, whose)
    if panel is not None:
        query = query.where(panel)
    terms = parse(filter_text)
    for term in terms:
        condition = _CONDITIONS[term.key](scope, term, seconds, due.c.due, last.c.at)
        if condition is not None:
            query = query.where(~condition if term.negated else condition)
    if not any(term.key == "alive" for term in terms):
        query = query.where(Patient.deceased == False)  # noqa: E712
    return query, seconds, due.c.due, last.c.at


def _order(sort: str, seconds: Any, due: Any, reached: Any) -> tuple[Any, ...]:
    columns = {
        "name": (Patient.folded,),
        "age": (Patient.birth_date, Patient.folded),
        "minutes": (seconds, Patient.folded),
        "due": (due, Patient.folded),
        "reached": (reached, Patient.folded),
        "manager": (Staff.name, Patient.folded),
        "program": (Patient.folded,),
        "payer": (Patient.payer, Patient.folded),
    }
    return columns[sort]


def _as_day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _day(at: Any, scope: Scope) -> date | None:
    """The clinic's day of an instant that SQL computed (seconds since 1970)."""
    if at is None:
        return None
    return day_of(at if isinstance(at, datetime) else datetime.fromtimestamp(at, UTC), scope.zone)


def _groups(keys: list[bytes]) -> dict[bytes, str]:
    """The active condition groups of each patient, for one page."""
    found: dict[bytes, list[str]] = {}
    query = (
        Condition.live(Condition.patient, Condition.group)
        .where(Condition.patient.in_(keys) & Condition.group.is_null(False) & (Condition.status == "active"))
        .distinct()
        .order_by(Condition.group)
    )
    for key, group in rows(query):
        found.setdefault(key, []).append(group)
    return {key: " ".join(groups) for key, groups in found.items()}


def _programs(scope: Scope, keys: list[bytes]) -> dict[bytes, str]:
    found: dict[bytes, list[str]] = {}
    query = (
        Enrollment.live(Enrollment.patient, Enrollment.program)
        .where(Enrollment.patient.in_(keys) & (Enrollment.status == "active"))
        .order_by(Enrollment.program)
    )
    for key, program in rows(query):
        found.setdefault(key, []).append(program)
    return {key: " ".join(programs) for key, programs in found.items()}


# -- one function for each key of the language ----------------------------------------------------------------

Narrow = Callable[[Scope, Term, Any, Any, Any], Any]


def _name(scope: Scope, term: Term, *derived: Any) -> Any:
    words = fold(term.value).split()
    conditions = [Patient.folded.contains(word) for word in words]
    return reduce(and_, conditions) if conditions else None


def _mrn(scope: Scope, term: Term, *derived: Any) -> Any:
    return Patient.mrn.startswith(term.value)


def _manager(scope: Scope, term: Term, *derived: Any) -> Any:
    if term.value == "none":
        return Patient.care_manager.is_null()
    return Staff.username == (scope.who.username if term.value == "me" else term.value.lower())


def _due(scope: Scope, term: Term, seconds: Any, due: Any, reached: Any) -> Any:
    today = scope.today.isoformat()
    return {
        "overdue": due < today,
        "today": due <= today,
        "week": due <= (scope.today + timedelta(days=7)).isoformat(),
        "none": due.is_null(),
    }[term.value]


def _minutes(scope: Scope, term: Term, seconds: Any, due: Any, reached: Any) -> Any:
    # Whole minutes are what is meant: min:=19 holds from 19:00 to 19:59.
    wanted = int(term.value)
    if term.operator == "=":
        return (seconds >= wanted * 60) & (seconds < (wanted + 1) * 60)
    if term.operator in ("<=", ">"):
        return COMPARE["<" if term.operator == "<=" else ">="](seconds, (wanted + 1) * 60)
    return COMPARE[term.operator](seconds, wanted * 60)


def _age(scope: Scope, term: Term, *derived: Any) -> Any:
    """An age is a day of birth: 75 or more is born on or before this day 75 years ago."""
    wanted = int(term.value)
    if wanted > 150:
        raise NotUnderstood("age: takes an age in years, up to 150.")

    def at_least(years: int) -> Any:
        return Patient.birth_date <= add_years(scope.today, -years).isoformat()

    older, exactly_or_older = at_least(wanted + 1), at_least(wanted)
    known = Patient.birth_date.is_null(False)
    return (
        known
        & {
            ">=": exactly_or_older,
            ">": older,
            "<": ~exactly_or_older,
            "<=": ~older,
            "=": exactly_or_older & ~older,
        }[term.operator]
    )


def _sex(scope: Scope, term: Term, *derived: Any) -> Any:
    return Patient.sex == term.value.upper()


def _has(scope: Scope, term: Term, *derived: Any) -> Any:
    matching = Condition.live(Condition.patient).where(
        (Condition.group == term.value.lower()) | Condition.display.contains(term.value)
    )
    return Patient.id.in_(matching)


def _program(scope: Scope, term: Term, *derived: Any) -> Any:
    if term.value.lower() == "none":
        return ~Patient.id.in_(Enrollment.live(Enrollment.patient).where(Enrollment.status == "active"))
    program = term.value.upper()
    if not scope.reference.known("program", program):
        known = ", ".join(code.code for code in scope.reference.codes("program"))
        raise NotUnderstood(f"program: takes one of {known}, or none.")
    return Patient.id.in_(enrolled(scope, scope.today, program))


def _consent(scope: Scope, term: Term, *derived: Any) -> Any:
    condition = Patient.id.in_(consented(scope, scope.today, "CCM"))
    return condition if term.value == "yes" else ~condition


def _reached(scope: Scope, term: Term, seconds: Any, due: Any, reached: Any) -> Any:
    # More than 30 days ago, or never: an instant before the start of that day.
    wanted = int(term.value)
    start = int(day_start(scope.today - timedelta(days=wanted), scope.zone).timestamp())
    end = int(day_start(scope.today - timedelta(days=wanted - 1), scope.zone).timestamp())
    at = fn.COALESCE(reached, 0)
    return {
        ">": at < start,
        ">=": at < end,
        "<": at >= end,
        "<=": at >= start,
        "=": (at >= start) & (at < end),
    }[term.operator]


def _payer(scope: Scope, term: Term, *derived: Any) -> Any:
    return Patient.payer.contains(term.value)


def _language(scope: Scope, term: Term, *derived: Any) -> Any:
    return Patient.language.contains(term.value)


def _alive(scope: Scope, term: Term, *derived: Any) -> Any:
    if term.value == "any":
        return None
    return Patient.deceased == (term.value == "no")


_CONDITIONS: Mapping[str, Narrow] = {
    "name": _name,
    "mrn": _mrn,
    "cm": _manager,
    "due": _due,
    "min": _minutes,
    "age": _age,
    "sex": _sex,
    "has": _has,
    "program": _program,
    "consent": _consent,
    "reached": _reached,
    "payer": _payer,
    "lang": _language,
    "alive": _alive,
}
