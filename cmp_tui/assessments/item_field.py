"""One question of an instrument as a field: its text in full, answers by digits, the next question by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cmp_tui.assessments.choice_answer import ChoiceAnswer
from cmp_tui.assessments.definition import Item
from cmp_tui.assessments.number_answer import NumberAnswer
from cmp_tui.assessments.words import DECLINED, DECLINED_WORDS, answer_words
from cmp_tui.ui.fields.base import Board, Field, Here
from cmp_tui.ui.fields.editor import Editor


@dataclass(frozen=True, kw_only=True)
class ItemField(Field):
    """A question. Its value is an Answer, DECLINED, or None while it is open."""

    item: Item
    above: str = ""
    """Dim words above the question: what all of a section's questions begin with."""
    keys: str = f"{DECLINED}: {DECLINED_WORDS}"
    """The keys besides those of the answers, said at the foot."""
    progress: Callable[[Mapping[str, object]], str] = field(default=lambda values: "")
    """What is said at the foot while it is answered: how far one is, and the score so far."""

    def editor(self, board: Board) -> Editor:
        if self.item.kind == "number":
            return NumberAnswer(self, board)
        return ChoiceAnswer(self, board)

    def same(self, one: object, other: object) -> bool:
        return one == other

    def say(self, value: object, here: Here) -> str:
        return answer_words(self.item, value) or "no answer"
