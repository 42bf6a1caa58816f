"""Stays and emergency visits out of claims: bills of one stay joined, one emergency a day, none before a stay. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.exchange.claims.records import Claim, Line, Marks

ACUTE = frozenset({"inpatient", "psychiatric", "rehab", "ltch", "observation", "partial"})
STILL_THERE = "30"
OPEN_DAYS = 45
"""A bill that says "still a patient" leaves the stay open so many days before the files' last day; later on the day of
leaving is simply not known."""
NEXT_BILL = timedelta(days=1)
TO = MappingProxyType(
    {
        "01": "home", "06": "home", "08": "home", "81": "home", "86": "home", "02": "hospital", "05": "hospital",
        "43": "hospital", "62": "hospital", "63": "hospital", "65": "hospital", "66": "hospital", "82": "hospital",
        "85": "hospital", "88": "hospital", "90": "hospital", "91": "hospital", "93": "hospital", "94": "hospital",
        "03": "snf", "61": "snf", "83": "snf", "89": "snf", "04": "nursing-facility", "64": "nursing-facility",
        "84": "nursing-facility", "92": "nursing-facility", "50": "hospice", "51": "hospice", "20": "died",
        "40": "died", "41": "died", "42": "died", "07": "other", "21": "other", "69": "other", "70": "other",
        "87": "other", "95": "other",
    }
)  # fmt: skip
"""Where to, by the patient's status at the end of a claim (NUBC, form locator 17)."""
SETTINGS = frozenset({"23"})
"""Places of service that are an emergency department."""


class StayIn(NamedTuple):
    """A stay as claims tell it. `claims` are those that speak of it, the one that names it first; `line` is the line
    of an emergency visit. `guessed`: they left, but the day is that of the last bill."""

    kind: str
    admitted: date
    discharged: date | None
    to: str
    facility: str
    facility_name: str
    diagnosis: str
    claims: tuple[str, ...]
    line: str = ""
    replaced: bool = False
    guessed: bool = False


def stays_of(claims: Sequence[Claim], marks: Marks, last: date) -> list[StayIn]:
    """Returns one person's stays and emergency visits, oldest first. `last` is the last day that the files speak of."""
    found = _joined([claim for claim in claims if claim.kind in ("inpatient", "snf")], last)
    watched: list[StayIn] = []
    for claim in claims:
        for what in ("observation", "partial"):
            if claim.kind == "outpatient" and (lines := _marked(claim, marks, what)):
                first = min(line.day for line in lines)
                watched.append(_short(claim, what, first, max(claim.end, first), ""))
    for stay in watched:
        if not any(_leads_to(stay.admitted, other, stay.discharged) for other in found):
            found.append(stay)
    emergencies: dict[date, StayIn] = {}
    # The hospital's own bill first: it knows where to; the doctor's bill speaks of the same visit.
    for claim in sorted(claims, key=lambda one: one.kind != "outpatient"):
        if claim.kind not in ("outpatient", "professional"):
            continue
        for line in _marked(claim, marks, "emergency"):
            if claim.kind == "professional" and line.place and line.place not in SETTINGS:
                continue
            if line.day not in emergencies:
                emergencies[line.day] = _short(claim, "ed", line.day, line.day, line.number)
    found += [one for day, one in emergencies.items() if not any(_leads_to(day, stay, day) for stay in found)]
    return sorted(found, key=lambda one: (one.admitted, one.kind))


def _leads_to(day: date, stay: StayIn, until: date | None) -> bool:
    """Whether something that began on a day is part of a stay: it lies within it, or ends as it begins."""
    if stay.kind not in ACUTE:
        return False
    before = stay.admitted - NEXT_BILL <= (until or day) and day <= stay.admitted
    return before or (
        stay.admitted <= day and (stay.discharged is None or day <= stay.discharged - NEXT_BILL)
    )


def _marked(claim: Claim, marks: Marks, what: str) -> list[Line]:
    return [
        line
        for line in claim.lines
        if marks.codes.get(line.code) == what or marks.revenues.get(line.revenue) == what
    ]


def _short(claim: Claim, kind: str, first: date, until: date, line: str) -> StayIn:
    status = claim.status if claim.kind == "outpatient" else ""
    return StayIn(
        kind, first, until, TO.get(status, ""), claim.facility, claim.facility_name,
        next(iter(claim.diagnoses), ""), (claim.id,), line, claim.replaced,
    )  # fmt: skip


def _joined(claims: Iterable[Claim], last: date) -> list[StayIn]:
    """One stay for all bills of one admission to one place; a bill that goes on where the last ended belongs to it."""
    places: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        kind = "snf" if claim.kind == "snf" else claim.house or "inpatient"
        places[kind, claim.facility].append(claim)
    found = []
    for (kind, _), theirs in places.items():
        run: list[Claim] = []
        for claim in sorted(theirs, key=lambda one: (one.admitted or one.start, one.start, one.end)):
            if run and not _goes_on(run, claim):
                found.append(_stay(kind, run, last))
                run = []
            run.append(claim)
        found.append(_stay(kind, run, last))
    return found


def _goes_on(run: list[Claim], claim: Claim) -> bool:
    if claim.admitted is not None and claim.admitted == (run[0].admitted or run[0].start):
        return True
    still_there = run[-1].status == STILL_THERE
    return still_there and claim.start <= max(one.end for one in run) + NEXT_BILL


def _stay(kind: str, run: list[Claim], last: date) -> StayIn:
    first, newest = run[0], max(run, key=lambda one: one.end)
    admitted = min(first.admitted or first.start, first.start) if first.admitted else first.start
    told = next((one.discharged for one in reversed(run) if one.discharged is not None), None)
    discharged, guessed = told, False
    if told is None and newest.status != STILL_THERE:
        discharged = newest.end
    elif told is None and newest.end < last - timedelta(days=OPEN_DAYS):
        discharged, guessed = newest.end, True
    if discharged is not None:
        discharged = max(discharged, admitted)
    return StayIn(
        kind, admitted, discharged, "" if guessed or discharged is None else TO.get(newest.status, ""),
        first.facility, first.facility_name, next(iter(first.diagnoses), ""), tuple(one.id for one in run), "",
        any(one.replaced for one in run), guessed,
    )  # fmt: skip
