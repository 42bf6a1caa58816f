"""A version of the plan in the chart's preview: who signed it, what changed, and the plan as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.careplan.goal_rules import value_words
from cmp_tui.careplan.lines import VersionLine
from cmp_tui.careplan.version_rules import WORDS as TEXTS
from cmp_tui.chart.base_panel import Setting
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.words import day_words, plural

ACT_WORDS: Mapping[str, str] = MappingProxyType(
    {"call-us": "call us", "call-now": "call now", "988": "call 988", "911": "call 911"}
)


def version_lines(line: VersionLine, content: Mapping[str, Any] | None, setting: Setting) -> list[Line]:
    """A version whole: who signed it, what changed, and the plan as it was."""
    today, signs = setting.today, setting.signs
    lines = [
        Line(None, Content.styled(f"Version {line.number}", "bold")),
        GAP,
        Line("Signed", f"{line.signed_as or 'not signed'}, {day_words(line.date, today)}"),
    ]
    if line.approved_on is None:
        lines.append(Line("Approved", Content.assemble(("not yet: ", "$amber"), ("A", "$accent"))))
    else:
        how = f", {line.approved_how}" if line.approved_how else ""
        words = f"{line.approved_by or 'someone'}, {day_words(line.approved_on, today)}{how}"
        lines.append(Line("Approved", words))
    if line.changes:
        lines += [GAP, Line(None, Content.styled("What changed", "$dim"))]
        lines += [Line(None, f"{signs.dot} {words}") for words in line.changes]
    if content is not None:
        lines += [GAP, Line(None, Content.styled("As it was", "$dim")), *content_lines(content, setting)]
    return lines


def texts_lines(texts: Mapping[str, Any], signs: Mapping[str, Sequence[str]]) -> list[Line]:
    """The words of a plan, and its warning signs."""
    lines: list[Line] = []
    for name, words in texts.items():
        if words:
            lines += [
                GAP,
                Line(None, Content.styled(TEXTS.get(name, name), "$dim")),
                Line(None, str(words)),
            ]
    if signs:
        lines += [GAP, Line(None, Content.styled("Warning signs", "$dim"))]
        for act, some in signs.items():
            lines += [Line(ACT_WORDS.get(act, act), one) for one in some]
    return lines


def content_lines(content: Mapping[str, Any], setting: Setting) -> list[Line]:
    """The plan of a version, or as it stood after a change, line by line."""
    lines: list[Line] = []
    for problem in content["problems"]:
        goals = problem.get("goals") or ()
        lines.append(Line(None, Content.styled(str(problem.get("words") or "Without a problem"), "bold")))
        for goal in goals:
            lines += _goal_as_it_was(goal, setting)
    for step in content["interventions"]:
        lines.append(Line(None, f"  {step.get('title') or ''}"))
    if content["ended"]:
        lines.append(Line(None, Content.styled(f"{plural(len(content['ended']), 'goal')} ended", "$dim")))
    return [*lines, *texts_lines(content["texts"], content["signs"])]


def _goal_as_it_was(goal: Mapping[str, Any], setting: Setting) -> list[Line]:
    label = setting.reference.label
    parts = []
    if goal.get("target") is not None:
        side = label("goal_direction", goal.get("direction"))
        aim = value_words(goal["target"], goal.get("target2"), str(goal.get("unit") or ""))
        parts.append(f"{side} {aim}".strip())
    if goal.get("due"):
        parts.append(f"by {_day(goal['due'], setting.today)}")
    parts.append(label("goal_achievement", goal.get("achievement")))
    if goal.get("last"):
        parts.append(f"then {goal['last']}")
    lines = [
        Line(None, f"  {goal.get('title') or ''}"),
        Line(None, Content.styled(f"    {', '.join(parts)}", "$dim")),
    ]
    lines += [
        Line(None, Content.styled(f"    {setting.signs.later} {step.get('title') or ''}", "$dim"))
        for step in goal.get("interventions") or ()
    ]
    return lines


def _day(words: object, today: date) -> str:
    try:
        return day_words(date.fromisoformat(str(words)), today)
    except ValueError:
        return str(words)
