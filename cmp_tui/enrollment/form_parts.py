"""What the forms about consent and enrollment share: the patient and the staff, the programs to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from cmp_tui.clinic.staff import StaffRow, staff_list
from cmp_tui.patients.queries import Card, patient_card
from cmp_tui.ui.fields.choice import Option
from cmp_tui.ui.makers import FormContext, its_patient

USUAL = "CCM"
"""The program that the forms begin with."""


async def about(context: FormContext, patient: bytes | None) -> tuple[Card, list[StaffRow]]:
    """Returns the patient and the staff. Raises Gone without a patient."""
    patient = its_patient(patient)
    return await context.live.ask(patient_card, patient), await context.live.ask(staff_list)


def programs(context: FormContext) -> tuple[Option, ...]:
    """Returns the programs with their words."""
    return tuple(
        Option(code.code, f"{code.code} {code.label}") for code in context.reference.codes("program")
    )


def usernames(staff: Sequence[StaffRow]) -> list[str]:
    """Returns the usernames of those of the clinic who bill."""
    return [one.username for one in staff if one.may_bill]
