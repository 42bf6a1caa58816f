"""What is not paid beside what: every row of section 3 of billing-rules, within our own clinic and beside others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenarios.folder import Said, bills, codes, judged, others, rules, says

PATIENT = "mrn,payer,mbi,qmb,billing_practitioner\nM1,Medicare,1EG4TE5MK73,0,levin"
CONDITIONS = """mrn,system,code,display,chronic
M1,icd-10-cm,E11.9,Type 2 diabetes,1
M1,icd-10-cm,F33.1,Depression,1
M1,icd-10-cm,I50.32,Heart failure,1"""
VISITS = """mrn,date,practitioner,kind,care_management_discussed,mdm
M1,2025-03-02,levin,em,1,
M1,2025-12-10,levin,em,1,
M1,2025-03-02,cho,em,1,
M1,2025-12-10,cho,em,1,"""
TIME = "mrn,staff,start,minutes,program,activity"
SERVICE = "mrn,code,from,to,practitioner,ours"
START = "2026-01-05"


def enrolled(
    folder: Path, *programs: str, time: tuple[str, ...] = (), month: str = "2026-10", **more: Any
) -> Said:
    """A month of M1, enrolled in programs with consent and plan ("PCM=cho": by another practitioner than levin).
    `time` are entries as "ben 06T10:00 25 CCM"."""
    pairs = [each.partition("=")[::2] for each in programs]
    files = {
        "patients": PATIENT,
        "conditions": CONDITIONS,
        "visits": VISITS,
        "enrollments": "mrn,program,status,start,practitioner\n"
        + "\n".join(f"M1,{program},active,{START},{who or 'levin'}" for program, who in pairs),
        "consents": "mrn,program,decision,date\n"
        + "\n".join(f"M1,{program},accepted,{START}" for program, _ in pairs),
        "plans": "mrn,program,made_on,made_by,given_on\n"
        + "\n".join(f"M1,{program},2026-01-06,levin,2026-01-07" for program, _ in pairs),
    }
    if time:
        rows = (each.split() for each in time)
        files["time_entries"] = f"{TIME}\n" + "\n".join(
            f"M1,{who},2026-10-{start},{minutes},{program},call" for who, start, minutes, program in rows
        )
    settings = {name: more.pop(name) for name in ("prefer_program", "prefer_family") if name in more}
    if "services" in more:
        more["services"] = f"{SERVICE}\n{more['services']}"
    files |= more
    return judged(folder, {name: text for name, text in files.items() if text}, month, **settings)


def first(*programs: str) -> str:
    """The default order with these first."""
    order = ["TCM", "APCM", "CCM", "PCM", "COCM", "BHI", "CHI", "PIN", "RPM"]
    return " ".join([*programs, *(each for each in order if each not in programs)])


TRANSITION: dict[str, Any] = {
    "stays": "mrn,kind,admitted,discharged,discharged_to,medications_reconciled_on\n"
    "M1,inpatient,2026-10-01,2026-10-05,home,2026-10-06",
    "contacts": "mrn,staff,at,mode,outcome,with_whom\nM1,ben,2026-10-06T10:00,phone,reached,patient",
    "visits": f"{VISITS}\nM1,2026-10-09,levin,tcm,,high",
}
CALL = "ben 20T10:00 25 CCM"


# -- CCM beside services that were billed


@pytest.mark.parametrize("code", ["99490", "99439", "99487", "99489", "99491", "99437"])
def test_another_practice_bills_ccm(tmp_path: Path, code: str) -> None:
    """3: CCM by two practitioners, M: one paid only (P)."""
    said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,{code},2026-10-31,,Dr. Other,0")
    assert said["lines"] == []
    assert "exclusion" in rules(said, program="CCM")
    assert code in says(said)
    assert said["blocked"][0]["source"]


@pytest.mark.parametrize(
    ("span", "blocked"),
    [
        ("2026-10-01,", True),
        ("2026-10-31,", True),
        ("2026-09-30,", False),
        ("2026-11-01,", False),
        ("2026-09-15,2026-10-01", True),
        ("2026-10-31,2026-11-15", True),
        ("2026-01-01,2026-12-31", True),
        ("2026-09-01,2026-09-30", False),
    ],
)
def test_the_months_of_a_service(tmp_path: Path, span: str, blocked: bool) -> None:
    """3, scope M: calendar month; a service lasts from its first to its last day."""
    said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,99490,{span},Dr. Other,0")
    assert codes(said) == ({} if blocked else {"99490": 1})


def test_another_practitioner_of_ours_billed_ccm(tmp_path: Path) -> None:
    """3: one practitioner only, in our clinic too."""
    said = enrolled(tmp_path, "CCM", time=(CALL,), services="M1,99490,2026-10-31,,cho,1")
    assert said["lines"] == []
    assert "99490" in says(said)


@pytest.mark.parametrize(
    "row", ["M1,99490,2026-10-31,,,0", "M1,99490,2026-10-31,,,", "M1,99490,2026-10-31,,Dr. Other,"]
)
def test_nobody_is_named(tmp_path: Path, row: str) -> None:
    """A service that is not ours is another practice's, with or without a name."""
    said = enrolled(tmp_path, "CCM", time=(CALL,), services=row)
    assert said["lines"] == []
    assert "99490" in says(said)


@pytest.mark.parametrize("code", ["G0181", "G0182", "g0181", "90951", "90960", "90970", "90966"])
@pytest.mark.parametrize("who", ["levin,1", "Dr. Other,0", ",0", ","])
def test_oversight_and_renal_care_exclude_ccm(tmp_path: Path, code: str, who: str) -> None:
    """3: CCM + G0181, G0182, ESRD 90951-90970, M: no; the table asks for no same practitioner."""
    said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,{code},2026-10-12,,{who}")
    assert said["lines"] == []
    assert code.upper() in says(said)


@pytest.mark.parametrize("code", ["90950", "90971", "G0180", "G0183", "99213", "99497", "90989"])
def test_their_neighbours_do_not(tmp_path: Path, code: str) -> None:
    """3: only what is listed."""
    said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,{code},2026-10-12,,levin,1")
    assert codes(said) == {"99490": 1}
    assert code not in says(said, "warnings")


@pytest.mark.parametrize("code", ["G0181", "90960"])
def test_oversight_is_of_its_month(tmp_path: Path, code: str) -> None:
    """3, scope M."""
    said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,{code},2026-09-12,2026-09-30,Dr. Other,0")
    assert codes(said) == {"99490": 1}
    said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,{code},2026-09-12,2026-10-02,Dr. Other,0")
    assert codes(said) == {}


def test_oversight_does_not_touch_other_programs(tmp_path: Path) -> None:
    """3: the rows name CCM; PCM, BHI and RPM are not in them."""
    said = enrolled(
        tmp_path, "PCM", "BHI", time=("ben 20T10:00 30 PCM", "ben 21T10:00 20 BHI"),
        services="M1,G0181,2026-10-12,,Dr. Other,0",
    )  # fmt: skip
    assert codes(said) == {"99426": 1, "99484": 1}


@pytest.mark.parametrize("code", ["99490", "99426", "99495", "G0557", "99454", "99484", "G0019", "99213"])
def test_what_was_billed_to_somebody_else(tmp_path: Path, code: str) -> None:
    """3, scope: same patient."""
    patients = f"{PATIENT}\nM2,Medicare,1EG4TE5MK74,0,levin"
    said = enrolled(
        tmp_path, "CCM", time=(CALL,), patients=patients, services=f"M2,{code},2026-10-12,,Dr. Other,0"
    )
    assert codes(said) == {"99490": 1}


def test_our_own_line_that_was_billed_is_not_billed_again(tmp_path: Path) -> None:
    """8, OIG: billed more than once, same patient and period."""
    said = enrolled(tmp_path, "CCM", time=(CALL,), services="M1,99490,2026-10-31,,levin,1")
    assert said["lines"] == []
    assert "99490" in says(said)


# -- families within CCM and PCM


def test_one_family_of_ccm(tmp_path: Path) -> None:
    """3: 99490 + 99487, + 99491, 99487 + 99491: no. One bills, the others are alternatives."""
    time = ("ben 06T10:00 60 CCM", "levin 07T10:00 30 CCM")
    complexity = "mrn,month,program,practitioner,mdm\nM1,2026-10,CCM,levin,moderate"
    said = enrolled(tmp_path, "CCM", time=time, complexity=complexity)
    assert codes(said) == {"99487": 1, "99489": 1}
    assert {"99491": 1} in others(said)
    assert codes(enrolled(tmp_path, "CCM", time=time)) == {"99491": 1}
    said = enrolled(
        tmp_path, "CCM", time=time, prefer_family="staff complex practitioner", complexity=complexity
    )
    assert codes(said) == {"99490": 1, "99439": 2}


@pytest.mark.parametrize(("ours", "time"), [("99487", 25), ("99491", 25)])
def test_another_family_was_billed_already(tmp_path: Path, ours: str, time: int) -> None:
    """3: the same pairs against what we have billed."""
    said = enrolled(
        tmp_path, "CCM", time=(f"ben 06T10:00 {time} CCM",), services=f"M1,{ours},2026-10-31,,levin,1"
    )
    assert said["lines"] == []
    assert ours in says(said)


def test_one_family_of_pcm(tmp_path: Path) -> None:
    """3: 99424 + 99426, M: no."""
    said = enrolled(tmp_path, "PCM", time=("ben 06T10:00 30 PCM", "levin 07T10:00 30 PCM"))
    assert len({"99424", "99426"} & set(codes(said))) == 1
    said = enrolled(tmp_path, "PCM", time=("ben 06T10:00 30 PCM",), services="M1,99424,2026-10-31,,levin,1")
    assert said["lines"] == []
    assert "99424" in says(said)


# -- two of our programs


def test_ccm_and_pcm_of_one_practitioner(tmp_path: Path) -> None:
    """3: CCM + PCM, same practitioner: no. The preferred bills, the other is an alternative, a warning says so."""
    time = (CALL, "ben 21T10:00 30 PCM")
    said = enrolled(tmp_path, "CCM", "PCM", time=time)
    assert codes(said) == {"99490": 1}
    assert {"99426": 1} in others(said)
    assert "exclusion" in rules(said, "warnings")
    assert "99490" in says(said, "warnings")
    assert "exclusion" not in rules(said)
    other = enrolled(tmp_path, "CCM", "PCM", time=time, prefer_program=first("PCM"))
    assert codes(other) == {"99426": 1}
    assert {"99490": 1} in others(other)
    assert "99426" in says(other, "warnings")


def test_ccm_and_pcm_of_two_practitioners(tmp_path: Path) -> None:
    """3: CCM + PCM, different practitioners: yes."""
    time = (CALL, "ben 21T10:00 30 PCM")
    said = enrolled(tmp_path, "CCM", "PCM=cho", time=time)
    assert bills(said) == [("99490", 1, "levin", "2026-10-31"), ("99426", 1, "cho", "2026-10-31")]
    assert not [one for one in others(said) if "99490" in one or "99426" in one]
    for code in ("99424", "99426"):
        said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,{code},2026-10-31,,Dr. Heart,0")
        assert codes(said) == {"99490": 1}
    for code in ("99490", "99491", "99487"):
        said = enrolled(tmp_path, "PCM", time=(time[1],), services=f"M1,{code},2026-10-31,,Dr. Home,0")
        assert codes(said) == {"99426": 1}


def test_pcm_was_billed_by_the_same_practitioner(tmp_path: Path) -> None:
    """3: CCM + PCM, same practitioner: no; the name of the row decides, in any case."""
    for who in ("levin", "LEVIN", "Levin"):
        said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,99426,2026-10-31,,{who},1")
        assert said["lines"] == [], who
        assert "99426" in says(said)


def test_the_preferred_does_not_reach_its_minutes(tmp_path: Path) -> None:
    """The issue: never neither: what cannot be billed excludes nothing."""
    said = enrolled(tmp_path, "CCM", "PCM", time=("ben 20T10:00 19 CCM", "ben 21T10:00 30 PCM"))
    assert codes(said) == {"99426": 1}
    said = enrolled(
        tmp_path, "CCM", "PCM", time=(CALL, "ben 21T10:00 30 PCM"),
        services="M1,99490,2026-10-31,,Dr. Other,0",
    )  # fmt: skip
    assert codes(said) == {"99426": 1}


def test_apcm_and_ccm(tmp_path: Path) -> None:
    """3: APCM + CCM, same practitioner: bundled. Default order: APCM; setting: CCM."""
    said = enrolled(tmp_path, "APCM", "CCM", time=(CALL,))
    assert codes(said) == {"G0557": 1}
    assert {"99490": 1} in others(said)
    assert "G0557" in says(said, "warnings")
    said = enrolled(tmp_path, "APCM", "CCM", time=(CALL,), prefer_program=first("CCM"))
    assert codes(said) == {"99490": 1}
    assert {"G0557": 1} in others(said)
    assert "99490" in says(said, "warnings")
    said = enrolled(tmp_path, "APCM", "CCM", prefer_program=first("CCM"))  # no minutes: never neither
    assert codes(said) == {"G0557": 1}


def test_apcm_and_ccm_of_two_practitioners(tmp_path: Path) -> None:
    """3: the pair is of the same practitioner."""
    said = enrolled(tmp_path, "APCM", "CCM=cho", time=(CALL,))
    assert codes(said) == {"G0557": 1, "99490": 1}


def test_apcm_instead_of_ccm_is_shown(tmp_path: Path) -> None:
    """The issue: what else would be reachable goes to alternatives (APCM instead of CCM this month)."""
    assert {"G0557": 1} in others(enrolled(tmp_path, "CCM", time=(CALL,)))


def test_three_programs_of_which_one_bills(tmp_path: Path) -> None:
    """3: APCM + CCM + PCM."""
    said = enrolled(tmp_path, "APCM", "CCM", "PCM", time=(CALL, "ben 21T10:00 30 PCM"))
    assert codes(said) == {"G0557": 1}
    assert {"99490": 1} in others(said)
    assert {"99426": 1} in others(said)


def test_tcm_and_apcm(tmp_path: Path) -> None:
    """3: APCM + TCM (same practitioner): bundled. TCM is preferred, also where it needs no enrollment."""
    said = enrolled(tmp_path, "APCM", **TRANSITION)
    assert codes(said) == {"99496": 1}
    assert {"G0557": 1} in others(said)
    assert "99496" in says(said, "warnings")
    said = enrolled(tmp_path, "APCM", prefer_program=first("APCM"), **TRANSITION)
    assert codes(said) == {"G0557": 1}
    assert {"99496": 1} in others(said)
    assert "G0557" in says(said, "warnings")


def test_tcm_and_apcm_of_two_practitioners(tmp_path: Path) -> None:
    """3: the pair is of the same practitioner."""
    visits = TRANSITION["visits"].replace("2026-10-09,levin", "2026-10-09,cho")
    assert codes(enrolled(tmp_path, "APCM", **{**TRANSITION, "visits": visits})) == {"99496": 1, "G0557": 1}


def test_a_transition_that_cannot_be_billed_excludes_nothing(tmp_path: Path) -> None:
    """The issue: never neither."""
    said = enrolled(tmp_path, "APCM", **{**TRANSITION, "contacts": ""})
    assert codes(said) == {"G0557": 1}
    assert rules(said, program="TCM") == {"tcm-contact"}


def test_apcm_is_excluded_in_the_month_of_the_visit(tmp_path: Path) -> None:
    """3, scope M; the issue: TCM's line belongs to the month of the visit."""
    rows: dict[str, Any] = {
        "stays": "mrn,kind,admitted,discharged,discharged_to,medications_reconciled_on\n"
        "M1,inpatient,2026-10-20,2026-10-28,home,2026-11-03",
        "contacts": "mrn,staff,at,mode,outcome,with_whom\nM1,ben,2026-10-29T10:00,phone,reached,patient",
        "visits": f"{VISITS}\nM1,2026-11-03,levin,tcm,,high",
    }
    assert codes(enrolled(tmp_path, "APCM", **rows)) == {"G0557": 1}
    assert codes(enrolled(tmp_path, "APCM", month="2026-11", **rows)) == {"99496": 1}


def test_who_is_out_does_not_exclude(tmp_path: Path) -> None:
    """3 and the issue: TCM excludes APCM, so APCM excludes no CCM; TCM + CCM: yes since 2020."""
    said = enrolled(tmp_path, "APCM", "CCM", time=(CALL,), **TRANSITION)
    assert codes(said) == {"99496": 1, "99490": 1}
    assert {"G0557": 1} in others(said)


def test_ccm_and_tcm(tmp_path: Path) -> None:
    """3: CCM (any) + TCM: yes since 2020, no minute counted twice."""
    said = enrolled(tmp_path, "CCM", time=(CALL, "ben 06T10:00 15 TCM"), **TRANSITION)
    assert codes(said) == {"99496": 1, "99490": 1}
    assert said["minutes"]["CCM"] == {"staff": 25, "practitioner": 0}
    assert "exclusion" not in rules(said) | rules(said, "warnings")
    complexity = "mrn,month,program,practitioner,mdm\nM1,2026-10,CCM,levin,moderate"
    said = enrolled(tmp_path, "CCM", time=("ben 20T10:00 60 CCM",), complexity=complexity, **TRANSITION)
    assert codes(said) == {"99496": 1, "99487": 1}
    for code in ("99495", "99496"):
        said = enrolled(tmp_path, "CCM", time=(CALL,), services=f"M1,{code},2026-10-09,,levin,1")
        assert codes(said) == {"99490": 1}


def test_tcm_with_renal_care_and_oversight(tmp_path: Path) -> None:
    """3: TCM + ESRD, care-plan oversight, prolonged services: yes since 2020."""
    for code in ("90960", "G0181", "G0182", "99358"):
        said = enrolled(tmp_path, "CCM", **TRANSITION, services=f"M1,{code},2026-10-12,,levin,1")
        assert codes(said) == {"99496": 1}, code


def test_bhi_and_cocm(tmp_path: Path) -> None:
    """3: 99484 + 99492/99493/99494, M: no. CoCM is preferred; BHI bills when CoCM cannot."""
    time = ("ben 06T10:00 60 COCM", "ben 07T10:00 20 BHI")
    said = enrolled(tmp_path, "BHI", "COCM", time=time)
    assert codes(said) == {"99493": 1}
    assert {"99484": 1} in others(said)
    assert "99493" in says(said, "warnings")
    said = enrolled(tmp_path, "BHI", "COCM", time=time, prefer_program=first("BHI"))
    assert codes(said) == {"99484": 1}
    assert {"99493": 1} in others(said)
    said = enrolled(tmp_path, "BHI", "COCM", time=("ben 06T10:00 29 COCM", time[1]))
    assert codes(said) == {"99484": 1}


@pytest.mark.parametrize("who", ["levin,1", "Dr. Other,0", ",0"])
@pytest.mark.parametrize("code", ["99492", "99493", "99494"])
def test_bhi_where_cocm_was_billed(tmp_path: Path, code: str, who: str) -> None:
    """3: 99484 + 99492/99493/99494, M: no; the table asks for no same practitioner."""
    said = enrolled(tmp_path, "BHI", time=("ben 07T10:00 20 BHI",), services=f"M1,{code},2026-10-31,,{who}")
    assert said["lines"] == []
    assert code in says(said)
    said = enrolled(tmp_path, "COCM", time=("ben 07T10:00 60 COCM",), services=f"M1,99484,2026-10-31,,{who}")
    assert said["lines"] == []
    assert "99484" in says(said)


def test_cocm_first_and_later(tmp_path: Path) -> None:
    """3: 99492 + 99493; G2214 + 99492/99493, M: no."""
    for code, minutes in (("99492", 60), ("G2214", 60), ("99493", 30), ("99492", 30)):
        said = enrolled(
            tmp_path,
            "COCM",
            time=(f"ben 07T10:00 {minutes} COCM",),
            services=f"M1,{code},2026-10-31,,levin,1",
        )
        assert said["lines"] == [], code
        assert code in says(said)


@pytest.mark.parametrize(
    ("one", "two", "then"),
    [
        ("CCM 20", "BHI 20", {"99490": 1, "99484": 1}),
        ("CCM 20", "COCM 60", {"99490": 1, "99493": 1}),
        ("CCM 20", "CHI 60", {"99490": 1, "G0019": 1}),
        ("CCM 20", "PIN 60", {"99490": 1, "G0023": 1}),
        ("BHI 20", "CHI 60", {"99484": 1, "G0019": 1}),
        ("APCM 1", "CHI 60", {"G0557": 1, "G0019": 1}),
        ("APCM 1", "PIN 60", {"G0557": 1, "G0023": 1}),
        ("PCM 30", "BHI 20", {"99426": 1, "99484": 1}),
    ],
)
def test_programs_that_go_together(tmp_path: Path, one: str, two: str, then: dict[str, int]) -> None:
    """3: CCM + BHI, CHI/PIN + CCM/BHI, APCM + CHI/PIN: yes, separate minutes."""
    (a, n), (b, m) = one.split(), two.split()
    time = (
        f"{'cora' if a in 'CHI PIN' else 'ben'} 06T10:00 {n} {a}",
        f"{'cora' if b in 'CHI PIN' else 'ben'} 07T10:00 {m} {b}",
    )
    said = enrolled(tmp_path, a, b, time=time, visits=VISITS.replace("2025-12-10", "2026-01-04"))
    assert codes(said) == then, said["blocked"]
    assert "exclusion" not in rules(said) | rules(said, "warnings")


RPM: dict[str, Any] = {
    "device_days": "mrn,from,to,days\nM1,2026-09-20,2026-10-19,18",
    "time_entries": "mrn,staff,start,minutes,program,activity,mode,outcome,with_whom\n"
    "M1,ben,2026-10-06T10:00,20,RPM,call,phone,reached,patient\nM1,ben,2026-10-20T10:00,25,CCM,call,phone,reached,patient",
}


def test_ccm_and_rpm(tmp_path: Path) -> None:
    """3: CCM + RPM: yes, separate minutes."""
    said = enrolled(tmp_path, "CCM", "RPM", **RPM)
    assert {"99490": 1, "99457": 1, "99454": 1}.items() <= codes(said).items()
    assert "exclusion" not in rules(said) | rules(said, "warnings")


@pytest.mark.parametrize("code", ["98975", "98976", "98977", "98980", "98981"])
def test_rpm_and_rtm(tmp_path: Path, code: str) -> None:
    """3: RPM + RTM: no."""
    said = enrolled(tmp_path, "CCM", "RPM", **RPM, services=f"M1,{code},2026-10-12,,Dr. Other,0")
    assert codes(said) == {"99490": 1}
    assert code in says(said)


@pytest.mark.parametrize(("code", "left"), [("99470", "99454"), ("99445", "99457")])
def test_rpm_one_of_two(tmp_path: Path, code: str, left: str) -> None:
    """3: 99457 + 99470, 99454 + 99445: no."""
    said = enrolled(tmp_path, "RPM", **RPM, services=f"M1,{code},2026-10-12,,levin,1")
    assert {"99453", left} >= set(codes(said)) >= {left}
    assert code in says(said)


# -- TCM twice


@pytest.mark.parametrize(
    ("day", "billed"),
    [
        ("2026-10-05", False),
        ("2026-10-06", False),
        ("2026-11-03", False),  # day 30
        ("2026-11-04", True),
        ("2026-09-01", True),
    ],
)
@pytest.mark.parametrize("code", ["99495", "99496"])
def test_another_practice_bills_the_transition(tmp_path: Path, code: str, day: str, billed: bool) -> None:
    """3: TCM by two practitioners, T: one only; T is discharge + 29 days."""
    said = enrolled(tmp_path, "CCM", **TRANSITION, services=f"M1,{code},{day},,Dr. Other,0")
    assert codes(said) == ({"99496": 1} if billed else {})
    assert (code in says(said)) is not billed


def test_our_own_transition_was_billed(tmp_path: Path) -> None:
    """6: once per 30 days."""
    for code, day, who in (
        ("99496", "2026-10-09", "levin"),
        ("99496", "2026-10-09", "cho"),
        ("99496", "2026-10-09", ""),
        ("99495", "2026-10-09", "levin"),
        ("99496", "2026-10-12", "levin"),
        (
            "99496",
            "2026-09-28",
            "levin",
        ),  # for a discharge of which nothing else is known: 14 to 27 September
    ):
        said = enrolled(tmp_path, "CCM", **TRANSITION, services=f"M1,{code},{day},,{who},1")
        assert said["lines"] == [], (code, day, who)
        assert code in says(said)


def test_a_transition_that_was_billed_for_a_discharge_nobody_knows(tmp_path: Path) -> None:
    """3, T: of 15 September: its discharge was 1 to 14, and only since 6 would its 30 days hold 5 October."""
    said = enrolled(tmp_path, "CCM", **TRANSITION, services="M1,99496,2026-09-15,,levin,1")
    assert codes(said) == {"99496": 1}
    assert "99496" in says(said, "warnings")
    assert "2026-09-06" in says(said, "warnings")


def test_the_second_discharge_after_a_service_that_was_billed(tmp_path: Path) -> None:
    """3: second TCM within 30 days of the first discharge: no; the first is known by its stay and its service."""
    for left, billed in (("2026-09-05", True), ("2026-09-06", False), ("2026-09-18", False)):
        stays = f"{TRANSITION['stays']}\nM1,inpatient,2026-09-01,{left},home,"
        row = f"M1,99496,{left[:8]}{int(left[8:]) + 7:02},,levin,1"
        said = enrolled(tmp_path, "CCM", **{**TRANSITION, "stays": stays}, services=row)
        assert codes(said) == ({"99496": 1} if billed else {}), left
        assert ("99496" in says(said)) is not billed


# -- one call, two programs


def test_one_call_logged_to_two_programs(tmp_path: Path) -> None:
    """2 and 3: the same minute never in two programs: the preferred bills, the other is an alternative, it warns."""
    time = ("ben 06T10:00 25 CCM", "ben 06T10:00 25 BHI")
    said = enrolled(tmp_path, "CCM", "BHI", time=time)
    assert codes(said) == {"99490": 1}
    assert {"99484": 1} in others(said)
    assert "overlap" in rules(said, "warnings")
    said = enrolled(tmp_path, "CCM", "BHI", time=time, prefer_program=first("BHI"))
    assert codes(said) == {"99484": 1}
    assert {"99490": 1} in others(said)


def test_the_warning_names_the_program_that_has_the_minutes(tmp_path: Path) -> None:
    """The issue: the other is an alternative, and a warning says so."""
    said = enrolled(tmp_path, "CCM", "BHI", time=("ben 06T10:00 25 CCM", "ben 06T10:00 25 BHI"))
    told = [note for note in said["warnings"] if note["rule"] == "overlap"]
    assert any("CCM" in note["says"] or "99490" in note["says"] for note in told), told


def test_a_call_logged_twice_never_bills_neither(tmp_path: Path) -> None:
    """The issue: never neither: where the preferred cannot bill, the minutes are the other's."""
    time = ("ben 06T10:00 25 CCM", "ben 06T10:00 25 BHI")
    bhi_only = "mrn,program,decision,date\nM1,BHI,accepted,2026-01-05"
    assert codes(enrolled(tmp_path, "CCM", "BHI", time=time, consents=bhi_only)) == {"99484": 1}
    short = ("ben 06T10:00 10 CCM", "ben 06T10:00 25 BHI")
    assert codes(enrolled(tmp_path, "CCM", "BHI", time=short)) == {"99484": 1}


@pytest.mark.parametrize(
    ("start", "minutes", "then"),
    [
        ("10:20", 25, {"99490": 1, "99484": 1}),  # 5 shared, 20 of its own
        ("10:19", 25, {"99490": 1}),  # 6 shared, 19 of its own
        ("10:25", 20, {"99490": 1, "99484": 1}),  # it begins when the other ends
    ],
)
def test_calls_that_overlap(tmp_path: Path, start: str, minutes: int, then: dict[str, int]) -> None:
    """2: the same minute never twice; what is not shared counts."""
    time = ("ben 06T10:00 25 CCM", f"dana 06T{start} {minutes} BHI")
    assert codes(enrolled(tmp_path, "CCM", "BHI", time=time)) == then


def test_shared_minutes_stay_where_they_are_needed(tmp_path: Path) -> None:
    """The issue: the preferred program has the shared minutes, also when it had enough without them."""
    time = ("ben 06T10:00 20 CCM", "ben 07T10:00 20 CCM", "ben 07T10:00 20 BHI")
    said = enrolled(tmp_path, "CCM", "BHI", time=time)
    assert codes(said) == {"99490": 1, "99439": 1}
    assert {"99484": 1} in others(said)


def test_one_call_logged_to_two_programs_that_exclude_each_other(tmp_path: Path) -> None:
    """3 and the issue: the preferred one bills, never neither."""
    time = ("ben 06T10:00 30 CCM", "ben 06T10:00 30 PCM")
    said = enrolled(tmp_path, "CCM", "PCM", time=time)
    assert codes(said) == {"99490": 1}
    assert {"99426": 1} in others(said)
    said = enrolled(tmp_path, "CCM", "PCM", time=time, prefer_program=first("PCM"))
    assert codes(said) == {"99426": 1}
    assert {"99490": 1} in others(said)


def test_a_call_of_the_transition_is_no_ccm(tmp_path: Path) -> None:
    """3: CCM + TCM: no minute counted twice; TCM is preferred."""
    time = ("ben 06T10:00 25 TCM", "ben 06T10:00 25 CCM")
    said = enrolled(tmp_path, "CCM", time=time, **TRANSITION)
    assert codes(said) == {"99496": 1}
    assert {"99490": 1} in others(said)
    assert codes(enrolled(tmp_path, "CCM", time=time)) == {"99490": 1}  # no transition: never neither


def test_effort_for_apcm_counts_once(tmp_path: Path) -> None:
    """3: APCM + CHI or PIN: yes, effort counted once: a call that was logged to both is APCM's."""
    visits = VISITS.replace("2025-12-10", "2026-01-04")
    time = ("cora 06T10:00 60 CHI", "cora 06T10:00 60 APCM")
    said = enrolled(tmp_path, "APCM", "CHI", time=time, visits=visits)
    assert codes(said) == {"G0557": 1}
    assert {"G0019": 1} in others(said)
    assert "overlap" in rules(said, "warnings")
    assert "APCM (G0557)" in says(said, "warnings")


def test_two_staff_in_one_call_count_once(tmp_path: Path) -> None:
    """2: two staff at once: count once."""
    said = enrolled(tmp_path, "CCM", time=("ben 06T10:00 12 CCM", "dana 06T10:00 12 CCM"))
    assert said["lines"] == []
    assert said["minutes"]["CCM"]["staff"] == 12


# -- which names the code, everywhere


def test_every_exclusion_names_its_code_program_and_source(tmp_path: Path) -> None:
    """The issue: a blocked or warned exclusion names the code that causes it; each names its rule and source."""
    said = enrolled(
        tmp_path, "APCM", "CCM", "PCM", time=(CALL, "ben 21T10:00 30 PCM"),
        services="M1,99490,2026-10-31,,Dr. Other,0",
    )  # fmt: skip
    notes = [note for note in said["blocked"] + said["warnings"] if note["rule"] == "exclusion"]
    assert notes
    for note in notes:
        assert note["program"]
        assert note["source"]
        assert any(code in note["says"] for code in ("G0557", "99490", "99426"))
