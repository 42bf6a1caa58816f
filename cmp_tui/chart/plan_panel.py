"""The chart's Plan: problems, their goals and what is done for them as one tree; progress by one key; versions."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from textual.content import Content

from cmp_tui.careplan.actions import record_progress, settle_intervention, solve_barrier
from cmp_tui.careplan.copy_queries import copy_text
from cmp_tui.careplan.goal_rules import ENDED, SAID_SIGNS
from cmp_tui.careplan.lines import (
    BarrierLine,
    GoalLine,
    InterventionLine,
    ProblemLine,
    VersionLine,
    WholePlan,
)
from cmp_tui.careplan.queries import version_contents, whole_plan
from cmp_tui.careplan.rules import OVER
from cmp_tui.chart.base_panel import Choice, Do, Loaded, Menu, Panel, Setting, Step, Whole
from cmp_tui.chart.plan_panel_columns import Drawer
from cmp_tui.chart.plan_panel_preview import Telling
from cmp_tui.chart.plan_panel_rows import Row, about_of, due_of, first_folds, foldable, title_of, tree
from cmp_tui.chart.plan_paper import plan_papers
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.ui.listing import day, text
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.preview import Line
from cmp_tui.ui.table_lines import Column
from cmp_tui.ui.words import day_words

ON_A_GOAL = "Put the cursor on a goal: + better, = the same, - worse, V a value or a note."
ADDS = (
    ("p", "problem", "condition"),
    ("g", "goal", "goal"),
    ("i", "step", "intervention"),
    ("b", "barrier", "barrier"),
    ("t", "from templates", "plan-templates"),
    ("m", "what matters", "plan-matters"),
    ("w", "warning signs", "plan-signs"),
)
"""The letters of the menu, their words, and their forms."""


class PlanPanel(Panel):
    """Problem, goal, steps: one tree."""

    name = "plan"
    title = "Plan"
    keys = frozenset(
        {
            "edit",
            "new",
            "strike",
            "versions",
            "done",
            "fold",
            "progress",
            "value",
            "state",
            "review",
            "approve",
        }
    )
    words = {"chart.edit": "", "chart.next": "", "board.timer": "", "chart.strike": "strike"}
    explained = (
        "The care plan as a tree: problem, goal, steps. n t begins it from templates; n m writes what matters to the "
        "patient. On a goal + says better, = the same, - worse, V a value or a note; c does it within a contact. R "
        "finishes a review: that makes a version. A records the practitioner's approval. p prints the copy and the "
        "summary, records who got them, and lists who has the plan; y copies it as text. The first line shows, beside "
        "the list, what the plan still lacks, with the keys that fill it. space shows a line whole."
    )
    open_word = "open"
    """Enter does what e does; how panels and timers are reached is the same everywhere, and the help says it."""

    def __init__(self) -> None:
        super().__init__()
        self._folded: frozenset[str] | None = None
        self._contents: dict[bytes, Mapping[str, Any]] = {}

    def begin(self) -> None:
        """Another patient: what was folded for the last one is forgotten."""
        super().begin()
        self._folded, self._contents = None, {}

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the plan."""
        self.patient, self._set = patient, setting
        self._whole = await live.ask(whole_plan, patient)
        # A version never changes: what was read of it stays.
        new = [one.id for one in self._whole.versions[:MOST_CONTENTS] if one.id not in self._contents]
        if new:
            self._contents |= await live.ask(version_contents, new)
        if self._folded is None:
            self._folded = first_folds(self._whole)
        self._draw = Drawer(setting, self._whole)
        self._tell = Telling(setting, self._whole, self._contents)
        return self._shown()

    def _shown(self) -> Loaded:
        whole = self._whole
        if whole.plan is None and not whole.problems and not whole.goals:
            return Loaded((), ())
        found = tree(whole, self._folded or ())
        return Loaded(found.rows, found.headings)

    def empty(self) -> Content:
        """What would stand here, and its keys."""
        return Content.assemble(
            "No plan and no chronic condition yet. ",
            ("n t", "$accent"),
            (" begins it from templates, ", "$dim"),
            ("n g", "$accent"),
            (" with a goal, ", "$dim"),
            ("n m", "$accent"),
            (" with what matters to the patient.", "$dim"),
        )

    def columns(self) -> Sequence[Column]:
        """What, its numbers, how it goes, until when."""
        return (
            Column("what", lambda row, state: self._draw.what(row, state), fraction=1, cells=text("what", title_of)),
            Column(
                "value", lambda row, state: self._draw.value(row), width=15,
                cells=(*text("kind", lambda row: row.kind), *text("numbers", lambda row: self._draw.value(row).plain)),
            ),
            Column(
                "progress", lambda row, state: self._draw.way(row), width=16,
                cells=text("progress", lambda row: self._draw.way(row).plain.strip()),
            ),
            Column("due", lambda row, state: self._draw.due(row), width=7, cells=day("due", due_of)),
        )  # fmt: skip

    def identity(self, row: Row) -> Hashable:
        """The key of what the row is about."""
        return row.kind, row.key

    def preview(self, row: Row) -> Sequence[Line]:
        """The plan with what it covers; a goal whole; a version as it was."""
        return self._tell.lines(row)

    def record_of(self, row: Row) -> tuple[str, bytes] | None:
        """The record behind a row."""
        line = row.line
        if isinstance(line, WholePlan):
            return None if line.plan is None else ("plan", line.plan.id)
        if isinstance(line, ProblemLine):
            return None if line.condition is None else ("condition", line.condition)
        tables = {"goal": "goal", "step": "intervention", "barrier": "barrier", "version": "plan_version"}
        return tables[row.kind], line.id

    def place_of(self, row: Row) -> str:
        """A goal, a step, a version by its key; the plan's own row by 'plan'."""
        return row.key

    # -- keys -------------------------------------------------------------------------------------------------

    def open(self, row: Row) -> Step:
        """A problem folds; a version is read whole; all else is changed."""
        if row.kind == "problem" and row.folded is not None:
            return self.fold(row)
        return Whole(row) if row.kind == "version" else self.edit(row)

    def edit(self, row: Row) -> Step:
        """Changes what the row is about."""
        line = row.line
        if isinstance(line, WholePlan):
            return OpenForm("plan-matters", self.patient)
        if isinstance(line, ProblemLine):
            if line.condition is None:
                return "This problem is written with its goals: change it there."
            return OpenForm("condition", self.patient, line.condition)
        if isinstance(line, VersionLine):
            return "A version never changes. A signs it a second time, enter shows it whole."
        names = {"goal": "goal", "step": "intervention", "barrier": "barrier"}
        return OpenForm(names[row.kind], self.patient, line.id)

    def add(self, row: Row | None) -> Step:
        """Adds something; a goal to the problem under the cursor, a step or a barrier to the goal."""
        about = about_of(row)
        choices = tuple(
            Choice(
                letter, words, OpenForm(form, self.patient, None, dict(about) if form in TAKES_ABOUT else {})
            )
            for letter, words, form in ADDS
        )
        return Menu("Add", choices)

    def strike(self, row: Row) -> Step:
        """Strikes out, with a reason."""
        line = row.line
        if isinstance(line, GoalLine | InterventionLine | BarrierLine):
            what = {"goal": "goal", "step": "intervention", "barrier": "barrier"}[row.kind]
            return OpenForm("plan-strike", self.patient, line.id, {"what": what, "words": title_of(row)})
        if isinstance(line, ProblemLine) and line.condition is not None and not line.goals:
            about = {"what": "condition", "words": line.words}
            return OpenForm("strike", self.patient, line.condition, about)
        if isinstance(line, ProblemLine):
            return "Its goals come first: each is ended (s) or struck out (x)."
        return "A version stays. u takes the review back that you have just finished."

    def fold(self, row: Row | None, everything: bool = False) -> Step:
        """Folds what hangs on the row, or shows it; from a row that holds nothing, what it hangs on."""
        folded = self._folded or frozenset()
        if everything:
            some = foldable(self._whole)
            self._folded = frozenset() if folded & some else some
            return self._shown()
        if row is None:
            return None
        key = row.key if row.folded is not None else row.under
        if not key:
            return "Nothing hangs on this line. F folds all."
        self._folded = folded ^ {key}
        shown = self._shown()
        return shown._replace(to=next((one for one in shown.rows if one.key == key), None))

    def progress(self, row: Row, sign: str) -> Step:
        """Says better, the same or worse of a goal, at once."""
        goal = self._goal_of(row)
        if goal is None:
            return ON_A_GOAL
        if goal.lifecycle in ENDED:
            return "This goal has ended. s takes it up again."
        code = SAID_SIGNS[sign]
        words = self._set.reference.label("goal_achievement", code)
        said = f"{goal.title}: {words}. V adds a value or a note, u takes it back."
        return Do(record_progress, (goal.id,), {"achievement": code}, lambda _: said)

    def value(self, row: Row) -> Step:
        """Records how a goal goes in a form: a value, a word, a note."""
        goal = self._goal_of(row)
        return ON_A_GOAL if goal is None else OpenForm("goal-progress", self.patient, goal.id)

    def state(self, row: Row) -> Step:
        """Sets the state of a goal or a step."""
        if isinstance(row.line, GoalLine):
            return OpenForm("goal-state", self.patient, row.line.id)
        if isinstance(row.line, InterventionLine):
            return OpenForm("step-state", self.patient, row.line.id)
        return "A goal or a step has a state."

    def done(self, row: Row) -> Step:
        """A step was done, a barrier is solved; a goal is set to completed in its form."""
        line = row.line
        if isinstance(line, InterventionLine):
            if line.status in OVER:
                return "This step is over. s takes it up again."
            today = self._set.today

            def said(step: InterventionLine) -> str:
                again = step.status not in OVER and step.due is not None
                when = f", again {day_words(step.due, today)}" if again and step.due else ""
                return f"Done: {line.title}{when}. u takes it back."

            return Do(settle_intervention, (line.id,), {"seen": line.version}, said)
        if isinstance(line, BarrierLine):
            words = "stands in the way again" if line.solved_on else "no longer in the way"
            title = title_of(row)
            return Do(solve_barrier, (line.id,), {"seen": line.version}, lambda _: f"{title}: {words}.")
        if isinstance(line, GoalLine):
            return OpenForm("goal-state", self.patient, line.id, {"lifecycle": "completed"})
        return "A step or a barrier is done; a goal is reached."

    copied = "patient's copy of the plan"

    def paper(self, row: Row | None) -> Step:
        """The plan on paper, and who has it."""
        return plan_papers(self._whole, self._set, self.papers())

    async def as_text(self, live: LiveClinic, row: Row) -> str | None:
        """The patient's copy, in the patient's language, from the plan's own row; elsewhere the row."""
        if not isinstance(row.line, WholePlan) or row.line.plan is None:
            return None
        return await live.ask(copy_text, self.patient)

    def review(self) -> Step:
        """Finishes a review: a version."""
        return OpenForm("plan-review", self.patient)

    def approve(self, row: Row | None) -> Step:
        """Records the second signature of the version under the cursor, or of the latest one."""
        versions = self._whole.versions
        line = (
            row.line if row is not None and isinstance(row.line, VersionLine) else next(iter(versions), None)
        )
        if line is None:
            return "There is no version yet: R finishes the review, then it is signed."
        if line.approved_on is not None:
            return f"Version {line.number} is approved already, by {line.approved_by or 'someone'}."
        return OpenForm("plan-approval", self.patient, line.id)

    def _goal_of(self, row: Row) -> GoalLine | None:
        """The goal under the cursor, or the one that the row hangs on."""
        if isinstance(row.line, GoalLine):
            return row.line
        return (
            self._whole.goal(bytes.fromhex(row.under))
            if row.kind in ("step", "barrier") and row.under
            else None
        )

    _whole: WholePlan
    _set: Setting
    _draw: Drawer
    _tell: Telling


MOST_CONTENTS = 24
"""Versions of which the content is read, the newest ones."""
TAKES_ABOUT = frozenset({"goal", "intervention", "barrier"})
