"""Writing visits, stays, and services that were billed: what is typed here, and what came in and is corrected."""

from __future__ import annotations

from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import rows
from cmp_tui.encounters.model import Service, Stay, Visit
from cmp_tui.encounters.rules import Span, Told, is_code, lies_over, stay_wrong, told_wrong
from cmp_tui.patients.model import Patient

_STAY = ("kind", "admitted", "discharged", "facility")
_TOLD = ("heard_on", "summary_on", "medications_reconciled_on")
_SERVICE = ("code", "start", "end")


def add_visit(change: Change, patient: bytes, **values: Any) -> Visit:
    """Adds a visit to a practitioner; one that is still to come is an appointment. Raises Invalid."""
    change.get(Patient, patient)
    _check_visit(values)
    return change.add(Visit, patient=patient, **values)


def edit_visit(change: Change, key: bytes, seen: int | None, **values: Any) -> Visit:
    """Changes a visit. Raises Invalid, Conflict, Gone."""
    if "date" in values:
        _check_visit(values)
    return change.edit(Visit, key, seen, **values)


def strike_visit(change: Change, key: bytes, why: str, seen: int | None = None) -> Visit:
    """Strikes out a visit that was recorded by mistake."""
    return change.strike(Visit, key, why, seen)


def add_stay(change: Change, patient: bytes, **values: Any) -> Stay:
    """Adds a stay in a hospital or facility, or an emergency visit.

    Raises Invalid for a discharge before the admission or still to come, and for a stay that lies over another one.
    An emergency visit without a discharge ended on its day.
    """
    _full_stay(values)
    _check_stay(change, patient, None, values)
    return change.add(Stay, patient=patient, **values)


def edit_stay(change: Change, key: bytes, seen: int | None, **values: Any) -> Stay:
    """Changes a stay. Raises Invalid as `add_stay` does, Conflict, Gone."""
    now = change.get(Stay, key)
    if any(name in values for name in (*_STAY, *_TOLD, "discharged_to")):
        whole = {name: values.get(name, getattr(now, name)) for name in (*_STAY, *_TOLD, "discharged_to")}
        _check_stay(change, now.patient, key, whole)
    for day, moment in (("admitted", "admitted_at"), ("discharged", "discharged_at")):
        # A moment that came in belongs to the day that came in with it.
        if day in values and values[day] != getattr(now, day):
            values.setdefault(moment, None)
    return change.edit(Stay, key, seen, **values)


def strike_stay(change: Change, key: bytes, why: str, seen: int | None = None) -> Stay:
    """Strikes out a stay that was recorded by mistake."""
    return change.strike(Stay, key, why, seen)


def add_service(change: Change, patient: bytes, **values: Any) -> Service:
    """Adds a service that was billed, by others unless `ours`. Raises Invalid."""
    change.get(Patient, patient)
    values["code"] = str(values.get("code") or "").strip().upper()
    _check_service(change, values)
    return change.add(Service, patient=patient, **values)


def edit_service(change: Change, key: bytes, seen: int | None, **values: Any) -> Service:
    """Changes a service that was billed. Raises Invalid, Conflict, Gone."""
    now = change.get(Service, key)
    if "code" in values:
        values["code"] = str(values["code"] or "").strip().upper()
    if any(name in values for name in _SERVICE):
        _check_service(change, {name: values.get(name, getattr(now, name)) for name in _SERVICE})
    return change.edit(Service, key, seen, **values)


def strike_service(change: Change, key: bytes, why: str, seen: int | None = None) -> Service:
    """Strikes out a service that was recorded by mistake."""
    return change.strike(Service, key, why, seen)


def _check_visit(values: dict[str, Any]) -> None:
    if values.get("date") is None:
        raise Invalid({"date": "Say on which day the visit was."})


def _full_stay(values: dict[str, Any]) -> None:
    if values.get("kind") == "ed" and values.get("discharged") is None:
        values["discharged"] = values.get("admitted")


def _check_stay(change: Change, patient: bytes, own: bytes | None, values: dict[str, Any]) -> None:
    person = change.get(Patient, patient)
    if not values.get("kind"):
        raise Invalid({"kind": "Say what kind of stay it was."})
    if values.get("admitted") is None:
        raise Invalid({"admitted": "Say on which day it began."})
    stay = Span(values["kind"], values["admitted"], values.get("discharged"), values.get("facility"))
    told = Told(*(values.get(name) for name in _TOLD))
    wrong = told_wrong(stay, told, change.today)
    wrong |= stay_wrong(stay, values.get("discharged_to"), person.birth_date, change.today)
    if wrong:
        raise Invalid(wrong)
    query = Stay.live(Stay.id, Stay.kind, Stay.admitted, Stay.discharged, Stay.facility)
    others = [Span(*row) for key, *row in rows(query.where(Stay.patient == patient)) if key != own]
    if (other := lies_over(stay, others)) is not None:
        raise Invalid({"admitted": _overlap(change, stay, other)})


def _overlap(change: Change, stay: Span, other: Span) -> str:
    kind = change.reference.label("stay_kind", other.kind)
    at = f" at {other.facility}" if other.facility else ""
    if stay == other:
        return f"This {kind} of {other.admitted}{at} is recorded already."
    if other.discharged is None:
        return (
            f"There is a {kind}{at} since {other.admitted} that has not ended. Say when they left it first."
        )
    return f"It lies over the {kind}{at} from {other.admitted} to {other.discharged}. Correct one of the two."


def _check_service(change: Change, values: dict[str, Any]) -> None:
    wrong: dict[str, str] = {}
    code, start, end = values.get("code") or "", values.get("start"), values.get("end")
    if not is_code(code):
        wrong["code"] = "Write the code as it was billed, five signs: 99490, G0506."
    if start is None:
        wrong["start"] = "Say on which day it was."
    elif start > change.today:
        wrong["start"] = "This day is still to come."
    elif end is not None and end < start:
        wrong["end"] = "The last day comes before the first."
    if wrong:
        raise Invalid(wrong)
