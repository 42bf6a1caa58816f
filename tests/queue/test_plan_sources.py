"""What care plans and teaching bring to Today, and what takes it out again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.careplan.actions import (
    add_goal,
    add_intervention,
    edit_goal,
    record_progress,
    settle_intervention,
)
from cmp_tui.careplan.copy_actions import give_copy
from cmp_tui.careplan.model import Plan
from cmp_tui.careplan.version_actions import finish_review
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.education.actions import teach
from cmp_tui.enrollment.actions import edit_enrollment
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.queue.actions import snooze_row
from tests.conftest import AsUser
from tests.queue.building import Building

MON = date(2026, 11, 23)
OURS = ("goal-review", "step-due", "plan-yearly", "plan-copy", "plan-not-given", "goal-quiet", "teach-again")


def ours(build: Building, patient: bytes, day: date | None = None) -> list[str]:
    return [one for one in build.why(patient, "team", day) if one in OURS]


@pytest.fixture
def ana(build: Building) -> bytes:
    return build.patient("Ruiz", enrolled=date(2025, 3, 2))


def goal(clinic: Clinic, patient: bytes, title: str = "Walk", **values: Any) -> bytes:
    return clinic.run(add_goal, patient, title=title, **values).id


def put(change: Any, model: Any, **values: Any) -> bytes:
    """Writes a row as another part of the program does."""
    return change.add(model, **values).id


@pytest.fixture(autouse=True)
def _days(clinic: Clinic) -> None:
    clinic.rights = Rights(
        {
            **ACTIONS,
            "test_plan_sources.put": Right(CARE),
            "test_plan_sources.edit_plan_days": Right(CARE),
        }
    )


def test_a_goal_to_review(build: Building, clinic: Clinic, ana: bytes) -> None:
    one = goal(clinic, ana, review_on=MON - timedelta(2))
    goal(clinic, ana, "Sleep", review_on=MON + timedelta(3))
    row = build.row(ana, "goal-review", "team")
    assert row.due == MON - timedelta(2) and row.reason == "review the goal: Walk, and 1 more"
    assert row.ref == one and row.settle.form == "goal"
    clinic.run(edit_goal, one, None, review_on=MON + timedelta(90))
    assert build.row(ana, "goal-review", "team").due == MON + timedelta(3)
    clinic.run(snooze_row, ana, "goal-review", MON + timedelta(2), "next call")
    assert ours(build, ana) == []


def test_steps_due_and_late_but_no_habits(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(
        add_intervention, ana, title="Weigh yourself", responsible="patient", every=1, due=MON - timedelta(9)
    )
    assert ours(build, ana) == []
    step = clinic.run(add_intervention, ana, title="Call the pharmacy", due=MON - timedelta(1)).id
    row = build.row(ana, "step-due", "team")
    assert row.reason == "step late: Call the pharmacy (care manager)"
    assert (row.due, row.ref) == (MON - timedelta(1), step)
    clinic.run(settle_intervention, step)
    assert ours(build, ana) == []


def test_the_plan_is_reviewed_every_year(build: Building, clinic: Clinic, ana: bytes) -> None:
    plan = clinic.run(put, Plan, patient=ana, made_on=date(2025, 3, 2))
    assert build.row(ana, "plan-yearly", "team").settle.form == "plan-review"
    clinic.run(edit_plan_days, plan, reviewed_on=date(2025, 11, 30))
    row = build.row(ana, "plan-yearly", "team")
    assert row.due == date(2026, 11, 30) and row.reason == "yearly plan review, last Sun 30 Nov 2025"
    build.go("2026-11-23 09:05")
    clinic.run(edit_plan_days, plan, reviewed_on=date(2026, 1, 5))
    assert "plan-yearly" not in ours(build, ana)
    clinic.run(edit_plan_days, plan, reviewed_on=None, made_on=None)
    assert "plan-yearly" not in ours(build, ana), "a plan that is being written has no review"


def edit_plan_days(change: Any, plan: bytes, **values: Any) -> None:
    """Sets the days of a plan."""
    change.edit(Plan, plan, None, **values)


def test_a_review_on_the_29th_of_february(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(put, Plan, patient=ana, made_on=date(2024, 2, 29))
    assert build.row(ana, "plan-yearly", "team").due <= MON
    build.go("2025-02-20 09:00")
    assert [row.due for row in build.rows("team") if row.source == "plan-yearly"] in ([], [date(2025, 2, 28)])


def test_the_copy_in_the_patients_hand(build: Building, clinic: Clinic, ana: bytes) -> None:
    one = goal(clinic, ana)
    assert ours(build, ana) == [], "nothing is signed yet"
    clinic.run(finish_review, ana)
    row = build.row(ana, "plan-not-given", "team")
    assert row.reason == "plan signed Mon 23 Nov, no copy given yet" and row.settle.form == "plan-copy"
    clinic.run(give_copy, ana, how="in-person")
    assert ours(build, ana) == []
    clinic.run(record_progress, one, achievement="improving")
    assert ours(build, ana) == [], "how a goal goes is not on the copy"
    clinic.run(edit_goal, one, None, title="Walk to the church")
    row = build.row(ana, "plan-copy", "team")
    assert (row.due, row.reason) == (MON, "plan changed, their copy of Mon 23 Nov is out of date")
    clinic.run(give_copy, ana, how="mail")
    assert ours(build, ana) == []


def test_a_goal_that_does_not_get_better(build: Building, clinic: Clinic, ana: bytes) -> None:
    begun = MON - timedelta(100)
    one = goal(clinic, ana, start=begun)
    row = build.row(ana, "goal-quiet", "team")
    assert row.due == begun + timedelta(60) and row.reason == "not improving: Walk"
    clinic.run(record_progress, one, achievement="no-change", day=MON)
    assert ours(build, ana) == ["goal-quiet"], "the same is no progress"
    clinic.run(record_progress, one, achievement="improving", day=MON)
    assert ours(build, ana) == []


def test_a_value_better_than_the_baseline_is_progress(build: Building, clinic: Clinic, ana: bytes) -> None:
    one = goal(
        clinic, ana, measure="a1c", direction="below", baseline=9.0, target=7.0, start=MON - timedelta(80)
    )
    clinic.run(record_progress, one, value=9.4, day=MON - timedelta(1))
    assert ours(build, ana) == ["goal-quiet"]
    clinic.run(record_progress, one, value=8.2, day=MON)
    assert ours(build, ana) == []


def test_a_topic_to_teach_again(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(teach, ana, topic="diabetes", date=MON - timedelta(8), teach_back="repeat")
    row = build.row(ana, "teach-again", "team")
    assert row.due == MON - timedelta(1) and row.topic == "diabetes" and row.settle.about == "topic"
    assert row.reason == "teach again: Living with type 2 diabetes (to repeat Sun 15 Nov)"
    clinic.run(teach, ana, topic="diabetes", teach_back="understood")
    assert ours(build, ana) == []


def test_only_those_whom_a_program_works_with(build: Building, clinic: Clinic, ana: bytes) -> None:
    other = build.patient("Able")
    for one in (ana, other):
        goal(clinic, one, review_on=MON)
    assert ours(build, other) == [] and ours(build, ana) == ["goal-review"]
    (line,) = clinic.read(enrollments, ana)
    clinic.run(edit_enrollment, line.id, None, status="onhold", reason="travels")
    assert ours(build, ana) == []


def test_each_has_its_own_panel(build: Building, clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    goal(clinic, ana, review_on=MON)
    assert "goal-review" in build.why(ana, "mine")
    assert "goal-review" not in [row.source for row in as_user("otto").read(_mine)]


def _mine(scope: Any) -> Any:
    from cmp_tui.queue.queries import page

    return page(scope, "mine")
