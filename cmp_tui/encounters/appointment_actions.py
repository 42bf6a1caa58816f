"""Writing appointments: booked, moved, told, reminded, and how each ended. A visit of ours that took place is written
with it."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Staff
from cmp_tui.encounters.appointment_rules import ENDED, OPEN, OWN, hour_words, remind_day, wrong
from cmp_tui.encounters.model import Appointment, Visit
from cmp_tui.patients.model import Patient, Provider

USUAL_VISIT = "em"
_BAD_HOUR = "Write the hour as 9:30 or 2:15 pm, or leave it empty."


def book(
    change: Change,
    patient: bytes,
    *,
    day: date,
    what: str,
    time: time | str | None = None,
    kind: str = "other",
    status: str = "booked",
    id: bytes | None = None,
    **values: Any,
) -> Appointment:
    """Books an appointment, or notes one that others made.

    `values` are with_whom, provider (a row of the directory: it fills with_whom, place and phone that are not
    given), place, phone, referral, transport, transport_who, told_on, told_how, remind_on, remarks. Without a
    `remind_on` the reminder is due on the business day before. Raises Invalid, Gone.
    """
    change.get(Patient, patient)
    values = {name: value for name, value in values.items() if value is not None}
    values |= {"day": day, "what": what, "time": _hour(time)}
    if told := wrong(values, change.today):
        raise Invalid(told)
    if status not in OPEN:
        raise Invalid(
            {"status": "A new appointment is booked or asked for. How it ended is said afterwards."}
        )
    if values.get("provider") is not None:
        values = _from_directory(change, values["provider"]) | values
    if "remind_on" not in values:
        values["remind_on"] = remind_day(day, change.today)
    return change.add(Appointment, id=id, patient=patient, kind=kind, status=status, **values)


def edit_appointment(change: Change, key: bytes, seen: int | None, **values: Any) -> Appointment:
    """Changes an appointment. With another day or hour the patient has to be told and reminded again.

    Raises Invalid, Conflict, Gone.
    """
    now = change.get(Appointment, key)
    if "time" in values:
        values["time"] = _hour(values["time"])
    if told := wrong({"day": now.day, "what": now.what} | values, change.today):
        raise Invalid(told)
    moved = values.get("day", now.day) != now.day
    if moved and now.status not in OPEN:
        raise Invalid({"day": "It has ended. Book another appointment for another day."})
    if values.get("provider") is not None and values["provider"] != now.provider:
        values = _from_directory(change, values["provider"]) | values
    if moved or values.get("time", now.time) != now.time:
        values.setdefault("told_on", None)
        values.setdefault("told_how", None)
        values.setdefault("reminded_on", None)
    if moved:
        values.setdefault("remind_on", remind_day(values["day"], change.today))
    return change.edit(Appointment, key, seen, **values)


def end_appointment(
    change: Change,
    key: bytes,
    seen: int | None,
    *,
    status: str,
    on: date | None = None,
    missed_why: str | None = None,
    ended_why: str | None = None,
    visit_kind: str | None = None,
    mdm: str | None = None,
    practitioner: str | None = None,
    discussed: bool | None = None,
) -> Appointment:
    """Says how an appointment ended: the patient was there, did not come (why), or it was called off.

    One of ours that took place writes the visit that billing counts, with its kind (E/M unless said), complexity,
    practitioner (a username, or a name outside) and whether care management was talked about. Said again, it
    corrects the visit; another outcome strikes the visit out. Raises Invalid, Conflict, Gone.
    """
    now = change.get(Appointment, key)
    if status not in ENDED:
        raise Invalid({"status": "Say whether the patient was there, did not come, or it was called off."})
    if status != "cancelled" and now.day > change.today:
        raise Invalid({"status": f"It is on {now.day}, still to come. It can be called off, or moved."})
    if status == "noshow" and not missed_why:
        raise Invalid({"missed_why": 'Say why they did not come; "did not say" is an answer.'})
    visit = now.visit
    if now.kind == OWN and status == "fulfilled":
        facts: dict[str, Any] = {
            "kind": visit_kind or USUAL_VISIT,
            "mdm": mdm,
            "date": now.day,
            "reason": now.what,
        }
        facts |= {"practitioner": practitioner or _by(now), "care_management_discussed": discussed}
        visit = _write_visit(change, now, facts)
    elif visit is not None:
        change.strike(Visit, visit, "the appointment's outcome was corrected")
        visit = None
    return change.edit(
        Appointment, key, seen, status=status, ended_why=ended_why, visit=visit,
        ended_on=on or (min(now.day, change.today) if status != "cancelled" else change.today),
        missed_why=missed_why if status == "noshow" else None,
    )  # fmt: skip


def tell(
    change: Change, key: bytes, seen: int | None = None, *, day: date | None = None, how: str | None = None
) -> Appointment:
    """Notes that the patient was told of an appointment. Raises Invalid, Conflict, Gone."""
    _open(change, key)
    return change.edit(Appointment, key, seen, told_on=_past(change, day), told_how=how)


def remind(change: Change, key: bytes, seen: int | None = None, *, day: date | None = None) -> Appointment:
    """Notes that the patient was reminded of an appointment. Raises Invalid, Conflict, Gone."""
    now = _open(change, key)
    on = _past(change, day)
    return change.edit(Appointment, key, seen, reminded_on=on, told_on=now.told_on or on)


def arrange_ride(
    change: Change,
    key: bytes,
    seen: int | None = None,
    *,
    who: str | None = None,
    transport: str = "arranged",
) -> Appointment:
    """Notes how the patient gets there: no ride needed, needed, or arranged with someone. Raises Conflict, Gone."""
    _open(change, key)
    return change.edit(Appointment, key, seen, transport=transport, transport_who=who)


def strike_appointment(change: Change, key: bytes, why: str, seen: int | None = None) -> Appointment:
    """Strikes out an appointment that was noted by mistake, and the visit that came of it."""
    now = change.get(Appointment, key)
    if now.visit is not None:
        change.strike(Visit, now.visit, why)
    return change.strike(Appointment, key, why, seen)


def _hour(at: time | str | None) -> str | None:
    try:
        return hour_words(at)
    except ValueError:
        raise Invalid({"time": _BAD_HOUR}) from None


def _from_directory(change: Change, provider: bytes) -> dict[str, Any]:
    """What the directory knows of whom it is with."""
    known = change.get(Provider, provider)
    where = ", ".join(part for part in (known.organization, known.address) if part)
    found = {"with_whom": known.name, "place": where, "phone": known.phone}
    return {name: value for name, value in found.items() if value}


def _by(now: Appointment) -> str | None:
    """The practitioner of an own appointment: a username where the name is one of the staff's."""
    one = Staff.get_or_none((Staff.name == now.with_whom) | (Staff.username == now.with_whom))
    name: str | None = one.username if one is not None else now.with_whom
    return name


def _write_visit(change: Change, now: Appointment, facts: dict[str, Any]) -> bytes:
    if now.visit is None:
        visit = change.add(Visit, patient=now.patient, **facts)
    else:
        given = {name: value for name, value in facts.items() if value is not None}
        visit = change.edit(Visit, now.visit, None, **given)
    key: bytes = visit.id
    return key


def _open(change: Change, key: bytes) -> Appointment:
    now = change.get(Appointment, key)
    if now.status not in OPEN:
        raise Invalid({"": "This appointment has ended; there is nothing to arrange any more."})
    return now


def _past(change: Change, day: date | None) -> date:
    if day is not None and day > change.today:
        raise Invalid({"day": "This day is still to come."})
    return day or change.today
