"""The consent form by keys: the script is read from it, and what saving does is said before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot

from cmp_tui.billing.month_queries import month_view
from cmp_tui.caseload.queries import count
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.enrollment import queries
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.consent_form import POINTS, SCRIPT
from cmp_tui.enrollment.forms import FORMS
from cmp_tui.enrollment.rules import POINTS as ALL
from cmp_tui.enrollment.script_field import ScriptEditor
from cmp_tui.patients.actions import edit_patient
from cmp_tui.patients.form_values import OUTSIDE
from cmp_tui.ui.fields.tell import Telling
from tests.conftest import AsUser
from tests.enrollment.conftest import Consented
from tests.patients.forming import Forms, forms, save, type_in

TODAY = date(2026, 11, 23)


async def choose(app: Forms, pilot: Pilot[None], **values: str) -> None:
    """Sets choices to their values, as a draft would."""
    for name, value in values.items():
        editor = app.form.sheet.editors[name]
        editor.put(value)
        editor.mark_edited()
    await pilot.pause()


def points(app: Forms, name: str = POINTS) -> ScriptEditor:
    editor = app.form.sheet.editors[name]
    assert isinstance(editor, ScriptEditor)
    return editor


def told(app: Forms) -> str:
    """What the form says by itself."""
    shown = [one for one in app.form.sheet.shown().values() if isinstance(one, Telling)]
    return " ".join(text for one in shown for line in one._wrapped(90) for text, _ in line)


async def test_the_sentence_to_say_follows_the_cursor(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["consent"], ana)
        await pilot.pause()
        await choose(app, pilot, decision="accepted", mode="verbal")
        app.form.sheet.visit(POINTS)
        await pilot.pause()
        assert points(app).sentence().startswith("We offer help between visits")
        await pilot.press("space", "down", "space", "down")
        assert "That would be Amy Levin." in points(app).sentence()
        shown = "\n".join(points(app).render_line(y).text for y in range(points(app).size.height))
        assert "\u201cOnly one practitioner can be paid" in " ".join(shown.split())
        await pilot.press("space", "down", "space")
        assert (await save(pilot, future)).saved
    line = clinic.read(queries.consents, ana)[0]
    assert (line.points, line.script_version, line.taken_by_name) == (
        frozenset(ALL),
        "ccm 2026-11",
        "Dana Ruiz",
    )


async def test_who_speaks_spanish_is_read_spanish(clinic: Clinic, ana: bytes) -> None:
    clinic.run(edit_patient, ana, None, language="Spanish")
    async with forms(clinic) as (app, pilot):
        await app.show(FORMS["consent"], ana, program="BHI")
        await choose(app, pilot, decision="accepted")
        editor = points(app, f"{SCRIPT}BHI")
        assert editor.sentence().startswith("Le ofrecemos ayuda con el ánimo")
        assert editor.hint() == "say it, space ticks it; script behavioral 2026-11, in Spanish"


async def test_a_point_that_the_script_needs_is_asked_for(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["consent"], ana, program="BHI")
        await choose(app, pilot, decision="accepted", mode="verbal")
        await pilot.press("ctrl+s")
        editor = points(app, f"{SCRIPT}BHI")
        while app.form.busy or not editor.wrong:
            await pilot.pause(0.02)
        assert "specialists may be asked" in editor.wrong and "cost" in editor.wrong
        assert "available" not in editor.wrong, "that one is our own choice"
        for place, point in enumerate(editor.spec.options):
            if point.value in ("cost", "consult"):
                editor.toggle(place)
        assert (await save(pilot, future)).saved
    assert clinic.read(queries.consents, ana)[0].points == {"cost", "consult"}


async def test_asked_needs_no_answer(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["consent"], ana)
        await choose(app, pilot, decision="asked")
        assert not {"mode", "paper", POINTS} & set(app.form.sheet.shown())
        result = await save(pilot, future)
        assert opening.said(result.value) == "Asked for consent to CCM. Today reminds you in 7 days."
        assert opening.then(result.value) is None
    line = clinic.read(queries.consents, ana)[0]
    assert (line.decision, line.mode, line.points, line.script_version) == ("asked", None, None, None)


async def test_a_signed_paper_has_its_place(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["consent"], ana)
        await choose(app, pilot, decision="accepted", mode="verbal")
        assert "paper" not in app.form.sheet.shown()
        await choose(app, pilot, mode="written")
        await type_in(pilot, app.form, "paper", "folder 12, sheet 3")
        for place in range(4):
            points(app).toggle(place)
        assert (await save(pilot, future)).saved
    assert clinic.read(queries.consents, ana)[0].paper == "folder 12, sheet 3"
    with pytest.raises(Invalid, match="in writing"):
        clinic.run(
            record_consent, ana, program="CCM", decision="accepted", date=TODAY, mode="verbal", points=ALL, paper="x"
        )  # fmt: skip


async def test_a_revocation_says_what_it_does_before(clinic: Clinic, ana: bytes, consent: Consented) -> None:
    consent(date(2026, 3, 4))
    clinic.run(enroll, ana, program="CCM", start=date(2026, 3, 4))
    async with forms(clinic) as (app, pilot):
        _, future = await app.show(FORMS["consent"], ana)
        assert "until" not in told(app)
        await choose(app, pilot, decision="revoked", mode="verbal")
        words = told(app)
        assert "It holds until Mon 30" in words and "may still be billed" in words
        assert "The enrollment in CCM ends on that day." in words and "No other program goes on" in words
        assert clinic.read(queries.enrollments, ana)[0].end is None, "it is only said"
        assert (await save(pilot, future)).saved
    assert clinic.read(queries.enrollments, ana)[0].end == date(2026, 11, 30)


async def test_another_practitioner_is_told_and_proposed(
    clinic: Clinic, ana: bytes, consent: Consented
) -> None:
    consent(date(2026, 3, 4), practitioner="levin")
    row = clinic.run(enroll, ana, program="CCM", start=date(2026, 3, 4), practitioner="levin")
    async with forms(clinic) as (app, pilot):
        await app.show(FORMS["consent"], ana)
        await pilot.pause()
        assert "Ask again" not in told(app), "the same practitioner bills"
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["enrollment"], ana, row.id)
        await choose(app, pilot, practitioner=OUTSIDE)
        await type_in(pilot, app.form, "outside_name", "Dr. Ito")
        result = await save(pilot, future)
        assert opening.then(result.value) == ("consent", ana, None, {"program": "CCM"})
        await app.show(FORMS["consent"], ana, program="CCM")
        await pilot.pause()
        words = told(app)
        assert "was given to Amy Levin; Dr. Ito bills now. Ask again" in words
        assert app.form.sheet.editors["outside_name"].read().value == "Dr. Ito"


# Asked is no decision: every reader


def test_asked_changes_nothing_of_what_holds(clinic: Clinic, ana: bytes, consent: Consented) -> None:
    asked: dict[str, Any] = {"mode": None, "points": ()}
    consent(date(2026, 10, 1), "asked", **asked)
    assert clinic.read(queries.consent_now, ana) is None
    shown = clinic.read(queries.consent_shown, ana)
    assert shown is not None and (shown.decision, shown.since) == ("asked", date(2026, 10, 1))
    with pytest.raises(Invalid, match="There is no consent"):
        clinic.run(enroll, ana, program="CCM", start=TODAY)
    with pytest.raises(Invalid, match="no agreement in force"):
        consent(TODAY, "revoked")
    consent(date(2026, 10, 5))
    clinic.run(enroll, ana, program="CCM", start=date(2026, 10, 5))
    before = _bill(clinic, ana)
    consent(date(2026, 11, 3), "asked", **asked)
    assert clinic.read(queries.consent_now, ana) == "accepted"
    assert clinic.read(queries.consent_spans, [ana], "CCM")[ana] == (queries.Span(date(2026, 10, 5), None),)
    assert clinic.read(lambda scope: ana in [one.patient for one in queries.consented(scope, TODAY)])
    assert clinic.read(count, "team", "consent:yes") == 1
    assert _bill(clinic, ana) == before, "billing does not count it"
    consent(date(2026, 11, 4), "revoked")
    consent(date(2026, 11, 5), "asked", **asked)
    assert clinic.read(queries.consent_now, ana, "CCM", date(2026, 12, 1)) == "revoked"


def _bill(clinic: Clinic, ana: bytes) -> list[tuple[str, str]]:
    """What the month says of consent."""
    (result,) = clinic.read(month_view, Month.parse("2026-11"), [ana]).patients
    return [(note.rule, note.says) for note in (*result.blocked, *result.warnings) if "consent" in note.rule]


def test_the_dead_are_not_asked(clinic: Clinic, ana: bytes, as_user: AsUser) -> None:
    clinic.run(edit_patient, ana, None, deceased=True)
    with pytest.raises(Invalid, match="has died"):
        as_user("ben").run(record_consent, ana, program="CCM", decision="asked", date=TODAY, mode=None)
