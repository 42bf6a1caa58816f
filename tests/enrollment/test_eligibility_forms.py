"""The checklist as a form, by keys: programs side by side, what is behind an answer, and a decision."""

from __future__ import annotations

from datetime import date

import pytest
from textual.pilot import Pilot

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.enrollment import queries
from cmp_tui.enrollment.actions import enroll
from cmp_tui.enrollment.eligibility_actions import decide_eligibility
from cmp_tui.enrollment.eligibility_forms import FORMS
from cmp_tui.enrollment.eligibility_queries import decisions
from cmp_tui.enrollment.forms import FORMS as ENROLLING
from cmp_tui.ui.fields.grid import GridEditor
from cmp_tui.ui.form import Form
from cmp_tui.ui.page import PlainPage
from tests.app.driving import Driver
from tests.conftest import AsUser
from tests.enrollment.conftest import Consented
from tests.enrollment.test_eligibility_actions import fit as fit
from tests.patients.forming import forms, save, type_in


def grid(form: Form) -> GridEditor:
    editor = form.sheet.editors["rules"]
    assert isinstance(editor, GridEditor)
    return editor


def drawn(form: Form) -> str:
    editor = grid(form)
    return "\n".join(editor.render_line(y).text.rstrip() for y in range(editor.size.height))


async def page(pilot: Pilot[None]) -> str:
    """The page that has opened."""
    screen = pilot.app.screen
    assert isinstance(screen, PlainPage)
    return screen._content.plain


async def test_programs_stand_side_by_side(clinic: Clinic, fit: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        await app.show(FORMS["eligibility"], fit)
        await pilot.pause()
        lines = drawn(app.form).splitlines()
        assert lines[0].split() == ["CCM", "PCM", "TCM", "BHI", "COCM", "APCM", "RPM", "CHI", "PIN"]
        assert lines[1].split() == ["In", "all", "‹yes›", "yes", "no", "no", "no", "yes", "?", "?", "?"]
        assert lines[3].split() == ["Conditions", "yes", "yes", "·", "no", "no", "·", "·", "·", "yes"]
        assert "CCM, chronic care management: yes. 2 chronic conditions." in drawn(app.form)


async def test_every_answer_opens_into_its_rows(clinic: Clinic, fit: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        await app.show(FORMS["eligibility"], fit)
        await pilot.pause()
        await pilot.press("down", "down")
        assert "CCM: 2 chronic conditions." in drawn(app.form)
        await pilot.press("enter")
        await pilot.pause()
        text = await page(pilot)
        assert "– E11.9, E11.9, chronic, confirmed by Amy Levin 3 Mar" in text
        assert "Rule: NGS Medicare, Chronic care management" in text
        await pilot.press("escape")
        await pilot.press("right", "right", "right", "down", "down")
        assert "BHI: Seen 20 Oct with Amy Levin." in drawn(app.form)
        await pilot.press("down", "down", "left", "left")
        assert "High use: No stay or emergency visit since 23 May is recorded: ask" in drawn(app.form)
        await pilot.press("right", "right")
        assert "score: No score came from a payer." in drawn(app.form)


async def test_a_decision_with_the_rules(clinic: Clinic, fit: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["eligibility"], fit)
        await pilot.pause()
        app.form.sheet.visit("eligible")
        await pilot.press("y")
        result = await save(pilot, future)
        assert opening.said(result.value) == "CCM: decided yes."
    (line,) = clinic.read(decisions, fit)
    assert line.eligible and not line.overruled


async def test_a_decision_against_the_rules_is_told_at_once(as_user: AsUser, fit: bytes) -> None:
    for name, says in (
        ("dana", "Only a clinician may overrule"),
        ("levin", "To overrule them needs your reason"),
    ):
        clinic = as_user(name)
        async with forms(clinic) as (app, pilot):
            opening, future = await app.show(FORMS["eligibility"], fit, program="TCM")
            await pilot.pause()
            assert "against-no" not in app.form.sheet.shown()
            app.form.sheet.visit("eligible")
            await pilot.press("y")
            field = app.form.sheet.shown()["against-no"]
            assert says in "".join(field.render_line(y).text for y in range(3))
            if name == "levin":
                await type_in(pilot, app.form, "why", "came home on Friday")
                result = await save(pilot, future)
                assert opening.said(result.value) == "TCM: decided yes, against the rules."
    assert as_user("dana").read(decisions, fit)[0].why == "came home on Friday"


async def test_what_was_decided_stands_in_the_checklist(clinic: Clinic, fit: bytes) -> None:
    row = clinic.run(decide_eligibility, fit, program="CHI", eligible=False, why="no need named")
    async with forms(clinic) as (app, pilot):
        await app.show(FORMS["eligibility"], fit, row.id)
        await pilot.pause()
        assert app.form.sheet.values()["program"] == "CHI"
        await pilot.press("down")
        assert "CHI: decided no by Dana Ruiz, RN, today: no need named." in drawn(app.form)


async def test_two_programs_that_exclude_each_other_are_told_at_once(
    clinic: Clinic, fit: bytes, consent: Consented
) -> None:
    for program in ("CCM", "APCM"):
        consent(date(2026, 3, 4), program=program)
    clinic.run(enroll, fit, program="CCM", start=date(2026, 3, 4))
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(ENROLLING["enrollment"], fit, program="RPM")
        await pilot.pause()
        shown = app.form.sheet.shown
        assert not [name for name in shown() if name.startswith("told-")]
        app.form.sheet.editors["program"].put("APCM")
        app.form.sheet.apply_conditions()
        await pilot.pause()
        (name,) = [name for name in shown() if name.startswith("told-")]
        text = " ".join(shown()[name].render_line(y).text.strip() for y in range(4))
        assert "APCM already holds what CCM, PCM and TCM pay for" in text
        assert "only one of the two is billed" in text
        assert (await save(pilot, future)).saved, "it is told, not forbidden: the practice decides"
    assert {one.program for one in clinic.read(queries.enrollments, fit)} == {"CCM", "APCM"}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_from_the_chart_by_keys(clinic: Clinic, fit: bytes, size: tuple[int, int]) -> None:
    from cmp_tui.app import CmpApp
    from cmp_tui.ui.messages import OpenChart

    app = CmpApp(clinic)
    async with app.run_test(size=size) as pilot:
        driver = Driver(pilot)
        await driver.settle()
        app.post_message(OpenChart(fit))
        await driver.settle()
        assert any("Eligible" in line and "yes CCM, PCM, APCM" in line for line in driver.lines)
        await driver.press("n", "g")
        words = "\n".join(driver.lines)
        assert "Eligibility" in words and "Ruiz-Moreno, Ana" in words
        assert "CCM  PCM  TCM  BHI  COCM APCM RPM  CHI  PIN" in words or "PIN" in words
        for label in ("In all", "Insurance", "Conditions", "It is for", "Visit", "Elsewhere", "Also"):
            assert label in words
        await driver.press("tab", "tab", "y", "ctrl+s")
        assert [(one.program, one.eligible) for one in clinic.read(decisions, fit)] == [("CCM", True)]
        assert any("decided eligible" in line for line in driver.lines)
