"""What a person does with tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Staff
from cmp_tui.patients.model import Patient
from cmp_tui.tasks.model import Task
from cmp_tui.tasks.rules import WAITING, settle_problem, snooze_problem

EDITABLE = frozenset({"title", "why", "due", "due_time", "kind", "attempt"})
WORKERS = frozenset({"care-manager", "clinician"})


def add_task(
    change: Change,
    *,
    title: str,
    due: date,
    patient: bytes | None = None,
    kind: str = "follow-up",
    why: str | None = None,
    assignee: bytes | None = None,
    attempt: int | None = None,
    contact: bytes | None = None,
    due_time: str | None = None,
    id: bytes | None = None,
) -> Task:
    """Adds a task, by default for oneself, and returns it; one for a colleague is handed over at once.

    `id` is a key made before; when the same task is saved with it again, nothing is written and the one that is
    there is returned. Raises Invalid, field by field; Gone without the patient.
    """
    if patient is not None:
        change.get(Patient, patient)
    words = {"kind": kind, "title": title, "why": why, "due": due, "due_time": due_time, "attempt": attempt}
    saved = None if id is None else Task.get_or_none(Task.id == id)
    if saved is not None:
        return _same(change, saved, {**words, "patient": patient, "contact": contact})
    mine = assignee in (None, change.who.id)
    handed: dict[str, Any] = {}
    if not mine:
        handed = {"status": WAITING, "handed_by": change.who.id, "handed_at": change.now}
    return change.add(
        Task,
        id=id,
        patient=patient,
        assignee=change.who.id if assignee is None or mine else _worker(change, assignee),
        contact=contact,
        **words,
        **handed,
    )


def edit_task(change: Change, key: bytes, seen: int | None, **values: Any) -> Task:
    """Changes a task's title, why, due, due_time, kind or attempt. Raises Invalid, Gone, Conflict."""
    unknown = set(values) - EDITABLE
    if unknown:
        raise Invalid(
            dict.fromkeys(unknown, "This is not changed here: hand over, snooze or settle the task.")
        )
    _open(change, key)
    return change.edit(Task, key, seen, **values)


def snooze_task(change: Change, key: bytes, until: date, why: str, seen: int | None = None) -> Task:
    """Puts a task off: it comes back on the day `until`, with the words of `why`. Raises Invalid, Gone, Conflict."""
    problem = snooze_problem(until, why, change.today)
    if problem:
        raise Invalid(problem)
    _open(change, key)
    return change.edit(Task, key, seen, snoozed_until=until, snoozed_why=why)


def settle_task(
    change: Change, key: bytes, status: str = "completed", how: str = "", seen: int | None = None
) -> Task:
    """Settles a task: completed, cancelled (not needed) or failed (could not be done), and in which words.

    Raises Invalid, Gone, Conflict.
    """
    task = _open(change, key)
    problem = settle_problem(status, how, str(task.kind))
    if problem:
        raise Invalid(problem)
    seen_by_me = {"acknowledged_at": change.now} if _waits_for_me(change, task) else {}
    return change.edit(
        Task, key, seen, status=status, settled_at=change.now, settled_by=change.who.id, settled_how=how or None,
        **seen_by_me,
    )  # fmt: skip


def hand_over(change: Change, key: bytes, to: bytes, why: str | None = None, seen: int | None = None) -> Task:
    """Hands a task to a colleague or a practitioner of the clinic. Until they acknowledge it, both see it.

    `why` is put in front of the task's own words. Raises Invalid, Gone, Conflict.
    """
    task = _open(change, key)
    if to == task.assignee:
        raise Invalid({"to": "This task is theirs already."})
    words = ". ".join(part.strip().removesuffix(".") for part in (why or "", task.why or "") if part.strip())
    if to == change.who.id:  # taking it over oneself needs no acknowledgement
        handed: dict[str, Any] = {
            "status": "accepted",
            "handed_by": None,
            "handed_at": None,
            "acknowledged_at": None,
        }
    else:
        handed = {
            "status": WAITING,
            "handed_by": change.who.id,
            "handed_at": change.now,
            "acknowledged_at": None,
        }
    return change.edit(
        Task, key, seen, assignee=_worker(change, to), why=words or None,
        snoozed_until=None, snoozed_why=None, **handed,
    )  # fmt: skip


def acknowledge(change: Change, key: bytes, seen: int | None = None) -> Task:
    """Says "I have seen it" about a task that was handed to the person. Raises Invalid, Gone, Conflict."""
    task = _open(change, key)
    if task.assignee != change.who.id:
        raise Invalid({"": "Only the one to whom it was handed can acknowledge it."})
    if task.status != WAITING:
        return task
    return change.edit(Task, key, seen, status="accepted", acknowledged_at=change.now)


def settle_call_backs(change: Change, patient: bytes, how: str) -> list[Task]:
    """Settles the person's own open call-back tasks of a patient, and returns them: the call has taken place."""
    mine = (Task.patient == patient) & (Task.assignee == change.who.id) & (Task.kind == "call-back")
    waiting = Task.live().where(mine & Task.settled_at.is_null()).order_by(Task.due, Task.id)
    return [settle_task(change, task.id, "completed", how) for task in waiting]


def _same(change: Change, saved: Task, values: dict[str, Any]) -> Task:
    """A task that was saved before, or Invalid when it is not the one that is meant."""
    fields = Task._meta.fields
    for name, value in values.items():
        wanted = None if value in (None, "") else fields[name].check(value, change.reference)
        if getattr(saved, name) != wanted or saved.struck_at is not None:
            raise Invalid({"": "This task is saved already. Open it to change it; close this form."})
    return saved


def _open(change: Change, key: bytes) -> Task:
    task = change.get(Task, key)
    if task.settled_at is not None:
        how = change.reference.label("task_status", task.status)
        raise Invalid({"": f"This task is settled already ({how}). Undo that first, or add a new task."})
    return task


def _waits_for_me(change: Change, task: Task) -> bool:
    return bool(task.status == WAITING and task.assignee == change.who.id)


def _worker(change: Change, key: bytes) -> bytes:
    """The key of someone who can work on tasks, or Invalid."""
    person = change.get(Staff, key)
    if not person.active:
        raise Invalid({"to": f"{person.name} no longer works with this program. Choose someone else."})
    if not person.roles & WORKERS:
        raise Invalid({"to": f"{person.name} has no role that works on tasks (care-manager, clinician)."})
    return key
