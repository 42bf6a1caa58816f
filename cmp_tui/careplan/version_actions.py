"""Finishing a review of a plan: a version, signed; and the practitioner's approval of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cmp_tui.careplan.actions import open_plan
from cmp_tui.careplan.model import Goal, Plan, PlanVersion
from cmp_tui.careplan.queries import as_content, changes_since, whole_plan
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid

IN_APP = "in the program"
"""How a version was approved by who signed it here."""


def finish_review(
    change: Change,
    patient: bytes,
    *,
    review_on: date | None = None,
    approval: Mapping[str, Any] | None = None,
    remarks: str | None = None,
    id: bytes | None = None,
) -> PlanVersion:
    """Finishes a review of the plan: writes a version of it as it stands, signed by who does it, and returns it.

    The first one makes the plan: `Plan.made_on` and `made_by`; later ones set `reviewed_on`. `review_on` is the next
    review of the goals whose own review is due. `remarks` stand before what has changed. `approval` is that of a
    practitioner ("by", "how", "day"), see `approve_version`; a clinician who finishes a review approves it by that.
    Saving twice with one `id` writes once. Raises Invalid, Gone.
    """
    saved = None if id is None else PlanVersion.get_or_none(PlanVersion.id == id)
    if saved is not None:
        return saved
    plan = open_plan(change, patient)
    whole = whole_plan(change.scope, patient)
    if not whole.goals and not whole.ended:
        raise Invalid(
            {"": "There is no goal yet. A plan has at least one: n adds it, or takes it from a template."}
        )
    if review_on is not None:
        if review_on <= change.today:
            raise Invalid({"review_on": "The next review lies ahead."})
        due = [goal for goal in whole.goals if goal.review_on is None or goal.review_on <= change.today]
        for goal in due:
            change.edit(Goal, goal.id, None, review_on=review_on)
        whole = whole_plan(change.scope, patient)
    number = whole.versions[0].number + 1 if whole.versions else 1
    changes = changes_since(whole, change.reference)
    said = [remarks.strip()] if remarks and remarks.strip() else []
    version = change.add(
        PlanVersion,
        id=id,
        patient=patient,
        plan=plan.id,
        number=number,
        date=change.today,
        changes=[*said, *(changes or ["Nothing changed."])],
        content=as_content(whole),
        signed_by=change.who.id,
        signed_as=change.who.signature,
        **_approval(change, approval),
    )
    if plan.made_on is None:
        change.edit(Plan, plan.id, None, made_on=change.today, made_by=_maker(change))
    else:
        change.edit(Plan, plan.id, None, reviewed_on=change.today)
    return version


def approve_version(
    change: Change,
    key: bytes,
    seen: int | None = None,
    *,
    by: str | None = None,
    how: str | None = None,
    day: date | None = None,
) -> PlanVersion:
    """Records a practitioner's approval of a version: the second signature.

    A clinician approves in the program and needs nothing else; who does not names the practitioner (`by`) and says how
    they approved it ("by phone"). Raises Invalid, Conflict, Gone.
    """
    version = change.get(PlanVersion, key)
    if version.approved_on is not None:
        raise Invalid({"": f"This version is approved already, by {version.approved_by or 'someone'}."})
    values = _approval(change, {"by": by, "how": how, "day": day})
    if values["approved_on"] < version.date:
        raise Invalid({"day": "The version was made after that day."})
    return change.edit(PlanVersion, key, seen, **values)


def _approval(change: Change, given: Mapping[str, Any] | None) -> dict[str, Any]:
    clinician = "clinician" in change.who.roles
    if given is None:
        if not clinician:
            return {}
        given = {}
    by, how, day = given.get("by"), given.get("how"), given.get("day") or change.today
    if day > change.today:
        raise Invalid({"day": "This day is still to come."})
    if not by:
        if not clinician:
            raise Invalid({"by": "Name the practitioner who approved it."})
        return {"approved_by": change.who.signature, "approved_on": day, "approved_how": IN_APP}
    if not how:
        raise Invalid({"how": "Say how they approved it: by phone, in a message, on paper."})
    return {"approved_by": by, "approved_on": day, "approved_how": how}


def _maker(change: Change) -> str:
    return change.who.username
