"""packet: one patient's month on paper, for a reviewer."""

from __future__ import annotations

from pathlib import Path

import click

from cmp_tui.cli.context import Session, say
from cmp_tui.cli.handing import refuse_early
from cmp_tui.cli.month import read_month
from cmp_tui.cli.reading import patient_of
from cmp_tui.clinic.calendar import Month


@click.command("packet")
@click.argument("mrn")
@click.option(
    "--month", required=True, callback=read_month, metavar="YYYY-MM", help="The month, such as 2026-10."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.pdf",
    help="Default: plain text on the screen.",
)
@click.pass_obj
def packet_command(session: Session, mrn: str, month: Month, output: Path | None) -> None:
    """The audit packet of a patient's month: what is billed and why, consent, conditions, plan, every entry with its
    note, and the head of the audit chain.

    \b
    Example:
      cmp-tui packet A-1041 --month 2026-10 -o packet.pdf
    """
    from cmp_tui.billing.packet import packet, packet_facts
    from cmp_tui.files.digest import sha256_of
    from cmp_tui.files.document import as_text
    from cmp_tui.files.pdf_out import write_pdf

    clinic = session.clinic
    refuse_early(clinic, output)
    patient = patient_of(clinic, mrn)
    document = packet(clinic.read(packet_facts, patient.id, month), clinic.reference)
    if output is None:
        clinic.look("export", patient.id, what="packet", month=str(month), format="text")
        say(as_text(document, 100))
        return

    def log(hidden: Path) -> None:
        clinic.look(
            "export", patient.id, what="packet", month=str(month), format="pdf", sha256=sha256_of(hidden)
        )

    write_pdf(output, document, clinic.reference.path("fonts"), never=[clinic.path], then=log)
    say(f"{output.resolve()}: {month.label}, {document.title}")
