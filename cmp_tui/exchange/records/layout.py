"""The records folder: one CSV file a table, described once. Writing and reading both go by this description.

The first columns of a file are those that people write by hand; the others follow, so that nothing is lost. A new
table gets a line in `LAYOUTS`; a test fails when a table or a column of one is missing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from peewee import Field, ForeignKeyField

from cmp_tui.assessments.model import Assessment, PayerScore, Tier
from cmp_tui.billing.model import ClosedResult, Complexity
from cmp_tui.careplan.model import Barrier, Goal, GoalProgress, Intervention, Plan, PlanCopy, PlanVersion
from cmp_tui.clinic import fields as f
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record
from cmp_tui.contacts.model import ClosedMonth, Contact, Gap, TimeEntry, Timer
from cmp_tui.education.model import Attendance, Meeting, Teaching
from cmp_tui.encounters.model import Appointment, Service, Stay, Visit
from cmp_tui.enrollment.model import Consent, Eligibility, Enrollment, Intake
from cmp_tui.measurements.model import DeviceDays, Measurement, PreventiveAnswer, Vaccination
from cmp_tui.medications.model import (
    Medication,
    MedicineAnswer,
    Reconciliation,
    ReconciliationLine,
    Refill,
)
from cmp_tui.patients.model import (
    Allergy,
    Condition,
    Loan,
    Patient,
    Phone,
    Provider,
    RelatedPerson,
    SheetNote,
    Sourced,
    TeamMember,
)
from cmp_tui.referrals.model import LetterSent, Referral, ReferralStep
from cmp_tui.tasks.model import Snooze, Task
from cmp_tui.transitions.model import DischargeCall

Kind = Literal[
    "text", "code", "codes", "yes-no", "date", "partial", "month", "instant", "moment", "count", "number",
    "key", "staff", "patient", "facts",
]  # fmt: skip
"""What the cells of a column hold. moment: an instant, or a day where only the day is known · key: the id of a
record · staff: a username · patient: a record number · facts: JSON."""

LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "setting": "a fresh clinic has its own settings",
        "version": "counts the changes in this file; the history is not imported",
        "struck_at": "only living rows go out; the history has the others",
        "struck_by": "as struck_at",
        "struck_why": "as struck_at",
        "staff.id": "people of the staff are named by their username everywhere",
        "staff.os_user": "binds a person to a machine; an administrator does that anew",
        "patient.folded": "follows from the names",
        "patient.merged_into": "only a record that was struck out has it",
        "phone.digits": "follows from the number",
        "provider.folded": "follows from the names",
        "source_version": "counts versions of this file; source_edited says what it tells",
    }
)
"""The tables and columns that are in no file, each with the reason."""


class Column(NamedTuple):
    """A column of a file: its heading, the field it fills ("" when it is worked out), what its cells hold."""

    name: str
    field: str
    kind: Kind
    codes: str = ""


class Layout(NamedTuple):
    """A file of the folder.

    `needs` are the columns without which a row says nothing. Rows are written in the order of the patients' record
    numbers, then of the fields `order`, then of the id. `same` are the fields by which a row without an id finds
    its record; without them it is the same record only when all that is given agrees.
    """

    name: str
    model: type[Record]
    columns: tuple[Column, ...]
    needs: tuple[str, ...]
    order: tuple[str, ...]
    same: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The file's name in the folder."""
        return f"{self.name}.csv"

    @property
    def stored(self) -> tuple[str, ...]:
        """The fields of a row that is added, the id first."""
        return ("id", *(name for name in self.model._meta.sorted_field_names if name not in _KEPT))

    @property
    def of_patients(self) -> bool:
        """Whether its rows belong to patients (of tasks, some)."""
        return any(column.kind == "patient" for column in self.columns)


_KEPT = frozenset({"id", "version", "struck_at", "struck_by", "struck_why"})
_KINDS: tuple[tuple[type, Kind], ...] = (
    (f.CodeField, "code"),
    (f.CodesField, "codes"),
    (f.YesNoField, "yes-no"),
    (f.DayField, "date"),
    (f.PartialDateField, "partial"),
    (f.MonthField, "month"),
    (f.InstantField, "instant"),
    (f.CountField, "count"),
    (f.NumberField, "number"),
    (f.UidField, "key"),
    (f.FactsField, "facts"),
    (f.WordsField, "text"),
)
SOURCE = "source source_digest source_edited"
AMENDED = "amended_at amended_by amended_why"


def _kind(field: Field[Any]) -> Kind:
    if isinstance(field, ForeignKeyField):
        return "staff" if field.rel_model is Staff else "patient" if field.rel_model is Patient else "key"
    return next(kind for type_, kind in _KINDS if isinstance(field, type_))


def _column(model: type[Record], written: str) -> Column:
    """A column from "name" or "name=field"."""
    name, _, field = written.partition("=")
    if name == "source_edited":
        return Column(name, "", "yes-no")
    if name == "minutes":
        return Column(name, "", "count")
    if model is TimeEntry and name in ("mode", "outcome", "with_whom"):
        return Column(name, "", "code", name)
    field = field or ("patient" if name == "mrn" and model is not Patient else name)
    own = model._meta.fields[field]
    kind = _kind(own)
    if (model, name) in ((TimeEntry, "start"), (Contact, "at")):
        kind = "moment"
    return Column(name, field, kind, getattr(own, "column_of_codes", ""))


def _layout(
    name: str, model: type[Record], first: str, more: str = "", *, needs: str, order: str, same: str = ""
) -> Layout:
    ids = "" if model is Staff else "id"
    written = f"{first} {more} {ids} {SOURCE if issubclass(model, Sourced) else ''}".split()
    columns = tuple(_column(model, each) for each in written)
    return Layout(name, model, columns, tuple(needs.split()), tuple(order.split()), tuple(same.split()))


LAYOUTS: tuple[Layout, ...] = (
    _layout(
        "staff",
        Staff,
        "username name credential clinical may_bill npi roles",
        "active place_of_service",
        needs="username",
        order="username",
    ),
    _layout(
        "patients",
        Patient,
        "mrn family given birth_date sex mbi payer qmb care_manager billing_practitioner deceased_on",
        "deceased preferred other_names language interpreter best_time may_leave_message street city state"
        " postal_code email remarks",
        needs="mrn",
        order="mrn",
    ),
    _layout(
        "phones", Phone, "mrn number use rank remarks", needs="mrn number", order="rank number", same="digits"
    ),
    _layout(
        "conditions",
        Condition,
        "mrn system code display chronic onset resolved confirmed_by confirmed_on",
        "own_words group status",
        needs="mrn",
        order="system code display",
        same="system code",
    ),
    _layout("sheet_notes", SheetNote, "mrn label text", needs="mrn label text", order="label", same="label"),
    _layout(
        "allergies",
        Allergy,
        "mrn substance system code reaction severity status onset",
        needs="mrn substance",
        order="substance",
        same="substance",
    ),
    _layout(
        "related_people",
        RelatedPerson,
        "mrn name relationship phone language caregiver may_talk remarks",
        needs="mrn name",
        order="name",
        same="name",
    ),
    _layout(
        "team_members",
        TeamMember,
        "mrn name role specialty organization phone fax npi until",
        needs="mrn name",
        order="name",
        same="name role",
    ),
    _layout(
        "providers",
        Provider,
        "name npi specialty organization phone fax kind address hours remarks until",
        needs="name",
        order="name",
        same="name organization",
    ),
    _layout(
        "loans",
        Loan,
        "owner cover starts ends why ended_at",
        needs="owner cover starts ends",
        order="starts ends",
        same="owner cover starts",
    ),
    _layout(
        "visits",
        Visit,
        "mrn date practitioner kind care_management_discussed mdm",
        "what reason",
        needs="mrn date",
        order="date kind",
        same="date kind practitioner",
    ),
    _layout(
        "stays",
        Stay,
        "mrn kind facility admitted discharged discharged_to medications_reconciled_on",
        "admitted_at discharged_at reason admitted_from emergency heard_on heard_from summary_on complexity remarks",
        needs="mrn kind admitted",
        order="admitted kind",
        same="kind admitted",
    ),
    _layout(
        "appointments",
        Appointment,
        "mrn day time kind what with_whom status place phone",
        "provider told_on told_how remind_on reminded_on transport transport_who ended_on missed_why ended_why"
        " referral visit remarks",
        needs="mrn day what",
        order="day time what",
    ),
    _layout(
        "services",
        Service,
        "mrn code from=start to=end practitioner ours",
        needs="mrn code from",
        order="start code",
        same="code start",
    ),
    _layout(
        "measurements",
        Measurement,
        "mrn kind date value value2 text unit doubtful",
        needs="mrn kind date",
        order="date kind",
    ),
    _layout(
        "vaccinations",
        Vaccination,
        "mrn kind display date",
        needs="mrn display date",
        order="date kind",
    ),
    _layout(
        "device_days",
        DeviceDays,
        "mrn from=start to=end days",
        needs="mrn from to days",
        order="start end",
        same="start end",
    ),
    _layout(
        "medications",
        Medication,
        "mrn display system code dosage status started stopped last_ordered prescriber",
        "reason told_by stopped_why taking taken_how taken_why taken_on taken_told grid with_food as_needed",
        needs="mrn display",
        order="display started",
        same="display code started",
    ),
    _layout(
        "reconciliations",
        Reconciliation,
        "mrn why list_from list_on begun_on begun_by done_on signed_as",
        "stay signed_at remarks",
        needs="mrn begun_on",
        order="begun_on",
    ),
    _layout(
        "reconciliation_lines",
        ReconciliationLine,
        "mrn reconciliation position listed difference decision why",
        "medication written ours",
        needs="mrn reconciliation",
        order="reconciliation position",
    ),
    _layout(
        "refills",
        Refill,
        "mrn medication filled_on days quantity pharmacy",
        needs="mrn medication filled_on days",
        order="filled_on",
    ),
    _layout(
        "medicine_answers",
        MedicineAnswer,
        "mrn date missed days barrier teach_back told_by",
        "medication contact remarks",
        needs="mrn date",
        order="date",
    ),
    _layout(
        "assessments",
        Assessment,
        "mrn instrument date status score band taken_by",
        "edition mode with_whom answers flags remarks",
        needs="mrn instrument date",
        order="date instrument",
    ),
    _layout(
        "tiers",
        Tier,
        "mrn tier points computed_on set_tier set_why set_by set_on review_on",
        "parts",
        needs="mrn tier points computed_on",
        order="computed_on",
        same="patient",
    ),
    _layout(
        "payer_scores",
        PayerScore,
        "mrn kind value payer date",
        needs="mrn kind value date",
        order="date kind",
        same="kind date",
    ),
    _layout(
        "intakes",
        Intake,
        "mrn source received mode by reason program owner stage end ended_on back_on",
        "end_why answered_on answered_how taken_on outreach_on eligibility_on consent_on enrolled_on earlier",
        needs="mrn source received",
        order="received source",
        same="received source",
    ),
    _layout(
        "eligibility",
        Eligibility,
        "mrn program eligible date decided_by overruled why",
        "answers",
        needs="mrn program eligible date",
        order="program date",
        same="program date",
    ),
    _layout(
        "consents",
        Consent,
        "mrn program decision date mode taken_by practitioner effective_to",
        "points script_version paper remarks",
        needs="mrn program decision date",
        order="program date decision",
        same="program decision date",
    ),
    _layout(
        "enrollments",
        Enrollment,
        "mrn program status start end reason practitioner",
        "ended hold_until",
        needs="mrn program",
        order="program start",
        same="program start",
    ),
    _layout(
        "plans",
        Plan,
        "mrn program made_on made_by reviewed_on given_on given_how given_to",
        "matters outlook function home caregiver outside signs",
        needs="mrn",
        order="program made_on",
        same="program",
    ),
    _layout(
        "goals",
        Goal,
        "mrn title own_words lifecycle achievement due measure direction baseline target unit",
        "target2 topic problem condition start achievement_on importance confidence responsible review_on weight"
        " steps ended_why",
        needs="mrn title",
        order="start title",
    ),
    _layout(
        "barriers",
        Barrier,
        "mrn kind words solved_on",
        "goal",
        needs="mrn kind",
        order="kind words",
    ),
    _layout(
        "interventions",
        Intervention,
        "mrn title responsible status due done_on every who",
        "goal topic remarks",
        needs="mrn title",
        order="due title",
    ),
    _layout(
        "goal_progress",
        GoalProgress,
        "mrn goal date value achievement note told_by",
        "scale measurement contact",
        needs="mrn goal date",
        order="date",
    ),
    _layout(
        "plan_versions",
        PlanVersion,
        "mrn number date signed_by signed_as approved_by approved_on approved_how content",
        "plan changes",
        needs="mrn number date content",
        order="number",
    ),
    _layout(
        "plan_copies",
        PlanCopy,
        "mrn date kind to name how language given_by",
        "of_version digest",
        needs="mrn date how",
        order="date kind",
    ),
    _layout(
        "meetings",
        Meeting,
        "date topic title time place held_by",
        needs="date topic",
        order="date topic",
        same="date topic time",
    ),
    _layout(
        "attendance",
        Attendance,
        "mrn meeting status remarks",
        needs="mrn meeting status",
        order="meeting",
        same="meeting",
    ),
    _layout(
        "teachings",
        Teaching,
        "mrn topic date method teach_back taught_by repeat_on",
        "contact meeting remarks",
        needs="mrn topic date",
        order="date topic",
    ),
    _layout(
        "preventive_answers",
        PreventiveAnswer,
        "mrn measure answer date until remarks",
        needs="mrn measure answer date",
        order="measure date",
        same="measure date",
    ),
    _layout(
        "referrals",
        Referral,
        "mrn kind what urgency to_name ordered_by ordered_on status task_status stage stage_on ended_on end need_met",
        "question provider records goal condition need stay owner check_on checks end_why remarks",
        needs="mrn kind what ordered_on",
        order="ordered_on what",
    ),
    _layout(
        "referral_steps",
        ReferralStep,
        "mrn referral stage day said_by how",
        "why appointment contact staff remarks",
        needs="mrn referral stage day",
        order="day stage",
    ),
    _layout(
        "letters_sent",
        LetterSent,
        "mrn referral day to how sent_by",
        needs="mrn referral day",
        order="day",
    ),
    _layout(
        "discharge_calls",
        DischargeCall,
        "mrn stay date taken_by complete",
        "contact answers remarks",
        needs="mrn stay date",
        order="date",
    ),
    _layout(
        "complexity",
        Complexity,
        "mrn month program practitioner mdm",
        needs="mrn month mdm",
        order="month program practitioner",
        same="month program practitioner",
    ),
    _layout(
        "contacts",
        Contact,
        "mrn staff at mode outcome with_whom",
        f"precision why changed did next signed_as signed_at group {AMENDED}",
        needs="mrn staff at",
        order="at",
    ),
    _layout(
        "time_entries",
        TimeEntry,
        "mrn staff start end minutes program practitioner activity mode with_whom outcome face_to_face"
        " in_billed_visit group_size note",
        f"contact precision typed credential clinical group_place group entered_at long_why {AMENDED}",
        needs="mrn staff start",
        order="start end",
    ),
    _layout(
        "timers",
        Timer,
        "mrn staff start status stopped_at on_call entry",
        needs="mrn staff start",
        order="start",
        same="staff start",
    ),
    _layout(
        "gaps", Gap, "staff day what why", needs="staff day what", order="day what", same="staff day what"
    ),
    _layout(
        "tasks",
        Task,
        "mrn title due assignee status",
        "kind why due_time urgency answer_by attempt contact asked_by handed_by handed_at acknowledged_at"
        " snoozed_until snoozed_why settled_at settled_by settled_how answer_seen_at",
        needs="title due assignee",
        order="due title",
    ),
    _layout(
        "closed_months",
        ClosedMonth,
        "month closed_at closed_by reason passed rules_checked_on rules_digest",
        needs="month closed_at closed_by rules_checked_on rules_digest",
        order="month",
        same="month",
    ),
    _layout(
        "closed_results",
        ClosedResult,
        "mrn closed result charges",
        needs="mrn closed result charges",
        order="closed",
        same="closed",
    ),
    _layout(
        "snoozes",
        Snooze,
        "mrn source until why",
        needs="mrn source until",
        order="source until",
        same="source until",
    ),
)
"""The files of the folder, in the order in which they are written and read: what is pointed to comes first."""

FILLED_LATER = frozenset({"entered_at", "signed_at"})
"""Columns that a row may leave open where they are required: they get the moment of the import."""
AS_CLOSED = frozenset({"closed_months", "closed_results"})
"""What an import adds and never changes: a month that is closed here stays as it was closed here."""
LAYOUT_OF: Mapping[str, Layout] = MappingProxyType({layout.name: layout for layout in LAYOUTS})
HISTORY = ("history.csv", "audit.csv")
"""What `--with-history` adds; never imported."""
