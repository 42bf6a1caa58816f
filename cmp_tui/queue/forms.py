"""The form that puts a row of Today off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.queue.actions import snooze_row
from cmp_tui.queue.words import near
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening
from cmp_tui.ui.words import day_words


async def snooze(
    context: FormContext, patient: bytes | None, record: bytes | None, args: dict[str, Any]
) -> Opening:
    """Until when, and why."""
    assert patient is not None
    card = await context.live.ask(patient_card, patient)
    today = context.here.today()
    due = _due(args)
    spec = FormSpec(
        name="snooze-row",
        title="Snooze",
        identity=identity(card, today),
        fields=(
            DateField(name="until", label="Until", required=True, only="future", help="fri, +3, +1w, 11/30"),
            TextField(
                name="why",
                label="Why",
                required=True,
                help="In hospital, on holiday, asked to be called later",
            ),
            *((_past_it(due, today),) if due is not None else ()),
        ),
    )

    async def submit(submission: Submission) -> date:
        values = submission.values
        day = values["until"]
        assert isinstance(day, date)
        row = await context.live.do(snooze_row, patient, str(args["source"]), day, str(values["why"]))
        until: date = row.until
        return until

    return Opening(
        spec,
        submit,
        values={"until": add_business_days(today, 1)},
        said=lambda until: f"Snoozed until {day_words(until, today)}.",
    )


def _due(args: dict[str, Any]) -> date | None:
    """The day on which the row is due, where it has one that counts."""
    said = args.get("due")
    return date.fromisoformat(str(said)) if said else None


def _past_it(due: date, today: date) -> TellField:
    """Says that a day lies past the one by which the thing has to be done."""

    def lines(values: Mapping[str, object]) -> Sequence[tuple[str, str]]:
        until = values.get("until")
        if isinstance(until, date) and until > due:
            over = "was" if due < today else "is"
            words = f"That is past {near(due, today)}, when it {over} due: the reason stays in the register."
            return [(words, "amber")]
        return [(f"It is due {near(due, today)}.", "dim")]

    return TellField(name="due", label="", lines=lines, follows=True)


FORMS: dict[str, FormMaker] = {"snooze-row": snooze}
