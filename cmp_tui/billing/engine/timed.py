"""What a program that counts minutes could bill: its families of codes in order of preference. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cmp_tui.billing.engine.candidates import Candidate, General, Option, first_or_later, line_for, may_bill
from cmp_tui.billing.engine.counting import Counted, count
from cmp_tui.billing.engine.facts import Entry, MonthFacts
from cmp_tui.billing.engine.needs import practitioners_of, standing
from cmp_tui.billing.engine.result import Line, Minutes, MonthResult
from cmp_tui.billing.engine.tally import Taken, Tally
from cmp_tui.enrollment.rulebook import Code, Family, Program, TimeRule


def timed(
    facts: MonthFacts, rules: Program, general: General, taken: Taken, result: MonthResult
) -> Candidate:
    """What a program that counts minutes could bill."""
    assert rules.time is not None
    best: tuple[Candidate, MonthResult] | None = None
    for practitioner in practitioners_of(facts, rules.program):
        notes = MonthResult(facts)
        candidate = _timed_by(facts, rules, general, rules.time, practitioner, taken, notes)
        if best is None or (candidate.options and not best[0].options):
            best = candidate, notes
    assert best is not None
    result.take(best[1])  # what stands in another practitioner's way is no news of who bills
    return best[0]


def _timed_by(
    facts: MonthFacts,
    rules: Program,
    general: General,
    time: TimeRule,
    practitioner: str | None,
    taken: Taken,
    notes: MonthResult,
) -> Candidate:
    program = rules.program
    stands = standing(facts, rules, practitioner, notes)
    counted = count(facts, rules, general, time, practitioner, stands, taken, notes)
    notes.minutes[program] = Minutes(counted.sum.staff_minutes, counted.sum.own_minutes)
    candidate = Candidate(program, practitioner, overlaps=counted.sum.lost)
    options = _options(facts, rules, time, practitioner, counted, notes)
    if "live-contact" in {need.what for need in rules.needs}:
        live = any(entry.outcome == "reached" for entry in counted.entries)
        need = rules.need("live-contact")
        if need and options and not live:
            blocked = notes.block(
                "live-contact",
                program,
                "No live contact with the patient this month; the minutes need one.",
                need,
            )
            options = [] if blocked else options
    if not may_bill(facts, rules, general, practitioner, notes) or not stands.met:
        return candidate
    candidate.options = options
    if options:
        candidate.used = [(entry.start, entry.end) for entry in counted.entries if entry.precision is None]
    return candidate


def _options(
    facts: MonthFacts,
    rules: Program,
    time: TimeRule,
    practitioner: str | None,
    counted: Counted,
    result: MonthResult,
) -> list[Option]:
    """The families that the minutes reach, in order of preference; notes how many minutes are missing to the first."""
    ranks = {name: rank for rank, name in enumerate(facts.choices.families)}
    families = sorted(rules.families, key=lambda family: ranks.get(family.name, -1))
    stage = first_or_later(facts, rules.program)
    options: list[Option] = []
    for family in families:
        if (family.stage and family.stage != stage) or (family.fallback and options):
            continue
        lines = _family_lines(facts, rules, time, family, practitioner, counted, result)
        if lines:
            options.append(Option(family.name, lines))
    if not options:
        _note_short(facts, rules, time, counted, stage, result)
    return options


def _minutes_for(family: Family, time: TimeRule, sums: Tally) -> int:
    if family.whose == "practitioner":
        return sums.own_minutes
    return sums.minutes if time.practitioner_as_staff else sums.staff_minutes


def _family_lines(
    facts: MonthFacts,
    rules: Program,
    time: TimeRule,
    family: Family,
    practitioner: str | None,
    counted: Counted,
    result: MonthResult,
) -> tuple[Line, ...]:
    minutes = _minutes_for(family, time, counted.sum)
    lines: list[Line] = []
    entries = counted.entries
    if family.whose == "practitioner":
        entries = [entry for entry in entries if entry.staff == practitioner]
    rows = tuple(entry.key for entry in entries)
    for code in rules.of_family(family.name):
        if code.after:
            units = code.units(minutes) if lines else 0
        else:
            units = 1 if minutes >= code.minutes else 0
        if not units:
            continue
        if (
            not code.after
            and family.mdm
            and not _judged(facts, rules, family, code, practitioner, minutes, result)
        ):
            return ()
        day = None
        if facts.choices.service_date == "threshold-day":
            day = reached_on(
                facts,
                entries,
                code.minutes
                if not code.after
                else code.beyond + (units - 1) * code.step + (code.counts_from or code.step),
            )
        lines.append(line_for(facts, rules.program, code, units, practitioner, minutes, day, rows))
    return tuple(lines)


def reached_on(facts: MonthFacts, entries: Sequence[Entry], minutes: int) -> date | None:
    """The day on which some minutes were reached; None when they were not."""
    seconds = 0
    for entry in sorted(entries, key=lambda one: one.start):
        seconds += entry.seconds
        if seconds >= minutes * 60:
            return facts.month.first + timedelta(days=facts.day_number(entry.start))
    return None


def _judged(
    facts: MonthFacts,
    rules: Program,
    family: Family,
    code: Code,
    practitioner: str | None,
    minutes: int,
    result: MonthResult,
) -> bool:
    """Whether the billing practitioner judged the month's decision making as a family asks."""
    program = rules.program
    judged = [one for one in facts.complexity if one.program in (None, program)]
    own = [one for one in judged if one.practitioner == practitioner]
    if any(one.mdm in family.mdm for one in own):
        return True
    wanted = " or ".join(family.mdm)
    says = f"{minutes} min would reach {code.code}, which needs {wanted} complexity"
    if own:
        says += f"; {practitioner} judged it {own[-1].mdm}."
    else:
        says += f", judged by {practitioner or 'the billing practitioner'} in person"
        who = judged[-1].practitioner or "someone who is not named" if judged else ""
        says += f", not by {who}." if judged else "; none is recorded."
    result.block("mdm", program, says, family, tuple(one.key for one in judged))
    return False


def _note_short(
    facts: MonthFacts, rules: Program, time: TimeRule, counted: Counted, stage: str, result: MonthResult
) -> None:
    """Says how far the month is from the nearest code."""
    nearest: tuple[int, int, Code] | None = None
    for family in rules.families:
        if (family.stage and family.stage != stage) or family.mdm:
            continue
        minutes = _minutes_for(family, time, counted.sum)
        for code in rules.of_family(family.name):
            if code.after or not code.minutes or minutes >= code.minutes:
                continue
            missing = code.minutes - minutes
            if nearest is None or missing <= nearest[0]:
                nearest = (missing, minutes, code)
    if nearest:
        missing, minutes, code = nearest
        says = f"{minutes} min of the {code.minutes} that {code.code} needs; {missing} missing."
        result.block("minutes", rules.program, says, code, tuple(entry.key for entry in counted.entries))
