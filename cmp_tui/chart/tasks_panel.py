"""The chart's Tasks: what is open for this patient, then what was settled."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.content import Content

from cmp_tui.chart.base_panel import Loaded, Panel, Setting, Step
from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.tasks.queries import TaskLine, tasks_of
from cmp_tui.tasks.rules import WAITING
from cmp_tui.ui.listing import day, text
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import day_words, due_words, plural

SETTLED_ALREADY = "This task is settled. n adds a new one."


class TasksPanel(Panel):
    """Open tasks by due day, then the settled ones."""

    name = "tasks"
    title = "Tasks"
    keys = frozenset({"edit", "new", "versions", "snooze", "done", "hand_over"})
    words = {"chart.new": "new task", "chart.edit": "edit"}

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the tasks."""
        self.patient, self._set = patient, setting
        found = await live.ask(tasks_of, patient, open_only=False)
        still = [one for one in found if one.settled_at is None]
        past = sorted(
            (one for one in found if one.settled_at is not None),
            key=lambda one: (one.settled_at, one.id),
            reverse=True,
        )
        headings = [(0, f"Open {setting.signs.dot} {plural(len(still), 'task')}")] if still else []
        if past:
            headings.append((len(still), "Settled"))
        return Loaded([*still, *past], headings)

    def empty(self) -> Content:
        """What would stand here, and its key."""
        return Content.assemble(
            "No tasks. ",
            ("n", "$accent"),
            (" adds one; a contact makes the next one by itself.", "$dim"),
        )

    def columns(self) -> Sequence[Column]:
        """Due, what, kind, whose."""

        def when(row: TaskLine, state: RowState) -> Content:
            signs, today = self._set.signs, self._set.today
            if row.settled_at is not None:
                day = day_words(local(row.settled_at, self._set.zone).date(), today)
                return Content.styled(f"{signs.done} {day}", "$dim")
            if row.snoozed_until is not None and row.snoozed_until > today:
                return Content.styled(f"{signs.later} {due_words(row.snoozed_until, today)}", "$dim")
            words = due_words(row.due, today)
            if words == "overdue":
                return Content.styled(f"{signs.overdue} {words}", "$coral")
            today_style = (signs.today, "$amber") if words == "today" else (signs.later, "$dim")
            return Content.styled(f"{today_style[0]} {words}", today_style[1])

        def what(row: TaskLine, state: RowState) -> Content:
            if row.settled_at is not None:
                how = self._set.reference.label("task_status", row.status)
                said = f"{how}: {row.settled_how}" if row.settled_how else how
                return Content.styled(f"{row.title}  {said}", "$dim")
            style = state.name_style(row.due < self._set.today)
            put_off = f"  put off: {row.snoozed_why}" if _is_put_off(row, self._set) else ""
            why = f"  {row.why}" if row.why and not put_off else ""
            return Content.assemble((row.title, style), (put_off or why, "$dim"))

        def whose(row: TaskLine, state: RowState) -> Content:
            words = "mine" if row.assignee == self._set.me.id else row.assignee_name
            if row.status == WAITING:
                return Content.styled(f"{words}, not seen", "$amber")
            return Content.styled(words, "$dim")

        def state_words(row: TaskLine) -> str:
            return self._set.reference.label("task_status", row.status)

        return (
            Column(
                "due", when, width=12, cells=(*day("due", lambda row: row.due), *text("state", state_words))
            ),
            Column("what", what, fraction=1),
            Column("whose", whose, width=18),
        )

    def identity(self, row: TaskLine) -> Hashable:
        """The task's key."""
        return row.id

    def preview(self, row: TaskLine) -> Sequence[Line]:
        """The task whole."""
        label, today, zone = self._set.reference.label, self._set.today, self._set.zone
        part = f" {row.due_time}" if row.due_time else ""
        lines = [
            Line(None, Content.styled(row.title, "bold")),
            GAP,
            Line("Due", f"{day_words(row.due, today)}{part}"),
            Line("Kind", label("task_kind", row.kind)),
            Line("Status", label("task_status", row.status)),
            Line("For", row.assignee_name),
        ]
        if row.urgency:
            lines.append(Line("Urgency", label("urgency", row.urgency)))
        if row.answer_by and not row.settled_at:
            by = local(row.answer_by, zone)
            lines.append(Line("Answer by", f"{day_words(by.date(), today)} {by:%H:%M}"))
        if row.attempt:
            lines.append(Line("Try", str(row.attempt)))
        if row.why:
            lines.append(Line("Why", row.why))
        if row.handed_by_name:
            when = f", {day_words(local(row.handed_at, zone).date(), today)}" if row.handed_at else ""
            lines.append(Line("Handed by", f"{row.handed_by_name}{when}"))
        if row.snoozed_until:
            lines.append(Line("Put off", f"until {day_words(row.snoozed_until, today)}: {row.snoozed_why}"))
        if row.settled_at:
            settled = day_words(local(row.settled_at, zone).date(), today)
            lines.append(Line("Settled", f"{settled} by {row.settled_by_name or 'someone'}"))
        if row.settled_how:
            lines.append(Line("How", row.settled_how))
        return tuple(lines)

    def record_of(self, row: TaskLine) -> tuple[str, bytes] | None:
        """The task."""
        return "task", row.id

    def edit(self, row: TaskLine) -> Step:
        """Changes an open task."""
        return SETTLED_ALREADY if row.settled_at else OpenForm("task", row.patient, row.id)

    def new(self) -> Step:
        """Adds a task."""
        return OpenForm("task", self.patient)

    def snooze(self, row: TaskLine) -> Step:
        """Puts a task off."""
        return SETTLED_ALREADY if row.settled_at else OpenForm("snooze-task", row.patient, row.id)

    def done(self, row: TaskLine) -> Step:
        """Settles a task; one that was handed to me is accepted first."""
        if row.settled_at:
            return SETTLED_ALREADY
        if row.status == WAITING and row.assignee == self._set.me.id:
            return OpenForm("accept-task", row.patient, row.id)
        return OpenForm("settle-task", row.patient, row.id)

    def hand_over(self, row: TaskLine) -> Step:
        """Hands a task to someone else."""
        return SETTLED_ALREADY if row.settled_at else OpenForm("hand-over", row.patient, row.id)


def _is_put_off(row: TaskLine, setting: Setting) -> bool:
    return row.snoozed_until is not None and row.snoozed_until > setting.today
