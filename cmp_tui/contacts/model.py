"""The contact log, the time that was spent, and the running timer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    FactsField,
    InstantField,
    LinkField,
    MonthField,
    UidField,
    WordsField,
    YesNoField,
)
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, rows, unique_while_live
from cmp_tui.patients.model import Patient


class ClosedMonth(Record):
    """A month of the clinic that was closed: by whom, when, and past what, if anything stood in the way.

    What it could bill then stands in billing's ClosedResult. Time and contacts of the month are locked from then on:
    whatever is written into it is a dated amendment. `passed` holds what stood in the way; `rules_checked_on` and
    `rules_digest` say by which rules the month was judged.
    """

    month = MonthField()
    closed_at = InstantField()
    closed_by = LinkField(Staff)
    reason = WordsField(limit=1000, lines=True, null=True)
    passed = FactsField(null=True)
    rules_checked_on = DayField()
    rules_digest = WordsField(limit=64)


class Locked:
    """What has a moment by which it may lie in a closed month: there an undo is an amendment, too."""

    @classmethod
    def marks_of_undo(
        cls, change: Any, now: Mapping[str, Sequence[Any]], then: Mapping[str, Sequence[Any]]
    ) -> dict[str, list[Any]]:
        """See Record.marks_of_undo."""
        closed = closed_spans(change.zone)
        moment = "start" if "start" in now else "at"
        touched = [
            next((one.month for one in closed for at in places if one.first <= at < one.after), None)
            for places in zip(now[moment], then[moment], strict=True)
        ]
        if not any(touched):
            return {}
        what = "done again" if change.action.endswith("redo") else "undone"
        by_whom = {
            "amended_at": [int(change.now.timestamp())] * len(touched),
            "amended_by": [change.who.id] * len(touched),
            "amended_why": [f"{what} after {month.label} was closed" if month else None for month in touched],
        }
        return {
            name: [
                mark if month else was for month, mark, was in zip(touched, marks, then[name], strict=True)
            ]
            for name, marks in by_whom.items()
        }


class ClosedSpan(NamedTuple):
    """A closed month and its seconds since 1970: the first, and the first after it."""

    month: Month
    first: int
    after: int


def closed_spans(zone: ZoneInfo) -> list[ClosedSpan]:
    """Returns the closed months, by month."""
    found = []
    for (text,) in rows(ClosedMonth.live(ClosedMonth.month).order_by(ClosedMonth.month)):
        month = Month.parse(text)
        first, after = month.span(zone)
        found.append(ClosedSpan(month, int(first.timestamp()), int(after.timestamp())))
    return found


class Contact(Locked, Record):
    """One contact or attempt with or about a patient: with whom, how, reached or not, and the four-line note.

    `precision` is "day" when only the day is known (it was brought in); `at` then stands at the day's beginning.
    """

    patient = LinkField(Patient)
    staff = LinkField(Staff)
    at = InstantField()
    mode = CodeField("mode")
    outcome = CodeField("outcome")
    with_whom = CodeField("with_whom", default="patient")
    precision = CodeField("precision", null=True)
    why = WordsField(limit=1000, lines=True, null=True)
    changed = WordsField(limit=4000, lines=True, null=True)
    did = WordsField(limit=4000, lines=True, null=True)
    next = WordsField(limit=1000, lines=True, null=True)
    signed_as = WordsField(limit=200)
    signed_at = InstantField()
    group = UidField(null=True, column_name="contact_group")
    amended_at = InstantField(null=True)
    amended_by = LinkField(Staff, null=True)
    amended_why = WordsField(limit=300, null=True)

    class Meta:
        indexes = (
            # When someone was last reached, or tried in vain, without a look at the contacts themselves.
            (("patient", "at", "id", "outcome", "with_whom", "signed_at", "struck_at"), False),
            (("staff", "at"), False),
            (("group",), False),
        )


class TimeEntry(Locked, Record):
    """A span of work for one patient: start and end, who, with which credential then, what, for which program.

    `typed` says that minutes were typed and the end follows from them. `group_size` n means that the span was
    shared by n patients and an n-th of its seconds is this patient's; `group_place` (0 to n-1) says which n-th,
    so that the shares are whole seconds and add up to the span (contacts/rules.py, seconds_of). Nothing is stored
    as a total. An entry never crosses a clinic midnight.

    `precision` says how much of the start is known of time that was brought in: "day" when only the day is, "month"
    when it is a month's total out of a spreadsheet, which is shown and never billable. The start then stands at the
    beginning of the day or month, and overlaps nothing.
    """

    patient = LinkField(Patient)
    staff = LinkField(Staff)
    contact = LinkField(Contact, null=True)
    start = InstantField(column_name="started_at")
    end = InstantField(column_name="ended_at")
    typed = YesNoField(default=False)
    precision = CodeField("precision", null=True)
    credential = CodeField("credential")
    clinical = YesNoField()
    program = CodeField("program", null=True)
    practitioner = WordsField(limit=120, null=True)
    activity = CodeField("activity")
    face_to_face = YesNoField(default=False)
    in_billed_visit = YesNoField(default=False)
    group_size = CountField(default=1)
    group_place = CountField(default=0)
    group = UidField(null=True, column_name="entry_group")
    note = WordsField(limit=4000, lines=True, null=True)
    entered_at = InstantField()
    long_why = WordsField(limit=300, null=True)
    amended_at = InstantField(null=True)
    amended_by = LinkField(Staff, null=True)
    amended_why = WordsField(limit=300, null=True)

    class Meta:
        indexes = (
            (("patient", "start"), False),
            (("staff", "start"), False),
            # A month of everybody, without a look at the entries themselves.
            (
                (
                    "start",
                    "patient",
                    "end",
                    "program",
                    "clinical",
                    "in_billed_visit",
                    "activity",
                    "precision",
                    "group_size",
                    "group_place",
                    "struck_at",
                ),
                False,
            ),
            (("contact",), False),
            (("group",), False),
        )


class Timer(Record):
    """A timer. Each person has at most one that runs; parked ones wait to be logged or discarded."""

    patient = LinkField(Patient)
    staff = LinkField(Staff)
    start = InstantField(column_name="started_at")
    status = CodeField("timer_status", default="running")
    stopped_at = InstantField(null=True)
    on_call = YesNoField(default=False)
    entry = UidField(null=True)

    class Meta:
        indexes = ((("staff", "status"), False),)


class Gap(Record):
    """A gap in someone's day, or a chart that was opened, that needs no time entry: dismissed in the day review."""

    staff = LinkField(Staff)
    day = DayField()
    what = WordsField(limit=80)
    why = WordsField(limit=200, null=True)

    class Meta:
        indexes = ((("staff", "day"), False),)


TABLES = (ClosedMonth, Contact, TimeEntry, Timer, Gap)
unique_while_live(ClosedMonth.month)
unique_while_live(Timer.staff, where=Timer.status == "running")
