"""Many scenarios in one records folder: each is a patient, whose record number is the scenario's name.

    CASES = {"twenty": Case("1b", enrolled("BHI") + spent("BHI", 20), lines="99484")}
    crowd = Crowd(folder, CASES)   # once a module
    crowd.said("twenty")           # what `month --json` says of that patient

Cells are strings as people write them; what a row leaves out is an empty cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from cmp_tui.billing.month_queries import as_object, month_view
from cmp_tui.clinic.calendar import Month
from cmp_tui.exchange.records.layout import LAYOUT_OF
from tests.billing.scenarios.folder import YEARS_END, Said, clinic_of, codes, rules, says

Rows = tuple[tuple[str, dict[str, str]], ...]

STAFF = """
    username,name,credential,roles,may_bill,npi
    levin,Amy Levin,MD,clinician,1,1234567893
    cho,Jin Cho,NP,clinician,1,1245319599
    sol,Sol Park,,clinician,0,
    ben,Ben Ortiz,LPN,care-manager,,
    wanda,Wanda Moss,SW,care-manager,,
    cora,Cora Diaz,CHW,care-manager,,
    mo,Mo Hale,none,care-manager,,
"""
"""dana (RN) is there besides. sol has a licence that may not bill care management."""


class Case(NamedTuple):
    """A scenario: where billing-rules.md says it, the rows, and what the month must say.

    `lines` are codes, with `*2` where the units are not 1, in any order. `blocked` and `warned` are rules,
        each of
    which must be named; `free` are rules that must not be; `says` are words that must stand in a block or a warning.
    `other` are codes that must stand in the alternatives.
    """

    source: str
    rows: Rows
    month: str = "2026-10"
    lines: str = ""
    blocked: str = ""
    warned: str = ""
    free: str = ""
    says: tuple[str, ...] = ()
    other: str = ""
    minutes: Mapping[str, tuple[int, int]] | None = None


def row(file: str, **cells: object) -> Rows:
    """A row of a file; `from_` is the column from."""
    return ((file, {name.rstrip("_"): str(value) for name, value in cells.items()}),)


def patient(**cells: object) -> Rows:
    """A Medicare patient of Amy Levin."""
    given = {
        "birth_date": "1948-02-11",
        "mbi": "1EG4TE5MK73",
        "payer": "Medicare",
        "billing_practitioner": "levin",
    }
    return row("patients", family="Ruiz", given="Ana", **{**given, **cells})


def consented(program: str, on: str = "2026-01-05", decision: str = "accepted", **cells: object) -> Rows:
    """A consent."""
    return row("consents", program=program, decision=decision, date=on, mode="verbal", **cells)


def seen(on: str = "2025-12-15", kind: str = "em", practitioner: str = "levin", **cells: object) -> Rows:
    """A visit at which care management was discussed."""
    given = {"care_management_discussed": "1", **cells}
    return row("visits", date=on, kind=kind, practitioner=practitioner, **given)


def ill(*icd: str) -> Rows:
    """Chronic conditions of the list."""
    return tuple(each for code in icd for each in row("conditions", system="icd-10-cm", code=code, chronic=1))


def joined(program: str, start: str = "2026-01-05", **cells: object) -> Rows:
    """An enrollment, and nothing else."""
    return row("enrollments", program=program, start=start, **cells)


def planned(program: str, made: str = "2026-01-05", given: str = "2026-01-06") -> Rows:
    """A plan that the patient was given."""
    return row(
        "plans",
        program=program,
        made_on=made,
        made_by="levin",
        given_on=given,
        given_how="mail",
        given_to="patient",
    )


ILL_OF: Mapping[str, tuple[str, ...]] = {
    "CCM": ("E11.9", "I50.32"),
    "BHI": ("F33.1", "I10"),
    "COCM": ("F33.1", "I10"),
    "RPM": ("I10",),
    "CHI": ("I10",),
    "PIN": ("C50.911",),
    "APCM": ("E11.9",),
}


def ready(program: str, start: str = "2026-01-05", visit: str = "2025-12-15", **cells: object) -> Rows:
    """All that a program asks for but the minutes."""
    return (
        patient(**cells)
        + consented(program, start)
        + seen(visit)
        + joined(program, start, practitioner="levin")
        + ill(*ILL_OF[program])
        + planned(program, start, start)
    )


def spent(
    program: str, time: int | str, staff: str = "ben", at: str = "2026-10-06T09:00", **cells: object
) -> Rows:
    """Time, in minutes or as "19:59"; the end is written."""
    minutes, _, seconds = str(time).partition(":")
    start = datetime.fromisoformat(at)
    end = start + timedelta(minutes=int(minutes), seconds=int(seconds or 0))
    given = {"activity": "call", "mode": "phone", "with_whom": "patient", "outcome": "reached", **cells}
    return row("time_entries", staff=staff, start=at, end=end.isoformat(), program=program, **given)


def billed(code: str, on: str, to: str = "", practitioner: str = "levin", ours: str = "1") -> Rows:
    """A service that was billed."""
    return row("services", code=code, from_=on, to=to, practitioner=practitioner, ours=ours)


def device(first: str, last: str, days: int) -> Rows:
    """The days with readings of a period."""
    return row("device_days", from_=first, to=last, days=days)


def folder_of(cases: Mapping[str, Rows]) -> dict[str, str]:
    """The files of many patients, with the columns that some of them have."""
    files: dict[str, list[dict[str, str]]] = {}
    for mrn, rows in cases.items():
        for file, cells in rows:
            files.setdefault(file, []).append({"mrn": mrn, **cells})
    return {name: _text(name, rows) for name, rows in files.items()}


def _text(name: str, rows: list[dict[str, str]]) -> str:
    used = {column for each in rows for column in each}
    headings = [column.name for column in LAYOUT_OF[name].columns if column.name in used]
    assert used == set(headings), (name, used - set(headings))
    return "\n".join(
        [",".join(headings), *(",".join(each.get(one, "") for one in headings) for each in rows)]
    )


class Crowd:
    """The scenarios of a module, imported once."""

    def __init__(
        self, folder: Path, cases: Mapping[str, Case], *, now: datetime = YEARS_END, **settings: Any
    ) -> None:
        self.cases = cases
        files = {"staff": STAFF, **folder_of({name: case.rows for name, case in cases.items()})}
        self.clinic = clinic_of(folder, files, now=now, **settings)
        self._months: dict[str, dict[str, Said]] = {}

    def said(self, name: str, month: str | None = None) -> Said:
        """What the month says of a scenario's patient."""
        month = month or self.cases[name].month
        if month not in self._months:
            told = json.loads(json.dumps(as_object(self.clinic.read(month_view, Month.parse(month)))))
            self._months[month] = {each["mrn"]: each for each in told["patients"]}
        return self._months[month].get(name, {})

    def check(self, name: str) -> None:
        """Fails, with all that was said, where a scenario comes out otherwise."""
        case, said = self.cases[name], self.said(name)
        wrong = [] if said else ["is not listed"]
        if said:
            wrong = list(_wrong(case, said))
        assert not wrong, f"section {case.source}: {wrong}\n{json.dumps(said)}"


def _wrong(case: Case, said: Said) -> Iterator[str]:
    if codes(said) != _codes(case.lines):
        yield f"lines {codes(said)}, not {case.lines or 'none'}"
    for where, wanted in (("blocked", case.blocked), ("warnings", case.warned)):
        if missing := set(wanted.split()) - rules(said, where):
            yield f"{where} lacks {missing}"
    if found := set(case.free.split()) & (rules(said) | rules(said, "warnings")):
        yield f"names {found}"
    if case.lines and not case.blocked and said["blocked"]:
        yield f"bills and yet blocks {rules(said)}"
    told = f"{says(said)} | {says(said, 'warnings')}"
    for words in case.says:
        if words not in told:
            yield f"does not say {words!r}"
    alternatives = {line["code"] for one in said["alternatives"] for line in one["lines"]}
    if missing := set(case.other.split()) - alternatives:
        yield f"alternatives lack {missing}"
    for program, (staff, practitioner) in (case.minutes or {}).items():
        if said["minutes"].get(program) != {"staff": staff, "practitioner": practitioner}:
            yield f"minutes are {said['minutes']}"


def _codes(text: str) -> dict[str, int]:
    parts = (word.partition("*") for word in text.split())
    return {code: int(units or 1) for code, _, units in parts}
