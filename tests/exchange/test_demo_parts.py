"""The pure parts of the demo: its words, its diary, its notes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import is_business_day
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.settings import Settings
from cmp_tui.exchange.demo import cases_due, cases_program, cases_time
from cmp_tui.exchange.demo.days import Days, Diary
from cmp_tui.exchange.demo.notes import LINES, drug_word, fill, fitting
from cmp_tui.exchange.demo.people import make_people
from cmp_tui.exchange.demo.plan import QUIET
from cmp_tui.exchange.demo.story import Story
from cmp_tui.exchange.demo.words import Words, load_words
from cmp_tui.patients.coding import load_condition_tables

ZONE = Settings().zone
DAYS = Days(datetime(2026, 11, 23, 15, 0, tzinfo=UTC), ZONE)
moments = st.integers(0, 9 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words(Reference().folder)


@given(moments)
def test_days_lie_before_now(now: datetime) -> None:
    days = Days(now, ZONE)
    assert days.first.day <= 5 and is_business_day(days.first)
    assert 90 <= (days.today - days.first).days + 5 <= 130
    assert days.week <= days.today < days.week + timedelta(days=7)
    for count in range(1, 15):
        assert days.at(days.back(count), 23, 59) < now


@given(
    st.lists(st.tuples(st.sampled_from(("dana", "ben")), st.integers(1, 25)), max_size=25), st.integers(0, 99)
)
def test_the_diary_keeps_people_from_doing_two_things_at_once(
    wishes: list[tuple[str, int]], seed: int
) -> None:
    diary, rng, day = Diary(DAYS), Random(seed), date(2026, 11, 20)
    kept = {"dana": [(diary.take("dana", day, 10, 0, 30), 30)], "ben": []}
    for who, minutes in wishes:
        kept[who].append((diary.find(who, day, minutes, rng), minutes))
    for spans in kept.values():
        for (start, minutes), (after, _) in pairwise(sorted(spans)):
            assert start + timedelta(minutes=minutes) <= after


@given(moments, st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_stories_of_any_day_keep_out_of_each_others_way(now: datetime, seed: int) -> None:
    words, days = load_words(Reference().folder), Days(now, ZONE)
    people = make_people(words, seed, days)
    diary = Diary(days)
    story = Story(people, words, days, diary, Random("story"))
    for case in (*cases_due.CASES, *cases_time.CASES, *cases_program.CASES):
        case(story)
    clashes = 0
    for spans in diary.taken.values():
        spans.sort()
        clashes += sum(two[0] < one[1] for one, two in pairwise(spans))
    assert clashes == 1, "only the overlap that is meant"
    future = [step for step in story.steps if step.at > now]
    assert not future


def test_notes_have_no_blanks_left_and_their_lines_fit(words: Words) -> None:
    people = make_people(words, 7, DAYS)
    for persona in people:
        for note in fitting(persona, [*words.notes, *words.tries, *words.work]):
            filled = fill(persona, note, words, date(2026, 12, 3), Random(1))
            for name in LINES:
                text = getattr(filled, name)
                assert "{" not in text and len(text) < 240
                assert not text or text[0] == text[0].upper() or name == "task"
    used = {note for persona in people for note in fitting(persona, words.notes)}
    assert used == set(words.notes), "a note fits nobody"


def test_every_code_is_a_problem_with_a_group(words: Words) -> None:
    tables = load_condition_tables(Reference().folder)
    for condition in words.conditions:
        coded = tables.classify("icd-10-cm", condition.code)
        assert coded.kind == "problem" and coded.group, condition.code
    keys = {condition.key for condition in words.conditions}
    assert all(set(person.conditions) <= keys for person in words.people)
    assert all(not note.group or note.group in keys for note in words.notes)


def test_every_part_is_played(words: Words) -> None:
    cases = {person.case for person in words.people}
    assert set(QUIET) <= cases


def test_people_are_the_same_for_a_seed(words: Words) -> None:
    assert make_people(words, 7, DAYS) == make_people(words, 7, DAYS)
    assert make_people(words, 7, DAYS) != make_people(words, 8, DAYS)


@pytest.mark.parametrize(
    ("display", "said"),
    [
        ("Metoprolol succinate 50 mg ER tablet", "metoprolol succinate"),
        ("Vitamin D3 1000 unit tablet", "vitamin D3"),
        ("Diclofenac 1% gel", "diclofenac"),
    ],
)
def test_drug_word(display: str, said: str) -> None:
    assert drug_word(display) == said


def test_a_file_that_lacks_something_says_so(tmp_path: Path) -> None:
    text = (Reference().folder / "demo.toml").read_text(encoding="utf-8")
    (tmp_path / "demo.toml").write_text(re.sub(r"(?m)^\[hospitals\]$", "[other]", text), encoding="utf-8")
    with pytest.raises(Stopped, match=r"demo\.toml lacks something: 'hospitals'"):
        load_words(tmp_path)
