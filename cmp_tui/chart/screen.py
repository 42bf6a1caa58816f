"""The chart: one patient on one screen, in panels; what its keys do."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from cmp_tui.chart.assessments_panel import AssessmentsPanel
from cmp_tui.chart.base_panel import Do, Loaded, PickOne, Step, Whole
from cmp_tui.chart.board import WHOLE, ChartBoard
from cmp_tui.chart.calls_panel import CallsPanel
from cmp_tui.chart.changes import Sayer
from cmp_tui.chart.education_panel import EducationPanel
from cmp_tui.chart.head import PanelTabs
from cmp_tui.chart.history import MODELS
from cmp_tui.chart.history_panel import HistoryPanel
from cmp_tui.chart.medications_panel import MedicationsPanel
from cmp_tui.chart.menu import KeyMenu
from cmp_tui.chart.plan_panel import PlanPanel
from cmp_tui.chart.referrals_panel import ReferralsPanel
from cmp_tui.chart.summary_panel import SummaryPanel
from cmp_tui.chart.tasks_panel import TasksPanel
from cmp_tui.chart.transitions_panel import TransitionsPanel
from cmp_tui.chart.versions import version_lines
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.history import versions_of
from cmp_tui.clinic.staff import staff_list
from cmp_tui.ui.keys import key
from cmp_tui.ui.messages import OpenBoard, OpenForm, SomethingSaved
from cmp_tui.ui.picker import PickScreen
from cmp_tui.ui.preview import Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.words import plural

OF_PANELS = frozenset(
    {
        "edit", "new", "strike", "versions", "time", "minutes", "take_break", "snooze", "done",
        "hand_over", "undo_one", "looks", "plan_then", "fold", "progress", "value", "state", "review", "approve",
    }
)  # fmt: skip
"""Actions that only some panels have (Panel.keys)."""
DOES = (TasksPanel, PlanPanel, ReferralsPanel, SummaryPanel, TransitionsPanel, MedicationsPanel)
"""Panels on whose lines something is done."""
OF_A_ROW = frozenset(
    {
        "edit", "strike", "versions", "snooze", "done", "hand_over", "undo_one", "plan_then", "progress", "value",
        "state",
    }
)  # fmt: skip
"""Actions about the line under the cursor."""


class ChartScreen(ChartBoard):
    """A patient's chart: Summary, Calls & time, Tasks, History. The patient stands above every panel."""

    TITLE = "Chart"
    HELP = (
        "One patient. Left and right go to the other panels. enter or e changes the line under the cursor, n adds, "
        "x strikes out with a reason, o shows older versions; u undoes what you did last."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        key("chart.next", "right_square_bracket,right", "panel(1)", "panels"),
        key("chart.previous", "left_square_bracket,left", "panel(-1)", "panel before", show=False),
        key("chart.new", "n", "new", "add"),
        key("chart.better", "plus", "progress('+')", "= - progress"),
        key("chart.same", "equals_sign", "progress('=')", "the same", show=False),
        key("chart.worse", "minus", "progress('-')", "worse", show=False),
        key("chart.value", "V", "value", "value"),
        key("chart.edit", "e", "edit", "edit"),
        key("chart.time", "a", "time", "add time"),
        key("chart.minutes", "m", "minutes", "minutes"),
        key("chart.break", "b", "take_break", "break"),
        key("chart.snooze", "z", "snooze", "snooze"),
        key("chart.done", "d", "done", "done"),
        key("chart.review", "R", "review", "review"),
        key("chart.state", "s", "state", "state"),
        key("chart.hand", "h", "hand_over", "hand over"),
        key("chart.plan_then", "P", "plan_then", "plan then"),
        key("chart.undo_one", "v", "undo_one", "undo this"),
        key("chart.looks", "l", "looks", "who looked"),
        key("chart.strike", "x,delete", "strike", "strike out"),
        key("chart.fold", "f", "fold", "fold"),
        key("chart.fold_all", "F", "fold(True)", "fold all", show=False),
        key("chart.approve", "A", "approve", "approve"),
        key("chart.consent", "C", "consent", "consent"),
        key("chart.paper", "p", "paper", "print"),
        key("chart.merge", "M", "merge", "merge with another", show=False),
        key("chart.versions", "o", "versions", "older versions", show=False),
    ]

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Opens the row: its form, or the row whole."""
        if event.row is not self.row:
            return
        if "list.open" in self.panel.words:
            self._show_whole(event.row)
        else:
            self._take(self.panel.open(event.row))

    def on_panel_tabs_chosen(self, event: PanelTabs.Chosen) -> None:
        """A click on a panel's title."""
        self.action_panel(event.place - self._at)

    def on_key_menu_chosen(self, event: KeyMenu.Chosen) -> None:
        """A letter of the menu."""
        self._take(event.choice.form)

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each panel has its own keys."""
        if action in OF_PANELS and (self._patient is None or action not in self.panel.keys):
            return False
        if action in OF_A_ROW and self.row is None:
            return False
        return super().check_action(action, parameters)

    def key_word(self, binding_id: str) -> str | None:
        """What a key is called on the open panel."""
        return self.panel.words.get(binding_id)

    def action_panel(self, by: int) -> None:
        """Opens the panel before or after; after the last comes the first."""
        if by:
            self._leave_whole()
            self._open((self._at + by) % len(self._panels))
            self.run_worker(self._read(), group="chart", exclusive=True)

    def action_new(self) -> None:
        """Adds something."""
        self._take(self.panel.add(self.row))

    def action_edit(self) -> None:
        """Changes the line under the cursor."""
        self._take(self.panel.edit(self.row))

    def action_strike(self) -> None:
        """Strikes the line's record out, with a reason."""
        self._take(self.panel.strike(self.row))

    def action_consent(self) -> None:
        """Records a consent."""
        self._take(OpenForm("consent", self._patient))

    def action_paper(self) -> None:
        """Prints the consent under the cursor, or asks what to print."""
        self._take(self.panel.paper(self.row))

    def action_copy_preview(self) -> None:
        """Copies the line as plain text: a consent as its paper reads, anything else as the preview shows it."""
        self.run_worker(self._copy(), group="copy", exclusive=True)

    async def _copy(self) -> None:
        try:
            text = None if self.row is None else await self.panel.as_text(self.cmp.live, self.row)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        if text is None:
            super().action_copy_preview()
            return
        self.app.copy_to_clipboard(text)
        self.say(
            f"Copied the {self.panel.copied}, {plural(len(text.splitlines()), 'line')}, to the terminal's clipboard.",
            "done",
        )

    def action_merge(self) -> None:
        """Merges the patient's record with another one of the same person."""
        self._take(OpenForm("merge-with", self._patient))

    def action_time(self) -> None:
        """Adds time without a contact; on the assessments opens the comprehensive one, on education makes a class,
        on the medicines says how one is taken."""
        if isinstance(self.panel, AssessmentsPanel):
            self._take(self.panel.whole())
            return
        if isinstance(self.panel, EducationPanel):
            self._take(self.panel.gather(self.row))
            return
        if isinstance(self.panel, MedicationsPanel):
            self._take(self.panel.taking(self.row))
            return
        self._take(OpenForm("time", self._patient, None, {"activity": "records-review"}))

    def action_minutes(self) -> None:
        """Changes the minutes of the line."""
        if isinstance(self.panel, CallsPanel) and self.row is not None:
            self._take(self.panel.minutes(self.row))

    def action_take_break(self) -> None:
        """Takes a break out of the line's time."""
        if isinstance(self.panel, CallsPanel) and self.row is not None:
            self._take(self.panel.take_break(self.row))

    def action_snooze(self) -> None:
        """Puts the task off, asking about a referral, or the clock of a stay."""
        if isinstance(self.panel, TasksPanel | ReferralsPanel | TransitionsPanel):
            self._take(self.panel.snooze(self.row))

    def action_done(self) -> None:
        """Settles the task, a step of the plan, an appointment, a clock of a stay; stops a medicine."""
        if isinstance(self.panel, DOES):
            self._take(self.panel.done(self.row))

    def action_progress(self, sign: str) -> None:
        """Says that the goal goes better, the same or worse; = that the medicine is taken as ordered."""
        if isinstance(self.panel, PlanPanel | MedicationsPanel):
            self._take(self.panel.progress(self.row, sign))

    def action_value(self) -> None:
        """Records a value of the goal, or a note."""
        if isinstance(self.panel, PlanPanel):
            self._take(self.panel.value(self.row))

    def action_state(self) -> None:
        """Sets the state of the goal or of the step."""
        if isinstance(self.panel, PlanPanel):
            self._take(self.panel.state(self.row))

    def action_fold(self, everything: bool = False) -> None:
        """Folds what hangs on the line, or everything."""
        if isinstance(self.panel, PlanPanel):
            self._take(self.panel.fold(self.row, everything))

    def action_review(self) -> None:
        """Finishes a review of the plan; puts another list of medicines beside ours."""
        if isinstance(self.panel, PlanPanel | MedicationsPanel):
            self._take(self.panel.review())

    def action_approve(self) -> None:
        """Records the practitioner's approval of the plan."""
        if isinstance(self.panel, PlanPanel):
            self._take(self.panel.approve(self.row))

    def action_hand_over(self) -> None:
        """Hands the task to someone else; holds a medicine."""
        if isinstance(self.panel, TasksPanel):
            self._take(self.panel.hand_over(self.row))
        elif isinstance(self.panel, MedicationsPanel):
            self._take(self.panel.hold(self.row))

    def action_looks(self) -> None:
        """Shows who looked at the chart, or the changes again."""
        if isinstance(self.panel, HistoryPanel):
            self.panel.looking = not self.panel.looking
            self.run_worker(self._read(), group="chart", exclusive=True)

    def action_plan_then(self) -> None:
        """Shows the care plan as it stood after the change under the cursor."""
        self.run_worker(self._plan_then(), group="preview", exclusive=True)

    async def _plan_then(self) -> None:
        if not isinstance(self.panel, HistoryPanel) or self.row is None:
            return
        try:
            found = await self.panel.plan_then(self.cmp.live, self.row)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        if isinstance(found, str):
            self.say(found, "soon")
        else:
            self._show_whole(found)

    def action_undo_one(self) -> None:
        """Takes back the change under the cursor, when it is one's own."""
        self.run_worker(self._undo_one(), group="undo", exclusive=True)

    def action_versions(self) -> None:
        """Shows the older versions of the line's record."""
        self.run_worker(self._versions(), group="preview", exclusive=True)

    def action_preview(self) -> None:
        """On a narrow terminal the preview, then the row whole, then the list alone; on a wide one the row whole."""
        if self.has_class(WHOLE):
            self._leave_whole()
            self.remove_class("-preview")
        elif self.row is not None and (self.has_class("-wide") or self.has_class("-preview")):
            self._show_whole(self.row)
        else:
            super().action_preview()

    def action_back(self) -> None:
        """First out of the row that is shown whole, then back to the list that one came from."""
        if self.has_class(WHOLE):
            self._leave_whole()
        else:
            super().action_back()

    def _take(self, step: Step) -> None:
        if isinstance(step, OpenForm | OpenBoard):
            self._leave_whole()
            self.post_message(step)
        elif isinstance(step, str):
            self.say(step, "soon")
        elif isinstance(step, Do):
            self.run_worker(self._do(step), group="write", exclusive=True)
        elif isinstance(step, Whole):
            self._show_whole(step.row)
        elif isinstance(step, Loaded):
            self.run_worker(self._show_rows(step), group="chart", exclusive=True)
        elif isinstance(step, PickOne):
            self.run_worker(self._pick(step, self.cmp.keyboard.hold()), group="forms")
        elif step is not None:
            self.query_one(KeyMenu).ask(step)

    async def _pick(self, step: PickOne, ready: Callable[[], None]) -> None:
        """Asks for one of a list, and goes where it leads."""
        title = Content.styled(f" {step.words}", "bold")
        try:
            screen = PickScreen(title, step.picks, "", self.cmp.signs, ready)
            picked = await self.cmp.push_screen_wait(screen)
        finally:
            ready()
        if picked is not None:
            self._take(step.then(picked))

    async def _do(self, step: Do) -> None:
        """Writes at once, and says so."""
        try:
            result = await self.cmp.live.do(step.action, *step.args, **step.more)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self.say(step.said(result), "done")
        self.post_message(SomethingSaved())

    async def _versions(self) -> None:
        row = self.row
        found = None if row is None else self.panel.record_of(row)
        if found is None:
            self.say("There is no record behind this line yet.", "plain")
            return
        table, record = found
        live = self.cmp.live
        versions = await live.ask(versions_of, MODELS[table], record)
        staff = {one.id: one.name for one in await live.ask(staff_list, everyone=True)}
        say = Sayer(live.clinic.reference, self.cmp.settings.zone, self.cmp.today(), staff, {})
        self.query_one(Preview).show(version_lines(table, versions, say))
        if not self.has_class("-wide"):
            self.add_class("-preview")

    async def _undo_one(self) -> None:
        panel, row = self.panel, self.row
        if not isinstance(panel, HistoryPanel) or row is None:
            return
        why_not = panel.why_not_undo(row)
        if why_not:
            self.say(why_not, "soon")
            return
        if not await self.ask(panel.question(row)):
            self.say("Nothing was changed.")
            return
        again = panel.is_undo(row)
        try:
            await (self.cmp.live.redo(row.seq) if again else self.cmp.live.undo(row.seq))
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self.say(f"{'Done again' if again else 'Undone'}: {panel.deed(row)}.", "done")
        self.post_message(SomethingSaved())
