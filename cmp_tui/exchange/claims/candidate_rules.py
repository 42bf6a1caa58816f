"""Who is a candidate by their claims, and what the claims show, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from cmp_tui.clinic.calendar import add_months

MOST_GROUPS = 8
"""Groups that a reason names; more are counted."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of data/claims.toml: how many groups of chronic conditions, how many uses in how many months."""

    needs: Literal["any", "all"]
    chronic_groups: int
    condition_days: int
    condition_months: int
    groups_out: frozenset[str]
    uses: int
    use_months: int
    use_kinds: frozenset[str]
    hospice_out: bool

    def used_since(self, last: date) -> date:
        """The first day on which a use counts."""
        return add_months(last, -self.use_months)

    def coded_since(self, last: date) -> date:
        """The first day on which a diagnosis counts."""
        return add_months(last, -self.condition_months)


class Use(NamedTuple):
    """A stay or an emergency visit: what it was, and the day on which it began."""

    kind: str
    day: date


class Found(NamedTuple):
    """What counts of someone: uses within the rule's months, oldest first, and groups of chronic conditions, those
    that are best founded first."""

    uses: tuple[Use, ...]
    groups: tuple[str, ...]

    def meets(self, rule: Rule) -> bool:
        """Whether they are a candidate."""
        needs = (len(self.groups) >= rule.chronic_groups, len(self.uses) >= rule.uses)
        return all(needs) if rule.needs == "all" else any(needs)


def found(rule: Rule, last: date, uses: Iterable[Use], groups: Iterable[tuple[str | None, int]]) -> Found:
    """Returns what counts. `groups` are those of conditions, with the number of days that speak for them."""
    since = rule.used_since(last)
    counting = {one for one in uses if one.kind in rule.use_kinds and since < one.day <= last}
    weights: dict[str, int] = {}
    for group, days in groups:
        if group is not None and group not in rule.groups_out:
            weights[group] = max(days, weights.get(group, 0))
    ranked = sorted(weights, key=lambda group: (-weights[group], group))
    return Found(tuple(sorted(counting, key=lambda one: (one.day, one.kind))), tuple(ranked))


def reason(one: Found, names: Mapping[str, str], more: Sequence[str] = ()) -> str:
    """Returns what the claims show, in words: "2 admissions and 3 ED visits Jan–Jun 2026; diabetes, heart failure".

    `names` are those of the groups; `more` is added at the end.
    """
    parts = []
    emergencies = sum(use.kind == "ed" for use in one.uses)
    admissions = len(one.uses) - emergencies
    counted = [
        f"{number} {word if number == 1 else f'{word}s'}"
        for number, word in ((admissions, "admission"), (emergencies, "ED visit"))
        if number
    ]
    if counted:
        parts.append(f"{' and '.join(counted)} {months_between(one.uses[0].day, one.uses[-1].day)}")
    if one.groups:
        shown = [_lower(names.get(group, group)) for group in one.groups[:MOST_GROUPS]]
        rest = len(one.groups) - len(shown)
        parts.append(", ".join(shown) + (f" and {rest} more" if rest else ""))
    return "; ".join([*parts, *more])[:500]


def months_between(first: date, last: date) -> str:
    """Returns "Jun 2026", "Jan–Jun 2026" or "Nov 2025–Jan 2026"."""
    end = f"{last:%b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    return f"{first:%b}–{end}" if first.year == last.year else f"{first:%b %Y}–{end}"


def why_not(one: Found, rule: Rule) -> str:
    """Returns why someone is no candidate by the numbers."""
    return (
        f"{len(one.groups)} of {rule.chronic_groups} groups of chronic conditions, "
        f"{len(one.uses)} of {rule.uses} admissions and ED visits"
    )


def _lower(name: str) -> str:
    """A name within a sentence; abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
