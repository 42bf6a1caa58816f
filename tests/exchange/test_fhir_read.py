"""Each mapping of the FHIR reader, on small hand-made files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cmp_tui.exchange.fhir.reading import Reading, read_fhir
from cmp_tui.exchange.fhir.records import Moment, Name, PatientBundle, Phone

FIXTURES = Path(__file__).parent.parent / "fixtures" / "fhir"
CODES = {
    ("loinc", "4548-4"): "a1c",
    ("loinc", "85354-9"): "bp",
    ("loinc", "8480-6"): "bp",
    ("loinc", "8462-4"): "bp",
    ("loinc", "29463-7"): "weight",
    ("loinc", "33914-3"): "egfr",
    ("loinc", "72166-2"): "smoking",
    ("loinc", "44261-6"): "phq9",
    ("cvx", "140"): "influenza",
    ("cvx", "33"): "pneumococcal",
}
ID = "00000000-0000-4000-8000-0000000000"
OKAFOR = f"Practitioner/{ID}02"


def take(system: str, code: str) -> str | None:
    """A small code list."""
    return CODES.get((system, code))


def read(*paths: Path, strip_digits: bool = False) -> tuple[list[PatientBundle], Reading]:
    """All patients of some files, and the reading."""
    reading = read_fhir(paths, take=take, strip_digits=strip_digits)
    return list(reading.patients()), reading


def write(folder: Path, name: str, *resources: object, kind: str = "collection") -> Path:
    """A bundle of resources as a file."""
    path = folder / name
    entries = [{"resource": resource} for resource in resources]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}))
    return path


def patient(key: str = "p1", **more: object) -> dict[str, object]:
    """A small Patient resource."""
    name = [{"family": "Weiss", "given": ["Ruth"]}]
    return {"resourceType": "Patient", "id": key, "name": name, "birthDate": "1943-02-01", **more}


@pytest.fixture(scope="module")
def whole() -> tuple[PatientBundle, Reading]:
    """The transaction bundle that has a bit of everything."""
    bundles, reading = read(FIXTURES / "transaction.json")
    assert len(bundles) == 1
    return bundles[0], reading


Whole = tuple[PatientBundle, Reading]


def test_the_person(whole: Whole) -> None:
    person = whole[0].person
    assert person.source == f"Patient/{ID}01"
    assert (person.mrn, person.mrn_from) == ("10017", "MR")
    assert person.name == Name("official", "Ruiz-Moreno", "Ana María", "Mrs.")
    assert [(name.use, name.family, name.given) for name in person.other_names] == [
        ("nickname", "", "Anita"),
        ("maiden", "Moreno", "Ana"),
    ]
    assert (person.birth_date, person.sex, person.deceased) == ("1948-02", "F", False)
    assert person.phones == (Phone("mobile", "(512) 555-0199"), Phone("home", "(512) 555-0133"))
    assert person.email == "ana@example.org"
    assert (person.address.lines, person.address.city) == (("12 Elm St", "Apt 3"), "Austin")
    assert (person.language, person.language_code, person.interpreter) == ("Spanish", "es", True)
    assert (person.mbi, person.marital) == ("1EG4TE5MK73", "W")
    assert person.practitioners == (OKAFOR,)


def test_who_is_close_and_who_pays(whole: Whole) -> None:
    bundle = whole[0]
    found = {each.name.given: (each.relationship, each.phones[0].number) for each in bundle.caregivers}
    assert found == {"Ruth": ("neighbor", "555-0177"), "Lucía": ("child", "(512) 555-0134")}
    assert bundle.payer is not None
    assert (bundle.payer.name, bundle.payer.kind) == ("Sunrise Health Plan", "Medicare Advantage")


def test_conditions_prefer_icd_and_drop_what_is_refuted(whole: Whole) -> None:
    bundle, reading = whole
    diabetes, knee = bundle.conditions
    assert (diabetes.system, diabetes.code, diabetes.display) == ("icd-10-cm", "E11.9", "Type 2 diabetes")
    assert [code.system for code in diabetes.codes] == ["snomed", "icd-10-cm"]
    assert (diabetes.onset, diabetes.status, diabetes.categories) == (
        "2009-05",
        "active",
        ("problem-list-item",),
    )
    assert (knee.system, knee.onset, knee.abatement, knee.status) == (
        "other",
        "2001",
        "2004-02-03",
        "resolved",
    )
    assert reading.not_taken["Condition (refuted)"] == 1
    assert reading.not_taken["Condition (entered-in-error)"] == 1


def test_allergies_take_the_worst_reaction(whole: Whole) -> None:
    penicillin, none = whole[0].allergies
    assert (penicillin.display, penicillin.severity) == ("Penicillin G", "severe")
    assert (penicillin.reactions, penicillin.criticality) == ("Hives, Swelling", "high")
    assert (penicillin.none_known, none.none_known) == (False, True)


def test_orders_of_one_drug_are_one_line(whole: Whole) -> None:
    bundle, reading = whole
    lines = {(line.setting, line.code): line for line in bundle.medications}
    assert len(lines) == len(bundle.medications) == 5
    metformin = lines["", "860975"]
    assert (metformin.status, metformin.orders, metformin.dosage) == ("active", 2, "")
    assert (metformin.first, metformin.last) == (Moment("2020-01-10"), Moment("2021-01-11"))
    assert (metformin.prescriber, metformin.prescriber_name) == (OKAFOR, "Dr. James Okafor")
    lisinopril = lines["", "314076"]
    assert (lisinopril.status, lisinopril.dosage) == ("stopped", "1 tablet, once a day")
    assert lines["", "855332"].display == "Warfarin 5 MG Oral Tablet"  # contained
    assert lines["", "198440"].dosage == "when it hurts"  # a statement, the drug in its own resource
    assert lines["inpatient", "860975"].status == "completed"
    assert reading.not_taken["MedicationRequest (proposal)"] == 1
    assert reading.not_taken["MedicationRequest (entered-in-error)"] == 1


def test_visits(whole: Whole) -> None:
    bundle, reading = whole
    visits = {visit.source[-2:]: visit for visit in bundle.visits}
    assert {key: visit.setting for key, visit in visits.items()} == {
        "40": "office",
        "41": "virtual",
        "42": "office",
        "49": "hospice",
    }
    office = visits["40"]
    assert (office.practitioner_name, office.place) == ("Dr. James Okafor", "Lakeside Family Clinic")
    assert office.reason == "Type 2 diabetes"  # from the condition that it points to
    assert office.start is not None
    assert office.start.at is not None
    assert office.start.at.astimezone(UTC) == datetime(2021, 2, 1, 15, 0, tzinfo=UTC)
    assert visits["42"].status == "planned"
    assert reading.not_taken["Encounter (cancelled)"] == 1


def test_stays(whole: Whole) -> None:
    bundle, reading = whole
    stays = {stay.source[-2:]: stay for stay in bundle.stays}
    assert {key: (stay.kind, stay.discharged_to) for key, stay in stays.items()} == {
        "44": ("inpatient", "snf"),
        "46": ("snf", ""),
        "47": ("ed", ""),
        "48": ("observation", "home"),
    }
    assert (stays["44"].facility, stays["44"].reason) == ("St. Mary's", "Pneumonia")
    assert stays["44"].admitted is not None
    assert stays["44"].admitted.day == "2021-03-01"
    assert (stays["46"].facility, stays["46"].discharged) == ("Oak Hill", None)
    assert stays["47"].admitted == Moment("2020-07-04")  # 24:00
    assert stays["47"].discharged == Moment("2020-07-05", datetime(2020, 7, 5, 3, 0, 59, tzinfo=UTC))  # :60
    assert reading.not_taken["Encounter (part of a stay)"] == 1


def test_measurements(whole: Whole) -> None:
    bundle, reading = whole
    found = {each.source.partition(ID)[2]: each for each in bundle.measurements}
    assert set(found) == {"50", "51", "54", "55", "56", "59/44261-6"}
    assert (str(found["50"].value), found["50"].unit) == ("8.40", "%")  # as given
    assert (found["51"].value, found["51"].second, found["51"].kind) == (Decimal(142), Decimal(81), "bp")
    assert (found["56"].value, found["56"].second) == (Decimal(150), Decimal(90))  # two observations
    assert (found["54"].answer, found["54"].answer_code) == ("Former smoker", "8517006")
    assert (found["55"].comparator, found["55"].taken) == (">", Moment("2021-01"))
    assert (found["59/44261-6"].kind, found["59/44261-6"].value) == ("phq9", Decimal(11))
    assert reading.not_taken["Observation (not in the code list)"] == 1
    assert reading.not_taken["Observation (entered-in-error)"] == 1
    assert reading.not_taken["Observation (without a value)"] == 1


def test_a_diastolic_pressure_alone_is_not_taken_for_a_systolic_one(tmp_path: Path) -> None:
    alone = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8462-4"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2021-01-01",
        "valueQuantity": {"value": 80},
    }
    (bundle,), _ = read(write(tmp_path, "a.json", patient(), alone))
    assert [(each.value, each.second) for each in bundle.measurements] == [(None, Decimal(80))]


def test_vaccines(whole: Whole) -> None:
    bundle, reading = whole
    assert [(each.kind, each.status, each.reason) for each in bundle.vaccines] == [
        ("influenza", "completed", ""),
        ("pneumococcal", "not-done", "declined"),
    ]
    assert reading.not_taken["Immunization (not in the code list)"] == 1


def test_practitioners_and_the_team(whole: Whole) -> None:
    bundle, reading = whole
    assert [(each.name, each.how, each.role, each.last) for each in bundle.team] == [
        ("Dr. James Okafor", "primary-care", "", "2021-02-01"),
        ("Linh Tran", "care-team", "Endocrinologist", ""),
    ]
    okafor = reading.practitioner(OKAFOR)
    assert okafor is not None
    assert (okafor.npi, okafor.specialty) == ("1234567893", "Internal medicine")
    assert okafor.organization == "Lakeside Family Clinic"


def test_what_is_not_taken_is_counted_by_kind(whole: Whole) -> None:
    _, reading = whole
    assert (reading.not_taken["Claim"], reading.not_taken["CarePlan"]) == (2, 1)
    assert reading.orphans == {"Condition": 1}
    assert reading.problems == []


def test_a_page_of_a_search(whole: Whole) -> None:
    (bundle,), reading = read(FIXTURES / "search_page.json")
    assert (bundle.person.mrn, bundle.person.mrn_from) == ("A-7", "identifier")
    assert (bundle.person.name.family, bundle.person.name.given) == ("Bell", "Tom")
    assert (bundle.person.deceased, bundle.person.deceased_on) == (True, "")
    assert [condition.code for condition in bundle.conditions] == ["I10"]
    (oil,) = bundle.medications
    assert (oil.display, oil.prescriber_name) == ("Fish oil", "Dr. Ruth Weiss")
    weiss = reading.practitioner(oil.prescriber)
    assert weiss is not None
    assert weiss.npi == "1245319599"


def test_a_bulk_export_whose_records_come_before_their_patient() -> None:
    (bundle,), reading = read(FIXTURES / "bulk")
    assert (bundle.person.birth_date, bundle.person.mrn) == ("1938-05", "00042")
    assert bundle.person.name.given == "Nick779"
    assert [condition.display for condition in bundle.conditions] == ["Essential hypertension", "Gout"]
    (visit,) = bundle.visits
    assert (visit.practitioner, visit.practitioner_name) == ("Practitioner/pr9", "Dr. James9 Okafor2")
    assert visit.place == "Lakeside Family Clinic"
    (okafor,) = reading.practitioners
    assert (okafor.specialty, okafor.organization) == ("Cardiology", "Lakeside Family Clinic")
    assert reading.orphans == {"Condition": 1}
    assert reading.not_taken == {"DocumentReference": 1}
    assert [Path(each.file).name for each in reading.not_fhir] == ["log.ndjson"]
    assert (reading.files, reading.problems) == (5, [])


def test_digits_go_only_when_asked() -> None:
    (bundle,), reading = read(FIXTURES / "bulk", strip_digits=True)
    assert (bundle.person.name.family, bundle.person.name.given) == ("Grimes", "Nick")
    assert bundle.visits[0].practitioner_name == "Dr. James Okafor"
    assert reading.practitioners[0].name.family == "Okafor"


@pytest.mark.parametrize("name", ["synthea_auer.json", "synthea_hoeger.json"])
def test_synthea(name: str) -> None:
    (bundle,), reading = read(FIXTURES / name)
    assert bundle.person.mrn_from == "MR"
    assert len(bundle.conditions) == 9
    assert len(bundle.visits) + len(bundle.stays) == 6
    assert bundle.visits[0].practitioner_name.startswith("Dr. ")
    assert bundle.team[0].how == "seen"
    assert reading.not_taken["Claim"] == 1
    assert not reading.orphans
    assert not reading.problems
