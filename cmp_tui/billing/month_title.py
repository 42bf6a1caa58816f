"""The line above the Month's list: which month, how many stand how, and whether it is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from textual.content import Content

from cmp_tui.billing.close_rules import Stand, counts
from cmp_tui.billing.month_source import MonthSource
from cmp_tui.clinic.calendar import Month, business_days_left, day_of
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.words import day_words, plural

SORTED = {
    "attention": "",
    "name": "by name",
    "minutes": "most minutes first",
    "least": "fewest minutes first",
    "practitioner": "by practitioner",
}

Part = str | tuple[str, str]


def month_title(source: MonthSource, today: date, zone: ZoneInfo, signs: Signs, room: int) -> Content:
    """'Month  November 2026 · mine · 62 ready · 18 short · 3 blocked · 5 working days left', as far as there is room."""
    dot = f" {signs.dot} "
    month, board = source.month, source.board
    parts: list[Part] = [("Month", "bold"), "  ", month.label, (f"{dot}{source.whose}", "$dim")]
    if board is None:
        reading = source.reading
        total = f" {reading.done * 100 // reading.total} %" if reading is not None and reading.total else ""
        return Content.assemble(*parts, (f"{dot}reading …{total}", "$dim"))
    if board.closed is not None:
        day = day_words(day_of(board.closed.at, zone), today)
        parts += [(dot, "$dim"), (f"closed {day} by {board.closed.by}", "$accent")]
    elif not board.loaded:
        parts += [(dot, "$dim"), (f"rules for {month.year} not loaded", "$coral")]
    parts += _counts(board.counts(), board.closed is not None, dot)
    if source.filter.name:
        parts += [(dot, "$dim"), (f"only {source.filter.words}", "$accent"), ("  esc shows all", "$dim")]
    if SORTED[source.sort]:
        parts += [(dot + SORTED[source.sort], "$dim")]
    if board.closed is None and month.first <= today <= month.last:
        left = plural(business_days_left(today, month.last), "working day") + " left"
        whole = Content.assemble(*parts, (f"{dot}{left}", "$dim"))
        if whole.cell_length <= room:  # the header says it too
            return whole
    return Content.assemble(*parts)


def _counts(found: Mapping[str, int], closed: bool, dot: str) -> list[Part]:
    number = found.get
    parts: list[Part] = []
    if ready := number("ready", 0):
        parts += [(dot, "$dim"), (f"{ready} {'billed' if closed else 'ready'}", "$accent")]
    if short := number("short", 0):
        parts += [(dot, "$dim"), (f"{short} short", "$amber")]
    if blocked := number("blocked", 0) + number("barred", 0):
        parts += [(dot, "$dim"), (f"{blocked} blocked", "$coral")]
    if amended := number("amended", 0):
        parts += [(dot, "$dim"), (f"{amended} amended", "$coral")]
    return parts or [(f"{dot}nothing to bill", "$dim")]


def stands_title(month: Month, stands: Sequence[Stand], signs: Signs) -> Content:
    """'Month  close October 2026 · 3 things in the way: …'"""
    dot = f" {signs.dot} "
    parts: list[Part] = [("Month", "bold"), f"  close {month.label}"]
    if not stands:
        return Content.assemble(*parts, (f"{dot}nothing in the way", "$accent"))
    never = any(not one.passable for one in stands)
    return Content.assemble(*parts, (dot, "$dim"), (counts(stands), "$coral" if never else "$amber"))
