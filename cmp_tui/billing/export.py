"""The time log as a file: CSV, XLSX (both sheets) or JSON. Two runs over the same data give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cmp_tui.billing.queries import PatientMonth, Span
from cmp_tui.files.csv_out import encode_csv, write_csv
from cmp_tui.files.json_out import encode_json, write_json
from cmp_tui.files.sheet import Column, Sheet
from cmp_tui.files.xlsx_out import write_xlsx

SPAN_COLUMNS = (
    Column("mrn", width=14),
    Column("patient", width=26),
    Column("birth_date", width=12),
    Column("date", "date"),
    Column("start", "local"),
    Column("end", "local"),
    Column("seconds", "integer"),
    Column("duration", "duration"),
    Column("time_zone", width=18),
    Column("staff", width=14),
    Column("credential"),
    Column("clinical", "yes-no"),
    Column("program"),
    Column("practitioner", width=18),
    Column("activity", width=16),
    Column("mode"),
    Column("with_whom"),
    Column("outcome", width=14),
    Column("billable", "yes-no"),
    Column("why_not", width=24),
    Column("entered_at", "local"),
    Column("late", "yes-no"),
    Column("amended", "local"),
    Column("amended_why", width=30),
)
NOTE = Column("note", width=60)
PATIENT_COLUMNS = (
    Column("mrn", width=14),
    Column("patient", width=26),
    Column("birth_date", width=12),
    Column("program"),
    Column("entries", "integer"),
    Column("seconds", "integer"),
    Column("duration", "duration"),
    Column("minutes", "integer"),
    Column("billable_seconds", "integer"),
    Column("billable_minutes", "integer"),
    Column("first_unit", "integer"),
    Column("reached", "yes-no"),
    Column("first_date", "date"),
    Column("last_date", "date"),
    Column("staff", width=20),
)


def span_sheet(spans: Iterable[Span], *, notes: bool = False) -> Sheet:
    """Returns the log by span; the note column only when it is asked for."""
    columns = (*SPAN_COLUMNS, NOTE) if notes else SPAN_COLUMNS
    return Sheet("By span", columns, _span_rows(spans, notes))


def patient_sheet(months: Iterable[PatientMonth]) -> Sheet:
    """Returns the log by patient: totals floored once."""
    return Sheet("By patient", PATIENT_COLUMNS, (_patient_row(month) for month in months))


def write_log(
    path: Path,
    form: str,
    sheets: list[Sheet],
    never: Iterable[Path],
    then: Callable[[Path, int], None] | None = None,
) -> int:
    """Writes the log ("csv" and "json" take one sheet, "xlsx" all); returns the rows.

    `then` gets the finished hidden file and its rows just before it takes its name. Raises CannotWrite.
    """
    if form == "xlsx":
        return write_xlsx(path, sheets, never=never, then=then)
    if form == "json":
        return write_json(path, sheets[0], never=never, then=then)
    return write_csv(path, sheets[0], never=never, then=then)


def encode_log(form: str, sheet: Sheet) -> Iterator[bytes]:
    """Yields the log for standard output ("csv" or "json")."""
    return encode_json(sheet) if form == "json" else encode_csv(sheet)


def _span_rows(spans: Iterable[Span], notes: bool) -> Iterator[tuple[object, ...]]:
    for span in spans:
        row = (*span[:7], span.seconds, *span[7:-1])
        yield (*row, span.note) if notes else row


def _patient_row(month: PatientMonth) -> tuple[object, ...]:
    return (*month[:6], month.seconds, *month[6:])
