"""What stands beside the list of the chart's Plan: the plan and what it covers, a goal whole, a version as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from cmp_tui.careplan import goal_chart
from cmp_tui.careplan.goal_chart import chart_lines
from cmp_tui.careplan.goal_rules import value_words
from cmp_tui.careplan.goal_words import (
    aim_words,
    barrier_words,
    days_to,
    every_words,
    way_sign,
    way_style,
    whose_words,
)
from cmp_tui.careplan.lines import (
    BarrierLine,
    GoalLine,
    InterventionLine,
    ProblemLine,
    ProgressLine,
    WholePlan,
)
from cmp_tui.careplan.rules import OVER
from cmp_tui.careplan.scale_rules import step_words
from cmp_tui.careplan.version_rules import WORDS as TEXTS
from cmp_tui.chart.base_panel import Setting
from cmp_tui.chart.plan_panel_past import texts_lines, version_lines
from cmp_tui.chart.plan_panel_rows import Row
from cmp_tui.chart.plan_paper import holder_lines
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.signs import ASCII
from cmp_tui.ui.words import day_words

ACROSS = 37
"""Columns of a picture of values: those of the preview beside the list."""
MOST_SAID = 12
WIDEST_ELEMENT = 21
MOST_CHANGES = 8


class Telling:
    """Tells rows whole, in the words and signs of the clinic."""

    def __init__(
        self,
        setting: Setting,
        whole: WholePlan,
        contents: Mapping[bytes, Mapping[str, Any]],
    ) -> None:
        self._set, self._whole, self._contents = setting, whole, contents
        self._label = setting.reference.label
        self._plain = setting.signs == ASCII

    def lines(self, row: Row) -> Sequence[Line]:
        """The row whole."""
        line = row.line
        if isinstance(line, WholePlan):
            return self._plan(line)
        if isinstance(line, ProblemLine):
            return self._problem(line)
        if isinstance(line, GoalLine):
            return self._goal(line)
        if isinstance(line, InterventionLine):
            return self._step(line)
        if isinstance(line, BarrierLine):
            return self._barrier(line)
        return version_lines(line, self._contents.get(line.id), self._set)

    # -- the plan ---------------------------------------------------------------------------------------------

    def _plan(self, whole: WholePlan) -> list[Line]:
        plan, signs = whole.plan, self._set.signs
        filled = sum(1 for one in whole.elements if one.filled)
        covers = f"   covers {filled} of {len(whole.elements)} typical parts"
        lines = [Line(None, Content.assemble(("Plan", "bold"), (covers, "$dim")))]
        # What is empty comes first: a low terminal shows a few lines only.
        for one in sorted(whole.elements, key=lambda one: one.filled):
            sign = (signs.done, "$accent") if one.filled else (signs.later, "$amber")
            words = (one.says, "$dim") if one.filled else (one.fills, "$accent")
            lines.append(Line(None, Content.assemble(sign, f" {one.words:<{WIDEST_ELEMENT}}", words)))
        lines.append(GAP)
        if plan is not None and plan.matters:
            lines.append(Line("Matters", f"“{plan.matters}”"))
        lines.append(Line("Made", self._made(whole)))
        if whole.review_due is not None:
            lines.append(Line("Review", f"{day_words(whole.review_due, self._set.today)}"))
        lines += holder_lines(whole, self._set)
        if whole.score is not None:
            lines.append(Line("Own scale", f"T score {whole.score:.1f} (50 is what was expected)"))
        changes = whole.changes
        if changes:
            lines += [GAP, Line(None, Content.styled(f"Since version {whole.versions[0].number}", "$dim"))]
            lines += [Line(None, f"{signs.dot} {words}") for words in changes[:MOST_CHANGES]]
            if len(changes) > MOST_CHANGES:
                lines.append(Line(None, Content.styled(f"and {len(changes) - MOST_CHANGES} more", "$dim")))
        if plan is not None:
            lines += texts_lines(
                {name: getattr(plan, name) for name in TEXTS if name != "matters"}, plan.signs
            )
        return lines

    def _made(self, whole: WholePlan) -> Content:
        plan = whole.plan
        if plan is None or (plan.made_on is None and not whole.versions):
            return Content.assemble(
                ("not finished: ", "$dim"), ("R", "$accent"), (" makes version 1", "$dim")
            )
        by = self._set.practitioner(plan.made_by)
        made = day_words(plan.made_on, self._set.today) if plan.made_on else "on a day not known"
        words = made + (f" by {by}" if by else "")
        if plan.reviewed_on is not None:
            words += f"; reviewed {day_words(plan.reviewed_on, self._set.today)}"
        return Content(words)

    # -- a problem, a goal ------------------------------------------------------------------------------------

    def _problem(self, line: ProblemLine) -> list[Line]:
        code = Content.styled(f"   {line.code}", "$dim") if line.code else Content("")
        lines = [Line(None, Content.assemble((line.words or "Without a problem", "bold"), code)), GAP]
        if not line.goals:
            keys = Content.assemble(
                ("no goal yet: ", "$dim"),
                ("n g", "$accent"),
                (", from a template ", "$dim"),
                ("n t", "$accent"),
            )
            return [*lines, Line(None, keys)]
        for goal in line.goals:
            lines += [Line(None, goal.title), Line(None, Content.assemble("  ", self._way(goal)))]
        return lines

    def _goal(self, goal: GoalLine) -> list[Line]:
        today, reference = self._set.today, self._set.reference
        lines = [Line(None, Content.styled(goal.title, "bold"))]
        if goal.own_words:
            lines.append(Line(None, Content.styled(f"“{goal.own_words}”", "italic")))
        lines.append(GAP)
        aim = aim_words(goal, reference)
        by = f"by {day_words(goal.due, today)}, {days_to(goal.due, today)}" if goal.due else ""
        lines.append(Line("Target", aim or Content.assemble(("no measure: ", "$dim"), ("e", "$accent"))))
        if by:
            lines.append(Line("" if aim else "Until", by))
        elif goal.target is not None:
            lines.append(Line("", Content.assemble(("no day yet: ", "$dim"), ("e", "$accent"))))
        if goal.baseline is not None:
            start = f", {day_words(goal.start, today)}" if goal.start else ""
            lines.append(Line("At first", f"{value_words(goal.baseline, None, goal.counted)}{start}"))
        if goal.points:
            last = goal.points[-1]
            words = value_words(last.value, last.second, goal.counted)
            lines.append(Line("Last", f"{words}, {day_words(last.date, today)}"))
        elif goal.measured:
            lines.append(Line("Last", Content.assemble(("no value yet: ", "$dim"), ("V", "$accent"))))
        lines.append(Line("Going", self._way(goal)))
        who = self._who_says(goal)
        if who:
            lines.append(Line("", Content.styled(who, "$dim")))
        lines += self._picture(goal)
        lines += self._feelings(goal)
        if goal.barriers:
            lines += [GAP, Line(None, Content.styled("In the way", "$dim"))]
            lines += [self._in_way(one) for one in goal.barriers]
        if goal.interventions:
            lines += [GAP, Line(None, Content.styled("Steps", "$dim"))]
            lines += [self._in_steps(one) for one in goal.interventions]
        if goal.progress:
            lines += [GAP, Line(None, Content.styled("What was said", "$dim"))]
            lines += [one for said in goal.progress[:MOST_SAID] for one in self._said(said, goal)]
        return lines

    def _way(self, goal: GoalLine) -> Content:
        signs, code = self._set.signs, goal.standing.code
        if goal.lifecycle in ("completed", "cancelled", "rejected"):
            why = f": {goal.ended_why}" if goal.ended_why else ""
            return Content(f"{self._label('goal_lifecycle', goal.lifecycle)}{why}")
        sign = way_sign(code, signs.up, signs.down, signs.done, "=")
        state = (
            ""
            if goal.lifecycle == "active"
            else f" {signs.dot} {self._label('goal_lifecycle', goal.lifecycle)}"
        )
        return Content.assemble(
            (f"{sign} {self._label('goal_achievement', code)}".strip(), way_style(code)), (state, "$dim")
        )

    def _who_says(self, goal: GoalLine) -> str:
        if goal.standing.on is None:
            return ""
        when = day_words(goal.standing.on, self._set.today)
        return f"by its values, {when}" if goal.standing.by == "values" else f"as was said {when}"

    def _picture(self, goal: GoalLine) -> list[Line]:
        if len(goal.points) < 2:
            return []
        today = self._set.today
        pens = goal_chart.ASCII if self._plain else goal_chart.UNICODE
        ends = (day_words(goal.points[0].date, today), day_words(goal.points[-1].date, today))
        drawn = chart_lines(goal.points, goal.target, goal.target2, pens, ACROSS, ends)
        return [GAP, *(Line(None, Content.assemble(*parts)) for parts in drawn)]

    def _feelings(self, goal: GoalLine) -> list[Line]:
        lines = []
        parts = [
            f"{name} {value}"
            for name, value in (("importance", goal.importance), ("confidence", goal.confidence))
            if value is not None
        ]
        if parts:
            lines.append(Line("Patient", f"{', '.join(parts)} of 10"))
        if goal.responsible:
            lines.append(Line("Whose", self._label("responsible", goal.responsible)))
        if goal.weight is not None:
            step = "not rated yet" if goal.scale is None else step_words(goal.steps, goal.scale)
            lines.append(Line("Own scale", f"{step}, weight {goal.weight}"))
        if goal.review_on is not None:
            late = goal.review_on < self._set.today
            words = day_words(goal.review_on, self._set.today)
            lines.append(Line("Look again", Content.styled(words, "$coral" if late else "")))
        return [GAP, *lines] if lines else []

    def _said(self, said: ProgressLine, goal: GoalLine) -> list[Line]:
        parts = []
        if said.value is not None:
            parts.append(value_words(said.value, said.second, goal.counted))
        if said.achievement is not None:
            parts.append(self._label("goal_achievement", said.achievement))
        if said.scale is not None:
            parts.append(f"scale {step_words(goal.steps, said.scale)}")
        words = ", ".join(parts)
        if said.note:
            words = f"{words}: {said.note}" if words else said.note
        who = f"  {said.told_name}" if said.told_name else ""
        return [Line(day_words(said.date, self._set.today), Content.assemble(words, (who, "$dim")))]

    def _in_way(self, one: BarrierLine) -> Line:
        words = barrier_words(one, self._set.reference)
        if one.solved_on is not None:
            return Line(None, Content.styled(f"{self._set.signs.done} {words}, solved", "$dim"))
        return Line(None, Content.assemble(("! ", "$amber"), words))

    def _in_steps(self, one: InterventionLine) -> Line:
        over = one.status in OVER
        sign = self._set.signs.done if one.status == "completed" else self._set.signs.later
        about = [whose_words(one, self._set.reference), every_words(one.every)]
        if over:
            about.append(self._label("intervention_status", one.status))
        words = f"  {', '.join(part for part in about if part)}"
        return Line(
            None, Content.assemble((f"{sign} ", "$dim"), (one.title, "$dim" if over else ""), (words, "$dim"))
        )

    # -- a step, a barrier, a version -------------------------------------------------------------------------

    def _step(self, one: InterventionLine) -> list[Line]:
        today = self._set.today
        lines = [Line(None, Content.styled(one.title, "bold")), GAP]
        lines.append(Line("Whose", whose_words(one, self._set.reference)))
        lines.append(Line("State", self._label("intervention_status", one.status)))
        if one.every:
            lines.append(Line("Again", every_words(one.every)))
        if one.due is not None and one.status not in OVER:
            lines.append(Line("Due", f"{day_words(one.due, today)}, {days_to(one.due, today)}"))
        if one.done_on is not None:
            lines.append(Line("Last done", day_words(one.done_on, today)))
        lines += self._for(one.goal)
        if one.remarks:
            lines += [GAP, Line(None, one.remarks)]
        return lines

    def _barrier(self, one: BarrierLine) -> list[Line]:
        lines = [Line(None, Content.styled(barrier_words(one, self._set.reference), "bold")), GAP]
        if one.solved_on is not None:
            lines.append(Line("Solved", day_words(one.solved_on, self._set.today)))
        return [*lines, *self._for(one.goal)]

    def _for(self, goal: bytes | None) -> list[Line]:
        found = None if goal is None else self._whole.goal(goal)
        return [Line("For", found.title if found is not None else "the whole plan")]
