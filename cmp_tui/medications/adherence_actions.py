"""Writing refills, what patients say of taking their medicines, and at which moments a medicine is taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.medications.adherence_rules import answer_wrong, refill_wrong
from cmp_tui.medications.dosage_rules import checked_grid
from cmp_tui.medications.model import Medication, MedicineAnswer, Refill

_ANSWER = ("missed", "days", "barrier", "teach_back", "date")


def add_refill(
    change: Change, patient: bytes, *, medication: bytes, filled_on: date, days: int, **values: Any
) -> Refill:
    """Adds that a medicine was handed out on a day for so many days. Raises Invalid, Gone."""
    _of(change, patient, medication)
    _check(refill_wrong(filled_on, days, change.today))
    return change.add(
        Refill, patient=patient, medication=medication, filled_on=filled_on, days=days, **values
    )


def edit_refill(change: Change, key: bytes, seen: int | None, **values: Any) -> Refill:
    """Changes a refill. Raises Invalid, Conflict, Gone."""
    now = change.get(Refill, key)
    _check(refill_wrong(values.get("filled_on", now.filled_on), values.get("days", now.days), change.today))
    return change.edit(Refill, key, seen, **values)


def strike_refill(change: Change, key: bytes, why: str, seen: int | None = None) -> Refill:
    """Strikes out a refill that was recorded by mistake."""
    return change.strike(Refill, key, why, seen)


def say_adherence(
    change: Change,
    patient: bytes,
    *,
    medication: bytes | None = None,
    date: date | None = None,
    **values: Any,
) -> MedicineAnswer:
    """Records what a patient says of taking a medicine (without `medication`: of all of them): doses `missed` of the
    last `days`, the `barrier`, and whether they could say back what it is for (`teach_back`). Raises Invalid, Gone."""
    if medication is not None:
        _of(change, patient, medication)
    day = date or change.today
    said = {name: values.get(name) for name in _ANSWER} | {"date": day}
    _check(_answer(said, change))
    return change.add(MedicineAnswer, patient=patient, medication=medication, date=day, **values)


def edit_adherence(change: Change, key: bytes, seen: int | None, **values: Any) -> MedicineAnswer:
    """Changes what a patient said of taking a medicine. Raises Invalid, Conflict, Gone."""
    now = change.get(MedicineAnswer, key)
    _check(_answer({name: values.get(name, getattr(now, name)) for name in _ANSWER}, change))
    return change.edit(MedicineAnswer, key, seen, **values)


def strike_adherence(change: Change, key: bytes, why: str, seen: int | None = None) -> MedicineAnswer:
    """Strikes out an answer that was recorded by mistake."""
    return change.strike(MedicineAnswer, key, why, seen)


def set_times(
    change: Change,
    medication: bytes,
    seen: int | None,
    *,
    grid: Mapping[str, float] | None,
    with_food: str | None = None,
    as_needed: bool | None = None,
) -> Medication:
    """Says at which moments of the day a medicine is taken and how many each time, for the patient's own list.

    `grid` None: not known (the patient's list shows the directions). Raises Invalid, Conflict, Gone.
    """
    try:
        checked = checked_grid(grid) if grid is not None else None
    except ValueError as error:
        raise Invalid({"grid": str(error)}) from None
    return change.edit(
        Medication, medication, seen, grid=checked or None, with_food=with_food, as_needed=as_needed
    )


def _answer(said: Mapping[str, Any], change: Change) -> dict[str, str]:
    return answer_wrong(
        said["missed"], said["days"], said["barrier"], said["teach_back"], said["date"], change.today
    )


def _check(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid(wrong)


def _of(change: Change, patient: bytes, medication: bytes) -> None:
    if change.get(Medication, medication).patient != patient:
        raise Invalid({"": "This medicine is another patient's."})
