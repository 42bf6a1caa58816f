"""Recording that a copy of the plan, or a summary of it, left the house: printing alone is not giving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from cmp_tui.careplan.holder_rules import OWN
from cmp_tui.careplan.model import Plan, PlanCopy
from cmp_tui.careplan.queries import copies_of, plan_line, whole_plan
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.contacts.actions import add_contact
from cmp_tui.enrollment.intake_actions import settle_stage
from cmp_tui.patients.model import Patient

PATIENT, SUMMARY = "patient", "summary"
MODES: Mapping[str, str] = MappingProxyType(
    {"in-person": "in-person", "mail": "letter", "portal": "portal", "email": "email", "fax": "letter"}
)
"""How a copy was given, as the contact that is logged for it says it."""


def give_copy(
    change: Change,
    patient: bytes,
    *,
    how: str,
    to: str = PATIENT,
    name: str | None = None,
    kind: str = PATIENT,
    day: date | None = None,
    language: str | None = None,
    digest: str | None = None,
    of_version: bytes | None = None,
    contact: bool = False,
    id: bytes | None = None,
) -> PlanCopy:
    """Records that someone got a copy of the plan, or a summary of it: to whom, how, when, what was in it.

    `digest` and `of_version` are those of the paper (copy_out.Written); without them they are of the plan as it is
    now, if it was given today: of an earlier day nobody can say what was in it, only which version held. A copy for
    the patient or a caregiver stands on the plan too. `contact` logs a contact of today as well. The same `id` is
    recorded once. Raises Invalid, Gone.
    """
    saved: PlanCopy | None = None if id is None else PlanCopy.get_or_none(PlanCopy.id == id)
    if saved is not None:
        return saved
    day, name = day or change.today, " ".join((name or "").split()) or None
    change.get(Patient, patient)
    whole = whole_plan(change.scope, patient)
    if whole.plan is None:
        raise Gone("There is no care plan of which a copy could be given.")
    wrong: dict[str, str] = {}
    if day > change.today:
        wrong["day"] = "This day is still to come. Record it when it was given."
    if to != PATIENT and not name:
        wrong["name"] = "Name who got it."
    if kind == SUMMARY and to == PATIENT:
        wrong["to"] = "A summary is for others; the patient gets the copy in plain language."
    if contact and day != change.today:
        wrong["contact"] = "A contact of an earlier day is logged with c, which asks for its hour."
    if wrong:
        raise Invalid(wrong)
    if digest is None and day == change.today:
        digest = whole.digest
    if of_version is None:
        of_version = next((one.id for one in whole.versions if one.date <= day), None)
    copy = change.add(
        PlanCopy,
        id=id,
        patient=patient,
        kind=kind,
        to=to,
        name=None if to == PATIENT else name,
        how=how,
        date=day,
        language=language,
        of_version=of_version,
        digest=digest,
        given_by=change.who.id,
    )
    if kind == PATIENT and to in OWN:
        _on_plan(change, patient)
    if contact:
        _log(change, copy)
    return copy


def strike_copy(change: Change, key: bytes, why: str, seen: int | None = None) -> PlanCopy:
    """Strikes out that a copy was given (a slip), with a reason. The plan tells of the copy before it again.

    Raises Invalid, Conflict, Gone.
    """
    struck = change.strike(PlanCopy, key, why, seen)
    plan = plan_line(change.scope, struck.patient)
    told = (plan.given_on, plan.given_how, plan.given_to) if plan else None
    if struck.kind == PATIENT and told == (struck.date, struck.how, struck.to):
        _on_plan(change, struck.patient, clear=True)
    return struck


def _on_plan(change: Change, patient: bytes, *, clear: bool = False) -> None:
    """Writes the last copy that the patient or a caregiver got onto the plan; an older one that an import told of
    stays unless it is to be cleared."""
    plan = plan_line(change.scope, patient)
    own = (one for one in copies_of(change.scope, patient) if one.kind == PATIENT and one.to in OWN)
    last = next(own, None)
    if plan is None or (last is None and not clear):
        return
    if last is not None and not clear and plan.given_on is not None and plan.given_on > last.date:
        return
    change.edit(
        Plan,
        plan.id,
        None,
        given_on=last.date if last else None,
        given_how=last.how if last else None,
        given_to=last.to if last else None,
    )


def _log(change: Change, copy: PlanCopy) -> None:
    what = "Copy of the care plan" if copy.kind == PATIENT else "Summary of the care plan"
    how = change.reference.label("given_how", copy.how)
    met = copy.how == "in-person"
    add_contact(
        change,
        copy.patient,
        at=change.now,
        mode=MODES.get(copy.how, "letter"),
        outcome="reached" if met else "not-applicable",
        with_whom=copy.to,
        did=f"{what} given {how}{f' to {copy.name}' if copy.name else ''}.",
    )
    settle_stage(change, copy.patient)
