"""The forms about appointments, filled in with keys."""

from __future__ import annotations

from datetime import date

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone
from cmp_tui.encounters import appointment_actions as actions
from cmp_tui.encounters.appointment_forms import FORMS
from cmp_tui.encounters.appointment_queries import AppointmentLine, appointments_of
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.patients.directory_forms import FORMS as DIRECTORY
from cmp_tui.patients.directory_queries import directory
from tests.patients.forming import forms, save, type_in


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana").id


def the_one(clinic: Clinic, patient: bytes) -> AppointmentLine:
    (line,) = clinic.read(appointments_of, patient)
    return line


async def test_booking_with_somebody_of_the_directory(clinic: Clinic, ana: bytes) -> None:
    clinic.run(add_provider, name="Dr. Noel Hartwig", specialty="Cardiology", phone="(630) 555-0181")
    clinic.run(actions.book, ana, day=date(2026, 12, 4), time="10:00", what="labs")
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["appointment"], ana)
        await pilot.pause()
        await type_in(pilot, app.form, "what", "heart clinic")
        app.form.sheet.visit("kind")
        await pilot.press("s")
        await type_in(pilot, app.form, "day", "12/4")
        await type_in(pilot, app.form, "time", "9:30")
        await pilot.press("enter")
        await pilot.pause()
        assert "told" in app.form.sheet.shown(), "another one is too near"
        await type_in(pilot, app.form, "provider", "hartwg")
        while not app.form.sheet.editors["provider"].matches:
            await pilot.pause(0.02)
        await pilot.press("enter")
        app.form.sheet.visit("transport")
        await pilot.press("n", "n")
        result = await save(pilot, future)
        assert opening.said(result.value) == "Booked: heart clinic, Fri 4 Dec, 9:30 am."
    line = next(one for one in clinic.read(appointments_of, ana) if one.what == "heart clinic")
    assert (line.kind, line.time, line.with_whom, line.phone) == (
        "specialist", "09:30", "Dr. Noel Hartwig", "(630) 555-0181",
    )  # fmt: skip
    assert line.provider is not None and line.transport == "wanted"


async def test_a_new_name_goes_into_the_directory(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        args = {"what": "eye exam", "kind": "specialist", "day": "2026-12-04"}
        _, future = await app.show(FORMS["appointment"], ana, **args)
        await pilot.pause()
        await type_in(pilot, app.form, "provider", "Dr. Vision")
        while not app.form.sheet.editors["provider"].matches:
            await pilot.pause(0.02)
        await pilot.press("enter")
        assert (await save(pilot, future)).saved
    (entry,) = clinic.read(directory)
    assert (entry.name, the_one(clinic, ana).provider) == ("Dr. Vision", entry.id)


async def test_a_day_is_moved_and_told_anew(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(
        actions.book, ana, day=date(2026, 12, 4), what="check", kind="office", with_whom="Amy Levin",
        told_on=date(2026, 11, 20), told_how="phone",
    )  # fmt: skip
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["appointment"], ana, row.id)
        await pilot.pause()
        assert app.form.sheet.values()["own_with"] == "Amy Levin"
        await type_in(pilot, app.form, "day", "12/7")
        assert (await save(pilot, future)).saved
    line = the_one(clinic, ana)
    assert (line.day, line.told_on, line.with_whom) == (date(2026, 12, 7), None, "Amy Levin")


@pytest.mark.parametrize(("mark", "then"), [("reminder", "contact"), ("", None)])
async def test_told_and_reminded(clinic: Clinic, ana: bytes, mark: str, then: str | None) -> None:
    row = clinic.run(actions.book, ana, day=date(2026, 11, 24), what="check", time="9:30")
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["appointment-told"], ana, row.id, mark=mark)
        await pilot.pause()
        result = await save(pilot, future)
        follows = opening.then(result.value)
        assert (follows and follows[0]) == then
    line = the_one(clinic, ana)
    assert line.told_on == date(2026, 11, 23)
    assert (line.reminded_on, line.told_how) == ((line.told_on, None) if mark else (None, "phone"))


async def test_a_ride(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(actions.book, ana, day=date(2026, 11, 27), what="check", transport="wanted")
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["appointment-ride"], ana, row.id)
        await pilot.pause()
        await type_in(pilot, app.form, "transport_who", "daughter")
        assert (await save(pilot, future)).saved
    line = the_one(clinic, ana)
    assert (line.transport, line.transport_who) == ("arranged", "daughter")
    clinic.run(actions.strike_appointment, row.id, "twice")
    async with forms(clinic) as (app, pilot):
        with pytest.raises(Gone):
            await app.show(FORMS["appointment-ride"], ana, row.id)


async def test_an_entry_of_the_directory_by_keys(clinic: Clinic) -> None:
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(DIRECTORY["provider"], None, name="Harbor Table")
        await pilot.pause()
        assert app.form.sheet.values()["name"] == "Harbor Table"
        await type_in(pilot, app.form, "phone", "6305550196")
        await type_in(pilot, app.form, "npi", "1234567890")
        result = await save(pilot, future)
        assert "does not look like an NPI" in opening.said(result.value)
    (line,) = clinic.read(directory)
    assert line.phone == "(630) 555-0196"
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(DIRECTORY["provider"], None, line.id)
        await pilot.pause()
        await type_in(pilot, app.form, "until", "11/20")
        assert (await save(pilot, future)).saved
    assert clinic.read(directory)[0].until == date(2026, 11, 20)
