"""The form of an instrument, made of its file: new, gone on with, or amended."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.assessments.actions import DONE, strike_assessment
from cmp_tui.assessments.definition import Instrument
from cmp_tui.assessments.form_parts import (
    Values,
    answers_in,
    field_name,
    from_chart,
    help_in,
    instrument_fields,
    next_answers,
    opened,
    shown_values,
)
from cmp_tui.assessments.library import Library, library
from cmp_tui.assessments.queries import AssessmentLine, assessment_line
from cmp_tui.assessments.rules import score
from cmp_tui.assessments.words import missing_words, score_words
from cmp_tui.clinic.errors import Conflict, Gone, Invalid
from cmp_tui.patients.form_fields import Args, Edit
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import Card, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, FormContext, FormMaker, Opening, given, its_patient, own_key
from cmp_tui.ui.words import age

WHICH = "which"
"""The argument that names the instrument."""
ABOUT = ("date", "mode", "with_whom", "remarks")


async def assessment_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args, *, take: Edit, retake: Edit
) -> Opening:
    """Answers an instrument (`args`: which), goes on with a half-done one, or amends. `take` and `retake` save it."""
    if record is not None:
        return await _again(context, record, retake)
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    shelf = library(context.reference)
    instrument = shelf.need(str(args[WHICH]))
    key = own_key(context, args)

    async def submit(submission: Submission) -> Any:
        parts = _parts(shelf, instrument, submission.values)
        try:
            return await context.live.do(take, card.id, parts=parts, id=key)
        except Invalid as wrong:
            raise _at_fields(instrument, wrong) from wrong

    begin = {name: value for name, value in given(args).items() if name != WHICH}
    years = None if card.birth_date is None else age(card.birth_date, context.here.today())
    values = {
        "date": context.here.today(),
        "with_whom": "patient",
        **from_chart(instrument, card.sex, years),
        **begin,
    }
    return Opening(
        _spec(context, card, shelf, instrument, new=True), submit, values, said=_said(context, shelf)
    )


async def _again(context: FormContext, record: bytes, retake: Edit) -> Opening:
    line = await context.live.ask(assessment_line, record)
    card = await context.live.ask(patient_card, line.patient)
    shelf = library(context.reference)
    instrument = shelf.need(line.instrument)
    goes_on = line.status not in DONE

    async def submit(submission: Submission) -> Any:
        values = submission.values
        about = {name: values[name] for name in ABOUT if name in submission.changes}
        parts = _parts(shelf, instrument, values)[1:] if goes_on else []
        try:
            return await context.live.do(
                retake, record, submission.seen, parts=parts, answers=answers_in(instrument, values),
                help=help_in(instrument, values), stopped=values.get("stopped") == "stopped", **about,
            )  # fmt: skip
        except Invalid as wrong:
            raise _at_fields(instrument, wrong) from wrong
        except Conflict as conflict:
            raise _by_field(instrument, line, conflict) from conflict

    values = {
        **{name: getattr(line, name) for name in ABOUT},
        **shown_values(instrument, line.answers, line.flags),
        "stopped": "stopped" if line.status == "stopped" else "in-progress",
    }
    spec = _spec(context, card, shelf, instrument, new=goes_on)
    return Opening(spec, submit, values, line.version, said=_said(context, shelf))


def _spec(context: FormContext, card: Card, shelf: Library, instrument: Instrument, *, new: bool) -> FormSpec:
    reference = context.reference
    # What the score of a complete one opened was opened then.
    questions = instrument_fields(reference, shelf, instrument, follow=new)
    about: tuple[Field, ...] = (
        DateField(name="date", label="Made", required=True, only="past"),
        ChoiceField(name="mode", label="How", options=options(reference.codes("mode")), row="about"),
        ChoiceField(
            name="with_whom", label="With", options=options(reference.codes("with_whom")), row="about"
        ),
        TextField(name="remarks", label="Note", limit=1000),
        ChoiceField(
            name="stopped",
            label="Then",
            options=(Option("in-progress", "goes on another time"), Option("stopped", "stays broken off")),
            default="in-progress",
            when=lambda values: bool(score(instrument, answers_in(instrument, values)).open),
            help="some questions are not answered yet: it is saved half done",
        ),
    )
    return FormSpec(
        name="assessment",
        title=instrument.title,
        fields=(*questions, *about),
        identity=identity(card, context.here.today()),
    )


def _parts(shelf: Library, instrument: Instrument, values: Values) -> list[dict[str, Any]]:
    """What is to be recorded: the instrument, and the longer one when its score opened it."""
    about = {name: values.get(name) for name in ABOUT}
    stopped = values.get("stopped") == "stopped"
    first = {
        "instrument": instrument.name,
        "answers": answers_in(instrument, values),
        "help": help_in(instrument, values),
        "stopped": stopped,
        **about,
    }
    longer = opened(shelf, instrument, values)
    if longer is None:
        return [first]
    second = {
        "instrument": longer.name,
        "answers": next_answers(instrument, longer, values),
        "help": help_in(longer, values),
        **about,
        "remarks": None,
    }
    return [first, second]


def _said(context: FormContext, shelf: Library) -> Any:
    def said(taken: Any) -> str:
        if taken.again:
            return AGAIN
        first: list[str] = []  # what must be read stands first: the line may be cut
        words: list[str] = []
        for one in taken.records:
            instrument = shelf.get(str(one.row.instrument))
            if instrument is None:
                continue
            scored = one.scored
            if scored.score is not None:
                band = scored.band.words if scored.band else None
                words.append(f"{instrument.title} {score_words(instrument, scored.score, band)}.")
            else:
                state = context.reference.label("assessment_status", str(one.row.status))
                why = missing_words(instrument, scored)
                words.append(f"{instrument.title} saved, {state}{f': {why}' if why else ''}.")
            if one.tasks:
                names = " and ".join(dict.fromkeys(_reader(context, task.assignee) for task in one.tasks))
                first.append(f"Safety tasks for today: {names}.")
            first += one.words
        if taken.goals:
            words.append(f"Proposed: {'; '.join(goal.title for goal in taken.goals)}.")
        return " ".join((*first, *words)) or "Saved."

    return said


def _reader(context: FormContext, assignee: bytes) -> str:
    return "you" if assignee == context.me.id else "a colleague"


def _at_fields(instrument: Instrument, wrong: Invalid) -> Invalid:
    """Sentences about answers stand at their questions."""
    names = {item.name: field_name(instrument.name, item.name) for item in instrument.items}
    return Invalid({names.get(name, name): words for name, words in wrong.fields.items()})


def _by_field(instrument: Instrument, line: AssessmentLine, conflict: Conflict) -> Conflict:
    """Somebody else's answers, question by question."""
    theirs = dict(conflict.theirs)
    answers = theirs.pop("answers", None)
    flags = theirs.pop("flags", None)
    for name in ("score", "band", "status", "edition"):
        theirs.pop(name, None)
    changed = answers if isinstance(answers, Mapping) else line.answers
    wants = flags if isinstance(flags, Mapping) else line.flags
    now = shown_values(instrument, changed, wants)
    every = {field_name(instrument.name, item.name): None for item in instrument.items}
    return Conflict(conflict.who, conflict.at, conflict.version, {**every, **now, **theirs})


async def strike_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes an assessment out, with a reason."""
    if record is None:
        raise Gone("This form needs an assessment.")
    line = await context.live.ask(assessment_line, record)
    card = await context.live.ask(patient_card, line.patient)
    title = library(context.reference).title(line.instrument)
    strike: Edit = strike_assessment

    async def submit(submission: Submission) -> Any:
        return await context.live.do(strike, record, str(submission.values["why"]))

    spec = FormSpec(
        name="strike-assessment",
        title=f"Strike out {title}",
        identity=identity(card, context.here.today()),
        fields=(
            TextField(name="why", label="Why", required=True, limit=200, help="its safety tasks stay open"),
        ),
    )
    return Opening(spec, submit, said=lambda _: f"Struck out: {title}. u brings it back.")


FORMS: Mapping[str, FormMaker] = MappingProxyType({"strike-assessment": strike_form})
"""The forms that this room opens itself; the one of an instrument is opened by the desk, which proposes goals."""
