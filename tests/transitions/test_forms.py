"""The form about a stay, filled in with keys: its clocks before saving, bad input told, nothing lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.encounters.actions import add_stay, edit_stay
from cmp_tui.encounters.queries import stays
from cmp_tui.patients.actions import add_patient
from cmp_tui.transitions.forms import FORMS
from tests.patients.forming import forms, save, type_in

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", birth_date="1948-02-11").id


def echo(app: Any) -> str:
    editor = app.form.sheet.editors["clocks"]
    editor.look_again()
    return "\n".join(words for words, _ in editor._now)


async def test_a_stay_by_keys_with_its_clocks(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["stay"], ana)
        await pilot.pause()
        app.form.sheet.visit("kind")
        await pilot.press(*"hosp", "enter")
        await type_in(pilot, app.form, "facility", "St. Mary's")
        await type_in(pilot, app.form, "admitted", "11/16")
        assert echo(app) == "The clocks start with the discharge."
        await type_in(pilot, app.form, "discharged", "11/10")
        await pilot.press("ctrl+s")
        while app.form.busy or not app.form.sheet.editors["discharged"].wrong:
            await pilot.pause(0.02)
        assert "before the admission" in app.form.sheet.editors["discharged"].wrong
        assert app.form.sheet.values()["facility"] == "St. Mary's"
        app.form.sheet.editors["discharged"].put(None)
        await type_in(pilot, app.form, "discharged", "11/20")
        said = echo(app)
        assert "Call      by Tue 24 Nov, 1 day left" in said
        assert (
            "by Fri 4 Dec, 11 days left (day 14)" in said
            and "by Fri 27 Nov (day 7) if complexity is high" in said
        )
        assert "30 days   Sat 19 Dec, 26 days left" in said
        app.form.sheet.visit("discharged_to")
        await pilot.press(*"skilled", "enter")
        assert echo(app) == "Went to skilled nursing: starts no clocks."
        app.form.sheet.visit("discharged_to")
        await pilot.press(*"home", "enter")
        app.form.sheet.editors["complexity"].put("high")
        assert "by Fri 27 Nov, 4 days left (day 7)" in echo(app)
        app.form.sheet.visit("emergency")
        await pilot.press("y")
        result = await save(pilot, future)
        assert opening.said(result.value) == "Stay added."
    (line,) = clinic.read(stays, ana)
    assert (line.kind, line.facility, line.discharged, line.discharged_to) == (
        "inpatient",
        "St. Mary's",
        FRIDAY,
        "home",
    )
    assert (line.emergency, line.complexity) == (True, "high")


async def test_an_emergency_visit_asks_less_and_starts_nothing(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["stay"], ana, kind="ed")
        await pilot.pause()
        await type_in(pilot, app.form, "admitted", "11/20")
        assert {"emergency", "complexity", "summary_on"}.isdisjoint(app.form.sheet.shown())
        assert echo(app) == "Emergency visit: starts no clocks."
        assert (await save(pilot, future)).saved
    assert clinic.read(stays, ana)[0].discharged == FRIDAY


async def test_the_summary_has_a_form_of_its_own(clinic: Clinic, ana: bytes) -> None:
    key = clinic.run(
        add_stay, ana, kind="inpatient", admitted=date(2026, 11, 16), discharged=FRIDAY, discharged_to="home"
    ).id
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["stay-summary"], ana, key)
        await pilot.pause()
        result = await save(pilot, future)
        assert opening.said(result.value) == "Discharge summary received."
    assert clinic.read(stays, ana)[0].summary_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"discharged": date(2026, 11, 10)}, "discharged"),
        ({"discharged": date(2026, 11, 24)}, "discharged"),
        ({"admitted": date(2026, 11, 24), "discharged": None}, "admitted"),
        ({"heard_on": date(2026, 11, 24)}, "heard_on"),
        ({"summary_on": date(2026, 11, 24)}, "summary_on"),
        ({"summary_on": date(2026, 11, 10)}, "summary_on"),
        ({"medications_reconciled_on": "2026-12"}, "medications_reconciled_on"),
        ({"medications_reconciled_on": "2026-11-18"}, "medications_reconciled_on"),
    ],
)
def test_what_can_not_be_is_told_at_its_field(
    clinic: Clinic, ana: bytes, values: dict[str, Any], field: str
) -> None:
    whole = {"kind": "inpatient", "admitted": date(2026, 11, 16), "discharged": FRIDAY}
    with pytest.raises(Invalid) as error:
        clinic.run(add_stay, ana, **{**whole, **values})
    assert set(error.value.fields) == {field}
    key = clinic.run(add_stay, ana, **whole).id
    with pytest.raises(Invalid):
        clinic.run(edit_stay, key, None, **values)


def test_stays_that_lie_over_each_other_are_told(clinic: Clinic, ana: bytes) -> None:
    clinic.run(add_stay, ana, kind="inpatient", admitted=date(2026, 11, 10), discharged=FRIDAY)
    with pytest.raises(Invalid, match="lies over the hospital stay"):
        clinic.run(add_stay, ana, kind="inpatient", admitted=date(2026, 11, 16))
