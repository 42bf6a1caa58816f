"""The way into a program as a board: its order read once, its cards some at a time, one card whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from peewee import Case

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment.intake_book import intake_book
from cmp_tui.enrollment.intake_cards import IntakeCard as IntakeCard
from cmp_tui.enrollment.intake_cards import cards as cards
from cmp_tui.enrollment.intake_cards import intake_card as intake_card
from cmp_tui.enrollment.intake_facts import Said, Touch, held_of, since_of
from cmp_tui.enrollment.intake_rules import (
    STAGES,
    UNDER_WAY,
)
from cmp_tui.enrollment.model import Intake
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import Card as Person
from cmp_tui.patients.queries import patient_card, staff_of

LEAF = 200
"""Cards that are read at a time."""
KEY = 16
"""The bytes of an intake's key."""
ENDS: Mapping[str, tuple[str, ...]] = {
    "declined": ("declined-financial", "declined-interest", "declined-other"),
    "ineligible": (
        "ineligible-conditions", "ineligible-practice", "ineligible-program", "ineligible-health",
        "ineligible-insurance",
    ),
    "unreached": ("unable-to-reach", "lost"),
    "held": ("hold",),
    "left": ("graduated", "deceased", "moved", "withdrawn"),
}  # fmt: skip
"""The ends by what they have in common: the columns of what was ended."""


class View(NamedTuple):
    """Which cards are shown: whose ("mine", "team", "cover:USERNAME"), from which source, on the way or ended."""

    whose: str = "mine"
    source: str | None = None
    ended: bool = False


class Group(NamedTuple):
    """A column of the board: its name (a stage, or a kind of end), where its cards begin, and how many there are."""

    name: str
    first: int
    size: int


class Order(NamedTuple):
    """The keys of all cards of a view, column after column: the longest waiting first, or what was ended last.

    `back` ended ones have come back (they stand first in the first column), `slow` wait longer than their stage may
    take, `free` are nobody's yet.
    """

    groups: tuple[Group, ...] = ()
    keys: bytes = b""
    back: int = 0
    slow: int = 0
    free: int = 0

    @property
    def total(self) -> int:
        """How many cards there are."""
        return len(self.keys) // KEY

    def key(self, place: int) -> bytes:
        """The key of a card."""
        return self.keys[place * KEY : place * KEY + KEY]

    def part(self, offset: int, limit: int) -> list[bytes]:
        """Some keys."""
        return [self.key(place) for place in range(offset, min(offset + limit, self.total))]

    def place(self, key: bytes) -> int | None:
        """Where a card stands."""
        at = self.keys.find(key)
        while at > 0 and at % KEY:
            at = self.keys.find(key, at + 1)
        return at // KEY if at >= 0 else None


class IntakeDetail(NamedTuple):
    """One card with what the preview shows besides."""

    card: IntakeCard
    person: Person
    touches: tuple[Touch, ...]
    decided: Said | None
    consent: Said | None
    before: IntakeCard | None
    today: date


def order_of(scope: Scope, view: View = View()) -> Order:
    """Returns the order of a view's cards: one query, whatever there is."""
    book = intake_book(scope.reference)
    day = _entered()
    query = Intake.live(Intake.id, Intake.stage, Intake.end, day, Intake.owner, Patient.care_manager).join(
        Patient, on=(Patient.id == Intake.patient)
    )
    query = query.where(_shown(scope, view, book.shown_days) & Patient.struck_at.is_null())
    found: dict[str, list[bytes]] = {name: [] for name in (ENDS if view.ended else STAGES)}
    kinds = {end: kind for kind, ends in ENDS.items() for end in ends}
    back, slow, free = 0, 0, 0
    came: list[bytes] = []
    # What was ended last stands first; of those on the way, who has waited longest.
    first = (day.desc(), Intake.id.desc()) if view.ended else (day, Intake.id)
    for key, stage, end, entered, owner, manager in rows(query.order_by(*first)):
        if view.ended:
            found[kinds.get(end, "left")].append(key)
            continue
        if stage == "ended":
            came.append(key)
            back += 1
            continue
        found[stage].append(key)
        if stage in UNDER_WAY:
            slow += _day(entered) + timedelta(days=book.limits[stage]) < scope.today
            free += owner is None and manager is None
    if came:
        found[STAGES[0]] = came + found[STAGES[0]]
    groups: list[Group] = []
    for name, keys in found.items():
        groups.append(Group(name, sum(group.size for group in groups), len(keys)))
    return Order(tuple(groups), b"".join(key for keys in found.values() for key in keys), back, slow, free)


def every_card(scope: Scope, view: View = View()) -> Iterator[list[IntakeCard]]:
    """Yields all cards of a view in their order, some at a time."""
    order = order_of(scope, view)
    for offset in range(0, order.total, LEAF):
        yield cards(scope, order.part(offset, LEAF))


def intakes_of(scope: Scope, patient: bytes) -> list[IntakeCard]:
    """Returns a patient's intakes, the latest first."""
    query = (
        Intake.live(Intake.id)
        .where(Intake.patient == patient)
        .order_by(Intake.received.desc(), Intake.id.desc())
    )
    return cards(scope, [key for (key,) in rows(query)])


def intake_detail(scope: Scope, key: bytes) -> IntakeDetail:
    """Returns one card whole. Raises Gone."""
    card = intake_card(scope, key)
    since = since_of(scope, card)
    held = held_of(scope, [card.patient], since.start)[card.patient]
    before = next(iter(cards(scope, [card.earlier])), None) if card.earlier else None
    return IntakeDetail(
        card,
        patient_card(scope, card.patient),
        tuple(held.touched(since, scope.zone)),
        held.eligible(card.program, since, intake_book(scope.reference).eligible_days),
        held.consent(card.program, since),
        before,
        scope.today,
    )


def _entered() -> Any:
    """The day on which the stage began, in SQL."""
    return Case(
        Intake.stage,
        [
            ("outreach", Intake.outreach_on),
            ("eligibility", Intake.eligibility_on),
            ("consent", Intake.consent_on),
            ("enrolled", Intake.enrolled_on),
            ("ended", Intake.ended_on),
        ],
        Intake.received,
    )


def _shown(scope: Scope, view: View, shown_days: int) -> Any:
    """The condition for the cards of a view."""
    if view.ended:
        shown = Intake.stage == "ended"
    else:
        lately = scope.today - timedelta(days=shown_days)
        shown = (
            Intake.stage.in_(UNDER_WAY)
            | ((Intake.stage == "enrolled") & (Intake.enrolled_on >= lately))
            | ((Intake.stage == "ended") & (Intake.back_on <= scope.today))
        )
    if view.source is not None:
        shown &= Intake.source == view.source
    if view.whose == "team":
        return shown
    mine = staff_of(scope, view.whose)
    theirs = Intake.owner.is_null() & (Patient.care_manager.in_(mine) | Patient.care_manager.is_null())
    return shown & (Intake.owner.in_(mine) | theirs)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def intake_key(saved: object) -> bytes | None:
    """Returns the key of an intake that a form has saved; None for what other forms return."""
    return saved.id if isinstance(saved, Intake) else None
