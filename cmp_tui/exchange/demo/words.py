"""The words of the fictional clinic: what data/demo.toml holds, read once and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import read_toml

FILE = "demo.toml"


class StaffWords(NamedTuple):
    """A member of the fictional staff."""

    username: str
    name: str
    credential: str
    roles: list[str]
    npi: str | None = None


class Places(NamedTuple):
    """Where people live, and how they like to be called."""

    streets: list[str]
    units: list[str]
    towns: list[str]
    state: str
    postal_code: str
    areas: list[str]
    best_times: list[str]
    phone_remarks: list[str]


class Names(NamedTuple):
    """What the other people are called."""

    families: list[str]
    women: list[str]
    men: list[str]
    helpers: list[str]


class PersonWords(NamedTuple):
    """Someone with a name of their own, perhaps with a part to play (`case`)."""

    family: str
    sex: str
    age: int
    conditions: list[str]
    given: str | None = None
    preferred: str | None = None
    other_names: str | None = None
    language: str | None = None
    interpreter: bool = False
    case: str = ""
    manager: str | None = None
    helper: str | None = None
    best_time: str | None = None
    remarks: str | None = None
    payer: str | None = None


class ConditionWords(NamedTuple):
    """A condition: how common, its ICD-10-CM code, what is measured, its medicines with their dosages."""

    key: str
    weight: int
    code: str
    display: str
    measures: list[str]
    drugs: list[tuple[str, str]]
    own_words: list[str] = []


class PastWords(NamedTuple):
    """Something that is over; without a code it is in people's own words."""

    display: str
    code: str | None = None


class AllergyWords(NamedTuple):
    """An allergy."""

    substance: str
    reaction: str
    severity: str


class VaccineWords(NamedTuple):
    """A vaccine."""

    kind: str
    display: str


class ProviderWords(NamedTuple):
    """Someone outside the clinic; `groups` are the conditions for which they are asked."""

    name: str
    role: str
    organization: str
    groups: list[str]
    specialty: str | None = None
    kind: str | None = None
    phone: str | None = None
    fax: str | None = None
    hours: str | None = None
    address: str | None = None
    remarks: str | None = None


class Hospitals(NamedTuple):
    """Where people stay."""

    names: list[str]
    reasons: list[str]
    snf: str


class NoteWords(NamedTuple):
    """A note with blanks: after a contact in four lines, or about work at the desk in one (`note`)."""

    why: str = ""
    changed: str = ""
    did: str = ""
    next: str = ""
    task: str = ""
    group: str = ""
    with_whom: str = "patient"
    mode: str = "phone"
    activity: str = "call"
    outcome: str = "reached"
    note: str = ""


class Words(NamedTuple):
    """Everything in the file."""

    clinic: str
    time_zone: str
    npi: str
    phone: str
    phone_always: str
    doctor: str
    staff: list[StaffWords]
    places: Places
    names: Names
    people: list[PersonWords]
    conditions: list[ConditionWords]
    past: list[PastWords]
    allergies: list[AllergyWords]
    vaccines: list[VaccineWords]
    providers: list[ProviderWords]
    hospitals: Hospitals
    notes: list[NoteWords]
    tries: list[NoteWords]
    work: list[NoteWords]
    stories: dict[str, dict[str, str]]
    fax: str = ""


T = TypeVar("T", bound=tuple[Any, ...])


def load_words(folder: Path) -> Words:
    """Reads data/demo.toml. Raises Stopped with a sentence when it can't be read or lacks something."""
    raw = read_toml(folder / FILE)
    try:
        clinic = raw["clinic"]
        return Words(
            clinic["name"],
            clinic["time_zone"],
            clinic["npi"],
            clinic["phone"],
            clinic["phone_always"],
            clinic["doctor"],
            _each(StaffWords, raw, "staff"),
            _made(Places, raw["places"]),
            _made(Names, raw["names"]),
            _each(PersonWords, raw, "person"),
            _each(ConditionWords, raw, "condition"),
            _each(PastWords, raw, "past"),
            _each(AllergyWords, raw, "allergy"),
            _each(VaccineWords, raw, "vaccine"),
            _each(ProviderWords, raw, "provider"),
            _made(Hospitals, raw["hospitals"]),
            _each(NoteWords, raw, "note"),
            _each(NoteWords, raw, "try"),
            _each(NoteWords, raw, "work"),
            raw["story"],
            clinic.get("fax", ""),
        )
    except (KeyError, TypeError) as error:
        raise Stopped(
            f"The reference file {FILE} lacks something: {error}. Correct it, or reinstall."
        ) from error


def _each(kind: type[T], raw: Mapping[str, Any], name: str) -> list[T]:
    return [_made(kind, table) for table in raw[name]]


def _made(kind: type[T], table: Mapping[str, Any]) -> T:
    """A table of the file as its named tuple; `with` is a word of the language, so it is called with_whom here."""
    return kind(**{"with_whom" if name == "with" else name: value for name, value in table.items()})
