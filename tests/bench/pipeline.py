"""5,000 people on the way into a program: a cursor step through the cards, against one through the caseload."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.staff import me
from cmp_tui.contacts.model import Contact
from cmp_tui.enrollment.intake_queries import cards, order_of
from cmp_tui.enrollment.model import Intake
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.patients.model import Patient
from cmp_tui.tables import TABLES
from tests.bench.big_clinic import NOW
from tests.bench.common import Bench, Figure, fine, kb, middle, times
from tests.bench.looking import CASELOAD, at_today
from tests.bench.meter import Answer, Meter, parted

PEOPLE = 5_000
BOARD = re.compile(r"Enrollment\s+mine\W+[\d,]+ on the way")


def run(bench: Bench) -> Iterator[Figure]:
    path = bench.empty_clinic()
    _fill(path, PEOPLE if bench.size.steps > 4 else 200)
    with at_today(bench, path) as app:
        app.press("2")
        app.until(CASELOAD)
        app.settle(0.6, 1.0)
        floor, _ = _steps(app, "jk", bench.size.steps)
        app.press("3")
        app.until(BOARD)
        app.settle(0.6, 1.0)
        step, rest = _steps(app, "j", bench.size.steps)
        yield Figure(
            f"cursor step, {PEOPLE:,} cards, down a stage", fine(step.last), f"caseload {fine(floor.last)}",
            times(step.last, floor.last), f"{kb(step)}; preview {rest.plain / 1000:.1f} kB", "≤ 2×",
            step.last <= 2 * floor.last,
        )  # fmt: skip
        # Other keys work on a card of another stage: the key line is asked and drawn anew.
        step, rest = _steps(app, ("right", "left"), bench.size.steps)
        yield Figure(f"cursor step, {PEOPLE:,} cards, to another stage", fine(step.last), wrote=kb(step))


def _steps(app: Meter, keys: str | tuple[str, ...], count: int) -> tuple[Answer, Answer]:
    steps, rests = [], []
    for number in range(count + 2):
        step, rest = parted(app.key(keys[number % len(keys)], limit=1.0))
        if number > 1:
            steps.append(step)
            rests += [rest] if rest.plain else []
    return middle(steps), middle(rests) if rests else Answer(0, 0, 0, 0)


def _fill(path: Path, count: int) -> None:
    clinic = open_clinic(path, TABLES, os_name="dana", clock=FrozenClock(NOW))
    try:
        _people(clinic, count)
        order = clinic.read(order_of)
        if len(clinic.read(cards, order.part(0, 200))) != min(200, count):
            raise RuntimeError("the cards could not be read")
    finally:
        clinic.close_here()


def _people(clinic: Clinic, count: int) -> None:
    rng, who = random.Random(5), clinic.read(me).id
    keys = [clinic.new_id() for _ in range(count)]
    today = NOW.date()
    patients = [
        {
            "id": key, "mrn": f"X{number}", "family": f"Name{number:05}", "given": "Ida", "sex": "F",
            "folded": f"name{number:05} ida", "birth_date": "1950-01-01", "care_manager": who,
        }
        for number, key in enumerate(keys)
    ]  # fmt: skip
    stages = ("intake", "outreach", "eligibility", "consent")
    intakes = [_intake(key, rng.choice(stages), today - timedelta(days=rng.randrange(60))) for key in keys]
    tries = [
        {
            "patient": key, "staff": who, "mode": "phone", "outcome": "no-answer", "with_whom": "patient",
            "at": datetime(today.year, today.month, rng.randrange(1, today.day), 15 + hour, tzinfo=UTC),
            "signed_as": "Dana Ruiz, RN", "signed_at": NOW,
        }
        for key in keys
        for hour in range(3)
    ]  # fmt: skip
    clinic.run(make_demo, {Patient: patients, Intake: intakes, Contact: tries})


def _intake(key: bytes, stage: str, day: date) -> dict[str, object]:
    row: dict[str, object] = {"patient": key, "source": "claims", "received": day, "stage": stage}
    for name in ("outreach", "eligibility", "consent"):
        row[f"{name}_on"] = day
        if name == stage:
            break
    return row
