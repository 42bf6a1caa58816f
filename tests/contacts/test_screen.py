"""The day review, by keys: what was logged, what is missing, one key each to settle it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from textual.pilot import Pilot

from cmp_tui.app import CmpApp
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.actions import add_contact, log_time, start_timer
from cmp_tui.contacts.queries import my_day
from cmp_tui.contacts.screen import DayScreen
from cmp_tui.ui.notice import Notice
from tests.chart.program import press, settle, words_of

EIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""8:00 in Chicago; the clock of the tests stands at 9:00."""
OpenDay = Callable[..., AbstractAsyncContextManager[Pilot[int]]]


@pytest.fixture
def open_day(clinic: Clinic) -> OpenDay:
    """Opens the program on the day review."""

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[int]]:
        app = CmpApp(clinic)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            app.go("day")
            await settle(pilot)
            assert isinstance(app.screen, DayScreen)
            yield pilot

    return opened


@pytest.fixture
def morning(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    """Ten minutes for Ana at 8:00, five for Tom at 8:40; Tom's chart was opened, Ana was called in vain at 8:50."""
    for patient, minute, length in ((ana, 0, 10), (tom, 40, 5)):
        start = EIGHT + timedelta(minutes=minute)
        clinic.run(log_time, patient, start=start, end=start + timedelta(minutes=length), activity="call")
    clinic.run(add_contact, ana, at=EIGHT + timedelta(minutes=50), mode="phone", outcome="voicemail")


def said(pilot: Pilot[int]) -> str:
    return pilot.app.screen.query_one(Notice).content.plain


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_day_stands_in_its_order(open_day: OpenDay, morning: None, size: tuple[int, int]) -> None:
    async with open_day(size) as pilot:
        words = words_of(pilot)
        assert "Day review  Mon 23 Nov 2026 (today) · 15 min logged · 2 entries · 1 gap" in words
        order = [
            words.index(part)
            for part in ("08:00–08:10", "nothing logged for 30 min", "08:40–08:45", "voicemail · no time")
        ]
        assert order == sorted(order)


async def test_a_gap_is_dismissed_and_comes_back(open_day: OpenDay, clinic: Clinic, morning: None) -> None:
    async with open_day() as pilot:
        await press(pilot, "down", "x")
        assert clinic.read(my_day).gaps == [] and "u brings it back" in said(pilot)
        assert "1 gap" not in words_of(pilot)
        await press(pilot, "u", "enter")
        assert len(clinic.read(my_day).gaps) == 1 and "1 gap" in words_of(pilot)


async def test_a_gap_is_logged_with_its_span(open_day: OpenDay, clinic: Clinic, morning: None) -> None:
    async with open_day() as pilot:
        await press(pilot, "down", "enter")
        words = words_of(pilot)
        assert "Time" in words and "Patient" in words and "08:10" in words
        for letter in "Bell":
            await pilot.press(letter)
        for _ in range(100):
            await pilot.pause(0.02)
            if "1960" in words_of(pilot):
                break
        await press(pilot, "enter", "ctrl+s")
        review = clinic.read(my_day)
        assert review.gaps == [] and [entry.seconds for entry in review.entries] == [600, 1800, 300]


async def test_a_chart_without_time_is_listed_and_logged(
    open_day: OpenDay, clinic: Clinic, ana: bytes
) -> None:
    clinic.look("chart", ana)
    async with open_day() as pilot:
        assert "Charts opened, no time logged" in words_of(pilot)
        await press(pilot, "l", "tab", "tab", *"4", "ctrl+s")
        review = clinic.read(my_day)
        assert review.looks == [] and [entry.patient for entry in review.entries] == [ana]


async def test_an_entry_is_changed_and_overlaps_show_both(
    open_day: OpenDay, clinic: Clinic, ana: bytes, tom: bytes
) -> None:
    for patient, minute in ((ana, 0), (tom, 4)):
        start = EIGHT + timedelta(minutes=minute)
        clinic.run(log_time, patient, start=start, end=start + timedelta(minutes=10), activity="call")
    async with open_day() as pilot:
        words = words_of(pilot)
        assert "1 overlap" in words and "overlaps 6 min" in words
        assert "08:00–08:10 Ruiz-Moreno, Ana" in words and "08:04–08:14 Bell, Tom" in words
        await press(pilot, "e", "tab", "tab", "ctrl+u", "4", *["tab"] * 6, *"cut", "ctrl+s")
        assert clinic.read(my_day).overlaps == []
        assert "1 overlap" not in words_of(pilot)


async def test_timers_and_drafts_stand_there_today_only(
    open_day: OpenDay, clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    clinic.run(start_timer, ana, clock.at - timedelta(minutes=3))
    clinic.keep(
        "draft", "contact|", {"form": "contact", "title": "Contact", "record": "", "args": {}}, patient=ana
    )
    async with open_day() as pilot:
        words = words_of(pilot)
        assert "Timers" in words and "Drafts" in words and "draft: Contact" in words
        await press(pilot, "left")
        words = words_of(pilot)
        assert "Sun 22 Nov 2026" in words and "Timers" not in words and "Nothing on this day yet." in words
        await press(pilot, "right")
        assert "(today)" in words_of(pilot)
        await press(pilot, "right")
        assert "has not come yet" in said(pilot)


async def test_an_entry_opens_its_chart(open_day: OpenDay, morning: None) -> None:
    async with open_day() as pilot:
        await press(pilot, "enter")
        words = words_of(pilot)
        assert "Ruiz-Moreno, Ana" in words and "November 2026 · 10 min" in words
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, DayScreen)


async def test_reading_the_day_is_logged(open_day: OpenDay, clinic: Clinic, morning: None) -> None:
    async with open_day():
        pass
    found = clinic.read(_actions)
    assert "look.day" in found


def _actions(scope: Scope) -> list[str]:
    return [str(one.action) for one in Audit.select(Audit.action).order_by(Audit.seq)]


async def test_l_on_a_contact_logs_its_time(open_day: OpenDay, clinic: Clinic, ana: bytes) -> None:
    key = clinic.run(add_contact, ana, at=EIGHT, mode="phone", outcome="reached").id
    async with open_day() as pilot:
        await press(pilot, "l")
        assert "08:00" in words_of(pilot)
        await press(pilot, "tab", "tab", *"7", "ctrl+s")
    (entry,) = clinic.read(my_day).entries
    assert (entry.contact, entry.start, entry.seconds) == (key, EIGHT, 420)


async def test_a_contact_for_a_chart_of_yesterday_is_of_yesterday(
    open_day: OpenDay, clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    now = clock.at
    clock.at = now - timedelta(days=1)
    clinic.look("chart", ana)
    clock.at = now
    async with open_day() as pilot:
        await press(pilot, "left", "c", *"v", "ctrl+s")
    day = clinic.read(my_day, now.date() - timedelta(days=1))
    assert [one.at for one in day.contacts] == [now - timedelta(days=1)]
