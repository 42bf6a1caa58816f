"""People at work at once, each with pauses to think: no error, and everything they saved is there (row 3).

What they do is what the screens do: log a contact, add a task, search, read Today.
"""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.desk.actions import log_contact
from cmp_tui.patients.queries import Names, find_patients
from cmp_tui.queue.queries import counts, page
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.model import Task
from tests.faults.common import (
    FAMILIES,
    Outcome,
    hire,
    hurt_me,
    keys_of_patients,
    percentile,
    processes,
    reopened,
)

KINDS = ("log", "task", "search", "queue")
SHARES = (3, 1, 3, 3)


class Session:
    """One person at one terminal."""

    def __init__(self, clinic: Clinic, random: Random) -> None:
        self.clinic, self.random = clinic, random
        self.patients = clinic.read(keys_of_patients)
        self.today = clinic.clock.today(clinic.read(lambda scope: scope.settings).zone)
        self.names = Names()
        self.done: dict[str, int] = dict.fromkeys(KINDS, 0)

    def act(self, kind: str) -> None:
        getattr(self, kind)()
        self.done[kind] += 1

    def log(self) -> None:
        outcome = self.random.choice(("reached", "voicemail", "no-answer"))
        minutes = self.random.randint(1, 20)
        patient = self.random.choice(self.patients)
        note = "weight stable, [no] complaints " * self.random.randint(1, 8)
        self.clinic.run(log_contact, patient, mode="phone", outcome=outcome, minutes=minutes, did=note)

    def task(self) -> None:
        due = self.today + timedelta(days=self.random.randint(0, 20))
        self.clinic.run(add_task, title="send the report", due=due, patient=self.random.choice(self.patients))

    def search(self) -> None:
        name = self.random.choice(FAMILIES)
        place = self.random.randrange(len(name))
        typed = name[:place] + name[place + 1 :]
        self.clinic.read(find_patients, typed, 20, self.names)
        self.clinic.look("search", length=len(typed))

    def queue(self) -> None:
        self.clinic.read(counts)
        self.clinic.look("list", rows=len(self.clinic.read(page)))


def work(number: int, path: Path, secs: int, think_ms: int) -> dict[str, Any]:
    random = Random(number)
    clinic = reopened(path, os_name=f"p{number}")
    session, times, errors, says = Session(clinic, random), [], 0, ""
    until = time.perf_counter() + secs
    while time.perf_counter() < until:
        time.sleep(random.uniform(0.5, 1.5) * think_ms / 1000)
        kind = random.choices(KINDS, SHARES)[0]
        began = time.perf_counter()
        try:
            session.act(kind)
        except Exception as error:  # noqa: BLE001 - each is counted
            errors, says = errors + 1, repr(error)
        times.append((time.perf_counter() - began) * 1000)
    clinic.close_here()
    return {"done": session.done, "errors": errors, "error": says, "times": times}


def saved(scope: Scope) -> tuple[int, int, int]:
    return Contact.live().count(), TimeEntry.live().count(), Task.live().count()


def run(people: int = 8, secs: int = 5, think_ms: int = 250, patients: int = 400) -> Outcome:
    with hurt_me() as path:
        hire(path, people, patients)
        reports = processes(work, people, path, secs, think_ms)
        clinic = reopened(path)
        contacts, entries, tasks = clinic.read(saved)
        found = clinic.verify()
        clinic.close_here()
    done = {kind: sum(report.get("done", {}).get(kind, 0) for report in reports) for kind in KINDS}
    errors = sum(report["errors"] for report in reports)
    times = [each for report in reports for each in report.get("times", ())] or [0.0]
    figures = {
        "people": people,
        "actions": sum(done.values()),
        **done,
        "errors": errors,
        "lost": abs(done["log"] - contacts) + abs(done["task"] - tasks) + max(0, contacts - entries),
        "findings": len(found),
        "p50_ms": percentile(times, 0.5),
        "p99_ms": percentile(times, 0.99),
        "max_ms": round(max(times), 1),
        "error": next((report["error"] for report in reports if report["error"]), ""),
    }
    whole = contacts == done["log"] <= entries and tasks == done["task"]
    return Outcome(errors == 0 and whole and min(done.values()) > 0 and not found, figures)
