"""The form of an instrument, saved together with the goals that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cmp_tui.assessments import forms as assessment_forms
from cmp_tui.desk.assessment_flags import retake_assessment, take_assessment
from cmp_tui.patients.form_fields import Args
from cmp_tui.ui.makers import FormContext, FormMaker, Opening


async def assessment_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Answers an instrument (`args`: which), goes on with a half-done one, or amends a complete one."""
    return await assessment_forms.assessment_form(
        context, patient, record, args, take=take_assessment, retake=retake_assessment
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType({"assessment": assessment_form})
"""The forms about instruments."""
