"""What the fault tests share: a clinic to hurt, an action whose books must balance, processes that report."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient, Phone
from cmp_tui.tables import TABLES

PATIENTS = 20


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


RIGHTS = Rights(
    {**ACTIONS, **{f"common.{act.__name__}": Right(CARE) for act in (fill, book, append, add_big)}}
)


def books(scope: Scope) -> tuple[int, int]:
    """The phones that are counted at their patients, and the phones that are there: equal, or the books are wrong."""
    counted = sum(int(row.given or 0) for row in Patient.live(Patient.given))
    return counted, int(Phone.live().count())


def keys_of_phones(scope: Scope) -> set[bytes]:
    return {key for (key,) in Phone.select(Phone.id).tuples()}


def reopened(path: Path, key: str | None = None) -> Clinic:
    return open_clinic(path, TABLES, os_name="dana", rights=RIGHTS, key=key)


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
    reports = [results.get(timeout=120) for _ in started]
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
