"""A time of day."""

from dataclasses import dataclass
from datetime import time

from cmp_tui.ui.dates import Unclear
from cmp_tui.ui.fields.base import Here, Reading
from cmp_tui.ui.fields.line import LineField
from cmp_tui.ui.times import parse_time, say_time, write_time


@dataclass(frozen=True, kw_only=True)
class TimeField(LineField):
    """A time of day on the clinic's clock: '10:04', '9a', 'now', '-10m'."""

    limit: int = 20
    type_over: bool = True

    def write(self, value: object, here: Here) -> str:
        return write_time(value) if isinstance(value, time) else ""

    def parse(self, text: str, here: Here) -> Reading:
        read = parse_time(text, here.now())
        if isinstance(read, Unclear):
            return Reading(error=read.sentence)
        return Reading(read.at, f"= {read.echo}")

    def echo(self, value: object, here: Here) -> str:
        return say_time(value) if isinstance(value, time) else ""

    def say(self, value: object, here: Here) -> str:
        return say_time(value) if isinstance(value, time) else super().say(value, here)
