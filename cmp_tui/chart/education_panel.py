"""The chart's Education: what is to be taught, what was, the classes, and the preventive care that is due."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.content import Content

from cmp_tui.chart.base_panel import Choice, Loaded, Menu, Panel, Setting, Step
from cmp_tui.chart.education_preview import lines_of
from cmp_tui.chart.education_queries import education
from cmp_tui.chart.education_rows import (
    AGAIN,
    ANSWER,
    CLASS,
    GAP,
    HEADINGS,
    TAUGHT,
    UNTAUGHT,
    Row,
    is_pressing,
    lines,
)
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.education.queries import ClassLine
from cmp_tui.education.topic_book import topic_book
from cmp_tui.measurements.preventive_book import preventive_book
from cmp_tui.ui.listing import day, text
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.preview import Line
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import day_words, due_words

NOT_A_RECORD = "There is nothing to strike out on this line. n records something."


class EducationPanel(Panel):
    """Topics with their teach-back, classes, preventive care."""

    name = "education"
    title = "Education"
    keys = frozenset({"edit", "new", "strike", "versions", "time"})
    words = {
        "chart.new": "session",
        "chart.time": "class",
        "chart.edit": "edit, answer",
        "chart.paper": "hand-out",
        "chart.next": "",
        "board.timer": "",
        "chart.strike": "strike",
        "list.open": "read",
    }
    """How panels and timers are reached is the same everywhere, and the help says it."""

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads what was taught and what is due."""
        self.patient, self._set = patient, setting
        self._topics, self._measures = topic_book(setting.reference), preventive_book(setting.reference)
        rows = list(lines(await live.ask(education, patient), setting.today))
        headings = []
        for part, words in HEADINGS.items():
            at = next((at for at, row in enumerate(rows) if row.part == part), None)
            if at is not None:
                headings.append((at, words))
        return Loaded(rows, headings)

    def empty(self) -> Content:
        """What would stand here, and its key."""
        return Content.assemble(
            "Nothing taught, nothing due. ", ("n", "$accent"), (" records a session, ", "$dim"),
            ("a", "$accent"), (" makes a class, ", "$dim"), ("p", "$accent"), (" prints a hand-out.", "$dim"),
        )  # fmt: skip

    def columns(self) -> Sequence[Column]:
        """Day, topic or measure, how it stands."""

        def when(row: Row, state: RowState) -> Content:
            today, signs = self._set.today, self._set.signs
            if row.part == AGAIN:
                words = due_words(row.source.repeat_on, today)
                if row.source.repeat_on < today:
                    return Content.styled(f"{signs.overdue} {words}", "$coral")
                if row.source.repeat_on == today:
                    return Content.styled(f"{signs.today} {words}", "$amber")
                return Content.styled(f"{signs.later} {words}", "$dim")
            return Content.styled(day_words(row.day, today) if row.day else "", "$dim")

        def what(row: Row, state: RowState) -> Content:
            return Content.styled(self._title(row), state.name_style(is_pressing(row, self._set.today)))

        def stands(row: Row, state: RowState) -> Content:
            amber = row.part in (AGAIN, GAP) or is_pressing(row, self._set.today)
            return Content.styled(self._stands(row), "$amber" if amber else "$dim")

        return (
            Column("day", when, width=12, cells=day("day", lambda row: row.day)),
            Column(
                "what", what, fraction=3,
                cells=(*text("part", lambda row: HEADINGS[row.part]), *text("what", self._title)),
            ),
            Column("state", stands, fraction=2, cells=text("state", self._stands)),
        )  # fmt: skip

    def _title(self, row: Row) -> str:
        if row.part in (GAP, ANSWER):
            return self._measures.title(row.name)
        title = self._topics.title(row.name)
        return row.source.title or title if isinstance(row.source, ClassLine) else title

    def _stands(self, row: Row) -> str:
        label, source = self._set.reference.label, row.source
        if row.part in (AGAIN, TAUGHT):
            said = label("teach_back", source.teach_back) if source.teach_back else "teach-back not asked"
            return f"{said}, {label('teach_method', source.method)}"
        if row.part == UNTAUGHT:
            return str(source)
        if row.part == CLASS:
            return label("attendance", source.status)
        if row.part == GAP:
            return "ask the practitioner" if source.ask else "due"
        until = f" until {source.until}" if source.until else ""
        return f"{label('preventive_answer', source.answer)}{until}"

    def identity(self, row: Row) -> Hashable:
        """The record's key, or the topic or measure."""
        return row.key

    def preview(self, row: Row) -> Sequence[Line]:
        """The topic as a page, or the measure."""
        return tuple(lines_of(row, self._topics, self._measures, self._set))

    def record_of(self, row: Row) -> tuple[str, bytes] | None:
        """The record behind the line."""
        if row.record is None:
            return None
        return {CLASS: "attendance", ANSWER: "preventive_answer"}.get(row.part, "teaching"), row.record

    def edit(self, row: Row) -> Step:
        """Changes the record; on a topic that is not taught yet the session, on what is due the answer."""
        if row.part == CLASS:
            return OpenForm("class", self.patient, row.source.meeting)
        if row.part == ANSWER:
            return OpenForm("preventive", self.patient, row.record)
        if row.part == AGAIN or row.record is None:
            return self.add(row)
        return OpenForm("teaching", self.patient, row.record)

    def new(self) -> Step:
        """Records a session."""
        return OpenForm("teaching", self.patient)

    def add(self, row: Row | None) -> Step:
        """Records a session about the line's topic; on preventive care asks which of the two."""
        if row is None:
            return self.new()
        if row.topic:
            return OpenForm("teaching", self.patient, None, {"topic": row.topic})
        if row.part == GAP:
            return OpenForm("preventive", self.patient, None, {"measure": row.name})
        return Menu(
            "Add",
            (
                Choice("s", "session", OpenForm("teaching", self.patient)),
                Choice("v", "preventive care", OpenForm("preventive", self.patient, None, {"measure": row.name})),
            ),
        )  # fmt: skip

    def gather(self, row: Row | None) -> OpenForm:
        """Makes a class for the patient, about the line's topic."""
        about = {"topic": row.topic} if row is not None and row.topic else {}
        return OpenForm("class", self.patient, None, {"patients": [self.patient.hex()], **about})

    def strike(self, row: Row) -> Step:
        """Strikes out what was recorded by mistake."""
        if row.part in (AGAIN, TAUGHT, ANSWER):
            what = "preventive" if row.part == ANSWER else "teaching"
            return OpenForm(
                "strike", self.patient, row.record, {"what": what, "words": self._title(row)[:200]}
            )
        if row.part == CLASS:
            words = f"{self._title(row)[:150]} for everybody; e takes one person out"
            return OpenForm("strike", self.patient, row.source.meeting, {"what": "class", "words": words})
        return NOT_A_RECORD

    def paper(self, row: Row | None) -> Step:
        """Prints the topic's hand-out in the patient's language; elsewhere a letter says what."""
        if row is not None and row.topic:
            return OpenForm("handout", self.patient, None, {"topic": row.topic})
        asked = super().paper(row)
        if not isinstance(asked, Menu):
            return asked
        return Menu(asked.words, (Choice("h", "hand-out", OpenForm("handout", self.patient)), *asked.choices))

    _set: Setting
