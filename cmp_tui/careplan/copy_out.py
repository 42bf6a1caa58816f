"""The papers of a care plan into the person's outbox; what a font can't show is said before anything is written."""

from __future__ import annotations

from typing import NamedTuple

from cmp_tui.careplan.copy_queries import copy_document
from cmp_tui.careplan.queries import whole_plan
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.scope import Scope
from cmp_tui.files.document import Document
from cmp_tui.patients.paper_out import Paper, plain_name, printable, write_paper
from cmp_tui.patients.queries import patient_card


class Written(NamedTuple):
    """A paper that was written, and the plan that it tells of: its hash and its latest version.

    `language` is the paper's; `dropped` are signs, such as pictures, that the font lacks: the paper leaves them out.
    """

    paper: Paper
    digest: str
    of_version: bytes | None
    language: str
    dropped: str


def copy_file(
    scope: Scope, clinic: Clinic, patient: bytes, tongue: str | None = None, *, plain: bool = False
) -> Written:
    """Writes the patient's copy ("en", "es"; None: the patient's own language).

    Raises ClinicError; then there is no file.
    """
    document = copy_document(scope, patient, tongue)
    stem = f"plan-{plain_name(patient_card(scope, patient).mrn)}-{document.language}"
    about = {"what": "plan", "language": document.language}
    return written_as(scope, clinic, patient, document, stem, plain, about)


def written_as(
    scope: Scope,
    clinic: Clinic,
    patient: bytes,
    document: Document,
    stem: str,
    plain: bool,
    about: dict[str, str],
) -> Written:
    """Writes a document about a plan to the outbox. Raises ClinicError; then there is no file."""
    dropped = ""
    if not plain:
        document, dropped = printable(document, scope.reference)
    whole = whole_plan(scope, patient)
    paper = write_paper(scope, clinic, patient, document, stem, plain=plain, **about)
    version = whole.versions[0].id if whole.versions else None
    return Written(paper, whole.digest, version, document.language, dropped)
