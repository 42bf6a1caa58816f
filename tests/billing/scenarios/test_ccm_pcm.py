"""Scenarios of CCM, complex CCM, G0506 and PCM: codes, units, families, alternatives (billing-rules, 1a and 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.billing.scenarios.ccm_ready import (
    CONSENT,
    DIABETES,
    ENROLLMENT,
    HEART,
    PCM_READY,
    PLAN,
    VISIT,
    Case,
    Cases,
    Row,
    span,
    spent,
    with_minutes,
)
from tests.billing.scenarios.folder import bills, others, says

FIFTH, SIXTH = "2026-10-05T09:00", "2026-10-06T09:00"


def mdm(grade: str = "moderate", who: str = "levin", **more: Any) -> list[Row]:
    return [{"month": "2026-10", "program": "CCM", "practitioner": who, "mdm": grade, **more}]


def pcm(*entries: Row, **files: Any) -> dict[str, Any]:
    """A case's entries and files for principal care management."""
    return {
        "entries": [{**one, "program": "PCM"} for one in entries],
        "files": {**PCM_READY, **files},
        "program": "PCM",
    }


def planning(visit: dict[str, Any] | None = None, **plan: Any) -> dict[str, Any]:
    """The initiating visit on 5 January, the plan made on its day."""
    made = {**PLAN, "made_on": "2026-01-05", "given_on": "2026-01-05", **plan}
    return {"plans": [made], "visits": [{**VISIT, **(visit or {})}]}


def g0506(code: str = "G0506", **more: Any) -> list[Row]:
    return [{"code": code, "from": "2024-03-01", "ours": 0, **more}]


STAFF_CODES = {
    "nothing": Case("2 formula 99490", [], blocked="minutes"),
    "staff-19": Case("2 T<20: none", [spent(FIFTH, 19)], blocked="minutes", says=("19 min of the 20",)),
    "staff-19-59": Case("2 floor once", [span(FIFTH, "2026-10-05T09:19:59")], blocked="minutes"),
    "staff-20": Case("1a 20 full", [spent(FIFTH, 20)], bills="99490", minutes=(20, 0)),
    "staff-39-59": Case("1a 20 full", [span(FIFTH, "2026-10-05T09:39:59")], bills="99490"),
    "staff-40": Case("1a 40 total", [spent(FIFTH, 40)], bills="99490 99439"),
    "staff-55": Case(
        "2 no midpoint: 55 is no 99487", [spent(FIFTH, 55)], {"complexity": mdm()}, "99490 99439"
    ),
    "staff-59-59": Case("1a 20 full", [span(FIFTH, "2026-10-05T09:59:59")], bills="99490 99439"),
    "staff-60": Case("1a cap 2; 2 fall back", [spent(FIFTH, 60)], {}, "99490 99439*2", "mdm"),
    "staff-100": Case("9 99439 beyond 60: cap 2", [spent(FIFTH, 100)], {}, "99490 99439*2", "mdm"),
    "one-day": Case("2 a short month", with_minutes("2026-02", 20), bills="99490", month="2026-02"),
    "first-month": Case(
        "issue: tables cover 2022-01",
        with_minutes("2022-01", 40),
        {
            "consents": [{**CONSENT, "date": "2022-01-03"}],
            "enrollments": [{**ENROLLMENT, "start": "2022-01-03"}],
            "visits": [{**VISIT, "date": "2022-01-03"}],
            "plans": [{**PLAN, "made_on": "2022-01-04", "given_on": "2022-01-04"}],
        },
        "99490 99439",
        month="2022-01",
    ),
    "last-month": Case(
        "issue: to 2026-12", with_minutes("2026-12", 40), bills="99490 99439", month="2026-12"
    ),
}

OWN_CODES = {
    "own-29": Case(
        "2 practitioner minutes as staff's", [spent(FIFTH, 29, "levin")], bills="99490", minutes=(0, 29),
    ),
    "own-19": Case("2 T<20: none", [spent(FIFTH, 19, "levin")], blocked="minutes"),
    "own-29-59": Case("1a 30 full", [span(FIFTH, "2026-10-05T09:29:59", "levin")], bills="99490"),
    "own-30": Case("1a 99491", [spent(FIFTH, 30, "levin")], bills="99491", minutes=(0, 30)),
    "own-59": Case("1a 99437 30 full", [spent(FIFTH, 59, "levin")], bills="99491"),
    "own-60": Case("1a 60, 90", [spent(FIFTH, 60, "levin")], {}, "99491 99437", "mdm"),
    "own-90": Case("1a 60, 90", [spent(FIFTH, 90, "levin")], {}, "99491 99437*2", "mdm"),
    "own-120": Case(
        "1a 99437 cap not found: warn", [spent(FIFTH, 120, "levin")], {}, "99491 99437*3", "mdm", "cap",
        says=("3 × 99437",),
    ),
    "own-20-staff-10": Case(
        "1a 99491 only own time", [spent(FIFTH, 20, "levin"), spent(SIXTH, 10)], bills="99490", minutes=(10, 20)
    ),
    "staff-is-never-own": Case("2 staff time into 99491: no", [spent(FIFTH, 30)], bills="99490"),
    "own-30-staff-20": Case(
        "2 staff time into 99437: no", [spent(FIFTH, 30, "levin"), spent(SIXTH, 29)], bills="99491", minutes=(29, 30)
    ),
    "another-np-is-staff": Case(
        "1a billing practitioner only", [spent(FIFTH, 30, "nina")], bills="99490", minutes=(30, 0)
    ),
    "another-np-bills": Case(
        "3 one practitioner only", [spent(FIFTH, 20), spent(SIXTH, 30, "nina", practitioner="nina")], {}, "99490",
        warned="not-counted-other-practitioner", minutes=(20, 0),
    ),
}  # fmt: skip

COMPLEX_CODES = {
    "complex-60": Case("1a 99487", [spent(FIFTH, 60)], {"complexity": mdm()}, "99487"),
    "complex-high": Case("1a moderate or high", [spent(FIFTH, 60)], {"complexity": mdm("high")}, "99487"),
    "complex-59-59": Case(
        "2 T<60: 99490", [span(FIFTH, "2026-10-05T09:59:59")], {"complexity": mdm()}, "99490 99439"
    ),
    "complex-75": Case("2 75 is 99487 only", [spent(FIFTH, 75)], {"complexity": mdm()}, "99487"),
    "complex-89-59": Case("1a 30 full", [span(FIFTH, "2026-10-05T10:29:59")], {"complexity": mdm()}, "99487"),
    "complex-90": Case("1a 90", [spent(FIFTH, 90)], {"complexity": mdm()}, "99487 99489"),
    "complex-180": Case("1a 99489 no cap cited", [spent(FIFTH, 180)], {"complexity": mdm()}, "99487 99489*4"),
    "complex-mixed": Case(
        "2 own time as staff's: 99487", [spent(FIFTH, 30, "levin"), spent(SIXTH, 30)], {"complexity": mdm()}, "99487"
    ),
    "complex-low": Case(
        "2 no mod/high: fall back", [spent(FIFTH, 60)], {"complexity": mdm("low")}, "99490 99439*2", "mdm",
        says=("low",)
    ),
    "complex-straightforward": Case(
        "1a MDM", [spent(FIFTH, 60)], {"complexity": mdm("straightforward")}, "99490 99439*2", "mdm"
    ),
    "complex-nurse": Case(
        "1a by the billing practitioner personally", [spent(FIFTH, 60)], {"complexity": mdm("high", "ben")},
        "99490 99439*2", "mdm", says=("not by ben",),
    ),
    "complex-colleague": Case(
        "1a not another practitioner", [spent(FIFTH, 60)], {"complexity": mdm("high", "nina")}, "99490 99439*2", "mdm"
    ),
    "complex-nobody": Case(
        "issue: MDM blocks when absent", [spent(FIFTH, 60)], {"complexity": mdm("high", "")}, "99490 99439*2", "mdm"
    ),
    "complex-by-name": Case("1a name for username", [spent(FIFTH, 60)], {"complexity": mdm("high", "amy levin")},
                            "99487"),
    "complex-no-program": Case("1a", [spent(FIFTH, 60)], {"complexity": mdm(program="")}, "99487"),
    "complex-of-pcm": Case(
        "1a", [spent(FIFTH, 60)], {"complexity": mdm(program="PCM")}, "99490 99439*2", "mdm",
    ),
    "complex-september": Case(
        "1a this month's", [spent(FIFTH, 60)], {"complexity": mdm(month="2026-09")}, "99490 99439*2", "mdm"
    ),
    "complex-two-conditions": Case(
        "9 2+, not 3+; no revision of the plan", [spent(FIFTH, 60)],
        {"complexity": mdm(), "conditions": (DIABETES, HEART)}, "99487",
    ),
    "complex-one-condition": Case(
        "1a 2+", [spent(FIFTH, 60)], {"complexity": mdm(), "conditions": (DIABETES,)}, blocked="conditions"
    ),
}  # fmt: skip

JANUARY = with_minutes("2026-01")
PLANNING = {
    "g0506": Case("1a G0506", JANUARY, planning(), "99490 G0506", month="2026-01"),
    "g0506-no-minutes": Case("1a untimed", [], planning(), "G0506", "minutes", month="2026-01"),
    "g0506-awv": Case("1a AWV", JANUARY, planning({"kind": "awv"}), "99490 G0506", month="2026-01"),
    "g0506-ippe": Case("1a IPPE", JANUARY, planning({"kind": "ippe"}), "99490 G0506", month="2026-01"),
    "g0506-february": Case("1a at initiation", with_minutes("2026-02"), planning(), "99490", month="2026-02"),
    "g0506-next-day": Case(
        "issue: on that day", JANUARY, planning(made_on="2026-01-06"), "99490", month="2026-01",
    ),
    "g0506-nurse": Case(
        "1a by the billing practitioner", JANUARY, planning(made_by="ben"), "99490", "", "plan-author", "2026-01"
    ),
    "g0506-colleague": Case("1a personally", JANUARY, planning(made_by="nina"), "99490", month="2026-01"),
    "g0506-nobody": Case("1a personally", JANUARY, planning(made_by=""), "99490", month="2026-01"),
    "g0506-visit-of-colleague": Case(
        "1a billing practitioner", JANUARY, planning({"practitioner": "nina"}), "99490", "",
        "initiating-visit", "2026-01"
    ),
    "g0506-once": Case("9 once", JANUARY, {**planning(), "services": g0506()}, "99490", month="2026-01"),
    "g0506-once-lower": Case(
        "9 once", JANUARY, {**planning(), "services": g0506("g0506")}, "99490", month="2026-01",
    ),
    "g0506-no-consent": Case(
        "4", JANUARY, {**planning(), "consents": None}, blocked="consent", month="2026-01",
    ),
    "g0506-later-plan": Case(
        "1a at initiation, not at a later visit", [spent(FIFTH, 20)],
        {
            "visits": [VISIT, {**VISIT, "date": "2026-10-01"}],
            "plans": [PLAN, {**PLAN, "made_on": "2026-10-01", "given_on": "2026-10-01"}],
        },
        "99490",
    ),
}  # fmt: skip

PCM_CODES = {
    "pcm-29-59": Case("1a 30 full", **pcm(span(FIFTH, "2026-10-05T09:29:59")), blocked="minutes"),
    "pcm-30": Case("1a 99426", **pcm(spent(FIFTH, 30)), bills="99426", minutes=(30, 0)),
    "pcm-59": Case("1a 30 full", **pcm(spent(FIFTH, 59)), bills="99426"),
    "pcm-60": Case("1a 99427", **pcm(spent(FIFTH, 60)), bills="99426 99427"),
    "pcm-90": Case("1a 99427", **pcm(spent(FIFTH, 90)), bills="99426 99427*2"),
    "pcm-120": Case("1a cap not found: warn", **pcm(spent(FIFTH, 120)), bills="99426 99427*3", warned="cap"),
    "pcm-own-29": Case("2 T<30: none", **pcm(spent(FIFTH, 29, "levin")), blocked="minutes"),
    "pcm-own-30": Case("1a 99424", **pcm(spent(FIFTH, 30, "levin")), bills="99424", minutes=(0, 30)),
    "pcm-own-60": Case("1a 99425", **pcm(spent(FIFTH, 60, "levin")), bills="99424 99425"),
    "pcm-own-120": Case(
        "1a cap not found: warn of what is billed", **pcm(spent(FIFTH, 120, "levin")), bills="99424 99425*3",
        warned="cap", says=("3 × 99425",),
    ),
    "pcm-15-15": Case(
        "issue: own minutes may serve as staff's", **pcm(spent(FIFTH, 15, "levin"), spent(SIXTH, 15)), bills="99426"
    ),
    "pcm-one-family": Case(
        "3 99424 + 99426: no", **pcm(spent(FIFTH, 30, "levin"), spent(SIXTH, 30)), bills="99424",
    ),
    "pcm-no-conditions": Case(
        "issue: warn", **pcm(spent(FIFTH, 30), conditions=None), bills="99426", warned="conditions",
    ),
    "pcm-resolved": Case(
        "1a 1 condition; issue: contradicted", **pcm(spent(FIFTH, 30), conditions=[{**HEART, "resolved": "2026-08"}]),
        blocked="conditions",
    ),
    "pcm-no-visit": Case(
        "7 doubtful: warn", **pcm(spent(FIFTH, 30), visits=None), bills="99426", warned="initiating-visit",
    ),
    "pcm-old-visit": Case(
        "7 doubtful: never block", **pcm(spent(FIFTH, 30), visits=[{**VISIT, "date": "2024-01-05"}]), bills="99426",
        warned="initiating-visit",
    ),
    "pcm-ccm-consent": Case("4", **pcm(spent(FIFTH, 30), consents=[CONSENT]), blocked="consent"),
    "pcm-no-consent": Case("4", **pcm(spent(FIFTH, 30), consents=None), blocked="consent"),
    "pcm-no-g0506": Case(
        "1a G0506 is CCM's", **pcm({**with_minutes("2026-01", 30)[0]}, plans=[{**PLAN, "program": "PCM",
        "made_on": "2026-01-05", "given_on": "2026-01-05"}]), bills="99426", month="2026-01",
    ),
    "ccm-minutes-are-not-pcm": Case(
        "2 two programs", [spent(FIFTH, 30)], {**PCM_READY}, blocked="enrollment consent minutes conditions",
        warned="plan",
    ),
}  # fmt: skip

CASES = {**STAFF_CODES, **OWN_CODES, **COMPLEX_CODES, **PLANNING, **PCM_CODES}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    found = Cases(tmp_path_factory.mktemp("codes"), CASES)
    yield found
    found.close()


@pytest.mark.parametrize("name", CASES, ids=[f"{name}: {case.where}" for name, case in CASES.items()])
def test_codes(cases: Cases, name: str) -> None:
    cases.check(name, CASES[name])


# -- what a line has


def test_lines_have_what_a_claim_needs(cases: Cases) -> None:
    """Section 8, month-end export; issue 4: the last day of the month, place 11, the conditions of the program."""
    said = cases.said("staff-40", "2026-10")
    assert bills(said) == [("99490", 1, "levin", "2026-10-31"), ("99439", 1, "levin", "2026-10-31")]
    for line in said["lines"]:
        assert line["program"] == "CCM"
        assert line["place_of_service"] == "11"
        assert line["diagnoses"] == ["E11.9", "I50.32"]
        assert line["minutes"] == 40
    assert [line["minutes"] for line in cases.said("own-30-staff-20", "2026-10")["lines"]] == [30]


def test_a_cap_is_told_of_what_is_billed(cases: Cases) -> None:
    """1a: the official cap was not found; nobody asks about units that are not billed."""
    assert "99427" not in says(cases.said("pcm-own-120", "2026-10"), "warnings")


def test_planning_is_dated_on_the_visit_and_has_no_minutes(cases: Cases) -> None:
    """1a: G0506 is an add-on to the initiating visit, untimed."""
    (line,) = [one for one in cases.said("g0506", "2026-01")["lines"] if one["code"] == "G0506"]
    assert (line["date_of_service"], line["practitioner"], line["minutes"]) == ("2026-01-05", "levin", None)


def test_the_month_is_an_object_of_this_shape(cases: Cases) -> None:
    """Issue 4, `month --json`."""
    said = cases.said("staff-40", "2026-10")
    assert list(said) == [
        "mrn", "name", "birth_date", "billing_practitioner", "minutes", "lines", "blocked", "warnings",
        "alternatives",
    ]  # fmt: skip
    assert (said["name"], said["birth_date"], said["billing_practitioner"]) == (
        "Ruiz, Ana",
        "1948-02-11",
        "levin",
    )
    assert said["minutes"] == {"CCM": {"staff": 40, "practitioner": 0}}
    keys = {
        "code", "units", "program", "practitioner", "date_of_service", "place_of_service", "diagnoses", "minutes",
    }  # fmt: skip
    for line in (*said["lines"], *said["alternatives"][0]["lines"]):
        assert set(line) == keys
        assert type(line["units"]) is int
    for name in ("staff-60", "own-120", "pcm-no-visit"):
        for note in (*cases.said(name, "2026-10")["blocked"], *cases.said(name, "2026-10")["warnings"]):
            assert list(note) == ["rule", "program", "says", "source"]
            assert all(note[key] for key in ("rule", "says", "source"))


# -- alternatives


def test_staff_codes_are_the_alternative_to_complex_ones(cases: Cases) -> None:
    """Issue 4: what else would be reachable, with what it would bill."""
    said = cases.said("complex-90", "2026-10")
    assert {"99490": 1, "99439": 2} in others(said)
    assert {"99491": 1} not in others(said)


@pytest.mark.parametrize("name", ["staff-20", "staff-19", "own-30", "complex-60"])
def test_apcm_instead_of_ccm_this_month(cases: Cases, name: str) -> None:
    """Issue 4: APCM instead of CCM this month, also where CCM's minutes fall short; 1c G0557 for 2 conditions."""
    assert {"G0557": 1} in others(cases.said(name, "2026-10"))


def test_apcm_is_no_alternative_before_it_began(cases: Cases) -> None:
    """1c: APCM is younger than 2022."""
    assert others(cases.said("first-month", "2022-01")) == []


def test_nothing_else_for_who_has_no_consent(cases: Cases) -> None:
    """4: nobody agreed to anything; nothing is reachable this month."""
    assert others(cases.said("pcm-no-consent", "2026-10")) == []
