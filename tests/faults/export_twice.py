"""The same month exported twice is the same bytes; an amendment shows its author, both dates, its reason (row 44)."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from cmp_tui.clinic.history import versions_of
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import add_staff
from cmp_tui.contacts.actions import edit_entry, log_time
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.files.formula import armed
from tests.faults.common import (
    Outcome,
    admit,
    command,
    practice,
    standing,
    work_a_month,
)

KINDS = (
    ("--format", "csv"), ("--format", "csv", "--notes"), ("--format", "json"), ("--format", "json", "--by", "patient"),
    ("--format", "csv", "--by", "patient"), ("--format", "xlsx"), ("--format", "xlsx", "--notes", "--by", "patient"),
)  # fmt: skip
LATER = "2026-12-24T23:59:59"
REASON = "the call ended later"


def export(path: Path, kind: tuple[str, ...], now: str) -> bytes:
    out = path.with_name("log.out")
    said = command(path, "export", "time-log", "--month", "2026-10", *kind, "-o", out, now=now)
    if said.status:
        raise AssertionError(said.told)
    return out.read_bytes()


def rows(path: Path) -> list[dict[str, str]]:
    data = export(path, ("--format", "csv", "--notes"), LATER).decode()
    return [
        {name: armed(cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(data, newline=""))
    ]


def original(scope: Scope, key: bytes) -> list[Any]:
    return versions_of(scope, TimeEntry, key)


def run(entries: int = 400) -> Outcome:
    wrong: list[str] = []
    same = compared = 0
    with practice(now="2026-10-01T08:00") as path:
        clinic = standing(path)
        clinic.run(admit, 40)
        clinic.run(work_a_month, entries)
        clinic.run(
            add_staff, username="ben", name="Ben Ortiz", credential="LPN", roles=frozenset({"care-manager"})
        )
        patient = clinic.read(lambda scope: TimeEntry.select(TimeEntry.patient).tuples().first()[0])
        clinic.clock.at = clinic.clock.at.replace(month=10, day=20, hour=16)  # type: ignore[attr-defined]
        at = clinic.clock.now()
        (entry,) = clinic.run(
            log_time, patient, start=at.replace(hour=15), end=at, activity="call", note="NOTE A"
        )
        clinic.clock.at = at.replace(month=11, day=2)  # type: ignore[attr-defined]
        for kind in KINDS:
            first, second = export(path, kind, LATER), export(path, kind, "2026-11-23T09:00")
            compared += 1
            same += first == second
            if first != second:
                wrong.append(f"{kind} differs")
        before = rows(path)
        clinic.run(edit_entry, entry.id, None, why=REASON, start=at.replace(hour=15, minute=20), end=at)
        after = rows(path)
        changed = [row for row in after if row not in before]
        history = clinic.read(original, entry.id)
        findings = clinic.verify()
        clinic.close_here()
    amended = changed[0] if len(changed) == 1 else {}
    shows = {
        "author": amended.get("staff") == "Dana Ruiz",
        "entered": amended.get("entered_at", "").startswith("2026-10-20"),
        "amended": amended.get("amended", "").startswith("2026-11-02"),
        "reason": amended.get("amended_why") == REASON,
        "note_kept": "NOTE A" in amended.get("note", ""),
        "original_in_history": len(history) == 2,
        "amender_in_history": bool(history) and history[0].who == "Dana Ruiz",
    }
    figures = {
        "rows": len(after),
        "compared": compared,
        "byte_same": same,
        "rows_that_the_amendment_changed": len(changed),
        **shows,
        "amender_in_the_log": "amended_by" in after[0],
        "findings": len(findings),
        "error": "; ".join(wrong),
    }
    return Outcome(not wrong and len(before) == len(after) and all(shows.values()) and not findings, figures)
