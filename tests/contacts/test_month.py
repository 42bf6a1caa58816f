"""The number of the month: the sum of the spans that stand, for any work in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.contacts.actions import log_time, strike_entry
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.queries import entries_of, month_seconds, patient_month_seconds, seconds_in_month
from cmp_tui.contacts.rules import minutes_of
from tests.conftest import AsUser

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 12, 15, 18, 0, tzinfo=UTC)
MONTHS = ("2026-10", "2026-11", "2026-12")

pieces = st.tuples(
    st.integers(0, 60 * 86_400), st.integers(1, 30 * 3600), st.integers(1, 2), st.booleans(), st.booleans()
)


class Undo(Exception):
    """Takes a test's writing back."""


@pytest.fixture
def people(clinic: Clinic, clock: FrozenClock, ana: bytes, tom: bytes) -> Iterator[list[bytes]]:
    clock.at = NOW
    yield [ana, tom]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(work=st.lists(pieces, max_size=8), random=st.randoms(use_true_random=False))
def test_totals_are_the_sum_of_what_stands(
    clinic: Clinic, people: list[bytes], work: list[tuple[int, int, int, bool, bool]], random: Random
) -> None:
    """Any spans, some shared by two patients, some struck out: each month is the sum of its seconds."""
    first = datetime(2026, 10, 15, tzinfo=UTC)
    totals: Counter[str] = Counter()

    def fill(change: Change) -> None:
        logged = []
        for start, length, size, struck, whose in random.sample(work, len(work)):
            span = {
                "start": first + timedelta(seconds=start),
                "end": first + timedelta(seconds=start + length),
            }
            if span["end"] > NOW:
                continue
            group = change.new_id()
            order = people if whose else people[::-1]
            for place in range(size):
                entries = log_time(
                    change, order[place], **span, activity="call", group=group, group_size=size, group_place=place,
                    long_why="a test",
                )  # fmt: skip
                logged += [(entry, struck) for entry in entries]
            if not struck:
                for second in _by_month(span["start"], span["end"]):
                    totals[second[0]] += second[1]
        for entry, struck in logged:
            if struck:
                strike_entry(change, entry.id, "a test")
        for month in MONTHS:
            found = dict(month_seconds(change.scope, month).tuples())
            assert sum(found.values()) == totals[month]
            for patient in people:
                seconds = patient_month_seconds(change.scope, patient, month)
                assert seconds == sum(line.seconds for line in entries_of(change.scope, patient, month))
                assert seconds == found.get(patient, 0)
                assert seconds == seconds_in_month(change.scope, month, people).get(patient, 0)
                assert 0 <= seconds - 60 * minutes_of(seconds) < 60
        raise Undo

    with pytest.raises(Undo):
        clinic.run(fill_as(fill))


def fill_as(fill: object) -> object:
    """Gives a function of a test the name of an action, so that its right is that of logging time."""
    fill.__module__, fill.__name__ = log_time.__module__, log_time.__name__  # type: ignore[attr-defined]
    return fill


def _by_month(start: datetime, end: datetime) -> list[tuple[str, int]]:
    """An own count, by the months' first instants in Chicago, to compare with."""
    found = []
    edges = [datetime(2026, month, 1, tzinfo=CHICAGO).astimezone(UTC) for month in (10, 11, 12)]
    edges.append(datetime(2027, 1, 1, tzinfo=CHICAGO).astimezone(UTC))
    for month, low, high in zip(MONTHS, edges, edges[1:], strict=False):
        seconds = int((min(end, high) - max(start, low)).total_seconds())
        if seconds > 0:
            found.append((month, seconds))
    return found


def test_two_people_who_save_at_once_lose_nothing(
    clinic: Clinic, as_user: AsUser, clock: FrozenClock, ana: bytes
) -> None:
    for minute in range(5):
        for username in ("dana", "ben"):
            at = clock.at - timedelta(minutes=10 * minute)
            as_user(username).run(log_time, ana, start=at - timedelta(seconds=90), end=at, activity="call")
    assert clinic.read(patient_month_seconds, ana, "2026-11") == 10 * 90


def test_nineteen_fiftynine_is_nineteen_minutes(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    for _ in range(3):
        clinic.run(log_time, ana, start=clock.at - timedelta(seconds=399), end=clock.at, activity="call")
        clock.at += timedelta(minutes=10)
    seconds = clinic.read(patient_month_seconds, ana, "2026-11")
    assert (seconds, minutes_of(seconds)) == (1197, 19)


def test_it_can_be_narrowed(
    clinic: Clinic, as_user: AsUser, clock: FrozenClock, ana: bytes, tom: bytes
) -> None:
    start = clock.at - timedelta(minutes=10)
    clinic.run(log_time, ana, start=start, end=clock.at, activity="call", program="CCM")
    as_user("ben").run(log_time, ana, start=start, end=clock.at, activity="call", program="RPM")
    clinic.run(log_time, tom, start=start, end=clock.at, activity="call")
    dana = clinic.read(lambda scope: scope.who.id)

    def found(**narrow: object) -> dict[bytes, int]:
        return clinic.read(lambda scope: dict(month_seconds(scope, "2026-11", **narrow).tuples()))  # type: ignore[arg-type]

    assert found() == {ana: 1200, tom: 600}
    assert found(program="CCM") == {ana: 600}
    assert found(staff=dana) == {ana: 600, tom: 600}
    assert found(clinical=False) == {}
    assert found(patients=[tom]) == {tom: 600}


def test_a_month_is_found_by_its_index(clinic: Clinic, ana: bytes) -> None:
    def plan(scope: object) -> str:
        sql, values = month_seconds(scope, "2026-11").sql()  # type: ignore[arg-type]
        rows = TimeEntry._meta.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        return " ".join(row[3] for row in rows)

    assert "SEARCH" in clinic.read(plan)
    assert "started_at" in clinic.read(plan)
