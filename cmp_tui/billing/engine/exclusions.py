"""What is not payable beside what: among our own lines, and beside services that were billed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cmp_tui.billing.engine.facts import MonthFacts, Service
from cmp_tui.billing.engine.result import Line
from cmp_tui.billing.rulebook import Exclusion, Rulebook


class Clash(NamedTuple):
    """A line that can't be billed beside another code, by which rule. `sure` is False when it can't be told, because
    who billed the other is not known."""

    line: Line
    code: str
    rule: Exclusion
    sure: bool
    rows: tuple[bytes, ...] = ()


def between(rules: Rulebook, lines: Iterable[Line], others: Sequence[Line]) -> list[Clash]:
    """The clashes of lines with lines of ours that stand already."""
    found = []
    for line in lines:
        for other in others:
            for rule in rules.exclusions:
                if rule.meets(line.code, other.code) and _applies(
                    rule, line.practitioner, other.practitioner
                ):
                    found.append(Clash(line, other.code, rule, True))
    return found


def beside_services(rules: Rulebook, facts: MonthFacts, lines: Iterable[Line]) -> list[Clash]:
    """The clashes of lines with services that were billed, by us or by others."""
    found = []
    for line in lines:
        for service in facts.services:
            for rule in rules.exclusions:
                if not rule.meets(line.code, service.code) or not _near(rule, facts, line, service):
                    continue
                if service.code == line.code and (service.ours or service.practitioner == line.practitioner):
                    continue  # billed already: said in words of its own
                if service.practitioner is None and not service.ours:
                    if (
                        rule.who == "different"
                    ):  # what others billed and we did not, another practitioner billed
                        found.append(Clash(line, service.code, rule, True, (service.key,)))
                    else:
                        found.append(Clash(line, service.code, rule, rule.who == "any", (service.key,)))
                elif _applies(rule, line.practitioner, service.practitioner or line.practitioner):
                    found.append(Clash(line, service.code, rule, True, (service.key,)))
    return found


def billed_already(facts: MonthFacts, line: Line) -> Service | None:
    """The service by which a line's code was billed in the month already, by us or for the same practitioner."""
    for service in facts.services:
        own = service.ours or (line.practitioner is not None and service.practitioner == line.practitioner)
        if own and service.code == line.code and _in_month(facts, service):
            return service
    return None


def _applies(rule: Exclusion, one: str | None, other: str | None) -> bool:
    if rule.who == "any":
        return True
    return (one == other) == (rule.who == "same")


def _near(rule: Exclusion, facts: MonthFacts, line: Line, service: Service) -> bool:
    if rule.scope == "month":
        return _in_month(facts, service)
    return abs((service.start - line.date_of_service).days) <= _TRANSITION


_TRANSITION = 29


def _in_month(facts: MonthFacts, service: Service) -> bool:
    return service.start <= facts.month.last and service.end >= facts.month.first
