"""The demo clinic's last month: every program bills something, and a short list stands in the way of closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.billing.charges import charges
from cmp_tui.billing.close_actions import close_month
from cmp_tui.billing.closing import closed_view, what_stands
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.billing.month_queries import month_view
from cmp_tui.careplan.model import Plan
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.settings import Settings
from cmp_tui.clinic.staff import settings_list, staff_list
from cmp_tui.contacts.actions import log_time
from cmp_tui.exchange.demo import cases_due, cases_program, cases_time
from cmp_tui.exchange.demo.cases_month import MonthStory
from cmp_tui.exchange.demo.cast import give_parts
from cmp_tui.exchange.demo.days import Days, Diary
from cmp_tui.exchange.demo.making import make_demo_clinic
from cmp_tui.exchange.demo.papers import LETTERS, medicare_numbers, not_given, plan_row
from cmp_tui.exchange.demo.people import Persona, make_people
from cmp_tui.exchange.demo.plan import everyday
from cmp_tui.exchange.demo.story import Story
from cmp_tui.exchange.demo.words import Words, load_words
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.patients.model import Patient
from cmp_tui.patients.rules import is_mbi, is_npi
from cmp_tui.tables import TABLES

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)
LAST = date(2027, 1, 1)
ZONE = Settings().zone
PROGRAMS = {"CCM", "BHI", "RPM", "PCM", "APCM", "TCM"}


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words(Reference().folder)


@pytest.fixture(scope="module")
def person(words: Words) -> Persona:
    return make_people(words, 7, Days(MONDAY, ZONE))[0]


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """The demo clinic on a Monday in November."""
    yield from _made(tmp_path_factory.mktemp("demo") / "demo.cmp", MONDAY)


def _made(path: Path, now: datetime, seed: int = 7) -> Iterator[Clinic]:
    make_demo_clinic(path, TABLES, now, seed=seed)
    clinic = open_clinic(path, TABLES, os_name="whoever", clock=FrozenClock(now))
    yield clinic
    clinic.close_here()


def _october(clinic: Clinic) -> list[MonthResult]:
    return clinic.read(month_view, OCTOBER).patients


def test_every_program_bills_something(monday: Clinic) -> None:
    billed = Counter(line.code for result in _october(monday) for line in result.lines)
    assert billed["99490"] > 60 and billed["99439"] >= 10
    others = ("99487", "99484", "99426", "G0558", "99496", "99457", "99470", "99454", "99445")
    assert {code: billed[code] for code in others} == dict.fromkeys(others, 1)
    assert billed["99453"] == 2  # both periods are the first ones of their enrollments


def test_a_short_list_stands_in_the_way(monday: Clinic) -> None:
    stands = monday.read(what_stands, OCTOBER)
    assert Counter(one.kind for one in stands) == dict.fromkeys(
        ("draft", "consent", "plan", "plan-given", "mbi", "overlap", "reconciliation", "complexity"), 1
    )
    assert all(one.passable and one.mend and one.patient for one in stands)
    assert len({one.patient for one in stands}) == len(stands)


@pytest.mark.parametrize(
    ("now", "seed"),
    [
        (datetime(2026, 11, 1, 16, 0, tzinfo=UTC), 7),
        (datetime(2026, 12, 1, 6, 20, tzinfo=UTC), 7),
        (datetime(2026, 3, 1, 6, 5, tzinfo=UTC), 7),
        (MONDAY, 8),
    ],
)
def test_it_is_so_on_other_days_and_for_other_seeds(now: datetime, seed: int, tmp_path: Path) -> None:
    for clinic in _made(tmp_path / "demo.cmp", now, seed):
        month = Month.of(clinic.clock.today(ZONE)).previous()
        kinds = Counter(one.kind for one in clinic.read(what_stands, month))
        assert set(kinds) >= {"draft", "consent", "plan", "plan-given", "mbi", "overlap", "reconciliation"}
        assert sum(kinds.values()) <= 14
        found = clinic.read(month_view, month).patients
        assert {line.program for result in found for line in result.lines} == PROGRAMS
        assert clinic.verify() == []


def test_it_closes_and_what_is_added_later_is_an_amendment(tmp_path: Path) -> None:
    for clinic in _made(tmp_path / "demo.cmp", MONDAY):
        before = clinic.read(charges, OCTOBER)
        clinic.run(close_month, OCTOBER, "the list is worked on in December")
        assert [one.code for one in clinic.read(charges, OCTOBER)] == [one.code for one in before]
        short = next(one for one in _october(clinic) if [note.rule for note in one.blocked] == ["minutes"])
        start = datetime(2026, 10, 20, 23, 30, tzinfo=UTC)
        span = {"start": start, "end": start.replace(minute=45), "typed": True, "activity": "coordination"}
        about = {"program": "CCM", "practitioner": "levin", "amend_why": "found on paper"}
        clinic.run(log_time, short.facts.key, **span, **about)
        view = clinic.read(closed_view, OCTOBER)
        assert view is not None
        assert [one.patient for one in view.patients if one.now is not None] == [short.facts.key]
        assert clinic.verify() == []


def test_medicare_numbers_look_right_and_are_never_valid(monday: Clinic) -> None:
    found = monday.read(lambda scope: list(rows(Patient.live(Patient.payer, Patient.mbi))))
    numbers = [mbi for _, mbi in found if mbi]
    assert len(set(numbers)) == len(numbers) > 90
    assert not any(is_mbi(number) for number in numbers)
    assert all(is_mbi(number[0] + "A" + number[2:]) for number in numbers)
    without = [payer for payer, mbi in found if not mbi and payer in ("Medicare", "Medicare Advantage")]
    assert without == ["Medicare"] * 4
    assert not any(mbi for payer, mbi in found if payer in ("Medicaid", "commercial"))


@given(st.integers(0, 2**31))
@settings(max_examples=15, deadline=None)
def test_numbers_are_the_same_for_a_seed(words: Words, seed: int) -> None:
    people = make_people(words, 7, Days(MONDAY, ZONE))
    numbers = medicare_numbers(people, seed)
    assert numbers == medicare_numbers(people, seed)
    assert len(set(numbers.values())) == len(numbers)
    assert {number[1] for number in numbers.values()} == {"S"} and "S" not in LETTERS


def test_npis_have_their_check_digit_and_are_of_the_made_up_series(monday: Clinic) -> None:
    levin = next(row.npi for row in monday.read(staff_list) if row.username == "levin")
    for npi in (levin, monday.read(settings_list).npi):
        assert npi is not None and is_npi(npi) and npi.startswith("19999999")
    first = monday.read(charges, OCTOBER)[0]
    assert (first.rendering_npi, first.billing_npi) == (levin, monday.read(settings_list).npi)


def test_plans_of_everybody_in_the_program(monday: Clinic) -> None:
    plans = monday.read(_plans)
    assert len(plans) > 100
    today = MONDAY.date()
    for made_on, reviewed_on, given_on, how, to, by in plans:
        assert made_on <= today and by == "levin"
        assert (given_on is None) == (how is None) == (to is None)
        assert given_on is None or made_on <= given_on <= today
        assert reviewed_on is None or made_on < reviewed_on <= today
    assert 1 < sum(given_on is None for _, _, given_on, *_ in plans) < 6


def _plans(scope: Scope) -> list[tuple[date, date | None, date | None, str | None, str | None, str]]:
    p = Plan
    return list(rows(p.live(p.made_on, p.reviewed_on, p.given_on, p.given_how, p.given_to, p.made_by)))


@given(st.dates(date(2024, 1, 1), LAST), st.dates(date(2024, 1, 1), LAST), st.integers(0, 99))
@settings(max_examples=50)
def test_no_day_of_a_plan_lies_after_the_last(person: Persona, made_on: date, last: date, seed: int) -> None:
    row = plan_row(person, b"key", made_on, last, Random(seed))
    assert row["made_on"] <= row["given_on"] <= last
    assert row["reviewed_on"] is None or row["made_on"] < row["reviewed_on"] <= last
    assert not_given(row)["given_on"] is None and not_given(row)["made_on"] == row["made_on"]


@given(
    st.integers(0, 9 * 365 * 24 * 60),
    st.integers(0, 10_000),
)
@settings(max_examples=12, deadline=None)
def test_the_stories_of_the_month_take_nobodys_time_twice(words: Words, minutes: int, seed: int) -> None:
    now = datetime.fromtimestamp(1_704_067_200 + minutes * 60, UTC)
    days = Days(now, ZONE)
    tables = load_condition_tables(Reference().folder)
    people = make_people(words, seed, days)
    diary = Diary(days)
    story = Story(people, words, days, diary, Random("story"))
    for case in (*cases_due.CASES, *cases_time.CASES, *cases_program.CASES):
        case(story)
    before = set(map(id, story.steps))
    items = everyday(people, words, days, diary, seed, (days.week, days.week))
    cast = give_parts(story, items, set(), tables, days, seed)
    MonthStory(story, cast, items, seed).write()
    assert len({one.number for one in cast.parts.values()}) == len(cast.parts)
    assert all(step.at <= now for step in story.steps if id(step) not in before)
    clashes = 0
    for spans in diary.taken.values():
        spans.sort()
        clashes += sum(two[0] < one[1] for one, two in pairwise(spans))
    assert clashes == 1, (
        "the one that is meant lies in the other stories; here both share a span that was taken"
    )
