"""The small rules of an import: kinds of visits, days, sources, texts that do not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.text import clean
from cmp_tui.exchange.fhir.records import Attached, Moment, Practitioner, Stay
from cmp_tui.exchange.fhir.records import Name as PersonName
from cmp_tui.exchange.rules_people import belongs, team_values
from cmp_tui.exchange.rules_records import stay_values, visit_kind
from cmp_tui.exchange.rules_values import LONGEST_SOURCE, LeftOut, Rules, bounded
from cmp_tui.measurements.coding import load_measurement_tables
from cmp_tui.patients.coding import load_condition_tables


@pytest.fixture(scope="module")
def rules() -> Rules:
    folder = Reference().folder
    return Rules(load_condition_tables(folder), load_measurement_tables(folder), ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("setting", "words", "kind"),
    [
        ("office", "Medicare Annual Wellness Visit, subsequent", "awv"),
        ("office", "Annual wellness visit", "awv"),
        ("office", "Well child visit (procedure)", "em"),
        ("office", "Wellness visit", "em"),
        ("office", "Initial preventive physical examination", "ippe"),
        ("office", "Welcome to Medicare visit", "ippe"),
        ("office", "Encounter for symptom", "em"),
        ("office", "General examination of patient (procedure)", "em"),
        ("office", "", "em"),
        ("virtual", "Telephone consultation", "em"),
        ("home", "Home visit", "em"),
        ("office", "Encounter for immunization", "other"),
        ("office", "Renal dialysis", "other"),
        ("office", "Cataract surgery", "other"),
        ("hospice", "Hospice visit", "other"),
        ("other", "Encounter", "other"),
    ],
)
def test_kinds_of_visits(setting: str, words: str, kind: str) -> None:
    assert visit_kind(setting, words) == kind


def test_days_are_the_clinics(rules: Rules) -> None:
    late = datetime(2026, 10, 5, 4, 0, tzinfo=UTC)
    assert rules.day(Moment("2026-10-05", late)) == date(2026, 10, 4)
    assert rules.day(Moment("2026-10-05")) == date(2026, 10, 5)
    assert rules.day(Moment("2026-10")) is None
    assert rules.day(None) is None
    assert rules.partial(Moment("2026-10")) == "2026-10"
    assert rules.partial(Moment("2026-10-05", late)) == "2026-10-04"


@given(st.text(max_size=700))
def test_a_source_is_stored_as_it_is_looked_up(text: str) -> None:
    found = bounded("Condition/" + text)
    assert len(found) <= LONGEST_SOURCE
    assert clean(found, limit=LONGEST_SOURCE).text == found


def test_long_sources_stay_different() -> None:
    assert bounded("x" * 400 + "a") != bounded("x" * 400 + "b")


def test_words_are_cut_and_numbers_are_not(rules: Rules) -> None:
    assert rules.cut("a" * 20, 10, "street") == "a" * 9 + "…"
    assert rules.cut("", 10, "street") is None
    assert rules.whole("1" * 11, 10, "NPI") is None
    assert (rules.shortened["street"], rules.shortened["NPI"]) == (1, 1)


def stay(admitted: Moment | None, discharged: Moment | None, status: str = "finished") -> Stay:
    return Stay(
        "Encounter/1", "inpatient", "", status, admitted, discharged, "", "", "St. Mary's", "home", "", ""
    )


def test_a_stay_that_is_over_does_not_go_on(rules: Rules) -> None:
    values = stay_values(rules, stay(Moment("2026-10-01"), None))
    assert isinstance(values, dict)
    assert values["discharged"] == date(2026, 10, 1)
    values = stay_values(rules, stay(Moment("2026-10-01"), None, "in-progress"))
    assert isinstance(values, dict)
    assert values["discharged"] is None
    values = stay_values(rules, stay(Moment("2026-10-05"), Moment("2026-10-01")))
    assert isinstance(values, dict)
    assert values["discharged"] == date(2026, 10, 5)
    assert isinstance(stay_values(rules, stay(Moment("2026-10"), None)), LeftOut)


def test_who_belongs_to_the_team() -> None:
    last = date(2026, 10, 1)
    assert belongs(Attached("Practitioner/1", "A", "primary-care", "", ""), None)
    assert belongs(Attached("Practitioner/1", "A", "seen", "", "2025-01-01"), last)
    assert not belongs(Attached("Practitioner/1", "A", "seen", "", "2020-01-01"), last)
    assert not belongs(Attached("Practitioner/1", "A", "seen", "", ""), last)


@pytest.mark.parametrize(
    ("how", "role", "specialty", "expected"),
    [
        ("primary-care", "", "", "primary-care"),
        ("care-team", "Pharmacist", "", "pharmacy"),
        ("care-team", "", "Cardiology", "specialist"),
        ("seen", "", "General Practice", "other"),
        ("seen", "", "", "other"),
        ("care-team", "Physical therapist", "", "therapist"),
        ("care-team", "Social worker", "", "social-services"),
        ("care-team", "Home health nurse", "", "home-health"),
    ],
)
def test_parts_in_the_team(rules: Rules, how: str, role: str, specialty: str, expected: str) -> None:
    known = Practitioner("Practitioner/1", PersonName("", "Lee", "Kim"), "", specialty, "", (), "")
    values = team_values(rules, Attached("Practitioner/1", "Kim Lee", how, role, ""), known)
    assert isinstance(values, dict)
    assert values["role"] == expected
