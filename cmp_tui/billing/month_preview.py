"""One patient's month in the preview: the care that is due, what is in the way, what is billed, the forecast."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from textual.content import Content

from cmp_tui.billing.engine.forecast import Forecast
from cmp_tui.billing.engine.result import Line as Billed
from cmp_tui.billing.engine.result import MonthResult, Note
from cmp_tui.billing.month_board import MonthDetail
from cmp_tui.billing.month_rows import MINUTES, Mend, mend_of, practitioner_of, programs_of, sorted_notes
from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.reference import Reference
from cmp_tui.patients.panel import age_and_sex
from cmp_tui.ui.bar import month_line
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.words import birth_words, day_words, name_words, plural

KEYS: dict[Mend, tuple[str, str]] = {
    "consent": ("C", "records it"),
    "enrollment": ("m", "enrolls"),
    "condition": ("m", "adds one"),
    "patient": ("e", "opens the person"),
    "entry": ("enter", "shows the minutes"),
    "plan": ("m", "opens the plan"),
}
"""The key of the Month screen that mends something, and what it does."""
ELSEWHERE = {
    "initiating-visit": "n v on the chart adds a visit; others come in from the EHR.",
    "mdm": "Complexity comes in with the records folder (complexity.csv).",
}
"""Where what no form mends yet comes from."""
CARE = 3
"""Open tasks that are named."""
_DETAIL = re.compile(r"\s*\([^()]*\)|, [^,;]*")


class Look(NamedTuple):
    """How things are shown: the words, the clinic's zone, the signs, names masked or not."""

    reference: Reference
    zone: ZoneInfo
    signs: Signs
    masked: bool


def month_lines(detail: MonthDetail, look: Look) -> tuple[Line, ...]:
    """Returns the lines of the preview. What care asks for stands before what a bill asks for."""
    result, signs = detail.result, look.signs
    card, today = detail.card, detail.today
    name = "(name masked)" if look.masked else name_words(card.family, card.given or "")
    who = f"   {age_and_sex(card, today)} {signs.dot} {birth_words(card.birth_date)}"
    blocked = sorted_notes(note for note in result.blocked if note.rule != MINUTES)
    return (
        Line(None, Content.assemble((name, "bold"), (who, "$dim"))),
        Line(None, Content.styled(f" {signs.dot} ".join(_programs(result)), "$dim")),
        GAP,
        *_kept(detail, look),
        *_part("In the way", _notes(blocked, result)),
        *_part("Care due", _care(detail)),
        *_part("Minutes", _ahead(detail.forecasts, signs)),
        *_part("Bills", _billed(result.lines, today)),
        *_part("Or", () if detail.closed else _others(result)),
        *_part("Look at", _notes(sorted_notes(result.warnings), result)),
    )


def _programs(result: MonthResult) -> list[str]:
    facts = result.facts
    words = []
    for program in programs_of(result):
        since = [one.start for one in facts.enrollments if one.program == program and one.start]
        words.append(f"{program} since {day_words(max(since), facts.today)}" if since else program)
    practitioner = practitioner_of(result)
    return [*(words or ["in no program"]), practitioner or "who bills is not known"]


def _part(label: str, values: Iterable[Content]) -> Iterator[Line]:
    first = True
    for value in values:
        yield Line(label if first else "", value)
        first = False
    if not first:
        yield GAP


def _kept(detail: MonthDetail, look: Look) -> Iterator[Line]:
    closed = detail.closed
    if closed is None:
        return
    day = day_words(day_of(closed.at, look.zone), detail.today)
    yield Line("Closed", f"{day} by {closed.by}")
    kept = detail.kept
    yield Line(
        "Kept", kept.words() if kept is not None and kept.lines else Content.styled("nothing billed", "$dim")
    )
    yield Line("", Content.styled("What follows is the month as it would be judged now.", "$dim"))
    yield GAP


def _notes(notes: Sequence[Note], result: MonthResult) -> Iterator[Content]:
    several = len(programs_of(result)) > 1
    for note in notes:
        program = f"{note.program}: " if several and note.program else ""
        parts: list[str | tuple[str, str]] = [f"{program}{note.says}"]
        mend = mend_of(note, result.facts)
        if mend:
            parts += [" ", (KEYS[mend][0], "$accent"), (f" {KEYS[mend][1]}.", "$dim")]
        elif note.rule in ELSEWHERE:
            parts.append((f" {ELSEWHERE[note.rule]}", "$dim"))
        yield Content.assemble(*parts)
        yield Content.styled(short_source(note.source), "$dim")


def short_source(source: str) -> str:
    """The bodies that say so, without their pages: 'NGS Medicare; Noridian Medicare'."""
    if source.startswith("Not found"):
        return "no source found; our choice"
    return "source: " + "; ".join(dict.fromkeys(_DETAIL.sub("", one).strip() for one in source.split(";")))


def _care(detail: MonthDetail) -> Iterator[Content]:
    today = detail.today
    for task in detail.tasks[:CARE]:
        style = "$coral" if task.due < today else "$amber" if task.due == today else "$dim"
        yield Content.assemble(task.title, "  ", (day_words(task.due, today), style))
    if len(detail.tasks) > CARE:
        yield Content.styled(f"and {plural(len(detail.tasks) - CARE, 'more task')}", "$dim")


def _ahead(seen: Sequence[Forecast], signs: Signs) -> Iterator[Content]:
    for one in seen:
        line = month_line(one.minutes, one.wanted, signs, 10)
        yield Content.assemble((f"{one.program} ", "$dim") if len(seen) > 1 else "", line)
        if one.outlook not in ("reached", "none", "blocked"):
            words = one.says.partition(", ")[2] or one.says
            yield Content.styled(words, "$amber" if one.outlook == "open" else "$dim")


def _billed(lines: Sequence[Billed], today: date) -> Iterator[Content]:
    for line in lines:
        yield Content.assemble(
            (line.code if line.units == 1 else f"{line.code}×{line.units}", "bold"),
            ("  " + line.label, "$dim"),
        )
        why = [f"{line.minutes} min counted"] if line.minutes is not None else []
        why.append(f"dated {day_words(line.date_of_service, today)}")
        yield Content.styled(", ".join(why), "$dim")
    for diagnoses in dict.fromkeys(line.diagnoses for line in lines if line.diagnoses):
        yield Content.styled(f"for {' '.join(diagnoses)}", "$dim")


def _others(result: MonthResult) -> Iterator[Content]:
    for one in result.alternatives:
        codes = " + ".join(
            line.code if line.units == 1 else f"{line.code}×{line.units}" for line in one.lines
        )
        yield Content.assemble(codes, (f"  {one.says}", "$dim"))
