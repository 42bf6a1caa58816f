"""Time entries: logging, amending, taking a break out, striking out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cmp_tui.clinic.calendar import split_span
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.ids import following
from cmp_tui.clinic.records import columns_of
from cmp_tui.contacts.closed import amendment
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.rules import Span, cut_break, cut_breaks
from cmp_tui.patients.model import Patient

EDITABLE = frozenset(
    {
        "start",
        "end",
        "program",
        "practitioner",
        "activity",
        "face_to_face",
        "in_billed_visit",
        "note",
        "long_why",
    }
)
KEPT = frozenset({"id", "version", "struck_at", "struck_by", "struck_why", "start", "end"})
OF_THE_MOMENT = frozenset({"credential", "clinical", "entered_at", "amended_at", "amended_by", "amended_why"})
MOST_IN_A_GROUP = 50


def log_time(
    change: Change,
    patient: bytes,
    *,
    start: datetime,
    end: datetime,
    activity: str,
    typed: bool = False,
    program: str | None = None,
    practitioner: str | None = None,
    contact: bytes | None = None,
    note: str | None = None,
    group_size: int = 1,
    group: bytes | None = None,
    group_place: int = 0,
    long_why: str | None = None,
    breaks: Iterable[tuple[datetime, datetime]] = (),
    face_to_face: bool = False,
    in_billed_visit: bool = False,
    id: bytes | None = None,
    amend_why: str | None = None,
) -> list[TimeEntry]:
    """Logs time of the person for a patient and returns its entries, in order.

    A span is cut at breaks and at the clinic's midnights, so that every entry belongs to one day and one month.
    Name, credential and whether it counts as clinical are those of now. `group_size` n with `group_place` 0 to
    n-1 says that this patient has one n-th of an activity for n patients. `id` is the key of the first entry, made
    before; when the same time is saved with it again, nothing is written and what is there is returned.
    In a closed month an entry is an amendment, and `amend_why` its reason ("amend_why" is Invalid without one).
    Raises Invalid when it ends in the future or before it starts, when the breaks leave nothing, when a piece is
    longer than the setting longest_entry_hours and `long_why` is empty, or when `id` is that of other time; Gone
    without the patient.
    """
    change.get(Patient, patient)
    if not 1 <= group_size <= MOST_IN_A_GROUP or not 0 <= group_place < group_size:
        raise Invalid({"": f"Time can be shared by up to {MOST_IN_A_GROUP} patients."})
    common: dict[str, Any] = {
        "patient": patient,
        "staff": change.who.id,
        "contact": contact,
        "typed": typed,
        "credential": change.who.credential,
        "clinical": change.who.clinical,
        "program": program or None,
        "practitioner": practitioner or None,
        "activity": activity,
        "face_to_face": face_to_face,
        "in_billed_visit": in_billed_visit,
        "group_size": group_size,
        "group_place": group_place,
        "group": group,
        "note": note,
        "entered_at": change.now,
        "long_why": long_why or None,
    }
    pieces = _pieces(change, start, end, breaks, long_why)
    amended = {piece: amendment(change, [piece.start], amend_why) for piece in pieces}
    wanted = [{**common, "start": piece.start, "end": piece.end, **amended[piece]} for piece in pieces]
    if id is None:
        return [change.add(TimeEntry, **values) for values in wanted]
    keys = [following(id, number) for number in range(len(wanted))]
    return _saved(change, keys, wanted) or [
        change.add(TimeEntry, key, **values) for key, values in zip(keys, wanted, strict=True)
    ]


def edit_entry(change: Change, key: bytes, seen: int | None, *, why: str, **values: Any) -> TimeEntry:
    """Amends a saved entry and returns it: its first version stays readable, and when, by whom and why is noted.

    Takes start, end, program, practitioner, activity, face_to_face, in_billed_visit, note, long_why, and `minutes`
    (typed; the end follows). What equals the saved entry amends nothing. A new span that crosses a midnight of
    the clinic is split. When the entry is a share of one activity for several patients, a new span is that of
    all its shares. Raises Invalid, Gone, Conflict.
    """
    entry = change.get(TimeEntry, key)
    _refuse_total(entry)
    if "minutes" in values:
        values["end"] = (values.get("start") or entry.start) + timedelta(minutes=values.pop("minutes"))
        values["typed"] = True
    unknown = set(values) - EDITABLE - {"typed"}
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "This can't be changed. Strike the entry out and log it anew."))
    fields = TimeEntry._meta.fields
    changed = {
        name: value
        for name, value in values.items()
        if (None if value in (None, "") else fields[name].check(value, change.reference))
        != getattr(entry, name)
    }
    if not changed:
        return entry
    _need_why(why)
    if not {"start", "end"} & set(changed):
        return change.edit(TimeEntry, key, seen, **changed, **_amended(change, why))
    new_end = "end" in changed
    start, end = changed.pop("start", entry.start), changed.pop("end", entry.end)
    pieces = _pieces(change, start, end, (), changed.get("long_why", entry.long_why))
    if entry.precision and start != entry.start:
        changed["precision"] = None  # somebody has said when it was
    if new_end and end - start != entry.end - entry.start:
        changed.setdefault("typed", values.get("typed", False))  # another end was said, no minutes
    return _respan(change, entry, seen, pieces, changed, why)[0]


def split_break(
    change: Change, key: bytes, seen: int | None, break_start: datetime, break_end: datetime, why: str
) -> list[TimeEntry]:
    """Takes a break out of a saved entry and returns what is left: one entry or two, of the same contact.

    Of an activity for several patients the break is taken out of all shares; those of this patient are returned.
    Raises Invalid when the break does not lie in the entry or leaves nothing of it, Gone, Conflict.
    """
    entry = change.get(TimeEntry, key)
    _refuse_total(entry)
    _need_why(why)
    if break_end <= break_start:
        raise Invalid({"break_end": "The break ends before it starts."})
    parts = cut_break(entry.start, entry.end, break_start, break_end)
    if parts == [Span(entry.start, entry.end)]:
        raise Invalid({"break_start": "The break lies outside this entry; nothing would change."})
    if not parts:
        raise Invalid({"": "Nothing would be left of this entry. Strike it out instead."})
    return _respan(change, entry, seen, parts, {}, why)


def strike_entry(change: Change, key: bytes, why: str, seen: int | None = None) -> TimeEntry:
    """Strikes an entry out, with a reason: it no longer counts anywhere and stays readable in the history.

    The shares of other patients in the same activity stay as they are. Raises Invalid, Gone, Conflict.
    """
    return change.strike(TimeEntry, key, why, seen)


def _refuse_total(entry: TimeEntry) -> None:
    """A month's total out of a spreadsheet says nothing of who worked when: it can't be turned into time."""
    if entry.precision == "month":
        raise Invalid(
            {"": "This is a month's total from a spreadsheet. Strike it out and log what was done instead."}
        )


def _saved(change: Change, keys: list[bytes], wanted: list[dict[str, Any]]) -> list[TimeEntry]:
    """The entries that were saved under these keys before; Invalid when they are not those that are wanted."""
    saved = list(TimeEntry.select().where(TimeEntry.id.in_(keys)).order_by(TimeEntry.start))
    fields = TimeEntry._meta.fields
    for entry, values in zip(saved, wanted, strict=False):
        same = all(
            getattr(entry, name)
            == (None if value in (None, "") else fields[name].check(value, change.reference))
            for name, value in values.items()
            if name not in OF_THE_MOMENT
        )
        if not same or len(saved) != len(wanted) or entry.struck_at is not None:
            raise Invalid(
                {"": "This time is saved already. Open it under Calls & time to change it; close this form."}
            )
    return saved


def _pieces(
    change: Change,
    start: datetime,
    end: datetime,
    breaks: Iterable[tuple[datetime, datetime]],
    long_why: str | None,
) -> list[Span]:
    """The spans to be stored, or Invalid."""
    wrong = {}
    for name, at in (("start", start), ("end", end)):
        if at.tzinfo is None:
            wrong[name] = "This is not a moment with a time zone."
    if wrong:
        raise Invalid(wrong)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    if end > change.now:
        raise Invalid({"end": "This ends in the future. Log time when it is spent."})
    if end <= start:
        raise Invalid({"end": "The end is not after the start."})
    breaks = list(breaks)
    if any(break_end <= break_start for break_start, break_end in breaks):
        raise Invalid({"breaks": "A break ends before it starts."})
    left = cut_breaks(start, end, breaks)
    if not left:
        raise Invalid({"breaks": "The breaks leave nothing of this time."})
    hours = change.settings.longest_entry_hours
    if not (long_why or "").strip() and any(span.end - span.start > timedelta(hours=hours) for span in left):
        raise Invalid({"long_why": f"This is longer than {hours} hours. Say why, or correct the times."})
    return [Span(*piece) for span in left for piece in split_span(span.start, span.end, change.zone)]


def _respan(
    change: Change, entry: TimeEntry, seen: int | None, parts: list[Span], values: Mapping[str, Any], why: str
) -> list[TimeEntry]:
    """Gives an entry (and the other shares of its activity) new spans: the first stays its own, others are added.

    Returns what the entry became.
    """
    amended = _amended(change, why)
    spans = {"start": parts[0].start, "end": parts[0].end}
    others = _other_shares(entry)
    typed = {"typed": values["typed"]} if "typed" in values else {}
    first = change.edit(TimeEntry, entry.id, seen, **values, **spans, **amended)
    for other in others:
        row = change.edit(TimeEntry, other.id, None, **typed, **spans, **amended)
        _add_parts(change, row, parts[1:])
    return [first, *_add_parts(change, first, parts[1:])]


def _add_parts(change: Change, like: TimeEntry, parts: list[Span]) -> list[TimeEntry]:
    kept = {name: getattr(like, name) for name in columns_of(TimeEntry) if name not in KEPT}
    return [change.add(TimeEntry, **kept, start=part.start, end=part.end) for part in parts]


def _other_shares(entry: TimeEntry) -> list[TimeEntry]:
    """The other patients' shares of the same span of one activity."""
    if entry.group is None:
        return []
    same = (TimeEntry.group == entry.group) & (TimeEntry.start == entry.start) & (TimeEntry.end == entry.end)
    return list(TimeEntry.live().where(same & (TimeEntry.staff == entry.staff) & (TimeEntry.id != entry.id)))


def _amended(change: Change, why: str) -> dict[str, Any]:
    return {"amended_at": change.now, "amended_by": change.who.id, "amended_why": why}


def _need_why(why: str) -> None:
    if not why.strip():
        raise Invalid({"why": "Say why this is changed; the reason stays with the entry."})
