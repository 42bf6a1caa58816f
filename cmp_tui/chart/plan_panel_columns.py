"""How the rows of the chart's Plan are drawn in its list."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from cmp_tui.careplan.copy_actions import PATIENT
from cmp_tui.careplan.goal_rules import WORKED_ON
from cmp_tui.careplan.goal_words import (
    barrier_words,
    every_words,
    numbers_words,
    way_sign,
    way_style,
    whose_words,
)
from cmp_tui.careplan.holder_rules import holders
from cmp_tui.careplan.lines import (
    BarrierLine,
    GoalLine,
    InterventionLine,
    ProblemLine,
    VersionLine,
    WholePlan,
)
from cmp_tui.careplan.rules import OPEN_STEPS, OVER, is_habit, is_late
from cmp_tui.chart.base_panel import Setting
from cmp_tui.chart.plan_panel_rows import Row
from cmp_tui.ui.signs import ASCII
from cmp_tui.ui.table_lines import RowState
from cmp_tui.ui.words import MONTHS, day_words, due_words, fit, one_line, plural

INDENT = 2


class Drawer:
    """Draws rows in the words and signs of the clinic."""

    def __init__(self, setting: Setting, whole: WholePlan) -> None:
        self._set, self._whole = setting, whole
        plain = setting.signs == ASCII
        self.shut, self.open, self.arrow, self.same = (">", "v", "->", "=") if plain else ("▸", "▾", "→", "=")

    def what(self, row: Row, state: RowState) -> Content:
        """Its place in the tree, its sign, its words."""
        line, signs = row.line, self._set.signs
        lead = " " * (INDENT * row.depth)
        fold = "  " if row.folded is None else f"{self.shut if row.folded else self.open} "
        if isinstance(line, WholePlan):
            return self._plan(line, state)
        room = state.width - len(lead) - len(fold)
        if isinstance(line, ProblemLine):
            words = fit(line.words or "Without a problem", room, signs.more)
            return Content.assemble((f"{lead}{fold}", "$accent"), (words, "bold"))
        if isinstance(line, GoalLine):
            style = state.name_style(False) if line.lifecycle in WORKED_ON else "$dim"
            return Content.assemble((f"{lead}{fold}", "$accent"), (fit(line.title, room, signs.more), style))
        if isinstance(line, VersionLine):
            by = f"  {line.signed_as}" if line.signed_as else ""
            return Content.assemble(f"{lead}Version {line.number}", (by, "$dim"))
        if isinstance(line, BarrierLine):
            sign, style = (signs.done, "$dim") if line.solved_on else ("!", "$amber")
            words, over = barrier_words(line, self._set.reference), line.solved_on is not None
        else:
            sign, style = self._step_sign(line, self._is_late(line))
            words, over = line.title, line.status in OVER
        words = fit(words, room, signs.more)
        return Content.assemble(lead, (f"{sign} ", style), (words, "$dim" if over else ""))

    def value(self, row: Row) -> Content:
        """Numbers of a goal, whose a step is, who approved a version."""
        line = row.line
        if isinstance(line, WholePlan):
            filled = sum(1 for one in line.elements if one.filled)
            return Content.styled(f"covers {filled} of {len(line.elements)}", "$dim")
        if isinstance(line, ProblemLine):
            return Content.styled(line.code or "", "$dim")
        if isinstance(line, GoalLine):
            return Content(numbers_words(line, self.arrow))
        if isinstance(line, InterventionLine):
            return Content.styled(whose_words(line, self._set.reference), "$dim")
        if isinstance(line, VersionLine):
            return Content.styled(day_words(line.date, self._set.today), "$dim")
        return Content("")

    def way(self, row: Row) -> Content:
        """How a goal goes; the state of a step; whether the plan is finished."""
        line, signs, label = row.line, self._set.signs, self._set.reference.label
        if isinstance(line, WholePlan):
            return self._state(line)
        if isinstance(line, ProblemLine):
            if not line.goals:
                return Content.assemble(("no goal: ", "$dim"), ("n g", "$accent"))
            return Content.styled(plural(len(line.goals), "goal"), "$dim") if row.folded else Content("")
        if isinstance(line, GoalLine):
            if line.lifecycle not in WORKED_ON:
                return Content.styled(f"  {label('goal_lifecycle', line.lifecycle)}", "$dim")
            code = line.standing.code
            sign = way_sign(code, signs.up, signs.down, signs.done, self.same)
            return Content.styled(f"{sign} {label('goal_achievement', code)}", way_style(code))
        if isinstance(line, BarrierLine):
            return Content.styled("  solved", "$dim") if line.solved_on else Content("")
        if isinstance(line, VersionLine):
            if line.approved_on is None:
                return Content.assemble(("approve: ", "$amber"), ("A", "$accent"))
            return Content.styled(f"{signs.done} {line.approved_by or 'approved'}", "$dim")
        every = every_words(line.every)
        if line.status == "not-started" or (line.status == "in-progress" and every):
            return Content.styled(f"  {every}", "$dim")
        return Content.styled(f"  {label('intervention_status', line.status)}", "$dim")

    def due(self, row: Row) -> Content:
        """Until when."""
        line, today = row.line, self._set.today
        if isinstance(line, WholePlan):
            if line.review_due is None:
                return Content("")
            words = due_words(line.review_due, today)
            return Content.styled(words, "$coral" if words == "overdue" else "$dim")
        if isinstance(line, GoalLine):
            if line.due is None or line.lifecycle not in WORKED_ON:
                return Content("")
            words = due_words(line.due, today)
            return Content.styled(words, "$coral" if words == "overdue" else "$dim")
        if isinstance(line, InterventionLine):
            if line.status in OVER:
                return Content.styled(_short(line.done_on), "$dim")
            if line.due is None or is_habit(line.responsible, line.every):
                return Content("")
            words = due_words(line.due, today)
            style = "$coral" if self._is_late(line) else "$amber" if words == "today" else "$dim"
            return Content.styled(words, style)
        return Content("")

    def _plan(self, whole: WholePlan, state: RowState) -> Content:
        plan = whole.plan
        if plan is not None and plan.matters:
            return Content.assemble(
                ("matters  ", "$dim"), (f"“{one_line(plan.matters)}”", state.name_style(False))
            )
        return Content.assemble(("what matters to the patient: ", "$dim"), ("n m", "$accent"))

    def _state(self, whole: WholePlan) -> Content:
        if not whole.goals and not whole.versions:
            return Content.assemble(("begin: ", "$amber"), ("n t", "$accent"))
        if whole.plan is None or (whole.plan.is_draft and not whole.versions):
            return Content.assemble(("draft: ", "$amber"), ("R", "$accent"))
        if any(one.kind == PATIENT and one.current is False for one in holders(whole)):
            return Content.assemble(("copy old: ", "$amber"), ("p p", "$accent"))
        if whole.review_due is not None and whole.review_due < self._set.today:
            return Content.assemble(("review: ", "$coral"), ("R", "$accent"))
        if whole.versions and whole.versions[0].approved_on is None:
            return Content.assemble(("approve: ", "$amber"), ("A", "$accent"))
        if whole.versions:
            return Content.styled(f"  version {whole.versions[0].number}", "$dim")
        return Content.styled("  made", "$dim")

    def _is_late(self, line: InterventionLine) -> bool:
        return is_late(line.status, line.due, self._set.today, line.responsible, line.every)

    def _step_sign(self, line: InterventionLine, late: bool) -> tuple[str, str]:
        signs = self._set.signs
        if line.status == "completed":
            return signs.done, "$dim"
        if late:
            return signs.overdue, "$coral"
        if (
            line.status in OPEN_STEPS
            and line.due == self._set.today
            and not is_habit(line.responsible, line.every)
        ):
            return signs.today, "$amber"
        return (signs.later, "$dim") if line.status in OPEN_STEPS else (signs.dot, "$dim")


def _short(day: date | None) -> str:
    """'4 Mar': when something was done."""
    return "" if day is None else f"{day.day} {MONTHS[day.month - 1]}"
