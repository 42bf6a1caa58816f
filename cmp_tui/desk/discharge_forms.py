"""The call after a discharge as one guided form: the questions, what is done about their answers, the note."""

from __future__ import annotations

from typing import Any

from cmp_tui.careplan.goal_touched import goals_field
from cmp_tui.clinic.errors import Invalid
from cmp_tui.contacts.attempts import next_try
from cmp_tui.contacts.form_parts import amend_fields
from cmp_tui.desk.discharge_actions import Called, VisitSaid, log_discharge_call
from cmp_tui.desk.discharge_fields import CallForm
from cmp_tui.desk.form_values import beside_its_field, form_of
from cmp_tui.desk.forms import contact_fields, contact_values, said_of, timer_with, whom_to_call
from cmp_tui.patients.queries import patient_card
from cmp_tui.transitions.call_book import call_book
from cmp_tui.transitions.call_queries import HomeFrom, calls_of, home_from, own_signs
from cmp_tui.transitions.call_rules import call_words, is_whole, kept, with_signs
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, its_patient
from cmp_tui.ui.words import day_words, plural

NOTE_LIMIT = 4000


async def discharge_call(
    context: FormContext, patient: bytes | None, record: bytes | None, args: dict[str, Any]
) -> Opening:
    """The call after a discharge; `record` is the stay, else the latest discharge. `args` as those of a contact."""
    patient = its_patient(patient)
    home = await context.live.ask(home_from, patient, record)
    card = await context.live.ask(patient_card, patient)
    earlier = next(iter(await context.live.ask(calls_of, patient, home.id)), None)
    signs = await context.live.ask(own_signs, patient)
    timer, help_minutes, gone = await timer_with(context, patient, args)
    proposed = await context.live.ask(next_try, patient)
    args.setdefault("id", context.live.clinic.new_id().hex())
    book = call_book(context.reference)
    form = CallForm(
        context.reference,
        book,
        [with_signs(one, signs) for one in book.questions],
        context.here.today(),
        earlier.answers if earlier else {},
        earlier.date if earlier else None,
    )

    async def submit(submission: Submission) -> Called:
        values = submission.values
        fields = form_of(context.settings.zone, context.here.today(), values, timer, args)
        answers = form.answers(values)
        if not fields.get("did"):
            fields["did"] = _note(form, answers) or None
        day: Any = values.get("visit_day")
        visit = (
            VisitSaid(
                day, str(values.get("visit_time") or "") or None, str(values.get("visit_with") or "") or None
            )
            if day is not None
            else None
        )
        try:
            return await context.live.do(
                log_discharge_call,
                patient,
                stay=home.id,
                answers=kept(form.questions, answers),
                whole=is_whole(form.questions, answers),
                deeds=form.todo(values),
                visit=visit,
                **{name: value for name, value in fields.items() if value is not None},
            )
        except Invalid as invalid:
            raise beside_its_field(invalid, values) from None

    spec = FormSpec(
        name="discharge-call",
        title="Discharge call",
        identity=whom_to_call(card, context),
        fields=(
            *contact_fields(
                context,
                timer,
                proposed,
                help_minutes,
                await goals_field(context, patient),
                asked=form.fields(),
            ),
            *await amend_fields(context),
        ),
        keys_hint=".word brings a phrase",
    )
    values = contact_values(context, timer, proposed, args)
    values |= {"activity": "transition", "why": f"After {_stay_words(context, home)}."}
    return Opening(spec, submit, values=values, gone=gone, said=lambda called: _said(context, called))


def _stay_words(context: FormContext, home: HomeFrom) -> str:
    """'hospital stay at St. Mary's, home since Fri 20 Nov'"""
    at = f" at {home.facility}" if home.facility else ""
    kind = context.reference.label("stay_kind", home.kind)
    return f"{kind}{at}, home since {day_words(home.discharged, context.here.today())}"


def _note(form: CallForm, answers: dict[str, Any]) -> str:
    """The answers as the note's words: what was asked, and what was said."""
    return "\n".join(f"{text} {words}" for text, words in call_words(form.questions, answers))[:NOTE_LIMIT]


def _said(context: FormContext, called: Called) -> str:
    words = said_of(context, [called.logged])
    if called.call is None or not called.done:
        return words
    counted = [
        plural(called.done.count(kind), kind)
        for kind in ("task", "concern", "referral")
        if kind in called.done
    ]
    return f"{words} From the answers: {', '.join(counted)}."


FORMS: dict[str, FormMaker] = {"discharge-call": discharge_call}
