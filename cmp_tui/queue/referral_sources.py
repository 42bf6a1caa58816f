"""What referrals bring to Today: every open loop on the day on which we ask, with whom to call and the number.

One row a referral: a recipient that is silent, a visit whose outcome or report is missing, a review that waits, a
patient to be told. The longer it waits the further up it stands; of one day the urgent ones first, then those that were
asked in vain.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import Case, ModelSelect

from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient
from cmp_tui.queue.parts import living, ongoing
from cmp_tui.queue.rows import View, columns
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Details, Said, Settle
from cmp_tui.referrals.board_queries import leaf, open_keys_of
from cmp_tui.referrals.lines import ReferralLine
from cmp_tui.referrals.model import Referral
from cmp_tui.referrals.words import due_words

PRESSING = ("urgent", "asap", "stat")
OFTEN = 2
"""So often asked in vain that it stands before the others of its day."""
WORDS = {
    "ordered": "send", "sent": "answer", "accepted": "day", "declined": "send", "scheduled": "outcome",
    "missed": "book", "cancelled": "book", "attended": "report", "report": "review", "reviewed": "tell",
    "plan-updated": "tell", "told": "end",
}  # fmt: skip
"""What `d` is called at each stage."""


def waiting(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Open referrals whose day to ask has come, or comes soon."""
    r = Referral
    rank = Case(None, [(r.urgency.in_(PRESSING), 2), (r.checks >= OFTEN, 3), (r.stage == "report", 3)], 5)
    mine = living(view)
    if view.people:
        mine &= r.id.in_(open_keys_of(scope, view.whose, view.people, ongoing(view)))
    return (
        r.live(*columns(r.patient, "referral", r.check_on, rank, r.id))
        .join(Patient, on=(Patient.id == r.patient))
        .where(r.ended_on.is_null() & (r.check_on <= view.last) & mine)
    )


def details(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Referrals: why they are due, what clears it, whose they are."""
    return {line.id: _of(line, scope.today) for line in leaf(scope, list(keys))}


def say(due: date, today: date, known: Details) -> Said:
    """Why it is here: the words are made with its details."""
    return Said(known.title, known.outcome)


def _of(line: ReferralLine, today: date) -> Details:
    words = due_words(line, today)
    return Details(
        title=words.reason, outcome=words.clears, by=line.owner_name or "nobody yet",
        settle=Settle("referral-step", WORDS[line.stage], on_record=True),
    )  # fmt: skip


SOURCES = (
    Source(
        name="referral", select=waiting, say=say, details=details, snooze="referral-later", shows_owner=True,
        settle=Settle("referral-step", "next step", on_record=True),
    ),
)  # fmt: skip
"""The source of referrals."""
