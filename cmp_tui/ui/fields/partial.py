"""A date of which perhaps only the year or the month is known: a birth, an onset."""

from dataclasses import dataclass

from cmp_tui.ui.dates import Toward, Unclear, parse_partial, say_partial, write_partial
from cmp_tui.ui.fields.base import Here, Reading
from cmp_tui.ui.fields.line import LineField


@dataclass(frozen=True, kw_only=True)
class PartialDateField(LineField):
    """A date as 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD'; days to come are refused unless `toward` is None."""

    limit: int = 40
    type_over: bool = True
    toward: Toward | None = "past"

    def write(self, value: object, here: Here) -> str:
        return write_partial(str(value)) if value else ""

    def parse(self, text: str, here: Here) -> Reading:
        today = here.today()
        read = parse_partial(text, today, self.toward)
        if isinstance(read, Unclear):
            return Reading(error=read.sentence)
        if self.toward == "past" and read.text > today.isoformat()[: len(read.text)]:
            return Reading(error=f"{say_partial(read.text, today)} is still to come: check the year.")
        return Reading(read.text, f"= {read.echo}")

    def echo(self, value: object, here: Here) -> str:
        return say_partial(str(value), here.today()) if value else ""

    def say(self, value: object, here: Here) -> str:
        return say_partial(str(value), here.today()) if value else super().say(value, here)
