"""How the lines of the chart's Medications are drawn: as ordered and as taken side by side."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from cmp_tui.chart.base_panel import Setting
from cmp_tui.chart.days import partial_words
from cmp_tui.chart.medications_day import day_line
from cmp_tui.chart.medications_queries import Medicines
from cmp_tui.chart.medications_rows import ALLERGIES, DAY, FINDING, KNOWN, MEDICINE, PAST, Row, counts
from cmp_tui.medications.interaction_rules import SEVERITY_WORDS, Finding
from cmp_tui.medications.queries import MedicationLine
from cmp_tui.medications.reconcile_queries import ReconciliationHead
from cmp_tui.medications.reconcile_words import list_words
from cmp_tui.medications.rules import AS_ORDERED, DIFFERENTLY, NOT_TAKING
from cmp_tui.ui.signs import ASCII
from cmp_tui.ui.table_lines import RowState
from cmp_tui.ui.words import day_words, fit, one_line

STYLES = {"avoid": "$coral", "serious": "$amber", "watch": "$dim"}
SHORT = {"clinic": "ours", "hospital": "hospital", "facility": "facility", "specialist": "special."}
"""Sources that have a shorter word in the list."""


class Drawer:
    """Draws rows in the words and signs of the clinic."""

    def __init__(self, setting: Setting, found: Medicines) -> None:
        self._set, self._found = setting, found
        self._rest = ""

    def sign(self, severity: str | None) -> tuple[str, str]:
        """A severity's sign and style."""
        signs = self._set.signs
        if severity is None:
            return " ", ""
        return {"avoid": signs.overdue, "serious": signs.today, "watch": signs.later}[severity], STYLES[
            severity
        ]

    def mark(self, row: Row, state: RowState) -> Content:
        """The sign in front."""
        signs = self._set.signs
        if row.part == MEDICINE:
            return Content.styled(*self.sign(row.worst))
        if row.part == FINDING:
            return Content.styled(*self.sign(row.source.severity))
        if row.part == ALLERGIES:
            return Content.styled(signs.overdue if row.source else " ", "$amber")
        if isinstance(row.source, ReconciliationHead):
            return (
                Content.styled(signs.today, "$amber")
                if row.source.is_open
                else Content.styled(signs.done, "$dim")
            )
        return Content(" ")

    def ordered(self, row: Row, state: RowState) -> Content:
        """What was ordered; of a line that is no medicine, its first words: they go on in the columns behind."""
        if row.part not in (MEDICINE, PAST):
            words, style = self.whole(row)
            head, self._rest = split(words, state.width)
            return Content.styled(head, style)
        one: MedicationLine = row.source
        more = self._set.signs.more
        room = state.width - 1
        if row.part == PAST:
            return Content.styled(fit(one.words, room, more), "$dim")
        shown = fit(one.words, room, more)
        if not shown.startswith(one.display):
            return Content.styled(shown, state.name_style(row.worst == "avoid"))
        name = len(one.display)
        aim = fit(f" {self._set.signs.dot} {one.reason}", room - cell_len(shown), more) if one.reason else ""
        aim = "" if shown.endswith(more) else aim
        return Content.assemble(
            (shown[:name], state.name_style(row.worst == "avoid")), shown[name:], (aim, "$dim")
        )

    def behind(self, row: Row, state: RowState, *, last: bool = False) -> Content | None:
        """What goes on from the first column, in a line that is no medicine; in the last column the rest is cut."""
        if row.part in (MEDICINE, PAST):
            return None
        if last:
            lead = self._rest[:1] if self._rest[:1] == " " else ""
            rest = fit(self._rest, state.width - len(lead), self._set.signs.more)
            return Content.styled(lead + rest, self.whole(row)[1])
        head, self._rest = split(self._rest, state.width)
        return Content.styled(head, self.whole(row)[1])

    def taken(self, row: Row, state: RowState) -> Content:
        """What the patient does: a sign, the word, and how or why."""
        going_on = self.behind(row, state)
        if going_on is not None:
            return going_on
        words, style = self.taken_words(row.source)
        return Content.styled(fit(words, state.width - 1, self._set.signs.more), style)

    def taken_words(self, one: MedicationLine) -> tuple[str, str]:
        """'≠ half a tablet (side effects)' and its style."""
        plain = self._set.signs == ASCII
        if not one.is_current:
            state = self._set.reference.label("medication_status", one.status)
            return one_line(f"{state}: {one.stopped_why}" if one.stopped_why else state), "$dim"
        held = f"on hold: {one.stopped_why}" if one.status == "on-hold" and one.stopped_why else ""
        why = self._set.reference.label("not_taken_why", one.taken_why) if one.taken_why else ""
        if one.taking == AS_ORDERED:
            return held or "= as ordered", "$dim"
        if one.taking == DIFFERENTLY:
            return (
                f"{'#' if plain else '≠'} {one.taken_how or 'differently'}{f' ({why})' if why else ''}",
                "$amber",
            )
        if one.taking == NOT_TAKING:
            said = ", ".join(part for part in (why, one.taken_how) if part)
            return f"{'x' if plain else '×'} not at all{f': {said}' if said else ''}", "$coral"
        return held or "? not asked", "$dim"

    def named_by(self, row: Row, state: RowState) -> Content:
        """Which list or person named it."""
        going_on = self.behind(row, state)
        return Content.styled(self.source_words(row.source), "$dim") if going_on is None else going_on

    def source_words(self, one: MedicationLine) -> str:
        """'hospital', 'patient', 'EHR' for what came in; '' when nobody knows."""
        if one.told_by is not None:
            return SHORT.get(one.told_by) or self._set.reference.label("medicine_source", one.told_by)
        return "EHR" if one.source else ""

    def since(self, row: Row, state: RowState) -> Content:
        """Since when it is taken, until when it was."""
        going_on = self.behind(row, state, last=True)
        if going_on is not None:
            return going_on
        one: MedicationLine = row.source
        when = one.started if one.is_current else one.stopped or one.started
        return Content.styled(partial_words(when, self._set.today) if when else "", "$dim")

    def whole(self, row: Row) -> tuple[str, str]:
        """The words of a line that is no medicine, and their style."""
        source = row.source
        if isinstance(source, Finding):
            return finding_words(source, self._found), STYLES[source.severity]
        if isinstance(source, ReconciliationHead):
            return self._head(source)
        if row.part == KNOWN:
            return one_line(str(source)), "$dim"
        if row.part == DAY:
            return day_line(source), ""
        if not source:
            return "Allergies: none listed. n a adds one.", "$dim"
        shown = "; ".join(
            f"{one.substance} ({one.reaction})" if one.reaction else one.substance for one in source
        )
        return one_line(f"Allergies: {shown}"), "$amber"

    def _head(self, one: ReconciliationHead) -> tuple[str, str]:
        today, dot = self._set.today, self._set.signs.dot
        if one.is_open:
            begun = day_words(one.begun_on, today)
            words = (
                f"{list_words(one)}: {one.decided} of {one.total} decided {dot} begun {begun} {dot} R goes on"
            )
            return words[:1].upper() + words[1:], "$amber"
        day = day_words(one.done_on, today) if one.done_on else ""
        occasion = self._set.reference.label("reconciliation_why", one.why)
        return f"{day}  {occasion}, with the {list_words(one)} {dot} {one.signed_as or ''}", ""

    def found_words(self) -> str:
        """'1 to avoid, 2 serious' for the title of the part."""
        return counts(self._found.checked.findings)


def finding_words(one: Finding, found: Medicines) -> str:
    """'avoid: warfarin + aspirin: more bleeding'"""
    word = SEVERITY_WORDS[one.severity]
    return one_line(f"{word}: {one.title}")


def split(words: str, width: int) -> tuple[str, str]:
    """The part of a text that fills a column, and what goes on in the next."""
    used = 0
    for at, sign in enumerate(words):
        used += cell_len(sign)
        if used > width:
            return words[:at], words[at:]
    return words, ""
