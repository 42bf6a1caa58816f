"""Instruments answered with keys, in the whole program, on the chart."""

from __future__ import annotations

from datetime import date

import pytest

from cmp_tui.assessments.actions import record_assessment
from cmp_tui.assessments.form_parts import instrument_fields
from cmp_tui.assessments.library import library
from cmp_tui.assessments.queries import AssessmentLine, Point, assessments_of
from cmp_tui.careplan.model import Goal
from cmp_tui.chart.assessments_panel import spark
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.tasks.queries import tasks_of
from cmp_tui.ui.signs import ASCII, UNICODE
from tests.chart.conftest import OpenChart
from tests.chart.program import press, screen_of, words_of

SIZES = [(80, 24), (120, 36)]


def by_name(clinic: Clinic, patient: bytes) -> dict[str, AssessmentLine]:
    return {one.instrument: one for one in clinic.read(assessments_of, patient)}


def safety(clinic: Clinic, patient: bytes) -> list[str]:
    return sorted(one.assignee_name for one in clinic.read(tasks_of, patient) if one.kind == "safety")


@pytest.mark.parametrize("size", SIZES)
async def test_phq_2_opens_phq_9_and_question_9_shows_the_steps_at_once(
    open_chart: OpenChart, clinic: Clinic, ana: bytes, size: tuple[int, int]
) -> None:
    async with open_chart(ana, "assessments", size=size) as pilot:
        assert "n picks an instrument" in words_of(pilot)
        await press(pilot, "n", *"phq-2", "enter")
        assert "Little interest or pleasure in doing things" in words_of(pilot)
        assert "3 Nearly every day" in words_of(pilot) and "0 of 2 answered" in words_of(pilot)
        await press(pilot, "2", "1")
        # Three points: the longer one goes on with the third question, the answers carried over.
        assert "Trouble falling or staying asleep" in words_of(pilot)
        assert "PHQ-9: 2 of 9 answered" in words_of(pilot)
        await press(pilot, *"101010")
        assert "of hurting yourself" in words_of(pilot) and "988" not in words_of(pilot)
        await press(pilot, "1")
        assert "988" in words_of(pilot) and "act before this call ends" in words_of(pilot)
        assert safety(clinic, ana) == []  # nothing is saved yet
        await press(pilot, "enter", "0")
        assert "PHQ-2: 3 of 6" in words_of(pilot)
        await press(pilot, "ctrl+s")
        words = words_of(pilot)
        assert (
            "item 9 above 0 · 7 of 27, mild" in words
            and "Safety tasks for today: you and a colleague." in words
        )
    found = by_name(clinic, ana)
    assert (found["phq-2"].score, found["phq-9"].score, found["phq-9"].band) == (3, 7, "mild")
    assert found["phq-9"].answers["q1"] == 2 and found["phq-9"].answers["difficulty"] == 0
    assert safety(clinic, ana) == ["Amy Levin", "Dana Ruiz"]


async def test_below_the_cut_nothing_opens(open_chart: OpenChart, clinic: Clinic, ana: bytes) -> None:
    async with open_chart(ana, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "n", *"phq-2", "enter", "1", "1")
        assert "PHQ-2: 2 of 6, below the cut" in words_of(pilot)
        assert "Trouble falling" not in words_of(pilot)
        await press(pilot, "ctrl+s")
    assert list(by_name(clinic, ana)) == ["phq-2"]


async def test_a_changed_answer_takes_the_steps_away_again(open_chart: OpenChart, ana: bytes) -> None:
    async with open_chart(ana, "assessments") as pilot:
        await press(pilot, "n", *"phq-9", "enter", *"000000002")
        assert "988" in words_of(pilot)
        await press(pilot, "up", "0")
        assert "988" not in words_of(pilot)


async def test_half_done_is_kept_and_gone_on_with(open_chart: OpenChart, clinic: Clinic, ana: bytes) -> None:
    async with open_chart(ana, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "n", *"gad-7", "enter", *"222", "minus", "ctrl+s")
        assert "GAD-7 saved, half done: no score: 4, 5, 6, 7 are not answered" in words_of(pilot)
        line = by_name(clinic, ana)["gad-7"]
        assert (line.status, line.score, line.answers) == (
            "in-progress", None, {"q1": 2, "q2": 2, "q3": 2, "q4": None},
        )  # fmt: skip
        assert "Half done" in words_of(pilot)
        await press(pilot, "e")
        assert "4 of 7 answered" in words_of(pilot)
        await press(pilot, "down", "down", "down", *"1111", "ctrl+s")
        assert "GAD-7 10 of 21, moderate" in words_of(pilot)
    line = by_name(clinic, ana)["gad-7"]
    assert (line.status, line.score) == ("completed", 10)


async def test_a_draft_is_of_one_instrument(open_chart: OpenChart, clinic: Clinic, ana: bytes) -> None:
    async with open_chart(ana, "assessments") as pilot:
        await press(pilot, "n", *"phq-9", "enter", "3", "3", "escape")
        await press(pilot, "n", *"peg", "enter")
        assert "pain on average" in words_of(pilot)
        await press(pilot, "escape", "n", *"phq-9", "enter")
        assert "Nearly every day" in words_of(pilot) and "draft kept" in words_of(pilot)
    assert clinic.read(assessments_of, ana) == []


async def test_numbers_go_on_by_themselves_where_no_digit_fits(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    async with open_chart(ana, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "n", *"peg", "enter", "6", "1", "0", "8")
        assert "PEG: 8.0 (0 to 10)" in words_of(pilot)
        await press(pilot, "ctrl+s")
    assert by_name(clinic, ana)["peg"].answers == {"pain": 6, "enjoyment": 10, "activity": 8}


async def test_several_answers_are_ticked_and_none_stands_alone(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    async with open_chart(ana, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "n", *"m1033", "enter", "0", "1", "3", "7", "3", "enter")
        assert "2 of 9 signs" in words_of(pilot)
        await press(pilot, "ctrl+s")
    assert by_name(clinic, ana)["oasis-m1033"].answers == {"signs": [1, 7]}


async def test_the_chart_answers_what_it_knows(open_chart: OpenChart, clinic: Clinic, ana: bytes) -> None:
    async with open_chart(ana, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "n", *"6 or more", "enter", "enter", "1", "1", "1")
        assert "3 of 12, positive (women, from 3)" in words_of(pilot)
        await press(pilot, "escape", "n", *"charlson", "enter")
        assert "78 years" in words_of(pilot)


async def test_a_need_asks_about_help_and_only_then_makes_a_goal(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    async with open_chart(ana, "assessments", size=(80, 24)) as pilot:
        await press(pilot, "n", *"hrsn core", "enter", "1", "8", "enter", *"1312")
        await press(pilot, *"1111")
        assert "May point to: food may run out; may lack transportation" in words_of(pilot)
        await press(pilot, "enter")
        assert "Does the patient want help with this?" in words_of(pilot)
        await press(pilot, "y", "n", "ctrl+s")
        assert "Proposed: Enough food through" in words_of(pilot)
        assert "2 possible needs" in words_of(pilot)
    line = by_name(clinic, ana)["ahc-hrsn"]
    assert (line.flags, line.score, line.status) == ({"food": "yes", "transport": "no"}, None, "completed")
    assert [one.title for one in clinic.read(lambda scope: list(Goal.live()))] == [
        "Enough food through the whole month"
    ]


async def test_the_panel_shows_the_latest_with_its_trend_and_reads_it_whole(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    zeros = {f"q{number}": 0 for number in range(1, 10)}
    for month, points in ((8, 3), (9, 2), (11, 1)):
        answers = {**zeros, **{f"q{number}": points for number in range(1, 7)}}
        clinic.run(record_assessment, ana, instrument="phq-9", answers=answers, date=date(2026, month, 2))
    async with open_chart(ana, "assessments") as pilot:
        words = words_of(pilot)
        assert "Latest" in words and "Earlier" in words
        assert "6 of 27, mild" in words and "18 of 27, moderately severe" in words
        assert "▆▄▃" in words
        await press(pilot, "enter")
        words = words_of(pilot)
        assert "Little interest or pleasure" in words and "Several days (1)" in words
        assert "2 Aug  18" in words


async def test_striking_out_with_a_reason(open_chart: OpenChart, clinic: Clinic, ana: bytes) -> None:
    clinic.run(record_assessment, ana, instrument="moca", answers={"total": 22})
    async with open_chart(ana, "assessments") as pilot:
        await press(pilot, "x", *"wrong", "ctrl+s")
        assert "Struck out: MoCA." in words_of(pilot)
        await press(pilot, "u", "enter")
        assert "22 of 30, below 26" in words_of(pilot)


async def test_the_mouse_chooses(open_chart: OpenChart, clinic: Clinic, ana: bytes) -> None:
    async with open_chart(ana, "assessments") as pilot:
        await press(pilot, "n", *"phq-2", "enter")
        form = screen_of(pilot).dock.form
        assert form is not None
        editor = form.sheet.editors["a_phq-2__q1"]
        at = next(line for line in range(editor.size.height) if "Not at all" in editor.render_line(line).text)
        await pilot.click(editor, offset=(20, at))
        assert editor.read().value == 1


def test_the_trend_line_in_both_sets_of_signs() -> None:
    points = [Point(date(2026, 1, day), score) for day, score in ((1, 0), (2, 13.5), (3, 27))]
    assert spark(points, 0, 27, UNICODE) == "▁▅█"
    assert spark(points, 0, 27, ASCII) == "_=#"
    assert spark([], 0, 27, UNICODE) == "" and len(spark(points * 9, 0, 27, ASCII)) == 10
    assert spark(points[:1], 0, 0, UNICODE) == "▁"


def test_every_instrument_has_a_form(clinic: Clinic) -> None:
    found = library(clinic.reference)
    for instrument in found.instruments.values():
        fields = instrument_fields(clinic.reference, found, instrument)
        assert len({one.name for one in fields}) == len(fields)
