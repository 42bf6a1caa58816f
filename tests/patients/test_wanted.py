"""What a search text may mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.patients.wanted import read_wanted

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "births"),
    [
        ("1948-02-11", ("1948-02-11",)),
        ("1948-2-11", ("1948-02-11",)),
        ("2/11/1948", ("1948-02-11",)),
        ("02-11-1948", ("1948-02-11",)),
        ("2.11.1948", ("1948-02-11",)),
        ("2/11/48", ("1948-02-11",)),
        ("2/11/15", ("2015-02-11", "1915-02-11")),
        ("1948-02", ("1948-02",)),
        ("2/1948", ("1948-02",)),
        ("1948", ("1948",)),
        ("2/30/1948", ()),
        ("13/1/1948", ()),
        ("2031", ()),
        ("1750", ()),
    ],
)
def test_birth_dates(text: str, births: tuple[str, ...]) -> None:
    assert read_wanted(text, TODAY).births == births


def test_names_and_a_date_together_in_any_order() -> None:
    wanted = read_wanted("Ruiz-Moreno, ANA 2/11/1948", TODAY)
    assert wanted.words == ("ruiz", "moreno", "ana")
    assert wanted.births == ("1948-02-11",) and wanted.digits == "" and wanted.number == ""
    assert read_wanted("1948 ruiz", TODAY)[:2] == (("ruiz",), ("1948",))


def test_digits_and_record_numbers() -> None:
    assert read_wanted("(512) 555-0133", TODAY).digits == "5125550133"
    assert read_wanted("+1 512 555 0133", TODAY).digits == "5125550133"
    assert read_wanted("0133", TODAY).digits == "0133"
    assert read_wanted("133", TODAY).digits == ""
    assert read_wanted("T-12", TODAY).number == "T-12"
    assert read_wanted("ana ruiz", TODAY).number == ""
    four = read_wanted("1948", TODAY)
    assert four.digits == four.number == "1948" and four.is_year


def test_a_whole_date_is_no_telephone() -> None:
    assert read_wanted("1948-02-11", TODAY).digits == ""


@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    wanted = read_wanted(text, TODAY)
    assert len(wanted.words) <= 6
    assert all(word == word.strip() and word for word in wanted.words)
