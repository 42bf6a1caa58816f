"""What is measured, given and visited over time: rows with their day, so that they come in month by month. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from cmp_tui.clinic.calendar import add_business_days, add_months, is_business_day
from cmp_tui.clinic.records import Record
from cmp_tui.encounters.model import Stay, Visit
from cmp_tui.exchange.demo.days import Days
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.records import PRACTITIONER, Row
from cmp_tui.exchange.demo.words import Words
from cmp_tui.measurements.model import Measurement, Vaccination

MONTHS_BACK = 20


class Dated(NamedTuple):
    """A row and the day on which it came about."""

    day: date
    model: type[Record]
    row: Row


class Series(NamedTuple):
    """How a value moves: every so many months, between these values, by so much, with this rounding."""

    every: int
    low: float
    high: float
    drift: float
    noise: float
    digits: int
    unit: str


SERIES: dict[str, Series] = {
    "a1c": Series(3, 6.4, 9.6, 1.4, 0.2, 1, "%"),
    "egfr": Series(6, 34, 76, 8, 2, 0, "mL/min/1.73 m²"),
    "ldl": Series(9, 58, 148, 30, 6, 0, "mg/dL"),
    "uacr": Series(9, 12, 240, 60, 15, 0, "mg/g"),
    "phq9": Series(3, 3, 17, 6, 1.5, 0, ""),
    "gad7": Series(4, 3, 14, 5, 1.5, 0, ""),
    "pain": Series(3, 2, 7, 2, 1, 0, ""),
}


def findings(persona: Persona, key: bytes, words: Words, days: Days, rng: Random) -> Iterator[Dated]:
    """All dated rows of one person up to the day before yesterday."""
    last = days.back(2)
    wanted = dict.fromkeys(kind for one in persona.conditions for kind in one.measures)
    for kind in wanted:
        if kind == "bp":
            yield from _pressures(key, last, rng)
        elif kind == "weight":
            yield from _weights(persona, key, last, rng)
        elif kind == "smoking":
            yield _measured(key, kind, _workday(last, rng, 120), text="Smokes some days")
        else:
            yield from _values(kind, SERIES[kind], key, last, rng)
    yield from _vaccines(key, words, last, rng)
    yield from _visits(key, last, rng)
    if rng.random() < 0.14:
        yield _old_stay(key, words, last, rng)


def _dates(every: int, last: date, rng: Random) -> Iterator[date]:
    """Working days every so many months up to `last`, the earliest first."""
    newest = last - timedelta(days=rng.randrange(every * 30))
    for back in range(MONTHS_BACK // every, -1, -1):
        day = add_months(newest, -back * every) - timedelta(days=rng.randrange(6))
        yield day if is_business_day(day) else add_business_days(day, -1)


def _values(kind: str, series: Series, key: bytes, last: date, rng: Random) -> Iterator[Dated]:
    dates = list(_dates(series.every, last, rng))
    start = rng.uniform(series.low, series.high)
    drift = rng.choice((-1.0, -1.0, -0.5, 0.4, 1.0)) * series.drift
    for place, day in enumerate(dates):
        value = start + drift * place / max(1, len(dates) - 1) + rng.uniform(-series.noise, series.noise)
        value = round(min(max(value, series.low * 0.85), series.high * 1.15), series.digits)
        yield _measured(key, kind, day, value=value, unit=series.unit or None)


def _pressures(key: bytes, last: date, rng: Random) -> Iterator[Dated]:
    top, fall = rng.randint(124, 168), rng.choice((-18, -12, -6, 0, 8))
    dates = list(_dates(2, last, rng))
    for place, day in enumerate(dates):
        systolic = top + fall * place / max(1, len(dates) - 1) + rng.uniform(-5, 5)
        diastolic = systolic * 0.5 + rng.uniform(2, 14)
        yield _measured(key, "bp", day, value=round(systolic), value2=round(diastolic), unit="mmHg")


def _weights(persona: Persona, key: bytes, last: date, rng: Random) -> Iterator[Dated]:
    dates = list(_dates(2, last, rng))
    gained = rng.uniform(-4.5, 5.0)
    for place, day in enumerate(dates):
        left = 1 - place / max(1, len(dates) - 1)
        value = round(persona.weight - gained * left + rng.uniform(-0.6, 0.6) * (left > 0), 1)
        yield _measured(key, "weight", day, value=value, unit="kg")


def _vaccines(key: bytes, words: Words, last: date, rng: Random) -> Iterator[Dated]:
    for vaccine in rng.sample(words.vaccines, rng.randint(1, 4)):
        day = _workday(last, rng, 700)
        row = {"patient": key, "kind": vaccine.kind, "display": vaccine.display, "date": day}
        yield Dated(day, Vaccination, row)


def _visits(key: bytes, last: date, rng: Random) -> Iterator[Dated]:
    wellness = rng.random() < 0.7
    for place, day in enumerate(_dates(5, last, rng)):
        kind = "awv" if wellness and place == 1 else "em"
        yield Dated(
            day,
            Visit,
            {
                "patient": key,
                "date": day,
                "kind": kind,
                "practitioner": PRACTITIONER,
                "what": "yearly wellness visit" if kind == "awv" else "follow-up visit",
                "care_management_discussed": kind == "awv" or None,
                "mdm": rng.choice(("low", "moderate", "moderate", "high")),
            },
        )


def _old_stay(key: bytes, words: Words, last: date, rng: Random) -> Dated:
    out = last - timedelta(days=rng.randint(35, 300))
    row = {
        "patient": key,
        "kind": rng.choice(("inpatient", "inpatient", "observation", "ed")),
        "facility": rng.choice(words.hospitals.names),
        "admitted": out - timedelta(days=rng.randint(0, 6)),
        "discharged": out,
        "discharged_to": "home",
        "reason": rng.choice(words.hospitals.reasons),
    }
    return Dated(out, Stay, row)


def _measured(key: bytes, kind: str, day: date, **values: object) -> Dated:
    return Dated(day, Measurement, {"patient": key, "kind": kind, "date": day, **values})


def _workday(last: date, rng: Random, within: int) -> date:
    return _back_to_work(last - timedelta(days=rng.randrange(within)))


def _back_to_work(day: date) -> date:
    return day if is_business_day(day) else add_business_days(day, -1)
