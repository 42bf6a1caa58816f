"""Writing about people."""

from __future__ import annotations

from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.patients import actions
from cmp_tui.patients.queries import (
    allergies,
    by_mrn,
    patient_card,
    patient_count,
    people,
    phones,
    team,
)
from tests.conftest import AsUser


def test_a_new_patient_gets_a_number_a_care_manager_and_folded_names(clinic: Clinic, staff: Any) -> None:
    first = clinic.run(actions.add_patient, family="Núñez", given="Zoë")
    second = clinic.run(actions.add_patient, family="Bell", given="Tom", care_manager=None)
    assert (first.mrn, second.mrn) == ("T-1", "T-2")
    assert first.folded == "nunez zoe"
    assert first.care_manager == staff("dana") and second.care_manager is None
    clinic.run(actions.strike_record, "patient", second.id, "entered twice")
    assert clinic.run(actions.add_patient, family="Bell", given="Tom").mrn == "T-3"


def test_a_clinician_is_nobodys_care_manager(as_user: AsUser) -> None:
    assert as_user("levin").run(actions.add_patient, family="Bell").care_manager is None


def test_a_name_in_signs_only_can_still_be_saved(clinic: Clinic) -> None:
    assert clinic.run(actions.add_patient, family="!!!").folded == "!!!"


def test_a_record_number_is_taken_once(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Invalid, match="Another patient has the record number A-1") as caught:
        clinic.run(actions.add_patient, family="Bell", mrn=" A-1 ")
    assert set(caught.value.fields) == {"mrn"}
    clinic.run(actions.strike_record, "patient", ana, "entered twice")
    assert clinic.run(actions.add_patient, family="Bell", mrn="A-1").mrn == "A-1"


def test_needed_and_wrong_values_are_named(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as caught:
        clinic.run(actions.add_patient, family="Bell", birth_date="1948-13", sex="Q", payer="?")
    assert set(caught.value.fields) == {"birth_date", "sex", "payer"}
    with pytest.raises(Invalid) as caught:
        clinic.run(actions.add_patient, family=" ")
    assert "family" in caught.value.fields
    assert clinic.read(patient_count) == 0


def test_the_first_telephone_comes_in_the_same_change(clinic: Clinic, ana: bytes) -> None:
    assert [phone.number for phone in clinic.read(phones, ana)] == ["(512) 555-0133"]
    done = clinic.read(last_undoable)
    assert done is not None and done.rows == 2 and done.patient == ana
    clinic.undo(done.seq)
    assert clinic.read(patient_count) == 0


def test_editing_keeps_the_search_names(clinic: Clinic, ana: bytes) -> None:
    card = clinic.read(patient_card, ana)
    row = clinic.run(actions.edit_patient, ana, card.version, given="Anna", city="Austin")
    assert row.folded == "ruiz moreno ruizmoreno anna anita" and row.city == "Austin"


def test_two_people_editing_other_parts_of_a_name_do_not_conflict(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    seen = clinic.read(patient_card, ana).version
    as_user("ben").run(actions.edit_patient, ana, seen, given="Anna")
    row = clinic.run(actions.edit_patient, ana, seen, family="Ruiz")
    assert (row.family, row.given, row.folded) == ("Ruiz", "Anna", "ruiz anna anita")
    with pytest.raises(Conflict) as caught:
        clinic.run(actions.edit_patient, ana, seen, given="Ann")
    assert caught.value.theirs == {"given": "Anna"} and caught.value.who == "Ben Ortiz"


def test_a_day_of_death_says_that_someone_died_and_back(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(actions.edit_patient, ana, None, deceased_on="2026-11")
    assert row.deceased is True
    row = clinic.run(actions.edit_patient, ana, None, deceased=False)
    assert row.deceased is False and row.deceased_on is None


def test_telephones_are_called_in_order(clinic: Clinic, ana: bytes) -> None:
    second = clinic.run(actions.add_phone, ana, number="737 555 0101")
    clinic.run(actions.add_phone, ana, number="737 555 0102", rank=1, use="work")
    assert second.rank == 2 and second.digits == "7375550101"
    changed = clinic.run(actions.edit_phone, second.id, 1, number="737 555 0109", rank=9)
    assert changed.digits == "7375550109"
    assert [phone.number[-1] for phone in clinic.read(phones, ana)] == ["3", "2", "9"]


def test_a_code_fills_group_and_chronic_and_own_words_need_none(clinic: Clinic, ana: bytes) -> None:
    coded = clinic.run(actions.add_condition, ana, system="icd-10-cm", code="e119", display="Type 2 diabetes")
    assert (coded.code, coded.group, coded.chronic) == ("E11.9", "diabetes", True)
    own = clinic.run(actions.add_condition, ana, own_words="bad knee")
    assert (own.system, own.code, own.display, own.chronic) == ("other", None, "bad knee", None)
    told = clinic.run(
        actions.add_condition, ana, system="icd-10-cm", code="E11.9", chronic=False, group="lipids"
    )
    assert (told.display, told.group, told.chronic) == ("E11.9", "lipids", False)
    with pytest.raises(Invalid) as caught:
        clinic.run(actions.add_condition, ana, code=" ", system="icd-10-cm")
    assert "display" in caught.value.fields


def test_a_social_need_never_reaches_the_list(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Invalid, match="social need"):
        clinic.run(actions.add_condition, ana, system="icd-10-cm", code="Z59.0", display="Homelessness")
    row = clinic.run(actions.add_condition, ana, own_words="no home")
    with pytest.raises(Invalid, match="social need"):
        clinic.run(actions.edit_condition, row.id, None, system="icd-10-cm", code="Z59.0")


def test_editing_a_condition(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(actions.add_condition, ana, own_words="sugar", display="sugar")
    row = clinic.run(actions.edit_condition, row.id, 1, system="icd-10-cm", code="E11.9")
    assert (row.group, row.chronic, row.display) == ("diabetes", True, "sugar")
    row = clinic.run(actions.edit_condition, row.id, 2, status="resolved", resolved="2026-10")
    assert (row.group, row.status) == ("diabetes", "resolved")


def test_the_others_around_a_patient(clinic: Clinic, ana: bytes) -> None:
    allergy = clinic.run(actions.add_allergy, ana, substance="penicillin", severity="severe")
    person = clinic.run(actions.add_person, ana, name="Lucía", relationship="child", may_talk=True)
    member = clinic.run(actions.add_team_member, ana, name="Dr. Ito", role="specialist")
    clinic.run(actions.edit_allergy, allergy.id, 1, reaction="hives")
    clinic.run(actions.edit_person, person.id, 1, caregiver=True)
    clinic.run(actions.edit_team_member, member.id, 1, specialty="cardiology")
    assert clinic.read(allergies, ana)[0].reaction == "hives"
    assert clinic.read(people, ana)[0].caregiver is True
    assert clinic.read(team, ana)[0].specialty == "cardiology"
    for name, key in (("allergy", allergy.id), ("person", person.id), ("team-member", member.id)):
        clinic.run(actions.strike_record, name, key, "entered by mistake")
    assert clinic.read(allergies, ana) == clinic.read(people, ana) == clinic.read(team, ana) == []


def test_striking_needs_a_reason_and_a_record_of_this_room(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        clinic.run(actions.strike_record, "patient", ana, " ")
    assert "why" in caught.value.fields
    with pytest.raises(Invalid, match="no records called 'staff'"):
        clinic.run(actions.strike_record, "staff", ana, "x")
    with pytest.raises(Gone):
        clinic.run(actions.strike_record, "phone", ana, "x")


def test_nothing_is_added_to_who_is_not_there(clinic: Clinic) -> None:
    for add, values in (
        (actions.add_phone, {"number": "1"}),
        (actions.add_condition, {"own_words": "x"}),
        (actions.add_allergy, {"substance": "x"}),
        (actions.add_person, {"name": "x"}),
        (actions.add_team_member, {"name": "x"}),
    ):
        with pytest.raises(Gone):
            clinic.run(add, b"\0" * 16, **values)


WRITES = (
    (actions.add_patient, (), {"family": "Bell"}),
    (actions.edit_patient, (None,), {"city": "Austin"}),
    (actions.add_phone, (), {"number": "512 555 0100"}),
    (actions.add_condition, (), {"own_words": "x"}),
    (actions.add_allergy, (), {"substance": "x"}),
    (actions.add_person, (), {"name": "x"}),
    (actions.add_team_member, (), {"name": "x"}),
)


@pytest.mark.parametrize("username", ["otto", "iris"])
@pytest.mark.parametrize(("write", "more", "values"), WRITES)
def test_who_only_reads_or_only_manages_writes_nothing(
    clinic: Clinic, as_user: AsUser, ana: bytes, username: str, write: Any, more: Any, values: Any
) -> None:
    about = () if write is actions.add_patient else (ana, *more)
    with pytest.raises(Refused):
        as_user(username).run(write, *about, **values)
    as_user("levin").run(write, *about, **values)


def test_by_mrn(clinic: Clinic, ana: bytes) -> None:
    line = clinic.read(by_mrn, " A-1 ")
    assert line is not None and line.id == ana and clinic.read(by_mrn, "A-2") is None


def test_the_chain_holds_after_all_of_it(clinic: Clinic, ana: bytes) -> None:
    clinic.run(actions.edit_patient, ana, 1, family="Ruiz", given="Anna")
    clinic.run(actions.add_condition, ana, system="icd-10-cm", code="I10", display="Hypertension")
    assert clinic.verify() == []
