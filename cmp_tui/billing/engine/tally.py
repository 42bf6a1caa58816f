"""Counting minutes: each minute of a patient once, whoever worked in it. Pure.

Seconds are summed for the month and floored to minutes once, at the very end (billing-rules, section 2). Where
spans overlap, the shared seconds count once; a span shared by n patients brings an n-th of its seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from cmp_tui.billing.engine.facts import Entry

Taken = Sequence[tuple[int, int]]
"""Spans of time that something else has used up: a billed visit, another program."""


class Tally(NamedTuple):
    """The seconds of some entries: all, and those of the billing practitioner in person.

    `doubled` are the entries that share time with another, `lost` those that lost time to what was taken.
    """

    seconds: Fraction | int
    own: Fraction | int
    doubled: tuple[bytes, ...]
    lost: tuple[bytes, ...]

    @property
    def minutes(self) -> int:
        """Whole minutes of all."""
        return int(self.seconds // 60)

    @property
    def own_minutes(self) -> int:
        """Whole minutes of the practitioner."""
        return int(self.own // 60)

    @property
    def staff_minutes(self) -> int:
        """Whole minutes in which the practitioner did not work."""
        return int((self.seconds - self.own) // 60)


def tally(entries: Sequence[Entry], practitioner: str | None, taken: Taken = ()) -> Tally:
    """Counts entries. Those without a clock time (of which only the day or month is known) overlap nothing."""
    timed = sorted((entry for entry in entries if entry.precision is None), key=_start)
    total: Fraction | int = 0
    own: Fraction | int = 0
    for entry in entries:
        if entry.precision is not None:
            total += entry.seconds
            if entry.staff == practitioner:
                own += entry.seconds
    doubled: list[bytes] = []
    lost: list[bytes] = []
    for cluster in _clusters(timed, taken):
        if len(cluster) == 1 and not taken:
            entry = cluster[0]
            total += entry.seconds
            if entry.staff == practitioner:
                own += entry.seconds
            continue
        sums = _swept(cluster, practitioner, taken)
        total += sums[0]
        own += sums[1]
        doubled += sums[2]
        lost += sums[3]
    return Tally(total, own, tuple(dict.fromkeys(doubled)), tuple(dict.fromkeys(lost)))


def _start(entry: Entry) -> int:
    return entry.start


def _clusters(timed: list[Entry], taken: Taken) -> list[list[Entry]]:
    """Entries in groups that touch no other group."""
    found: list[list[Entry]] = []
    reach = 0
    for entry in timed:
        if found and entry.start < reach:
            found[-1].append(entry)
            reach = max(reach, entry.end)
        else:
            found.append([entry])
            reach = entry.end
    return found


def _swept(
    cluster: list[Entry], practitioner: str | None, taken: Taken
) -> tuple[Fraction | int, Fraction | int, list[bytes], list[bytes]]:
    """One cluster, cut at every start and end: in each piece the largest share counts, once."""
    reach = max(entry.end for entry in cluster)
    near = [(start, end) for start, end in taken if start < reach and end > cluster[0].start]
    if len(cluster) == 1 and not near:
        entry = cluster[0]
        return entry.seconds, entry.seconds if entry.staff == practitioner else 0, [], []
    cuts = sorted({at for entry in cluster for at in entry[1:3]} | {at for span in near for at in span})
    total: Fraction | int = 0
    own: Fraction | int = 0
    doubled: list[bytes] = []
    lost: list[bytes] = []
    for low, high in pairwise(cuts):
        here = [entry for entry in cluster if entry.start <= low and entry.end >= high]
        if not here:
            continue
        if any(start <= low and end >= high for start, end in near):
            lost += [entry.key for entry in here]
            continue
        if len(here) > 1:
            doubled += [entry.key for entry in here]
        length = high - low
        total += Fraction(length, min(entry.size for entry in here))
        mine = [entry.size for entry in here if entry.staff == practitioner]
        if mine:
            own += Fraction(length, min(mine))
    return total, own, doubled, lost
