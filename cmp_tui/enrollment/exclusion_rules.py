"""Which programs exclude each other, by the codes that they bill (data/programs/exclusions.toml). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cmp_tui.enrollment.rulebook import Exclusion, Program, Rulebook


class Clash(NamedTuple):
    """Two programs of one patient that are not billed side by side.

    `whole`: whatever the one bills excludes whatever the other bills; else it is so for some of their codes. `sure` is
    False where the rule is not settled, or where it depends on who bills and that is not known.
    """

    program: str
    other: str
    whole: bool
    sure: bool
    rules: tuple[Exclusion, ...]


def leading_codes(program: Program) -> frozenset[str]:
    """Returns the codes of which a month of the program has at least one: no further units, no add-ons."""
    families = {one.name for one in program.families}
    return frozenset(
        one.code
        for one in program.codes
        if not one.after and not one.of and (not families or one.family in families)
    )


def clash_between(
    rules: Rulebook, program: str, other: str, bills: str | None, other_bills: str | None
) -> Clash | None:
    """Returns how two programs of one patient exclude each other; None when they don't.

    `bills` and `other_bills` are the practitioners; None is not known. A rule of one practitioner ("same") counts as
    not sure when one of them is not known. Rules about single further codes are no clash of programs.
    """
    one, two = rules.programs.get(program), rules.programs.get(other)
    if one is None or two is None or program == other:
        return None
    found: dict[Exclusion, bool] = {}
    hit: set[tuple[str, str]] = set()
    pairs = {(a, b) for a in leading_codes(one) for b in leading_codes(two)}
    for rule in rules.exclusions:
        applies = _applies(rule, bills, other_bills)
        met = {pair for pair in pairs if rule.meets(*pair)}
        if applies is not False and met:
            found[rule] = applies is True and rule.decides
            hit |= met
    if not found:
        return None
    return Clash(program, other, hit == pairs, all(found.values()), tuple(found))


def clashes(
    rules: Rulebook, program: str, bills: str | None, others: Iterable[tuple[str, str | None]]
) -> list[Clash]:
    """Returns how a program clashes with those that a patient is in already: (program, practitioner) each."""
    found = (clash_between(rules, program, other, bills, theirs) for other, theirs in others)
    return [one for one in found if one is not None]


def meant_for_billing(clash: Clash) -> str:
    """Says in a sentence what being in both would mean for billing."""
    says = clash.rules[0].says
    both = f"{clash.program} and {clash.other}"
    if not clash.sure:
        return f"{both}: {says}. Check with whoever bills before both go on."
    if clash.whole:
        return f"{both}: {says}. In a month only one of the two is billed; minutes logged for the other earn nothing."
    return f"{both}: {says}. Some of their codes are not billed in one month."


def rules_by_code(rules: Rulebook, program: Program) -> Mapping[str, tuple[Exclusion, ...]]:
    """Returns, for each code that excludes something of a program, the rules that say so.

    What a program's own codes exclude among each other in a month (staff's time and the practitioner's) is left out: it
    says nothing of who else bills.
    """
    own = {one.code for one in program.codes}
    found: dict[str, list[Exclusion]] = {}
    for rule in rules.exclusions:
        others = (rule.others if own & rule.codes else frozenset()) | (
            rule.codes if own & rule.others else frozenset()
        )
        within = rule.scope == "month" and rule.who != "different"
        for code in others - own if within else others:
            found.setdefault(code, []).append(rule)
    return {code: tuple(said) for code, said in found.items()}


def _applies(rule: Exclusion, bills: str | None, other: str | None) -> bool | None:
    """Whether a rule holds between two practitioners' programs; None when that can't be told."""
    if rule.who == "any":
        return True
    if bills is None or other is None:
        return None
    return (bills == other) == (rule.who == "same")
