"""Reading the risk scores that came from payers."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cmp_tui.assessments.model import PayerScore
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope


class PayerScoreLine(NamedTuple):
    """A risk score that came from a payer."""

    id: bytes
    version: int
    kind: str
    value: str
    payer: str | None
    date: date


def payer_scores(scope: Scope, patient: bytes) -> list[PayerScoreLine]:
    """Returns the risk scores that came from payers, the latest first."""
    query = (
        PayerScore.live(*(getattr(PayerScore, name) for name in PayerScoreLine._fields))
        .where(PayerScore.patient == patient)
        .order_by(PayerScore.date.desc(), PayerScore.id.desc())
    )
    return [PayerScoreLine(*row) for row in rows(query)]
