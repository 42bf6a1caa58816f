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
    """'Month  November 2026 · mine · 62 ready · 18 short · 10 on its way · 3 blocked · 5 working days left'.

    What the list or the header says too is left out where there is no room.
    """
    dot = f" {signs.dot} "
    month, board = source.month, source.board
    head: list[Part] = [("Month", "bold"), "  ", month.label, (f"{dot}{source.whose}", "$dim")]
    if board is None:
        reading = source.reading
        total = f" {reading.done * 100 // reading.total} %" if reading is not None and reading.total else ""
        return Content.assemble(*head, (f"{dot}reading …{total}", "$dim"))
    if board.closed is not None:
        day = day_words(day_of(board.closed.at, zone), today)
        head += [(dot, "$dim"), (f"closed {day} by {board.closed.by}", "$accent")]
    elif not board.loaded:
        head += [(dot, "$dim"), (f"rules for {month.year} not loaded", "$coral")]
    tail: list[Part] = []
    if source.filter.name:
        tail += [(dot, "$dim"), (f"only {source.filter.words}", "$accent"), ("  esc shows all", "$dim")]
    if SORTED[source.sort]:
        tail += [(dot + SORTED[source.sort], "$dim")]
    left: list[Part] = []
    if board.closed is None and month.first <= today <= month.last:
        days = plural(business_days_left(today, month.last), "working day")
        left = [(f"{dot}{days} left", "$dim")]
    found, closed = board.counts(), board.closed is not None
    whole = [*head, *_counts(found, closed, dot, way=True), *tail, *left]
    for parts in (whole, [*head, *_counts(found, closed, dot, way=True), *tail]):
        if (content := Content.assemble(*parts)).cell_length <= room:
            return content
    return Content.assemble(*head, *_counts(found, closed, dot, way=False), *tail)


def _counts(found: Mapping[str, int], closed: bool, dot: str, *, way: bool) -> list[Part]:
    numbers = (
        (found.get("ready", 0), "billed" if closed else "ready", "$accent"),
        (found.get("short", 0), "short", "$amber"),
        (found.get("way", 0) if way else 0, "on its way", "$text"),
        (found.get("blocked", 0) + found.get("barred", 0), "blocked", "$coral"),
        (found.get("amended", 0), "amended", "$coral"),
    )
    parts: list[Part] = []
    for number, word, style in numbers:
        if number:
            parts += [(dot, "$dim"), (f"{number:,} {word}", style)]
    return parts or [(f"{dot}nothing to bill", "$dim")]


def stands_title(month: Month, stands: Sequence[Stand], signs: Signs, room: int) -> Content:
    """'Month  close October 2026 · 1 open draft, 73 no care plan'; only how many, where there is no room for which."""
    dot = f" {signs.dot} "
    parts: list[Part] = [("Month", "bold"), f"  close {month.label}"]
    if not stands:
        return Content.assemble(*parts, (f"{dot}nothing in the way", "$accent"))
    never = any(not one.passable for one in stands)
    style = "$coral" if never else "$amber"
    whole = Content.assemble(*parts, (dot, "$dim"), (counts(stands), style))
    if whole.cell_length <= room:
        return whole
    return Content.assemble(*parts, (dot, "$dim"), (f"{plural(len(stands), 'thing')} in the way", style))
