"""What stands in the form of a stay, as a stay, and what its discharge would begin. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from cmp_tui.encounters.queries import StayLine
from cmp_tui.enrollment.rulebook import Program
from cmp_tui.transitions.facts import Around, StayFact
from cmp_tui.transitions.rules import Transition, transition
from cmp_tui.transitions.use_rules import EMERGENCY
from cmp_tui.transitions.words import Label, echo_lines

NOBODY = b""
"""The key of the stay that is being typed, among those that are there."""


def typed_stay(values: Mapping[str, Any], key: bytes = NOBODY) -> StayFact | None:
    """Returns the stay as it is typed so far; None without a kind or a first day, or when its days make no sense."""
    kind, admitted, out = values.get("kind"), values.get("admitted"), values.get("discharged")
    if not kind or not isinstance(admitted, date) or (isinstance(out, date) and out < admitted):
        return None
    if kind == EMERGENCY and out is None:
        out = admitted
    return StayFact(
        key, str(kind), str(values.get("facility") or ""), admitted, out if isinstance(out, date) else None,
        values.get("discharged_to"), None, str(values.get("reason") or ""), values.get("medications_reconciled_on"),
        values.get("admitted_from"), values.get("emergency"), values.get("heard_on"), "", values.get("summary_on"),
        values.get("complexity"),
    )  # fmt: skip


def stays_beside(lines: Sequence[StayLine], own: bytes | None) -> list[StayFact]:
    """Returns the patient's other stays."""
    return [
        StayFact(
            one.id, one.kind, one.facility or "", one.admitted, one.discharged, one.discharged_to,
            came_from=one.admitted_from,
        )
        for one in lines
        if one.id != own
    ]  # fmt: skip


def begun(
    rules: Program, values: Mapping[str, Any], others: Sequence[StayFact], around: Around, today: date
) -> Transition | None:
    """Returns the transition that saving would begin; None while too little is typed."""
    stay = typed_stay(values)
    if stay is None:
        return None
    return transition(rules, stay, around._replace(stays=[*others, stay]), today)


def echo(
    rules: Program, others: Sequence[StayFact], around: Around, today: date, label: Label
) -> Callable[[Mapping[str, Any]], Sequence[tuple[str, str]]]:
    """Returns what says, of the values of the form, which clocks saving starts."""

    def said(values: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        one = begun(rules, values, others, around, today)
        return () if one is None else echo_lines(one, today, label)

    return said
