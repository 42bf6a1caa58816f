"""What the chart asks, on a real file: the head, the summary, calls with their minutes, looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cmp_tui.billing.minutes import MonthMinutes
from cmp_tui.careplan.engagement_rules import Engagement
from cmp_tui.chart.queries import Calls, calls, head, looks, summary
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Refused
from cmp_tui.contacts.actions import log_time, split_break, strike_entry
from cmp_tui.contacts.queries import patient_month_seconds
from cmp_tui.enrollment.actions import record_consent
from cmp_tui.enrollment.rules import Shown
from cmp_tui.patients.actions import add_patient
from tests.chart.conftest import FRIDAY
from tests.conftest import AsUser

NOVEMBER = Month(2026, 11)


def listed(clinic: Clinic, patient: bytes) -> Calls:
    return clinic.read(calls, patient)


def test_the_head_says_program_consent_and_minutes(clinic: Clinic, ana: bytes) -> None:
    found = clinic.read(head, ana)
    assert found.enrollment is not None and found.program == "CCM"
    assert found.consent == Shown("accepted", date(2026, 3, 4))
    assert found.minutes == MonthMinutes(720, 720, 20)


def test_a_new_patient_has_an_empty_chart(clinic: Clinic) -> None:
    key = clinic.run(add_patient, family="Bell").id
    found = clinic.read(head, key)
    assert (found.enrollment, found.consent, found.minutes) == (None, None, MonthMinutes())
    assert listed(clinic, key) == Calls([], {})
    parts = clinic.read(summary, key)
    assert parts.card.family == "Bell"
    assert not any(part for part in parts[1:] if part not in (parts.eligible, parts.engagement))
    assert parts.engagement == Engagement()
    assert {one.verdict for one in parts.eligible.programs} == {"unknown", "no"}


def test_a_contact_and_its_time_are_one_line(clinic: Clinic, ana: bytes) -> None:
    (line,) = listed(clinic, ana).lines
    assert line.contact is not None and line.entry is not None
    assert line.entry.contact == line.contact.id and line.why_not is None


def test_minutes_that_cannot_be_billed_say_why(clinic: Clinic, ana: bytes, late_time: bytes) -> None:
    found = listed(clinic, ana)
    assert [line.why_not for line in found.lines] == [None, "no program"]
    total = found.months[NOVEMBER]
    assert (total.seconds, total.not_billable, total.entries, total.first) == (1020, 300, 2, 20)
    assert total.seconds == clinic.read(patient_month_seconds, ana, "2026-11")


def test_time_after_a_revoked_consent_is_kept_and_not_billable(clinic: Clinic, ana: bytes) -> None:
    clinic.run(record_consent, ana, program="CCM", decision="revoked", date=date(2026, 10, 5), mode="verbal")
    (line,) = listed(clinic, ana).lines
    assert line.why_not == "consent revoked"


def test_after_a_break_the_rest_of_a_call_is_a_line_of_its_own(clinic: Clinic, ana: bytes) -> None:
    entry = listed(clinic, ana).lines[0].entry
    assert entry is not None
    start = FRIDAY + timedelta(minutes=4)
    clinic.run(split_break, entry.id, None, start, start + timedelta(minutes=2), "break")
    rest, call = listed(clinic, ana).lines
    assert call.contact is not None and call.entry is not None and call.entry.seconds == 240
    assert rest.contact is None and rest.entry is not None and rest.entry.seconds == 360


def test_struck_time_leaves_the_contact_standing(clinic: Clinic, ana: bytes) -> None:
    entry = listed(clinic, ana).lines[0].entry
    assert entry is not None
    clinic.run(strike_entry, entry.id, "typed for another patient")
    (line,) = listed(clinic, ana).lines
    assert line.contact is not None and line.entry is None


def test_months_are_those_of_the_clinic(clinic: Clinic, ana: bytes) -> None:
    start = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)  # 23:30 on 31 October in Chicago
    clinic.run(log_time, ana, start=start, end=start + timedelta(minutes=10), activity="other")
    found = listed(clinic, ana)
    assert set(found.months) == {NOVEMBER, Month(2026, 10)}
    assert found.lines[-1].month == Month(2026, 10)


def test_looks_are_listed_with_their_people(clinic: Clinic, ana: bytes, as_user: AsUser) -> None:
    as_user("ben").look("chart", ana)
    clinic.look("preview", ana)
    assert [(look.who, look.action) for look in clinic.read(looks, ana)] == [
        ("Dana Ruiz", "look.preview"),
        ("Ben Ortiz", "look.chart"),
    ]


def test_readers_read_and_others_do_not(clinic: Clinic, ana: bytes, as_user: AsUser) -> None:
    from cmp_tui.chart.history import history

    for query in (head, summary, calls, looks, history):
        for username in ("ben", "levin", "otto"):
            assert as_user(username).read(query, ana) is not None
        with pytest.raises(Refused):
            as_user("iris").read(query, ana)


def test_a_patient_who_is_not_there_is_told(clinic: Clinic) -> None:
    with pytest.raises(Gone):
        clinic.read(head, b"\0" * 16)
