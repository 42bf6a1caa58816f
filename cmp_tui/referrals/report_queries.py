"""The referral report: how the orders of a period went, by kind, recipient and reason; and what is behind a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from peewee import JOIN, fn

from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import among, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment.report_rules import Spread, spread
from cmp_tui.patients.model import Patient, Provider
from cmp_tui.referrals.model import Referral, ReferralStep
from cmp_tui.referrals.referral_book import referral_book
from cmp_tui.referrals.report_rules import (
    GROUPS,
    MEASURES,
    NOBODY,
    STAGES,
    Cell,
    Way,
    close_by,
    counted,
    days_to_close,
    days_to_visit,
    recipient,
    values_of,
)

PAGE = 500


class Number(NamedTuple):
    """One number of the report, and which referrals it counts."""

    loops: int
    cell: Cell


class GroupLine(NamedTuple):
    """One kind, recipient, urgency, end or reason: its words, its numbers by measure, the days until it was closed."""

    value: str
    label: str
    numbers: dict[str, Number]
    closing: Spread


class ReferralReport(NamedTuple):
    """The whole report. `stages` says how many came how far, `total` counts all, `groups` the same by each group;
    `visit` and `closing` are days from the order."""

    first: date
    last: date
    today: date
    stages: dict[str, Number]
    total: GroupLine
    groups: dict[str, tuple[GroupLine, ...]]
    visit: Spread


class ReportRow(NamedTuple):
    """A referral behind a number; `days` are those until its end, or until today."""

    id: bytes
    patient: bytes
    mrn: str
    family: str
    given: str
    kind: str
    what: str
    to: str
    ordered_on: date
    stage: str
    seen_on: date | None
    close_by: date
    ended_on: date | None
    end: str | None
    days: int


def referral_report(scope: Scope, first: date, last: date) -> ReferralReport:
    """Returns the report on what was ordered from one day to another, both included. Raises Invalid, Stopped."""
    ways = _ways(scope, first, last)

    def number(*cell: str) -> Number:
        one = Cell(*cell)
        return Number(len(counted(ways, one, scope.today)), one)

    def line(group: str, value: str, label: str) -> GroupLine:
        mine = ways if not group else [way for way in ways if value in values_of(way, group)]
        numbers = {measure: number(measure, group, value) for measure in MEASURES}
        return GroupLine(value, label, numbers, spread(days_to_close(mine)))

    groups = {group: tuple(line(group, *one) for one in _values(scope, ways, group)) for group in GROUPS}
    return ReferralReport(
        first, last, scope.today,
        {stage: number(f"reached-{stage}") for stage in STAGES}, line("", "", "all"), groups,
        spread(days_to_visit(ways)),
    )  # fmt: skip


def report_rows(scope: Scope, first: date, last: date, cell: Cell) -> list[ReportRow]:
    """Returns the referrals behind one number, by the day of their order. Raises Invalid."""
    ways = counted(_ways(scope, first, last), cell, scope.today)
    names = _names({way.patient for way in ways})
    found = []
    for way in ways:
        days = ((way.ended_on or scope.today) - way.ordered_on).days
        found.append(
            ReportRow(
                way.id, way.patient, *names.get(way.patient, ("", "", "")), way.kind, way.what, way.to, way.ordered_on,
                way.stage, way.seen_on, way.close_by, way.ended_on, way.end, days,
            )
        )  # fmt: skip
    return found


def cell_named(text: str, report: ReferralReport) -> Cell:
    """Returns the number that is meant by 'in-time' or 'late:kind:test'. Raises Invalid."""
    known = cells_of(report)
    for one in known:
        if one.text == text:
            return one
    plain = ", ".join(one.text for one in known if not one.group)
    grouped = ", ".join(f":{group}:…" for group in GROUPS)
    raise Invalid({"rows": f"There is no number {text!r}. There are: {plain}; each also with {grouped}."})


def cells_of(report: ReferralReport) -> list[Cell]:
    """Returns every number of a report."""
    lines = [report.total, *(line for lines in report.groups.values() for line in lines)]
    return [
        *(one.cell for one in report.stages.values()),
        *(one.cell for line in lines for one in line.numbers.values()),
    ]


def _values(scope: Scope, ways: Sequence[Way], group: str) -> list[tuple[str, str]]:
    """The values of a group that occur, the commonest first, each with its words."""
    column = {
        "kind": "referral_kind",
        "urgency": "referral_urgency",
        "end": "referral_end",
        "missed": "missed_why",
    }
    found = Counter(value for way in ways for value in values_of(way, group))
    names = {recipient(way.to): way.to or NOBODY for way in reversed(ways)}
    say = scope.reference.label
    labelled = ((value, names[value] if group == "to" else say(column[group], value)) for value in found)
    return sorted(labelled, key=lambda one: (-found[one[0]], one[1]))


def _ways(scope: Scope, first: date, last: date) -> list[Way]:
    """Everything that was ordered in the period, in two queries."""
    if last < first:
        raise Invalid({"last": f"{last} comes before {first}. Give the first day, then the last."})
    r, p = Referral, Provider
    inside = (r.ordered_on >= first) & (r.ordered_on <= last) & Patient.struck_at.is_null()
    query = (
        r.live(
            r.id, r.patient, r.kind, r.what, r.urgency, fn.COALESCE(p.name, r.to_name, ""), r.ordered_on, r.stage,
            r.ended_on, r.end,
        )
        .join(Patient, on=(Patient.id == r.patient))
        .switch(r)
        .join(p, JOIN.LEFT_OUTER, on=(p.id == r.provider))
        .where(inside)
        .order_by(r.ordered_on, r.id)
    )  # fmt: skip
    s = ReferralStep
    taken = (
        s.live(s.referral, s.stage, s.day, s.why)
        .join(r, on=(r.id == s.referral))
        .join(Patient, on=(Patient.id == r.patient))
        .where(inside & r.struck_at.is_null())
        .order_by(s.day, s.id)
    )
    steps: dict[bytes, list[tuple[str, date, str | None]]] = {}
    for key, stage, day, why in rows(taken):
        steps.setdefault(bytes(key), []).append((stage, day, why))
    book = referral_book(scope.reference)
    found = []
    for key, patient, kind, what, urgency, to, ordered_on, stage, ended_on, end in rows(query):
        mine = steps.get(bytes(key), [])
        found.append(
            Way(
                bytes(key), bytes(patient), kind, what, urgency, to, ordered_on, stage,
                frozenset([stage, *(one for one, _, _ in mine)]),
                next((day for one, day, _ in reversed(mine) if one == "attended"), None),
                tuple(dict.fromkeys(why for one, _, why in mine if one == "missed" and why)),
                ended_on, end, close_by(book.track(kind, urgency), kind, urgency, ordered_on),
            )
        )  # fmt: skip
    return found


def _names(patients: Collection[bytes]) -> dict[bytes, tuple[str, str, str]]:
    found: dict[bytes, tuple[str, str, str]] = {}
    listed = sorted(patients)
    for start in range(0, len(listed), PAGE):
        query = Patient.select(Patient.id, Patient.mrn, Patient.family, Patient.given)
        for key, mrn, family, given in rows(query.where(among(Patient.id, listed[start : start + PAGE]))):
            found[bytes(key)] = (mrn, family, given or "")
    return found
