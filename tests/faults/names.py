"""Names in every script, joined emoji, heaps of accents, both forms: kept, found, aligned, exported (row 30)."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import unicodedata
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from rich.cells import cell_len

from cmp_tui.app import CmpApp
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.text import clean
from cmp_tui.contacts.actions import log_time
from cmp_tui.files.formula import armed
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import Names, find_patients
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import MARGIN
from tests.app.driving import Driver
from tests.faults.common import Outcome, command, practice, standing
from tests.hostile import NAMES

RANGES = (
    (0x41, 0x17F), (0x370, 0x3FF), (0x400, 0x4FF), (0x531, 0x587), (0x5D0, 0x5EA), (0x621, 0x64A), (0x905, 0x939),
    (0xE01, 0xE2E), (0x10D0, 0x10F0), (0x1EA0, 0x1EF9), (0x3041, 0x30FE), (0x4E00, 0x9FBF), (0xAC00, 0xD7A3),
    (0x1F600, 0x1F64F),
)  # fmt: skip
MARKS = "\u0301\u0308\u0323\u0327\u0300\u0302\u0303\u030a"
BORN = "1948-02-11"


def made(random: Random) -> str:
    """A name of two to ten signs of one script, some with accents of their own."""
    low, high = random.choice(RANGES)
    signs = [chr(random.randint(low, high)) for _ in range(random.randint(2, 10))]
    name = "".join(sign + (random.choice(MARKS) if random.random() < 0.1 else "") for sign in signs)
    return unicodedata.normalize(random.choice(("NFC", "NFD")), name)


def all_names(count: int) -> list[str]:
    random = Random(30)
    return [*NAMES[:count], *(made(random) for _ in range(count - len(NAMES)))]


class Watch:
    """What became of the names."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def note(self, what: str, name: str, how: object) -> None:
        self.counts[what] += 1
        self.wrong.append(f"{what}: {name!r} {how!r}")


def store(clinic: Clinic, names: list[str], watch: Watch) -> dict[str, str]:
    """Adds a patient for each name, with a minute of work; returns the names by record number as they are kept."""
    kept: dict[str, str] = {}
    for number, name in enumerate(names):
        wanted = clean(name, limit=10_000).text
        fits = len(wanted) <= 120
        try:
            person = clinic.run(
                add_patient, mrn=f"N{number}", family=name, given="Ana", birth_date=BORN, sex="F"
            )
        except ValueError as error:
            watch.note("traceback", name, error)
            continue
        except Exception as error:  # noqa: BLE001 - a sentence that says how long it is
            if fits or f"{len(wanted):,}" not in str(getattr(error, "fields", "")):
                watch.note("refused", name, error)
            watch.counts["too_long"] += 1
            continue
        stored = person.family
        if stored != wanted or not unicodedata.is_normalized("NFC", stored) or clean(stored).text != stored:
            watch.note("changed", name, stored)
        kept[person.mrn] = stored
        end = clinic.clock.now() - timedelta(minutes=number)
        clinic.run(log_time, person.id, start=end - timedelta(minutes=1), end=end, activity="call")
    return kept


def search(clinic: Clinic, kept: dict[str, str], watch: Watch) -> None:
    """Looks for each name as it is kept, and as other systems spell the same."""
    held = Names()
    for family in set(kept.values()):
        for form in ("NFC", "NFD", "NFKD"):
            typed = unicodedata.normalize(form, family)
            watch.counts["searches"] += 1
            found = clinic.read(find_patients, typed, 20, held)
            if all(row.family != family for row in found):
                watch.note("not_found", family, (form, [row.family for row in found[:2]]))


def export(path: Path, kept: dict[str, str], watch: Watch) -> None:
    """Holds the names in the time log against those in the file."""
    said = command(path, "export", "time-log", "--month", "2026-11")
    rows = list(csv.DictReader(io.StringIO(said.out.decode(), newline="")))
    as_json = json.loads(command(path, "export", "time-log", "--month", "2026-11", "--format", "json").out)
    for form, log in (("csv", rows), ("json", as_json)):
        watch.counts["exported"] += len(log)
        told = {row["mrn"]: armed(row["patient"]) if form == "csv" else row["patient"] for row in log}
        for mrn, family in kept.items():
            if told.get(mrn) != f"{family}, Ana":
                watch.note("export_differs", family, (form, told.get(mrn)))


async def align(path: Path, watch: Watch, pages: int) -> None:
    """Looks at the age column of every row of the caseload: it begins in the same cell, whatever stands before it."""
    app = CmpApp(standing(path))
    async with app.run_test(size=(120, 36)) as pilot:
        person = Driver(pilot)
        await person.press("2")
        table = app.board.query_one("#rows", WindowTable)
        for _ in range(pages):
            lines = [table.render_line(y) for y in range(table.size.height)]
            for strip in lines:
                if not strip.text.strip() or "78 F" not in strip.text:
                    continue
                watch.counts["rows"] += 1
                before, _, _ = strip.text.partition("78 F")
                x = cell_len(before)
                if x != MARGIN + 17 + 1 + 1 or cell_len(strip.text) != table.size.width:
                    watch.note("not_aligned", strip.text[:30], (x, cell_len(strip.text)))
            await person.press("pagedown")


def run(n: int = 200) -> Outcome:
    watch = Watch()
    with practice() as path:
        clinic = standing(path)
        names = all_names(max(n, len(NAMES)))
        kept = store(clinic, names, watch)
        search(clinic, kept, watch)
        export(path, kept, watch)
        clinic.close_here()
        asyncio.run(align(path, watch, min(40, len(names) // 25 + 1)))
    figures = {
        "names": len(names),
        "kept": len(kept),
        **{
            name: watch.counts[name]
            for name in (
                "too_long", "changed", "refused", "traceback", "searches", "not_found", "exported", "export_differs",
                "rows", "not_aligned",
            )
        },
        "error": "; ".join(watch.wrong[:30]),
    }  # fmt: skip
    enough = len(kept) > 0.9 * len(names) and watch.counts["rows"] >= min(len(kept), 30)
    return Outcome(not watch.wrong and enough, figures)
