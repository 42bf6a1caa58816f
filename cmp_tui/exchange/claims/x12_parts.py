"""What stands of a person and a claim while an X12 file is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class PersonRead:
    """A subscriber or patient while it is read."""

    family: str = ""
    given: str = ""
    number: str = ""
    born: str = ""
    sex: str = "U"
    payer: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    died: str = ""


@dataclass(slots=True)
class LineRead:
    """A line while it is read."""

    number: str
    hcpcs: str = ""
    revenue: str = ""
    place: str = ""
    day: date | None = None
    until: date | None = None
    npi: str = ""
    name: str = ""


@dataclass(slots=True)
class ClaimRead:
    """A claim while it is read."""

    segment: int
    number: str
    bill: str
    frequency: str
    place: str
    start: date | None = None
    end: date | None = None
    admitted: date | None = None
    status: str = ""
    attending: str = ""
    attending_name: str = ""
    facility: str = ""
    facility_name: str = ""
    institutional: bool = False
    diagnoses: dict[str, None] = field(default_factory=dict)
    lines: list[LineRead] = field(default_factory=list)
