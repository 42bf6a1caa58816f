"""The rows of a list of stays, read: each a stay, or events that are joined to one. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cmp_tui.clinic.text import clean, fold
from cmp_tui.exchange.caseload.cells import CellReader, as_text, record_number
from cmp_tui.exchange.caseload.dates import find_day, orders_of, orders_said
from cmp_tui.exchange.caseload.names import NameReader
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.exchange.stays.book import StayWords
from cmp_tui.exchange.stays.plan import Column, StayIn
from cmp_tui.files.sheet_in import Cell, Fault

DAYS = ("birth_date", "event_on", "admitted", "discharged")
TEXTS = {"facility": 200, "reason": 300, "visit_id": 100}
_PACKED = re.compile(r"([0-9]{8})[0-9]{2,6}(?:\.[0-9]+)?(?:[+-][0-9]{4})?")
"""A moment as HL7 writes it: 20261120143000."""


class _Refused(ValueError):
    """A row that can't be taken; the text says why."""


@dataclass(slots=True)
class Decoded:
    """The stays of a list, what was said about reading it, rows that were refused, and events that change nothing."""

    stays: list[StayIn] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    read_over: Counter[str] = field(default_factory=Counter)


def decode(
    book: SheetIn, columns: Sequence[Column], words: StayWords, today: date, day_first: bool | None = None
) -> Decoded:
    """Reads the rows of a list. `day_first` is the order of dates where a person said it."""
    return _Decoder(book, columns, words, today, day_first).read()


class _Decoder:
    def __init__(
        self,
        book: SheetIn,
        columns: Sequence[Column],
        words: StayWords,
        today: date,
        day_first: bool | None,
    ) -> None:
        self._book, self._words, self._today = book, words, today
        self._places = {one.meaning: one.place for one in columns if one.meaning}
        self._cells = CellReader(words.sheet, today)
        dated = {
            one.heading: [row.cells[one.place] for row in book.rows] for one in columns if one.meaning in DAYS
        }
        orders = orders_of(dated, day_first)
        self._first = {
            one.meaning: orders[one.heading].day_first
            for one in columns
            if one.meaning in DAYS and one.heading in orders
        }
        self._found = Decoded(said=list(orders_said(orders)))
        names = (
            (as_text(row.cells[self._places["name"]]) for row in book.rows) if "name" in self._places else ()
        )
        self._names = NameReader(words.sheet.given, names)

    def read(self) -> Decoded:
        """Reads every row; events are joined in the order in which they stand, oldest day first."""
        events: list[tuple[date, int, str, StayIn]] = []
        has_events = "event" in self._places and "event_on" in self._places
        for row in self._book.rows:
            self._row = row.cells
            stay = StayIn([row.number])
            try:
                self._identity(stay)
                self._about(stay)
                what = self._event() if has_events else ""
                if what in ("update", "cancel"):
                    said = (
                        "cancelled: look at it by hand"
                        if what == "cancel"
                        else "no admission and no discharge"
                    )
                    if what == "cancel":
                        raise _Refused(said)
                    self._found.read_over[as_text(self._cell("event"))] += 1
                    continue
                self._days(stay)
                if what:
                    on = self._day("event_on")
                    if on is None and stay.admitted is None:
                        raise _Refused("the event has no day")
                    events.append((on or stay.admitted or self._today, row.number, what, stay))
                    continue
                if stay.admitted is None:
                    raise _Refused("there is no day of admission")
                self._found.stays.append(stay)
            except _Refused as refused:
                stay.refused = str(refused)
                self._found.stays.append(stay)
        self._join(events)
        return self._found

    # -- one row

    def _identity(self, stay: StayIn) -> None:
        stay.mrn = record_number(self._cell("mrn")) if self._has("mrn") else ""
        if self._has("family"):
            stay.family, stay.given = self._text("family", 100), self._text("given", 100)
        elif self._has("name"):
            name = self._names.read(self._text("name", 200))
            if name is not None:
                stay.family, stay.given = name.family, name.given
        if self._has("birth_date"):
            got = self._cells.birth(_day_cell(self._cell("birth_date")), self._first.get("birth_date", False))
            if got.wrong:
                raise _Refused(f"the birth date {as_text(self._cell('birth_date'))!r} {got.wrong}")
            stay.birth_date = got.value
        if not stay.mrn and not (stay.family and stay.birth_date):
            raise _Refused("it does not say who: a record number, or a name and a birth date")

    def _about(self, stay: StayIn) -> None:
        stay.facility, stay.reason = self._text("facility", 200), self._text("reason", 300)
        stay.visit = self._text("visit_id", 100)
        kind = self._code("kind")
        if kind is None and self._has("kind"):
            raise _Refused(
                f"{self._text('kind', 60)!r} is no kind of stay that is known (data/stay_columns.toml)"
            )
        told = fold(self._text("event", 60)).split() if self._has("event") else []
        stay.kind = kind or ("ed" if {"ed", "er", "emergency"} & set(told) else "inpatient")
        stay.to = self._code("discharged_to") or ""
        if self._has("discharged_to") and not stay.to:
            stay.warnings.append(
                f"where they went ({self._text('discharged_to', 60)!r}) is not known here: left out"
            )
        stay.came_from = self._code("admitted_from") or ""
        emergency = self._code("emergency")
        stay.emergency = None if emergency is None else emergency == "yes"

    def _event(self) -> str:
        if not self._has("event"):
            return ""
        found = self._words.code("event", fold(self._text("event", 60)))
        if found is None:
            raise _Refused(f"{self._text('event', 60)!r} is no event that is known (data/stay_columns.toml)")
        return found

    def _days(self, stay: StayIn) -> None:
        stay.admitted, stay.discharged = self._day("admitted"), self._day("discharged")
        if stay.admitted and stay.discharged and stay.discharged < stay.admitted:
            raise _Refused(f"the discharge ({stay.discharged}) comes before the admission ({stay.admitted})")
        for name, day in (("admission", stay.admitted), ("discharge", stay.discharged)):
            if day is not None and day > self._today:
                raise _Refused(f"the {name} ({day}) is still to come")

    def _day(self, meaning: str) -> date | None:
        if not self._has(meaning):
            return None
        cell = self._cell(meaning)
        try:
            found = find_day(_day_cell(cell), self._first.get(meaning, False), self._today)
        except (ValueError, OverflowError):
            found = None
        if found is None:
            raise _Refused(f"{as_text(cell)[:40]!r} is no day of the calendar")
        if found.day > self._today and meaning == "event_on":
            raise _Refused(f"the event ({found.day}) is still to come")
        return found.day

    def _has(self, meaning: str) -> bool:
        return (
            meaning in self._places
            and not self._cells.is_empty(self._cell(meaning))
            and bool(as_text(self._cell(meaning)).strip())
        )

    def _cell(self, meaning: str) -> Cell:
        place = self._places.get(meaning)
        return "" if place is None or place >= len(self._row) else self._row[place]

    def _text(self, meaning: str, limit: int) -> str:
        text = " ".join(clean(as_text(self._cell(meaning)), limit=10**6).text.split())
        return text if len(text) <= limit else text[: limit - 1] + "…"

    def _code(self, meaning: str) -> str | None:
        return self._words.code(meaning, fold(self._text(meaning, 100))) if self._has(meaning) else None

    # -- events

    def _join(self, events: list[tuple[date, int, str, StayIn]]) -> None:
        """Joins admissions and discharges of one person: by the visit's number, else the last one that is open."""
        opened: dict[Any, list[StayIn]] = {}
        for on, _, what, stay in sorted(events, key=lambda one: (one[0], one[1])):
            same = opened.setdefault(stay.who, [])
            if what == "admit":
                stay.admitted = stay.admitted or on
                again = next((one for one in same if _is_same(one, stay)), None)
                if again is None:
                    same.append(stay)
                    self._found.stays.append(stay)
                else:
                    _fill(again, stay)
                continue
            stay.discharged = stay.discharged or on
            if stay.kind == "ed" and stay.admitted is None:
                stay.admitted = on
            mine = next((one for one in reversed(same) if _ends(one, stay)), None)
            if mine is not None:
                mine.discharged = stay.discharged
                _fill(mine, stay)
            else:
                # Its admission may be here already: the comparison looks for it.
                same.append(stay)
                self._found.stays.append(stay)


def _is_same(one: StayIn, other: StayIn) -> bool:
    if one.visit and other.visit:
        return one.visit == other.visit
    return one.admitted == other.admitted and one.kind == other.kind


def _ends(one: StayIn, left: StayIn) -> bool:
    """Whether a discharge is that of a stay."""
    if one.visit and left.visit:
        return one.visit == left.visit
    if one.discharged is not None and one.discharged != left.discharged:
        return False
    houses = {fold(one.facility), fold(left.facility)} - {""}
    return one.kind == left.kind and len(houses) < 2


def _fill(one: StayIn, other: StayIn) -> None:
    """Takes from a later event what the stay does not say yet."""
    one.rows += other.rows
    for name in ("facility", "to", "came_from", "reason", "visit", "mrn"):
        setattr(one, name, getattr(one, name) or getattr(other, name))
    one.emergency = other.emergency if one.emergency is None else one.emergency
    one.warnings += other.warnings


def _day_cell(cell: Cell) -> Cell:
    """A cell with a day; of a moment as HL7 writes it, the day."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell > 10**9:
        cell = str(int(cell))
    if isinstance(cell, str) and (found := _PACKED.fullmatch(cell.strip())):
        return found[1]
    return cell
