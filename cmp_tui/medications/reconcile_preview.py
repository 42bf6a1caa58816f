"""A line of two lists whole: both texts, how they differ, what was found, what was decided."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date

from textual.content import Content

from cmp_tui.clinic.reference import Reference
from cmp_tui.medications.drug_book import DrugBook
from cmp_tui.medications.interaction_rules import SEVERITY_WORDS, Finding
from cmp_tui.medications.name_rules import read, said
from cmp_tui.medications.queries import MedicationLine
from cmp_tui.medications.reconcile_columns import STYLES, decision_words, difference_words, findings_of
from cmp_tui.medications.reconcile_queries import Walk, WalkLine
from cmp_tui.medications.reconcile_words import short_list
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.words import day_words


class WalkTelling:
    """Tells lines whole."""

    def __init__(self, reference: Reference, book: DrugBook, signs: Signs, today: date) -> None:
        self._reference, self._book, self._signs, self._today = reference, book, signs, today

    def lines(self, walk: Walk, line: WalkLine) -> list[Line]:
        """What the preview shows of a line."""
        return list(self._lines(walk, line))

    def _lines(self, walk: Walk, line: WalkLine) -> Iterator[Line]:
        label = self._reference.label
        if line.ours is not None:
            yield Line("Ours", line.ours.words)
            yield from self._ours(line.ours)
        else:
            gone = "was on our list, struck out since" if line.medication is not None else "not on our list"
            yield Line("Ours", Content.styled(gone, "$dim"))
        theirs = line.listed or Content.styled(f"not on the {short_list(walk.head.list_from)}", "$dim")
        yield Line("Theirs", theirs)
        if line.listed is not None:
            reading = read(self._book, line.listed)
            if not reading.known or reading.read_as or reading.between:
                yield Line("Read as", Content.styled(said(self._book, reading), "$amber"))
        words = difference_words(line, self._reference)
        yield Line("Differs", Content.styled(words, "$amber" if line.is_walked else ""))
        if line.past is not None:
            why = f": {line.past.stopped_why}" if line.past.stopped_why else ""
            day = f" {line.past.stopped}" if line.past.stopped else ""
            state = label("medication_status", line.past.status)
            yield Line("", Content.styled(f"{line.past.words}, {state}{day}{why}", "$amber"))
        if line.decision is not None:
            yield Line("Decided", Content.styled(decision_words(line, self._reference), "$accent"))
            if line.written:
                yield Line("Written", line.written)
        if line.why:
            yield Line("Why", line.why)
        found = findings_of(walk, line)
        if found:
            yield GAP
        # First what there is, so that it is seen on the smallest screen; then each of them whole.
        yield from (Line(None, self._title(finding)) for finding in found)
        for finding in found:
            if len(found) > 1:
                yield GAP
                yield Line(None, Content.styled(finding.title, "$dim"))
            yield from self._finding(walk, line, finding)

    def _ours(self, one: MedicationLine) -> Iterator[Line]:
        label = self._reference.label
        about = ", ".join(part for part in (one.reason, one.prescriber) if part)
        if about:
            yield Line("", Content.styled(about, "$dim"))
        if one.status == "on-hold":
            yield Line("", Content.styled(f"on hold: {one.stopped_why or 'not said why'}", "$amber"))
        if one.differs:
            parts = (label("taking", one.taking), one.taken_how, label("not_taken_why", one.taken_why))
            told = f" ({day_words(one.taken_on, self._today)})" if one.taken_on else ""
            yield Line(
                "Takes it", Content.styled(f"{', '.join(part for part in parts if part)}{told}", "$amber")
            )

    def _title(self, one: Finding) -> Content:
        sign = {"avoid": self._signs.overdue, "serious": self._signs.today, "watch": self._signs.later}[
            one.severity
        ]
        return Content.styled(f"{sign} {SEVERITY_WORDS[one.severity]}: {one.title}", STYLES[one.severity])

    def _finding(self, walk: Walk, line: WalkLine, one: Finding) -> Iterator[Line]:
        names: dict[Hashable, str] = {other.id: other.name for other in walk.lines}
        names |= dict(walk.allergies)
        for key in one.keys:
            if key != line.id and (name := names.get(key)):
                yield Line("With", name)
        if one.reason:
            yield Line("Why", one.reason)
        if one.ask:
            yield Line("Ask", one.ask)
