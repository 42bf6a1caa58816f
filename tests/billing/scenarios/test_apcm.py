"""Advanced primary care management: its levels, needs, bundle and add-ons (billing-rules 1c, 3, 4, 7)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenarios.folder import Said, bills, codes, judged, others, rules, says

PATIENT = "mrn,payer,mbi,qmb,billing_practitioner\nM1,Medicare,1EG4TE5MK73,{qmb},levin"
CONDITION = "mrn,system,code,display,chronic,onset,resolved"
DIABETES = "M1,icd-10-cm,E11.9,Type 2 diabetes,1,2015,"
FAILURE = "M1,icd-10-cm,I50.32,Heart failure,1,2018,"
ENROLLED = "mrn,program,status,start,end,practitioner\nM1,APCM,active,2026-01-05,,levin"
AGREED = "mrn,program,decision,date,mode,taken_by,effective_to\nM1,APCM,accepted,2026-01-05,verbal,ben,"
VISIT = "mrn,date,practitioner,kind\nM1,2025-11-10,levin,em"
TIME = "mrn,staff,start,minutes,program,activity"


def apcm(
    folder: Path, *, month: str = "2026-10", qmb: str = "0", conditions: str | None = None, **more: Any
) -> Said:
    """A month of M1, who is enrolled in APCM and agreed to it. What is given replaces, or adds, a file."""
    files = {
        "patients": PATIENT.format(qmb=qmb),
        "conditions": f"{CONDITION}\n{DIABETES}\n{FAILURE}"
        if conditions is None
        else f"{CONDITION}\n{conditions}",
        "enrollments": ENROLLED,
        "consents": AGREED,
        "visits": VISIT,
    }
    settings = {name: more.pop(name) for name in ("prefer_program", "date_of_service") if name in more}
    files |= more
    return judged(folder, {name: text for name, text in files.items() if text}, month, **settings)


# -- the level


def test_the_whole_line(tmp_path: Path) -> None:
    """1c: once per calendar month, no minutes; DOS the month's last day."""
    said = apcm(tmp_path)
    assert said["lines"] == [
        {
            "code": "G0557", "units": 1, "program": "APCM", "practitioner": "levin", "date_of_service": "2026-10-31",
            "place_of_service": "11", "diagnoses": ["E11.9", "I50.32"], "minutes": None,
        }
    ]  # fmt: skip
    assert (said["blocked"], said["alternatives"]) == ([], [])


@pytest.mark.parametrize(
    ("conditions", "qmb", "code"),
    [
        (DIABETES, "0", "G0556"),
        (DIABETES, "1", "G0556"),  # QMB alone is no level
        (f"{DIABETES}\n{FAILURE}", "0", "G0557"),
        (f"{DIABETES}\n{FAILURE}", "1", "G0558"),
        (f"{DIABETES}\n{FAILURE}\nM1,icd-10-cm,J44.9,COPD,1,2019,", "1", "G0558"),
        ("M1,icd-10-cm,J06.9,Cold,0,2026-10-01,", "0", "G0556"),
        (f"{DIABETES}\nM1,icd-10-cm,J06.9,Cold,0,2026-10-01,", "0", "G0556"),
        (f"{DIABETES}\nM1,icd-10-cm,I50.32,Heart failure,1,2018,2026-09-30", "0", "G0556"),  # resolved before
        (f"{DIABETES}\nM1,icd-10-cm,I50.32,Heart failure,1,2026-11-02,", "0", "G0556"),  # begins after
        (f"{DIABETES}\nM1,icd-10-cm,I50.32,Heart failure,1,,", "0", "G0557"),  # onset not known
    ],
)
def test_conditions_and_qmb_decide_the_level(tmp_path: Path, conditions: str, qmb: str, code: str) -> None:
    """1c: G0556 0-1 chronic condition, G0557 2+, G0558 2+ and Qualified Medicare Beneficiary."""
    said = apcm(tmp_path, conditions=conditions, qmb=qmb)
    assert codes(said) == {code: 1}
    assert said["blocked"] == []


def test_the_same_condition_twice_is_one(tmp_path: Path) -> None:
    """1c: two conditions are two, not two rows."""
    rows = f"{DIABETES}\nM1,icd-10-cm,E11.9,Diabetes mellitus type 2,1,2016,"
    assert codes(apcm(tmp_path, conditions=rows)) in ({"G0556": 1}, {})


def test_no_condition_is_known_at_all(tmp_path: Path) -> None:
    """1c and the issue: 0 conditions have a level; conditions warn when nothing at all is known."""
    said = apcm(tmp_path, conditions="")
    assert codes(said) == {"G0556": 1}
    assert "conditions" in rules(said, "warnings")


def test_qmb_is_not_known(tmp_path: Path) -> None:
    """Absent is not "no": G0557 is billed, and that G0558 depends on it is told."""
    said = apcm(tmp_path, qmb="")
    assert codes(said) == {"G0557": 1}
    assert "qualified medicare" in says(said, "warnings").lower() or "qmb" in says(said, "warnings").lower()


def test_qmb_does_not_matter_with_one_condition(tmp_path: Path) -> None:
    """1c: with one condition it is G0556 either way; nothing to warn of."""
    said = apcm(tmp_path, conditions=DIABETES, qmb="")
    assert codes(said) == {"G0556": 1}
    assert "G0558" not in says(said, "warnings")


def test_the_date_of_service_is_the_last_day_either_way(tmp_path: Path) -> None:
    """8 (D), a setting: no minutes are reached on a day, so the last day stays."""
    assert bills(apcm(tmp_path, month="2026-02", date_of_service="threshold-day"))[0][3] == "2026-02-28"


# -- when


@pytest.mark.parametrize(
    ("month", "billed"),
    [("2025-12", False), ("2026-01", True), ("2026-10", True), ("2026-11", False)],
)
def test_enrollment_in_the_month(tmp_path: Path, month: str, billed: bool) -> None:
    """The issue: the enrollment's program decides; it must be in force."""
    rows = ENROLLED.replace("2026-01-05,,", "2026-01-31,2026-10-01,")
    agreed = AGREED.replace("2026-01-05", "2026-01-31")
    assert bool(apcm(tmp_path, month=month, enrollments=rows, consents=agreed).get("lines")) is billed


@pytest.mark.parametrize("status", ["cancelled"])
def test_an_enrollment_that_is_none(tmp_path: Path, status: str) -> None:
    """The issue: enrollment in force; of what began, dates decide over the status (issue 3)."""
    said = apcm(tmp_path, enrollments=ENROLLED.replace("active", status))
    assert said.get("lines", []) == []


@pytest.mark.parametrize("status", ["planned", "waitlist", "onhold"])
def test_a_status_that_contradicts_the_dates_is_told(tmp_path: Path, status: str) -> None:
    """Contradicting rows: dates decide, and it is told."""
    said = apcm(tmp_path, enrollments=ENROLLED.replace("active", status))
    assert codes(said) == {"G0557": 1}
    assert "enrollment-status" in rules(said, "warnings")


def test_before_its_codes_began(tmp_path: Path) -> None:
    """1c: codes have a first day; the codes began in 2025."""
    rows = ENROLLED.replace("2026-01-05", "2024-01-05")
    agreed = AGREED.replace("2026-01-05", "2024-01-05")
    visit = VISIT.replace("2025-11-10", "2023-11-10")
    for month, then in (("2024-12", {}), ("2025-01", {"G0557": 1})):
        said = apcm(tmp_path, month=month, enrollments=rows, consents=agreed, visits=visit)
        assert codes(said) == then, month
        assert bool(said["blocked"]) is not bool(then)


def test_consent(tmp_path: Path) -> None:
    """4: written or verbal, once; a revocation takes effect at the month's end."""
    assert rules(apcm(tmp_path, consents="")) == {"consent"}
    assert rules(apcm(tmp_path, consents=AGREED.replace("accepted", "declined"))) == {"consent"}
    assert rules(apcm(tmp_path, consents=AGREED.replace("M1,APCM", "M1,CCM"))) == {"consent"}
    assert codes(apcm(tmp_path, consents=AGREED.replace("verbal", "written"))) == {"G0557": 1}
    assert codes(apcm(tmp_path, consents=AGREED.replace("2026-01-05", "2026-10-31"))) == {"G0557": 1}
    assert rules(apcm(tmp_path, consents=AGREED.replace("2026-01-05", "2026-11-01"))) == {"consent"}
    for end in ("2026-10-31", ""):
        revoked = f"{AGREED}\nM1,APCM,revoked,2026-10-12,verbal,ben,{end}"
        assert codes(apcm(tmp_path, consents=revoked)) == {"G0557": 1}
        assert codes(apcm(tmp_path, consents=revoked, month="2026-11")) == {}


@pytest.mark.parametrize(
    ("visit", "blocked"),
    [
        ("2023-01-05", False),  # three years to the day
        ("2023-01-04", True),
        ("2019-05-05", True),
        ("2026-01-05", False),
    ],
)
def test_seen_within_three_years(tmp_path: Path, visit: str, blocked: bool) -> None:
    """1c and 7: initiating visit if new or not seen in 3 years (CCM: 1 year); it need not be discussed."""
    said = apcm(tmp_path, visits=VISIT.replace("2025-11-10", visit))
    assert codes(said) == ({} if blocked else {"G0557": 1})
    assert bool(said["blocked"]) is blocked


@pytest.mark.parametrize("kind", ["em", "awv", "ippe", "tcm"])
def test_visits_that_can_begin_it(tmp_path: Path, kind: str) -> None:
    """7: AWV can serve."""
    said = apcm(tmp_path, visits=f"mrn,date,practitioner,kind\nM1,2025-11-10,levin,{kind}")
    assert codes(said) == {"G0557": 1}


def test_no_visit_is_known(tmp_path: Path) -> None:
    """The issue: the initiating visit warns when nothing at all is known."""
    said = apcm(tmp_path, visits="")
    assert codes(said) == {"G0557": 1}
    assert "visit" in says(said, "warnings")


def test_no_minutes_are_asked_for_and_none_are_billed(tmp_path: Path) -> None:
    """1c: no minutes."""
    said = apcm(tmp_path, time_entries=f"{TIME}\nM1,ben,2026-10-06T10:00,95,APCM,call")
    assert codes(said) == {"G0557": 1}
    assert said["minutes"] == {"APCM": {"staff": 95, "practitioner": 0}}


def test_another_payer(tmp_path: Path) -> None:
    """The issue: "check with payer", never as blocked or billable."""
    said = apcm(tmp_path, patients="mrn,payer,qmb,billing_practitioner\nM1,Medicare Advantage,0,levin")
    assert (said["lines"], said["blocked"]) == ([], [])
    assert "payer" in says(said, "warnings")


def test_who_may_not_bill(tmp_path: Path) -> None:
    """1h: who may bill."""
    said = apcm(tmp_path, enrollments=ENROLLED.replace("levin", "ben"))
    assert said["lines"] == []
    assert said["blocked"]


# -- one practitioner, and what is bundled


@pytest.mark.parametrize("code", ["G0556", "G0557", "G0558", "g0557"])
def test_another_practice_bills_apcm(tmp_path: Path, code: str) -> None:
    """3: APCM by two practitioners, M: no."""
    row = "mrn,code,from,to,practitioner,ours\nM1,{},{},,{},0"
    said = apcm(tmp_path, services=row.format(code, "2026-10-31", "Dr. Other"))
    assert said["lines"] == []
    assert code.upper() in says(said)
    assert codes(apcm(tmp_path, services=row.format(code, "2026-09-30", "Dr. Other"))) == {"G0557": 1}
    assert codes(apcm(tmp_path, services=row.format(code, "2026-10-31", ""))) == {}


BUNDLED = [
    "99446", "99447", "99448", "99449", "99451", "99452", "G2250", "G2251", "G2252", "99421", "99422", "99423",
    "98970", "98971", "98972",
]  # fmt: skip


@pytest.mark.parametrize("code", [*BUNDLED, "99490", "99487", "99491", "99424", "99426", "99495", "99496"])
def test_what_apcm_already_holds(tmp_path: Path, code: str) -> None:
    """3: APCM + CCM/PCM/TCM (same practitioner), and + the bundled codes: no. By another practitioner: yes."""
    row = "mrn,code,from,practitioner,ours\nM1,{},2026-10-08,{},{}"
    said = apcm(tmp_path, services=row.format(code, "levin", "1"))
    assert said["lines"] == []
    assert code in says(said)
    assert codes(apcm(tmp_path, services=row.format(code, "Dr. Other", "0"))) == {"G0557": 1}
    assert codes(apcm(tmp_path, services=row.format(code, "cho", "1"))) == {"G0557": 1}


@pytest.mark.parametrize("code", ["99450", "99453", "99424-"[:5] + "9", "99213", "G0019", "G0023", "99454"])
def test_what_stands_beside_apcm(tmp_path: Path, code: str) -> None:
    """3: APCM + CHI or PIN: yes; nothing else is named."""
    row = f"mrn,code,from,practitioner,ours\nM1,{code},2026-10-08,levin,1"
    assert codes(apcm(tmp_path, services=row)) == {"G0557": 1}


def test_a_bundled_service_by_who_knows_whom(tmp_path: Path) -> None:
    """Absent is not "no": the row names nobody; the code is named, one way or the other."""
    row = "mrn,code,from\nM1,99421,2026-10-08"
    said = apcm(tmp_path, services=row)
    assert "99421" in says(said) + says(said, "warnings")
    row = "mrn,code,from,ours\nM1,99421,2026-10-08,1"
    said = apcm(tmp_path, services=row)
    assert "99421" in says(said) + says(said, "warnings")


# -- the add-ons of 2026

BOTH = "{}\nM1,{},active,{},,{}"


def with_behavioral(
    folder: Path, program: str, *, who: str = "levin", start: str = "2026-09-02", **more: Any
) -> Said:
    """APCM, and a behavioral program beside it."""
    start = more.pop("start", start)
    files = {
        "enrollments": BOTH.format(ENROLLED, program, start, who),
        "consents": f"{AGREED}\nM1,{program},accepted,{start},verbal,ben,",
        "conditions": f"{DIABETES}\n{FAILURE}\nM1,icd-10-cm,F33.1,Depression,1,2020,",
    }
    return apcm(folder, **{**files, **more})


@pytest.mark.parametrize(
    ("program", "start", "code"),
    [
        ("COCM", "2026-10-01", "G0568"),
        ("COCM", "2026-10-31", "G0568"),
        ("COCM", "2026-09-30", "G0569"),
        ("BHI", "2026-09-02", "G0570"),
        ("BHI", "2026-10-02", "G0570"),
    ],
)
def test_the_behavioral_add_ons(tmp_path: Path, program: str, start: str, code: str) -> None:
    """1c: G0568/G0569/G0570: CoCM first month, later month, general BHI; untimed, once a month."""
    said = with_behavioral(tmp_path, program, start=start)
    assert codes(said) == {"G0557": 1, code: 1}
    line = said["lines"][1]
    assert (line["practitioner"], line["date_of_service"], line["units"]) == ("levin", "2026-10-31", 1)
    assert said["blocked"] == []


@pytest.mark.parametrize(
    ("month", "then"), [("2025-12", {"G0557": 1}), ("2026-01", {"G0557": 1, "G0570": 1})]
)
def test_the_add_ons_begin_in_2026(tmp_path: Path, month: str, then: dict[str, int]) -> None:
    """1c: from 2026-01-01; before, without minutes, there is nothing."""
    rows = BOTH.format(ENROLLED, "BHI", "2025-06-01", "levin").replace("2026-01-05", "2025-06-01")
    agreed = "mrn,program,decision,date\nM1,APCM,accepted,2025-06-01\nM1,BHI,accepted,2025-06-01"
    visit = VISIT.replace("2025-11-10", "2025-05-01")
    said = with_behavioral(tmp_path, "BHI", month=month, enrollments=rows, consents=agreed, visits=visit)
    assert codes(said) == then


def test_before_2026_the_timed_code_stands_beside_apcm(tmp_path: Path) -> None:
    """1b, 1c: in 2025 there is no add-on, and 99484 has its 20 minutes."""
    rows = BOTH.format(ENROLLED, "BHI", "2025-06-01", "levin").replace("2026-01-05", "2025-06-01")
    agreed = "mrn,program,decision,date\nM1,APCM,accepted,2025-06-01\nM1,BHI,accepted,2025-06-01"
    said = with_behavioral(
        tmp_path, "BHI", month="2025-12", enrollments=rows, consents=agreed,
        visits=VISIT.replace("2025-11-10", "2025-05-01"),
        time_entries=f"{TIME}\nM1,ben,2025-12-03T10:00,20,BHI,call",
    )  # fmt: skip
    assert codes(said) == {"G0557": 1, "99484": 1}


@pytest.mark.parametrize(
    ("program", "minutes", "mirror", "add_on"),
    [("BHI", 25, "99484", "G0570"), ("COCM", 60, "99493", "G0569")],
)
def test_never_both_mirrors(tmp_path: Path, program: str, minutes: int, mirror: str, add_on: str) -> None:
    """3: APCM + the mirror code instead: unsettled; either/or, never both, flag for review."""
    entry = f"{TIME}\nM1,ben,2026-10-06T10:00,{minutes},{program},call"
    said = with_behavioral(tmp_path, program, time_entries=entry)
    both = {add_on: 1}, {mirror: 1}
    assert len(said["lines"]) == 2
    assert codes(said)["G0557"] == 1
    billed = {code: n for code, n in codes(said).items() if code != "G0557"}
    assert billed in both
    assert next(one for one in both if one != billed) in others(said)


def test_the_add_on_is_the_same_practitioners(tmp_path: Path) -> None:
    """3: G0568-G0570 without same-practitioner APCM that month: no."""
    entry = f"{TIME}\nM1,ben,2026-10-06T10:00,20,BHI,call"
    assert codes(with_behavioral(tmp_path, "BHI", who="cho", time_entries=entry)) == {"G0557": 1, "99484": 1}
    assert codes(with_behavioral(tmp_path, "BHI", who="cho")) == {"G0557": 1}


def test_no_add_on_without_apcm(tmp_path: Path) -> None:
    """3: without APCM that month the timed code is what there is."""
    agreed = "mrn,program,decision,date\nM1,BHI,accepted,2026-01-05"
    entry = f"{TIME}\nM1,ben,2026-10-06T10:00,20,BHI,call"
    said = with_behavioral(tmp_path, "BHI", consents=agreed, time_entries=entry)
    assert codes(said) == {"99484": 1}
    assert rules(said, program="APCM") == {"consent"}
    assert codes(with_behavioral(tmp_path, "BHI", consents=agreed)) == {}


def test_the_add_on_needs_its_own_consent(tmp_path: Path) -> None:
    """4: advance consent to BHI/CoCM."""
    said = with_behavioral(tmp_path, "BHI", consents=AGREED)
    assert codes(said) == {"G0557": 1}
    assert "consent" in rules(said, program="BHI")


def test_the_order_of_preference_takes_no_add_on_away(tmp_path: Path) -> None:
    """1c and the issue: APCM and BHI do not exclude each other: the setting decides nothing between them."""
    order = "BHI COCM TCM APCM CCM PCM CHI PIN RPM"
    assert codes(with_behavioral(tmp_path, "BHI", prefer_program=order)) == {"G0557": 1, "G0570": 1}
    order = "COCM BHI CCM PCM APCM TCM CHI PIN RPM"
    assert codes(with_behavioral(tmp_path, "COCM", prefer_program=order)) == {"G0557": 1, "G0569": 1}


def test_both_behavioral_add_ons_are_told(tmp_path: Path) -> None:
    """1c, 3: nothing was found on general BHI beside CoCM as add-ons: the program warns and says so."""
    rows = f"{BOTH.format(ENROLLED, 'BHI', '2026-09-02', 'levin')}\nM1,COCM,active,2026-09-02,,levin"
    agreed = f"{AGREED}\nM1,BHI,accepted,2026-09-02,verbal,ben,\nM1,COCM,accepted,2026-09-02,verbal,ben,"
    said = with_behavioral(tmp_path, "BHI", enrollments=rows, consents=agreed)
    assert codes(said).keys() >= {"G0557", "G0569"}
    assert "G0570" in says(said, "warnings")


@pytest.mark.parametrize(("code", "program"), [("99484", "BHI"), ("99493", "COCM")])
def test_the_mirror_was_billed_already(tmp_path: Path, code: str, program: str) -> None:
    """1c: never with the mirror code 99492 / 99493 / 99484."""
    row = f"mrn,code,from,practitioner,ours\nM1,{code},2026-10-31,levin,1"
    said = with_behavioral(tmp_path, program, services=row)
    assert codes(said) == {"G0557": 1}
    assert code in says(said)
