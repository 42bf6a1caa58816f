"""What stands in the forms, as arguments of the actions: without a screen."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.reference import shipped
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.patients.form_values import (
    OUTSIDE,
    AskOnce,
    code_system,
    condition_values,
    filled,
    practitioner_fields,
    practitioner_value,
    say_code,
    tidy,
)
from cmp_tui.patients.queries import Lookalike, PatientLine


def test_blank_is_nothing_and_no_is_something() -> None:
    assert tidy({"a": "", "b": None, "c": False, "d": "x", "e": ()}) == {
        "a": None, "b": None, "c": False, "d": "x", "e": None,
    }  # fmt: skip
    assert filled({"a": "", "b": None, "c": False, "d": "x"}) == {"c": False, "d": "x"}


def test_a_practitioner_of_the_staff_or_outside() -> None:
    assert practitioner_fields("levin", ["levin"]) == ("levin", None)
    assert practitioner_fields("Dr. Ito", ["levin"]) == (OUTSIDE, "Dr. Ito")
    assert practitioner_fields(None, ["levin"]) == (None, None)
    name = "billing_practitioner"
    assert practitioner_value({name: "levin"}, {name: "levin"}) == {name: "levin"}
    assert practitioner_value({name: OUTSIDE, "outside_name": "Dr. Ito"}, {name: OUTSIDE}) == {
        name: "Dr. Ito"
    }
    # In an edit only what was changed is sent.
    assert practitioner_value({"outside_name": "Dr. Ida"}, {name: OUTSIDE}) == {name: "Dr. Ida"}
    assert practitioner_value({name: OUTSIDE}, {name: OUTSIDE, "outside_name": "Dr. Ito"}) == {
        name: "Dr. Ito"
    }
    assert practitioner_value({"city": "Austin"}, {name: OUTSIDE, "outside_name": "Dr. Ito"}) == {
        "city": "Austin"
    }
    with pytest.raises(Invalid) as caught:
        practitioner_value({name: OUTSIDE}, {name: OUTSIDE, "outside_name": ""})
    assert set(caught.value.fields) == {"outside_name"}


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("E11.9", "icd-10-cm"),
        ("e119", "icd-10-cm"),
        (" 44054006 ", "snomed"),
        ("sugar", "other"),
        ("", "other"),
    ],
)
def test_the_system_of_a_code(code: str, system: str) -> None:
    assert code_system(code) == system


def test_condition_values() -> None:
    assert condition_values({"code": "E11.9", "display": "x"}) == {
        "code": "E11.9", "display": "x", "system": "icd-10-cm",
    }  # fmt: skip
    assert condition_values({"code": "", "own_words": "sugar"})["system"] == "other"
    assert condition_values({"status": "resolved"}) == {"status": "resolved"}
    with pytest.raises(Invalid):
        condition_values({"code": "sugar"})


def test_what_a_code_means() -> None:
    tables = load_condition_tables(shipped("data"))
    assert say_code(tables, "E11.9") == "Diabetes, chronic"
    assert say_code(tables, "Z59.0") == "a social need, no condition"
    assert "not a code" in say_code(tables, "sugar")


def test_a_lookalike_stops_the_first_saving_only() -> None:
    def alike(number: int) -> Lookalike:
        return Lookalike(
            PatientLine(bytes([number]), f"A-{number}", "Ruiz", None, None, "F", False), "same name"
        )

    ask = AskOnce()
    ask([])
    with pytest.raises(
        Invalid, match=r"Perhaps here already: Ruiz, \? no birth date \(record number A-1: same name"
    ):
        ask([alike(1)])
    ask([alike(1)])
    with pytest.raises(Invalid, match="and 1 more"):
        ask([alike(1), alike(2), alike(3), alike(4)])
    ask([alike(4)])
