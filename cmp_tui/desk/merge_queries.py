"""Two records of one person beside each other: what differs, what comes along, what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from peewee import fn

from cmp_tui.assessments.model import Tier
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.clinic.history import in_words
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, columns_of, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Locked, closed_spans
from cmp_tui.desk.merge_rules import (
    Clash,
    Ended,
    Part,
    Risk,
    Time,
    Way,
    clashes,
    second_risks,
    second_times,
    second_ways,
)
from cmp_tui.enrollment.model import Enrollment, Intake
from cmp_tui.enrollment.queries import consent_facts
from cmp_tui.enrollment.rules import OPEN, consent_on
from cmp_tui.patients.model import Condition, Patient, Phone

GONE = "One of the two records is no longer there: it was struck out, or merged already. Read the list again."


class Link(NamedTuple):
    """A table whose rows belong to a patient, and the name of the field that says to whom."""

    model: Any
    field: str


class Seconds(NamedTuple):
    """Of what may be there once, what ends: enrollments, intakes, risk tiers."""

    times: list[Ended]
    ways: list[Ended]
    risks: list[Ended]


class Side(NamedTuple):
    """One of the two records: its values by field name, and how many rows belong to it."""

    id: bytes
    version: int
    mrn: str
    name: str
    values: dict[str, Any]
    rows: int


class Both(NamedTuple):
    """The two records, where they contradict each other (`mine` is the first one), and what merging them means, in
    sentences."""

    first: Side
    second: Side
    clashes: list[Clash]
    says: list[str]


def links() -> list[Link]:
    """Returns every table of the clinic file whose rows belong to a patient: what the tables themselves declare."""
    file = Patient._meta.database
    return [
        Link(model, field.name)
        for field, model in Patient._meta.backrefs.items()
        if issubclass(model, Record) and model._meta.database is file
    ]


def both_records(scope: Scope, first: bytes, second: bytes) -> Both:
    """Returns what a person must know and decide before two records become one. Raises Gone, Invalid for one record."""
    if first == second:
        raise Invalid({"": "This is one and the same record."})
    one, other = _side(first), _side(second)
    counted = Counter({link.model: _count(link, second) for link in links()})
    says = [_along(counted), *_closed(scope, second), *_seconds_say(scope, first, second)]
    if one.values["deceased"] or other.values["deceased"]:
        says.append("If the patient has died, whatever is due in either record ends with it.")
    says += [*_consents_say(scope, first, second), *_twice(first, second)]
    return Both(one, other, clashes(one.values, other.values), says)


def words_of(scope: Scope, both: Both) -> list[tuple[str, str]]:
    """Returns the two values of each contradiction in words."""
    say = say_part(scope)
    return [(say(one.part, one.mine), say(one.part, one.theirs)) for one in both.clashes]


def values_of(patient: Any) -> dict[str, Any]:
    """Returns the values of a patient's row by field name."""
    return {name: getattr(patient, name) for name in columns_of(Patient)}


def seconds(patients: Iterable[bytes], kept: bytes) -> Seconds:
    """Returns what ends when the records of these patients are one; `kept` is the one that stays."""
    keys = list(patients)
    e, i, t = Enrollment, Intake, Tier
    times = [
        Time(key, program, status, start, patient == kept)
        for patient, key, program, status, start in rows(
            e.live(e.patient, e.id, e.program, e.status, e.start).where(e.patient.in_(keys))
        )
    ]
    ways = [
        Way(key, program, stage, received, patient == kept)
        for patient, key, program, stage, received in rows(
            i.live(i.patient, i.id, i.program, i.stage, i.received).where(i.patient.in_(keys))
        )
    ]
    risks = [
        Risk(key, computed_on, set_on, patient == kept)
        for patient, key, computed_on, set_on in rows(
            t.live(t.patient, t.id, t.computed_on, t.set_on).where(t.patient.in_(keys))
        )
    ]
    enrolled = {time.program for time in times if time.status in OPEN}
    return Seconds(second_times(times), second_ways(ways, enrolled), second_risks(risks))


def say_part(scope: Scope) -> Callable[[Part, tuple[Any, ...]], str]:
    """Returns what says a value of a part in words."""
    names: dict[bytes, str] = dict(rows(Staff.select(Staff.id, Staff.name)))
    usernames: dict[str, str] = dict(rows(Staff.live(Staff.username, Staff.name)))

    def say(part: Part, values: tuple[Any, ...]) -> str:
        if part.name == "death":
            return "alive" if not values[0] else f"died {values[1] or ''}".strip()
        said = (_said(name, value) for name, value in zip(part.columns, values, strict=True))
        return ", ".join(text for text in said if text)

    def _said(name: str, value: Any) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, bytes):
            return names.get(value, "a colleague")
        if name in ("sex", "payer"):
            return scope.reference.label(name, value)
        return usernames.get(value, str(value)) if value else ""

    return say


def _side(key: bytes) -> Side:
    row = Patient.get_or_none(Patient.id == key)
    if row is None or row.struck_at is not None:
        raise Gone(GONE)
    name = f"{row.family}, {row.given}" if row.given else row.family
    return Side(key, row.version, row.mrn, name, values_of(row), sum(_count(one, key) for one in links()))


def _count(link: Link, patient: bytes) -> int:
    return int(link.model.live().where(getattr(link.model, link.field) == patient).count())


def _along(counted: Counter[Any]) -> str:
    total = sum(counted.values())
    if not total:
        return "Nothing else stands in the other record."
    most = [(model, count) for model, count in counted.most_common(3) if count]
    named = [_many(in_words(model), count) for model, count in most]
    rest = total - sum(count for _, count in most)
    more = f" and {rest} more" if rest else ""
    return f"Come along: {', '.join(named)}{more}."


def _many(word: str, count: int) -> str:
    if count == 1:
        return f"1 {word}"
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{count:,} {'device days' if word == 'device days' else plural}"


def _closed(scope: Scope, patient: bytes) -> Iterator[str]:
    """The closed months into which something comes: an amendment there."""
    touched: dict[Month, int] = {}
    for link in links():
        if not issubclass(link.model, Locked):
            continue
        model: Any = link.model
        moment = model.start if "start" in model._meta.fields else model.at
        for span in closed_spans(scope.zone):
            first, after = span.month.span(scope.zone)
            count = (
                model.live(fn.COUNT(model.id))
                .where((model.patient == patient) & (moment >= first) & (moment < after))
                .scalar()
            )
            if count:
                touched[span.month] = touched.get(span.month, 0) + count
    for month, count in sorted(touched.items()):
        yield (
            f"{month.label} is closed: {count} of them are amended there by this; what it billed stays readable."
        )


def _seconds_say(scope: Scope, first: bytes, second: bytes) -> Iterator[str]:
    ending = seconds((first, second), first)
    for ended in ending.times:
        row, on = (Enrollment.get_by_id(key) for key in (ended.key, ended.goes_on))
        since = f" since {on.start}" if on.start else ""
        status = scope.reference.label("enrollment_status", on.status)
        yield f"{row.program}: both are in it; the one that is {status}{since} goes on."
    for ended in ending.ways:
        if ended.goes_on == ended.key:
            yield "One is on the way into a program that the other is in: the intake ends."
        else:
            received = Intake.get_by_id(ended.goes_on).received
            yield f"Both are on the way into a program; the intake of {received} goes on."
    if ending.risks:
        yield "Both have a risk tier; the other one is written into a note. cmp-tui risk run computes it anew."


def _consents_say(scope: Scope, first: bytes, second: bytes) -> Iterator[str]:
    """Where the decisions of both together say something else than those of one alone."""
    facts = consent_facts(scope, [first, second])
    mine, theirs = facts.get(first, []), facts.get(second, [])
    for program in sorted({fact.program for fact in mine} & {fact.program for fact in theirs}):
        together = sorted([*mine, *theirs], key=lambda fact: fact.date)
        own = [consent_on(one, program, scope.today) for one in (mine, theirs)]
        holds = consent_on(together, program, scope.today)
        if own[0] != own[1]:
            label = scope.reference.label
            said = " and ".join(label("decision", one) if one else "nothing" for one in own)
            yield f"Consent to {program}: {said}; by the days together: {label('decision', holds) or 'nothing'}."


def _twice(first: bytes, second: bytes) -> Iterator[str]:
    """What stands in both and is kept twice."""
    found = []
    for model, column, word in ((Phone, Phone.digits, "phone"), (Condition, Condition.code, "condition")):
        table: Any = model
        ours = {
            key: {value for (value,) in rows(table.live(column).where(table.patient == key)) if value}
            for key in (first, second)
        }
        if count := len(ours[first] & ours[second]):
            found.append(_many(word, count))
    if found:
        yield f"Stand there twice then: {', '.join(found)}. Strike out what is too much."
