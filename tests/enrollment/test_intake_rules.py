"""How far someone has come, tries that count, what comes back, what is next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.settings import Settings
from cmp_tui.enrollment.intake_book import intake_book, try_rules
from cmp_tui.enrollment.intake_rules import (
    STAGES,
    Facts,
    Standing,
    Tries,
    TryRules,
    comes_back_on,
    count_tries,
    next_step,
    stage_of,
    way_of,
)

DAY = date(2026, 11, 2)
LATER = [DAY + timedelta(days=number) for number in range(1, 9)]


def facts(**known: object) -> Facts:
    return Facts("claims", DAY)._replace(**known)


@pytest.mark.parametrize(
    ("known", "stage"),
    [
        ({}, "intake"),
        ({"tried_on": LATER[0]}, "outreach"),
        ({"taken_on": LATER[0]}, "outreach"),
        ({"tried_on": LATER[0], "reached_on": LATER[1]}, "eligibility"),
        ({"tried_on": LATER[0], "reached_on": LATER[1], "eligible_on": LATER[2]}, "consent"),
        ({"eligible_on": LATER[2]}, "consent"),
        ({"enrolled_on": LATER[3]}, "enrolled"),
        ({"enrolled_on": LATER[3], "ended_on": LATER[4]}, "ended"),
        ({"source": "self-referral", "mode": "phone"}, "eligibility"),
        ({"source": "self-referral", "mode": "in-person"}, "eligibility"),
        ({"source": "self-referral", "mode": "portal"}, "intake"),
        ({"source": "claims", "mode": "phone"}, "intake"),
    ],
)
def test_the_stage_is_the_furthest_that_a_fact_speaks_for(known: dict[str, object], stage: str) -> None:
    assert stage_of(facts(**known)) == stage


def test_each_stage_has_its_day_and_one_that_was_passed_over_has_none() -> None:
    way = way_of(facts(tried_on=LATER[0], reached_on=LATER[2], eligible_on=LATER[2], enrolled_on=LATER[4]))
    assert way == ("enrolled", LATER[0], None, LATER[2], LATER[4])
    assert way_of(facts(source="self-referral", mode="phone")) == ("eligibility", None, DAY, None, None)


days = st.none() | st.sampled_from(LATER)


@given(days, days, days, days, days)
def test_more_facts_never_lead_back(
    taken: date | None, tried: date | None, reached: date | None, eligible: date | None, enrolled: date | None
) -> None:
    known = facts(
        taken_on=taken, tried_on=tried, reached_on=reached, eligible_on=eligible, enrolled_on=enrolled
    )
    way = way_of(known)
    for name in ("taken_on", "tried_on", "reached_on", "eligible_on", "enrolled_on"):
        before = stage_of(known._replace(**{name: None}))
        assert STAGES.index(before) <= STAGES.index(way.stage)
    entered = [day for day in way[1:] if day is not None]
    assert entered == sorted(entered), "the days of the stages follow each other"


# Tries


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tries", "made", "counted", "enough"),
    [
        ([], 0, 0, False),
        ([at(2, 9)], 1, 1, False),
        ([at(2, 9), at(2, 15)], 2, 1, False),
        ([at(2, 9), at(3, 15), at(5, 10)], 3, 3, True),
        ([at(2, 9), at(3, 10), at(5, 11)], 3, 3, False),
        ([at(2, 9), at(3, 10), at(5, 11), at(6, 14)], 4, 4, True),
    ],
)
def test_tries_count_on_days_of_their_own_and_in_both_parts_of_the_day(
    tries: list[datetime], made: int, counted: int, enough: bool
) -> None:
    found = count_tries(tries, TryRules())
    assert (found.made, found.counted, found.enough) == (made, counted, enough)


def test_the_next_try_is_on_another_business_day_in_the_other_part() -> None:
    friday = count_tries([at(6, 9)], TryRules())
    assert (friday.next_day, friday.next_part) == (date(2026, 11, 9), "afternoon")
    apart = count_tries([at(2, 14)], TryRules(days=3))
    assert (apart.next_day, apart.next_part) == (date(2026, 11, 5), "morning")
    assert count_tries([at(2, 9)], TryRules(parts=False)).next_part is None


def test_how_often_is_the_clinics_setting() -> None:
    settings = replace(Settings(), outreach_tries=2, outreach_parts=False)
    assert count_tries([at(2, 9), at(3, 9)], try_rules(settings)).enough
    assert not count_tries([at(2, 9), at(3, 9)], try_rules(Settings())).enough


# What comes back


def test_every_end_says_when_it_comes_back(reference: Reference) -> None:
    back = intake_book(reference).back
    assert set(back) >= {code.code for code in reference.codes("program_end") if code.code != "merged"}
    assert comes_back_on("declined-interest", DAY, back) == DAY + timedelta(days=180)
    assert comes_back_on("ineligible-insurance", DAY, back) == date(2027, 1, 1)
    for end in ("deceased", "moved", "withdrawn"):
        assert comes_back_on(end, DAY, back) is None


@pytest.fixture
def reference() -> Reference:
    return Reference()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("lost = 90", 'lost = "soon"'), "line 16: 'lost' takes a number of days"),
        (("lost = 90", "lost = 0"), "line 16: 'lost' takes a number of days"),
        (("lost = 90", "lots = 90"), "line 16: 'lots' is not known there"),
        (("intake = 3\n", ""), "lacks 'intake' in [limits]"),
        (("[limits]", "[limit]"), "no table [limits]"),
        (("outreach = 14", "outreach = true"), "'outreach' takes a number of days"),
    ],
)
def test_a_file_that_cant_be_used_says_where(
    reference: Reference, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    text = reference.text("enrollment.toml")
    assert change[0] in text
    (tmp_path / "enrollment.toml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(Stopped) as stopped:
        intake_book(Reference(own=tmp_path))
    assert says in str(stopped.value)


# The next step

LIMITS = {"intake": 3, "outreach": 14, "eligibility": 7, "consent": 14}


@pytest.mark.parametrize(
    ("standing", "kind", "words"),
    [
        (Standing("intake", DAY), "take-up", "take up"),
        (Standing("outreach", DAY), "call", "call"),
        (
            Standing("outreach", DAY, tries=Tries(1, 1, False, LATER[0], "afternoon")),
            "call",
            "2nd try, afternoon",
        ),
        (Standing("outreach", DAY, tries=Tries(3, 3, True)), "letter", "send a letter"),
        (
            Standing("outreach", DAY, tries=Tries(3, 3, True), letter_on=LATER[4]),
            "end",
            "letter sent: end it",
        ),
        (Standing("eligibility", DAY, reached=True), "eligibility", "decide eligibility"),
        (Standing("eligibility", DAY, reached=True, eligible=False), "end", "not eligible: end it"),
        (Standing("consent", DAY, eligible=True), "call", "call"),
        (Standing("consent", DAY, reached=True, eligible=True), "consent", "ask for consent"),
        (Standing("consent", DAY, reached=True, eligible=True, consent="asked"), "consent", "consent asked"),
        (
            Standing("consent", DAY, reached=True, eligible=True, consent="declined"),
            "end",
            "declined: end it",
        ),
        (Standing("consent", DAY, reached=True, eligible=True, consent="accepted"), "assess", "assess"),
        (
            Standing("consent", DAY, reached=True, consent="accepted", assessed=True, program="CCM"),
            "enroll",
            "enroll in CCM",
        ),
        (
            Standing("consent", DAY, reached=True, eligible=True, consent="accepted", planned_on=LATER[7]),
            "wait",
            "starts",
        ),
        (Standing("enrolled", DAY, referred=True), "answer", "tell the referrer"),
        (Standing("enrolled", DAY, referred=True, answered=True), "done", "enrolled"),
        (Standing("ended", DAY, back_on=LATER[7]), "back", "ask again"),
        (Standing("ended", DAY), "done", "does not come back"),
    ],
)
def test_the_next_step(standing: Standing, kind: str, words: str) -> None:
    step = next_step(standing, LIMITS)
    assert (step.kind, step.words) == (kind, words)


def test_the_next_step_has_its_day() -> None:
    assert next_step(Standing("intake", DAY), LIMITS).due == DAY + timedelta(days=3)
    tried = Standing("outreach", DAY, tries=Tries(1, 1, False, LATER[0], "afternoon"))
    assert next_step(tried, LIMITS).due == LATER[0]
    assert next_step(tried._replace(call_due=LATER[3]), LIMITS).due == LATER[3]
    assert next_step(Standing("consent", DAY, reached=True, consent="asked"), LIMITS).patients
