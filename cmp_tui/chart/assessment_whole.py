"""A comprehensive assessment as the chart shows it, section by section; `y` copies the same words for the EHR."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.content import Content

from cmp_tui.assessments.library import Library, library
from cmp_tui.assessments.queries import AssessmentLine
from cmp_tui.assessments.rules import score
from cmp_tui.assessments.words import far_words, score_words
from cmp_tui.chart.base_panel import Setting
from cmp_tui.desk.assessment_answers import answer_words
from cmp_tui.desk.assessment_queries import END, SECTIONS, About
from cmp_tui.desk.assessment_rules import EACH, INSTRUMENT, TELLS, Book, Question
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.words import plural

WHOLE_TITLE = "Comprehensive"
MADE: Mapping[str, str] = {"goal": "Goal", "task": "Task", "condition": "Problem"}


def whole_result(line: AssessmentLine, book: Book, setting: Setting) -> Content:
    """How far it is, or what came of it."""
    answers: Mapping[str, Any] = line.answers
    saved = len([one for one in book.sections if one.name in answers.get(SECTIONS, {})])
    if line.status == "in-progress":
        words = setting.reference.label("assessment_status", line.status)
        return Content.assemble(
            (words, "$amber"), (f" {setting.signs.dot} {saved} of {len(book.sections)} sections", "$dim")
        )
    goals = sum(1 for kind, _ in answers.get(END, []) if kind == "goal")
    made = f" {setting.signs.dot} {plural(goals, 'goal')}" if goals else ""
    return Content.assemble(f"{saved} of {len(book.sections)} sections", (made, "$dim"))


def whole_lines(line: AssessmentLine, book: Book, about: About, setting: Setting) -> list[Line]:
    """Every section that was asked, each question with its answer, and what came of it."""
    answers: Mapping[str, Any] = line.answers
    shelf = library(setting.reference)
    lines: list[Line] = []
    made = answers.get(END, [])
    if made:
        lines += [GAP, *(Line(MADE[kind], words) for kind, words in made)]
    for section in book.sections:
        told = [
            part
            for question in book.of(section.name)
            if question.kind != TELLS and question.name in answers
            for part in _question(question, answers[question.name], about, shelf)
        ]
        if told:
            lines += [GAP, Line(None, Content.styled(section.title, "bold")), *told]
    return lines


def _question(question: Question, answer: Any, about: About, shelf: Library) -> list[Line]:
    if question.kind == EACH:
        return [
            _pair(about.conditions.get(key, "a condition"), answer_words(question, code))
            for key, code in (answer or {}).items()
        ]
    if question.kind == INSTRUMENT:
        return _instrument(question, answer, about, shelf)
    return [_pair(question.text, answer_words(question, answer))]


def _instrument(question: Question, answer: Any, about: About, shelf: Library) -> list[Line]:
    result = about.results.get(answer) if isinstance(answer, str) else None
    title = shelf.title(question.instrument)
    if result is None:
        return [_pair(title, "no longer there")]
    found = shelf.get(question.instrument)
    if found is None or result.score is None:
        words = "answered" if found is None else far_words(found, result.answers)
        if found is not None and score(found, result.answers).whole:
            words = "answered"
        flags = [one.words for one in found.flags if one.name in result.flags] if found is not None else []
        return [_pair(title, f"{words}; may point to {', '.join(flags)}" if flags else words)]
    return [_pair(title, score_words(found, result.score, result.band))]


def _pair(asked: str, said: str) -> Line:
    return Line(None, Content.assemble((f"{asked} ", "$dim"), said))
