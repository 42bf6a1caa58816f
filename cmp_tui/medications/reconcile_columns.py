"""How the lines of two lists are drawn side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content

from cmp_tui.clinic.reference import Reference
from cmp_tui.medications.interaction_rules import Finding
from cmp_tui.medications.reconcile_queries import Walk, WalkLine
from cmp_tui.medications.rules import DIFFERENTLY
from cmp_tui.ui.listing import text
from cmp_tui.ui.signs import ASCII, Signs
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import fit

STYLES = {"avoid": "$coral", "serious": "$amber", "watch": "$dim"}
NOT_THERE = "not on it"
SHORT = {"ask": "ask practitioner"}
"""Decisions whose words are longer than the column."""
WIDTH = 17
"""Cells of how a line differs, and of what was decided."""


def findings_of(walk: Walk, line: WalkLine) -> list[Finding]:
    """What was found that concerns a line, worst first."""
    return [one for one in walk.checked.findings if line.id in one.keys]


def difference_words(line: WalkLine, reference: Reference) -> str:
    """'strength differs', 'not on our list', 'not taken'"""
    if line.difference == "dose" and line.changed:
        return f"{' and '.join(line.changed[:2])} {'differ' if len(line.changed) > 1 else 'differs'}"
    if line.past is not None:
        return "stopped before"
    if line.difference == "not-taken" and line.ours is not None and line.ours.taking == DIFFERENTLY:
        return "taken otherwise"
    return reference.label("medicine_difference", line.difference)


def decision_words(line: WalkLine, reference: Reference) -> str:
    """'take on', 'keep', '' while nobody has decided."""
    return SHORT.get(line.decision or "") or reference.label("medicine_decision", line.decision)


def walk_columns(walk: Callable[[], Walk | None], reference: Reference, signs: Signs) -> Sequence[Column]:
    """Ours, theirs, how they differ or what was decided."""
    arrow = "->" if signs == ASCII else "→"

    def mark(line: WalkLine, state: RowState) -> Content:
        if line.decision is not None:
            return Content.styled(signs.done, "$dim")
        now = walk()
        found = findings_of(now, line) if now is not None else []
        if found:
            sign = {"avoid": signs.overdue, "serious": signs.today, "watch": signs.later}[found[0].severity]
            return Content.styled(sign, STYLES[found[0].severity])
        return Content.styled(signs.later, "$dim")

    def words(shown: str | None, line: WalkLine, state: RowState) -> Content:
        if shown is None:
            return Content.styled(NOT_THERE, "$dim")
        quiet = line.decision is not None and not state.cursor
        return Content.styled(
            fit(shown, state.width, signs.more), "$dim" if quiet else state.name_style(False)
        )

    def ours(line: WalkLine, state: RowState) -> Content:
        if line.ours is None and line.medication is not None:
            return Content.styled("struck out since", "$dim")
        return words(line.ours.words if line.ours is not None else None, line, state)

    def theirs(line: WalkLine, state: RowState) -> Content:
        return words(line.listed, line, state)

    def stands(line: WalkLine, state: RowState) -> Content:
        if line.decision is not None:
            written = f" {arrow} {line.written}" if line.written else ""
            return Content.assemble((decision_words(line, reference), "$accent"), (written, "$dim"))
        return Content.styled(difference_words(line, reference), "$amber" if line.is_walked else "$dim")

    return (
        Column("", mark, width=1, cells=text("difference", lambda line: difference_words(line, reference))),
        Column("ours", ours, fraction=1, cells=text("ours", lambda line: line.ours.words if line.ours else None)),
        Column("theirs", theirs, fraction=1, cells=text("theirs", lambda line: line.listed)),
        Column(
            "", stands, width=WIDTH,
            cells=(
                *text("decision", lambda line: decision_words(line, reference)),
                *text("why", lambda line: line.why),
            ),
        ),
    )  # fmt: skip
