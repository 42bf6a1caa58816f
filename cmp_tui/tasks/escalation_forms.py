"""The forms about concerns: one that goes to a practitioner, and the answer that came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import Gone
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.tasks import queries
from cmp_tui.tasks.escalation_actions import escalate, see_answer
from cmp_tui.tasks.escalation_queries import Way, way_of
from cmp_tui.tasks.escalation_rules import URGENCIES
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.rows import RowOption, RowsField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, own_key
from cmp_tui.ui.words import day_words

Args = Mapping[str, Any]
NOBODY = "No clinician but you works with this file. Call one, and log the call with c."
MORE = "What was seen or heard, what was done already; ctrl+j starts a new line"


async def escalate_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A concern about a patient goes to a practitioner. `args`: `concern`, `urgency`."""
    if patient is None:
        raise Gone("A concern is about a patient. Open it from their chart, or with the cursor on them.")
    card = await context.live.ask(patient_card, patient)
    way = await context.live.ask(way_of, card.id)
    if way.usual is None:
        raise Gone(NOBODY)
    key = own_key(context, args)
    zone, today = context.settings.zone, context.here.today()

    async def submit(submission: Submission) -> Any:
        given = submission.values
        to = given.get("to")
        return await context.live.do(
            escalate,
            card.id,
            concern=str(given.get("concern") or ""),
            urgency=str(given["urgency"]),
            to=to if isinstance(to, bytes) else None,
            details=str(given.get("details") or "") or None,
            id=key,
        )

    names = {one.id: one.name for one in way.clinicians}

    def said(task: Any) -> str:
        when = moment_words(task.answer_by, zone, today)
        return f"Sent to {names.get(task.assignee, 'a colleague')}, who is to answer by {when}."

    spec = FormSpec(
        name="escalate",
        title="Concern",
        identity=identity(card, today),
        button="Send",
        fields=(
            TextField(
                name="concern",
                label="Concern",
                required=True,
                limit=200,
                help="what the practitioner is to look at, in one line",
            ),
            RowsField(
                name="urgency",
                label="How soon",
                options=_urgencies(context, way, zone, today),
                help="arrows or a letter; without an answer it comes to all clinicians",
            ),
            ChoiceField(
                name="to",
                label="To",
                required=True,
                options=tuple(Option(one.id, one.name) for one in way.clinicians),
                help=f"{way.practitioner} can't be reached here" if way.practitioner else "",
            ),
            LongTextField(name="details", label="More", limit=500, help=MORE),
        ),
    )
    values = {
        "concern": args.get("concern", ""),
        "urgency": args.get("urgency", "routine"),
        "to": way.usual,
    }
    return Opening(spec, submit, values, said=said)


def _urgencies(context: FormContext, way: Way, zone: ZoneInfo, today: date) -> tuple[RowOption, ...]:
    label = context.reference.label
    return tuple(
        RowOption(
            one,
            (label("urgency", one), f"answered by {moment_words(way.answers[one], zone, today)}"),
            key=label("urgency", one)[:1],
        )
        for one in URGENCIES
    )


async def answer_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """The answer to a concern, for the one who asked: saving says that it was seen."""
    line = None if record is None else await context.live.ask(queries.task, record)
    if line is None or line.settled_at is None:
        raise Gone("This answer is no longer there; the patient's History shows what became of it.")
    card = None if line.patient is None else await context.live.ask(patient_card, line.patient)
    today = context.here.today()
    when = moment_words(line.settled_at, context.settings.zone, today)
    how = line.settled_how or context.reference.label("task_status", line.status)

    async def submit(submission: Submission) -> None:
        await context.live.do(see_answer, line.id, submission.seen)

    spec = FormSpec(
        name="see-answer",
        title="Answer",
        identity=identity(card, today) if card else None,
        button="Seen",
        fields=(
            SaidField(name="asked", label="You asked", sentences=(line.title,)),
            SaidField(name="answer", label="Answer", sentences=tuple(how.splitlines())),
            SaidField(name="by", label="From", sentences=(f"{line.settled_by_name or 'someone'}, {when}",)),
        ),
        keys_hint="enter says that you have seen it",
    )
    return Opening(spec, submit, {}, line.version, said=lambda _: f"Seen: {line.title}.")


def moment_words(moment: datetime, zone: ZoneInfo, today: date) -> str:
    """Returns 'Mon 23 Nov 15:00', for today 'today 15:00'."""
    shown = local(moment, zone)
    day = "today" if shown.date() == today else day_words(shown.date(), today)
    return f"{day} {shown:%H:%M}"


FORMS: Mapping[str, FormMaker] = MappingProxyType({"escalate": escalate_form, "see-answer": answer_form})
"""The forms about concerns."""
