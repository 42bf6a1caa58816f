"""Fields of the comprehensive assessment: questions that know an older answer, and the list of its sections.

An older answer is shown dim with its day and counts only when the person keeps it with enter, or gives another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.strip import Strip

from cmp_tui.assessments.choice_answer import ChoiceAnswer
from cmp_tui.assessments.item_field import ItemField
from cmp_tui.assessments.number_answer import NumberAnswer
from cmp_tui.desk.assessment_rules import pressure
from cmp_tui.ui.fields.base import Board, Here, Raw, Reading
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.fields.line import LineEditor, LineField
from cmp_tui.ui.fields.longtext import LongEditor, LongTextField
from cmp_tui.ui.fields.rows import RowsEditor, RowsField
from cmp_tui.ui.fields.sheet import Sheet
from cmp_tui.ui.fields.tell import Part
from cmp_tui.ui.fields.text import TextField

KEEPS = "enter keeps it"
Progress = Callable[[Mapping[str, object]], str]


def _no_progress(values: Mapping[str, object]) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class AskItem(ItemField):
    """A question with answers to choose from, or a number. `old` is an older answer, `old_words` what it says."""

    old: object = None
    old_words: str = ""

    def editor(self, board: Board) -> Editor:
        if self.item.kind == "number":
            return OldNumber(self, board)
        return OldChoice(self, board)


class OldChoice(ChoiceAnswer):
    """Answers to choose from, of which one may have been given before."""

    spec: AskItem

    @property
    def offers(self) -> bool:
        """Whether the older answer can be kept now."""
        return self.spec.old is not None and self.answer() is None and not self.declined

    @property
    def enter_word(self) -> str:  # type: ignore[override]
        """What enter does."""
        return "keep it" if self.offers else ""

    def on_key(self, event: events.Key) -> None:
        """Enter keeps the older answer; all other keys are the base's."""
        if event.key == "enter" and self.offers and not self.board.busy:
            event.stop()
            event.prevent_default()
            self.show(self.spec.old)
            self.changed(onward=True)

    def _draw(self, width: int) -> list[list[Part]]:
        return [*super()._draw(width), *_old_line(self.spec, self.offers, self.has_focus)]


class OldNumber(NumberAnswer):
    """A number that may have been given before."""

    spec: AskItem

    @property
    def offers(self) -> bool:
        """Whether the older number can be kept now."""
        return self.spec.old is not None and not self.text and not self.declined

    @property
    def enter_word(self) -> str:  # type: ignore[override]
        """What enter does."""
        return "keep it" if self.offers else ""

    def on_key(self, event: events.Key) -> None:
        """Enter keeps the older number; all other keys are the base's."""
        if event.key == "enter" and self.offers and not self.board.busy:
            event.stop()
            event.prevent_default()
            self.show(self.spec.old)
            self.changed(onward=True)

    def _draw(self, width: int) -> list[list[Part]]:
        return [*super()._draw(width), *_old_line(self.spec, self.offers, self.has_focus)]


def _old_line(spec: AskItem, offers: bool, here: bool) -> list[list[Part]]:
    if not offers:
        return []
    return [[(f"{spec.old_words}{f'; {KEEPS}' if here else ''}", "amber" if here else "dim")]]


@dataclass(frozen=True, kw_only=True)
class AskText(TextField):
    """A line of text that may have been given before."""

    old: object = None
    progress: Progress = field(default=_no_progress)

    def editor(self, board: Board) -> OldLine:
        return OldLine(self, board)


@dataclass(frozen=True, kw_only=True)
class AskDate(DateField):
    """A day that may have been given before."""

    old: object = None
    progress: Progress = field(default=_no_progress)

    def editor(self, board: Board) -> OldLine:
        return OldLine(self, board)


@dataclass(frozen=True, kw_only=True)
class AskPressure(LineField):
    """A blood pressure, 132/78, that may have been given before."""

    limit: int = 12
    old: object = None
    progress: Progress = field(default=_no_progress)

    def editor(self, board: Board) -> OldLine:
        return OldLine(self, board)

    def parse(self, text: str, here: Here) -> Reading:
        pair = pressure(text.strip())
        if pair is None:
            return Reading(error="Write the upper and the lower value with a stroke: 132/78.")
        return Reading(f"{pair[0]}/{pair[1]}", "mmHg")


class OldLine(LineEditor):
    """A line whose older text stands dim in it until something is typed; enter takes it over."""

    @property
    def old(self) -> object:
        """What was given before; None when nothing was."""
        return getattr(self.spec, "old", None)

    async def action_submit(self) -> None:
        """Enter keeps the older text, and moves on."""
        if not self.value and self.old is not None and not self.board.busy:
            self._set(self.spec.write(self.old, self.board.here))
            self.mark_edited()
        await super().action_submit()

    @property
    def enter_word(self) -> str:  # type: ignore[override]
        """What enter does."""
        return "keep it" if not self.value and self.old is not None else ""

    def hint(self) -> str:
        return _hint(self, super().hint())


@dataclass(frozen=True, kw_only=True)
class AskWords(LongTextField):
    """Text of several lines that may have been given before; the question says what stood there."""

    old: str = ""
    progress: Progress = field(default=_no_progress)

    def editor(self, board: Board) -> OldLong:
        return OldLong(self, board)


class OldLong(LongEditor):
    """Several lines whose older text enter takes over."""

    spec: AskWords

    @property
    def enter_word(self) -> str:  # type: ignore[override]
        """What enter does."""
        return "keep it" if not self.text and self.spec.old else ""

    def on_key(self, event: events.Key) -> None:
        """Enter keeps the older text; all other keys are the base's."""
        if event.key == "enter" and not self.text and self.spec.old and not self.board.busy:
            event.stop()
            event.prevent_default()
            self.show(self.spec.old)
            self.mark_edited()
            self.board.leave(self, 1, enter=True)

    def hint(self) -> str:
        return _hint(self, super().hint())


def _hint(editor: Any, usual: str) -> str:
    sheet = editor.parent
    far = editor.spec.progress(sheet.values()) if isinstance(sheet, Sheet) else ""
    return "; ".join(part for part in (far, usual) if part)


@dataclass(frozen=True, kw_only=True)
class SectionsField(RowsField):
    """The sections with how far each is; a digit opens one at once."""

    def editor(self, board: Board) -> SectionsEditor:
        return SectionsEditor(self, board)


class SectionsEditor(RowsEditor):
    """The sections below each other. Which one is marked is nothing that a draft keeps."""

    enter_word = "open"

    def hint(self) -> str:
        return self.spec.help

    def render_line(self, y: int) -> Strip:
        """The marked line on a bar of its own: the signs before the sections say how far they are."""
        width = self.size.width
        lines = self._lines(width)
        if y >= len(lines):
            return self.strip_of([], width)
        at, text, _ = lines[y]
        words = f" {text}"
        return self.strip_of(
            [(words + " " * max(0, width - cell_len(words)), "row" if at == self.at else "text")], width
        )

    def is_changed(self) -> bool:
        return False

    def raw(self) -> Raw:
        return None

    def show_raw(self, raw: Raw) -> None:
        """Nothing was kept."""

    def on_key(self, event: events.Key) -> None:
        """A digit opens its section; arrows are the base's."""
        at = next(
            (at for at, one in enumerate(self.spec.options) if one.key and one.key == event.character), None
        )
        if at is not None and not self.board.busy:
            event.stop()
            event.prevent_default()
            self._mark(at)
            self.board.leave(self, 1, enter=True)
