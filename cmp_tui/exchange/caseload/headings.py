"""What the columns of a spreadsheet mean: guessed from headings and content, corrected by people, remembered. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.dates import looks_like_birth_dates
from cmp_tui.exchange.caseload.months import MonthHead, month_head
from cmp_tui.exchange.caseload.phones import looks_like_phone
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.exchange.caseload.words import MEANINGS as MEANINGS
from cmp_tui.exchange.caseload.words import SEVERAL, Words, folded_heading
from cmp_tui.files.sheet_in import Cell
from cmp_tui.patients.rules import is_mbi, is_near

KEPT_AS = "caseload-columns"
"""The kind of working state in which a person's columns are remembered, by the signature of the headings."""
AS_WRITTEN = " (as written)"
"""What stands behind the heading of a column with words that had no other place, in our own export."""
_COMMA_NAME = re.compile(r"[^\W\d_][^\d,]*,\s*[^\W\d_][^\d,]*")
_MINUTES = re.compile(r"minutes?\s*:\s*(?:(20[0-9]{2})-)?([0-9]{1,2})")
How = Literal["heading", "content", "last time", "said", "none"]


class Column(NamedTuple):
    """A column: its place from 0, its heading, what it means, how that is known, and its first values.

    `month` and `year` are those of a column of minutes; the year may not be known.
    """

    place: int
    heading: str
    meaning: str
    how: How
    month: int | None = None
    year: int | None = None
    samples: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The heading under which the column's words are kept."""
        return self.heading.removesuffix(AS_WRITTEN)

    @property
    def means(self) -> str:
        """What the column means, in plain words."""
        if self.meaning != "minutes" or self.month is None:
            return MEANINGS[self.meaning]
        return f"minutes of {self.year or '(year?)'}-{self.month:02d}"

    @property
    def option(self) -> str:
        """What the column means, as `--column` takes it."""
        if self.meaning != "minutes" or self.month is None:
            return self.meaning
        return f"minutes:{f'{self.year}-' if self.year else ''}{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a sheet. `year` is that of month columns that do not say theirs."""

    columns: tuple[Column, ...]
    signature: str
    year: int | None = None
    year_guess: int | None = None
    said: tuple[str, ...] = ()
    remembered: bool = False

    @property
    def needs_year(self) -> bool:
        """Whether there are months of which nobody has said the year."""
        return self.year is None and any(one.month is not None and one.year is None for one in self.columns)

    def of(self, *meanings: str) -> list[Column]:
        """The columns with one of these meanings."""
        return [one for one in self.columns if one.meaning in meanings]

    def means(self, column: Column) -> str:
        """What a column means, in plain words, with the year that was said."""
        if column.month is None or column.year is not None or self.year is None:
            return column.means
        return column._replace(year=self.year).means

    def to_keep(self) -> dict[str, Any]:
        """What is remembered of it."""
        return {"columns": {one.heading: one.option for one in self.columns}, "year": self.year}


def signature(headings: Sequence[str]) -> str:
    """Returns what names a set of headings, whatever their case and punctuation."""
    joined = "\x1f".join(folded_heading(heading) for heading in headings)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def guess(
    book: SheetIn, words: Words, kept: Mapping[str, Mapping[str, Any]] = MappingProxyType({}), *, today: date
) -> Columns:
    """Guesses what the columns mean. `kept` is what was remembered, by signature: it goes before every guess."""
    name = signature(book.headings)
    last = kept.get(name)
    heads = [
        None if one.endswith(AS_WRITTEN) else month_head(raw, words)
        for one, raw in zip(book.headings, book.raw, strict=True)
    ]
    heads, said, year_guess = _months(heads, book)
    columns = []
    for place, heading in enumerate(book.headings):
        samples = tuple(islice(_values(book, place), 3))
        column = Column(place, heading, "note", "none", samples=samples)
        head = heads[place]
        meaning = None if heading.endswith(AS_WRITTEN) else words.meaning_of(heading)
        if meaning is not None:
            column = column._replace(meaning=meaning, how="heading")
        elif head is not None:
            column = column._replace(meaning="minutes", how="heading", month=head.month, year=head.year)
        columns.append(column)
    columns = _near(columns, words)
    columns = _by_content(columns, book, today)
    made = Columns(tuple(columns), name, None, year_guess or book.year_guess, tuple(said))
    if last:
        try:
            made = corrected(made, dict(last.get("columns", {})), how="last time")
        except Invalid:
            return made  # what was kept is of an older program
        made = replace(made, remembered=True, year_guess=made.year_guess or _year(last.get("year")))
    return made


def corrected(mapping: Columns, said: Mapping[str, str], how: How = "said") -> Columns:
    """Returns the mapping with what a person says of columns, by heading. Raises Invalid.

    A meaning is one of MEANINGS; minutes say their month ("minutes:2026-03", or "minutes:3" and the year apart).
    """
    columns = list(mapping.columns)
    wrong: dict[str, str] = {}
    for heading, meaning in said.items():
        wanted = fold(heading)
        places = [at for at, one in enumerate(columns) if one.heading == heading] or [
            at for at, one in enumerate(columns) if fold(one.heading) == wanted
        ]
        if not places:
            wrong[heading] = (
                f"There is no column {heading!r}. There are: {', '.join(one.heading for one in columns)}."
            )
            continue
        made = _said(columns[places[0]], meaning.strip(), how)
        if isinstance(made, str):
            wrong[heading] = made
        else:
            columns[places[0]] = made
    if wrong:
        raise Invalid(wrong)
    return replace(mapping, columns=tuple(columns))


def with_year(mapping: Columns, year: int) -> Columns:
    """Returns the mapping with the year of the month columns that do not say theirs. Raises Invalid."""
    if not 2000 <= year <= 2099:
        raise Invalid({"year": f"{year} is not a year of a caseload. Write it like 2026."})
    return replace(mapping, year=year)


def _said(column: Column, meaning: str, how: How) -> Column | str:
    months = _MINUTES.fullmatch(meaning.lower())
    if months:
        month = int(months[2])
        if not 1 <= month <= 12:
            return f"{month} is not a month. Write minutes:2026-03."
        year = int(months[1]) if months[1] else None
        same = column.meaning == "minutes" and (column.month, column.year) == (month, year)
        return column if same else column._replace(meaning="minutes", month=month, year=year, how=how)
    name = meaning.lower().replace("-", "_").replace(" ", "_")
    if name == "minutes" and column.month is None:
        return "Say which month's minutes these are, such as minutes:2026-03."
    if name not in MEANINGS:
        return f"{meaning!r} is none of: {', '.join(MEANINGS)}."
    if name == column.meaning:
        return column
    if name == "minutes":
        return column._replace(meaning=name, how=how)
    return column._replace(meaning=name, how=how, month=None, year=None)


def _months(
    heads: list[MonthHead | None], book: SheetIn
) -> tuple[list[MonthHead | None], list[str], int | None]:
    """The months with what their neighbours say: days that a spreadsheet made of "Jan-26" are years."""
    dated = [head for head in heads if head is not None and head.day is not None]
    if not dated:
        return heads, [], None
    days, years = {head.day or 0 for head in dated}, {head.year for head in dated}
    if len(dated) < 2 or len(days) > 1 or len({head.month for head in dated}) < len(dated) or min(days) < 10:
        # Days of calls, not months.
        return [None if head in dated else head for head in heads], [], None
    (day,) = days
    year = 2000 + day
    if years == {year}:
        return [head and head._replace(day=None) for head in heads], [], None
    said = f"The month headings are days ({day} {dated[0].month:02d}), which a spreadsheet makes of a month and a year."
    plain = [head._replace(year=None, day=None) if head in dated else head for head in heads]
    return plain, [f"{said} Their year is asked."], year


def _near(columns: list[Column], words: Words) -> list[Column]:
    """Headings with a slip of the keyboard ("Brith date"), where nothing else has that meaning."""
    taken = {one.meaning for one in columns}
    made = []
    for one in columns:
        folded = words.barely(folded_heading(one.heading)) or folded_heading(one.heading)
        if one.how == "none" and len(folded) >= 5 and not one.heading.endswith(AS_WRITTEN):
            near = next(
                (
                    meaning
                    for phrase, meaning in words.headings.items()
                    if len(phrase) >= 5
                    and meaning not in taken
                    and meaning != "note"
                    and is_near(phrase, folded)
                ),
                None,
            )
            if near is not None:
                taken.add(near)
                one = one._replace(meaning=near, how="heading")
        made.append(one)
    return made


def _by_content(columns: list[Column], book: SheetIn, today: date) -> list[Column]:
    """What columns hold whose heading says nothing: only what the sheet would otherwise lack."""
    taken = {one.meaning for one in columns}
    if taken & {"family", "given"}:
        taken.add("name")
    made = []
    for one in columns:
        if one.how == "none" and not one.heading.endswith(AS_WRITTEN):
            values = list(islice(_cells(book, one.place), 200))
            for meaning in ("mbi", "birth_date", "phone", "name"):
                if meaning not in taken and len(values) >= 3 and _are(meaning, values, today):
                    taken.add(meaning)
                    one = one._replace(meaning=meaning, how="content")
                    break
        made.append(one)
    return made


def _are(meaning: str, values: list[Cell], today: date) -> bool:
    if meaning == "birth_date":
        return looks_like_birth_dates(values, today)
    tests: dict[str, Callable[[str], bool]] = {
        "mbi": is_mbi,
        "phone": looks_like_phone,
        "name": lambda text: _COMMA_NAME.fullmatch(text.strip()) is not None and len(text) < 60,
    }
    fitting = sum(tests[meaning](str(value)) for value in values)
    return fitting * 5 >= len(values) * 4


def _cells(book: SheetIn, place: int) -> Any:
    return (row.cells[place] for row in book.rows if row.cells[place] != "")


def _values(book: SheetIn, place: int) -> Any:
    for cell in _cells(book, place):
        text = " ".join(str(cell)[:200].split())
        if text:
            yield text if len(text) <= 40 else text[:39] + "…"


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and 2000 <= value <= 2099 else None


def several(meaning: str) -> bool:
    """Tells whether several columns have a meaning in the ordinary course."""
    return meaning in SEVERAL
