"""A referral letter into the person's outbox, as PDF or plain text; logged before the file has its name."""

from __future__ import annotations

from typing import NamedTuple

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.paper_out import Paper, plain_name, printable, write_paper
from cmp_tui.referrals.letter_queries import letter_document
from cmp_tui.referrals.queries import referral_line


class LetterFile(NamedTuple):
    """A letter that was written; `dropped` are signs that the font lacks and the paper leaves out."""

    paper: Paper
    dropped: str


def letter_file(
    scope: Scope, clinic: Clinic, referral: bytes, records: str | None = None, *, plain: bool = False
) -> LetterFile:
    """Writes the letter of a referral. Raises ClinicError; then there is no file."""
    line = referral_line(scope, referral)
    document, dropped = letter_document(scope, referral, records), ""
    if not plain:
        document, dropped = printable(document, scope.reference)
    stem = f"referral-{plain_name(line.mrn)}-{plain_name(line.what)[:30]}".rstrip("-")
    paper = write_paper(scope, clinic, line.patient, document, stem, plain=plain, what="referral-letter")
    return LetterFile(paper, dropped)
