"""A generated practice clinic of any size, up to 100,000 patients: made once through `Clinic.run`, then kept.

It is kept outside the repository, in a folder of the machine's temporary files whose name holds the size, the
seed and a digest of what makes it, so that a change of the schema or of this code makes another one.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import Month, local
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.file import SCHEMA
from cmp_tui.clinic.model import TABLES as GROUND
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.clinic.records import Table
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.staff import add_staff, staff_list
from cmp_tui.exchange.demo.actions import make_demo, open_demo
from cmp_tui.exchange.demo.records import Batch
from cmp_tui.exchange.demo.words import load_words
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.tables import TABLES
from tests.bench import big_people, big_work, names
from tests.bench.big_people import Life, Maker, shared_out
from tests.bench.big_work import Book, Person, one_month

SEED = 7
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday 23 November 2026, 9:00 in Chicago: five working days are left in the month."""
FROZEN = "2026-11-23T09:00"
WEEKS = 23
"""So many weeks of work lie before now: about ten time entries and four tasks a patient."""
PIECE = 2_000
"""Patients that come in with one change."""
ENROLLED = 0.72
LOG_MONTH = Month.parse("2026-10")
CREDENTIALS = ("RN", "RN", "LPN", "SW")

Tell = Callable[[str], None]


class Shape(NamedTuple):
    """How large a clinic is. With `log` so many time entries lie in one month (LOG_MONTH), and no other work."""

    patients: int
    managers: int
    log: int = 0

    @property
    def name(self) -> str:
        """As its folder is called."""
        return f"{self.patients}-{self.managers}" + (f"-log{self.log}" if self.log else "")


def clinic_file(shape: Shape, seed: int = SEED, tell: Tell = lambda text: None) -> Path:
    """Returns the clinic's file; makes it when there is none yet (full size: two or three minutes, 1.2 GB)."""
    folder = Path(tempfile.gettempdir()) / f"cmp-tui-bench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{shape.name}-{seed}-{_digest()}" / "clinic.cmp"
    if not path.exists():
        for older in folder.glob(f"{shape.name}-{seed}-*"):
            shutil.rmtree(older)
        aside = folder / f".{os.getpid()}-{shape.name}"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        began = time.perf_counter()
        try:
            facts = make(aside / "clinic.cmp", shape, seed, tell)
            aside.replace(path.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        size = path.stat().st_size / 1e6
        tell(f"made {shape.name} in {time.perf_counter() - began:.0f} s: {facts}, {size:,.0f} MB")
    return path


def open_big(path: Path) -> Clinic:
    """Opens a generated clinic at its moment, as the care manager whose panel is looked at."""
    return open_clinic(path, TABLES, frozen=FROZEN)


def make(path: Path, shape: Shape, seed: int, tell: Tell = lambda text: None) -> str:
    """Makes the clinic at `path`; returns what is in it, in words."""
    reference = Reference()
    words = load_words(reference.folder)
    monday = local(NOW, zone := ZoneInfo(words.time_zone)).date()
    monday -= timedelta(days=monday.weekday())
    first = LOG_MONTH.first + timedelta(days=4) if shape.log else monday - timedelta(weeks=WEEKS)
    clock = FrozenClock(datetime(first.year, first.month, first.day, 13, tzinfo=zone) - timedelta(days=3))
    clinic = make_clinic(
        path,
        TABLES,
        admin={"username": "iris", "name": "Iris Cole", "credential": "none"},
        settings={"name": "Big Lake Clinics", "time_zone": words.time_zone, "practice": True},
        clock=clock,
        os_name="bench",
        reference=reference,
    )
    try:
        people = _hire(clinic, shape)
        clock.at += timedelta(minutes=5)
        maker = Maker(seed, words, load_condition_tables(reference.folder), NOW.date(), first)
        lives: list[Life] = []
        counts: dict[str, int] = {}
        whose = shared_out(shape.patients, shape.managers, seed)
        for start in range(0, shape.patients, PIECE):
            batch: Batch = {}
            for number in range(start, min(start + PIECE, shape.patients)):
                enrolled = number * 37 % 100 < ENROLLED * 100
                life = Life(number, clinic.new_id(), whose[number], enrolled)
                lives.append(life)
                maker.put(batch, life, people[life.manager].key, people[life.manager].key)
            _write(clinic, batch, counts)
            clock.at += timedelta(minutes=1)
            tell(f"{len(lives):,} of {shape.patients:,} patients")
        if shape.log:
            parts = max(1, shape.log // 25_000)
            for part in range(parts):
                _write(
                    clinic,
                    one_month(seed, lives, people, clinic.new_id, first, shape.log, part, parts),
                    counts,
                )
                clock.at += timedelta(minutes=1)
                tell(f"{counts['TimeEntry']:,} of {shape.log:,} entries")
        else:
            book = Book(seed, lives, people, clinic.new_id, first, NOW)
            for number in range(WEEKS + 1):
                week = datetime(first.year, first.month, first.day, 23, tzinfo=UTC)
                clock.at = min(NOW, week + timedelta(weeks=number, days=4))
                _write(clinic, book.week(number), counts)
                tell(f"week {number + 1} of {WEEKS + 1}: {book.entries:,} entries, {book.tasks:,} tasks")
            _write(clinic, book.left_open(), counts)
        clock.at = NOW
        clinic.run(open_demo, "cm001", seed)
    finally:
        clinic.close_here()
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _hire(clinic: Clinic, shape: Shape) -> list[Person]:
    """The care managers and the doctor; their names are of the same lists as everybody's."""
    rng, drawn = Random("staff"), names.People()
    for number in range(1, shape.managers + 1):
        name = drawn.one(rng, "F")
        clinic.run(
            add_staff,
            username=f"cm{number:03}",
            name=f"{name.given or 'Ann'} {name.family}",
            credential=CREDENTIALS[number % len(CREDENTIALS)],
            roles=frozenset({"care-manager"} if number > 1 else {"care-manager", "admin"}),
            clinical=True,
        )
    clinic.run(
        add_staff, username="levin", name="Amy Levin", credential="MD", roles=frozenset({"clinician"})
    )  # fmt: skip
    rows = {row.username: row for row in clinic.read(staff_list, everyone=True)}
    found = (rows[f"cm{number:03}"] for number in range(1, shape.managers + 1))
    return [Person(row.id, f"{row.name}, {row.credential}", row.credential) for row in found]


def _write(clinic: Clinic, batch: Batch, counts: dict[str, int]) -> None:
    if batch:
        clinic.run(make_demo, batch)
    for model, rows in batch.items():
        counts[model.__name__] = counts.get(model.__name__, 0) + len(rows)


def _digest() -> str:
    """Of the code that makes the clinic, the demo's words, and the columns and indexes of every table."""
    whole = hashlib.sha256(str(SCHEMA).encode())
    for module in (sys.modules[__name__], big_people, big_work, names):
        whole.update(inspect.getsource(module).encode())
    whole.update(names.WORDS.read_bytes() + (Reference().folder / "demo.toml").read_bytes())
    tables: tuple[type[Table], ...] = (*GROUND, *TABLES)
    for table in tables:
        indexes = [index._name for index in table._meta.fields_to_index()]
        whole.update(f"{table._meta.table_name} {table._meta.sorted_field_names} {indexes}".encode())
    return whole.hexdigest()[:12]
