"""The forms about visits to practitioners and services that others billed. That of stays is in transitions/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cmp_tui.clinic.staff import StaffRow, staff_list
from cmp_tui.encounters import actions, queries
from cmp_tui.encounters.form_values import say_billed, shown_with, with_practitioner
from cmp_tui.patients.form_fields import Args, ToldField, practitioner_options
from cmp_tui.patients.form_values import OUTSIDE
from cmp_tui.patients.record_forms import Part, open_part
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.makers import FormContext, FormMaker, Opening

NOT_RECORDED = "not known"


async def visit_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A visit to a practitioner that has been; one to come is an appointment."""
    staff = await context.live.ask(staff_list)
    codes = context.reference.codes
    fields = (
        DateField(name="date", label="On", required=True, only="past", help="one to come is an appointment: n x"),
        ChoiceField(name="kind", label="Visit", required=True, options=options(codes("visit_kind")), default="em"),
        *_practitioner(staff, "With"),
        TextField(name="what", label="What", limit=300, help="as the practice calls it"),
        TextField(name="reason", label="Reason", limit=300),
        YesNoField(
            name="care_management_discussed", label="Program discussed", unknown=NOT_RECORDED,
            help="was care management talked about? a new patient's first visit counts only then",
        ),
        ChoiceField(name="mdm", label="Complexity", options=options(codes("mdm"))),
    )  # fmt: skip
    part = Part(
        "visit", "Visit", queries.visits, actions.add_visit, actions.edit_visit, fields, with_practitioner,
        shown=shown_with(_usernames(staff)),
    )  # fmt: skip
    return await open_part(context, patient, record, args, part)


async def service_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A service that was billed by others: it may exclude ours."""
    staff = await context.live.ask(staff_list)
    fields = (
        ToldField(
            name="code", label="Code", required=True, limit=20, tell=say_billed,
            help="as it was billed, such as 99490 or G0181",
        ),
        DateField(name="start", label="On", required=True, only="past"),
        DateField(name="end", label="Until", help="the last day, where it is a time; empty for one day"),
        *_practitioner(staff, "Billed by"),
        YesNoField(name="ours", label="Billed by us", default=False),
    )  # fmt: skip
    part = Part(
        "service", "Service", queries.services, actions.add_service, actions.edit_service, fields,
        with_practitioner, shown=shown_with(_usernames(staff)),
    )  # fmt: skip
    return await open_part(context, patient, record, args, part)


def _practitioner(staff: Sequence[StaffRow], label: str) -> tuple[Field, Field]:
    return (
        ChoiceField(
            name="practitioner", label=label, options=practitioner_options(staff),
            help="empty when nobody knows",
        ),
        TextField(
            name="outside_name", label="Their name", limit=120,
            when=lambda values: values.get("practitioner") == OUTSIDE,
        ),
    )  # fmt: skip


def _usernames(staff: Sequence[StaffRow]) -> list[str]:
    return [one.username for one in staff if one.may_bill]


FORMS: Mapping[str, FormMaker] = MappingProxyType({"visit": visit_form, "service": service_form})
"""The forms of this room."""
