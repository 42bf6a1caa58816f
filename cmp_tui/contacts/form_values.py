"""What the fields of the time forms mean: a day, a beginning and minutes become a span, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import is_skipped, local, utc
from cmp_tui.clinic.errors import Conflict, Invalid
from cmp_tui.contacts.rules import is_late
from cmp_tui.ui.spans import Span
from cmp_tui.ui.words import clock_words, day_words

RENAMED = {"start": "begin", "end": "minutes"}
"""Fields of an entry, and the fields of the form in which they are typed."""


class Meant(NamedTuple):
    """The span that a form means; `typed` when only its minutes were typed."""

    start: datetime
    end: datetime
    typed: bool


def instant(day: date, at: time, zone: ZoneInfo, name: str = "begin") -> datetime:
    """Returns the moment of a day at which the clinic's clock shows `at`. Raises Invalid where it never does."""
    shown = datetime.combine(day, at)
    if is_skipped(shown, zone):
        raise Invalid({name: f"The clock was set forward over {at:%H:%M} on that day. Type another time."})
    return utc(shown, zone)


def meant(day: date, begin: time | None, minutes: Span | None, now: datetime, zone: ZoneInfo) -> Meant:
    """Returns the span that a day, a beginning and minutes mean.

    A span of the clock (10:04-10:16) says all. Minutes alone end now, on the clinic's day; on another day their
    beginning is needed. Raises Invalid, field by field.
    """
    if minutes is None or minutes.minutes <= 0:
        raise Invalid({"minutes": "Say how long it took: 12, or 10:04-10:16."})
    if minutes.start is not None and minutes.end is not None:
        start, end = instant(day, minutes.start, zone, "minutes"), instant(day, minutes.end, zone, "minutes")
        return Meant(start, end, False)
    length = timedelta(minutes=minutes.minutes)
    if begin is not None:
        start = instant(day, begin, zone)
        return Meant(start, start + length, True)
    if day != local(now, zone).date():
        raise Invalid({"begin": "Say when it began: on another day than today the minutes alone don't tell."})
    return Meant(now - length, now, True)


def pause(day: date, begin: time | None, minutes: Span | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Returns the span of a break within an entry of that day. Raises Invalid."""
    if minutes is None or minutes.minutes <= 0:
        raise Invalid({"minutes": "Say how long the break was: 5, or 10:10-10:15."})
    if minutes.start is not None and minutes.end is not None:
        return instant(day, minutes.start, zone, "minutes"), instant(day, minutes.end, zone, "minutes")
    if begin is None:
        raise Invalid({"begin": "Say when the break began."})
    start = instant(day, begin, zone)
    return start, start + timedelta(minutes=minutes.minutes)


def shown(start: datetime, end: datetime, zone: ZoneInfo) -> dict[str, object]:
    """Returns the fields (day, begin, minutes) that show a span."""
    began = local(start, zone)
    whole = int((end - start).total_seconds()) // 60
    return {
        "day": began.date(),
        "begin": began.time().replace(second=0, microsecond=0),
        "minutes": Span(whole),
    }


def respanned(
    start: datetime, end: datetime, changes: Mapping[str, object], zone: ZoneInfo
) -> dict[str, object]:
    """Returns what an edited entry needs (start, end, typed) for the fields that were changed.

    Another beginning moves the span; other minutes make it longer or shorter; its seconds stay where nothing was
    typed. Nothing for changes that don't touch the span. Raises Invalid.
    """
    if not {"day", "begin", "minutes"} & set(changes):
        return {}
    fields = {**shown(start, end, zone), **changes}
    day, begin, minutes = fields["day"], fields["begin"], fields["minutes"]
    if not isinstance(day, date) or not isinstance(begin, time):
        raise Invalid({"begin": "Say on which day and at what time it began."})
    if not isinstance(minutes, Span) or minutes.minutes <= 0:
        raise Invalid({"minutes": "Say how long it took; to take all of it away, strike the entry out."})
    if minutes.start is not None and minutes.end is not None:
        clock = (instant(day, minutes.start, zone, "minutes"), instant(day, minutes.end, zone, "minutes"))
        return {"start": clock[0], "end": clock[1], "typed": False}
    moved = {"day", "begin"} & set(changes)
    first = instant(day, begin, zone) if moved else start
    if "minutes" in changes:
        return {"start": first, "end": first + timedelta(minutes=minutes.minutes), "typed": True}
    return {"start": first, "end": first + (end - start)}


def in_form(invalid: Invalid) -> Invalid:
    """Returns what is wrong with an entry by the names that its form's fields have."""
    return Invalid({RENAMED.get(name, name): sentence for name, sentence in invalid.fields.items()})


def conflict_in_form(conflict: Conflict, start: datetime, end: datetime, zone: ZoneInfo) -> Conflict:
    """Returns what someone else saved by the names and in the form that the entry's form has."""
    theirs = {name: value for name, value in conflict.theirs.items() if name not in RENAMED}
    if RENAMED.keys() & conflict.theirs.keys():
        first, last = conflict.theirs.get("start", start), conflict.theirs.get("end", end)
        assert isinstance(first, datetime) and isinstance(last, datetime)
        theirs |= shown(first, last, zone)
    return Conflict(conflict.who, conflict.at, conflict.version, theirs)


def late_words(start: datetime, end: datetime, entered: datetime, today: date, zone: ZoneInfo) -> str:
    """' It is marked late: done Fri 20 Nov, entered today.', or nothing when it was entered on its day."""
    if not is_late(end, entered, zone):
        return ""
    done = day_words(local(start, zone).date(), today)
    return f" It is marked late: done {done}, entered {day_words(local(entered, zone).date(), today)}."


def span_words(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """'10:04–10:16'"""
    return f"{clock_words(start, zone)}–{clock_words(end, zone)}"
