"""A concern by keys: from the chart, from an open form and back to it, and its answer in Today."""

from __future__ import annotations

import pytest

from cmp_tui.app import CmpApp
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.staff import me
from cmp_tui.patients.actions import add_patient
from cmp_tui.tasks.actions import settle_task
from cmp_tui.tasks.queries import TaskLine, tasks_of
from tests.chart.conftest import OpenChart
from tests.chart.conftest import open_chart as open_chart
from tests.chart.program import press, settle, words_of
from tests.conftest import AsUser

SIZES = [(80, 24), (120, 36)]


@pytest.fixture
def eva(clinic: Clinic) -> bytes:
    """Eva Lund, for whom Amy Levin bills."""
    return clinic.run(
        add_patient, family="Lund", given="Eva", billing_practitioner="levin", care_manager=clinic.read(me).id
    ).id


def concern(clinic: Clinic, patient: bytes) -> TaskLine:
    return next(one for one in clinic.read(tasks_of, patient) if one.kind == "escalation")


@pytest.mark.parametrize("size", SIZES)
async def test_from_the_chart(
    open_chart: OpenChart, clinic: Clinic, eva: bytes, size: tuple[int, int]
) -> None:
    async with open_chart(eva, size=size) as pilot:
        await press(pilot, "ctrl+n", *"Weight up", "enter")
        words = words_of(pilot)
        assert "answered by today 10:00" in words and "Amy Levin" in words
        await press(pilot, "t", "ctrl+s")
        assert "Sent to Amy Levin, who is to answer by today 13:00." in words_of(pilot)
    line = concern(clinic, eva)
    assert (line.title, line.urgency, line.assignee_name) == ("Weight up", "asap", "Amy Levin")


@pytest.mark.parametrize("size", SIZES)
async def test_from_a_form_and_back_to_it_with_what_was_typed(
    open_chart: OpenChart, clinic: Clinic, eva: bytes, size: tuple[int, int]
) -> None:
    async with open_chart(eva, size=size) as pilot:
        await press(pilot, "n", "f", *"Nils", "ctrl+n", *"Says she fell", "ctrl+s")
        words = words_of(pilot)
        assert "Nils" in words and "Sent to Amy Levin" in words and "Says she fell" not in words
        kept = [one for one in clinic.kept("draft") if one.data["form"] == "person"]
        assert kept and kept[0].data["typed"]["name"] == "Nils"
        await press(pilot, "enter", "ctrl+s")
    assert concern(clinic, eva).title == "Says she fell"


async def test_esc_in_the_concern_comes_back_too_and_it_asks_nothing_twice(
    open_chart: OpenChart, clinic: Clinic, eva: bytes
) -> None:
    async with open_chart(eva, size=(80, 24)) as pilot:
        await press(pilot, "n", "p", *"512", "ctrl+n", *"Says", "ctrl+n", "escape")
        words = words_of(pilot)
        assert "512 3 digits" in words and "New: telephone" in words
    assert clinic.read(tasks_of, eva) == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_answer_stands_in_today_until_it_is_seen(
    open_chart: OpenChart, clinic: Clinic, as_user: AsUser, eva: bytes, size: tuple[int, int]
) -> None:
    async with open_chart(eva, size=size) as pilot:
        await press(pilot, "ctrl+n", *"Weight up", "ctrl+s")
    as_user("levin").run(settle_task, concern(clinic, eva).id, how="Double the pill for 3 days.")
    app = CmpApp(clinic)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "answered: Double the pill" in words_of(pilot)
        await press(pilot, "d")
        assert "You asked" in words_of(pilot) and "Double the pill for 3 days." in words_of(pilot)
        await press(pilot, "ctrl+s")
        assert "answered: Double" not in words_of(pilot)


async def test_the_one_who_has_it_answers_in_words(
    open_chart: OpenChart, clinic: Clinic, as_user: AsUser, eva: bytes
) -> None:
    async with open_chart(eva) as pilot:
        await press(pilot, "ctrl+n", *"Weight up", "ctrl+s")
    levin = as_user("levin")
    app = CmpApp(levin)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Weight up" in words_of(pilot)
        await press(pilot, "d", "ctrl+s", "d")
        assert "Answer" in words_of(pilot) and "Concern" in words_of(pilot)
        await press(pilot, "ctrl+s")
        assert "Answer is needed." in words_of(pilot)
