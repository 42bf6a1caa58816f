"""Appointments: booked, moved, told, reminded, and how each ended."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import is_business_day
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Conflict, Invalid, Refused
from cmp_tui.encounters import appointment_actions as actions
from cmp_tui.encounters import appointment_queries as queries
from cmp_tui.encounters.appointment_rules import clock_of, hour_words, needs_outcome, remind_day, too_near
from cmp_tui.encounters.model import Appointment
from cmp_tui.encounters.queries import visits
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.directory_actions import add_provider
from tests.conftest import AsUser

MON = date(2026, 11, 23)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", birth_date="1948-02-11").id


def booked(clinic: Clinic, ana: bytes, on: str = "12-04", **values: Any) -> Appointment:
    values = {"what": "heart check", "time": "9:30", "kind": "office", **values}
    return clinic.run(actions.book, ana, day=day(on), **values)


# Rules


@given(st.times())
def test_an_hour_comes_back_as_it_was(at: time) -> None:
    kept = hour_words(at)
    assert clock_of(kept) == at.replace(second=0, microsecond=0, tzinfo=None)
    assert hour_words(kept) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("9:30", "09:30"),
        ("2 pm", "14:00"),
        ("12a", "00:00"),
        ("2:15 p.m.", "14:15"),
        ("", None),
        (None, None),
    ],
)
def test_hours_as_people_say_them(said: str | None, kept: str | None) -> None:
    assert hour_words(said) == kept


@pytest.mark.parametrize("said", ["9", "25:00", "13 pm", "in the morning", "9:75"])
def test_what_is_no_hour(said: str) -> None:
    with pytest.raises(ValueError):
        hour_words(said)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_reminder_is_on_a_business_day_before(on: date, today: date) -> None:
    found = remind_day(on, today)
    if found is not None:
        assert today <= found < on and is_business_day(found)


def test_a_reminder_for_monday_is_on_friday() -> None:
    assert remind_day(day("11-30"), MON) == day("11-27")
    assert remind_day(day("11-23"), MON) is None


def test_what_is_too_near() -> None:
    assert too_near("09:30", ["10:15"]) and too_near("10:15", ["09:30"])
    assert not too_near("09:30", ["10:30", None, "morning"]) and not too_near(None, ["09:30"])


def test_a_past_day_asks_for_its_outcome() -> None:
    assert needs_outcome("booked", day("11-20"), MON)
    assert not needs_outcome("booked", MON, MON) and not needs_outcome("noshow", day("11-20"), MON)


# Writing


def test_booking_fills_in_what_the_directory_knows(clinic: Clinic, ana: bytes) -> None:
    heart = clinic.run(
        add_provider,
        name="Dr. Ito",
        organization="Lakeside Heart",
        address="5 Elm St",
        phone="(512) 555-0190",
    )
    row = booked(clinic, ana, kind="specialist", provider=heart.id, place="Room 2")
    (line,) = clinic.read(queries.appointments_of, ana)
    assert (line.time, line.with_whom, line.place, line.phone) == (
        "09:30",
        "Dr. Ito",
        "Room 2",
        "(512) 555-0190",
    )
    assert (line.remind_on, line.status) == (day("12-03"), "booked")
    assert clinic.read(queries.appointment, row.id) == line
    assert clinic.read(queries.ahead, ana, 7) == [] and clinic.read(queries.ahead, ana, 14) == [line]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"what": " "}, "what"),
        ({"time": "soon"}, "time"),
        ({"status": "noshow"}, "status"),
        ({"on": "12-04", "day": date(2036, 1, 1)}, "day"),
    ],
)
def test_what_is_not_booked(clinic: Clinic, ana: bytes, values: dict[str, Any], field: str) -> None:
    values = {"day": day("12-04"), "what": "x", **values}
    values.pop("on", None)
    with pytest.raises(Invalid) as told:
        clinic.run(actions.book, ana, **values)
    assert field in told.value.fields


def test_another_day_is_to_be_told_and_reminded_anew(clinic: Clinic, ana: bytes) -> None:
    row = booked(clinic, ana, told_on=MON, told_how="phone")
    row = clinic.run(actions.remind, row.id)
    row = clinic.run(actions.edit_appointment, row.id, row.version, day=day("12-07"))
    assert (row.told_on, row.told_how, row.reminded_on, row.remind_on) == (None, None, None, day("12-04"))
    row = clinic.run(actions.tell, row.id, row.version, how="phone")
    assert (row.told_on, row.told_how) == (MON, "phone")
    same = clinic.run(actions.edit_appointment, row.id, row.version, remarks="bring the list")
    assert same.told_on == MON
    with pytest.raises(Conflict):
        clinic.run(actions.edit_appointment, row.id, row.version, remarks="no")


def test_two_at_one_hour_are_found(clinic: Clinic, ana: bytes) -> None:
    one = booked(clinic, ana)
    booked(clinic, ana, time="14:00")
    assert [line.id for line in clinic.read(queries.same_hour, ana, day("12-04"), "10:00")] == [one.id]
    assert clinic.read(queries.same_hour, ana, day("12-04"), "10:00", one.id) == []


def test_a_visit_of_ours_is_written_with_its_outcome_and_corrected(clinic: Clinic, ana: bytes) -> None:
    row = booked(clinic, ana, "11-20", with_whom="Amy Levin")
    row = clinic.run(
        actions.end_appointment, row.id, row.version, status="fulfilled", visit_kind="awv", mdm="moderate",
        discussed=True,
    )  # fmt: skip
    (visit,) = clinic.read(visits, ana)
    assert (visit.date, visit.kind, visit.practitioner, visit.mdm, visit.care_management_discussed) == (
        day("11-20"), "awv", "levin", "moderate", True,
    )  # fmt: skip
    assert row.visit == visit.id and row.ended_on == day("11-20")
    row = clinic.run(actions.end_appointment, row.id, row.version, status="fulfilled", visit_kind="tcm")
    (visit,) = clinic.read(visits, ana)
    assert (visit.kind, visit.mdm) == ("tcm", "moderate")
    row = clinic.run(actions.end_appointment, row.id, row.version, status="noshow", missed_why="transport")
    assert clinic.read(visits, ana) == [] and (row.visit, row.missed_why) == (None, "transport")


def test_elsewhere_no_visit_of_ours_comes_of_it(clinic: Clinic, ana: bytes) -> None:
    row = booked(clinic, ana, "11-20", kind="specialist")
    clinic.run(actions.end_appointment, row.id, row.version, status="fulfilled")
    assert clinic.read(visits, ana) == []


def test_what_has_not_been_has_no_outcome(clinic: Clinic, ana: bytes) -> None:
    row = booked(clinic, ana)
    with pytest.raises(Invalid, match="still to come"):
        clinic.run(actions.end_appointment, row.id, row.version, status="fulfilled")
    row = clinic.run(actions.end_appointment, row.id, row.version, status="cancelled", ended_why="moved")
    assert row.ended_on == MON
    for late in (actions.tell, actions.remind, actions.arrange_ride):
        with pytest.raises(Invalid):
            clinic.run(late, row.id)
    with pytest.raises(Invalid):
        clinic.run(actions.edit_appointment, row.id, row.version, day=day("12-08"))


def test_a_missed_one_says_why(clinic: Clinic, ana: bytes) -> None:
    row = booked(clinic, ana, "11-20")
    with pytest.raises(Invalid) as told:
        clinic.run(actions.end_appointment, row.id, row.version, status="noshow")
    assert "missed_why" in told.value.fields


def test_striking_takes_the_visit_along(clinic: Clinic, ana: bytes) -> None:
    row = booked(clinic, ana, "11-20")
    clinic.run(actions.end_appointment, row.id, row.version, status="fulfilled")
    clinic.run(actions.strike_appointment, row.id, "of someone else")
    assert clinic.read(queries.appointments_of, ana) == [] and clinic.read(visits, ana) == []


def test_in_what_order_they_stand(clinic: Clinic, ana: bytes) -> None:
    for on, at in (("12-04", "14:00"), ("12-04", None), ("12-01", "08:00"), ("11-20", "09:00")):
        booked(clinic, ana, on, time=at)
    past = booked(clinic, ana, "11-10")
    clinic.run(actions.end_appointment, past.id, past.version, status="fulfilled")
    found = [(line.day, line.time) for line in clinic.read(queries.appointments_of, ana)]
    assert found == [
        (day("11-20"), "09:00"), (day("12-01"), "08:00"), (day("12-04"), None), (day("12-04"), "14:00"),
        (day("11-10"), "09:30"),
    ]  # fmt: skip


def test_an_auditor_books_nothing(as_user: AsUser, clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Refused):
        as_user("otto").run(actions.book, ana, day=day("12-04"), what="x")
