"""Time that was brought in with no more than its day, or as a month's total."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cmp_tui.billing.queries import time_log
from cmp_tui.clinic.calendar import Month, day_start
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.contacts.actions import edit_entry, log_time, split_break, strike_entry
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.queries import entries_of, my_day, overlaps_with

CHICAGO = ZoneInfo("America/Chicago")
NOVEMBER = Month(2026, 11)
FIRST = date(2026, 11, 1)


def bring(change: Change, patient: bytes, day: date, minutes: int, precision: str) -> bytes:
    start = day_start(day, change.zone)
    row = {
        "patient": patient, "staff": change.who.id, "start": start, "end": start + timedelta(minutes=minutes),
        "typed": True, "precision": precision, "credential": "RN", "clinical": True, "program": "CCM",
        "activity": "other", "entered_at": change.now,
    }  # fmt: skip
    return change.add_many(TimeEntry, [row])[0]


@pytest.fixture
def bringing(clinic: Clinic) -> Clinic:
    clinic.rights = Rights({**ACTIONS, "test_precision.bring": Right(CARE)})
    return clinic


def test_it_has_minutes_and_overlaps_nothing(bringing: Clinic, ana: bytes, tom: bytes) -> None:
    bringing.run(bring, ana, FIRST, 25, "month")
    bringing.run(bring, ana, FIRST, 10, "day")
    start = datetime(2026, 11, 1, 0, 5, tzinfo=CHICAGO).astimezone(UTC)
    bringing.run(log_time, tom, start=start, end=start + timedelta(minutes=10), activity="call")
    assert sum(entry.seconds for entry in bringing.read(entries_of, ana, NOVEMBER)) == 35 * 60
    whose = bringing.read(lambda scope: scope.who.id)
    assert [
        one.patient for one in bringing.read(overlaps_with, whose, start, start + timedelta(minutes=9))
    ] == [tom]
    review = bringing.read(my_day, FIRST)
    assert review.overlaps == [] and review.gaps == []
    assert sorted(entry.precision or "" for entry in review.entries) == ["", "day"]  # a total is no one's day


def test_the_time_log_shows_no_clock_time_and_bills_no_total(bringing: Clinic, ana: bytes) -> None:
    bringing.run(bring, ana, FIRST, 25, "month")
    bringing.run(bring, ana, FIRST, 10, "day")
    spans = {span.seconds // 60: span for span in bringing.read(time_log, NOVEMBER)}
    assert {(span.start, span.end) for span in spans.values()} == {(None, None)}
    assert spans[25].why_not == "a month's total from a spreadsheet"
    assert spans[10].why_not == "no consent on this day"
    late = {entry.precision: entry.late for entry in bringing.read(entries_of, ana, NOVEMBER)}
    assert late == {"month": False, "day": True}


def test_a_total_is_struck_out_but_never_turned_into_time(bringing: Clinic, ana: bytes) -> None:
    key = bringing.run(bring, ana, FIRST, 25, "month")
    start = day_start(FIRST, CHICAGO)
    with pytest.raises(Invalid, match="month's total"):
        bringing.run(edit_entry, key, None, why="moved", start=start + timedelta(hours=9))
    with pytest.raises(Invalid, match="month's total"):
        bringing.run(split_break, key, None, start, start + timedelta(minutes=5), "lunch")
    bringing.run(strike_entry, key, "logged anew")
    assert bringing.read(entries_of, ana, NOVEMBER) == []


def test_a_day_becomes_a_time_when_somebody_says_when_it_was(bringing: Clinic, ana: bytes) -> None:
    key = bringing.run(bring, ana, FIRST, 25, "day")
    bringing.run(edit_entry, key, None, why="typing error", minutes=20)
    (entry,) = bringing.read(entries_of, ana, NOVEMBER)
    assert (entry.precision, entry.seconds) == ("day", 20 * 60)
    start = day_start(FIRST, CHICAGO) + timedelta(hours=9)
    bringing.run(edit_entry, key, None, why="it was at nine", start=start, end=start + timedelta(minutes=20))
    (entry,) = bringing.read(entries_of, ana, NOVEMBER)
    assert (entry.precision, entry.start) == (None, start)
