"""The contact form: outcome, who, minutes, the four-line note, and the next step, saved in one go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from textual.content import Content

from cmp_tui.careplan.goal_touched import goals_field
from cmp_tui.clinic import ids
from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.contacts.actions import answer_timer, discard_timer
from cmp_tui.contacts.attempts import NextTry, next_try
from cmp_tui.contacts.form_parts import amend_fields
from cmp_tui.contacts.retry_rules import comes_back
from cmp_tui.contacts.timer_queries import TimerLine, parked_timers, running_timer
from cmp_tui.contacts.timer_rules import set_words
from cmp_tui.desk.actions import Logged, log_contact, log_group
from cmp_tui.desk.form_values import beside_its_field, form_of
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import Card, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.clock import TimeField
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.minutes import MinutesField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening
from cmp_tui.ui.spans import Span
from cmp_tui.ui.words import day_words, name_words, phone_words, plural

PARTS = (Option("", "any time"), Option("morning", "morning"), Option("afternoon", "afternoon"))
MOST_NAMES = 4
MINUTE = timedelta(minutes=1)
MINUTES_HELP = "12, 1h05 or 10:04-10:16; empty logs no time"


async def contact(
    context: FormContext, patient: bytes | None, record: bytes | None, args: dict[str, Any]
) -> Opening:
    """A contact with one patient. `args`: `timer` (its key), `settles` (task keys), `at` (ISO instant),
    with the time spent: `until`."""
    assert patient is not None
    card = await context.live.ask(patient_card, patient)
    timer, help_minutes, gone = await timer_with(context, patient, args)
    proposed = await context.live.ask(next_try, patient)
    args.setdefault("id", context.live.clinic.new_id().hex())

    async def submit(submission: Submission) -> Logged:
        form = form_of(context.settings.zone, context.here.today(), submission.values, timer, args)
        try:
            return await context.live.do(log_contact, patient, **form)
        except Invalid as invalid:
            raise beside_its_field(invalid, submission.values) from None

    spec = FormSpec(
        name="contact",
        title="Contact",
        identity=whom_to_call(card, context),
        fields=(
            *contact_fields(context, timer, proposed, help_minutes, await goals_field(context, patient)),
            *await amend_fields(context),
        ),
        keys_hint=".word brings a phrase",
    )
    return Opening(
        spec,
        submit,
        values=contact_values(context, timer, proposed, args),
        gone=gone,
        said=lambda logged: said_of(context, [logged]),
    )


async def group(
    context: FormContext, patient: bytes | None, record: bytes | None, args: dict[str, Any]
) -> Opening:
    """One activity for several patients: the minutes are divided. `args`: `patients` (keys)."""
    patients = [bytes.fromhex(one) for one in args["patients"]]
    cards = [await context.live.ask(patient_card, one) for one in patients]
    names = sorted(name_words(card.family, card.given or "") for card in cards)
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    args.setdefault("id", context.live.clinic.new_id().hex())

    async def submit(submission: Submission) -> list[Logged]:
        form = form_of(context.settings.zone, context.here.today(), submission.values, None, args)
        try:
            return await context.live.do(log_group, patients, **form)
        except Invalid as invalid:
            raise beside_its_field(invalid, submission.values) from None

    spec = FormSpec(
        name="group",
        title=f"One activity for {len(patients)}",
        identity=Content("; ".join(names[:MOST_NAMES]) + more),
        fields=(*contact_fields(context, None, None), *await amend_fields(context)),
        keys_hint="the minutes are divided equally",
    )
    return Opening(
        spec,
        submit,
        values=contact_values(context, None, None, args),
        said=lambda logged: said_of(context, logged),
    )


async def timer(
    context: FormContext, patient: bytes | None, record: bytes | None, args: dict[str, Any]
) -> Opening:
    """What becomes of a timer that was put aside or left on: log its time, let it run on, or discard it."""
    assert patient is not None and record is not None
    card = await context.live.ask(patient_card, patient)
    line = await timer_of(context, patient, {"timer": ids.shown(record)})
    assert line is not None
    since = local(line.start, context.settings.zone)
    choices = [Option("log", "log its time"), Option("discard", "discard it")]
    if line.status == "running":
        choices.insert(1, Option("keep", "keep it running"))
    spec = FormSpec(
        name="timer",
        title="Timer",
        identity=identity(card, context.here.today()),
        fields=(
            ChoiceField(
                name="what",
                label="Since " + f"{since:%a %H:%M}",
                required=True,
                options=tuple(choices),
                help=_timer_help(line),
            ),
        ),
    )

    async def submit(submission: Submission) -> str:
        what = str(submission.values["what"])
        if what == "discard":
            await context.live.do(discard_timer, line.id, line.version)
        elif what == "keep":
            await context.live.do(answer_timer, line.id, "keep", line.version)
        return what

    said = {"log": "", "discard": "The timer was discarded; u brings it back.", "keep": "The timer runs on."}
    return Opening(
        spec,
        submit,
        values={"what": "log"},
        said=lambda what: said[what],
        then=lambda what: ("contact", patient, None, {"timer": ids.shown(record)}) if what == "log" else None,
    )


def _timer_help(line: TimerLine) -> str:
    minutes = line.seconds // 60
    if line.absence is None:
        return f"{minutes} minutes"
    return f"{minutes} minutes, no key pressed in the last {line.absence.minutes}; logging asks what counts"


FORMS: dict[str, FormMaker] = {"contact": contact, "group": group, "timer": timer}


def whom_to_call(card: Card, context: FormContext) -> Content:
    """Who it is, and the number to dial: the form may cover the preview."""
    who = identity(card, context.here.today())
    return Content(f"{who.plain} · {phone_words(card.phones[0].number)}") if card.phones else who


def contact_fields(
    context: FormContext,
    timer: TimerLine | None,
    proposed: NextTry | None,
    help_minutes: str = MINUTES_HELP,
    goals: tuple[Field, ...] = (),
    asked: tuple[Field, ...] = (),
) -> tuple[Field, ...]:
    """The fields of a contact. `asked` are questions that a guided call goes through before the note."""
    codes = context.reference.codes
    again = proposed is not None

    def tried(values: Mapping[str, object]) -> bool:
        return again and comes_back(str(values.get("outcome")), str(values.get("with_whom")))

    def not_tried(values: Mapping[str, object]) -> bool:
        return not tried(values)

    return (
        ChoiceField(
            name="outcome", label="Outcome", required=True, row="a", options=options(codes("outcome")),
            help="v voicemail, n no answer, r reached; arrows choose",
        ),
        ChoiceField(
            name="with_whom", label="With", required=True, row="a", width=14, options=options(codes("with_whom")),
        ),
        MinutesField(
            name="minutes", label="Minutes", row="a", width=24, help=help_minutes,
        ),
        *_away_field(context, timer),
        *asked,
        LongTextField(name="why", label="Why", lines=3, limit=1000),
        LongTextField(name="changed", label="Changed", lines=4, limit=4000),
        LongTextField(name="did", label="Did", lines=4, limit=4000),
        *goals,
        DateField(
            name="next_due", label="Next", row="b", width=24, only="future", when=not_tried, help="wed, +3, +2w, eom",
        ),
        TextField(name="next_title", label="what", row="b", limit=200, when=not_tried),
        DateField(
            name="retry_due", label="Try again", row="c", width=24, only="future", when=tried,
            help="empty: no next try",
        ),
        ChoiceField(name="retry_time", label="at", row="c", options=PARTS, when=tried),
        ChoiceField(name="mode", label="How", required=True, row="d", width=12, options=options(codes("mode"))),
        ChoiceField(
            name="activity", label="Activity", required=True, row="d", width=20, options=options(codes("activity")),
        ),
        DateField(name="day", label="Day", row="e", width=18, only="past", help="today; an earlier day is marked late"),
        TimeField(name="time", label="at", row="e", width=12, help="10:04, -10m (ten minutes ago); empty is now"),
        TextField(
            name="long_why", label="Why so long", limit=300,
            when=lambda values: _is_long(context, values.get("minutes")),
        ),
    )  # fmt: skip


def _away_field(context: FormContext, timer: TimerLine | None) -> tuple[Field, ...]:
    """The question about a timer that ran while nobody touched the keyboard."""
    if timer is None or timer.absence is None:
        return ()
    since = local(timer.absence.since, context.settings.zone)
    active = max(0, int((timer.absence.since - timer.start).total_seconds())) // 60
    return (
        ChoiceField(
            name="timer_answer",
            label="Away",
            required=True,
            options=(
                Option("trim", f"trim to {since:%H:%M}, {active} min"),
                Option("keep", f"keep all {timer.seconds // 60} min"),
                Option("discard", "discard the time"),
            ),
            help=f"no key was pressed for {timer.absence.minutes} minutes while the timer ran",
        ),
    )


def _is_long(context: FormContext, value: object) -> bool:
    return isinstance(value, Span) and value.minutes > context.settings.longest_entry_hours * 60


def contact_values(
    context: FormContext, timer: TimerLine | None, proposed: NextTry | None, args: dict[str, Any]
) -> dict[str, object]:
    """What stands in the fields of a contact as the form opens."""
    values: dict[str, object] = {
        "outcome": "reached",
        "with_whom": "patient",
        "mode": "phone",
        "activity": "call",
        "day": context.here.today(),
        "retry_time": "",
    }
    if timer is not None and timer.absence is not None and timer.absence.since - timer.start >= MINUTE:
        values["timer_answer"] = "trim"  # where nothing would be left, the person says so
    if proposed is not None:
        values |= {"retry_due": proposed.retry.day, "retry_time": proposed.retry.part}
    zone = context.settings.zone
    if timer is not None:
        until = timer.stopped_at or context.here.clock()
        values["minutes"] = Span(
            max(1, timer.seconds // 60) if timer.seconds else 0,
            local(timer.start, zone).time().replace(tzinfo=None),
            local(until, zone).time().replace(tzinfo=None),
            "timer",
        )
        values["day"] = local(timer.start, zone).date()
    elif "at" in args:
        start = local(datetime.fromisoformat(args["at"]), zone)
        values |= {"day": start.date(), "time": _minute(start)}
        end = local(datetime.fromisoformat(args.get("until") or args["at"]), zone)
        minutes = int((end - start).total_seconds()) // 60
        if minutes > 0:
            values["minutes"] = Span(minutes, _minute(start), _minute(end))
    return values


def _minute(at: datetime) -> time:
    return at.time().replace(second=0, microsecond=0, tzinfo=None)


async def timer_of(context: FormContext, patient: bytes, args: dict[str, Any]) -> TimerLine | None:
    """The timer that is logged with this contact: the one asked for, else the one that runs for this patient."""
    running = await context.live.ask(running_timer)
    wanted = ids.read(args["timer"]) if "timer" in args else None
    if wanted is None:
        return running if running is not None and running.patient == patient else None
    mine = [running] if running is not None else []
    for line in (*mine, *await context.live.ask(parked_timers)):
        if line.id == wanted:
            return line
    raise Gone("This timer was logged or discarded meanwhile.")


async def timer_with(
    context: FormContext, patient: bytes, args: dict[str, Any]
) -> tuple[TimerLine | None, str, frozenset[str]]:
    """Returns the timer that is logged with a contact, what is said at the minutes, and which first texts are gone."""
    try:
        timer = await timer_of(context, patient, args)
    except Gone:  # a draft outlives the timer that it began with
        del args["timer"]
        words = "its timer was logged or discarded meanwhile; empty logs no time"
        return None, words, frozenset({"minutes"})
    if timer is not None and timer.clock_set:
        words = f"the clock was {set_words(timer.clock_set)}; what really went by counts"
        return timer, words, frozenset()
    return timer, MINUTES_HELP, frozenset()


def said_of(context: FormContext, logged: list[Logged]) -> str:
    """What the notice says after saving: who, how long, what comes next, and time that overlaps."""
    first = logged[0]
    if first.again:
        return "This contact was saved already; nothing was written twice."
    seconds = sum(int((entry.end - entry.start).total_seconds()) for entry in first.entries)
    words = ["Saved: " + context.reference.label("outcome", first.contact.outcome)]
    if seconds:
        words.append(f"{seconds // 60} min" + (f" for {len(logged)}" if len(logged) > 1 else ""))
    if first.goals:
        words.append(plural(first.goals, "goal"))
    if first.task is not None:
        words.append(f"{first.task.title} {day_words(first.task.due, context.here.today())}")
    if first.settled:
        words.append(f"{len(first.settled)} task{'s' if len(first.settled) > 1 else ''} done")
    sentence = ", ".join(words) + "."
    clashes = [overlap for one in logged for overlap in one.overlaps]
    if clashes:
        sentence += f" It overlaps {len(clashes)} of your other entries: the day review (r) shows them."
    return sentence
