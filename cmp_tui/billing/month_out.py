"""What leaves the house from the Month screen: the audit packet of a patient's month, and the charges."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from textual.content import Content

from cmp_tui.billing.charges import COLUMNS, charges
from cmp_tui.billing.packet import packet, packet_facts
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import os_user
from cmp_tui.clinic.text import fold
from cmp_tui.files.digest import sha256_of
from cmp_tui.files.outbox import free_name, make_outbox, scp_line
from cmp_tui.files.pdf_out import write_pdf
from cmp_tui.ui.listing import Cell, Listing


class Packet(NamedTuple):
    """A packet that was written."""

    path: Path
    sha256: str


def packet_file(scope: Scope, clinic: Clinic, patient: bytes, month: Month) -> Packet:
    """Writes a patient's packet as PDF into the person's outbox (0600 in 0700); logs the export before it has its name.

    Raises ClinicError; then there is no file.
    """
    scope.rights.require(scope.roles, "look.export")
    facts = packet_facts(scope, patient, month)
    folder = make_outbox()
    path = folder / free_name(folder, f"packet-{fold(facts.card.mrn).replace(' ', '-')}-{month}", ".pdf")
    digest = ""

    def log(hidden: Path) -> None:
        nonlocal digest
        digest = sha256_of(hidden)
        _look(clinic, patient, {"what": "packet", "month": str(month), "format": "pdf", "sha256": digest})

    document = packet(facts, scope.reference)
    write_pdf(path, document, scope.reference.path("fonts"), never=[clinic.path], then=log)
    return Packet(path, digest)


def _look(clinic: Clinic, patient: bytes, facts: Mapping[str, object]) -> None:
    """Logs the export on a connection of its own: this one is in the middle of reading."""

    def look() -> None:
        try:
            clinic.look("export", patient, **facts)
        finally:
            clinic.close_here()

    with ThreadPoolExecutor(1) as own:
        own.submit(look).result()


def packet_page(written: Packet, month: Month, environ: Mapping[str, str]) -> Content:
    """Where the packet is, and how to get at it."""
    lines = (
        Content.assemble(("Audit packet saved", "bold"), f"  {month.label}"),
        Content(""),
        _line("File", str(written.path)),
        _line("Fetch it", scp_line(written.path, environ, os_user())),
        _line("", "from your own computer, where this is another one"),
        _line("SHA-256", written.sha256),
        Content(""),
        Content.styled("It holds a patient's data. Remove it when it has served.", "$dim"),
    )
    return Content("\n").join(lines)


def _line(label: str, words: str) -> Content:
    return Content.assemble((f"{label:<10}", "$dim"), (words, "" if label else "$dim"))


def charge_listing(month: Month, lines: int) -> Listing:
    """The charges of a month as a list for a file: the columns of `export charges`. `lines` is about how many."""

    def cell(name: str, kind: str) -> Cell:
        return Cell(name, lambda row: getattr(row, name), kind)  # type: ignore[arg-type]

    return Listing(
        name=f"Charges {month}",
        cells=tuple(cell(column.name, column.kind) for column in COLUMNS),
        batches=lambda scope: (charges(scope, month),),
        count=lines,
        words=f"what to bill in {month.label}, of the whole clinic",
        facts={"what": "charges", "month": str(month)},
    )
