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
from cmp_tui.careplan.model import Plan, PlanCopy
from cmp_tui.careplan.queries import whole_plan
from cmp_tui.careplan.version_actions import finish_review
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.education.actions import teach
from cmp_tui.enrollment.actions import edit_enrollment
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.measurements.model import Measurement
from cmp_tui.medications.model import Medication
from cmp_tui.patients.model import Allergy
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
            "test_plan_sources.put_many": Right(CARE),
            "test_plan_sources.edit_row": Right(CARE),
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


@pytest.fixture
def given(build: Building, clinic: Clinic, ana: bytes) -> bytes:
    """A goal of a signed plan of which a copy was given."""
    one = goal(clinic, ana)
    clinic.run(finish_review, ana)
    clinic.run(give_copy, ana, how="in-person")
    return one


def test_another_medicine_makes_the_copy_old(
    build: Building, clinic: Clinic, ana: bytes, given: bytes
) -> None:
    key = clinic.run(put, Medication, patient=ana, display="Metformin 500 mg", dosage="1 tablet")
    row = build.row(ana, "plan-copy", "team")
    assert row.reason == "medicines changed, their copy of Mon 23 Nov is out of date" and row.due == MON
    clinic.run(edit_row, Medication, key, status="stopped")
    assert ours(build, ana) == [], "the list is as it was"
    clinic.run(put, Allergy, patient=ana, substance="Penicillin")
    clinic.run(edit_goal, given, None, own_words="To the church and back")
    assert build.row(ana, "plan-copy", "team").reason.startswith("plan and medicines changed")


def test_what_was_undone_makes_no_copy_old(build: Building, clinic: Clinic, ana: bytes, given: bytes) -> None:
    clinic.run(edit_goal, given, None, title="Walk to the church")
    assert ours(build, ana) == ["plan-copy"]
    clinic.undo(clinic.read(last_undoable).seq)
    assert ours(build, ana) == []
    clinic.run(edit_goal, given, None, importance=9)
    assert ours(build, ana) == [], "the copy does not say how important it is"


def test_undoing_what_the_copy_says_makes_it_old(build: Building, clinic: Clinic, ana: bytes) -> None:
    one = goal(clinic, ana)
    clinic.run(finish_review, ana)
    clinic.run(edit_goal, one, None, title="Walk to the church")
    change = clinic.read(last_undoable).seq
    clinic.run(give_copy, ana, how="mail")
    clinic.undo(change)
    assert ours(build, ana) == ["plan-copy"]


def test_a_step_that_is_done_is_no_other_plan(build: Building, clinic: Clinic, ana: bytes) -> None:
    goal(clinic, ana)
    step = clinic.run(add_intervention, ana, title="Call the pharmacy", due=MON + timedelta(40)).id
    clinic.run(finish_review, ana)
    clinic.run(give_copy, ana, how="mail")
    clinic.run(settle_intervention, step)
    assert ours(build, ana) == []


def test_a_copy_that_came_with_an_import(build: Building, clinic: Clinic, ana: bytes) -> None:
    goal(clinic, ana)
    clinic.run(finish_review, ana)
    now = clinic.read(whole_plan, ana).digest
    copy = {"patient": ana, "how": "mail", "date": MON - timedelta(9)}
    (key,) = clinic.run(put_many, PlanCopy, [{**copy, "digest": now}])
    assert ours(build, ana) == []
    clinic.run(edit_row, PlanCopy, key, digest="0" * 64)
    assert build.row(ana, "plan-copy", "team").due == MON, "since when, nobody can tell"
    clinic.run(edit_row, PlanCopy, key, digest=None)
    assert ours(build, ana) == ["plan-copy"], "a version was signed since"


def put_many(change: Any, model: Any, some: Any) -> Any:
    """Writes rows as an import does."""
    return change.add_many(model, some)


def edit_row(change: Any, model: Any, key: bytes, **values: Any) -> None:
    """Changes a row as another part of the program does."""
    change.edit(model, key, None, **values)


def measured(clinic: Clinic, patient: bytes, kind: str, value: float, day: date, **more: Any) -> None:
    """A value as an import brings it."""
    clinic.run(put, Measurement, patient=patient, kind=kind, date=day, value=value, **more)


def test_imported_values_count(build: Building, clinic: Clinic, ana: bytes) -> None:
    begun = MON - timedelta(100)
    goal(
        clinic, ana, measure="a1c", baseline=9.0, target=7.0, start=begun
    )  # its side follows from the numbers
    assert ours(build, ana) == ["goal-quiet"]
    measured(clinic, ana, "a1c", 9.4, MON - timedelta(3))
    assert ours(build, ana) == ["goal-quiet"], "worse than at the start"
    measured(clinic, ana, "a1c", 8.1, MON - timedelta(2), doubtful=True)
    assert ours(build, ana) == ["goal-quiet"], "doubtful values are not used"
    measured(clinic, ana, "a1c", 8.1, MON - timedelta(1))
    assert ours(build, ana) == []


def test_a_goal_that_imported_values_meet_is_not_quiet(build: Building, clinic: Clinic, ana: bytes) -> None:
    one = goal(
        clinic, ana, measure="bp", direction="below", baseline=150.0, target=130.0, target2=80.0,
        start=MON - timedelta(200),
    )  # fmt: skip
    measured(clinic, ana, "bp", 126.0, MON - timedelta(90), value2=88.0)
    assert ours(build, ana) == ["goal-quiet"], "only one of the two numbers"
    measured(clinic, ana, "bp", 126.0, MON - timedelta(89), value2=78.0)
    assert ours(build, ana) == []
    clinic.run(record_progress, one, achievement="worsening", day=MON - timedelta(80))
    assert ours(build, ana) == ["goal-quiet"], "somebody said otherwise since"


def test_numbers_in_another_unit_are_compared(build: Building, clinic: Clinic, ana: bytes) -> None:
    goal(clinic, ana, measure="weight", unit="lb", baseline=220.0, target=200.0, start=MON - timedelta(100))
    measured(clinic, ana, "weight", 101.0, MON - timedelta(2))
    assert ours(build, ana) == ["goal-quiet"], "222 pounds"
    measured(clinic, ana, "weight", 97.0, MON - timedelta(1))
    assert ours(build, ana) == [], "214 pounds"
