"""The time log as a file: CSV, XLSX (both sheets) or JSON. Two runs over the same data give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from cmp_tui.billing.queries import PatientMonth, months_of
from cmp_tui.billing.spans import Span, month_spans
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.scope import Scope
from cmp_tui.files.csv_out import encode_csv
from cmp_tui.files.json_out import encode_json
from cmp_tui.files.sheet import Column, Sheet
from cmp_tui.files.table_out import Save, write_table

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
    Column("amended_by", width=14),
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


def time_log_sheets(
    scope: Scope,
    save: Save,
    month: Month,
    /,
    *,
    by: str = "span",
    both: bool = False,
    notes: bool = False,
    **narrow: str | None,
) -> int:
    """Gives the log to `save`, by span or by patient, with `both` also the other one; returns what it returns.

    All is of one moment. The rows of a sheet can be read once, in turn, before `save` returns. `narrow` is as in
    `time_log`.
    """

    def spans(notes: bool) -> Iterator[Span]:
        return month_spans(scope, month, notes=notes, **narrow)

    def months() -> Iterator[PatientMonth]:  # asked for only when its sheet is written
        yield from months_of(scope.reference, month, spans(False))

    sheets = [span_sheet(spans(notes), notes=notes), patient_sheet(months())]
    if by == "patient":
        sheets.reverse()
    return save(sheets if both else sheets[:1])


def write_log(
    path: Path,
    form: str,
    sheets: Sequence[Sheet],
    never: Iterable[Path],
    then: Callable[[Path, int], None] | None = None,
) -> int:
    """Writes the log ("csv" and "json" take one sheet, "xlsx" all); returns the rows.

    `then` gets the finished hidden file and its rows just before it takes its name. Raises CannotWrite.
    """
    return write_table(path, form, lambda save: save(sheets), never=never, then=then)


def encode_log(form: str, sheet: Sheet) -> Iterator[bytes]:
    """Yields the log for standard output ("csv" or "json")."""
    return encode_json(sheet) if form == "json" else encode_csv(sheet)


def _span_rows(spans: Iterable[Span], notes: bool) -> Iterator[tuple[object, ...]]:
    last = len(Span._fields) - (0 if notes else 1)
    # The seconds stand there twice, the second time as hours and minutes; the note comes last.
    places = (*range(7), 6, *range(7, last))
    return map(itemgetter(*places), spans)


def _patient_row(month: PatientMonth) -> tuple[object, ...]:
    return (*month[:6], month.seconds, *month[6:])
