"""The panels of the chart, in their order. A room that joins adds one line."""

from __future__ import annotations

from cmp_tui.chart.assessments_panel import AssessmentsPanel
from cmp_tui.chart.base_panel import Panel
from cmp_tui.chart.calls_panel import CallsPanel
from cmp_tui.chart.education_panel import EducationPanel
from cmp_tui.chart.history_panel import HistoryPanel
from cmp_tui.chart.medications_panel import MedicationsPanel
from cmp_tui.chart.plan_panel import PlanPanel
from cmp_tui.chart.referrals_panel import ReferralsPanel
from cmp_tui.chart.summary_panel import SummaryPanel
from cmp_tui.chart.tasks_panel import TasksPanel
from cmp_tui.chart.transitions_panel import TransitionsPanel

PANELS: tuple[type[Panel], ...] = (
    SummaryPanel, PlanPanel, CallsPanel, ReferralsPanel, MedicationsPanel, TransitionsPanel, AssessmentsPanel,
    EducationPanel, TasksPanel, HistoryPanel,
)  # fmt: skip
