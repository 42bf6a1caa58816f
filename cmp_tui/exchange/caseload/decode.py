"""From the rows of a sheet to people: every cell is read by what its column means, each different text once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.text import clean
from cmp_tui.exchange.caseload.cells import (
    ERRORS,
    CellReader,
    DayIn,
    Read,
    as_text,
)
from cmp_tui.exchange.caseload.conditions import ConditionReader
from cmp_tui.exchange.caseload.dates import orders_of, orders_said
from cmp_tui.exchange.caseload.headings import Column, Columns
from cmp_tui.exchange.caseload.minutes import MinutesIn, read_minutes
from cmp_tui.exchange.caseload.names import NameIn, NameReader
from cmp_tui.exchange.caseload.phones import read_phones, use_of
from cmp_tui.exchange.caseload.plan import LeftOut, PersonIn
from cmp_tui.exchange.caseload.putting import (
    attribute,
    put_conditions,
    put_consent,
    put_day,
    put_due,
    put_last,
    unkept,
    value_of,
)
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.exchange.caseload.sorting_out import sorted_out
from cmp_tui.exchange.caseload.words import Words
from cmp_tui.files.sheet_in import Cell, Fault
from cmp_tui.patients.coding import ConditionTables
from cmp_tui.patients.rules import is_mbi

NOTE_LIMIT = 20_000
NOTE_MOST = 1_000_000
"""Characters of one cell that are kept; more is named."""
TEXTS = {
    "family": 120, "given": 120, "preferred": 120, "best_time": 120, "email": 200, "language": 60, "street": 200,
    "city": 120, "state": 40, "postal_code": 20, "practitioner": 120, "pcp": 200, "mrn": 64, "care_manager": 120,
}  # fmt: skip
IDENTITY = frozenset({"mrn", "name", "family", "given", "birth_date"})
_DATES = (
    "birth_date", "consent", "consent_date", "consent_how", "enrolled_on", "ended_on", "plan_date", "plan_reviewed",
    "plan_given", "last_contact", "next_due", "status",
)  # fmt: skip
_FIRST = ("mrn", "family", "given", "name", "birth_date")


class Decoded(NamedTuple):
    """What the rows say: people in order, rows that are none, what could not be read, and how columns were read."""

    people: list[PersonIn]
    left_out: list[LeftOut]
    faults: list[Fault]
    said: list[str]


def decode(
    book: SheetIn,
    columns: Columns,
    words: Words,
    tables: ConditionTables,
    today: date,
    *,
    staff: dict[str, bytes],
    day_first: bool | None = None,
) -> Decoded:
    """Reads all rows. `staff` are the keys of care managers by folded name and username."""
    return _Decoder(book, columns, words, tables, today, staff, day_first).decode()


class _Decoder:
    """One reading of one sheet."""

    def __init__(
        self, book: SheetIn, columns: Columns, words: Words, tables: ConditionTables, today: date,
        staff: dict[str, bytes], day_first: bool | None,
    ) -> None:  # fmt: skip
        self._columns, self._words, self._today = columns, words, today
        self._listing = ConditionReader(words, tables)
        self._staff, self._cells = staff, CellReader(words, today)
        self._faults: list[Fault] = []
        self._book = book
        self._rows, self._left_out = sorted_out(book, columns, words)
        self._people = [PersonIn(row.number) for row in self._rows]
        dated = {one.heading: one.place for one in columns.of(*_DATES)}
        cells = {heading: [row.cells[place] for row in self._rows] for heading, place in dated.items()}
        orders = orders_of(cells, day_first)
        self._orders = {dated[heading]: order for heading, order in orders.items()}
        self._said = list(orders_said(orders))

    def decode(self) -> Decoded:
        ordered = sorted(
            self._columns.columns,
            key=lambda one: _FIRST.index(one.meaning) if one.meaning in _FIRST else len(_FIRST),
        )
        for column in ordered:
            if column.meaning in ("note", "risk"):
                self._notes(column)
            elif column.meaning != "ignore":
                self._column(column)
        self._faults.sort(key=lambda fault: fault.number)
        return Decoded(self._people, self._left_out, self._faults, self._said)

    # -- one column

    def _column(self, column: Column) -> None:
        read, put = self._how(column)
        place, heading, known = column.place, column.heading, self._cells
        cache: dict[Cell, Read | None] = {"": None}
        for person, row in zip(self._people, self._rows, strict=True):
            cell = row.cells[place]
            if cell in cache:
                got = cache[cell]
            else:
                if isinstance(cell, str) and cell.strip() in ERRORS:
                    got = Read(
                        wrong="is an error of the spreadsheet: its formula has lost what it counted with"
                    )
                elif known.is_empty(cell):
                    got = None
                else:
                    got = read(cell)
                cache[cell] = got
            if got is None:
                continue
            if got.value is None or got.wrong or got.keep or got.told:
                self._tell(person, column, cell, got)
                if got.value is None:
                    continue
            other = put(person, got.value)
            if other:
                person.warnings.append(f"{heading}: {_short(as_text(cell))!r} {other}")
                self._keep(person, column.label, as_text(cell))

    def _tell(self, person: PersonIn, column: Column, cell: Cell, got: Read) -> None:
        """Says what could not be read, and keeps the words."""
        text = as_text(cell)
        if got.wrong:
            lost = column.meaning in IDENTITY
            self._faults.append(Fault(person.number, column.heading, f"{_short(text)!r} {got.wrong}"))
            if lost:
                person.refused = person.refused or f"{column.heading} {_short(text)!r} {got.wrong}"
        if got.told:
            person.warnings.append(f"{column.heading}: {_short(text)!r} {got.told}")
        if (got.wrong and text not in ERRORS) or got.keep:
            self._keep(person, column.label, text)

    def _how(self, column: Column) -> tuple[Callable[[Cell], Read], Callable[[PersonIn, Any], str]]:
        """How the cells of a column are read, and where they go."""
        meaning, cells = column.meaning, self._cells
        order = self._orders.get(column.place)
        day_first = order.day_first if order else False
        if meaning == "name":
            return self._names(column)
        if meaning == "minutes":
            return self._minutes(column)
        if meaning == "phone":
            return self._phones(column)
        if meaning == "condition":
            return self._conditions, put_conditions
        if meaning in ("sex", "payer"):
            return (lambda cell: cells.code(meaning, cell, meaning)), value_of(meaning)
        if meaning == "birth_date":
            return (lambda cell: cells.birth(cell, day_first)), attribute("birth_date")
        if meaning in ("consent", "consent_date", "consent_how"):
            return (lambda cell: cells.consent(cell, day_first)), put_consent
        if meaning == "status":
            return (lambda cell: cells.status(cell, day_first)), attribute("status")
        if meaning == "plan_given":
            return (lambda cell: cells.given(cell, day_first)), attribute("given_copy")
        if meaning == "outcome":
            return cells.outcome, attribute("outcome")
        if meaning == "last_contact":
            return (lambda cell: self._last(cell, day_first)), put_last
        if meaning == "next_due":
            return (lambda cell: unkept(cells.day(cell, day_first, future=True))), put_due
        days = {
            "enrolled_on": "enrolled_on",
            "ended_on": "ended_on",
            "plan_date": "made_on",
            "plan_reviewed": "reviewed_on",
        }
        if meaning in days:
            return (lambda cell: cells.day(cell, day_first)), put_day(days[meaning])
        if meaning == "mbi":
            return self._medicare_number, value_of("mbi")
        if meaning == "care_manager":
            return self._manager, value_of("care_manager")
        put = attribute(meaning) if meaning in ("mrn", "family", "given", "pcp") else value_of(meaning)
        return (lambda cell: _text(cell, TEXTS[meaning])), put

    def _names(self, column: Column) -> tuple[Callable[[Cell], Read], Callable[[PersonIn, Any], str]]:
        texts = {as_text(row.cells[column.place]) for row in self._rows}
        reader = NameReader(self._words.given, texts, self._words.died)
        orders: dict[str, list[str]] = {"given first": [], "family first": []}

        def read(cell: Cell) -> Read:
            got = _text(cell, 400)
            if got.value is None:
                return got
            name = reader.read(got.value)
            if name is None or len(name.family) > 120 or len(name.given) > 120:
                return Read(wrong="can't be read as a name")
            if name.order != "comma":
                orders[name.order].append(got.value)
            return Read(name, keep=bool(name.rest))

        known: dict[Cell, Read] = {text: read(text) for text in texts if text}

        def put(person: PersonIn, name: NameIn) -> str:
            if not person.family:
                person.family, person.given = name.family, name.given
                if name.preferred:
                    person.values.setdefault("preferred", name.preferred)
            return ""

        for found, how in zip(orders.values(), ("given name first", "family name first"), strict=True):
            if found:
                several = (
                    "1 name without a comma is"
                    if len(found) == 1
                    else f"{len(found):,} names without a comma are"
                )
                self._said.append(f"{several} read {how}, such as {min(found)!r}.")
        return (lambda cell: known[as_text(cell)]), put

    def _minutes(self, column: Column) -> tuple[Callable[[Cell], Read], Callable[[PersonIn, Any], str]]:
        year = column.year or self._columns.year
        if year is None or column.month is None:
            return (lambda cell: Read()), (lambda person, value: "")
        month = Month(year, column.month)
        future = month > Month.of(self._today)

        def read(cell: Cell) -> Read:
            try:
                found = read_minutes(cell)
            except ValueError as error:
                return Read(wrong=str(error))
            if not found.seconds:
                return Read(found) if not found.rest else Read(found, keep=True)
            return Read(wrong=f"minutes of {month.label}, which is still to come") if future else Read(found)

        def put(person: PersonIn, value: MinutesIn) -> str:
            before = person.minutes.setdefault(month, value)
            return (
                ""
                if before == value
                else f"is other than {before.seconds // 60} in another column of {month}"
            )

        return read, put

    def _phones(self, column: Column) -> tuple[Callable[[Cell], Read], Callable[[PersonIn, Any], str]]:
        use = use_of(column.heading, self._words)

        def read(cell: Cell) -> Read:
            phones, left = read_phones(clean(as_text(cell), limit=10**7).text, self._words, use)
            if not phones:
                return Read(wrong="has no telephone number that can be read")
            return Read(phones, keep=bool(left))

        def put(person: PersonIn, phones: list[Any]) -> str:
            have = {one.digits for one in person.phones}
            person.phones += [one for one in phones if one.digits not in have]
            return ""

        return read, put

    def _conditions(self, cell: Cell) -> Read:
        text = clean(as_text(cell), lines=True, limit=10**7).text
        if len(text) > 5_000:
            return Read(wrong="is too long for a list of conditions")
        found = self._listing.read(text)
        listed = [one for one in found if not one.why_not]
        told = "; ".join(f"{one.code} is {one.why_not}" for one in found if one.why_not)
        return Read(listed or None, told=told, keep=len(listed) < len(found))

    def _last(self, cell: Cell, day_first: bool) -> Read:
        """A last contact: the day, and perhaps the outcome beside it."""
        got = self._cells.day(cell, day_first)
        if not isinstance(got.value, DayIn) or not got.keep:
            return got
        return Read((got.value, self._cells.outcome(got.value.rest).value), told=got.told)

    def _medicare_number(self, cell: Cell) -> Read:
        text = "".join(as_text(cell).replace("-", "").split()).upper()
        if len(text) > 20 or not text.isalnum():
            return Read(wrong="is no Medicare number")
        return Read(
            text,
            told="" if is_mbi(text) else "does not look like a Medicare number; check it against the card",
        )

    def _manager(self, cell: Cell) -> Read:
        from cmp_tui.clinic.text import fold

        found = self._staff.get(fold(as_text(cell)))
        return Read(found) if found else Read(wrong="is no care manager here")

    # -- words that are kept

    def _notes(self, column: Column) -> None:
        label = "Risk" if column.meaning == "risk" else column.label
        for person, row in zip(self._people, self._rows, strict=True):
            cell = row.cells[column.place]
            if cell == "":
                continue
            if isinstance(cell, str) and cell.strip() in ERRORS:
                self._faults.append(
                    Fault(row.number, column.heading, f"{cell.strip()!r} is an error of the spreadsheet")
                )
                continue
            text = as_text(cell)
            if len(text) > NOTE_MOST:
                self._faults.append(
                    Fault(
                        row.number,
                        column.heading,
                        f"has {len(text):,} characters; the first {NOTE_MOST:,} were kept",
                    )
                )
                text = text[:NOTE_MOST]
            if len(text) > NOTE_LIMIT or label in person.notes:
                self._keep(person, label, text)
            elif cleaned := clean(text, lines=True, limit=NOTE_LIMIT).text:
                person.notes[label] = cleaned

    def _keep(self, person: PersonIn, label: str, text: str) -> None:
        """Keeps words of a cell under its heading; long ones in parts."""
        text = clean(text[:NOTE_MOST], lines=True, limit=NOTE_MOST).text
        if not text:
            return
        for number, part in enumerate(_parts(text), 1):
            name = label if number == 1 else f"{label} (part {number})"
            before = person.notes.get(name)
            if before is None:
                person.notes[name] = part
            elif part not in before and len(before) + len(part) + 2 <= NOTE_LIMIT:
                person.notes[name] = f"{before}; {part}"


def _text(cell: Cell, limit: int) -> Read:
    try:
        text = clean(as_text(cell), limit=limit).text
    except ClinicError:
        return Read(wrong=f"is longer than the {limit} characters that fit")
    return Read(text) if text else Read(wrong="holds nothing that can be read")


def _parts(text: str) -> Iterable[str]:
    while len(text) > NOTE_LIMIT:
        cut = max(text.rfind(" ", NOTE_LIMIT // 2, NOTE_LIMIT), text.rfind("\n", NOTE_LIMIT // 2, NOTE_LIMIT))
        cut = cut if cut > 0 else NOTE_LIMIT
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
