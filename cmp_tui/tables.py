"""Every table once: passed to the clinic file when it is made and opened."""

from __future__ import annotations

from cmp_tui.assessments.model import TABLES as ASSESSMENTS
from cmp_tui.billing.model import TABLES as BILLING
from cmp_tui.careplan.model import TABLES as CAREPLAN
from cmp_tui.clinic.records import Table
from cmp_tui.contacts.model import TABLES as CONTACTS
from cmp_tui.education.model import TABLES as EDUCATION
from cmp_tui.encounters.model import TABLES as ENCOUNTERS
from cmp_tui.enrollment.model import TABLES as ENROLLMENT
from cmp_tui.measurements.model import TABLES as MEASUREMENTS
from cmp_tui.medications.model import TABLES as MEDICATIONS
from cmp_tui.patients.model import TABLES as PATIENTS
from cmp_tui.referrals.model import TABLES as REFERRALS
from cmp_tui.tasks.model import TABLES as TASKS
from cmp_tui.transitions.model import TABLES as TRANSITIONS

TABLES: tuple[type[Table], ...] = (
    *PATIENTS,
    *ENCOUNTERS,
    *MEASUREMENTS,
    *TASKS,
    *CONTACTS,
    *MEDICATIONS,
    *EDUCATION,
    *ASSESSMENTS,
    *ENROLLMENT,
    *CAREPLAN,
    *REFERRALS,
    *TRANSITIONS,
    *BILLING,
)
