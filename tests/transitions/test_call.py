"""The discharge call's questions: what an answer offers, how a call is kept and said, and a file with faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference, shipped
from cmp_tui.transitions.call_book import FILE, call_book
from cmp_tui.transitions.call_rules import (
    CONCERN,
    REFERRAL,
    TASK,
    Question,
    answer_words,
    call_words,
    is_whole,
    kept,
    offered,
    offers,
    shown,
    with_signs,
)

BOOK = call_book(Reference())
SHIPPED = (shipped("data") / FILE).read_text(encoding="utf-8")
ASKED = ("feeling", "signs", "instructions", "medicines", "visit", "equipment", "food", "ride", "help")
"""What issue and guidance ask a call after a discharge to go through."""


def question(name: str) -> Question:
    return next(one for one in BOOK.questions if one.name == name)


def test_everything_that_a_discharge_call_is_for_is_asked() -> None:
    assert set(ASKED) <= {one.name for one in BOOK.questions}
    assert {one.kind for one in BOOK.deeds.values()} == {TASK, CONCERN, REFERRAL}
    used = {name for one in BOOK.questions for option in one.options for name in option.deeds}
    assert used == set(BOOK.deeds)  # none is written for nothing


def test_warning_signs_make_one_concern_that_names_them_all() -> None:
    signs = with_signs(question("signs"), ["gained 3 pounds in a day", "Fever or chills"])
    assert [one.words for one in signs.options][:1] == ["gained 3 pounds in a day"]
    assert sum(one.words.casefold() == "fever or chills" for one in signs.options) == 1
    (todo,) = offered(signs, ["own-1", "breath"], BOOK)
    assert (todo.deed.kind, todo.words) == (
        CONCERN,
        "After the discharge: gained 3 pounds in a day; short of breath",
    )
    assert offered(signs, ["none"], BOOK) == [] and offered(signs, None, BOOK) == []


def test_each_answer_offers_its_own_deeds() -> None:
    medicines = question("medicines")
    assert [one.deed.name for one in offered(medicines, "some", BOOK)] == ["medicines"]
    assert [one.deed.name for one in offered(medicines, "unsure", BOOK)] == [
        "go-through-medicines",
        "medicines",
    ]
    assert offers(medicines, "some", ("medicines",)) and not offers(medicines, "unsure", ("medicines",))


def test_own_signs_are_kept_by_their_words() -> None:
    signs = with_signs(question("signs"), ["gained 3 pounds in a day"])
    answers = kept([signs], {"signs": ["own-1", "fall"]})
    assert answers == {"signs": ["gained 3 pounds in a day", "fall"]}
    # The plan has other signs by now, and the words stand all the same.
    assert shown(BOOK.questions, answers) == [(signs.text, "gained 3 pounds in a day; a fall")]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            one.name: (
                st.lists(st.sampled_from([each.code for each in one.options]), unique=True)
                if one.several
                else st.sampled_from([each.code for each in one.options])
            )
            for one in BOOK.questions
        },
    )
)
def test_a_call_says_every_answer_and_nothing_else(answers: dict[str, object]) -> None:
    said = call_words(BOOK.questions, answers)
    given_ones = [one for one in BOOK.questions if answers.get(one.name)]
    assert [text for text, _ in said] == [one.text for one in given_ones]
    assert sorted(shown(BOOK.questions, kept(BOOK.questions, answers))) == sorted(said)
    assert is_whole(BOOK.questions, answers) == (len(given_ones) == len(BOOK.questions))
    for one in BOOK.questions:
        for todo in offered(one, answers.get(one.name), BOOK):
            assert todo.words and "{" not in todo.words and len(todo.words) <= 200


def test_who_did_not_want_to_answer_has_answered() -> None:
    feeling = question("feeling")
    assert answer_words(feeling, "-") == "did not want to answer" and offered(feeling, "-", BOOK) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "feeling"', 'name = "Feeling!"', "line 2"),
        ('do = ["worse"]', 'do = ["worst"]', "'worst', which is no [[deed]]"),
        ('kind = "concern"', 'kind = "worry"', "kind is one of task, concern, referral"),
        ('referral = "equipment"', 'referral = "gadgets"', "referral is one of"),
        ("several = true", "severall = true", "severall is not known"),
        ('code = "same"', 'code = "better"', "options have a code twice"),
    ],
)
def test_a_fault_in_the_clinics_own_file_is_told_by_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in SHIPPED
    (tmp_path / FILE).write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Stopped) as wrong:
        call_book(Reference(own=tmp_path))
    assert words in str(wrong.value) and f"{FILE}, line " in str(wrong.value)
