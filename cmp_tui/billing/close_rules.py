"""What stands in the way of closing a month: what nobody has recorded for patients who have something to bill. Pure.

What is recorded to the contrary (a consent that was declined, a complexity that is too low) stands in nobody's way: it
is decided, and the month shows it as blocked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from cmp_tui.billing.engine.result import MonthResult, Note
from cmp_tui.clinic.calendar import Month
from cmp_tui.enrollment.rulebook import Rulebook
from cmp_tui.enrollment.rules import ConsentFact, consent_on

Kind = Literal[
    "closed", "month-open", "rules", "draft", "timer", "enrollment", "consent", "initiating-visit", "plan",
    "plan-given", "reconciliation", "complexity", "mbi", "no-program", "signature", "overlap",
]  # fmt: skip
Mend = Literal[
    "",
    "consent",
    "enrollment",
    "plan",
    "approval",
    "visit",
    "stay",
    "complexity",
    "patient",
    "entry",
    "draft",
    "timer",
]
"""The form that mends it: that of the record which is missing or to be changed. "" when nothing but waiting does."""


IN_WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        "closed": "closed already",
        "month-open": "not over",
        "rules": "rules not loaded",
        "draft": "open draft",
        "timer": "timer not logged",
        "enrollment": "no enrollment",
        "consent": "no consent",
        "initiating-visit": "initiating visit unsure",
        "plan": "no care plan",
        "plan-given": "plan not given",
        "reconciliation": "medicines not reconciled",
        "complexity": "no complexity",
        "mbi": "no Medicare number",
        "no-program": "time without a program",
        "signature": "second signature missing",
        "overlap": "time for two at once",
    }
)
"""What stands in the way, in two or three words."""


class Stand(NamedTuple):
    """Something that stands in the way of closing a month.

    `says` is a sentence; `rows` are the records behind it (a draft's or timer's key, too), the first one to open.
    What is not `passable` is never closed past, whatever the reason.
    """

    kind: Kind
    says: str
    mend: Mend = ""
    patient: bytes | None = None
    mrn: str = ""
    name: str = ""
    program: str | None = None
    rows: tuple[bytes, ...] = ()
    passable: bool = True


OF_NOTES: Mapping[str, tuple[Kind, Mend]] = MappingProxyType(
    {
        "enrollment": ("enrollment", "enrollment"),
        "consent": ("consent", "consent"),
        "initiating-visit": ("initiating-visit", "visit"),
        "plan": ("plan", "plan"),
        "plan-given": ("plan-given", "plan"),
        "tcm-reconciliation": ("reconciliation", "stay"),
        "mdm": ("complexity", "complexity"),
        "mbi": ("mbi", "patient"),
        "no-program": ("no-program", "entry"),
    }
)
"""The notes of the engine that stand in the way, by rule."""


def counts(stands: Iterable[Stand]) -> str:
    """'2 timer not logged, 73 no care plan': how often each kind stands in the way."""
    found = Counter(one.kind for one in stands)
    return ", ".join(f"{found[kind]} {words}" for kind, words in IN_WORDS.items() if found[kind])


def of_the_month(month: Month, today: date, rules: Rulebook) -> list[Stand]:
    """What keeps a month from being closed at all: it is not over, or there are no rules for it."""
    found = []
    if today <= month.last:
        after = month.next().first
        says = f"{month.label} is not over; it can be closed from {after:%d %b %Y} on.".replace(" 0", " ")
        found.append(Stand("month-open", says, passable=False))
    if not (rules.first_day <= month.first and month.last <= rules.last_day):
        says = f"The rules for {month.year} are not loaded: nothing can be billed by guesses. Update the program."
        found.append(Stand("rules", says, passable=False))
    return found


def of_patient(result: MonthResult) -> list[Stand]:
    """What is missing for a patient who has something to bill, or would have but for that."""
    programs = bills(result)
    if not programs:
        return []
    facts = result.facts
    found = []
    for note in (*result.blocked, *result.warnings):
        named = OF_NOTES.get(note.rule)
        if named is None or not (note.program is None or note.program in programs):
            continue
        if note in result.blocked and not _missing(result, note):
            continue
        kind, mend = named
        if note.rule == "mdm" and note.program == "TCM":
            mend = "visit"
        found.append(Stand(kind, note.says, mend, facts.key, facts.mrn, facts.name, note.program, note.rows))
    return found


def bills(result: MonthResult) -> set[str]:
    """The programs that have a line, and those that would have one if what is missing were there."""
    stopped: dict[str, list[Note]] = {}
    for note in result.blocked:
        if note.program is not None:
            stopped.setdefault(note.program, []).append(note)
    open_ = {program for program, notes in stopped.items() if all(_missing(result, note) for note in notes)}
    return {line.program for line in result.lines} | open_


def _missing(result: MonthResult, note: Note) -> bool:
    """Whether what blocks is only that something is not recorded (so far): recording it may mend it."""
    facts, program = result.facts, note.program or ""
    if note.rule == "consent":
        decided = [ConsentFact(*one[:4]) for one in facts.consents]
        return consent_on(decided, program, facts.month.last) not in ("declined", "revoked")
    if note.rule == "enrollment":  # somebody agreed to it and was worked with: the enrollment was forgotten
        asked = any((other.rule, other.program) == ("consent", program) for other in result.blocked)
        return not asked and not any(one.program == program and one.start for one in facts.enrollments)
    if note.rule == "mdm":
        if any(one.program in (None, program) for one in facts.complexity):
            return False
        return not any(one.key in note.rows and one.mdm for one in facts.visits)
    if note.rule == "tcm-reconciliation":
        return not any(one.key in note.rows and one.reconciled_on for one in facts.stays)
    return note.rule in ("plan", "plan-given")
