"""Whatever writes begins IMMEDIATE, and nothing but the driver opens the clinic file (row 9).

The sources are searched, and the program's own statements and file openings are watched while it works: a clinic is
made, filled from FHIR, worked in on the command line and in the app, exported and copied. A deferred transaction
that reads first and then writes fails at once when someone else has written; a plain `open()` of the file drops
its locks when it is closed.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from cmp_tui.app import CmpApp
from cmp_tui.clinic.file import ClinicDatabase
from tests.app.driving import Driver
from tests.faults.common import Outcome, command, practice, standing

ROOT = Path(__file__).parents[2]
FHIR = ROOT / "tests" / "fixtures" / "fhir"
DEFERRED = re.compile(r"\.atomic\(\)|\.transaction\(\)|\bBEGIN(?! IMMEDIATE\b)(?: DEFERRED)?\b['\"]")
LIBRARIES = re.compile(r"^\s*(?:import|from)\s+(?:sqlite3|pysqlite3|apsw)\b", re.MULTILINE)
WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|PRAGMA (?:user_version|application_id) =)\b"
)
BEGINS = re.compile(r"\s*BEGIN\b\s*(IMMEDIATE|EXCLUSIVE)?")
ENDS = re.compile(r"\s*(COMMIT|ROLLBACK(?! TO)|END)\b")
READING = "cmp_tui/clinic/clinic.py"
"""The one place where a transaction is begun without IMMEDIATE: a read, on a connection that refuses to write."""


class Watch:
    """What the connections of this process say to the file."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._open: dict[int, str] = {}  # the connection, and how its transaction was begun
        self._connections: list[Any] = []  # kept, so that no two have one id

    def connect(self, plain: Any) -> Any:
        def connected(database: ClinicDatabase) -> Any:
            connection = plain(database)
            self._connections.append(connection)
            connection.set_trace_callback(lambda said, at=id(connection): self.said(at, said))
            return connection

        return connected

    def said(self, connection: int, said: str) -> None:
        if said.startswith("--"):  # what a trigger does within a statement
            return
        if begun := BEGINS.match(said):
            kind = "immediate" if begun[1] else "deferred"
            self.counts[f"{kind}_begins"] += 1
            self._open[connection] = kind
        elif ENDS.match(said):
            self._open.pop(connection, None)
        elif WRITES.match(said):
            self.counts["writes"] += 1
            if self._open.get(connection) != "immediate":
                self.wrong.append(f"{self._open.get(connection, 'without BEGIN')}: {said[:60]}")


class Opened:
    """The clinic files that Python itself opens."""

    def __init__(self) -> None:
        self.watching = True
        self.wrong: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and self.watching and isinstance(arguments[0], (str, bytes, Path)):
            name = str(arguments[0])
            if re.search(r"\.cmp(-wal|-shm|-journal)?$", name) and Path(name).exists():
                self.wrong.append(name)


def work(path: Path) -> list[str]:
    """A day's work; returns the commands that did not go well."""
    copy = path.with_name("copy.cmp")
    lines: tuple[tuple[str | Path, ...], ...] = (
        ("staff", "add", "ben", "--name", "Ben Ortiz", "--credential", "LPN", "--role", "care-manager"),
        ("import", "fhir", FHIR, "--yes"),
        ("undo", "--yes"),
        ("import", "fhir", FHIR, "--yes"),
        ("log", "10017", "--minutes", "9", "--note", "weight stable", "--next", "call", "--next-on", "fri"),
        ("timer", "start", "10017"),
        ("timer", "stop"),
        ("queue", "--json"),
        ("find", "ruiz"),
        ("show", "10017"),
        ("export", "time-log", "--month", "2026-11"),
        ("export", "time-log", "--month", "2026-11", "-o", path.with_name("log.xlsx")),
        ("audit", "verify"),
        ("backup", copy),
    )
    wrong = []
    for line in lines:
        said = command(path, *line)
        if said.status:
            wrong.append(f"{' '.join(map(str, line))}: {said.told}")
    return wrong


async def drive(path: Path) -> None:
    """A call, a task, a timer and an undo, by keys."""
    app = CmpApp(standing(path))
    async with app.run_test(size=(120, 36)) as pilot:
        person = Driver(pilot)
        await person.settle()
        for keys in (
            ("2", "c", "v", "ctrl+s"),
            ("t", "t", "escape"),
            ("u", "enter"),
            ("enter",),
            ("escape", "1"),
        ):
            await person.press(*keys)


def scanned() -> tuple[int, list[str]]:
    """How many sources there are, and what in them is not as it should be."""
    sources = sorted((ROOT / "cmp_tui").rglob("*.py"))
    found = []
    for path in sources:
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        found += [f"{name}: {each.group()}" for each in LIBRARIES.finditer(text)]
        allowed = name == READING
        found += [f"{name}: {each.group()}" for each in DEFERRED.finditer(text) if not allowed]
    return len(sources), found


def run() -> Outcome:
    files, found = scanned()
    watch, opened, plain = Watch(), Opened(), ClinicDatabase._connect
    sys.addaudithook(opened)
    ClinicDatabase._connect = watch.connect(plain)
    try:
        with practice() as path:
            # Making a file, and syncing a copy of one, open what no connection has open.
            opened.wrong.clear()
            failed = work(path)
            asyncio.run(drive(path))
    finally:
        opened.watching = False
        ClinicDatabase._connect = plain
    hands = [name for name in opened.wrong if "copy" not in name]
    figures = {
        "sources": files,
        "found_in_sources": len(found),
        "writes": watch.counts["writes"],
        "immediate": watch.counts["immediate_begins"],
        "reads": watch.counts["deferred_begins"],
        "deferred_writes": len(watch.wrong),
        "opened_by_hand": len(hands),
        "error": "; ".join([*found, *watch.wrong, *hands, *failed][:3]),
    }
    held = not (found or watch.wrong or hands or failed)
    return Outcome(held and watch.counts["writes"] > 50 and watch.counts["immediate_begins"] > 10, figures)
