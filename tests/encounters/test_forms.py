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


async def test_an_appointment_asks_nothing_of_what_has_not_been(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["visit"], ana)
        await pilot.pause()
        await type_in(pilot, app.form, "date", "12/4")
        assert "mdm" not in app.form.sheet.shown()
        assert (await save(pilot, future)).saved
    assert clinic.read(visits, ana)[0].date == date(2026, 12, 4)


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
