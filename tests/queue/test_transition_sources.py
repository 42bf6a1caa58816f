"""What a discharge brings to Today, on its days, and what takes it out (billing-rules, section 6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.encounters.model import Stay, Visit
from cmp_tui.patients.actions import edit_patient
from cmp_tui.queue.actions import snooze_row
from tests.queue.building import Building

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
TCM = ("tcm-contact", "tcm-visit-7", "tcm-visit-14", "tcm-window-end")


def stayed(change: Change, patient: bytes, **values: Any) -> bytes:
    full = {
        "kind": "inpatient",
        "admitted": date(2026, 11, 16),
        "discharged": FRIDAY,
        "discharged_to": "home",
    }
    return change.add(Stay, patient=patient, **{**full, **values}).id


def seen(change: Change, patient: bytes, day: date, kind: str = "tcm") -> None:
    change.add(Visit, patient=patient, date=day, kind=kind, practitioner="levin", mdm="high")


@pytest.fixture
def ana(build: Building, clinic: Clinic) -> bytes:
    allowed = {f"test_transition_sources.{name}": Right(CARE) for name in ("stayed", "seen")}
    clinic.rights = Rights({**ACTIONS, **allowed})
    return build.patient("Ruiz")


def due(build: Building, patient: bytes, day: date | None = None) -> dict[str, date]:
    return {
        row.source: row.due for row in build.rows(day=day) if row.patient == patient and row.source in TCM
    }


def test_a_discharge_on_friday_is_called_by_tuesday(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(stayed, ana, facility="St. Mary's")
    assert due(build, ana) == {
        "tcm-contact": date(2026, 11, 24),
        "tcm-visit-7": date(2026, 11, 27),
        "tcm-visit-14": date(2026, 12, 4),
    }
    row = build.row(ana, "tcm-contact")
    assert row.reason == "left St. Mary's Fri 20 Nov: call by Tue 24 Nov (2 business days)"
    assert row.clears == "reached, or two attempts in time"
    assert row.assignee == "Dana Ruiz"
    assert due(build, ana, date(2026, 12, 10))["tcm-window-end"] == date(2026, 12, 19)


def test_holidays_are_no_business_days(build: Building, clinic: Clinic, ana: bytes) -> None:
    """26 November 2026 is Thanksgiving: discharged on Wednesday, Friday and Monday are the two days."""
    build.go("2026-11-25 15:00")
    clinic.run(stayed, ana, discharged=date(2026, 11, 25))
    assert due(build, ana)["tcm-contact"] == date(2026, 11, 30)


def test_reaching_the_patient_clears_the_call(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(stayed, ana)
    build.contact(ana, "voicemail", "2026-11-21 10:00")
    assert "tcm-contact" in due(build, ana)
    build.contact(ana, "reached", "2026-11-23 08:30", with_whom="pharmacy")
    assert "tcm-contact" in due(build, ana)
    build.contact(ana, "reached", "2026-11-23 08:40", with_whom="caregiver")
    assert "tcm-contact" not in due(build, ana)
    assert "tcm-visit-7" in due(build, ana)


def test_two_attempts_in_time_do(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(stayed, ana)
    build.contact(ana, "voicemail", "2026-11-21 10:00")
    build.contact(ana, "no-answer", "2026-11-23 08:30")
    assert "tcm-contact" not in due(build, ana)


def test_a_call_before_the_discharge_is_none(build: Building, clinic: Clinic, ana: bytes) -> None:
    build.contact(ana, "reached", "2026-11-19 10:00")
    clinic.run(stayed, ana)
    assert "tcm-contact" in due(build, ana)


def test_the_visit_clears_what_waits_for_it(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(stayed, ana)
    clinic.run(seen, ana, MONDAY, "em")
    assert "tcm-visit-14" in due(build, ana)
    clinic.run(seen, ana, MONDAY)
    assert due(build, ana) == {}
    assert set(due(build, ana, date(2026, 12, 10))) == {"tcm-window-end"}


def test_day_7_passes_and_day_14_stays(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(stayed, ana)
    assert set(due(build, ana, date(2026, 11, 27))) == {"tcm-contact", "tcm-visit-7", "tcm-visit-14"}
    assert set(due(build, ana, date(2026, 11, 28))) == {"tcm-contact", "tcm-visit-14"}
    assert set(due(build, ana, date(2026, 12, 19))) == {"tcm-contact", "tcm-visit-14", "tcm-window-end"}
    assert due(build, ana, date(2026, 12, 20)) == {}


@pytest.mark.parametrize(
    "values",
    [{"kind": "ed"}, {"discharged_to": "snf"}, {"discharged_to": "died"}, {"discharged": None},
     {"discharged": MONDAY + timedelta(days=2)}],
)  # fmt: skip
def test_what_starts_no_transition(
    build: Building, clinic: Clinic, ana: bytes, values: dict[str, Any]
) -> None:
    clinic.run(stayed, ana, **values)
    assert due(build, ana) == {}


def test_death_and_a_new_stay_end_the_clocks(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(stayed, ana)
    clinic.run(stayed, ana, admitted=date(2026, 11, 22), discharged=None)
    assert due(build, ana) == {}
    tom = build.patient("Bell")
    clinic.run(stayed, tom)
    clinic.run(edit_patient, tom, None, deceased=True)
    assert due(build, tom) == {}


def test_it_is_put_off_with_a_reason(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(stayed, ana)
    clinic.run(snooze_row, ana, "tcm-contact", date(2026, 11, 24), "daughter asked for tomorrow")
    assert "tcm-contact" not in due(build, ana)
    assert "tcm-contact" in due(build, ana, date(2026, 11, 24))
