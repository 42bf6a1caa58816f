"""A line of the chart's Education whole: the topic as a page, a class, a preventive measure."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from cmp_tui.chart.base_panel import Setting
from cmp_tui.chart.education_rows import Row
from cmp_tui.education.queries import ClassLine, TeachingLine
from cmp_tui.education.topic_book import TopicBook
from cmp_tui.measurements.preventive_book import PreventiveBook
from cmp_tui.measurements.preventive_queries import AnswerLine
from cmp_tui.measurements.preventive_rules import Gap
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.words import day_words

ASK = "whether it is suitable is the practitioner's decision"
UNSURE = "not known whether it is for them: age, sex, payer or smoking is missing"


def lines_of(row: Row, topics: TopicBook, measures: PreventiveBook, setting: Setting) -> Iterator[Line]:
    """What stands in the preview, and on the page that enter opens."""
    source = row.source
    if isinstance(source, Gap | AnswerLine):
        yield from _measure(row, measures, setting)
        return
    yield Line(None, Content.styled(topics.title(row.topic), "bold"))
    yield GAP
    if isinstance(source, TeachingLine):
        yield from _teaching(source, setting)
    elif isinstance(source, ClassLine):
        yield from _class(source, setting)
    else:
        yield Line("Suggested", f"by the template {source}")
    yield from _page(row.topic, topics, setting)


def _teaching(one: TeachingLine, setting: Setting) -> Iterator[Line]:
    label, today = setting.reference.label, setting.today
    yield Line("Taught", day_words(one.date, today))
    yield Line("How", label("teach_method", one.method))
    yield Line("Teach-back", label("teach_back", one.teach_back) if one.teach_back else "not asked")
    if one.repeat_on:
        yield Line("Again on", day_words(one.repeat_on, today))
    if one.taught_by_name:
        yield Line("By", one.taught_by_name)
    if one.remarks:
        yield Line("Remarks", one.remarks)


def _class(one: ClassLine, setting: Setting) -> Iterator[Line]:
    at = f", {one.time}" if one.time else ""
    yield Line("Class", f"{day_words(one.date, setting.today)}{at}")
    for name, value in (("Called", one.title), ("Where", one.place), ("Held by", one.held_by_name)):
        if value:
            yield Line(name, value)
    yield Line("Attendance", setting.reference.label("attendance", one.status))


def _page(topic: str, topics: TopicBook, setting: Setting) -> Iterator[Line]:
    found = topics.get(topic)
    yield GAP
    if found is None:
        yield Line(None, Content.styled(f"There is no page {topic}.md in the folder education.", "$dim"))
        return
    page = found.page("en")
    for section in page.sections:
        yield Line(None, Content.styled(section.heading, "$accent"))
        for block in section.blocks:
            yield Line(None, f"{setting.signs.dot} {block.words}" if block.item else block.words)
        yield GAP
    tongues = (
        "English and Spanish" if not found.behind("es") else "English; the Spanish page is missing or older"
    )
    yield Line("Pages", Content.styled(tongues, "$dim"))
    yield Line("Version", Content.styled(str(page.version), "$dim"))
    yield Line("Sources", Content.styled("; ".join(page.sources), "$dim"))


def _measure(row: Row, measures: PreventiveBook, setting: Setting) -> Iterator[Line]:
    source, today = row.source, setting.today
    measure = measures.measures.get(row.name)
    yield Line(None, Content.styled(measures.title(row.name), "bold"))
    yield GAP
    if isinstance(source, AnswerLine):
        yield Line("Answer", setting.reference.label("preventive_answer", source.answer))
        yield Line("On", day_words(source.date, today))
        yield Line("Holds", f"until {day_words(source.until, today)}" if source.until else "for good")
        if source.remarks:
            yield Line("Remarks", source.remarks)
    else:
        last = day_words(source.last.day, today) if source.last else "nothing in the chart"
        yield Line("Last", last)
        if source.last and source.due < today:
            yield Line("Due since", day_words(source.due, today))
        if source.ask:
            yield Line("Ask first", Content.styled(ASK if source.sure else UNSURE, "$amber"))
    if measure is None:
        return
    if measure.note:
        yield GAP
        yield Line(None, measure.note)
    yield GAP
    old = ", more than a year ago" if measure.stale(today) else ""
    yield Line("Source", Content.styled(measure.source, "$dim"))
    yield Line("Checked", Content.styled(f"{measure.checked_on}{old}", "$dim"))
