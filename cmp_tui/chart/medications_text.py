"""The list of medicines as plain text, for pasting into another system."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from cmp_tui.chart.medications_queries import Medicines
from cmp_tui.chart.medications_rows import STATE_HEADINGS
from cmp_tui.medications.interaction_rules import SEVERITY_WORDS
from cmp_tui.medications.queries import MedicationLine
from cmp_tui.medications.rules import AS_ORDERED
from cmp_tui.ui.words import full_day_words

Label = Callable[[str, str | None], str]


def list_text(found: Medicines, who: str, today: date, label: Label) -> str:
    """Returns the present list: as ordered, as taken, allergies, and what was found in it."""
    return "\n".join(_lines(found, who, today, label))


def _lines(found: Medicines, who: str, today: date, label: Label) -> Iterator[str]:
    yield f"Medicines of {who}, {full_day_words(today)}"
    for status, heading in STATE_HEADINGS.items():
        some = [one for one in found.medicines if one.status == status]
        if some:
            yield ""
            yield f"{heading}:"
            for one in some:
                yield from _medicine(one, label)
    if not any(one.is_current for one in found.medicines):
        yield "None on the list."
    yield ""
    shown = [
        f"{one.substance} ({one.reaction})" if one.reaction else one.substance for one in found.allergies
    ]
    yield f"Allergies: {'; '.join(shown) or 'none listed'}"
    if any(one.is_current for one in found.medicines):
        yield ""
        for finding in found.checked.findings:
            yield f"{SEVERITY_WORDS[finding.severity]}: {finding.title}. {finding.reason}".rstrip(". ") + "."
        yield found.sentence
    last = next((one for one in found.reconciliations if not one.is_open), None)
    if last is not None and last.done_on is not None:
        yield f"Last reconciled {last.done_on.isoformat()}, signed {last.signed_as or ''}".rstrip()


def _medicine(one: MedicationLine, label: Label) -> Iterator[str]:
    about = (one.reason and f"for {one.reason}", one.prescriber, one.started and f"since {one.started}")
    behind = "; ".join(part for part in about if part)
    yield f"- {one.words}{f' ({behind})' if behind else ''}"
    if one.taking is not None and one.taking != AS_ORDERED:
        parts = (label("taking", one.taking), one.taken_how, label("not_taken_why", one.taken_why))
        told = f", {label('with_whom', one.taken_told)} {one.taken_on}" if one.taken_told else ""
        yield f"  takes it {', '.join(part for part in parts if part)}{told}"
    elif one.taking == AS_ORDERED:
        yield f"  taken as ordered ({one.taken_on})"
    if one.status == "on-hold" and one.stopped_why:
        yield f"  held: {one.stopped_why}"
