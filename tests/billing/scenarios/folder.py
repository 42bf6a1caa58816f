"""A scenario of the month: a records folder as a person writes it goes in, `month --json` comes out.

    said = judged(tmp_path, {"patients": "mrn,payer\nM1,Medicare", "stays": ...}, "2026-10")
    assert bills(said) == [("99495", 1, "levin", "2026-10-09")]

The names are those of the files without .csv. Where a scenario has no staff.csv, `STAFF` is there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any

from cmp_tui.billing.month_queries import as_object, month_view
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.staff import change_setting
from cmp_tui.exchange.records.actions import import_records, import_staff
from cmp_tui.exchange.records.queries import records_plan
from cmp_tui.exchange.records.reading import open_folder
from cmp_tui.tables import TABLES

Said = dict[str, Any]
YEARS_END = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
"""Thursday 31 December 2026, 17:00 in Chicago: every month that the rules cover has been."""
LONG_AGO = datetime(2020, 1, 2, tzinfo=UTC)

STAFF = """
    username,name,credential,roles,may_bill
    levin,Amy Levin,MD,clinician,1
    cho,Jin Cho,NP,clinician,1
    ben,Ben Ortiz,LPN,care-manager,
    cora,Cora Diaz,CHW,care-manager,
    mo,Mo Hale,none,care-manager,
"""
"""dana (RN, care manager and administrator) is there besides."""


def clinic_of(
    folder: Path, files: Mapping[str, str], *, now: datetime = YEARS_END, refused: int = 0, **settings: Any
) -> Clinic:
    """A new clinic that has imported a folder. `refused` says how many rows the import must refuse."""
    place = next(each for n in count() if not (each := folder / f"scenario-{n}").exists())
    rows = place / "records"
    rows.mkdir(parents=True)
    for name, text in {"staff": STAFF, **files}.items():
        (rows / f"{name}.csv").write_text(dedent(text).strip() + "\n")
    path = place / "clinic.cmp"
    shutil.copyfile(_empty(folder.parent), path)
    path.chmod(0o600)
    clinic = open_clinic(path, TABLES, os_name="dana", clock=FrozenClock(now), reference=_reference())
    for name, value in settings.items():
        clinic.run(change_setting, name, value)
    plan = clinic.read(records_plan, open_folder(rows))
    assert len(plan.refusals) == refused, plan.refusals
    clinic.run(import_staff, plan)
    clinic.run(import_records, plan)
    return clinic


def _empty(folder: Path) -> Path:
    """A clinic file with nobody in it but dana, made once for each folder that holds the tests' own."""
    path = folder / "empty.cmp"
    if not path.exists():
        clinic = make_clinic(
            path,
            TABLES,
            admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
            settings={"name": "Lakeside", "time_zone": "America/Chicago"},
            clock=FrozenClock(LONG_AGO),
            os_name="dana",
        )
        clinic.close_here()
    return path


@cache
def _reference() -> Reference:
    """The program's tables, read once: they are the same for every scenario."""
    return Reference()


def judged(
    folder: Path,
    files: Mapping[str, str],
    month: str,
    *,
    mrn: str = "M1",
    now: datetime = YEARS_END,
    refused: int = 0,
    **settings: Any,
) -> Said:
    """What `month --json` says of a patient after the import of a folder; {} when the patient is not listed."""
    clinic = clinic_of(folder, files, now=now, refused=refused, **settings)
    try:
        return month_of(clinic, month, mrn)
    finally:
        clinic.close_here()


def month_of(clinic: Clinic, month: str, mrn: str = "M1") -> Said:
    """What `month --json` says of a patient of a clinic; {} when the patient is not listed."""
    told = json.loads(json.dumps(as_object(clinic.read(month_view, Month.parse(month)))))
    found: list[Said] = [each for each in told["patients"] if each["mrn"] == mrn]
    return found[0] if found else {}


def bills(said: Said) -> list[tuple[str, int, str | None, str]]:
    """The lines in short: code, units, practitioner, date of service."""
    return [_short(line) for line in said["lines"]]


def codes(said: Said) -> dict[str, int]:
    """The codes that are billed, and their units."""
    return {line["code"]: line["units"] for line in said["lines"]}


def others(said: Said) -> list[dict[str, int]]:
    """The codes and units of each alternative."""
    return [{line["code"]: line["units"] for line in one["lines"]} for one in said["alternatives"]]


def rules(said: Said, where: str = "blocked", program: str | None = None) -> set[str]:
    """The rules that block, or warn ("warnings"), of one program or of all."""
    return {note["rule"] for note in said[where] if program is None or note["program"] == program}


def says(said: Said, where: str = "blocked", program: str | None = None) -> str:
    """All that blocks, or warns, in words."""
    return " | ".join(note["says"] for note in said[where] if program is None or note["program"] == program)


def _short(line: Said) -> tuple[str, int, str | None, str]:
    return line["code"], line["units"], line["practitioner"], line["date_of_service"]
