"""A patient's points as the form shows them: a line for each rule, a sentence for each, the rows behind it."""

from __future__ import annotations

from textual.content import Content

from cmp_tui.assessments.risk_behind import Teller
from cmp_tui.assessments.risk_rules import Part, Rule
from cmp_tui.assessments.risk_words import part_words, points_words
from cmp_tui.ui.fields.grid import GridCell, GridRow

HEADS = ("points",)


def grid_rows(tell: Teller, asked_for: tuple[Rule, ...]) -> tuple[GridRow, ...]:
    """Returns what gives points, the most first; then what was found and gives none; then what nobody has asked."""
    found = (GridRow(rule.label, (_cell(tell, part, rule),)) for part, rule in tell.found())
    open_ = (GridRow(rule.label, (GridCell("?", "dim", tell.unasked(rule)),)) for rule in asked_for)
    return (*found, *open_)


def _cell(tell: Teller, part: Part, rule: Rule) -> GridCell:
    words, style = (f"+{part.points}", "amber") if part.points else ("0", "dim")
    says = f"{part_words(part, rule)} {rule.why}"
    return GridCell(words, style, says, lambda: _page(tell, part, rule))


def _page(tell: Teller, part: Part, rule: Rule) -> Content:
    """The rule, what it gives, and each row that it counted."""
    lines = [
        Content.assemble((rule.label, "bold"), (f"  {points_words(part.points)}", "$amber")),
        Content.styled(rule.why, "$dim"),
        Content(""),
        *(Content(f"  – {words}") for words in tell.rows(part)),
        Content(""),
        Content.styled(f"Rule: {tell.gives(rule)}.", "$dim"),
    ]
    return Content("\n").join(lines)
