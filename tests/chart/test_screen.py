"""A person's work on the chart, by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cmp_tui.app import CmpApp
from cmp_tui.chart.menu import KeyMenu
from cmp_tui.chart.queries import calls
from cmp_tui.chart.screen import ChartScreen
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.enrollment.queries import consents
from cmp_tui.patients.actions import add_patient, edit_patient
from cmp_tui.patients.queries import patient_card, phones
from cmp_tui.tasks.queries import tasks_of
from cmp_tui.ui.messages import OpenChart as ShowChart
from cmp_tui.ui.notice import Notice
from tests.chart.conftest import OpenChart
from tests.chart.program import press, screen_of, settle, words_of
from tests.conftest import AsUser


def said(pilot: object) -> str:
    return screen_of(pilot).query_one(Notice).content.plain  # type: ignore[arg-type]


async def test_enter_on_a_row_of_today_opens_the_chart(clinic: Clinic, ana: bytes) -> None:
    app = CmpApp(clinic)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, ChartScreen)
        words = words_of(pilot)
        assert "Ruiz-Moreno, Ana   78 F · 1948-02-11   MRN A-1" in words
        assert "CCM since 4 Mar · consent accepted 4 Mar ✓ · this month 12" in words
        await press(pilot, "escape")
        assert app.current_mode == "today"


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_every_panel_opens_by_keys(
    open_chart: OpenChart, ana: bytes, late_time: bytes, size: tuple[int, int]
) -> None:
    async with open_chart(ana, size=size) as pilot:
        assert "(512) 555-0133 · mobile" in words_of(pilot)
        assert "consent accepted verbally · all points" in words_of(pilot)
        await press(pilot, "right", "right")
        words = words_of(pilot)
        assert "November 2026 · 17 min of 20 · 2 entries · 5 min not billable" in words
        assert "Fri 20 10:04 phone" in words and "no program · late" in words
        await press(pilot, "right")
        assert "No referrals." in words_of(pilot)
        await press(pilot, "right", "right")
        assert "No stays, no emergency visits." in words_of(pilot)
        await press(pilot, "right")
        assert "No assessments." in words_of(pilot)
        await press(pilot, "right")
        assert "Preventive care due" in words_of(pilot)
        await press(pilot, "right_square_bracket")
        assert "Ask for the eye report" in words_of(pilot)
        await press(pilot, *["left"] * 8, "left_square_bracket")
        assert "time logged" in words_of(pilot)
        # The patient stands above every panel.
        assert "Ruiz-Moreno, Ana   78 F · 1948-02-11" in words_of(pilot)


async def test_minutes_are_changed_with_a_reason_and_undone(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    async with open_chart(ana, "calls") as pilot:
        await press(pilot, "m", "tab", "tab", "ctrl+u", "9")
        assert "Change time" in words_of(pilot) and "Ruiz-Moreno, Ana · 78 F" in words_of(pilot)
        await press(pilot, "ctrl+s")
        assert "Why the change is needed." in words_of(pilot)
        await press(pilot, *"typo", "ctrl+s")
        assert clinic.read(calls, ana).lines[0].entry.seconds == 540  # type: ignore[union-attr]
        assert "November 2026 · 9 min of 20" in words_of(pilot) and "amended" in words_of(pilot)
        await press(pilot, "u", "enter")
        assert clinic.read(calls, ana).lines[0].entry.seconds == 720  # type: ignore[union-attr]
        assert "November 2026 · 12 min of 20" in words_of(pilot)


async def test_e_asks_whether_note_or_minutes(open_chart: OpenChart, ana: bytes) -> None:
    async with open_chart(ana, "calls") as pilot:
        await press(pilot, "e")
        assert "Change  n note  m minutes" in words_of(pilot)
        await press(pilot, "n")
        assert "Change contact" in words_of(pilot)


async def test_a_letter_that_is_not_on_the_menu_does_nothing(open_chart: OpenChart, ana: bytes) -> None:
    async with open_chart(ana) as pilot:
        screen = screen_of(pilot)
        await press(pilot, "n")
        assert screen.query_one(KeyMenu).menu is not None
        await press(pilot, "y")
        assert screen.query_one(KeyMenu).menu is None and not screen.dock.is_open
        assert screen.focused is screen.table
        await press(pilot, "n", "escape")
        assert screen.query_one(KeyMenu).menu is None and screen.focused is screen.table


async def test_a_phone_is_added_by_n_p_and_struck_out_by_x(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    async with open_chart(ana) as pilot:
        await press(pilot, "n", "p", *"5125550144", "ctrl+s")
        assert [one.number for one in clinic.read(phones, ana)] == ["512-555-0133", "(512) 555-0144"] or len(
            clinic.read(phones, ana)
        ) == 2
        assert "(512) 555-0144" in words_of(pilot)
        await press(pilot, "x")
        assert "Strike out" in words_of(pilot)
        await press(pilot, *"old", "ctrl+s")
        assert len(clinic.read(phones, ana)) == 1 and "Struck out: " in said(pilot)
        await press(pilot, "u", "enter")
        assert len(clinic.read(phones, ana)) == 2


async def test_an_empty_chart_teaches(open_chart: OpenChart, clinic: Clinic) -> None:
    key = clinic.run(add_patient, family="Bell", given="Tom").id
    async with open_chart(key) as pilot:
        words = words_of(pilot)
        for taught in (
            "no phone: n p",
            "no conditions listed: n c",
            "consent not asked yet: C",
            "not enrolled",
        ):
            assert taught in words
        await press(pilot, "enter")
        assert "New: telephone" in words_of(pilot)
        await press(pilot, "escape", "right", "right")
        assert "c logs a contact, t starts the timer, a adds" in words_of(pilot)


async def test_a_consent_is_recorded_by_its_key(open_chart: OpenChart, clinic: Clinic) -> None:
    key = clinic.run(add_patient, family="Bell", given="Tom").id
    async with open_chart(key) as pilot:
        await press(pilot, "C")
        assert screen_of(pilot).dock.is_open
        assert "Consent" in words_of(pilot)
        assert clinic.read(consents, key) == []


async def test_time_without_a_contact_goes_to_the_usual_program(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    async with open_chart(ana, "calls") as pilot:
        await press(pilot, "a", "tab", "tab", *"8", "ctrl+s")
        entry = clinic.read(calls, ana).lines[0].entry
        assert entry is not None and (entry.program, entry.practitioner, entry.seconds) == (
            "CCM",
            "levin",
            480,
        )
        assert "November 2026 · 20 min of 20" in words_of(pilot)
        assert "Logged 8 min, today 08:52–09:00." in said(pilot)


async def test_tasks_are_settled_from_the_chart(open_chart: OpenChart, clinic: Clinic, ana: bytes) -> None:
    async with open_chart(ana, "tasks") as pilot:
        await press(pilot, "d", "ctrl+s")
        assert clinic.read(tasks_of, ana) == []
        assert "Settled" in words_of(pilot) and "Ask for the eye report  done" in words_of(pilot)
        await press(pilot, "e")
        assert "This task is settled" in said(pilot)


async def test_one_change_of_ones_own_is_taken_back_from_the_history(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    clinic.run(edit_patient, ana, None, best_time="evenings")
    clinic.run(edit_patient, ana, None, language="English")
    async with open_chart(ana, "history") as pilot:
        await press(pilot, "down")
        assert "best time   after 10 → evenings" in words_of(pilot)
        await press(pilot, "v")
        assert "Undo: patient changed: best time: after 10 → evenings?" in words_of(pilot)
        await press(pilot, "enter")
        # The language was changed since, in the same record: this one can't be taken back by itself.
        assert "can't be undone as a whole" in said(pilot)
        await press(pilot, "up", "v", "enter")
        card = clinic.read(patient_card, ana)
        assert (card.language, card.best_time) == ("Spanish", "evenings")
        assert "Undone: patient changed." in said(pilot)


async def test_a_colleagues_change_is_not_taken_back(
    open_chart: OpenChart, clinic: Clinic, ana: bytes, as_user: AsUser, clock: FrozenClock
) -> None:
    clock.at += timedelta(minutes=1)
    as_user("ben").run(edit_patient, ana, None, language="English")
    async with open_chart(ana, "history") as pilot:
        await press(pilot, "v")
        assert "Only Ben Ortiz can undo this." in said(pilot)


async def test_the_history_shows_who_looked(
    open_chart: OpenChart, clinic: Clinic, ana: bytes, as_user: AsUser
) -> None:
    as_user("ben").look("chart", ana)
    async with open_chart(ana, "history") as pilot:
        await press(pilot, "l")
        words = words_of(pilot)
        assert "Who looked at this chart" in words and "Ben Ortiz" in words
        await press(pilot, "l")
        assert "patient added" in words_of(pilot)


async def test_older_versions_of_a_record_are_shown(
    open_chart: OpenChart, clinic: Clinic, ana: bytes
) -> None:
    clinic.run(edit_patient, ana, None, best_time="evenings")
    async with open_chart(ana) as pilot:
        await press(pilot, "down", "o")
        words = words_of(pilot)
        assert "Older versions" in words and "after 10 → evenings" in words


async def test_a_row_is_shown_whole_on_a_narrow_terminal(open_chart: OpenChart, ana: bytes) -> None:
    async with open_chart(ana, "calls", (80, 24)) as pilot:
        await press(pilot, "enter")
        assert "Went through the pillbox with her." in words_of(pilot)
        await press(pilot, "escape")
        screen = screen_of(pilot)
        assert screen.focused is screen.table and "November 2026" in words_of(pilot)
        await press(pilot, "space")
        assert "Did         Went through the pillbox" in words_of(pilot)


async def test_names_are_masked_above_the_chart(open_chart: OpenChart, ana: bytes) -> None:
    async with open_chart(ana) as pilot:
        await press(pilot, "exclamation_mark")
        assert "Ruiz-Moreno" not in words_of(pilot)


async def test_another_patient_begins_at_the_top(open_chart: OpenChart, clinic: Clinic, ana: bytes) -> None:
    tom = clinic.run(add_patient, family="Bell", given="Tom").id
    async with open_chart(ana) as pilot:
        await press(pilot, "down", "down", "down")
        assert screen_of(pilot).table.cursor == 3
        pilot.app.post_message(ShowChart(tom, "summary"))
        await settle(pilot)
        assert screen_of(pilot).table.cursor == 0 and "Bell, Tom" in words_of(pilot)


async def test_markup_in_words_is_only_words(open_chart: OpenChart, clinic: Clinic) -> None:
    key = clinic.run(
        add_patient, family="[/foo] Bell", given="[@click=app.quit]x[/]", remarks="[red]no[/]"
    ).id
    async with open_chart(key) as pilot:
        assert "[/foo] Bell, [@click=app.quit]x[/]" in words_of(pilot)
        await press(pilot, "left")
        assert "[/foo] Bell" in words_of(pilot)
