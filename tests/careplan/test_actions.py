"""What a person does with a care plan, on a real file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cmp_tui.careplan.actions import (
    add_barrier,
    add_goal,
    add_intervention,
    begin_plan,
    edit_goal,
    edit_plan,
    record_progress,
    set_state,
    settle_intervention,
    solve_barrier,
    strike_record,
)
from cmp_tui.careplan.queries import goal_line, goals_of, intervention_line, plan_line, whole_plan
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.measurements.queries import values_of
from cmp_tui.patients.actions import add_patient
from tests.careplan.conftest import Bring
from tests.conftest import AsUser

TODAY = date(2026, 11, 23)


def test_a_goal_begins_the_plan_and_stands_under_its_problem(
    clinic: Clinic, ana: bytes, sugar: bytes
) -> None:
    whole = clinic.read(whole_plan, ana)
    assert whole.plan is not None and whole.plan.is_draft
    assert [(one.words, [goal.title for goal in one.goals]) for one in whole.problems] == [
        ("Type 2 diabetes mellitus", ["A1c under 8"])
    ]
    assert whole.goals[0].counted == "%" and whole.goals[0].kind == "a1c"
    assert whole.goals[0].start == date(2026, 9, 1)


def test_a_problem_in_words_comes_after_the_conditions(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    clinic.run(add_goal, ana, title="Get to the clinic", problem="No car since the spring")
    assert [one.words for one in clinic.read(whole_plan, ana).problems] == [
        "Type 2 diabetes mellitus",
        "No car since the spring",
    ]


def test_an_imported_value_moves_the_goal(clinic: Clinic, ana: bytes, sugar: bytes, lab: Bring) -> None:
    lab(8.9, date(2026, 8, 20))  # before it began: shown, and no progress
    assert clinic.read(goal_line, sugar).standing.by == ""
    lab(8.4, date(2026, 10, 12))
    goal = clinic.read(goal_line, sugar)
    assert (goal.standing.code, goal.standing.by, goal.standing.on) == (
        "improving",
        "values",
        date(2026, 10, 12),
    )
    lab(7.8, date(2026, 11, 20))
    assert clinic.read(goal_line, sugar).standing.code == "achieved"
    assert [point.value for point in clinic.read(goal_line, sugar).points] == [8.9, 8.4, 7.8]


def test_a_doubtful_value_moves_nothing(clinic: Clinic, sugar: bytes, lab: Bring) -> None:
    lab(84, date(2026, 10, 12), doubtful=True)
    assert clinic.read(goal_line, sugar).points == ()


def test_a_persons_word_holds_until_a_newer_value(
    clinic: Clinic, ana: bytes, sugar: bytes, lab: Bring, clock: FrozenClock
) -> None:
    lab(8.4, date(2026, 10, 12))
    clinic.run(record_progress, sugar, achievement="worsening", note="ate cake all week")
    goal = clinic.read(goal_line, sugar)
    assert (goal.standing.code, goal.standing.by) == ("worsening", "person")
    clock.at = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    lab(8.1, date(2026, 12, 1))
    assert clinic.read(goal_line, sugar).standing.code == "improving"


def test_a_value_told_is_a_measurement_and_stands_once(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    made = clinic.run(record_progress, sugar, value=8.2, note="from the pharmacy's machine")
    assert made.value is None and made.measurement is not None
    assert [one.value for one in clinic.read(values_of, ana, "a1c")] == [8.2]
    goal = clinic.read(goal_line, sugar)
    assert goal.progress[0].value == 8.2 and [point.value for point in goal.points] == [8.2]
    clinic.run(strike_record, "progress", made.id, "typed twice")
    assert clinic.read(values_of, ana, "a1c") == [] and clinic.read(goal_line, sugar).points == ()


def test_an_impossible_value_is_refused(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    with pytest.raises(Invalid, match="can't be right"):
        clinic.run(record_progress, sugar, value=82)
    assert clinic.read(values_of, ana, "a1c") == []


def test_a_goal_in_pounds_keeps_kilograms(clinic: Clinic, ana: bytes) -> None:
    key = clinic.run(
        add_goal,
        ana,
        title="Lose ten pounds",
        measure="weight",
        unit="lb",
        direction="below",
        baseline=200,
        target=190,
    ).id
    clinic.run(record_progress, key, value=195)
    assert clinic.read(values_of, ana, "weight")[0].value == pytest.approx(88.45, abs=0.01)
    goal = clinic.read(goal_line, key)
    assert goal.points[0].value == pytest.approx(195) and goal.standing.code == "improving"


def test_both_numbers_of_a_pressure_have_to_be_met(clinic: Clinic, ana: bytes) -> None:
    key = clinic.run(
        add_goal, ana, title="Pressure", measure="bp", direction="below", baseline=150, target=130, target2=80
    ).id
    with pytest.raises(Invalid, match="both numbers"):
        clinic.run(record_progress, key, value=128)
    clinic.run(record_progress, key, value=128, second=84)
    assert clinic.read(goal_line, key).standing.code == "improving"
    clinic.run(record_progress, key, value=128, second=78)
    assert clinic.read(goal_line, key).standing.code == "achieved"


def test_counted_goals_keep_their_own_values(clinic: Clinic, ana: bytes) -> None:
    key = clinic.run(
        add_goal, ana, title="Walk", unit="days a week", direction="above", baseline=1, target=5
    ).id
    clinic.run(record_progress, key, value=3)
    goal = clinic.read(goal_line, key)
    assert goal.progress[0].measurement is None and goal.points[0].value == 3
    assert goal.standing.code == "improving"
    with pytest.raises(Invalid, match="one number"):
        clinic.run(record_progress, key, value=3, second=4)


def test_striking_what_was_said_brings_back_what_was_said_before(
    clinic: Clinic, sugar: bytes, clock: FrozenClock
) -> None:
    clock.at = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    clinic.run(record_progress, sugar, achievement="improving")
    clock.at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    last = clinic.run(record_progress, sugar, achievement="worsening")
    clinic.run(strike_record, "progress", last.id, "another patient")
    goal = clinic.read(goal_line, sugar)
    assert (goal.achievement, goal.achievement_on) == ("improving", date(2026, 11, 2))


def test_an_older_word_does_not_go_before_a_newer_one(clinic: Clinic, sugar: bytes) -> None:
    clinic.run(record_progress, sugar, achievement="improving")
    clinic.run(record_progress, sugar, achievement="worsening", day=date(2026, 11, 1))
    assert clinic.read(goal_line, sugar).standing.code == "improving"


def test_progress_says_something_and_not_of_tomorrow(clinic: Clinic, sugar: bytes) -> None:
    with pytest.raises(Invalid, match="Say better"):
        clinic.run(record_progress, sugar)
    with pytest.raises(Invalid, match="still to come"):
        clinic.run(record_progress, sugar, achievement="improving", day=date(2026, 11, 24))
    with pytest.raises(Invalid, match="-2 to 2"):
        clinic.run(record_progress, sugar, scale=3)


def test_an_ended_goal_leaves_the_problems_with_its_reason(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    with pytest.raises(Invalid, match="Say why"):
        clinic.run(set_state, sugar, "cancelled")
    clinic.run(set_state, sugar, "cancelled", "too much at once")
    whole = clinic.read(whole_plan, ana)
    assert whole.goals == () and whole.ended[0].ended_why == "too much at once"
    with pytest.raises(Invalid, match="has ended"):
        clinic.run(record_progress, sugar, achievement="improving")
    clinic.run(set_state, sugar, "active")
    assert clinic.read(whole_plan, ana).goals[0].ended_why is None


def test_striking_a_goal_takes_what_belongs_to_it(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    clinic.run(add_barrier, ana, kind="cost", goal=sugar)
    clinic.run(add_intervention, ana, title="Test strips", goal=sugar)
    clinic.run(record_progress, sugar, achievement="improving")
    clinic.run(strike_record, "goal", sugar, "another patient's")
    whole = clinic.read(whole_plan, ana)
    assert (whole.goals, whole.barriers, whole.interventions) == ((), (), ())
    with pytest.raises(Gone):
        clinic.read(goal_line, sugar)


def test_a_step_that_comes_again_is_due_again(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    key = clinic.run(
        add_intervention,
        ana,
        title="Look at the log",
        goal=sugar,
        responsible="care-manager",
        due=TODAY,
        every=30,
    ).id
    clinic.run(settle_intervention, key)
    line = clinic.read(intervention_line, key)
    assert (line.status, line.done_on, line.due) == ("in-progress", TODAY, date(2026, 12, 23))
    once = clinic.run(add_intervention, ana, title="Order strips", due=TODAY).id
    clinic.run(settle_intervention, once)
    assert clinic.read(intervention_line, once).status == "completed"


def test_a_barrier_is_solved_and_comes_back(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    key = clinic.run(add_barrier, ana, kind="cost", goal=sugar, words="strips cost 40 a month").id
    clinic.run(solve_barrier, key)
    assert clinic.read(goal_line, sugar).barriers[0].solved_on == TODAY
    clinic.run(solve_barrier, key)
    assert clinic.read(goal_line, sugar).barriers[0].solved_on is None


def test_nothing_of_another_patient_is_named(
    clinic: Clinic, ana: bytes, sugar: bytes, diabetes: bytes
) -> None:
    other = clinic.run(add_patient, family="Bell", given="Tom", mrn="A-2").id
    with pytest.raises(Invalid, match="another patient"):
        clinic.run(add_goal, other, title="A1c", condition=diabetes)
    with pytest.raises(Invalid, match="another patient"):
        clinic.run(add_intervention, other, title="Strips", goal=sugar)
    with pytest.raises(Invalid, match="another patient"):
        clinic.run(add_barrier, other, kind="cost", goal=sugar)


def test_a_target_needs_what_is_counted(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Invalid, match="what is counted"):
        clinic.run(add_goal, ana, title="Walk", target=5)
    with pytest.raises(Invalid, match="0 to 10"):
        clinic.run(add_goal, ana, title="Walk", importance=11)
    with pytest.raises(Invalid, match="before its beginning"):
        clinic.run(add_goal, ana, title="Walk", start=TODAY, due=date(2026, 11, 1))


def test_two_people_who_change_one_goal_see_both_texts(clinic: Clinic, as_user: AsUser, sugar: bytes) -> None:
    seen = clinic.read(goal_line, sugar).version
    as_user("ben").run(edit_goal, sugar, seen, title="A1c at 8 or under")
    with pytest.raises(Conflict) as met:
        clinic.run(edit_goal, sugar, seen, title="A1c below 8 by March")
    assert met.value.theirs == {"title": "A1c at 8 or under"} and met.value.who == "Ben Ortiz"
    clinic.run(edit_goal, sugar, seen, target=7.5)  # another field: both stand
    goal = clinic.read(goal_line, sugar)
    assert (goal.title, goal.target) == ("A1c at 8 or under", 7.5)


def test_two_people_who_begin_one_plan_lose_nothing(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    as_user("ben").run(edit_plan, ana, 1, matters="My garden")
    with pytest.raises(Conflict):
        clinic.run(edit_plan, ana, 1, matters="My grandson's wedding")
    clinic.run(edit_plan, ana, 1, home="Lives alone, two steps to the door.")
    plan = clinic.read(plan_line, ana)
    assert plan is not None and (plan.matters, plan.home) == (
        "My garden",
        "Lives alone, two steps to the door.",
    )


def test_progress_of_two_people_stands_both(
    clinic: Clinic, as_user: AsUser, sugar: bytes, clock: FrozenClock
) -> None:
    as_user("ben").run(record_progress, sugar, achievement="improving", note="said at the class")
    clock.at += timedelta(minutes=1)
    clinic.run(record_progress, sugar, achievement="no-change", note="on the phone")
    assert [one.note for one in clinic.read(goal_line, sugar).progress] == [
        "on the phone",
        "said at the class",
    ]


def test_warning_signs_stand_by_what_to_do(clinic: Clinic, ana: bytes) -> None:
    clinic.run(
        edit_plan, ana, signs={"911": "Chest pain\n\nCan't wake up", "call-us": "Sugar over 300 twice\n"}
    )
    plan = clinic.read(plan_line, ana)
    assert plan is not None
    assert plan.signs == {"911": ["Chest pain", "Can't wake up"], "call-us": ["Sugar over 300 twice"]}


def test_templates_are_saved_at_once_and_once(clinic: Clinic, ana: bytes, diabetes: bytes) -> None:
    goal = clinic.new_id()
    chosen = {
        "goals": [{"id": goal, "title": "A1c under 8", "condition": diabetes, "topic": "diabetes"}],
        "interventions": [{"title": "Check the sugar", "goal": goal, "responsible": "patient"}],
        "barriers": [{"kind": "cost", "goal": goal}],
        "texts": {"outlook": "Most people feel better in some weeks."},
    }
    clinic.run(begin_plan, ana, **chosen)
    clinic.run(begin_plan, ana, **chosen)
    whole = clinic.read(whole_plan, ana)
    assert len(whole.goals) == 1 and len(whole.goals[0].interventions) == len(whole.goals[0].barriers) == 1
    assert whole.plan is not None and whole.plan.outlook == "Most people feel better in some weeks."
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    assert clinic.read(goals_of, ana) == []


def test_an_auditor_writes_nothing(as_user: AsUser, sugar: bytes) -> None:
    with pytest.raises(Refused):
        as_user("otto").run(record_progress, sugar, achievement="improving")
    assert as_user("otto").read(goal_line, sugar).title == "A1c under 8"
