"""Which screens and forms there are: one line a room. Screens are imported when they are first shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.dom import DOMNode
from textual.screen import Screen

if TYPE_CHECKING:
    from cmp_tui.ui.makers import FormContext, FormMaker
    from cmp_tui.ui.opener import Opener


def today() -> Screen[Any]:
    """What is due."""
    from cmp_tui.queue.screen import TodayScreen

    return TodayScreen()


def caseload() -> Screen[Any]:
    """Everyone."""
    from cmp_tui.caseload.screen import CaseloadScreen

    return CaseloadScreen()


def pipeline() -> Screen[Any]:
    """Everybody on the way into a program."""
    from cmp_tui.enrollment.screen import EnrollmentScreen

    return EnrollmentScreen()


def enrollment_report() -> Screen[Any]:
    """How far people came."""
    from cmp_tui.enrollment.report_screen import EnrollmentReportScreen

    return EnrollmentReportScreen()


def transitions() -> Screen[Any]:
    """Everybody who came home lately, with what is due."""
    from cmp_tui.transitions.screen import TransitionsScreen

    return TransitionsScreen()


def referrals() -> Screen[Any]:
    """Every open referral."""
    from cmp_tui.referrals.screen import ReferralsScreen

    return ReferralsScreen()


def month() -> Screen[Any]:
    """What a month can bill."""
    from cmp_tui.billing.screen import MonthScreen

    return MonthScreen()


def chart() -> Screen[Any]:
    """One patient."""
    from cmp_tui.chart.screen import ChartScreen

    return ChartScreen()


def referral_report() -> Screen[Any]:
    """How referrals went."""
    from cmp_tui.referrals.report_screen import ReferralReportScreen

    return ReferralReportScreen()


def directory() -> Screen[Any]:
    """Whom we send people to."""
    from cmp_tui.patients.directory_screen import DirectoryScreen

    return DirectoryScreen()


def day() -> Screen[Any]:
    """What I did today."""
    from cmp_tui.contacts.screen import DayScreen

    return DayScreen()


def reconcile() -> Screen[Any]:
    """Two lists of medicines side by side."""
    from cmp_tui.medications.reconcile_screen import ReconcileScreen

    return ReconcileScreen()


def bring_in() -> Screen[Any]:
    """A spreadsheet that comes in."""
    from cmp_tui.exchange.caseload.screen import ImportScreen

    return ImportScreen()


MODES: Mapping[str, Callable[[], Screen[Any]]] = {
    "today": today,
    "caseload": caseload,
    "enrollment": pipeline,
    "enrollment-report": enrollment_report,
    "referrals": referrals,
    "referral-report": referral_report,
    "transitions": transitions,
    "month": month,
    "chart": chart,
    "day": day,
    "directory": directory,
    "reconcile": reconcile,
    "import": bring_in,
}

FORM_ROOMS: Mapping[str, tuple[str, ...]] = {
    "patients.forms": ("phone", "condition", "allergy", "person", "team-member"),
    "patients.directory_forms": ("provider", "find-provider", "strike-provider"),
    "patients.panel_forms": ("lend", "end-loan", "move"),
    "assessments.forms": ("strike-assessment",),
    "assessments.risk_forms": ("tier",),
    "education.forms": ("teaching", "handout"),
    "education.class_forms": ("class",),
    "measurements.preventive_forms": ("preventive",),
    "encounters.forms": ("visit", "service"),
    "transitions.forms": ("stay", "new-stay", "stay-summary"),
    "encounters.appointment_forms": ("appointment", "appointment-told", "appointment-ride"),
    "medications.forms": ("medication", "taking", "stop-medication", "hold-medication", "strike-medication"),
    "medications.reconcile_forms": ("reconcile", "reconcile-sign", "strike-reconciliation"),
    "medications.reconcile_line_forms": ("reconcile-line", "reconcile-why"),
    "assessments.payer_forms": ("payer-score",),
    "medications.adherence_forms": ("refill", "medicine-answer", "medicine-times"),
    "enrollment.eligibility_forms": ("eligibility",),
    "enrollment.forms": ("patient", "consent", "enrollment"),
    "enrollment.paper_forms": ("consent-paper", "letter"),
    "enrollment.intake_forms": (
        "intake",
        "take-up",
        "answer-intake",
        "end-intake",
        "hold-intake",
        "reopen-intake",
    ),
    "tasks.escalation_forms": ("escalate", "see-answer"),
    "careplan.forms": ("plan-matters", "plan-signs", "plan-strike"),
    "careplan.goal_forms": ("goal", "goal-progress", "goal-state"),
    "careplan.goal_step_forms": ("intervention", "barrier", "step-state"),
    "careplan.goal_start_forms": ("plan-templates", "plan-start"),
    "careplan.copy_forms": ("plan-copy", "give-copy"),
    "careplan.version_forms": ("plan-review", "plan-approval"),
    "referrals.forms": (
        "referral",
        "referral-step",
        "referral-later",
        "end-referral",
        "reopen-referral",
        "strike-referral",
        "strike-referral-step",
    ),
    "referrals.letter_forms": ("referral-letter", "letter-sent"),
    "referrals.visit_forms": ("appointment-end",),
    "tasks.forms": ("task", "snooze-task", "settle-task", "hand-over", "accept-task"),
    "contacts.forms": ("entry", "break", "strike-entry"),
    "chart.forms": ("strike", "time"),
    "desk.forms": ("contact", "group", "timer"),
    "desk.summary_forms": ("plan-summary",),
    "desk.discharge_forms": ("discharge-call",),
    "desk.contact_forms": ("contact-edit", "strike-contact"),
    "desk.instrument_forms": ("assessment",),
    "desk.assessment_forms": ("comprehensive", "comprehensive-section", "comprehensive-end"),
    "desk.merge_forms": ("merge", "merge-with"),
    "billing.forms": ("close-month",),
    "queue.forms": ("snooze-row",),
}
"""The forms that each room opens. A room is imported when one of its forms is first asked for."""


class AllForms(Mapping[str, "FormMaker"]):
    """Every form of the program by its name."""

    def __getitem__(self, name: str) -> FormMaker:
        for room, names in FORM_ROOMS.items():
            if name in names:
                found: FormMaker = import_module(f"cmp_tui.{room}").FORMS[name]
                return found
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for names in FORM_ROOMS.values() for name in names)

    def __len__(self) -> int:
        return sum(len(names) for names in FORM_ROOMS.values())


FORMS = AllForms()


def key_groups() -> dict[str, tuple[type[DOMNode], ...]]:
    """Returns the classes whose keys work together, for each screen; the app's own keys are added to each."""
    from cmp_tui.billing.screen import MonthScreen
    from cmp_tui.caseload.screen import CaseloadScreen
    from cmp_tui.chart.screen import ChartScreen
    from cmp_tui.contacts.screen import DayScreen
    from cmp_tui.enrollment.pipeline_cards import CardColumns
    from cmp_tui.enrollment.report_screen import EnrollmentReportScreen
    from cmp_tui.enrollment.screen import EnrollmentScreen
    from cmp_tui.exchange.caseload.screen import ImportScreen
    from cmp_tui.medications.reconcile_screen import ReconcileScreen, WalkTable
    from cmp_tui.patients.directory_screen import DirectoryScreen
    from cmp_tui.queue.screen import TodayScreen
    from cmp_tui.referrals.report_screen import ReferralReportScreen
    from cmp_tui.referrals.screen import ReferralsScreen
    from cmp_tui.transitions.screen import TransitionsScreen
    from cmp_tui.ui.board import Board
    from cmp_tui.ui.form import Form
    from cmp_tui.ui.help import HelpScreen
    from cmp_tui.ui.notice import Notice
    from cmp_tui.ui.page import PlainPage
    from cmp_tui.ui.picker import PickScreen
    from cmp_tui.ui.search import SearchScreen
    from cmp_tui.ui.table import WindowTable

    return {
        "today": (TodayScreen, Board, WindowTable),
        "caseload": (CaseloadScreen, Board, WindowTable),
        "enrollment": (EnrollmentScreen, Board, WindowTable, CardColumns),
        "enrollment-report": (EnrollmentReportScreen, Board, WindowTable),
        "referrals": (ReferralsScreen, Board, WindowTable),
        "referral-report": (ReferralReportScreen, Board, WindowTable),
        "transitions": (TransitionsScreen, Board, WindowTable),
        "month": (MonthScreen, Board, WindowTable),
        "chart": (ChartScreen, Board, WindowTable),
        "day": (DayScreen, Board, WindowTable),
        "directory": (DirectoryScreen, Board, WindowTable),
        "reconcile": (ReconcileScreen, Board, WalkTable),
        "import": (ImportScreen, Board, WindowTable),
        "form": (Form,),
        "search": (SearchScreen,),
        "help": (HelpScreen,),
        "page": (PlainPage,),
        "pick": (PickScreen,),
        "question": (Notice,),
    }


NEVER: Mapping[str, frozenset[str]] = {
    "enrollment": frozenset({"list.mark"}),
    "enrollment-report": frozenset({"list.mark"}),
    "referrals": frozenset({"list.mark"}),
    "referral-report": frozenset({"list.mark"}),
    "transitions": frozenset({"list.mark"}),
    "month": frozenset({"list.mark"}),
    "chart": frozenset({"list.mark"}),
    "day": frozenset({"list.mark"}),
    "directory": frozenset({"list.mark", "board.contact", "board.timer"}),
    "reconcile": frozenset({"list.mark", "list.up", "board.contact", "app.undo"}),
    "import": frozenset({"list.mark"}),
}
"""Keys of shared widgets that a screen never has: rows can be marked in lists of patients only."""


def make_opener(
    context: FormContext,
    reads: Callable[[bytes, str], Awaitable[None]],
    kept_record: Callable[[bytes], Awaitable[bytes]] | None = None,
) -> Opener:
    """Returns what opens every form of the program; `reads` logs that a form shows a patient's record, `kept_record`
    says into whose record a patient's was merged."""
    from cmp_tui.ui.opener import Opener
    from cmp_tui.ui.phrases import PhraseBook

    return Opener(context, FORMS, PhraseBook(context.reference.folder / "phrases.toml"), reads, kept_record)


def load_all() -> None:
    """Imports what opens later, so that its first opening does not wait for it."""
    key_groups()
    for room in FORM_ROOMS:
        import_module(f"cmp_tui.{room}")
