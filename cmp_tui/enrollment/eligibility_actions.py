"""Writing what a person decided about who may be in a program, beside what the rules said."""

from __future__ import annotations

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.enrollment.eligibility_book import book_on
from cmp_tui.enrollment.eligibility_queries import eligible as judged_for
from cmp_tui.enrollment.eligibility_rules import NO, YES, Judged
from cmp_tui.enrollment.intake_actions import settle_stage
from cmp_tui.enrollment.model import Eligibility
from cmp_tui.patients.model import Patient

IN_ALL = "verdict"
"""The name under which a decision keeps what the rules said in all."""


def decide_eligibility(
    change: Change,
    patient: bytes,
    *,
    program: str,
    eligible: bool,
    why: str | None = None,
    id: bytes | None = None,
) -> Eligibility:
    """Decides whether a patient may be in a program, and keeps what the rules say of each criterion today.

    A decision against the rules is marked as overruled and needs a reason; against a "no" only a clinician may decide
    (role clinician). What is not known stands in the way of neither. The stage of an open intake follows. Raises
    Invalid; Gone when there is no such patient.
    """
    person = change.get(Patient, patient)
    if eligible and person.deceased:
        raise Invalid({"": "This patient has died and can't be in a program any more."})
    judged = judged_for(change.scope, patient)
    answers = answers_of(judged, program)
    verdict = answers.get(IN_ALL)
    overruled = verdict == (NO if eligible else YES)
    reason = (why or "").strip() or None
    if overruled and eligible and "clinician" not in change.who.roles:
        raise Invalid(
            {"eligible": "The rules say no; only a clinician may overrule them. Ask one, or decide no."}
        )
    if overruled and reason is None:
        said = "no" if eligible else "yes"
        raise Invalid({"why": f"The rules say {said}. Say why it is decided otherwise."})
    if verdict is None and reason is None:
        last = book_on(change.reference, change.today).last_day
        raise Invalid(
            {"why": f"No rules of {program} cover today (the last day is {last}). Say what decides it."}
        )
    added = change.add(
        Eligibility,
        id=id,
        patient=patient,
        program=program,
        eligible=eligible,
        date=change.today,
        decided_by=change.who.id,
        answers=answers or None,
        overruled=overruled,
        why=reason,
    )
    settle_stage(change, patient)
    return added


def strike_eligibility(change: Change, key: bytes, why: str, seen: int | None = None) -> Eligibility:
    """Strikes out a decision that was recorded by mistake; the stage of an open intake follows."""
    struck = change.strike(Eligibility, key, why, seen)
    settle_stage(change, struck.patient)
    return struck


def answers_of(judged: Judged, program: str) -> dict[str, str]:
    """Returns the rules' answers for a program by criterion, those that speak for it too; {} when no rules cover it."""
    for one in judged.programs:
        if one.program == program:
            found = (*one.findings, *judged.speaking)
            return {**{each.what: each.answer for each in found}, IN_ALL: one.verdict}
    return {}
