"""A day, typed in the small grammar of `ui/dates.py` and echoed with its weekday."""

from dataclasses import dataclass
from datetime import date

from cmp_tui.ui.dates import Toward, Unclear, parse_day, say_day, write_day
from cmp_tui.ui.fields.base import Here, Reading
from cmp_tui.ui.fields.line import LineField


@dataclass(frozen=True, kw_only=True)
class DateField(LineField):
    """A day. `toward` settles what a missing year means; `only` refuses days on the other side of today."""

    limit: int = 40
    type_over: bool = True
    toward: Toward | None = None
    only: Toward | None = None

    def write(self, value: object, here: Here) -> str:
        return write_day(value) if isinstance(value, date) else ""

    def parse(self, text: str, here: Here) -> Reading:
        today = here.today()
        read = parse_day(text, today, self.toward or self.only)
        if isinstance(read, Unclear):
            return Reading(error=read.sentence)
        if self.only == "past" and read.day > today:
            return Reading(error=f"{say_day(read.day, today)} is still to come: type a day up to today.")
        if self.only == "future" and read.day < today:
            return Reading(error=f"{say_day(read.day, today)} has gone by: type a day from today on.")
        return Reading(read.day, f"= {read.echo}")

    def echo(self, value: object, here: Here) -> str:
        return say_day(value, here.today()) if isinstance(value, date) else ""

    def say(self, value: object, here: Here) -> str:
        return say_day(value, here.today()) if isinstance(value, date) else super().say(value, here)
