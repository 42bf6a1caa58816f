"""The enrollment report on a real file: every number is the count of its rows, on the screen and in the shell."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from cmp_tui.cli.report import report_command
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.eligibility_actions import decide_eligibility
from cmp_tui.enrollment.intake_actions import add_intake, answer_intake, end_intake
from cmp_tui.enrollment.report_queries import cell_named, cells_of, enrollment_report, report_rows
from cmp_tui.enrollment.report_rules import Cell
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient
from tests.app.driving import SIZES, driving
from tests.cli.runner import run
from tests.snapshots import same_as_kept, screen_text

MON = date(2026, 11, 23)
FIRST = date(2026, 1, 1)


@pytest.fixture
def ways(clinic: Clinic, clock: FrozenClock) -> Clinic:
    """Five who came in November: one enrolled, one declined, one agreed, one is tried, one is new."""
    now = clock.at
    about = (
        ("Ames", {"source": "provider-referral", "by": "Dr. Kim", "program": "CCM"}),
        ("Bell", {"source": "claims", "program": "CCM"}),
        ("Cole", {"source": "list", "program": "CCM"}),
        ("Dorn", {"source": "claims"}),
        ("Eyre", {"source": "self-referral", "mode": "phone"}),
    )
    people, intakes = [], []
    clock.at = now - timedelta(days=14)
    for family, how in about:
        patient = clinic.run(add_patient, family=family, given="Ida", birth_date="1950-01-01", sex="F").id
        people.append(patient)
        intakes.append(clinic.run(add_intake, patient, **how))
    for place, patient in enumerate(people[:4]):
        clock.at = now - timedelta(days=10 - place)
        outcome = "voicemail" if place == 3 else "reached"
        clinic.run(log_contact, patient, mode="phone", outcome=outcome)
    clock.at = now - timedelta(days=4)
    for patient in (people[0], people[2]):
        clinic.run(decide_eligibility, patient, program="CCM", eligible=True, why="seen")
        clinic.run(
            record_consent, patient, program="CCM", decision="accepted", date=MON - timedelta(4), mode="verbal",
            points=POINTS,
        )  # fmt: skip
    clinic.run(end_intake, intakes[1].id, None, end="declined-interest")
    clock.at = now
    clinic.run(enroll, people[0], program="CCM", start=MON)
    return clinic


def test_the_numbers(ways: Clinic) -> None:
    report = ways.read(enrollment_report, FIRST, MON)
    counts = {step: tuple(one.people for one in numbers) for step, numbers in report.funnel.items()}
    assert report.sources == ("provider-referral", "claims", "list", "self-referral")
    assert counts == {
        "received": (5, 1, 2, 1, 1), "reached": (4, 1, 1, 1, 1), "eligible": (2, 1, 0, 1, 0),
        "consented": (2, 1, 0, 1, 0), "enrolled": (1, 1, 0, 0, 0), "ended": (1, 0, 1, 0, 0),
    }  # fmt: skip
    stages = {
        one.stage: (one.left.people, one.spread.median, one.still.people, one.longest)
        for one in report.stages
    }
    assert stages["intake"] == (5, 5.0, 0, None), "4, 5, 6 and 7 days, and none for who asked by telephone"
    assert stages["consent"] == (1, 4.0, 1, 4)
    assert [(one.end, one.people.people, one.back.people) for one in report.ends] == [
        ("declined-interest", 1, 1)
    ]
    assert {state: one.people for state, one in report.referrer.items()} == {
        "referred": 1, "answered": 0, "waiting": 1, "open": 0,
    }  # fmt: skip


def test_every_number_opens_into_as_many_rows(ways: Clinic) -> None:
    report = ways.read(enrollment_report, FIRST, MON)
    shown = {one.cell: one.people for numbers in report.funnel.values() for one in numbers}
    shown |= {one.cell: one.people for stage in report.stages for one in (stage.left, stage.still)}
    shown |= {one.cell: one.people for end in report.ends for one in (end.people, end.back)}
    shown |= {one.cell: one.people for one in report.referrer.values()}
    assert set(shown) == set(cells_of(report))
    for cell, count in shown.items():
        assert len(ways.read(report_rows, FIRST, MON, cell)) == count, cell
        assert cell_named(cell.text, report) == cell


def test_only_those_of_the_period(ways: Clinic) -> None:
    report = ways.read(enrollment_report, FIRST, MON - timedelta(15))
    assert report.funnel["received"][0].people == 0 and report.ends == ()
    with pytest.raises(Invalid, match="comes before"):
        ways.read(enrollment_report, MON, FIRST)
    with pytest.raises(Invalid, match="no number 'step:x'"):
        cell_named("step:x", report)


def test_an_answer_is_counted(ways: Clinic) -> None:
    (row,) = ways.read(report_rows, FIRST, MON, Cell("referrer", "waiting"))
    ways.run(answer_intake, row.id, None, day=MON, how="phone")
    report = ways.read(enrollment_report, FIRST, MON)
    assert (report.referrer["answered"].people, report.answer.median) == (1, 14.0)


def test_in_the_shell(ways: Clinic) -> None:
    said = run(ways, report_command, "enrollment", "--from", "2026-01-01", "--to", "2026-11-23")
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("received "))
    assert lines[at].split() == ["received", "5", "100%", "1", "2", "1", "1"]
    assert len({len(line) for line in lines[at - 1 : at + 6]}) == 1, "the columns stand below each other"
    found = json.loads(run(ways, report_command, "enrollment", "--json").output)
    assert found["funnel"]["enrolled"] == {
        "all": 1, "provider-referral": 1, "claims": 0, "list": 0, "self-referral": 0,
    }  # fmt: skip
    assert found["ends"] == {"declined-interest": {"count": 1, "comes_back": 1}}
    rows = json.loads(
        run(ways, report_command, "enrollment", "--rows", "step:reached:claims", "--json").output
    )
    assert [row["family"] for row in rows] == ["Bell"]
    assert "Ames, Ida" in run(ways, report_command, "enrollment", "--rows", "step:enrolled").output


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_by_keys(ways: Clinic, size: tuple[int, int]) -> None:
    async with driving(ways, size) as person:
        await person.press("3", "r")
        assert "Enrollment report" in person.title
        same_as_kept(f"enrollment-report-{size[0]}x{size[1]}", screen_text(person.app))
        await person.press("j", "right", "right", "enter")
        assert "reached, claims" in person.title and "1 person" in person.title
        assert person.board.subject() is not None
        same_as_kept(f"enrollment-report-rows-{size[0]}x{size[1]}", screen_text(person.app))
        await person.press("escape")
        assert "received in the last 12 months" in person.title
        await person.press("f", "down", "down", "down", "enter")
        assert "October 2026" in person.title
        await person.press("enter")
        assert "Nobody stands behind this" in person.notice
        await person.press("y")
        assert "Copied" in person.notice
        await person.press("escape")
        assert person.app.current_mode == "enrollment"


async def test_a_number_leads_to_the_chart_and_back(ways: Clinic) -> None:
    async with driving(ways, SIZES[1]) as person:
        await person.press("3", "r", "enter", "enter")
        assert person.app.current_mode == "chart"
        await person.press("escape")
        assert person.app.current_mode == "enrollment-report"
