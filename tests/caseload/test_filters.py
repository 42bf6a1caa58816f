"""Every key of the filter language against a plain check in Python, on a random clinic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.assessments.model import Tier
from cmp_tui.billing.queries import time_log
from cmp_tui.caseload.language import COMPARE, KEYS, NotUnderstood, Term, parse
from cmp_tui.caseload.queries import SORTS, CaseRow, count, leaf, page, ranked
from cmp_tui.clinic.calendar import Month, day_of
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import staff_list
from cmp_tui.clinic.text import fold
from cmp_tui.contacts.queries import last_reached
from cmp_tui.enrollment.queries import consent_now, enrollments
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import conditions
from cmp_tui.queue.queries import next_due_of
from cmp_tui.ui.words import age
from tests.conftest import MONDAY

TODAY = date(2026, 11, 23)
READ = settings(max_examples=8, deadline=None)


class Facts(NamedTuple):
    """What is known of one patient, found without the caseload."""

    row: Patient
    manager: str | None
    minutes: int
    due: date | None
    reached: date | None
    groups: frozenset[str]
    words: str
    programs: frozenset[str]
    consent: str | None
    tier: int | None
    tier_set: bool


def _facts(scope: Scope, usernames: dict[bytes, str]) -> list[Facts]:
    found = []
    everyone = list(Patient.live())
    counted: Counter[str] = Counter()
    for span in time_log(scope, Month.of(TODAY), program="CCM"):
        counted[span.mrn] += span.seconds if span.billable else 0
    due = next_due_of(scope, [row.id for row in everyone])
    for row in everyone:
        current = [
            one for one in conditions(scope, row.id) if one.status in ("active", "recurrence", "relapse")
        ]
        at = last_reached(scope, [row.id]).get(row.id)
        tiers = [one for one in Tier.live() if one.patient == row.id]
        risk = max(tiers, key=lambda one: one.id, default=None)
        found.append(
            Facts(
                row,
                usernames.get(row.care_manager),
                counted[row.mrn] // 60,
                due.get(row.id),
                day_of(at, scope.zone) if at else None,
                frozenset(one.group for one in current if one.group),
                " ".join(one.display for one in current).lower(),
                frozenset(
                    one.program
                    for one in enrollments(scope, row.id)
                    if one.status in ("active", "onhold", "finished")
                    and one.start is not None
                    and one.start <= TODAY <= (one.end or TODAY)
                ),
                consent_now(scope, row.id),
                risk and (risk.set_tier or risk.tier),
                risk is not None and risk.set_tier is not None,
            )
        )
    return found


def _holds(facts: Facts, term: Term) -> bool:
    """The plain meaning of one term."""
    row, value = facts.row, term.value
    compare = COMPARE[term.operator]
    checks: dict[str, Callable[[], bool]] = {
        "name": lambda: all(word in row.folded for word in fold(value).split()),
        "mrn": lambda: row.mrn.lower().startswith(value.lower()),
        "cm": lambda: facts.manager == {"me": "dana", "none": None}.get(value.lower(), value.lower()),
        "due": lambda: {
            "overdue": facts.due is not None and facts.due < TODAY,
            "today": facts.due is not None and facts.due <= TODAY,
            "week": facts.due is not None and facts.due <= TODAY + timedelta(7),
            "none": facts.due is None,
        }[value],
        "min": lambda: compare(facts.minutes, int(value)),
        "age": lambda: (years := age(row.birth_date or "", TODAY)) is not None and compare(years, int(value)),
        "sex": lambda: row.sex.lower() == value,
        "has": lambda: value.lower() in facts.groups or value.lower() in facts.words,
        "program": lambda: value.upper() in facts.programs if value.lower() != "none" else not facts.programs,
        "consent": lambda: (facts.consent == "accepted") == (value == "yes"),
        "reached": lambda: compare((TODAY - facts.reached).days if facts.reached else 10**6, int(value)),
        "risk": lambda: _risk_holds(facts.tier, term),
        "payer": lambda: value.lower() in (row.payer or "").lower(),
        "lang": lambda: value.lower() in (row.language or "").lower(),
        "alive": lambda: value == "any" or row.deceased == (value == "no"),
    }
    return checks[term.key]() != term.negated


def _risk_holds(tier: int | None, term: Term) -> bool:
    words = {"high": (5, 6), "middle": (3, 4), "low": (1, 2), "none": (None,)}
    if term.value in words:
        return tier in words[term.value]
    return tier is not None and COMPARE[term.operator](tier, int(term.value))


@pytest.fixture(scope="module")
def everyone(crowded: Clinic) -> list[Facts]:
    """What is known of each patient."""
    usernames = {one.id: one.username for one in crowded.read(staff_list)}
    return crowded.read(_facts, usernames)


def _found(clinic: Clinic, text: str) -> set[bytes]:
    return {row.id for row in clinic.read(page, "team", text)}


FILTERS = (
    "tran", "-tran", "ngu", "\"o'neil\"", "DE", "zoë ruiz", "mrn:M-0000", "mrn:m-0000", "mrn:%", "name:_",
    "cm:me", "-cm:me", "cm:none", "-cm:none", "cm:BEN", "cm:nobody",
    "due:overdue", "-due:overdue", "due:today", "due:week", "due:none", "-due:none",
    "min:0", "min:<20", "-min:<20", "min:>=20", "min:<=7", "min:>7", "min:=3",
    "age:>75", "age:>=75", "age:<40", "age:<=40", "age:60", "-age:>75", "age:0", "age:>150",
    "sex:f", "-sex:u", "has:diabetes", "-has:diabetes", "has:essential", "has:TOOTH",
    "program:ccm", "-program:ccm", "program:rpm", "program:none", "-program:none",
    "consent:yes", "consent:no", "-consent:yes",
    "reached:0", "reached:>30", "reached:>=30", "reached:<30", "reached:<=30", "reached:10",
    "-reached:>30", "reached:<0",
    "payer:medicaid", "-payer:medicaid", "payer:\"medicare advantage\"", "lang:span", "-lang:span",
    "risk:6", "risk:>=5", "-risk:>=5", "risk:<3", "risk:>2", "risk:<=1", "risk:high", "risk:middle", "risk:low",
    "risk:none", "-risk:none", "-risk:high",
    "alive:no", "alive:any", "-alive:no", "alive:yes", "-alive:yes", "-alive:any",
)  # fmt: skip


def test_every_key_means_what_it_says(crowded: Clinic, everyone: list[Facts]) -> None:
    empty = 0
    for text in FILTERS:
        terms = parse(text)
        expected = {
            one.row.id
            for one in everyone
            if all(_holds(one, term) for term in terms)
            and (any(term.key == "alive" for term in terms) or not one.row.deceased)
        }
        assert _found(crowded, text) == expected, text
        assert crowded.read(count, "team", text) == len(expected), text
        empty += not expected
    assert {term.key for text in FILTERS for term in parse(text)} == {key.name for key in KEYS}
    assert empty <= 9, "most filters find someone"


@READ
@given(st.lists(st.sampled_from([text for text in FILTERS if "alive" not in text]), min_size=2, max_size=4))
def test_parts_narrow_together(crowded: Clinic, parts: list[str]) -> None:
    together = set.intersection(*(_found(crowded, part) for part in parts))
    assert _found(crowded, " ".join(parts)) == together


@pytest.mark.parametrize(
    "text", ["program:xyz", "reached:>999999", "age:>999", "foo:1", "min:x", "risk:7", "risk:0"]
)
def test_what_can_not_be_looked_for_is_said(clinic: Clinic, text: str) -> None:
    for query in (page, count):
        with pytest.raises(NotUnderstood) as refused:
            clinic.read(query, "team", text)
        assert str(refused.value).endswith(".")


def test_mine_is_my_panel(crowded: Clinic, everyone: list[Facts]) -> None:
    mine = {one.row.id for one in everyone if one.manager == "dana" and not one.row.deceased}
    assert {row.id for row in crowded.read(page, "mine")} == mine
    assert crowded.read(count, "mine") == len(mine)


# Order and pages


@READ
@given(
    sort=st.sampled_from(SORTS), descending=st.booleans(), size=st.integers(7, 200),
    whose=st.sampled_from(["team", "mine"]), text=st.sampled_from(["", "-due:none", "min:<20", "reached:>3"]),
)  # fmt: skip
def test_pages_put_together_are_the_whole_in_order(
    crowded: Clinic, sort: str, descending: bool, size: int, whose: str, text: str
) -> None:
    whole = crowded.read(page, whose, text, sort, descending)
    found: list[CaseRow] = []
    while len(some := crowded.read(page, whose, text, sort, descending, len(found), size)) == size:
        found += some
    found += some
    assert found == whole
    assert len({row.id for row in whole}) == len(whole) == crowded.read(count, whose, text)


VALUE: dict[str, Callable[[CaseRow], Any]] = {
    "name": lambda row: fold(f"{row.family} {row.given}".strip()),
    "age": lambda row: row.birth_date or None,
    "minutes": lambda row: row.seconds,
    "due": lambda row: row.due,
    "reached": lambda row: row.reached,
    "manager": lambda row: row.manager or None,
    "program": lambda row: row.programs or None,
    "payer": lambda row: row.payer or None,
    "risk": lambda row: row.tier,
}


@pytest.mark.parametrize("sort", SORTS)
def test_each_column_sorts_both_ways_with_the_unknown_last(crowded: Clinic, sort: str) -> None:
    for descending in (False, True):
        values = [VALUE[sort](row) for row in crowded.read(page, "team", "", sort, descending)]
        known = [value for value in values if value is not None]
        assert values == known + [None] * (len(values) - len(known))
        assert known == sorted(known, reverse=descending)
        assert len(set(map(str, known))) > 1, "the order is put to the test"


def test_a_row_tells_what_the_chart_knows(crowded: Clinic, everyone: list[Facts]) -> None:
    by_key = {one.row.id: one for one in everyone}
    rows = [*crowded.read(page, "team", "alive:any"), *crowded.read(page, "team", "alive:any", offset=200)]
    assert len(rows) == len(everyone)
    for row in rows:
        facts = by_key[row.id]
        assert (row.seconds // 60, row.due, row.reached) == (facts.minutes, facts.due, facts.reached)
        assert frozenset(row.groups.split()) == facts.groups
        assert frozenset(row.programs.split()) == facts.programs
        assert (row.tier, row.tier_set) == (facts.tier, facts.tier_set)
        assert (row.deceased, row.first) == (facts.row.deceased, 20 if "CCM" in facts.programs else 0)


def test_names_with_signs_of_the_pattern_language_are_names(clinic: Clinic) -> None:
    percent = clinic.run(add_patient, family="100%", given="Ann").id
    clinic.run(add_patient, family="1000", given="Ann")
    assert _found(clinic, "mrn:%") == set()
    assert percent in _found(clinic, "100")


def test_the_day_turns_with_the_clinics_midnight(clinic: Clinic, clock: FrozenClock) -> None:
    born = clinic.run(add_patient, family="Bell", birth_date="1951-11-24").id
    assert born not in _found(clinic, "age:>=75")
    clock.at = MONDAY + timedelta(hours=14)  # 23:00 in Chicago, the 24th in UTC
    assert born not in _found(clinic, "age:>=75")
    clock.at = MONDAY + timedelta(hours=15)
    assert born in _found(clinic, "age:>=75")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("whose", ["mine", "team"])
def test_the_order_leafs_through_the_same_rows_as_the_pages(crowded: Clinic, whose: str, sort: str) -> None:
    for text, descending in (("", False), ("age:>60 due:overdue", True)):
        keys = crowded.read(ranked, whose, text, sort, descending)
        assert len(keys) == 16 * crowded.read(count, whose, text)
        for offset in (0, len(keys) // 32):
            some = [keys[at : at + 16] for at in range(offset * 16, min(len(keys), offset * 16 + 640), 16)]
            assert crowded.read(leaf, some) == crowded.read(page, whose, text, sort, descending, offset, 40)
