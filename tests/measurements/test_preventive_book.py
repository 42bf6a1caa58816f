"""Preventive measures: who they are for, when they are due, and a file whose wrong rows are told by their line."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.reference import Reference, shipped
from cmp_tui.measurements.preventive_book import (
    FILE,
    Answer,
    Done,
    Measure,
    Person,
    PreventiveBook,
    preventive_book,
)
from tests.education.reading import ease, grade

BOOK = preventive_book(Reference())
TODAY = date(2026, 11, 23)
SHIPPED = (shipped("data") / FILE).read_text(encoding="utf-8")
WOMAN = Person(66, "F", frozenset({"diabetes"}), "Medicare", False)
MAN = Person(70, "M", frozenset(), "Medicare", True)
ASKED_FOR = {
    *(
        "flu-vaccine",
        "covid-vaccine",
        "pneumococcal-vaccine",
        "zoster-vaccine",
        "tetanus-vaccine",
        "rsv-vaccine",
    ),
    *("colorectal", "mammogram", "cervical", "bone-density", "aortic-aneurysm", "lung-cancer", "hepatitis-c"),
    *("diabetes-eye", "diabetes-foot", "a1c", "kidney-blood", "kidney-urine", "lipids", "blood-pressure"),
    *("depression", "falls", "wellness-visit", "advance-care-planning"),
}
ROWS = """\
[sources]
CDC = "CDC, a page"

[[measure]]
name = "first"
kind = "vaccine"
title = "First"
title_es = "Primera"
months = 12
source = "CDC"
checked_on = 2026-11-22
proof = [{ vaccine = "zoster" }]

[[measure]]
name = "second"
kind = "check"
title = "Second"
title_es = "Segunda"
from_age = 40
months = 12
source = "CDC"
checked_on = 2026-11-22
"""


def measure(name: str) -> Measure:
    return BOOK.measures[name]


def due(name: str, *done: Done, answers: tuple[Answer, ...] = ()) -> date | None:
    return measure(name).due_on(done, answers, TODAY)


def own(folder: Path, text: str) -> PreventiveBook:
    (folder / FILE).write_text(text, encoding="utf-8")
    return preventive_book(Reference(own=folder))


def test_the_shipped_list_is_whole() -> None:
    assert BOOK.problems == ()
    assert set(BOOK.measures) >= ASKED_FOR
    for one in BOOK.measures.values():
        assert one.title.en != one.title.es and one.note.endswith(".")
        assert one.checked_on <= TODAY and not one.stale(TODAY)
        assert one.choices and all(choice.title.es for choice in one.choices)
    assert grade(one.title.en for one in BOOK.measures.values()) <= 8
    assert ease(one.title.es for one in BOOK.measures.values()) >= 40  # names of diseases


def test_children_are_told_nothing() -> None:
    child = Person(15, "F", frozenset({"diabetes"}), "Medicaid", True)
    assert [name for name, one in BOOK.measures.items() if one.fits(child, TODAY)] == []


@pytest.mark.parametrize(
    ("name", "person", "fits"),
    [
        ("mammogram", WOMAN, True),
        ("mammogram", MAN, False),
        ("mammogram", WOMAN._replace(age=39), False),
        ("mammogram", WOMAN._replace(age=74), True),
        ("mammogram", WOMAN._replace(age=75), False),
        ("mammogram", WOMAN._replace(age=None), None),
        ("mammogram", WOMAN._replace(sex="X"), None),
        ("mammogram", WOMAN._replace(sex="U", age=30), False),
        ("aortic-aneurysm", MAN, True),
        ("aortic-aneurysm", MAN._replace(smoked=None), None),
        ("aortic-aneurysm", MAN._replace(smoked=False), False),
        ("a1c", WOMAN, True),
        ("a1c", MAN, False),
        ("bone-density", WOMAN._replace(groups=frozenset({"osteoporosis"})), False),
        ("depression", WOMAN._replace(groups=frozenset({"depression"})), False),
        ("wellness-visit", WOMAN, True),
        ("wellness-visit", WOMAN._replace(payer="commercial"), False),
        ("wellness-visit", WOMAN._replace(payer=None), None),
    ],
)
def test_for_whom(name: str, person: Person, fits: bool | None) -> None:
    assert measure(name).fits(person, TODAY) is fits


@pytest.mark.parametrize(
    ("name", "done", "day"),
    [
        ("a1c", [], TODAY),
        ("a1c", [Done("measurement", "a1c", date(2026, 8, 31))], date(2027, 2, 28)),
        ("a1c", [Done("measurement", "ldl", date(2026, 8, 31))], TODAY),
        ("a1c", [Done("measurement", "a1c", date(2026, 12, 1))], TODAY),
        ("flu-vaccine", [Done("vaccine", "influenza", date(2026, 6, 30))], date(2026, 7, 1)),
        ("flu-vaccine", [Done("vaccine", "influenza", date(2026, 7, 1))], date(2027, 7, 1)),
        ("flu-vaccine", [Done("vaccine", "influenza", date(2026, 2, 1))], date(2026, 7, 1)),
        ("rsv-vaccine", [Done("vaccine", "rsv", date(2024, 9, 1))], None),
        ("tetanus-vaccine", [Done("vaccine", "td", date(2018, 5, 2))], date(2028, 5, 2)),
        ("zoster-vaccine", [Done("vaccine", "zoster", date(2026, 9, 1))], date(2027, 3, 1)),
        ("zoster-vaccine", [Done("vaccine", "zoster", date(2026, 9, 1))] * 2, date(2027, 3, 1)),
        (
            "zoster-vaccine",
            [Done("vaccine", "zoster", date(2026, 1, 1)), Done("vaccine", "zoster", date(2026, 9, 1))],
            None,
        ),
        ("zoster-vaccine", [Done("vaccine", "zoster", date(2012, 9, 1))], TODAY),
        ("colorectal", [Done("service", "G0328", date(2026, 5, 1))], date(2027, 5, 1)),
        ("colorectal", [Done("service", "G0121", date(2020, 5, 1))], date(2030, 5, 1)),
        ("depression", [Done("instrument", "phq-9", date(2026, 1, 10))], date(2027, 1, 10)),
        ("wellness-visit", [Done("visit", "awv", date(2026, 3, 3))], date(2027, 3, 3)),
        ("wellness-visit", [Done("visit", "em", date(2026, 3, 3))], TODAY),
    ],
)
def test_when_it_is_due(name: str, done: list[Done], day: date | None) -> None:
    assert due(name, *done) == day


def test_what_was_answered_lets_it_rest() -> None:
    assert due("mammogram", answers=(Answer(date(2028, 1, 1)),)) == date(2028, 1, 1)
    assert due("cervical", answers=(Answer(None),)) is None
    assert due("mammogram", answers=(Answer(date(2026, 1, 1)),)) == date(2026, 1, 1)


def test_a_measure_ends_and_grows_old(tmp_path: Path) -> None:
    (one, _) = own(
        tmp_path, ROWS.replace("months = 12", "months = 12\nuntil = 2026-11-23", 1)
    ).measures.values()
    assert one.fits(MAN, TODAY) is True and one.fits(MAN, TODAY + timedelta(days=1)) is False
    assert not one.stale(date(2027, 11, 22)) and one.stale(date(2027, 11, 23))


DAYS = st.dates(date(2000, 1, 1), TODAY)


@given(st.sampled_from(sorted(BOOK.measures)), st.lists(DAYS, max_size=4), DAYS)
def test_doing_more_never_makes_it_due_sooner(name: str, days: list[date], more: date) -> None:
    one = measure(name)
    for proof in one.proofs:
        done = [Done(proof.proof, proof.name, day) for day in days]
        before = one.due_on(done, (), TODAY)
        after = one.due_on([*done, Done(proof.proof, proof.name, more)], (), TODAY)
        if days and one.doses == 1:
            assert before is None or after is None or after >= before
            assert after is None or before is not None


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('kind = "vaccine"', 'kind = "shot"', "line 6: kind is one of vaccine, screening, check, talk"),
        ('title_es = "Primera"\n', "", "line 4: title_es is missing"),
        ("months = 12", "months = 12.5", "line 9: months is a whole number from 0 to 240"),
        ("months = 12", "month = 12", "line 9: month is not known here"),
        ("months = 12", 'months = 12\ngroups = ["gowt"]', "line 10: groups names 'gowt', which is no group"),
        ("months = 12", 'months = 12\npayers = ["Aetna"]', "line 10: payers names 'Aetna', which is no payer"),
        ("months = 12", 'months = 12\nsex = "X"', "line 10: sex is one of"),
        ("months = 12", "months = 12\ndoses = 2", "line 4: dose_months is the time between two doses"),
        ("months = 12", "months = 12\nfrom_age = 60\nto_age = 50", "line 11: to_age is less than from_age"),
        ("months = 12", "months = 12\nseason = 13", "line 10: season is a whole number from 0 to 12"),
        ('source = "CDC"', 'source = "ADC"', "line 10: source is one of CDC"),
        ("2026-11-22", '"lately"', "line 11: checked_on is not a day such as 2026-01-31"),
        ('vaccine = "zoster"', 'vaccine = "zooster"', "line 12: proof names the vaccine 'zooster', which is not there"),
        ('vaccine = "zoster"', 'instrument = "phq-8"', "line 12: proof names the instrument 'phq-8'"),
        ('vaccine = "zoster"', 'visit = "tea"', "line 12: proof names the visit 'tea'"),
        ('vaccine = "zoster"', 'vaccine = "zoster", age = 3', "line 12: proof does not know age"),
        ('vaccine = "zoster"', "months = 3", "line 12: proof has one of vaccine, measurement"),
        ('[{ vaccine = "zoster" }]', '"zoster"', "line 12: proof is a list such as"),
        ('name = "first"', 'name = "First!"', "line 5: name has small letters"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_by_its_line_and_the_others_go_on(
    before: str, after: str, says: str, tmp_path: Path
) -> None:
    assert before in ROWS
    book = own(tmp_path, ROWS.replace(before, after, 1))
    assert list(book.measures) == ["second"]
    (problem,) = book.problems
    assert problem.startswith("preventive.toml, ") and says in problem
    assert problem.endswith("This measure is left out, the others are in use.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ROWS.replace('name = "second"', 'name = "first"'), "line 15: name 'first' stands there twice"),
        (ROWS + "\n[[rule]]\nx = 1\n", "line 24: rule is not known here; there are measure, sources"),
        (ROWS.replace("months = 12", "months = "), "line 9"),
        ('sources = "CDC"\n', "sources are texts by their keys"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, says: str, tmp_path: Path) -> None:
    assert any(says in problem for problem in own(tmp_path, text).problems)


@pytest.mark.parametrize("cut", range(0, len(SHIPPED), 1009))
def test_a_file_that_breaks_off_anywhere_is_told_or_read(cut: int, tmp_path: Path) -> None:
    book = own(tmp_path, SHIPPED[:cut])
    assert book.measures or book.problems or "[[measure]]" not in SHIPPED[:cut]
