"""What every export does: refuse early, write aside, log it, and say what was written."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.text import terminal_safe

if TYPE_CHECKING:
    from cmp_tui.files.sheet import Sheet
    from cmp_tui.files.table_out import Fill, Save


def form_of(form: str | None, output: Path | None, forms: Iterable[str]) -> str:
    """Returns the format: the one that was said, else by the file's name, else CSV. Raises UsageError."""
    known = tuple(forms)
    if form is None:
        suffix = output.suffix.lower().lstrip(".") if output else ""
        if output is not None and suffix not in known:
            names = f"{', '.join(known[:-1])} or {known[-1]}"
            raise click.UsageError(
                f"{terminal_safe(output.name)} does not say what it is: add --format {names}."
            )
        form = suffix or "csv"
    if form == "xlsx" and output is None:
        raise click.UsageError("A spreadsheet needs a file: add -o FILE.xlsx")
    return form


def refuse_early(clinic: Clinic, output: Path | None) -> None:
    """Raises before anything is made when the person may not export, or the file can't be written."""
    from cmp_tui.clinic.staff import me
    from cmp_tui.files.aside import refuse_target

    clinic.rights.require(clinic.read(me).roles, "look.export")
    if output is not None:
        refuse_target(output, [clinic.path])


def hand_out(
    clinic: Clinic, sheets: Sequence[Sheet] | Fill, form: str, output: Path | None, **facts: Any
) -> None:
    """Writes the file or standard output, logs it, and says on standard error what was written.

    `sheets` all go into a workbook; CSV and JSON take the first. What streams comes as a function that hands them on
    (see `Fill`). `facts` stand in the audit entry.
    """
    from cmp_tui.clinic.audit import audit_head
    from cmp_tui.files.digest import sha256_of
    from cmp_tui.files.table_out import save_table, write_table

    fill = sheets if callable(sheets) else partial(_hand_on, sheets)
    facts["format"] = form
    if output is None:
        whole = io.BytesIO()
        count = fill(lambda found: save_table(whole, form, found))
        digest = hashlib.sha256(whole.getbuffer()).hexdigest()
        clinic.look("export", **facts, rows=count, sha256=digest)
        sys.stdout.buffer.write(whole.getbuffer())
        sys.stdout.buffer.flush()
    else:
        digest = ""

        def log(hidden: Path, rows: int) -> None:
            nonlocal digest
            digest = sha256_of(hidden)
            clinic.look("export", **facts, rows=rows, sha256=digest)

        # What can't be logged does not leave the house, and leaves an older file as it was.
        count = write_table(output, form, fill, never=[clinic.path], then=log)
    head = clinic.read(audit_head)
    where = terminal_safe(str(output.resolve())) if output else "standard output"
    click.echo(f"{where}: {count:,} rows, sha256 {digest}", err=True)
    click.echo(f"Audit chain: {head.seq} entries, head {head.seq}:{head.hash}", err=True)


def _hand_on(sheets: Sequence[Sheet], save: Save) -> int:
    return save(sheets)
