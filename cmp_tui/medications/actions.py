"""Writing the list of medicines: what was ordered, what is taken, and what no longer is."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.partial import parse_partial
from cmp_tui.medications.model import Medication
from cmp_tui.medications.rules import (
    AS_ORDERED,
    CURRENT,
    PAST,
    dates_wrong,
    is_current,
    taking_wrong,
    too_long,
)
from cmp_tui.patients.model import Patient

OWN = frozenset({"taking", "taken_how", "taken_why", "taken_on", "taken_told", "stopped_why"})
"""Values that have a way of their own: `say_taking`, `stop_medication`."""
ORDERED = ("started", "stopped", "last_ordered")


def add_medication(change: Change, patient: bytes, *, id: bytes | None = None, **values: Any) -> Medication:
    """Adds a medicine to the list, as it was ordered or as somebody told it (`told_by`). Raises Invalid, Gone.

    What is taken may be said with it: `taking`, `taken_how`, `taken_why`, `taken_on`, `taken_told`.
    """
    change.get(Patient, patient)
    wrong = _wrong(change, values)
    if not str(values.get("display") or "").strip():
        wrong["display"] = "Write the medicine's name, as it stands on the label."
    if values.get("taking") is not None:
        wrong |= taking_wrong(
            values["taking"], values.get("taken_how"), values.get("taken_why"), values.get("taken_on"), change.today
        )  # fmt: skip
        values["taken_on"] = values.get("taken_on") or change.today
    status = values.get("status") or "active"
    if values.get("stopped") and is_current(status):
        wrong["stopped"] = "It has an end, so it is no longer on the list: choose stopped or finished."
    if wrong:
        raise Invalid(wrong)
    return change.add(Medication, id, patient=patient, **values)


def edit_medication(change: Change, key: bytes, seen: int | None, **values: Any) -> Medication:
    """Changes a medicine as it was ordered. Raises Invalid, Conflict, Gone.

    A medicine of the past that is put back on the list has no end any more.
    """
    now = change.get(Medication, key)
    wrong = _wrong(change, {**{name: getattr(now, name) for name in ORDERED}, **values})
    for name in OWN & set(values):
        wrong[name] = "This is said in a form of its own: a, as taken; d, stopped."
    if "display" in values and not str(values["display"] or "").strip():
        wrong["display"] = "Write the medicine's name, as it stands on the label."
    status = values.get("status", now.status) or now.status
    if is_current(status) and not is_current(now.status) and not wrong:
        values.setdefault("stopped", None)
        values["stopped_why"] = None
    if values.get("stopped", now.stopped) and is_current(status):
        wrong["stopped"] = "It has an end, so it is no longer on the list: choose stopped or finished."
    if wrong:
        raise Invalid(wrong)
    return change.edit(Medication, key, seen, **values)


def stop_medication(
    change: Change,
    key: bytes,
    seen: int | None = None,
    *,
    on: str | date | None = None,
    why: str | None = None,
    finished: bool = False,
) -> Medication:
    """Takes a medicine off the present list: stopped (with the reason), or `finished` as it was meant to be.

    `on` is the day, which may be partial; without it, today. Raises Invalid, Conflict, Gone.
    """
    now = change.get(Medication, key)
    if not is_current(now.status):
        word = change.reference.label("medication_status", now.status)
        raise Invalid({"": f"{now.display} is not on the present list ({word}). e changes it."})
    day = parse_partial(on if on is not None else change.today)
    dates = dates_wrong({"started": now.started, "stopped": day}, change.today)
    wrong = {"on": next(iter(dates.values()))} if dates else {}
    if not finished and not (why or "").strip():
        wrong["why"] = "Say why it was stopped, and who said so; the reason stays with the medicine."
    if wrong:
        raise Invalid(wrong)
    status = "completed" if finished else "stopped"
    return change.edit(Medication, key, seen, status=status, stopped=day, stopped_why=why or None)


def hold(change: Change, key: bytes, seen: int | None = None, *, why: str | None = None) -> Medication:
    """Puts a medicine on hold, with the reason; one that is on hold is taken again. Raises Invalid, Conflict, Gone."""
    now = change.get(Medication, key)
    if not is_current(now.status):
        raise Invalid({"": f"{now.display} is not on the present list. e puts it back, then it can be held."})
    if now.status == "on-hold":
        return change.edit(Medication, key, seen, status="active", stopped_why=None)
    if not (why or "").strip():
        raise Invalid({"why": "Say why it is on hold and who said so, and until when if somebody knows."})
    return change.edit(Medication, key, seen, status="on-hold", stopped_why=why)


def say_taking(
    change: Change,
    key: bytes,
    seen: int | None = None,
    *,
    taking: str | None,
    taken_how: str | None = None,
    taken_why: str | None = None,
    taken_on: date | None = None,
    taken_told: str | None = None,
) -> Medication:
    """Records what the patient really does: as ordered, differently (how), or not at all (and why).

    `taken_on` is the day on which it was said (without it, today), `taken_told` who said so. What was said before is
    replaced; the history keeps it. Raises Invalid, Conflict, Gone.
    """
    now = change.get(Medication, key)
    wrong = taking_wrong(taking, taken_how, taken_why, taken_on, change.today)
    if not is_current(now.status):
        wrong[""] = f"{now.display} is not on the present list. e puts it back."
    if wrong:
        raise Invalid(wrong)
    return change.edit(
        Medication, key, seen, taking=taking, taken_how=taken_how or None,
        taken_why=taken_why if taking != AS_ORDERED else None, taken_on=taken_on or change.today, taken_told=taken_told,
    )  # fmt: skip


def strike_medication(change: Change, key: bytes, why: str, seen: int | None = None) -> Medication:
    """Strikes out a medicine that was recorded by mistake."""
    return change.strike(Medication, key, why, seen)


def _wrong(change: Change, values: dict[str, Any]) -> dict[str, str]:
    wrong = dates_wrong(values, change.today)
    for name in ("display", "dosage"):
        if sentence := too_long(str(values.get(name) or "")):
            wrong[name] = sentence
    status = values.get("status")
    if status is not None and status not in (*CURRENT, *PAST):
        wrong["status"] = "Choose one of the list."
    return wrong
