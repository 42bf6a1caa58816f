"""Panels: lending one to a colleague for some days, and moving patients to another care manager."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.patients.model import Loan, Patient

_CARERS = frozenset({"care-manager", "clinician"})


def lend_panel(
    change: Change, owner: bytes, cover: bytes, starts: date, ends: date, why: str | None = None
) -> Loan:
    """Lends a care manager's panel to a colleague from one day to another, both included.

    The patients stay the owner's; they show in the colleague's "mine" on these days. Raises Invalid; Refused
    when it is someone else's panel and the person is no administrator.
    """
    _own_or_admin(change, owner)
    wrong = {}
    if owner == cover:
        wrong["cover"] = "A panel is lent to someone else. Choose a colleague."
    if ends < starts:
        wrong["ends"] = "The last day comes before the first."
    elif ends < change.today:
        wrong["ends"] = "These days have gone by. Choose a last day from today on."
    if wrong:
        raise Invalid(wrong)
    colleague = _carer(change, cover, "cover")
    same = Loan.live().where((Loan.owner == owner) & (Loan.cover == cover) & Loan.ended_at.is_null())
    for loan in same.where((Loan.starts <= ends) & (Loan.ends >= starts)):
        raise Invalid(
            {
                "starts": f"It is lent to {colleague.name} from {loan.starts} to {loan.ends} already. End that first."
            }
        )
    return change.add(Loan, owner=owner, cover=cover, starts=starts, ends=ends, why=why)


def end_loan(change: Change, key: bytes) -> Loan:
    """Ends a loan now; ending an ended one changes nothing."""
    loan = change.get(Loan, key)
    if change.who.id != loan.cover:
        _own_or_admin(change, loan.owner)
    return loan if loan.ended_at is not None else change.edit(Loan, key, None, ended_at=change.now)


def move_panel(change: Change, owner: bytes, to: bytes, patients: Collection[bytes] | None = None) -> int:
    """Gives all of a care manager's patients (or those named) to another one; returns how many moved.

    One change: one undo takes it back. Patients who are not the owner's stay where they are. Raises Invalid;
    Refused when it is someone else's panel and the person is no administrator.
    """
    _own_or_admin(change, owner)
    if owner == to:
        raise Invalid({"to": "They are this care manager's patients already. Choose a colleague."})
    _carer(change, to, "to")
    query = Patient.live(Patient.id).where(Patient.care_manager == owner).order_by(Patient.id)
    keys = [key for (key,) in rows(query) if patients is None or key in patients]
    count = change.edit_many(Patient, [(key, {"care_manager": to}) for key in keys])
    change.note(moved=count)
    return count


def _carer(change: Change, key: bytes, field: str) -> Staff:
    """The member of the staff, who must be active and care for patients."""
    person = change.get(Staff, key)
    if not person.active or not person.roles & _CARERS:
        raise Invalid({field: f"{person.name} does not care for patients here. Choose someone who does."})
    return person


def _own_or_admin(change: Change, owner: bytes) -> None:
    if owner != change.who.id and "admin" not in change.who.roles:
        raise Refused(
            "Only an administrator can do this with a colleague's panel. Ask one, or the colleague."
        )
