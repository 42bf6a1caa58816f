"""What the fault tests share: a clinic to hurt, an action whose books must balance, processes that report."""

from __future__ import annotations

import io
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from cmp_tui.cli.context import fail_softly
from cmp_tui.cli.main import cli
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import Clock, frozen_from
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.settings import Settings
from cmp_tui.clinic.staff import add_staff
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.patients.model import Patient, Phone
from cmp_tui.patients.rules import fold_names
from cmp_tui.tables import TABLES

PATIENTS = 20
PATIENCE = 600
"""Seconds after which processes that do not report are a failure."""
FAMILIES = (
    "Okafor", "Ruiz-Moreno", "Tran", "Weiss", "Bell", "O'Brien", "Nguyen", "Ferreira", "Schmidt", "Adeyemi",
)  # fmt: skip
GIVEN = ("Ana", "James", "Linh", "Ruth", "Tom", "Maeve", "Duc", "Inês", "Karl", "Bola", "Joan", "Pia")


class Outcome(NamedTuple):
    """Whether it held, and the figures that show it."""

    held: bool
    figures: dict[str, Any]


def fill(change: Change, count: int = PATIENTS) -> None:
    """Patients whose given name is a number: how many phones they have."""
    change.add_many(
        Patient, [{"mrn": str(n), "family": "Okafor", "given": "0", "folded": "okafor"} for n in range(count)]
    )


def book(change: Change, mrn: str, key: bytes) -> None:
    """Adds a phone and counts it at its patient, as they are now: an update that is lost shows in the books."""
    patient = Patient.get(Patient.mrn == mrn)
    change.edit(Patient, patient.id, None, given=str(int(patient.given) + 1))
    change.add(Phone, key, patient=patient.id, number="555")


def append(change: Change, key: bytes, seen: int, remarks: str) -> None:
    change.edit(Patient, key, seen, remarks=remarks)


def add_big(change: Change, mrn: str) -> None:
    change.add(Patient, mrn=mrn, family="Okafor", given="0", folded="okafor", remarks="x" * 1900)


def work_a_month(change: Change, count: int) -> None:
    """So many time entries in October 2026, over all patients, some with awkward notes."""
    patients = [key for (key,) in Patient.select(Patient.id).order_by(Patient.mrn).tuples()]
    first = datetime(2026, 10, 1, 13, 0, tzinfo=UTC)
    rows = []
    for number in range(count):
        start = first + timedelta(minutes=17 * number % 43_000)
        end = start + timedelta(seconds=60 + number % 900)
        values = {"start": start, "end": end, "entered_at": end, "staff": change.who.id, "activity": "call"}
        values |= {
            "patient": patients[number % len(patients)],
            "credential": "RN",
            "clinical": True,
            "program": "CCM",
        }
        rows.append({**values, "note": f'call {number}, "weight" stable\n=1+1' if number % 3 else None})
    change.add_many(TimeEntry, rows)


def killed_at_random(work: Callable[..., Any], *args: Any, seconds: float, random: Random) -> bool:
    """Runs work in a process of its own and kills it at a random moment; returns whether it was still at it."""
    process = START.Process(target=work, args=args)
    process.start()
    process.join(random.uniform(0, seconds))
    alive = bool(process.is_alive())
    if alive:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return alive


RIGHTS = Rights(
    {
        **ACTIONS,
        **{
            f"common.{name}": Right(CARE)
            for name in ("fill", "book", "append", "add_big", "admit", "work_a_month")
        },
    }
)


def books(scope: Scope) -> tuple[int, int]:
    """The phones that are counted at the patients of `fill`, and the phones that are there: equal, or lost."""
    counted = sum(int(row.given) for row in Patient.live(Patient.given).where(Patient.mrn < "N"))
    return counted, int(Phone.live().count())


def keys_of_phones(scope: Scope) -> set[bytes]:
    return {key for (key,) in Phone.select(Phone.id).tuples()}


def keys_of_patients(scope: Scope) -> list[bytes]:
    return [key for (key,) in Patient.select(Patient.id).order_by(Patient.mrn).tuples()]


def reopened(path: Path, key: str | None = None, os_name: str = "dana", clock: Clock | None = None) -> Clinic:
    return open_clinic(path, TABLES, os_name=os_name, rights=RIGHTS, key=key, clock=clock)


def hire(path: Path, count: int, patients: int = 0) -> None:
    """Adds care managers p0, p1 … to a clinic file, and patients with different names."""
    clinic = reopened(path)
    for number in range(count):
        clinic.run(
            add_staff,
            username=f"p{number}",
            name=f"Person {number}",
            credential="RN",
            roles=frozenset({"care-manager"}),
            os_user=f"p{number}",
        )
    clinic.run(admit, patients)
    clinic.close_here()


def admit(change: Change, count: int) -> None:
    """Patients with names to search for, spread over the care managers of `hire`."""
    managers = [key for (key,) in Staff.select(Staff.id).where(Staff.username != "dana").tuples()] or [None]
    people = [(FAMILIES[n % len(FAMILIES)], GIVEN[n // len(FAMILIES) % len(GIVEN)]) for n in range(count)]
    change.add_many(
        Patient,
        [
            {
                "mrn": f"N{number}",
                "family": family,
                "given": given,
                "folded": fold_names(family, given, None, None),
                "birth_date": f"19{30 + number % 40}-0{1 + number % 9}-1{number % 10}",
                "care_manager": managers[number % len(managers)],
            }
            for number, (family, given) in enumerate(people)
        ],
    )


@contextmanager
def hurt_me(key: str | None = None) -> Iterator[Path]:
    """A closed clinic file with some patients, in a folder that goes away. No process has it open."""
    folder = Path(tempfile.mkdtemp(prefix="cmp-tui-fault-"))
    try:
        clinic = make_clinic(
            folder / "clinic.cmp",
            TABLES,
            admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
            settings={"name": "Lakeside", "time_zone": "America/Chicago"},
            os_name="dana",
            rights=RIGHTS,
            key=key,
        )
        clinic.run(fill)
        clinic.close_here()
        yield folder / "clinic.cmp"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def processes(work: Callable[..., dict[str, Any]], count: int, *args: Any) -> list[dict[str, Any]]:
    """Runs `work(number, *args)` in as many processes at once; returns what each reports."""
    results: Any = START.Queue()
    started = [START.Process(target=_report, args=(results, work, number, args)) for number in range(count)]
    for process in started:
        process.start()
    reports = [results.get(timeout=PATIENCE) for _ in started]
    for process in started:
        process.join(30)
    return reports


def _report(results: Any, work: Callable[..., dict[str, Any]], number: int, args: tuple[Any, ...]) -> None:
    try:
        results.put(work(number, *args))
    except BaseException as error:  # noqa: BLE001 - a process that dies must be counted
        results.put({"errors": 1, "error": repr(error)})


START: Any = multiprocessing.get_context(
    "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
)
"""Children start when no connection is open, so that none crosses a fork."""


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


NOW = "2026-11-23T09:00"
"""The moment at which practice files stand: a Monday morning in Chicago."""


@contextmanager
def practice(name: str = "Lakeside", now: str = NOW, zone: str = "America/Chicago") -> Iterator[Path]:
    """A closed practice file that opens as Dana Ruiz, RN, whoever runs the program, in a folder that goes away."""
    folder = Path(tempfile.mkdtemp(prefix="cmp-tui-fault-"))
    try:
        path = folder / "practice.cmp"
        settings = {"name": name, "time_zone": zone, "practice": True, "practice_person": "dana"}
        make_clinic(
            path,
            TABLES,
            admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
            settings=settings,
            os_name="dana",
            rights=RIGHTS,
            clock=frozen_from(now, Settings(time_zone=zone).zone),
        ).close_here()
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def standing(path: Path, now: str = NOW) -> Clinic:
    """Opens a practice file at a moment."""
    return open_clinic(path, TABLES, frozen=now, rights=RIGHTS)


class Said(NamedTuple):
    """What a command left behind."""

    status: int
    out: bytes
    err: bytes

    @property
    def told(self) -> str:
        return (self.out + self.err).decode()


def command(path: Path | None, *arguments: str | Path, stdin: bytes = b"", now: str | None = NOW) -> Said:
    """Runs `cmp-tui ARGUMENTS` in this process, as main() does; `path` is the clinic file."""
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (stdin, b"", b"")]
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr, dict(os.environ)
    for name, value in (("CMP_TUI_DB", path), ("CMP_TUI_NOW", now)):
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = str(value)
    sys.argv, (sys.stdin, sys.stdout, sys.stderr) = ["cmp-tui", *map(str, arguments)], streams
    try:
        status = fail_softly(cli)
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr, environment = before
        os.environ.clear()
        os.environ.update(environment)
        for stream in streams[1:]:
            stream.flush()
    out, err = (stream.buffer.getvalue() for stream in streams[1:])  # type: ignore[attr-defined]
    return Said(status, out, err)
