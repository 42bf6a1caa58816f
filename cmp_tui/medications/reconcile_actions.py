"""Reconciling two lists: begun with the other list, decided line by line, signed; then our list says what was
decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import rows
from cmp_tui.encounters.actions import edit_stay
from cmp_tui.encounters.model import Stay
from cmp_tui.medications.drug_book import drug_book
from cmp_tui.medications.interaction_book import interaction_book
from cmp_tui.medications.list_text_rules import lines_wrong, list_lines
from cmp_tui.medications.model import Reconciliation, ReconciliationLine
from cmp_tui.medications.reconcile_queries import open_one, ours_of
from cmp_tui.medications.reconcile_rules import decision_wrong, rows_of
from cmp_tui.medications.reconcile_words import list_words
from cmp_tui.medications.reconcile_writing import moved_since, ours_now, write_decision
from cmp_tui.patients.model import Patient

SIGNED = "This reconciliation is signed. R opens it again; its decisions stand on the list."


def begin(
    change: Change,
    patient: bytes,
    *,
    list_from: str | None,
    list_on: date | None = None,
    lines: Sequence[str] | None = None,
    text: str | None = None,
    why: str = "other",
    stay: bytes | None = None,
    id: bytes | None = None,
) -> Reconciliation:
    """Puts another list beside ours: each line of both becomes a line to decide on; those that are the same are kept.

    The other list is `lines`, or a `text` with one medicine a line. `list_on` is its day, `stay` the discharge that it
    is for. Raises Invalid, also while another one of the patient is open; Gone.
    """
    change.get(Patient, patient)
    theirs = list_lines(text or "") if lines is None else list_lines("\n".join(lines))
    wrong: dict[str, str] = {}
    if sentence := lines_wrong(theirs):
        wrong["text"] = sentence
    if list_from is None:
        wrong["list_from"] = "Say where the other list comes from."
    if list_on is not None and list_on > change.today:
        wrong["list_on"] = "This day is still to come."
    if stay is not None and change.get(Stay, stay).patient != patient:
        wrong["stay"] = "This stay is another patient's."
    before = open_one(change.scope, patient)
    if before is not None and not wrong:
        wrong[""] = (
            f"A reconciliation with the {list_words(before)} is open: {before.decided} of "
            f"{before.total} decided. Go on with it, or strike it out first."
        )
    if wrong:
        raise Invalid(wrong)
    made = change.add(
        Reconciliation, id=id, patient=patient, why=why, stay=stay, list_from=list_from,
        list_on=list_on or change.today, begun_on=change.today, begun_by=change.who.id,
    )  # fmt: skip
    found = rows_of(
        drug_book(change.reference),
        interaction_book(change.reference),
        ours_of(change.scope, patient),
        theirs,
    )
    change.add_many(
        ReconciliationLine,
        [
            {"patient": patient, "reconciliation": made.id, "position": place, **row._asdict()}
            for place, row in enumerate(found)
        ],
    )
    return made


def decide(
    change: Change,
    line: bytes,
    seen: int | None = None,
    decision: str | None = None,
    why: str | None = None,
    *,
    written: str | None = None,
) -> ReconciliationLine:
    """Decides on a line: keep, add (take on), change, stop, hold, ask (the practitioner), leave (off); None takes it
    back. `written` is what goes into our list in the place of their words. Raises Invalid, Conflict, Gone.
    """
    row = change.get(ReconciliationLine, line)
    if change.get(Reconciliation, row.reconciliation).signed_at is not None:
        raise Invalid({"": SIGNED})
    values: dict[str, str | None] = {"decision": decision, "ours": ours_now(row)}
    if written is not None:
        values["written"] = written.strip() or None
    if why is not None:
        values["why"] = why.strip() or None
    if decision is not None:
        has_words = bool(values.get("written", row.written))
        sentence = decision_wrong(
            decision, listed=row.listed is not None, ours=row.medication is not None, written=has_words
        )
        if sentence:
            raise Invalid({"": sentence})
    return change.edit(ReconciliationLine, line, seen, **values)


def sign(
    change: Change,
    key: bytes,
    seen: int | None = None,
    *,
    on: date | None = None,
    left: str | None = None,
    remarks: str | None = None,
    stay: bytes | None = None,
) -> Reconciliation:
    """Signs a reconciliation, and writes what was decided into our list: medicines taken on, changed, stopped, held;
    a task for each question to the practitioner. One for a stay says there that the medicines are reconciled.

    Lines that nobody decided on need a word of why they are `left`. `on` is the day of the work, today without it;
    `stay` the discharge that it is for, where it was not begun for one.
    What an earlier signing wrote already is not written twice. Raises Invalid, Conflict, Gone.
    """
    row = change.get(Reconciliation, key)
    if row.signed_at is not None:
        raise Invalid({"": SIGNED})
    model = ReconciliationLine
    lines = list(model.live().where(model.reconciliation == key).order_by(model.position))
    open_lines = [one for one in lines if one.decision is None]
    wrong: dict[str, str] = {}
    if open_lines and not (left or "").strip():
        count = len(open_lines)
        wrong["left"] = (
            f"{count} {'line is' if count == 1 else 'lines are'} not decided. Say why they are left open."
        )
    day = on or change.today
    if day > change.today:
        wrong["on"] = "This day is still to come."
    elif day < row.begun_on and row.list_on is not None and day < row.list_on:
        wrong["on"] = "This day comes before the list's own."
    if moved := [words for one in lines if (words := moved_since(one))]:
        them = "it" if len(moved) == 1 else "them"
        wrong[""] = f"Our list was changed since: {'; '.join(moved)}. Decide on {them} again."
    if wrong:
        raise Invalid(wrong)
    for one in lines:
        write_decision(change, row, one)
    stay = row.stay or stay
    if stay is not None:
        if change.get(Stay, stay).patient != row.patient:
            raise Invalid({"stay": "This stay is another patient's."})
        _stay_reconciled(change, stay, day)
    said = [f"Left open ({len(open_lines)}): {left.strip()}"] if open_lines and left else []
    said += [remarks.strip()] if (remarks or "").strip() and remarks else []
    return change.edit(
        Reconciliation, key, seen, stay=stay, done_on=day, signed_at=change.now, remarks="\n".join(said) or row.remarks,
        signed_as=" ".join(part for part in (change.who.name, _credential(change)) if part),
    )  # fmt: skip


def reopen(change: Change, key: bytes, seen: int | None = None) -> Reconciliation:
    """Opens a signed reconciliation again; what it wrote into the list stays there. Raises Invalid, Conflict, Gone."""
    row = change.get(Reconciliation, key)
    if row.signed_at is None:
        raise Invalid({"": "This reconciliation is open already."})
    if open_one(change.scope, row.patient) is not None:
        raise Invalid({"": "Another reconciliation is open. Sign that one first, or strike it out."})
    _stay_not_reconciled(change, row)
    return change.edit(Reconciliation, key, seen, signed_at=None, signed_as=None, done_on=None)


def strike_reconciliation(change: Change, key: bytes, why: str, seen: int | None = None) -> Reconciliation:
    """Strikes out a reconciliation with its lines. What it wrote into the list stays there; u takes that back."""
    row = change.strike(Reconciliation, key, why, seen)
    model = ReconciliationLine
    for (line,) in list(rows(model.live(model.id).where(model.reconciliation == key))):
        change.strike(model, line, why)
    _stay_not_reconciled(change, row)
    return row


def _credential(change: Change) -> str:
    return "" if change.who.credential == "none" else change.who.credential


def _stay_reconciled(change: Change, stay: bytes, day: date) -> None:
    found = Stay.live(Stay.id, Stay.medications_reconciled_on).where(Stay.id == stay)
    for key, before in rows(found):
        if not before or before > day.isoformat():
            edit_stay(change, key, None, medications_reconciled_on=day.isoformat())


def _stay_not_reconciled(change: Change, row: Reconciliation) -> None:
    """Takes back what the signing said at the stay, if it still says that."""
    if row.stay is None or row.done_on is None:
        return
    found = Stay.live(Stay.id, Stay.medications_reconciled_on).where(Stay.id == row.stay)
    for key, day in rows(found):
        if day == row.done_on.isoformat():
            edit_stay(change, key, None, medications_reconciled_on=None)
