"""Remote monitoring's device codes: by the days of readings in a period, in the month of its last day. Pure."""

from __future__ import annotations

from datetime import date

from cmp_tui.billing.engine.candidates import line_for
from cmp_tui.billing.engine.days import enrolled_spans
from cmp_tui.billing.engine.facts import MonthFacts
from cmp_tui.billing.engine.result import Line, MonthResult
from cmp_tui.billing.rulebook import Program

LONGEST_PERIOD = 31
"""Days of a monitoring period at the most: a period is 30 days (RIMIDI26), or is kept by calendar month."""


def device_lines(
    facts: MonthFacts, rules: Program, practitioner: str | None, result: MonthResult
) -> list[Line]:
    """The device codes of the periods that end in the month, one each, and the set-up of the first."""
    lines: list[Line] = []
    codes = sorted(rules.of_family("device"), key=lambda code: -code.days)
    reached: date | None = None
    for period in sorted(facts.device_days, key=lambda one: (one.end, one.start)):
        if not facts.month.first <= period.end <= facts.month.last:
            continue
        length = (period.end - period.start).days + 1
        if reached is not None and period.start <= reached:
            says = f"The periods that end on {reached} and {period.end} overlap; only the first is billed."
            result.block("device-period", "RPM", says, codes[0], (period.key,))
            continue
        if period.days > length:
            says = f"{period.days} days of readings in a period of {length} days can't be."
            result.block("device-days", "RPM", says, codes[0], (period.key,))
            continue
        if length > LONGEST_PERIOD:
            says = f"A period of {length} days ({period.start} to {period.end}) is longer than 30."
            result.warn("device-period", "RPM", says, codes[0], (period.key,))
        code = next((one for one in codes if period.days >= one.days), None)
        if code is None:
            least = codes[-1]
            says = f"{period.days} days of readings up to {period.end}; {least.code} needs {least.days}."
            result.block("device-days", "RPM", says, least, (period.key,))
            continue
        reached = period.end
        lines += _set_up(facts, rules, practitioner, period.start, period.end, result)
        lines.append(line_for(facts, "RPM", code, 1, practitioner, None, period.end, (period.key,)))
    return lines


def _set_up(
    facts: MonthFacts, rules: Program, practitioner: str | None, start: date, end: date, result: MonthResult
) -> list[Line]:
    """The set-up, once an episode: with the first period, in which the enrollment starts."""
    begun = [one.start for one in enrolled_spans(facts, "RPM") if one.start and start <= one.start <= end]
    before = [one for one in facts.services if one.code == "99453" and one.start >= min(begun, default=start)]
    codes = rules.of_family("set-up")
    if not begun or before or not codes:
        return []
    says = "That the device was set up and explained is not recorded here; bill 99453 only if it was."
    result.warn("set-up", "RPM", says, codes[0])
    return [line_for(facts, "RPM", codes[0], 1, practitioner, None, end)]
