"""The clinic's crisis steps: data/crisis.toml, or the clinic's own file in its place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import line_of

FILE = "crisis.toml"
TASK = "Safety today: follow up what an assessment showed"
MINUTES = 60


@dataclass(frozen=True, slots=True)
class Crisis:
    """What is shown at once at an alarm, and the tasks that saving opens.

    `problem` says why the clinic's own steps could not be read; then these are the shipped ones.
    """

    name: str
    title: str
    steps: tuple[str, ...]
    foot: str = ""
    tasks: bool = True
    answer_minutes: int = MINUTES
    nurse_task: str = TASK
    practitioner_task: str = TASK
    problem: str = ""


LAST_RESORT = Crisis(
    "",
    "An answer points to danger: act now",
    (
        "Stay with the patient. In danger now: call 911.",
        "988 is the US Suicide and Crisis Lifeline, by call or text, day and night.",
        "Reach a practitioner of this clinic now.",
    ),
    "Saving opens a safety task for today for the nurse and one for a practitioner.",
)
"""What is shown when no file can be read: an alarm is never silent."""


def crisis(reference: Reference, name: str) -> Crisis:
    """Returns the steps at an alarm. A file that can't be used never hides it: the next best is taken, and said."""
    return reference.made(f"crisis {name}", lambda: _crisis(reference, name))


def _crisis(reference: Reference, name: str) -> Crisis:
    problem = ""
    own = reference.own / FILE if reference.own is not None else None
    for path in (own, reference.folder / FILE):
        if path is None or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
            table = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problem = problem or f"The clinic's {FILE} can't be read: {error}. These are the general steps."
            continue
        found = table.get(name)
        why = _wrong(found)
        if not why and isinstance(found, dict):
            return _made(name, found, problem)
        line = line_of(text, name, 1)
        problem = (
            problem or f"{FILE}, line {line}: [{name}] can't be used, {why}. These are the general steps."
        )
    return _made(name, {}, problem)


def _wrong(table: Any) -> str:
    if not isinstance(table, dict):
        return "it is missing"
    if not isinstance(table.get("title"), str):
        return "title is no text"
    steps = table.get("steps")
    if not isinstance(steps, list) or not steps or not all(isinstance(one, str) for one in steps):
        return "steps is no list of texts"
    for key, kind in (("foot", str), ("nurse_task", str), ("practitioner_task", str), ("tasks", bool)):
        if key in table and not isinstance(table[key], kind):
            return f"{key} is of the wrong kind"
    minutes = table.get("answer_minutes", MINUTES)
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= 24 * 60:
        return "answer_minutes is no number of minutes"
    return ""


def _made(name: str, table: Mapping[str, Any], problem: str) -> Crisis:
    if not table:
        last = LAST_RESORT
        return Crisis(name, last.title, last.steps, last.foot, problem=problem)
    return Crisis(
        name=name,
        title=table["title"],
        steps=tuple(table["steps"]),
        foot=table.get("foot", ""),
        tasks=table.get("tasks", True),
        answer_minutes=table.get("answer_minutes", MINUTES),
        nurse_task=table.get("nurse_task", TASK),
        practitioner_task=table.get("practitioner_task", TASK),
        problem=problem,
    )
