"""What is known of one patient while the reading goes on, and the bundle that it becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from cmp_tui.exchange.fhir.directory import Directory
from cmp_tui.exchange.fhir.measurements import paired
from cmp_tui.exchange.fhir.medications import Order, collapse, undrugged
from cmp_tui.exchange.fhir.records import (
    Allergy,
    Attached,
    Caregiver,
    Condition,
    Measurement,
    PatientBundle,
    Payer,
    Person,
    Stay,
    Vaccine,
    Visit,
)

Record = Caregiver | Payer | Condition | Allergy | Order | Visit | Stay | Measurement | Vaccine
T = TypeVar("T")


class Pending(NamedTuple):
    """Keys that could not be answered when the record was read."""

    place: str
    parent: str
    reason: str


class Seat(NamedTuple):
    """A practitioner's place in a care team."""

    practitioner: str
    role: str


@dataclass(slots=True)
class Held:
    """One patient's records so far. `contested`: two different people came under this id."""

    person: Person | None = None
    records: dict[str, Record] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    teams: set[str] = field(default_factory=set)
    contested: bool = False

    def absorb(self, other: Held) -> None:
        """Takes in what another document says of the same patient; the later word holds."""
        self.person = other.person or self.person
        self.records.update(other.records)
        self.pending.update(other.pending)
        self.seats.update(other.seats)
        self.teams |= other.teams
        self.contested = self.contested or other.contested

    def kinds(self) -> Counter[str]:
        """How many resources of which kind are held, besides the patient."""
        found = Counter(source.partition("/")[0] for source in self.records)
        found["CareTeam"] += len(self.teams)
        return +found

    def bundle(
        self, person: Person, directory: Directory, skip: Callable[[str], None], *, again: bool
    ) -> PatientBundle:
        """Everything of this patient, with the names that are known by now. `skip` counts what falls out."""
        for source, pending in self.pending.items():
            self.records[source] = self._settled(self.records[source], pending, directory)
        inner = {
            source
            for source, pending in self.pending.items()
            if pending.parent and _same_stay(self.records[source], self.records.get(pending.parent))
        }
        for _ in inner:
            skip("Encounter (part of a stay)")
        sorted_: dict[type, list[Record]] = {}
        for source, record in self.records.items():
            if source not in inner:
                sorted_.setdefault(type(record), []).append(record)

        def of(kind: type[T]) -> list[T]:
            return sorted_.get(kind, [])  # type: ignore[return-value]  # filed by their type

        orders = of(Order)
        for each in undrugged(orders, directory):
            skip(f"{each.source.partition('/')[0]} (its drug is not in the input)")
        visits = [_named(visit, directory) for visit in of(Visit)]
        stays = [_named(stay, directory) for stay in of(Stay)]
        person = person._replace(practitioners=tuple(map(directory.find, person.practitioners)))
        return PatientBundle(
            person,
            tuple(of(Payer)),
            tuple(of(Caregiver)),
            tuple(of(Condition)),
            tuple(of(Allergy)),
            collapse(person.source, orders, directory),
            tuple(visits),
            tuple(stays),
            tuple(paired(of(Measurement))),
            tuple(of(Vaccine)),
            self._team(person, visits, directory),
            again,
        )

    def _settled(self, record: Record, pending: Pending, directory: Directory) -> Record:
        if pending.place and (name := directory.place_name(pending.place)):
            if isinstance(record, Stay):
                record = record._replace(facility=name)
            elif isinstance(record, Visit):
                record = record._replace(place=name)
            elif isinstance(record, Payer):
                record = record._replace(name=name)
        if pending.reason and isinstance(record, Stay | Visit):
            because = self.records.get(pending.reason)
            if isinstance(because, Condition):
                record = record._replace(reason=because.display)
        return record

    def _team(self, person: Person, visits: list[Visit], directory: Directory) -> tuple[Attached, ...]:
        """Each practitioner once, for the strongest reason; with the day of the latest visit."""
        last: dict[str, str] = {}
        for visit in visits:
            if visit.practitioner and visit.start and visit.status != "planned":
                last[visit.practitioner] = max(visit.start.day, last.get(visit.practitioner, ""))
        seats = {directory.find(key): seat.role for key, seat in self.seats.items()}
        found: dict[str, Attached] = {}
        ranked = [(key, "primary-care") for key in person.practitioners]
        ranked += [(key, "care-team") for key in seats]
        ranked += [(key, "seen") for key in sorted(last, key=lambda key: last[key], reverse=True)]
        for key, how in ranked:
            if key not in found:
                found[key] = Attached(key, directory.name(key), how, seats.get(key, ""), last.get(key, ""))
        return tuple(found.values())


V = TypeVar("V", Visit, Stay)


def _named(record: V, directory: Directory) -> V:
    key = record.practitioner
    if not key:
        return record
    known = directory.find(key)
    if known == key and record.practitioner_name:
        return record
    name = record.practitioner_name or directory.name(known)
    return record._replace(practitioner=known, practitioner_name=name)


def _same_stay(record: Record, parent: Record | None) -> bool:
    """Whether an encounter only tells a part of a stay that is told as a whole."""
    return isinstance(record, Stay) and isinstance(parent, Stay) and record.kind == parent.kind
