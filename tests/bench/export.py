"""`export time-log` of a month with very many entries, against a sorted raw fetch and csv.writer."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path

from cmp_tui.clinic.file import open_file
from tests.bench.big_clinic import LOG_MONTH, open_big
from tests.bench.common import Bench, Figure, ms, times

RAW = """
SELECT p.mrn, p.family, p.given, p.birth_date, e.started_at, e.ended_at, e.group_size, e.group_place, s.name,
       e.credential, e.clinical, e.program, e.practitioner, p.billing_practitioner, e.activity, c.mode, c.with_whom,
       c.outcome, e.in_billed_visit, e.entered_at, e.amended_at, e.amended_why, e.note
FROM patient p
CROSS JOIN time_entry e ON e.patient_id = p.id
JOIN staff s ON s.id = e.staff_id
LEFT JOIN contact c ON c.id = e.contact_id AND c.struck_at IS NULL
WHERE e.struck_at IS NULL AND e.started_at >= ? AND e.started_at < ?
ORDER BY p.mrn, p.id, e.started_at, s.username, e.id
"""
"""The same rows in the same order, as they stand in the file. CROSS JOIN makes SQLite go from patient to patient,
which is three times as fast as the plan that it would choose: a floor should be one."""


def run(bench: Bench) -> Iterator[Figure]:
    path = bench.log_clinic
    clinic = open_big(path)
    first, after = LOG_MONTH.span(clinic.read(lambda scope: scope.zone))
    clinic.close_here()
    span = (int(first.timestamp()), int(after.timestamp()))
    counted = 0

    def raw() -> float:
        nonlocal counted
        began = time.perf_counter()
        database = open_file(path)
        with (bench.folder / "raw.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            cursor = database.connection().execute(RAW, span)
            counted = 0
            while rows := cursor.fetchmany(5000):
                writer.writerows(rows)
                counted += len(rows)
        database.close()
        return time.perf_counter() - began

    peak = 0.0

    def log() -> float:
        nonlocal peak
        target = bench.folder / "log.csv"
        target.unlink(missing_ok=True)
        seconds, done = bench.command(
            path, "export", "time-log", "--month", str(LOG_MONTH), "-o", str(target)
        )
        peak = max(peak, done.peak_mb)
        _same(target, counted)
        return seconds

    raw()
    mine, floor = bench.repeat(log, raw, 3)
    yield Figure(
        f"`export time-log`, {counted:,} entries in a month", f"{ms(mine)}, {peak:.0f} MB at most", ms(floor),
        times(mine, floor), aim="≤ 2.5×", meets=mine <= 2.5 * floor,
    )  # fmt: skip


def _same(path: Path, rows: int) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        lines = sum(1 for _ in file) - 1
    if lines < rows:
        raise RuntimeError(f"the log has {lines:,} lines for {rows:,} entries")
