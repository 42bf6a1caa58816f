"""The risk tier by keys, in the whole program: on the chart and in the caseload, as a nurse and as a doctor."""

from __future__ import annotations

from datetime import date

import pytest
from textual.widgets import Static

from cmp_tui.app import CmpApp
from cmp_tui.assessments.risk_actions import set_tier, write_tiers
from cmp_tui.assessments.risk_queries import TierLine, stratify, tier_line
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.actions import add_condition, add_patient
from cmp_tui.ui.messages import OpenChart
from cmp_tui.ui.page import PlainPage
from tests.app.driving import Driver, driving
from tests.assessments.risk_scene import make_ana
from tests.conftest import AsUser

SIZES = [(80, 24), (120, 36)]


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Nine points, tier 4."""
    return make_ana(clinic)


def kept(clinic: Clinic, patient: bytes) -> TierLine | None:
    return clinic.read(tier_line, patient)


def run(clinic: Clinic) -> None:
    clinic.run(write_tiers, clinic.read(stratify))


async def to_the_tier(keys: Driver, patient: bytes) -> None:
    """Opens the chart, and the form behind the line of its Summary."""
    keys.app.post_message(OpenChart(patient))
    await keys.settle()
    for _ in range(40):
        row = keys.board.query_one("#summary").row
        if row is not None and row.form == "tier":
            break
        await keys.press("j")
    await keys.press("enter")
    assert keys.form is not None and keys.form.spec.name == "tier"


@pytest.mark.parametrize("size", SIZES)
async def test_a_nurse_sees_the_points_and_their_rows_and_saves_them(
    clinic: Clinic, ana: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size=size) as keys:
        await to_the_tier(keys, ana)
        text = keys.text
        assert "By the rules 4 of 6 (raised) by 9 points today. Nothing is kept yet" in text
        assert "Conditions that turn quickly" in text and "+3" in text
        await keys.press("down")
        assert "2 found: 1 gives 1" not in keys.text and "1 gives 2 points, 2 give 3" in keys.text
        await keys.press("enter")
        page = keys.app.screen
        assert isinstance(page, PlainPage)
        said = str(page.query_one(Static).render())
        assert "Heart failure, I50.9, chronic" in said and "Kidneys" in said and "Pressure" not in said
        await keys.press("escape", "ctrl+s")
        assert keys.notice.endswith("Tier 4 by 9 points.")
        assert "4 of 6 · 9 points" in keys.text
    found = kept(clinic, ana)
    assert found is not None and (found.tier, found.points, found.set_tier) == (4, 9, None)


async def test_a_nurse_has_no_field_for_a_tier_of_her_own(clinic: Clinic, ana: bytes) -> None:
    async with driving(clinic, size=(80, 24)) as keys:
        await to_the_tier(keys, ana)
        assert keys.form is not None
        assert set(keys.form.sheet.editors) == {"points", "told"}


@pytest.mark.parametrize("size", SIZES)
async def test_a_doctor_sets_a_tier_with_reason_and_review_and_takes_it_away(
    as_user: AsUser, clinic: Clinic, ana: bytes, size: tuple[int, int]
) -> None:
    run(clinic)
    levin = as_user("levin")
    async with driving(levin, size=size) as keys:
        await to_the_tier(keys, ana)
        await keys.go_to("set_tier")
        await keys.press("'6'", "enter", "ctrl+s")
        assert "Why is needed." in keys.text
        await keys.go_to("set_why")
        await keys.press("'I would not be surprised'")
        await keys.go_to("review_on")
        await keys.press("'2/1/2027'", "ctrl+s")
        assert keys.notice.endswith("Tier 6 holds until the review 1 Feb.")
        assert "6 of 6 · set by Amy Levin, MD" in keys.text
        found = kept(clinic, ana)
        assert found is not None and (found.set_tier, found.review_on) == (6, date(2027, 2, 1))
        await to_the_tier(keys, ana)
        assert "Holds: 6 of 6" in keys.text
        await keys.go_to("set_tier")
        await keys.press("ctrl+u", "ctrl+s")
        assert keys.notice.endswith("Tier 4 by 9 points.")
    found = kept(clinic, ana)
    assert found is not None and (found.set_tier, found.set_why, found.tier) == (None, None, 4)


async def test_tab_takes_the_tier_and_goes_to_the_fields_that_appear_for_it(
    as_user: AsUser, clinic: Clinic, ana: bytes
) -> None:
    async with driving(as_user("levin"), size=(80, 24)) as keys:
        await to_the_tier(keys, ana)
        await keys.go_to("set_tier")
        await keys.press("'6'", "tab", "'frail, lives alone'", "tab", "'2/1/2027'", "ctrl+s")
        assert keys.form is None, keys.text
    found = kept(clinic, ana)
    assert found is not None and (found.set_tier, found.set_why) == (6, "frail, lives alone")


async def test_a_doctor_who_changes_nothing_leaves_the_own_tier_and_its_day(
    as_user: AsUser, clinic: Clinic, ana: bytes
) -> None:
    levin = as_user("levin")
    why = "Well looked after by her son and his wife, who live next door and come by twice a day"
    levin.run(set_tier, ana, 2, why, date(2027, 2, 1))
    clinic.run(add_condition, ana, display="COPD", system="icd-10-cm", code="J44.9")
    async with driving(levin, size=(80, 24)) as keys:
        await to_the_tier(keys, ana)
        await keys.go_to("set_why")
        line = next(line for line in keys.lines if "Why*" in line)
        assert "Well looked after by her son" in line, "also a reason that is longer than its field is seen"
        await keys.press("ctrl+s")
        assert keys.notice.endswith("Tier 2, set by a clinician, still holds; the rules say 5.")
    found = kept(clinic, ana)
    assert found is not None and (found.set_tier, found.tier, found.effective) == (2, 5, 2)


async def test_the_caseload_shows_sorts_and_filters_by_the_tier(clinic: Clinic, ana: bytes) -> None:
    clinic.run(add_patient, family="Bell", given="Tom", mrn="B-1")
    run(clinic)
    async with driving(clinic, size=(80, 24)) as keys:
        await keys.press("2")
        assert "risk" in keys.text and keys.row.family == "Bell"
        for _ in range(9):
            if "by risk, highest first" in keys.title:
                break
            await keys.press("s")
        assert keys.row.family == "Ruiz-Moreno" and keys.row.tier == 4
        await keys.press("f", "'risk:<=2'", "enter")
        assert keys.row.family == "Bell" and "1 patient" in keys.title
        await keys.press("f", "ctrl+u", "'risk:9'", "enter")
        assert "risk: takes a tier from 1 to 6" in keys.text


async def test_the_preview_says_the_tier(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    as_user("levin").run(set_tier, ana, 6, "Frail.", date(2027, 2, 1))
    async with driving(clinic) as keys:
        assert isinstance(keys.app, CmpApp)
        await keys.press("2")
        assert "6 of 6 · set by Amy Levin, MD" in " ".join(keys.preview.split())


async def test_a_wrong_file_of_the_clinics_own_is_told_where_the_form_would_open(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    run(clinic)
    own = clinic.path.with_suffix(".data")
    own.mkdir()
    (own / "risk.toml").write_text("[[tier]]\ntier = 9\n", encoding="utf-8")
    async with driving(as_user("ben"), size=(120, 36)) as keys:
        keys.app.post_message(OpenChart(ana))
        await keys.settle()
        assert "4 of 6 · 9 points" in keys.text, "what is kept is still shown"
        for _ in range(40):
            row = keys.board.query_one("#summary").row
            if row is not None and row.form == "tier":
                break
            await keys.press("j")
        await keys.press("enter")
        assert keys.form is None
        assert "risk.toml can't be used: line 1" in keys.notice
