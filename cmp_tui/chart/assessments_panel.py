"""The chart's Assessments: what is half done, the latest of each instrument with its trend, then the earlier ones."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from textual.content import Content

from cmp_tui.assessments.definition import Instrument
from cmp_tui.assessments.library import Library, library
from cmp_tui.assessments.queries import AssessmentLine, Point, assessments_of, trend_in
from cmp_tui.assessments.rules import plain, score, span
from cmp_tui.assessments.words import answer_words, missing_words, score_words
from cmp_tui.chart.assessment_whole import WHOLE_TITLE, whole_lines, whole_result
from cmp_tui.chart.base_panel import Loaded, Panel, PickOne, Setting, Step
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.desk.assessment_book import book_of
from cmp_tui.desk.assessment_queries import About, words_about
from cmp_tui.desk.assessment_rules import Book
from cmp_tui.enrollment.intake_facts import WHOLE
from cmp_tui.ui.listing import day, text
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.signs import Signs, trend_signs
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import day_words, plural

MOST_POINTS = 10
"""Points of the trend line that a row shows; the preview lists all."""
GOES_ON = ("in-progress", "stopped")


class Shown(NamedTuple):
    """A row: the assessment, its instrument's file (None when it is gone), and all its scores if it is the latest."""

    line: AssessmentLine
    instrument: Instrument | None
    points: tuple[Point, ...]
    latest: bool


def spark(points: Sequence[Point], low: float, high: float, signs: Signs) -> str:
    """Returns the last scores as a line of small signs, from the least score that can be to the most."""
    marks = trend_signs(signs)
    wide = (high - low) or 1
    shares = (min(max((one.score - low) / wide, 0.0), 1.0) for one in points[-MOST_POINTS:])
    return "".join(marks[round(share * (len(marks) - 1))] for share in shares)


class AssessmentsPanel(Panel):
    """Instruments: half done, latest, earlier."""

    name = "assessments"
    title = "Assessments"
    keys = frozenset({"edit", "new", "strike", "versions", "time"})
    words = {
        "chart.new": "assess",
        "chart.time": "comprehensive",
        "chart.edit": "go on or amend",
        "list.open": "whole",
    }

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the assessments."""
        self.patient, self._set = patient, setting
        self._shelf = library(setting.reference)
        lines = await live.ask(assessments_of, patient)
        if any(one.instrument == WHOLE for one in lines):
            self._book = book_of(setting.reference)
            self._about = await live.ask(words_about, patient)
        half = [self._row(one, lines, False) for one in lines if one.status in GOES_ON]
        latest: dict[str, Shown] = {}
        earlier: list[Shown] = []
        for one in lines:
            if one.status in GOES_ON:
                continue
            if one.instrument in latest:
                earlier.append(self._row(one, lines, False))
            else:
                latest[one.instrument] = self._row(one, lines, True)
        headings: list[tuple[int, str]] = []
        parts: tuple[tuple[str, list[Shown]], ...] = (
            ("Half done", half),
            ("Latest", [*latest.values()]),
            ("Earlier", earlier),
        )
        rows: list[Shown] = []
        for words, some in parts:
            if some:
                headings.append((len(rows), words))
                rows += some
        return Loaded(rows, headings)

    def _row(self, line: AssessmentLine, lines: list[AssessmentLine], latest: bool) -> Shown:
        points = tuple(trend_in(lines, line.instrument)) if latest else ()
        return Shown(line, self._shelf.get(line.instrument), points, latest)

    def empty(self) -> Content:
        """What would stand here, and its key."""
        return Content.assemble(
            "No assessments. ", ("n", "$accent"), (" picks an instrument; digits answer it. ", "$dim"),
            ("a", "$accent"), (" opens the comprehensive one.", "$dim"),
        )  # fmt: skip

    def columns(self) -> Sequence[Column]:
        """Day, instrument, score and band, trend, flags."""

        def when(row: Shown, state: RowState) -> Content:
            return Content.styled(day_words(row.line.date, self._set.today), "$dim")

        def what(row: Shown, state: RowState) -> Content:
            return Content.styled(self._title(row), state.name_style(False))

        def result(row: Shown, state: RowState) -> Content:
            return self._result(row)

        def way(row: Shown, state: RowState) -> Content:
            if row.instrument is None or len(row.points) < 2:
                return Content("")
            return Content.styled(spark(row.points, *span(row.instrument), self._set.signs), "$accent")

        return (
            Column("day", when, width=10, cells=day("day", lambda row: row.line.date)),
            Column("instrument", what, width=22, cells=text("instrument", self._title)),
            Column("score", result, fraction=1, cells=text("result", lambda row: self._result(row).plain)),
            Column("trend", way, width=MOST_POINTS, cells=text("scores", _scores)),
        )

    def _title(self, row: Shown) -> str:
        return WHOLE_TITLE if row.line.instrument == WHOLE else self._shelf.title(row.line.instrument)

    def _result(self, row: Shown) -> Content:
        line, found = row.line, row.instrument
        if line.instrument == WHOLE:
            return whole_result(line, self._book, self._set)
        parts: list[tuple[str, str]] = []
        if found is not None:
            rung = score(found, line.answers).alarms
            parts += [(one.words, "$coral") for one in found.alarms if one.name in rung and one.words]
        if line.score is not None:
            words = plain(line.score) if found is None else score_words(found, line.score, line.band)
            raised = found is not None and any(one.raised and one.words == line.band for one in found.bands)
            parts.append((words, "$amber" if raised else "$text"))
        elif line.status in GOES_ON:
            parts.append((self._set.reference.label("assessment_status", line.status), "$amber"))
        elif found is None or found.method != "none":
            parts.append(("no score", "$dim"))
        if line.flags:
            wanted = sum(1 for wants in line.flags.values() if wants == "yes")
            words = plural(len(line.flags), "possible need" if _needs(found) else "flag")
            parts.append((f"{words}{f', help in {wanted}' if wanted else ''}", "$amber"))
        elif (
            line.score is None and line.status not in GOES_ON and found is not None and found.method == "none"
        ):
            parts.append(("nothing marked", "$dim"))
        content = Content("")
        for place, part in enumerate(parts):
            content = Content.assemble(content, (f" {self._set.signs.dot} " if place else "", "$dim"), part)
        return content

    def identity(self, row: Shown) -> Hashable:
        """The record's key."""
        return row.line.id

    def preview(self, row: Shown) -> Sequence[Line]:
        """The assessment whole: result, flags, the scores over time, every answer, and where the instrument is from."""
        line, found, today = row.line, row.instrument, self._set.today
        label = self._set.reference.label
        lines: list[Line] = [
            Line(None, Content.styled(self._title(row), "bold")),
            GAP,
            Line("Made", f"{day_words(line.date, today)} by {line.taken_name or 'someone'}"),
        ]
        about = [
            label("mode", line.mode),
            f"with {label('with_whom', line.with_whom)}" if line.with_whom else "",
        ]
        if any(about):
            lines.append(Line("How", ", ".join(part for part in about if part)))
        lines.append(Line("Result", self._result(row)))
        if found is not None and line.score is None:
            missing = missing_words(found, score(found, line.answers))
            if missing:
                lines.append(Line("", Content.styled(missing, "$dim")))
        if line.status != "completed":
            lines.append(Line("State", label("assessment_status", line.status)))
        if line.flags:
            lines.append(GAP)
            lines += [Line(None, self._flag(found, name, wants)) for name, wants in line.flags.items()]
        if line.remarks:
            lines += [GAP, Line("Note", line.remarks)]
        if found is not None and len(row.points) > 1:
            lines += [GAP, Line("Scores", spark(row.points, *span(found), self._set.signs))]
            lines += [
                Line("", f"{day_words(one.date, today)}  {plain(one.score)}") for one in reversed(row.points)
            ]
        if line.instrument == WHOLE:
            return (*lines, *whole_lines(line, self._book, self._about, self._set))
        lines += [GAP, *self._answers(row)]
        lines += [GAP, *_source(found, line)]
        return tuple(lines)

    def _flag(self, found: Instrument | None, name: str, wants: str | None) -> Content:
        flag = found.flag(name) if found is not None else None
        words = flag.words if flag is not None else name
        if flag is None or not flag.help:
            return Content.styled(words, "$amber")
        said = {"yes": "wants help", "no": "does not want help", None: "help not asked about"}[wants]
        return Content.assemble((words, "$amber"), (f": {said}", "$dim"))

    def _answers(self, row: Shown) -> list[Line]:
        found = row.instrument
        if found is None:
            return [Line(name, _raw(answer)) for name, answer in row.line.answers.items()]
        lines: list[Line] = []
        for item in found.items:
            if item.name in row.line.answers:
                answer = row.line.answers[item.name]
                said = "did not want to answer" if answer is None else answer_words(item, answer)
                points = (
                    f" ({answer})" if item.kind == "choice" and item.counts and found.method != "none" else ""
                )
                lines.append(Line(None, Content.styled(f"{item.number}  {item.text}", "$dim")))
                lines.append(Line(None, f"   {said}{points}"))
        return lines

    def record_of(self, row: Shown) -> tuple[str, bytes] | None:
        """The assessment."""
        return "assessment", row.line.id

    def edit(self, row: Shown) -> Step:
        """Goes on, or amends."""
        if row.line.instrument == WHOLE:
            return OpenForm("comprehensive", row.line.patient, row.line.id)
        if row.instrument is None:
            return "The file of this instrument is gone; the answers can be read, not changed."
        return OpenForm("assessment", row.line.patient, row.line.id)

    def new(self) -> Step:
        """Picks an instrument."""
        shelf = self._shelf
        picks = [Pick(WHOLE, WHOLE_TITLE, "the whole person, in sections; goals come of it")]
        picks += [Pick(one.name, one.title, one.about) for one in shelf.instruments.values()]
        picks += [Pick(f"!{at}", "left out", problem) for at, problem in enumerate(shelf.problems)]
        return PickOne("Assess with", tuple(picks), self._picked)

    def _picked(self, value: str) -> OpenForm | str:
        if value.startswith("!"):
            return self._shelf.problems[int(value[1:])]
        if value == WHOLE:
            return self.whole()
        return OpenForm("assessment", self.patient, None, {"which": value})

    def whole(self) -> OpenForm:
        """Opens the comprehensive assessment."""
        return OpenForm("comprehensive", self.patient)

    def strike(self, row: Shown) -> Step:
        """Strikes it out."""
        return OpenForm("strike-assessment", row.line.patient, row.line.id)

    _shelf: Library
    _book: Book
    _about: About
    _set: Setting


def _scores(row: Shown) -> str:
    return " ".join(plain(one.score) for one in row.points)


def _needs(found: Instrument | None) -> bool:
    return found is not None and any(flag.help for flag in found.flags)


def _raw(answer: object) -> str:
    return "did not want to answer" if answer is None else str(answer)


def _source(found: Instrument | None, line: AssessmentLine) -> list[Line]:
    if found is None:
        return [Line("Edition", line.edition or "not said")]
    parts = {
        "Edition": line.edition or found.edition,
        "Source": found.source,
        "Licence": found.licence,
    }
    lines = [Line(label, Content.styled(words, "$dim")) for label, words in parts.items()]
    if found.notice:
        lines.append(Line("", Content.styled(found.notice, "$dim")))
    return lines
