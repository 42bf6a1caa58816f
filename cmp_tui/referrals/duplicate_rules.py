"""When an order stands already: the same thing within a time, or two practitioners' orders on one thing. Pure.

Nothing is refused by this: it is told before saving, since a second order may be meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from cmp_tui.clinic.text import fold
from cmp_tui.patients.rules import is_near
from cmp_tui.referrals.rules import RAN

BY_RECIPIENT = frozenset({"specialist", "therapy", "home-health"})
"""Kinds of which two orders to one recipient are one; a laboratory makes many tests."""
BY_SPECIALTY = frozenset({"specialist", "therapy"})
"""Kinds of which two orders of one specialty are one, whatever they are called."""
_EMPTY = frozenset(
    {
        "a", "an", "and", "at", "by", "consult", "consultation", "evaluation", "follow", "for", "from", "in", "of",
        "on", "or", "order", "please", "referral", "refer", "see", "the", "to", "up", "visit", "with", "clinic",
        "appointment", "dr",
    }
)  # fmt: skip
"""Words that do not say what is asked for."""


class Ordered(NamedTuple):
    """An order as far as another may be like it. `by` is who ordered it as people write it, `specialty` the
    recipient's, `end` how it ended, if it did."""

    kind: str
    what: str
    urgency: str = "routine"
    question: str | None = None
    provider: bytes | None = None
    to: str | None = None
    specialty: str | None = None
    by: str | None = None
    on: date = date.min
    stage: str = ""
    ended_on: date | None = None
    end: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still under way."""
        return self.ended_on is None


class Twin(NamedTuple):
    """An earlier order that is like the new one; `differs` says in what two practitioners' orders differ, () for the
    same order once more."""

    earlier: Ordered
    two_people: bool
    differs: tuple[str, ...]


def same_thing(one: str | None, other: str | None) -> bool:
    """Tells whether two texts ask for the same thing: all words of the shorter one stand in the longer one, slips
    forgiven; words that say nothing do not count."""
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return False
    shorter, longer = sorted((mine, theirs), key=len)
    return all(any(is_near(word, known) for known in longer) for word in shorter)


def is_like(new: Ordered, earlier: Ordered) -> bool:
    """Tells whether an earlier order asks for what a new one asks for."""
    if new.kind != earlier.kind:
        return False
    if same_thing(new.what, earlier.what):
        return True
    if new.kind in BY_RECIPIENT and new.provider is not None and new.provider == earlier.provider:
        return True
    pairs = (
        (new.specialty, earlier.specialty),
        (new.what, earlier.specialty),
        (new.specialty, earlier.what),
    )
    return new.kind in BY_SPECIALTY and any(same_thing(*pair) for pair in pairs)


def twins(new: Ordered, earlier: Iterable[Ordered], days: Mapping[str, int]) -> list[Twin]:
    """Returns the earlier orders that a new one repeats or contradicts, the latest first.

    An open one counts however old it is; one that was gone to its end counts for `days` of its kind. One that was
    declined, called off or not wanted does not: to order it again is what one does then.
    """
    found = []
    for one in earlier:
        if not is_like(new, one):
            continue
        if not one.is_open and (one.end not in RAN or (new.on - one.on).days > days.get(new.kind, 0)):
            continue
        two = one.is_open and bool(new.by) and bool(one.by) and fold(new.by or "") != fold(one.by or "")
        found.append(Twin(one, two, _differs(new, one) if two else ()))
    return sorted(found, key=lambda twin: twin.earlier.on, reverse=True)


def _differs(new: Ordered, one: Ordered) -> tuple[str, ...]:
    pairs = (
        ("recipient", new.provider or fold(new.to or ""), one.provider or fold(one.to or "")),
        ("urgency", new.urgency, one.urgency),
        ("question", fold(new.question or ""), fold(one.question or "")),
        ("what is asked for", fold(new.what), fold(one.what)),
    )
    return tuple(name for name, mine, theirs in pairs if mine and theirs and mine != theirs)


def _words(text: str | None) -> frozenset[str]:
    return frozenset(word for word in fold(text or "").split() if word not in _EMPTY)
