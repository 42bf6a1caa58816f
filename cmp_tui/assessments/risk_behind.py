"""The rows behind a patient's points, in words: for the form and for the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from cmp_tui.assessments.library import library
from cmp_tui.assessments.risk_queries import Behind
from cmp_tui.assessments.risk_rules import SCORES, Part, Rule
from cmp_tui.assessments.risk_words import bands_words, row_words, steps_words
from cmp_tui.clinic.reference import Reference


class Teller:
    """Says what stands behind a patient's points; `day` is how days are said."""

    def __init__(self, behind: Behind, reference: Reference, day: Callable[[date], str]) -> None:
        self._behind, self._reference = behind, reference
        self._library = library(reference)
        self.day = day

    def found(self) -> list[tuple[Part, Rule]]:
        """Returns what the rules found, with their rules: what gives the most points first."""
        book = self._behind.book
        known = [(part, rule) for part in self._behind.risk.parts if (rule := book.rule(part.rule))]
        return sorted(known, key=lambda one: -one[0].points)

    def rows(self, part: Part) -> list[str]:
        """Returns the rows that a rule counted, each in a line."""
        lines = (self._behind.rows[key] for key in part.keys if key in self._behind.rows)
        return [
            row_words(table, line, self._reference.label, self.day, self._library.title, self._flags(line))
            for table, line in lines
        ]

    def gives(self, rule: Rule) -> str:
        """Returns what a rule gives: '3 give 1 point, 5 give 2'."""
        return (
            bands_words(rule.bands, self._library.title) if rule.reads == SCORES else steps_words(rule.steps)
        )

    def unasked(self, rule: Rule) -> str:
        """Returns what to ask for a rule that had nothing to look at."""
        names = ", ".join(self._library.title(name) for name in sorted(rule.instruments))
        return f"Not asked in the last {rule.months} months: {names}."

    def _flags(self, line: object) -> dict[str, str]:
        instrument = self._library.get(str(getattr(line, "instrument", "")))
        return {one.name: one.words for one in instrument.flags} if instrument is not None else {}
