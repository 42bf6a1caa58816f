"""Rows of a sheet that are no patients: lines of totals, headings said again, titles in between. Pure."""

from __future__ import annotations

from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.cells import as_text
from cmp_tui.exchange.caseload.headings import Columns
from cmp_tui.exchange.caseload.plan import LeftOut
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.exchange.caseload.words import Words
from cmp_tui.files.sheet_in import SheetRow


def sorted_out(book: SheetIn, columns: Columns, words: Words) -> tuple[list[SheetRow], list[LeftOut]]:
    """Returns the rows that may be patients, and the others with why."""
    names = [one.place for one in columns.of("name", "family", "given")]
    births = [one.place for one in columns.of("birth_date")]
    sums = {one.place for one in columns.of("minutes")}
    people, left_out = [], []
    for row in book.rows:
        cells = row.cells
        named = any(cells[place] != "" for place in names)
        if named and any(cells[place] != "" and cells[place] != book.raw[place] for place in births):
            people.append(row)
            continue
        why = _why_none(book, row, words, names, sums, named)
        if why:
            left_out.append(LeftOut(row.number, why, _said(row)))
        else:
            people.append(row)
    return people, left_out


def _why_none(
    book: SheetIn, row: SheetRow, words: Words, names: list[int], sums: set[int], named: bool
) -> str:
    full = [(at, cell) for at, cell in enumerate(row.cells) if cell != "" and str(cell).strip()]
    if not full:
        return "empty"
    again = sum(fold(as_text(cell)) == fold(as_text(book.raw[at])) for at, cell in full)
    if again >= 2 and again * 2 >= len(full):
        return "the headings again"
    texts = [fold(as_text(cell)).rstrip(" 0123456789") for _, cell in full[:3] if isinstance(cell, str)]
    if texts and texts[0] in words.totals:
        return "a line of totals"
    if not named and all(at in sums for at, _ in full):
        return "sums without a patient"
    if len(full) == 1:
        at, cell = full[0]
        if at not in names:
            return "one cell only"
        if "," not in as_text(cell):
            return "a title, or a name and nothing else"
    return ""


def _said(row: SheetRow) -> str:
    line = " ".join(as_text(cell) for cell in row.cells if cell != "")
    return line if len(line) <= 60 else line[:59] + "…"
