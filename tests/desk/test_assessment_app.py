"""The comprehensive assessment by keys, in the whole program: sections, older answers, two days, the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.assessments.queries import AssessmentLine, assessments_of
from cmp_tui.careplan.model import Goal
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.staff import me
from cmp_tui.desk.assessment_actions import finish_assessment, save_section
from cmp_tui.desk.assessment_queries import whole_assessment
from cmp_tui.patients.actions import add_condition, add_patient
from cmp_tui.tasks.queries import tasks_of
from tests.chart.conftest import OpenChart
from tests.chart.conftest import open_chart as open_chart
from tests.chart.program import press, words_of
from tests.conftest import MONDAY

SIZES = [(80, 24), (120, 36)]


@pytest.fixture
def eva(clinic: Clinic) -> bytes:
    """Eva Lund, with diabetes, for whom Amy Levin bills."""
    key: bytes = clinic.run(
        add_patient, family="Lund", given="Eva", mrn="E-1", birth_date="1944-03-02", sex="F", language="Swedish",
        billing_practitioner="levin", care_manager=clinic.read(me).id,
    ).id  # fmt: skip
    clinic.run(add_condition, key, display="Type 2 diabetes", system="icd-10-cm", code="E11.9")
    return key


def comprehensive(clinic: Clinic, patient: bytes) -> AssessmentLine:
    return next(one for one in clinic.read(assessments_of, patient) if one.instrument == "comprehensive")


@pytest.mark.parametrize("size", SIZES)
async def test_sections_are_answered_by_digits_and_letters(
    open_chart: OpenChart, clinic: Clinic, eva: bytes, size: tuple[int, int]
) -> None:
    async with open_chart(eva, "assessments", size=size) as pilot:
        await press(pilot, "a")
        words = words_of(pilot)
        assert "Quality of life" in words and "0 of 4" in words and "not answered yet" in words
        await press(pilot, "3")
        assert "Cognitive 3 of 10" in words_of(pilot) and "worried about your memory" in words_of(pilot)
        await press(pilot, "3")  # no; else a Mini-Cog would come next
        assert "How often does somebody help you" in words_of(pilot)
        await press(pilot, "s", *"Nils", "enter", "minus")
        await press(pilot, "ctrl+s")
        words = words_of(pilot)
        assert "4 of 4" in words and "Psychosocial" in words
    line = comprehensive(clinic, eva)
    assert line.status == "in-progress"
    told = {name: line.answers.get(name, "?") for name in ("memory", "reading", "decisions", "directive")}
    assert told == {"memory": "no", "reading": "sometimes", "decisions": "Nils", "directive": None}


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_known_is_marked_as_old_and_kept_with_enter(
    open_chart: OpenChart, clinic: Clinic, clock: FrozenClock, eva: bytes, size: tuple[int, int]
) -> None:
    clinic.run(save_section, eva, section="cognitive", answers={"memory": "no", "decisions": "Nils"})
    clinic.run(finish_assessment, eva, remarks="Short.")
    clock.at = MONDAY + timedelta(days=370)
    async with open_chart(eva, "assessments", size=size) as pilot:
        await press(pilot, "a", "3")
        assert "No (23 Nov 2026); enter keeps it" in words_of(pilot)
        await press(pilot, "ctrl+s")  # an older answer that nobody kept is none
        assert "Nothing is answered yet" in words_of(pilot)
        await press(pilot, "enter", "down")
        assert "Nils (23 Nov 2026)" in words_of(pilot)
        await press(pilot, "enter", "ctrl+s")
    answers = comprehensive(clinic, eva).answers
    assert (answers["memory"], answers["decisions"]) == ("no", "Nils") and "reading" not in answers


async def test_the_chart_answers_and_is_changed(open_chart: OpenChart, clinic: Clinic, eva: bytes) -> None:
    async with open_chart(eva, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "a", "7")
        assert "Swedish (today)" in words_of(pilot)
        await press(pilot, "enter", "y", *"after 10", "enter", "n", "ctrl+s")
    card = clinic.read(whole_assessment, eva).card
    assert (card.language, card.interpreter, card.best_time, card.may_leave_message) == (
        "Swedish", True, "after 10", False,
    )  # fmt: skip


async def test_it_goes_on_the_next_day_where_it_was_left(
    open_chart: OpenChart, clinic: Clinic, clock: FrozenClock, eva: bytes
) -> None:
    async with open_chart(eva, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "a", "9", *"The garden", "escape")
        assert "Kept as a draft" in words_of(pilot)
    clock.at = MONDAY + timedelta(days=1)
    async with open_chart(eva, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "a")
        assert "a draft is kept" in words_of(pilot)
        await press(pilot, "9")
        assert "The garden" in words_of(pilot)
        await press(pilot, "enter", *"Dance", "ctrl+s")
        assert "2 of 3" in words_of(pilot)
    line = comprehensive(clinic, eva)
    assert (line.date, line.answers["matters"], line.answers["wish"]) == (
        date(2026, 11, 24), "The garden", "Dance",
    )  # fmt: skip


async def test_phq_2_opens_phq_9_within_the_section_and_the_tasks_are_read_first(
    open_chart: OpenChart, clinic: Clinic, eva: bytes
) -> None:
    async with open_chart(eva, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "a", "4", "3", "3")
        assert "Trouble falling" in words_of(pilot)
        await press(pilot, *"000000", "1")
        assert "988" in words_of(pilot)
        await press(pilot, "ctrl+s")
        assert "Safety tasks for today: you and Amy Levin" in words_of(pilot)
        assert "Psychosocial" in words_of(pilot)  # the list stands below
    lines = {one.instrument: one for one in clinic.read(assessments_of, eva)}
    assert (lines["phq-2"].score, lines["phq-9"].score) == (6, 7)
    assert [one.kind for one in clinic.read(tasks_of, eva)] == ["safety", "safety"]


@pytest.mark.parametrize("size", SIZES)
async def test_the_end_suggests_and_everything_can_be_changed(
    open_chart: OpenChart, clinic: Clinic, eva: bytes, size: tuple[int, int]
) -> None:
    clinic.run(save_section, eva, section="life", answers={"wish": "Dance at the wedding"})
    clinic.run(save_section, eva, section="preventive", answers={"flu": "no"})
    async with open_chart(eva, "assessments", size=size) as pilot:
        await press(pilot, "a", "f")
        assert "Nothing was asked about: Medical" in words_of(pilot)
        await press(pilot, "enter", *"Tired", "enter")
        words = words_of(pilot)
        assert "Dance at the wedding" in words and "Blood sugar where patient" in words
        await press(pilot, "2")  # not the sugar
        await press(pilot, "ctrl+s")
        assert "Comprehensive assessment finished: 1 goal proposed, 1 task." in words_of(pilot)
        await press(pilot, "enter")  # the row whole
        whole = words_of(pilot)
        assert "Goal" in whole and "Dance at the wedding" in whole and "2 of 10 sections" in whole
    line = comprehensive(clinic, eva)
    assert (line.status, line.remarks) == ("completed", "Tired")
    titles = clinic.read(lambda scope: [one.title for one in Goal.live()])
    assert titles == ["Dance at the wedding"]
    assert [one.title for one in clinic.read(tasks_of, eva)] == ["See which vaccines are due"]


async def test_it_opens_from_the_summary_too_and_a_file_that_is_wrong_is_told(
    open_chart: OpenChart, clinic: Clinic, eva: bytes
) -> None:
    async with open_chart(eva, "summary", size=(120, 36)) as pilot:
        await press(pilot, "n", "w")
        assert "a digit or enter opens a section" in words_of(pilot)
