"""The directory: entries written, and found though they are mistyped."""

from __future__ import annotations

from datetime import date

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Conflict, Invalid, Refused
from cmp_tui.patients import directory_actions as actions
from cmp_tui.patients import directory_queries as queries
from tests.conftest import AsUser


@pytest.fixture
def filled(clinic: Clinic) -> Clinic:
    add = actions.add_provider
    clinic.run(
        add,
        name="Dr. Kenji Ito",
        specialty="cardiology",
        organization="Lakeside Heart",
        phone="(512) 555-0190",
    )
    clinic.run(add, name="Marsh Street Pharmacy", kind="pharmacy", fax="(512) 555-0177")
    clinic.run(add, name="St. Mary's", kind="hospital")
    clinic.run(add, name="Dr. Kenneth Itoh", specialty="dermatology", until=date(2026, 11, 20))
    return clinic


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ito ken", "Dr. Kenji Ito"),
        ("cardiolgy", "Dr. Kenji Ito"),
        ("heart", "Dr. Kenji Ito"),
        ("pharmcy", "Marsh Street Pharmacy"),
        ("st marys", "St. Mary's"),
        ("555-0177", "Marsh Street Pharmacy"),
        ("hospitl", "St. Mary's"),
    ],
)
def test_found_by_any_words_with_slips(filled: Clinic, typed: str, first: str) -> None:
    assert filled.read(queries.find_providers, typed)[0].name == first


def test_nothing_finds_nobody(filled: Clinic) -> None:
    for text in ("", " ", "zzzz"):
        assert filled.read(queries.find_providers, text) == []


def test_who_is_no_longer_used_stands_last(filled: Clinic) -> None:
    assert filled.read(queries.directory)[-1].name == "Dr. Kenneth Itoh"
    assert [one.name for one in filled.read(queries.find_providers, "ito")] == [
        "Dr. Kenji Ito",
        "Dr. Kenneth Itoh",
    ]


def test_an_entry_is_changed_and_found_under_its_new_name(filled: Clinic) -> None:
    line = filled.read(queries.find_providers, "mary")[0]
    filled.run(actions.edit_provider, line.id, line.version, name="Saint Mary Hospital")
    assert filled.read(queries.find_providers, "saint hospital")[0].id == line.id
    with pytest.raises(Conflict):
        filled.run(actions.edit_provider, line.id, line.version, name="Other")
    filled.run(actions.strike_provider, line.id, "twice")
    assert filled.read(queries.provider, line.id) is None
    assert line.words == "St. Mary's"


def test_an_entry_needs_a_name(clinic: Clinic, as_user: AsUser) -> None:
    with pytest.raises(Invalid):
        clinic.run(actions.add_provider, name=" ")
    with pytest.raises(Refused):
        as_user("otto").run(actions.add_provider, name="Dr. Ito")
