"""What a person does with a concern: sends it to a practitioner, and sees the answer. Accepting and answering it are
what is done with every task (`acknowledge`, `settle_task`)."""

from __future__ import annotations

from typing import Any

from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients.model import Patient
from cmp_tui.tasks.escalation_queries import clinicians, hours_of, way_of
from cmp_tui.tasks.escalation_rules import KIND, URGENCIES, answer_by
from cmp_tui.tasks.model import Task
from cmp_tui.tasks.rules import WAITING


def escalate(
    change: Change,
    patient: bytes,
    *,
    concern: str,
    urgency: str = "routine",
    to: bytes | None = None,
    details: str | None = None,
    id: bytes | None = None,
) -> Task:
    """Sends a concern about a patient to a clinician, as a task that wants an answer in the hours of its urgency.

    `to` is the patient's billing practitioner unless said (see `usual_clinician`). Saved with the same `id` again,
    nothing is written. Raises Invalid, field by field; Gone.
    """
    change.get(Patient, patient)
    words = " ".join((concern or "").split())
    wrong: dict[str, str] = {}
    if not words:
        wrong["concern"] = "Say in a few words what the practitioner is to look at."
    if urgency not in URGENCIES:
        wrong["urgency"] = "Choose how soon an answer is needed."
    if wrong:
        raise Invalid(wrong)
    saved = None if id is None else Task.get_or_none(Task.id == id)
    if saved is not None:
        if (saved.patient, saved.title, saved.kind) != (patient, words, KIND) or saved.struck_at is not None:
            raise Invalid({"": "This concern was sent already. It stands under Tasks in the chart."})
        return saved
    by = answer_by(change.now, urgency, hours_of(change.settings))
    return change.add(
        Task,
        id=id,
        patient=patient,
        kind=KIND,
        title=words,
        why=details,
        due=day_of(by, change.zone),
        assignee=_reader(change, patient, to),
        status=WAITING,
        urgency=urgency,
        answer_by=by,
        asked_by=change.who.id,
        handed_by=change.who.id,
        handed_at=change.now,
    )


def see_answer(change: Change, key: bytes, seen: int | None = None) -> Task:
    """Says that whoever asked has read the answer to their concern. Raises Invalid, Gone, Conflict."""
    task = change.get(Task, key)
    if task.kind != KIND or task.settled_at is None:
        raise Invalid({"": "There is no answer to this yet."})
    if task.asked_by != change.who.id:
        raise Invalid({"": "The answer is for the one who asked; they say that they have seen it."})
    if task.answer_seen_at is not None:
        return task
    return change.edit(Task, key, seen, answer_seen_at=change.now)


def _reader(change: Change, patient: bytes, to: bytes | None) -> Any:
    """The clinician who gets it, or Invalid."""
    if to is None:
        usual = way_of(change.scope, patient).usual
        if usual is None:
            raise Invalid(
                {
                    "to": "No clinician but you works with this file. Call one, and note it as a contact with c."
                }
            )
        return usual
    if to == change.who.id:
        raise Invalid({"to": "Choose somebody else: a concern goes to another person."})
    if to not in [one.id for one in clinicians(change.scope)]:
        raise Invalid({"to": "A concern goes to a clinician who works here. Choose one of them."})
    return to
