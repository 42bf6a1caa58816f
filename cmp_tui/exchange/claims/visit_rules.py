"""Visits, and services that bear on our own billing, out of the lines of claims. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.exchange.claims.records import Claim, Marks

KINDS = MappingProxyType({"office": "em", "wellness": "awv", "welcome": "ippe", "transition": "tcm"})
"""The clinic's kinds of visits, by what a code stands for."""
SERVICE = "service"
NO_VISIT = frozenset({"21", "23", "51", "61"})
"""Places of service where a visit is part of a stay: hospitals and emergency departments."""


class VisitIn(NamedTuple):
    """A visit, by whom (an NPI and perhaps a name)."""

    date: date
    kind: str
    npi: str
    name: str
    code: str
    diagnosis: str
    claim: str
    line: str
    replaced: bool


class ServiceIn(NamedTuple):
    """A service that excludes others, or was billed already; `billing` is the NPI that was to be paid."""

    code: str
    start: date
    end: date
    npi: str
    name: str
    billing: str
    claim: str
    line: str
    replaced: bool


def visits_of(claims: Iterable[Claim], marks: Marks) -> list[VisitIn]:
    """Returns one person's visits: one for each day and practitioner, the weightiest of the day."""
    found: dict[tuple[date, str], VisitIn] = {}
    for claim in claims:
        if claim.kind not in ("outpatient", "professional"):
            continue
        for line in claim.lines:
            kind = KINDS.get(marks.codes.get(line.code, ""))
            if kind is None or line.place in NO_VISIT:
                continue
            who = line.npi or claim.attending or claim.billing
            one = VisitIn(
                line.day, kind, who, line.name, line.code, next(iter(claim.diagnoses), ""), claim.id,
                line.number, claim.replaced,
            )  # fmt: skip
            before = found.get((line.day, who))
            if before is None or (before.kind == "em" and kind != "em"):
                found[line.day, who] = one
    return sorted(found.values(), key=lambda one: (one.date, one.claim, one.line))


def services_of(claims: Iterable[Claim], marks: Marks, services: frozenset[str]) -> list[ServiceIn]:
    """Returns one person's services, each code of a day and practitioner once."""
    found: dict[tuple[str, date, str], ServiceIn] = {}
    for claim in claims:
        for line in claim.lines:
            if line.code in services:
                who = line.npi or claim.attending
                key = (line.code, line.day, who)
                found.setdefault(
                    key,
                    ServiceIn(
                        line.code, line.day, line.until, who, line.name, claim.billing, claim.id, line.number,
                        claim.replaced,
                    ),
                )  # fmt: skip
    return sorted(found.values(), key=lambda one: (one.start, one.code, one.claim))


def in_hospice(claims: Sequence[Claim], since: date) -> bool:
    """Tells whether hospice was billed since a day."""
    return any(claim.kind == "hospice" and claim.end >= since for claim in claims)
