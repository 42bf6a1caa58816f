"""The form of a class: its topic and day, who is invited, and afterwards who came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.clinic.errors import Gone
from cmp_tui.contacts.form_parts import patient_field
from cmp_tui.education import actions, queries
from cmp_tui.education.forms import topic_field
from cmp_tui.education.queries import Invited, MeetingLine
from cmp_tui.education.rules import CAME, EXCUSED, INVITED
from cmp_tui.patients.form_fields import Args, Edit
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import Option
from cmp_tui.ui.fields.combo import Match
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, own_key
from cmp_tui.ui.words import name_words

OWN = ("topic", "date", "time", "place", "title")
ADDED = tuple(f"add_{number}" for number in range(1, 7))
"""Lines in which one person each is added."""
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
        added = [one for name in ADDED if (one := _key(values.get(name))) is not None]
        who = {
            name: [bytes.fromhex(str(one)) for one in _chosen(values.get(name))]
            for name in ("came", "excused")
        }
        # Untouched, a class of today is only made: nobody has missed it yet.
        noted = held and (bool(who["came"] or who["excused"]) or values.get("date") != today)
        if noted:
            who["came"] += added
        marks: dict[str, Any] = who if noted else {}
        own: dict[str, Any] = {name: values.get(name) or None for name in OWN}
        if line is not None:
            changes = {name: own[name] for name in OWN if name in submission.changes}
            out = [bytes.fromhex(str(one)) for one in _chosen(values.get("out"))]
            return await live.do(edit, key, submission.seen, invite=added, remove=out, **changes, **marks)
        try:
            await live.ask(queries.meeting_line, key)
        except Gone:
            everybody = [*(one.patient for one in people), *added]
            return await live.do(hold, everybody, id=key, **own, **marks)
        return Again()

    spec = FormSpec(
        name="class",
        title="Class" if line is not None else f"New class for {len(people)}",
        fields=_fields(context, people, today, new=line is None),
        identity=Content("; ".join(names[:MOST_NAMES]) + more),
    )
    if line is None:
        first = {"date": today, **({"topic": args["topic"]} if args.get("topic") else {})}
        return Opening(
            spec, submit, first,
            said=lambda row: AGAIN if isinstance(row, Again) else "Class saved.",
        )  # fmt: skip
    now = {name: getattr(line, name) for name in OWN}
    marks = {
        name: tuple(one.patient.hex() for one in people if one.status == status)
        for name, status in (("came", CAME), ("excused", EXCUSED))
    }
    return Opening(spec, submit, {**now, **marks}, line.version, said=lambda _: "Class saved.")


def _fields(context: FormContext, people: Sequence[Invited], today: date, *, new: bool) -> tuple[Field, ...]:
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
        *(
            patient_field(
                context, name, "Add", required=False, when=_after(name),
                help="before the class: is invited; afterwards: came too",
            )
            for name in ADDED
        ),
        *(
            ()
            if new
            else (MultiField(name="out", label="Take out", options=each, help="who does not belong to it"),)
        ),
    )  # fmt: skip


def _after(name: str) -> Callable[[Mapping[str, object]], bool] | None:
    """A line to add somebody opens when the one before it is filled."""
    place = ADDED.index(name)
    return None if not place else lambda values: _key(values.get(ADDED[place - 1])) is not None


def _key(value: object) -> bytes | None:
    key = value.value if isinstance(value, Match) else value
    return key if isinstance(key, bytes) else None


def _is_past(values: Mapping[str, object], today: date) -> bool:
    day = values.get("date")
    return isinstance(day, date) and day <= today


def _chosen(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple | list) else ()


FORMS: Mapping[str, FormMaker] = MappingProxyType({"class": class_form})
"""The form of this file."""
