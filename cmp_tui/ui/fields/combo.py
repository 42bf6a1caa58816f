"""A typed line with a drop list: the text narrows the rows, enter takes the marked one."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from textual import events

from cmp_tui.clinic.errors import ClinicError, Superseded
from cmp_tui.ui.fields.base import Board, Field, Raw, Reading, Row
from cmp_tui.ui.fields.dropping import Dropping
from cmp_tui.ui.fields.line import LineEditor, LineField
from cmp_tui.ui.fields.sheet import Sheet

PAUSE = 0.12
"""Seconds without a key before a search is asked."""


class Match(NamedTuple):
    """One thing that can be picked: its value, the words that stand in the field, dim words in the list."""

    value: object
    words: str
    hint: str = ""


Search = Callable[[str], Awaitable[Sequence[Match]]]
Searched = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class _Line(LineField):
    """The typed line of a combo."""


class Combo(Dropping, LineEditor):
    """A line with a drop list, from options at hand or from a search."""

    def __init__(
        self,
        spec: Field,
        board: Board,
        options: Sequence[Match] = (),
        search: Search | None = None,
        searched: Searched | None = None,
    ) -> None:
        # What was picked is replaced as a whole by the first letter; half of a name finds nothing.
        line = _Line(name=spec.name, label=spec.label, width=spec.width, limit=120, type_over=True)
        self.options = options
        self.search = search
        self.searched = searched
        self._looked = ""
        self.matches: Sequence[Match] = ()
        self.picked: Match | None = None
        super().__init__(line, board)
        self.field = spec

    def _match(self, value: object) -> Match | None:
        if value is None or isinstance(value, Match):
            return value
        for option in self.options:
            if option.value == value:
                return option
        return Match(value, self.field.say(value, self.board.here))

    def show(self, value: object) -> None:
        self.picked = self._match(value)
        self._set(self.picked.words if self.picked else "")

    def raw(self) -> Raw:
        if self.picked is None or self.picked.words != self.value:
            return self.value
        return {"words": self.picked.words, "value": _freeze(self.picked.value)}

    def show_raw(self, raw: Raw) -> None:
        if isinstance(raw, dict) and isinstance(raw.get("words"), str):
            self.picked = Match(_thaw(raw.get("value")), str(raw["words"]))
            self._set(self.picked.words)
        else:
            self.picked = None
            super().show_raw(raw)

    def _read(self) -> Reading:
        if not self.value.strip():
            return Reading(None)
        if self.picked is not None and self.picked.words == self.value:
            return Reading(self.picked.value)
        return Reading(error="Pick one: type a part of it, then enter on the list. Or empty the field.")

    def hint(self) -> str:
        if self.value.strip() and not self.search and self.picked is None and not self.matches:
            return "Nothing has this in it: empty the field, then space lists all."
        return self.field.help or "type to search, enter takes the marked one" + (
            "" if self.search else "; space lists all"
        )

    def mark_edited(self) -> None:
        super().mark_edited()
        if self.picked is not None and self.picked.words == self.value:
            self.close()
        elif self.search is not None:
            self.run_worker(self._look(self.value), group="search", exclusive=True)
        else:
            self._offer(_narrow(self.options, self.value) if self.value.strip() else ())
            sheet = self.parent
            if isinstance(sheet, Sheet) and self.has_focus:
                sheet.owner.show_hint(self.hint())

    def _offer(self, matches: Sequence[Match]) -> None:
        self.matches = matches
        self.drop([Row(match.words, match.hint) for match in matches])

    async def _look(self, text: str) -> None:
        from asyncio import sleep

        if not text.strip():
            self._offer(())
            return
        await sleep(PAUSE)
        assert self.search is not None
        try:
            matches = await self.search(text)
        except Superseded:
            return
        except ClinicError as error:
            self.close()
            self.tell(str(error))
            return
        # A slow answer must not replace the list of what was typed since.
        if text == self.value and self.has_focus:
            self._looked = text
            self._offer(matches)
            if not matches:
                self.tell("Nothing found: try fewer letters.")

    def _tell_searched(self) -> None:
        """Says what was looked for, once. The app does it: this field may be going away."""
        text, self._looked = self._looked, ""
        if text and self.searched is not None:
            self.app.run_worker(self.searched(text), group="searched")

    def take(self, index: int) -> None:
        self._tell_searched()
        match = self.matches[index]
        self.close()
        self.picked = match
        self._set(match.words)
        Dropping.mark_edited(self)
        self.refresh()
        self.board.leave(self, 1)

    def on_key(self, event: events.Key) -> None:
        if self.board.busy or self.drop_key(event):
            return
        if event.key == "space" and not self.value and self.search is None:
            event.stop()
            event.prevent_default()
            self._offer(self.options)

    def on_unmount(self) -> None:
        self._tell_searched()

    def on_blur(self) -> None:
        self._tell_searched()
        self.close()
        self.leaving()

    def leaving(self) -> None:
        """What alone is left of the list is taken; other fields may be shown for it."""
        if self.touched and self.value.strip() and self._read().error:
            self._take_if_clear()

    def _take_if_clear(self) -> None:
        """Take what was typed in full, or what alone is left of a list at hand; of a search, never what is like it."""
        exact = [one for one in self.matches if one.words.casefold() == self.value.strip().casefold()]
        left = self.matches if self.search is None else exact
        clear = exact if len(exact) == 1 else left
        if len(clear) == 1:
            self.picked = clear[0]
            self._set(clear[0].words)
            Dropping.mark_edited(self)


def _narrow(options: Sequence[Match], text: str) -> list[Match]:
    """The options with the typed text at the start of a word first, then those with it anywhere."""
    wanted = text.casefold().split()
    if not wanted:
        return list(options)
    found = [one for one in options if all(part in one.words.casefold() for part in wanted)]
    first = wanted[0]

    def behind(match: Match) -> bool:
        return not any(word.startswith(first) for word in match.words.casefold().split())

    return sorted(found, key=behind)


def _freeze(value: object) -> Raw:
    if isinstance(value, UUID):
        return {"uuid": value.hex}
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    return value if isinstance(value, str | int) or value is None else str(value)


def _thaw(raw: Raw) -> object:
    try:
        if isinstance(raw, dict) and "uuid" in raw:
            return UUID(hex=str(raw["uuid"]))
        if isinstance(raw, dict) and "hex" in raw:
            return bytes.fromhex(str(raw["hex"]))
    except ValueError:
        return None
    return raw
