"""The form of a class: its topic and day, who is invited, and afterwards who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.clinic.errors import Gone
from cmp_tui.education import actions, queries
from cmp_tui.education.forms import topic_field
from cmp_tui.education.queries import Invited, MeetingLine
from cmp_tui.education.rules import CAME, EXCUSED, INVITED
from cmp_tui.patients.form_fields import Args, Edit
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import Option
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, own_key
from cmp_tui.ui.words import name_words, plural

OWN = ("topic", "date", "time", "place", "title")
MOST_NAMES = 6


async def class_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A new class for the patient or the marked ones (`args`: `patients`, keys; `topic`), or one that is there."""
    live, today = context.live, context.here.today()
    line: MeetingLine | None = None
    if record is not None:
        line = await live.ask(queries.meeting_line, record)
        people: Sequence[Invited] = line.invited
    else:
        keys = [bytes.fromhex(one) for one in args.get("patients", ())] or ([patient] if patient else [])
        if not keys:
            raise Gone("A class needs people. Mark them in Caseload with x, or open it from a chart.")
        cards = [await live.ask(patient_card, one) for one in keys]
        people = [
            Invited(one.id, one.family, one.given or "", one.birth_date or "", INVITED) for one in cards
        ]
    key = record or own_key(context, args)
    hold: Edit = actions.hold_class
    edit: Edit = actions.edit_class
    names = [name_words(one.family, one.given) for one in people]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""

    async def submit(submission: Submission) -> Any:
        values = submission.values
        held = _is_past(values, today)
        who = {
            name: [bytes.fromhex(str(one)) for one in _chosen(values.get(name))]
            for name in ("came", "excused")
        }
        # Untouched, a class of today is only made: nobody has missed it yet.
        noted = held and (bool(who["came"] or who["excused"]) or values.get("date") != today)
        marks: dict[str, Any] = who if noted else {}
        own: dict[str, Any] = {name: values.get(name) or None for name in OWN}
        if line is not None:
            changes = {name: own[name] for name in OWN if name in submission.changes}
            return await live.do(edit, key, submission.seen, **changes, **marks)
        try:
            await live.ask(queries.meeting_line, key)
        except Gone:
            return await live.do(hold, [one.patient for one in people], id=key, **own, **marks)
        return Again()

    spec = FormSpec(
        name="class",
        title="Class" if line is not None else f"New class for {len(people)}",
        fields=_fields(context, people, today),
        identity=Content("; ".join(names[:MOST_NAMES]) + more),
    )
    if line is None:
        first = {"date": today, **({"topic": args["topic"]} if args.get("topic") else {})}
        return Opening(
            spec, submit, first,
            said=lambda row: AGAIN if isinstance(row, Again) else f"Class for {plural(len(people), 'patient')} saved.",
        )  # fmt: skip
    now = {name: getattr(line, name) for name in OWN}
    marks = {
        name: tuple(one.patient.hex() for one in people if one.status == status)
        for name, status in (("came", CAME), ("excused", EXCUSED))
    }
    return Opening(spec, submit, {**now, **marks}, line.version, said=lambda _: "Class saved.")


def _fields(context: FormContext, people: Sequence[Invited], today: date) -> tuple[Field, ...]:
    def held(values: Mapping[str, object]) -> bool:
        return _is_past(values, today)

    each = tuple(Option(one.patient.hex(), name_words(one.family, one.given)) for one in people)
    return (
        topic_field(context),
        DateField(name="date", label="On", required=True),
        TextField(name="time", label="At", limit=20, help="such as 14:00"),
        TextField(name="place", label="Where", limit=200),
        TextField(name="title", label="Called", limit=200, help="empty: the topic's title"),
        MultiField(
            name="came", label="Came", options=each, when=held,
            help="space ticks who came; they are taught the topic, the others missed it",
        ),
        MultiField(name="excused", label="Said no", options=each, when=held, help="who had said they could not come"),
    )  # fmt: skip


def _is_past(values: Mapping[str, object], today: date) -> bool:
    day = values.get("date")
    return isinstance(day, date) and day <= today


def _chosen(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple | list) else ()


FORMS: Mapping[str, FormMaker] = MappingProxyType({"class": class_form})
"""The form of this file."""
