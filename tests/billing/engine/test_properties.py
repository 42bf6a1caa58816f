"""What holds for every month: sums, floors, caps, order, strike-outs."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.billing.engine.facts import Entry
from cmp_tui.billing.engine.tally import tally
from tests.billing.engine.scenes import Scene, ready, rules

SPANS = st.lists(
    st.tuples(
        st.integers(1, 31), st.integers(0, 86_000), st.integers(1, 3600), st.sampled_from(["rosa", "lupe", "lee"]),
        st.integers(1, 4),
    ),
    max_size=12,
)  # fmt: skip
PROGRAMS = st.sampled_from(["CCM", "PCM", "BHI", "COCM", "RPM", "CHI", "PIN"])


def scene(program: str, spans: list[tuple[int, int, int, str, int]]) -> Scene:
    found = ready(program)
    for day, second, seconds, staff, size in spans:
        start = found.starts[day - 1] + second
        end = min(start + seconds, found.starts[day])
        share = (end - start) // size
        found.worked(1, staff=staff, program=program, start=start, end=end, seconds=share, size=size)
    return found


def minutes_by_hand(entries: list[Entry]) -> float:
    """Each second once, with the largest share of those who worked in it."""
    seconds: dict[int, float] = {}
    for entry in entries:
        for second in range(entry.start, entry.end):
            seconds[second] = max(seconds.get(second, 0), 1 / entry.size)
    return sum(seconds.values()) / 60


@given(SPANS)
def test_each_second_counts_once(spans: list[tuple[int, int, int, str, int]]) -> None:
    entries = list(scene("CCM", spans).facts.entries)
    counted = tally(entries, "lee")
    assert abs(float(counted.seconds) / 60 - minutes_by_hand(entries)) <= len(entries) / 60
    assert counted.minutes * 60 <= counted.seconds
    assert counted.staff_minutes + counted.own_minutes <= counted.minutes


@given(PROGRAMS, SPANS, st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(
    program: str, spans: list[tuple[int, int, int, str, int]], chance: random.Random
) -> None:
    one = scene(program, spans)
    entries = list(one.facts.entries)
    chance.shuffle(entries)
    other = Scene()
    other.facts = replace(one.facts, entries=entries)
    assert one.lines() == other.lines()
    assert one.result().minutes == other.result().minutes


@given(PROGRAMS, st.lists(st.integers(1, 2400), min_size=1, max_size=8), st.integers(0, 7))
def test_a_minute_more_never_lowers_and_a_strike_out_never_raises(
    program: str, lengths: list[int], struck: int
) -> None:
    """Within one family of codes: of staff, one after the other, without overlaps."""

    def units(seconds: list[int]) -> int:
        spans = [
            (number % 28 + 1, 3600 * (number % 9), each, "rosa", 1) for number, each in enumerate(seconds)
        ]
        full = scene(program, spans)
        worth = {"99490": 4, "99492": 6, "99493": 6, "G2214": 3, "99470": 2, "99457": 4}
        return sum(worth.get(code, 4) * count for code, count in full.lines())

    base = units(lengths)
    assert units([*lengths, 60]) >= base
    assert units([each for number, each in enumerate(lengths) if number != struck]) <= base


@given(PROGRAMS, SPANS)
def test_caps_and_exclusions_hold(program: str, spans: list[tuple[int, int, int, str, int]]) -> None:
    result = scene(program, spans).result()
    codes = {code.code: code for each in rules().programs.values() for code in each.codes}
    for line in result.lines:
        assert line.units >= 1
        assert not codes[line.code].cap or line.units <= codes[line.code].cap
        if codes[line.code].after and line.code != "99494":
            assert codes[line.code].after in {one.code for one in result.lines}
    for rule in rules().exclusions:
        if rule.decides and rule.scope == "month" and rule.who != "different":
            for one in result.lines:
                for other in result.lines:
                    assert not rule.meets(one.code, other.code), (one.code, other.code)


def test_the_sum_of_months_is_the_sum() -> None:
    """An entry over midnight at a month's end is split when it is logged: each part counts in its own month."""
    october = ready().worked(10, day=31).result().minutes["CCM"].staff
    november = ready("CCM", "2026-11").worked(12, day=1).result().minutes["CCM"].staff
    assert (october, november) == (10, 12)


def test_nineteen_and_a_half_minutes_are_nineteen() -> None:
    scene = ready().worked(9.75).worked(9.75)
    assert scene.result().minutes["CCM"].staff == 19
    assert scene.lines() == []
    assert scene.worked(0.5, day=20).lines() == [("99490", 1)]
    assert date(2026, 10, 31) == scene.result().lines[0].date_of_service
