"""A clinic's spreadsheet as a table: which sheet, where its headings are, and its rows below them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple

from cmp_tui.clinic.text import clean, fold, terminal_safe
from cmp_tui.exchange.caseload.months import month_head
from cmp_tui.exchange.caseload.words import Words
from cmp_tui.files.aside import belongs_to
from cmp_tui.files.sheet_in import BadSheet, Book, Cell, Fault, OnProgress, SheetRow, open_book
from cmp_tui.files.xlsx_parts import column_letters

LONGEST_HEADING = 110
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


class SheetName(NamedTuple):
    """A sheet of the file; `promising` is how many of its headings are known words of a caseload."""

    name: str
    hidden: bool
    promising: int


@dataclass(slots=True)
class SheetIn:
    """A sheet that was read: headings that differ from each other, and rows of as many cells."""

    file: str
    kind: str
    unit: str
    sheet: str
    sheets: tuple[SheetName, ...]
    heading_row: int
    above: tuple[str, ...]
    headings: tuple[str, ...]
    raw: tuple[Cell, ...]
    rows: list[SheetRow]
    said: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    year_guess: int | None = None

    @property
    def rows_in(self) -> int:
        """How many rows below the headings are not empty."""
        return len(self.rows) + sum(fault.lost for fault in self.faults)


def read_caseload(
    path: Path,
    words: Words,
    sheet: str | None = None,
    heading_row: int | None = None,
    on_progress: OnProgress | None = None,
    *,
    never: Path | None = None,
) -> SheetIn:
    """Reads a CSV or XLSX file. Without `sheet` the visible sheet with the most known headings is taken.

    `heading_row` says where the headings are (the number of the row); 0 that there are none. `on_progress` is told
    the rows read so far, and 0 for their number, which nobody knows. `never` is the clinic file: it is not opened.
    Raises BadSheet.
    """
    if never is not None and belongs_to(path, never):
        raise BadSheet("This is the clinic file itself, or belongs to it. Name a CSV or XLSX file.")
    book = open_book(path)
    try:
        peeks = {one.name: book.peek(one.name) for one in book.sheets}
        sheets = tuple(
            SheetName(one.name, one.hidden, _best(peeks[one.name], words)[1]) for one in book.sheets
        )
        name = _chosen(path, sheets, sheet)
        rows = book.rows(name, on_progress)
    finally:
        book.close()
    if not rows:
        where = f"its sheet {terminal_safe(name)!r}" if name else terminal_safe(path.name)
        raise BadSheet(f"There is nothing in {where}.")
    found = _laid_out(path, book, name, sheets, rows, words, heading_row)
    _say_sheets(found)
    return found


def _chosen(path: Path, sheets: tuple[SheetName, ...], wanted: str | None) -> str:
    if wanted is not None:
        for one in sheets:
            if fold(one.name) == fold(wanted) and one.name:
                return one.name
        names = ", ".join(terminal_safe(one.name) for one in sheets if one.name)
        raise BadSheet(
            f"{terminal_safe(path.name)} has no sheet {terminal_safe(wanted)!r}."
            + (f" Its sheets: {names}." if names else " A CSV file has one sheet, without a name.")
        )
    seen = [one for one in sheets if not one.hidden] or list(sheets)
    return max(seen, key=lambda one: one.promising).name


def _best(rows: list[SheetRow], words: Words) -> tuple[int, int]:
    """The place of the likeliest heading row, and how many known headings it has."""
    best, most = 0, 0
    for place, row in enumerate(rows):
        known = {_known(cell, words) for cell in row.cells} - {None}
        if len(known) > most:
            best, most = place, len(known)
    return best, most


def _known(cell: Cell, words: Words) -> object:
    """What a cell means as a heading: a meaning, a month, or None."""
    if cell == "" or isinstance(cell, (int, float)):
        return None
    if isinstance(cell, str):
        if len(cell) > LONGEST_HEADING:
            return None
        if meaning := words.meaning_of(cell):
            return meaning if meaning not in ("note", "condition") else fold(cell)
    elif not isinstance(cell, date):
        return None
    found = month_head(cell, words)
    return (found.month, found.year) if found else None


def _laid_out(
    path: Path,
    book: Book,
    name: str,
    sheets: tuple[SheetName, ...],
    rows: list[SheetRow],
    words: Words,
    wanted: int | None,
) -> SheetIn:
    place, known = _best(rows[:40], words)
    raw: list[Cell]
    above: tuple[str, ...] = ()
    if wanted:
        place = next((at for at, row in enumerate(rows) if row.number == wanted), -1)
        if place < 0:
            raise BadSheet(f"There is nothing in {book.unit} {wanted} of {terminal_safe(path.name)}.")
    said, headless = list(book.said), wanted == 0
    if wanted is None and known < 2 and not (known and _are_words(rows[place].cells, digits=2)):
        first = next((at for at, row in enumerate(rows[:40]) if _are_words(row.cells)), None)
        headless, place = first is None, first or 0
    if headless:
        said.append(
            "No row of headings was found; the columns are named A, B, C … and told by what is in them."
        )
        raw, after = [""] * max(len(row.cells) for row in rows), 0
        heading_row = 0
    else:
        raw, first, after = _headings(rows, place, words)
        heading_row = rows[place].number
        above = tuple(filter(None, (_title(row) for row in rows[:first])))
    width = _width(raw, rows[after:])
    raw = [*raw, *([""] * width)][:width]
    found = SheetIn(
        terminal_safe(path.name), book.kind, book.unit, name, sheets, heading_row, above, _named(raw), tuple(raw),
        [], said, list(book.faults),
    )  # fmt: skip
    _fit(found, rows[after:], width)
    for text in (*above, name, path.stem):
        if years := set(_YEAR.findall(text)):
            found.year_guess = int(years.pop()) if len(years) == 1 else None
            break
    return found


def _are_words(cells: list[Cell], digits: int = 0) -> bool:
    """Whether a row may be headings in words that nobody knows: short texts with hardly any digits."""
    full = [cell for cell in cells if cell != ""]
    return len(full) >= 2 and all(
        isinstance(cell, str)
        and len(cell) <= 60
        and sum(char.isdigit() for char in cell) <= digits
        and (digits or "," not in cell)
        for cell in full
    )


def _headings(rows: list[SheetRow], place: int, words: Words) -> tuple[list[Cell], int, int]:
    """The headings of a row, with those of the row above or below where they are in two rows (merged cells); the
    places of their first row, and of the first row below them."""
    main = list(rows[place].cells)
    if place and _is_group_row(rows[place - 1], rows[place]):
        return _joined(list(rows[place - 1].cells), main, words), place - 1, place + 1
    if place + 1 < len(rows) and _is_sub_row(rows[place], rows[place + 1], words):
        return _joined(main, list(rows[place + 1].cells), words), place, place + 2
    return main, place, place + 1


def _is_group_row(row: SheetRow, heads: SheetRow) -> bool:
    """Whether a row names groups of the headings right below it: several texts, fewer than the headings."""
    if heads.number != row.number + 1:
        return False
    full = [cell for cell in row.cells if cell != ""]
    if not 1 < len(full) <= len([cell for cell in heads.cells if cell != ""]):
        return False
    return all(isinstance(cell, (str, int)) and len(str(cell)) <= 60 for cell in full)


def _is_sub_row(heads: SheetRow, row: SheetRow, words: Words) -> bool:
    """Whether a row goes on with the headings above it: text only, where the row above is empty or says a group."""
    if row.number != heads.number + 1:
        return False
    full = [(at, cell) for at, cell in enumerate(row.cells) if cell != ""]
    upper = [*heads.cells, *([""] * len(row.cells))]
    if len(full) < 2 or not all(
        isinstance(cell, (str, date)) and not isinstance(cell, datetime) for _, cell in full
    ):
        return False
    group, fitting = "", 0
    for at, cell in full:
        group = next((str(one) for one in reversed(upper[: at + 1]) if one != ""), "")
        both, own = words.meaning_of(f"{group} {cell}"), words.meaning_of(str(upper[at]))
        month = month_head(cell, words) is not None
        open_above = upper[at] == "" or own is None or month or both not in (None, own)
        fitting += open_above and (_known(cell, words) is not None or both is not None)
        if not isinstance(cell, str) and month_head(cell, words) is None:
            return False
    blanks = sum(one == "" for one in heads.cells)
    return fitting == len(full) and blanks > 0


def _joined(upper: list[Cell], lower: list[Cell], words: Words) -> list[Cell]:
    """Two rows of headings as one: a group's words reach to the right until the next group."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    made: list[Cell] = []
    group = ""
    for over, under in zip(upper, lower, strict=True):
        if over != "":
            group = str(over).strip()
        if under == "":
            made.append(over)
            continue
        both = f"{group} {under}".strip()
        month = month_head(under, words)
        if month is not None:
            years = _YEAR.findall(group)
            made.append(
                f"{under} {years[0]}" if years and month.year is None and month.day is None else under
            )
        else:
            made.append(both if _needs_group(str(under), both, words, over != "") else under)
    return made


def _needs_group(under: str, both: str, words: Words, own: bool) -> bool:
    """Whether a heading says more with the words of the group above it ("Consent" and "Date").

    How far a group reaches is not known, so a heading that is understood by itself takes its words only right below.
    """
    alone, together = words.meaning_of(under), words.meaning_of(both)
    if alone in (None, "note", "given"):
        return together is not None or (own and alone is None)
    return own and together not in (None, alone)


def _title(row: SheetRow) -> str:
    return " ".join(_text(cell) for cell in row.cells if cell != "").strip()[:300]


def _text(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def _width(raw: list[Cell], rows: list[SheetRow]) -> int:
    """How many columns the sheet has: to the last heading, or the last cell that several rows fill."""
    last = max((at + 1 for at, cell in enumerate(raw) if cell != ""), default=0)
    beyond: dict[int, int] = {}
    for row in rows:
        if len(row.cells) > last:
            end = max((at + 1 for at, cell in enumerate(row.cells) if cell != ""), default=0)
            if end > last:
                beyond[end] = beyond.get(end, 0) + 1
    often = [end for end, count in beyond.items() if count > 2 and count * 10 > len(rows)]
    return max([last, *often])


def _named(raw: list[Cell]) -> tuple[str, ...]:
    """Headings as people read them, each once; a column without one is called by its letter."""
    names: dict[str, None] = {}
    for place, cell in enumerate(raw):
        text = " ".join(clean(_text(cell)[: 4 * LONGEST_HEADING], limit=4 * LONGEST_HEADING).text.split())
        name = base = text[:LONGEST_HEADING].strip() or f"Column {column_letters(place)}"
        number = 2
        while name in names:
            name, number = f"{base} ({number})", number + 1
        names[name] = None
    return tuple(names)


def _fit(found: SheetIn, rows: list[SheetRow], width: int) -> None:
    """Gives each row as many cells as there are headings; a row with more is refused, for its cells may have moved."""
    kept, csv = found.rows, found.kind == "csv"
    for row in rows:
        cells = row.cells
        if len(cells) > width:
            beyond = [cell for cell in cells[width:] if cell != "" and str(cell).strip()]
            if beyond and csv:
                full = max(at for at, cell in enumerate(cells) if cell != "") + 1
                why = f"{full} cells stand under {width} headings: a comma within a cell, or a quote, moved them"
                found.faults.append(Fault(row.number, "", why, True))
                continue
            if beyond:
                text = "; ".join(_text(cell) for cell in beyond)[:200]
                found.faults.append(Fault(row.number, "", f"cells without a heading were left out: {text}"))
            cells = cells[:width]
        elif len(cells) < width:
            if csv and len(cells) * 2 < width:
                found.faults.append(
                    Fault(row.number, "", f"it has {len(cells)} of {width} cells; the others are empty")
                )
            cells = cells + [""] * (width - len(cells))
        for cell in cells:
            if cell != "" and (type(cell) is not str or not cell.isspace()):
                kept.append(row if cells is row.cells else SheetRow(row.number, cells))
                break


def _say_sheets(found: SheetIn) -> None:
    """What there is besides the sheet that was read."""
    others = [one for one in found.sheets if one.name != found.sheet]
    if not others:
        return
    names = ", ".join(f"{terminal_safe(one.name)}{' (hidden)' if one.hidden else ''}" for one in others)
    found.said.append(
        f"Read from the sheet {terminal_safe(found.sheet)!r}. Other sheets, left alone: {names}."
    )
    like = [one for one in others if one.promising >= 5]
    if like:
        found.said.append(
            f"There are headings of a caseload in {', '.join(terminal_safe(one.name) for one in like)} too; "
            "--sheet NAME reads that."
        )
