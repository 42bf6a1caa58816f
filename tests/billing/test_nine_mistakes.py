"""The nine mistakes that a close reading of the one open tracker of CCM time found: tests that they are not ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cmp_tui.billing.minutes import month_minutes
from cmp_tui.billing.month_queries import month_view
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.contacts.actions import log_time, start_timer, strike_entry
from cmp_tui.contacts.queries import running_timer
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient
from tests.conftest import AsUser

CHICAGO = ZoneInfo("America/Chicago")
NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Ana, agreed and enrolled since September."""
    key = clinic.run(
        add_patient, family="Ruiz", given="Ana", payer="Medicare", billing_practitioner="levin"
    ).id
    agreed = date(2026, 9, 1)
    clinic.run(
        record_consent, key, program="CCM", decision="accepted", date=agreed, mode="verbal", points=POINTS
    )
    clinic.run(enroll, key, program="CCM", start=agreed)
    return key


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


def work(clinic: Clinic, patient: bytes, start: datetime, minutes: float, **values: object) -> bytes:
    end = start + timedelta(minutes=minutes)
    entries = clinic.run(log_time, patient, start=start, end=end, activity="call", program="CCM", **values)  # type: ignore[arg-type]
    return entries[0].id


def billed(clinic: Clinic, patient: bytes, month: Month = NOVEMBER) -> tuple[int, list[tuple[str, int]]]:
    (result,) = clinic.read(month_view, month, [patient]).patients
    minutes = result.minutes.get("CCM")
    return (minutes.staff if minutes else 0), [(line.code, line.units) for line in result.lines]


def test_1_the_timer_lives_in_the_file_not_in_a_window(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    clinic.run(start_timer, ana)
    clinic.close_here()
    found = as_user("dana").read(running_timer)  # another program, after the first is gone
    assert found is not None and found.patient == ana


def test_2_time_is_logged_by_hand_for_an_earlier_day_while_a_timer_runs(clinic: Clinic, ana: bytes) -> None:
    clinic.run(start_timer, ana)
    work(clinic, ana, at(5), 22)
    assert billed(clinic, ana) == (22, [("99490", 1)])


def test_3_a_span_over_a_day_loses_nothing(clinic: Clinic, ana: bytes) -> None:
    work(clinic, ana, at(4, 8), 1465, long_why="left on over night, all of it true")
    assert billed(clinic, ana)[0] == 1465


def test_4_totals_are_never_stored(clinic: Clinic, ana: bytes) -> None:
    first = work(clinic, ana, at(4), 15)
    work(clinic, ana, at(6), 15)
    assert billed(clinic, ana) == (30, [("99490", 1)])
    clinic.run(strike_entry, first, "another patient's")
    assert billed(clinic, ana) == (15, [])


def test_5_lists_and_bill_have_one_number_of_one_month(clinic: Clinic, ana: bytes) -> None:
    work(clinic, ana, at(20, month=10), 25)
    work(clinic, ana, at(6), 21)
    shown = clinic.read(month_minutes, NOVEMBER, [ana])[ana]
    assert shown.counted // 60 == billed(clinic, ana)[0] == 21
    assert billed(clinic, ana, OCTOBER)[0] == 25


def test_6_seconds_never_round_up(clinic: Clinic, ana: bytes) -> None:
    work(clinic, ana, at(4), 19.5)
    assert billed(clinic, ana) == (19, [])


def test_7_further_units_are_capped(clinic: Clinic, ana: bytes) -> None:
    work(clinic, ana, at(4), 150)
    assert billed(clinic, ana) == (150, [("99490", 1), ("99439", 2)])


def test_8_months_are_the_clinics_and_the_days_of_service_decide(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    """In UTC both begin in November."""
    work(clinic, ana, at(31, 20, month=10), 25)
    work(clinic, ana, at(31, 23, 50, month=10), 20)
    assert billed(clinic, ana, OCTOBER)[0] == 25 + 10
    assert billed(clinic, ana)[0] == 10


def test_9_nothing_is_billed_unchecked(clinic: Clinic, ana: bytes) -> None:
    tom = clinic.run(add_patient, family="Bell", given="Tom", payer="Medicare").id
    work(clinic, tom, at(5), 30)
    (result,) = clinic.read(month_view, NOVEMBER, [tom]).patients
    assert result.lines == []
    assert {note.rule for note in result.blocked} >= {"consent", "enrollment"}
