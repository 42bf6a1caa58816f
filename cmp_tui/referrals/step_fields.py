"""The fields of a referral's step: what each step asks, and what will come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cmp_tui.referrals.end_forms import end_fields
from cmp_tui.referrals.form_parts import how_options
from cmp_tui.referrals.lines import Detail, ReferralLine
from cmp_tui.referrals.referral_book import ReferralBook
from cmp_tui.referrals.rules import (
    CHECKED,
    CLOSED,
    STAGES,
    ask_again_on,
    check_on,
    goes_back,
    next_stages,
    skipped,
)
from cmp_tui.referrals.words import stage_words
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.clock import TimeField
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.tell import Part, TellField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.makers import FormContext
from cmp_tui.ui.words import day_words

THEY_SAY = frozenset({"accepted", "declined", "scheduled", "report", CHECKED})
PATIENT_SAYS = frozenset({"attended", "missed", "cancelled", "told"})
Values = Mapping[str, object]


def step_fields(context: FormContext, whole: Detail, book: ReferralBook) -> tuple[Field, ...]:
    """What is asked; each step asks its own."""
    line, codes = whole.line, context.reference.codes

    def of(*stages: str) -> Any:
        return lambda values: values.get("stage") in stages

    def of_any(stages: frozenset[str]) -> Any:
        return lambda values: values.get("stage") in stages

    def helped(values: Values) -> bool:
        return values.get("stage") == "missed" and values.get("why") in book.help

    def not_met(values: Values) -> bool:
        return values.get("stage") == "told" and values.get("met") is False

    def tell(values: Values) -> Sequence[Part]:
        return _tell(values, whole, book, context)

    wide = 34
    return (
        ChoiceField(
            name="stage", label="Step", required=True, options=_stage_options(context, line), other="more"
        ),
        DateField(
            name="visit_on",
            label="Visit on",
            required=True,
            toward="future",
            when=of("scheduled"),
            row="visit",
            width=30,
        ),
        TimeField(name="visit_time", label="at", when=of("scheduled"), row="visit", width=18),
        TextField(
            name="place",
            label="Where",
            limit=300,
            when=of("scheduled"),
            help="empty: as the directory has it",
        ),
        YesNoField(name="visit_told", label="Patient told", when=of("scheduled"), row="told", width=14),
        ChoiceField(
            name="transport",
            label="Ride",
            when=of("scheduled"),
            row="told",
            options=options(codes("transport")),
        ),
        ChoiceField(
            name="why", label="Why", required=True, when=of("missed"), options=options(codes("missed_why"))
        ),
        YesNoField(
            name="offer",
            label="Offer help",
            when=helped,
            help="what helps opens after saving, ready to be ordered",
        ),
        YesNoField(
            name="met",
            label="Need met",
            unknown="not known yet",
            when=of("told"),
            help="with yes or no the referral ends",
        ),
        TextField(name="met_why", label="Why not", required=True, limit=500, when=not_met),
        *end_fields(context, when=of(CLOSED)),
        TextField(
            name="said_there",
            label="Said by",
            required=True,
            limit=200,
            when=of_any(THEY_SAY),
            row="said",
            width=wide,
        ),
        TextField(
            name="said_patient",
            label="Said by",
            required=True,
            limit=200,
            when=of_any(PATIENT_SAYS),
            row="said",
            width=wide,
        ),
        TextField(name="said_reviewer", label="Reviewed by", required=True, limit=200, when=of("reviewed")),
        ChoiceField(
            name="how_sent",
            label="How",
            required=True,
            when=of("sent", "report"),
            options=how_options(context),
            other="more",
        ),
        ChoiceField(
            name="how",
            label="How",
            required=True,
            options=how_options(context),
            other="more",
            when=of_any((THEY_SAY | PATIENT_SAYS) - {"report"}),
        ),
        TextField(
            name="records",
            label="With it",
            limit=500,
            when=of("sent"),
            help="what is sent with it: last note, ECG, labs",
        ),
        DateField(name="day", label="On", required=True, only="past", row="day", width=30),
        DateField(
            name="check_on",
            label="Ask again",
            toward="future",
            when=lambda values: values.get("stage") != CLOSED,
            help="they said by Friday: fri; empty: the clinic's targets",
            row="day",
            width=30,
        ),
        TextField(
            name="remarks", label="Words", limit=500, when=lambda values: values.get("stage") != CLOSED
        ),
        TellField(
            name="told", label="Then", lines=tell, follows=True, when=lambda values: bool(tell(values))
        ),
    )


def _stage_options(context: FormContext, line: ReferralLine) -> tuple[Option, ...]:
    """What usually follows stands in the line; to skip and to go back are behind "more"."""
    label = context.reference.label
    usual = list(next_stages(line.kind, line.stage))
    if line.stage == "scheduled":
        usual.insert(3, "scheduled")
    rest = [one for one in STAGES if one not in usual and one not in ("ordered", line.stage)]

    def words(stage: str) -> str:
        if stage == CLOSED:
            return "end it"
        if stage == "scheduled" and line.stage == "scheduled":
            return "another day"
        return stage_words(line.kind, stage, label("referral_stage", stage))

    if CHECKED not in usual:
        rest.append(CHECKED)
    return (
        *(Option(one, words(one), rare=place >= 4) for place, one in enumerate(usual)),
        *(Option(one, words(one), rare=True) for one in rest),
    )


def _tell(values: Values, whole: Detail, book: ReferralBook, context: FormContext) -> Sequence[Part]:
    """What is left out or gone back to, and when we ask next."""
    line, label, today = whole.line, context.reference.label, whole.today
    stage = str(values.get("stage") or "")
    parts: list[Part] = []
    if stage in STAGES:
        been = frozenset(step.stage for step in whole.steps)
        if left := skipped(line.kind, line.stage, stage, been):
            parts.append((f"Skips {', '.join(label('referral_stage', one) for one in left)}.", "amber"))
        elif goes_back(line.stage, stage):
            words = label("referral_stage", stage)
            parts.append((f"Goes back from {label('referral_stage', line.stage)} to {words}.", "amber"))
    if stage in ("attended", "missed") and line.visit_on is not None and line.visit_on > today:
        parts.append((f"The visit is on {day_words(line.visit_on, today)}, still to come.", "amber"))
    asked = values.get("check_on")
    met = values.get("met") if stage == "told" else None
    if stage == CLOSED or met is not None:
        parts.append(("The referral ends.", "dim"))
    elif isinstance(asked, date):
        parts.append((f"We ask again on {day_words(asked, today)}.", "dim"))
    elif stage == "scheduled" and not isinstance(values.get("visit_on"), date):
        parts.append(("We ask on the business day after the visit.", "dim"))
    elif stage in STAGES or stage == CHECKED:
        parts.append(
            (f"We ask again on {day_words(_next_check(values, stage, line, book, today), today)}.", "dim")
        )
    return parts


def _next_check(values: Values, stage: str, line: ReferralLine, book: ReferralBook, today: date) -> date:
    track = book.track_of(line.loop)
    if stage == CHECKED:
        return ask_again_on(track, today, line.loop)
    day, visit = values.get("day"), values.get("visit_on")
    moved = line.loop._replace(
        stage=stage,
        stage_on=day if isinstance(day, date) else today,
        visit_on=visit if stage == "scheduled" and isinstance(visit, date) else None,
    )
    return check_on(track, moved, today, heard=True)
