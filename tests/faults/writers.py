"""Many processes write at once: no error, nothing lost, the books balance (reliability, row 1)."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.common import PATIENTS, Outcome, book, books, hurt_me, percentile, processes, reopened


def work(number: int, path: Path, count: int) -> dict[str, Any]:
    random, times, errors, says = Random(number), [], 0, ""
    clinic = reopened(path)
    for _ in range(count):
        began = time.perf_counter()
        try:
            clinic.run(book, str(random.randrange(PATIENTS)), clinic.new_id())
        except Exception as error:  # noqa: BLE001 - each is counted
            errors, says = errors + 1, repr(error)
        times.append((time.perf_counter() - began) * 1000)
    clinic.close_here()
    return {"saved": count - errors, "errors": errors, "error": says, "times": times}


def run(procs: int = 8, tx: int = 100) -> Outcome:
    with hurt_me() as path:
        began = time.perf_counter()
        reports = processes(work, procs, path, tx)
        seconds = time.perf_counter() - began
        clinic = reopened(path)
        counted, there = clinic.read(books)
        found = clinic.verify()
        clinic.close_here()
    saved = sum(report.get("saved", 0) for report in reports)
    errors = sum(report["errors"] for report in reports)
    times = [each for report in reports for each in report.get("times", [0.0])]
    figures = {
        "processes": procs,
        "saved": saved,
        "errors": errors,
        "lost": saved - there,
        "books_differ_by": counted - there,
        "findings": len(found),
        "p50_ms": percentile(times, 0.5),
        "p99_ms": percentile(times, 0.99),
        "max_ms": round(max(times), 1),
        "per_second": round(saved / seconds),
        "error": next((report["error"] for report in reports if report["error"]), ""),
    }
    return Outcome(errors == 0 and saved == there == counted == procs * tx and not found, figures)
