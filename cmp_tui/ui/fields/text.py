"""Plain text on one line."""

from dataclasses import dataclass

from cmp_tui.ui.fields.base import Here, Reading
from cmp_tui.ui.fields.line import LineField


@dataclass(frozen=True, kw_only=True)
class TextField(LineField):
    """Plain text on one line; an empty field is ''."""

    def nothing(self) -> object:
        return ""

    def echo(self, value: object, here: Here) -> str:
        return ""

    def parse(self, text: str, here: Here) -> Reading:
        return Reading(text)
