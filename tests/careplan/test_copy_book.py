"""The fixed texts of the patient's copy: whole in both languages, easy to read, the clinic's own before them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cmp_tui.careplan.copy_book import CODED, FILE, CopyBook, copy_book
from cmp_tui.careplan.template_book import ACTS
from cmp_tui.clinic.reference import Reference
from tests.education.reading import ease, grade

REFERENCE = Reference()
BOOK = copy_book(REFERENCE)
HEADINGS = (
    *("title", "matters", "goals", "mine", "family", "team", "medicines", "medicine_what", "medicine_why"),
    *("medicine_how", "signs", "appointments", "call_any_hour", "stop", "stop_how", "about", "about_page"),
)


def own(folder: Path, text: str) -> CopyBook:
    (folder / FILE).write_text(text, encoding="utf-8")
    return copy_book(Reference(own=folder))


def test_the_shipped_texts_are_whole() -> None:
    assert BOOK.problems == ()
    assert all(("text", key) in BOOK.texts for key in HEADINGS)
    for table, column in CODED.items():
        assert {key for kind, key in BOOK.texts if kind == table} == {
            one.code for one in REFERENCE.codes(column)
        }
    assert {key for kind, key in BOOK.texts if kind == "act"} == set(ACTS)
    assert [key for key, words in BOOK.texts.items() if words.en == words.es] == []


def test_the_texts_are_easy_to_read() -> None:
    for table in {kind for kind, _ in BOOK.texts} - {"month", "weekday", "moment", "unit"}:  # single words
        texts = [words for (kind, _), words in BOOK.texts.items() if kind == table]
        assert grade(words.en for words in texts) <= 8, table
        assert ease(words.es for words in texts) >= 60, table


def test_blanks_are_filled_and_days_are_words() -> None:
    assert BOOK.said("call_clinic", "es", phone="(512) 555-0133") == "Llámenos: (512) 555-0133"
    assert BOOK.said("for_whom", "en", name="Ana {phone} Ruiz") == "This plan belongs to Ana {phone} Ruiz."
    with pytest.raises(KeyError):
        BOOK.said("call_clinic", "en")
    assert BOOK.day(date(2026, 3, 4), "en") == "March 4, 2026"
    assert BOOK.day(date(2026, 3, 4), "es") == "4 de marzo de 2026"
    assert BOOK.act("988", "es") == "Llame o mande un texto al 988 ahora"
    assert BOOK.code("barrier", "cost", "en") == "It costs too much"
    assert BOOK.code("barrier", "of-later", "en") == "of-later"


def test_the_clinics_own_file_changes_only_what_it_names(tmp_path: Path) -> None:
    book = own(tmp_path, '[text]\ngoals = { en = "What I want", es = "Lo que quiero" }\n')
    assert book.problems == ()
    assert book.said("goals", "es") == "Lo que quiero"
    assert book.said("title", "es") == BOOK.said("title", "es")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('goals = { en = "What I want" }', "line 2: goals is written as { en ="),
        ('goals = "What I want"', "line 2: goals is written as { en ="),
        ('goals = { en = "What I want", es = "" }', "line 2: goals has a text of 1 to 600 characters"),
        ('gaols = { en = "a", es = "b" }', "line 2: gaols is not known here"),
        ('call_clinic = { en = "Call us", es = "Llame" }', "line 2: call_clinic has the same blanks"),
        ('call_clinic = { en = "Call {phone}", es = "Llame" }', "line 2: call_clinic has the same blanks"),
        ('[texts]\nx = 1', "line 2: [texts] is not known here"),
        ("goals = ", "at line 2"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_shipped_text_stands(text: str, says: str, tmp_path: Path) -> None:
    book = own(tmp_path, f"[text]\n{text}\n")
    assert any(says in problem for problem in book.problems), book.problems
    assert book.texts == BOOK.texts
