"""Today as a list: its order, its pages, its counts, and that each number is the same wherever it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.billing.queries import time_log, time_log_by_patient
from cmp_tui.caseload import queries as caseload
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.actions import strike_entry
from cmp_tui.contacts.queries import entries_of, patient_month_seconds, seconds_in_month
from cmp_tui.desk.actions import log_contact, log_group
from cmp_tui.desk.queries import overview
from cmp_tui.queue.queries import QueueRow, counts, next_due_of, page, ranked
from tests.queue.building import Building, at
from tests.queue.crowd import fill

MON = date(2026, 11, 23)
SLOW = settings(max_examples=8, deadline=None)


def all_rows(clinic: Clinic, whose: str = "team", day: date | None = None, size: int = 200) -> list[QueueRow]:
    """Every row, read page by page."""
    found: list[QueueRow] = []
    while True:
        some = clinic.read(page, whose, day, len(found), size)
        found += some
        if len(some) < size:
            return found


@SLOW
@given(
    size=st.integers(9, 200), whose=st.sampled_from(["mine", "team", "cover:ben"]), days=st.integers(-5, 12)
)
def test_pages_put_together_are_the_whole(crowded: Clinic, size: int, whose: str, days: int) -> None:
    day = MON + timedelta(days)
    whole = all_rows(crowded, whose, day)
    in_pages = all_rows(crowded, whose, day, size)
    assert [row.key for row in in_pages] == [row.key for row in whole]
    assert len({row.key for row in whole}) == len(whole), "no row twice"
    assert [row.due for row in whole] == sorted(row.due for row in whole)
    told = crowded.read(counts, whose, day)
    assert told.rows == len(whole)
    assert told.due == sum(row.due <= day for row in whole)
    assert told.overdue == sum(row.due < day for row in whole)
    assert told.drafts == 0


def test_every_row_says_why_and_what_clears_it(crowded: Clinic) -> None:
    rows = all_rows(crowded)
    assert len(rows) > 150
    kinds = {"task", "handed", "attempt", "not-reached", "minutes", "in-vain", "preventive"}
    assert {row.source for row in rows} == kinds
    for row in rows:
        assert row.reason, row
        assert row.clears, row
        assert row.family, row


def test_no_patient_has_two_rows_for_one_need(crowded: Clinic) -> None:
    needs = Counter(
        (row.patient, "reach" if row.source in ("attempt", "not-reached") else row.source)
        for row in all_rows(crowded)
        if row.source not in ("task", "handed")
    )
    assert set(needs.values()) == {1}


def test_more_than_a_page_is_never_given(crowded: Clinic) -> None:
    assert len(crowded.read(page, "team", None, 0, 10_000)) == 200


def test_the_most_pressing_stand_first(build: Building, clinic: Clinic) -> None:
    from cmp_tui.tasks.actions import add_task

    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 3, 4))
    build.minutes(ana, 5, "2026-11-20 10:00")
    clinic.run(add_task, title="overdue", due=date(2026, 11, 20), patient=ana)
    clinic.run(add_task, title="today", due=MON, patient=ana)
    clinic.run(add_task, title="later", due=date(2026, 11, 25), patient=ana)
    clinic.keep("draft", "contact", {"title": "Contact"}, patient=ana)
    assert [row.reason for row in build.rows()] == [
        "overdue", "draft: Contact", "today", "later", "5 min, 15 more by Mon 30 Nov",
    ]  # fmt: skip


def test_of_one_day_and_need_the_higher_tier_stands_first(crowded: Clinic) -> None:
    found: dict[tuple[date, int], list[int]] = {}
    order = crowded.read(ranked, "team")
    tiers = {row.id: row.tier or 0 for row in _everyone(crowded)}
    for raw in order.part(0, len(order)):
        found.setdefault((raw.due, raw.rank), []).append(tiers.get(raw.patient or b"", 0))
    assert all(own == sorted(own, reverse=True) for own in found.values())
    assert sum(len(set(own)) > 3 for own in found.values()) > 5, "the order is put to the test"
    assert list(found) == sorted(found), "and the day and the need still stand before it"


# One number, wherever it stands


def test_next_due_of_the_caseload_is_the_first_row_of_the_teams_today(crowded: Clinic) -> None:
    first: dict[bytes, date] = {}
    for row in all_rows(crowded):
        if row.patient is not None:
            first.setdefault(row.patient, row.due)
    near = MON + timedelta(14)
    found = {row.id: row.due for row in _caseload(crowded)}
    told = {key: due for key, due in found.items() if due is not None and due <= near}
    assert told == {key: due for key, due in first.items() if key in found and due <= near}
    assert any(due is not None and due > near for due in found.values()), "the caseload looks further ahead"
    assert crowded.read(next_due_of, list(found)) == {key: due for key, due in found.items() if due}
    for key, due in list(found.items())[:20]:
        assert crowded.read(next_due_of, [key]).get(key) == due, "the same number for one patient alone"


def test_minutes_agree_on_every_screen_and_in_the_time_log(crowded: Clinic) -> None:
    month = Month.parse("2026-11")
    spans: dict[str, int] = {}
    for span in crowded.read(lambda scope: list(time_log(scope, month, program="CCM"))):
        if span.billable:
            spans[span.mrn] = spans.get(span.mrn, 0) + span.seconds
    by_patient: dict[str, int] = {}
    for one in crowded.read(lambda scope: list(time_log_by_patient(scope, month, program="CCM"))):
        if one.billable_seconds:
            by_patient[one.mrn] = one.billable_seconds
    cases = {row.id: row for row in _caseload(crowded, "alive:any")}
    some = [row for row in cases.values() if row.seconds]
    assert len(some) > 40
    assert {row.mrn: row.seconds for row in some} == spans == by_patient
    for row in all_rows(crowded):
        if row.patient:
            assert row.seconds == cases[row.patient].seconds
            assert row.first == cases[row.patient].first
    for row in some[:25]:
        facts = crowded.read(overview, row.id)
        entries = crowded.read(entries_of, row.id, month)
        logged = facts.minutes.logged
        assert row.seconds == facts.minutes.counted <= logged == sum(entry.seconds for entry in entries)
        assert logged == crowded.read(patient_month_seconds, row.id, month)
        assert logged == crowded.read(seconds_in_month, month, [row.id])[row.id]


def test_a_shared_call_and_a_struck_entry_move_every_number_alike(build: Building, clinic: Clinic) -> None:
    ana, tom = build.patient("Ruiz-Moreno", enrolled=MON), build.patient("Bell", enrolled=MON)
    span = {"start": at("2026-11-23 08:00"), "end": at("2026-11-23 08:10")}
    logged = clinic.run(log_group, [ana, tom], mode="phone", outcome="reached", **span)
    only = clinic.run(log_contact, ana, mode="phone", outcome="reached", minutes=7)
    assert _numbers(clinic, ana) == {720}
    assert _numbers(clinic, tom) == {300}
    clinic.run(strike_entry, only.entries[0].id, "logged twice")
    assert _numbers(clinic, ana) == {300}
    clinic.run(strike_entry, logged[0].entries[0].id, "not about her")
    assert _numbers(clinic, ana) == {0}
    assert _numbers(clinic, tom) == {300}


def _numbers(clinic: Clinic, patient: bytes) -> set[int]:
    """The seconds of a patient's month, from each place that shows them."""
    month = Month.parse("2026-11")
    (case,) = [row for row in _caseload(clinic) if row.id == patient]
    log = clinic.read(lambda scope: list(time_log(scope, month)))
    found = {
        case.seconds,
        clinic.read(overview, patient).minutes.counted,
        sum(span.seconds for span in log if span.mrn == case.mrn),
        sum(entry.seconds for entry in clinic.read(entries_of, patient, month)),
    }
    return found | {row.seconds for row in all_rows(clinic) if row.patient == patient}


def _everyone(clinic: Clinic) -> list[caseload.CaseRow]:
    return [row for at in (0, 200) for row in clinic.read(caseload.page, "team", "alive:any", offset=at)]


def _caseload(clinic: Clinic, text: str = "") -> list[caseload.CaseRow]:
    return [
        row
        for offset in range(0, 600, 200)
        for row in clinic.read(caseload.page, "team", text, "name", False, offset)
    ]


# How much is asked


@pytest.fixture
def asked(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that is sent to the file."""
    sent: list[str] = []
    database = clinic._database
    real: Callable[..., Any] = database.execute_sql

    def execute(sql: str, *args: Any, **kwargs: Any) -> Any:
        sent.append(sql)
        return real(sql, *args, **kwargs)

    monkeypatch.setattr(database, "execute_sql", execute)
    return sent


@pytest.mark.parametrize("query", [page, counts, caseload.page])
def test_a_page_costs_the_same_statements_however_many_rows(
    clinic: Clinic, asked: list[str], query: Callable[[Scope, str], Any]
) -> None:
    fill(clinic, 6, seed=3, busy=3)
    _more(clinic, 3)  # of each kind that the next ones bring there is one: its words are asked for once
    asked.clear()
    clinic.read(query, "team")
    few = len(asked)
    _more(clinic, 60)
    asked.clear()
    clinic.read(query, "team")
    assert len(asked) <= few, asked


def _more(clinic: Clinic, number: int) -> None:
    from cmp_tui.tasks.actions import add_task

    for count in range(number):
        key = Building(clinic, clinic.clock).patient(f"More{count}", enrolled=date(2026, 9, 1))  # type: ignore[arg-type]
        clinic.run(add_task, title=f"call {count}", due=MON, patient=key)


# Who may look


@pytest.mark.parametrize("username", ["levin", "otto"])
def test_clinicians_and_auditors_see_the_teams_list(
    crowded: Clinic, crowded_as_others: dict[str, Clinic], username: str
) -> None:
    assert [row.key for row in all_rows(crowded_as_others[username])] == [
        row.key for row in all_rows(crowded)
    ]


def test_an_administrator_alone_does_not(crowded_as_others: dict[str, Clinic]) -> None:
    for query in (page, counts, caseload.page, caseload.count):
        with pytest.raises(Refused):
            crowded_as_others["iris"].read(query, "team")
