"""Whether a month's minutes will be reached: what is missing, the working days left, the patient's usual pace. Pure.

It says what the care so far makes likely, and says plainly when a month can't be reached; it never asks for time that
nobody has a reason to spend.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from cmp_tui.billing.engine.candidates import first_or_later
from cmp_tui.billing.engine.facts import MonthFacts
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.clinic.calendar import business_days_left
from cmp_tui.enrollment.rulebook import Code, Program, Rulebook

Outlook = Literal["reached", "likely", "open", "out-of-reach", "blocked", "none"]
USUAL_DAY = 10
"""Minutes of a day on which somebody works with a patient, while nothing is known of this one (our choice)."""


class Pace(NamedTuple):
    """A patient's usual pace over earlier months: minutes a month, and minutes of a day on which something was done."""

    month: int = 0
    day: int = USUAL_DAY


class Forecast(NamedTuple):
    """A program's month to come. `missing` minutes to the next unit (`code`); `days` working days are left."""

    program: str
    outlook: Outlook
    minutes: int
    wanted: int
    missing: int
    code: str
    days: int
    says: str


def forecast(
    facts: MonthFacts, result: MonthResult, rulebook: Rulebook, program: str, pace: Pace
) -> Forecast:
    """Looks ahead from the facts' today to the end of their month."""
    rules = rulebook.programs.get(program)
    minutes = result.minutes.get(program)
    have = minutes.staff + minutes.practitioner if minutes else 0
    days = business_days_left(max(facts.today, facts.month.first), facts.month.last)
    code = _first(facts, rules) if rules else None
    if code is None:
        return Forecast(program, "none", have, 0, 0, "", days, "")
    stands = [note for note in result.blocked if note.program == program and note.rule != "minutes"]
    if stands:
        return Forecast(program, "blocked", have, code.minutes, 0, code.code, days, stands[0].says)
    missing = max(0, code.minutes - have)
    outlook, says = _outlook(facts, have, missing, days, pace)
    return Forecast(program, outlook, have, code.minutes, missing, code.code, days, says)


def _outlook(facts: MonthFacts, have: int, missing: int, days: int, pace: Pace) -> tuple[Outlook, str]:
    if not missing:
        return "reached", f"{have} min"
    last = facts.month.last
    if facts.today > last:
        return "out-of-reach", f"{have} min, {missing} short; the month is over"
    if not days or missing > days * max(pace.day, 1):
        left = (
            "no working day is"
            if not days
            else "1 working day is"
            if days == 1
            else f"{days} working days are"
        )
        return "out-of-reach", f"{have} min, {missing} short: cannot be reached this month, {left} left"
    usual = f"; usually {pace.month} min a month" if pace.month else ""
    when = "1 working day" if days == 1 else f"{days} working days"
    whole = business_days_left(facts.month.first, last)
    expected = have + pace.month * days // max(whole, 1)
    if pace.month and expected >= have + missing:
        return "likely", f"{have} min, {missing} more in {when}{usual}: on its way"
    return "open", f"{have} min, {missing} more in {when}{usual}"


def _first(facts: MonthFacts, rules: Program) -> Code | None:
    """The code with the fewest minutes that the program's families without complexity reach."""
    stage = first_or_later(facts, rules.program)
    codes = [
        code
        for family in rules.families
        if not family.mdm and not family.fallback and family.stage in ("", stage) and family.whose == "staff"
        for code in rules.of_family(family.name)
        if code.minutes
    ]
    return min(codes, key=lambda code: code.minutes, default=None)
