"""What a FHIR reading gives: plain, frozen records, grouped by patient. No FHIR and no database in here.

Text is cleaned, dates are the text that FHIR gave ("1938-05"), codes are the clinic's own where
data/records.toml has a column for them. "" and None mean: not stated.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import NamedTuple, Protocol


def _plain(value: object) -> object:
    """What json cannot write by itself, as something that stays the same from run to run."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    assert isinstance(value, Decimal)
    return str(value)


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"), check_circular=False)


class Sourced(Protocol):
    """A record and where it came from: `source` is 'Kind/id', the same in every export of one system.

    All that are in here are named tuples whose first value it is.
    """

    @property
    def source(self) -> str: ...


def digest(record: Sourced) -> str:
    """16 hex digits over everything of a record but its source: equal digests mean that nothing has changed."""
    assert isinstance(record, tuple)
    return blake2b(_ENCODER.encode(record[1:]).encode("ascii"), digest_size=8).hexdigest()


class Moment(NamedTuple):
    """When: the day as the source wrote it (YYYY, YYYY-MM or YYYY-MM-DD), and the instant if it gave one.

    The day is the source's own calendar day; whoever knows the clinic's time zone takes it from `at`.
    """

    day: str
    at: datetime | None = None


class Code(NamedTuple):
    """One code. `system` is icd-10-cm, snomed, rxnorm, loinc, cvx, or else the system's address."""

    system: str
    code: str
    display: str


class Name(NamedTuple):
    """A name of a person. `use` is FHIR's: official, usual, maiden, nickname, old ..."""

    use: str
    family: str
    given: str
    prefix: str = ""
    suffix: str = ""


class Phone(NamedTuple):
    """`use` is mobile, home, work or other."""

    use: str
    number: str


class Address(NamedTuple):
    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


class Person(NamedTuple):
    """Who the patient is."""

    source: str
    mrn: str
    mrn_from: str  # "MR" (said to be one), "identifier" (the system's own number) or "id" (FHIR's id)
    name: Name
    other_names: tuple[Name, ...]
    birth_date: str
    sex: str  # F, M, X, U
    deceased: bool
    deceased_on: str
    phones: tuple[Phone, ...]
    email: str
    address: Address
    language: str
    language_code: str
    interpreter: bool | None
    marital: str
    mbi: str
    active: bool
    replaced_by: str  # source of the person this one was merged into
    practitioners: tuple[str, ...]  # primary care, as sources


class Payer(NamedTuple):
    """An insurance. `kind` is the clinic's payer code, guessed from the type and the name."""

    source: str
    name: str
    kind: str
    member: str
    status: str
    order: int
    start: str
    end: str


class Caregiver(NamedTuple):
    """Someone close: `relationship` is the clinic's code, `relation` the source's words."""

    source: str
    name: Name
    relationship: str
    relation: str
    phones: tuple[Phone, ...]
    email: str


class Condition(NamedTuple):
    source: str
    system: str  # icd-10-cm, snomed, other
    code: str
    display: str
    codes: tuple[Code, ...]  # all that the source gave
    status: str
    verification: str
    onset: str
    abatement: str
    recorded: str
    categories: tuple[str, ...]  # problem-list-item, encounter-diagnosis, health-concern ...


class Allergy(NamedTuple):
    source: str
    system: str
    code: str
    display: str
    none_known: bool  # "no known allergies"
    kind: str  # allergy, intolerance
    categories: tuple[str, ...]  # food, medication, environment, biologic
    status: str
    verification: str
    criticality: str  # low, high, unable-to-assess
    severity: str  # mild, moderate, severe: the worst reaction
    reactions: str
    onset: str
    recorded: str


class Medication(NamedTuple):
    """One drug of one patient, however often it was ordered. `source` names patient and drug."""

    source: str
    system: str  # rxnorm, other
    code: str
    display: str
    status: str  # the clinic's medication_status
    dosage: str
    reason: str
    setting: str  # "inpatient" when ordered for a stay, else ""
    first: Moment | None
    last: Moment | None
    prescriber: str  # source of a practitioner
    prescriber_name: str
    until: Moment | None  # when it ended or shall end, if stated
    orders: int  # how many orders and statements went into this line


class Visit(NamedTuple):
    source: str
    setting: str  # office, home, virtual, hospice, other
    kind: str  # the source's words
    status: str
    start: Moment | None
    end: Moment | None
    practitioner: str
    practitioner_name: str
    place: str
    reason: str


class Stay(NamedTuple):
    source: str
    kind: str  # inpatient, observation, snf, ed
    words: str
    status: str
    admitted: Moment | None
    discharged: Moment | None
    practitioner: str
    practitioner_name: str
    facility: str
    discharged_to: str  # the clinic's discharged_to, or ""
    disposition: str  # the source's words
    reason: str


class Measurement(NamedTuple):
    source: str
    kind: str  # what the code list calls it
    system: str
    code: str
    display: str
    taken: Moment
    value: Decimal | None  # for blood pressure: systolic
    second: Decimal | None  # for blood pressure: diastolic
    comparator: str  # <, <=, >=, > or ""
    unit: str
    answer: str  # when the value is words
    answer_code: str
    status: str


class Vaccine(NamedTuple):
    source: str
    kind: str
    system: str
    code: str
    display: str
    given: Moment | None
    status: str  # completed, not-done
    reason: str  # why not done


class Practitioner(NamedTuple):
    """A person who treats. Known from its own record, or only by name where others mention it."""

    source: str
    name: Name
    npi: str
    specialty: str
    organization: str
    phones: tuple[Phone, ...]
    email: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A practitioner who belongs to a patient. `how` is primary-care, care-team or seen."""

    practitioner: str
    name: str
    how: str
    role: str
    last: str  # day of the latest visit


@dataclass(frozen=True, slots=True)
class PatientBundle:
    """Everything of one patient. `again` says: more of a patient that this reading has already given."""

    person: Person
    payers: tuple[Payer, ...] = ()
    caregivers: tuple[Caregiver, ...] = ()
    conditions: tuple[Condition, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    medications: tuple[Medication, ...] = ()
    visits: tuple[Visit, ...] = ()
    stays: tuple[Stay, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    vaccines: tuple[Vaccine, ...] = ()
    team: tuple[Attached, ...] = ()
    again: bool = False

    @property
    def payer(self) -> Payer | None:
        """The insurance in force that pays first."""
        live = [payer for payer in self.payers if payer.status in ("active", "")]
        return min(live, key=lambda payer: (payer.order, bool(payer.end)), default=None)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the input. `lost` says whether anything was left out because of it."""

    file: str
    line: int | None
    sentence: str
    lost: bool = True
