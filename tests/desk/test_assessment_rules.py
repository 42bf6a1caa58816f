"""The rules of the comprehensive assessment: what is asked, how far one is, what is suggested. And its file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference, shipped
from cmp_tui.desk.assessment_book import FILE, book_of
from cmp_tui.desk.assessment_rules import (
    Book,
    Facts,
    Question,
    Score,
    Section,
    Suggest,
    changed,
    far,
    holds,
    is_asked,
    next_open,
    pressure,
    suggested,
    whole,
)
from cmp_tui.desk.assessment_rules import Test as If

PAIN = Question("pain", "body", "Pain?", "yes-no")
PEG = Question("peg", "body", "", "instrument", instrument="peg", when=(If("pain", ("yes",)),))
NOTE = Question("note", "body", "Anything else?", "words", optional=True)
EACH = Question("conditions", "body", "Still?", "conditions")
MISSED = Question("missed", "pills", "Missed?", "number")
BOOK = Book(
    (Section("body", "Body"), Section("pills", "Pills")),
    (PAIN, PEG, NOTE, EACH, MISSED),
    {},
    (
        Suggest("less-pain", "goal", "Less pain", when=(If(instrument="peg", least=4),)),
        Suggest("ask", "task", "Ask", any=(If("conditions", ("unsure",)), If("missed", least=2))),
        Suggest("sugar", "goal", "Sugar", when=(If(group="diabetes"),)),
    ),
)
NOTHING = Facts()


def test_what_is_open_makes_nothing_hold() -> None:
    assert not any(holds(test, {}, NOTHING) for one in BOOK.suggests for test in (*one.when, *one.any))
    assert suggested(BOOK, {}, NOTHING) == []
    assert not is_asked(PEG, {}, NOTHING) and is_asked(PEG, {"pain": "yes"}, NOTHING)
    assert not is_asked(PEG, {"pain": None}, NOTHING)  # did not want to answer


def test_optional_questions_and_those_not_asked_do_not_count() -> None:
    assert far(BOOK, "body", {}, NOTHING) == (0, 1, False)
    assert far(BOOK, "body", {"pain": "no"}, NOTHING) == (1, 1, True)
    assert far(BOOK, "body", {"pain": "yes"}, NOTHING) == (1, 2, True)
    assert far(BOOK, "body", {"note": "Tired."}, NOTHING) == (0, 1, True)


def test_to_decline_is_an_answer() -> None:
    assert far(BOOK, "body", {"pain": None}, NOTHING).done


def test_each_condition_wants_its_answer() -> None:
    facts = Facts(conditions=("aa", "bb"))
    assert far(BOOK, "body", {"pain": "no", "conditions": {"aa": "chronic"}}, facts).answered == 1
    assert far(BOOK, "body", {"pain": "no", "conditions": {"aa": "chronic", "bb": None}}, facts).done


def test_an_instrument_that_is_half_done_is_not_answered() -> None:
    answers = {"pain": "yes", "peg": "00"}
    half = Facts(scores={"peg": Score(None, whole=False)})
    assert not far(BOOK, "body", answers, half).done
    assert far(BOOK, "body", answers, Facts(scores={"peg": Score(5.0)})).done


def test_what_is_suggested() -> None:
    facts = Facts(groups=frozenset({"diabetes"}), scores={"peg": Score(4.0)})
    answers = {"missed": 2, "conditions": {"aa": "chronic"}}
    assert [one.name for one in suggested(BOOK, answers, facts)] == ["less-pain", "ask", "sugar"]
    assert [one.name for one in suggested(BOOK, {"missed": 1}, Facts(scores={"peg": Score(3.9)}))] == []


def test_the_next_section_is_the_first_open_one_after_this_one_and_then_from_the_beginning() -> None:
    assert next_open(BOOK, {}, NOTHING) == "body"
    assert next_open(BOOK, {}, NOTHING, "body") == "pills"
    assert next_open(BOOK, {"missed": 0}, NOTHING, "body") == "body"
    assert next_open(BOOK, {"missed": 0, "pain": "no"}, NOTHING, "body") == ""


@given(
    st.dictionaries(st.sampled_from(["pain", "missed", "note"]), st.sampled_from(["yes", "no", 1, 7, None]))
)
def test_answered_is_never_more_than_asked(answers: dict[str, object]) -> None:
    found = whole(BOOK, answers, NOTHING)
    assert 0 <= found.answered <= found.asked


def test_changed_tells_what_is_new_gone_or_other() -> None:
    assert changed({"a": 1, "b": 2, "c": None}, {"a": 1, "b": 3, "d": 4}, ["a", "b", "c", "d", "e"]) == {
        "b",
        "c",
        "d",
    }


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("132/78", (132, 78)),
        (" 132 / 78 ", (132, 78)),
        ("78/132", None),
        ("132", None),
        ("a/b", None),
        ("/", None),
    ],
)
def test_a_pressure(text: str, pair: tuple[int, int] | None) -> None:
    assert pressure(text) == pair


# -- the file


def test_the_shipped_file_can_be_used_and_has_the_parts_of_a_comprehensive_assessment() -> None:
    book = book_of(Reference())
    assert [one.name for one in book.sections] == [
        "medical", "functional", "cognitive", "psychosocial", "environmental", "caregiver", "resources",
        "preventive", "life", "medicines",
    ]  # fmt: skip
    assert {one.instrument for one in book.questions if one.instrument} >= {
        "katz", "lawton", "stay-independent", "phq-2", "gad-2", "ahc-hrsn",
    }  # fmt: skip
    filled = {one.fills.partition(".")[0] for one in book.questions if one.fills}
    assert filled == {
        "patient", "person", "allergy", "condition", "conditions", "measurement", "vaccination", "task", "plan",
        "preventive",
    }  # fmt: skip


def _own(tmp_path: Path, old: str, new: str) -> Reference:
    text = (shipped("data") / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    return Reference(own=tmp_path)


PAIN_IS = 'when = [{ question = "pain", is = ["yes"] }]'
WRONG = (
    ('kind = "yes-no"', 'kind = "maybe"', "kind is one of"),
    ('title = "Medical"', 'titel = "Medical"', "title is missing"),
    ('fills = "patient.language"', 'fills = "patient.shoe"', "no answer can fill"),
    ('instrument = "katz"', 'instrument = "kats"', "is no file of data/instruments"),
    ('unit = "lb"', 'unit = "stone"', "is none that weight has"),
    (PAIN_IS, 'when = [{ question = "pein", is = ["yes"] }]', "is no question before"),
    (PAIN_IS, 'when = [{ question = "pain", is = ["well"] }]', "has no answer 'well'"),
    ('of = "person"', 'of = "dog"', "of is one of"),
    ('responsible = "patient"', 'responsible = "dog"', "is not known"),
    ('group = "diabetes"', 'group = "sugar"', "is no group"),
)


@pytest.mark.parametrize(("old", "new", "why"), WRONG)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, why: str) -> None:
    reference = _own(tmp_path, old, new)
    with pytest.raises(Stopped) as wrong:
        book_of(reference)
    said = str(wrong.value)
    assert FILE in said and why in said
    lines = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()
    place = next(at for at, line in enumerate(lines, 1) if new in line and not line.startswith("#"))
    # A key that is missing has no line of its own: that of its table is told.
    assert re.search(rf"line ({place}|{place - 1}|{place - 2}):", said)


def test_the_clinics_own_file_stands_before_the_shipped_one(tmp_path: Path) -> None:
    book = book_of(_own(tmp_path, 'title = "Medical"', 'title = "Body"'))
    assert book.sections[0].title == "Body"
    shutil.rmtree(tmp_path)
    assert book_of(Reference()).sections[0].title == "Medical"
