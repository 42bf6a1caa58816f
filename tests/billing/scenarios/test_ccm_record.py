"""Scenarios of what the record says for CCM: conditions, plan, patient, who bills (billing-rules, 1a, 1h, 5, 7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenarios.ccm_ready import (
    DIABETES,
    ENROLLMENT,
    PATIENT,
    PLAN,
    STAFF,
    Case,
    Cases,
    Row,
    spent,
    texts_of,
)
from tests.billing.scenarios.folder import codes, judged, rules, says

CALL = [spent("2026-10-20T09:00", 20)]
EARLY = [spent("2026-10-05T09:00", 20)]


# -- 1a, 7 conditions


def conditions(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"conditions": [{**DIABETES, **row} for row in rows]}


H = {"code": "I50.32", "display": "Heart failure"}
COLD = {"code": "J06.9", "display": "Cold"}
CONDITIONS = {
    "one-condition": Case("2+ chronic", CALL, conditions({}), "", "conditions"),
    "no-condition": Case("issue: nothing known warns", CALL, {"conditions": None}, "99490", "", "conditions"),
    "resolved-before": Case(
        "issue: contradicted", CALL, conditions({}, {**H, "resolved": "2026-09-30"}), "", "conditions",
    ),
    "resolved-the-month-before": Case(
        "a month alone", CALL, conditions({}, {**H, "resolved": "2026-09"}), "", "conditions",
    ),
    "resolved-this-month": Case(
        "it was there", CALL, conditions({}, {**H, "resolved": "2026-10-15"}), "99490",
    ),
    "begins-later": Case("not yet", CALL, conditions({}, {**H, "onset": "2026-11-03"}), "", "conditions"),
    "begins-this-year": Case("a year alone", CALL, conditions({}, {**H, "onset": "2026"}), "99490"),
    "not-chronic": Case("chronic", CALL, conditions({}, {**COLD, "chronic": 0}), "", "conditions"),
    "a-third-that-passes": Case("chronic", CALL, conditions({}, H, {**COLD, "chronic": 0}), "99490"),
    "not-said": Case(
        "empty is not known", CALL, conditions({**H, "chronic": ""}, {"chronic": ""}), "99490", "", "conditions",
    ),
    "the-same-twice": Case(
        "two different ones", CALL, conditions({}, {"onset": "2010", "display": "DM 2"}), "", "conditions",
    ),
    "the-same-in-small-letters": Case(
        "two different ones", CALL, conditions({}, {"code": "e11.9"}), "", "conditions",
    ),
    "without-the-dot": Case(
        "typed by hand", CALL, conditions({"code": "E119"}, {**H, "code": "I5032"}), "99490",
    ),
    "without-the-system": Case(
        "typed by hand", CALL, conditions({"system": ""}, {**H, "system": ""}), "99490",
    ),
    "without-codes": Case(
        "2+ ICD-10 codes on the claim: one payer", CALL,
        {"conditions": [{"display": "Diabetes", "chronic": 1}, {"display": "Heart failure", "chronic": 1}]},
        "99490", "",
        "diagnoses",
    ),
    "one-code": Case(
        "2+ ICD-10 codes on the claim: one payer", CALL,
        {"conditions": [DIABETES, {"display": "Heart failure", "chronic": 1}]}, "99490", "", "diagnoses",
    ),
}  # fmt: skip


# -- 5 the plan


def plan(**values: Any) -> dict[str, Any]:
    return {"plans": [{**PLAN, **values}]}


PLANS = {
    "no-plan": Case("issue: nothing known warns", CALL, {"plans": None}, "99490", "", "plan"),
    "not-said-to-be-given": Case(
        "copy to patient", CALL, plan(given_on="", given_how="", given_to=""), "99490", "", "plan-given"
    ),
    "given-on-a-day": Case("empty is not known", CALL, plan(given_how="", given_to=""), "99490"),
    "given-to-the-caregiver": Case("and/or caregiver", CALL, plan(given_to="caregiver"), "99490"),
    "given-to-a-provider": Case(
        "to patient or caregiver", CALL, plan(given_to="provider"), "99490", "", "plan-given",
    ),
    "given-after-the-month": Case("issue: contradicted", CALL, plan(given_on="2026-11-05"), "", "plan-given"),
    "given-on-the-last": Case("in time", CALL, plan(given_on="2026-10-31"), "99490"),
    "made-after-the-month": Case(
        "issue: contradicted", CALL, plan(made_on="2026-11-05", given_on="2026-11-05"), "", "plan"
    ),
    "made-when-unknown": Case("empty is not known", CALL, plan(made_on="", made_by=""), "99490"),
    "for-any-program": Case("empty is not known", CALL, plan(program=""), "99490"),
    "for-another-program": Case("issue: nothing known warns", CALL, plan(program="PCM"), "99490", "", "plan"),
    "made-by-a-nurse": Case("RN/LPN may not develop", CALL, plan(made_by="rosa"), "99490", "", "plan-author"),
    "made-by-a-nurse-then-the-doctor": Case(
        "RN/LPN may revise", CALL, {"plans": [{**PLAN, "made_by": "rosa"}, {**PLAN,
        "made_on": "2026-02-01"}]}, "99490"
    ),
    "revision-not-needed": Case("9 no substantial revision", CALL, plan(reviewed_on=""), "99490"),
}  # fmt: skip


# -- who the patient is


def patient(**values: Any) -> dict[str, Any]:
    return {"patients": [{**PATIENT, **values}]}


PATIENTS = {
    "no-mbi": Case("issue: MBI warns", CALL, patient(mbi=""), "99490", "", "mbi"),
    "odd-mbi": Case("issue: MBI", CALL, patient(mbi="12345"), "99490", "", "mbi"),
    "mbi-made-up": Case("CMS's numbers for practice", CALL, patient(mbi="1SG4-TE5-MK73"), "99490"),
    "mbi-small-letters": Case("typed by hand", CALL, patient(mbi="1eg4te5mk73"), "99490"),
    "no-payer": Case("these are Medicare's rules", CALL, patient(payer=""), "99490", "", "payer"),
    "no-practitioner-at-all": Case(
        "issue: not among what blocks", CALL,
        {**patient(billing_practitioner=""), "enrollments": [{**ENROLLMENT, "practitioner": ""}]}, "99490", "",
        "practitioner",
    ),
    "dies-this-month": Case("served before", EARLY, patient(deceased_on="2026-10-10"), "99490"),
}  # fmt: skip

CASES = {**CONDITIONS, **PLANS, **PATIENTS}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    found = Cases(tmp_path_factory.mktemp("record"), CASES)
    yield found
    found.close()


@pytest.mark.parametrize("name", CASES, ids=[f"{name}: {case.where}" for name, case in CASES.items()])
def test_record(cases: Cases, name: str) -> None:
    cases.check(name, CASES[name])


def test_diagnoses_are_the_chronic_conditions_of_the_month(cases: Cases) -> None:
    """8: the claim has ICD-10 (2+); what passes is no reason for CCM."""
    for name, codes_ in (
        ("a-third-that-passes", ["E11.9", "I50.32"]),
        ("without-the-dot", ["E11.9", "I50.32"]),
        ("without-the-system", ["E11.9", "I50.32"]),
        ("one-code", ["E11.9"]),
        ("no-condition", []),
    ):
        (line,) = cases.said(name, "2026-10")["lines"]
        assert line["diagnoses"] == codes_, name


def test_nothing_is_dated_after_death(cases: Cases) -> None:
    """The month's last day is no day of service of who died before it."""
    (line,) = cases.said("dies-this-month", "2026-10")["lines"]
    assert line["date_of_service"] == "2026-10-10"


# -- 1h who may bill


def staff(**values: Any) -> list[Row]:
    return [{"username": "levin", "name": "Amy Levin", "may_bill": "", **values}, *STAFF[2:]]


@pytest.mark.parametrize("credential", ["MD", "DO", "NP", "PA", "CNS", "CNM"])
def test_who_may_bill(tmp_path: Path, credential: str) -> None:
    """1h: physician, NP, PA, CNS, CNM; their own time is personal time."""
    entries = [spent("2026-10-20T09:00", 30, "levin")]
    said = judged(tmp_path, texts_of(staff=staff(credential=credential), time_entries=entries), "2026-10")
    assert codes(said) == {"99491": 1}


@pytest.mark.parametrize(
    "person",
    [
        {"credential": "RN"},
        {"credential": "LPN"},
        {"credential": "MA"},
        {"credential": "SW"},
        {"credential": "PharmD"},
        {"credential": "MD", "may_bill": 0},
        {"credential": "RN", "may_bill": 1},
    ],
    ids=str,
)
def test_who_may_not_bill(tmp_path: Path, person: Row) -> None:
    """1h: nobody else, whatever the list of the staff says."""
    said = judged(tmp_path, texts_of(staff=staff(**person), time_entries=CALL), "2026-10")
    assert codes(said) == {}
    assert rules(said) == {"practitioner"}


def test_who_bills_and_is_not_of_the_staff_is_told(tmp_path: Path) -> None:
    """1h: nothing is known of them, which is not "no"."""
    files = texts_of(staff=STAFF[2:], time_entries=CALL)
    said = judged(tmp_path, files, "2026-10")
    assert codes(said) == {"99490": 1}
    assert rules(said, "warnings") == {"practitioner"}


def test_who_died_before_the_month(tmp_path: Path) -> None:
    """Nobody was served."""
    said = judged(tmp_path, texts_of(**patient(deceased_on="2026-09-10"), time_entries=CALL), "2026-10")
    assert codes(said) == {}
    assert "2026-09-10" in says(said)
