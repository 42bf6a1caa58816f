"""The chart's Summary: the person and everything that is known about them, each line one key from its form."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from typing import Any

from textual.content import Content

from cmp_tui.chart.base_panel import Choice, Loaded, Menu, Panel, Setting, Step, labelled
from cmp_tui.chart.changes import Sayer, field_changes
from cmp_tui.chart.history import MODELS
from cmp_tui.chart.queries import summary
from cmp_tui.chart.summary_rows import Item, Names, load_names, sections
from cmp_tui.clinic.ids import shown
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.encounters.appointment_rules import OPEN as WAITING
from cmp_tui.enrollment.consent_book import scripts
from cmp_tui.enrollment.eligibility_rules import Judged
from cmp_tui.enrollment.eligibility_words import verdict_words
from cmp_tui.enrollment.paper_out import consent_text
from cmp_tui.enrollment.wording import tongue_of
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.table_lines import Column, RowState, as_content

ADDS = (
    ("p", "phone", "phone"),
    ("c", "condition", "condition"),
    ("a", "allergy", "allergy"),
    ("m", "medicine", "medication"),
    ("f", "family", "person"),
    ("t", "team", "team-member"),
    ("e", "enrollment", "enrollment"),
    ("k", "consent", "consent"),
    ("g", "eligibility", "eligibility"),
    ("x", "appointment", "appointment"),
    ("v", "visit", "visit"),
    ("s", "stay", "stay"),
    ("b", "billed elsewhere", "service"),
    ("r", "risk score", "payer-score"),
    ("w", "whole assessment", "comprehensive"),
)
"""What n adds: letter, words, form."""


class SummaryPanel(Panel):
    """Person, people around them, program, conditions, allergies, team, medicines, values, stays and visits."""

    name = "summary"
    title = "Summary"
    keys = frozenset({"edit", "new", "strike", "done", "consent", "versions"})
    words = {"chart.new": "add"}
    copied = "consent"

    def __init__(self) -> None:
        super().__init__()
        self._names: Names | None = None

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the sections; the names of groups and values are read once."""
        if self._names is None:
            self._names = await asyncio.to_thread(load_names, setting.reference)
        names = self._names
        self._scripts = scripts(setting.reference)
        self.patient = patient
        facts = await live.ask(summary, patient)
        self._say = Sayer(setting.reference, setting.zone, setting.today, setting.names(), names.measures)
        rows: list[Item] = []
        headings: list[tuple[int, str]] = []
        for heading, items in sections(facts, setting, names):
            headings.append((len(rows), heading))
            rows += items
        return Loaded(rows, headings)

    def columns(self) -> Sequence[Column]:
        """A dim label, the words, a day."""

        def label(row: Item, state: RowState) -> Content:
            return Content.styled(row.label, "$dim")

        def words(row: Item, state: RowState) -> Content:
            content = as_content(row.words)
            if row.dim:
                return Content.styled(content.plain, "$dim")
            return content.stylize("bold") if state.cursor and row.record else content

        def when(row: Item, state: RowState) -> Content:
            return Content.styled(row.when, "$dim")

        return (
            Column("what", label, width=14),
            Column("words", words, fraction=1),
            Column("when", when, width=11, align="right"),
        )

    def identity(self, row: Item) -> Hashable:
        """The record's key, or the place that nothing fills yet."""
        return row.key

    def preview(self, row: Item) -> Sequence[Line]:
        """The record behind the line, column by column, in the words of the history."""
        if row.table == "sheet_note":
            return (Line(None, Content.styled(row.label, "bold")), GAP, Line(None, row.source.text))
        heading = Content.styled(as_content(row.words).plain, "bold")
        lines = [Line(None, heading), GAP]
        if isinstance(row.source, Judged):
            return (*lines, *(Line(one.program, verdict_words(one)) for one in row.source.programs))
        if row.table and row.source is not None:
            values: dict[str, Any] = row.source._asdict()
            if row.table == "measurement":
                values = row.source.latest._asdict()
            known = {name: value for name, value in values.items() if name in _columns(row.table)}
            changes = field_changes(row.table, None, known, self._say)
            lines += [labelled(one.label, one.new) for one in changes]
            if row.table == "measurement" and row.source.before is not None:
                before = row.source.before._asdict()
                said = self._say.name("measurement", before)
                lines.append(
                    Line("before", f"{said} {self._say.value('measurement', 'date', before['date'])}")
                )
        return tuple(lines)

    def record_of(self, row: Item) -> tuple[str, bytes] | None:
        """The record behind the line."""
        return (row.table, row.record) if row.table and row.record else None

    def edit(self, row: Item) -> Step:
        """Opens the line's form; where nothing stands yet, the form that adds it."""
        if not row.form:
            return "This came in from another system; it can't be changed here yet."
        return OpenForm(row.form, self.patient, row.record)

    def new(self) -> Step:
        """A letter says what is added."""
        choices = tuple(Choice(letter, words, OpenForm(form, self.patient)) for letter, words, form in ADDS)
        return Menu("Add", choices)

    def done(self, row: Item) -> Step:
        """On an appointment a letter says what became of it."""
        if row.table != "appointment" or row.record is None:
            return "d says what became of an appointment. e changes this line."
        if row.source.status not in WAITING:
            return OpenForm("appointment-end", self.patient, row.record)

        def form(name: str, **args: str) -> OpenForm:
            return OpenForm(name, self.patient, row.record, args)

        choices = (
            Choice("w", "was there", form("appointment-end", status="fulfilled")),
            Choice("m", "missed it", form("appointment-end", status="noshow")),
            Choice("o", "called off", form("appointment-end", status="cancelled")),
            Choice("t", "patient told", form("appointment-told")),
            Choice("r", "reminded", form("appointment-told", mark="reminder")),
            Choice("i", "ride", form("appointment-ride")),
        )
        return Menu("Appointment", choices)

    def paper(self, row: Item | None) -> Step:
        """On a consent a copy of it; elsewhere a letter says what."""
        if row is None or row.table != "consent" or row.record is None:
            return super().paper(row)
        about = {"program": row.source.program, "consent": shown(row.record)}
        return OpenForm("consent-paper", self.patient, None, about)

    async def as_text(self, live: LiveClinic, row: Item) -> str | None:
        """A consent as its paper reads."""
        if row.table != "consent" or row.record is None or row.source.program not in self._scripts.by_program:
            return None
        card = await live.ask(patient_card, self.patient)
        return await live.ask(consent_text, self.patient, row.record, tongue_of(card.language))

    def strike(self, row: Item) -> Step:
        """Strikes the record out, with a reason."""
        if not row.strike or row.record is None:
            return "There is nothing to strike out on this line. e changes it."
        words = as_content(row.words).plain
        return OpenForm("strike", self.patient, row.record, {"what": row.strike, "words": words[:200]})


def _columns(table: str) -> frozenset[str]:
    return frozenset(MODELS[table]._meta.sorted_field_names)
