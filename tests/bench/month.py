"""A month of everybody judged as `month --json` does it, against a raw fetch of the same rows and one json.dumps; how
the cost grows; and the Month screen of one panel."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cmp_tui.billing.month_board import month_board
from cmp_tui.billing.month_queries import as_object, month_view
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.file import open_file
from tests.bench.big_clinic import LOG_MONTH, Shape, clinic_file, open_big
from tests.bench.common import Bench, Figure, median, ms, times

SHAPES: Mapping[int, Shape] = MappingProxyType(
    {600: Shape(600, 2, 2_000), 20_000: Shape(3_500, 9, 75_000), 100_000: Shape(14_000, 35, 300_000)}
)
"""By the size of the other benchmarks' clinic: seven of ten patients are enrolled, with 30 entries each."""
AIM = 8.0

THERE = """
p.struck_at IS NULL AND p.id IN (SELECT patient_id FROM time_entry WHERE struck_at IS NULL
  AND started_at >= :first AND started_at < :after)
"""
RAW = (
    """SELECT e.patient_id, e.id, e.started_at, e.ended_at, e.group_size, e.group_place, e.staff_id, e.credential,
    e.clinical, e.program, e.practitioner, e.activity, e.in_billed_visit, e.precision, c.outcome
    FROM time_entry e LEFT JOIN contact c ON c.id = e.contact_id AND c.struck_at IS NULL
    WHERE e.struck_at IS NULL AND e.started_at >= :first AND e.started_at < :after ORDER BY e.started_at""",
    f"""SELECT id, mrn, family, given, birth_date, payer, mbi, qmb, deceased, deceased_on, billing_practitioner
    FROM patient p WHERE {THERE}""",
    f"""SELECT x.patient_id, x.program, x.decision, x.date, x.effective_to, x.practitioner, x.id
    FROM consent x JOIN patient p ON p.id = x.patient_id WHERE x.struck_at IS NULL AND {THERE}""",
    f"""SELECT x.patient_id, x.program, x.status, x.start_on, x.end_on, x.practitioner, x.id
    FROM enrollment x JOIN patient p ON p.id = x.patient_id WHERE x.struck_at IS NULL AND {THERE}""",
    f"""SELECT x.patient_id, x.system, x.code, x.display, x.condition_group, x.chronic, x.onset, x.resolved, x.id
    FROM condition x JOIN patient p ON p.id = x.patient_id WHERE x.struck_at IS NULL AND {THERE}""",
    f"""SELECT x.patient_id, x.date, x.practitioner, x.kind, x.care_management_discussed, x.mdm, x.id
    FROM visit x JOIN patient p ON p.id = x.patient_id WHERE x.struck_at IS NULL AND {THERE}""",
)
"""The rows that a month is judged by, as they stand in the file (of stays and plans there are few)."""


def run(bench: Bench) -> Iterator[Figure]:
    shape = SHAPES[bench.size.shape.patients]
    half = Shape(shape.patients // 2, max(1, shape.managers // 2), shape.log // 2)
    found = {}
    for each in (half, shape):
        path = clinic_file(each, tell=bench.tell)
        clinic = open_big(path)
        try:
            found[each] = _whole(bench, clinic, path)
            panel, rows = _panel(clinic)
        finally:
            clinic.close_here()
    mine, floor, patients = found[shape]
    yield Figure(
        f"`month --json`, {patients:,} patients, {shape.log:,} entries", ms(mine), ms(floor), times(mine, floor),
        aim=f"≤ {AIM:g}×", meets=mine <= AIM * floor,
    )  # fmt: skip
    less, _, fewer = found[half]
    grows = (mine / patients) / (less / fewer)
    yield Figure(
        "… a patient of it, beside half the clinic", f"{mine / patients * 1000:.2f} ms",
        f"{less / fewer * 1000:.2f} ms", f"{grows:.2f}×", aim="linear (≤ 1.25×)", meets=grows <= 1.25,
    )  # fmt: skip
    yield Figure(f"… the Month screen's rows of one panel, {rows} patients", ms(panel))


def _panel(clinic: Clinic) -> tuple[float, int]:
    """Seconds of one panel's rows, and how many they are."""
    seconds = median(_timed(lambda: clinic.read(month_board, LOG_MONTH, "mine")) for _ in range(3))
    return seconds, len(clinic.read(month_board, LOG_MONTH, "mine").rows)


def _whole(bench: Bench, clinic: Clinic, path: Path) -> tuple[float, float, int]:
    """Seconds of the month as JSON, seconds of its floor, and how many patients are in it."""
    first, after = LOG_MONTH.span(clinic.read(lambda scope: scope.zone))
    span = {"first": int(first.timestamp()), "after": int(after.timestamp())}
    shown: dict[str, Any] = {}

    def judged() -> None:
        nonlocal shown
        shown = as_object(clinic.read(month_view, LOG_MONTH))
        json.dumps(shown)

    def raw() -> None:
        database = open_file(path)
        for statement in RAW:
            database.connection().execute(statement, span).fetchall()
        database.close()
        json.dumps(shown)

    mine, floor = bench.repeat(lambda: _timed(judged), lambda: _timed(raw), 3)
    return mine, floor, len(shown["patients"])


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
