"""Everybody's risk tier, computed and not written, against a raw fetch of the same rows; how the cost grows with the
clinic; writing the tiers of a first run and those that changed; and Today in the order of the tiers."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from cmp_tui.assessments.risk_actions import AT_ONCE, write_tiers
from cmp_tui.assessments.risk_book import book_on
from cmp_tui.assessments.risk_queries import Result, risk_of, risk_run, stratify
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.file import open_file
from cmp_tui.queue.queries import ranked
from tests.bench.big_clinic import NOW, Shape, clinic_file, open_big
from tests.bench.common import Bench, Figure, fine, median, ms, times

AIM = 10.0
RAW = (
    "SELECT id FROM patient WHERE struck_at IS NULL AND deceased = 0 ORDER BY id",
    """SELECT patient_id, system, code, display, condition_group, chronic, id FROM condition
    WHERE struck_at IS NULL AND status IN ('active', 'recurrence', 'relapse')""",
    """SELECT patient_id, kind, admitted, id FROM stay
    WHERE struck_at IS NULL AND admitted >= :since AND admitted <= :today""",
    """SELECT patient_id, display, id FROM medication
    WHERE struck_at IS NULL AND status IN ('active', 'intended', 'on-hold')""",
    """SELECT patient_id, instrument, date, score, flags, id FROM assessment
    WHERE struck_at IS NULL AND status IN ('completed', 'amended') AND date >= :asked""",
)
"""The rows by which the rules judge, as they stand in the file."""


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
        f"risk of everybody, {shape.patients:,} patients, computed and not written", ms(mine), ms(floor),
        times(mine, floor), aim=f"≤ {AIM:g}×", meets=mine <= AIM * floor,
    )  # fmt: skip
    less = found[half][0]
    grows = (mine / shape.patients) / (less / half.patients)
    yield Figure(
        "… a patient of it, beside half the clinic", f"{mine / shape.patients * 1e6:.0f} µs",
        f"{less / half.patients * 1e6:.0f} µs", f"{grows:.2f}×", aim="linear (≤ 1.25×)", meets=grows <= 1.25,
    )  # fmt: skip
    yield Figure("… one patient's points with their rows", fine(one))
    yield from _written(bench, shape)


def _written(bench: Bench, shape: Shape) -> Iterator[Figure]:
    """What a run writes goes into a copy: the clinic itself stays as it was made."""
    without = clinic_file(shape, tell=bench.tell)
    path = bench.folder / "risk.cmp"
    shutil.copyfile(without, path)
    path.chmod(0o600)
    clinic, bare = open_big(path), open_big(without)
    try:
        results = clinic.read(stratify)
        first = _write(clinic, results)
        yield Figure(
            f"… writing a first run, {len(results):,} new tiers", ms(first), "–", _each(first, results)
        )
        after, before = bench.repeat(lambda: _today(clinic), lambda: _today(bare))
        yield Figure(
            "Today of the whole clinic in its order, with tiers beside without", ms(after), ms(before),
            times(after, before), aim="≤ 1.25×", meets=after <= 1.25 * before,
        )  # fmt: skip
        whole = median(_timed(lambda: clinic.read(risk_run)) for _ in range(min(3, bench.size.runs)))
        yield Figure("… a run over everybody before it writes: results, who moved, counts", ms(whole))
        few = [one._replace(points=one.points + 1) for one in results[: max(1, len(results) // 100)]]
        changed = _write(clinic, few)
        yield Figure(f"… writing a run in which {len(few):,} changed", ms(changed), "–", _each(changed, few))
        other = [one._replace(points=one.points + 2) for one in results]
        again = _write(clinic, other)
        yield Figure(
            f"… writing a run in which all {len(results):,} changed", ms(again), "–", _each(again, results)
        )
    finally:
        clinic.close_here(), bare.close_here()


def _today(clinic: Clinic) -> float:
    """Seconds of Today's order of everybody."""
    return _timed(lambda: clinic.read(ranked, "team"))


def _write(clinic: Clinic, results: list[Result]) -> float:
    """Seconds of writing, in as many changes as the command makes."""

    def pieces() -> None:
        for at in range(0, len(results), AT_ONCE):
            clinic.run(write_tiers, results[at : at + AT_ONCE])

    return _timed(pieces)


def _each(seconds: float, results: list[Result]) -> str:
    return f"{seconds / max(1, len(results)) * 1e6:.0f} µs a patient"


def _one(clinic: Clinic) -> float:
    patient = clinic.read(stratify)[0].patient
    clinic.read(risk_of, patient)
    return median(_timed(lambda: clinic.read(risk_of, patient)) for _ in range(9))


def _whole(bench: Bench, clinic: Clinic, path: Path) -> tuple[float, float]:
    """Seconds of everybody's points, and of the floor."""
    today = NOW.date()
    clinic.read(lambda scope: book_on(scope.reference, scope.today))
    days = {
        "today": str(today), "since": str(today - relativedelta(months=12)),
        "asked": str(today - relativedelta(months=24)),
    }  # fmt: skip

    def raw() -> None:
        database = open_file(path)
        for statement in RAW:
            names = {name: value for name, value in days.items() if f":{name}" in statement}
            database.connection().execute(statement, names).fetchall()
        database.close()

    return bench.repeat(lambda: _timed(lambda: clinic.read(stratify)), lambda: _timed(raw), 3)


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
