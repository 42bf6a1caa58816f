"""A patient's month as one row of a list: how it stands, what it bills, what is in the way in a few words. Pure.

Rows come in the order of what needs attention. Care comes first: what is missing in the record stands before minutes,
and no row asks for time that nobody has a reason to spend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from cmp_tui.billing.engine.days import enrolled_spans
from cmp_tui.billing.engine.facts import MonthFacts
from cmp_tui.billing.engine.forecast import Forecast, Pace, forecast
from cmp_tui.billing.engine.month import RulesOfMonth
from cmp_tui.billing.engine.result import Line, MonthResult, Note
from cmp_tui.clinic.calendar import MONTHS
from cmp_tui.enrollment.rules import ConsentFact, consent_on

State = Literal["blocked", "amended", "short", "way", "ready", "check", "barred", "out", "none"]
STATES: tuple[State, ...] = (
    "blocked", "amended", "short", "way", "ready", "check", "barred", "out", "none",
)  # fmt: skip
"""How a month stands, in the order of what needs attention.

"blocked": a form mends what is in the way; "amended": the month is closed and would come out otherwise now; "short":
minutes are missing and can be reached; "way": the usual pace reaches them; "ready": there is something to bill;
"check": what is billed is for the payer to say, or no rules are loaded; "barred": what is in the way stays there;
"out": the minutes can't be reached any more; "none": nothing to do.
"""
RANKS: Mapping[str, int] = MappingProxyType({state: rank for rank, state in enumerate(STATES)})
Mend = Literal["", "consent", "enrollment", "condition", "patient", "entry", "plan"]
"""The form that mends what a note says; "" where there is none."""

MINUTES = "minutes"
_ORDER = (
    "deceased", "not-payable", "rules-not-loaded", "consent", "enrollment", "conditions", "initiating-visit", "plan",
    "plan-given", "live-contact", "mdm", "tcm-contact", "tcm-visit", "tcm-reconciliation", "practitioner", "exclusion",
    "billed-already",
)  # fmt: skip
_LAST = (MINUTES, "payer", "mbi", "qmb")
"""Clinical reasons stand first, minutes and the claim's own needs last."""


class MonthRow(NamedTuple):
    """One patient's month. Minutes are those of the program that counts them, `wanted` those of its first code.

    `says` is what blocks or warns first, `mend` the form that mends it; `missing` minutes are told by the list itself,
    with their day. `usual` is the minutes of a usual month, 0 when nothing is known of it.
    """

    id: bytes
    mrn: str
    family: str
    given: str
    month: str
    state: State
    programs: str
    minutes: int
    wanted: int
    missing: int
    usual: int
    lines: str
    says: str
    mend: Mend
    practitioner: str


Paces = Callable[[bytes, str], Pace]
"""The usual pace of a patient in a program."""


def row_of(result: MonthResult, by: RulesOfMonth, pace: Paces) -> MonthRow:
    """Returns the row of a judged month."""
    facts = result.facts
    seen = forecasts(result, by, pace)
    state, note = _state(result, by, seen)
    main = _main(seen)
    family, _, given = facts.name.partition(", ")
    shown = _shown_lines(result)
    usual = pace(facts.key, main.program).month if main else 0
    return MonthRow(
        facts.key, facts.mrn, family, given, str(facts.month), state, " ".join(programs_of(result)),
        main.minutes if main else 0, main.wanted if main else 0, main.missing if main else 0, usual,
        lines_words(shown), brief(note, facts) if note else "", mend_of(note, facts) if note else "",
        practitioner_of(result),
    )  # fmt: skip


def forecasts(result: MonthResult, by: RulesOfMonth, pace: Paces) -> list[Forecast]:
    """Looks ahead in each program of the month that counts minutes."""
    found = [
        forecast(result.facts, result, by.rules, program, pace(result.facts.key, program))
        for program in programs_of(result)
    ]
    return [one for one in found if one.wanted]


def programs_of(result: MonthResult) -> list[str]:
    """The programs that the month is about: enrolled in, worked for, or billed; in the clinic's order of preference."""
    facts = result.facts
    there = {one.program for one in facts.enrollments if enrolled_spans(facts, one.program)}
    there |= set(result.minutes) | {line.program for line in result.lines}
    there |= {note.program for note in result.blocked if note.program}
    order = facts.choices.programs
    return sorted(
        there, key=lambda program: (order.index(program) if program in order else len(order), program)
    )


def practitioner_of(result: MonthResult) -> str:
    """Who bills, by name; '' when nobody is known."""
    facts = result.facts
    username = next((line.practitioner for line in result.lines if line.practitioner), facts.practitioner)
    if username is None:
        held = [one.practitioner for one in facts.enrollments if one.practitioner]
        username = held[-1] if held else ""
    person = facts.staff.get(username)
    return person.name if person else username


def lines_words(lines: Iterable[Line]) -> str:
    """'99490 + 99439×2'"""
    return " + ".join(line.code if line.units == 1 else f"{line.code}×{line.units}" for line in lines)


def sorted_notes(notes: Iterable[Note]) -> list[Note]:
    """Notes with the clinical ones first, minutes and the claim's own needs last."""
    return sorted(notes, key=_rank)


def _rank(note: Note) -> int:
    if note.rule in _LAST:
        return 100 + _LAST.index(note.rule)
    return _ORDER.index(note.rule) if note.rule in _ORDER else 50


# How it stands


def _state(result: MonthResult, by: RulesOfMonth, seen: Sequence[Forecast]) -> tuple[State, Note | None]:
    """How a month stands, and the note that says why, if it is one."""
    hard = sorted_notes(note for note in result.blocked if note.rule not in (MINUTES, "rules-not-loaded"))
    warnings = sorted_notes(result.warnings)
    for note in hard:
        theirs = [one for one in hard if one.program == note.program]
        if all(mend_of(one, result.facts) for one in theirs):
            return "blocked", note
    outlooks = {one.outlook for one in seen}
    if "open" in outlooks:
        return "short", None
    if "likely" in outlooks:
        return "way", None
    if result.lines:
        return "ready", _worth_saying(hard or warnings)
    if not by.loaded:
        told = (*result.blocked, *result.warnings)
        return "check", next((note for note in told if note.rule == "rules-not-loaded"), None)
    if asks_payer(result) and result.alternatives:
        return "check", next(note for note in warnings if note.rule == "payer")
    if hard:
        return "barred", hard[0]
    if "out-of-reach" in outlooks:
        return "out", None
    return "none", _worth_saying(warnings)


def asks_payer(result: MonthResult) -> bool:
    """Whether another payer than Medicare says what is billed."""
    return result.facts.payer is not None and any(note.rule == "payer" for note in result.warnings)


def _worth_saying(notes: Sequence[Note]) -> Note | None:
    """The first note, if it is about care; who pays stands in the preview."""
    first = next(iter(notes), None)
    return first if first is not None and first.rule not in _LAST else None


def _main(seen: Sequence[Forecast]) -> Forecast | None:
    """The program whose minutes the row shows: one that is short, else the first that has any."""
    for wanted in (("open",), ("likely",)):
        for one in seen:
            if one.outlook in wanted:
                return one
    return next((one for one in seen if one.minutes), seen[0] if seen else None)


def _shown_lines(result: MonthResult) -> Sequence[Line]:
    """What is billed; for another payer what Medicare's rules would bill."""
    if not result.lines and asks_payer(result) and result.alternatives:
        return result.alternatives[0].lines
    return result.lines


# Words and forms


def mend_of(note: Note, facts: MonthFacts) -> Mend:
    """The form that mends what a note says. What was decided otherwise, or came too late, no form mends."""
    rule, program, last = note.rule, note.program or "", facts.month.last
    if rule == "consent":
        later = any(one.program == program and one.date > last for one in facts.consents)
        return "" if later or _decision(facts, program) in ("declined", "revoked") else "consent"
    if rule == "enrollment":
        known = [one for one in facts.enrollments if one.program == program]
        ended = any(one.end is not None and one.end < facts.month.first for one in known)
        return "" if ended else "enrollment"
    if rule == "conditions":
        return "condition"
    if rule in ("practitioner", "mbi", "qmb") or (rule == "payer" and facts.payer is None):
        return "patient"
    if rule in ("no-program", "overlap") or rule.startswith("not-counted"):
        return "entry"
    if rule in ("plan", "plan-given"):
        return "plan"
    return ""


def mends_in(result: MonthResult) -> list[tuple[Note, Mend]]:
    """The notes that a form mends, what blocks first, each form for a program once."""
    found: dict[tuple[Mend, str | None], Note] = {}
    for note in (*sorted_notes(result.blocked), *sorted_notes(result.warnings)):
        mend = mend_of(note, result.facts)
        if mend:
            found.setdefault((mend, note.program if mend in ("consent", "enrollment") else None), note)
    return [(note, mend) for (mend, _), note in found.items()]


def _decision(facts: MonthFacts, program: str) -> str | None:
    return consent_on([ConsentFact(*one[:4]) for one in facts.consents], program, facts.month.last)


def brief(note: Note, facts: MonthFacts) -> str:
    """A note in a few words, for a row."""
    program = note.program or ""
    if note.rule == "consent":
        return _brief_consent(note, facts, program)
    if note.rule == "enrollment":
        ended = [
            one.end
            for one in facts.enrollments
            if one.program == program and one.end is not None and one.end < facts.month.first
        ]
        return f"{program} ended {_day(max(ended))}" if ended else f"not enrolled in {program}"
    if note.rule == "payer":
        return "payer not known" if facts.payer is None else f"check with {facts.payer}"
    if note.rule == "deceased" and facts.deceased_on is not None:
        return f"died {_day(facts.deceased_on)}"
    if note.rule in _BRIEF:
        return _BRIEF[note.rule]
    says = note.says.removesuffix(".").replace(f" in {facts.month.label}", "").removeprefix("The ")
    return says if says[:2].isupper() or says[:1].isdigit() else says[:1].lower() + says[1:]


def _brief_consent(note: Note, facts: MonthFacts, program: str) -> str:
    decision = _decision(facts, program)
    if decision == "declined":
        return f"declined {program}"
    if decision == "revoked":
        return f"consent to {program} revoked"
    if decision == "accepted":
        return f"consent to {program} was for another practitioner"
    later = any(one.program == program and one.date > facts.month.last for one in facts.consents)
    return f"consent to {program} came later" if later else f"no consent to {program}"


def _day(day: object) -> str:
    """'31 Oct 2026': the list of a past month must not leave the year open."""
    year, month, number = str(day).split("-")
    return f"{int(number)} {MONTHS[int(month) - 1][:3]} {year}"


_BRIEF: Mapping[str, str] = MappingProxyType(
    {
        "conditions": "chronic conditions missing",
        "initiating-visit": "initiating visit missing",
        "plan": "no care plan recorded",
        "plan-given": "plan not given yet",
        "live-contact": "no live contact this month",
        "mdm": "complexity not judged",
        "tcm-contact": "not reached in two business days",
        "tcm-visit": "no visit in time after the discharge",
        "tcm-reconciliation": "medicines not reconciled by the visit",
        "billed-already": "billed already",
        "overlap": "minutes logged twice count once",
        "no-program": "minutes logged to no program",
        "visit-day": "minutes on the day of a visit",
        "hospital-days": "minutes on days in hospital",
        "not-counted-activity": "some minutes are not counted",
        "not-counted-not-clinical": "minutes of staff who are not clinical",
        "not-counted-consent": "minutes before consent",
        "not-counted-enrollment": "minutes before enrollment",
        "practitioner": "who bills is to be settled",
        "mbi": "no Medicare number",
    }
)

# Order

SORTS = ("attention", "name", "minutes", "least", "practitioner")


def in_order(rows: Iterable[MonthRow], sort: str = "attention") -> list[MonthRow]:
    """Returns rows sorted by what needs attention (who is least short first), by name, minutes or practitioner."""

    def name(row: MonthRow) -> tuple[str, str, str]:
        return row.family.casefold(), row.given.casefold(), row.mrn

    keys: Mapping[str, Callable[[MonthRow], tuple[object, ...]]] = {
        "attention": lambda row: (
            RANKS[row.state],
            row.missing if row.state in ("short", "way") else 0,
            *name(row),
        ),
        "name": lambda row: name(row),
        "minutes": lambda row: (-row.minutes, *name(row)),
        "least": lambda row: (row.minutes, *name(row)),
        "practitioner": lambda row: (row.practitioner.casefold(), RANKS[row.state], *name(row)),
    }
    return sorted(rows, key=keys[sort])
