"""Closing a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cmp_tui.billing.charge_lines import charges_of
from cmp_tui.billing.close_rules import Stand
from cmp_tui.billing.closing import Judged, judge_month
from cmp_tui.billing.model import ClosedResult
from cmp_tui.billing.month_queries import as_object
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Image
from cmp_tui.contacts.model import ClosedMonth
from cmp_tui.enrollment.programs import rules_digest

NAMED = 3
"""So many of what stands in the way are named in the refusal."""


def close_month(
    change: Change, month: Month, reason: str | None = None, judged: Judged | None = None
) -> ClosedMonth:
    """Closes a month and returns it: everybody's result is kept, and its time and contacts are locked.

    With a `reason` also past what stands in the way, which is kept with it. From now on whatever is written into the
    month is a dated amendment. `judged` is the month as it was judged before (`judge_month`); when a record was
    written since, it is judged anew here, while nobody else can write. It can't be undone. Raises Invalid on "" for
    what can't be passed, and on "reason" when something stands in the way and none is given.
    """
    if judged is None or judged.view.month != month or _moved_on(judged.seq):
        judged = judge_month(change.scope, month)
    view, stands, _ = judged
    _refuse(stands, reason)
    closed = change.add(
        ClosedMonth,
        month=str(month),
        closed_at=change.now,
        closed_by=change.who.id,
        reason=reason or None,
        passed=[{"kind": one.kind, "mrn": one.mrn or None, "says": one.says} for one in stands],
        rules_checked_on=view.rules_checked_on,
        rules_digest=rules_digest(change.reference),
    )
    npi = change.settings.npi or None
    change.add_many(
        ClosedResult,
        (
            {
                "closed": closed.id,
                "patient": result.facts.key,
                "result": shown,
                "charges": [one.as_kept() for one in charges_of(result, npi)],
            }
            for result, shown in zip(view.patients, as_object(view)["patients"], strict=True)
        ),
    )
    passed = dict(Counter(one.kind for one in stands))
    change.note(month=str(month), patients=len(view.patients), passed=passed)
    return closed


def _moved_on(seq: int) -> bool:
    """Whether a record was written after an audit entry; looks write none."""
    return Image.select().where(Image.seq > seq).exists()


def _refuse(stands: Sequence[Stand], reason: str | None) -> None:
    never = [one.says for one in stands if not one.passable]
    if never:
        raise Invalid({"": " ".join(never)})
    if stands and not (reason or "").strip():
        named = " ".join(one.says for one in stands[:NAMED])
        more = f" And {len(stands) - NAMED} more." if len(stands) > NAMED else ""
        raise Invalid(
            {"reason": f"{named}{more} Put that right, or say why the month is closed all the same."}
        )
