"""The forms about the plan's reviews: finish one, and record the second signature."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from cmp_tui.careplan import version_actions as actions
from cmp_tui.careplan.goal_forms import LOOK_WEEKS, Args
from cmp_tui.careplan.queries import changes_since, version_line, versions_of, whole_plan
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.staff import staff_list
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, Opening, own_key
