"""People read while others write: no error, and each read sees one moment of the file (row 8)."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import find_patients, panel_of, patient_card
from cmp_tui.queue.queries import page
from tests.faults.common import (
    FAMILIES,
    PATIENTS,
    Outcome,
    book,
    books,
    hire,
    hurt_me,
    keys_of_patients,
    percentile,
    processes,
    reopened,
)


def work(number: int, path: Path, readers: int, secs: int) -> dict[str, Any]:
    return (read if number < readers else write)(number, path, time.perf_counter() + secs)


def write(number: int, path: Path, until: float) -> dict[str, Any]:
    random, saved, errors, says = Random(number), 0, 0, ""
    clinic = reopened(path)
    while time.perf_counter() < until:
        try:
            clinic.run(book, str(random.randrange(PATIENTS)), clinic.new_id())
            saved += 1
        except Exception as error:  # noqa: BLE001 - each is counted
            errors, says = errors + 1, repr(error)
    clinic.close_here()
    return {"saved": saved, "errors": errors, "error": says}


def two_looks(scope: Scope) -> bool:
    """Whether the books balance, and do not move, within one read."""
    first = books(scope)
    Patient.live().where(panel_of(scope, "team")).count()
    return first[0] == first[1] and books(scope) == first


def read(number: int, path: Path, until: float) -> dict[str, Any]:
    random, times, torn, errors, says = Random(number), [], 0, 0, ""
    clinic = reopened(path)
    patients = clinic.read(keys_of_patients)
    while time.perf_counter() < until:
        time.sleep(0.005)
        began = time.perf_counter()
        try:
            kind = random.randrange(4)
            if kind == 0:
                torn += not clinic.read(two_looks)
            elif kind == 1:
                clinic.read(page, "team")
            elif kind == 2:
                clinic.read(find_patients, random.choice(FAMILIES)[:-1], 20)
            else:
                clinic.read(patient_card, random.choice(patients))
        except Exception as error:  # noqa: BLE001 - each is counted
            errors, says = errors + 1, repr(error)
        times.append((time.perf_counter() - began) * 1000)
    clinic.close_here()
    return {"times": times, "torn": torn, "errors": errors, "error": says}


def run(readers: int = 6, writers: int = 2, secs: int = 4, patients: int = 300) -> Outcome:
    with hurt_me() as path:
        hire(path, 0, patients)
        reports = processes(work, readers + writers, path, readers, secs)
        clinic = reopened(path)
        counted, there = clinic.read(books)
        found = clinic.verify()
        clinic.close_here()
    times = [each for report in reports for each in report.get("times", ())] or [0.0]
    saved = sum(report.get("saved", 0) for report in reports)
    torn = sum(report.get("torn", 0) for report in reports)
    errors = sum(report["errors"] for report in reports)
    figures = {
        "readers": readers,
        "writers": writers,
        "reads": len(times),
        "saved": saved,
        "torn": torn,
        "errors": errors,
        "lost": saved - there,
        "findings": len(found),
        "p50_ms": percentile(times, 0.5),
        "p99_ms": percentile(times, 0.99),
        "max_ms": round(max(times), 1),
        "error": next((report["error"] for report in reports if report["error"]), ""),
    }
    whole = saved == there == counted and len(times) > readers and saved > 0
    return Outcome(whole and not torn and not errors and not found, figures)
