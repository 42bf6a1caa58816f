"""The forms about a saved contact, whose saving moves whoever is on the way into a program."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cmp_tui.contacts import contact_forms
from cmp_tui.contacts.form_parts import Args
from cmp_tui.desk import contact_actions
from cmp_tui.ui.makers import FormContext, FormMaker, Opening


async def contact_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Amends a signed contact."""
    return await contact_forms.contact_form(context, patient, record, args, edit=contact_actions.edit_contact)


async def strike_contact_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes a contact out together with its time."""
    strike = contact_actions.strike_contact
    return await contact_forms.strike_contact_form(context, patient, record, args, strike=strike)


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"contact-edit": contact_form, "strike-contact": strike_contact_form}
)
"""They stand for those of the room below."""
