"""LACE from the chart's rows: its parts, its ranges, its book."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.transitions.facts import ConditionFact, StayFact
from cmp_tui.transitions.lace_book import FILE, lace_book
from cmp_tui.transitions.lace_rules import Lace, lace

BOOK = lace_book(Reference())
IN = date(2026, 11, 16)
TODAY = date(2026, 11, 23)


def stay(
    days: int = 4, *, emergency: bool | None = True, kind: str = "inpatient", **values: object
) -> StayFact:
    return StayFact(b"s", kind, "", IN, IN + timedelta(days), emergency=emergency, **values)  # type: ignore[arg-type]


def room(back: int, **values: object) -> StayFact:
    day = IN - timedelta(back)
    return StayFact(f"e{back}".encode(), "ed", "", day, day, **values)  # type: ignore[arg-type]


def ill(
    code: str | None, group: str | None = None, status: str = "active", onset: str | None = None
) -> ConditionFact:
    return ConditionFact((code or group or "x").encode(), code or group or "x", code, group, status, onset)


def scored(
    one: StayFact, rooms: list[StayFact] | None = None, conditions: list[ConditionFact] | None = None
) -> Lace:
    found = lace(BOOK, one, [*(rooms or []), one], [ill("I10")] if conditions is None else conditions, TODAY)
    assert found is not None
    return found


def part(one: Lace, letter: str) -> tuple[int, int]:
    return next((each.least, each.most) for each in one.parts if each.letter == letter)


@pytest.mark.parametrize(
    ("days", "points"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (6, 4), (7, 5), (13, 5), (14, 7), (90, 7)]
)
def test_length(days: int, points: int) -> None:
    assert part(scored(stay(days)), "L") == (points, points)


def test_acute() -> None:
    assert part(scored(stay(emergency=True)), "A") == (3, 3)
    assert part(scored(stay(emergency=False)), "A") == (0, 0)
    unsaid = scored(stay(emergency=None))
    assert part(unsaid, "A") == (0, 3) and unsaid.unknown == ("whether they came in as an emergency",)
    assert part(scored(stay(emergency=None, came_from="ed")), "A") == (3, 3)
    assert part(scored(stay(emergency=False, came_from="ed")), "A") == (0, 0)


@pytest.mark.parametrize(
    ("codes", "points"),
    [
        (["I10"], 0), (["I214"], 1), (["I214", "I639"], 2), (["E119"], 1), (["E1122"], 2), (["E119", "E1122"], 2),
        (["I5032"], 2), (["I5032", "E119"], 3), (["I5032", "J449"], 5), (["C50911"], 2), (["C50911", "C7951"], 5),
        (["B20"], 5), (["N1830"], 2), (["N184"], 5), (["G309"], 3), (["M0579"], 3), (["I110"], 2),
    ],
)  # fmt: skip
def test_comorbidity(codes: list[str], points: int) -> None:
    """0 to 3 as they are, 4 and more are 5; of two grades of one disease the higher counts."""
    assert part(scored(stay(), conditions=[ill(code) for code in codes]), "C") == (points, points)


def test_what_a_group_does_not_say_makes_a_range() -> None:
    found = scored(stay(), conditions=[ill(None, "kidney")])
    assert part(found, "C") == (2, 5) and found.unknown == ("the stage of the kidney disease",)
    sure = scored(stay(), conditions=[ill(None, "kidney"), ill("N185")])
    assert part(sure, "C") == (5, 5) and not sure.unknown
    none = scored(stay(), conditions=[])
    assert part(none, "C") == (0, 5) and none.unknown == ("the conditions",)


def test_what_is_over_or_came_later_does_not_count() -> None:
    assert part(scored(stay(), conditions=[ill("I5032", status="resolved")]), "C") == (0, 0)
    assert part(scored(stay(), conditions=[ill("I214", status="resolved")]), "C") == (1, 1)
    late = [ill("I5032", onset="2026-11-18"), ill("J449", onset="2026-11"), ill("I10")]
    assert part(scored(stay(), conditions=late), "C") == (2, 2)


def test_emergency_visits_without_the_one_that_led_to_the_stay() -> None:
    assert part(scored(stay(), [room(0)]), "E") == (0, 0)
    assert part(scored(stay(), [room(1, to="hospital")]), "E") == (0, 0)
    assert part(scored(stay(), [room(1, to="home"), room(30)]), "E") == (2, 2)
    assert part(scored(stay(), [room(n) for n in (10, 20, 30, 40, 50, 60)]), "E") == (4, 4)
    assert part(scored(stay(), [room(190)]), "E") == (0, 0)


def test_the_band_and_the_rows_behind() -> None:
    found = scored(stay(), [room(30)], [ill("I5032")])
    assert (found.points, found.band) == ("10", "high")
    assert found.parts[2].rows == (b"I5032",) and found.parts[3].rows == (b"e30",)
    open_one = scored(stay(emergency=None), [room(30)], [ill("I5032")])
    assert (open_one.points, open_one.band) == ("7 to 10", "may be high")
    assert scored(stay(1, emergency=False)).band == "not high"


def test_who_is_still_there_has_a_range_and_an_emergency_visit_has_none() -> None:
    inside = StayFact(b"s", "inpatient", "", IN, None, emergency=True)
    assert part(scored(inside), "L") == (5, 7)
    assert lace(BOOK, room(0), [], [], TODAY) is None


@given(
    st.integers(0, 60), st.sampled_from([True, False, None]), st.lists(st.integers(0, 300), max_size=9),
    st.lists(st.sampled_from(["I10", "I5032", "E119", "E1122", "N184", "C50911", "C7951", "J449", "G309"]), max_size=6),
)  # fmt: skip
def test_it_lies_between_0_and_19_and_more_of_anything_never_lowers_it(
    days: int, emergency: bool | None, rooms: list[int], codes: list[str]
) -> None:
    one = scored(stay(days, emergency=emergency), [room(n) for n in rooms], [ill(code) for code in codes])
    assert 0 <= one.least <= one.most <= 19
    more = scored(
        stay(days + 1, emergency=emergency),
        [room(n) for n in (*rooms, 5)],
        [ill(c) for c in (*codes, "I639")],
    )
    assert more.least >= one.least


def test_a_book_at_fault_is_told_with_its_line(tmp_path: Path) -> None:
    text = (Reference().folder / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace('icd10cm = ["B20"]', 'icd10cm = ["I50"]'), encoding="utf-8")
    line = next(n for n, one in enumerate((tmp_path / FILE).read_text().splitlines(), 1) if '["I50"]' in one)
    with pytest.raises(Stopped, match="I50 stands under heart-failure already") as error:
        lace_book(Reference(own=tmp_path))
    assert f"line {line - 4}" in str(error.value)
    (tmp_path / FILE).write_text(text.replace("[14, 7]", "[4, 7]"), encoding="utf-8")
    with pytest.raises(Stopped, match="length does not rise"):
        lace_book(Reference(own=tmp_path))
