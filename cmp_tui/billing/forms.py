"""The form that closes a month."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.billing.close_actions import close_month
from cmp_tui.billing.close_rules import counts
from cmp_tui.billing.closing import judge_month
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import Refused
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening


async def close_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Mapping[str, Any]
) -> Opening:
    """Closes a month (`args`: month), past what stands in the way with a reason. Raises Refused when it can't be."""
    month = Month.parse(str(args["month"]))
    live = context.live
    live.clinic.rights.require(context.me.roles, "billing.close_month")
    judged = await live.ask_long(judge_month, month)
    stands = judged.stands
    never = [one.says for one in stands if not one.passable]
    if never:
        raise Refused(" ".join(never))
    told = f"in the way: {counts(stands)}" if stands else "nothing stands in the way"
    spec = FormSpec(
        name="close-month",
        title=f"Close {month.label}",
        identity=Content(told),
        fields=(
            TextField(
                name="reason",
                label="Reason",
                required=bool(stands),
                limit=1000,
                help="why it is closed past that; closing can't be undone"
                if stands
                else "if there is something to say; closing can't be undone",
            ),
        ),
    )

    async def submit(submission: Submission) -> Month:
        reason = submission.values.get("reason")
        await live.do(close_month, month, str(reason) if reason else None, judged)
        return month

    return Opening(
        spec,
        submit,
        said=lambda done: f"{done.label} is closed; what is written into it now is an amendment.",
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType({"close-month": close_form})
