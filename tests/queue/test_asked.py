"""The sources' queries are written once for a day: none may depend on what changes within it, and all that does is
worked out when they are asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import change_setting
from cmp_tui.clinic.written import ROOM, SIZES, Shelf, Written, keys_later, later, pieces, room_for
from cmp_tui.patients.model import Patient
from cmp_tui.queue import asked
from cmp_tui.queue.queries import next_due, next_due_of, ranked, view_of
from cmp_tui.queue.source import Source
from cmp_tui.queue.sources import SOURCES
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.escalation_actions import escalate
from tests.queue.building import Building

MON = date(2026, 11, 23)


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
@pytest.mark.parametrize("whose", ["mine", "team", "cover:ben"])
def test_a_source_is_the_same_all_day_and_asks_nothing_while_it_is_written(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, source: Source, whose: str
) -> None:
    """A source that fails here looked at `scope.now` (use `parts.NOW` or `later`), or asked the file in `select`."""

    def both(scope: Scope) -> None:
        view = view_of(scope, whose)
        sent: list[str] = []
        monkeypatch.setattr(type(clinic._database), "execute_sql", lambda self, sql, *rest: sent.append(sql))
        one = source.select(scope, view)
        other = source.select(replace(scope, now=scope.now + timedelta(hours=3)), view)
        monkeypatch.undo()
        assert not sent
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            first, second = Written(one), Written(other)
            assert first.sql == second.sql
            assert first.steady == second.steady

    clinic.read(both)


@settings(max_examples=8, deadline=None)
@given(
    whose=st.sampled_from(["mine", "team", "cover:ben"]),
    days=st.integers(-3, 12),
    ahead=st.sampled_from([14, 60]),
)
def test_each_source_by_itself_gives_what_one_union_of_all_gives(
    crowded: Clinic, whose: str, days: int, ahead: int
) -> None:
    def both(scope: Scope) -> None:
        view = view_of(scope, whose, MON + timedelta(days), ahead)
        parts = asked.queries_of(scope, view, SOURCES)
        apart = [row for _, some in asked.rows_of(scope, parts) for row in some]
        assert sorted(apart, key=repr) == sorted(_union(scope, view), key=repr)

    crowded.read(both)


def _union(scope: Scope, view: Any) -> Iterator[Any]:
    """All sources as one statement, written anew."""
    texts = [Written(query) for one in SOURCES.values() if (query := one.select(scope, view)) is not None]
    values = [value for text in texts for value in text.values(scope)]
    database: Any = Patient._meta.database  # type: ignore[attr-defined]
    yield from database.execute_sql(" UNION ALL ".join(text.sql for text in texts), values).fetchall()


def test_a_page_reads_on_after_a_change_and_at_another_hour(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno")
    assert build.why(ana) == []
    clinic.run(add_task, title="call", due=MON, patient=ana)
    assert build.why(ana) == ["task"] and clinic.read(ranked).counts().overdue == 0
    build.go("2026-11-24 09:00")
    assert build.why(ana) == ["task"] and clinic.read(ranked).counts().overdue == 1


def test_a_concern_climbs_at_its_hour(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno", billing_practitioner="levin")
    clinic.run(escalate, ana, concern="Weight up", urgency="asap")  # an answer is wanted in four hours
    for hour, source in (("12:59", "handed"), ("13:00", "handed"), ("13:01", "escalation")):
        build.go(f"2026-11-23 {hour}")
        assert build.why(ana, "team") == [source]


def test_a_setting_that_is_changed_holds_at_once(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 10, 20))
    assert "not-reached" in build.why(ana)
    clinic.run(change_setting, "not_reached_days", 90)
    assert "not-reached" not in build.why(ana)


@settings(max_examples=10, deadline=None)
@given(number=st.integers(1, 80))
def test_next_due_of_some_is_that_of_everybody(crowded: Clinic, number: int) -> None:
    def both(scope: Scope) -> None:
        everybody = dict(rows(next_due(scope)))
        keys = [key for (key,) in rows(Patient.live(Patient.id).order_by(Patient.id))][:number]
        assert next_due_of(scope, keys) == {
            key: date.fromisoformat(str(everybody[key])) for key in keys if key in everybody
        }

    crowded.read(both)


def test_next_due_of_a_panel_is_that_of_its_patients(crowded: Clinic) -> None:
    def both(scope: Scope) -> None:
        everybody, mine = dict(rows(next_due(scope))), dict(rows(next_due(scope, "mine")))
        panel = {key for (key,) in rows(Patient.live(Patient.id).where(view_of(scope, "mine").panel))}
        assert mine == {key: due for key, due in everybody.items() if key in panel}
        assert mine and len(mine) < len(everybody)

    crowded.read(both)


def test_nobody_is_due_among_none(crowded: Clinic) -> None:
    assert crowded.read(next_due_of, []) == {}


# What is written once


def test_values_and_keys_are_filled_in_when_it_is_asked(crowded: Clinic) -> None:
    def ask(scope: Scope) -> None:
        keys = [key for (key,) in rows(Patient.live(Patient.id).order_by(Patient.id))][:5]
        query = Patient.live(Patient.id).where(
            Patient.id.in_(keys_later(16)) & (Patient.id > later(lambda scope: keys[1]))
        )
        written = Written(query.order_by(Patient.id))
        assert [row for some in written.raw(scope, keys) for row in some] == [(key,) for key in keys[2:]]
        assert [row for some in written.raw(scope, keys[3:4]) for row in some] == [(keys[3],)]

    crowded.read(ask)


def test_keys_go_into_few_sizes() -> None:
    assert [room_for(number) for number in (1, 2, 8, 9, SIZES[-1])] == [1, 8, 8, 32, SIZES[-1]]
    assert room_for(SIZES[-1] + 1) == SIZES[-1]
    assert [len(some) for some in pieces([b"k"] * (SIZES[-1] + 3))] == [SIZES[-1], 3]


def test_a_shelf_lets_go_of_what_nobody_asked_for_longest() -> None:
    shelf: Shelf[int] = Shelf(room=2)
    made: list[str] = []

    def get(key: str) -> int:
        return shelf.get(key, lambda: made.append(key) or len(made))  # type: ignore[func-returns-value]

    assert [get("a"), get("b"), get("a"), get("c"), get("a"), get("b")] == [1, 2, 1, 3, 1, 4]
    assert made == ["a", "b", "c", "b"]


def test_the_shelf_does_not_grow_with_what_is_asked(crowded: Clinic) -> None:
    for number in range(80):
        crowded.read(ranked, "team", MON + timedelta(number))
    assert len(crowded.reference.made("queue.asked", Shelf)) <= ROOM
