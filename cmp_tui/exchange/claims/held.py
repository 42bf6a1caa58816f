"""What the clinic file holds of people whom claims speak of: a few queries for every few hundred of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.clinic.history import UNDONE
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, among, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.model import Service, Stay, Visit
from cmp_tui.enrollment.model import Consent, Enrollment, Intake
from cmp_tui.patients.model import Condition, Patient, Provider, Sourced

MODELS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "patient": Patient,
        "intake": Intake,
        "condition": Condition,
        "stay": Stay,
        "visit": Visit,
        "service": Service,
    }
)
"""The table of each kind of record (plan.KINDS)."""
SOURCED: Mapping[str, type[Sourced]] = MappingProxyType(
    {"condition": Condition, "stay": Stay, "visit": Visit, "service": Service}
)
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "condition": ("system", "code", "group", "chronic", "status"),
        "stay": ("kind", "admitted", "discharged", "discharged_to"),
        "visit": ("date", "kind", "practitioner"),
        "service": ("code", "start", "practitioner"),
    }
)
"""What a record of each kind is known by, besides its source."""
PIECE = 400


class Here(NamedTuple):
    """A record that is here: `values` are its COLUMNS. `imported` is its version right after an import wrote it."""

    key: bytes
    version: int
    source: str
    digest: str
    imported: int
    struck: bool
    values: tuple[Any, ...]


class TakenIn(NamedTuple):
    """An intake that is here, or was struck out."""

    stage: str
    source: str
    received: date
    ended_on: date | None
    end: str | None
    back_on: date | None
    struck: bool


class Enrolled(NamedTuple):
    """A time in a program."""

    program: str
    status: str
    end: date | None


@dataclass(slots=True)
class Held:
    """What is here of one patient."""

    version: int = 0
    mbi: str = ""
    payer: str = ""
    sex: str = "U"
    deceased: bool = False
    records: dict[str, list[Here]] = field(default_factory=lambda: {kind: [] for kind in SOURCED})
    intakes: list[TakenIn] = field(default_factory=list)
    times: list[Enrolled] = field(default_factory=list)
    refused: tuple[str, date] | None = None
    """The last decision about consent, when it was to decline or revoke, and its day."""


def claims_held(scope: Scope, patients: Sequence[bytes]) -> dict[bytes, Held]:
    """Returns what is here of some patients."""
    found = {key: Held() for key in patients}
    for at in range(0, len(patients), PIECE):
        _some(found, patients[at : at + PIECE])
    return found


def _some(found: dict[bytes, Held], keys: Sequence[bytes]) -> None:
    p = Patient
    for key, version, mbi, payer, sex, deceased in rows(
        p.live(p.id, p.version, p.mbi, p.payer, p.sex, p.deceased).where(among(p.id, keys))
    ):
        one = found[key]
        one.version, one.mbi, one.payer, one.sex, one.deceased = (
            version,
            mbi or "",
            payer or "",
            sex,
            deceased,
        )
    for kind, model in SOURCED.items():
        for key, here in _records(model, COLUMNS[kind], keys):
            found[key].records[kind].append(here)
    i, e, c = Intake, Enrollment, Consent
    for key, stage, source, received, ended, end, back, struck, why in rows(
        i.select(
            i.patient, i.stage, i.source, i.received, i.ended_on, i.end, i.back_on, i.struck_at, i.struck_why
        ).where(among(i.patient, keys))
    ):
        if struck is None or why != UNDONE:
            found[key].intakes.append(TakenIn(stage, source, received, ended, end, back, struck is not None))
    for key, program, status, end in rows(
        e.live(e.patient, e.program, e.status, e.end).where(among(e.patient, keys))
    ):
        found[key].times.append(Enrolled(program, status, end))
    for key, decision, day in rows(
        c.live(c.patient, c.decision, c.date).where(among(c.patient, keys)).order_by(c.date, c.id)
    ):
        if decision != "asked":
            found[key].refused = (decision, day) if decision in ("declined", "revoked") else None


def _records(
    model: type[Sourced], columns: Sequence[str], keys: Sequence[bytes]
) -> Iterator[tuple[bytes, Here]]:
    m: Any = model
    named = [getattr(m, name) for name in columns]
    query = m.select(
        m.patient,
        m.id,
        m.version,
        m.source,
        m.source_digest,
        m.source_version,
        m.struck_at,
        m.struck_why,
        *named,
    ).where(among(m.patient, keys))
    for patient, key, version, source, digest, imported, struck, why, *values in rows(query):
        if struck is None or why != UNDONE:
            yield (
                patient,
                Here(
                    key, version, source or "", digest or "", imported or 0, struck is not None, tuple(values)
                ),
            )


class Practitioners:
    """Who an NPI is: the username of one of the staff, a name of the directory, what the claim calls them, or the
    number itself. `own` are the clinic's numbers."""

    def __init__(self, scope: Scope) -> None:
        self._names: dict[str, str] = {}
        for number, name, house in rows(
            Provider.live(Provider.npi, Provider.name, Provider.organization).where(
                Provider.npi.is_null(False)
            )
        ):
            self._names[number] = name or house
        self._staff = {
            number: username
            for number, username in rows(
                Staff.live(Staff.npi, Staff.username).where(Staff.npi.is_null(False))
            )
            if number
        }
        own = {scope.settings.npi} if scope.settings.npi else set()
        self.own = frozenset(own | set(self._staff))

    def named(self, number: str, name: str = "") -> str | None:
        """Returns who it is, None when nothing is known."""
        return (
            self._staff.get(number)
            or self._names.get(number)
            or name
            or (f"NPI {number}" if number else None)
        )
