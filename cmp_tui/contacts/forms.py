"""All forms of this room by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cmp_tui.contacts.contact_forms import contact_form, strike_contact_form
from cmp_tui.contacts.time_forms import break_form, entry_form, strike_entry_form, time_form
from cmp_tui.ui.makers import FormMaker

FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {
        "time": time_form,
        "entry": entry_form,
        "break": break_form,
        "contact-edit": contact_form,
        "strike-entry": strike_entry_form,
        "strike-contact": strike_contact_form,
    }
)
"""The forms of this room. The chart's "time" stands for the one here: it knows the patient's program."""
