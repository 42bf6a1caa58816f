"""The panels of the chart, in their order. A room that joins adds one line."""

from __future__ import annotations

from cmp_tui.chart.assessments_panel import AssessmentsPanel
from cmp_tui.chart.base_panel import Panel
from cmp_tui.chart.calls_panel import CallsPanel
from cmp_tui.chart.education_panel import EducationPanel
from cmp_tui.chart.history_panel import HistoryPanel
from cmp_tui.chart.plan_panel import PlanPanel
from cmp_tui.chart.summary_panel import SummaryPanel
from cmp_tui.chart.tasks_panel import TasksPanel

PANELS: tuple[type[Panel], ...] = (
    SummaryPanel, PlanPanel, CallsPanel, AssessmentsPanel, EducationPanel, TasksPanel, HistoryPanel,
)  # fmt: skip
LATER = "Referrals, Medicines, Transitions come later"
"""What stands behind the panels until its rooms are there."""
