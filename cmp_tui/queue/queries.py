"""Today: one ranked list of what is due; the words are made for the rows that are seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from peewee import fn

from cmp_tui.billing.minutes import MonthMinutes, month_minutes
from cmp_tui.clinic.calendar import Month, business_days_left
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.written import keys_later, pieces, room_for, together
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import on_panels, staff_of
from cmp_tui.queue.asked import queries_of, rows_of, tiers_of
from cmp_tui.queue.ranked import Counts as Counts
from cmp_tui.queue.ranked import Ranked
from cmp_tui.queue.rows import DAYS_AHEAD, MONTHS_AHEAD, Raw, View
from cmp_tui.queue.sources import SOURCES
from cmp_tui.queue.words import Details, Settle
from cmp_tui.tasks.model import Task

PAGE = 200
BATCH = 2000
LATEST = "9999-12-31"


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
    return leaf(scope, ranked(scope, whose, day), whose, offset, limit)


def every(scope: Scope, whose: str = "mine", day: date | None = None) -> Iterator[list[QueueRow]]:
    """Yields all rows of Today as `page` orders them, some at a time: ordered once, however many there are."""
    view = view_of(scope, whose, day)
    order = _ranked(scope, view)
    for offset in range(0, len(order), BATCH):
        yield _dressed(scope, view, order.part(offset, BATCH))


def ranked(scope: Scope, whose: str = "mine", day: date | None = None) -> Ranked:
    """Returns all rows of Today in their order, without words: what a list leafs through with `leaf`.

    The whole order costs what its first page costs: all that is due has to be looked at for either.
    """
    return _ranked(scope, view_of(scope, whose, day))


def leaf(scope: Scope, order: Ranked, whose: str, offset: int, limit: int = PAGE) -> list[QueueRow]:
    """Returns some rows of an order with their words."""
    return _dressed(scope, view_of(scope, whose, order.day), order.part(offset, min(limit, PAGE)))


def _ranked(scope: Scope, view: View) -> Ranked:
    order = Ranked(view.day)
    for source, some in rows_of(scope, queries_of(scope, view, SOURCES)):
        order.add(source, some)
    order.order(partial(tiers_of, scope))
    return order


def counts(scope: Scope, whose: str = "mine", day: date | None = None) -> Counts:
    """Returns how many rows there are, how many are due today or before, how many overdue, and my drafts."""
    return ranked(scope, whose, day).counts()


def next_due(scope: Scope, whose: str = "team") -> Any:
    """Returns a subquery with the columns `patient` and `due`: the first day on which Today will show a patient.

    It is the team's view: what is due for someone does not depend on whose task it is. `whose` patients it is about
    spares the others.
    """
    people = staff_of(scope, whose)
    some = Patient.live(Patient.id).where(on_panels(people)) if people else None
    view = view_of(scope, "team", ahead=MONTHS_AHEAD)._replace(only=some)
    parts = queries_of(scope, view, SOURCES, only=people)
    raw = together(scope, [part.query for part in parts], "q")
    about = raw.column("patient")
    due = fn.MIN(raw.column("due")).alias("due")
    return Task.select(about.alias("patient"), due).from_(raw).where(about.is_null(False)).group_by(about)


def next_due_of(scope: Scope, patients: Collection[bytes]) -> dict[bytes, date]:
    """Returns the first day on which Today will show each of these patients; who has no row is missing."""
    first: dict[bytes, str] = {}
    for keys in pieces(patients):
        size = room_for(len(keys))
        view = view_of(scope, "team", ahead=MONTHS_AHEAD)._replace(only=keys_later(size))
        for _, some in rows_of(scope, queries_of(scope, view, SOURCES, only=size), keys):
            for patient, _, due, _, _ in some:
                if patient is not None and due < first.get(patient, LATEST):
                    first[patient] = due
    return {patient: date.fromisoformat(due) for patient, due in first.items()}


def view_of(scope: Scope, whose: str, day: date | None = None, ahead: int = DAYS_AHEAD) -> View:
    """Returns a view: whose tasks and whose patients, on which day, looking how many days ahead."""
    then = replace(scope, today=day or scope.today)  # a panel that is lent on that day, not on this one
    people = staff_of(then, whose)
    return View(whose, then.today, people, on_panels(people), ahead)


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
