"""What is not payable beside what: among our own lines, and beside services that were billed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from cmp_tui.billing.engine.facts import MonthFacts, Service
from cmp_tui.billing.engine.result import Line
from cmp_tui.billing.engine.transition import PROGRAM, discharge_of
from cmp_tui.enrollment.rulebook import Exclusion, Rulebook


class Clash(NamedTuple):
    """A line that can't be billed beside another code, by which rule. `doubt` says what is not known, so that it
    can't be told."""

    line: Line
    code: str
    rule: Exclusion
    doubt: str = ""
    rows: tuple[bytes, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether nothing is in doubt."""
        return not self.doubt


def between(rules: Rulebook, lines: Iterable[Line], others: Sequence[Line]) -> list[Clash]:
    """The clashes of lines with lines of ours that stand already. Transitions of ours keep their 30 days apart."""
    found = []
    for line in lines:
        for other in others:
            for rule in rules.exclusions:
                if (
                    rule.scope == "month"
                    and rule.meets(line.code, other.code)
                    and _applies(rule, line.practitioner, other.practitioner)
                ):
                    found.append(Clash(line, other.code, rule))
    return found


def beside_services(rules: Rulebook, facts: MonthFacts, lines: Iterable[Line]) -> list[Clash]:
    """The clashes of lines with services that were billed, by us or by others."""
    found = []
    for line in lines:
        for service in facts.services:
            for rule in rules.exclusions:
                if not rule.meets(line.code, service.code) or _is_billing_of(facts, service, line):
                    continue  # billed already: said in words of its own
                near, doubt = _near(rules, rule, facts, line, service)
                if not near:
                    continue
                if service.practitioner is None and not service.ours:
                    # What others billed and we did not, another practitioner billed.
                    if rule.who == "same":
                        doubt = f"by whom is not known. If by {line.practitioner}"
                elif not _applies(rule, line.practitioner, service.practitioner or line.practitioner):
                    continue
                found.append(Clash(line, service.code, rule, doubt, (service.key,)))
    return found


def billed_already(facts: MonthFacts, line: Line) -> Service | None:
    """The service by which a line was billed already, by us or for the same practitioner: in the month, or on the
    day of a transition's visit."""
    return next((service for service in facts.services if _is_billing_of(facts, service, line)), None)


def _is_billing_of(facts: MonthFacts, service: Service, line: Line) -> bool:
    own = service.ours or (line.practitioner is not None and service.practitioner == line.practitioner)
    if not own or service.code != line.code:
        return False
    if line.program == PROGRAM:
        return service.start <= line.date_of_service <= service.end
    return _in_month(facts, service)


def _applies(rule: Exclusion, one: str | None, other: str | None) -> bool:
    if rule.who == "any":
        return True
    return (one == other) == (rule.who == "same")


def _near(
    rules: Rulebook, rule: Exclusion, facts: MonthFacts, line: Line, service: Service
) -> tuple[bool, str]:
    """Whether a service lies in the month, or in the 30 days of the same transition; and what is in doubt."""
    own = discharge_of(facts, line)
    if rule.scope == "month" or own is None:
        return _in_month(facts, service), ""
    transition = rules.programs[line.program]
    days = int(transition.clauses["window"].values["days"])
    latest = timedelta(days=max(code.within for code in transition.codes))
    left = [stay.discharged for stay in facts.stays if stay.discharged is not None]
    theirs = max((day for day in left if day < service.start <= day + latest), default=None)
    if theirs is not None:
        return abs((theirs - own).days) < days, ""
    if service.start >= own:
        return (service.start - own).days < days, ""
    # The discharge that it followed is not known: it was up to two weeks before it.
    first, last = service.start - latest, service.start - timedelta(days=1)
    if (own - first).days < days:
        return True, ""
    since = own - timedelta(days=days - 1)
    return last >= since, f"for which discharge is not known. If for one since {since}"


def _in_month(facts: MonthFacts, service: Service) -> bool:
    return service.start <= facts.month.last and service.end >= facts.month.first
