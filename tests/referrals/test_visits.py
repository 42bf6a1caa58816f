"""How an appointment ended, for itself and for the referral behind it; the form that asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.encounters.appointment_actions import book
from cmp_tui.encounters.appointment_queries import appointment
from cmp_tui.encounters.model import Appointment
from cmp_tui.encounters.queries import visits
from cmp_tui.patients.actions import add_patient
from cmp_tui.referrals.actions import order
from cmp_tui.referrals.queries import referral_line, steps_of
from cmp_tui.referrals.visit_actions import end_visit
from cmp_tui.referrals.visit_forms import FORMS
from tests.patients.forming import forms, save, type_in

FRI = date(2026, 11, 20)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana").id


def booked(clinic: Clinic, ana: bytes, **values: Any) -> Appointment:
    values = {"what": "check", "kind": "office", "time": "9:30", **values}
    return clinic.run(book, ana, day=FRI, **values)


@pytest.fixture
def loop(clinic: Clinic, ana: bytes) -> bytes:
    return clinic.run(order, ana, kind="specialist", what="cardiology", ordered_on=date(2026, 11, 2)).id


def test_the_loop_moves_with_it(clinic: Clinic, ana: bytes, loop: bytes) -> None:
    row = booked(clinic, ana, kind="specialist", referral=loop)
    clinic.run(
        end_visit, row.id, row.version, status="noshow", missed_why="transport", said_by="Ana", how="phone"
    )
    line = clinic.read(referral_line, loop)
    assert (line.stage, line.stage_on) == ("missed", FRI)
    step = clinic.read(steps_of, loop)[0]
    assert (step.stage, step.said_by, step.why) == ("missed", "Ana", "transport")
    # What is said again corrects the appointment; the loop goes on by its own form.
    row = clinic.run(end_visit, row.id, None, status="cancelled")
    assert clinic.read(referral_line, loop).stage == "missed" and row.status == "cancelled"


async def test_one_of_ours_becomes_a_visit_by_keys(clinic: Clinic, ana: bytes) -> None:
    row = booked(clinic, ana, with_whom="Amy Levin")
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["appointment-end"], ana, row.id, status="fulfilled")
        await pilot.pause()
        assert "said_by" not in app.form.sheet.shown()
        app.form.sheet.visit("visit_kind")
        await pilot.press("t")
        app.form.sheet.visit("mdm")
        await pilot.press("h")
        result = await save(pilot, future)
        assert opening.said(result.value) == "check: was there." and opening.then(result.value) is None
    (visit,) = clinic.read(visits, ana)
    assert (visit.kind, visit.mdm, visit.practitioner, visit.date) == ("tcm", "high", "levin", FRI)


async def test_a_missed_one_offers_what_helps(clinic: Clinic, ana: bytes, loop: bytes) -> None:
    row = booked(clinic, ana, kind="specialist", referral=loop)
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["appointment-end"], ana, row.id, status="noshow")
        await pilot.pause()
        await type_in(pilot, app.form, "missed_why", "no ride")
        await pilot.press("enter")
        app.form.sheet.visit("next")
        await pilot.press("w")
        result = await save(pilot, future)
        form, patient, record, args = opening.then(result.value) or ("", None, None, {})
        assert (form, patient, record) == ("referral", ana, None)
        assert args["kind"] == "community" and "ride" in str(args["what"])
    assert clinic.read(referral_line, loop).stage == "missed"


async def test_another_day_begins_with_what_it_was(clinic: Clinic, ana: bytes) -> None:
    row = booked(clinic, ana, with_whom="Amy Levin")
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["appointment-end"], ana, row.id, status="noshow")
        await pilot.pause()
        await pilot.press("ctrl+s")
        while app.form.busy or not app.form.sheet.editors["missed_why"].wrong:
            await pilot.pause(0.02)
        await type_in(pilot, app.form, "missed_why", "forgot")
        await pilot.press("enter")
        result = await save(pilot, future)
        follows = opening.then(result.value)
        assert follows is not None and follows[0] == "appointment"
        assert follows[3] == {"kind": "office", "what": "check", "with_whom": "Amy Levin"}
    line = clinic.read(appointment, row.id)
    assert line is not None and (line.status, line.missed_why) == ("noshow", "forgot")
