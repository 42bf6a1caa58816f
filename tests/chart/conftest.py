"""A patient with something in every part of the chart, and the program opened on that chart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from textual.pilot import Pilot

from cmp_tui.app import CmpApp
from cmp_tui.chart.forms import FORMS as CHART_FORMS
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.contacts.actions import log_time
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import (
    add_allergy,
    add_condition,
    add_patient,
    add_person,
    add_phone,
    add_team_member,
)
from cmp_tui.screens import FORMS
from cmp_tui.tasks.actions import add_task
from cmp_tui.ui.messages import OpenChart as ShowChart
from cmp_tui.ui.opener import Opener
from cmp_tui.ui.phrases import PhraseBook
from tests.chart.program import settle

FRIDAY = datetime(2026, 11, 20, 16, 4, tzinfo=UTC)
"""Friday 20 November 2026, 10:04 in Chicago."""
Opened = AbstractAsyncContextManager[Pilot[int]]
OpenChart = Callable[..., Opened]


@pytest.fixture
def ana(clinic: Clinic, clock: FrozenClock) -> bytes:
    """Ana Ruiz-Moreno: consented and enrolled in March, called on Friday for 12 minutes, with a task for today."""
    monday = clock.at
    clock.at = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
    key: bytes = clinic.run(
        add_patient,
        family="Ruiz-Moreno",
        given="Ana",
        mrn="A-1",
        birth_date="1948-02-11",
        sex="F",
        language="Spanish",
        interpreter=True,
        best_time="after 10",
        may_leave_message=True,
    ).id
    clinic.run(add_phone, key, number="512-555-0133", use="mobile")
    clinic.run(add_condition, key, display="Type 2 diabetes", system="icd-10-cm", code="E11.9")
    clinic.run(add_allergy, key, substance="Penicillin", severity="severe")
    clinic.run(add_person, key, name="Lucía Moreno", relationship="child", may_talk=True)
    clinic.run(add_team_member, key, name="Noor Haddad", role="specialist", specialty="Cardiology")
    consent = {"program": "CCM", "decision": "accepted", "date": date(2026, 3, 4), "mode": "verbal"}
    clinic.run(record_consent, key, **consent, points=POINTS)
    clinic.run(enroll, key, program="CCM", start=date(2026, 3, 4), practitioner="levin")
    clock.at = FRIDAY + timedelta(minutes=15)
    clinic.run(
        log_contact,
        key,
        at=FRIDAY,
        start=FRIDAY,
        end=FRIDAY + timedelta(minutes=12),
        mode="phone",
        outcome="reached",
        why="Monthly call",
        did="Went through the pillbox with her.",
    )
    clock.at = monday
    clinic.run(add_task, title="Ask for the eye report", due=date(2026, 11, 23), patient=key)
    return key


@pytest.fixture
def late_time(clinic: Clinic, ana: bytes) -> bytes:
    """Five minutes of Thursday, entered today: late, and for no program."""
    start = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
    entry = clinic.run(
        log_time,
        ana,
        start=start,
        end=start + timedelta(minutes=5),
        activity="records-review",
        note="Read the eye report.",
    )
    return bytes(entry[0].id)


@pytest.fixture
def open_chart(clinic: Clinic) -> OpenChart:
    """Opens the program on a patient's chart."""

    @asynccontextmanager
    async def opened(
        patient: bytes, panel: str = "summary", size: tuple[int, int] = (120, 36)
    ) -> AsyncIterator[Pilot[int]]:
        app = CmpApp(clinic)
        folder = clinic.reference.folder
        app.opener = Opener(
            app.opener._context, {**FORMS, **CHART_FORMS}, PhraseBook(folder / "phrases.toml")
        )
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            app.post_message(ShowChart(patient, panel))
            await settle(pilot)
            yield pilot

    return opened
