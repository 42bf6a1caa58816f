"""Who someone in an import is: known, new, or not to be taken."""

from __future__ import annotations

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.exchange.actions import import_fhir
from cmp_tui.exchange.plan import PatientPlan, Plan
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import by_mrn, conditions, find_patients, patient_card, patient_count
from tests.exchange.conftest import PlanOf, condition, ruth

KNOWN = {"identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "M-7"}]}


def only(plan: Plan) -> PatientPlan:
    (one,) = plan.patients
    return one


def by_hand(clinic: Clinic, **values: object) -> bytes:
    given: dict[str, object] = {"family": "Weiss", "given": "Ruth", "birth_date": "1943-02-01", "mrn": "M-7"}
    return clinic.run(add_patient, **{**given, **values}).id  # type: ignore[arg-type]


def test_the_same_record_number_and_birth_date_is_the_same_person(clinic: Clinic, bring: PlanOf) -> None:
    key = by_hand(clinic, language="Spanish")
    english = {"communication": [{"language": {"text": "English"}}], "address": [{"city": "Austin"}]}
    plan = bring(clinic, ruth(**KNOWN, **english), condition())
    assert only(plan).state == "changed"
    card = clinic.read(patient_card, key)
    # What stands here stays, what is empty is filled.
    assert (card.language, card.city, card.sex) == ("Spanish", "Austin", "F")
    assert len(clinic.read(conditions, key)) == 1
    assert clinic.read(patient_count) == 1
    assert bring(clinic, ruth(**KNOWN, **english), condition()).empty


def test_what_was_typed_by_hand_is_not_overwritten_later(clinic: Clinic, bring: PlanOf) -> None:
    key = by_hand(clinic, language="Spanish")
    bring(clinic, ruth(**KNOWN))
    plan = bring(clinic, ruth(**KNOWN, communication=[{"language": {"text": "English"}}]))
    assert only(plan).kept == ["patient"]
    assert clinic.read(patient_card, key).language == "Spanish"


def test_filled_names_are_found(clinic: Clinic, bring: PlanOf) -> None:
    by_hand(clinic, given=None)
    bring(clinic, ruth(**KNOWN))
    assert [line.mrn for line in clinic.read(find_patients, "ruth")] == ["M-7"]


def test_the_same_number_and_another_birth_date_is_skipped_with_the_reason(
    clinic: Clinic, plan_of: PlanOf
) -> None:
    by_hand(clinic, birth_date="1950-05-05")
    plan = plan_of(clinic, ruth(**KNOWN), condition())
    one = only(plan)
    assert (one.state, one.wrong, plan.wrong, plan.empty) == ("skipped", True, True, True)
    assert "record number of Weiss, Ruth" in one.why
    assert "1950-05-05" in one.why


def test_without_a_birth_date_the_names_decide(clinic: Clinic, plan_of: PlanOf) -> None:
    by_hand(clinic, birth_date=None)
    assert only(plan_of(clinic, ruth(**KNOWN))).state == "changed"
    other = ruth(**KNOWN, name=[{"family": "Adams", "given": ["Bob"]}])
    assert "birth date is missing" in only(plan_of(clinic, other)).why


def test_a_partial_birth_date_may_be_the_same(clinic: Clinic, plan_of: PlanOf) -> None:
    by_hand(clinic, birth_date="1943-02")
    assert only(plan_of(clinic, ruth(**KNOWN))).state == "changed"


def test_someone_alike_comes_in_with_a_warning(clinic: Clinic, bring: PlanOf) -> None:
    by_hand(clinic, mrn="OTHER", given="Ruht")
    plan = bring(clinic, ruth())
    assert (only(plan).state, clinic.read(patient_count)) == ("new", 2)
    assert only(plan).warnings == ["similar name, same birth date as Weiss, Ruht, MRN OTHER"]


def test_the_same_medicare_number_is_told(clinic: Clinic, plan_of: PlanOf) -> None:
    by_hand(clinic, mrn="OTHER", family="Stone", given="Ada", birth_date="1950", mbi="1EG4TE5MK73")
    number = {"system": "http://hl7.org/fhir/sid/us-mbi", "value": "1EG4-TE5-MK73"}
    assert only(plan_of(clinic, ruth(identifier=[number]))).warnings == [
        "has the same Medicare number as Stone, Ada, MRN OTHER"
    ]


def test_two_in_one_import_with_one_number_are_one_if_born_on_one_day(
    clinic: Clinic, plan_of: PlanOf
) -> None:
    twin = ruth("p2", **KNOWN)
    plan = plan_of(
        clinic,
        ruth("p1", **KNOWN),
        twin,
        condition(),
        condition("c2", "I10") | {"subject": {"reference": "Patient/p2"}},
    )
    assert len(plan.patients) == 1
    assert plan.counts["condition"].new == 2
    clinic.run(import_fhir, plan)
    again = plan_of(clinic, ruth("p1", **KNOWN), twin, condition())
    assert again.empty
    other = ruth("p2", **KNOWN, birthDate="1970-01-01")
    plan = plan_of(clinic, ruth("p1", **KNOWN), other)
    assert [one.state for one in plan.patients] == ["same", "skipped"]


def test_a_source_that_reuses_its_ids_overwrites_nobody(
    clinic: Clinic, bring: PlanOf, plan_of: PlanOf
) -> None:
    bring(clinic, ruth("1"))
    stranger = ruth("1", **KNOWN, name=[{"family": "Adams", "given": ["Bob"]}], birthDate="1970-01-01")
    one = only(plan_of(clinic, stranger))
    assert (one.state, one.wrong) == ("skipped", True)
    assert "someone else here: Weiss, Ruth, 1943-02-01" in one.why
    married = ruth("1", name=[{"family": "Stone", "given": ["Ruth"]}])
    assert only(plan_of(clinic, married)).state == "changed"


def test_a_number_that_another_patient_has_is_not_taken_over(clinic: Clinic, bring: PlanOf) -> None:
    by_hand(clinic, mrn="M-7", family="Adams", given="Bob", birth_date="1970")
    bring(clinic, ruth())
    plan = bring(clinic, ruth(**KNOWN, address=[{"city": "Austin"}]))
    assert "which another patient has" in only(plan).warnings[0]
    line = clinic.read(by_mrn, "MRN-p1")
    assert line is not None
    assert clinic.read(patient_card, line.id).city == "Austin"


def test_merged_at_the_source_is_skipped_and_no_fault(clinic: Clinic, plan_of: PlanOf) -> None:
    merged = ruth(link=[{"type": "replaced-by", "other": {"reference": "Patient/p2"}}])
    one = only(plan_of(clinic, merged))
    assert (one.state, one.why, one.wrong) == ("skipped", "merged into another patient at the source", False)


def test_nobody_without_a_name_is_lost(clinic: Clinic, bring: PlanOf) -> None:
    plan = bring(clinic, ruth(name=[]))
    assert only(plan).name == "(no name)"
    line = clinic.read(by_mrn, "MRN-p1")
    assert line is not None
    assert line.family == "(no name)"
