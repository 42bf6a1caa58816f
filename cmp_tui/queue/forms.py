"""The form that puts a row of Today off."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.queue.actions import snooze_row
from cmp_tui.ui.fields.date import DateField
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


FORMS: dict[str, FormMaker] = {"snooze-row": snooze}
