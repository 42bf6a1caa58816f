"""Cards in columns: which are held, which can be seen, and where the cursor is. Knows no screen."""

from __future__ import annotations

from collections.abc import Sequence

from cmp_tui.enrollment.intake_queries import LEAF, Group, IntakeCard, Order

AHEAD = 20
"""Cards of a column that are read beyond those in sight."""
MOST = 2_000
"""Cards that are held."""


class Deck:
    """The columns of a board, each with its own place; the cursor is in one of them (`at`).

    `fits` is how many cards of a column can be seen.
    """

    def __init__(self) -> None:
        self.groups: tuple[Group, ...] = ()
        self.at = 0
        self.fits = 1
        self._held: dict[int, IntakeCard | None] = {}
        self._places: list[int] = []
        self.tops: list[int] = []

    def take(self, order: Order, key: bytes | None) -> None:
        """Takes an order of cards. Each column keeps its place; the cursor goes with the card of a key, also to another
        column."""
        groups = order.groups
        if [group.name for group in self.groups] != [group.name for group in groups]:
            self.at, self._places, self.tops = 0, [0] * len(groups), [0] * len(groups)
        self.groups, self._held = groups, {}
        self._places = [
            min(place, max(group.size - 1, 0)) for place, group in zip(self._places, groups, strict=True)
        ]
        place = order.place(key) if key is not None else None
        if place is not None:
            self.at = next(at for at, group in enumerate(groups) if place < group.first + group.size)
            self._places[self.at] = place - groups[self.at].first
        elif groups and not groups[self.at].size:
            self.at = next((at for at, group in enumerate(groups) if group.size), 0)
        self.see()

    def hold(self, cards: dict[int, IntakeCard | None]) -> None:
        """Holds cards by their places; None where one is no longer there."""
        if len(self._held) > MOST:
            self._held = {}
        self._held |= cards

    def wanted(self) -> list[int]:
        """The places to be read now: those in sight that are not held, then some below them."""
        places = dict.fromkeys((*self._in_sight(), *self._in_sight(AHEAD)))
        return [place for place in places if place not in self._held][:LEAF]

    @property
    def lacks(self) -> bool:
        """Whether a card in sight is not held."""
        return any(place not in self._held for place in self._in_sight())

    @property
    def any(self) -> bool:
        """Whether there is any card."""
        return any(group.size for group in self.groups)

    @property
    def within(self) -> int:
        """The place of the cursor in its column."""
        return self._places[self.at] if self._places else 0

    @property
    def row(self) -> IntakeCard | None:
        """The card under the cursor; None when there is none, or it is not read yet."""
        return self.card(self.at, self.within) if self.groups and self.groups[self.at].size else None

    def card(self, at: int, within: int) -> IntakeCard | None:
        """A card by its column and its place there; None when it is not held."""
        return self._held.get(self.groups[at].first + within)

    def is_here(self, at: int, within: int) -> bool:
        """Whether the cursor is on a card."""
        return at == self.at and within == self._places[at]

    def more(self, at: int) -> int:
        """How many cards of a column come below those in sight."""
        return self.groups[at].size - self.tops[at] - self.fits

    def beside(self, by: int) -> tuple[int, int] | None:
        """The next column that has cards, and the place in it on the same height; None where there is none."""
        at = self.at + by
        while 0 <= at < len(self.groups) and not self.groups[at].size:
            at += by
        if not 0 <= at < len(self.groups):
            return None
        height = self.within - self.tops[self.at]
        return at, min(self.tops[at] + height, self.groups[at].size - 1)

    def move(self, at: int, within: int) -> bool:
        """Puts the cursor on a card; whether it has moved."""
        if not self.groups or not self.groups[at].size:
            return False
        within = min(max(within, 0), self.groups[at].size - 1)
        if self.is_here(at, within):
            return False
        self.at, self._places[at] = at, within
        return True

    def see(self) -> None:
        """Scrolls every column so that its place is seen."""
        for at in range(len(self.groups)):
            self.into_view(at)

    def into_view(self, at: int) -> bool:
        """Scrolls a column so that its place is seen; whether it had to."""
        top, place = self.tops[at], self._places[at]
        wanted = min(max(top, place - self.fits + 1), place)
        self.tops[at] = max(min(wanted, self.groups[at].size - self.fits), 0)
        return self.tops[at] != top

    def _in_sight(self, ahead: int = 0) -> Sequence[int]:
        """The places of the cards that can be seen, in all columns."""
        return [
            group.first + within
            for group, top in zip(self.groups, self.tops, strict=True)
            for within in range(top, min(top + self.fits + ahead, group.size))
        ]
