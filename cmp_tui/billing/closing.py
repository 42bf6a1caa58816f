"""What stands in the way of closing a month, and a closed month as it was kept, beside what would differ now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from peewee import fn

from cmp_tui.billing.charge_lines import Charge, charges_of
from cmp_tui.billing.close_rules import Stand, bills, of_patient, of_the_month
from cmp_tui.billing.close_signatures import missing_signatures
from cmp_tui.billing.model import ClosedResult
from cmp_tui.billing.month_queries import MonthView, as_object, month_view
from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.calendar import Month, local
from cmp_tui.clinic.model import Staff, Working
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.closed import Closed, closed_month
from cmp_tui.contacts.lines import patient_name
from cmp_tui.contacts.model import Contact, TimeEntry, Timer
from cmp_tui.contacts.overlap import Together, month_overlaps
from cmp_tui.enrollment.programs import rulebook, rules_digest
from cmp_tui.patients.model import Patient

DRAFT = "draft"


class Judged(NamedTuple):
    """A month that was judged for its close: what stands in the way, and the number of the last audit entry then."""

    view: MonthView
    stands: list[Stand]
    seq: int


def judge_month(scope: Scope, month: Month) -> Judged:
    """Judges a month for its close. It takes seconds in a large clinic, so it is done before the change is opened."""
    view = month_view(scope, month)
    return Judged(view, stands_in(scope, view), audit_head(scope).seq)


def what_stands(scope: Scope, month: Month) -> list[Stand]:
    """Returns what stands in the way of closing a month: what can't be passed first, then by patient.

    Of a closed month that it is closed.
    """
    return stands_in(scope, month_view(scope, month))


def stands_in(scope: Scope, view: MonthView) -> list[Stand]:
    """Returns what stands in the way of closing a month that was judged already."""
    closed = closed_month(scope, view.month)
    if closed is not None:
        says = f"{view.month.label} was closed on {local(closed.at, scope.zone):%Y-%m-%d} by {closed.by}."
        return [Stand("closed", says, passable=False)]
    found = of_the_month(view.month, scope.today, rulebook(scope.reference))
    found += _drafts(scope)
    found += _timers(scope, view.month)
    for result in view.patients:
        found += of_patient(result)
    found += missing_signatures(view)
    return found + list(_overlaps(scope, view))


def _drafts(scope: Scope) -> Iterator[Stand]:
    query = (
        Working.select(Working.id, Working.patient, Working.at, Working.data, Staff.name, Patient.mrn, patient_name())
        .join(Patient, on=(Patient.id == Working.patient))
        .switch(Working)
        .join(Staff, on=(Staff.id == Working.owner))
        .where(Working.kind == DRAFT)
        .order_by(Working.at, Working.id)
    )  # fmt: skip
    for key, patient, at, data, who, mrn, name in rows(query):
        title = data.get("title") or "form"
        says = f"{who} has an open draft, {title}, for {name}, since {local(at, scope.zone):%Y-%m-%d %H:%M}."
        yield Stand("draft", says, "draft", bytes(patient), mrn, name, rows=(bytes(key),))


def _timers(scope: Scope, month: Month) -> Iterator[Stand]:
    first, after = month.span(scope.zone)
    query = (
        Timer.live(
            Timer.id, Timer.patient, Timer.start, Timer.status, Staff.name, Patient.mrn, patient_name()
        )
        .join(Patient, on=(Patient.id == Timer.patient))
        .switch(Timer)
        .join(Staff, on=(Staff.id == Timer.staff))
        .where(
            Timer.status.in_(["running", "parked"])
            & (Timer.start < after)
            & (Timer.stopped_at.is_null() | (Timer.stopped_at > first))
        )
        .order_by(Timer.start, Timer.id)
    )
    for key, patient, start, status, who, mrn, name in rows(query):
        does = "runs" if status == "running" else "waits to be logged or discarded,"
        says = f"{who}'s timer for {name} {does} since {local(start, scope.zone):%Y-%m-%d %H:%M}."
        yield Stand("timer", says, "timer", bytes(patient), mrn, name, rows=(bytes(key),))


def _overlaps(scope: Scope, view: MonthView) -> Iterator[Stand]:
    """Time of one person for two patients at once, when something is billed for one of them: told once for each of
    those patients and each person."""
    who = {result.facts.key: result for result in view.patients}
    billed = {key for key, result in who.items() if bills(result)}
    found: dict[tuple[str, bytes], list[Together]] = {}
    for one in month_overlaps(scope, view.month):
        patient = one.first_patient if one.first_patient in billed else one.second_patient
        if patient in billed:
            found.setdefault((one.staff_name, patient), []).append(one)
    for (staff, patient), pairs in found.items():
        first, facts = pairs[0], who[patient].facts
        other = first.second_patient if first.first_patient == patient else first.first_patient
        start, end = local(first.start, scope.zone), local(first.end, scope.zone)
        name = who[other].facts.name if other in who else "someone else"
        more = f", and {len(pairs) - 1} more for two at once" if len(pairs) > 1 else ""
        says = f"{staff} logged {start:%Y-%m-%d %H:%M}–{end:%H:%M} for both {facts.name} and {name}{more}."
        keys = dict.fromkeys(
            key
            for pair in pairs
            for key in (
                (pair.first, pair.second) if pair.first_patient == patient else (pair.second, pair.first)
            )
        )
        yield Stand("overlap", says, "entry", patient, facts.mrn, facts.name, rows=tuple(keys))


# A closed month


class Kept(NamedTuple):
    """A patient in a closed month. `result` is what was kept (nothing billed for one who came into it later),
    `charges` the lines then; `now` what differs now (lines, minutes, blocked), and `charges_now` the lines.

    `amended_at` is when time or contacts of theirs were last amended since, if they were.
    """

    patient: bytes
    result: dict[str, Any]
    charges: list[Charge]
    now: dict[str, Any] | None = None
    charges_now: tuple[Charge, ...] = ()
    amended_at: datetime | None = None


class ClosedView(NamedTuple):
    """A closed month by record number. `rules_changed`: the rules here are not those by which it was judged."""

    closed: Closed
    patients: list[Kept]
    rules_changed: bool


def closed_view(scope: Scope, month: Month, patients: Collection[bytes] | None = None) -> ClosedView | None:
    """Returns a closed month as it was kept, beside what would differ now; None when it is open.

    `patients` narrows it to these keys.
    """
    closed = closed_month(scope, month)
    if closed is None:
        return None
    view = month_view(scope, month, patients)
    npi = scope.settings.npi or None
    current = dict(zip((one.facts.key for one in view.patients), as_object(view)["patients"], strict=True))
    lines = {one.facts.key: tuple(charges_of(one, npi)) for one in view.patients}
    r = ClosedResult
    query = r.live(r.patient, r.result, r.charges).where(r.closed == closed.key)
    if patients is not None:
        query = query.where(r.patient.in_(list(patients)))
    kept: dict[bytes, Kept] = {}
    merged: list[Kept] = []
    for key, result, charges in rows(query.order_by(r.id)):
        one = Kept(bytes(key), result, [Charge.kept(line) for line in charges])
        before = kept.get(one.patient)
        if before is None or result["mrn"] == current.get(one.patient, {}).get("mrn"):
            kept[one.patient] = one
            merged += [] if before is None else [before]
        else:
            merged.append(one)
    for key, result in current.items():
        if key not in kept:
            nothing: dict[str, Any] = {"lines": [], "blocked": [], "warnings": [], "alternatives": []}
            kept[key] = Kept(key, {**result, **nothing, "minutes": {}}, [])
    differing = {key for key, one in kept.items() if _differs(one.result, current.get(key))}
    since = _amended(scope, closed, differing)
    for key in differing:
        now = current.get(key, {})
        shown = {
            "lines": now.get("lines", []),
            "minutes": now.get("minutes", {}),
            "blocked": now.get("blocked", []),
        }
        kept[key] = kept[key]._replace(now=shown, charges_now=lines.get(key, ()), amended_at=since.get(key))
    merged = [_merged_away(one, since.get(one.patient)) for one in merged]
    in_order = sorted([*kept.values(), *merged], key=lambda one: (one.result["mrn"], one.patient))
    return ClosedView(closed, in_order, closed.rules_digest != rules_digest(scope.reference))


def _merged_away(kept: Kept, since: datetime | None) -> Kept:
    """A result that was kept under the number of a record which was merged into theirs since: nothing stands there by
    now, all of it stands at the other one."""
    if not _differs(kept.result, None):
        return kept
    nothing: dict[str, Any] = {"lines": [], "minutes": {}, "blocked": []}
    return kept._replace(now=nothing, charges_now=(), amended_at=since)


def _differs(kept: dict[str, Any], now: dict[str, Any] | None) -> bool:
    there = now or {}
    return any(kept[name] != there.get(name, empty) for name, empty in (("lines", []), ("minutes", {})))


def _amended(scope: Scope, closed: Closed, patients: Collection[bytes]) -> dict[bytes, datetime]:
    """When time or contacts of these patients in the month were last amended since its close."""
    first, after = closed.month.span(scope.zone)
    last: dict[bytes, datetime] = {}
    for model, moment in ((TimeEntry, TimeEntry.start), (Contact, Contact.at)):
        table: Any = model
        at = fn.MAX(fn.COALESCE(table.struck_at, table.amended_at))
        query = (
            table.select(table.patient, at.coerce(False))
            .where(
                (moment >= first)
                & (moment < after)
                & ((table.amended_at >= closed.at) | (table.struck_at >= closed.at))
            )
            .group_by(table.patient)
        )
        for key, seconds in rows(query):
            when = datetime.fromtimestamp(seconds, scope.zone)
            if bytes(key) in patients and (bytes(key) not in last or last[bytes(key)] < when):
                last[bytes(key)] = when
    return last


def closed_object(zone: ZoneInfo, view: ClosedView) -> dict[str, Any]:
    """Returns a closed month as plain values: the shape of `cmp-tui month --json`, with `closed` and, for each patient
    for whom something differs now, `amended`."""
    closed = view.closed
    return {
        "month": str(closed.month),
        "rules_checked_on": closed.rules_checked_on.isoformat(),
        "closed": {
            "at": local(closed.at, zone).isoformat(),
            "by": closed.by,
            "reason": closed.reason,
            "passed": closed.passed,
            "rules_digest": closed.rules_digest,
            "rules_changed": view.rules_changed,
        },
        "patients": [_with_amendment(zone, one) for one in view.patients],
    }


def _with_amendment(zone: ZoneInfo, one: Kept) -> dict[str, Any]:
    if one.now is None:
        return one.result
    at = local(one.amended_at, zone).isoformat() if one.amended_at else None
    return {**one.result, "amended": {"at": at, **one.now}}
