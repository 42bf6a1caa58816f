"""A paper about a patient into the person's outbox, as PDF or plain text: logged before the file has its name."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import fold
from cmp_tui.files.aside import write_aside
from cmp_tui.files.digest import sha256_of
from cmp_tui.files.document import Document, as_text, without
from cmp_tui.files.outbox import free_name, home_short, make_outbox
from cmp_tui.files.pdf_out import unprintable, write_pdf

WIDTH = 78
SHOWN = 20
"""Letters that a sentence names at most."""


class Paper(NamedTuple):
    """A paper that was written: where, and where as people write it."""

    path: Path
    shown: str


def write_paper(
    scope: Scope,
    clinic: Clinic,
    patient: bytes,
    document: Document,
    stem: str,
    *,
    plain: bool = False,
    **about: str,
) -> Paper:
    """Writes a document about a patient into the outbox (0600 in 0700) under a free name; `about` is what the audit
    entry says of the export. Raises ClinicError; then there is no file."""
    scope.rights.require(scope.roles, "look.export")
    folder = make_outbox()
    path = folder / free_name(folder, stem, ".txt" if plain else ".pdf")

    def log(hidden: Path) -> None:
        _look(clinic, patient, {**about, "format": "text" if plain else "pdf", "sha256": sha256_of(hidden)})

    if plain:
        with write_aside(path, check=log, never=[clinic.path]) as file:
            file.write(as_text(document, WIDTH).encode())
    else:
        write_pdf(path, document, scope.reference.path("fonts"), never=[clinic.path], then=log)
    return Paper(path, home_short(path))


def printable(document: Document, reference: Reference) -> tuple[Document, str]:
    """Returns the document as it can be printed, and the signs that were left out of it.

    Raises Invalid, with a sentence that names them, when there are letters among what the font lacks: words with
    holes in them are no help to anybody.
    """
    lacking = unprintable(as_text(document), reference.path("fonts"))
    letters = "".join(char for char in lacking if category(char)[0] in "LMN")
    if letters:
        more = " …" if len(letters) > SHOWN else ""
        raise Invalid(
            {
                "format": f"The font of the PDF has no letters for {' '.join(letters[:SHOWN])}{more}. "
                "Take plain text, which holds them all."
            }
        )
    return (without(document, lacking), lacking) if lacking else (document, "")


def plain_name(text: str) -> str:
    """Returns a text as a part of a file's name: 'a-1041'."""
    return fold(text).replace(" ", "-")


def _look(clinic: Clinic, patient: bytes, facts: Mapping[str, str]) -> None:
    """Logs the export on a connection of its own: this one is in the middle of reading."""

    def look() -> None:
        try:
            clinic.look("export", patient, **facts)
        finally:
            clinic.close_here()

    with ThreadPoolExecutor(1) as own:
        own.submit(look).result()
