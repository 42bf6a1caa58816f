"""plan: the patient's copy of the care plan, or the summary of it for another provider."""

from __future__ import annotations

from pathlib import Path

import click

from cmp_tui.cli.context import Session, say
from cmp_tui.cli.handing import refuse_early
from cmp_tui.cli.reading import patient_of


@click.command("plan")
@click.argument("mrn")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.pdf",
    help="Default: plain text on the screen.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "es"]),
    help="Of the patient's copy. Default: by the patient's language.",
)
@click.option(
    "--text", "plain", is_flag=True, help="Plain text into the file, for a portal or a record system."
)
@click.option("--summary", is_flag=True, help="The summary for another provider, on one page.")
@click.option("--for", "name", metavar="NAME", help="Who gets the summary: what is new to them is marked.")
@click.pass_obj
def plan_command(
    session: Session,
    mrn: str,
    output: Path | None,
    language: str | None,
    plain: bool,
    summary: bool,
    name: str | None,
) -> None:
    """Write the patient's copy of the care plan, in large plain language, or a summary of it for another provider.

    Writing is not giving: in the app, the chart's p records to whom it was given, and how.

    \b
    Examples:
      cmp-tui plan A-1041 -o plan.pdf --language es
      cmp-tui plan A-1041 --summary --for "Dr. Chen" -o summary.pdf
    """
    from cmp_tui.careplan.copy_queries import copy_document
    from cmp_tui.clinic.errors import ClinicError, Invalid
    from cmp_tui.desk.summary_queries import summary_document
    from cmp_tui.files.aside import write_aside
    from cmp_tui.files.digest import sha256_of
    from cmp_tui.files.document import as_text
    from cmp_tui.files.pdf_out import write_pdf
    from cmp_tui.patients.paper_out import printable

    if name and not summary:
        raise click.UsageError("--for belongs to --summary.")
    if language and summary:
        raise click.UsageError("The summary is in English; --language belongs to the patient's copy.")
    if plain and output is None:
        plain = False
    clinic = session.clinic
    refuse_early(clinic, output)
    patient = patient_of(clinic, mrn)
    document = (
        clinic.read(summary_document, patient.id, name or "")
        if summary
        else clinic.read(copy_document, patient.id, language)
    )
    facts = {"what": "plan-summary" if summary else "plan", "language": document.language}
    if output is None:
        clinic.look("export", patient.id, **facts, format="text")
        say(as_text(document))
        return
    form = "text" if plain else "pdf"

    def log(hidden: Path) -> None:
        clinic.look("export", patient.id, **facts, format=form, sha256=sha256_of(hidden))

    dropped = ""
    if plain:
        with write_aside(output, check=log, never=[clinic.path]) as file:
            file.write(as_text(document).encode())
    else:
        try:
            document, dropped = printable(document, clinic.reference)
        except Invalid as lacking:
            raise ClinicError(f"{' '.join(lacking.fields.values())} Add --text.") from None
        write_pdf(output, document, clinic.reference.path("fonts"), never=[clinic.path], then=log)
    say(f"{output.resolve()}: {document.title}, {patient.name}")
    if dropped:
        say(f"Left out, as the font lacks it: {' '.join(dropped)}")
