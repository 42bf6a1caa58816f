"""What the papers of a care plan say, read in a handful of queries, and the papers themselves as documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.careplan.copy_book import copy_book
from cmp_tui.careplan.copy_lines import CopyFacts, Since, SummaryFacts, Visiting
from cmp_tui.careplan.copy_rules import twins
from cmp_tui.careplan.lines import CopyLine, WholePlan
from cmp_tui.careplan.patient_copy import patient_copy
from cmp_tui.careplan.provider_summary import provider_summary
from cmp_tui.careplan.queries import changes_between, digest, version_content, whole_plan
from cmp_tui.careplan.template_book import TemplateBook, template_book
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import staff_list
from cmp_tui.contacts.queries import contacts_of
from cmp_tui.encounters.queries import visits
from cmp_tui.enrollment.queries import consents, enrollments
from cmp_tui.enrollment.rules import ONGOING, in_force
from cmp_tui.files.document import Document
from cmp_tui.medications.queries import medications
from cmp_tui.patients.queries import allergies, conditions, patient_card, team
from cmp_tui.tasks.queries import tasks_of
