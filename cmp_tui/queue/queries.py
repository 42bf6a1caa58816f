"""Today: one ranked list of what is due, ordered and cut in SQL; the words are made for the rows that are seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from functools import reduce
from itertools import islice
from typing import Any, NamedTuple

from peewee import Case, fn

from cmp_tui.assessments.risk_queries import tier_of
from cmp_tui.billing.minutes import MonthMinutes, month_minutes
from cmp_tui.clinic.calendar import Month, business_days_left
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import panel_of, staff_of
from cmp_tui.queue.ranked import Counts as Counts
from cmp_tui.queue.ranked import Ranked
from cmp_tui.queue.rows import ALARM, DAYS_AHEAD, MONTHS_AHEAD, Raw, View
from cmp_tui.queue.sources import SOURCES
from cmp_tui.queue.words import Details, Settle
from cmp_tui.tasks.model import Task

PAGE = 200
BATCH = 2000


class QueueRow(NamedTuple):
    """One row of Today."""

    patient: bytes | None
    mrn: str
    family: str
    given: str
    birth_date: str
    sex: str
    deceased: bool
    due: date
    source: str
    ref: bytes | None
    reason: str
    clears: str
    seconds: int
    first: int
    """The minutes of the program's first unit; 0 when no rule is known for the day."""
    assignee: str
    mine: bool
    """Whether a task that was handed over waits for the person who asks."""
    settle: Settle = Settle()
    """What settles it."""
    topic: str = ""
    """The program or the instrument that it is about."""

    @property
    def key(self) -> tuple[bytes | None, str, bytes | None]:
        """What makes the row the same row when the list is read again."""
        return (self.patient, self.source, self.ref)


def page(
    scope: Scope, whose: str = "mine", day: date | None = None, offset: int = 0, limit: int = PAGE
) -> list[QueueRow]:
    """Returns rows of Today: "mine", "team" or "cover:USERNAME", on a day (default today), most pressing first."""
    view = view_of(scope, whose, day)
    query = _ordered(scope, view)
    if query is None:
        return []
    return _dressed(scope, view, [_raw(row) for row in rows(query.limit(min(limit, PAGE)).offset(offset))])


def every(scope: Scope, whose: str = "mine", day: date | None = None) -> Iterator[list[QueueRow]]:
    """Yields all rows of Today as `page` orders them, some at a time: ordered once, however many there are."""
    view = view_of(scope, whose, day)
    query = _ordered(scope, view)
    read = iter(()) if query is None else query.tuples().iterator()
    while some := [_raw(row) for row in islice(read, BATCH)]:
        yield _dressed(scope, view, some)


def ranked(scope: Scope, whose: str = "mine", day: date | None = None) -> Ranked:
    """Returns all rows of Today in their order, without words: what a list leafs through with `leaf`.

    The whole order costs what its first page costs: all that is due has to be looked at for either.
    """
    view = view_of(scope, whose, day)
    found = Ranked(view.day)
    query = _ordered(scope, view)
    if query is not None:
        cursor = Task._meta.database.execute(query)
        while some := cursor.fetchmany(BATCH):
            found.add(some)
    return found


def leaf(scope: Scope, order: Ranked, whose: str, offset: int, limit: int = PAGE) -> list[QueueRow]:
    """Returns some rows of an order with their words."""
    return _dressed(scope, view_of(scope, whose, order.day), order.part(offset, min(limit, PAGE)))


def _ordered(scope: Scope, view: View) -> Any:
    """What is about somebody's safety, then by day, then by how pressing the source is; of equals the higher risk tier
    stands first."""
    union = _union(scope, view)
    if union is None:
        return None
    raw = union.alias("q")
    return (
        Task.select(raw.c.patient, raw.c.source, raw.c.due, raw.c.rank, raw.c.ref)
        .from_(raw)
        .order_by(
            (raw.c.rank == ALARM).desc(),
            raw.c.due,
            raw.c.rank,
            fn.COALESCE(tier_of(raw.c.patient), 0).desc(),
            raw.c.patient,
            raw.c.ref,
        )
    )


def _raw(row: tuple[Any, ...]) -> Raw:
    patient, source, due, rank, ref = row
    return Raw(_key(patient), source, _day(due), rank, _key(ref))


def counts(scope: Scope, whose: str = "mine", day: date | None = None) -> Counts:
    """Returns how many rows there are, how many are due today or before, how many overdue, and my drafts."""
    view = view_of(scope, whose, day)
    union = _union(scope, view)
    if union is None:
        return Counts(0, 0, 0, 0)
    raw = union.alias("q")
    today = view.day.isoformat()
    query = Task.select(
        fn.COUNT(raw.c.source),
        fn.SUM(Case(None, [(raw.c.due <= today, 1)], 0)),
        fn.SUM(Case(None, [(raw.c.due < today, 1)], 0)),
        fn.SUM(Case(None, [(raw.c.source == "draft", 1)], 0)),
    ).from_(raw)
    for totals in rows(query):
        return Counts(*(value or 0 for value in totals))
    return Counts(0, 0, 0, 0)


def next_due(scope: Scope, patients: Any = None) -> Any:
    """Returns a subquery with the columns `patient` and `due`: the first day on which Today will show a patient.

    It is the team's view: what is due for someone does not depend on whose task it is. `patients` (keys, or a
    subquery of them) narrows it to some.
    """
    view = view_of(scope, "team", ahead=MONTHS_AHEAD)._replace(only=patients)
    raw = _union(scope, view).alias("q")
    about = raw.c.patient.is_null(False)
    return (
        Task.select(raw.c.patient, fn.MIN(raw.c.due).alias("due"))
        .from_(raw)
        .where(about)
        .group_by(raw.c.patient)
    )


def next_due_of(scope: Scope, patients: Collection[bytes]) -> dict[bytes, date]:
    """Returns the first day on which Today will show each of these patients; who has no row is missing."""
    return {bytes(patient): _day(due) for patient, due in rows(next_due(scope, list(patients)))}


def view_of(scope: Scope, whose: str, day: date | None = None, ahead: int = DAYS_AHEAD) -> View:
    """Returns a view: whose tasks and whose patients, on which day, looking how many days ahead."""
    then = replace(scope, today=day or scope.today)  # a panel that is lent on that day, not on this one
    people = () if whose == "team" else staff_of(then, whose)
    return View(whose, then.today, people, panel_of(then, whose), ahead)


def _union(scope: Scope, view: View) -> Any:
    parts: list[Any] = [
        query for source in SOURCES.values() if (query := source.select(scope, view)) is not None
    ]
    return reduce(lambda one, other: one.union_all(other), parts) if parts else None


def _day(value: Any) -> date:
    """A day as the union gives it: converted by the field of its first source, or as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _key(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def _dressed(scope: Scope, view: View, found: list[Raw]) -> list[QueueRow]:
    """Adds names, minutes and words: a few queries for the whole page."""
    month = Month.of(view.day)
    patients = {row.patient for row in found if row.patient}
    people = Patient.select(
        Patient.id,
        Patient.mrn,
        Patient.family,
        Patient.given,
        Patient.birth_date,
        Patient.sex,
        Patient.deceased,
    ).where(Patient.id.in_(patients))
    who = {key: rest for key, *rest in rows(people)}
    minutes = month_minutes(scope, month, patients)
    details = _details(scope, found)
    days_left = business_days_left(view.day, month.last)
    dressed = []
    for row in found:
        mrn, family, given, born, sex, deceased = who.get(row.patient or b"", ("", "", "", "", "", False))
        spent, _, first = minutes.get(row.patient or b"", MonthMinutes())
        known = details.get((row.source, row.ref or row.patient or b""), Details())
        known = known._replace(seconds=spent, first=first, days_left=days_left, month_end=month.last)
        source = SOURCES[row.source]
        said = source.say(row.due, view.day, known)
        dressed.append(
            QueueRow(
                row.patient, mrn, family, given or "", born or "", sex, deceased, row.due, row.source, row.ref,
                said.reason, said.clears, spent, first, known.by if source.shows_owner else "",
                row.source == "handed" and not known.to, known.settle or source.settle, known.topic,
            )
        )  # fmt: skip
    return dressed


def _details(scope: Scope, wanted_rows: list[Raw]) -> dict[tuple[str, bytes], Details]:
    wanted: dict[str, set[bytes]] = {}
    for row in wanted_rows:
        source = SOURCES[row.source]
        key = row.patient if source.by_patient else row.ref
        if source.details is not None and key:
            wanted.setdefault(row.source, set()).add(key)
    return {
        (name, key): details
        for name, keys in wanted.items()
        if (reader := SOURCES[name].details) is not None
        for key, details in reader(scope, keys).items()
    }
