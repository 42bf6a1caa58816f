"""The points of the risk tier: each rule by example, and by property that a fact more never takes points away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.assessments.risk_book import book_on, names_pattern
from cmp_tui.assessments.risk_rules import (
    Asked,
    Book,
    Condition,
    Known,
    Medicine,
    Risk,
    Stay,
    asked_for,
    judge,
    moved_rules,
)
from cmp_tui.clinic.reference import Reference

TODAY = date(2026, 11, 23)
BOOK: Book = book_on(Reference(), TODAY)


def condition(group: str | None, *, chronic: bool | None = True, code: str | None = None) -> Condition:
    return Condition(group or code or "words", group, code, chronic, b"c")


def medicine(words: str) -> Medicine:
    rules = [one for one in BOOK.rules if one.names and names_pattern(one).search(words)]
    return Medicine(words, frozenset(one.name for one in rules), b"m")


def stay(kind: str, days_ago: int, key: bytes = b"s") -> Stay:
    return Stay(kind, TODAY - timedelta(days_ago), key)


def asked(instrument: str, score: float | None = None, days_ago: int = 30, *wishes: str) -> Asked:
    return Asked(instrument, TODAY - timedelta(days_ago), score, wishes, b"a")


def given_by(rule: str, known: Known) -> int:
    return judge(known, BOOK).given().get(rule, 0)


def test_nothing_on_file_is_the_lowest_tier_and_says_what_was_not_asked() -> None:
    risk = judge(Known(), BOOK)
    assert risk == Risk(1, 0, ())
    unasked = [one.name for one in asked_for(Known(), BOOK)]
    assert unasked == ["function", "falling", "mood", "thinking", "lonely", "wishes"]
    assert "mood" not in [one.name for one in asked_for(Known(asked=[asked("phq-9", 3)]), BOOK)]
    assert "mood" in [one.name for one in asked_for(Known(asked=[asked("phq-9", 3, 400)]), BOOK)]


@pytest.mark.parametrize(
    ("groups", "points"),
    [
        (["gout", "lipids"], 0),
        (["gout", "lipids", "thyroid"], 1),
        (["gout", "lipids", "thyroid", "gout", "gout"], 1),
        (["gout", "lipids", "thyroid", "anemia", "asthma"], 2),
        (["gout", "lipids", "thyroid", "anemia", "asthma", "migraine", "sleep-apnea"], 3),
    ],
)
def test_chronic_conditions_count_by_group(groups: list[str], points: int) -> None:
    assert given_by("many-conditions", Known([condition(group) for group in groups])) == points


def test_a_condition_that_nobody_called_chronic_does_not_count_among_the_chronic_ones() -> None:
    known = Known([condition(group, chronic=None) for group in ("gout", "lipids", "thyroid")])
    assert given_by("many-conditions", known) == 0


@pytest.mark.parametrize(
    ("groups", "points"),
    [
        (["lipids"], 0),
        (["heart-failure"], 2),
        (["heart-failure", "heart-failure"], 2),
        (["heart-failure", "copd"], 3),
        (["heart-failure", "copd", "kidney", "cancer"], 4),
    ],
)
def test_conditions_that_turn_quickly(groups: list[str], points: int) -> None:
    known = Known([condition(group, chronic=None) for group in groups])
    assert given_by("heavy-conditions", known) == points


def test_falls_and_needs_on_the_problem_list() -> None:
    known = Known([condition("frailty"), condition(None, code="Z590"), condition(None, code="Z6300")])
    assert given_by("frailty", known) == given_by("social-problems", known) == 1
    assert given_by("social-problems", Known([condition(None, code="Z719"), condition(None)])) == 0


@pytest.mark.parametrize(
    ("days", "six", "twelve"),
    [
        ([], 0, 0),
        ([400], 0, 0),
        ([200], 0, 1),
        ([20], 2, 1),
        ([20, 90], 4, 1),
        ([200, 250, 300], 0, 2),
        ([20, 90, 300], 4, 2),
    ],
)
def test_hospital_stays_in_six_and_in_twelve_months(days: list[int], six: int, twelve: int) -> None:
    known = Known(stays=[stay("inpatient", day) for day in days])
    assert (given_by("stays-6", known), given_by("stays-12", known)) == (six, twelve)
    assert given_by("emergency-6", known) == 0


def test_six_months_begin_on_the_same_day_of_the_month() -> None:
    first = (TODAY - date(2026, 5, 23)).days
    assert given_by("stays-6", Known(stays=[stay("inpatient", first)])) == 2
    assert given_by("stays-6", Known(stays=[stay("inpatient", first + 1)])) == 0


def test_a_stay_that_two_sources_tell_of_is_one() -> None:
    known = Known(stays=[stay("inpatient", 20, b"1"), stay("observation", 20, b"2")])
    (part,) = (one for one in judge(known, BOOK).parts if one.rule == "stays-6")
    assert (part.number, part.points, part.keys) == (1, 2, (b"1", b"2"))


@pytest.mark.parametrize(
    ("days", "six", "twelve"),
    [([9], 1, 0), ([9, 40], 2, 0), ([9, 40, 60, 80], 3, 1), ([200, 250, 300], 0, 1)],
)
def test_emergency_visits(days: list[int], six: int, twelve: int) -> None:
    known = Known(stays=[stay("ed", day) for day in days])
    assert (given_by("emergency-6", known), given_by("emergency-12", known)) == (six, twelve)
    assert given_by("stays-6", known) == 0


def test_medicines_on_the_list() -> None:
    for count, points in ((5, 0), (6, 1), (9, 1), (10, 2)):
        known = Known(medicines=[medicine(f"vitamin {number}") for number in range(count)])
        assert given_by("medicines", known) == points
    assert given_by("medicines", Known(medicines=[medicine("zinc")] * 12)) == 0, "the same line is one"


@pytest.mark.parametrize(
    ("words", "points"),
    [
        (["metformin 500 mg tablet"], 0),
        (["warfarin sodium 5 mg"], 1),
        (["acetaminophen 325 mg / hydrocodone 5 mg"], 1),
        (["warfarin 5 mg", "insulin glargine 100 units/ml"], 2),
        (["antiwarfarin"], 0),
    ],
)
def test_medicines_that_need_care_are_found_by_their_names(words: list[str], points: int) -> None:
    assert given_by("careful-medicines", Known(medicines=[medicine(one) for one in words])) == points


@pytest.mark.parametrize(
    ("rule", "instrument", "score", "points"),
    [
        ("function", "katz", 2, 3),
        ("function", "katz", 3, 1),
        ("function", "katz", 6, 0),
        ("function", "lawton", 4, 2),
        ("function", "lawton", 7, 1),
        ("function", "lawton", 8, 0),
        ("falling", "stay-independent", 3, 0),
        ("falling", "stay-independent", 4, 1),
        ("mood", "phq-9", 9, 0),
        ("mood", "phq-9", 10, 1),
        ("mood", "phq-9", 15, 2),
        ("mood", "gad-7", 14, 1),
        ("mood", "gad-7", 15, 2),
        ("thinking", "mini-cog", 2, 2),
        ("thinking", "mini-cog", 3, 0),
        ("thinking", "slums", 19, 2),
        ("thinking", "slums", 20, 0),
        ("thinking", "moca", 17, 2),
        ("thinking", "moca", 25, 1),
        ("thinking", "moca", 26, 0),
        ("lonely", "loneliness-3", 5, 0),
        ("lonely", "loneliness-3", 6, 1),
    ],
)
def test_scores(rule: str, instrument: str, score: float, points: int) -> None:
    assert given_by(rule, Known(asked=[asked(instrument, score)])) == points


def test_the_latest_score_counts_and_the_worst_of_two_instruments() -> None:
    better = Known(asked=[asked("katz", 1, 90), asked("katz", 5, 10)])
    assert given_by("function", better) == 1
    both = Known(asked=[asked("katz", 5, 90), asked("lawton", 3, 10)])
    assert given_by("function", both) == 2
    no_score = Known(asked=[asked("katz", 1, 90), asked("katz", None, 10)])
    assert given_by("function", no_score) == 3, "an instrument without a score says nothing"
    old = Known(asked=[asked("katz", 1, 400)])
    assert given_by("function", old) == 0


def test_only_needs_that_the_patient_wants_help_with_count() -> None:
    for wishes, points in (((), 0), (("food",), 1), (("food", "home"), 2), (("a", "b", "c", "d"), 3)):
        assert given_by("wishes", Known(asked=[asked("ahc-hrsn", None, 30, *wishes)])) == points
    both = Known(asked=[asked("ahc-hrsn", None, 30, "food"), asked("ahc-hrsn-more", None, 30, "money")])
    assert given_by("wishes", both) == 2
    again = Known(asked=[asked("ahc-hrsn", None, 90, "food"), asked("ahc-hrsn", None, 5)])
    assert given_by("wishes", again) == 0, "asked again, no help is wanted any more"


def test_tiers_begin_where_the_file_says() -> None:
    borders = [
        (0, 1),
        (1, 1),
        (2, 2),
        (3, 2),
        (4, 3),
        (6, 3),
        (7, 4),
        (9, 4),
        (10, 5),
        (13, 5),
        (14, 6),
        (99, 6),
    ]
    assert [(points, BOOK.tier(points)) for points, _ in borders] == borders


def test_a_worked_example() -> None:
    """An 83-year-old after a week in hospital, added up by hand: 1 + 3 + 2 + 1 + 1 + 1 + 1 = 10."""
    known = Known(
        [condition(group) for group in ("heart-failure", "kidney", "hypertension", "lipids")],
        [stay("inpatient", 12), stay("ed", 12)],
        [medicine("apixaban 5 mg")],
        [asked("katz", 4)],
    )
    risk = judge(known, BOOK)
    assert risk.given() == {
        "many-conditions": 1, "heavy-conditions": 3, "stays-6": 2, "stays-12": 1, "emergency-6": 1,
        "careful-medicines": 1, "function": 1,
    }  # fmt: skip
    assert (risk.points, risk.tier) == (10, 5)


def test_which_rules_moved() -> None:
    assert moved_rules({"a": 2, "b": 1}, {"b": 1, "c": 3, "a": 1}) == [("c", 0, 3), ("a", 2, 1)]


# By property

GROUPS = st.sampled_from(
    [*sorted({group for rule in BOOK.rules for group in rule.groups}), "gout", "lipids", None]
)
CODES = st.sampled_from(["Z590", "Z60", "I509", None])
CONDITIONS = st.builds(
    lambda group, chronic, code: condition(group, chronic=chronic, code=code),
    GROUPS, st.sampled_from([True, False, None]), CODES,
)  # fmt: skip
STAYS = st.builds(stay, st.sampled_from(["inpatient", "ed", "observation", "snf"]), st.integers(0, 500))
MEDICINES = st.sampled_from(
    ["warfarin", "insulin", "zinc", "iron", "oxycodone", "a", "b", "c", "d", "e", "f"]
).map(medicine)
INSTRUMENTS = sorted({name for rule in BOOK.rules for name in rule.instruments})
ASKED = st.builds(
    lambda name, score, days, wishes: asked(name, score, days, *wishes),
    st.sampled_from(INSTRUMENTS), st.none() | st.integers(0, 30), st.integers(0, 500),
    st.lists(st.sampled_from(["food", "home", "safety", "money"]), unique=True),
)  # fmt: skip
KNOWN = st.builds(
    lambda conditions, stays, medicines, asked_: Known(
        conditions, stays, medicines, sorted(asked_, key=lambda one: one.date)
    ),
    st.lists(CONDITIONS, max_size=9), st.lists(STAYS, max_size=6), st.lists(MEDICINES, max_size=12),
    st.lists(ASKED, max_size=5),
)  # fmt: skip


@given(KNOWN, CONDITIONS, STAYS, MEDICINES, st.data())
def test_a_fact_more_never_takes_points_away(
    known: Known, one: Condition, begun: Stay, taken: Medicine, data: st.DataObject
) -> None:
    """Of an instrument that was asked before the latest answers count, so a new one may; any other never."""
    fresh = [name for name in INSTRUMENTS if name not in {one.instrument for one in known.asked}]
    name = data.draw(st.sampled_from(fresh)) if fresh else None
    more = [
        known._replace(conditions=[*known.conditions, one]),
        known._replace(stays=[*known.stays, begun]),
        known._replace(medicines=[*known.medicines, taken]),
    ]
    if name is not None:
        answer = data.draw(ASKED)._replace(instrument=name)
        more.append(known._replace(asked=sorted([*known.asked, answer], key=lambda each: each.date)))
    before = judge(known, BOOK)
    for each in more:
        after = judge(each, BOOK)
        assert after.points >= before.points and after.tier >= before.tier
        assert all(after.given().get(rule, 0) >= points for rule, points in before.given().items())


@given(KNOWN, st.randoms())
def test_the_order_of_the_rows_changes_nothing(known: Known, random: object) -> None:
    mixed = Known(*(list(part) for part in known[:3]), known.asked)
    for part in mixed[:3]:
        random.shuffle(part)  # type: ignore[attr-defined]
    assert judge(mixed, BOOK).given() == judge(known, BOOK).given()


@given(KNOWN)
def test_the_points_are_the_sum_of_their_parts_and_every_part_has_its_rows(known: Known) -> None:
    risk = judge(known, BOOK)
    assert risk.points == sum(risk.given().values()) == sum(one.points for one in risk.parts)
    assert risk.tier == BOOK.tier(risk.points)
    assert all(part.keys for part in risk.parts)
    assert {part.rule for part in risk.parts} <= {rule.name for rule in BOOK.rules}
