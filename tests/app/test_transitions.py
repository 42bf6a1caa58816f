"""Transitions by keys: a discharge from recording it to the visit, put off past its day, filters, the chart's tab."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cmp_tui.chart.screen import ChartScreen
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.desk.actions import log_contact
from cmp_tui.encounters.actions import add_stay, add_visit
from cmp_tui.encounters.queries import stays, visits
from cmp_tui.patients.actions import add_condition, add_patient, add_phone
from cmp_tui.transitions.queries import register
from tests.app.driving import SIZES, Driver, driving
from tests.snapshots import same_as_kept, screen_text

FRIDAY, TODAY = date(2026, 11, 20), date(2026, 11, 23)


def ids(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def person_of(clinic: Clinic, family: str, given: str, born: str, **values: Any) -> bytes:
    key = clinic.run(add_patient, family=family, given=given, birth_date=born, sex="F", **values).id
    clinic.run(add_phone, key, number="5125550133")
    return key


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    key = person_of(clinic, "Ruiz-Moreno", "Ana", "1948-02-11", mrn="A-1")
    coded = {"system": "icd-10-cm", "code": "I50.32", "group": "heart-failure"}
    clinic.run(add_condition, key, display="Heart failure", **coded)
    return key


@pytest.fixture
def home(clinic: Clinic, clock: FrozenClock, ana: bytes) -> dict[str, bytes]:
    """Ana came home on Friday; Tran is late with the call, Weiss has everything done, Bell is in hospital again."""
    found = {"ana": ana}

    def stay(patient: bytes, first: date, out: date | None, **values: Any) -> bytes:
        plain = {
            "kind": "inpatient",
            "facility": "St. Mary's",
            "admitted": first,
            "discharged": out,
            "emergency": True,
        }
        to = {"discharged_to": "home"} if out else {}
        return clinic.run(add_stay, patient, **{**plain, **to, **values}).id

    found["stay"] = stay(
        ana, date(2026, 11, 16), FRIDAY, reason="heart failure", heard_on=TODAY, heard_from="her son"
    )
    clinic.run(add_stay, ana, kind="ed", facility="Seton", admitted=date(2026, 9, 4))
    tran = person_of(clinic, "Tran", "Linh", "1955-07-02")
    stay(tran, date(2026, 11, 10), date(2026, 11, 16), complexity="high", facility="Seton")
    weiss = person_of(clinic, "Weiss", "Ruth", "1943-05-09")
    done = {"summary_on": date(2026, 11, 10), "medications_reconciled_on": "2026-11-12", "complexity": "high"}
    stay(weiss, date(2026, 11, 2), date(2026, 11, 6), **done)
    clinic.run(add_visit, weiss, date=date(2026, 11, 12), kind="tcm", mdm="high", practitioner="levin")
    now = clock.at
    clock.at = datetime(2026, 11, 9, 16, 0, tzinfo=UTC)
    clinic.run(log_contact, weiss, mode="phone", outcome="reached", minutes=9)
    clock.at = now
    bell = person_of(clinic, "Bell", "Tom", "1960-04-04")
    stay(bell, date(2026, 11, 2), date(2026, 11, 9))
    stay(bell, date(2026, 11, 18), None)
    found |= {"tran": tran, "weiss": weiss, "bell": bell}
    return found


def row_of(person: Driver) -> Any:
    """The row under the cursor of the chart."""
    assert isinstance(person.board, ChartScreen)
    return person.board.row


def shown(person: Driver) -> list[str]:
    return [row.family for _, row in person.board.query_one("#rows")._window.held()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_the_board(clinic: Clinic, home: dict[str, bytes], size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await person.press("5")
        assert shown(person) == ["Tran", "Ruiz-Moreno", "Weiss"]
        assert "3 open · 1 late" in person.title and "1 in hospital" in person.title
        same_as_kept(f"transitions-{ids(size)}", screen_text(person.app))
        await person.press("down", "space")
        assert "Tue 24 Nov, 1 day left" in person.preview
        assert "9 to 12" not in person.preview and "10, high" in person.preview
        assert "Heart failure (I50.32)" in person.preview and "4 Sep Seton" in person.preview
        same_as_kept(f"transitions-preview-{ids(size)}", screen_text(person.app))


async def test_the_filters_and_the_way_back(clinic: Clinic, home: dict[str, bytes]) -> None:
    async with driving(clinic) as person:
        await person.press("5", "f", "down", "enter")
        assert shown(person) == ["Bell"] and "only still in hospital" in person.title
        assert "back after 9 days" in person.preview
        await person.press("d")
        assert "the clocks start with the discharge" in person.notice
        await person.press("f", "down", "enter")
        assert shown(person) == ["Bell"] and "a later stay took its" in person.preview
        await person.press("escape")
        assert shown(person) == ["Tran", "Ruiz-Moreno", "Weiss"]
        await person.press("escape")
        assert person.app.current_mode == "today"


async def test_a_discharge_from_recording_it_to_the_visit(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    async with driving(clinic) as person:
        await person.press("5")
        assert "No discharge has its window open" in person.text
        await person.press("n")
        await person.press("'ruiz'", "enter", "ctrl+s")
        assert person.form is not None and "New: stay" in person.text
        await person.press("'hosp'", "enter")
        await person.go_to("facility")
        await person.press("'St. Mary'")
        await person.go_to("admitted")
        await person.press("'11/16'")
        await person.go_to("discharged")
        await person.press("'11/20'")
        await person.go_to("discharged_to")
        await person.press("'home'", "enter")
        await person.go_to("clocks")
        assert "by Tue 24 Nov, 1 day left" in person.text
        await person.press("ctrl+s")
        assert person.form is None and shown(person) == ["Ruiz-Moreno"]
        await person.press("d")
        assert person.form is not None and "Discharge call" in person.text
        await person.press("escape", "b")
        assert person.form is not None and person.value("what") == "transition visit"
        await person.press("escape", "r", "ctrl+s")
        assert person.form is None and clinic.read(stays, ana)[0].summary_on == TODAY
        clinic.run(log_contact, ana, mode="phone", outcome="reached", minutes=9)
        person.board.refresh_rows()
        await person.settle()
        assert "✓ Mon 23" in person.text
        await person.press("d")
        assert person.form is not None and person.form.spec.name == "reconcile"


async def test_the_visit_is_recorded_with_what_is_known(clinic: Clinic, ana: bytes) -> None:
    done = {"complexity": "high", "medications_reconciled_on": "2026-11-20", "summary_on": FRIDAY}
    clinic.run(
        add_stay, ana, kind="inpatient", facility="St. Mary's", admitted=date(2026, 11, 9),
        discharged=date(2026, 11, 16), discharged_to="home", **done,
    )  # fmt: skip
    clinic.run(
        log_contact,
        ana,
        mode="phone",
        outcome="reached",
        minutes=9,
        at=datetime(2026, 11, 17, 16, tzinfo=UTC),
    )
    async with driving(clinic) as person:
        await person.press("5", "d")
        assert person.value("kind") == "tcm" and person.value("mdm") == "high"
        await person.press("'today'", "ctrl+s")
        assert person.form is None, person.text
        assert clinic.read(visits, ana)[0].mdm == "high"
        await person.press("d")
        assert "everything is done" in person.notice


async def test_putting_a_clock_off_past_its_day_needs_a_reason(
    clinic: Clinic, home: dict[str, bytes]
) -> None:
    async with driving(clinic) as person:
        await person.press("5", "down", "z", "ctrl+u", "'12/1'")
        assert "That is past Tue 24 Nov, when it is due" in person.text
        await person.press("ctrl+s")
        assert person.form is not None and person.field("why").wrong
        await person.go_to("why")
        await person.press("'at her sister in Ohio'", "ctrl+s")
        assert person.form is None, person.text
        assert "put off until" in person.preview and "at her sister in Ohio" in person.preview
    row = next(one for one in clinic.read(register).rows if one.patient == home["ana"])
    assert row.transition.first is not None and row.transition.first.put_off is not None


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_the_charts_tab(clinic: Clinic, home: dict[str, bytes], size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await person.press("5", "down", "enter")
        assert isinstance(person.board, ChartScreen) and person.board.panel.name == "transitions"
        assert row_of(person).one.stay.key == home["stay"]
        assert "Stays · admitted 1 in 6 months, 1 in 12" in person.text
        assert "Emergency visits · 1 in 6 months, 1 in 12" in person.text and "10, high" in person.text
        same_as_kept(f"chart-transitions-{ids(size)}", screen_text(person.app))
        await person.press("end")
        await person.press("d")
        assert "worked out" in person.notice
        await person.press("home", "d")
        assert person.form is not None and "Discharge call" in person.text
        await person.press("escape", "x")
        await person.press("'twice'", "ctrl+s")
        assert person.form is None and len(clinic.read(stays, home["ana"])) == 1
