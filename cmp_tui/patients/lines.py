"""What this room's queries return: one named tuple for each kind of line."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

TAG = re.compile(r" \((disorder|finding|situation|morphologic abnormality|observable entity)\)$")
"""What SNOMED CT puts behind a name to say of which kind it is; nobody at a clinic says it."""


class PatientLine(NamedTuple):
    """A patient on one line of a list."""

    id: bytes
    mrn: str
    family: str
    given: str | None
    birth_date: str | None
    sex: str
    deceased: bool

    @property
    def name(self) -> str:
        """Family name first; who has one name only is called by it."""
        return f"{self.family}, {self.given}" if self.given else self.family


class PhoneLine(NamedTuple):
    """A telephone number; the first in a list is called first."""

    id: bytes
    version: int
    number: str
    use: str
    rank: int
    remarks: str | None


class PersonLine(NamedTuple):
    """Someone around the patient."""

    id: bytes
    version: int
    name: str
    relationship: str
    phone: str | None
    language: str | None
    caregiver: bool
    may_talk: bool | None
    remarks: str | None


class Card(NamedTuple):
    """A patient with everything that stands in the preview and at the head of the chart.

    `practitioner_name` is the name behind `billing_practitioner` (a username of the staff, or a name).
    """

    id: bytes
    version: int
    mrn: str
    family: str
    given: str | None
    preferred: str | None
    other_names: str | None
    birth_date: str | None
    sex: str
    deceased: bool
    deceased_on: str | None
    language: str | None
    interpreter: bool | None
    best_time: str | None
    may_leave_message: bool | None
    street: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    email: str | None
    payer: str | None
    mbi: str | None
    qmb: bool | None
    care_manager: bytes | None
    billing_practitioner: str | None
    remarks: str | None
    source: str | None
    care_manager_name: str | None
    practitioner_name: str | None
    phones: tuple[PhoneLine, ...]
    people: tuple[PersonLine, ...]

    @property
    def may_talk_to(self) -> tuple[PersonLine, ...]:
        """Those around the patient with whom we may talk."""
        return tuple(person for person in self.people if person.may_talk)


class ConditionLine(NamedTuple):
    """A health condition. `group` is one of data/condition_groups.toml."""

    id: bytes
    version: int
    system: str
    code: str | None
    display: str
    own_words: str | None
    group: str | None
    chronic: bool | None
    status: str
    onset: str | None
    resolved: str | None
    confirmed_by: str | None
    confirmed_on: date | None
    source: str | None

    @property
    def words(self) -> str:
        """What it is called here: own words, else the code's without SNOMED's "(disorder)" behind it."""
        return self.own_words or TAG.sub("", self.display)

    @property
    def from_claims(self) -> bool:
        """Whether only a payer's claims say it: they brought it, and nobody has confirmed it."""
        return self.confirmed_on is None and (self.source or "").startswith("claim/")


class AllergyLine(NamedTuple):
    """An allergy or intolerance."""

    id: bytes
    version: int
    substance: str
    system: str | None
    code: str | None
    reaction: str | None
    severity: str | None
    status: str
    onset: str | None
    source: str | None


class TeamLine(NamedTuple):
    """Someone else who cares for the patient."""

    id: bytes
    version: int
    name: str
    role: str
    specialty: str | None
    organization: str | None
    phone: str | None
    fax: str | None
    npi: str | None
    until: date | None


class SheetNoteLine(NamedTuple):
    """What a spreadsheet said of a patient under a heading that has no place here."""

    id: bytes
    version: int
    label: str
    text: str


class ProviderLine(NamedTuple):
    """A practitioner or organization of the directory; `until` is the last day on which we send people there."""

    id: bytes
    version: int
    name: str
    kind: str | None
    specialty: str | None
    organization: str | None
    phone: str | None
    fax: str | None
    hours: str | None
    address: str | None
    npi: str | None
    remarks: str | None
    until: date | None
    source: str | None

    @property
    def words(self) -> str:
        """Who it is on one line: 'Dr. Kenji Ito, cardiology, Lakeside Heart'."""
        parts = (self.name, self.specialty, self.organization if self.organization != self.name else None)
        return ", ".join(part for part in parts if part)


class LoanLine(NamedTuple):
    """A panel lent to a colleague; `now` says whether it is lent today."""

    id: bytes
    version: int
    owner: bytes
    owner_name: str
    cover: bytes
    cover_name: str
    starts: date
    ends: date
    why: str | None
    now: bool
