"""Names for search, checks that warn, who may be the same person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.text import fold
from cmp_tui.patients.rules import (
    fold_names,
    is_mbi,
    is_near,
    is_npi,
    is_phone,
    is_zip,
    phone_digits,
    warnings,
)


def test_names_are_folded_each_word_once_and_joined() -> None:
    assert fold_names("De la Cruz", "José", "Pepe", "José Núñez") == "de la cruz delacruz jose pepe nunez"
    assert fold_names("O’Brien", None) == "obrien"
    assert fold_names("Nguyễn", "Thị Hoa") == "nguyen thi hoa thihoa"
    assert fold_names("", "") == ""


@given(*[st.text(max_size=400)] * 4)
def test_folded_names_fit_their_column_and_are_folded(
    family: str, given: str, called: str, other: str
) -> None:
    folded = fold_names(family, given, called, other)
    assert len(folded) <= 1000
    assert fold(folded) == folded
    assert len(set(folded.split())) == len(folded.split())


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("(512) 555-0133", "5125550133"),
        ("+1 512 555 0133", "5125550133"),
        ("512-555-0133 x12", "5125550133"),
        ("512-555-0133 ext. 4", "5125550133"),
        ("+44 20 7946 0018", "442079460018"),
        ("", None),
        (None, None),
        ("call the office", None),
    ],
)
def test_digits_of_a_telephone(number: str | None, digits: str | None) -> None:
    assert phone_digits(number) == digits


def test_mbi_by_place() -> None:
    # The example on CMS's own card, and each place with a sign that must not stand there.
    right = "1EG4TE5MK73"
    assert is_mbi(right) and is_mbi("1eg4-te5-mk73")
    for place, wrong in enumerate("05SA5SA55XX"):
        assert not is_mbi(right[:place] + wrong + right[place + 1 :]), place
    for letter in "SLOIBZ":
        assert not is_mbi(f"1{letter}G4TE5MK73")
        assert not is_mbi(f"1E{letter}4TE5MK73")
    assert not is_mbi(right[:-1]) and not is_mbi(right + "1")


def test_npi_check_digit() -> None:
    assert is_npi("1234567893")  # the example of CMS's check-digit document
    assert not any(is_npi(f"123456789{digit}") for digit in "012456789")
    assert not is_npi("3234567893") and not is_npi("12345678931") and not is_npi("123456789")


def test_zip_and_telephone() -> None:
    assert is_zip("78704") and is_zip("78704-1234") and not is_zip("7870") and not is_zip("78704-12")
    assert is_phone("(512) 555-0133") and is_phone("+1 512 555 0133") and is_phone("+44 20 7946 0018")
    assert not is_phone("555-0133") and not is_phone("112 555 0133") and not is_phone("0")


def test_warnings_name_the_field_and_only_what_is_odd() -> None:
    assert (
        warnings({"mbi": "1EG4TE5MK73", "npi": "1234567893", "postal_code": "78704", "phone": "5125550133"})
        == {}
    )
    assert warnings({"mbi": "", "npi": None, "postal_code": " ", "other": "x"}) == {}
    odd = warnings(
        {"mbi": "1S00A00AA00", "npi": "1234567890", "postal_code": "ABC", "fax": "12", "number": "555"}
    )
    assert set(odd) == {"mbi", "npi", "postal_code", "fax", "number"}


def test_near_is_one_slip_and_not_two_in_a_short_word() -> None:
    assert (
        is_near("ruiz", "ruis")
        and is_near("ruiz", "riuz")
        and is_near("ruiz", "ruizz")
        and is_near("ruiz", "uiz")
    )
    assert not is_near("ruiz", "reis") and not is_near("al", "ab")
    assert is_near("hernandez", "hermandes") and not is_near("hernandez", "fermandes")
