"""The order of a whole list in few bytes: it leafs through the same rows as the pages, and finds each again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.queue.queries import counts, leaf, page, ranked
from cmp_tui.queue.ranked import Counts, Ranked

MON = date(2026, 11, 23)


@pytest.mark.parametrize("whose", ["mine", "team", "cover:ben"])
@pytest.mark.parametrize("days", [0, 4])
def test_leaves_are_pages(crowded: Clinic, whose: str, days: int) -> None:
    day = MON + timedelta(days)
    order = crowded.read(ranked, whose, day)
    assert order.counts() == crowded.read(counts, whose, day)
    for offset in (0, 7, max(len(order) - 20, 0), len(order)):
        rows = crowded.read(leaf, order, whose, offset, 50)
        assert rows == crowded.read(page, whose, day, offset, 50)
        assert [order.place(*row.key) for row in rows] == list(range(offset, offset + len(rows)))


def test_it_holds_what_it_was_given() -> None:
    order = Ranked(MON)
    ana, task = b"a" * 16, b"t" * 16
    order.add([(ana, "task", "2026-11-20", 2, task), (None, "draft", "2026-11-23", 1, b"d" * 16)])
    order.add([(ana, "minutes", "2026-11-30", 6, None)])
    assert order.counts() == Counts(rows=3, due=2, overdue=1, drafts=1)
    assert [tuple(raw) for raw in order.part(0, 9)] == [
        (ana, "task", date(2026, 11, 20), 2, task),
        (None, "draft", date(2026, 11, 23), 1, b"d" * 16),
        (ana, "minutes", date(2026, 11, 30), 6, None),
    ]
    assert order.place(ana, "minutes", None) == 2
    assert order.place(ana, "minutes", task) is None and order.place(b"b" * 16, "task", task) is None
    assert order.place(None, "draft", b"d" * 16) == 1 and order.place(ana, "handed", None) is None


def test_a_key_that_straddles_two_others_is_not_found() -> None:
    order = Ranked(MON)
    order.add(
        [
            (b"xxxxxxxxaaaaaaaa", "task", "2026-11-20", 2, None),
            (b"bbbbbbbbyyyyyyyy", "task", "2026-11-20", 2, None),
        ]
    )
    assert order.place(b"aaaaaaaabbbbbbbb", "task", None) is None
    assert order.place(b"bbbbbbbbyyyyyyyy", "task", None) == 1


def test_nothing_is_due() -> None:
    order = Ranked(MON)
    assert len(order) == 0 and order.counts() == Counts(0, 0, 0, 0) and order.part(0, 100) == []
