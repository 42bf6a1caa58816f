"""A number with its unit: a weight, an A1c."""

import re
from dataclasses import dataclass
from decimal import Decimal

from cmp_tui.ui.fields.base import Here, Reading
from cmp_tui.ui.fields.line import LineField

_NUMBER = re.compile(r"[+-]?(\d{1,12}([.]\d{0,9})?|[.]\d{1,9})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class NumberField(LineField):
    """A number as Decimal (as int with `places=0`), between `least` and `most`, shown with its unit."""

    limit: int = 24
    type_over: bool = True
    unit: str = ""
    places: int = 0
    least: int | Decimal | None = None
    most: int | Decimal | None = None

    def parse(self, text: str, here: Here) -> Reading:
        words = text.strip()
        if self.unit and words.casefold().endswith(self.unit.casefold()):
            words = words[: -len(self.unit)].rstrip()
        if "," in words:
            return Reading(error="Write the number without commas, with a point before decimals: 8.4.")
        if not _NUMBER.fullmatch(words):
            return Reading(error=f"That is not a number: try {'8.4' if self.places else '12'}.")
        number = Decimal(words)
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            return Reading(error=self._places())
        if self.least is not None and number < self.least:
            return Reading(error=f"The least here is {self._said(self.least)}: check the number.")
        if self.most is not None and number > self.most:
            return Reading(error=f"The most here is {self._said(self.most)}: check the number.")
        return Reading(number if self.places else int(number), self.unit)

    def say(self, value: object, here: Here) -> str:
        return super().say(value, here) if value is None else self._said(value)

    def _places(self) -> str:
        if not self.places:
            return "Only whole numbers here: leave out the decimals."
        return f"At most {self.places} decimal{'s' * (self.places > 1)} here: round the number yourself."

    def _said(self, value: object) -> str:
        return f"{value} {self.unit}".strip()
