"""Who may be the same person, and why: names, birth dates, telephones, Medicare numbers, each with its slips."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.reference import Reference
from cmp_tui.patients.alike import nicknames
from cmp_tui.patients.alike_rules import (
    births_of,
    describe,
    keys_of,
    near_births,
    near_words,
    read_nicknames,
    why_alike,
    with_nicknames,
)

PHONE = frozenset({"5125550133"})
ANA = describe("Ruiz-Moreno", "Ana", None, "1948-02-11", PHONE, "1EG4-TE5-MK73")
FORMS = nicknames(Reference())


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (describe("Ruiz Moreno", "ANA", None, "1948-02-11"), "same name, same birth date"),
        (describe("Ruis", "Anna", None, "1948-02-11"), "similar name, same birth date"),
        (describe("Ruiz-Moreno", "A.", None, "1948-02-11"), "similar name, same birth date"),
        (describe("Ruiz-Moreno", "Ana", None, "1948-11-02"), "nearly the same birth date"),
        (describe("Ruiz-Moreno", "Ana", None, "1948-02-12"), "nearly the same birth date"),
        (describe("Ruiz-Moreno", "Ana", None, "1984-02-11"), "nearly the same birth date"),
        (describe("Ruiz-Moreno", "Ana", None, None), "missing"),
        (describe("Ruiz-Moreno", "Ana", None, "1948"), "missing"),
        (
            describe("Ana", "Ruiz-Moreno", None, "1948-02-11"),
            "given and family name swapped, same birth date",
        ),
        (describe("Anna", "Ruis", None, "1948-11-02"), "swapped, nearly the same birth date"),
        (describe("Lopez", "Ana", None, "1948-02-11"), "first name and birth date"),
        (describe("Lopez", "Anna", None, None, PHONE), "telephone"),
        (describe("Ruiz-Moreno", "Ana", None, "1952-09-30", PHONE), "another birth date"),
        (describe("Ruiz-Moreno", "Luis", None, "1948-02-11", PHONE), "family name, telephone and birth date"),
        (describe("Smith", "Bo", None, "1990-01-01", frozenset(), "1eg4te5mk73"), "same Medicare number"),
        (
            describe("Ruis", "Ana", None, "1948-02-11", frozenset(), "1EG4TE5MK73"),
            "same Medicare number; similar name",
        ),
        (describe("Smith", "Bo", None, "1948-02-11", frozenset(), "1EG4TE5MK37"), "nearly the same Medicare"),
        (describe("Smith", "Bo", None, "1990-01-01", frozenset(), "1EG4TE5MK37"), None),
        (describe("Ruiz-Moreno", "Ana", None, "1952-09-30"), None),
        (describe("Ruiz-Moreno", "Ana", None, "1949"), None),
        (describe("Ruiz-Moreno", "Luis", None, "1948-02-11"), None),  # a twin, or the husband
        (describe("Ruiz-Moreno", "Luis", None, None, PHONE), None),
        (describe("Lopez", "Marta", None, "1948-02-11"), None),
        (describe("", "", None, None), None),
    ],
)
def test_alike(other: object, says: str | None) -> None:
    for why in (why_alike(ANA, other), why_alike(other, ANA)):  # type: ignore[arg-type]
        assert (says in why) if says and why else why is says


def test_an_earlier_name_counts() -> None:
    married = describe("Weiss", "Ruth", "Lewin", "1943-05-01")
    assert why_alike(describe("Lewin", "Ruth", None, "1943-05-01"), married)
    assert why_alike(describe("Lewin", "Rut", None, "1943-05-01"), married)


@pytest.mark.parametrize(
    ("typed", "here"), [("Bill", "William"), ("Peggy", "Margaret"), ("Lupe", "Guadalupe"), ("Bob", "ROBERTO")]
)
def test_nicknames_count(typed: str, here: str) -> None:
    one, other = describe("Weiss", typed, None, "1943-05-01"), describe("Weiss", here, None, "1943-05-01")
    assert why_alike(one, other) is None
    assert why_alike(with_nicknames(one, FORMS), other) == "similar name, same birth date"
    assert why_alike(one, with_nicknames(other, FORMS)) == "similar name, same birth date"


def test_nickname_groups_meet_in_their_names() -> None:
    forms = read_nicknames([["Edward", "Ted"], ["Théodore", "Ted"], ["", "?"]])
    assert forms == {"edward": "ted", "ted": "edward theodore", "theodore": "ted"}
    assert len(FORMS) > 200 and all(name == name.lower() for name in FORMS)


days = st.dates(date(1900, 1, 1), date(2030, 12, 31)).map(date.isoformat)


@given(days, days)
def test_births_are_the_same_slipped_or_other_in_both_directions(one: str, other: str) -> None:
    assert births_of(one, other) == births_of(other, one)
    assert births_of(one, one) == "same"
    assert births_of(one, one[:7]) == births_of(one, None) == "open"


@given(days)
def test_near_births_are_those_that_are_a_slip_away(born: str) -> None:
    near = near_births(born)
    assert born not in near and all(births_of(born, one) == "slip" for one in near)
    year, month, day = born.split("-")
    if month != day and day <= "12":
        assert f"{year}-{day}-{month}" in near
    assert near_births(born[:7]) == ()


@given(st.text("abc ", max_size=12), st.text("abc ", max_size=12))
def test_near_words_takes_any_text(one: str, other: str) -> None:
    folded = " ".join(one.split())
    assert near_words(folded, " ".join(other.split())) in (True, False)
    if folded:
        assert near_words(folded, folded)


def test_the_keys_of_a_list_find_a_slip_and_a_swap() -> None:
    mine = set(keys_of(ANA))
    for other in (
        describe("Ruiz", "Anna", None, "1948-02-12"),
        describe("Ruiz", "Anna", None, "1948-11-02"),
        describe("Ana", "Ruiz Moreno", None, None),
        describe("X", "Y", None, None, frozenset(), "1EG4TE5MK73"),
        describe("X", "Y", None, None, PHONE),
    ):
        assert mine & set(keys_of(other, asking=True)), other
    assert not mine & set(keys_of(describe("Lopez", "Marta", None, "1950-03-12"), asking=True))
