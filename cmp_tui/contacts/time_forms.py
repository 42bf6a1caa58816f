"""The forms about time: time without a contact, changes to a saved entry, breaks, striking out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import Conflict, Invalid
from cmp_tui.contacts import actions
from cmp_tui.contacts.form_parts import (
    Act,
    Args,
    amend_fields,
    note_field,
    patient_field,
    saved_entry,
    span_fields,
    text_or_none,
    why_field,
    work_fields,
)
from cmp_tui.contacts.form_values import (
    Meant,
    conflict_in_form,
    in_form,
    late_words,
    meant,
    pause,
    respanned,
    shown,
    span_words,
)
from cmp_tui.contacts.lines import EntryLine
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.overlap import Overlap, overlaps_with
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.clock import TimeField
from cmp_tui.ui.fields.combo import Match
from cmp_tui.ui.fields.minutes import MinutesField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, Opening, own_key
from cmp_tui.ui.spans import Span
from cmp_tui.ui.words import day_words, minutes_words, plural


class Usual(NamedTuple):
    """The program that time on a day is meant for, and who bills it."""

    program: str | None
    practitioner: str | None


UsualOf = Callable[[FormContext, bytes, date], Awaitable[Usual]]


class Saved(NamedTuple):
    """What the time form has written, and which other spans of the person it overlaps."""

    entries: list[TimeEntry]
    overlaps: list[Overlap]


async def nothing_usual(context: FormContext, patient: bytes, day: date) -> Usual:
    """This room does not know programs: nothing is usual here (chart/forms.py knows)."""
    return Usual(None, None)


async def time_form(
    context: FormContext,
    patient: bytes | None,
    record: bytes | None,
    args: Args,
    *,
    usual: UsualOf = nothing_usual,
) -> Opening:
    """Time. `args`: `start` and `end` (ISO instants) of a gap; `contact` (its key) and `at`; `activity`.

    Without a patient the form asks for one. A program that nobody chose is the usual one of the patient on the day.
    """
    zone, today = context.settings.zone, context.here.today()
    card = None if patient is None else await context.live.ask(patient_card, patient)
    values = _begin(context, args)
    key = own_key(context, args)
    contact = bytes.fromhex(args["contact"]) if args.get("contact") else None
    if patient is not None:
        first_day = values["day"]
        assert isinstance(first_day, date)
        values["program"] = (await usual(context, patient, first_day)).program

    async def submit(submission: Submission) -> Saved:
        given = submission.values
        whose = patient or _picked(given.get("patient"))
        untouched = not {"day", "begin", "minutes"} & set(submission.changes)
        span = (_gap(args) if untouched else None) or _meant(context, given)
        day = local(span.start, zone).date()
        theirs = await usual(context, whose, day)
        program = given.get("program") if "program" in submission.changes else theirs.program
        try:
            entries = await context.live.do(
                actions.log_time,
                whose,
                start=span.start,
                end=span.end,
                typed=span.typed,
                activity=str(given["activity"]),
                program=text_or_none(program),
                practitioner=theirs.practitioner,
                contact=contact,
                id=key,
                face_to_face=given.get("face_to_face") is True,
                in_billed_visit=given.get("in_billed_visit") is True,
                note=text_or_none(given.get("note")),
                long_why=text_or_none(given.get("long_why")),
                amend_why=text_or_none(given.get("amend_why")),
            )
        except Invalid as invalid:
            raise in_form(invalid) from None
        own = [entry.id for entry in entries]
        found = await context.live.ask(overlaps_with, context.me.id, span.start, span.end, own)
        return Saved(entries, found)

    pick: tuple[Field, ...] = () if card is not None else (patient_field(context),)
    spec = FormSpec(
        name="time",
        title="Time",
        identity=identity(card, today) if card is not None else None,
        fields=(
            *pick,
            *span_fields(context),
            *work_fields(context),
            note_field(),
            *await amend_fields(context),
        ),
        keys_hint="minutes alone end now; a span of the clock says both ends",
    )
    return Opening(spec, submit, values, said=lambda saved: _said(context, saved))


async def entry_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Changes a saved entry, with a reason: it is marked amended and its first version stays readable."""
    line = await saved_entry(context, record)
    card = await context.live.ask(patient_card, line.patient)
    zone = context.settings.zone
    plain = ("activity", "program", "face_to_face", "in_billed_visit", "note", "long_why")
    edit: Act = actions.edit_entry

    async def submit(submission: Submission) -> Any:
        changes = submission.changes
        values = respanned(line.start, line.end, changes, zone)
        values |= {name: changes[name] for name in plain if name in changes}
        values |= {
            name: values[name] is True for name in ("face_to_face", "in_billed_visit") if name in values
        }
        why = str(submission.values.get("why") or "")
        try:
            return await context.live.do(edit, line.id, submission.seen, why=why, **values)
        except Invalid as invalid:
            raise in_form(invalid) from None
        except Conflict as conflict:
            raise conflict_in_form(conflict, line.start, line.end, zone) from None

    shared = f" · shared by {line.group_size}: all their parts change" if line.group_size > 1 else ""
    spec = FormSpec(
        name="entry",
        title="Change time",
        identity=identity(card, context.here.today()),
        fields=(
            *span_fields(context, needed=True),
            *work_fields(context),
            note_field(),
            why_field("Why the change"),
        ),
        keys_hint=f"it was {span_words(line.start, line.end, zone)}{shared}",
    )
    values = {**shown(line.start, line.end, zone), **{name: getattr(line, name) for name in plain}}
    return Opening(spec, submit, values, line.version, lambda entry: _changed_words(context, line, entry))


async def break_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Takes a break out of a saved entry: what is left are one or two entries of the same contact."""
    line = await saved_entry(context, record)
    card = await context.live.ask(patient_card, line.patient)
    zone = context.settings.zone
    day = local(line.start, zone).date()

    async def submit(submission: Submission) -> list[TimeEntry]:
        given = submission.values
        begin, minutes = given.get("begin"), given.get("minutes")
        assert begin is None or isinstance(begin, time)
        assert minutes is None or isinstance(minutes, Span)
        start, end = pause(day, begin, minutes, zone)
        try:
            return await context.live.do(
                actions.split_break, line.id, submission.seen, start, end, str(given.get("why") or "")
            )
        except Invalid as invalid:
            names = {"break_start": "begin", "break_end": "minutes"}
            raise Invalid({names.get(name, name): says for name, says in invalid.fields.items()}) from None

    def said(entries: list[TimeEntry]) -> str:
        left = ", ".join(span_words(entry.start, entry.end, zone) for entry in entries)
        return f"Break taken out; {left} stays."

    spec = FormSpec(
        name="break",
        title="Take a break out",
        identity=identity(card, context.here.today()),
        fields=(
            TimeField(
                name="begin", label="From", help=f"the entry is {span_words(line.start, line.end, zone)}"
            ),
            MinutesField(name="minutes", label="Minutes", required=True, help="5, or the clock: 10:10-10:15"),
            why_field("Why"),
        ),
    )
    return Opening(spec, submit, {"why": "break"}, line.version, said)


async def strike_entry_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes an entry out, with a reason."""
    line = await saved_entry(context, record)
    card = await context.live.ask(patient_card, line.patient)
    zone, today = context.settings.zone, context.here.today()
    day = day_words(local(line.start, zone).date(), today)
    what = f"{minutes_words(line.seconds)} of {day}, {span_words(line.start, line.end, zone)}"

    async def submit(submission: Submission) -> Any:
        return await context.live.do(
            actions.strike_entry, line.id, str(submission.values["why"]), submission.seen
        )

    hint = f"{what}: counts nowhere any more, stays in History"
    spec = FormSpec(
        name="strike-entry",
        title="Strike time out",
        identity=identity(card, today),
        fields=(why_field("Why", help=hint),),
    )
    return Opening(spec, submit, {}, line.version, lambda _: f"Struck out: {what}. u brings it back.")


def _begin(context: FormContext, args: Args) -> dict[str, object]:
    zone = context.settings.zone
    values: dict[str, object] = {
        "day": context.here.today(),
        "activity": args.get("activity", "other"),
        "face_to_face": False,
        "in_billed_visit": False,
    }
    if (gap := _gap(args)) is not None:
        values |= shown(gap.start, gap.end, zone)
        first, last = (local(at, zone).time().replace(second=0) for at in (gap.start, gap.end))
        values["minutes"] = Span(int((gap.end - gap.start).total_seconds()) // 60, first, last)
    elif args.get("at"):
        began = local(datetime.fromisoformat(str(args["at"])), zone)
        values |= {"day": began.date(), "begin": began.time().replace(second=0, microsecond=0)}
    return values


def _gap(args: Args) -> Meant | None:
    """The span of a gap to the second: its seconds belong to nobody else, the form shows its minutes."""
    if not (args.get("start") and args.get("end")):
        return None
    start, end = (datetime.fromisoformat(str(args[name])) for name in ("start", "end"))
    return Meant(start, end, False)


def _meant(context: FormContext, given: Mapping[str, object]) -> Meant:
    day, begin, minutes = given.get("day"), given.get("begin"), given.get("minutes")
    assert isinstance(day, date) and (begin is None or isinstance(begin, time))
    assert minutes is None or isinstance(minutes, Span)
    return meant(day, begin, minutes, context.here.clock(), context.settings.zone)


def _picked(value: object) -> bytes:
    key = value.value if isinstance(value, Match) else value
    if not isinstance(key, bytes):
        raise Invalid({"patient": "Pick the patient: type a part of the name, then enter on the list."})
    return key


def _said(context: FormContext, saved: Saved) -> str:
    zone, today = context.settings.zone, context.here.today()
    first, last = saved.entries[0], saved.entries[-1]
    whole = sum(int((entry.end - entry.start).total_seconds()) for entry in saved.entries)
    pieces = f" in {plural(len(saved.entries), 'entry', 'entries')}" if len(saved.entries) > 1 else ""
    day = day_words(local(first.start, zone).date(), today)
    words = f"Logged {minutes_words(whole)}, {day} {span_words(first.start, last.end, zone)}{pieces}."
    words += late_words(first.start, last.end, first.entered_at, today, zone)
    return words + overlap_words(saved.overlaps, zone)


def overlap_words(overlaps: list[Overlap], zone: Any) -> str:
    """' It overlaps 4 min with Okafor, James 10:10–10:20.', or nothing."""
    if not overlaps:
        return ""
    shown_all = "; ".join(
        f"{minutes_words(one.seconds)} with {one.name} {span_words(one.start, one.end, zone)}"
        for one in overlaps[:3]
    )
    more = f" and {len(overlaps) - 3} more" if len(overlaps) > 3 else ""
    return f" It overlaps {shown_all}{more}."


def _changed_words(context: FormContext, before: EntryLine, entry: TimeEntry) -> str:
    if entry.version == before.version:
        return "Nothing was changed."
    zone = context.settings.zone
    return f"Time changed: {span_words(entry.start, entry.end, zone)}, marked amended."
