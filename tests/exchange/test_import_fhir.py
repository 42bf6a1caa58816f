"""Importing FHIR into a clinic file: new, the same again, changed, and undone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.staff import staff_list
from cmp_tui.encounters.queries import stays, visits
from cmp_tui.exchange.actions import import_fhir
from cmp_tui.exchange.plan import Plan
from cmp_tui.exchange.queries_known import MODELS
from cmp_tui.measurements.queries import vaccinations, values_of
from cmp_tui.medications.model import Medication
from cmp_tui.patients.actions import add_phone, edit_condition, strike_record
from cmp_tui.patients.queries import allergies, by_mrn, conditions, find_patients, patient_card, team
from tests.conftest import AsUser
from tests.exchange.conftest import (
    SNOMED,
    PlanOf,
    concept,
    condition,
    observation,
    of,
    plan_paths,
    ruth,
)

FIXTURES = Path(__file__).parent.parent / "fixtures" / "fhir"


def key_of(clinic: Clinic, mrn: str = "MRN-p1") -> bytes:
    line = clinic.read(by_mrn, mrn)
    assert line is not None
    return line.id


def seq(clinic: Clinic) -> int:
    return clinic.read(audit_head).seq


def rows_now(clinic: Clinic) -> dict[str, list[dict[str, Any]]]:
    """Every living imported row, without its version."""

    def all_rows(scope: object) -> dict[str, list[dict[str, Any]]]:
        return {
            kind: [
                {name: value for name, value in row.items() if name not in ("version", "source_version")}
                for row in model.live().order_by(model.id).dicts()
            ]
            for kind, model in MODELS.items()
        }

    return clinic.read(all_rows)


def totals(plan: Plan) -> tuple[int, int, int]:
    counts = plan.counts.values()
    return sum(c.new for c in counts), sum(c.changed for c in counts), sum(c.same for c in counts)


def test_a_whole_patient_comes_in(clinic: Clinic) -> None:
    plan = plan_paths(clinic, FIXTURES / "transaction.json")
    clinic.run(import_fhir, plan)
    card = clinic.read(patient_card, key_of(clinic, "10017"))
    assert (card.family, card.given, card.birth_date) == ("Ruiz-Moreno", "Ana María", "1948-02")
    assert card.care_manager_name == "Dana Ruiz"
    assert [phone.use for phone in card.phones] == ["mobile", "home"]
    assert clinic.read(find_patients, "5550133")[0].mrn == "10017"
    assert clinic.read(find_patients, "maria ruiz")[0].mrn == "10017"
    assert all(person.may_talk is None for person in card.people)
    groups = {line.group: line.chronic for line in clinic.read(conditions, card.id)}
    assert groups["diabetes"] is True
    assert clinic.verify() == []


@pytest.mark.parametrize("name", ["transaction.json", "synthea_auer.json", "synthea_hoeger.json", "bulk"])
def test_again_changes_nothing_and_leaves_no_trace(clinic: Clinic, name: str) -> None:
    first = plan_paths(clinic, FIXTURES / name)
    done = clinic.run(import_fhir, first)
    assert done.patients == len(first.of("new")) > 0
    before, entries = rows_now(clinic), seq(clinic)
    again = plan_paths(clinic, FIXTURES / name)
    assert again.empty
    assert totals(again) == (0, 0, totals(first)[0])
    assert {one.state for one in again.patients} <= {"same", "skipped"}
    clinic.run(import_fhir, again)
    assert (rows_now(clinic), seq(clinic)) == (before, entries)


def test_the_same_files_twice_in_one_import_come_in_once(clinic: Clinic, tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        (tmp_path / name).write_bytes((FIXTURES / "synthea_auer.json").read_bytes())
    twice, once = plan_paths(clinic, tmp_path), plan_paths(clinic, FIXTURES / "synthea_auer.json")
    assert totals(twice) == totals(once)


def test_it_is_one_change_and_undo_takes_it_back_as_a_whole(clinic: Clinic) -> None:
    clinic.run(import_fhir, plan_paths(clinic, FIXTURES))
    before = rows_now(clinic)
    done = clinic.read(last_undoable)
    assert done is not None
    assert done.action == "exchange.import_fhir"
    clinic.undo(done.seq)
    assert not any(rows_now(clinic).values())
    assert clinic.verify() == []
    # What was undone is as if it had never been here.
    again = plan_paths(clinic, FIXTURES)
    clinic.run(import_fhir, again)
    after = rows_now(clinic)
    assert {kind: len(found) for kind, found in after.items()} == {
        k: len(found) for k, found in before.items()
    }
    assert plan_paths(clinic, FIXTURES).empty


def test_redone_it_is_the_same_again(clinic: Clinic) -> None:
    clinic.run(import_fhir, plan_paths(clinic, FIXTURES / "transaction.json"))
    before = rows_now(clinic)
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    clinic.redo(seq(clinic))
    assert rows_now(clinic) == before
    assert plan_paths(clinic, FIXTURES / "transaction.json").empty


def test_what_changed_at_the_source_is_changed_here(clinic: Clinic, bring: PlanOf) -> None:
    bring(clinic, ruth(), condition(), condition("c2", "I10", "Hypertension"))
    resolved = condition(abatementDateTime="2026-09-01", clinicalStatus={"coding": [{"code": "resolved"}]})
    moved = ruth(address=[{"city": "Austin", "line": ["1 Oak St"]}])
    plan = bring(clinic, moved, resolved, condition("c2", "I10", "Hypertension"))
    assert totals(plan) == (0, 2, 1)
    assert [one.state for one in plan.patients] == ["changed"]
    assert clinic.read(patient_card, key_of(clinic)).city == "Austin"
    found = {line.display: line.status for line in clinic.read(conditions, key_of(clinic))}
    assert found == {"Type 2 diabetes": "resolved", "Hypertension": "active"}


def test_a_later_import_undone_leaves_the_earlier_one_and_may_come_again(
    clinic: Clinic, bring: PlanOf
) -> None:
    old, new = condition(), condition(display="Diabetes")
    bring(clinic, ruth(), old)
    before = rows_now(clinic)
    bring(clinic, ruth(), new)
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    assert rows_now(clinic) == before
    plan = bring(clinic, ruth(), new)
    assert (plan.counts["condition"].changed, plan.counts["condition"].kept) == (1, 0)


def test_what_was_edited_here_stays(clinic: Clinic, bring: PlanOf) -> None:
    bring(clinic, ruth(), condition())
    (line,) = clinic.read(conditions, key_of(clinic))
    clinic.run(edit_condition, line.id, None, onset="2010")
    plan = bring(clinic, ruth(), condition(onsetDateTime="2011"))
    assert (plan.counts["condition"].kept, plan.counts["condition"].changed) == (1, 0)
    assert plan.patients[0].kept == ["condition Type 2 diabetes"]
    (line,) = clinic.read(conditions, key_of(clinic))
    assert line.onset == "2010"


def test_an_edit_of_what_no_import_fills_is_no_obstacle(clinic: Clinic, bring: PlanOf) -> None:
    bring(clinic, ruth(), condition())
    key = key_of(clinic)
    (line,) = clinic.read(conditions, key)
    clinic.run(edit_condition, line.id, None, own_words="my sugar", confirmed_by="Amy Levin")
    bring(clinic, ruth(), condition(onsetDateTime="2011"))
    (line,) = clinic.read(conditions, key)
    assert (line.own_words, line.onset) == ("my sugar", "2011")


def test_an_edited_patient_is_kept_and_a_death_is_told(clinic: Clinic, bring: PlanOf) -> None:
    from cmp_tui.patients.actions import edit_patient

    bring(clinic, ruth())
    clinic.run(edit_patient, key_of(clinic), None, city="Dallas")
    plan = bring(clinic, ruth(address=[{"city": "Austin"}], deceasedDateTime="2026-10-03"), condition())
    assert plan.patients[0].kept == ["patient (died at the source: 2026-10-03)"]
    card = clinic.read(patient_card, key_of(clinic))
    assert (card.city, card.deceased) == ("Dallas", False)
    assert len(clinic.read(conditions, card.id)) == 1


def test_what_was_struck_out_here_stays_out(clinic: Clinic, bring: PlanOf) -> None:
    bring(clinic, ruth(), condition())
    (line,) = clinic.read(conditions, key_of(clinic))
    clinic.run(strike_record, "condition", line.id, "was a mistake")
    plan = bring(clinic, ruth(), condition(onsetDateTime="2011"))
    assert (plan.counts["condition"].struck, plan.empty) == (1, True)
    clinic.run(strike_record, "patient", key_of(clinic), "never ours")
    plan = bring(clinic, ruth(), condition())
    assert [(one.state, one.why, one.wrong) for one in plan.patients] == [
        ("skipped", "struck out here", False)
    ]


def test_what_vanished_at_the_source_stays(clinic: Clinic, bring: PlanOf) -> None:
    bring(clinic, ruth(telecom=[{"system": "phone", "value": "512 555 0100"}]), condition())
    assert bring(clinic, ruth()).counts["condition"].same == 0
    assert len(clinic.read(conditions, key_of(clinic))) == 1
    assert len(clinic.read(patient_card, key_of(clinic)).phones) == 1


def test_a_new_number_takes_the_place_of_the_old_and_a_known_one_is_not_doubled(
    clinic: Clinic, bring: PlanOf
) -> None:
    def phones(*numbers: str) -> dict[str, object]:
        return ruth(telecom=[{"system": "phone", "use": "home", "value": number} for number in numbers])

    bring(clinic, phones("512 555 0100"))
    bring(clinic, phones("512 555 0101"))
    key = key_of(clinic)
    clinic.run(add_phone, key, number="(512) 555-0102", use="mobile")
    bring(clinic, phones("512 555 0101", "512-555-0102"))
    found = clinic.read(patient_card, key).phones
    assert [(phone.number, phone.rank) for phone in found] == [("512 555 0101", 1), ("(512) 555-0102", 2)]
    assert clinic.read(find_patients, "5125550100") == []


def test_findings_that_are_no_problems_stay_off_the_list(clinic: Clinic, bring: PlanOf) -> None:
    job = of("Condition", "j", code=concept(SNOMED, "160903007", "Full-time employment (finding)"))
    due = of("Condition", "m", code=concept(SNOMED, "314529007", "Medication review due (situation)"))
    none = of("AllergyIntolerance", "a", code=concept(SNOMED, "716186003", "No known allergy"))
    plan = bring(clinic, ruth(), condition(), job, due, none)
    assert len(clinic.read(conditions, key_of(clinic))) == 1
    assert clinic.read(allergies, key_of(clinic)) == []
    assert plan.social == {"Full-time employment (finding)": 1}
    assert plan.not_problems == {"Medication review due (situation)": 1}
    assert plan.not_taken["AllergyIntolerance (no known allergies)"] == 1
    assert not plan.wrong


def test_measurements_in_our_units_doubtful_ones_marked(clinic: Clinic, bring: PlanOf) -> None:
    bring(
        clinic, ruth(),
        observation("o1", "4548-4", 7.4, "%", "2026-10-01"),
        observation("o2", "4548-4", 74, "%", "2026-10-02"),
        observation("o3", "8462-4", 81, "mm[Hg]", "2026-10-03"),
        observation("o4", "4548-4", 7.1, "%", "2026-10"),
        # 11 in the evening of 4 October in Chicago is 5 October in UTC.
        observation("o5", "8480-6", 131, "mm[Hg]", "2026-10-05T04:00:00Z"),
        of("Observation", "o6", status="final", code=concept("http://loinc.org", "72166-2"),
           effectiveDateTime="2026-10-04", valueCodeableConcept=concept(SNOMED, "8517006", "Former smoker")),
        of("Immunization", "v1", status="completed", occurrenceDateTime="2026-09-30",
           vaccineCode=concept("http://hl7.org/fhir/sid/cvx", "140", "Influenza")),
    )  # fmt: skip
    key = key_of(clinic)
    assert [(v.value, v.doubtful) for v in clinic.read(values_of, key, "a1c")] == [(74.0, True), (7.4, False)]
    pressures = [(v.date, v.value, v.value2) for v in clinic.read(values_of, key, "bp")]
    assert pressures == [(date(2026, 10, 4), 131.0, None), (date(2026, 10, 3), None, 81.0)]
    assert [(v.text, v.doubtful) for v in clinic.read(values_of, key, "smoking")] == [("formerly", False)]
    assert [line.kind for line in clinic.read(vaccinations, key)] == ["influenza"]


def test_visits_and_stays_are_of_the_clinics_days(clinic: Clinic, bring: PlanOf) -> None:
    def encounter(key: str, kind: str, words: str, start: str, end: str) -> dict[str, object]:
        return of(
            "Encounter", key, status="finished", period={"start": start, "end": end}, type=[{"text": words}],
            **{"class": {"code": kind}},
        )  # fmt: skip

    bring(
        clinic, ruth(),
        encounter("e1", "AMB", "Medicare annual wellness visit", "2026-09-01T15:00:00Z", "2026-09-01T15:30:00Z"),
        encounter("e2", "AMB", "Encounter for problem", "2026-09-02", "2026-09-02"),
        encounter("e3", "AMB", "Administration of vaccine", "2026-09-03", "2026-09-03"),
        encounter("e4", "IMP", "Heart failure", "2026-10-02T03:00:00Z", "2026-10-06T02:00:00Z"),
    )  # fmt: skip
    key = key_of(clinic)
    assert [(line.date.day, line.kind) for line in clinic.read(visits, key)] == [
        (3, "other"),
        (2, "em"),
        (1, "awv"),
    ]
    (stay,) = clinic.read(stays, key)
    assert (stay.admitted, stay.discharged) == (date(2026, 10, 1), date(2026, 10, 5))
    assert stay.discharged_at == datetime(2026, 10, 6, 2, 0, tzinfo=UTC)


def test_medicines_of_a_stay_are_not_on_the_list(clinic: Clinic, bring: PlanOf) -> None:
    def order(key: str, drug: str, **more: object) -> dict[str, object]:
        return of(
            "MedicationRequest", key, status="active", intent="order", authoredOn="2026-03-04",
            medicationCodeableConcept={"text": drug}, **more,
        )  # fmt: skip

    plan = bring(
        clinic, ruth(), order("m1", "Metformin"), order("m2", "Heparin", category=[concept("", "inpatient")])
    )
    names = clinic.read(_displays)
    assert names == [("Metformin", "2026-03-04")]
    assert plan.not_taken["medicines ordered for a stay"] == 1


def _displays(scope: object) -> list[tuple[str, str]]:
    return list(Medication.live(Medication.display, Medication.started).tuples())


_displays.__module__ = "cmp_tui.medications.queries"


def test_primary_care_joins_the_team_and_the_directory(clinic: Clinic, bring: PlanOf) -> None:
    doctor = {
        "resourceType": "Practitioner",
        "id": "d1",
        "name": [{"family": "Levin", "given": ["Amy"], "prefix": ["Dr."]}],
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1245319599"}],
    }
    bring(clinic, ruth(generalPractitioner=[{"reference": "Practitioner/d1"}]), doctor)
    (member,) = clinic.read(team, key_of(clinic))
    assert (member.name, member.role, member.npi) == ("Dr. Amy Levin", "primary-care", "1245319599")
    assert [row["name"] for row in rows_now(clinic)["provider"]] == ["Dr. Amy Levin"]


def test_long_texts_and_long_ids_come_in_and_come_in_once(clinic: Clinic, bring: PlanOf) -> None:
    long = ruth(
        name=[{"family": "W" * 119, "given": ["Ruth " * 20, "Maria " * 18]}],
        communication=[{"preferred": True, "language": {"text": "Plattdüütsch " * 8}}],
        contact=[{"name": {"family": "X" * 110, "given": ["Y " * 55, "Z " * 50]}}],
    )
    odd = of("Condition", "c9", code=concept("http://example.org/" + "s" * 150, "k" * 60, "Odd"))
    plan = bring(clinic, long, odd)
    assert plan.shortened
    assert bring(clinic, long, odd).empty


def test_who_imports_becomes_care_manager_or_who_is_named(
    clinic: Clinic, as_user: AsUser, plan_of: PlanOf
) -> None:
    ben = next(row for row in clinic.read(staff_list) if row.username == "ben")
    clinic.run(import_fhir, plan_of(clinic, ruth("a")), ben.id)
    iris = as_user("iris")
    iris.run(import_fhir, plan_of(iris, ruth("b", birthDate="1950", name=[{"family": "Adams"}])))
    managers = {
        mrn: clinic.read(patient_card, key_of(clinic, mrn)).care_manager_name for mrn in ("MRN-a", "MRN-b")
    }
    assert managers == {"MRN-a": "Ben Ortiz", "MRN-b": None}


def test_an_auditor_may_not(as_user: AsUser, clinic: Clinic, plan_of: PlanOf) -> None:
    plan = plan_of(clinic, ruth())
    with pytest.raises(Refused):
        plan_of(as_user("otto"), ruth())
    with pytest.raises(Refused):
        as_user("otto").run(import_fhir, plan)


def test_a_plan_that_the_file_has_left_behind_is_refused(clinic: Clinic, plan_of: PlanOf) -> None:
    clinic.run(import_fhir, plan_of(clinic, ruth(), condition()))
    plan = plan_of(clinic, ruth(), condition(display="Diabetes"))
    (line,) = clinic.read(conditions, key_of(clinic))
    clinic.run(edit_condition, line.id, None, onset="2010")
    with pytest.raises(Invalid, match="run the import again"):
        clinic.run(import_fhir, plan)
    twin = plan_of(clinic, ruth("q", birthDate="1950", name=[{"family": "Adams"}]))
    clinic.run(import_fhir, twin)
    with pytest.raises(Invalid, match="run the import again"):
        clinic.run(import_fhir, twin)


def test_a_practitioners_record_may_be_the_only_news(clinic: Clinic, bring: PlanOf) -> None:
    bring(clinic, ruth())
    plan = bring(clinic, ruth(), {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Lee"}]})
    assert not plan.empty
    assert plan.counts["provider"].new == 1
    assert plan.patients[0].state == "same"
