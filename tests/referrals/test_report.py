"""The referral report: every number is the count of its rows, in the rules, on a real file and in the shell."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.cli.report import report_command
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.referrals.actions import end_referral, order, take_step
from cmp_tui.referrals.referral_book import referral_book
from cmp_tui.referrals.report_queries import cell_named, cells_of, referral_report, report_rows
from cmp_tui.referrals.report_rules import MEASURES, STAGES, Cell, Way, close_by, passed, states
from tests.app.driving import SIZES, driving
from tests.cli.runner import run

MON = date(2026, 11, 23)
FIRST = date(2026, 1, 1)
EMPTY = Way(
    b"", b"", "test", "x", "routine", "", MON, "ordered", frozenset(), None, (), None, None, MON
)  # fmt: skip


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture
def worked(clinic: Clinic) -> Clinic:
    """Six orders: closed in time, closed late, declined, missed, just ordered, and one that is late."""
    heart = clinic.run(add_provider, name="Dr. Hartwig", specialty="Cardiology").id

    def ordered(family: str, on: str, **values: object) -> bytes:
        key = clinic.run(add_patient, family=family).id
        facts = {"kind": "specialist", "what": "cardiology", "provider": heart, **values}
        return bytes(clinic.run(order, key, ordered_on=day(on), **facts).id)

    said = {"said_by": "Deb", "how": "phone"}
    good = ordered("Good", "09-01")
    clinic.run(take_step, good, stage="sent", day=day("09-02"), how="fax")
    clinic.run(take_step, good, stage="attended", day=day("10-01"), **said)
    clinic.run(end_referral, good, None, end="met", day=day("10-20"))
    slow = ordered("Slow", "02-02", kind="test", what="sleep study", provider=None, to_name="DR. HARTWIG")
    clinic.run(take_step, slow, stage="attended", day=day("08-01"), **said)
    clinic.run(end_referral, slow, None, end="not-met", why="moved lab", day=day("09-01"))
    gone = ordered("Gone", "10-01")
    clinic.run(take_step, gone, stage="declined", day=day("10-05"), **said)
    clinic.run(end_referral, gone, None, end="declined", day=day("10-05"))
    lost = ordered("Lost", "11-01", kind="community", what="meals", provider=None)
    clinic.run(take_step, lost, stage="missed", day=day("11-10"), why="transport", **said)
    ordered("Late", "02-01", what="kidney")
    ordered("New", "11-20", urgency="urgent")
    return clinic


def test_every_number_is_the_count_of_its_rows(worked: Clinic) -> None:
    report = worked.read(referral_report, FIRST, MON)
    numbers = {
        one.cell.text: one.loops
        for line in (report.total, *(line for lines in report.groups.values() for line in lines))
        for one in line.numbers.values()
    }
    numbers |= {one.cell.text: one.loops for one in report.stages.values()}
    assert len(numbers) == len({cell.text for cell in cells_of(report)})
    for cell in cells_of(report):
        assert len(worked.read(report_rows, FIRST, MON, cell)) == numbers[cell.text], cell


def test_what_it_counts(worked: Clinic) -> None:
    report = worked.read(referral_report, FIRST, MON)
    assert {name: one.loops for name, one in report.total.numbers.items()} == {
        "ordered": 6, "open": 3, "late": 1, "closed": 2, "in-time": 1, "met": 1, "other": 1,
    }  # fmt: skip
    assert (report.total.closing.people, report.visit.people) == (2, 2)
    kinds = {line.label: line.numbers["ordered"].loops for line in report.groups["kind"]}
    assert kinds == {"specialist": 4, "test": 1, "community or social service": 1}
    # One recipient, whether from the directory or as it was typed.
    assert [(line.label, line.numbers["ordered"].loops) for line in report.groups["to"]] == [
        ("Dr. Hartwig", 5), ("nobody named", 1),
    ]  # fmt: skip
    assert [line.value for line in report.groups["missed"]] == ["transport"]
    assert {line.value for line in report.groups["end"]} == {"met", "not-met", "declined"}
    stages = {stage: one.loops for stage, one in report.stages.items()}
    assert (stages["ordered"], stages["sent"], stages["attended"], stages["report"]) == (6, 4, 2, 0)


def test_a_period_and_what_is_no_number(worked: Clinic) -> None:
    report = worked.read(referral_report, day("11-01"), MON)
    assert report.total.numbers["ordered"].loops == 2
    with pytest.raises(Invalid):
        worked.read(referral_report, MON, FIRST)
    with pytest.raises(Invalid, match="in-time"):
        cell_named("nonsense", report)
    assert cell_named("open:urgency:urgent", report) == Cell("open", "urgency", "urgent")


def test_in_the_shell(worked: Clinic) -> None:
    text = run(worked, report_command, "referrals", "--from", "2026-01-01").output
    assert "How far they came" in text and "Dr. Hartwig" in text and "no ride" in text
    data = json.loads(run(worked, report_command, "referrals", "--from", "2026-01-01", "--json").output)
    assert data["all"]["in-time"] == 1 and data["by_kind"]["test"]["closed"] == 1
    rows = json.loads(
        run(worked, report_command, "referrals", "--from", "2026-01-01", "--rows", "late", "--json").output
    )
    assert [row["family"] for row in rows] == ["Late"]
    listed = run(worked, report_command, "referrals", "--from", "2026-01-01", "--rows", "in-time").output
    assert "Good" in listed and "Slow" not in listed


@pytest.mark.parametrize("size", SIZES)
async def test_a_number_opens_into_its_referrals_and_charts(worked: Clinic, size: tuple[int, int]) -> None:
    async with driving(worked, size) as person:
        await person.press("ctrl+p", "'referral report'", "enter", "home")
        assert "How far they came" in person.text and "Dr. Hartwig" not in person.title
        await person.press("enter", "'late'", "enter")
        assert "late" in person.title and "1 referral" in person.title and "Late" in person.text
        await person.press("enter")
        assert "Late" in person.text and person.app.current_mode == "chart"
        await person.press("escape")
        await person.press("escape")
        assert "ordered in" in person.title
        await person.press("f", "'2025'", "enter")
        assert "Nothing was ordered" in person.text


def test_nothing_ordered(clinic: Clinic) -> None:
    assert "Nothing was ordered" in run(clinic, report_command, "referrals").output


@given(
    st.sampled_from(STAGES),
    st.sampled_from([None, "met", "not-met", "declined", "cost"]),
    st.integers(-200, 200),
)
def test_measures_never_contradict(stage: str, end: str | None, off: int) -> None:
    way = EMPTY._replace(
        stage=stage,
        reached=frozenset({stage}),
        end=end,
        ended_on=MON if end else None,
        close_by=MON + timedelta(off),
    )
    found = states(way, MON)
    assert found <= set(MEASURES) and "ordered" in found
    assert sum(name in found for name in ("open", "closed", "other")) == 1
    assert "late" not in found or "open" in found
    assert not {"in-time", "met"} & found or "closed" in found
    assert stage in passed(way) and "ordered" in passed(way)


def test_the_clocks_in_all(clinic: Clinic) -> None:
    book = referral_book(clinic.reference)
    for kind in ("specialist", "test", "community"):
        for urgency in ("routine", "urgent", "stat"):
            assert close_by(book.track(kind, urgency), kind, urgency, MON) > MON
    urgent = close_by(book.track("specialist", "urgent"), "specialist", "urgent", MON)
    assert urgent < close_by(book.track("specialist", "routine"), "specialist", "routine", MON)
