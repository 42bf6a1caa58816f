"""The forms about tasks: new and changed, put off, settled, handed over, accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import staff_list
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.tasks import actions, queries
from cmp_tui.tasks.escalation_rules import KIND as CONCERN
from cmp_tui.tasks.queries import TaskLine
from cmp_tui.tasks.rules import SETTLED
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, own_key
from cmp_tui.ui.words import day_words

Args = Mapping[str, Any]
Act = Callable[..., Any]
"""An action whose arguments are the values of a form."""
PARTS = ("any time", "morning", "afternoon")


async def task_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """A new task (about a patient or not), or changes to one. `args` of a new one: `title`, `kind`, `due` (ISO)."""
    if record is not None:
        return await _edit(context, record)
    who = await _identity(context, patient)
    key = own_key(context, args)
    values = {
        "kind": args.get("kind", "follow-up"),
        "title": args.get("title", ""),
        "due": date.fromisoformat(str(args["due"])) if args.get("due") else context.here.today(),
        "assignee": context.me.id,
    }

    async def submit(submission: Submission) -> Any:
        given = submission.values
        return await context.live.do(
            actions.add_task,
            title=str(given["title"]),
            due=_day(given["due"]),
            patient=patient,
            kind=str(given["kind"]),
            why=_text(given.get("why")),
            assignee=_key(given.get("assignee")),
            due_time=_text(given.get("due_time")),
            id=key,
        )

    spec = FormSpec(
        name="task",
        title="New task",
        identity=who,
        fields=(*_fields(context), await _staff_field(context, "assignee", "For whom")),
    )
    names = {one.id: one.name for one in await context.live.ask(staff_list)}

    def said(task: Any) -> str:
        when = day_words(task.due, context.here.today())
        if task.assignee == context.me.id:
            return f"Task for {when}: {task.title}."
        return f"Task for {when} handed to {names.get(task.assignee, 'a colleague')}: {task.title}."

    return Opening(spec, submit, values, said=said)


async def _edit(context: FormContext, record: bytes) -> Opening:
    line = await _line(context, record)
    edit: Act = actions.edit_task

    async def submit(submission: Submission) -> Any:
        changes: dict[str, Any] = dict(submission.changes)
        for name in ("why", "due_time"):
            if name in changes:
                changes[name] = _text(changes[name])
        return await context.live.do(edit, record, submission.seen, **changes)

    spec = FormSpec(
        name="task",
        title="Task",
        identity=await _identity(context, line.patient),
        fields=_fields(context),
        keys_hint=f"{line.assignee_name} has it; h hands it over",
    )
    values: dict[str, object] = {
        name: getattr(line, name) for name in ("title", "kind", "due", "due_time", "why")
    }
    return Opening(spec, submit, values, line.version, lambda _: "Task saved.")


async def snooze_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Puts a task off until a day, with a reason."""
    line = await _line(context, record)
    today = context.here.today()

    async def submit(submission: Submission) -> date:
        given = submission.values
        task = await context.live.do(
            actions.snooze_task, line.id, _day(given["until"]), str(given["why"]), submission.seen
        )
        until: date = task.snoozed_until
        return until

    spec = FormSpec(
        name="snooze-task",
        title="Put off",
        identity=await _identity(context, line.patient),
        fields=(
            DateField(name="until", label="Until", required=True, only="future", help="fri, +3, +1w, 11/30"),
            TextField(
                name="why", label="Why", required=True, limit=200, help=f"{line.title}: comes back then"
            ),
        ),
    )
    values = {"until": add_business_days(today, 1)}
    return Opening(
        spec, submit, values, line.version, lambda until: f"Put off until {day_words(until, today)}."
    )


async def settle_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Says how a task was settled: done, not needed, or could not be done."""
    line = await _line(context, record)
    label = context.reference.label
    answers = line.kind == CONCERN
    how: Field = TextField(name="how", label="How", limit=500, help="needed unless it is done")
    asked: tuple[Field, ...] = ()
    if answers:
        asked = (
            SaidField(name="asked", label="Concern", sentences=[line.title, *(line.why or "").splitlines()]),
        )
        words = "the one who asked reads it in Today"
        how = LongTextField(name="how", label="Answer", required=True, limit=500, least=2, help=words)

    async def submit(submission: Submission) -> str:
        status = str(submission.values["status"])
        how = str(submission.values.get("how") or "")
        await context.live.do(actions.settle_task, line.id, status, how, submission.seen)
        return status

    spec = FormSpec(
        name="settle-task",
        title="Answer" if answers else "Settle",
        identity=await _identity(context, line.patient),
        fields=(
            *asked,
            ChoiceField(
                name="status",
                label="It is",
                required=True,
                options=tuple(Option(code, label("task_status", code)) for code in SETTLED),
                help=line.title,
            ),
            how,
        ),
    )
    return Opening(
        spec,
        submit,
        {"status": "completed"},
        line.version,
        lambda status: f"{line.title}: {label('task_status', status)}.",
    )


async def hand_over_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Hands a task to a colleague or a practitioner of the clinic; both see it until it is accepted."""
    line = await _line(context, record)

    async def submit(submission: Submission) -> str:
        to = _key(submission.values.get("to"))
        assert to is not None
        why = _text(submission.values.get("why"))
        await context.live.do(actions.hand_over, line.id, to, why, submission.seen)
        return next(
            (one.name for one in await context.live.ask(staff_list) if one.id == to), "your colleague"
        )

    spec = FormSpec(
        name="hand-over",
        title="Hand over",
        identity=await _identity(context, line.patient),
        fields=(
            await _staff_field(context, "to", "To", without=line.assignee),
            TextField(
                name="why", label="Words", limit=300, help=f"what they should know about: {line.title}"
            ),
        ),
    )
    return Opening(
        spec, submit, {}, line.version, lambda name: f"Handed to {name}; you see it until they accept."
    )


async def accept_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Says that a task that was handed over has been seen and is taken."""
    line = await _line(context, record)

    async def submit(submission: Submission) -> None:
        await context.live.do(actions.acknowledge, line.id, submission.seen)

    giver = line.handed_by_name or "a colleague"
    words = f"{line.title}, from {giver}" + (f": {line.why}" if line.why else "")
    spec = FormSpec(
        name="accept-task",
        title="Accept",
        identity=await _identity(context, line.patient),
        fields=(
            ChoiceField(
                name="take", label="Taken", required=True, options=(Option("yes", "I take it"),), help=words
            ),
        ),
    )
    return Opening(spec, submit, {"take": "yes"}, line.version, lambda _: f"Accepted: {line.title}.")


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {
        "task": task_form,
        "snooze-task": snooze_form,
        "settle-task": settle_form,
        "hand-over": hand_over_form,
        "accept-task": accept_form,
    }
)
"""The forms of this room, by the name under which `OpenForm` and drafts know them."""


def _fields(context: FormContext) -> tuple[Field, ...]:
    kinds = options(context.reference.codes("task_kind"))
    return (
        TextField(name="title", label="Task", required=True, limit=200, help="what is to be done"),
        DateField(name="due", label="Due", required=True, toward="future", help="fri, +3, +1w, eom, 11/30"),
        ChoiceField(
            name="due_time",
            label="Part of day",
            options=(Option(None, PARTS[0]), *(Option(part, part) for part in PARTS[1:])),
        ),
        ChoiceField(name="kind", label="Kind", required=True, options=kinds),
        TextField(name="why", label="Why", limit=500),
    )


async def _staff_field(
    context: FormContext, name: str, label: str, without: bytes | None = None
) -> ChoiceField:
    people = [one for one in await context.live.ask(staff_list) if one.roles & actions.WORKERS]
    return ChoiceField(
        name=name,
        label=label,
        required=True,
        options=tuple(Option(one.id, one.name) for one in people if one.id != without),
    )


async def _line(context: FormContext, record: bytes | None) -> TaskLine:
    line = None if record is None else await context.live.ask(queries.task, record)
    if line is None:
        raise Gone("This task is no longer there; the patient's History shows what became of it.")
    return line


async def _identity(context: FormContext, patient: bytes | None) -> Content | None:
    if patient is None:
        return None
    return identity(await context.live.ask(patient_card, patient), context.here.today())


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


def _key(value: object) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _text(value: object) -> str | None:
    return str(value) if value else None
