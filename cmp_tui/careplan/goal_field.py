"""The goals that a contact touched, as one field: closed until it is asked for, then a line for each goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.careplan.form_values import GoalSaid, parse_said
from cmp_tui.clinic.errors import Invalid
from cmp_tui.ui.fields.base import Board, Field, Here, Raw, Reading
from cmp_tui.ui.fields.door import far_too_long, too_long, typed
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.words import fit, plural

TITLE, NUMBERS, FEWER, NARROW, WIDE = 30, 17, 11, 60, 80
"""Columns of a goal's title and of its numbers; of the numbers where there is less room; the width from which the
numbers are shown, and from which they have all their room."""
LIMIT = 500
HINT = "+ better, = same, - worse or a value, then a note; arrows: the others"


class GoalChoice(NamedTuple):
    """A goal that may be touched: its key, its title, its numbers, and whether it takes one number, two or none."""

    key: bytes
    title: str
    numbers: str
    counts: int


@dataclass(frozen=True, kw_only=True)
class GoalsField(Field):
    """Goals, and what is said of each. The value is a tuple of GoalSaid, for those of which something is said."""

    goals: Sequence[GoalChoice]

    def editor(self, board: Board) -> Editor:
        return GoalsEditor(self, board)

    def say(self, value: object, here: Here) -> str:
        return plural(len(value), "goal") if isinstance(value, tuple) and value else "none"


class GoalsEditor(Editor, Widget, can_focus=True):
    """One line while closed; space or a sign opens it. Arrows go from goal to goal, what is typed belongs to one."""

    DEFAULT_CSS = """
    GoalsEditor { background: $surface; color: $text; }
    """

    spec: GoalsField

    def __init__(self, spec: GoalsField, board: Board) -> None:
        super().__init__()
        self.spec = spec
        self.begin(spec, board)
        self.texts = [""] * len(spec.goals)
        self.open = False
        self.at = 0

    def show(self, value: object) -> None:
        """Nothing is said of any goal when the form opens."""

    def raw(self) -> Raw:
        said: dict[str, Raw] = {
            goal.key.hex(): text for goal, text in zip(self.spec.goals, self.texts, strict=True) if text
        }
        return said

    def show_raw(self, raw: Raw) -> None:
        kept = raw if isinstance(raw, dict) else {}
        for place, goal in enumerate(self.spec.goals):
            text = kept.get(goal.key.hex())
            self.texts[place] = text if isinstance(text, str) else ""
        self.open = any(self.texts)

    def read(self) -> Reading:
        found: list[GoalSaid] = []
        for goal, text in zip(self.spec.goals, self.texts, strict=True):
            try:
                said = parse_said(goal.key, text, goal.counts)
            except Invalid as invalid:
                return Reading(error=f"{fit(goal.title, TITLE)}: {invalid.fields['value']}")
            if said is not None:
                found.append(said)
        return Reading(tuple(found))

    def wish(self) -> int:
        return 400  # the whole line

    def tall(self, width: int) -> int:
        return len(self.spec.goals) if self.open else 1

    def hint(self) -> str:
        return HINT

    def render_line(self, y: int) -> Strip:
        width, marks = self.size.width, self.board.here.marks
        if not self.open:
            words = f"{plural(len(self.spec.goals), 'goal')}, nothing said yet: space lists them"
            return self.strip_of([(fit(words, width, marks.more), "dim")], width)
        if y >= len(self.spec.goals):
            return self.strip_of([], width)
        goal, text, here = self.spec.goals[y], self.texts[y], self.has_focus and y == self.at
        title = fit(goal.title, TITLE, marks.more)
        parts = [(title + " " * (TITLE + 2 - cell_len(title)), "row" if here else "dim")]
        used = TITLE + 2
        if width >= NARROW:
            most = NUMBERS if width >= WIDE else FEWER
            numbers = fit(goal.numbers, most, marks.more)
            parts.append((numbers + " " * (most + 2 - cell_len(numbers)), "dim"))
            used += most + 2
        room = max(4, width - used - 1)
        shown = text if cell_len(text) <= room else marks.more + text[-(room - 1) :]
        parts.append((shown, "text"))
        if here:
            parts.append((marks.rule, "accent"))
        return self.strip_of(parts, width)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are this field's; the key line shows no others for them."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if self.board.busy or not self.spec.goals or not self._took(event):
            return
        event.stop()
        event.prevent_default()
        self._again()

    def _took(self, event: events.Key) -> bool:
        """Whether the key was this field's; what it does is done."""
        if not self.open:
            if not event.is_printable:
                return False
            self.open = True
            if event.key != "space" and event.character:
                self._put(event.character)
            return True
        text = self.texts[self.at]
        if event.key == "up" and self.at > 0:
            self.at -= 1
        elif event.key == "down" and self.at < len(self.texts) - 1:
            self.at += 1
        elif event.key == "backspace":
            if text:
                self._set(text[:-1])
        elif event.key == "ctrl+u":
            self._set("")
        elif event.is_printable and event.character:
            self._put(event.character)
        else:
            return event.key in ("left", "right")
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Pasted words belong to the goal under the cursor."""
        if not self.board.busy and self.spec.goals:
            event.stop()
            self.open = True
            self._put(event.text)
            self._again()

    def on_click(self, event: events.Click) -> None:
        if self.board.busy:
            return
        if self.open and 0 <= event.y < len(self.spec.goals):
            self.at = event.y
        self.open = True
        self._again()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        if self.open and not any(self.texts):
            self.open, self.at = False, 0
            self.board.arrange_again()
        self.refresh()

    def _put(self, given: str) -> None:
        text = self.texts[self.at]
        room = LIMIT - len(text)
        words = given if far_too_long(given, room) else typed(given)
        if len(words) > room:
            self.tell(too_long(len(words), room, LIMIT))
            return
        self._set(text + words)

    def _set(self, text: str) -> None:
        self.texts[self.at] = text
        self.mark_edited()

    def _again(self) -> None:
        self.board.arrange_again()
        self.refresh()
        self.board.show_line(self, self.at if self.open else 0)
