"""Scenarios of the month as a whole: who is listed, the clinic's settings, months and payers without rules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.billing.scenarios.ccm_ready import (
    CONSENT,
    ENROLLMENT,
    PATIENT,
    STAFF,
    VISIT,
    Row,
    spent,
    texts_of,
    with_minutes,
)
from tests.billing.scenarios.folder import bills, codes, judged, others, rules, says

FIFTH, SIXTH = "2026-10-05T09:00", "2026-10-06T09:00"


def mdm(grade: str = "moderate", who: str = "levin", **more: Any) -> list[Row]:
    return [{"month": "2026-10", "program": "CCM", "practitioner": who, "mdm": grade, **more}]


def test_who_is_listed(tmp_path: Path) -> None:
    """Issue 4: every patient with any entry, stay, enrollment or service in the month is listed."""
    with_one = {
        "time_entries": spent(FIFTH, 1, program=""), "enrollments": ENROLLMENT,
        "stays": {"kind": "inpatient", "admitted": "2026-10-31"},
        "services": {"code": "99490", "from": "2026-09-30", "to": "2026-10-01"},
    }  # fmt: skip
    without = {
        "visits": {**VISIT, "date": "2026-10-05"},
        "contacts": {"staff": "ben", "at": FIFTH, "mode": "phone"},
        "consents": {**CONSENT, "date": "2026-10-05"},
    }
    patients = [{**PATIENT, "mrn": name} for name in (*with_one, *without, "ended", "later")]
    files: dict[str, Any] = {"patients": patients, "conditions": None, "plans": None}
    files |= {name: [{**row, "mrn": name}] for name, row in {**with_one, **without}.items()}
    files["enrollments"] += [
        {**ENROLLMENT, "mrn": "ended", "end": "2026-09-30"},
        {**ENROLLMENT, "mrn": "later", "start": "2026-11-01"},
    ]
    listed = {
        name
        for name in (*with_one, *without, "ended", "later")
        if judged(tmp_path, texts_of(**files), "2026-10", mrn=name)
    }
    assert listed == set(with_one)


# -- settings


def test_the_day_on_which_the_threshold_is_met(tmp_path: Path) -> None:
    """Section 8, DOS: the day the threshold is met, where the clinic wants it so."""
    entries = [spent(FIFTH, 10), spent("2026-10-12T09:00", 10), spent("2026-10-20T09:00", 45)]
    said = judged(tmp_path, texts_of(time_entries=entries), "2026-10", date_of_service="threshold-day")
    assert bills(said) == [("99490", 1, "levin", "2026-10-12"), ("99439", 2, "levin", "2026-10-20")]


def test_the_place_of_service_is_a_setting(tmp_path: Path) -> None:
    """Section 8, POS; issue 4: default 11."""
    said = judged(tmp_path, texts_of(time_entries=[spent(FIFTH, 20)]), "2026-10", place_of_service="22")
    assert [line["place_of_service"] for line in said["lines"]] == ["22"]


def test_a_practitioners_own_place_goes_before_it(tmp_path: Path) -> None:
    """Issue 4: the place of service is the practitioner's."""
    staff = [{**one, "place_of_service": "19" if one["username"] == "levin" else ""} for one in STAFF]
    said = judged(
        tmp_path, texts_of(staff=staff, time_entries=[spent(FIFTH, 20)]), "2026-10", place_of_service="22"
    )
    assert [line["place_of_service"] for line in said["lines"]] == ["19"]


@pytest.mark.parametrize(
    ("order", "billed", "instead"),
    [
        ("complex practitioner staff", {"99487": 1}, [{"99491": 1}, {"99490": 1, "99439": 2}]),
        ("practitioner complex staff", {"99491": 1}, [{"99487": 1}, {"99490": 1, "99439": 2}]),
        ("staff practitioner complex", {"99490": 1, "99439": 2}, [{"99491": 1}, {"99487": 1}]),
    ],
)
def test_the_family_that_the_clinic_prefers(
    tmp_path: Path, order: str, billed: dict[str, int], instead: list[dict[str, int]]
) -> None:
    """Issue 4: complex, practitioner-personal, staff (prefer_family); the others are alternatives. Section 3: one."""
    files = texts_of(time_entries=[spent(FIFTH, 30, "levin"), spent(SIXTH, 30)], complexity=mdm())
    said = judged(tmp_path, files, "2026-10", prefer_family=order)
    assert codes(said) == billed
    assert [one for one in others(said) if not set(one) & {"G0556", "G0557"}] == instead


def test_a_preferred_family_that_is_not_reached_leaves_the_next(tmp_path: Path) -> None:
    """Issue 4, prefer_family: the first that the minutes reach."""
    files = texts_of(time_entries=[spent(FIFTH, 60)], complexity=mdm())
    said = judged(tmp_path, files, "2026-10", prefer_family="practitioner complex staff")
    assert codes(said) == {"99487": 1}


# -- months without rules, other payers


def test_a_month_after_the_tables(tmp_path: Path) -> None:
    """Issue 4: later months show minutes, marked "rules for 2027 not loaded", and refuse lines."""
    said = judged(
        tmp_path,
        texts_of(time_entries=with_minutes("2027-01")),
        "2027-01",
        now=datetime(2027, 2, 3, tzinfo=UTC),
    )
    assert (said["lines"], said["alternatives"]) == ([], [])
    assert said["minutes"]["CCM"]["staff"] == 20
    assert "rules for 2027 not loaded" in says(said)


def test_another_payer_is_neither_blocked_nor_billable(tmp_path: Path) -> None:
    """Issue 4: payers other than Medicare are shown as "check with payer"."""
    patients = [{**PATIENT, "payer": "Medicare Advantage"}]
    for consents in ([CONSENT], None):
        files = texts_of(patients=patients, consents=consents, time_entries=[spent(FIFTH, 20)])
        said = judged(tmp_path, files, "2026-10")
        assert (said["lines"], said["blocked"]) == ([], [])
        assert "payer" in rules(said, "warnings")
        assert "check with payer" in says(said, "warnings")
