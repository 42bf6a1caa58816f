"""What answers amount to, in words: the score with its range and band, what is missing, how far one is. Pure."""

from __future__ import annotations

from cmp_tui.assessments.definition import Answers, Instrument, Item
from cmp_tui.assessments.rules import Scored, asked_items, plain, score, span

DECLINED = "-"
"""How a form writes that the patient did not want to answer, and its key."""
DECLINED_WORDS = "did not want to answer"


def score_words(instrument: Instrument, total: float, band: str | None) -> str:
    """Returns '14 of 27, moderate'; of a mean its range, '5.3 (0 to 10)'."""
    low, high = span(instrument)
    if instrument.method == "mean":
        words = f"{total:.{instrument.places}f} ({plain(low)} to {plain(high)})"
    else:
        words = f"{plain(total)} of {plain(high)}"
    unit = f" {instrument.unit}" if instrument.unit else ""
    return f"{words}{unit}{f', {band}' if band else ''}"


def missing_words(instrument: Instrument, scored: Scored) -> str:
    """Returns what a score wants: 'no score: 3, 7 are not answered'; '' when nothing is missing."""
    if not scored.missing:
        return ""
    numbers = [item.number for item in instrument.items if item.name in scored.missing]
    shown = ", ".join(numbers[:8]) + (" …" if len(numbers) > 8 else "")
    verb = "is" if len(numbers) == 1 else "are"
    enough = f" (a score needs {instrument.need} answers)" if instrument.need else ""
    return f"no score: {shown} {verb} not answered{enough}"


def far_words(instrument: Instrument, answers: Answers) -> str:
    """Returns how far one is: '5 of 9 answered, 7 so far'; when all is there the score itself."""
    scored = score(instrument, answers)
    if scored.score is not None:
        return score_words(instrument, scored.score, scored.band.words if scored.band else None)
    asked = [item for item in asked_items(instrument, answers) if not item.optional]
    done = sum(1 for item in asked if item.name in answers)
    return f"{done} of {len(asked)} answered"


def answer_words(item: Item, value: object) -> str:
    """Returns an answer in words; '' for none."""
    if value is None:
        return ""
    if value == DECLINED:
        return DECLINED_WORDS
    if isinstance(value, (list, tuple)):
        return "; ".join(one.words for one in map(item.option, value) if one is not None)
    if item.kind == "number" and isinstance(value, (int, float)):
        return f"{plain(value)} {item.unit}".strip()
    option = item.option(value)
    return option.words if option else ""
