"""The comprehensive assessment saved on a file: what it writes in the chart, undo, two people, and its end."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.assessments.actions import record_assessment
from cmp_tui.assessments.model import Assessment
from cmp_tui.assessments.queries import assessments_of
from cmp_tui.careplan.actions import edit_plan
from cmp_tui.careplan.model import Goal, Plan
from cmp_tui.careplan.preventive_queries import gaps_of
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Gone, Invalid
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.staff import me
from cmp_tui.desk.assessment_actions import finish_assessment, save_section
from cmp_tui.desk.assessment_queries import Whole, whole_assessment
from cmp_tui.enrollment.intake_actions import add_intake
from cmp_tui.enrollment.intake_facts import held_of
from cmp_tui.measurements.model import Measurement, PreventiveAnswer, Vaccination
from cmp_tui.measurements.preventive_actions import answer_preventive
from cmp_tui.patients.actions import add_condition, add_patient, add_person
from cmp_tui.patients.model import Allergy, Condition, Patient, RelatedPerson
from cmp_tui.tasks.model import Task
from tests.conftest import MONDAY, AsUser
from tests.exchange.records_folder import bring, export, fresh, refused


@pytest.fixture
def eva(clinic: Clinic) -> bytes:
    """Eva Lund, for whom Amy Levin bills, with diabetes."""
    key: bytes = clinic.run(
        add_patient, family="Lund", given="Eva", mrn="E-1", birth_date="1944-03-02", sex="F",
        billing_practitioner="levin", care_manager=clinic.read(me).id,
    ).id  # fmt: skip
    clinic.run(add_condition, key, display="Type 2 diabetes", system="icd-10-cm", code="E11.9")
    return key


def rows_of(clinic: Clinic, model: Any, patient: bytes) -> list[Any]:
    return clinic.read(lambda scope: list(model.live().where(model.patient == patient).order_by(model.id)))


def row(clinic: Clinic, model: Any, key: bytes) -> Any:
    return clinic.read(lambda scope: model.get(model.id == key))


def condition(clinic: Clinic, patient: bytes) -> str:
    return str(rows_of(clinic, Condition, patient)[0].id.hex())


def stands(clinic: Clinic, patient: bytes) -> Whole:
    return clinic.read(whole_assessment, patient)


def undo_last(clinic: Clinic) -> None:
    last = clinic.read(last_undoable)
    assert last is not None
    clinic.undo(last.seq)


def save(clinic: Clinic, patient: bytes, section: str, **answers: Any) -> Any:
    return clinic.run(save_section, patient, section=section, answers=answers)


def test_the_medical_section_fills_the_chart(clinic: Clinic, eva: bytes) -> None:
    key = condition(clinic, eva)
    saved = save(
        clinic, eva, "medical", conditions={key: "chronic"}, conditions_confirmed="yes", problem_missing="yes",
        problem_new="Gout", problem_new_chronic="no", allergies="missing", allergy_new="Sulfa",
        allergy_reaction="rash", weight=150, pressure="142/84", smoking="formerly",
    )  # fmt: skip
    diabetes, gout = rows_of(clinic, Condition, eva)
    assert (diabetes.chronic, diabetes.confirmed_by, diabetes.confirmed_on) == (
        True,
        "levin",
        date(2026, 11, 23),
    )
    assert (gout.display, gout.chronic, gout.status) == ("Gout", False, "active")
    (allergy,) = rows_of(clinic, Allergy, eva)
    assert (allergy.substance, allergy.reaction) == ("Sulfa", "rash")
    values = {one.kind: one for one in rows_of(clinic, Measurement, eva)}
    assert (values["weight"].value, values["weight"].unit) == (pytest.approx(68.0389, abs=0.001), "kg")
    assert (values["bp"].value, values["bp"].value2) == (142, 84)
    assert values["smoking"].text == "formerly"
    assert saved.row.status == "in-progress" and saved.section.begun
    # Who has just named a condition has said that it is there.
    assert saved.row.answers["conditions"] == {key: "chronic", gout.id.hex(): "passing"}


def test_a_section_is_taken_back_whole(clinic: Clinic, eva: bytes) -> None:
    save(
        clinic, eva, "caregiver", has_caregiver="yes", caregiver_name="Nils Lund", caregiver_relationship="child",
        caregiver_may_talk="yes",
    )  # fmt: skip
    (nils,) = rows_of(clinic, RelatedPerson, eva)
    assert (nils.name, nils.relationship, nils.caregiver, nils.may_talk) == ("Nils Lund", "child", True, True)
    undo_last(clinic)
    assert rows_of(clinic, RelatedPerson, eva) == [] and stands(clinic, eva).line is None


def test_a_changed_answer_changes_the_same_record(clinic: Clinic, eva: bytes) -> None:
    save(clinic, eva, "medical", weight=150, allergies="missing", allergy_new="Sulfa")
    save(clinic, eva, "medical", weight=151, allergies="missing", allergy_new="Sulfonamides")
    assert len(rows_of(clinic, Measurement, eva)) == 1
    assert [one.substance for one in rows_of(clinic, Allergy, eva)] == ["Sulfonamides"]
    assert len(rows_of(clinic, Assessment, eva)) == 1


def test_what_only_confirms_the_chart_writes_nothing_there(
    clinic: Clinic, eva: bytes, clock: FrozenClock
) -> None:
    save(clinic, eva, "medical", weight=150, pressure="142/84")
    save(clinic, eva, "resources", language="Swedish", interpreter="yes")
    clinic.run(finish_assessment, eva, remarks="She was tired.")
    clock.at = MONDAY + timedelta(days=400)
    found = stands(clinic, eva)
    assert found.known["weight"] == (150, date(2026, 11, 23)) and found.known["pressure"].value == "142/84"
    assert found.known["language"] == ("Swedish", date(2026, 11, 23))
    assert found.known["interpreter"].value == "yes"
    version = row(clinic, Patient, eva).version
    save(clinic, eva, "medical", weight=150, pressure="138/80")
    save(clinic, eva, "resources", language="Swedish", interpreter="yes")
    kinds = [one.kind for one in rows_of(clinic, Measurement, eva)]
    assert sorted(kinds) == ["bp", "bp", "weight"]
    assert row(clinic, Patient, eva).version == version


def test_answers_of_last_time_are_known_with_their_day(
    clinic: Clinic, eva: bytes, clock: FrozenClock
) -> None:
    save(clinic, eva, "life", matters="The garden.", wish="Dance at the wedding")
    save(clinic, eva, "cognitive", memory="no")
    clinic.run(finish_assessment, eva, remarks="Short.")
    clock.at = MONDAY + timedelta(days=370)
    known = stands(clinic, eva).known
    assert known["matters"] == ("The garden.", date(2026, 11, 23)) and known["memory"].value == "no"


def test_a_caregiver_of_the_chart_is_changed_not_added(clinic: Clinic, eva: bytes) -> None:
    clinic.run(add_person, eva, name="Nils Lund", relationship="child", caregiver=True)
    known = stands(clinic, eva).known
    assert (known["caregiver_name"].value, known["has_caregiver"].value) == ("Nils Lund", "yes")
    save(clinic, eva, "caregiver", has_caregiver="yes", caregiver_name="nils  LUND", caregiver_may_talk="yes")
    (nils,) = rows_of(clinic, RelatedPerson, eva)
    assert nils.may_talk is True
    save(clinic, eva, "caregiver", has_caregiver="yes", caregiver_name="nils  LUND", caregiver_may_talk="no")
    assert rows_of(clinic, RelatedPerson, eva)[0].may_talk is False


def test_someone_else_who_helps_now_is_added_beside_the_one_of_the_chart(clinic: Clinic, eva: bytes) -> None:
    clinic.run(add_person, eva, name="Nils Lund", relationship="child", caregiver=True)
    save(clinic, eva, "caregiver", has_caregiver="yes", caregiver_name="Petra Holm")
    assert sorted(one.name for one in rows_of(clinic, RelatedPerson, eva)) == ["Nils Lund", "Petra Holm"]


def test_a_vaccine_that_is_in_the_chart_is_not_added_again(clinic: Clinic, eva: bytes) -> None:
    save(clinic, eva, "preventive", flu="yes", flu_on="2026-10-02")
    (shot,) = rows_of(clinic, Vaccination, eva)
    assert (shot.kind, shot.display, shot.date) == ("influenza", "Influenza", date(2026, 10, 2))
    clinic.run(finish_assessment, eva, remarks="Short.")
    save(clinic, eva, "preventive", flu="yes", flu_on="2026-10-02")
    assert len(rows_of(clinic, Vaccination, eva)) == 1


def test_medicines_that_differ_make_one_task(clinic: Clinic, eva: bytes) -> None:
    save(
        clinic, eva, "medicines", medicines_as_listed="differs", medicines_differ="Metformin once\nnot twice"
    )
    save(
        clinic, eva, "medicines", medicines_as_listed="differs", medicines_differ="Metformin once; no aspirin"
    )
    (task,) = rows_of(clinic, Task, eva)
    assert (task.title, task.why) == ("Reconcile the medicines", "Metformin once; no aspirin")


def test_instruments_are_records_of_their_own_and_open_the_longer_one(clinic: Clinic, eva: bytes) -> None:
    parts = [
        {"instrument": "phq-2", "answers": {"q1": 2, "q2": 2}},
        {"instrument": "phq-9", "answers": {f"q{n}": 1 for n in range(1, 10)} | {"difficulty": 0}},
    ]
    saved = clinic.run(save_section, eva, section="psychosocial", answers={}, instruments={"phq_2": parts})
    lines = {one.instrument: one for one in clinic.read(assessments_of, eva)}
    assert (lines["phq-2"].score, lines["phq-9"].score) == (4, 9)
    assert saved.row.answers["phq_2"] == lines["phq-2"].id.hex()
    assert [one.kind for one in rows_of(clinic, Task, eva)] == ["safety", "safety"]  # item 9 above 0
    facts = stands(clinic, eva).facts
    assert facts.scores["phq-2"].score == 4 and facts.scores["phq-9"].score == 9
    # Asked anew within the same assessment: the same record.
    again = [{"instrument": "phq-2", "answers": {"q1": 1, "q2": 0}}]
    clinic.run(save_section, eva, section="psychosocial", answers={}, instruments={"phq_2": again})
    assert [one.score for one in clinic.read(assessments_of, eva) if one.instrument == "phq-2"] == [1]


def test_an_earlier_result_is_kept_or_asked_anew(clinic: Clinic, eva: bytes, clock: FrozenClock) -> None:
    whole = dict.fromkeys(("bathing", "dressing", "toileting", "transfer", "continence", "feeding"), 1)
    old = clinic.run(record_assessment, eva, instrument="katz", answers=whole).row
    clock.at = MONDAY + timedelta(days=30)
    assert stands(clinic, eva).earlier["katz"].id == old.id
    save(clinic, eva, "functional", katz=old.id.hex())
    assert stands(clinic, eva).facts.scores["katz"].score == 6
    parts = [{"instrument": "katz", "answers": {**whole, "bathing": 0}}]
    clinic.run(save_section, eva, section="functional", answers={}, instruments={"katz": parts})
    scores = sorted(one.score for one in clinic.read(assessments_of, eva) if one.instrument == "katz")
    assert scores == [5, 6]


def test_two_people_at_one_section(clinic: Clinic, as_user: AsUser, eva: bytes) -> None:
    first = save(clinic, eva, "cognitive", memory="no").row
    ben = as_user("ben")
    ben.run(
        save_section,
        eva,
        section="cognitive",
        answers={"memory": "no", "reading": "often"},
        seen=first.version,
    )
    # What Dana's form did not touch stays Ben's.
    saved = clinic.run(
        save_section, eva, section="cognitive", answers={"memory": "family"}, seen=first.version
    )
    assert (saved.row.answers["memory"], saved.row.answers["reading"]) == ("family", "often")
    with pytest.raises(Conflict) as conflict:
        ben.run(save_section, eva, section="cognitive", answers={"memory": "patient"}, seen=first.version + 1)
    assert conflict.value.who == "Dana Ruiz" and conflict.value.theirs == {"memory": "family"}
    knowingly = conflict.value.version
    saved = ben.run(save_section, eva, section="cognitive", answers={"memory": "patient"}, seen=knowingly)
    assert saved.row.answers["memory"] == "patient"


def test_nothing_answered_is_not_saved_and_wrong_names_are_told(clinic: Clinic, eva: bytes) -> None:
    with pytest.raises(Invalid, match="Nothing is answered"):
        save(clinic, eva, "medical")
    with pytest.raises(Invalid, match="no such questions"):
        save(clinic, eva, "medical", katz="x")
    with pytest.raises(Gone):
        clinic.run(finish_assessment, eva)


def test_the_end_makes_goals_tasks_and_conditions_and_moves_the_card(clinic: Clinic, eva: bytes) -> None:
    clinic.run(
        add_intake, eva, source="self-referral", mode="phone", received=date(2026, 11, 20), program="CCM"
    )
    save(clinic, eva, "life", wish="Dance at the wedding")
    goal = {
        "title": "Dance at the wedding",
        "topic": "what-matters",
        "own_words": "Dance!",
        "responsible": "patient",
    }
    with pytest.raises(Invalid, match="Say why nothing was asked about: Medical, Functional"):
        clinic.run(finish_assessment, eva, goals=[goal])
    done = clinic.run(
        finish_assessment, eva, goals=[goal, goal], tasks=[{"title": "See which vaccines are due", "days": 30}],
        conditions=[{"title": "Tobacco use"}], remarks="The line broke.",
    )  # fmt: skip
    (made,) = rows_of(clinic, Goal, eva)
    assert (made.title, made.lifecycle, made.topic, made.own_words, made.responsible) == (
        "Dance at the wedding", "proposed", "what-matters", "Dance!", "patient",
    )  # fmt: skip
    (task,) = rows_of(clinic, Task, eva)
    assert task.due == date(2026, 12, 23)
    assert [one.display for one in rows_of(clinic, Condition, eva)][-1] == "Tobacco use"
    assert (done.row.status, done.row.date, done.row.remarks) == (
        "completed",
        date(2026, 11, 23),
        "The line broke.",
    )
    assert clinic.read(held_of, [eva])[eva].assessed == (date(2026, 11, 23),)
    assert clinic.run(finish_assessment, eva).again  # the same form, saved twice
    undo_last(clinic)
    assert rows_of(clinic, Goal, eva) == [] and stands(clinic, eva).line is not None


def test_a_finished_one_is_amended_and_keeps_its_day(clinic: Clinic, eva: bytes, clock: FrozenClock) -> None:
    save(clinic, eva, "cognitive", memory="no")
    key = clinic.run(finish_assessment, eva, remarks="Short.").row.id
    clock.at = MONDAY + timedelta(days=3)
    clinic.run(save_section, eva, section="cognitive", answers={"memory": "family"}, key=key)
    (line,) = [one for one in clinic.read(assessments_of, eva) if one.instrument == "comprehensive"]
    assert (line.status, line.date, line.answers["memory"]) == ("amended", date(2026, 11, 23), "family")
    assert stands(clinic, eva).line is None  # the next one begins anew


def test_it_goes_out_with_the_records_and_comes_back(clinic: Clinic, eva: bytes, tmp_path: Path) -> None:
    save(clinic, eva, "medical", conditions={condition(clinic, eva): "chronic"}, weight=150)
    save(clinic, eva, "life", wish="Dance; “twice”, at the wedding\nwith Nils")
    clinic.run(finish_assessment, eva, goals=[{"title": "Dance"}], remarks="Short.")
    export(clinic, tmp_path / "out")
    other = fresh(tmp_path / "other.cmp")
    try:
        assert refused(bring(other, tmp_path / "out")) == []
        found = stands(other, eva)
        assert found.line is None and found.known["wish"].value == "Dance; “twice”, at the wedding\nwith Nils"
        assert found.known["weight"].value == 150
        assert other.read(assessments_of, eva)[0].answers == clinic.read(assessments_of, eva)[0].answers
    finally:
        other.close_here()


def life(clinic: Clinic, patient: bytes, **answers: Any) -> None:
    clinic.run(save_section, patient, section="life", answers=answers)


def matters(clinic: Clinic, patient: bytes) -> str | None:
    plans = rows_of(clinic, Plan, patient)
    return plans[0].matters if plans else None


def test_what_matters_reaches_an_empty_plan(clinic: Clinic, eva: bytes) -> None:
    life(clinic, eva, matters="My garden")
    assert matters(clinic, eva) == "My garden"
    life(clinic, eva, matters="My garden and my grandson")
    assert matters(clinic, eva) == "My garden and my grandson", "it was this assessment that said so"
    clinic.run(edit_plan, eva, None, matters="Staying at home")
    life(clinic, eva, matters="My grandson")
    assert matters(clinic, eva) == "Staying at home", "what a person wrote stays"


def test_what_matters_is_undone_with_the_section(clinic: Clinic, eva: bytes) -> None:
    life(clinic, eva, matters="My garden")
    undo_last(clinic)
    assert matters(clinic, eva) is None


def prevention(clinic: Clinic, patient: bytes, **answers: Any) -> list[tuple[str, str, date | None]]:
    clinic.run(save_section, patient, section="preventive", answers=answers)
    return [(one.measure, one.answer, one.until) for one in rows_of(clinic, PreventiveAnswer, patient)]


def test_a_refused_vaccine_is_declined(clinic: Clinic, eva: bytes) -> None:
    until = date(2027, 11, 23)
    assert prevention(clinic, eva, flu="refuses", pneumonia="no") == [("flu-vaccine", "declined", until)]
    assert prevention(clinic, eva, flu="refuses") == [("flu-vaccine", "declined", until)], "once"
    assert "flu-vaccine" not in {gap.measure.name for gap in clinic.read(gaps_of, eva)}
    assert prevention(clinic, eva, flu="no") == [], "taken back"


def test_an_answer_that_holds_stays_as_it_is(clinic: Clinic, eva: bytes) -> None:
    clinic.run(answer_preventive, eva, measure="zoster-vaccine", answer="not-suitable")
    assert prevention(clinic, eva, shingles="refuses") == [("zoster-vaccine", "not-suitable", None)]
    assert prevention(clinic, eva, shingles="no") == [("zoster-vaccine", "not-suitable", None)]
