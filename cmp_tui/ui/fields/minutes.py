"""Minutes, typed as a number, as hours and minutes, or as a span of the clock."""

from dataclasses import dataclass

from cmp_tui.ui.dates import Unclear
from cmp_tui.ui.fields.base import Here, Reading
from cmp_tui.ui.fields.line import LineField
from cmp_tui.ui.spans import Span, parse_span, say_minutes, say_span


@dataclass(frozen=True, kw_only=True)
class MinutesField(LineField):
    """Whole minutes as a `Span`; a span of the clock keeps its start and end."""

    limit: int = 30
    type_over: bool = True
    least: int = 1
    most: int = 24 * 60

    def write(self, value: object, here: Here) -> str:
        if isinstance(value, Span):
            return str(value.minutes)
        return "" if value is None else str(value)

    def parse(self, text: str, here: Here) -> Reading:
        read = parse_span(text, here.now())
        if isinstance(read, Unclear):
            return Reading(error=read.sentence)
        if read.span.minutes < self.least:
            return Reading(error=f"That is less than {say_minutes(self.least)}: type at least {self.least}.")
        if read.span.minutes > self.most:
            return Reading(error=f"That is more than {say_minutes(self.most)}: check the minutes.")
        return Reading(read.span, read.echo)

    def echo(self, value: object, here: Here) -> str:
        return say_span(value) if isinstance(value, Span) else super().echo(value, here)

    def same(self, one: object, other: object) -> bool:
        return _span(one) == _span(other)

    def say(self, value: object, here: Here) -> str:
        span = _span(value)
        if span is None:
            return super().say(value, here)
        clock = say_span(span) if span.start else ""
        return f"{say_minutes(span.minutes)} {clock}".strip()


def _span(value: object) -> Span | None:
    if isinstance(value, Span):
        return Span(value.minutes, value.start, value.end)
    return Span(value) if isinstance(value, int) else None
