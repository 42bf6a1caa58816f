"""Which screens and forms there are: one line a room. Screens are imported when they are first shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen

from cmp_tui.caseload.screen import CaseloadScreen
from cmp_tui.chart.forms import FORMS as CHART_FORMS
from cmp_tui.chart.screen import ChartScreen
from cmp_tui.contacts.forms import FORMS as CONTACT_FORMS
from cmp_tui.contacts.screen import DayScreen
from cmp_tui.desk.forms import FORMS as DESK_FORMS
from cmp_tui.enrollment.forms import FORMS as ENROLLMENT_FORMS
from cmp_tui.patients.forms import FORMS as PATIENT_FORMS
from cmp_tui.patients.panel_forms import FORMS as PANEL_FORMS
from cmp_tui.queue.forms import FORMS as QUEUE_FORMS
from cmp_tui.queue.screen import TodayScreen
from cmp_tui.tasks.forms import FORMS as TASK_FORMS
from cmp_tui.ui.board import Board
from cmp_tui.ui.form import Form
from cmp_tui.ui.help import HelpScreen
from cmp_tui.ui.makers import FormContext, FormMaker
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.opener import Opener
from cmp_tui.ui.phrases import PhraseBook
from cmp_tui.ui.search import SearchScreen
from cmp_tui.ui.table import WindowTable

MODES: Mapping[str, Callable[[], Screen[Any]]] = {
    "today": TodayScreen,
    "caseload": CaseloadScreen,
    "chart": ChartScreen,
    "day": DayScreen,
}
FORMS: Mapping[str, FormMaker] = {
    **PATIENT_FORMS,
    **PANEL_FORMS,
    **ENROLLMENT_FORMS,
    **TASK_FORMS,
    **CONTACT_FORMS,
    **CHART_FORMS,
    **DESK_FORMS,
    **QUEUE_FORMS,
}
KEY_GROUPS: Mapping[str, tuple[type[DOMNode], ...]] = {
    "today": (TodayScreen, Board, WindowTable),
    "caseload": (CaseloadScreen, Board, WindowTable),
    "chart": (ChartScreen, Board, WindowTable),
    "day": (DayScreen, Board, WindowTable),
    "form": (Form,),
    "search": (SearchScreen,),
    "help": (HelpScreen,),
    "question": (Notice,),
}
"""The classes whose keys work together, for each screen; the app's own keys are added to each."""
NEVER: Mapping[str, frozenset[str]] = {
    "chart": frozenset({"list.mark"}),
    "day": frozenset({"list.mark"}),
}
"""Keys of shared widgets that a screen never has: rows can be marked in lists of patients only."""


def make_opener(context: FormContext, reads: Callable[[bytes, str], Awaitable[None]]) -> Opener:
    """Returns what opens every form of the program; `reads` logs that a form shows a patient's record."""
    folder = context.reference.folder
    return Opener(context, FORMS, PhraseBook(folder / "phrases.toml"), reads)
