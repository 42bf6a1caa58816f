"""Every query of these rooms, asked by every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.errors import Refused
from cmp_tui.contacts import queries as contacts
from cmp_tui.tasks import queries as tasks
from tests.conftest import MONDAY, AsUser

KEY = b"\1" * 16
ASKED: tuple[tuple[Callable[..., Any], tuple[Any, ...]], ...] = (
    (contacts.attempts_since_reached, (KEY,)),
    (contacts.contact, (KEY,)),
    (contacts.contacts_of, (KEY,)),
    (contacts.entries_of, (KEY, "2026-11")),
    (contacts.entry, (KEY,)),
    (contacts.last_contact, ({KEY},)),
    (contacts.last_reached, ({KEY},)),
    (contacts.month_seconds, ("2026-11",)),
    (contacts.my_day, (date(2026, 11, 23),)),
    (contacts.next_try, (KEY,)),
    (contacts.overlaps_with, (KEY, MONDAY, MONDAY)),
    (contacts.parked_timers, ()),
    (contacts.patient_month_seconds, (KEY, "2026-11")),
    (contacts.running_timer, ()),
    (contacts.seconds_in_month, ("2026-11", {KEY})),
    (tasks.due, ()),
    (tasks.handed_by_me, ()),
    (tasks.handed_to_me, ()),
    (tasks.my_tasks, ()),
    (tasks.overdue, ()),
    (tasks.snoozed, ()),
    (tasks.task, (KEY,)),
    (tasks.tasks_of, (KEY,)),
)


@pytest.mark.parametrize("username", ["dana", "ben", "levin", "otto"])
def test_who_reads_charts_may_ask_all_of_them(as_user: AsUser, username: str) -> None:
    clinic = as_user(username)
    for query, args in ASKED:
        clinic.read(query, *args)


def test_an_administrator_may_ask_none_of_them(as_user: AsUser) -> None:
    iris = as_user("iris")
    for query, args in ASKED:
        with pytest.raises(Refused):
            iris.read(query, *args)
