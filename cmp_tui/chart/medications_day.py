"""How medicines are kept up, in words: a day's moments, days covered by refills, what the patient said. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from cmp_tui.clinic.reference import Reference
from cmp_tui.medications.adherence_queries import AnswerLine, Day, Kept
from cmp_tui.medications.adherence_rules import USUAL, Covered
from cmp_tui.medications.dosage_rules import MOMENTS, amount_words
from cmp_tui.ui.words import day_words, plural


def day_line(day: Day) -> str:
    """'6 pieces at 3 moments of the day; the times of 2 medicines are not known; 1 question'"""
    burden = day.burden
    parts = []
    if burden.medicines:
        pieces = "piece" if burden.pieces == 1 else "pieces"
        moments = plural(burden.moments, "moment")
        parts.append(f"{amount_words(burden.pieces)} {pieces} at {moments} of the day")
    if burden.unknown:
        parts.append(f"the times of {plural(burden.unknown, 'medicine')} are not known")
    low = sum(1 for one in day.kept if one.covered is not None and not one.covered.is_usual)
    if low:
        parts.append(f"{plural(low, 'medicine')} covered less than {USUAL} %")
    if day.questions:
        parts.append(f"{plural(len(day.questions), 'question')} to ask")
    return "; ".join(parts) or "nothing is known of the day"


def times_words(grid: Mapping[str, float] | None, unit: str) -> str:
    """'1 morning, ½ bedtime', '10 units bedtime'; '' when not known."""
    return ", ".join(
        f"{amount_words(grid[moment])}{_counted(unit, grid[moment])} {moment}"
        for moment in MOMENTS
        if grid and grid.get(moment)
    )


def _counted(unit: str, amount: float) -> str:
    """' puffs'; nothing for tablets and capsules, which are counted without their name."""
    if unit in ("", "tablet", "capsule"):
        return ""
    many = "" if amount <= 1 or unit == "mL" else "es" if unit.endswith("ch") else "s"
    return f" {unit}{many}"


def covered_words(found: Covered, today: date) -> str:
    """'83 % (50 of 60 days since 25 Sep), supply until 3 Dec'"""
    begins = day_words(found.first, today)
    return (
        f"{found.percent} % ({found.days} of {found.of} days since {begins}), "
        f"supply until {day_words(found.until, today)}"
    )


def answer_words(one: AnswerLine, reference: Reference, today: date) -> str:
    """'missed 2 doses in 7 days, side effects (Mon 23 Nov)'"""
    parts = []
    if one.missed is not None:
        parts.append(f"missed {plural(one.missed, 'dose')} in {plural(one.days or 0, 'day')}")
    if one.barrier:
        parts.append(reference.label("not_taken_why", one.barrier))
    if one.teach_back:
        parts.append(f"said back: {reference.label('teach_back', one.teach_back)}")
    if one.remarks:
        parts.append(" ".join(one.remarks.split()))
    return f"{', '.join(parts)} ({day_words(one.date, today)})"


def kept_words(one: Kept, reference: Reference, today: date) -> Iterator[tuple[str, str]]:
    """Returns label and words of what is known of keeping one medicine up."""
    if one.line.status != "active":
        return
    times = times_words(one.dosing.grid, one.dosing.unit)
    if times:
        yield "In a day", times if one.by_hand else f"{times} (read out of the directions)"
    elif not one.dosing.as_needed:
        yield "In a day", "not known: n g says at which moments"
    if one.covered is not None:
        yield "Covered", covered_words(one.covered, today)
    if one.answer is not None:
        yield "Patient", answer_words(one.answer, reference, today)
