"""A paper into the person's outbox: as PDF or as plain text; the export is logged before the file has its name."""

from __future__ import annotations

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment.papers import consent_paper, letter_named, letter_paper, paper_facts
from cmp_tui.enrollment.wording import Tongue
from cmp_tui.files.document import as_text
from cmp_tui.patients.paper_out import WIDTH, Paper, plain_name, printable, write_paper


def consent_file(
    scope: Scope,
    clinic: Clinic,
    patient: bytes,
    program: str | None,
    tongue: Tongue,
    *,
    consent: bytes | None = None,
    plain: bool = False,
) -> Paper:
    """Writes the consent text of a program, or a copy of a recorded consent. Raises ClinicError; then there is no
    file."""
    facts = paper_facts(scope, patient, program, consent)
    document = consent_paper(facts, scope.reference, tongue)
    if not plain:
        document, _ = printable(document, scope.reference)
    stem = f"consent-{plain_name(facts.card.mrn)}-{facts.program}"
    return write_paper(
        scope, clinic, patient, document, stem, plain=plain, what="consent", program=facts.program or ""
    )


def letter_file(
    scope: Scope,
    clinic: Clinic,
    patient: bytes,
    letter: str,
    program: str | None,
    tongue: Tongue,
    *,
    plain: bool = False,
) -> Paper:
    """Writes a letter to a patient. Raises ClinicError; then there is no file."""
    facts = paper_facts(scope, patient, program)
    document = letter_paper(facts, letter_named(scope.reference, letter), scope.reference, tongue)
    if not plain:
        document, _ = printable(document, scope.reference)
    stem = f"letter-{plain_name(letter)}-{plain_name(facts.card.mrn)}"
    return write_paper(scope, clinic, patient, document, stem, plain=plain, what="letter", letter=letter)


def consent_text(scope: Scope, patient: bytes, consent: bytes, tongue: Tongue) -> str:
    """Returns a recorded consent as plain text, to be copied."""
    return as_text(consent_paper(paper_facts(scope, patient, None, consent), scope.reference, tongue), WIDTH)
