"""The education pages: all are there in both languages, easy to read, and a wrong one is told by its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cmp_tui.clinic.reference import Reference, shipped
from cmp_tui.education.topic_book import FOLDER, HEADINGS, Page, TopicBook, topic_book
from tests.education.reading import ease, grade

BOOK = topic_book(Reference())
PAGE = """\
+++
title = "Own topic"
topic = "own"
version = 2026-11-22
sources = ["CDC"]
+++

## What it is

Something that
goes over two lines.

## What to do each day

First this:

- Rest.
- Walk a little
  and slowly.

## When to call

- Call us.

## Say it in your own words

- What will you do?
"""


def shelf(folder: Path, **pages: str) -> TopicBook:
    """The shipped pages with a clinic's own: own_es stands for own.es.md."""
    (folder / FOLDER).mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / FOLDER / f"{name.replace('_', '.')}.md").write_text(text, encoding="utf-8")
    return topic_book(Reference(own=folder))


def words(page: Page) -> list[str]:
    return [block.words for section in page.sections for block in section.blocks]


def test_every_shipped_page_is_used() -> None:
    files = list((shipped("data") / FOLDER).glob("*.md"))
    assert BOOK.problems == ()
    assert len(BOOK.topics) >= 15
    assert sum(len(topic.pages) for topic in BOOK.topics.values()) == len(files)


@pytest.mark.parametrize("name", list(BOOK.topics))
def test_a_page_is_whole_in_both_languages(name: str) -> None:
    topic = BOOK.topics[name]
    assert set(topic.pages) == {"en", "es"} and not topic.behind("es")
    english, spanish = topic.page("en"), topic.page("es")
    assert english.title != spanish.title and english.sources == spanish.sources
    for one, other in zip(english.sections, spanish.sections, strict=True):
        assert len(one.blocks) == len(other.blocks), (
            f"{name}: {other.heading} has other parts than {one.heading}"
        )
        assert [block.item for block in one.blocks] == [block.item for block in other.blocks]
    for page in (english, spanish):
        assert 240 <= len(" ".join(words(page)).split()) <= 345, f"{name} {page.language} is one page"
        assert len(page.questions) >= 3
        assert all("?" in one or one.endswith(".") for one in page.questions)


def numbers(page: Page, section: int) -> list[str]:
    """The numbers of a section: doses, limits and telephone numbers are the same in both languages."""
    text = " ".join(block.words for block in page.sections[section].blocks)
    return sorted(re.findall(r"\d[\d,]*", text))


@pytest.mark.parametrize("name", list(BOOK.topics))
def test_the_numbers_when_to_call_are_the_same_in_both_languages(name: str) -> None:
    topic = BOOK.topics[name]
    assert numbers(topic.page("en"), 2) == numbers(topic.page("es"), 2)


@pytest.mark.parametrize("name", list(BOOK.topics))
def test_a_page_is_easy_to_read(name: str) -> None:
    topic = BOOK.topics[name]
    assert grade(words(topic.page("en"))) <= 8
    assert all(grade(block.words for block in one.blocks) <= 8 for one in topic.page("en").sections)
    assert ease(words(topic.page("es"))) >= 70


def test_the_measure_of_reading_tells_hard_from_easy() -> None:
    hard = "Pharmacological optimization necessitates comprehensive interdisciplinary reconciliation of comorbidities."
    assert grade([hard]) > 12 > 8 > grade(["Look at your feet each night. Call us if you see a sore."])
    assert (
        ease(["Mírese los pies cada noche."])
        > 70
        > ease(["La optimización farmacológica necesita conciliación interdisciplinaria de comorbilidades."])
    )


def test_when_to_call_begins_with_what_cannot_wait() -> None:
    for topic in BOOK.topics.values():
        said = [block.words for block in topic.page("en").sections[2].blocks]
        assert any("911" in one for one in said), topic.name


def test_the_clinics_own_page_is_read_and_stands_before_the_shipped_one(tmp_path: Path) -> None:
    book = shelf(tmp_path, own=PAGE, diabetes=PAGE.replace('"own"', '"diabetes"'))
    assert book.problems == ()
    assert book.topics["own"].page("es") is book.topics["own"].page("en")
    page = book.topics["diabetes"].page("en")
    assert page.own and page.title == "Own topic"
    assert page.text() == (
        "What it is\n\nSomething that goes over two lines.\n\n"
        "What to do each day\n\nFirst this:\n\n- Rest.\n- Walk a little and slowly.\n\n"
        "When to call\n\n- Call us.\n\nSay it in your own words\n\n- What will you do?\n"
    )
    assert list(book.topics) == sorted(book.topics, key=lambda name: book.title(name).casefold())


def test_a_newer_english_page_leaves_the_spanish_one_behind(tmp_path: Path) -> None:
    newer = PAGE.replace('"own"', '"copd"').replace("2026-11-22", "2027-01-05")
    book = shelf(tmp_path, copd=newer)
    assert book.topics["copd"].behind("es") and not book.topics["falls"].behind("es")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("+++\ntitle", "title", "line 1: the first line is +++"),
        ('"CDC"]\n+++', '"CDC"]', "line 26: a second line +++ is missing"),
        ('title = "Own topic"\n', "", "line 1: title is missing; write it in quotes"),
        ('title = "Own topic"', "title = 3", "line 2: title is missing; write it in quotes"),
        ('title = "Own topic"', 'titel = "Own topic"', "line 2: titel is not known here; there are sources, title"),
        ('title = "Own topic"', "title = ", "line 2: Invalid value"),
        ('topic = "own"', 'topic = "other"', "line 3: topic is 'own', as the file's name says"),
        ("2026-11-22", '"today"', "line 4: version is not a day such as 2026-01-31"),
        ('["CDC"]', "[]", "line 5: sources is missing; name at least one"),
        ("## What it is\n", "", "line 9: the first heading, ## What it is, is missing above this"),
        ("## When to call", "## Whom to call", "line 21: the headings are What it is, What to do each day"),
        ("## Say it in your own words\n\n- What will you do?\n", "", "the heading ## Say it in your own words is"),
        ("- Call us.\n", "", "line 21: nothing stands under When to call"),
        ("- Rest.", "- **Rest.**", "line 17: only paragraphs and lines that begin with - are printed"),
        ("- Rest.", "- See [here](http://x)", "line 17: only paragraphs"),
        ("- Rest.", "<b>Rest</b>", "line 17: only paragraphs"),
        ("- Rest.", "### Rest", "line 17: only paragraphs"),
        ("- Rest.", "- " + "rest " * 130, "line 17: a page is short"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_the_others_go_on(
    before: str, after: str, says: str, tmp_path: Path
) -> None:
    assert before in PAGE
    book = shelf(tmp_path, own=PAGE.replace(before, after))
    (problem,) = book.problems
    assert problem.startswith("The education page own.md is left out: ") and says in problem
    assert problem.endswith("Correct it; the others are in use.")
    assert set(book.topics) == set(BOOK.topics)


def test_files_that_no_topic_can_be_made_of(tmp_path: Path) -> None:
    spanish = PAGE
    for one, other in zip(HEADINGS["en"], HEADINGS["es"], strict=True):
        spanish = spanish.replace(one, other)
    book = shelf(tmp_path, own_es=spanish, other_fr=PAGE.replace('"own"', '"other"'))
    assert [problem.partition(": ")[2] for problem in book.problems] == [
        "pages end with .md, .es.md. Correct it; the others are in use.",
        "there is no page own.md in English. Correct it; the others are in use.",
    ]
    (tmp_path / FOLDER / "bytes.md").write_bytes(b"+++\n\xff\xfe")
    assert "bytes.md is left out: it can't be read" in topic_book(Reference(own=tmp_path)).problems[0]


@pytest.mark.parametrize("cut", range(0, len(PAGE), 17))
def test_a_page_that_breaks_off_anywhere_is_told_or_read(cut: int, tmp_path: Path) -> None:
    book = shelf(tmp_path, own=PAGE[:cut])
    assert ("own" in book.topics) != bool(book.problems)
