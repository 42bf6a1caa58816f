"""Who is a candidate, and what the claims show in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.reference import shipped
from cmp_tui.exchange.claims.candidate_rules import Found, Rule, Use, found, months_between, reason
from cmp_tui.exchange.claims.condition_rules import Diagnoses
from cmp_tui.exchange.claims.held import Enrolled, TakenIn
from cmp_tui.exchange.claims.records import Claim
from cmp_tui.exchange.claims.taking_rules import stands_in_the_way
from cmp_tui.patients.coding import load_condition_tables

LAST = date(2026, 6, 30)
NAMES = {"diabetes": "Diabetes", "heart-failure": "Heart failure", "copd": "COPD"}


def rule(**more: Any) -> Rule:
    values: dict[str, Any] = {
        "needs": "any", "chronic_groups": 2, "condition_days": 2, "condition_months": 24, "groups_out": frozenset(),
        "uses": 2, "use_months": 6, "use_kinds": frozenset({"inpatient", "ed"}), "hospice_out": True, **more,
    }  # fmt: skip
    return Rule(**values)


def use(kind: str, text: str) -> Use:
    return Use(kind, date.fromisoformat(text))


def test_uses_count_within_the_months_before_the_last_day() -> None:
    seen = found(
        rule(), LAST,
        [use("ed", "2026-01-01"), use("ed", "2025-12-30"), use("snf", "2026-02-01"),
         use("inpatient", "2026-06-30")], (),
    )  # fmt: skip
    assert [one.kind for one in seen.uses] == ["ed", "inpatient"]


def test_any_or_all_of_the_two() -> None:
    sick = Found((), ("diabetes", "copd"))
    often = Found((use("ed", "2026-05-01"), use("ed", "2026-05-02")), ())
    assert sick.meets(rule()) and often.meets(rule())
    assert not sick.meets(rule(needs="all")) and not often.meets(rule(needs="all"))
    assert Found(often.uses, sick.groups).meets(rule(needs="all"))
    assert not found(rule(groups_out=frozenset({"copd"})), LAST, (), [("diabetes", 2), ("copd", 9)]).meets(
        rule()
    )


def test_the_reason_in_words() -> None:
    uses = [use("inpatient", "2026-01-05"), use("inpatient", "2026-03-02"), use("ed", "2026-06-09")]
    seen = found(rule(), LAST, uses, [("heart-failure", 4), ("diabetes", 9), ("copd", 1), (None, 3)])
    assert reason(seen, NAMES) == "2 admissions and 1 ED visit Jan–Jun 2026; diabetes, heart failure, COPD"
    assert reason(Found((), ("diabetes",)), NAMES) == "diabetes"
    assert reason(Found((use("ed", "2026-06-09"),), ()), NAMES) == "1 ED visit Jun 2026"
    assert len(reason(Found((), tuple(f"g{n}" * 100 for n in range(20))), {})) <= 500


def test_months_in_words() -> None:
    assert months_between(date(2025, 11, 2), date(2026, 1, 3)) == "Nov 2025–Jan 2026"


# -- what stands in the way


def taken(stage: str, **more: Any) -> TakenIn:
    return TakenIn(stage, "claims", date(2025, 3, 1), None, None, None, False)._replace(**more)


@pytest.mark.parametrize(
    ("intakes", "times", "refused", "deceased", "says"),
    [
        ([], [], None, True, "died"),
        ([], [Enrolled("CCM", "active", None)], None, False, "enrolled already"),
        ([], [Enrolled("CCM", "planned", None)], None, False, "enrolled already"),
        ([taken("outreach")], [], None, False, "on the way already"),
        ([taken("ended", end="deceased")], [], None, False, "ended for good"),
        (
            [taken("ended", end="lost", back_on=date(2026, 9, 1))],
            [],
            None,
            False,
            "ended, and comes back by itself",
        ),
        ([taken("ended", end="lost", ended_on=date(2026, 5, 1))], [], None, False, "ended lately"),
        ([taken("ended", end="lost", ended_on=date(2025, 5, 1))], [], None, False, ""),
        ([taken("intake", struck=True)], [], None, False, "struck out here"),
        ([taken("intake", struck=True, source="list")], [], None, False, ""),
        ([], [Enrolled("CCM", "finished", date(2026, 5, 1))], None, False, "left a program lately"),
        ([taken("enrolled")], [Enrolled("CCM", "finished", date(2025, 5, 1))], None, False, ""),
        ([], [], ("declined", date(2026, 5, 1)), False, "declined lately"),
        ([], [], ("declined", date(2025, 5, 1)), False, ""),
    ],
)
def test_what_stands_in_the_way(
    intakes: list[TakenIn], times: list[Enrolled], refused: tuple[str, date] | None, deceased: bool, says: str
) -> None:
    assert stands_in_the_way(intakes, times, refused, deceased, date(2025, 12, 30)) == says


# -- conditions


def said(day: str, *codes: str, kind: str = "professional") -> Claim:
    when = date.fromisoformat(day)
    return Claim("m", day, day, kind, when, when, diagnoses=codes)


def test_lasting_conditions_once_by_category_with_what_speaks_for_them() -> None:
    diagnoses = Diagnoses(load_condition_tables(shipped("data")))
    claims = [
        said("2024-01-01", "E119"), said("2026-01-01", "E1122", "J069", "Z590"), said("2026-02-01", "E1122", "BAD!"),
        said("2026-03-01", "I5023", kind="inpatient"), said("2026-03-02", "J449"),
    ]  # fmt: skip
    found_ = diagnoses.of(claims, date(2025, 1, 1))
    assert [(one.category, one.code, one.group, one.days, one.recent, one.stay) for one in found_] == [
        ("E11", "E11.22", "diabetes", 3, 2, False),
        ("I50", "I50.23", "heart-failure", 1, 1, True),
        ("J44", "J44.9", "copd", 1, 1, False),
    ]
    assert [one.founded(2) for one in found_] == [True, True, False]
    assert diagnoses.left.total() == 3
