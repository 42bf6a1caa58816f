"""Falling engagement in Today: tries in vain, appointments and classes missed, one after the other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.careplan.engagement_queries import engagement_of
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.education.actions import hold_class
from cmp_tui.encounters.model import Appointment
from tests.queue.building import Building

MON = date(2026, 11, 23)
OURS = ("in-vain", "missed")


def ours(build: Building, patient: bytes) -> list[str]:
    return [one for one in build.why(patient, "team") if one in OURS]


@pytest.fixture
def ana(build: Building) -> bytes:
    return build.patient("Ruiz", enrolled=date(2025, 3, 2))


@pytest.fixture(autouse=True)
def _days(clinic: Clinic) -> None:
    clinic.rights = Rights({**ACTIONS, "test_engagement_sources.put": Right(CARE)})


def put(change: Any, model: Any, **values: Any) -> bytes:
    """Writes a row as another part of the program does."""
    return change.add(model, **values).id


def visit(clinic: Clinic, patient: bytes, day: date, status: str) -> None:
    clinic.run(put, Appointment, patient=patient, day=day, what="Follow-up", status=status)


def test_three_tries_in_vain(build: Building, clinic: Clinic, ana: bytes) -> None:
    build.contact(ana, "reached", "2026-11-09 09:00")
    for when in ("2026-11-16 09:00", "2026-11-18 15:00"):
        build.contact(ana, "no-answer", when)
    assert ours(build, ana) == []
    build.contact(ana, "voicemail", "2026-11-20 10:00")
    row = build.row(ana, "in-vain", "team")
    assert row.reason == "3 tries, no answer: try the caregiver or a letter" and row.due == MON
    assert "in-vain" in build.why(ana, "mine")
    assert clinic.read(engagement_of, ana).falling
    build.contact(ana, "reached", "2026-11-23 08:30", with_whom="caregiver")
    assert ours(build, ana) == []


def test_a_letter_has_two_weeks(build: Building, clinic: Clinic, ana: bytes) -> None:
    for when in ("2026-11-16 09:00", "2026-11-18 15:00", "2026-11-20 10:00"):
        build.contact(ana, "no-answer", when)
    build.contact(ana, "not-applicable", "2026-11-20 16:00", mode="letter")
    assert ours(build, ana) == []
    build.go("2026-12-03 09:00")
    assert ours(build, ana) == []
    build.go("2026-12-07 09:00")
    assert ours(build, ana) == ["in-vain"]


def test_only_those_whom_a_program_works_with(build: Building, clinic: Clinic) -> None:
    other = build.patient("Able")
    for when in ("2026-11-16 09:00", "2026-11-18 15:00", "2026-11-20 10:00"):
        build.contact(other, "no-answer", when)
    for days in (3, 5):
        visit(clinic, other, MON - timedelta(days), "noshow")
    assert ours(build, other) == []


def test_two_appointments_missed(build: Building, clinic: Clinic, ana: bytes) -> None:
    visit(clinic, ana, MON - timedelta(40), "fulfilled")
    visit(clinic, ana, MON - timedelta(20), "noshow")
    visit(clinic, ana, MON - timedelta(9), "cancelled")
    assert ours(build, ana) == []
    visit(clinic, ana, MON - timedelta(4), "noshow")
    row = build.row(ana, "missed", "team")
    assert row.reason.startswith("missed 2 appointments in a row") and row.due == date(2026, 11, 20)
    assert "missed" in build.why(ana, "mine")
    found = clinic.read(engagement_of, ana)
    assert (found.no_shows, found.visits, found.missed_now) == (2, 3, ("appointment", "appointment"))
    build.contact(ana, "reached")
    assert ours(build, ana) == [], "somebody talked with them since"


def test_classes_count_too_and_coming_ends_it(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(hold_class, [ana], topic="falls", date=MON - timedelta(8), came=[])
    visit(clinic, ana, MON - timedelta(4), "noshow")
    assert build.row(ana, "missed", "team").reason.startswith("missed 2 appointments and classes in a row")
    clinic.run(hold_class, [ana], topic="falls", date=MON - timedelta(2), came=[ana])
    assert ours(build, ana) == []
    for days in (1, 0):
        clinic.run(hold_class, [ana], topic="falls", date=MON - timedelta(days), came=[])
    assert build.row(ana, "missed", "team").reason.startswith("missed 2 classes in a row")
