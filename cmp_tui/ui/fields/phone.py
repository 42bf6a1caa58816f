"""A phone number: echoed as it will be shown; an odd one is told, never refused."""

from dataclasses import dataclass

from cmp_tui.ui.fields.base import Here, Reading
from cmp_tui.ui.fields.line import LineField
from cmp_tui.ui.words import phone_words


@dataclass(frozen=True, kw_only=True)
class PhoneField(LineField):
    """A phone number as text. Ten North American digits are saved in one shape, anything else as typed."""

    limit: int = 40

    def write(self, value: object, here: Here) -> str:
        return phone_words(str(value)) if value else ""

    def nothing(self) -> object:
        return ""

    def parse(self, text: str, here: Here) -> Reading:
        shown = phone_words(text)
        digits = sum(char.isdecimal() for char in text)
        if digits < 3:
            return Reading(error="That has hardly a digit: type the number, or leave the field empty.")
        if shown != text:
            return Reading(shown, f"= {shown}")
        odd = digits != 10 and not text.startswith("+") and "x" not in text.casefold()
        return Reading(shown, f"{digits} digits, saved as typed" if odd else "")

    def echo(self, value: object, here: Here) -> str:
        return ""

    def say(self, value: object, here: Here) -> str:
        return self.write(value, here) or super().say(value, here)
