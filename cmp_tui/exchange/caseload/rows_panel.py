"""The preview of an import on the screen: its columns, and one row whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from textual.content import Content

from cmp_tui.chart.changes import Sayer, field_changes
from cmp_tui.chart.labels import RECORDS
from cmp_tui.clinic.calendar import local
from cmp_tui.exchange.caseload.plan import KINDS, CaseloadPlan
from cmp_tui.exchange.caseload.preview_rows import PreviewRow
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.ui.chrome import MONTHS_LONG as MONTHS
from cmp_tui.ui.listing import Naming, text, whole
from cmp_tui.ui.preview import GAP, LABEL, Line
from cmp_tui.ui.table_lines import Column, RowState, as_content
from cmp_tui.ui.words import day_words, minutes_words

STYLES = {
    "new": "$accent",
    "changed": "$text",
    "same": "$dim",
    "skipped": "$dim",
    "refused": "$coral",
    "decide": "$amber",
}


def row_columns(naming: Naming) -> tuple[Column, ...]:
    """State, row, patient, birth date, MRN, what and why."""

    def state(row: PreviewRow, drawn: RowState) -> Content:
        return Content.styled(row.shown_state, STYLES.get(row.shown_state, "$accent"))

    def name(row: PreviewRow) -> str:
        family, _, given = row.name.partition(", ")
        return naming.shown_name(family, given) if row.name else ""

    def mrn(row: PreviewRow) -> str:
        return "" if naming.masked else row.mrn

    def why(row: PreviewRow) -> str:
        return "like somebody here" if naming.masked and row.plan and row.plan.alike else row.why

    def who(row: PreviewRow, drawn: RowState) -> Content:
        return Content.styled(name(row), drawn.name_style(row.asks))

    def what(row: PreviewRow, drawn: RowState) -> Content:
        amber = "$amber" if row.state in ("new", "changed", "same") else "$dim"
        gap = "  " if row.what and row.why else ""
        return Content.assemble(row.what, gap, (why(row), "$coral" if row.state == "refused" else amber))

    return (
        Column("state", state, width=7, cells=text("state", lambda row: row.shown_state)),
        Column(
            "row",
            lambda row, drawn: Content.styled(str(row.number), "$dim"),
            width=5,
            align="right",
            cells=whole("row", lambda row: row.number),
        ),
        Column("patient", who, width=17, cells=text("patient", lambda row: name(row) or None)),
        Column("born", lambda row, drawn: Content.styled(row.born, "$dim"), width=10),
        Column("MRN", lambda row, drawn: Content.styled(mrn(row), "$dim"), width=8),
        Column(
            "what it does",
            what,
            fraction=1,
            cells=(*text("what", lambda row: row.what or None), *text("why", lambda row: why(row) or None)),
        ),
    )


def row_lines(row: PreviewRow, say: Sayer, masked: bool) -> tuple[Line, ...]:
    """Returns all that a row would do, and all there is to know about it."""
    lines = [
        Line(None, Content.styled(row.name if row.name and not masked else f"Row {row.number}", "bold")),
        GAP,
        Line("Row", ", ".join(map(str, (row.number, *(row.plan.more if row.plan else ()))))),
        Line("State", Content.styled(row.shown_state, STYLES.get(row.shown_state, "$accent"))),
    ]
    if row.mrn and not masked:
        lines.append(Line("MRN", row.mrn))
    if row.born:
        lines.append(Line("Born", row.born))
    if row.plan is None:
        return (*lines, Line("Why", row.why))
    plan = row.plan
    if plan.why and not plan.alike:
        lines.append(Line("Why", plan.why))
    if plan.alike and not masked:
        lines += [GAP, Line(None, Content.styled("Somebody like this", "$dim"))]
        for one in plan.alike:
            where = one.mrn or f"row {one.row}"
            lines.append(Line(where, f"{one.name}  {one.birth_date or ''}".rstrip()))
            lines.append(Line("", Content.styled(one.why, "$dim")))
        lines.append(
            Line(None, Content.styled("m is the same person, n is new, x leaves the row out", "$dim"))
        )
    lines += _writes(row, say)
    if plan.differs:
        lines += [GAP, Line(None, Content.styled("Here it says otherwise", "$dim"))]
        for differs in plan.differs:
            which = "the sheet's is taken" if differs.taken else "it stays as here"
            lines.append(_line(differs.what, f"{differs.sheet} in the sheet, {differs.here} here; {which}"))
    lines += [Line("Look at", Content.styled(words, "$amber")) for words in plan.warnings]
    for fault in row.faults:
        lines.append(Line(fault.column or "Fault", Content.styled(fault.why, "$amber")))
    return tuple(lines)


def _writes(row: PreviewRow, say: Sayer) -> list[Line]:
    plan = row.plan
    assert plan is not None
    lines: list[Line] = []
    if plan.state == "new":
        lines += [GAP, Line(None, Content.styled("New patient", "$dim"))]
        lines += _fields("patient", plan.values, say)
    for edit in plan.edits:
        lines += [GAP, Line(None, Content.styled(f"Changes the {_record(edit.kind)}", "$dim"))]
        lines += _fields(_table(edit.kind), edit.values, say)
    for kind, _, _ in plan.strikes:
        lines += [GAP, Line(None, Content.styled(f"Strikes the {_record(kind)} out", "$dim"))]
    if plan.adds:
        lines += [GAP, Line(None, Content.styled("Adds", "$dim"))]
        lines += [_added(kind, values, say) for kind, values in plan.adds]
    return lines


def _fields(table: str, values: dict[str, Any], say: Sayer) -> list[Line]:
    return [_line(one.label, one.new) for one in field_changes(table, None, values, say)]


def _added(kind: str, values: dict[str, Any], say: Sayer) -> Line:
    """A record that is added, in its words."""
    if kind == "time":
        start, end = values["start"], values["end"]
        month = local(start, say.zone)
        return _line(
            f"{MONTHS[month.month - 1][:3]} {month.year}", minutes_words(int((end - start).total_seconds()))
        )
    if kind == "note":
        return _line(str(values["label"]), str(values["text"]))
    table = _table(kind)
    words = say.name(table, values) if table in RECORDS else ""
    column = next((name for name in ("due", "at", "date", "start", "made_on") if values.get(name)), "")
    when = ""
    if column:
        day = values[column]
        when = day_words(local(day, say.zone).date() if isinstance(day, datetime) else day, say.today)
    return _line(_record(kind), "  ".join(part for part in (words, when) if part))


def _table(kind: str) -> str:
    return kind.replace("-", "_")


def _record(kind: str) -> str:
    return KINDS[kind][0] if kind in KINDS else kind


def _line(label: str, words: str) -> Line:
    return (
        Line(label, words)
        if len(label) < LABEL
        else Line(None, Content.assemble((f"{label}  ", "$dim"), words))
    )


def as_page(lines: tuple[Line, ...]) -> Content:
    """The lines of a preview as one text."""
    parts = []
    for line in lines:
        value = as_content(line.value)
        parts.append(
            value if line.label is None else Content.assemble((f"{line.label:<{LABEL}}", "$dim"), value)
        )
    return Content("\n").join(parts)


def totals(plan: CaseloadPlan, book: SheetIn) -> Content:
    """What the import writes, by kind, and what was found out about the file."""
    lines = [Content.styled(f"{'':28}{'new':>9}{'changed':>9}{'same':>9}", "$dim")]
    for kind, (_, several) in KINDS.items():
        count = plan.counts[kind]
        if kind == "patient" or count.new or count.changed or count.same or count.kept:
            kept = f"   {count.kept:,} kept as here" if count.kept else ""
            lines.append(Content(f"{several:28}{count.new:>9,}{count.changed:>9,}{count.same:>9,}{kept}"))
    left = f"{plan.rows_in:,} rows: {plan.rows_taken:,} taken, {plan.rows_refused:,} not, "
    left += f"{len(plan.left_out):,} no patients"
    lines += [Content(""), Content(left)]
    lines += [Content(""), *(Content.styled(words, "$dim") for words in (*book.said, *plan.said))]
    return Content("\n").join(lines)
