"""The words of a card: where it came from, how long it stands there, what is to be done, by when and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from textual.content import Content

from cmp_tui.enrollment.intake_queries import IntakeCard
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.words import age_words, day_words, due_words, plural

HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "intake": "Intake",
        "outreach": "Outreach",
        "eligibility": "Eligibility",
        "consent": "Assess and consent",
        "enrolled": "Enrolled",
        "declined": "Declined",
        "ineligible": "Not eligible",
        "unreached": "Not reached",
        "held": "On hold",
        "left": "Left",
    }
)
"""What stands above a column."""
SOURCES: Mapping[str, str] = MappingProxyType(
    {"provider-referral": "referred", "claims": "claims", "list": "list", "self-referral": "asked"}
)
"""Where a name came from, in a word."""
SHORT: Mapping[str, str] = MappingProxyType(
    {
        "decide eligibility": "decide",
        "consent asked": "asked",
        "tell the referrer": "tell referrer",
        "not eligible: end it": "not eligible",
        "letter sent: end it": "letter sent",
        "does not come back": "for good",
    }
)
"""Next steps as they stand in a card, where the column says the rest."""
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "take-up": "take up",
        "call": "call",
        "letter": "letter",
        "eligibility": "decide",
        "consent": "consent",
        "assess": "assess",
        "enroll": "enroll",
        "end": "end",
        "answer": "tell",
        "back": "bring back",
        "wait": "chart",
        "done": "chart",
    }
)
"""What enter is called for each kind of next step."""


def whose_words(card: IntakeCard, me: bytes, today: date) -> str:
    """Whose the next step is: 'you', a first name, 'patient', 'nobody'; nothing where nothing is to be done now."""
    if card.step.kind in ("done", "wait") or (card.stage == "ended" and not is_back(card, today)):
        return ""
    if card.step.patients:
        return "patient"
    if card.owner is None:
        return "nobody"
    return "you" if card.owner == me else card.owner_name.split()[0]


def is_back(card: IntakeCard, today: date) -> bool:
    """Whether an ended one has come back."""
    return card.step.kind == "back" and card.step.due is not None and card.step.due <= today


def source_words(card: IntakeCard) -> str:
    """'referred' or 'claims'."""
    return SOURCES.get(card.source, card.source)


def stage_age(card: IntakeCard, today: date) -> int:
    """How many days the card has been in its stage."""
    return max((today - card.entered).days, 0)


def age_of_stage(card: IntakeCard, today: date) -> str:
    """'today', '1 day', '12 days'."""
    days = stage_age(card, today)
    return plural(days, "day") if days else "today"


def age_and_sex(card: IntakeCard, today: date) -> str:
    """'78 F'"""
    years = "died" if card.deceased else age_words(card.birth_date, today) if card.birth_date else ""
    return f"{years:>3} {card.sex}"


def sign_of(card: IntakeCard, signs: Signs, today: date) -> tuple[str, str]:
    """The sign of a card and its colour: overdue, due today, later, done."""
    step = card.step
    if step.kind == "done":
        return (signs.done, "$accent") if card.stage == "enrolled" else (" ", "")
    if step.due is None or step.due > today:
        return signs.later, "$dim"
    return (signs.overdue, "$coral") if step.due < today else (signs.today, "$amber")


def is_late(card: IntakeCard, today: date) -> bool:
    """Whether its next step is overdue."""
    return card.step.kind != "done" and card.step.due is not None and card.step.due < today


def step_words(card: IntakeCard, today: date, *, short: bool = True) -> str:
    """'2nd try, afternoon'; short, as in a card: '2nd try Wed 25'."""
    step = card.step
    words = SHORT.get(step.words, step.words.partition(",")[0]) if short else step.words
    if step.kind == "back":
        if step.due is not None and step.due > today:
            return f"back {day_words(step.due, today)}"
        return words
    if step.kind == "wait" and step.due is not None:
        return f"{words} {day_words(step.due, today)}"
    if short and step.kind == "call" and step.due is not None and card.tries.made and step.due > today:
        return f"{words} {due_words(step.due, today)}"
    return words


def step_content(card: IntakeCard, signs: Signs, today: date) -> Content:
    """The sign and the next step, as they stand in a card."""
    sign, style = sign_of(card, signs, today)
    quiet = "$dim" if card.step.kind in ("done", "wait") or card.step.patients else ""
    return Content.assemble((f"{sign} ", style), (step_words(card, today), quiet))
