"""Remote monitoring's device codes: by the days of readings in a period, in the month of its last day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cmp_tui.billing.engine.candidates import General, line_for
from cmp_tui.billing.engine.days import enrolled_spans
from cmp_tui.billing.engine.facts import DeviceDays, MonthFacts
from cmp_tui.billing.engine.result import Line, MonthResult
from cmp_tui.enrollment.rulebook import Code, Program

SHORTEST_PERIOD, LONGEST_PERIOD = 28, 31
"""Days of a monitoring period: it is 30 (RIMIDI26), or is kept by calendar month."""
SET_UP_REACH = timedelta(days=30)
"""A first period that begins so long after the enrollment, or a set-up so long before it, is still of its start."""


def device_lines(
    facts: MonthFacts, rules: Program, general: General, practitioner: str | None, result: MonthResult
) -> list[Line]:
    """The device codes of the periods that end in the month, one each, and the set-up of the first.

    Periods of the months before are looked at, too: a day of readings stands in one billed period only.
    """
    lines: list[Line] = []
    codes = sorted(rules.of_family("device"), key=lambda code: -code.days)
    before: DeviceDays | None = None
    for period in sorted(facts.device_days, key=lambda one: (one.end, one.start)):
        if period.end > facts.month.last:
            continue
        mine = period.end >= facts.month.first
        code = _code_of(period, before, codes, result if mine else MonthResult(facts))
        if code is None:
            continue
        if mine and not _billed(facts, general, codes, practitioner, period, result):
            lines += _set_up(facts, rules, practitioner, period, before, result)
            lines.append(line_for(facts, "RPM", code, 1, practitioner, None, period.end, (period.key,)))
        before = period
    return lines


def _code_of(
    period: DeviceDays, before: DeviceDays | None, codes: Sequence[Code], result: MonthResult
) -> Code | None:
    """The code that a period's days reach, when none of them stands in the billed period before it."""
    rows = (period.key,)
    length = (period.end - period.start).days + 1
    if before is not None and period.start <= before.end:
        says = f"The periods that end on {before.end} and {period.end} overlap; only the first is billed."
        result.block("device-period", "RPM", says, codes[0], rows)
        return None
    if before is not None and (apart := (period.start - before.start).days) < SHORTEST_PERIOD:
        says = f"The period of {period.start} begins {apart} days after that of {before.start}; a code is for 30 days."
        result.block("device-period", "RPM", says, codes[0], rows)
        return None
    if period.days > length:
        says = f"{period.days} days of readings in a period of {length} days can't be."
        result.block("device-days", "RPM", says, codes[0], rows)
        return None
    code = next((one for one in codes if period.days >= one.days), None)
    if code is None:
        least = codes[-1]
        says = f"{period.days} days of readings up to {period.end}; {least.code} needs {least.days}."
        result.block("device-days", "RPM", says, least, rows)
    if not SHORTEST_PERIOD <= length <= LONGEST_PERIOD:
        than = "shorter" if length < SHORTEST_PERIOD else "longer"
        says = f"A period of {length} days ({period.start} to {period.end}) is {than} than 30."
        result.warn("device-period", "RPM", says, codes[0], rows)
    return code


def _billed(
    facts: MonthFacts,
    general: General,
    codes: Sequence[Code],
    practitioner: str | None,
    period: DeviceDays,
    result: MonthResult,
) -> bool:
    """Whether a device code of ours was billed in the days of a period."""
    for one in facts.services:
        own = one.ours or (practitioner is not None and one.practitioner == practitioner)
        of_devices = any(one.code == code.code for code in codes)
        if own and of_devices and one.start <= period.end and one.end >= period.start:
            says = f"{one.code} was billed already ({one.start}) for days of the period that ends on {period.end}."
            return result.block("billed-already", "RPM", says, general["billed-once"], (one.key, period.key))
    return False


def _set_up(
    facts: MonthFacts,
    rules: Program,
    practitioner: str | None,
    period: DeviceDays,
    before: DeviceDays | None,
    result: MonthResult,
) -> list[Line]:
    """The set-up, once an episode: with the first period after the enrollment starts, or in which it does."""
    begun = [
        one.start
        for one in enrolled_spans(facts, "RPM")
        if one.start and period.start - SET_UP_REACH <= one.start <= period.end
    ]
    codes = rules.of_family("set-up")
    if not begun or not codes or (before is not None and before.end >= max(begun)):
        return []
    if any(one.code == "99453" and one.start >= max(begun) - SET_UP_REACH for one in facts.services):
        return []
    says = "That the device was set up and explained is not recorded here; bill 99453 only if it was."
    result.warn("set-up", "RPM", says, codes[0])
    return [line_for(facts, "RPM", codes[0], 1, practitioner, None, period.end)]
