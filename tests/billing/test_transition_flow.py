"""What is done after a discharge, each thing where it is done, ends in the month's code without retyping."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cmp_tui.billing.month_board import month_detail
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.desk.actions import log_contact
from cmp_tui.encounters.actions import add_stay, add_visit, edit_stay
from cmp_tui.patients.actions import add_condition, add_patient
from cmp_tui.queue.queries import page
from cmp_tui.transitions.queries import register, transition_of

FRIDAY = date(2026, 10, 9)
"""The Friday before Columbus Day, which is a Monday."""
OCTOBER = Month(2026, 10)


@pytest.fixture
def ana(clinic: Clinic, clock: FrozenClock) -> bytes:
    go(clock, date(2026, 10, 1))
    about = {
        "birth_date": "1948-02-11",
        "payer": "Medicare",
        "mbi": "1EG4TE5MK73",
        "billing_practitioner": "levin",
    }
    key = clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1", **about).id
    clinic.run(add_condition, key, display="Heart failure", system="icd-10-cm", code="I50.32", chronic=True)
    return key


def go(clock: FrozenClock, day: date) -> None:
    clock.at = datetime(day.year, day.month, day.day, 16, 0, tzinfo=UTC)


def codes(clinic: Clinic, patient: bytes) -> list[tuple[str, date]]:
    return [
        (line.code, line.date_of_service) for line in clinic.read(month_detail, patient, OCTOBER).result.lines
    ]


@pytest.mark.parametrize(
    ("mdm", "day", "code"),
    [("high", 6, "99496"), ("moderate", 10, "99495"), ("high", 10, "99495"), ("moderate", 6, "99495")],
)
def test_a_friday_before_a_monday_holiday_ends_in_the_right_code(
    clinic: Clinic, clock: FrozenClock, ana: bytes, mdm: str, day: int, code: str
) -> None:
    go(clock, FRIDAY + timedelta(1))
    stay = clinic.run(
        add_stay, ana, kind="inpatient", facility="St. Mary's", admitted=date(2026, 10, 5), discharged=FRIDAY,
        discharged_to="home", complexity=mdm, emergency=True, heard_on=FRIDAY,
    ).id  # fmt: skip
    found = clinic.read(transition_of, stay).transition
    assert found.times is not None
    assert found.times.contact_by == date(2026, 10, 14)  # Wednesday: Monday is a holiday
    assert found.times.window_end == date(2026, 11, 7)
    visit = found.clock("visit")
    assert visit is not None and visit.due == FRIDAY + timedelta(7 if mdm == "high" else 14)
    due = {row.source: row.due for row in clinic.read(page) if row.patient == ana}
    assert due["tcm-contact"] == date(2026, 10, 14) and due["tcm-reconcile"] == visit.due

    go(clock, date(2026, 10, 13))
    clinic.run(log_contact, ana, mode="phone", outcome="reached", minutes=12, did="red flags, medicines")
    assert codes(clinic, ana) == []
    assert "tcm-contact" not in {row.source for row in clinic.read(page) if row.patient == ana}

    seen = FRIDAY + timedelta(day)
    go(clock, seen)
    clinic.run(edit_stay, stay, None, medications_reconciled_on=seen.isoformat())
    clinic.run(add_visit, ana, date=seen, kind="tcm", mdm=mdm, practitioner="levin")
    assert codes(clinic, ana) == [(code, seen)]
    (row,) = clinic.read(register).rows
    open_ones = [clock.name for clock in row.transition.clocks if clock.is_open]
    assert open_ones == ["summary", "end"]
    clinic.run(edit_stay, stay, None, summary_on=seen)
    assert clinic.read(register).rows[0].transition.first is None


def test_without_the_reconciliation_the_month_says_what_is_missing(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    go(clock, date(2026, 10, 13))
    clinic.run(
        add_stay, ana, kind="inpatient", admitted=date(2026, 10, 5), discharged=FRIDAY, discharged_to="home"
    )
    clinic.run(log_contact, ana, mode="phone", outcome="reached", minutes=12)
    go(clock, date(2026, 10, 15))
    clinic.run(add_visit, ana, date=date(2026, 10, 15), kind="tcm", mdm="high", practitioner="levin")
    result = clinic.read(month_detail, ana, OCTOBER).result
    assert result.lines == [] and {note.rule for note in result.blocked} == {"tcm-reconciliation"}
    clock_ = clinic.read(register).rows[0].transition.clock("reconcile")
    assert clock_ is not None and clock_.due == date(2026, 10, 15)
