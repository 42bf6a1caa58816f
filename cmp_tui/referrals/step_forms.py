"""The form of one step of a referral: the next stage is proposed, so that the commonest case is to save it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.referrals import actions
from cmp_tui.referrals.form_parts import Act, Args, line_of
from cmp_tui.referrals.lines import Detail, ReferralLine
from cmp_tui.referrals.queries import detail, is_step
from cmp_tui.referrals.referral_book import ReferralBook, help_form, referral_book
from cmp_tui.referrals.rules import (
    CHECKED,
    CLOSED,
    NO_REPORT,
    proposed,
)
from cmp_tui.referrals.step_fields import step_fields
from cmp_tui.referrals.words import do_words, stage_words, telephone
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, Opening, given, own_key
from cmp_tui.ui.words import day_words, name_words

TAKE: Act = actions.take_step
Values = Mapping[str, object]


async def step_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """The next step of a referral: which, who said so and how, when. `args`: `stage`, `remarks`, `contact` (hex)."""
    line, who = await line_of(context, record)
    if line.ended_on is not None:
        raise Gone(f"{line.what} has ended. b takes it up again.")
    whole = await context.live.ask(detail, line.id)
    book, today = referral_book(context.reference), context.here.today()
    key = own_key(context, args)

    async def submit(submission: Submission) -> Any:
        if await context.live.ask(is_step, key):
            return Again()
        values = _taken(submission.values, today)
        if contact := args.get("contact"):
            values["contact"] = bytes.fromhex(str(contact))
        try:
            step = await context.live.do(TAKE, line.id, seen=submission.seen, id=key, **values)
        except Invalid as invalid:
            raise _beside(invalid, submission.values) from None
        return step, submission.values

    def then(result: Any) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
        return None if isinstance(result, Again) else _helps(line, result[1], book)

    spec = FormSpec(
        name="referral-step",
        title="Next step",
        identity=who,
        fields=step_fields(context, whole, book),
        keys_hint=f"{do_words(line, today)} {telephone(line.phone)}".strip(),
    )
    return Opening(
        spec, submit, {**_begins(line, whole, today), **_plain(args)}, line.version,
        said=lambda result: _said(result, context), then=then,
    )  # fmt: skip


def _begins(line: ReferralLine, whole: Detail, today: date) -> dict[str, object]:
    """What stands in the form: the next stage, and who usually says so."""
    person = name_words(line.family, line.given)
    stage = CLOSED if line.deceased else proposed(line.kind, line.stage)
    if line.stage == "scheduled" and line.visit_on is not None and line.visit_on > today:
        stage = "scheduled"
    good = line.kind in NO_REPORT or line.stage == "told"
    return {
        "stage": stage,
        "said_there": line.to or "",
        "said_patient": person,
        "said_reviewer": whole.person.practitioner_name or whole.orderer or "",
        "how": "phone",
        "how_sent": "fax",
        "day": min(line.visit_on, today) if line.visit_on and stage == "attended" else today,
        "visit_on": line.visit_on,
        "visit_time": time.fromisoformat(line.visit_time) if line.visit_time else None,
        "transport": "none-needed",
        "visit_told": True,
        "records": line.records or "",
        "offer": True,
        "met": None,
        "end": "died" if line.deceased else "met" if good else "declined" if line.stage == "declined" else None,
    }  # fmt: skip


def _taken(values: Values, today: date) -> dict[str, Any]:
    """What stands in the form, as the action takes it."""
    stage = str(values["stage"])
    taken: dict[str, Any] = {
        "stage": stage,
        "day": values.get("day"),
        "said_by": values.get("said_there") or values.get("said_patient") or values.get("said_reviewer") or None,
        "how": values.get("how_sent") or values.get("how"),
        "why": values.get("why"),
        "remarks": values.get("remarks") or None,
        "check_on": values.get("check_on"),
    }  # fmt: skip
    if stage == "scheduled":
        taken["appointment"] = {
            "day": values.get("visit_on"),
            "time": values.get("visit_time"),
            "place": values.get("place") or None,
            "transport": values.get("transport"),
            "told_on": today if values.get("visit_told") else None,
        }
    elif stage == "told":
        taken |= {"need_met": values.get("met"), "end_why": values.get("met_why") or None}
    elif stage == "sent":
        taken["records"] = values.get("records") or None
    elif stage == CLOSED:
        met = values.get("end_met")
        taken |= {"end": values.get("end"), "end_why": values.get("end_why") or None, "need_met": met}
    return taken


def _beside(invalid: Invalid, values: Values) -> Invalid:
    """What is wrong, at the field where it stands; what has no field here stands above the form."""
    places = {
        "said_by": ("said_there", "said_patient", "said_reviewer"), "end_why": ("end_why", "met_why"),
        "need_met": ("end_met", "met"), "day": ("day", "visit_on"), "time": ("visit_time",), "how": ("how", "how_sent"),
    }  # fmt: skip
    fields: dict[str, str] = {}
    for name, says in invalid.fields.items():
        place = next((one for one in places.get(name, (name,)) if one in values), "")
        fields[place] = " ".join(part for part in (fields.get(place), says) if part)
    return Invalid(fields)


def _helps(
    line: ReferralLine, values: Values, book: ReferralBook
) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
    """The form that follows a missed visit: what helps with why it was missed."""
    if values.get("stage") != "missed" or not values.get("offer"):
        return None
    return help_form(book, str(values.get("why") or ""), line.patient, line.what)


def _said(result: Any, context: FormContext) -> str:
    if isinstance(result, Again):
        return AGAIN
    step = result[0]
    row, label, today = step.referral, context.reference.label, context.here.today()
    if row.ended_on is not None:
        return f"{row.what}: {label('referral_end', row.end)}. u takes it back."
    stage = stage_words(row.kind, row.stage, label("referral_stage", row.stage))
    asked = "asked, nothing new" if result[1].get("stage") == CHECKED else stage
    words = f"{row.what}: {asked}. We ask again on {day_words(row.check_on, today)}."
    return " ".join([words, *step.told])


def _plain(args: Args) -> dict[str, object]:
    return {name: value for name, value in given(args).items() if name != "contact"}
