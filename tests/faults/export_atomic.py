"""An export that is killed, or meets a full disk, leaves the file as it was or a whole new one (row 43).

What lies under the final name must be one of the exports that the audit chain knows, by its SHA-256; only its owner
may read it; and the next run takes away what a killed one left.
"""

from __future__ import annotations

import contextlib
import resource
import stat
import time
from collections import Counter
from pathlib import Path
from random import Random

from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.scope import Scope
from cmp_tui.files.digest import sha256_of
from tests.faults.common import (
    START,
    Outcome,
    admit,
    command,
    killed_at_random,
    practice,
    standing,
    work_a_month,
)

FORMS = ("csv", "xlsx", "json")
LINE = ("export", "time-log", "--month", "2026-10", "--notes", "-o")


def export(path: Path, out: Path) -> None:
    command(path, *LINE, out)


def export_on_a_full_disk(path: Path, out: Path, room: int) -> None:
    """The limit on the size of files stands for the full disk; the clinic file has been written before."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    said = command(path, *LINE, out)
    told = "disk" in said.told and "error of its own" not in said.told
    out.with_name("told").write_text("yes" if said.status and told else f"{said.status}: {said.told}")


def known(scope: Scope) -> set[str]:
    """The SHA-256 of every export that the audit chain names."""
    query = Audit.select(Audit.facts).where(Audit.action == "look.export")
    return {row.facts["sha256"] for row in query}


class Watch:
    """What lies in the folder of exports."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.folder = path, folder
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def look(self, out: Path, where: str) -> None:
        clinic = standing(self.path)
        digests = clinic.read(known)
        clinic.close_here()
        if not out.exists():
            self.counts["absent"] += 1
            return
        self.counts["complete"] += 1
        if sha256_of(out) not in digests:
            self.counts["torn"] += 1
            self.wrong.append(f"{where}: the audit chain knows no such file")
        if stat.S_IMODE(out.stat().st_mode) != 0o600:
            self.wrong.append(f"{where}: mode {out.stat().st_mode:o}")

    def leftovers(self) -> list[str]:
        return [found.name for found in self.folder.iterdir() if found.name.startswith(".")]

    def killed(self, kills: int, random: Random) -> None:
        for turn in range(kills):
            form = FORMS[turn % len(FORMS)]
            out = self.folder / f"log{turn % 6}.{form}"  # some lie there already from an earlier turn
            began = time.perf_counter()
            if turn < len(FORMS):
                export(self.path, self.folder / f"timed.{form}")
                self.counts[f"ms_{form}"] = round(1000 * (time.perf_counter() - began))
            seconds = 2 * self.counts[f"ms_{form}"] / 1000
            self.counts["killed"] += killed_at_random(export, self.path, out, seconds=seconds, random=random)
            self.counts["left_by_kills"] += bool(self.leftovers())
            self.look(out, f"kill {turn}")
            if turn % 4 == 3:
                self.next_run()

    def full(self, trials: int, random: Random) -> None:
        sizes = {found.suffix[1:]: found.stat().st_size for found in self.folder.glob("timed.*")}
        told = self.folder / "told"
        for turn in range(trials):
            form = FORMS[turn % len(FORMS)]
            out, size = self.folder / f"full{turn % 4}.{form}", sizes[form]
            room = random.choice((100, 40_000, size // 3, size // 2, size - 1))
            process = START.Process(target=export_on_a_full_disk, args=(self.path, out, room))
            process.start()
            process.join(60)
            self.counts["disk_full"] += 1
            if told.exists() and told.read_text() != "yes":
                self.wrong.append(f"full disk with room for {room}: {told.read_text()[:200]}")
            told.unlink(missing_ok=True)
            self.look(out, f"full disk {turn}")
            if left := self.leftovers():
                self.wrong.append(f"full disk {turn} left {left}")

    def next_run(self) -> None:
        export(self.path, self.folder / "next.csv")
        if left := self.leftovers():
            self.counts["left_after_the_next_run"] += len(left)
            self.wrong.append(f"left after the next run: {left}")


def run(kills: int = 15, full: int = 6, entries: int = 1500, seed: int = 1) -> Outcome:
    random = Random(seed)
    with practice() as path:
        clinic = standing(path)
        clinic.run(admit, 80)
        clinic.run(work_a_month, entries)
        clinic.close_here()
        folder = path.parent / "out"
        folder.mkdir()
        watch = Watch(path, folder)
        watch.killed(kills, random)
        watch.next_run()
        watch.full(full, random)
        export(path, folder / "last.csv")
        watch.look(folder / "last.csv", "the last run")
        clinic = standing(path)
        found = clinic.verify()
        with contextlib.suppress(OSError):
            clinic.close_here()
    names = ("killed", "disk_full", "absent", "complete", "torn", "left_by_kills", "left_after_the_next_run")
    figures = {
        "kills": kills,
        **{name: watch.counts[name] for name in names},
        "findings": len(found),
        "error": "; ".join(watch.wrong[:4]),
    }
    tried = watch.counts["killed"] > 0 and watch.counts["complete"] > 0
    return Outcome(not watch.wrong and not found and tried, figures)
