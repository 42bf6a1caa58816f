"""Whether preventive care is due for a patient, as one SQL condition: for lists of a whole clinic.

It says what `preventive_rules.Gap.pressing` says one by one, but for measures that ask whether somebody smoked (that
stands in words).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any

from dateutil.relativedelta import relativedelta
from peewee import SQL, Value, fn

from cmp_tui.assessments.model import Assessment
from cmp_tui.careplan.preventive_queries import COMPLETE, CURRENT
from cmp_tui.encounters.model import Service, Visit
from cmp_tui.measurements.model import Measurement, PreventiveAnswer, Vaccination
from cmp_tui.measurements.preventive_book import Measure, PreventiveBook, Proof
from cmp_tui.patients.model import Condition, Patient

NEVER = SQL("0")


def has_gap(book: PreventiveBook, today: date) -> Any:
    """Returns the condition on Patient: some measure is surely for them, due today, and pressing."""
    told = [
        one
        for one in book.measures.values()
        if not one.ask and not one.smoked and today <= one.until and (one.by_itself or one.proofs)
    ]
    if not told:
        return NEVER
    return _age_is_known(today) & reduce(or_, [_due(one, today) for one in told])


def _due(measure: Measure, today: date) -> Any:
    parts = [*_is_for(measure, today), ~fn.EXISTS(_answered(measure, today))]
    parts += [~rested for rested in _rests(measure, today)]
    if not measure.by_itself:
        parts.append(reduce(or_, [fn.EXISTS(_ever(proof, today)) for proof in measure.proofs]))
    return reduce(and_, parts)


def _age_is_known(today: date) -> Any:
    """Who was born in this month on a day that nobody knows may have had their birthday, or not."""
    born = Patient.birth_date
    length = fn.LENGTH(born, coerce=False)
    month = fn.SUBSTR(born, 6, 2, coerce=False)
    return (length == 10) | ((length == 7) & (month != f"{today.month:02}"))


def _is_for(measure: Measure, today: date) -> Iterator[Any]:
    """Born early enough and late enough, of the sex, payer and conditions. Days are compared as texts."""

    def born(years: int) -> str:
        return f"{today.year - years:04}-{today.month:02}-{today.day:02}"

    yield Patient.birth_date.concat("") <= born(measure.from_age)
    if measure.to_age < 120:
        yield Patient.birth_date.concat("") > born(measure.to_age + 1)
    if measure.sex:
        yield Patient.sex == measure.sex
    if measure.payers:
        yield Patient.payer.in_(sorted(measure.payers))
    if measure.groups:
        yield fn.EXISTS(_with_condition(measure.groups))
    if measure.not_groups:
        yield ~fn.EXISTS(_with_condition(measure.not_groups))


def _with_condition(groups: frozenset[str]) -> Any:
    c = Condition
    return c.live(Value(1)).where(
        (c.patient == Patient.id) & c.status.in_(sorted(CURRENT)) & c.group.in_(sorted(groups))
    )


def _answered(measure: Measure, today: date) -> Any:
    a = PreventiveAnswer
    return a.live(Value(1)).where(
        (a.patient == Patient.id) & (a.measure == measure.name) & (a.until.is_null() | (a.until > today))
    )


def _rests(measure: Measure, today: date) -> Iterator[Any]:
    """Conditions of which each says that what the chart has still holds."""
    if measure.doses > 1:
        every = [_days(proof, before, today) for proof, before in _each(measure)]
        days = reduce(lambda one, other: one | other, every) if every else None
        if days is not None:
            given = days.alias("given")
            enough = Patient.select(fn.COUNT(fn.DISTINCT(given.c.day))).from_(given)
            last = Patient.select(fn.COALESCE(fn.MAX(given.c.day), "", coerce=False)).from_(given)
            first = _first_day(measure.dose_months, today)
            # One dose of two holds until the next is due; once there are enough, each holds as its proof says.
            yield (enough < measure.doses) & (last >= first.isoformat())
            for proof, before in _each(measure):
                yield (enough >= measure.doses) & fn.EXISTS(_holding(measure, proof, before, today))
        return
    for proof, before in _each(measure):
        yield fn.EXISTS(_holding(measure, proof, before, today))


def _each(measure: Measure) -> Iterator[tuple[Proof, date | None]]:
    """The proofs, each with the day from which an earlier entry of the same name goes before it."""
    for place, proof in enumerate(measure.proofs):
        same = [
            one.since for one in measure.proofs[:place] if (one.proof, one.name) == (proof.proof, proof.name)
        ]
        yield proof, min(same, default=None)


def _holding(measure: Measure, proof: Proof, before: date | None, today: date) -> Any:
    _, day, query = _shown(proof)
    query = query.where(_between(day, proof, before, today))
    if measure.season:
        begun = date(today.year if today.month >= measure.season else today.year - 1, measure.season, 1)
        return query.where(day >= begun)
    return query.where(day >= _first_day(proof.months, today)) if proof.months else query


def _ever(proof: Proof, today: date) -> Any:
    _, day, query = _shown(proof)
    return query.where(day <= today)


def _days(proof: Proof, before: date | None, today: date) -> Any:
    model, day, query = _shown(proof)
    return model.select(day.alias("day")).where(query._where & _between(day, proof, before, today))


def _between(day: Any, proof: Proof, before: date | None, today: date) -> Any:
    found = day <= today
    if proof.since > date.min:
        found &= day >= proof.since
    return found if before is None else found & (day < before)


def _shown(proof: Proof) -> tuple[Any, Any, Any]:
    """The table, its column of days, and the rows of a patient that a proof names."""
    v, m, a, e, s = Vaccination, Measurement, Assessment, Visit, Service
    found: dict[str, tuple[Any, Any, Any]] = {
        "vaccine": (v, v.date, v.kind == proof.name),
        "measurement": (m, m.date, (m.kind == proof.name) & (m.doubtful == False)),  # noqa: E712
        "instrument": (a, a.date, (a.instrument == proof.name) & a.status.in_(sorted(COMPLETE))),
        "visit": (e, e.date, e.kind == proof.name),
        "service": (s, s.start, s.code.concat("") == proof.name),
    }
    model, day, named = found[proof.proof]
    return model, day, model.live(Value(1)).where((model.patient == Patient.id) & named)


def _first_day(months: int, today: date) -> date:
    """The first day from which so many months reach beyond today. Months end early: 31 Jan + 1 is 28 Feb."""
    day = today - relativedelta(months=months) - timedelta(days=4)
    while day + relativedelta(months=months) <= today:
        day += timedelta(days=1)
    return day
