"""The clock and the day of very many instants: the same as asking the calendar for each."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import day_of, local
from cmp_tui.clinic.walls import Walls

SET = {
    "America/Chicago": ("2026-03-08T08:00", "2026-11-01T07:00"),
    "America/St_Johns": ("2010-03-14T03:31", "2010-11-07T02:31"),  # a minute after midnight
    "Africa/Cairo": ("2026-04-23T22:00", "2026-10-29T21:00"),  # midnight is skipped
    "Australia/Lord_Howe": ("2026-04-04T15:00", "2026-10-03T15:30"),  # by half an hour
    "Pacific/Apia": ("2011-12-30T10:00",),  # a day left out
    "Africa/Monrovia": ("1972-01-07T00:44:30",),  # an offset of odd seconds
    "Asia/Kolkata": ("2026-01-01T18:30",),
}
"""Zones, and instants at which their clocks are set or their days begin."""


@pytest.mark.parametrize("name", SET)
@given(data=st.data())
def test_it_shows_what_the_calendar_says(name: str, data: st.DataObject) -> None:
    zone = ZoneInfo(name)
    walls = Walls(zone)
    turns = [int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) for text in SET[name]]
    near = st.sampled_from(turns).flatmap(lambda turn: st.integers(turn - 7300, turn + 7300))
    at_it = st.sampled_from(turns).flatmap(lambda turn: st.integers(turn - 2, turn + 2))
    for instant in data.draw(st.lists(near | at_it | st.integers(-10_000, 2_000_000_000), max_size=30)):
        moment = datetime.fromtimestamp(instant, UTC)
        shown, day = walls.at(instant)
        assert (shown, day) == (local(moment, zone).replace(tzinfo=None), day_of(moment, zone))
        assert (shown.tzinfo, shown.fold) == (None, 0)
