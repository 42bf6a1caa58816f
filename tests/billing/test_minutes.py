"""One number: the minutes that lists count are the billable minutes of the time log, patient by patient."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from cmp_tui.billing.minutes import counted_seconds, month_minutes
from cmp_tui.billing.queries import time_log
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.actions import log_time
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.enrollment.actions import edit_enrollment, enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.model import Patient

NOVEMBER = Month(2026, 11)


def patient(clinic: Clinic, number: int, chance: random.Random) -> bytes:
    """Somebody with a random history of consent, enrollment and work in November."""
    key: bytes = clinic.run(add_patient, family=f"Patient{number}", mrn=f"P{number}").id
    agreed = date(2026, 10, 20) + timedelta(days=chance.randrange(30))
    if chance.random() < 0.8:
        clinic.run(
            record_consent, key, program="CCM", decision="accepted", date=agreed, mode="verbal", points=POINTS
        )
        if chance.random() < 0.8:
            row = clinic.run(enroll, key, program="CCM", start=agreed + timedelta(days=chance.randrange(3)))
            if chance.random() < 0.3:
                clinic.run(
                    edit_enrollment, row.id, None, status="finished", end=max(row.start, date(2026, 11, 15))
                )
        if chance.random() < 0.4:
            clinic.run(
                record_consent,
                key,
                program="CCM",
                decision="revoked",
                mode="verbal",
                date=max(agreed, date(2026, 10, 30)),
            )
    for _ in range(chance.randrange(6)):
        start = datetime(2026, 11, 1, 6, tzinfo=UTC) + timedelta(minutes=chance.randrange(21 * 24 * 60))
        clinic.run(
            log_time,
            key,
            start=start,
            end=start + timedelta(seconds=chance.randrange(30, 2000)),
            typed=False,
            activity="call",
            program=chance.choice(["CCM", "CCM", "CCM", "PCM", None]),
        )
    return key


@pytest.mark.parametrize("seed", range(3))
def test_lists_count_what_the_time_log_bills(clinic: Clinic, clock: FrozenClock, seed: int) -> None:
    chance = random.Random(seed)
    clinic.rights = Rights({**ACTIONS, "test_minutes.spoil": Right(CARE)})
    keys = [patient(clinic, number, chance) for number in range(12)]
    clinic.run(spoil, chance)
    mrns = {clinic.read(_mrn, key): key for key in keys}
    billed: dict[bytes, int] = dict.fromkeys(keys, 0)
    logged: dict[bytes, int] = dict.fromkeys(keys, 0)
    for span in clinic.read(time_log, NOVEMBER):
        logged[mrns[span.mrn]] += span.seconds
        if span.billable and span.program == "CCM":
            billed[mrns[span.mrn]] += span.seconds
    counted = clinic.read(month_minutes, NOVEMBER, keys)
    assert {key: minutes.counted for key, minutes in counted.items()} == billed
    assert {key: minutes.logged for key, minutes in counted.items()} == logged
    assert clinic.read(_whole_clinic) == {key: seconds for key, seconds in billed.items() if seconds}


def spoil(change: Change, chance: random.Random) -> None:
    """Some of the time is of staff who are not clinical, part of a billed visit, or a total that was brought in."""
    for entry in list(TimeEntry.live()):
        change.edit(
            TimeEntry,
            entry.id,
            None,
            clinical=chance.random() < 0.8,
            in_billed_visit=chance.random() < 0.2,
            precision=chance.choice([None, None, None, "day", "month"]),
            activity=chance.choice(["call", "care-plan", "prior-authorization"]),
        )


def _mrn(scope: Scope, key: bytes) -> str:
    mrn: str = Patient.get(Patient.id == key).mrn
    return mrn


def _whole_clinic(scope: Scope) -> dict[bytes, int]:
    return {bytes(key): seconds for key, seconds in rows(counted_seconds(scope, NOVEMBER))}
