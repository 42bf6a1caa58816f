"""What each program could bill in a month: its minutes, and its families of codes in order of preference. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from cmp_tui.billing.engine.days import inpatient_days, why_not_on
from cmp_tui.billing.engine.facts import Entry, MonthFacts
from cmp_tui.billing.engine.needs import Standing, chronic_conditions, is_of, practitioners_of, standing
from cmp_tui.billing.engine.result import Line, Minutes, MonthResult
from cmp_tui.billing.engine.tally import Taken, Tally, tally
from cmp_tui.billing.rulebook import Clause, Code, Family, Program, TimeRule

General = Mapping[str, Clause]
"""The clauses that hold for every program."""

ON_A_VISIT_DAY = (
    "Minutes on the day of a visit count when they were no part of it; that is not confirmed. Check them."
)


class Option(NamedTuple):
    """One way to bill a program: the lines of a family of codes."""

    family: str
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Candidate:
    """A program's options, the best first; empty when something blocks. `used` are the spans of its minutes."""

    program: str
    practitioner: str | None
    options: list[Option] = field(default_factory=list)
    extra: list[Line] = field(default_factory=list)
    used: list[tuple[int, int]] = field(default_factory=list)
    overlaps: tuple[bytes, ...] = ()


class Counted(NamedTuple):
    """A program's countable entries and their sum, for one billing practitioner."""

    entries: list[Entry]
    sum: Tally


def line_for(
    facts: MonthFacts,
    program: str,
    code: Code,
    units: int,
    practitioner: str | None,
    minutes: int | None,
    day: date | None = None,
    rows: tuple[bytes, ...] = (),
) -> Line:
    """Makes a line: dated on the month's last day (or the day of death before it), at the practitioner's place."""
    last = facts.month.last
    if facts.deceased_on is not None:
        last = min(last, facts.deceased_on)
    place = facts.places.get(practitioner or "", facts.choices.place_of_service)
    return Line(
        code.code,
        units,
        program,
        practitioner,
        day or last,
        place,
        diagnoses(facts, program),
        minutes,
        code.label,
        rows,
    )


def diagnoses(facts: MonthFacts, program: str) -> tuple[str, ...]:
    """The ICD-10-CM codes for a claim: the month's chronic conditions (for BHI and CoCM the behavioral ones first)."""
    known, unsaid = chronic_conditions(facts)
    codes = [one.code for one in (known or unsaid) if one.system == "icd-10-cm" and one.code]
    if program in ("BHI", "COCM"):
        codes.sort(key=lambda code: not code.upper().startswith("F"))
    return tuple(dict.fromkeys(codes))


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


def may_bill(
    facts: MonthFacts, rules: Program, general: General, practitioner: str | None, result: MonthResult
) -> bool:
    """Whether the practitioner may bill (physician, NP, PA, CNS, CNM: Noridian, CCM); who is not known is warned of."""
    row = general["practitioner"]
    if practitioner is None:
        result.warn(
            "practitioner", rules.program, "Who bills is not known: no billing practitioner is set.", row
        )
        return True
    person = facts.staff.get(practitioner)
    if person is None:
        result.warn(
            "practitioner",
            rules.program,
            f"{practitioner}, who would bill, is not of the clinic's staff.",
            row,
        )
        return True
    if person.may_bill:
        return True
    says = f"{person.name} ({person.credential}) may not bill; choose a physician, NP, PA, CNS or CNM."
    return not result.block("practitioner", rules.program, says, row)


def count(
    facts: MonthFacts,
    rules: Program,
    general: General,
    time: TimeRule,
    practitioner: str | None,
    stands: Standing,
    taken: Taken,
    result: MonthResult,
) -> Counted:
    """The entries of a program that count for a practitioner, summed; notes what does not count and why."""
    program = rules.program
    days = why_not_on(facts, stands.enrolled, stands.agreed, stands.from_visit)
    kept: list[Entry] = []
    left: dict[str, list[Entry]] = {}
    default = _whose_by_default(facts, program)
    for entry in facts.entries:
        if entry.program != program:
            continue
        why = _why_not(entry, time, practitioner, default)
        if why is None and 0 <= (number := facts.day_number(entry.start)) < len(days):
            why = days[number]
        if why is None:
            kept.append(entry)
        else:
            left.setdefault(why, []).append(entry)
    for why, entries in left.items():
        _note_left(facts, rules, time, why, entries, practitioner, result)
    in_visit = [
        (one.start, one.end) for one in facts.entries if one.in_billed_visit and one.precision is None
    ]
    sums = tally(kept, practitioner, [*taken, *in_visit])
    if sums.doubled:
        says = "Two people worked in the same minutes; they count once."
        result.warn("overlap", program, says, general["two-at-once"], sums.doubled)
    _note_days(facts, program, general, kept, result)
    return Counted(kept, sums)


def _whose_by_default(facts: MonthFacts, program: str) -> str | None:
    """For whom an entry counts that names no practitioner: the enrollment's, else the patient's."""
    return next(iter(practitioners_of(facts, program)), None)


def _why_not(entry: Entry, time: TimeRule, practitioner: str | None, default: str | None) -> str | None:
    if entry.precision == "month":
        return "imported"
    if entry.in_billed_visit:
        return "in-visit"
    if (entry.practitioner or default) != practitioner:
        return "other-practitioner"
    if entry.activity in time.not_counted:
        return "activity"
    if not entry.clinical and not (time.staff == "auxiliary" and entry.credential == "CHW"):
        return "not-clinical"
    return None


LEFT = {
    "imported": "a month's total from a spreadsheet, which is never billed",
    "in-visit": "part of a billed visit",
    "activity": "spent on what is safer not counted",
    "not-clinical": "of staff who are not clinical",
    "enrollment": "on days without enrollment",
    "consent": "on days without consent",
    "initiating-visit": "before the initiating visit",
    "part-a": "in a skilled (Part A) stay",
    "deceased": "after the patient's death",
}


def _note_left(
    facts: MonthFacts,
    rules: Program,
    time: TimeRule,
    why: str,
    entries: list[Entry],
    practitioner: str | None,
    result: MonthResult,
) -> None:
    """Says which minutes are not counted: a warning, for nothing of a bill hangs on them."""
    minutes = sum(entry.seconds for entry in entries) // 60
    rows = tuple(entry.key for entry in entries)
    if why == "other-practitioner":
        names = ", ".join(sorted({entry.practitioner or "?" for entry in entries}))
        says = f"{minutes} min were logged for {names}, not for {practitioner}; only one practitioner bills."
    else:
        says = f"{minutes} min are not counted: {LEFT[why]}."
    row = rules.need({"initiating-visit": "visit"}.get(why, why)) or time
    result.warn(f"not-counted-{why}", rules.program, says, row, rows)


def _note_days(
    facts: MonthFacts, program: str, general: General, kept: Sequence[Entry], result: MonthResult
) -> None:
    """Minutes on days of which the sources say nothing that decides."""
    visits = {one.date for one in facts.visits if one.kind in ("em", "awv", "ippe", "tcm")}
    inside = inpatient_days(facts)
    if not visits and not inside:
        return
    same: list[bytes] = []
    hospital: list[bytes] = []
    for entry in kept:
        day = facts.month.first + timedelta(days=facts.day_number(entry.start))
        if day in visits:
            same.append(entry.key)
        if day in inside:
            hospital.append(entry.key)
    if same:
        result.warn("visit-day", program, ON_A_VISIT_DAY, general["visit-day"], tuple(same))
    if hospital:
        says = "Minutes on days in hospital are counted; whether they may be is not confirmed. Check them."
        result.warn("hospital-days", program, says, general["hospital-days"], tuple(hospital))


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


def first_or_later(facts: MonthFacts, program: str) -> str:
    """Whether the month is the one in which the enrollment starts ("first") or a "later" one."""
    starts = [one.start for one in facts.enrollments if one.program == program and one.start]
    begun = [start for start in starts if start <= facts.month.last]
    return "first" if begun and max(begun) >= facts.month.first else "later"


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
        if code.unsure_over and units > code.unsure_over:
            says = f"{units} × {code.code}: no official limit was found; payers commonly stop at {code.unsure_over}."
            result.warn("cap", rules.program, says, code, rows)
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


def level(facts: MonthFacts, rules: Program, general: General, result: MonthResult) -> Candidate:
    """What advanced primary care management could bill: one code a month by conditions, without minutes."""
    program = rules.program
    practitioner = practitioners_of(facts, program)[0]
    candidate = Candidate(program, practitioner)
    stands = standing(facts, rules, practitioner, result)
    code = _level_code(facts, rules, result)
    if may_bill(facts, rules, general, practitioner, result) and stands.met and code:
        lines = (line_for(facts, program, code, 1, practitioner, None),)
        candidate.options = [Option("level", lines)]
    return candidate


def _level_code(facts: MonthFacts, rules: Program, result: MonthResult) -> Code | None:
    known, unsaid = chronic_conditions(facts)
    if not facts.conditions:
        result.warn(
            "conditions",
            rules.program,
            "No condition is recorded, so the lowest level is taken.",
            rules.families[0],
        )
    elif unsaid and len(known) < 2:
        says = f"{len(unsaid)} of the recorded conditions are not said to be chronic or not; they are not counted."
        result.warn("conditions", rules.program, says, rules.families[0], tuple(one.key for one in unsaid))
    for code in rules.of_family("level"):
        if len(known) < code.conditions:
            continue
        if code.qmb and not facts.qmb:
            if facts.qmb is None:
                says = f"It is not known whether the patient is a Qualified Medicare Beneficiary: then {code.code}."
                result.warn("qmb", rules.program, says, code)
            continue
        return code
    return None
