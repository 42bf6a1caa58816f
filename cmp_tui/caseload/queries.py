"""Everyone in one list: filtered, sorted, a page at a time. Minutes and next due are derived, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from peewee import JOIN, ModelSelect, Ordering, fn

from cmp_tui.assessments.risk_queries import kept_tiers, tier_of
from cmp_tui.billing.minutes import counted_seconds, month_minutes
from cmp_tui.caseload.conditions import CONDITIONS, Derived, current, ongoing
from cmp_tui.caseload.language import parse
from cmp_tui.clinic.calendar import Month, day_of
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.attempts import is_reached, last_reached, last_times
from cmp_tui.contacts.model import Contact
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.patients.model import Condition, Patient
from cmp_tui.patients.queries import panel_of
from cmp_tui.queue.queries import next_due, next_due_of

PAGE = 200
BATCH = 2000
SORTS = ("name", "age", "minutes", "due", "reached", "manager", "program", "payer", "risk")


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
    tier: int | None
    """The risk tier that holds; None where none was computed yet."""
    tier_set: bool
    """Whether a clinician set it."""


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
    ordered = _ordered(scope, whose, filter_text, sort, descending)
    return _dressed(scope, list(rows(ordered.limit(min(limit, PAGE)).offset(offset))))


def ranked(
    scope: Scope, whose: str = "mine", filter_text: str = "", sort: str = "name", descending: bool = False
) -> bytes:
    """Returns the keys of the whole caseload as `page` orders it, one behind the other: what a list leafs through.

    Where the order comes from sums over the whole clinic, one page of it costs as much. Raises NotUnderstood.
    """
    query = _ordered(scope, whose, filter_text, sort, descending).select(Patient.id)
    return b"".join(key for (key,) in Patient._meta.database.execute(query))


def leaf(scope: Scope, keys: Sequence[bytes]) -> list[CaseRow]:
    """Returns the rows of some patients, in the order of the keys; who was struck out meanwhile is missing."""
    found = {row[0]: row for row in rows(_patients().where(Patient.id.in_(list(keys))))}
    return _dressed(scope, [found[key] for key in keys if key in found])


def every(
    scope: Scope,
    whose: str = "mine",
    filter_text: str = "",
    sort: str = "name",
    descending: bool = False,
) -> Iterator[list[CaseRow]]:
    """Yields the whole caseload as `page` orders it, some rows at a time: ordered once, however long it is."""
    read = _ordered(scope, whose, filter_text, sort, descending).tuples().iterator()
    while some := list(islice(read, BATCH)):
        yield _dressed(scope, some)


def _ordered(scope: Scope, whose: str, filter_text: str, sort: str, descending: bool) -> ModelSelect[Any]:
    narrowed = _narrowed(scope, whose, filter_text, sort)
    ordered: ModelSelect[Any] = narrowed.query.order_by(
        *(
            Ordering(key, "DESC" if descending else "ASC", nulls="last")
            for key in _order(scope, sort, narrowed.derived)
        ),
        Patient.id,
    )
    return ordered


def _dressed(scope: Scope, read: list[Any]) -> list[CaseRow]:
    """Adds what is derived: a few queries for all of these rows."""
    keys = [row[0] for row in read]
    minutes = month_minutes(scope, Month.of(scope.today), keys)
    due, reached = next_due_of(scope, keys), last_reached(scope, keys)
    groups, programs = _groups(keys), _programs(scope, keys)
    tiers = kept_tiers(scope, keys)
    found = []
    for key, mrn, family, given, born, sex, deceased, manager, payer in read:
        at, risk = reached.get(key), tiers.get(key)
        found.append(
            CaseRow(
                key, mrn, family, given or "", born or "", sex, bool(deceased), programs.get(key, ""),
                manager or "", minutes[key].counted, minutes[key].first, due.get(key),
                day_of(at, scope.zone) if at else None, groups.get(key, ""), payer or "",
                risk and risk.effective, risk is not None and risk.set_tier is not None,
            )
        )  # fmt: skip
    return found


def count(scope: Scope, whose: str = "mine", filter_text: str = "") -> int:
    """Returns how many patients a filter leaves."""
    return int(_narrowed(scope, whose, filter_text, "name").query.count())


def keys_of(scope: Scope, whose: str = "team", filter_text: str = "") -> list[bytes]:
    """Returns the keys of the patients that a filter leaves, by name. Raises NotUnderstood."""
    narrowed = _narrowed(scope, whose, filter_text, "name").query
    return [row[0] for row in rows(narrowed.order_by(Patient.folded, Patient.id))]


class Narrowed(NamedTuple):
    """The patients that a filter leaves, not in order yet."""

    query: ModelSelect[Any]
    derived: Derived


def _narrowed(scope: Scope, whose: str, filter_text: str, sort: str) -> Narrowed:
    terms = parse(filter_text)
    needed = {term.key for term in terms} | {sort}
    panel = panel_of(scope, whose)
    query = _patients().where(panel)
    some = None if whose == "team" else Patient.live(Patient.id).where(panel)
    derived = Derived()
    if needed & {"min", "minutes"}:
        spent = counted_seconds(scope, Month.of(scope.today), patients=some).alias("spent")
        query = _joined(query, spent, spent.c.patient)
        derived = derived._replace(seconds=fn.COALESCE(spent.c.seconds, 0))
    if "due" in needed:
        due = next_due(scope, whose).alias("next_due")
        query = _joined(query, due, due.c.patient)
        derived = derived._replace(due=due.c.due)
    if "reached" in needed:
        condition = is_reached() if some is None else is_reached() & Contact.patient.in_(some)
        last = last_times(condition).alias("last")
        query = _joined(query, last, last.c.patient_id)
        derived = derived._replace(reached=last.c.at)
    for term in terms:
        condition = CONDITIONS[term.key](scope, term, derived)
        if condition is not None:
            # What is not known is not what was asked for, so turned around it stays in the list.
            query = query.where(fn.COALESCE(condition, False) == (not term.negated))
    if not any(term.key == "alive" for term in terms):
        query = query.where(Patient.deceased == False)  # noqa: E712
    return Narrowed(query, derived)


def _patients() -> ModelSelect[Any]:
    """What stands in a row without being derived."""
    return Patient.live(
        Patient.id, Patient.mrn, Patient.family, Patient.given, Patient.birth_date, Patient.sex,
        Patient.deceased, Staff.name, Patient.payer,
    ).join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Patient.care_manager))  # fmt: skip


def _joined(query: ModelSelect[Any], derived: Any, patient: Any) -> ModelSelect[Any]:
    return query.switch(Patient).join(derived, JOIN.LEFT_OUTER, on=(patient == Patient.id))


def _order(scope: Scope, sort: str, derived: Derived) -> tuple[Any, ...]:
    columns: Mapping[str, Callable[[], Any]] = {
        "name": lambda: Patient.folded,
        "age": lambda: Patient.birth_date,
        "minutes": lambda: derived.seconds,
        "due": lambda: derived.due,
        "reached": lambda: derived.reached,
        "manager": lambda: Staff.name,
        "program": lambda: _first_program(scope),
        "payer": lambda: Patient.payer,
        "risk": lambda: tier_of(Patient.id),
    }
    return (columns[sort](), Patient.folded)


def _first_program(scope: Scope) -> Any:
    """An expression for the first of a patient's programs, as the column shows them."""
    return Enrollment.live(fn.MIN(Enrollment.program)).where(
        (Enrollment.patient == Patient.id) & ongoing(scope)
    )


def _groups(keys: list[bytes]) -> dict[bytes, str]:
    """The active condition groups of each patient, for one page."""
    found: dict[bytes, list[str]] = {}
    query = (
        Condition.live(Condition.patient, Condition.group)
        .where(Condition.patient.in_(keys) & Condition.group.is_null(False) & current())
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
        .where(Enrollment.patient.in_(keys) & ongoing(scope))
        .distinct()
        .order_by(Enrollment.program)
    )
    for key, program in rows(query):
        found.setdefault(key, []).append(program)
    return {key: " ".join(programs) for key, programs in found.items()}
