"""What a change did, in words: which record, which columns, from what to what. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.chart.days import partial_words
from cmp_tui.chart.history import MODELS, Deed, RowChange
from cmp_tui.chart.labels import MANY, RECORDS, label_of
from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.fields import CodeField, CodesField, LinkField, PartialDateField
from cmp_tui.clinic.reference import Reference
from cmp_tui.contacts.rules import seconds_of
from cmp_tui.ui.words import clock_words, day_words, minutes_words, name_words, one_line, phone_words

ADDED, CHANGED, STRUCK, BACK = "added", "changed", "struck out", "brought back"
PLAIN = frozenset({"patient", "contact", "time_entry", "plan_version"})
"""Records whose words say what they are."""
FEW = 2
"""Rows of a kind that one change added, up to which each is named; more of them are counted."""
TAKEN_BACK = "undone"
"""The reason that an undo writes into a row that it takes away (clinic/history.py)."""


class FieldChange(NamedTuple):
    """One column: what it is called, its old and its new value in words ("" for nothing)."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Sayer:
    """Says values in words: codes by their labels, people by name, moments on the clinic's clock."""

    reference: Reference
    zone: ZoneInfo
    today: date
    staff: Mapping[bytes, str]
    measures: Mapping[str, str]

    def value(self, table: str, column: str, value: Any) -> str:
        """Returns a value of a column in words; '' for nothing."""
        if value is None or value == "":
            return ""
        field = MODELS[table]._meta.fields[column]
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(field, CodeField):
            return self.reference.label(field.column_of_codes, value)
        if isinstance(field, CodesField):
            return "; ".join(self.reference.label(field.column_of_codes, code) for code in sorted(value))
        if isinstance(field, LinkField):
            return self.staff.get(value, "someone")
        if column == "group_size" and value == 1:
            return ""
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return day_words(value, self.today)
        if isinstance(value, float):
            return f"{value:g}"
        if isinstance(field, PartialDateField) and column != "birth_date":
            return partial_words(value, self.today)
        if table == "measurement" and column == "kind":
            return self.measures.get(value, value)
        if table == "phone" and column == "number":
            return phone_words(value)
        return one_line(str(value))

    def moment(self, at: datetime) -> str:
        """'Fri 20 Nov 10:04'"""
        return f"{day_words(local(at, self.zone).date(), self.today)} {clock_words(at, self.zone)}"

    def name(self, table: str, row: Mapping[str, Any]) -> str:
        """Returns the words by which a row is known: a phone's number, a condition's name."""

        def say(column: str) -> str:
            return self.value(table, column, row.get(column))

        if table == "patient":
            return name_words(row.get("family") or "", row.get("given") or "")
        if table == "time_entry":
            size, place = row.get("group_size") or 1, row.get("group_place") or 0
            spent = minutes_words(seconds_of(row["start"], row["end"], size, place))
            return f"{spent} {say('activity')}"
        if table == "condition":
            return say("own_words") or say("display")
        if table == "measurement":
            both = " / ".join(part for part in (say("value"), say("value2")) if part) or say("text")
            return f"{say('kind')} {both}"
        if table == "tier":
            return f"tier {row.get('set_tier') or row.get('tier')}"
        if table == "consent":
            return f"{row.get('program')} {say('decision')}"
        if table == "plan_version":
            return f"version {row.get('number')}"
        if table == "plan_copy":
            return f"for {row.get('name') or say('to')}, {say('how')}"
        if table == "enrollment":
            return f"{row.get('program')} {say('status')}"
        first, second = _NAMED.get(table, ("", ""))
        return ", ".join(
            part for part in (say(first) if first else "", say(second) if second else "") if part
        )


_NAMED: Mapping[str, tuple[str, str]] = {
    "phone": ("number", ""),
    "allergy": ("substance", ""),
    "related_person": ("name", ""),
    "team_member": ("name", ""),
    "visit": ("kind", "date"),
    "stay": ("kind", "facility"),
    "vaccination": ("display", ""),
    "task": ("title", ""),
    "snooze": ("source", ""),
    "contact": ("mode", "outcome"),
    "timer": ("status", ""),
    "medication": ("display", ""),
    "reconciliation_line": ("listed", ""),
    "goal": ("title", ""),
    "barrier": ("kind", "words"),
    "intervention": ("title", ""),
    "goal_progress": ("achievement", "note"),
    "teaching": ("topic", ""),
}


def kind_of(change: RowChange) -> str:
    """Returns what became of the row: added, changed, struck out, or brought back."""
    if change.before is None:
        return ADDED
    was, is_now = change.before.get("struck_at"), change.after.get("struck_at")
    if was is None and is_now is not None:
        return STRUCK
    if was is not None and is_now is None:
        return BACK
    return CHANGED


def field_changes(
    table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], say: Sayer
) -> list[FieldChange]:
    """Returns the columns that differ, in words; for a new row those that are not empty."""
    found = []
    for column in MODELS[table]._meta.sorted_field_names:
        label = label_of(table, column)
        old, new = None if before is None else before.get(column), after.get(column)
        if label is None or old == new:
            continue
        words = FieldChange(label, say.value(table, column, old), say.value(table, column, new))
        if words.old != words.new and (before is not None or words.new not in ("", "no")):
            found.append(words)
    return found


def arrow(change: FieldChange) -> str:
    """'no → yes'; what was empty before is only the new value."""
    if not change.old:
        return change.new
    return f"{change.old} → {change.new or 'nothing'}"


def deed_words(deed: Deed, say: Sayer) -> str:
    """Returns a change on one line: 'phone (512) 555-0133', 'leave a message: no → yes'."""
    counts = Counter(change.table for change in deed.imported)
    parts = [_count(table, count) for table, count in counts.items()]
    added = Counter(change.table for change in deed.changes if kind_of(change) == ADDED)
    for change in deed.changes:
        kind, record = kind_of(change), RECORDS[change.table]
        name = say.name(change.table, change.after)
        if kind == CHANGED:
            fields = field_changes(change.table, change.before, change.after, say)
            if not fields:
                continue
            said = ", ".join(f"{one.label}: {arrow(one)}" for one in fields[:3])
            more = f" and {len(fields) - 3} more" if len(fields) > 3 else ""
            parts.append(
                f"{said}{more}" if change.table == "patient" or not name else f"{name}: {said}{more}"
            )
        elif kind == STRUCK:
            why = change.after.get("struck_why") or ""
            parts.append(
                (name if len(deed.changes) == 1 else f"{record} {name}")
                + (f" ({why})" if why and why != TAKEN_BACK else "")
            )
        else:
            plain = len(deed.changes) == 1 or change.table in PLAIN
            many = kind == ADDED and added[change.table] > FEW
            words = (
                _count(change.table, added[change.table]) if many else name if plain else f"{record} {name}"
            )
            parts += [] if many and words in parts else [words.strip()]
    return "; ".join(part for part in parts if part)


def _count(table: str, count: int) -> str:
    record = RECORDS[table]
    return f"1 {record}" if count == 1 else f"{count} {MANY.get(record, record + 's')}"
