"""What someone has to do, for whom, until when."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    InstantField,
    LinkField,
    UidField,
    WordsField,
)
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, quick_while_live
from cmp_tui.patients.model import Patient


class Task(Record):
    """Something to do. `attempt` counts the tries of a call back; `contact` is the contact it came from.

    A concern that went to a practitioner (kinds "escalation" and "safety") has an `urgency`, and the moment until
    which it wants an answer, `answer_by`; settling it is the answer, which comes back to `asked_by` until they have
    seen it (`answer_seen_at`). A task that is handed over stays with its giver
    until the receiver has seen it (status received → accepted).
    """

    patient = LinkField(Patient, null=True)
    kind = CodeField("task_kind", default="follow-up")
    title = WordsField(limit=200)
    why = WordsField(limit=500, null=True)
    due = DayField()
    due_time = WordsField(limit=20, null=True)
    assignee = LinkField(Staff)
    status = CodeField("task_status", default="requested")
    urgency = CodeField("urgency", null=True)
    answer_by = InstantField(null=True)
    attempt = CountField(null=True)
    contact = UidField(null=True)
    asked_by = LinkField(Staff, null=True)
    handed_by = LinkField(Staff, null=True)
    handed_at = InstantField(null=True)
    acknowledged_at = InstantField(null=True)
    snoozed_until = DayField(null=True)
    snoozed_why = WordsField(limit=200, null=True)
    settled_at = InstantField(null=True)
    settled_by = LinkField(Staff, null=True)
    settled_how = WordsField(limit=500, null=True)
    answer_seen_at = InstantField(null=True)

    class Meta:
        indexes = (
            (("assignee", "settled_at", "due"), False),
            (("patient", "settled_at", "kind", "struck_at"), False),
            (("handed_by", "settled_at"), False),
        )


class Snooze(Record):
    """A derived row of Today put off by its person: which source, which patient, until when, and why."""

    patient = LinkField(Patient)
    source = WordsField(limit=40)
    until = DayField()
    why = WordsField(limit=200, null=True)

    class Meta:
        indexes = ((("patient", "source", "until"), False),)


TABLES = (Task, Snooze)
# Concerns whose answer is awaited: few, among all tasks.
quick_while_live(Task.answer_by, where=Task.settled_at.is_null() & Task.answer_by.is_null(False))
# Answers that nobody has seen yet: few, among all that was ever settled.
quick_while_live(
    Task.asked_by,
    Task.patient,
    where=(Task.kind == "escalation") & Task.settled_at.is_null(False) & Task.answer_seen_at.is_null(),
)
# The team's list, in its order, without a look at the tasks themselves.
quick_while_live(
    Task.due, Task.patient, Task.id, Task.status, Task.snoozed_until, where=Task.settled_at.is_null()
)
