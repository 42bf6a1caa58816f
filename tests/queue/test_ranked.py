"""The order of a whole list in few bytes: it leafs through the same rows as the pages, and finds each again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.queue.queries import counts, leaf, page, ranked
from cmp_tui.queue.ranked import NOBODY, Counts, Ranked
from cmp_tui.queue.rows import ALARM

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


def test_it_holds_what_it_was_given_in_its_order() -> None:
    order = Ranked(MON)
    ana, tom, task = b"a" * 16, b"t" * 16, b"k" * 16
    order.add("minutes", [(ana, "minutes", "2026-11-30", 6, None)])
    order.add("task", [(tom, "task", "2026-11-24", 2, task), (ana, "task", "2026-11-24", 2, task)])
    order.add("task", [(ana, "task", "2026-12-24", ALARM, task)])
    order.add("draft", [(None, "draft", "2026-11-20", 1, b"d" * 16)])
    order.order(lambda patients: {tom: 2} if patients == {ana, tom, NOBODY} else {})
    assert order.counts() == Counts(rows=5, due=1, overdue=1, drafts=1)
    assert [tuple(raw) for raw in order.part(0, 9)] == [
        (ana, "task", date(2026, 12, 24), ALARM, task),
        (None, "draft", date(2026, 11, 20), 1, b"d" * 16),
        (tom, "task", date(2026, 11, 24), 2, task),
        (ana, "task", date(2026, 11, 24), 2, task),
        (ana, "minutes", date(2026, 11, 30), 6, None),
    ]
    assert order.part(2, 1) == order.part(0, 9)[2:3] and order.part(9, 3) == []
    assert order.place(ana, "minutes", None) == 4 and order.place(tom, "task", task) == 2
    assert order.place(ana, "minutes", task) is None and order.place(b"b" * 16, "task", task) is None
    assert order.place(None, "draft", b"d" * 16) == 1 and order.place(ana, "handed", None) is None


def test_a_key_that_straddles_two_others_is_not_found() -> None:
    order = Ranked(MON)
    order.add(
        "task",
        [
            (b"xxxxxxxxaaaaaaaa", "task", "2026-11-20", 2, None),
            (b"bbbbbbbbyyyyyyyy", "task", "2026-11-20", 2, None),
        ],
    )
    order.order(lambda patients: {})
    assert order.place(b"aaaaaaaabbbbbbbb", "task", None) is None
    assert order.place(b"bbbbbbbbyyyyyyyy", "task", None) == 0


KEYS = st.sampled_from([bytes([number]) * 16 for number in (0, 1, 2, 254, 255)])
ROWS = st.tuples(
    KEYS.map(lambda key: key if any(key) else None),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(str),
    st.sampled_from([0, 1, 5, 7, ALARM]),
    KEYS.map(lambda key: key if any(key) else None),
)


@given(found=st.lists(ROWS, max_size=40), tiers=st.dictionaries(KEYS, st.integers(1, 6)))
def test_the_bytes_order_rows_as_their_meaning_does(found: list[Any], tiers: dict[bytes, int]) -> None:
    order = Ranked(MON)
    order.add("task", [(patient, "task", due, rank, ref) for patient, due, rank, ref in found])
    order.order(lambda patients: {key: tiers[key] for key in patients & tiers.keys()})

    def meaning(row: Any) -> Any:
        patient, due, rank, ref = row
        return (rank != ALARM, due, rank, -tiers.get(patient or NOBODY, 0), patient or b"", ref or b"")

    assert [(raw.patient, str(raw.due), raw.rank, raw.ref) for raw in order.part(0, 99)] == sorted(
        found, key=meaning
    )


def test_nothing_is_due() -> None:
    order = Ranked(MON)
    order.order(lambda patients: {})
    assert len(order) == 0 and order.counts() == Counts(0, 0, 0, 0) and order.part(0, 100) == []
