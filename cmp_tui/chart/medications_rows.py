"""The lines of the chart's Medications: allergies, medicines, what was found in them, reconciliations. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from cmp_tui.chart.medications_queries import Medicines
from cmp_tui.medications.interaction_rules import SEVERITIES, Finding
from cmp_tui.medications.queries import MedicationLine
from cmp_tui.medications.reconcile_queries import ReconciliationHead
from cmp_tui.ui.words import plural

WALK, ALLERGIES, MEDICINE, FINDING, KNOWN, DAY, SIGNED, PAST = (
    "walk", "allergies", "medicine", "finding", "known", "day", "signed", "past",
)  # fmt: skip
WHEN = {"avoid": "at once", "serious": "today", "watch": "at the next contact"}
"""When a finding is asked about, by its severity."""
STATE_HEADINGS = {"active": "Taken now", "intended": "Not started yet", "on-hold": "On hold"}


class Row(NamedTuple):
    """A line: its part, and what stands behind it."""

    part: str
    source: Any
    worst: str | None = None
    """Of a medicine the severest finding in which it is."""

    @property
    def key(self) -> Hashable:
        """By what the cursor stays with the line."""
        if isinstance(self.source, MedicationLine | ReconciliationHead):
            return MEDICINE if self.part in (MEDICINE, PAST) else WALK, self.source.id
        if isinstance(self.source, Finding):
            return self.part, self.source.kind, self.source.keys, self.source.title
        return self.part


def lines(found: Medicines) -> tuple[list[Row], list[tuple[int, str]]]:
    """Returns the lines and their headings: (place of the line below, words)."""
    rows: list[Row] = []
    headings: list[tuple[int, str]] = []

    def part(words: str, some: Sequence[Row]) -> None:
        if some:
            headings.append((len(rows), words))
            rows.extend(some)

    rows += [Row(WALK, one) for one in found.reconciliations if one.is_open]
    rows.append(Row(ALLERGIES, found.allergies))
    for status, words in STATE_HEADINGS.items():
        some = [one for one in found.medicines if one.status == status]
        otherwise = sum(one.differs for one in some)
        more = f", {otherwise} not as ordered" if otherwise else ""
        part(
            f"{words}: {plural(len(some), 'medicine')}{more}",
            [Row(MEDICINE, one, worst_of(found, one.id)) for one in some],
        )
    if any(one.is_current for one in found.medicines):
        part(
            "Taken together",
            [*(Row(FINDING, one) for one in found.checked.findings), Row(KNOWN, found.sentence)],
        )
    if found.day.kept:
        part("In a day", [Row(DAY, found.day)])
    part("Reconciled", [Row(SIGNED, one) for one in found.reconciliations if not one.is_open])
    part("In the past", [Row(PAST, one) for one in found.medicines if not one.is_current])
    return rows, headings


def worst_of(found: Medicines, key: bytes) -> str | None:
    """The severest of the findings in which a medicine is; None when it is in none."""
    own = {one.severity for one in found.checked.findings if key in one.keys}
    return next((one for one in SEVERITIES if one in own), None)


def counts(found: Sequence[Finding]) -> str:
    """'to ask at once 1, today 2'; "" for none."""
    parts = [
        f"{words} {number}"
        for one, words in WHEN.items()
        if (number := sum(finding.severity == one for finding in found))
    ]
    return f"to ask {', '.join(parts)}" if parts else ""
