"""What all mapping of imported records needs: tables, days of the clinic, texts that fit their columns. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.text import clean
from cmp_tui.exchange.fhir.records import Moment
from cmp_tui.measurements.coding import MeasurementTables
from cmp_tui.patients.coding import ConditionTables

LONGEST_SOURCE = 300


class LeftOut(NamedTuple):
    """A record that is not taken. `heap` is not-taken, social or not-a-problem; `words` is what is counted."""

    heap: str
    words: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables and the clinic's time zone, and a count of the texts that had to be cut."""

    conditions: ConditionTables
    measurements: MeasurementTables
    zone: ZoneInfo
    shortened: Counter[str] = field(default_factory=Counter)
    _days: dict[datetime, date] = field(default_factory=dict)

    def day(self, moment: Moment | None) -> date | None:
        """The clinic's day of a moment; None when the source knows only the month or the year."""
        if moment is None:
            return None
        if moment.at is None:
            return date.fromisoformat(moment.day) if len(moment.day) == 10 else None
        found = self._days.get(moment.at)
        if found is None:
            found = self._days[moment.at] = day_of(moment.at, self.zone)
        return found

    def partial(self, moment: Moment | None) -> str | None:
        """The clinic's day of a moment, or the month or year when no more is known."""
        day = self.day(moment)
        return day.isoformat() if day else moment.day if moment else None

    def cut(self, text: str, limit: int, what: str) -> str | None:
        """The text if it fits, else what fits of it; `what` names the column in the report."""
        if len(text) > limit:
            self.shortened[what] += 1
            text = text[: limit - 1].rstrip() + "…"
        return text or None

    def whole(self, text: str, limit: int, what: str) -> str | None:
        """A number or code if it fits, else nothing: half a number is a wrong one."""
        if len(text) > limit:
            self.shortened[what] += 1
            return None
        return text or None


def bounded(source: str) -> str:
    """A source as it is stored: cleaned, and of bounded length (a long one ends in a hash of the whole)."""
    if len(source) <= LONGEST_SOURCE and source.isascii() and source.isprintable():
        return source.strip()
    if len(source) > LONGEST_SOURCE:
        source = f"{source[: LONGEST_SOURCE - 40]}#{digest_of(source)}"
    return clean(source, limit=LONGEST_SOURCE).text


def digest_of(*parts: str) -> str:
    """16 hex digits over texts: equal digests mean that nothing has changed."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
