"""What the checklist says in words: of each answer, and what to ask where something is not known. Pure.

Days and names are said by who shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from cmp_tui.enrollment.eligibility_rules import NO, UNKNOWN, VISIT_FIRST, YES, Book, Checked, Finding

HEADINGS: Mapping[str, str] = {
    "payer": "Insurance",
    "conditions": "Conditions",
    "purpose": "What it is for",
    "visit": "Initiating visit",
    "elsewhere": "Other programs",
    "use": "High use",
    "needs": "Psychosocial needs",
    "score": "Payer's risk score",
}
VERDICTS: Mapping[str, str] = {YES: "yes", NO: "no", UNKNOWN: "not known", VISIT_FIRST: "visit first"}
SHORT: Mapping[str, str] = {YES: "yes", NO: "no", UNKNOWN: "?", VISIT_FIRST: "visit"}
"""The same in a narrow column."""


class Teller(NamedTuple):
    """How days and practitioners are said."""

    day: Callable[[date], str]
    name: Callable[[str], str]


def sentence(found: Finding, program: str, book: Book, tell: Teller) -> str:
    """Returns what was found of a criterion for a program, and what to do or to ask where that helps."""
    said: dict[str, Callable[[Finding, str, Book, Teller], str]] = {
        "payer": _payer, "conditions": _conditions, "purpose": _purpose, "visit": _visit,
        "elsewhere": _elsewhere, "use": _use, "needs": _needs, "score": _score,
    }  # fmt: skip
    return said[found.what](found, program, book, tell)


def verdict_words(checked: Checked) -> str:
    """Returns a program's verdict with its weightiest reason: "yes (2 conditions)", "no (too few conditions)"."""
    return f"{VERDICTS[checked.verdict]}{_because(checked)}"


def _because(checked: Checked) -> str:
    if checked.verdict == VISIT_FIRST:
        return ""
    wanted = checked.verdict
    for one in checked.findings:
        if one.answer != wanted or (wanted == YES and one.what not in ("conditions", "purpose")):
            continue
        return f" ({_SHORTLY.get((one.what, one.how), HEADINGS[one.what].lower())})".replace(
            "#", str(one.number)
        )
    return ""


_SHORTLY: Mapping[tuple[str, str], str] = {
    ("payer", "died"): "has died",
    ("payer", "not-known"): "payer not known",
    ("payer", "other"): "ask the payer",
    ("conditions", "chronic"): "# chronic",
    ("conditions", "treated"): "# it is for",
    ("conditions", "none-recorded"): "no condition recorded",
    ("conditions", "not-said"): "# not said to be chronic",
    ("conditions", "too-few"): "# chronic",
    ("conditions", "none-of-it"): "no condition it is for",
    ("purpose", "discharge"): "a discharge",
    ("purpose", "no-discharge"): "no discharge",
    ("purpose", "discharge-ask"): "left for where?",
    ("purpose", "social"): "a social need",
    ("purpose", "no-social"): "no social need",
    ("purpose", "social-ask"): "social needs not asked",
    ("purpose", "social-half"): "social needs half asked",
    ("purpose", "serious"): "a serious illness",
    ("purpose", "serious-ask"): "serious illness?",
    ("purpose", "device"): "a device",
    ("purpose", "device-ask"): "device?",
    ("visit", "none"): "no visit recorded",
    ("visit", "unsure"): "discussed at the visit?",
    ("elsewhere", "billed"): "another practice bills",
    ("elsewhere", "billed-ask"): "who bills?",
    ("elsewhere", "with-another"): "with another practice",
    ("elsewhere", "beside"): "in another program",
}


def _payer(found: Finding, program: str, book: Book, tell: Teller) -> str:
    match found.how:
        case "died":
            return "The patient has died."
        case "medicare":
            return f"{found.words} pays for it."
        case "not-known":
            return "The payer is not known: ask for the insurance card."
    return f"{found.words} is not Medicare's own plan: ask the payer whether it pays for {program}."


def _conditions(found: Finding, program: str, book: Book, tell: Teller) -> str:
    many = found.number
    match found.how:
        case "chronic":
            return f"{_plural(many, 'chronic condition')}."
        case "treated":
            return f"{_plural(many, 'condition')} of the kind that {program} is for."
        case "none-recorded":
            return "No condition is recorded: ask the practice for the problem list."
        case "not-said":
            return (
                f"Of {_plural(many, 'condition')} nobody has said whether it is chronic: ask who treats it whether it "
                "is expected to last."
            )
        case "too-few":
            return (
                f"{_plural(many, 'condition')} that may be chronic; {program} needs {_wanted(program, book)}."
            )
    if found.answer == UNKNOWN:
        return f"No condition of the kind that {program} is for is recorded; the rule is not confirmed."
    return f"No condition of the kind that {program} is for is recorded."


def _wanted(program: str, book: Book) -> str:
    need = next((one.conditions for one in book.programs if one.program == program), None)
    return "more" if need is None else "one" if need.count == 1 else str(need.count)


def _purpose(found: Finding, program: str, book: Book, tell: Teller) -> str:
    day = tell.day(found.day) if found.day else ""
    match found.how:
        case "discharge":
            return f"Discharged {day}, within the 30 days of a transition."
        case "discharge-ask":
            return f"Discharged {day}: ask where to; a transition needs home or a place like home."
        case "no-discharge":
            return "No discharge in the last 30 days."
        case "social":
            return f"{_plural(found.number, 'social need')} ({found.words}), asked {day}."
        case "no-social":
            return f"Asked {day}; no social need was flagged."
        case "social-half":
            return f"The social needs questions of {day} are half done: finish them."
        case "social-ask":
            return "The social needs were not asked within the year: ask them (chart, Assessments)."
        case "serious":
            return f"{_plural(found.number, 'serious illness', 'serious illnesses')}: a practitioner confirms it."
        case "serious-ask":
            return "Ask the practitioner whether an illness is serious and expected to last three months or more."
        case "device":
            return f"A device sent readings until {day}."
    return "No device has sent readings: ask whether one is ordered."


def _visit(found: Finding, program: str, book: Book, tell: Teller) -> str:
    day = tell.day(found.day) if found.day else ""
    by = f" with {tell.name(found.words)}" if found.words else ""
    match found.how:
        case "none":
            return "No visit is recorded: ask when they were last seen, and by whom."
        case "met":
            return f"Seen {day}{by}."
        case "unsure":
            return f"New on {day}{by}: was {program} talked about? Say so at the visit, or ask who saw them."
        case "undiscussed":
            return f"{program} was not talked about at the only visit ({day}): it takes another one."
    span = (
        ""
        if not found.number
        else " within the year"
        if found.number == 1
        else f" within {found.number} years"
    )
    unsure = " The rule is not confirmed." if found.answer == UNKNOWN else ""
    return f"No visit{span} that can initiate it; the last of any kind was {day}. Book one.{unsure}"


def _elsewhere(found: Finding, program: str, book: Book, tell: Teller) -> str:
    day = tell.day(found.day) if found.day else ""
    match found.how:
        case "clear":
            return "Nothing that another practitioner bills is known to stand in the way."
        case "in-it":
            return f"In {program} with us already{', since ' + day if day else ''}."
        case "with-another":
            return f"In {program} with {tell.name(found.words)}: only one practitioner is paid."
        case "billed":
            return f"Another practitioner billed {found.words} ({day})."
        case "billed-ask":
            return f"Billed {day} was {found.words}. Ask who bills it."
    return f"In {found.words}{' since ' + day if day else ''}: only one of {found.words} and {program} is billed."


def _use(found: Finding, program: str, book: Book, tell: Teller) -> str:
    since = tell.day(found.day) if found.day else ""
    if found.how == "none-recorded":
        return f"No stay or emergency visit since {since} is recorded: ask whether there was one."
    return f"{_plural(found.number, 'stay or emergency visit', 'stays and emergency visits')} since {since}."


def _needs(found: Finding, program: str, book: Book, tell: Teller) -> str:
    day = tell.day(found.day) if found.day else ""
    match found.how:
        case "needs":
            return f"{_plural(found.number, 'flag')} ({found.words}), last asked {day}."
        case "no-needs":
            return f"Asked {day}; nothing was flagged."
        case "needs-half":
            return f"The questions of {day} are half done: finish them."
    return "Not asked within the year: ask the social needs questions (chart, Assessments)."


def _score(found: Finding, program: str, book: Book, tell: Teller) -> str:
    if found.how == "no-score":
        return "No score came from a payer."
    day = tell.day(found.day) if found.day else ""
    meaning = ": ask the payer what it means" if found.how == "score-ask" else ""
    return f"{found.words}, {day}{meaning}."


def _plural(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
