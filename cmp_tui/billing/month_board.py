"""What the Month screen asks: everybody's row, what changed since, and one patient's month whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.billing.engine.forecast import Forecast
from cmp_tui.billing.engine.month import judge, rules_of
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.billing.month_closed import Kept, as_kept, kept_month
from cmp_tui.billing.month_facts import each_month_facts, in_month_order, there_in_month
from cmp_tui.billing.month_rows import MonthRow, forecasts, in_order, row_of
from cmp_tui.billing.pace import pace_in, paces
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import Gone, Stopped
from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.closed import Closed, closed_month
from cmp_tui.contacts.lines import ContactLine
from cmp_tui.contacts.queries import contacts_of
from cmp_tui.enrollment.programs import rulebook
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import Card, panel_of, patient_card
from cmp_tui.tasks.queries import TaskLine, tasks_of

FEW = 50
"""So many patients are judged anew by themselves after a change; with more the month is read again."""


@dataclass
class Reading:
    """How far a reading is, for whoever watches it from another thread, and whether it is to stop."""

    total: int = 0
    done: int = 0
    stop: bool = False


class MonthBoard(NamedTuple):
    """A month as a list: its rows in the order of what needs attention, and what holds of the whole month.

    `seq` is the last change that is in it, `today` the day that its forecasts look from.
    """

    month: Month
    whose: str
    rows: list[MonthRow]
    loaded: bool
    checked_on: date
    closed: Closed | None
    today: date
    seq: int

    def counts(self) -> Mapping[str, int]:
        """How many patients stand how."""
        return Counter(row.state for row in self.rows)


class MonthDetail(NamedTuple):
    """One patient's month with what the preview shows beside it; `kept` is what a closed month keeps of it."""

    result: MonthResult
    forecasts: list[Forecast]
    card: Card
    tasks: list[TaskLine]
    last: ContactLine | None
    closed: Closed | None
    kept: Kept | None
    today: date


def month_board(
    scope: Scope, month: Month, whose: str = "mine", reading: Reading | None = None
) -> MonthBoard:
    """Judges a month for a view: "mine" my panel (and those lent to me), "team" everybody, "cover:USERNAME".

    Patients are those with any time, stay, enrollment or service in the month. Raises Stopped when `reading` is told
    to stop.
    """
    among = None if whose == "team" else Patient.select(Patient.id).where(panel_of(scope, whose))
    return _board(scope, month, whose, there_in_month(scope, month, among), among, reading or Reading())


def month_again(scope: Scope, board: MonthBoard) -> MonthBoard | None:
    """Returns a board as it is now: the same when nothing changed, else with the few changed patients judged anew.

    None when more has changed than that, or another day has begun.
    """
    seq, changed = _changed_since(scope, board.seq)
    if changed is None or board.today != scope.today:
        return None
    if not changed:
        return board._replace(seq=seq)
    among = Patient.select(Patient.id).where(panel_of(scope, board.whose) & Patient.id.in_(list(changed)))
    there = there_in_month(scope, board.month, among)
    few = _board(scope, board.month, board.whose, there, list(changed), Reading())
    kept = (row for row in board.rows if row.id not in changed)
    return few._replace(rows=in_order([*kept, *few.rows]), seq=seq)


def month_detail(scope: Scope, patient: bytes, month: Month) -> MonthDetail:
    """Returns one patient's month. Raises Gone when there is no such patient."""
    by = rules_of(rulebook(scope.reference), month)
    facts = next(each_month_facts(scope, month, [patient]), None)
    if facts is None:
        raise Gone("This patient is not in the clinic's records (any more).")
    result = judge(facts, by)
    known = paces(scope, month, [patient])
    closed = closed_month(scope, month)
    kept = kept_month(closed, [patient]).get(patient) if closed else None
    return MonthDetail(
        result,
        forecasts(result, by, lambda key, program: pace_in(known, key, program)),
        patient_card(scope, patient),
        tasks_of(scope, patient),
        next(iter(contacts_of(scope, patient, 1)), None),
        closed,
        kept,
        scope.today,
    )


def _board(
    scope: Scope, month: Month, whose: str, there: Collection[bytes], among: Any, reading: Reading
) -> MonthBoard:
    book = rulebook(scope.reference)
    by = rules_of(book, month)
    keys = in_month_order(scope, month, there)
    known = paces(scope, month, among)
    closed = closed_month(scope, month)
    kept = kept_month(closed, among) if closed else {}
    reading.total, reading.done = len(keys), 0
    found: list[MonthRow] = []
    for facts in each_month_facts(scope, month, keys):
        result = judge(facts, by)
        row = row_of(result, by, lambda key, program: pace_in(known, key, program))
        found.append(as_kept(row, result, kept.pop(row.id, None)) if closed else row)
        reading.done += 1
        if reading.stop:
            raise Stopped("The reading of the month was stopped.")
    found += _gone(scope, month, kept)
    return MonthBoard(
        month, whose, in_order(found), by.loaded, book.checked_on, closed, scope.today, _last_change()
    )


def _gone(scope: Scope, month: Month, kept: Mapping[bytes, Kept]) -> Iterable[MonthRow]:
    """The rows of those who were in the month when it was closed and have nothing in it now."""
    if not kept:
        return
    for facts in each_month_facts(scope, month, in_month_order(scope, month, list(kept))):
        result = MonthResult(facts)
        by = rules_of(rulebook(scope.reference), month)
        row = row_of(result, by, lambda key, program: pace_in({}, key, program))
        yield as_kept(row, result, kept[row.id])


def _last_change() -> int:
    """The number of the last entry of the audit chain that changed something; looks change nothing."""
    query = Audit.select(Audit.seq).where(Audit.content.is_null(False)).order_by(Audit.seq.desc()).limit(1)
    return next((seq for (seq,) in rows(query)), 0)


def _changed_since(scope: Scope, seq: int) -> tuple[int, set[bytes] | None]:
    """The last change, and whom the changes since one are about; None when they are about more than a few."""
    query = (
        Audit.select(Audit.seq, Audit.patient)
        .where((Audit.seq > seq) & Audit.content.is_null(False))
        .order_by(Audit.seq)
        .limit(FEW + 1)
    )
    found = list(rows(query))
    if len(found) > FEW or any(patient is None for _, patient in found):
        return seq, None
    return (found[-1][0] if found else seq), {bytes(patient) for _, patient in found}
