"""The chart's Calls & time: contacts and time entries in one list, month by month."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime, time

from textual.content import Content

from cmp_tui.billing.rules import whole_minutes
from cmp_tui.chart.base_panel import Choice, Loaded, Menu, Panel, Setting, Step
from cmp_tui.chart.queries import Call, MonthSum, calls
from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.contacts.panel import contact_lines_of, entry_lines_of
from cmp_tui.ui import listing
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import DAYS, clock_words, one_line, plural


class CallsPanel(Panel):
    """Contacts and time, newest first; months with their minutes."""

    name = "calls"
    title = "Calls & time"
    keys = frozenset({"edit", "new", "strike", "versions", "time", "minutes", "take_break"})
    words = {"chart.new": "contact", "list.open": "whole"}

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the contacts and the time."""
        self.patient, self._set = patient, setting
        found = await live.ask(calls, patient)
        headings = []
        month = None
        for place, line in enumerate(found.lines):
            if line.month != month:
                month = line.month
                headings.append((place, self._heading(found.months[month])))
        return Loaded(found.lines, headings)

    def empty(self) -> Content:
        """What would stand here, and its keys."""
        return Content.assemble(
            "No contact and no time yet. ",
            ("c", "$accent"),
            (" logs a contact, ", "$dim"),
            ("t", "$accent"),
            (" starts the timer, ", "$dim"),
            ("a", "$accent"),
            (" adds time without a contact.", "$dim"),
        )

    def columns(self) -> Sequence[Column]:
        """Day, time, how, outcome, who, minutes, the first words."""

        def day(row: Call, state: RowState) -> Content:
            at = local(row.at, self._set.zone)
            words = "month" if _precision(row) == "month" else f"{DAYS[at.weekday()]} {at.day:>2}"
            return Content.styled(words, state.name_style(False))

        def clock(row: Call, state: RowState) -> Content:
            return Content.styled("" if _precision(row) else clock_words(row.at, self._set.zone), "$dim")

        def how(row: Call, state: RowState) -> str:
            if row.contact is not None:
                return self._set.reference.label("mode", row.contact.mode)
            assert row.entry is not None
            if row.entry.precision == "month":
                return "month's total"
            return self._set.reference.label("activity", row.entry.activity)

        def outcome(row: Call, state: RowState) -> Content:
            if row.contact is None:
                return Content("")
            words = self._set.reference.label("outcome", row.contact.outcome)
            return Content(words) if row.contact.outcome == "reached" else Content.styled(words, "$dim")

        def who(row: Call, state: RowState) -> Content:
            line = row.contact or row.entry
            assert line is not None
            return Content.styled(line.staff_name.partition(" ")[0], "$dim")

        def minutes(row: Call, state: RowState) -> Content:
            if row.entry is None:
                return Content("")
            words = str(whole_minutes(row.entry.seconds))
            return Content.styled(words, "$dim") if row.why_not else Content(words)

        def at(row: Call) -> datetime:
            return local(row.at, self._set.zone).replace(tzinfo=None)

        def time_of(row: Call) -> time | None:
            return None if _precision(row) else at(row).time()

        def name(row: Call) -> str:
            line = row.contact or row.entry
            assert line is not None
            return line.staff_name

        def spent(row: Call) -> int | None:
            return None if row.entry is None else whole_minutes(row.entry.seconds)

        return (
            Column("", day, width=6, cells=listing.day("day", lambda row: at(row).date())),
            Column("", clock, width=5, cells=listing.clock("time", time_of)),
            Column("how", how, width=14),
            Column("outcome", outcome, width=11),
            Column("who", who, width=8, cells=listing.text("who", name)),
            Column("min", minutes, width=4, align="right", gap=2, cells=listing.whole("minutes", spent)),
            Column("note", self._said, fraction=1),
        )

    def identity(self, row: Call) -> Hashable:
        """The contact's key, else the entry's."""
        return row.key

    def place_of(self, row: Call) -> str:
        """Its month."""
        return str(row.month)

    def preview(self, row: Call) -> Sequence[Line]:
        """The note with its signature, then the time with what it counts for."""
        setting = self._set
        lines: list[Line] = []
        if row.contact is not None:
            lines += contact_lines_of(row.contact, setting.reference, setting.zone, setting.today)
        if row.entry is not None:
            lines += [GAP] if lines else []
            entry = row.entry._replace(practitioner=setting.practitioner(row.entry.practitioner))
            shown = (entry, setting.reference, setting.zone, setting.today, row.why_not)
            lines += entry_lines_of(*shown)
        elif row.contact is not None and not row.contact.seconds:
            lines += [GAP, Line("Time", Content.styled("none logged with it", "$dim"))]
        return tuple(lines)

    def record_of(self, row: Call) -> tuple[str, bytes] | None:
        """The contact, else the entry."""
        kind, key = row.key
        return ("contact" if kind == "contact" else "time_entry"), key

    def edit(self, row: Call) -> Step:
        """The note, or the minutes; where both stand, a letter says which."""
        note = None if row.contact is None else OpenForm("contact-edit", self.patient, row.contact.id)
        spent = self.minutes(row)
        if note is not None and isinstance(spent, OpenForm):
            return Menu("Change", (Choice("n", "note", note), Choice("m", "minutes", spent)))
        return note or spent

    def minutes(self, row: Call) -> Step:
        """Changes the minutes."""
        if row.entry is None:
            return "No time was logged with this contact. a adds time."
        return OpenForm("entry", self.patient, row.entry.id)

    def take_break(self, row: Call) -> Step:
        """Takes a break out of the minutes."""
        if row.entry is None:
            return "No time was logged with this contact, so there is no break to take out."
        return OpenForm("break", self.patient, row.entry.id)

    def new(self) -> Step:
        """Logs a contact."""
        return OpenForm("contact", self.patient)

    def strike(self, row: Call) -> Step:
        """Strikes out the contact with its time, or the time only."""
        spent = None if row.entry is None else OpenForm("strike-entry", self.patient, row.entry.id)
        if row.contact is None:
            return spent
        whole = OpenForm("strike-contact", self.patient, row.contact.id)
        if spent is None:
            return whole
        return Menu(
            "Strike out", (Choice("b", "the contact and its time", whole), Choice("m", "the minutes", spent))
        )

    def _said(self, row: Call, state: RowState) -> Content:
        """What needs an eye, in amber, then the first words of the note."""
        marks = []
        if row.entry is not None:
            marks += [row.why_not] if row.why_not else []
            marks += ["late"] if row.entry.late else []
        if any(line is not None and line.amended_at for line in (row.contact, row.entry)):
            marks.append("amended")
        words = ""
        if row.contact is not None:
            said = (row.contact.why, row.contact.changed, row.contact.did, row.contact.next)
            words = next((one_line(text) for text in said if text), "")
        elif row.entry is not None:
            same = "more time of a contact" if row.entry.contact else ""
            words = one_line(row.entry.note or "") or same
        amber = f" {self._set.signs.dot} ".join(marks)
        return Content.assemble((amber, "$amber"), "  " if amber and words else "", words)

    def _heading(self, total: MonthSum) -> Content:
        dot = f" {self._set.signs.dot} "
        minutes = f"{whole_minutes(total.seconds)} min"
        of = f" of {total.first}" if total.first else ""
        lost = ""
        if total.not_billable:
            lost = f"{dot}{whole_minutes(total.not_billable)} min not billable"
        return Content(
            f"{total.month.label}{dot}{minutes}{of}{dot}{plural(total.entries, 'entry', 'entries')}{lost}"
        )


def _precision(row: Call) -> str | None:
    """How much of the moment is known: None all of it, else its day or its month (it was brought in)."""
    line = row.contact or row.entry
    return line.precision if line is not None else None
