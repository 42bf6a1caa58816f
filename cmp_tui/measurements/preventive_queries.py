"""Reading the answers about preventive measures; what is due needs more of the chart (careplan/preventive_queries)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.measurements.model import PreventiveAnswer

Day = date  # a field of this name hides the type


class AnswerLine(NamedTuple):
    """What somebody said of a measure; without `until` it holds for good."""

    id: bytes
    version: int
    measure: str
    answer: str
    date: Day
    until: Day | None
    remarks: str | None


def preventive_answers(scope: Scope, patient: bytes) -> list[AnswerLine]:
    """Returns a patient's answers about preventive measures, the latest first."""
    query = (
        PreventiveAnswer.live(*(getattr(PreventiveAnswer, name) for name in AnswerLine._fields))
        .where(PreventiveAnswer.patient == patient)
        .order_by(PreventiveAnswer.date.desc(), PreventiveAnswer.id.desc())
    )
    return [AnswerLine(*row) for row in rows(query)]
