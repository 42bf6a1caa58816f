"""Whom care plans, teaching and prevention ask about."""

from __future__ import annotations

from typing import Any

from peewee import Value, fn

from cmp_tui.enrollment.model import Enrollment
from cmp_tui.enrollment.rules import ONGOING
from cmp_tui.patients.model import Patient
from cmp_tui.queue.parts import ongoing
from cmp_tui.queue.rows import View

RESTING = ONGOING - {"active"}


def in_program(view: View) -> Any:
    """Patients of the view whom some program works with: enrolled, and not on hold."""
    e = Enrollment
    in_one = e.live(Value(1)).where(
        (e.patient == Patient.id) & e.status.in_(sorted(ONGOING - RESTING)) & (e.start <= view.day)
        & (e.end.is_null() | (e.end >= view.day))
    )  # fmt: skip
    return ongoing(view) & fn.EXISTS(in_one)
