"""A patient's points as the form shows them: a line for each rule, a sentence for each, the rows behind it."""

from __future__ import annotations

from textual.content import Content

from cmp_tui.assessments.risk_behind import Teller
from cmp_tui.assessments.risk_queries import Behind
from cmp_tui.assessments.risk_rules import Part, Rule
from cmp_tui.assessments.risk_words import part_words, points_words, standing_words, tier_words
from cmp_tui.ui.fields.grid import GridCell, GridRow

HEADS = ("points",)


def grid_rows(behind: Behind, tell: Teller) -> tuple[GridRow, ...]:
    """Returns the sum; what gives points, the most first; what was found and gives none; what nobody has asked."""
    rows = [GridRow("In all", (GridCell(str(behind.risk.points), "accent", _says(behind, tell)),))]
    rows += [GridRow(rule.label, (_cell(tell, part, rule),)) for part, rule in tell.found()]
    if behind.asked_for:
        rows.append(GridRow("Not asked in time", (_unasked(behind, tell),)))
    return tuple(rows)


def _says(behind: Behind, tell: Teller) -> str:
    """What the points make, and what holds where that is another thing."""
    risk, kept = behind.risk, behind.kept
    words = f"By the rules {tier_words(risk.tier, behind.book)} by {points_words(risk.points)} today."
    if kept is None:
        return f"{words} Nothing is kept yet: saving keeps it."
    if kept.set_tier is not None:
        why = f": {kept.set_why}" if kept.set_why else "."
        return f"{words} Holds: {standing_words(kept, tell.day)}{why}"
    if (kept.tier, kept.points) != (risk.tier, risk.points):
        before = f"{kept.tier} by {points_words(kept.points)}"
        return f"{words} Kept is {before}, of {tell.day(kept.computed_on)}: saving keeps today's."
    return words


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


def _unasked(behind: Behind, tell: Teller) -> GridCell:
    names = ", ".join(rule.label.lower() for rule in behind.asked_for)

    def page() -> Content:
        lines = [Content.styled("Not known, which is not no", "bold"), Content("")]
        for rule in behind.asked_for:
            lines.append(Content(f"{rule.label}: {tell.unasked(rule)}"))
        return Content("\n").join(
            [*lines, Content(""), Content.styled("Ask it in the chart, Assessments.", "$dim")]
        )

    return GridCell("?", "dim", f"Nothing is known of: {names}. What is not known gives no points.", page)
