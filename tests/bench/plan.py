"""Working in a plan with 60 goals, against the same in a plan with 3: opened in the chart, a step through it, a goal
moved by one key; and reading it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from cmp_tui.careplan.actions import add_barrier, add_goal, add_intervention, record_progress
from cmp_tui.careplan.queries import whole_plan
from cmp_tui.careplan.version_actions import finish_review
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.patients.actions import add_condition, add_patient
from cmp_tui.tables import TABLES
from cmp_tui.tasks.actions import add_task
from tests.bench.big_clinic import NOW
from tests.bench.common import Bench, Figure, fine, median, middle, ms, times
from tests.bench.meter import Answer, painted, parted

AIM = 1.5
FEW, MANY = 3, 60
FAMILY = {FEW: "Few", MANY: "Many"}
MONTHS = 6
WHOLE = 0.4
"""Seconds of silence after which a change and the list that it moved are both drawn."""


def run(bench: Bench) -> Iterator[Figure]:
    path = bench.folder / "plan.cmp"
    keys = _clinic(path)
    clinic = _opened(path)
    read = {goals: median(_timed(clinic, keys[goals]) for _ in range(7 * bench.size.runs)) for goals in keys}
    clinic.close_here()
    yield Figure(
        "read a plan of 60 goals",
        fine(read[MANY]),
        f"{fine(read[FEW])}, 3 goals",
        times(read[MANY], read[FEW]),
    )
    found: dict[int, dict[str, list[Answer]]] = {
        goals: {"open": [], "step": [], "move": []} for goals in keys
    }
    for _ in range(min(3, bench.size.runs)):
        for goals in keys:
            _work(bench, path, goals, found[goals])
    for name, words in (
        ("open", "open a plan of 60 goals"),
        ("step", "a step in it"),
        ("move", "a goal moved by one key"),
    ):
        mine, floor = middle(found[MANY][name]), middle(found[FEW][name])
        yield Figure(
            words, ms(mine.last), f"{ms(floor.last)}, 3 goals", times(mine.last, floor.last),
            f"{mine.plain / 1000:.1f} kB ({mine.deflated / 1000:.1f} deflated)", f"≤ {AIM:g}×",
            mine.last <= AIM * floor.last,
        )  # fmt: skip


def _work(bench: Bench, path: Path, goals: int, into: dict[str, list[Answer]]) -> None:
    with bench.app(path) as app:
        app.until(re.compile("Few"))
        app.settle(0.5, 1.0)
        if goals == MANY:
            app.key("j")
        app.key("enter")
        for number in range(bench.size.runs):
            into["open"].append(painted(app.key("]")))
            for key in ("g", "j", "j"):
                app.key(key, limit=0.5)
            into["step"].append(parted(app.key("j"))[0])
            app.key("k")
            app.press("+" if number % 2 else "-")
            said = "getting better. V" if number % 2 else "getting worse. V"
            into["move"].append(Answer.of([*app.until(re.compile(said))[1], *app.settle(WHOLE, 1.0)]))
            app.key("[")


def _timed(clinic: Clinic, patient: bytes) -> float:
    began = time.perf_counter()
    clinic.read(whole_plan, patient)
    return time.perf_counter() - began


def _opened(path: Path) -> Clinic:
    return open_clinic(path, TABLES, os_name="dana", clock=FrozenClock(NOW))


def _clinic(path: Path) -> dict[int, bytes]:
    """A clinic with two people: one has a plan of 3 goals, one of 60, each with steps, a barrier and half a year."""
    clock = FrozenClock(NOW - timedelta(days=30 * MONTHS))
    clinic = make_clinic(
        path, TABLES, admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
        settings={"name": "Bench", "practice": True, "practice_person": "dana"}, clock=clock, os_name="dana",
    )  # fmt: skip
    keys = {}
    for goals, family in FAMILY.items():
        patient = keys[goals] = clinic.run(
            add_patient, family=family, given="Goals", birth_date="1950-01-01"
        ).id
        _plan(clinic, clock, patient, goals)
        clock.at = NOW
        clinic.run(add_task, title="ring", due=date(2026, 11, 20), patient=patient)
        clock.at = NOW - timedelta(days=30 * MONTHS)
    clinic.close_here()
    return keys


def _plan(clinic: Clinic, clock: FrozenClock, patient: bytes, goals: int) -> None:
    about = clinic.run(
        add_condition, patient, display="Type 2 diabetes mellitus", code="E11.9", system="icd-10-cm"
    ).id
    made = []
    for number in range(goals):
        goal = clinic.run(
            add_goal, patient, title=f"Goal number {number}", condition=about, unit="days a week", direction="above",
            baseline=1, target=5, due=clock.at.date() + timedelta(days=200 + number), own_words="I want to.",
        ).id  # fmt: skip
        clinic.run(add_barrier, patient, kind="time", goal=goal)
        for step in range(3):
            clinic.run(add_intervention, patient, title=f"Step {step} of goal {number}", goal=goal, every=30)
        made.append(goal)
    clinic.run(finish_review, patient)
    for month in range(MONTHS):
        clock.at = NOW - timedelta(days=30 * (MONTHS - month) - 2)
        for goal in made:
            clinic.run(record_progress, goal, value=month, note="said on the phone")
