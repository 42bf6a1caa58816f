"""Recording assessments on a real file: scores kept, half done and gone on with, safety tasks, goals, history."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.assessments.actions import edit_assessment, record_assessment, say_help, strike_assessment
from cmp_tui.assessments.model import Assessment
from cmp_tui.assessments.queries import assessment_line, assessments_of, latest_of_each, trend
from cmp_tui.careplan.model import Goal
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Gone, Invalid
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.staff import add_staff, edit_staff, me, staff_list
from cmp_tui.desk.assessment_flags import answer_help, retake_assessment, take_assessment
from cmp_tui.patients.actions import add_patient, edit_patient
from cmp_tui.patients.lending import lend_panel
from cmp_tui.tasks.model import Task
from cmp_tui.tasks.queries import tasks_of
from tests.conftest import AsUser
from tests.exchange.records_folder import bring, export, fresh, living

TODAY = date(2026, 11, 23)
ZEROS = {f"q{number}": 0 for number in range(1, 10)}
Row = dict[str, Any]


def phq(**answers: int | None) -> Row:
    return {"instrument": "phq-9", "answers": {**ZEROS, **answers}}


def names(clinic: Clinic, patient: bytes) -> list[tuple[str, str]]:
    """Who has which safety task."""
    return sorted((one.assignee_name, one.title) for one in tasks_of_kind(clinic, patient))


def tasks_of_kind(clinic: Clinic, patient: bytes) -> list[Any]:
    return [one for one in clinic.read(tasks_of, patient) if one.kind == "safety"]


def person(clinic: Clinic, username: str) -> Any:
    return next(one for one in clinic.read(staff_list, everyone=True) if one.username == username)


def test_what_is_kept_of_an_assessment(clinic: Clinic, ana: bytes) -> None:
    saved = clinic.run(
        record_assessment, ana, **phq(q1=3, q2=3, q3=3, q4=1), mode="phone", remarks="On the phone."
    )
    line = clinic.read(assessment_line, saved.row.id)
    assert (line.score, line.band, line.status, line.edition) == (10, "moderate", "completed", "1999")
    assert (line.date, line.taken_name, line.mode, line.with_whom) == (TODAY, "Dana Ruiz", "phone", "patient")
    assert line.answers["q4"] == 1 and "difficulty" not in line.answers and line.flags == {}
    assert saved.tasks == () and tasks_of_kind(clinic, ana) == []


def test_half_done_has_no_score_and_goes_on(clinic: Clinic, ana: bytes) -> None:
    half = clinic.run(record_assessment, ana, instrument="phq-9", answers={"q1": 2, "q2": 2})
    assert (half.row.status, half.row.score, half.row.band) == ("in-progress", None, None)
    assert clinic.read(latest_of_each, ana) == {} and clinic.read(trend, ana, "phq-9") == []
    whole = clinic.run(edit_assessment, half.row.id, half.row.version, answers={**ZEROS, "q1": 2, "q2": 2})
    assert (whole.row.status, whole.row.score, whole.row.band) == ("completed", 4, "minimal")
    assert [one.score for one in clinic.read(trend, ana, "phq-9")] == [4]


def test_what_was_declined_is_complete_and_not_scored(clinic: Clinic, ana: bytes) -> None:
    saved = clinic.run(record_assessment, ana, **phq(q1=3, q6=None))
    assert (saved.row.status, saved.row.score) == ("completed", None)
    assert saved.row.answers["q6"] is None and saved.scored.missing == ("q6",)


def test_broken_off_and_amended(clinic: Clinic, ana: bytes) -> None:
    half = clinic.run(record_assessment, ana, instrument="peg", answers={"pain": 4}, stopped=True)
    assert half.row.status == "stopped"
    answers = {"pain": 4, "enjoyment": 4, "activity": 4}
    whole = clinic.run(edit_assessment, half.row.id, None, answers=answers)
    assert (whole.row.status, whole.row.score) == ("completed", 4)
    same = clinic.run(edit_assessment, half.row.id, None, answers=answers)
    assert same.row.status == "completed" and same.row.version == whole.row.version
    other = clinic.run(edit_assessment, half.row.id, None, answers={**answers, "pain": 10})
    assert (other.row.status, other.row.score) == ("amended", 6)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"answers": {"q1": 4}}, "q1", "none of the answers"),
        ({"answers": {"q77": 1}}, "q77", "no such question"),
        ({"answers": {}}, "", "Nothing is answered yet"),
        ({"answers": {"q1": 1}, "date": TODAY + timedelta(days=1)}, "date", "still to come"),
        ({"answers": {"q1": 1}, "help": {"x": "perhaps"}}, "", ""),
    ],
)
def test_what_cannot_be_right_is_refused(
    clinic: Clinic, ana: bytes, values: Row, field: str, words: str
) -> None:
    if not words:  # help with something that was not raised is passed over
        assert clinic.run(record_assessment, ana, instrument="phq-9", **values).row.flags is None
        return
    with pytest.raises(Invalid) as refused:
        clinic.run(record_assessment, ana, instrument="phq-9", **values)
    assert words in refused.value.fields[field]
    assert clinic.read(assessments_of, ana) == []


def test_an_instrument_without_a_file_is_read_and_not_changed(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Gone, match="There is no instrument 'old-one'"):
        clinic.run(record_assessment, ana, instrument="old-one", answers={"a": 1})


def test_two_people_amend_the_same_answers(clinic: Clinic, ana: bytes, as_user: AsUser) -> None:
    row = clinic.run(record_assessment, ana, **phq(q1=1)).row
    as_user("ben").run(edit_assessment, row.id, row.version, answers={**ZEROS, "q2": 1})
    with pytest.raises(Conflict):
        clinic.run(edit_assessment, row.id, row.version, answers={**ZEROS, "q3": 1})


# -- safety


@pytest.mark.parametrize("answers", [{"q9": 1}, {"q9": 3, **{f"q{n}": 3 for n in range(1, 9)}}])
def test_question_9_opens_two_tasks_for_today_at_any_total(clinic: Clinic, ana: bytes, answers: Row) -> None:
    saved = clinic.run(record_assessment, ana, **phq(**answers))
    assert names(clinic, ana) == [
        ("Amy Levin", "Safety today: look at an answer about self-harm"),
        ("Dana Ruiz", "Safety today: follow up an answer about self-harm"),
    ]
    for one in saved.tasks:
        assert (one.due, one.urgency, one.kind) == (TODAY, "stat", "safety")
        assert one.answer_by == clinic.clock.now() + timedelta(minutes=60)
    nurse, practitioner = saved.tasks
    assert nurse.handed_by is None and practitioner.handed_by == clinic.read(me).id


def test_a_half_done_one_opens_them_at_once_and_going_on_opens_no_more(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(record_assessment, ana, instrument="phq-9", answers={"q9": 2}).row
    assert row.status == "in-progress" and len(tasks_of_kind(clinic, ana)) == 2
    clinic.run(edit_assessment, row.id, None, answers={**ZEROS, "q9": 2})
    clinic.run(edit_assessment, row.id, None, answers={**ZEROS, "q9": 3})
    assert len(tasks_of_kind(clinic, ana)) == 2


def test_an_amendment_that_raises_it_opens_them(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(record_assessment, ana, **phq()).row
    assert tasks_of_kind(clinic, ana) == []
    clinic.run(edit_assessment, row.id, None, answers={**ZEROS, "q9": 1})
    assert len(tasks_of_kind(clinic, ana)) == 2


def test_the_practitioner_is_off_for_good(clinic: Clinic, ana: bytes) -> None:
    clinic.run(
        add_staff,
        username="noor",
        name="Noor Haddad",
        credential="NP",
        roles=frozenset({"clinician"}),
        may_bill=True,
    )
    clinic.run(edit_staff, person(clinic, "levin").id, None, active=False)
    saved = clinic.run(record_assessment, ana, **phq(q9=1))
    assert [name for name, _ in names(clinic, ana)] == ["Dana Ruiz", "Noor Haddad"]
    assert saved.words == ("Amy Levin can't be reached here: the practitioner's task goes to Noor Haddad.",)


def test_the_practitioner_is_covered_today(clinic: Clinic, ana: bytes) -> None:
    noor = clinic.run(
        add_staff,
        username="noor",
        name="Noor Haddad",
        credential="NP",
        roles=frozenset({"clinician"}),
        may_bill=True,
    )
    clinic.run(lend_panel, person(clinic, "levin").id, noor.id, TODAY, TODAY)
    saved = clinic.run(record_assessment, ana, **phq(q9=1))
    assert [name for name, _ in names(clinic, ana)] == ["Dana Ruiz", "Noor Haddad"]
    assert saved.words == ("The practitioner's panel is covered: the task goes to Noor Haddad.",)


def test_a_practitioner_who_asks_has_one_and_the_nurse_or_her_cover_the_other(
    clinic: Clinic, ana: bytes, as_user: AsUser
) -> None:
    clinic.run(lend_panel, clinic.read(me).id, person(clinic, "ben").id, TODAY, TODAY)
    as_user("levin").run(record_assessment, ana, **phq(q9=1))
    assert [name for name, _ in names(clinic, ana)] == ["Amy Levin", "Ben Ortiz"]


def test_without_any_practitioner_the_nurse_has_both_and_is_told(clinic: Clinic, ana: bytes) -> None:
    clinic.run(edit_staff, person(clinic, "levin").id, None, active=False)
    saved = clinic.run(record_assessment, ana, **phq(q9=1))
    assert [name for name, _ in names(clinic, ana)] == ["Dana Ruiz", "Dana Ruiz"]
    assert "No practitioner works with this file" in saved.words[0]


def test_a_patient_without_a_practitioner_still_gets_one(clinic: Clinic) -> None:
    tom = clinic.run(add_patient, family="Bell", given="Tom", mrn="B-1").id
    clinic.run(record_assessment, tom, **phq(q9=1))
    assert [name for name, _ in names(clinic, tom)] == ["Amy Levin", "Dana Ruiz"]


def test_the_clinics_own_steps_make_the_tasks(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "crisis.toml").write_text(
        "[self-harm]\ntitle = 't'\nsteps = ['Call Amy.']\nnurse_task = 'Ours'\nanswer_minutes = 15\n",
        encoding="utf-8",
    )
    clinic.reference.own = own
    saved = clinic.run(record_assessment, ana, **phq(q9=1))
    assert ("Dana Ruiz", "Ours") in names(clinic, ana)
    assert saved.tasks[0].answer_by == clinic.clock.now() + timedelta(minutes=15)


def test_violence_shows_steps_and_opens_no_task(clinic: Clinic, ana: bytes) -> None:
    answers = {"hurt": 5, "insult": 5, "threaten": 5, "scream": 5}
    saved = clinic.run(record_assessment, ana, instrument="ahc-hrsn", answers=answers)
    assert saved.scored.alarms == ("violence",) and saved.tasks == ()


# -- help that is wanted


FOOD = {"living": 1, "place": [8], "food_worry": 1, "food_last": 3, "transport": 1, "utilities": 2,
        "hurt": 1, "insult": 1, "threaten": 1, "scream": 1}  # fmt: skip


def goals(clinic: Clinic) -> list[tuple[str, str, str]]:
    found = clinic.read(lambda scope: list(Goal.live()))
    return sorted((one.title, one.topic, one.lifecycle) for one in found)


def test_only_help_that_is_wanted_becomes_a_goal(clinic: Clinic, ana: bytes) -> None:
    part = {
        "instrument": "ahc-hrsn",
        "answers": FOOD,
        "help": {"food": "yes", "transport": "no", "home": "yes"},
    }
    taken = clinic.run(take_assessment, ana, parts=[part])
    assert taken.records[0].row.flags == {"food": "yes", "transport": "no"}  # what is not raised is not kept
    assert goals(clinic) == [("Enough food through the whole month", "food-insecurity", "proposed")]
    assert [one.title for one in taken.goals] == ["Enough food through the whole month"]


def test_help_is_asked_about_later_and_makes_one_goal(clinic: Clinic, ana: bytes) -> None:
    taken = clinic.run(take_assessment, ana, parts=[{"instrument": "ahc-hrsn", "answers": FOOD}])
    row = taken.records[0].row
    assert row.flags == {"food": None, "transport": None} and goals(clinic) == []
    clinic.run(answer_help, row.id, None, flag="transport", wants="yes")
    clinic.run(answer_help, row.id, None, flag="transport", wants="yes")
    again = clinic.run(
        retake_assessment, row.id, None, answers=FOOD, help={"food": "yes", "transport": "yes"}
    )
    assert len(again.goals) == 1
    assert [title for title, _, _ in goals(clinic)] == [
        "A way to get to appointments and errands",
        "Enough food through the whole month",
    ]
    with pytest.raises(Invalid, match="do not raise this"):
        clinic.run(say_help, row.id, None, flag="housing", wants="yes")


def test_a_second_screening_does_not_double_an_open_goal(clinic: Clinic, ana: bytes) -> None:
    part = {"instrument": "ahc-hrsn", "answers": FOOD, "help": {"food": "yes"}}
    clinic.run(take_assessment, ana, parts=[part])
    assert clinic.run(take_assessment, ana, parts=[part]).goals == ()
    assert len(goals(clinic)) == 1


# -- one form, one save


def test_a_form_that_is_saved_twice_writes_once(clinic: Clinic, ana: bytes) -> None:
    key = clinic.new_id()
    parts = [{"instrument": "phq-2", "answers": {"q1": 3, "q2": 0}}, phq(q1=3, q9=1)]
    taken = clinic.run(take_assessment, ana, parts=parts, id=key)
    assert [one.row.instrument for one in taken.records] == ["phq-2", "phq-9"]
    assert clinic.run(take_assessment, ana, parts=parts, id=key).again
    assert len(clinic.read(assessments_of, ana)) == 2 and len(tasks_of_kind(clinic, ana)) == 2


def test_undo_takes_all_of_it_back(clinic: Clinic, ana: bytes) -> None:
    clinic.run(
        take_assessment, ana, parts=[{"instrument": "ahc-hrsn", "answers": FOOD, "help": {"food": "yes"}}]
    )
    clinic.undo(clinic.read(last_undoable).seq)
    assert clinic.read(assessments_of, ana) == [] and goals(clinic) == []


def test_struck_out_is_not_listed(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(record_assessment, ana, **phq(q9=1)).row
    clinic.run(strike_assessment, row.id, "another patient's answers")
    assert clinic.read(assessments_of, ana) == []
    assert len(tasks_of_kind(clinic, ana)) == 2
    with pytest.raises(Gone):
        clinic.read(assessment_line, row.id)


def test_the_trend_is_by_day(clinic: Clinic, ana: bytes, clock: FrozenClock) -> None:
    for day, first in ((1, 3), (10, 2), (20, 1)):
        clinic.run(record_assessment, ana, **phq(q1=first), date=date(2026, 11, day))
    clinic.run(record_assessment, ana, instrument="phq-9", answers={"q1": 3})
    assert [(one.date.day, one.score) for one in clinic.read(trend, ana, "phq-9")] == [
        (1, 3),
        (10, 2),
        (20, 1),
    ]
    latest = clinic.read(latest_of_each, ana)["phq-9"]
    assert (latest.date.day, latest.score) == (20, 1)


def test_the_dead_are_not_forgotten(clinic: Clinic, ana: bytes) -> None:
    """What was asked before a death can still be written down after it."""
    clinic.run(edit_patient, ana, None, deceased=True)
    assert clinic.run(record_assessment, ana, **phq()).row.score == 0


def test_the_records_folder_brings_all_of_it_back(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    clinic.run(
        take_assessment, ana, parts=[{"instrument": "ahc-hrsn", "answers": FOOD, "help": {"food": "yes"}}]
    )
    clinic.run(record_assessment, ana, **phq(q6=None, q9=1), remarks="Two\nlines")
    clinic.run(record_assessment, ana, instrument="peg", answers={"pain": 5, "enjoyment": 6, "activity": 6})
    first = export(clinic, tmp_path / "out")
    other = fresh(tmp_path / "fresh.cmp")
    try:
        bring(other, tmp_path / "out")
        wanted = ("id", "instrument", "status", "answers", "score", "band", "flags", "remarks")
        assert living(other, Assessment, *wanted) == living(clinic, Assessment, *wanted)
        urgent = ("id", "kind", "urgency", "answer_by", "title")
        assert living(other, Task, *urgent) == living(clinic, Task, *urgent)
        assert export(other, tmp_path / "again") == first
    finally:
        other.close_here()
