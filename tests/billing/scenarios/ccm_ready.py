"""A patient of whom everything is known that chronic care management asks for; each scenario changes some rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.billing.month_queries import as_object, month_view
from cmp_tui.clinic.calendar import Month
from tests.billing.scenarios.folder import Said, clinic_of, codes, says

Row = dict[str, Any]
Rows = Sequence[Row] | None
"""Rows of a file, or None: the file is missing."""

STAFF = (
    {"username": "levin", "name": "Amy Levin", "credential": "MD", "clinical": 1, "may_bill": 1},
    {"username": "nina", "name": "Nina Park", "credential": "NP", "clinical": 1, "may_bill": 1},
    {"username": "ben", "name": "Ben Ortiz", "credential": "LPN", "clinical": 1, "may_bill": 0},
    {"username": "rosa", "name": "Rosa Diaz", "credential": "RN", "clinical": 1, "may_bill": 0},
    {"username": "cora", "name": "Cora Hill", "credential": "none", "clinical": 0, "may_bill": 0},
    {"username": "wes", "name": "Wes Okoye", "credential": "CHW", "clinical": 0, "may_bill": 0},
)
PATIENT = {
    "family": "Ruiz",
    "given": "Ana",
    "birth_date": "1948-02-11",
    "sex": "F",
    "mbi": "1EG4-TE5-MK73",
    "payer": "Medicare",
    "qmb": 0,
    "billing_practitioner": "levin",
}
DIABETES = {
    "system": "icd-10-cm",
    "code": "E11.9",
    "display": "Diabetes",
    "chronic": 1,
    "onset": "2015",
    "confirmed_by": "levin",
    "confirmed_on": "2026-01-05",
}
HEART = {**DIABETES, "code": "I50.32", "display": "Heart failure", "onset": "2019"}
CONSENT = {
    "program": "CCM",
    "decision": "accepted",
    "date": "2026-01-05",
    "mode": "verbal",
    "taken_by": "ben",
    "practitioner": "levin",
    "points": "available;cost;one-practitioner;stop",
}
ENROLLMENT = {"program": "CCM", "status": "active", "start": "2026-01-05", "practitioner": "levin"}
VISIT = {
    "date": "2026-01-05",
    "practitioner": "levin",
    "kind": "em",
    "care_management_discussed": 1,
    "mdm": "moderate",
}
PLAN = {
    "program": "CCM",
    "made_on": "2026-01-12",
    "made_by": "levin",
    "given_on": "2026-01-12",
    "given_how": "in-person",
    "given_to": "patient",
}
READY: Mapping[str, Rows] = {
    "staff": STAFF,
    "patients": (PATIENT,),
    "conditions": (DIABETES, HEART),
    "consents": (CONSENT,),
    "enrollments": (ENROLLMENT,),
    "visits": (VISIT,),
    "plans": (PLAN,),
}
PCM_READY: Mapping[str, Rows] = {
    "conditions": (HEART,),
    "consents": ({**CONSENT, "program": "PCM"},),
    "enrollments": ({**ENROLLMENT, "program": "PCM"},),
    "plans": ({**PLAN, "program": "PCM"},),
}


class Case(NamedTuple):
    """A scenario of one patient: where its rule stands, what differs from the ready patient, what the month must say.

    `entries` are the rows of time_entries.csv, `files` other files' rows. `bills` are codes, with *2 where the units
    are not 1; `blocked` and `warned` are all the rules that the month names (those of TCM aside); `says` are words of
    the notes, `minutes` those of staff and of the practitioner.
    """

    where: str
    entries: Rows
    files: Mapping[str, Rows] = MappingProxyType({})
    bills: str = ""
    blocked: str = ""
    warned: str = ""
    month: str = "2026-10"
    says: tuple[str, ...] = ()
    minutes: tuple[int, int] | None = None
    program: str = "CCM"


def spent(start: str, minutes: int, staff: str = "ben", **more: Any) -> Row:
    """A row of time_entries.csv with its minutes; for CCM unless said otherwise."""
    return {"staff": staff, "start": start, "minutes": minutes, "program": "CCM", "activity": "call", **more}


def span(start: str, end: str, staff: str = "ben", **more: Any) -> Row:
    """A row of time_entries.csv with its end."""
    return {"staff": staff, "start": start, "end": end, "program": "CCM", "activity": "call", **more}


def with_minutes(month: str, minutes: int = 20, **more: Any) -> list[Row]:
    """One call on the 20th of a month."""
    return [spent(f"{month}-20T09:00", minutes, **more)]


def _csv(rows: Sequence[Row]) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def texts_of(**files: Rows) -> dict[str, str]:
    """The folder of the ready patient M1, with these files instead of the usual ones."""
    whole = {name: rows for name, rows in {**READY, **files}.items() if rows}
    return {
        name: _csv([row if name == "staff" else {"mrn": "M1", **row} for row in rows])
        for name, rows in whole.items()
    }


class Cases:
    """Many scenarios in one folder, imported once: each is a patient, whose record number is its name."""

    def __init__(self, folder: Path, cases: Mapping[str, Case], **settings: Any) -> None:
        files: dict[str, list[Row]] = {"staff": list(STAFF)}
        for mrn, case in cases.items():
            for name, rows in {**READY, **case.files, "time_entries": case.entries}.items():
                if name != "staff" and rows:
                    files.setdefault(name, []).extend({"mrn": mrn, **row} for row in rows)
        self._clinic = clinic_of(folder, {name: _csv(rows) for name, rows in files.items()}, **settings)
        self._months: dict[str, dict[str, Said]] = {}

    def close(self) -> None:
        """Closes the clinic file."""
        self._clinic.close_here()

    def said(self, mrn: str, month: str) -> Said:
        """What `month --json` says of a scenario's patient; {} when the patient is not listed."""
        if month not in self._months:
            whole = as_object(self._clinic.read(month_view, Month.parse(month)))
            self._months[month] = {one["mrn"]: one for one in json.loads(json.dumps(whole))["patients"]}
        return self._months[month].get(mrn, {})

    def check(self, mrn: str, case: Case) -> Said:
        """Compares what the month says of a scenario with what it must say; returns it."""
        said = self.said(mrn, case.month)
        wanted = {
            code: int(units or 1) for code, _, units in (one.partition("*") for one in case.bills.split())
        }
        assert codes(said) == wanted, says(said)
        for where, rules in (("blocked", case.blocked), ("warnings", case.warned)):
            named = {one["rule"] for one in said[where] if one["program"] != "TCM"}
            assert named == set(rules.split()), says(said, where)
        told = " | ".join(one["says"] for where in ("blocked", "warnings") for one in said[where])
        for words in case.says:
            assert words in told
        if case.minutes is not None:
            assert tuple(said["minutes"][case.program].values()) == case.minutes
        return said
