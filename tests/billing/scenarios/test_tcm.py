"""Transitional care: the rows of section 6 of billing-rules, each as a records folder that somebody wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenarios.folder import YEARS_END, Said, bills, codes, judged, rules, says

PATIENT = "mrn,payer,mbi,billing_practitioner\nM1,Medicare,1EG4TE5MK73,levin"
STAY = "mrn,kind,admitted,discharged,discharged_to,medications_reconciled_on"
CONTACT = "mrn,staff,at,mode,outcome,with_whom"
VISIT = "mrn,date,practitioner,kind,mdm"
REACHED = "M1,ben,2026-10-06T10:00,phone,reached,patient"
HOME = "M1,inpatient,2026-10-01,2026-10-05,home,2026-10-06"
"""Out of hospital on Monday 5 October 2026: contact by Wednesday 7, visit by Monday 12 or 19, window to 3 November."""


def tcm(
    folder: Path,
    *,
    stays: str = HOME,
    contacts: str = REACHED,
    visits: str = "M1,2026-10-09,levin,tcm,high",
    month: str = "2026-10",
    patients: str = PATIENT,
    now: datetime | None = None,
    **more: str,
) -> Said:
    """A transition of M1; rows without their headings."""
    files = {"patients": patients, "stays": f"{STAY}\n{stays}", **more}
    if contacts:
        files["contacts"] = f"{CONTACT}\n{contacts}"
    if visits:
        files["visits"] = f"{VISIT}\n{visits}"
    return judged(folder, files, month, now=now or YEARS_END)


def out(discharged: str, reconciled: str = "") -> str:
    """A hospital stay of a few days before."""
    return f"M1,inpatient,{discharged[:8]}01,{discharged},home,{reconciled or discharged}"


# -- the whole service


def test_the_whole_line_without_enrollment_or_consent(tmp_path: Path) -> None:
    """6, and the issue: TCM needs no enrollment and no consent row; a stay that counts begins it."""
    said = tcm(tmp_path, conditions="mrn,system,code,display,chronic\nM1,icd-10-cm,I50.32,Heart failure,1")
    assert said["lines"] == [
        {
            "code": "99496", "units": 1, "program": "TCM", "practitioner": "levin", "date_of_service": "2026-10-09",
            "place_of_service": "11", "diagnoses": ["I50.32"], "minutes": None,
        }
    ]  # fmt: skip
    assert said["blocked"] == []
    assert not rules(said, "warnings") & {"enrollment", "consent"}


@pytest.mark.parametrize(
    ("date", "mdm", "code"),
    [
        ("2026-10-06", "high", "99496"),
        ("2026-10-11", "high", "99496"),
        ("2026-10-12", "high", "99496"),  # day 7
        ("2026-10-13", "high", "99495"),  # high, but day 8
        ("2026-10-06", "moderate", "99495"),  # early alone is not 99496
        ("2026-10-12", "moderate", "99495"),
        ("2026-10-19", "moderate", "99495"),  # day 14
        ("2026-10-19", "high", "99495"),
    ],
)
def test_day_and_complexity_decide_the_code(tmp_path: Path, date: str, mdm: str, code: str) -> None:
    """1d and 6: visit <= discharge + 7/14; high by day 7 is 99496, else at least moderate 99495; DOS is the visit."""
    said = tcm(tmp_path, visits=f"M1,{date},levin,tcm,{mdm}")
    assert bills(said) == [(code, 1, "levin", date)]
    assert said["blocked"] == []


@pytest.mark.parametrize(
    ("date", "mdm", "warned"),
    [
        ("2026-10-11", "high", False),
        ("2026-10-12", "high", True),
        ("2026-10-12", "moderate", False),  # day 7 is the last of nothing for 99495
        ("2026-10-13", "high", False),
        ("2026-10-18", "moderate", False),
        ("2026-10-19", "moderate", True),
    ],
)
def test_the_last_day_is_warned_of(tmp_path: Path, date: str, mdm: str, warned: bool) -> None:
    """6, visit day count (S / D): whether discharge is day 0 or 1 is not stated. Warn on the last day."""
    said = tcm(tmp_path, visits=f"M1,{date},levin,tcm,{mdm}")
    assert ("tcm-last-day" in rules(said, "warnings")) is warned, said["warnings"]


@pytest.mark.parametrize("date", ["2026-10-20", "2026-10-31"])
def test_a_visit_after_day_14_is_too_late(tmp_path: Path, date: str) -> None:
    """6: within 14 calendar days."""
    said = tcm(tmp_path, visits=f"M1,{date},levin,tcm,high")
    assert said["lines"] == []
    assert rules(said, program="TCM") == {"tcm-visit"}
    assert "2026-10-19" in says(said)


@pytest.mark.parametrize("mdm", ["low", "straightforward"])
def test_low_complexity_is_an_office_visit(tmp_path: Path, mdm: str) -> None:
    """6: low MDM: no TCM; bill the E/M."""
    said = tcm(tmp_path, visits=f"M1,2026-10-09,levin,tcm,{mdm}")
    assert said["lines"] == []
    assert len(said["blocked"]) == 1
    assert mdm in says(said) or "moderate" in says(said)


def test_complexity_that_nobody_wrote_down_blocks(tmp_path: Path) -> None:
    """The issue: MDM blocks when absent."""
    said = tcm(tmp_path, visits="M1,2026-10-09,levin,tcm,")
    assert said["lines"] == []
    assert len(said["blocked"]) == 1


def test_a_month_before_and_after_the_rules(tmp_path: Path) -> None:
    """The issue: tables cover 2022-01 to 2026-12; a later month refuses lines."""
    for year, month in (("2021", "2021-12"), ("2027", "2027-01")):
        said = tcm(
            tmp_path,
            stays=f"M1,inpatient,{month}-01,{month}-06,home,{month}-07",
            contacts=f"M1,ben,{month}-07T10:00,phone,reached,patient",
            visits=f"M1,{month}-09,levin,tcm,high",
            month=month,
            now=datetime(2027, 2, 10, 16, tzinfo=UTC),
        )
        assert said["lines"] == []
        assert year in says(said) + says(said, "warnings")
    said = tcm(
        tmp_path,
        stays="M1,inpatient,2022-01-01,2022-01-06,home,2022-01-07",
        contacts="M1,ben,2022-01-07T10:00,phone,reached,patient",
        visits="M1,2022-01-10,levin,tcm,moderate",
        month="2022-01",
    )
    assert codes(said) == {"99495": 1}


# -- where from and where to


@pytest.mark.parametrize(
    "kind", ["inpatient", "psychiatric", "rehab", "ltch", "snf", "observation", "partial"]
)
def test_stays_that_count(tmp_path: Path, kind: str) -> None:
    """6, discharge from (P): inpatient acute, psychiatric, rehab, LTCH, SNF, observation, partial hospitalisation."""
    said = tcm(tmp_path, stays=HOME.replace("inpatient", kind))
    assert codes(said) == {"99496": 1}
    assert said["blocked"] == []


def test_an_emergency_visit_begins_nothing(tmp_path: Path) -> None:
    """6, not: ED treat-and-release."""
    said = tcm(tmp_path, stays=HOME.replace("inpatient", "ed"))
    assert said["lines"] == []


@pytest.mark.parametrize("place", ["home", "assisted-living", "nursing-facility"])
def test_places_that_count(tmp_path: Path, place: str) -> None:
    """6, discharge to: home, domiciliary, rest home, assisted living; nursing home (non-skilled)."""
    said = tcm(tmp_path, stays=HOME.replace("home", place))
    assert codes(said) == {"99496": 1}
    assert said["blocked"] == []


@pytest.mark.parametrize("place", ["snf", "hospital", "hospice", "died"])
def test_places_that_do_not_count(tmp_path: Path, place: str) -> None:
    """6, not: discharge to a SNF; and what is none of the places that are listed."""
    said = tcm(tmp_path, stays=HOME.replace("home", place))
    assert said["lines"] == []


def test_where_to_is_not_known(tmp_path: Path) -> None:
    """The issue: absent is not "no"; it warns."""
    said = tcm(tmp_path, stays="M1,inpatient,2026-10-01,2026-10-05,,2026-10-06")
    assert codes(said) == {"99496": 1}
    assert "tcm-destination" in rules(said, "warnings")


def test_elsewhere_is_none_of_the_places(tmp_path: Path) -> None:
    """6: the list of places is closed, "elsewhere" is not in it: never silently billed."""
    said = tcm(tmp_path, stays=HOME.replace("home", "other"))
    assert said["lines"] == [] or "elsewhere" in says(said, "warnings")


def test_the_nursing_stay_after_the_hospital_is_what_counts(tmp_path: Path) -> None:
    """6: hospital to SNF is none; SNF to home is one, counted from its own discharge."""
    stays = """M1,inpatient,2026-09-20,2026-09-25,snf,
M1,snf,2026-09-25,2026-10-05,home,2026-10-06"""
    said = tcm(tmp_path, stays=stays)
    assert bills(said) == [("99496", 1, "levin", "2026-10-09")]
    assert said["blocked"] == []


def test_observation_that_became_a_stay_is_one_transition(tmp_path: Path) -> None:
    """6: one practitioner, once per 30 days."""
    stays = f"M1,observation,2026-09-30,2026-10-01,hospital,\n{HOME}"
    assert bills(tcm(tmp_path, stays=stays)) == [("99496", 1, "levin", "2026-10-09")]
    for reconciled in ("2026-10-06", ""):
        stays = f"M1,observation,2026-10-01,2026-10-05,home,{reconciled}\n{HOME}"
        said = tcm(tmp_path, stays=stays)
        assert bills(said) == [("99496", 1, "levin", "2026-10-09")]
        assert said["blocked"] == []


def test_an_emergency_visit_in_the_window_changes_nothing(tmp_path: Path) -> None:
    """6, not: ED treat-and-release."""
    said = tcm(tmp_path, stays=f"{HOME}\nM1,ed,2026-10-08,2026-10-08,home,")
    assert bills(said) == [("99496", 1, "levin", "2026-10-09")]
    assert said["blocked"] == []


def test_a_stay_that_is_not_over_begins_nothing(tmp_path: Path) -> None:
    """6: the discharge is what begins it."""
    said = tcm(tmp_path, stays="M1,inpatient,2026-10-01,,,")
    assert said["lines"] == []


# -- two business days


@pytest.mark.parametrize(
    ("discharged", "last", "late"),
    [
        pytest.param("2026-10-05", "2026-10-07", "2026-10-08", id="Monday to Wednesday"),
        pytest.param("2026-10-08", "2026-10-13", "2026-10-14", id="Thursday, Friday, Columbus Day, Tuesday"),
        pytest.param("2026-10-09", "2026-10-14", "2026-10-15", id="Friday before a Monday holiday to Wednesday"),
        pytest.param("2026-10-16", "2026-10-20", "2026-10-21", id="Friday to Tuesday"),
        pytest.param("2026-10-17", "2026-10-20", "2026-10-21", id="Saturday to Tuesday"),
        pytest.param("2026-10-18", "2026-10-20", "2026-10-21", id="Sunday to Tuesday"),
        pytest.param("2026-11-09", "2026-11-12", "2026-11-13", id="Veterans Day"),
        pytest.param("2026-11-24", "2026-11-27", "2026-11-28", id="Thanksgiving; the day after is a business day"),
        pytest.param("2026-07-01", "2026-07-06", "2026-07-07", id="Independence Day, observed on Friday 3"),
        pytest.param("2026-06-17", "2026-06-22", "2026-06-23", id="Juneteenth on a Friday"),
        pytest.param("2026-01-15", "2026-01-20", "2026-01-21", id="Martin Luther King Day"),
        pytest.param("2026-02-13", "2026-02-18", "2026-02-19", id="Washington's Birthday"),
        pytest.param("2026-05-22", "2026-05-27", "2026-05-28", id="Memorial Day"),
        pytest.param("2026-09-04", "2026-09-09", "2026-09-10", id="Labor Day"),
        pytest.param("2025-12-24", "2025-12-29", "2025-12-30", id="Christmas 2025, Thursday"),
    ],
)  # fmt: skip
def test_two_business_days(tmp_path: Path, discharged: str, last: str, late: str) -> None:
    """6, contact, business day, which holidays, count: the day after discharge is the earliest day 1."""
    month = discharged[:7]
    visit = f"M1,{discharged[:8]}{min(int(discharged[8:]) + 7, 30):02},levin,tcm,moderate"
    for day, codes_then in ((last, {"99495": 1}), (late, {})):
        contact = f"M1,ben,{day}T16:30,phone,reached,patient"
        said = tcm(tmp_path, stays=out(discharged), contacts=contact, visits=visit, month=month)
        assert codes(said) == codes_then, day
        assert rules(said) == (set() if codes_then else {"tcm-contact"})
    assert last in says(said)


def test_the_last_minute_of_the_last_day_is_the_clinics(tmp_path: Path) -> None:
    """6: days are the clinic's; written with an offset or in UTC it is the same moment."""
    for at, met in (
        ("2026-10-07T23:59", True),
        ("2026-10-08T04:59Z", True),
        ("2026-10-08T05:00Z", False),
        ("2026-10-08T00:00", False),
        ("2026-10-07", True),
    ):
        said = tcm(tmp_path, contacts=f"M1,ben,{at},phone,reached,patient")
        assert bool(said["lines"]) is met, at


# -- what a contact is


@pytest.mark.parametrize("whom", ["patient", "caregiver"])
@pytest.mark.parametrize("mode", ["phone", "video", "in-person", "email", "portal"])
def test_contacts_that_count(tmp_path: Path, mode: str, whom: str) -> None:
    """6, contact: interactive, with patient/caregiver, phone, email or face-to-face."""
    said = tcm(tmp_path, contacts=f"M1,ben,2026-10-06T10:00,{mode},reached,{whom}")
    assert codes(said) == {"99496": 1}
    assert said["blocked"] == []


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("M1,ben,2026-10-06T10:00,phone,voicemail,patient", id="voicemail is an attempt"),
        pytest.param("M1,ben,2026-10-06T10:00,phone,no-answer,patient", id="no answer is an attempt"),
        pytest.param("M1,ben,2026-10-06T10:00,letter,reached,patient", id="a letter is not interactive"),
        pytest.param(
            "M1,ben,2026-10-06T10:00,phone,reached,provider", id="not with the patient or caregiver"
        ),
        pytest.param("M1,ben,2026-10-06T10:00,phone,reached,pharmacy", id="not with a pharmacy"),
        pytest.param("M1,ben,2026-10-06T10:00,phone,reached,agency", id="not with an agency"),
        pytest.param("M1,mo,2026-10-06T10:00,phone,reached,patient", id="not by who is not clinical"),
        pytest.param("M1,cora,2026-10-06T10:00,phone,reached,patient", id="a CHW is not clinical staff"),
        pytest.param("M1,ben,2026-10-04T10:00,phone,reached,patient", id="before discharge"),
    ],
)
def test_contacts_that_do_not_count(tmp_path: Path, row: str) -> None:
    """6, contact: by practitioner or clinical staff, interactive, with patient or caregiver, after discharge."""
    said = tcm(tmp_path, contacts=row)
    assert said["lines"] == []
    assert rules(said) == {"tcm-contact"}


@pytest.mark.parametrize("who", ["levin", "cho", "dana", "ben"])
def test_a_practitioner_or_clinical_staff_makes_the_contact(tmp_path: Path, who: str) -> None:
    """6, contact: by practitioner or clinical staff."""
    assert codes(tcm(tmp_path, contacts=f"M1,{who},2026-10-06T10:00,phone,reached,patient")) == {"99496": 1}


def test_a_contact_that_stands_with_the_time(tmp_path: Path) -> None:
    """A hand-written folder has the call in time_entries.csv only."""
    entry = (
        "mrn,staff,start,minutes,program,activity,mode,with_whom,outcome\n"
        "M1,ben,2026-10-06T10:00,12,TCM,transition,phone,patient,reached"
    )
    said = tcm(tmp_path, contacts="", time_entries=entry)
    assert codes(said) == {"99496": 1}
    assert said["minutes"] == {"TCM": {"staff": 12, "practitioner": 0}}


def test_a_call_that_only_made_an_appointment_is_none(tmp_path: Path) -> None:
    """6, contact: more than scheduling. It is neither billed in silence nor taken for a contact."""
    entry = (
        "mrn,staff,start,minutes,program,activity,mode,with_whom,outcome\n"
        "M1,ben,2026-10-06T10:00,3,TCM,scheduling,phone,patient,reached"
    )
    said = tcm(tmp_path, contacts="", time_entries=entry)
    assert said["lines"] == []
    assert rules(said) == {"tcm-contact"}


def test_a_contact_of_whom_nothing_more_is_written(tmp_path: Path) -> None:
    """A row with only who and when tells of no contact: without an outcome nobody was reached."""
    said = tcm(tmp_path, contacts="M1,ben,2026-10-06T10:00,,,")
    assert said["lines"] == []


def test_no_contact_at_all(tmp_path: Path) -> None:
    """6: a contact, or two attempts."""
    said = tcm(tmp_path, contacts="")
    assert said["lines"] == []
    assert rules(said) == {"tcm-contact"}
    assert "2026-10-07" in says(said)


def test_a_contact_on_the_day_of_discharge(tmp_path: Path) -> None:
    """6, count and "Hospital nurse before discharge": after the discharge it is in time, before it is none."""
    stays = (
        "mrn,kind,admitted,discharged,discharged_at,discharged_to,medications_reconciled_on\nM1,inpatient,"
    )
    stays += "2026-10-01,2026-10-05,2026-10-05T11:00,home,2026-10-05"
    for hour, met in (("10:00", False), ("15:00", True)):
        files = {
            "patients": PATIENT,
            "stays": stays,
            "contacts": f"{CONTACT}\nM1,ben,2026-10-05T{hour},phone,reached,patient",
            "visits": f"{VISIT}\nM1,2026-10-09,levin,tcm,high",
        }
        assert bool(judged(tmp_path, files, "2026-10")["lines"]) is met, hour
    for at in ("2026-10-05T15:00", "2026-10-05"):  # when the patient left is not known: it is told
        said = tcm(tmp_path, contacts=f"M1,ben,{at},phone,reached,patient")
        assert codes(said) == {"99496": 1}
        assert "tcm-contact" in rules(said, "warnings")


def test_how_the_patient_was_reached_is_not_known(tmp_path: Path) -> None:
    """Absent is not "no": reached is reached; that a letter would not do is told."""
    said = tcm(tmp_path, contacts="M1,ben,2026-10-06T10:00,,reached,patient")
    assert codes(said) == {"99496": 1}
    assert "tcm-contact" in rules(said, "warnings")
    said = tcm(tmp_path, contacts="M1,ben,2026-10-06T10:00,phone,reached,")
    assert codes(said) == {"99496": 1}
    assert "tcm-contact" not in rules(said, "warnings")


# -- attempts


@pytest.mark.parametrize(
    ("rows", "billed"),
    [
        pytest.param(["10-06T09:00,phone,voicemail", "10-07T14:00,phone,no-answer"], True, id="two days"),
        pytest.param(["10-06T09:00,phone,voicemail", "10-06T15:00,phone,voicemail"], True, id="two on a day"),
        pytest.param(["10-07T09:00,phone,no-answer", "10-07T16:00,portal,no-answer"], True, id="last day"),
        pytest.param(["10-06T09:00,phone,voicemail"], False, id="one"),
        pytest.param(["10-06T09:00,phone,voicemail", "10-08T09:00,phone,voicemail"], False, id="second late"),
        pytest.param(["10-02T09:00,phone,voicemail", "10-06T09:00,phone,voicemail"], False, id="first before"),
        pytest.param(["10-07T09:00,phone,no-answer", "10-08T09:00,phone,reached"], False, id="reached late"),
        pytest.param(
            ["10-06T09:00,phone,voicemail", "10-07T09:00,phone,no-answer", "10-08T09:00,phone,reached"],
            True,
            id="two, then reached late",
        ),
    ],
)  # fmt: skip
def test_two_separate_timely_attempts_do(tmp_path: Path, rows: list[str], billed: bool) -> None:
    """6, can't reach: billable if 2+ separate timely attempts are documented; voicemail is an attempt."""
    said = tcm(tmp_path, contacts="\n".join(f"M1,ben,2026-{row},patient" for row in rows))
    assert codes(said) == ({"99496": 1} if billed else {})
    assert rules(said) == (set() if billed else {"tcm-contact"})


def test_attempts_at_one_moment_are_one(tmp_path: Path) -> None:
    """6: separate attempts."""
    row = "2026-10-06T09:00,phone,voicemail,patient"
    assert tcm(tmp_path, contacts=f"M1,ben,{row}\nM1,dana,{row}")["lines"] == []


def test_attempts_to_reach_others_are_none(tmp_path: Path) -> None:
    """6: attempts to reach the patient or caregiver."""
    rows = "M1,ben,2026-10-06T09:00,phone,voicemail,pharmacy\nM1,ben,2026-10-07T09:00,phone,voicemail,patient"
    assert tcm(tmp_path, contacts=rows)["lines"] == []
    rows = rows.replace("pharmacy", "caregiver")
    assert codes(tcm(tmp_path, contacts=rows)) == {"99496": 1}


def test_attempts_without_a_contact_are_told(tmp_path: Path) -> None:
    """6: keep trying; who bills on attempts is told so."""
    rows = "M1,ben,2026-10-06T09:00,phone,voicemail,patient\nM1,ben,2026-10-07T09:00,phone,voicemail,patient"
    said = tcm(tmp_path, contacts=rows)
    assert "attempt" in says(said, "warnings").lower()


def test_attempts_by_who_is_not_clinical_are_none(tmp_path: Path) -> None:
    """6, contact: by practitioner or clinical staff."""
    rows = "M1,mo,2026-10-06T09:00,phone,voicemail,patient\nM1,mo,2026-10-07T09:00,phone,voicemail,patient"
    assert tcm(tmp_path, contacts=rows)["lines"] == []


def test_a_visit_in_the_two_days_may_serve_as_the_contact(tmp_path: Path) -> None:
    """6, face-to-face in 2 days (S weak): may serve as contact; it is told."""
    said = tcm(tmp_path, contacts="", visits="M1,2026-10-07,levin,tcm,high")
    assert codes(said) == {"99496": 1}
    assert "tcm-contact" in rules(said, "warnings")
    assert any("forum" in note["source"] for note in said["warnings"])
    assert tcm(tmp_path, contacts="", visits="M1,2026-10-08,levin,tcm,high")["lines"] == []


# -- reconciliation


@pytest.mark.parametrize(
    ("reconciled", "billed"),
    [
        ("2026-10-05", True),
        ("2026-10-09", True),  # the day of the visit
        ("2026-10-10", False),
        ("", False),
        ("2026-11", False),
        ("2026-09", True),
    ],
)
def test_medicines_are_reconciled_by_the_visit(tmp_path: Path, reconciled: str, billed: bool) -> None:
    """6, med reconciliation: no later than the visit date."""
    said = tcm(tmp_path, stays=f"M1,inpatient,2026-10-01,2026-10-05,home,{reconciled}")
    assert bool(said["lines"]) is billed
    if not billed:
        assert len(said["blocked"]) == 1
        assert "reconcil" in says(said)


def test_a_month_is_all_that_is_known_of_the_reconciliation(tmp_path: Path) -> None:
    """Absent is not "no": October may be before or after the visit; it is told."""
    said = tcm(tmp_path, stays="M1,inpatient,2026-10-01,2026-10-05,home,2026-10")
    assert "reconcil" in says(said) + says(said, "warnings")


def test_a_reconciliation_before_a_later_visit_counts_for_both(tmp_path: Path) -> None:
    """6: by the visit on which the line stands: the first visit was before it, the second was not."""
    visits = "M1,2026-10-08,levin,tcm,high\nM1,2026-10-12,levin,tcm,high"
    said = tcm(tmp_path, stays="M1,inpatient,2026-10-01,2026-10-05,home,2026-10-10", visits=visits)
    assert bills(said) == [("99496", 1, "levin", "2026-10-12")]


# -- the visit


def test_the_visit_on_the_day_of_discharge_is_not_it(tmp_path: Path) -> None:
    """6: the discharge-day visit can't be the TCM visit."""
    said = tcm(tmp_path, visits="M1,2026-10-05,levin,tcm,high", stays=out("2026-10-05"))
    assert said["lines"] == []
    assert rules(said) == {"tcm-visit"}


def test_a_visit_before_the_discharge_is_not_it(tmp_path: Path) -> None:
    """6: within 7/14 days of discharge, so after it."""
    assert tcm(tmp_path, visits="M1,2026-10-03,levin,em,high")["lines"] == []


def test_no_visit_at_all(tmp_path: Path) -> None:
    """6: face-to-face visit."""
    said = tcm(tmp_path, visits="")
    assert said["lines"] == []
    assert rules(said) == {"tcm-visit"}


def test_an_office_visit_is_no_transition_visit_and_it_is_told(tmp_path: Path) -> None:
    """6, further E/M visits and low MDM: an office visit is one, until somebody says otherwise."""
    said = tcm(tmp_path, visits="M1,2026-10-09,levin,em,high")
    assert said["lines"] == []
    assert rules(said) == {"tcm-visit"}
    assert "office visit of 2026-10-09" in says(said)


def test_the_first_visit_is_the_transition_visit(tmp_path: Path) -> None:
    """6: the first visit is bundled, further E/M visits are billable separately: one line."""
    visits = "M1,2026-10-08,levin,tcm,high\nM1,2026-10-15,levin,em,moderate"
    assert bills(tcm(tmp_path, visits=visits)) == [("99496", 1, "levin", "2026-10-08")]


def test_a_visit_without_complexity_before_one_with(tmp_path: Path) -> None:
    """Never neither: the visit that carries the service bills."""
    for first in ("levin,em,", "levin,tcm,", "ben,tcm,high"):
        visits = f"M1,2026-10-07,{first}\nM1,2026-10-09,levin,tcm,high"
        said = tcm(tmp_path, visits=visits)
        assert bills(said) == [("99496", 1, "levin", "2026-10-09")], first
        assert said["blocked"] == []


def test_two_practitioners_of_ours_give_one_line(tmp_path: Path) -> None:
    """6, number: one practitioner, once per 30 days."""
    visits = "M1,2026-10-08,cho,tcm,high\nM1,2026-10-09,levin,tcm,high"
    assert bills(tcm(tmp_path, visits=visits)) == [("99496", 1, "cho", "2026-10-08")]


def test_who_saw_the_patient_bills(tmp_path: Path) -> None:
    """6: the visit's practitioner; where the row has none, the patient's billing practitioner."""
    assert bills(tcm(tmp_path, visits="M1,2026-10-09,cho,tcm,high"))[0][2] == "cho"
    assert bills(tcm(tmp_path, visits="M1,2026-10-09,,tcm,high"))[0][2] == "levin"
    assert bills(tcm(tmp_path, visits="M1,2026-10-09,LEVIN,tcm,high"))[0][2] == "levin"


def test_a_visit_with_somebody_outside_is_not_ours(tmp_path: Path) -> None:
    """6, number: one practitioner; whom the staff does not know is outside. Theirs is told, ours bills."""
    said = tcm(tmp_path, visits="M1,2026-10-08,Dr. Other,tcm,high")
    assert said["lines"] == []
    assert rules(said) == {"tcm-visit"}
    assert "Dr. Other" in says(said, "warnings")
    said = tcm(tmp_path, visits="M1,2026-10-08,Dr. Other,tcm,high\nM1,2026-10-13,levin,tcm,high")
    assert bills(said) == [("99495", 1, "levin", "2026-10-13")]
    assert "Dr. Other" in says(said, "warnings")


def test_a_clinic_that_has_not_named_its_practitioners(tmp_path: Path) -> None:
    """Absent is not "no": without a staff.csv nobody is known to be outside; it is told."""
    staff = "username,name,credential\nben,Ben Ortiz,LPN"
    said = tcm(tmp_path, staff=staff)
    assert bills(said) == [("99496", 1, "levin", "2026-10-09")]
    assert "practitioner" in rules(said, "warnings")


@pytest.mark.parametrize(
    ("row", "then"),
    [
        ("TCM,levin,high", {"99496": 1}),
        ("TCM,,moderate", {"99495": 1}),
        ("TCM,levin,low", {}),
        ("TCM,ben,high", {}),
        ("CCM,levin,high", {}),
    ],
)
def test_complexity_that_stands_in_its_own_file(tmp_path: Path, row: str, then: dict[str, int]) -> None:
    """1d: the MDM of the transition, by who saw the patient; that of CCM is another."""
    table = f"mrn,month,program,practitioner,mdm\nM1,2026-10,{row}"
    assert codes(tcm(tmp_path, visits="M1,2026-10-09,levin,tcm,", complexity=table)) == then


def test_who_may_not_bill_makes_no_transition_visit(tmp_path: Path) -> None:
    """1h: physician, NP, PA, CNS, CNM may bill."""
    said = tcm(tmp_path, visits="M1,2026-10-09,ben,tcm,high")
    assert said["lines"] == []
    assert said["blocked"]


def test_nobody_is_known_who_bills(tmp_path: Path) -> None:
    """Absent is not "no": the service was given; that the practitioner is missing is told."""
    said = tcm(tmp_path, patients="mrn,payer,mbi\nM1,Medicare,1EG4TE5MK73", visits="M1,2026-10-09,,tcm,high")
    told = rules(said) | rules(said, "warnings")
    assert any("practitioner" in rule or "who" in rule for rule in told), told


# -- the month of the line, the window's end


def test_the_line_belongs_to_the_month_of_the_visit(tmp_path: Path) -> None:
    """6, date of service; the issue: its lines belong to the month of the visit."""
    rows: dict[str, Any] = {
        "stays": "M1,inpatient,2026-10-20,2026-10-28,home,2026-11-04",
        "contacts": "M1,ben,2026-10-30T10:00,phone,reached,patient",
        "visits": "M1,2026-11-04,levin,tcm,high",
    }
    october = tcm(tmp_path, **rows)
    assert (october["lines"], october["blocked"]) == ([], [])
    november = tcm(tmp_path, month="2026-11", **rows)
    assert bills(november) == [("99496", 1, "levin", "2026-11-04")]
    assert november["blocked"] == []
    assert tcm(tmp_path, month="2026-12", **rows).get("lines", []) == []


def test_the_contact_may_be_in_the_next_month_too(tmp_path: Path) -> None:
    """6: the period is 30 days, not a month: Saturday 31 October, contact by Tuesday 3 November."""
    rows: dict[str, Any] = {
        "stays": "M1,inpatient,2026-10-20,2026-10-31,home,2026-11-04",
        "contacts": "M1,ben,2026-11-03T10:00,phone,reached,patient",
        "visits": "M1,2026-11-14,levin,tcm,moderate",
    }
    assert codes(tcm(tmp_path, month="2026-11", **rows)) == {"99495": 1}


def test_over_the_end_of_the_year(tmp_path: Path) -> None:
    """6: New Year's Day is a holiday: out on Wednesday 31 December 2025, contact by Monday 5 January."""
    rows: dict[str, Any] = {
        "stays": "M1,inpatient,2025-12-20,2025-12-31,home,2026-01-05",
        "visits": "M1,2026-01-07,levin,tcm,high",
        "month": "2026-01",
    }
    assert codes(tcm(tmp_path, contacts="M1,ben,2026-01-05T10:00,phone,reached,patient", **rows)) == {
        "99496": 1
    }
    assert codes(tcm(tmp_path, contacts="M1,ben,2026-01-06T10:00,phone,reached,patient", **rows)) == {}


def test_a_visit_that_is_still_to_come_blocks_nothing_finally(tmp_path: Path) -> None:
    """6: by day 14; on day 4 nothing is late, and nothing can be billed."""
    said = tcm(tmp_path, visits="", now=datetime(2026, 10, 8, 16, tzinfo=UTC))
    assert said["lines"] == []


def test_it_may_be_submitted_before_the_window_ends(tmp_path: Path) -> None:
    """6, date of service: the date of the visit; may be submitted then."""
    said = tcm(tmp_path, now=datetime(2026, 10, 10, 16, tzinfo=UTC))
    assert bills(said) == [("99496", 1, "levin", "2026-10-09")]
    assert said["blocked"] == []


# -- death, readmission, a second one


@pytest.mark.parametrize(
    ("died", "billed"),
    [("2026-10-20", False), ("2026-11-02", False), ("2026-11-03", True), ("2026-11-04", True), ("2026-12", True),
     ("2026-10", False)],
)  # fmt: skip
def test_death_before_day_30(tmp_path: Path, died: str, billed: bool) -> None:
    """6: death before day 30: don't bill TCM; day 30 is discharge + 29, 3 November."""
    said = tcm(tmp_path, patients=f"{PATIENT.splitlines()[0]},deceased_on\n{PATIENT.splitlines()[1]},{died}")
    assert bool(said["lines"]) is billed
    if not billed:
        assert "died" in says(said).lower() or "death" in says(said).lower()


@pytest.mark.parametrize("died", ["2026-11", "2026"])
def test_a_death_whose_day_is_not_known_is_told(tmp_path: Path, died: str) -> None:
    """6, death before day 30: it may have been before, or after: never in silence."""
    assert tcm(tmp_path)["warnings"] == []
    said = tcm(tmp_path, patients=f"{PATIENT.splitlines()[0]},deceased_on\n{PATIENT.splitlines()[1]},{died}")
    told = (says(said) + says(said, "warnings")).lower()
    assert "died" in told or "death" in told


def test_a_death_of_which_only_that_is_known(tmp_path: Path) -> None:
    """As above: "deceased" without a day."""
    said = tcm(tmp_path, patients=f"{PATIENT.splitlines()[0]},deceased\n{PATIENT.splitlines()[1]},1")
    assert "deceased" in rules(said, "warnings")


def test_a_death_on_the_thirtieth_day_is_told(tmp_path: Path) -> None:
    """6: "before day 30"; the day itself is on the edge."""
    said = tcm(
        tmp_path, patients=f"{PATIENT.splitlines()[0]},deceased_on\n{PATIENT.splitlines()[1]},2026-11-03"
    )
    assert "tcm-death" in rules(said, "warnings")


def test_a_readmission_leaves_the_first_and_gives_no_second(tmp_path: Path) -> None:
    """6: the first TCM can still be billed once; no second TCM for a discharge inside the 30 days."""
    said = tcm(
        tmp_path,
        stays=f"{HOME}\nM1,inpatient,2026-10-14,2026-10-16,home,2026-10-20",
        contacts=f"{REACHED}\nM1,ben,2026-10-19T10:00,phone,reached,patient",
        visits="M1,2026-10-09,levin,tcm,high\nM1,2026-10-20,levin,tcm,high",
    )
    assert bills(said) == [("99496", 1, "levin", "2026-10-09")]
    assert rules(said) == {"tcm-second"}
    assert "99496" in says(said)


def test_readmitted_before_the_visit(tmp_path: Path) -> None:
    """6: readmission doesn't cancel: one line, by the first discharge (visit on its day 10)."""
    said = tcm(
        tmp_path,
        stays=f"{HOME}\nM1,inpatient,2026-10-08,2026-10-12,home,2026-10-13",
        contacts=f"{REACHED}\nM1,ben,2026-10-13T10:00,phone,reached,patient",
        visits="M1,2026-10-15,levin,tcm,high",
    )
    assert bills(said) == [("99495", 1, "levin", "2026-10-15")]
    assert said["blocked"] == []


def test_the_second_bills_when_the_first_could_not(tmp_path: Path) -> None:
    """3 and 6: there is no *second* TCM where the first was never one (nobody was reached, no visit)."""
    said = tcm(
        tmp_path,
        stays=f"{HOME}\nM1,inpatient,2026-10-08,2026-10-12,home,2026-10-13",
        contacts="M1,ben,2026-10-13T10:00,phone,reached,patient",
        visits="M1,2026-10-20,levin,tcm,moderate",
    )
    assert bills(said) == [("99495", 1, "levin", "2026-10-20")]
    assert said["blocked"] == []


@pytest.mark.parametrize(("second", "billed"), [("2026-11-03", False), ("2026-11-04", True)])
def test_the_next_transition_begins_after_day_30(tmp_path: Path, second: str, billed: bool) -> None:
    """6: no second TCM for a discharge inside the 30 days (discharge + 29 is 3 November)."""
    said = tcm(
        tmp_path,
        stays=f"{HOME}\nM1,inpatient,2026-11-01,{second},home,2026-11-05",
        contacts=f"{REACHED}\nM1,ben,2026-11-05T10:00,phone,reached,patient",
        visits="M1,2026-10-09,levin,tcm,high\nM1,2026-11-09,levin,tcm,high",
        month="2026-11",
    )
    assert codes(said) == ({"99496": 1} if billed else {})
    if not billed:
        assert "99496" in says(said)


def test_two_transitions_in_one_month(tmp_path: Path) -> None:
    """6: out on 20 September and on 20 October (day 31): both were visited in October, each has its line."""
    said = tcm(
        tmp_path,
        stays=out("2026-09-20") + "\nM1,inpatient,2026-10-17,2026-10-20,home,2026-10-21",
        contacts="M1,ben,2026-09-22T10:00,phone,reached,patient\nM1,ben,2026-10-21T10:00,phone,reached,patient",
        visits="M1,2026-10-02,levin,tcm,moderate\nM1,2026-10-22,levin,tcm,high",
    )
    assert bills(said) == [("99495", 1, "levin", "2026-10-02"), ("99496", 1, "levin", "2026-10-22")]
    assert (said["blocked"], rules(said, "warnings")) == ([], set())


def test_two_transitions_one_after_the_other(tmp_path: Path) -> None:
    """6: out on 1 and on 31 October (day 31): each has its own line, in the month of its visit."""
    rows: dict[str, Any] = {
        "stays": out("2026-10-01") + "\nM1,inpatient,2026-10-28,2026-10-31,home,2026-11-02",
        "contacts": "M1,ben,2026-10-02T10:00,phone,reached,patient\nM1,ben,2026-11-02T10:00,phone,reached,patient",
        "visits": "M1,2026-10-08,levin,tcm,high\nM1,2026-11-05,levin,tcm,moderate",
    }
    assert bills(tcm(tmp_path, **rows)) == [("99496", 1, "levin", "2026-10-08")]
    assert bills(tcm(tmp_path, month="2026-11", **rows)) == [("99495", 1, "levin", "2026-11-05")]


# -- the payer, the hand


def test_another_payer_is_asked(tmp_path: Path) -> None:
    """The issue: payers other than Medicare: "check with payer", never as blocked or billable."""
    said = tcm(tmp_path, patients="mrn,payer,billing_practitioner\nM1,commercial,levin")
    assert (said["lines"], said["blocked"]) == ([], [])
    assert "payer" in says(said, "warnings")


def test_the_payer_is_not_known(tmp_path: Path) -> None:
    """Absent is not "no": judged by Medicare's rules, and told."""
    said = tcm(tmp_path, patients="mrn,billing_practitioner\nM1,levin")
    assert codes(said) == {"99496": 1}
    assert "payer" in says(said, "warnings").lower()


def test_an_enrollment_and_a_consent_do_no_harm(tmp_path: Path) -> None:
    """The issue: it needs none; whoever writes them gets the same line."""
    said = tcm(
        tmp_path,
        enrollments="mrn,program,status,start,end,practitioner\nM1,TCM,active,2026-10-05,2026-11-03,levin",
        consents="mrn,program,decision,date\nM1,TCM,accepted,2026-10-05",
    )
    assert bills(said) == [("99496", 1, "levin", "2026-10-09")]
    assert said["blocked"] == []


def test_an_enrollment_without_a_stay_blocks(tmp_path: Path) -> None:
    """6: without a discharge there is no transition, whatever the list of programs says."""
    said = judged(
        tmp_path,
        {
            "patients": PATIENT,
            "enrollments": "mrn,program,status,start\nM1,TCM,active,2026-10-05",
            "visits": f"{VISIT}\nM1,2026-10-09,levin,tcm,high",
        },
        "2026-10",
    )
    assert said["lines"] == []
