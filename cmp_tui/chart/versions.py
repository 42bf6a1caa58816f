"""The versions of one record as lines of a preview."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from cmp_tui.chart.base_panel import labelled
from cmp_tui.chart.changes import Sayer, arrow, field_changes
from cmp_tui.clinic.history import Version
from cmp_tui.ui.preview import GAP, Line


def version_lines(table: str, versions: Sequence[Version], say: Sayer) -> tuple[Line, ...]:
    """Returns every version of a record, newest first: who, when, and what changed from what to what."""
    lines: list[Line] = [Line(None, Content.styled("Older versions", "bold"))]
    for version in versions:
        what = say.reference.label("deed", version.action)
        lines += [
            GAP,
            Line(None, Content.styled(f"{say.moment(version.at)} · {version.who} · {what}", "$dim")),
        ]
        before = {name: old for name, (old, _) in version.changed.items()}
        after = {name: new for name, (_, new) in version.changed.items()}
        first = version.version == 1
        for one in field_changes(table, None if first else before, after, say):
            lines.append(labelled(one.label, one.new if first else arrow(one)))
        if version.struck and "struck_why" in after:
            lines.append(Line("struck out", str(after["struck_why"] or "")))
    return tuple(lines)
