"""The forms about visits and services, filled in with keys."""

from __future__ import annotations

from datetime import date

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.encounters.actions import add_service, add_visit
from cmp_tui.encounters.form_values import say_billed, with_practitioner
from cmp_tui.encounters.forms import FORMS
from cmp_tui.encounters.queries import services, visits
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.form_values import OUTSIDE
from tests.patients.forming import forms, save, type_in


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana").id


async def test_a_visit_with_someone_outside_is_corrected(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(add_visit, ana, date=date(2026, 11, 9), kind="em", practitioner="Dr. Ito")
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["visit"], ana, row.id)
        await pilot.pause()
        assert app.form.sheet.values()["practitioner"] == OUTSIDE
        assert app.form.sheet.values()["outside_name"] == "Dr. Ito"
        app.form.sheet.visit("care_management_discussed")
        await pilot.press("y")
        assert (await save(pilot, future)).saved
    (line,) = clinic.read(visits, ana)
    assert (line.practitioner, line.care_management_discussed) == ("Dr. Ito", True)


async def test_a_visit_to_come_is_an_appointment(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        await app.show(FORMS["visit"], ana)
        await pilot.pause()
        await type_in(pilot, app.form, "date", "2026-12-04")
        await pilot.press("ctrl+s")
        while app.form.busy or not app.form.sheet.editors["date"].wrong:
            await pilot.pause(0.02)
        assert "still to come" in app.form.sheet.editors["date"].wrong
    assert clinic.read(visits, ana) == []


async def test_a_service_by_keys(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["service"], ana)
        await pilot.pause()
        await type_in(pilot, app.form, "code", "g0181")
        await type_in(pilot, app.form, "start", "10/1")
        assert (await save(pilot, future)).saved
    (line,) = clinic.read(services, ana)
    assert (line.code, line.ours, line.practitioner) == ("G0181", False, None)


async def test_saving_twice_writes_once(clinic: Clinic, ana: bytes) -> None:
    args = {"id": clinic.new_id().hex()}
    clinic.run(add_service, ana, id=bytes.fromhex(args["id"]), code="99490", start=date(2026, 11, 2))
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["service"], ana, **args, code="99490", start=date(2026, 11, 2))
        await pilot.pause()
        assert (await save(pilot, future)).saved
    assert len(clinic.read(services, ana)) == 1


def test_values() -> None:
    assert with_practitioner({"practitioner": OUTSIDE, "outside_name": "Dr. Ito", "what": ""}) == {
        "practitioner": "Dr. Ito", "what": None,
    }  # fmt: skip
    assert say_billed("99490") == say_billed("g0181") == ""
    assert "five signs" in say_billed("994")
