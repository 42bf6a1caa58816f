"""The columns of the Month screen, on the screen and in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.billing.close_rules import IN_WORDS, Stand
from cmp_tui.billing.month_preview import KEYS
from cmp_tui.billing.month_rows import MonthRow
from cmp_tui.clinic.calendar import Month
from cmp_tui.ui.bar import bar, minutes_cell
from cmp_tui.ui.listing import Cell, Naming, patient_cells, text, whole
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import MONTHS

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "blocked": "blocked",
        "amended": "amended",
        "short": "short",
        "way": "on its way",
        "ready": "ready",
        "check": "check",
        "barred": "no bill",
        "out": "no reach",
        "none": "nothing",
    }
)
"""What a state is called in the list; a file gets the same words."""


def state_content(state: str, signs: Signs, closed: bool = False) -> Content:
    """A state by its sign and its word; colour only adds to them."""
    sign, style = {
        "blocked": (signs.overdue, "$coral"),
        "amended": (signs.overdue, "$coral"),
        "short": (signs.today, "$amber"),
        "way": (signs.later, "$text"),
        "ready": (signs.done, "$accent"),
        "check": ("?", "$text"),
        "barred": ("-", "$dim"),
        "out": (signs.down, "$dim"),
        "none": (signs.dot, "$dim"),
    }[state]
    word = "billed" if closed and state == "ready" else WORDS[state]
    return Content.styled(f"{sign} {word}", style)


def what_words(row: MonthRow, today: date) -> str:
    """What blocks or warns first, or how many minutes are missing until when; in plain words."""
    month = Month.parse(row.month)
    if row.state in ("short", "way") and not row.minutes:
        return f"no time yet, usually {row.usual} min" if row.usual else "no time yet this month"
    if row.state in ("short", "way"):
        until = f"by {month.last.day} {MONTHS[month.month - 1]}"
        if row.state == "way":
            return f"{row.missing} more {until}, usually {row.usual}"
        return f"{row.missing} more {'minute' if row.missing == 1 else 'minutes'} {until}"
    if row.state == "out":
        over = today > month.last
        return f"{row.minutes} of {row.wanted} min" if over else f"cannot reach {row.wanted} min this month"
    return row.says


def month_columns(
    naming: Naming, signs: Signs, today: Callable[[], date], closed: Callable[[], bool]
) -> tuple[Column, ...]:
    """State, patient, programs, what is billed or in the way, who bills, minutes against the threshold."""

    def state(row: MonthRow, drawn: RowState) -> Content:
        return state_content(row.state, signs, closed())

    def who(row: MonthRow, drawn: RowState) -> Content:
        name = naming.shown_name(row.family, row.given)
        return Content.styled(name, drawn.name_style(row.state in ("blocked", "amended")))

    def what(row: MonthRow, drawn: RowState) -> Content:
        words = what_words(row, today())
        parts: list[str | tuple[str, str]] = []
        if row.lines:
            parts.append((row.lines, "$dim" if row.state == "check" else ""))
        if words:
            parts.append((f"  {words}" if row.lines else words, "$dim" if row.lines else ""))
        if row.mend and row.state == "blocked":
            parts.append((f"  {KEYS[row.mend][0]}", "$accent"))
        return Content.assemble(*parts)

    def programs(row: MonthRow, drawn: RowState) -> Content:
        return Content.styled(row.programs or "–", "$dim")

    def practitioner(row: MonthRow, drawn: RowState) -> Content:
        return Content.styled(row.practitioner or "not known", "$dim")

    def minutes(row: MonthRow, drawn: RowState) -> Content:
        return minutes_cell(row.minutes, row.wanted)

    return (
        Column("state", state, width=12, cells=text("state", lambda row: WORDS[row.state])),
        Column("patient", who, width=17, cells=patient_cells(naming)),
        Column("for", programs, width=5, cells=text("programs", lambda row: row.programs or None)),
        Column("bills, or what is in the way", what, fraction=3, cells=_what_cells(today)),
        Column(
            "who bills", practitioner, fraction=1, min_width=100,
            cells=text("practitioner", lambda row: row.practitioner or None),
        ),
        Column(
            "min", minutes, width=4, align="right",
            cells=(*whole("minutes", lambda row: row.minutes), *whole("first code at", lambda row: row.wanted or None)),
        ),
        Column("", lambda row, drawn: bar(row.minutes, row.wanted, signs), width=5),
    )  # fmt: skip


def _what_cells(today: Callable[[], date]) -> tuple[Cell, ...]:
    return (
        Cell("lines", lambda row: row.lines or None),
        Cell("in the way", lambda row: what_words(row, today()) or None),
    )


def stand_columns(naming: Naming, signs: Signs) -> tuple[Column, ...]:
    """What stands in the way of closing a month: whether it can be passed, about whom, and what it is."""

    def may(row: Stand, drawn: RowState) -> Content:
        if row.passable:
            return Content.styled(f"{signs.later} {IN_WORDS[row.kind]}", "$text")
        return Content.styled(f"{signs.overdue} {IN_WORDS[row.kind]}", "$coral")

    def who(row: Stand, drawn: RowState) -> Content:
        return Content.styled(stand_name(naming, row), drawn.name_style(not row.passable))

    def mrn(row: Any) -> str | None:
        return None if naming.masked else row.mrn or None

    return (
        Column("what", may, width=25, cells=text("what", lambda row: IN_WORDS[row.kind])),
        Column(
            "patient", who, width=17,
            cells=(Cell("patient", lambda row: stand_name(naming, row) or None), Cell("MRN", mrn)),
        ),
        Column("says", lambda row, drawn: says_of(naming, row), fraction=1),
    )  # fmt: skip


def stand_name(naming: Naming, stand: Stand) -> str:
    """Whom it is about, as lists show names; '' for the month itself."""
    family, _, given = stand.name.partition(", ")
    return naming.shown_name(family, given) if stand.name else ""


def says_of(naming: Naming, stand: Stand) -> str:
    """What stands in the way. Some sentences hold names: masked, they are left out."""
    named = stand.kind in ("draft", "timer", "overlap")
    return "names are masked; ! shows them" if named and naming.masked else stand.says
