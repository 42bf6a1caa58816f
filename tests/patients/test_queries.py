"""Reading about people, with every role."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Refused
from cmp_tui.patients import actions, queries
from tests.conftest import AsUser

EVERY: tuple[tuple[Any, str], ...] = (
    (queries.patient_card, "key"),
    (queries.phones, "key"),
    (queries.people, "key"),
    (queries.conditions, "key"),
    (queries.allergies, "key"),
    (queries.team, "key"),
    (queries.find_patients, "ruiz"),
    (queries.lookalikes, "ruiz"),
    (queries.by_mrn, "A-1"),
    (queries.staff_of, "mine"),
    (queries.panel_of, "team"),
)


@pytest.mark.parametrize(("query", "argument"), EVERY)
def test_care_managers_clinicians_and_auditors_read_and_administrators_do_not(
    as_user: AsUser, ana: bytes, query: Any, argument: str
) -> None:
    asked = ana if argument == "key" else argument
    for username in ("dana", "ben", "levin", "otto"):
        as_user(username).read(query, asked)
    with pytest.raises(Refused):
        as_user("iris").read(query, asked)


def test_an_administrator_sees_how_many_and_who_covers(as_user: AsUser, ana: bytes) -> None:
    assert as_user("iris").read(queries.patient_count) == 1 and as_user("iris").read(queries.loans) == []


def test_the_card_holds_what_the_preview_needs(clinic: Clinic, ana: bytes) -> None:
    clinic.run(
        actions.edit_patient, ana, None, billing_practitioner="levin", language="Spanish", interpreter=True
    )
    clinic.run(actions.add_person, ana, name="Lucía", relationship="child", may_talk=True)
    clinic.run(actions.add_person, ana, name="Alma", relationship="friend", may_talk=False)
    card = clinic.read(queries.patient_card, ana)
    assert (card.mrn, card.family, card.birth_date, card.version) == ("A-1", "Ruiz-Moreno", "1948-02-11", 2)
    assert card.care_manager_name == "Dana Ruiz" and card.practitioner_name == "Amy Levin"
    assert [phone.number for phone in card.phones] == ["(512) 555-0133"]
    assert [person.name for person in card.people] == ["Lucía", "Alma"]
    assert [person.name for person in card.may_talk_to] == ["Lucía"]


def test_a_practitioner_outside_keeps_their_name(clinic: Clinic, ana: bytes) -> None:
    clinic.run(actions.edit_patient, ana, None, billing_practitioner="Dr. Ito", care_manager=None)
    card = clinic.read(queries.patient_card, ana)
    assert (card.practitioner_name, card.care_manager_name) == ("Dr. Ito", None)


def test_who_is_not_there_is_told(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Gone):
        clinic.read(queries.patient_card, b"\0" * 16)
    clinic.run(actions.strike_record, "patient", ana, "entered twice")
    with pytest.raises(Gone):
        clinic.read(queries.patient_card, ana)


def test_conditions_of_now_first_chronic_first_groups_together(clinic: Clinic, ana: bytes) -> None:
    for words, group, chronic, status in (
        ("cold", None, False, "active"),
        ("old break", None, False, "resolved"),
        ("kidney", "ckd", True, "active"),
        ("diabetes 2", "diabetes", True, "active"),
        ("diabetes", "diabetes", True, "relapse"),
        ("old diabetes", "diabetes", True, "resolved"),
        ("knee", None, True, "active"),
        ("who knows", None, None, "active"),
    ):
        clinic.run(actions.add_condition, ana, display=words, group=group, chronic=chronic, status=status)
    lines = clinic.read(queries.conditions, ana)
    assert [line.display for line in lines] == [
        "kidney", "diabetes", "diabetes 2", "knee", "cold", "who knows", "old diabetes", "old break",
    ]  # fmt: skip
    current = clinic.read(queries.conditions, ana, current_only=True)
    assert [line.display for line in current] == [line.display for line in lines][:6]


def test_own_words_stand_before_the_codes(clinic: Clinic, ana: bytes) -> None:
    clinic.run(
        actions.add_condition, ana, system="icd-10-cm", code="E11.9", display="T2DM", own_words="my sugar"
    )
    assert clinic.read(queries.conditions, ana)[0].words == "my sugar"


def test_allergies_active_and_severe_first(clinic: Clinic, ana: bytes) -> None:
    for substance, severity, status in (
        ("dust", None, "active"),
        ("pollen", "mild", "active"),
        ("nuts", "severe", "resolved"),
        ("penicillin", "severe", "active"),
    ):
        clinic.run(actions.add_allergy, ana, substance=substance, severity=severity, status=status)
    assert [one.substance for one in clinic.read(queries.allergies, ana)] == [
        "penicillin",
        "pollen",
        "dust",
        "nuts",
    ]


def test_the_team_with_who_has_left_last(clinic: Clinic, ana: bytes) -> None:
    for name, role, until in (
        ("Dr. Past", "primary-care", date(2026, 11, 22)),
        ("Pharmacy", "pharmacy", None),
        ("Dr. Ito", "specialist", date(2026, 11, 23)),
        ("Dr. Levin", "primary-care", None),
    ):
        clinic.run(actions.add_team_member, ana, name=name, role=role, until=until)
    assert [one.name for one in clinic.read(queries.team, ana)] == [
        "Dr. Levin",
        "Pharmacy",
        "Dr. Ito",
        "Dr. Past",
    ]
