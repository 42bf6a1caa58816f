"""Letters to patients: data/letters/*.toml, English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule
from cmp_tui.enrollment.wording import Keys, Tongue, checked, filled, read_shelf, text_of

FOLDER = "letters"
FIELDS = ("name", "clinic", "program", "practitioner", "care_manager", "phone")
TOP = Keys(("version", "title", "en"), ("es",))
PART = Keys(("subject", "greeting", "text", "closing"))


class Words(NamedTuple):
    """A letter in one language."""

    subject: str
    greeting: str
    text: str
    closing: str


class Letter(NamedTuple):
    """One letter; without `es` it is in English for everybody."""

    name: str
    version: str
    title: str
    en: Words
    es: Words | None

    def tongue(self, wanted: Tongue) -> Tongue:
        """The language in which it is written: the one that is wanted where it is there."""
        return wanted if wanted == "en" or self.es is not None else "en"

    def words(self, tongue: Tongue) -> Words:
        """Returns the letter in a language."""
        return self.es if tongue == "es" and self.es is not None else self.en


class Letters(NamedTuple):
    """The letters by name, and a sentence for each file that can't be used."""

    by_name: Mapping[str, Letter]
    problems: tuple[str, ...]


def letters(reference: Reference) -> Letters:
    """Returns the letters of this clinic, read once."""
    return reference.made(FOLDER, lambda: _letters(reference))


def paragraphs(text: str, fields: Mapping[str, str]) -> list[str]:
    """Returns the paragraphs of a letter with its fields filled in; a line's end within one is a space."""
    pieces = (" ".join(piece.split()) for piece in text.strip().split("\n\n"))
    return [filled(piece, fields) for piece in pieces if piece]


def _letters(reference: Reference) -> Letters:
    shelf = read_shelf(reference, FOLDER, "letter", _letter)
    return Letters({one.name: one for one in shelf.found}, shelf.problems)


def _letter(name: str, table: Mapping[str, Any], own: bool) -> Letter:
    checked(table, TOP, FIELDS)
    spanish = _words(table["es"], "es") if "es" in table else None
    return Letter(
        name, text_of(table, "version"), text_of(table, "title"), _words(table["en"], "en"), spanish
    )


def _words(row: Any, table: str) -> Words:
    if not isinstance(row, Mapping):
        raise BadRule(table, 1, f"{table} is a table: [{table}] with subject, greeting, text and closing")
    checked(row, PART, FIELDS, table)
    return Words(*(text_of(row, key, table) for key in Words._fields))
