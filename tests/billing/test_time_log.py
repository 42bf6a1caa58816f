"""The time log: what an auditor reads, from the same rows as every total."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.billing.export import (
    PATIENT_COLUMNS,
    SPAN_COLUMNS,
    encode_log,
    patient_sheet,
    span_sheet,
    write_log,
)
from cmp_tui.billing.queries import Span, by_patient, time_log, time_log_by_patient
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.contacts.actions import edit_entry, log_time, strike_entry
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.queries import patient_month_seconds
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient, edit_patient
from tests.conftest import MONDAY, AsUser

NOVEMBER = Month(2026, 11)
ISSUE = (
    "mrn, patient, birth_date, date, start, end, seconds, duration, time_zone, staff, credential, clinical, "
    "program, practitioner, activity, mode, with_whom, outcome, billable, why_not, entered_at, late, amended, "
    "amended_why"
)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Ana Ruiz-Moreno, with consent and enrolled in CCM since 2 November."""
    key = clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1", birth_date="1948-02").id
    clinic.run(edit_patient, key, None, billing_practitioner="levin")
    clinic.run(
        record_consent,
        key,
        program="CCM",
        decision="accepted",
        date=date(2026, 11, 2),
        mode="verbal",
        points=POINTS,
    )
    clinic.run(enroll, key, program="CCM", start=date(2026, 11, 2))
    return key


@pytest.fixture
def tom(clinic: Clinic) -> bytes:
    """Tom Bell, whom nobody has asked."""
    return clinic.run(add_patient, family="Bell", given="Tom", mrn="B-1", birth_date="1960-07-01").id


def local(clinic: Clinic, *parts: int) -> datetime:
    zone = clinic.read(lambda scope: scope.zone)
    return datetime(*parts, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type,misc]


def log(clinic: Clinic, patient: bytes, start: datetime, minutes: float, **values: Any) -> list[TimeEntry]:
    end = start + timedelta(minutes=minutes)
    return clinic.run(log_time, patient, start=start, end=end, activity="call", **values)


def spans(clinic: Clinic, **narrow: Any) -> list[Span]:
    return clinic.read(time_log, NOVEMBER, **narrow)


def test_the_columns_are_those_of_the_issue_in_their_order() -> None:
    assert (
        ", ".join(column.name for column in SPAN_COLUMNS) == f"{ISSUE}, amended_by"
    )  # and one that followed


def test_a_span_says_all_that_an_auditor_asks(clinic: Clinic, ana: bytes) -> None:
    clinic.run(
        log_contact, ana, id=clinic.new_id(), at=local(clinic, 2026, 11, 23, 8, 10), mode="phone", outcome="reached",
        with_whom="patient", start=local(clinic, 2026, 11, 23, 8, 10), end=local(clinic, 2026, 11, 23, 8, 19),
        why="sugar", did="[/foo] =1+1",
    )  # fmt: skip
    sheet = span_sheet(spans(clinic))
    (row,) = csv.DictReader(io.StringIO(b"".join(encode_log("csv", sheet)).decode()))
    assert row == {
        "mrn": "A-1", "patient": "Ruiz-Moreno, Ana", "birth_date": "1948-02", "date": "2026-11-23",
        "start": "2026-11-23 08:10:00", "end": "2026-11-23 08:19:00", "seconds": "540", "duration": "0:09:00",
        "time_zone": "America/Chicago", "staff": "Dana Ruiz", "credential": "RN", "clinical": "yes",
        "program": "CCM", "practitioner": "Amy Levin", "activity": "call", "mode": "phone", "with_whom": "patient",
        "outcome": "reached", "billable": "yes", "why_not": "", "entered_at": "2026-11-23 09:00:00", "late": "no",
        "amended": "", "amended_why": "", "amended_by": "",
    }  # fmt: skip


def test_the_note_only_when_asked(clinic: Clinic, ana: bytes) -> None:
    log(clinic, ana, MONDAY - timedelta(minutes=10), 5, note="called about sugar", program="CCM")
    without, with_it = (
        b"".join(encode_log("csv", span_sheet(spans(clinic), notes=notes))).decode()
        for notes in (False, True)
    )
    assert "sugar" not in without
    assert "called about sugar" in with_it
    assert with_it.splitlines()[0] == without.splitlines()[0] + ",note"


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_two_runs_are_byte_identical(
    clinic: Clinic, clock: FrozenClock, ana: bytes, tom: bytes, tmp_path: Path, form: str
) -> None:
    for minutes in (90, 60, 30):
        for patient in (tom, ana):
            log(clinic, patient, MONDAY - timedelta(minutes=minutes), 7.5, program="CCM")
    written = []
    for name in ("one", "two"):
        found = spans(clinic)
        sheets = [span_sheet(found), patient_sheet(by_patient(clinic.reference, NOVEMBER, found))]
        write_log(tmp_path / f"{name}.{form}", form, sheets, never=[clinic.path])
        written.append((tmp_path / f"{name}.{form}").read_bytes())
        clock.at += timedelta(hours=30)
    assert written[0] == written[1]


def test_struck_entries_are_absent_and_edited_ones_amended(clinic: Clinic, ana: bytes) -> None:
    (wrong,) = log(clinic, ana, MONDAY - timedelta(minutes=60), 10, program="CCM")
    (kept,) = log(clinic, ana, MONDAY - timedelta(minutes=30), 10, program="CCM")
    clinic.run(strike_entry, wrong.id, "logged twice")
    clinic.run(edit_entry, kept.id, None, why="looked at the phone's list", minutes=8)
    (span,) = spans(clinic)
    assert (span.seconds, span.amended_why, span.amended_by) == (
        480,
        "looked at the phone's list",
        "Dana Ruiz",
    )
    assert str(span.amended) == "2026-11-23 09:00:00"


def test_late_is_told_with_both_days(clinic: Clinic, ana: bytes) -> None:
    log(clinic, ana, local(clinic, 2026, 11, 20, 16, 0), 10, program="CCM")
    log(clinic, ana, local(clinic, 2026, 11, 23, 8, 0), 10, program="CCM")
    friday, monday = spans(clinic)
    assert (friday.late, friday.date, friday.entered_at.date()) == (
        True,
        date(2026, 11, 20),
        date(2026, 11, 23),
    )
    assert not monday.late


def test_why_time_is_not_billable(clinic: Clinic, as_user: AsUser, ana: bytes, tom: bytes) -> None:
    log(clinic, ana, local(clinic, 2026, 11, 1, 9, 0), 5, program="CCM")
    log(clinic, ana, local(clinic, 2026, 11, 3, 9, 0), 5)
    log(clinic, ana, local(clinic, 2026, 11, 4, 9, 0), 5, program="CCM", in_billed_visit=True)
    log(clinic, ana, local(clinic, 2026, 11, 5, 9, 0), 5, program="CCM")
    log(clinic, tom, local(clinic, 2026, 11, 5, 10, 0), 5, program="CCM")
    clinic.run(record_consent, ana, program="CCM", decision="revoked", date=date(2026, 11, 20), mode="verbal")
    found = [(span.billable, span.why_not) for span in spans(clinic)]
    assert found == [
        (False, "no consent on this day"),
        (False, "no program"),
        (False, "part of a billed visit"),
        (True, None),
        (False, "no consent on this day"),
    ]


def test_a_revocation_leaves_its_month(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    clinic.run(record_consent, ana, program="CCM", decision="revoked", date=date(2026, 11, 20), mode="verbal")
    clock.at = datetime(2026, 12, 2, 18, 0, tzinfo=UTC)
    log(clinic, ana, local(clinic, 2026, 11, 30, 15, 0), 5, program="CCM")
    log(clinic, ana, local(clinic, 2026, 12, 1, 9, 0), 5, program="CCM")
    assert [span.billable for span in spans(clinic)] == [True]
    (december,) = clinic.read(time_log, Month(2026, 12))
    assert december.why_not == "consent revoked"


def test_shares_of_a_group_add_up(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    for place, patient in enumerate((ana, tom, ana)):
        log(clinic, patient, MONDAY - timedelta(seconds=100), 100 / 60, group_size=3, group_place=place)
    found = spans(clinic)
    assert sorted(span.seconds for span in found) == [33, 33, 34]
    for patient, mrn in ((ana, "A-1"), (tom, "B-1")):
        told = sum(span.seconds for span in found if span.mrn == mrn)
        assert told == clinic.read(patient_month_seconds, patient, "2026-11")


def test_time_across_midnight_and_the_months_end_is_in_both_months(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    clock.at = datetime(2026, 12, 2, 18, 0, tzinfo=UTC)
    log(clinic, ana, local(clinic, 2026, 11, 30, 23, 50), 25, program="CCM")
    (november,), (december,) = (clinic.read(time_log, month) for month in (NOVEMBER, Month(2026, 12)))
    assert (november.seconds, december.seconds) == (600, 900)
    assert (november.date, december.date) == (date(2026, 11, 30), date(2026, 12, 1))
    assert str(december.start) == "2026-12-01 00:00:00"


def test_totals_by_patient_are_floored_once(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    for hour in (9, 10, 11):
        log(clinic, ana, local(clinic, 2026, 11, 10, hour, 0), 6 + 50 / 60, program="CCM")
    log(clinic, ana, local(clinic, 2026, 11, 10, 14, 0), 3)
    log(clinic, tom, local(clinic, 2026, 11, 11, 9, 0), 9, program="CCM")
    months = clinic.read(time_log_by_patient, NOVEMBER)
    told = [
        (m.mrn, m.program, m.entries, m.seconds, m.minutes, m.billable_minutes, m.reached) for m in months
    ]
    assert told == [
        ("A-1", None, 1, 180, 3, 0, None),
        ("A-1", "CCM", 3, 1230, 20, 20, True),
        ("B-1", "CCM", 1, 540, 9, 0, False),
    ]
    (row, *_) = csv.DictReader(io.StringIO(b"".join(encode_log("csv", patient_sheet(months[1:]))).decode()))
    assert list(row) == [column.name for column in PATIENT_COLUMNS]
    assert (row["duration"], row["staff"]) == ("0:20:30", "Dana Ruiz")


def test_narrowing(clinic: Clinic, as_user: AsUser, ana: bytes, tom: bytes) -> None:
    log(clinic, ana, MONDAY - timedelta(minutes=50), 5, program="CCM")
    log(as_user("ben"), ana, MONDAY - timedelta(minutes=40), 5, program="PCM")
    log(clinic, tom, MONDAY - timedelta(minutes=30), 5, program="CCM", practitioner="Dr. Outside")
    assert [span.program for span in spans(clinic, program="PCM")] == ["PCM"]
    assert [span.staff for span in spans(clinic, staff="ben")] == ["Ben Ortiz"]
    assert [span.mrn for span in spans(clinic, practitioner="levin")] == ["A-1", "A-1"]
    assert [span.mrn for span in spans(clinic, practitioner="Amy Levin")] == ["A-1", "A-1"]
    assert [span.mrn for span in spans(clinic, practitioner="Dr. Outside")] == ["B-1"]
    assert spans(clinic, practitioner="nobody") == []
