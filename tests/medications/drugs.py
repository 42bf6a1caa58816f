"""The shipped drug book, and one with a clinic's own folder, for the tests of what is known of medicines."""

from __future__ import annotations

from pathlib import Path

from cmp_tui.clinic.reference import Reference
from cmp_tui.medications.drug_book import DrugBook, drug_book
from cmp_tui.medications.interaction_book import InteractionBook, interaction_book

_REFERENCE = Reference()
DRUGS: DrugBook = drug_book(_REFERENCE)
PAIRS: InteractionBook = interaction_book(_REFERENCE)


def own(folder: Path, **files: str) -> Reference:
    """A reference whose own folder holds files; the last underscore of a name is its dot."""
    for name, text in files.items():
        stem, _, ending = name.rpartition("_")
        (folder / f"{stem}.{ending}").write_text(text, encoding="utf-8")
    return Reference(own=folder)
