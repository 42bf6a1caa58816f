"""How hard a printed text is to read: grades of US schools for English, a scale of ease for Spanish."""

from __future__ import annotations

from collections.abc import Iterable

import textstat


def prose(parts: Iterable[str]) -> str:
    """Lines of a list as sentences: the formulas count words to a full stop, and a list has none."""
    return "\n".join(part if part[-1] in ".?!" else f"{part.rstrip(':')}." for part in parts)


def grade(parts: Iterable[str]) -> float:
    """The grade of US schools that an English text asks for (Flesch-Kincaid)."""
    textstat.set_lang("en_US")
    return float(textstat.flesch_kincaid_grade(prose(parts)))


def ease(parts: Iterable[str]) -> float:
    """How easy a Spanish text is (Fernández Huerta): 60 and more is plain, 80 and more is easy."""
    textstat.set_lang("es")
    return float(textstat.fernandez_huerta(prose(parts)))
