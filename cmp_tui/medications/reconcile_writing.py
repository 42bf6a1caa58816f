"""What a signed decision writes into our list of medicines."""

from __future__ import annotations

from cmp_tui.clinic.change import Change
from cmp_tui.medications.actions import add_medication, edit_medication, hold, stop_medication
from cmp_tui.medications.list_text_rules import entry_of
from cmp_tui.medications.model import Medication, Reconciliation, ReconciliationLine
from cmp_tui.medications.reconcile_rules import ADD, ASK, CHANGE, HOLD, STOP
from cmp_tui.medications.reconcile_words import list_words
from cmp_tui.medications.rules import is_current
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.model import Task

ORDERS = frozenset({"clinic", "hospital", "facility", "ehr", "specialist"})
"""Lists whose day is a day on which the medicine was ordered."""
SAID = ("taking", "taken_how", "taken_why", "taken_on", "taken_told")
TITLE, WHY = 200, 500
"""Characters that a task has for its title and for its why."""


def write_decision(change: Change, of: Reconciliation, line: ReconciliationLine) -> None:
    """Writes one decision; what was written by an earlier signing is left as it is."""
    words = line.written or line.listed or ""
    now = None if line.medication is None else _there(line.medication)
    if line.decision == ADD and now is None:
        _take_on(change, of, line, words)
    elif line.decision == ASK:
        _ask(change, of, line, now, words)
    elif now is None or not is_current(now.status):
        return
    elif line.decision == CHANGE:
        entry = entry_of(words)
        values = {"display": entry.display, "dosage": entry.dosage or now.dosage}
        if entry.display != now.display:  # the code was that of the strength before
            values |= {"code": None, "system": None}
        if of.list_from in ORDERS and of.list_on is not None:
            values["last_ordered"] = of.list_on.isoformat()
        edit_medication(change, now.id, None, **values)
        # What was said of the order before says nothing of the new one.
        change.edit(Medication, now.id, None, **dict.fromkeys(SAID))
    elif line.decision == STOP:
        stop_medication(change, now.id, on=of.list_on or change.today, why=_why(change, of, line))
    elif line.decision == HOLD and now.status != "on-hold":
        hold(change, now.id, why=_why(change, of, line))


def ours_now(line: ReconciliationLine) -> str | None:
    """Returns what our list says of a line's medicine now; None when it has none."""
    now = None if line.medication is None else _there(line.medication)
    return None if now is None else _words(now)


def moved_since(line: ReconciliationLine) -> str:
    """Returns in words how our order became another one since a line was decided on; "" when it did not, or when the
    decision says the same as the list does now."""
    now = None if line.medication is None else _there(line.medication)
    if (
        line.decision not in (CHANGE, STOP, HOLD)
        or line.ours is None
        or now is None
        or not is_current(now.status)
    ):
        return ""
    entry = entry_of(line.written or line.listed or "")
    written = (
        line.decision == CHANGE and entry.display == now.display and entry.dosage in (None, "", now.dosage)
    )
    if _words(now) == line.ours or written:
        return ""
    return f"“{line.ours}” is “{_words(now)}” now"


def _words(now: Medication) -> str:
    return ", ".join(part for part in (now.display, now.dosage) if part)


def _take_on(change: Change, of: Reconciliation, line: ReconciliationLine, words: str) -> None:
    entry = entry_of(words)
    last = of.list_on.isoformat() if of.list_on is not None and of.list_from in ORDERS else None
    made = add_medication(
        change,
        of.patient,
        display=entry.display,
        dosage=entry.dosage,
        told_by=of.list_from,
        last_ordered=last,
    )
    change.edit(ReconciliationLine, line.id, None, medication=made.id)


def _ask(
    change: Change, of: Reconciliation, line: ReconciliationLine, now: Medication | None, words: str
) -> None:
    """The question has the line's own key: it is asked once, however often it is signed."""
    if Task.select(Task.id).where(Task.id == line.id).exists():
        return
    name = now.display if now is not None else entry_of(words).display
    ours = (
        " ".join(part for part in (now.display, now.dosage) if part) if now is not None else "not on our list"
    )
    theirs = line.listed or "not on it"
    source = list_words(of)
    asks = ". ".join(part for part in (line.why, f"Ours: {ours}", f"{source.capitalize()}: {theirs}") if part)
    add_task(
        change, title=_cut(f"Ask the practitioner: {name}", TITLE), due=change.today, patient=of.patient,
        why=_cut(asks, WHY), id=line.id,
    )  # fmt: skip


def _why(change: Change, of: Reconciliation, line: ReconciliationLine) -> str:
    source = list_words(of)
    where = f"not on the {source}" if line.listed is None else f"reconciled with the {source}"
    return _cut(f"{line.why} ({where})" if line.why else where, 300)


def _there(key: bytes) -> Medication | None:
    found = Medication.get_or_none(Medication.id == key)
    return None if found is None or found.struck_at is not None else found


def _cut(words: str, room: int) -> str:
    """A sentence of ours in the room there is; the lines themselves stand whole in the reconciliation."""
    return words if len(words) <= room else words[: room - 1].rstrip() + "…"
