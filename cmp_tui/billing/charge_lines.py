"""A line to bill with what a claim asks for, and what became of it after a month was closed. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType, NoneType
from typing import Any, NamedTuple

from cmp_tui.billing.engine.result import MonthResult


class Charge(NamedTuple):
    """One line to bill. `rendering_npi` is the practitioner's, `billing_npi` the clinic's.

    `status` is "open" in an open month; in a closed one "closed" for what was kept, and "amended" for what it would
    be now, if that differs (0 units: it would not be billed any more). `amended_at` is clinic time.
    """

    mrn: str
    patient: str
    birth_date: str | None
    mbi: str | None
    payer: str | None
    code: str
    units: int
    program: str
    minutes: int | None
    date_of_service: date
    place_of_service: str
    diagnoses: str
    practitioner: str | None
    rendering_npi: str | None
    billing_npi: str | None
    warnings: int
    status: str = "open"
    amended_at: datetime | None = None

    def as_kept(self) -> dict[str, Any]:
        """Returns the line as plain values, as a closed month keeps it."""
        values = self._asdict()
        del values["status"], values["amended_at"]
        return {**values, "date_of_service": self.date_of_service.isoformat()}

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> Charge:
        """Returns the line that a closed month kept."""
        day = date.fromisoformat(values["date_of_service"])
        return cls(**{**values, "date_of_service": day, "status": "closed"})

    @property
    def billed(self) -> tuple[Any, ...]:
        """What is billed: a line that agrees in this is the same."""
        return (
            *self._key, self.units, self.minutes, self.date_of_service, self.place_of_service, self.diagnoses,
        )  # fmt: skip

    @property
    def _key(self) -> tuple[str | None, ...]:
        return self.code, self.program, self.practitioner


def charges_of(result: MonthResult, billing_npi: str | None) -> Iterator[Charge]:
    """Gives a patient's lines, in the order in which the month shows them."""
    facts = result.facts
    for line in result.lines:
        person = facts.staff.get(line.practitioner or "")
        warned = sum(note.program in (None, line.program) for note in result.warnings)
        yield Charge(
            facts.mrn, facts.name, facts.birth_date, facts.mbi, facts.payer, line.code, line.units, line.program,
            line.minutes, line.date_of_service, line.place_of_service, ";".join(line.diagnoses),
            person.name if person else line.practitioner, person.npi if person else None, billing_npi, warned,
        )  # fmt: skip


def is_kept(result: Any, charges: Any) -> bool:
    """Tells whether plain values are what a closed month keeps of a patient: for what comes in from outside."""
    try:
        typed = all(
            isinstance(value, _HOLDS.get(name, _TEXT))
            for one in charges
            for name, value in Charge.kept(one)._asdict().items()
        )
        lines = [
            (one["code"], one["units"], one["practitioner"], one["date_of_service"])
            for one in result["lines"]
        ]
        notes = [(one["program"], one["says"], one["source"]) for one in result["blocked"]]
        minutes = [one["staff"] + one["practitioner"] for one in result["minutes"].values()]
        names = [result["mrn"] + result["name"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return typed and all(isinstance(part, list) for part in (charges, lines, notes, minutes, names))


_TEXT = (str, NoneType)
_HOLDS: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {"units": (int,), "minutes": (int, NoneType), "warnings": (int,), "date_of_service": (date,)}
)


def beside(kept: Sequence[Charge], now: Iterable[Charge], amended_at: datetime | None) -> list[Charge]:
    """Returns the lines that a closed month kept, then those that differ now; what is billed no more has 0 units."""
    open_: dict[tuple[Any, ...], list[Charge]] = defaultdict(list)
    for one in kept:
        open_[one._key].append(one)
    differing = []
    for one in now:
        alike = open_[one._key]
        if any(other.billed == one.billed for other in alike):
            alike[:] = [other for other in alike if other.billed != one.billed]
        else:
            alike[:] = alike[1:]  # another amount in the place of one that was kept
            differing.append(one)
    gone = [one for one in kept if one in open_[one._key]]
    differing += [one._replace(units=0, minutes=None) for one in gone]
    return [*kept, *(one._replace(status="amended", amended_at=amended_at) for one in differing)]
