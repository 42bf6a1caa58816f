"""The chart's Plan with keys alone, at both sizes: made from templates, moved, reviewed, approved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest

from cmp_tui.careplan.actions import (
    add_barrier,
    add_goal,
    add_intervention,
    edit_goal,
    edit_plan,
    record_progress,
)
from cmp_tui.careplan.queries import goal_line, goals_of, whole_plan
from cmp_tui.careplan.version_actions import finish_review
from cmp_tui.chart.screen import ChartScreen
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.measurements.queries import values_of
from cmp_tui.ui.messages import OpenChart
from tests.app.driving import SIZES, Driver, driving
from tests.careplan.conftest import Bring
from tests.conftest import AsUser
from tests.snapshots import same_as_kept, screen_text

both = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@asynccontextmanager
async def plan_of(
    clinic: Clinic, patient: bytes, size: tuple[int, int] = (120, 36), panel: str = "plan"
) -> AsyncIterator[Driver]:
    """The program on a patient's plan."""
    async with driving(clinic, size) as person:
        person.app.post_message(OpenChart(patient, panel))
        await person.settle()
        yield person


def chart(person: Driver) -> ChartScreen:
    assert isinstance(person.board, ChartScreen)
    return person.board


async def go(person: Driver, words: str) -> None:
    """Moves the cursor down to the row that says something."""
    for _ in range(40):
        row = chart(person).row
        if row is not None and words in getattr(row.line, "title", getattr(row.line, "words", "") or ""):
            return
        await person.press("j")
    raise AssertionError(f"no row says {words}")


@pytest.fixture
def full(clinic: Clinic, ana: bytes, sugar: bytes, lab: Bring, clock: FrozenClock) -> bytes:
    """Ana's plan with something of everything; a version of October; the clock is back on 23 November."""
    now, clock.at = clock.at, datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
    lab(8.9, date(2026, 9, 8))
    lab(8.6, date(2026, 10, 5))
    clinic.run(add_barrier, ana, kind="cost", goal=sugar, words="strips are 40 a month")
    clinic.run(
        add_intervention, ana, title="Write the sugars down", goal=sugar, responsible="patient", every=1
    )
    clinic.run(
        add_intervention, ana, title="Go over the sugars", goal=sugar, every=30, due=date(2026, 11, 20)
    )
    walk = clinic.run(
        add_goal, ana, title="Walk after supper", problem="Sits most of the day", unit="days a week",
        direction="above", baseline=1, target=5, due=date(2026, 12, 15), importance=8, confidence=6,
    ).id  # fmt: skip
    clinic.run(edit_plan, ana, 1, matters="My grandson's wedding", signs={"911": ["Chest pain"]})
    clinic.run(finish_review, ana)
    clock.at = now
    clinic.run(record_progress, walk, value=3, note="to the mailbox and back")
    lab(8.3, date(2026, 11, 20))
    return ana


@both
async def test_the_plan_looks_like_this(clinic: Clinic, full: bytes, size: tuple[int, int]) -> None:
    async with plan_of(clinic, full, size) as person:
        same_as_kept(f"plan-{size[0]}x{size[1]}", screen_text(person.app))
        await go(person, "A1c under 8")
        if size[0] < 100:
            await person.press("space")
        same_as_kept(f"plan-goal-{size[0]}x{size[1]}", screen_text(person.app))


@both
async def test_a_plan_is_made_from_two_templates(
    clinic: Clinic, ana: bytes, diabetes: bytes, size: tuple[int, int]
) -> None:
    async with plan_of(clinic, ana, size) as person:
        await person.press("n", "t")
        assert person.form is not None and person.form.spec.name == "plan-templates"
        assert [name for name, _ in person.value("templates")] == ["diabetes"]  # type: ignore[attr-defined]
        editor = person.field("templates")
        place = next(at for at, one in enumerate(editor.field.lines) if one.key == "tobacco")  # type: ignore[attr-defined]
        await person.press(*["down"] * place, "space", "ctrl+s")
        assert person.form is not None and person.form.spec.name == "plan-start"
        same_as_kept(f"plan-start-{size[0]}x{size[1]}", screen_text(person.app))
        await person.go_to("own-diabetes-a1c")
        await person.press("'I want to see the wedding.'", "ctrl+s")
        assert person.form is None
    whole = clinic.read(whole_plan, ana)
    titles = {goal.topic for goal in whole.goals}
    assert titles == {"diabetes", "tobacco"}
    a1c = next(goal for goal in whole.goals if goal.measure == "a1c")
    assert a1c.own_words == "I want to see the wedding." and a1c.condition == diabetes
    assert a1c.interventions and whole.plan is not None and whole.plan.signs["911"]
    assert any(step.title.startswith("Teach: ") for goal in whole.goals for step in goal.interventions)
    assert whole.plan.outlook


async def test_what_a_template_suggests_is_rewritten_or_left_out(
    clinic: Clinic, ana: bytes, diabetes: bytes
) -> None:
    async with plan_of(clinic, ana) as person:
        await person.press("n", "t", "ctrl+s")
        await person.press("down", "space")  # the second goal is not taken
        await person.go_to("steps-diabetes")
        await person.press("space", "down", "enter", "' on Mondays'", "enter", "ctrl+s")
        assert person.form is None
    goals = clinic.read(goals_of, ana)
    assert len(goals) == 2
    steps = [step.title for goal in goals for step in goal.interventions]
    assert not any(title.startswith("Check my sugar") for title in steps)
    assert "Go over the sugars, the meals and any lows by phone on Mondays" in steps
    assert not any("Look at my feet" in title for title in steps)


@both
async def test_one_key_says_how_a_goal_goes(
    clinic: Clinic, full: bytes, sugar: bytes, size: tuple[int, int]
) -> None:
    async with plan_of(clinic, full, size) as person:
        await go(person, "A1c under 8")
        await person.press("minus")
        assert "A1c under 8: getting worse." in person.notice
        assert clinic.read(goal_line, sugar).standing.code == "worsening"
        await person.press("plus")
        assert clinic.read(goal_line, sugar).standing.code == "improving"
        await person.press("u", "enter")
        assert clinic.read(goal_line, sugar).standing.code == "worsening"
        await person.press("j", "equals_sign")  # from what hangs on it, too
        assert clinic.read(goal_line, sugar).standing.code == "no-change"


async def test_a_value_is_told_with_a_note(clinic: Clinic, full: bytes, sugar: bytes) -> None:
    async with plan_of(clinic, full) as person:
        await go(person, "A1c under 8")
        await person.press("V", "'eight'", "ctrl+s")
        assert person.form is not None and "That is not a value" in person.text
        await person.press("ctrl+a", "'7.9'", "tab", "tab", "'less bread'", "ctrl+s")
        assert person.form is None
        assert "7.9 → 8 %" in person.text and "✓ reached" in person.text
    assert clinic.read(values_of, full, "a1c")[0].value == 7.9


def titles(person: Driver) -> list[str]:
    """What stands in the list."""
    return [line.split("│")[0] for line in person.lines[7:]]


async def test_problems_and_goals_fold(clinic: Clinic, full: bytes) -> None:
    def shows(words: str) -> bool:
        return any(words in line for line in titles(person))

    async with plan_of(clinic, full) as person:
        assert shows("Write the sugars down")
        await go(person, "Write the sugars down")
        await person.press("f")
        assert not shows("Write the sugars down") and chart(person).row.line.title == "A1c under 8"
        await person.press("g", "j", "enter")
        assert not shows("A1c under 8") and shows("1 goal")
        await person.press("enter")
        assert shows("A1c under 8") and not shows("Write the sugars down")
        await person.press("F")
        assert shows("Write the sugars down")
        await person.press("F")
        assert not shows("Walk after supper") and shows("Sits most of the day")


async def test_steps_and_barriers_are_done(clinic: Clinic, full: bytes) -> None:
    async with plan_of(clinic, full) as person:
        await go(person, "Go over the sugars")
        await person.press("d")
        assert "Done: Go over the sugars, again 23 Dec." in person.notice
        await go_up(person, "strips are 40 a month")
        await person.press("d")
        assert "no longer in the way" in person.notice


async def go_up(person: Driver, words: str) -> None:
    await person.press("g")
    await go(person, words)


async def test_a_goal_is_added_changed_and_ended(clinic: Clinic, full: bytes) -> None:
    async with plan_of(clinic, full) as person:
        await go(person, "Type 2 diabetes")
        await person.press("n", "g", "'Feet without sores'", "ctrl+s")
        assert "Goal added: Feet without sores." in person.notice
        await go_up(person, "Feet without sores")
        await person.press("enter", "' at all'", "ctrl+s")
        assert "Saved: Feet without sores at all." in person.notice
        await person.press("s", "'completed'", "tab", "'healed'", "ctrl+s")
        assert "Feet without sores at all: completed." in person.notice
    ended = clinic.read(whole_plan, full).ended
    assert [(goal.title, goal.ended_why) for goal in ended] == [("Feet without sores at all", "healed")]
    assert ended[0].condition is not None


@both
async def test_a_review_is_finished_and_approved(
    clinic: Clinic, as_user: AsUser, full: bytes, size: tuple[int, int]
) -> None:
    async with plan_of(clinic, full, size) as person:
        await person.press("R")
        same_as_kept(f"plan-review-{size[0]}x{size[1]}", screen_text(person.app))
        await person.press("ctrl+s")
        assert "Version 2 is signed; A records the practitioner's approval." in person.notice
        await person.press("A", "tab", "'Dr. Levin'", "ctrl+s")
        assert "Version 2 is approved." in person.notice
        await person.press("G", "enter")
        assert "As it was" in person.text and "First version" in person.text
    versions = clinic.read(whole_plan, full).versions
    assert (versions[0].approved_by, versions[0].approved_how) == ("Dr. Levin", "by phone")


async def test_a_clinician_signs_without_questions(as_user: AsUser, full: bytes) -> None:
    levin = as_user("levin")
    async with plan_of(levin, full) as person:
        await person.press("A", "ctrl+s")
        assert "Version 1 is approved." in person.notice
    assert levin.read(whole_plan, full).versions[0].approved_by == "Amy Levin, MD"


async def test_two_people_at_one_goal_see_both_texts(
    clinic: Clinic, as_user: AsUser, full: bytes, sugar: bytes
) -> None:
    async with plan_of(clinic, full) as person:
        await go(person, "A1c under 8")
        await person.press("enter", "' by March'")
        as_user("ben").run(edit_goal, sugar, None, title="A1c at 8 or under")
        await person.press("ctrl+s")
        assert person.form is not None
        assert "A1c at 8 or under" in person.text and "A1c under 8 by March" in person.text
        await person.press("ctrl+s")
        assert person.form is None
    assert clinic.read(goal_line, sugar).title == "A1c under 8 by March"


async def test_two_people_at_the_warning_signs(clinic: Clinic, as_user: AsUser, full: bytes) -> None:
    async with plan_of(clinic, full) as person:
        await person.press("n", "w")
        await person.go_to("act-call-us")
        await person.press("'Sugar over 300'")
        as_user("ben").run(edit_plan, full, None, signs={"911": ["Chest pain", "Fainting"]})
        await person.press("ctrl+s")
        assert person.form is not None and "Fainting" in person.text


async def test_goals_move_inside_a_contact(clinic: Clinic, full: bytes, sugar: bytes) -> None:
    async with plan_of(clinic, full) as person:
        await person.press("c")
        assert "2 goals, nothing said yet" in person.text
        await person.go_to("goals")
        await person.press("'+ writes them down'", "down", "'4 also in the rain'", "ctrl+s")
        assert person.form is None and "2 goals" in person.notice
    goals = {goal.title: goal for goal in clinic.read(goals_of, full)}
    titles = list(goals)
    said = [goals[title].progress[0] for title in titles]
    assert {one.contact for one in said} != {None}
    assert {(one.achievement, one.value, one.note) for one in said} == {
        ("improving", None, "writes them down"),
        (None, 4.0, "also in the rain"),
    }


async def test_the_commonest_voicemail_is_three_keys(clinic: Clinic, full: bytes, sugar: bytes) -> None:
    before = len(clinic.read(goal_line, sugar).progress)
    async with plan_of(clinic, full) as person:
        await person.press("c", "v", "ctrl+s")
        assert person.form is None
    assert len(clinic.read(goal_line, sugar).progress) == before


async def test_a_wrong_value_stands_beside_the_goals(clinic: Clinic, full: bytes, sugar: bytes) -> None:
    async with plan_of(clinic, full) as person:
        await person.press("c")
        await person.go_to("goals")
        place = next(
            at
            for at, one in enumerate(person.field("goals").field.goals)  # type: ignore[attr-defined]
            if one.key == sugar
        )
        await person.press("space", *["down"] * place, "'82'", "ctrl+s")
        assert person.form is not None and "can't be right for A1c" in person.text


async def test_what_was_said_of_goals_is_kept_in_the_draft(clinic: Clinic, full: bytes) -> None:
    async with plan_of(clinic, full) as person:
        await person.press("c")
        await person.go_to("goals")
        await person.press("'= as before'", "escape")
        await person.press("c")
        assert "= as before" in person.text


async def test_an_empty_plan_teaches(clinic: Clinic, ana: bytes) -> None:
    async with plan_of(clinic, ana) as person:
        assert "n t begins it from templates" in person.text
        await person.press("n", "m", "'My garden'", "ctrl+s")
        assert "My garden" in person.text and "covers 0 of 12" in person.text
        await person.press("R")
        assert "There is no goal yet" in person.notice


async def test_an_auditor_reads_and_changes_nothing(as_user: AsUser, full: bytes) -> None:
    async with plan_of(as_user("otto"), full) as person:
        assert "A1c under 8" in person.text
        await go(person, "A1c under 8")
        await person.press("plus")
        assert "do not allow" in person.notice


async def test_a_scale_in_words(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    async with plan_of(clinic, ana) as person:
        await go(person, "A1c under 8")
        await person.press("e")
        await person.go_to("scaled")
        await person.press("y")
        await person.go_to("more")
        await person.press("'under 7.5'", "ctrl+s")
        assert person.form is None
        await go(person, "A1c under 8")
        await person.press("V")
        await person.go_to("scale")
        assert "+1: under 7.5" in screen_text(person.app)
        await person.press("right", "right", "right", "right", "ctrl+s")
    found = clinic.read(goal_line, sugar)
    assert found.steps == {"1": "under 7.5"} and found.weight == 1 and found.scale is not None
