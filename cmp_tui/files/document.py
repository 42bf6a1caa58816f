"""A document of plain parts, for paper (pdf_out.py) and for pasting (as_text): the same words in both."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple


class Heading(NamedTuple):
    """A heading: level 1 for the document's own, 2 for its parts, 3 below them."""

    text: str
    level: int = 2


class Paragraph(NamedTuple):
    """Running text; its line ends stay. `quiet` is small print."""

    text: str
    quiet: bool = False


class Facts(NamedTuple):
    """Names and values, one pair a line; an empty value is shown as a dash."""

    pairs: Sequence[tuple[str, str]]


class Table(NamedTuple):
    """Rows under headings. `widths` are shares of the page's width; `right` are the columns that hold numbers.

    A `stacked` one has long words: as plain text its rows are a list, with the headings before the values.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()
    right: frozenset[int] = frozenset()
    stacked: bool = False


class Checks(NamedTuple):
    """A checklist: whether each is there, its words, and a remark."""

    items: Sequence[tuple[bool | None, str, str]]


class Bullets(NamedTuple):
    """A list."""

    items: Sequence[str]


class Signatures(NamedTuple):
    """Lines to sign on, each with what stands under it: ('Patient', 'Date')."""

    lines: Sequence[tuple[str, str]]


class Together(NamedTuple):
    """Parts that stand on one page: what is signed, with the lines to sign on."""

    parts: Sequence[Any]


class NewPage(NamedTuple):
    """What follows begins on a new page."""


Part = Heading | Paragraph | Facts | Table | Checks | Bullets | Signatures | Together | NewPage


@dataclass(frozen=True)
class Document:
    """A titled document. `foot` stands at the foot of every page, `size` is the type's size in points.

    `pages` is how a page is numbered ("Page {page} of {pages}"); without it there is the bare number.
    """

    title: str
    parts: Sequence[Part] = field(default_factory=tuple)
    foot: str = ""
    size: float = 10
    language: str = "en"
    pages: str = ""


def without(document: Document, characters: str) -> Document:
    """Returns the document without some characters: those that a printer can't show."""
    gone = dict.fromkeys(map(ord, characters))

    def kept(value: Any) -> Any:
        if isinstance(value, str):
            return value.translate(gone)
        if isinstance(value, tuple) and hasattr(value, "_make"):
            return type(value)(*map(kept, value))
        return [kept(one) for one in value] if isinstance(value, list | tuple) else value

    parts = tuple(kept(part) for part in document.parts)
    return replace(document, title=kept(document.title), parts=parts, foot=kept(document.foot))


YES, NO, UNKNOWN = "[x]", "[ ]", "[?]"


def as_text(document: Document, width: int = 78) -> str:
    """Returns the document as plain lines, for a record system or a portal."""
    lines: list[str] = []
    for part in (Heading(document.title, 1), *document.parts):
        lines += _lines(part, width)
    if document.foot:
        lines += ["", *textwrap.wrap(document.foot, width)]
    return "\n".join(lines).strip() + "\n"


def _lines(part: Part, width: int) -> list[str]:
    if isinstance(part, Heading):
        under = {1: "=", 2: "-"}.get(part.level, "")
        return ["", part.text, *([under * min(len(part.text), width)] if under else [])]
    if isinstance(part, Paragraph):
        return ["", *_wrapped(part.text, width)]
    if isinstance(part, Facts):
        wide = max((len(name) for name, _ in part.pairs), default=0)
        return ["", *(line for name, value in part.pairs for line in _fact(name, value or "-", wide, width))]
    if isinstance(part, Table):
        return ["", *(_stacked(part, width) if part.stacked else _table(part))]
    if isinstance(part, Checks):
        sign = {True: YES, False: NO, None: UNKNOWN}
        said = (
            (sign[done], f"{words} ({remark})" if remark else words) for done, words, remark in part.items
        )
        return [""] + [line for box, words in said for line in _hanging(f"{box} ", words, width)]
    if isinstance(part, Bullets):
        return [""] + [line for item in part.items for line in _hanging("* ", item, width)]
    if isinstance(part, Together):
        return [line for one in part.parts for line in _lines(one, width)]
    if isinstance(part, Signatures):
        return [
            line
            for who, day in part.lines
            for line in ("", "", f"{'_' * 44}  {'_' * 16}", f"{who:44}  {day}")
        ]
    return [""]


def _wrapped(text: str, width: int) -> list[str]:
    return [line for piece in text.split("\n") for line in (textwrap.wrap(piece, width) or [""])]


def _hanging(first: str, text: str, width: int) -> list[str]:
    wrapped = _wrapped(text, max(20, width - len(first)))
    return [f"{first if not number else ' ' * len(first)}{line}" for number, line in enumerate(wrapped)]


def _fact(name: str, value: str, wide: int, width: int) -> list[str]:
    return _hanging(f"{name:{wide}}  ", value, width)


def _stacked(table: Table, width: int) -> list[str]:
    lines = []
    for first, *others in table.rows:
        lines += _hanging("* ", first, width)
        for name, value in zip(table.headings[1:], others, strict=True):
            lines += _hanging("  ", f"{name}: {value}", width) if value else []
    return lines


def _table(table: Table) -> list[str]:
    rows = [tuple(table.headings), *(tuple(row) for row in table.rows)]
    flat = [[cell.replace("\n", " / ") for cell in row] for row in rows]
    wide = [max(len(row[place]) for row in flat) for place in range(len(table.headings))]
    made = [
        "  ".join(
            cell.rjust(wide[place]) if place in table.right else cell.ljust(wide[place])
            for place, cell in enumerate(row)
        ).rstrip()
        for row in flat
    ]
    return [made[0], "  ".join("-" * each for each in wide), *made[1:]]
