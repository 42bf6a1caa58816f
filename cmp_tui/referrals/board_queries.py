"""The board of referrals: its order read once, its rows some at a time, whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from peewee import ModelSelect

from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import panel_of, staff_of
from cmp_tui.referrals.lines import ReferralLine
from cmp_tui.referrals.model import Referral
from cmp_tui.referrals.queries import all_referrals, lines_of
from cmp_tui.referrals.words import LANES

LEAF = 200
"""Referrals that are read at a time."""
KEY = 16
"""The bytes of a key."""
SORTS = ("stage", "clock", "age", "patient")
ENDED_SHOWN = 1000
"""How many of the referrals that have ended a list shows, the latest first."""


class View(NamedTuple):
    """Which referrals a list shows: whose ("mine", "team", "cover:USERNAME"), of which lane and kind, only those that
    are to be asked about today or were before (`late`), or those that have ended."""

    whose: str = "mine"
    lane: str | None = None
    kind: str | None = None
    late: bool = False
    ended: bool = False
    sort: str = "stage"


class Group(NamedTuple):
    """A group of the board: its lane, where it begins, how many there are."""

    name: str
    first: int
    size: int


class Order(NamedTuple):
    """The keys of all referrals of a view in their order; how many are to be asked about today, and how many late."""

    groups: tuple[Group, ...] = ()
    keys: bytes = b""
    late: int = 0
    today: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.keys) // KEY

    def part(self, offset: int, limit: int) -> list[bytes]:
        """Some keys."""
        end = min(offset + limit, self.total)
        return [self.keys[at * KEY : at * KEY + KEY] for at in range(offset, end)]

    def place(self, key: bytes) -> int | None:
        """Where a referral stands."""
        at = self.keys.find(key)
        while at > 0 and at % KEY:
            at = self.keys.find(key, at + 1)
        return at // KEY if at >= 0 else None


def order_of(scope: Scope, view: View = View()) -> Order:
    """Returns the order of a view's referrals: one query, whatever there is."""
    r = Referral
    query = r.live(r.id, r.stage, r.check_on).join(Patient, on=(Patient.id == r.patient))
    query = query.where(_shown(scope, view) & Patient.struck_at.is_null()).order_by(*_sorted(view))
    today = scope.today.isoformat()
    late = due = 0
    if view.ended:
        found = {"ended": [key for key, _, _ in _raw(query.limit(ENDED_SHOWN))]}
    elif view.sort != "stage":
        found = {"": []}
        for key, _, ask in _raw(query):
            found[""].append(key)
            late += ask < today
            due += ask == today
    else:
        found = {lane: [] for lane in LANES}
        of_stage = {stage: found[lane] for lane, stages in LANES.items() for stage in stages}
        for key, stage, ask in _raw(query):
            of_stage[stage].append(key)
            late += ask < today
            due += ask == today
    groups: list[Group] = []
    first = 0
    for name, keys in found.items():
        groups.append(Group(name, first, len(keys)))
        first += len(keys)
    return Order(tuple(groups), b"".join(key for keys in found.values() for key in keys), late, due)


def leaf(scope: Scope, keys: Sequence[bytes]) -> list[ReferralLine]:
    """Returns some referrals in the order of the keys; what was struck out meanwhile is missing."""
    found = {line.id: line for line in lines_of(all_referrals().where(Referral.id.in_(list(keys))))}
    return [found[key] for key in keys if key in found]


def every(scope: Scope, view: View = View()) -> Iterator[list[ReferralLine]]:
    """Yields all referrals of a view in their order, some at a time."""
    order = order_of(scope, view)
    for offset in range(0, order.total, LEAF):
        yield leaf(scope, order.part(offset, LEAF))


def _raw(query: ModelSelect[Any]) -> Iterator[tuple[bytes, str, str]]:
    """Rows as they stand in the file: the day that a referral has none of counts as the first of all."""
    for key, stage, ask in Referral._meta.database.execute(query):
        yield key, stage, ask or ""


def _shown(scope: Scope, view: View) -> Any:
    r = Referral
    shown = r.ended_on.is_null(not view.ended)
    if view.lane is not None:
        shown &= r.stage.in_(LANES[view.lane])
    if view.kind is not None:
        shown &= r.kind == view.kind
    if view.late and not view.ended:
        shown &= r.check_on <= scope.today
    if view.whose == "team":
        return shown
    mine = staff_of(scope, view.whose)
    if view.ended:
        return shown & (r.owner.in_(mine) | (r.owner.is_null() & Patient.care_manager.in_(mine)))
    return shown & r.id.in_(open_keys_of(scope, view.whose, mine, panel_of(scope, view.whose)))


def open_keys_of(scope: Scope, whose: str, people: Sequence[bytes], panel: Any) -> Any:
    """Returns a subquery: the keys of the open referrals of some staff, or of nobody about a patient of their panel;
    for a clinician also the reports that wait for their review.

    They are apart, so that SQLite looks at each by its own index, not at everything that is open.
    """
    r, theirs = Referral, Referral.alias()
    own = r.live(r.id).where(r.ended_on.is_null() & r.owner.in_(people))
    of_panel = (
        theirs.select(theirs.id)
        .join(Patient, on=(Patient.id == theirs.patient))
        .where(theirs.struck_at.is_null() & theirs.ended_on.is_null() & theirs.owner.is_null() & panel)
    )
    keys = own.union_all(of_panel)
    if whose != "mine" or "clinician" not in scope.roles:
        return keys
    waits = Referral.alias()
    open_report = waits.struck_at.is_null() & waits.ended_on.is_null() & (waits.stage == "report")
    return keys.union_all(
        waits.select(waits.id).where(open_report & (waits.ordered_by == scope.who.username))
    )


def _sorted(view: View) -> tuple[Any, ...]:
    r = Referral
    if view.ended:
        return (r.ended_on.desc(), r.id.desc())
    if view.sort == "age":
        return (r.ordered_on, r.id)
    return (Patient.folded, r.check_on, r.id) if view.sort == "patient" else (r.check_on, r.id)
