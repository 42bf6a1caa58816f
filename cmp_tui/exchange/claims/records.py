"""What a reading of claim files gives: people and their claims, plain and frozen. No file format and no database here.

"" and None mean: not stated. An NPI stands as it was billed; who it is, the clinic's file knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

Kind = str
"""inpatient, snf, outpatient, professional, home-health or hospice."""


class Member(NamedTuple):
    """Someone whom claims are about. `source` names them at the payer; `year` is how recent what is said of them is."""

    source: str
    family: str = ""
    given: str = ""
    birth_date: str = ""
    sex: str = "U"
    mbi: str = ""
    payer: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    deceased_on: str = ""
    year: str = ""


class Line(NamedTuple):
    """A line of a claim that says something to us: a visit, an emergency, observation, a service that excludes ours."""

    number: str
    day: date
    until: date
    code: str
    revenue: str
    place: str
    npi: str
    name: str = ""


class Claim(NamedTuple):
    """One version of a claim.

    `id` names the claim, the same for all its versions; among 837 claims of one `family` (sender's number) a
    replacement may have another day. `frequency` is the third place of the type of bill; `version` orders versions.
    `facility` is the NPI of where it was, `house` what its number or taxonomy says it is (a `stay_kind`), `status` the
    patient's status at the end (NUBC). Diagnoses are ICD-10-CM without the dot, the principal one first.
    """

    member: str
    id: str
    family: str
    kind: Kind
    start: date
    end: date
    admitted: date | None = None
    discharged: date | None = None
    status: str = ""
    frequency: str = "1"
    version: str = ""
    facility: str = ""
    facility_name: str = ""
    house: str = ""
    billing: str = ""
    attending: str = ""
    attending_name: str = ""
    diagnoses: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    replaced: bool = False


class Marks(NamedTuple):
    """Which lines say something: what procedure codes and revenue codes stand for (data/claims.toml)."""

    codes: Mapping[str, str]
    revenues: Mapping[str, str]

    def wants(self, code: str, revenue: str) -> bool:
        """Whether a line is worth keeping."""
        return code in self.codes or revenue in self.revenues
