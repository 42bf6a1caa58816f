"""Which version of a claim holds: replacements stand in for what they replace, cancelled claims are taken out. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from cmp_tui.exchange.claims.records import Claim

CANCELS = frozenset({"8"})
REPLACES = frozenset({"7", "F", "G", "H", "I", "J", "K", "M", "P"})
"""Frequency codes of adjustments, by whoever made them (NUBC, third place of the type of bill)."""


class Settled(NamedTuple):
    """The claims that hold, the names of those that were cancelled, and what fell out, by kind."""

    kept: list[Claim]
    cancelled: list[str]
    left: Counter[str]


def settle(claims: Iterable[Claim]) -> Settled:
    """Returns which of one person's claims hold, oldest first.

    Of two versions of one claim the later one holds. A replacement or cancellation is of the claim with the same
    number; where only the sender's number is the same (837), of that one if there is one alone.
    """
    families: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        families[claim.family].append(claim)
    settled = Settled([], [], Counter())
    for versions in families.values():
        settled.kept.extend(_family(versions, settled))
    settled.kept.sort(key=lambda claim: (claim.start, claim.end, claim.id))
    return settled


def _family(versions: list[Claim], settled: Settled) -> Iterable[Claim]:
    live: dict[str, Claim] = {}
    for claim in sorted(versions, key=lambda one: one.version):
        meant = claim.id if claim.id in live else next(iter(live), "") if len(live) == 1 else ""
        if claim.frequency in CANCELS:
            settled.left["cancelled claims"] += 1
            settled.cancelled.append(meant or claim.id)
            live.pop(meant, None)
        elif claim.frequency in REPLACES:
            if meant:
                settled.left["claims that a later version stands in for"] += 1
                live.pop(meant)
            live[meant or claim.id] = claim._replace(id=meant or claim.id, replaced=True)
        else:
            if claim.id in live:
                same = live[claim.id]._replace(version="") == claim._replace(version="")
                what = "claims that were there twice" if same else "claims that a later version stands in for"
                settled.left[what] += 1
            live[claim.id] = claim
    return live.values()
