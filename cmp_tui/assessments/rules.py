"""The scoring of any instrument: pure functions over its description and the answers. Missing is never zero.

Sums, means, weights, reversed items, steps, bands, flags and skip rules mean here what the fields of
`definition.py` say; where they come from for each instrument says its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from cmp_tui.assessments.definition import Answer, Answers, Band, Instrument, Item, Test


@dataclass(frozen=True, slots=True)
class Scored:
    """What answers amount to. `score` is None where an answer that it needs is missing, or where there is none.

    `open` are the items that were asked and have no answer yet; `missing` those without which there is no score,
    those that the patient did not want to answer included. `flags` and `alarms` are named; what is not raised is
    not said to be absent.
    """

    score: float | None
    band: Band | None
    open: tuple[str, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    alarms: tuple[str, ...]
    opens: str
    """The instrument that the score calls for, or ''."""

    @property
    def whole(self) -> bool:
        """Whether nothing that was asked is still open."""
        return not self.open


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Scores answers. Those that don't fit an item count as not given; `wrong_answers` tells them."""
    asked = asked_items(instrument, answers)
    given = {item.name: answers[item.name] for item in asked if fits(item, answers)}
    missing = _missing(instrument, asked, given)
    total = None if instrument.method == "none" or missing else _total(instrument, asked, given)
    opening = instrument.next
    return Scored(
        score=total,
        band=None if total is None else band_of(instrument, total, given),
        open=tuple(item.name for item in asked if item.name not in given and not item.optional),
        missing=missing,
        flags=tuple(flag.name for flag in instrument.flags if _any(instrument, flag.any, given)),
        alarms=tuple(alarm.name for alarm in instrument.alarms if _any(instrument, alarm.any, given)),
        opens=opening.instrument if opening and total is not None and total >= opening.least else "",
    )


def asked_items(instrument: Instrument, answers: Answers) -> list[Item]:
    """Returns the items that are asked by what is answered so far, in their order.

    The answer of an item that is skipped now counts for nothing, in other items' conditions too.
    """
    asked: list[Item] = []
    given: dict[str, Answer] = {}
    for item in instrument.items:
        if all(holds(instrument, test, given) for test in item.when):
            asked.append(item)
            if fits(item, answers):
                given[item.name] = answers[item.name]
    return asked


def holds(instrument: Instrument, test: Test, answers: Answers) -> bool:
    """Tells whether a condition holds for certain: an answer that is missing never makes it hold."""
    if test.values:
        return any(value in test.values for name in test.items for value in _values(answers.get(name)))
    found = [_points(instrument, name, answers) for name in test.items]
    points = [one for one in found if one is not None]
    if len(points) < len(found) and (test.product or test.most is not None):
        return False  # more points may still come
    total = _product(points) if test.product else sum(points)
    return (
        bool(points)
        and (test.least is None or total >= test.least)
        and (test.most is None or total <= test.most)
    )


def points_of(item: Item, answer: Answer) -> Fraction | None:
    """Returns the points of an answer, reversed and weighted as the item says; None without one."""
    if answer is None:
        return None
    raw = _raw(item, answer)
    if item.steps:
        raw = _step(item.steps, raw)
    if item.reverse:
        low, high = _bounds(item)
        raw = low + high - raw
    return raw * Fraction(str(item.weight))


def fits(item: Item, answers: Answers) -> bool:
    """Tells whether there is an answer to an item that the item can have (None: it was declined)."""
    return item.name in answers and not problem_of(item, answers[item.name])


def problem_of(item: Item, answer: object) -> str:
    """Returns why an answer can't be one of this item; '' when it can."""
    if answer is None:
        return ""
    if item.kind == "number":
        if isinstance(answer, bool) or not isinstance(answer, (int, float)):
            return "This is a number."
        if not item.least <= answer <= item.most:
            return f"It lies between {plain(item.least)} and {plain(item.most)}."
        return "" if item.places or answer == int(answer) else "Only whole numbers here."
    if item.kind == "several":
        if not isinstance(answer, list) or len(set(map(str, answer))) != len(answer):
            return "These are several answers, each once."
        if not answer:
            return "Choose at least one, or none of these."
        chosen = [item.option(value) for value in answer]
        if None in chosen:
            return "This is none of the answers."
        alone = any(one.alone for one in chosen if one is not None)
        return "One of these answers stands alone." if alone and len(chosen) > 1 else ""
    return "" if item.option(answer) else "This is none of the answers."


def wrong_answers(instrument: Instrument, answers: Answers) -> dict[str, str]:
    """Returns what can't be right in answers: the item's name and why. Items that are not there are wrong."""
    wrong = {}
    for name, answer in answers.items():
        item = instrument.item(name)
        problem = problem_of(item, answer) if item is not None else "This instrument has no such question."
        if problem:
            wrong[name] = problem
    return wrong


def band_of(instrument: Instrument, total: float, answers: Answers) -> Band | None:
    """Returns the band of a score; None where the instrument has none for it."""
    for band in instrument.bands:
        if band.least <= total <= band.most and all(holds(instrument, test, answers) for test in band.when):
            return band
    return None


def span(instrument: Instrument) -> tuple[float, float]:
    """Returns the least and the most that an instrument's score can be."""
    bounds = [_item_span(item) for item in instrument.items if item.counts]
    if instrument.method == "none" or not bounds:
        return 0.0, 0.0
    # An item that may be skipped adds nothing then.
    lows = [min(low, Fraction(0)) if item.when else low for item, (low, _) in _counted(instrument, bounds)]
    highs = [high for _, high in bounds]
    if instrument.method == "mean":
        return float(min(low for low, _ in bounds)), float(max(highs))
    most = float(sum(highs))
    return float(sum(lows)), most if instrument.cap is None else min(most, float(instrument.cap))


def carried(instrument: Instrument, answers: Answers) -> dict[str, Answer]:
    """Returns the answers that the next instrument starts with, by its own names."""
    if instrument.next is None:
        return {}
    return {
        theirs: answers[ours]
        for ours, theirs in instrument.next.carry.items()
        if answers.get(ours) is not None
    }


def plain(number: float) -> str:
    """Writes a number without an empty decimal: 4, 4.5."""
    return str(int(number)) if number == int(number) else str(number)


# Points


def _missing(instrument: Instrument, asked: Sequence[Item], given: Answers) -> tuple[str, ...]:
    """The items for want of which there is no score."""
    if instrument.method == "none":
        return ()
    counted = [item for item in asked if item.counts and not item.optional]
    absent = tuple(item.name for item in counted if given.get(item.name) is None)
    if instrument.need and len(counted) - len(absent) >= instrument.need:
        return ()
    return absent


def _total(instrument: Instrument, asked: Iterable[Item], given: Answers) -> float:
    found = [points_of(item, given.get(item.name)) for item in asked if item.counts]
    points = [one for one in found if one is not None]
    total = sum(points, Fraction(0))
    if instrument.method == "mean":
        total = total / len(points)
    found_total = rounded(total, instrument.places)
    return found_total if instrument.cap is None else min(found_total, float(instrument.cap))


def rounded(number: Fraction, places: int) -> float:
    """Rounds half up, as people do by hand (2.25 → 2.3), never half to even."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return float(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _points(instrument: Instrument, name: str, answers: Answers) -> Fraction | None:
    item = instrument.item(name)
    return None if item is None else points_of(item, answers.get(name))


def _raw(item: Item, answer: int | float | list[int]) -> Fraction:
    if isinstance(answer, list):
        chosen = [item.option(value) for value in answer]
        return sum((Fraction(str(one.points)) for one in chosen if one is not None), Fraction(0))
    if item.kind == "number":
        return Fraction(str(answer))
    option = item.option(answer)
    return Fraction(0) if option is None else Fraction(str(option.points))


def _step(steps: Sequence[tuple[float, float]], raw: Fraction) -> Fraction:
    """The points of the last step that a number reaches."""
    reached = [points for least, points in steps if raw >= Fraction(str(least))]
    return Fraction(str(reached[-1])) if reached else Fraction(0)


def _bounds(item: Item) -> tuple[Fraction, Fraction]:
    """The least and the most points before reversing and weighing."""
    if item.steps:
        points = [Fraction(str(one)) for _, one in item.steps]
    elif item.kind == "number":
        points = [Fraction(str(item.least)), Fraction(str(item.most))]
    elif item.kind == "several":
        points = [Fraction(0), sum((Fraction(str(one.points)) for one in item.options), Fraction(0))]
    else:
        points = [Fraction(str(one.points)) for one in item.options]
    return min(points), max(points)


def _item_span(item: Item) -> tuple[Fraction, Fraction]:
    low, high = (bound * Fraction(str(item.weight)) for bound in _bounds(item))
    return (Fraction(0), high) if item.optional else (low, high)


def _counted(
    instrument: Instrument, bounds: Sequence[tuple[Fraction, Fraction]]
) -> list[tuple[Item, tuple[Fraction, Fraction]]]:
    return list(zip((item for item in instrument.items if item.counts), bounds, strict=True))


def _values(answer: Answer) -> list[int]:
    if isinstance(answer, list):
        return answer
    return [answer] if isinstance(answer, int) else []


def _any(instrument: Instrument, tests: Iterable[Test], answers: Answers) -> bool:
    return any(holds(instrument, test, answers) for test in tests)


def _product(points: Sequence[Fraction]) -> Fraction:
    result = Fraction(1)
    for one in points:
        result *= one
    return result
