"""What appointments bring to Today, and what takes it out again."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.encounters import appointment_actions as actions
from cmp_tui.encounters.model import Appointment
from cmp_tui.patients.actions import edit_patient
from cmp_tui.queue.queries import QueueRow, page
from cmp_tui.referrals.actions import order
from tests.queue.building import Building


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def booked(clinic: Clinic, patient: bytes, on: str, **values: Any) -> Appointment:
    values = {"what": "heart check", "time": "9:30", "kind": "office", "told_on": day("11-09"), **values}
    return clinic.run(actions.book, patient, day=day(on), **values)


def due(clinic: Clinic, **view: Any) -> list[QueueRow]:
    return [row for row in clinic.read(page, **view) if row.source.startswith("visit-")]


def test_a_reminder_on_the_business_day_before(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    row = booked(clinic, ana, "11-30", with_whom="Amy Levin", told_on=None)
    (found,) = due(clinic)
    assert (found.source, found.due, found.ref) == ("visit-reminder", day("11-27"), row.id)
    assert found.reason == "remind: Mon 30 Nov 9:30 am heart check, Amy Levin, not told of it yet"
    assert (found.settle.form, found.settle.about, found.topic) == ("appointment-told", "mark", "reminder")
    clinic.run(actions.remind, row.id)
    assert due(clinic) == []


def test_a_ride_that_nobody_arranged(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    row = booked(clinic, ana, "12-08", transport="wanted")
    (ride,) = [one for one in due(clinic) if one.source == "visit-ride"]
    assert ride.due == day("12-03") and ride.settle.form == "appointment-ride"
    clinic.run(actions.arrange_ride, row.id, who="daughter")
    assert [one.source for one in due(clinic)] == ["visit-reminder"]


def test_an_outcome_that_nobody_told(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    row = booked(clinic, ana, "11-20")
    booked(clinic, ana, "11-23", time="15:00", remind_on=day("11-20"))
    first, second = due(clinic)
    assert (first.source, first.due) == ("visit-reminder", day("11-20"))
    assert (second.source, second.due, second.settle.form) == (
        "visit-outcome",
        day("11-21"),
        "appointment-end",
    )
    assert second.reason.startswith("outcome? Fri 20 Nov 9:30 am heart check")
    clinic.run(actions.end_appointment, row.id, None, status="fulfilled")
    assert [one.source for one in due(clinic)] == ["visit-reminder"]


def test_a_referral_asks_for_the_outcome_itself(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    loop = clinic.run(order, ana, kind="specialist", what="cardiology", ordered_on=day("11-02"))
    booked(clinic, ana, "11-20", kind="specialist", referral=loop.id)
    assert due(clinic) == []
    booked(clinic, ana, "11-19", kind="specialist")
    assert [one.source for one in due(clinic)] == ["visit-outcome"]


def test_of_whom_it_is_and_who_has_died(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    booked(clinic, ana, "11-20")
    assert len(due(clinic, whose="team")) == 1 and due(clinic, whose="cover:ben") == []
    clinic.run(edit_patient, ana, None, deceased=True)
    assert due(clinic, whose="team") == []
