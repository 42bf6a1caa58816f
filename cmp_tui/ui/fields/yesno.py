"""Yes or no; where the answer may be missing, also 'not known'."""

from dataclasses import dataclass

from cmp_tui.ui.fields.base import Board, Here, Raw
from cmp_tui.ui.fields.choice import ChoiceField, Option, WordsEditor

YES_NO = (Option(True, "yes"), Option(False, "no"))


@dataclass(frozen=True, kw_only=True)
class YesNoField(ChoiceField):
    """True or False; None while nobody chose, and with `unknown` also as an answer of its own."""

    options: tuple[Option, ...] = YES_NO
    unknown: str = ""
    """The words for 'not known', such as "not asked"; empty where every answer is yes or no."""

    def editor(self, board: Board) -> WordsEditor:
        return _YesNo(self, board)

    def say(self, value: object, here: Here) -> str:
        return "yes" if value is True else "no" if value is False else self.unknown or "no answer"


class _YesNo(WordsEditor):
    spec: YesNoField

    def __init__(self, spec: YesNoField, board: Board) -> None:
        super().__init__(spec, board)
        if spec.unknown:
            self.common = (*self.common, Option(None, spec.unknown, key="u"))

    def show(self, value: object) -> None:
        self.chosen = value if isinstance(value, bool) else None
        self.has_chosen = isinstance(value, bool) or bool(self.spec.unknown)

    def raw(self) -> Raw:
        return self.chosen if isinstance(self.chosen, bool) else None

    def show_raw(self, raw: Raw) -> None:
        self.show(raw)

    def _clear(self) -> None:
        if self.spec.unknown:
            self.choose(None)
        else:
            super()._clear()

    def _letter(self, letter: str) -> None:
        if letter == "u" and self.spec.unknown:
            self.choose(None)
        else:
            super()._letter(letter)
