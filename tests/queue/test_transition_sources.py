"""What a discharge brings to Today, on its days, and what takes it out (billing-rules, section 6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.encounters.model import Appointment, Stay, Visit
from cmp_tui.patients.actions import edit_patient
from cmp_tui.queue.actions import snooze_row
from cmp_tui.transitions.queries import register
from cmp_tui.transitions.rules import SOURCES
from tests.queue.building import Building

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
ALL = ("tcm-contact", "tcm-reconcile", "tcm-visit-7", "tcm-visit-14", "tcm-summary", "tcm-window-end")
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


def booked(change: Change, patient: bytes, day: date) -> None:
    change.add(Appointment, patient=patient, day=day, kind="office", what="transition visit")


def reconciled(change: Change, key: bytes) -> None:
    change.edit(Stay, key, None, medications_reconciled_on="2026-11-23")


def summary_came(change: Change, key: bytes) -> None:
    change.edit(Stay, key, None, summary_on=MONDAY)


DEEDS = ("stayed", "seen", "booked", "reconciled", "summary_came")


@pytest.fixture
def ana(build: Building, clinic: Clinic) -> bytes:
    allowed = {f"test_transition_sources.{name}": Right(CARE) for name in DEEDS}
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


# -- what joined later: complexity, medicines, the summary


def more(build: Building, patient: bytes, day: date | None = None) -> dict[str, date]:
    return {
        row.source: row.due for row in build.rows(day=day) if row.patient == patient and row.source in ALL
    }


@pytest.mark.parametrize(
    ("complexity", "visits", "late"),
    [
        (None, {"tcm-visit-7", "tcm-visit-14"}, {"tcm-visit-14"}),
        ("high", {"tcm-visit-7"}, {"tcm-visit-14"}),
        ("moderate", {"tcm-visit-14"}, {"tcm-visit-14"}),
    ],
)
def test_complexity_says_which_visit_is_wanted(
    build: Building, clinic: Clinic, ana: bytes, complexity: str | None, visits: set[str], late: set[str]
) -> None:
    clinic.run(stayed, ana, complexity=complexity)
    assert {name for name in more(build, ana) if "visit" in name} == visits
    assert {name for name in more(build, ana, date(2026, 11, 28)) if "visit" in name} == late
    wanted = date(2026, 11, 27) if complexity == "high" else date(2026, 12, 4)
    assert more(build, ana)["tcm-reconcile"] == wanted


def test_medicines_are_due_by_the_visit_that_is_booked_or_was(
    build: Building, clinic: Clinic, ana: bytes
) -> None:
    key = clinic.run(stayed, ana)
    clinic.run(booked, ana, date(2026, 11, 25))
    assert more(build, ana)["tcm-reconcile"] == date(2026, 11, 25)
    assert build.row(ana, "tcm-visit-14").reason.endswith("visit by Fri 4 Dec (day 14), booked Wed 25 Nov")
    build.go("2026-11-24 15:00")
    clinic.run(seen, ana, date(2026, 11, 24))
    assert more(build, ana)["tcm-reconcile"] == date(2026, 11, 24)
    row = build.row(ana, "tcm-reconcile")
    assert row.reason == "discharged Fri 20 Nov: reconcile medicines by Tue 24 Nov"
    assert (row.settle.form, row.settle.about, row.topic) == ("reconcile", "stay", key.hex())
    clinic.run(reconciled, key)
    assert "tcm-reconcile" not in more(build, ana)


def test_the_summary_is_asked_for_until_it_is_here(build: Building, clinic: Clinic, ana: bytes) -> None:
    key = clinic.run(stayed, ana, facility="St. Mary's")
    row = build.row(ana, "tcm-summary")
    assert row.reason == "left St. Mary's Fri 20 Nov: ask for the summary by Tue 24 Nov"
    assert row.settle.form == "stay-summary" and row.settle.on_record and row.ref == key
    clinic.run(summary_came, key)
    assert "tcm-summary" not in more(build, ana)


def test_they_rise_in_the_order_of_the_clocks(build: Building, clinic: Clinic, ana: bytes) -> None:
    clinic.run(stayed, ana)
    rows = [row.source for row in build.rows(day=date(2026, 12, 10)) if row.patient == ana]
    assert rows == ["tcm-contact", "tcm-summary", "tcm-reconcile", "tcm-visit-14", "tcm-window-end"]


def test_what_today_says_is_what_the_register_says(build: Building, clinic: Clinic, ana: bytes) -> None:
    """One rule in SQL and in Python: the open clocks of both agree, whatever was done."""
    key = clinic.run(stayed, ana, complexity="moderate")

    def agree() -> None:
        (row,) = clinic.read(register).rows
        opened = {
            name: clock.due
            for clock in row.transition.clocks
            if clock.is_open
            for name in SOURCES[clock.name]
        }
        opened.pop("tcm-visit-7", None)  # the complexity is moderate
        opened.pop("tcm-window-end")  # Today looks two weeks ahead
        assert more(build, ana) == opened

    agree()
    build.contact(ana, "voicemail", "2026-11-21 10:00")
    agree()
    clinic.run(booked, ana, date(2026, 11, 25))
    agree()
    build.contact(ana, "no-answer", "2026-11-23 08:30")
    agree()
    clinic.run(summary_came, key)
    agree()
    clinic.run(seen, ana, MONDAY)
    agree()
    clinic.run(reconciled, key)
    agree()
