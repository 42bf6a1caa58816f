"""What stands in the contact form, as what `log_contact` takes; and its refusals, beside the form's fields. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import Invalid
from cmp_tui.contacts.form_values import instant
from cmp_tui.ui.spans import Span
from cmp_tui.ui.words import full_day_words

WORDS = ("outcome", "with_whom", "mode", "activity", "why", "changed", "did", "long_why", "amend_why")
FIELD_OF = {"at": "time", "start": "minutes", "end": "minutes", "timer": "minutes", "next": "next_title"}
RETRY_FIELD_OF = {"next_due": "retry_due", "next_time": "retry_time", "next_title": "retry_due"}
"""Where the form calls a field otherwise than the action does."""


class Timed(Protocol):
    """What is looked at of a timer."""

    @property
    def id(self) -> bytes: ...
    @property
    def start(self) -> datetime: ...
    @property
    def absence(self) -> object: ...


def form_of(
    zone: ZoneInfo, today: date, values: Mapping[str, object], timer: Timed | None, args: Mapping[str, Any]
) -> dict[str, Any]:
    """Returns what `log_contact` takes. `args` hold the contact's key (`id`) and the tasks that it `settles`.

    Raises Invalid on "time" when an earlier day has no time, and on a time that the clock skipped.
    """
    form: dict[str, Any] = {
        "id": bytes.fromhex(args["id"]),
        "settles": [bytes.fromhex(one) for one in args.get("settles", ())],
        "timer": timer.id if timer else None,
        "at": moment(zone, today, values, timer),
        **{name: values.get(name) or None for name in WORDS},
        **time_of(zone, values, timer),
        "goals": values.get("goals") or None,
    }
    if "retry_due" in values:
        form |= {"next_due": values["retry_due"], "next_time": values.get("retry_time") or None}
    else:
        title = str(values.get("next_title") or "").strip() or None
        form |= {"next_due": values.get("next_due"), "next_title": title, "next": title}
    return {name: value for name, value in form.items() if value is not None}


def time_of(zone: ZoneInfo, values: Mapping[str, object], timer: Timed | None) -> dict[str, Any]:
    """Returns minutes or a span; an untouched timer counts as it ran, an emptied one is let go."""
    span = values.get("minutes")
    if not isinstance(span, Span):
        return {"minutes": 0} if timer is not None else {}
    if timer is not None and span.source == "timer":
        return {"timer_answer": values.get("timer_answer")} if timer.absence else {}
    if span.start is None or span.end is None:
        return {"minutes": span.minutes}
    day = values.get("day")
    assert isinstance(day, date)
    end_day = day if span.end > span.start else day + timedelta(days=1)  # "until midnight"
    return {
        "start": instant(day, span.start, zone, "minutes"),
        "end": instant(end_day, span.end, zone, "minutes"),
    }


def moment(
    zone: ZoneInfo, today: date, values: Mapping[str, object], timer: Timed | None = None
) -> datetime | None:
    """Returns when the contact took place; None is now, or the start of its time.

    Raises Invalid on "time" when an earlier day has neither a time nor a span of the clock.
    """
    day, at, span = values.get("day"), values.get("time"), values.get("minutes")
    if isinstance(at, time):
        return instant(day if isinstance(day, date) else today, at, zone, "time")
    if isinstance(span, Span) and span.start is not None:
        return None
    if timer is not None and day == local(timer.start, zone).date():
        return timer.start
    if isinstance(day, date) and day != today:
        raise Invalid({"time": f"At what time on {full_day_words(day)}? Something like 14:30."})
    return None


def beside_its_field(invalid: Invalid, values: Mapping[str, object]) -> Invalid:
    """Returns the same sentences under the names of the form's fields, so that each stands beside what it is about."""
    names = {**FIELD_OF, **(RETRY_FIELD_OF if "retry_due" in values else {})}
    sentences = {names.get(name, name): sentence for name, sentence in invalid.fields.items()}
    if "timer" in invalid.fields:  # its person went away after the form had opened: no field asks about that
        sentences["minutes"] += " Type the minutes that count."
    return Invalid(sentences)
