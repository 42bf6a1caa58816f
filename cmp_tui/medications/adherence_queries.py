"""Reading how medicines are kept up: refills, answers, days covered, and the day's moments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.adherence_rules import (
    Burden,
    Covered,
    Daily,
    Fill,
    burden,
    covered,
    joining_questions,
)
from cmp_tui.medications.dosage_rules import MOMENTS, Dosing, read_dosage
from cmp_tui.medications.model import MedicineAnswer, Refill
from cmp_tui.medications.queries import MedicationLine, medications


class RefillLine(NamedTuple):
    """A medicine that was handed out."""

    id: bytes
    version: int
    medication: bytes
    filled_on: date
    days: int
    quantity: float | None
    pharmacy: str | None


class AnswerLine(NamedTuple):
    """What a patient said of taking a medicine; without `medication` of all of them."""

    id: bytes
    version: int
    medication: bytes | None
    date: date
    missed: int | None
    days: int | None
    barrier: str | None
    teach_back: str | None
    told_by: str | None
    contact: bytes | None
    remarks: str | None


class Kept(NamedTuple):
    """How one medicine is kept up: its days covered, the last answer about it, and the moments of its day."""

    line: MedicationLine
    covered: Covered | None
    answer: AnswerLine | None
    dosing: Dosing
    by_hand: bool
    """Whether a person said the moments; else they were read out of the directions."""


class Day(NamedTuple):
    """A patient's day with their medicines: each one, how heavy it is, and what could be asked."""

    kept: tuple[Kept, ...]
    burden: Burden
    questions: tuple[str, ...]
    answer: AnswerLine | None
    """The last answer about all medicines."""


def refills_of(scope: Scope, patient: bytes, limit: int = 500) -> list[RefillLine]:
    """Returns a patient's refills, the latest first."""
    query = Refill.live(*_columns(Refill, RefillLine)).where(Refill.patient == patient)
    query = query.order_by(Refill.filled_on.desc(), Refill.id.desc()).limit(limit)
    return [RefillLine(*row) for row in rows(query)]


def answers_of(scope: Scope, patient: bytes, limit: int = 500) -> list[AnswerLine]:
    """Returns what a patient said of taking their medicines, the latest first."""
    m = MedicineAnswer
    query = m.live(*_columns(m, AnswerLine)).where(m.patient == patient)
    return [AnswerLine(*row) for row in rows(query.order_by(m.date.desc(), m.id.desc()).limit(limit))]


def dosing_of(line: MedicationLine) -> Dosing:
    """Returns how a medicine is taken in a day: as a person said it, else as its directions read."""
    read = read_dosage(line.dosage)
    return Dosing(
        dict(line.grid) if line.grid else read.grid,
        read.as_needed if line.as_needed is None else line.as_needed,
        line.with_food or read.with_food,
        read.unit,
    )


def day_of_medicines(scope: Scope, patient: bytes) -> Day:
    """Returns a patient's day with the medicines that they take now."""
    lines = [one for one in medications(scope, patient, current_only=True) if one.status == "active"]
    fills: dict[bytes, list[Fill]] = {}
    for refill in refills_of(scope, patient):
        fills.setdefault(refill.medication, []).append(Fill(refill.filled_on, refill.days))
    answers: dict[bytes | None, AnswerLine] = {}
    for answer in answers_of(scope, patient):
        answers.setdefault(answer.medication, answer)
    kept = tuple(
        Kept(
            line,
            covered(fills.get(line.id, ()), scope.today),
            answers.get(line.id),
            dosing_of(line),
            bool(line.grid),
        )
        for line in lines
    )
    regular = [one for one in kept if not one.dosing.as_needed]
    daily = [Daily(one.line.display, _pieces(one.dosing)) for one in regular if one.dosing.grid]
    return Day(
        kept,
        burden(daily, sum(1 for one in regular if not one.dosing.grid)),
        tuple(joining_questions(daily, MOMENTS)),
        answers.get(None),
    )


def _pieces(dosing: Dosing) -> dict[str, float]:
    """Tablets and capsules are counted; ten units of insulin, or a spoonful, are one thing to take."""
    counted = dosing.unit in ("", "tablet", "capsule")
    return {moment: amount if counted else 1.0 for moment, amount in (dosing.grid or {}).items()}


def _columns(model: Any, line: Any) -> tuple[Any, ...]:
    return tuple(getattr(model, name) for name in line._fields)


def as_grid(grid: Mapping[str, float] | None) -> dict[str, float]:
    """Returns a grid with all moments, 0 where nothing is taken."""
    return {moment: float((grid or {}).get(moment, 0)) for moment in MOMENTS}
