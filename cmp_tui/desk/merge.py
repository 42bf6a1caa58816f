"""Merging two records of one person: everything of both in one, in one change that one undo takes back.

Every living row of every table that belongs to the other patient moves to the kept one (the tables themselves say
which: `merge_queries.links`). The other record is struck out, remembers where it went, and its number goes on finding
the person. Struck-out rows stay where they are; the history of the kept record shows them.

A month that is closed: its time and contacts move as dated amendments, as anything that is written into it. What it
billed (billing's ClosedResult) moves word for word and stays readable, both results where both had one; the month then
shows what it would bill by now beside it. An undo there is an amendment, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from peewee import fn

from cmp_tui.assessments.model import Tier
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.clinic.partial import latest
from cmp_tui.clinic.records import rows
from cmp_tui.contacts.model import Locked, closed_spans
from cmp_tui.desk.merge_queries import GONE, Link, links, say_part, seconds, values_of
from cmp_tui.desk.merge_rules import PARTS, Outcome, settle
from cmp_tui.enrollment.actions import edit_patient
from cmp_tui.enrollment.intake_actions import end_all_work, settle_stage
from cmp_tui.enrollment.model import Enrollment, Intake
from cmp_tui.patients.model import Patient, Phone, SheetNote

SOURCE = ("source", "source_digest")


class Merge(NamedTuple):
    """What was merged: the kept patient, the record number of the other, how many rows moved, how many of them lie in
    closed months."""

    kept: Patient
    other_mrn: str
    rows: int
    amended: int


def merge_patients(
    change: Change,
    keep: bytes,
    other: bytes,
    *,
    take: Collection[str] = (),
    seen: tuple[int, int] | None = None,
) -> Merge:
    """Merges the record of `other` into that of `keep`, and returns what was done.

    Where both say different things the kept record's word holds, but in the parts in `take` (`merge_rules.PARTS`), in
    which the other's was picked; what was not picked goes to the other names or into a note. `seen` are the versions
    of the two that the person saw. Raises Gone when one of them is not there, Refused when one has changed since,
    Invalid.
    """
    if keep == other:
        raise Invalid({"": "This is one and the same record."})
    mine, theirs = _living(keep), _living(other)
    if seen is not None and seen != (mine.version, theirs.version):
        raise Refused(
            "Someone changed one of the two records meanwhile. Nothing was merged: leave this form with esc and open "
            "it again."
        )
    unknown = set(take) - {part.name for part in PARTS}
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "This can't be picked."))
    change.about(keep, other)
    change.edit(Patient, other, None, merged_into=keep)
    outcome = settle(values_of(mine), values_of(theirs), take)
    change.strike(Patient, other, f"merged into MRN {mine.mrn}")  # first, so that the history begins with it
    moved, amended = _move_all(change, mine, theirs)
    notes = _end_seconds(change, keep)
    _add_note(change, mine, theirs, outcome, notes)
    kept = _take_values(change, mine, theirs, outcome)
    settle_stage(change, keep)
    change.note(kept=keep.hex(), merged=other.hex(), rows=moved, amended=amended)
    return Merge(kept, theirs.mrn, moved, amended)


def _living(key: bytes) -> Patient:
    row = Patient.get_or_none(Patient.id == key)
    if row is None or row.struck_at is not None:
        raise Gone(GONE)
    return row


def _move_all(change: Change, mine: Patient, theirs: Patient) -> tuple[int, int]:
    """Moves every row of the other patient; returns how many, and how many of them lie in closed months."""
    moved = amended = 0
    for link in links():
        edits = list(_edits(change, link, mine, theirs))
        moved += len(edits)
        amended += sum(1 for _, values in edits if "amended_at" in values)
        change.edit_many(link.model, edits)
    return moved, amended


def _edits(
    change: Change, link: Link, mine: Patient, theirs: Patient
) -> Iterator[tuple[bytes, dict[str, Any]]]:
    model, field = link
    own = getattr(model, field)
    columns = [model.id]
    if issubclass(model, Locked):
        columns.append(model.start if "start" in model._meta.fields else model.at)
        closed = {span.month for span in closed_spans(change.zone)}
    elif model is Phone:
        columns.append(Phone.rank)
        last = Phone.live(fn.MAX(Phone.rank)).where(Phone.patient == mine.id).scalar() or 0
    for key, *more in list(rows(model.live(*columns).where(own == theirs.id).order_by(model.id))):
        values: dict[str, Any] = {field: mine.id}
        if model is Phone:  # whom we call first stays the first
            values["rank"] = last + more[0]
        elif (
            issubclass(model, Locked)
            and closed
            and Month.of(more[0].astimezone(change.zone).date()) in closed
        ):
            why = f"moved here when MRN {theirs.mrn} was merged into MRN {mine.mrn}"
            values |= {"amended_at": change.now, "amended_by": change.who.id, "amended_why": why}
        yield key, values


def _end_seconds(change: Change, keep: bytes) -> list[tuple[str, str]]:
    """Ends what may be there only once; returns what has to be said of it in the note."""
    ending = seconds([keep], keep)
    change.edit_many(Enrollment, ((one.key, one.values) for one in ending.times))
    change.edit_many(Intake, ((one.key, {**one.values, "ended_on": change.today}) for one in ending.ways))
    notes = []
    for one in ending.risks:
        tier = change.get(Tier, one.key)
        by_hand = f", set to {tier.set_tier}: {tier.set_why}" if tier.set_tier else ""
        notes.append(
            ("Risk tier", f"{tier.tier} ({tier.points} points, computed {tier.computed_on}{by_hand})")
        )
        change.strike(Tier, one.key, "another tier holds since two records of the patient were merged")
    return notes


def _add_note(
    change: Change, mine: Patient, theirs: Patient, outcome: Outcome, notes: list[tuple[str, str]]
) -> None:
    """Keeps what was not picked, in words, among the notes of the chart's summary."""
    say = say_part(change.scope)
    left = [(part.label, say(part, values)) for part, values in outcome.left]
    lines = [("Record number", theirs.mrn), *left, *outcome.left_words, *notes]
    if theirs.source and mine.source:
        lines.append(("Source", theirs.source))
    text = ";\n".join(f"{label}: {words}" for label, words in lines)
    change.add(SheetNote, patient=mine.id, label=f"Merged MRN {theirs.mrn}", text=text)


def _take_values(change: Change, mine: Patient, theirs: Patient, outcome: Outcome) -> Patient:
    """Writes what becomes of the kept record's own values. Of someone who has died nothing is due in either record."""
    values = dict(outcome.values)
    if theirs.source and not mine.source:
        # An import goes on finding the person; as the two were put together here, it overwrites nothing by itself.
        values |= {name: getattr(theirs, name) for name in SOURCE} | {"source_version": 0}
    kept = edit_patient(change, mine.id, None, **values) if values else mine
    if kept.deceased and mine.deceased:  # a death that this record learns of has ended the work already
        day = min(latest(kept.deceased_on), change.today) if kept.deceased_on else change.today
        end_all_work(change, mine.id, day, "deceased", "died")
    return kept
