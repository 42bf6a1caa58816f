"""The safety tasks that an alarm opens, in the same save as the answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from cmp_tui.assessments.crisis import Crisis, crisis
from cmp_tui.assessments.definition import Instrument
from cmp_tui.assessments.model import Assessment
from cmp_tui.assessments.safety_rules import Colleague, Sent, who_acts
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.model import Staff
from cmp_tui.patients.model import Loan, Patient
from cmp_tui.tasks.model import Task
from cmp_tui.tasks.rules import WAITING

KIND = "safety"
URGENCY = "stat"


def open_safety_tasks(
    change: Change, row: Assessment, instrument: Instrument, alarms: Collection[str]
) -> tuple[list[Task], tuple[str, ...]]:
    """Opens the tasks of alarms that were raised now: one for the nurse, one for a practitioner, both due today.

    Returns them, and sentences for the person about where they went.
    """
    tasks: list[Task] = []
    words: dict[str, None] = {}
    for name in alarms:
        steps = crisis(change.reference, name)
        if steps.tasks:
            sent = _who(change, row.patient)
            tasks += _tasks(change, row, instrument, steps, sent)
            words |= dict.fromkeys(sent.words)
    return tasks, tuple(words)


def _tasks(change: Change, row: Assessment, instrument: Instrument, steps: Crisis, sent: Sent) -> list[Task]:
    why = f"{instrument.title} of {row.date.isoformat()}, asked by {change.who.name}. {steps.steps[0]}"
    found = [_task(change, row.patient, steps.nurse_task, why, steps, sent.nurse)]
    if sent.practitioner is None:
        lone = f"Reach a practitioner now: {steps.practitioner_task}"
        found.append(_task(change, row.patient, lone, why, steps, sent.nurse))
    elif sent.practitioner != sent.nurse:
        found.append(_task(change, row.patient, steps.practitioner_task, why, steps, sent.practitioner))
    return found


def _task(change: Change, patient: bytes, title: str, why: str, steps: Crisis, to: bytes) -> Task:
    mine = to == change.who.id
    handed: dict[str, Any] = (
        {} if mine else {"status": WAITING, "handed_by": change.who.id, "handed_at": change.now}
    )
    return change.add(
        Task,
        patient=patient,
        kind=KIND,
        title=title,
        why=why,
        due=change.today,
        assignee=to,
        urgency=URGENCY,
        answer_by=change.now + timedelta(minutes=steps.answer_minutes),
        **handed,
    )


def _who(change: Change, patient: bytes) -> Sent:
    person = change.get(Patient, patient)
    staff = [
        Colleague(one.id, one.name, one.roles, one.active, one.may_bill)
        for one in Staff.live().order_by(Staff.name, Staff.id)
    ]
    billing = person.billing_practitioner
    own = Staff.live().where(Staff.username == billing).first() if billing else None
    loans = Loan.live().where(
        (Loan.starts <= change.today) & (Loan.ends >= change.today) & Loan.ended_at.is_null()
    )
    covers = {loan.owner: loan.cover for loan in loans.order_by(Loan.starts, Loan.id)}
    return who_acts(
        staff,
        change.who.id,
        person.care_manager,
        None if own is None else own.id,
        covers,
        own.name if own is not None else billing or "",
    )
