"""The lines of the chart's Education: topics taught and to be taught, classes, preventive care. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.education.queries import ClassLine, TeachingLine
from cmp_tui.education.rules import INVITED, is_due, latest_of_each
from cmp_tui.measurements.preventive_queries import AnswerLine
from cmp_tui.measurements.preventive_rules import Gap

AGAIN, UNTAUGHT, TAUGHT, CLASS, GAP, ANSWER = "again", "untaught", "taught", "class", "gap", "answer"
HEADINGS: Mapping[str, str] = {
    AGAIN: "To teach again", UNTAUGHT: "Suggested by templates that fit, not taught yet", GAP: "Preventive care due",
    CLASS: "Classes", TAUGHT: "Taught", ANSWER: "Preventive care, answered",
}  # fmt: skip
"""The parts of the panel, in their order."""


class Education(NamedTuple):
    """What the panel shows of a patient."""

    teachings: Sequence[TeachingLine]
    classes: Sequence[ClassLine]
    suggested: Mapping[str, str]
    gaps: Sequence[Gap]
    answers: Sequence[AnswerLine]


class Row(NamedTuple):
    """A line: its part, the topic or measure, what stands behind it (the suggesting template's title for UNTAUGHT)."""

    part: str
    name: str
    source: Any

    @property
    def key(self) -> Hashable:
        """By what the cursor stays with the line."""
        record = self.record
        return (self.part, record) if record else (self.part, self.name)

    @property
    def record(self) -> bytes | None:
        """The key of the record behind the line."""
        return self.source.id if isinstance(self.source, TeachingLine | ClassLine | AnswerLine) else None

    @property
    def topic(self) -> str:
        """The topic that the line is about; "" for preventive care."""
        return "" if self.part in (GAP, ANSWER) else self.name

    @property
    def day(self) -> date | None:
        """The day of the line: when it is due, or when it was."""
        source = self.source
        if isinstance(source, Gap):
            return source.last.day if source.last else None
        if isinstance(source, TeachingLine):
            return source.repeat_on if self.part == AGAIN else source.date
        return source.date if isinstance(source, ClassLine | AnswerLine) else None


def lines(found: Education, today: date) -> Iterator[Row]:
    """Gives the lines in the order of HEADINGS: what is to be taught again first, by its day.

    A repetition that is still to come stands there, too; a topic that was taught since is no repetition.
    """
    latest = latest_of_each(found.teachings)
    waiting = sorted(
        (one for one in latest.values() if one.repeat_on is not None), key=lambda one: (one.repeat_on, one.id)
    )
    yield from (Row(AGAIN, one.topic, one) for one in waiting)
    yield from (
        Row(UNTAUGHT, topic, title) for topic, title in found.suggested.items() if topic not in latest
    )
    yield from (Row(GAP, one.measure.name, one) for one in found.gaps)
    yield from (Row(CLASS, one.topic, one) for one in found.classes)
    again = {one.id for one in waiting}
    yield from (Row(TAUGHT, one.topic, one) for one in found.teachings if one.id not in again)
    yield from (Row(ANSWER, one.measure, one) for one in found.answers)


def is_pressing(row: Row, today: date) -> bool:
    """Tells whether a line asks for something now."""
    if row.part == AGAIN:
        return is_due(row.source, today)
    return row.part == CLASS and row.source.status == INVITED and row.source.date < today
