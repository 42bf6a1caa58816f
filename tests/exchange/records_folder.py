"""Records folders in tests: written in a few words, planned, imported, exported, compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.opening import make_clinic
from cmp_tui.clinic.records import Record, columns_of, rows
from cmp_tui.exchange.records.actions import import_records, import_staff
from cmp_tui.exchange.records.export import write_records
from cmp_tui.exchange.records.plan import RecordsPlan
from cmp_tui.exchange.records.queries import records_plan
from cmp_tui.exchange.records.reading import open_folder
from cmp_tui.tables import TABLES
from tests.conftest import MONDAY

COUNTS = ("new", "changed", "same", "struck", "refused", "made")


def put(folder: Path, **files: str | bytes) -> Path:
    """Writes files of a folder; the lines of a text stand under each other, without their indentation."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        if isinstance(text, str):
            text = "".join(f"{line.strip()}\n" for line in text.strip().split("\n")).encode()
        (folder / f"{name}.csv").write_bytes(text)
    return folder


def plan(clinic: Clinic, folder: Path) -> RecordsPlan:
    """What importing a folder would do."""
    return clinic.read(records_plan, open_folder(folder))


def bring(clinic: Clinic, folder: Path) -> RecordsPlan:
    """Imports a folder; returns the plan."""
    made = plan(clinic, folder)
    clinic.run(import_staff, made)
    clinic.run(import_records, made)
    return made


def counts(made: RecordsPlan, name: str) -> dict[str, int]:
    """What happens with a file's rows, without what is nothing."""
    one = made.files[name]
    return {each: getattr(one, each) for each in COUNTS if getattr(one, each)}


def refused(made: RecordsPlan) -> list[str]:
    """The refusals, one text each."""
    return [f"{told.file}:{told.line} {told.says}" for told in made.refusals]


def notes(made: RecordsPlan) -> list[str]:
    """What people should look at, one text each."""
    return [f"{told.file}:{told.line} {told.says}" for told in made.notes]


def export(clinic: Clinic, folder: Path) -> dict[str, bytes]:
    """Exports everything; returns the files."""
    write_records(clinic, folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def fresh(path: Path, *, zone: str = "America/Chicago", practice: bool = False) -> Clinic:
    """A new clinic file with nobody in it but dana."""
    settings: dict[str, Any] = {"name": "Lakeside", "time_zone": zone}
    if practice:
        settings |= {"practice": True, "practice_person": "dana"}
    return make_clinic(
        path,
        TABLES,
        admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
        settings=settings,
        clock=FrozenClock(MONDAY),
        os_name="dana",
    )


def living(clinic: Clinic, model: type[Record], *names: str) -> list[tuple[Any, ...]]:
    """Columns ("mrn family") of the living records of a table, by id; people of the staff by username."""

    def records(scope: object) -> list[tuple[Any, ...]]:
        who = {bytes(key): name for key, name in rows(Staff.select(Staff.id, Staff.username))}
        wanted = " ".join(names).split() or columns_of(model)
        return [
            tuple(who.get(value, value) if isinstance(value, bytes) else value for value in row)
            for row in rows(model.live(*(getattr(model, name) for name in wanted)).order_by(model.id))
        ]

    return clinic.read(records)


def at(day: int, hour: int, minute: int = 0, *, month: int = 10, second: int = 0) -> datetime:
    """A moment of 2026 on Chicago's clock in summer."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC) + timedelta(hours=5)
