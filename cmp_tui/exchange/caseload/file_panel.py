"""Asking for the file of an import: the line in which its path is typed, and what might be meant below it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input

from cmp_tui.clinic.calendar import local
from cmp_tui.exchange.caseload.paths import Entry
from cmp_tui.ui.keys import key
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import clock_words, day_words

KILO = 1024


class PathLine(Input):
    """Where the path is typed. Enter takes the marked line below, tab writes it out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("path.take", "enter", "submit", "take it"),
        key("path.complete", "tab", "screen.complete", "write it out"),
        key("path.down", "down", "screen.offered(1)", "next", show=False),
        key("path.up", "up", "screen.offered(-1)", "before", show=False),
        key("path.pagedown", "pagedown", "screen.offered(10)", "further down", show=False),
        key("path.pageup", "pageup", "screen.offered(-10)", "further up", show=False),
        key("path.leave", "escape,ctrl+g", "screen.back", "leave"),
    ]

    DEFAULT_CSS = """
    PathLine { height: 1; margin: 0 1 1 1; }
    """


def file_columns(zone: ZoneInfo, today: date) -> tuple[Column, ...]:
    """Name, size, when it was changed."""

    def name(row: Entry, state: RowState) -> Content:
        style = state.name_style(False)
        return (
            Content.styled(f"{row.name}/", style or "$dim") if row.folder else Content.styled(row.name, style)
        )

    def changed(row: Entry, state: RowState) -> Content:
        at = local(row.changed, zone)
        words = f"{day_words(at.date(), today)} {clock_words(row.changed, zone)}"
        return Content.styled("" if row.folder else words, "$dim")

    return (
        Column("name", name, fraction=1),
        Column("size", lambda row, state: Content.styled(_size(row), "$dim"), width=8, align="right", gap=2),
        Column("changed", changed, width=18),
    )


def _size(row: Entry) -> str:
    if row.folder:
        return ""
    if row.size < KILO * KILO:
        return f"{max(1, row.size // KILO):,} kB"
    return f"{row.size / KILO / KILO:,.1f} MB"


def teach() -> Content:
    """How a file gets here, where the folder holds none."""
    return Content.assemble(
        "Type where your spreadsheet lies, a CSV or XLSX file with one row for each patient. ",
        ("Any column names will do. Is it on another computer? Copy it here first, from there: ", "$dim"),
        "scp tracker.xlsx THIS-MACHINE:",
    )
