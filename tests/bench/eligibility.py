"""Everybody's eligibility for every program, computed and not written, against a raw fetch of the same rows; how the
cost grows with the clinic; and one patient's checklist."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.file import open_file
from cmp_tui.enrollment.eligibility_book import book_on
from cmp_tui.enrollment.eligibility_queries import checklist, eligible_many
from tests.bench.big_clinic import NOW, Shape, clinic_file, open_big
from tests.bench.common import Bench, Figure, fine, median, ms, times

AIM = 10.0
RAW = (
    """SELECT id, payer, deceased, billing_practitioner FROM patient WHERE struck_at IS NULL ORDER BY id""",
    """SELECT patient_id, system, code, display, condition_group, chronic, onset, resolved, id FROM condition
    WHERE struck_at IS NULL AND (status <> 'resolved' OR resolved IS NOT NULL)""",
    """SELECT patient_id, date, practitioner, kind, care_management_discussed, id FROM visit
    WHERE struck_at IS NULL AND date <= :today ORDER BY patient_id, date""",
    """SELECT patient_id, kind, admitted, discharged, discharged_to, id FROM stay
    WHERE struck_at IS NULL AND (admitted >= :since OR discharged >= :out)""",
    """SELECT patient_id, program, practitioner, start_on, id FROM enrollment
    WHERE struck_at IS NULL AND status IN ('active', 'onhold')""",
    """SELECT patient_id, code, from_on, to_on, practitioner, id FROM service WHERE struck_at IS NULL AND ours = 0""",
    """SELECT patient_id, instrument, date, status, flags, band, id FROM assessment WHERE struck_at IS NULL""",
    """SELECT patient_id, kind, value, date, id FROM payer_score WHERE struck_at IS NULL""",
    """SELECT patient_id, to_on, id FROM device_days WHERE struck_at IS NULL AND days > 0""",
)
"""The rows that eligibility is judged by, as they stand in the file."""


def run(bench: Bench) -> Iterator[Figure]:
    shape = bench.size.shape
    half = Shape(shape.patients // 2, max(1, shape.managers // 2))
    found = {}
    for each in (half, shape):
        path = clinic_file(each, tell=bench.tell)
        clinic = open_big(path)
        try:
            found[each] = _whole(bench, clinic, path)
            one = _one(clinic)
        finally:
            clinic.close_here()
    mine, floor = found[shape]
    yield Figure(
        f"eligibility of everybody, {shape.patients:,} patients, computed and not written", ms(mine), ms(floor),
        times(mine, floor), aim=f"≤ {AIM:g}×", meets=mine <= AIM * floor,
    )  # fmt: skip
    less = found[half][0]
    grows = (mine / shape.patients) / (less / half.patients)
    yield Figure(
        "… a patient of it, beside half the clinic", f"{mine / shape.patients * 1e6:.0f} µs",
        f"{less / half.patients * 1e6:.0f} µs", f"{grows:.2f}×", aim="linear (≤ 1.25×)", meets=grows <= 1.25,
    )  # fmt: skip
    yield Figure("… one patient's checklist with its rows", fine(one))


def _one(clinic: Clinic) -> float:
    line = clinic.read(eligible_many).lines[0]
    clinic.read(checklist, line.patient)
    return median(_timed(lambda: clinic.read(checklist, line.patient)) for _ in range(9))


def _whole(bench: Bench, clinic: Clinic, path: Path) -> tuple[float, float]:
    """Seconds of everybody's verdicts, and of the floor."""
    today = NOW.date()
    clinic.read(lambda scope: book_on(scope.reference, scope.today))
    days = {"today": str(today), "since": str(today - relativedelta(months=6)), "out": "2026-10-25"}

    def raw() -> None:
        database = open_file(path)
        for statement in RAW:
            names = {name: value for name, value in days.items() if f":{name}" in statement}
            database.connection().execute(statement, names).fetchall()
        database.close()

    return bench.repeat(lambda: _timed(lambda: clinic.read(eligible_many)), lambda: _timed(raw), 3)


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
