"""A month as a row: what needs attention first, in words that suggest no padding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cmp_tui.billing.engine.forecast import Pace
from cmp_tui.billing.engine.month import rules_of
from cmp_tui.billing.month_columns import WORDS, state_content, what_words
from cmp_tui.billing.month_preview import ELSEWHERE, KEYS, short_source
from cmp_tui.billing.month_rows import STATES, MonthRow, in_order, mends_in, row_of
from cmp_tui.ui.signs import ASCII, UNICODE
from tests.billing.engine.scenes import Scene, ready, rules

TODAY = date(2026, 10, 20)


def row(scene: Scene, today: date = TODAY, pace: Pace = Pace()) -> MonthRow:
    scene.facts = replace(scene.facts, today=today)
    return row_of(scene.result(), rules_of(rules(), scene.month), lambda key, program: pace)


def said(scene: Scene, today: date = TODAY, pace: Pace = Pace()) -> str:
    return what_words(row(scene, today, pace), today)


def test_what_is_billed() -> None:
    seen = row(ready().worked(63, day=3))
    assert (seen.state, seen.lines, seen.minutes, seen.wanted) == ("ready", "99490 + 99439×2", 63, 20)
    assert (seen.programs, seen.practitioner) == ("CCM", "Dr. Lee")


def test_no_consent_is_mended_by_the_consent_form() -> None:
    seen = row(Scene().enrolled().worked(25))
    assert (seen.state, seen.says, seen.mend) == ("blocked", "no consent to CCM", "consent")


@pytest.mark.parametrize(
    ("scene", "says"),
    [
        (Scene().enrolled().consent(decision="declined").worked(25), "declined CCM"),
        (Scene().enrolled().consent(day=date(2026, 11, 3)).worked(25), "consent to CCM came later"),
        (Scene().consent().enrolled(end=date(2026, 9, 30)).worked(25), "CCM ended 30 Sep 2026"),
    ],
)
def test_what_was_decided_no_form_mends(scene: Scene, says: str) -> None:
    seen = row(scene)
    assert (seen.state, seen.says, seen.mend) == ("barred", says, "")


def test_minutes_are_told_as_what_the_care_so_far_makes_likely() -> None:
    assert said(ready().worked(17)) == "3 more minutes by 31 Oct"
    assert said(ready().worked(19)) == "1 more minute by 31 Oct"
    assert row(ready().worked(17), pace=Pace(30, 10)).state == "way"
    assert said(ready().worked(17), pace=Pace(30, 10)) == "3 more by 31 Oct, usually 30"


def test_nobody_is_told_to_log_time_where_there_is_none() -> None:
    assert said(ready(), pace=Pace(25, 12)) == "no time yet, usually 25 min"
    assert said(ready()) == "no time yet this month"


def test_out_of_reach_says_so() -> None:
    assert row(ready().worked(2), date(2026, 10, 30)).state == "out"
    assert said(ready().worked(2), date(2026, 10, 30)) == "cannot reach 20 min this month"
    assert said(ready().worked(2), date(2026, 11, 5)) == "2 of 20 min"


def test_another_payer_is_to_be_asked_not_blocked() -> None:
    seen = row(ready(payer="Medicare Advantage").worked(25))
    assert (seen.state, seen.lines, seen.says, seen.mend) == (
        "check", "99490", "check with Medicare Advantage", "",
    )  # fmt: skip
    assert row(Scene(payer="Medicaid").enrolled().worked(25)).state not in ("blocked", "barred")


def test_a_month_without_rules_shows_minutes_and_bills_nothing() -> None:
    seen = row(ready(month="2027-01").worked(25), date(2027, 1, 20))
    assert (seen.state, seen.lines, seen.minutes) == ("check", "", 25)
    assert "not loaded" in seen.says
    assert row(ready(month="2027-01").worked(5), date(2027, 1, 20)).state == "short"


def test_the_order_is_that_of_what_needs_attention() -> None:
    rows = [
        row(ready(name="Zoe, A").worked(25)),
        row(ready(name="Adam, B").worked(10)),
        row(ready(name="Bell, C").worked(17)),
        row(Scene(name="Wu, D").enrolled().worked(25)),
    ]
    assert [one.family for one in in_order(rows)] == ["Wu", "Bell", "Adam", "Zoe"]
    assert [one.family for one in in_order(rows, "name")] == ["Adam", "Bell", "Wu", "Zoe"]
    assert [one.minutes for one in in_order(rows, "minutes")] == [25, 25, 17, 10]
    assert [one.minutes for one in in_order(rows, "least")] == [10, 17, 25, 25]


def test_every_state_has_its_sign_and_its_word() -> None:
    for signs in (UNICODE, ASCII):
        drawn = [state_content(state, signs).plain for state in STATES]
        assert len({words.partition(" ")[2] for words in drawn}) == len(STATES) == len(WORDS)
        assert all(
            (sign and not sign.isalnum()) or sign in "ov" for sign, _, _ in (w.partition(" ") for w in drawn)
        )
        assert all(len(words) <= 12 for words in drawn)


def test_what_a_form_mends_is_asked_once_for_each_program() -> None:
    found = mends_in(Scene(payer=None, mbi=None).enrolled().worked(25).worked(3, program=None).result())
    assert [(mend, note.rule) for note, mend in found] == [
        ("consent", "consent"), ("condition", "conditions"), ("plan", "plan"), ("entry", "no-program"),
        ("patient", "payer"),
    ]  # fmt: skip
    assert all(mend in KEYS for _, mend in found)


def test_what_no_form_mends_says_where_it_comes_from() -> None:
    rules_told = {note.rule for note in Scene().consent().enrolled().worked(25).result().warnings}
    assert "initiating-visit" in rules_told & set(ELSEWHERE)


def test_sources_are_named_shortly() -> None:
    long = "NGS Medicare, Chronic care management (article 3451732); CGS Medicare, 2022 (cope25037); NGS Medicare, x"
    assert short_source(long) == "source: NGS Medicare; CGS Medicare"
    assert short_source("Not found in any source; this program's choice") == "no source found; our choice"
