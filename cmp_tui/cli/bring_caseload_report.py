"""The preview of a spreadsheet's import, in lines for people and as one object for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from cmp_tui.exchange.caseload.headings import Columns
from cmp_tui.exchange.caseload.plan import KINDS, CaseloadPlan, RowPlan
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.files.sheet_in import Fault

FIRST_ROWS = 20
FIRST_FAULTS = 60
FIRST_NAMES = 60
FIRST_LEFT = 20
HOW = {
    "heading": "",
    "content": "by what is in it",
    "last time": "as last time",
    "said": "as you said",
    "none": "",
}


def mapping_lines(book: SheetIn, columns: Columns) -> Iterator[str]:
    """Where the table was found, and what each column means."""
    where = f"sheet {book.sheet!r}, " if book.sheet else ""
    heads = f"headings in {book.unit} {book.heading_row}" if book.heading_row else "no headings"
    yield f"{book.file}: {where}{heads}, {book.rows_in:,} rows below."
    for line in book.above:
        yield f"Above them: {line}"
    yield ""
    wide = min(28, max((len(one.heading) for one in columns.columns), default=0))
    for one in columns.columns:
        how = HOW[one.how]
        sample = "; ".join(one.samples)[:50]
        said = f"{_cut(one.heading, wide):{wide}}  {_cut(columns.means(one), 28):28}  {sample}"
        yield f"{said}  ({how})" if how else said.rstrip()
    yield ""
    yield 'Is one wrong? --column "HEADING=MEANING", with: ' + ", ".join(_meanings())


def _meanings() -> Iterable[str]:
    from cmp_tui.exchange.caseload.words import MEANINGS

    return (name if name != "minutes" else "minutes:2026-01" for name in MEANINGS)


def preview(plan: CaseloadPlan) -> Iterator[str]:
    """What the import would do, line by line."""
    yield ""
    yield from plan.said
    if plan.said:
        yield ""
    yield f"{'':22}{'new':>9}{'changed':>9}{'same':>9}"
    for kind, (_, several) in KINDS.items():
        count = plan.counts[kind]
        if kind == "patient" or any(asdict(count).values()):
            more = f"   {count.kept:,} differ, kept as here" if count.kept else ""
            yield f"{several:22}{count.new:>9,}{count.changed:>9,}{count.same:>9,}{more}"
    yield from _rows(plan)
    yield from _faults(plan)
    unit = plan.unit
    yield ""
    yield (
        f"{plan.rows_in:,} {unit}s: {plan.rows_taken:,} taken, {len(plan.left_out):,} left out, "
        f"{plan.rows_refused:,} refused."
    )


def _rows(plan: CaseloadPlan) -> Iterator[str]:
    written = plan.of("new", "changed")
    if written:
        yield ""
    for row in written[:FIRST_ROWS]:
        yield f"{row.state:8}{_who(plan, row)}  {row.summary()}".rstrip()
    if len(written) > FIRST_ROWS:
        yield f"... and {len(written) - FIRST_ROWS:,} more"
    differs = [
        f"{'taken  ' if one.taken else 'differs'} {_who(plan, row)}: "
        f"{one.what} {one.sheet!r} in the sheet, {one.here!r} here"
        for row in plan.rows
        for one in row.differs
    ]
    left = [f"{plan.unit} {one.number}: {one.why}: {one.words}" for one in plan.left_out]
    heaps = (
        (
            "Look at these:",
            [f"check   {_who(plan, row)}: {one}" for row in plan.rows for one in row.warnings],
            FIRST_NAMES,
        ),
        (
            "Other than here"
            + (":" if plan.overwrite else "; it stays as it is here (--overwrite changes it):"),
            differs,
            FIRST_NAMES,
        ),
        ("Left out, for they are no patients:", left, FIRST_LEFT),
        ("Not taken:", [f"skipped {_who(plan, row)}: {row.why}" for row in plan.of("skipped")], FIRST_FAULTS),
    )
    for heading, lines, first in heaps:
        yield from _heap(heading, lines, first)


def _faults(plan: CaseloadPlan) -> Iterator[str]:
    refused = [_fault(plan, one) for one in plan.faults if one.lost]
    yield from _heap("Refused:", refused, FIRST_FAULTS)
    skipped = {row.number for row in plan.of("skipped")}
    others = [_fault(plan, one) for one in plan.faults if not one.lost and one.number not in skipped]
    yield from _heap("Could not be read, and kept word by word with the patient:", others, FIRST_FAULTS)


def _heap(heading: str, lines: list[str], first: int) -> Iterator[str]:
    if lines:
        yield ""
        yield heading
        yield from lines[:first]
        if len(lines) > first:
            yield f"... and {len(lines) - first:,} more; --json lists them all"


def _fault(plan: CaseloadPlan, fault: Fault) -> str:
    where = f", {fault.column}" if fault.column else ""
    return f"{plan.unit} {fault.number:,}{where}: {fault.why}"


def _who(plan: CaseloadPlan, row: RowPlan) -> str:
    numbers = ", ".join(str(number) for number in (row.number, *row.more))
    born = row.birth_date or "no birth date"
    return f"{plan.unit} {numbers}  {row.name or '(no name)'}  {born}  MRN {row.mrn or '(made)'}"


def _cut(text: str, wide: int) -> str:
    return text if len(text) <= wide else text[: wide - 1] + "…"


def as_object(book: SheetIn, columns: Columns, plan: CaseloadPlan) -> dict[str, Any]:
    """The preview for programs."""
    return {
        "file": book.file,
        "sheet": book.sheet,
        "sheets": [one._asdict() for one in book.sheets],
        "heading_row": book.heading_row,
        "above": book.above,
        "unit": book.unit,
        "columns": [
            {"heading": one.heading, "means": one.option, "how": one.how, "samples": one.samples}
            for one in columns.columns
        ],
        "year": columns.year,
        "said": plan.said,
        "rows_in": plan.rows_in,
        "rows_taken": plan.rows_taken,
        "rows_refused": plan.rows_refused,
        "counts": {kind: asdict(count) for kind, count in plan.counts.items()},
        "rows": [
            {
                "row": row.number,
                "merged": row.more,
                "mrn": row.mrn,
                "name": row.name,
                "birth_date": row.birth_date,
                "state": row.state,
                "why": row.why,
                "alike": [one._asdict() for one in row.alike],
                "added": row.counts(),
                "summary": row.summary(),
                "differs": [one._asdict() for one in row.differs],
                "warnings": row.warnings,
            }
            for row in plan.rows
        ],
        "left_out": [one._asdict() for one in plan.left_out],
        "faults": [one._asdict() for one in plan.faults],
    }
