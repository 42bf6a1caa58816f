"""The day review: gaps, charts that were opened without time, overlaps, timers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid
from cmp_tui.contacts.actions import add_contact, dismiss_gap, log_time, start_timer, stop_timer
from cmp_tui.contacts.queries import my_day
from tests.conftest import AsUser

CHICAGO = ZoneInfo("America/Chicago")
TODAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


@pytest.fixture
def evening(clock: FrozenClock, ana: bytes, tom: bytes) -> None:
    clock.at = at(17)


def worked(clinic: Clinic, patient: bytes, start: datetime, end: datetime) -> None:
    clinic.run(log_time, patient, start=start, end=end, activity="call")


def spans(clinic: Clinic, day: date = TODAY) -> list[tuple[str, str]]:
    return [
        (f"{gap.start.astimezone(CHICAGO):%H:%M}", f"{gap.end.astimezone(CHICAGO):%H:%M}")
        for gap in clinic.read(my_day, day).gaps
    ]


def test_an_empty_day_has_nothing(clinic: Clinic, evening: None) -> None:
    review = clinic.read(my_day)
    assert (review.day, review.seconds) == (TODAY, 0)
    assert not (review.entries or review.contacts or review.gaps or review.looks or review.timers)


def test_gaps_lie_between_the_first_and_the_last_sign_of_work(
    clinic: Clinic, evening: None, ana: bytes, tom: bytes
) -> None:
    worked(clinic, ana, at(9), at(9, 20))
    worked(clinic, tom, at(9, 35), at(10))
    worked(clinic, tom, at(10, 16), at(11))
    clinic.run(add_contact, ana, at=at(12), mode="phone", outcome="reached")
    assert spans(clinic) == [("10:00", "10:16"), ("11:00", "12:00")]
    assert clinic.read(my_day).seconds == (20 + 25 + 44) * 60


def test_a_gap_is_dismissed_with_one_name_and_comes_back_when_undone(
    clinic: Clinic, evening: None, ana: bytes
) -> None:
    worked(clinic, ana, at(9), at(9, 20))
    worked(clinic, ana, at(11), at(11, 20))
    (gap,) = clinic.read(my_day).gaps
    clinic.run(dismiss_gap, TODAY, gap.what, "team meeting")
    assert spans(clinic) == []
    worked(clinic, ana, at(10), at(10, 5))
    assert spans(clinic) == [], "what is left of it stays dismissed"
    with pytest.raises(Invalid):
        clinic.run(dismiss_gap, TODAY, "everything")


def test_charts_opened_without_time_are_listed_until_time_is_logged(
    clinic: Clinic, as_user: AsUser, clock: FrozenClock, ana: bytes, tom: bytes
) -> None:
    clock.at = at(10)
    clinic.look("chart", ana)
    clinic.look("chart", tom)
    as_user("ben").look("chart", tom)
    clock.at = at(10, 5)
    clinic.look("chart", ana)
    clock.at = at(17)
    looks = clinic.read(my_day).looks
    assert [(look.patient, look.times, look.first, look.last) for look in looks] == [
        (ana, 2, at(10), at(10, 5)),
        (tom, 1, at(10), at(10)),
    ]
    worked(clinic, ana, at(10), at(10, 5))
    assert [look.patient for look in clinic.read(my_day).looks] == [tom]
    clinic.run(dismiss_gap, TODAY, looks[1].what, "only looked up a phone number")
    assert clinic.read(my_day).looks == []


def test_a_colleagues_time_does_not_settle_my_look(
    clinic: Clinic, as_user: AsUser, evening: None, ana: bytes
) -> None:
    clinic.look("chart", ana)
    worked(as_user("ben"), ana, at(9), at(9, 10))
    assert len(clinic.read(my_day).looks) == 1
    assert clinic.read(my_day).entries == []
    assert len(as_user("ben").read(my_day).entries) == 1


def test_other_days_are_other_days(clinic: Clinic, evening: None, ana: bytes) -> None:
    worked(clinic, ana, at(23, 50, day=22), at(0, 10))
    assert clinic.read(my_day, date(2026, 11, 22)).seconds == 600
    assert clinic.read(my_day, TODAY).seconds == 600


def test_overlaps_of_the_day_are_named_once(clinic: Clinic, evening: None, ana: bytes, tom: bytes) -> None:
    worked(clinic, ana, at(9), at(9, 20))
    worked(clinic, tom, at(9, 10), at(9, 40))
    (clash,) = clinic.read(my_day).overlaps
    assert (clash.earlier.patient, clash.later.patient, clash.seconds) == (ana, tom, 600)


def test_timers_stand_there_and_are_no_gap(
    clinic: Clinic, clock: FrozenClock, ana: bytes, tom: bytes
) -> None:
    clock.at = at(9)
    first = clinic.run(start_timer, ana)
    clock.at = at(9, 30)
    clinic.run(stop_timer, first.id)
    clock.at = at(9, 50)
    clinic.run(start_timer, tom)
    clock.at = at(10, 30)
    review = clinic.read(my_day)
    assert [(timer.patient, timer.status) for timer in review.timers] == [(tom, "running"), (ana, "parked")]
    assert spans(clinic) == [("09:30", "09:50")]


def test_the_note_and_the_minutes_of_each_contact_stand_there(
    clinic: Clinic, evening: None, ana: bytes
) -> None:
    clinic.run(add_contact, ana, at=at(12), mode="phone", outcome="voicemail", did="left a message")
    (line,) = clinic.read(my_day).contacts
    assert (line.did, line.seconds, line.name) == ("left a message", 0, "Ruiz-Moreno, Ana")
    assert clinic.read(my_day, TODAY - timedelta(days=1)).contacts == []
