"""Many processes start timers for the same people at the same moment: each has exactly one that runs (row 5)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.actions import start_timer
from cmp_tui.contacts.model import Timer
from tests.faults.common import START, Outcome, hire, hurt_me, keys_of_patients, processes, reopened


def work(number: int, path: Path, staff: int, barrier: Any) -> dict[str, Any]:
    started, errors, says = 0, 0, ""
    clinics = [reopened(path, os_name=f"p{person}") for person in range(staff)]
    patient = clinics[0].read(keys_of_patients)[number]
    for clinic in clinics:
        barrier.wait(60)
        try:
            clinic.run(start_timer, patient)
            started += 1
        except Exception as error:  # noqa: BLE001 - each is counted
            errors, says = errors + 1, repr(error)
    for clinic in clinics:
        clinic.close_here()
    return {"started": started, "errors": errors, "error": says}


def timers(scope: Scope) -> list[list[Timer]]:
    """The timers of each care manager, in the order in which they were started."""
    people = Staff.select(Staff.id).where(Staff.username != "dana").tuples()
    return [list(Timer.live().where(Timer.staff == key).order_by(Timer.start, Timer.id)) for (key,) in people]


def run(procs: int = 6, staff: int = 30) -> Outcome:
    with hurt_me() as path:
        hire(path, staff, procs)
        reports = processes(work, procs, path, staff, START.Barrier(procs))
        clinic = reopened(path)
        found = clinic.verify()
        everyones = clinic.read(timers)
        clinic.close_here()
    started = sum(report.get("started", 0) for report in reports)
    errors = sum(report["errors"] for report in reports)
    running = [sum(timer.status == "running" for timer in own) for own in everyones]
    # Each start parks what ran before it, where the new one begins.
    gaps = sum(
        one.stopped_at != other.start or one.status != "parked"
        for own in everyones
        for one, other in pairwise(
            sorted(own, key=lambda timer: (timer.stopped_at is None, timer.stopped_at))
        )
    )
    figures = {
        "processes": procs,
        "staff": staff,
        "started": started,
        "running": sum(running),
        "parked": sum(timer.status == "parked" for own in everyones for timer in own),
        "not_exactly_one": sum(count != 1 for count in running),
        "lost": started - sum(map(len, everyones)),
        "gaps": gaps,
        "errors": errors,
        "findings": len(found),
        "error": next((report["error"] for report in reports if report["error"]), ""),
    }
    whole = started == procs * staff == sum(map(len, everyones)) and running == [1] * staff
    return Outcome(whole and not errors and not gaps and not found, figures)
