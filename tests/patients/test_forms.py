"""The forms about people, filled in with keys on a real file."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone
from cmp_tui.patients import actions, queries
from cmp_tui.patients.forms import FORMS
from tests.conftest import AsUser
from tests.patients.forming import forms, save, type_in


async def test_a_new_patient_by_keys(clinic: Clinic) -> None:
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["patient"])
        await pilot.pause()
        await pilot.press(*"Okafor", "enter", *"James", "enter", *"11/3/1958", "enter", "m")
        await type_in(pilot, app.form, "phone", "512 555 0188")
        await type_in(pilot, app.form, "postal_code", "787")
        result = await save(pilot, future)
        assert opening.said(result.value) == "Okafor, James added, record number T-1."
    line = clinic.read(queries.find_patients, "okafor")[0]
    card = clinic.read(queries.patient_card, line.id)
    assert (card.family, card.given, card.birth_date, card.sex) == ("Okafor", "James", "1958-11-03", "M")
    assert card.care_manager_name == "Dana Ruiz" and card.postal_code == "787"
    assert [phone.number for phone in card.phones] == ["(512) 555-0188"]


async def test_someone_who_may_be_here_already_is_asked_about_once(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["patient"])
        await pilot.pause()
        await pilot.press(*"Ruis", "tab", *"Ana", "tab", *"2/11/1948", "ctrl+s")
        while app.form.busy or not app.form.title_line.wrong:
            await pilot.pause(0.02)
        assert "Perhaps here already: Ruiz-Moreno, Ana 1948-02-11" in app.form.title_line.wrong
        assert clinic.read(queries.patient_count) == 1
        assert (await save(pilot, future)).saved
    assert clinic.read(queries.patient_count) == 2


async def test_only_what_was_changed_is_sent(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    clinic.run(actions.edit_patient, ana, None, billing_practitioner="Dr. Ito")
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["patient"], ana)
        await pilot.pause()
        as_user("ben").run(actions.edit_patient, ana, None, city="Austin")
        await type_in(pilot, app.form, "mbi", "1S00A00AA00")
        result = await save(pilot, future)
        assert result.saved and "Medicare number" in opening.said(result.value)
    card = clinic.read(queries.patient_card, ana)
    assert (card.mbi, card.city, card.billing_practitioner) == ("1S00A00AA00", "Austin", "Dr. Ito")


async def test_a_condition_by_its_code(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["condition"], ana)
        await pilot.pause()
        assert "Ruiz-Moreno, Ana" in app.form.title_line.identity
        await pilot.press(*"Type 2 diabetes".replace(" ", ""), "tab", *"e119")
        assert app.form.sheet.editors["code"].read().echo == "Diabetes, chronic"
        assert (await save(pilot, future)).saved
    line = clinic.read(queries.conditions, ana)[0]
    assert (line.code, line.group, line.chronic, line.system) == ("E11.9", "diabetes", True, "icd-10-cm")


async def test_a_social_code_stays_at_its_field(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        await app.show(FORMS["condition"], ana)
        await pilot.pause()
        await pilot.press(*"homeless", "tab", *"Z590", "ctrl+s")
        while app.form.busy or not app.form.sheet.editors["code"].wrong:
            await pilot.pause(0.02)
        assert "social need" in app.form.sheet.editors["code"].wrong
    assert clinic.read(queries.conditions, ana) == []


@pytest.mark.parametrize(
    ("name", "field", "text", "read", "wanted"),
    [
        ("phone", "number", "737 555 0101", queries.phones, "(737) 555-0101"),
        ("allergy", "substance", "penicillin", queries.allergies, "penicillin"),
        ("person", "name", "Luc", queries.people, "Luc"),
        ("team-member", "name", "Ito", queries.team, "Ito"),
        ("condition", "display", "gout", queries.conditions, "gout"),
    ],
)
async def test_each_form_adds_and_then_changes(
    clinic: Clinic, ana: bytes, name: str, field: str, text: str, read: Any, wanted: str
) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS[name], ana)
        await pilot.pause()
        await type_in(pilot, app.form, field, text)
        assert (await save(pilot, future)).saved
        new = next(one for one in clinic.read(read, ana) if getattr(one, field) == wanted)
        _, future = await app.show(FORMS[name], ana, new.id)
        await pilot.pause()
        await type_in(pilot, app.form, field, "9")
        assert (await save(pilot, future)).saved
    changed = next(one for one in clinic.read(read, ana) if one.id == new.id)
    assert changed.version == 2 and getattr(changed, field) != wanted


async def test_forms_of_what_is_gone_say_so(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, _):
        for maker in FORMS.values():
            with pytest.raises(Gone):
                await maker(app.context, ana if maker is not FORMS["patient"] else None, b"\0" * 16, {})
        with pytest.raises(Gone):
            await FORMS["phone"](app.context, None, None, {})


async def test_two_people_editing_one_field_see_both_texts(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["patient"], ana)
        await pilot.pause()
        as_user("ben").run(actions.edit_patient, ana, None, given="Anna")
        await type_in(pilot, app.form, "given", "x")
        await pilot.press("ctrl+s")
        while app.form.busy or not app.form.title_line.wrong:
            await asyncio.sleep(0.02)
        assert "Ben Ortiz" in app.form.title_line.wrong
        assert clinic.read(queries.patient_card, ana).given == "Anna"
        assert (await save(pilot, future)).saved
    assert clinic.read(queries.patient_card, ana).given == "Anax"
