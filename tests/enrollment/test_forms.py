"""The forms about consent and enrollment, filled in with keys on a real file."""

from __future__ import annotations

from datetime import date

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.enrollment import queries
from cmp_tui.enrollment.actions import enroll
from cmp_tui.enrollment.form_values import (
    consent_values,
    enrollment_changes,
    enrollment_values,
    practitioner_shown,
)
from cmp_tui.enrollment.forms import FORMS
from cmp_tui.patients.form_values import OUTSIDE
from tests.enrollment.conftest import Consented
from tests.patients.forming import forms, save, type_in

TODAY = date(2026, 11, 23)


def test_values_of_the_consent_form() -> None:
    values = consent_values({"program": "CCM", "decision": "revoked", "remarks": "", "practitioner": "levin"})
    assert values == {
        "program": "CCM", "decision": "revoked", "remarks": None, "practitioner": "levin", "points": (), "mode": None,
    }  # fmt: skip
    outside = consent_values({"practitioner": OUTSIDE, "outside_name": "Dr. Ito", "points": ("stop",)})
    assert (
        outside["practitioner"] == "Dr. Ito"
        and outside["points"] == ("stop",)
        and "outside_name" not in outside
    )


def test_values_of_the_enrollment_form() -> None:
    assert enrollment_values({"program": "CCM", "end": None}) == {"program": "CCM", "start": None}
    assert enrollment_changes({"end": None, "reason": ""}, {}) == {"end": None, "reason": None}
    assert practitioner_shown("levin", ["levin"])["practitioner"] == "levin"
    assert practitioner_shown("Dr. Ito", ["levin"]) == {"practitioner": OUTSIDE, "outside_name": "Dr. Ito"}


async def test_consent_then_enrollment_by_keys(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["consent"], ana)
        await pilot.pause()
        app.form.sheet.visit("decision")
        await pilot.press("a")
        app.form.sheet.visit("mode")
        await pilot.press("v", "ctrl+s")
        while app.form.busy or not app.form.sheet.editors["points"].wrong:
            await pilot.pause(0.02)
        assert "cost sharing may apply" in app.form.sheet.editors["points"].wrong
        app.form.sheet.visit("points")
        await pilot.press("space", "down", "space", "down", "space", "down", "space")
        result = await save(pilot, future)
        assert opening.said(result.value) == "Consent to CCM accepted."
        follows = opening.then(result.value)
        assert follows == ("enrollment", ana, None, {"program": "CCM"})
        opening, future = await app.show(FORMS["enrollment"], ana, program="CCM")
        await pilot.pause()
        result = await save(pilot, future)
        assert opening.said(result.value) == "CCM: enrolled."
    line = clinic.read(queries.enrollments, ana)[0]
    assert (line.program, line.status, line.start, line.practitioner) == ("CCM", "active", TODAY, "levin")


async def test_without_consent_the_sentence_stands_at_the_start_day(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        await app.show(FORMS["enrollment"], ana)
        await pilot.pause()
        await pilot.press("ctrl+s")
        while app.form.busy or not app.form.sheet.editors["start"].wrong:
            await pilot.pause(0.02)
        assert "There is no consent" in app.form.sheet.editors["start"].wrong
    assert clinic.read(queries.enrollments, ana) == []


async def test_an_enrollment_ends_by_the_form(clinic: Clinic, ana: bytes, consent: Consented) -> None:
    consent(date(2026, 3, 4))
    row = clinic.run(enroll, ana, program="CCM", start=date(2026, 3, 4))
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["enrollment"], ana, row.id)
        await pilot.pause()
        app.form.sheet.visit("status")
        await pilot.press("e")
        assert app.form.sheet.editors["status"].read().value == "finished"
        await type_in(pilot, app.form, "ended", "graduated")
        await type_in(pilot, app.form, "reason", "moved")
        assert (await save(pilot, future)).saved
    line = clinic.read(queries.enrollments, ana)[0]
    assert (line.status, line.end, line.reason) == ("finished", TODAY, "moved")


async def test_a_death_in_the_patient_form_ends_the_program(
    clinic: Clinic, ana: bytes, consent: Consented
) -> None:
    consent(date(2026, 3, 4))
    clinic.run(enroll, ana, program="CCM", start=date(2026, 3, 4))
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["patient"], ana)
        await pilot.pause()
        app.form.sheet.visit("deceased")
        await pilot.press("y")
        await type_in(pilot, app.form, "deceased_on", "11/20/2026")
        assert (await save(pilot, future)).saved
    assert clinic.read(queries.enrollments, ana)[0].end == date(2026, 11, 20)
