"""A line of the chart's Medications whole: a medicine, a finding, the allergies, a reconciliation."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from cmp_tui.chart.base_panel import Setting, labelled
from cmp_tui.chart.days import partial_words
from cmp_tui.chart.medications_day import answer_words, day_line, kept_words, times_words
from cmp_tui.chart.medications_drawer import STYLES, Drawer
from cmp_tui.chart.medications_queries import Medicines
from cmp_tui.chart.medications_rows import ALLERGIES, DAY, KNOWN, Row
from cmp_tui.medications.drug_book import DrugBook
from cmp_tui.medications.interaction_rules import KIND_WORDS, SEVERITY_WORDS, Finding
from cmp_tui.medications.name_rules import said
from cmp_tui.medications.queries import MedicationLine
from cmp_tui.medications.reconcile_queries import ReconciliationHead
from cmp_tui.medications.reconcile_words import list_words
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.words import day_words


class Telling:
    """Tells lines whole, in the words of the clinic."""

    def __init__(self, setting: Setting, found: Medicines, drawer: Drawer, book: DrugBook) -> None:
        self._set, self._found, self._draw, self._book = setting, found, drawer, book

    def lines(self, row: Row) -> list[Line]:
        """What the preview shows of a line."""
        source = row.source
        if isinstance(source, MedicationLine):
            return list(self._medicine(source))
        if isinstance(source, Finding):
            return list(self.finding(source))
        if isinstance(source, ReconciliationHead):
            return list(self._reconciliation(source))
        if row.part == ALLERGIES:
            return list(self._allergies())
        if row.part == DAY:
            return list(self._day())
        return list(self._known()) if row.part == KNOWN else []

    def _medicine(self, one: MedicationLine) -> Iterator[Line]:
        label, today = self._set.reference.label, self._set.today
        yield Line(None, Content.styled(one.display, "bold"))
        yield GAP
        yield Line("Ordered", one.dosage or Content.styled("no directions", "$dim"))
        if one.as_needed:
            yield Line("", "only as needed")
        if one.with_food:
            yield Line("Food", label("with_food", one.with_food))
        yield Line("For", one.reason or Content.styled("not said", "$dim"))
        if one.prescriber:
            yield Line("Ordered by", one.prescriber)
        if one.started:
            yield Line("Since", partial_words(one.started, today))
        if one.last_ordered and one.last_ordered != one.started:
            yield Line("Last order", partial_words(one.last_ordered, today))
        yield Line("State", label("medication_status", one.status))
        if one.stopped:
            yield Line("Until", partial_words(one.stopped, today))
        if one.stopped_why:
            yield Line("Why", one.stopped_why)
        if named := self._named_by(one):
            yield Line("Named by", named)
        yield GAP
        words, style = self._draw.taken_words(one)
        if one.is_current:
            yield Line("Takes it", Content.styled(words, style))
            if one.taken_on:
                by = f", by the {label('with_whom', one.taken_told)}" if one.taken_told else ""
                yield Line("Said", f"{day_words(one.taken_on, today)}{by}")
            if one.taking is None:
                yield Line("", Content.styled("= takes it as ordered, a anything else", "$dim"))
        kept = next((kept for kept in self._found.day.kept if kept.line.id == one.id), None)
        if kept is not None:
            for name, words in kept_words(kept, self._set.reference, today):
                yield Line(name, words)
        reading = self._found.readings.get(one.id)
        if reading is not None:
            yield Line(
                "Read as", Content.styled(said(self._book, reading), "" if reading.known else "$amber")
            )
        for finding in self._found.checked.findings:
            if one.id in finding.keys:
                yield GAP
                yield from self.finding(finding)

    def _named_by(self, one: MedicationLine) -> str:
        words = self._set.reference.label("medicine_source", one.told_by) if one.told_by else ""
        came = "came in from another system" if one.source else ""
        return ", ".join(part for part in (words, came) if part)

    def finding(self, one: Finding) -> Iterator[Line]:
        """A finding: what, why, what to ask, and where it is from."""
        sign = self._draw.sign(one.severity)[0]
        word = f"{sign} {SEVERITY_WORDS[one.severity]}: {one.title}"
        yield Line(None, Content.styled(word, f"bold {STYLES[one.severity]}"))
        yield Line("Kind", KIND_WORDS[one.kind])
        names = [name for key in one.keys if (name := self._found.named(key))]
        for at, name in enumerate(names):
            yield Line("Concerns" if at == 0 else "", name)
        if one.reason:
            yield Line("Why", one.reason)
        if one.ask:
            yield Line("Ask", one.ask)
        if one.source:
            yield Line("Source", Content.styled(one.source, "$dim"))

    def _known(self) -> Iterator[Line]:
        yield Line(None, Content.styled("What was looked at", "bold"))
        yield GAP
        yield Line(None, self._found.sentence)
        unread = [name for key in self._found.checked.unread if (name := self._found.named(key))]
        if unread:
            yield GAP
            yield Line(None, Content.styled("Not recognised, so not checked:", "$amber"))
            for name in unread:
                yield Line(None, f"{self._set.signs.dot} {name}")
        allergies = [name for key in self._found.checked.allergies_unread if (name := self._found.named(key))]
        if allergies:
            yield GAP
            yield Line(None, Content.styled("Allergies not recognised, so not compared:", "$amber"))
            for name in allergies:
                yield Line(None, f"{self._set.signs.dot} {name}")

    def _day(self) -> Iterator[Line]:
        day, reference, today = self._found.day, self._set.reference, self._set.today
        yield Line(None, Content.styled("A day with these medicines", "bold"))
        yield GAP
        yield Line(None, day_line(day))
        yield GAP
        for one in day.kept:
            times = times_words(one.dosing.grid, one.dosing.unit)
            yield labelled(one.line.display, times or ("as needed" if one.dosing.as_needed else "not known"))
        if day.answer is not None:
            yield GAP
            yield Line("Patient", answer_words(day.answer, reference, today))
        if day.questions:
            yield GAP
            yield Line(None, Content.styled("To ask the practitioner:", "bold"))
            for question in day.questions:
                yield Line(None, f"{self._set.signs.dot} {question}")

    def _allergies(self) -> Iterator[Line]:
        label = self._set.reference.label
        yield Line(None, Content.styled("Allergies", "bold"))
        yield GAP
        if not self._found.allergies:
            yield Line(None, Content.styled("None listed: nobody has said that there are none.", "$dim"))
        for one in self._found.allergies:
            about = (one.reaction, label("severity", one.severity), label("allergy_status", one.status))
            yield labelled(one.substance, ", ".join(part for part in about if part))

    def _reconciliation(self, one: ReconciliationHead) -> Iterator[Line]:
        label, today = self._set.reference.label, self._set.today
        title = list_words(one)
        yield Line(None, Content.styled(title[:1].upper() + title[1:], "bold"))
        yield GAP
        yield Line("Occasion", label("reconciliation_why", one.why))
        yield Line("Begun", f"{day_words(one.begun_on, today)} by {one.begun_by_name or 'someone'}")
        yield Line("Decided", f"{one.decided} of {one.total} lines")
        if one.done_on:
            yield Line("Done", day_words(one.done_on, today))
        if one.signed_as:
            yield Line("Signed", one.signed_as)
        if one.remarks:
            yield Line("Remarks", one.remarks)
        yield GAP
        goes_on = "enter goes on" if one.is_open else "enter shows its lines"
        yield Line(None, Content.styled(goes_on, "$dim"))
