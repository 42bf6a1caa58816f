"""What preventive care is due: the measures of data/preventive.toml against everything that the chart has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from cmp_tui.assessments.model import Assessment
from cmp_tui.assessments.risk_queries import pieces
from cmp_tui.clinic.records import among, raw
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.model import Service, Visit
from cmp_tui.measurements.model import Measurement, PreventiveAnswer, Vaccination
from cmp_tui.measurements.preventive_book import Answer, Done, Person, PreventiveBook, preventive_book
from cmp_tui.measurements.preventive_rules import Gap, age_on, ever_smoked, gaps
from cmp_tui.patients.model import Condition, Patient

CURRENT = frozenset({"active", "recurrence", "relapse"})
COMPLETE = frozenset({"completed", "amended"})
SMOKING = "smoking"
"""The kind of measurement that says whether somebody smokes."""

Grouped = dict[bytes, list[Any]]


def gaps_of(scope: Scope, patient: bytes) -> tuple[Gap, ...]:
    """Returns the preventive measures that are due for a patient."""
    return gaps_of_many(scope, [patient]).get(patient, ())


def gaps_of_many(scope: Scope, patients: Collection[bytes]) -> Mapping[bytes, tuple[Gap, ...]]:
    """Returns what is due for each of many patients who are alive: a handful of queries for some hundred of them."""
    book = preventive_book(scope.reference)
    if not book.measures:
        return {}
    found: dict[bytes, tuple[Gap, ...]] = {}
    for keys in pieces(patients):
        people, done, answers = _people(scope, keys), _done(book, keys), _answers(keys)
        for key, person in people.items():
            found[key] = gaps(book, person, done.get(key, ()), answers.get(key, {}), scope.today)
    return found


def _people(scope: Scope, keys: Sequence[bytes]) -> dict[bytes, Person]:
    p, c, m = Patient, Condition, Measurement
    groups = _grouped(
        c.live(c.patient, c.group).where(c.status.in_(CURRENT) & c.group.is_null(False) & among(c.patient, keys))
    )  # fmt: skip
    smoking = _grouped(m.live(m.patient, m.text).where((m.kind == SMOKING) & among(m.patient, keys)))
    query = p.live(p.id, p.birth_date, p.sex, p.payer).where((p.deceased == False) & among(p.id, keys))  # noqa: E712
    return {
        key: Person(
            age_on(born, scope.today),
            sex or "U",
            frozenset(group for (group,) in groups.get(key, ())),
            payer,
            ever_smoked(text for (text,) in smoking.get(key, ()) if text),
        )
        for key, born, sex, payer in raw(query)
    }


def _done(book: PreventiveBook, keys: Sequence[bytes]) -> dict[bytes, list[Done]]:
    """What may show a measure: of values and services only the kinds that some measure names."""
    named: dict[str, set[str]] = {}
    for measure in book.measures.values():
        for proof in measure.proofs:
            named.setdefault(proof.proof, set()).add(proof.name)
    v, m, a, e, s = Vaccination, Measurement, Assessment, Visit, Service
    queries = {
        "vaccine": lambda names: v.live(v.patient, v.kind, v.date).where(v.kind.in_(names)),
        "measurement": lambda names: m.live(m.patient, m.kind, m.date).where(
            m.kind.in_(names) & (m.doubtful == False)  # noqa: E712
        ),
        "instrument": lambda names: a.live(a.patient, a.instrument, a.date).where(
            a.instrument.in_(names) & a.status.in_(COMPLETE)
        ),
        "visit": lambda names: e.live(e.patient, e.kind, e.date).where(e.kind.in_(names)),
        "service": lambda names: s.live(s.patient, s.code, s.start).where(s.code.in_(names)),
    }  # fmt: skip
    found: dict[bytes, list[Done]] = {}
    for kind, query in queries.items():
        if kind in named:
            asked: Callable[[list[str]], Any] = query
            rows = asked(sorted(named[kind]))
            for key, name, day in raw(rows.where(among(rows.model.patient, keys))):
                found.setdefault(key, []).append(Done(kind, name, date.fromisoformat(day)))
    return found


def _answers(keys: Sequence[bytes]) -> dict[bytes, dict[str, list[Answer]]]:
    a = PreventiveAnswer
    found: dict[bytes, dict[str, list[Answer]]] = {}
    for key, measure, until in raw(a.live(a.patient, a.measure, a.until).where(among(a.patient, keys))):
        rests = Answer(None if until is None else date.fromisoformat(until))
        found.setdefault(key, {}).setdefault(measure, []).append(rests)
    return found


def _grouped(query: Any) -> Grouped:
    found: Grouped = {}
    for key, *values in raw(query):
        found.setdefault(key, []).append(values)
    return found
