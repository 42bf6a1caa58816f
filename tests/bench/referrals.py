"""5,000 open referrals: the board's first rows and a cursor step through it, against the caseload of as many people."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from cmp_tui.caseload.queries import leaf as case_leaf
from cmp_tui.caseload.queries import ranked
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.staff import me
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.patients.model import Patient, Provider
from cmp_tui.referrals.board_queries import leaf, order_of
from cmp_tui.referrals.model import Referral, ReferralStep
from cmp_tui.referrals.rules import STAGES, fhir_of
from cmp_tui.tables import TABLES
from tests.bench.big_clinic import NOW
from tests.bench.common import Bench, Figure, fine, kb, middle, times
from tests.bench.looking import CASELOAD, at_today
from tests.bench.meter import Answer, Meter, parted

OPEN = 5_000
FEW = 200
BOARD = re.compile(r"Referrals\s+mine\W+[\d,]+ open")
PAGE = 100
KEY = 16


def run(bench: Bench) -> Iterator[Figure]:
    path = bench.empty_clinic()
    count = OPEN if bench.size.steps > 4 else FEW
    yield from _read(bench, path, count)
    with at_today(bench, path) as app:
        app.press("2")
        opened, _ = app.until(CASELOAD)
        app.settle(0.6, 1.0)
        floor = _steps(app, bench.size.steps)
        app.press("4")
        board, _ = app.until(BOARD)
        app.settle(0.6, 1.0)
        yield Figure(
            f"open Referrals, {count:,} open", fine(board), f"caseload {fine(opened)}", times(board, opened),
            aim="≤ 1×", meets=board <= opened,
        )  # fmt: skip
        step = _steps(app, bench.size.steps)
        yield Figure(
            f"cursor step, {count:,} referrals", fine(step.last), f"caseload {fine(floor.last)}",
            times(step.last, floor.last), kb(step), "≤ 2×", step.last <= 2 * floor.last,
        )  # fmt: skip


def _read(bench: Bench, path: Path, count: int) -> Iterator[Figure]:
    clinic = open_clinic(path, TABLES, os_name="dana", clock=FrozenClock(NOW))
    try:
        _fill(clinic, count)

        def board() -> None:
            order = clinic.read(order_of)
            if len(clinic.read(leaf, order.part(0, PAGE))) != PAGE:
                raise RuntimeError("the referrals could not be read")

        def caseload() -> None:
            keys = clinic.read(ranked)
            clinic.read(case_leaf, [keys[at * KEY : at * KEY + KEY] for at in range(PAGE)])

        mine, floor = bench.repeat(_timed(board), _timed(caseload))
    finally:
        clinic.close_here()
    yield Figure(
        f"order {count:,} referrals, first {PAGE}", fine(mine), f"caseload {fine(floor)}", times(mine, floor),
        aim="≤ 1×", meets=mine <= floor,
    )  # fmt: skip


def _timed(work: Callable[[], None]) -> Callable[[], float]:
    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return once


def _steps(app: Meter, count: int) -> Answer:
    steps = []
    for number in range(count + 2):
        step, _ = parted(app.key("jk"[number % 2], limit=1.0))
        if number > 1:
            steps.append(step)
    return middle(steps)


def _fill(clinic: Clinic, count: int) -> None:
    """As many patients as referrals, each with an open one at some stage."""
    rng, who = random.Random(7), clinic.read(me).id
    keys = [clinic.new_id() for _ in range(count)]
    places = [clinic.new_id() for _ in range(60)]
    today = NOW.date()
    patients = [
        {
            "id": key, "mrn": f"X{number}", "family": f"Name{number:05}", "given": "Ida", "sex": "F",
            "folded": f"name{number:05} ida", "birth_date": "1950-01-01", "care_manager": who,
        }
        for number, key in enumerate(keys)
    ]  # fmt: skip
    providers = [
        {"id": key, "name": f"Heart Group {number}", "folded": f"heart group {number}", "phone": "5125550199"}
        for number, key in enumerate(places)
    ]
    referrals, steps = [], []
    for key in keys:
        stage, ordered = rng.choice(STAGES), today - timedelta(days=rng.randrange(20, 120))
        on = ordered + timedelta(days=rng.randrange(19))
        referral = clinic.new_id()
        referrals.append(
            {
                "id": referral, "patient": key, "kind": "specialist", "what": "cardiology",
                "provider": rng.choice(places), "to_name": "Heart Group", "ordered_on": ordered, "stage": stage,
                "stage_on": on, "check_on": today + timedelta(days=rng.randrange(-40, 40)), **fhir_of(stage)._asdict(),
            }
        )  # fmt: skip
        steps += [
            {"patient": key, "referral": referral, "stage": name, "day": day, "staff": who, "said_by": "Deb"}
            for name, day in (("ordered", ordered), (stage, on))
        ]
    clinic.run(make_demo, {Patient: patients, Provider: providers, Referral: referrals, ReferralStep: steps})
