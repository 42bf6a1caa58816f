"""Stays and emergency visits out of claims."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.exchange.claims.records import Claim, Line, Marks
from cmp_tui.exchange.claims.stay_rules import ACUTE, StayIn, stays_of

MARKS = Marks({"99284": "emergency", "G0378": "observation"}, {"0450": "emergency", "0912": "partial"})
LAST = date(2026, 6, 30)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def bill(id: str, first: str, last: str, kind: str = "inpatient", **more: object) -> Claim:
    return Claim("m", id, id, kind, day(first), day(last), status="01", facility="H")._replace(**more)


def at(
    id: str, when: str, kind: str = "outpatient", code: str = "99284", place: str = "", **more: object
) -> Claim:
    line = Line("1", day(when), day(when), code, "0450" if kind == "outpatient" else "", place, "")
    return bill(id, when, when, kind, lines=(line,), **more)


def short(found: list[StayIn]) -> list[tuple[str, str, str | None, str]]:
    return [
        (one.kind, f"{one.admitted:%m-%d}", f"{one.discharged:%m-%d}" if one.discharged else None, one.to)
        for one in found
    ]


def of(*claims: Claim) -> list[tuple[str, str, str | None, str]]:
    return short(stays_of(claims, MARKS, LAST))


def test_bills_of_one_stay_are_one() -> None:
    first = bill("1", "01-10", "01-31", "snf", admitted=day("01-10"), status="30")
    then = bill("2", "02-01", "02-20", "snf", admitted=day("01-10"), status="30")
    last = bill("3", "02-21", "03-05", "snf", status="06")
    found = stays_of([last, first, then], MARKS, LAST)
    assert short(found) == [("snf", "01-10", "03-05", "home")]
    assert found[0].claims == ("1", "2", "3")


def test_two_stays_at_one_place_and_a_transfer_are_not_joined() -> None:
    assert of(bill("1", "01-02", "01-05"), bill("2", "02-02", "02-05")) == [
        ("inpatient", "01-02", "01-05", "home"), ("inpatient", "02-02", "02-05", "home"),
    ]  # fmt: skip
    assert of(bill("1", "01-02", "01-05", status="02"), bill("2", "01-05", "01-09", facility="K", house="rehab")) == [
        ("inpatient", "01-02", "01-05", "hospital"), ("rehab", "01-05", "01-09", "home"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "to"),
    [
        ("01", "home"),
        ("02", "hospital"),
        ("03", "snf"),
        ("20", "died"),
        ("50", "hospice"),
        ("07", "other"),
        ("", ""),
    ],
)
def test_where_to(status: str, to: str) -> None:
    assert of(bill("1", "01-02", "01-05", status=status)) == [("inpatient", "01-02", "01-05", to)]


def test_who_is_still_there_is_still_there_only_near_the_end_of_the_files() -> None:
    assert of(bill("1", "06-02", "06-20", status="30")) == [("inpatient", "06-02", None, "")]
    found = stays_of([bill("1", "01-02", "01-20", status="30")], MARKS, LAST)
    assert short(found) == [("inpatient", "01-02", "01-20", "")]
    assert found[0].guessed


def test_one_emergency_a_day_whoever_billed_it() -> None:
    doctor = at("2", "03-01", "professional", place="23")
    assert of(doctor, at("1", "03-01")) == [("ed", "03-01", "03-01", "home")]
    assert stays_of([doctor, at("1", "03-01")], MARKS, LAST)[0].claims == ("1",)
    assert of(at("2", "03-01", "professional", place="11")) == []


@pytest.mark.parametrize("when", ["03-09", "03-10", "03-12"])
def test_an_emergency_that_led_to_a_stay_is_part_of_it(when: str) -> None:
    assert of(at("1", when), bill("2", "03-10", "03-15")) == [("inpatient", "03-10", "03-15", "home")]


@pytest.mark.parametrize("when", ["03-08", "03-15", "03-16"])
def test_an_emergency_before_or_after_a_stay_is_its_own(when: str) -> None:
    assert ("ed", when, when, "home") in of(at("1", when), bill("2", "03-10", "03-15"))


def test_an_emergency_from_a_nursing_facility_is_its_own() -> None:
    assert len(of(at("1", "03-12"), bill("2", "03-10", "03-15", "snf"))) == 2


def test_observation_stands_by_itself_unless_it_led_to_a_stay() -> None:
    watched = at("1", "03-09", code="G0378", end=day("03-10"))
    assert of(watched) == [("observation", "03-09", "03-10", "home")]
    assert of(watched, bill("2", "03-10", "03-15")) == [("inpatient", "03-10", "03-15", "home")]


DAYS = st.integers(0, 150)


@given(
    st.lists(st.tuples(DAYS, st.integers(0, 12), st.sampled_from(["01", "30", "02", ""])), max_size=6),
    st.lists(DAYS, max_size=8),
)
def test_no_emergency_lies_within_a_stay_and_none_is_told_twice(
    bills: list[tuple[int, int, str]], visits: list[int]
) -> None:
    start = day("01-01")
    claims = [
        Claim(
            "m",
            f"s{n}",
            f"s{n}",
            "inpatient",
            start + timedelta(a),
            start + timedelta(a + b),
            status=s,
            facility="H",
        )
        for n, (a, b, s) in enumerate(bills)
    ]
    claims += [at(f"e{n}", f"{start + timedelta(one):%m-%d}") for n, one in enumerate(visits)]
    found = stays_of(claims, MARKS, LAST)
    emergencies = [one.admitted for one in found if one.kind == "ed"]
    assert len(emergencies) == len(set(emergencies))
    for stay in found:
        assert stay.discharged is None or stay.discharged >= stay.admitted
        if stay.kind in ACUTE:
            inside = [
                one
                for one in emergencies
                if stay.admitted <= one and (stay.discharged is None or one < stay.discharged)
            ]
            assert inside == []
