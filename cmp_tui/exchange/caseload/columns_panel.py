"""The columns of a spreadsheet on the screen: what each was taken for, and the form that says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from textual.content import Content

from cmp_tui.exchange.caseload.headings import MEANINGS, Column, Columns
from cmp_tui.ui.chrome import MONTHS_LONG as MONTHS
from cmp_tui.ui.fields.number import NumberField
from cmp_tui.ui.form import FormSpec
from cmp_tui.ui.listing import Naming
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.table_lines import Column as TableColumn
from cmp_tui.ui.table_lines import RowState

HOW = MappingProxyType(
    {
        "heading": "by heading",
        "content": "by content",
        "last time": "as last time",
        "said": "as you say",
        "none": "not known",
    }
)


def means_words(column: Column, year: int | None) -> str:
    """What a column means, in words; months with the year that is known for them."""
    if column.meaning != "minutes" or column.month is None:
        return column.means
    known = column.year or year
    return f"minutes, {MONTHS[column.month - 1][:3]} {known or '(year?)'}"


def column_columns(naming: Naming, year: Callable[[], int | None]) -> tuple[TableColumn, ...]:
    """Heading, samples, meaning, and how that is known; `year` is that of months that do not say theirs."""

    def means(row: Column, state: RowState) -> Content:
        style = "$dim" if row.meaning == "ignore" else "$amber" if row.how == "none" else ""
        return Content.styled(means_words(row, year()), style)

    def heading(row: Column, state: RowState) -> Content:
        return Content.styled(row.heading, state.name_style(False))

    def samples(row: Column, state: RowState) -> Content:
        return Content.styled("" if naming.masked else ", ".join(row.samples), "$dim")

    return (
        TableColumn("heading", heading, fraction=3),
        TableColumn("such as", samples, fraction=3),
        TableColumn("means", means, fraction=3),
        TableColumn("how we know", lambda row, state: Content.styled(HOW[row.how], "$dim"), width=12),
    )


def column_lines(row: Column, mapping: Columns, masked: bool) -> tuple[Line, ...]:
    """One column whole, and what there is to know about all of them."""
    lines = [
        Line(None, Content.styled(row.heading, "bold")),
        GAP,
        Line("Means", means_words(row, mapping.year)),
        Line("", Content.styled(HOW[row.how], "$dim")),
        GAP,
    ]
    if not masked:
        lines += [Line("Such as" if not place else "", sample) for place, sample in enumerate(row.samples)]
    if mapping.said:
        lines += [GAP, *(Line(None, Content.styled(words, "$dim")) for words in mapping.said)]
    return tuple(lines)


def meaning_picks(row: Column) -> list[Pick]:
    """Everything that a column can mean."""
    picks = [Pick(name, words) for name, words in MEANINGS.items() if name != "minutes"]
    year = f"{row.year}-" if row.year else ""
    picks += [
        Pick(f"minutes:{year}{number:02d}", f"minutes of {month}{f' {row.year}' if row.year else ''}")
        for number, month in enumerate(MONTHS, 1)
    ]
    return picks


def meaning_title(row: Column) -> Content:
    """The column about which is asked, with its samples."""
    return Content.assemble(" ", (row.heading, "bold"), (f"  {', '.join(row.samples)}", "$dim"))


def year_form(mapping: Columns) -> FormSpec:
    """Asks for the year of months that do not say theirs."""
    months = [MONTHS[one.month - 1] for one in mapping.columns if one.month is not None and one.year is None]
    return FormSpec(
        name="year",
        title="Year of the months",
        identity=Content(_first_and_last(months)),
        fields=(
            NumberField(name="year", label="Year", required=True, least=2000, most=2099, help="such as 2026"),
        ),
    )


def _first_and_last(words: Sequence[str]) -> str:
    return " – ".join(dict.fromkeys((words[0], words[-1]))) if words else ""
