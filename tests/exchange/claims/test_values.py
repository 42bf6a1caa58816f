"""Days, names, numbers and types of bills as claim files write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.exchange.claims.values import (
    Days,
    house_of_number,
    house_of_taxonomy,
    kind_of_bill,
    npi,
    tidy_name,
    token,
)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19-Mar-2017", date(2017, 3, 19)),
        ("1-JAN-2026", date(2026, 1, 1)),
        ("20170319", date(2017, 3, 19)),
        ("201703190930", date(2017, 3, 19)),
        ("2017-03-19", date(2017, 3, 19)),
        ("3/9/2017", date(2017, 3, 9)),
        (" 20170319 ", date(2017, 3, 19)),
        ("", None),
        ("00000000", None),
        ("20170230", None),
        ("31-Foo-2017", None),
        ("2017", None),
        ("00010101", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert Days()[text] == day


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert Days()[text] is None or isinstance(Days()[text], date)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("RUIZ-MORENO", "Ruiz-Moreno"), ("O'BRIEN", "O'Brien"), ("McDonald", "McDonald"), ("J", "J"), ("  ", ""),
        ("IDA\x1b[31m", "IDA[31m"),
    ],
)  # fmt: skip
def test_names_in_capitals_get_small_letters(text: str, name: str) -> None:
    assert tidy_name(text) == name


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("140010", ""), ("142005", "ltch"), ("143026", "rehab"), ("144011", "psychiatric"), ("145300", "snf"),
        ("14S010", "psychiatric"), ("14T010", "rehab"), ("14U010", "snf"), ("", ""), ("1400101", ""), ("14X0Y0", ""),
    ],
)  # fmt: skip
def test_the_number_of_a_house_says_what_it_is(number: str, kind: str) -> None:
    assert house_of_number(number) == kind


def test_the_taxonomy_of_a_house() -> None:
    assert [house_of_taxonomy(one) for one in ("283Q00000X", "282E00000X", "314000000X", "207R00000X")] == [
        "psychiatric", "ltch", "snf", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bill", "kind"),
    [
        ("11", "inpatient"), ("011", "inpatient"), ("111", "inpatient"), ("13", "outpatient"), ("21", "snf"),
        ("18", "snf"), ("32", "home-health"), ("81", "hospice"), ("71", "outpatient"), ("", ""), ("x", ""),
    ],
)  # fmt: skip
def test_types_of_bills(bill: str, kind: str) -> None:
    assert kind_of_bill(bill) == kind


def test_numbers() -> None:
    assert npi("1000000012") == "1000000012"
    assert npi(" 12 ") == npi("abcdefghij") == ""
    assert token("-1000 0/06|x") == "-1000006x"
    assert len(token("9" * 500)) == 80
