"""The minutes of a month that count for a patient's program: one number for lists, previews, charts and the log.

`counted_seconds` is the SQL twin of `rules.why_not`; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from cmp_tui.billing.programs import counts_activity, threshold
from cmp_tui.clinic.calendar import Month, day_start
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import stepped
from cmp_tui.clinic.written import Written, kept, keys_later, pieces, room_for
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.month import in_month, month_seconds, share
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.enrollment.queries import consented, enrolled
from cmp_tui.enrollment.rules import needs_consent

USUAL = "CCM"
"""The program whose minutes lists show until more programs have rules."""


class MonthMinutes(NamedTuple):
    """A patient's month: seconds that count for the program, all seconds logged, and the first unit in minutes.

    `first` is 0 when the patient is not enrolled, or no rule is known for the month.
    """

    counted: int = 0
    logged: int = 0
    first: int = 0


def counted_seconds(
    scope: Scope, month: Month, program: str = USUAL, *, patients: Any = None
) -> ModelSelect[Any]:
    """Returns a subquery with the columns `patient` and `seconds`: the time of a month that can be billed.

    Of clinical staff, not part of a billed visit, on days on which the patient is enrolled and the agreement is in
    force. Only patients with such time have a row; nothing is rounded. `patients` narrows it (keys or a subquery).
    """
    entries = TimeEntry.select(
        TimeEntry.patient.alias("patient"), share().alias("seconds"), _day(scope, month).alias("day")
    ).where(
        in_month(scope, month)
        & (TimeEntry.program == program)
        & (TimeEntry.clinical == True)  # noqa: E712
        & (TimeEntry.in_billed_visit == False)  # noqa: E712
        & (TimeEntry.precision.is_null() | (TimeEntry.precision != "month"))
        & TimeEntry.activity.not_in(_not_counted(scope, program))
    )
    if patients is not None:
        entries = entries.where(TimeEntry.patient.in_(patients))
    entry = entries.alias("entry")
    held = enrolled(scope, entry.c.day, program).where(Enrollment.patient == entry.c.patient)
    counts: Any = fn.EXISTS(held)
    if needs_consent(program):
        counts &= fn.EXISTS(consented(scope, entry.c.day, program).where(Consent.patient == entry.c.patient))
    total = fn.SUM(entry.c.seconds).coerce(False).alias("seconds")
    return TimeEntry.select(entry.c.patient, total).from_(entry).where(counts).group_by(entry.c.patient)


def month_minutes(scope: Scope, month: Month, patients: Collection[bytes]) -> dict[bytes, MonthMinutes]:
    """Returns the month of each of these patients; all of them are in it."""
    day = min(month.last, max(month.first, scope.today))
    rule = threshold(scope.reference, USUAL, day)
    first = rule.first if rule else 0
    found: dict[bytes, MonthMinutes] = {}
    for keys in pieces(patients):
        counted, logged, held = (
            dict(query.rows(scope, keys)) for query in _written(scope, month, day, len(keys))
        )
        for key in keys:
            found[key] = MonthMinutes(counted.get(key, 0), logged.get(key, 0), first if key in held else 0)
    return found


def _written(scope: Scope, month: Month, day: date, number: int) -> tuple[Written, ...]:
    """What counts, what was logged, and who is enrolled on a day: of as many patients."""
    size = room_for(number)

    def write() -> tuple[Written, ...]:
        keys = keys_later(size)
        held = enrolled(scope, day, USUAL).select_extend(Enrollment.program)
        return (
            Written(counted_seconds(scope, month, patients=keys)),
            Written(month_seconds(scope, month, patients=keys)),
            Written(held.where(Enrollment.patient.in_(keys))),
        )

    return kept(scope, "billing.minutes", (month, day, scope.settings, size), write)


def _not_counted(scope: Scope, program: str) -> list[str]:
    """The activities that a program does not count."""
    codes = (code.code for code in scope.reference.codes("activity"))
    return [code for code in codes if not counts_activity(scope.reference, program, code)]


def _day(scope: Scope, month: Month) -> Any:
    """An SQL expression: the clinic's day on which an entry begins, as ISO text."""
    days = [month.first + timedelta(days=number) for number in range((month.last - month.first).days + 1)]
    begins = [(int(day_start(day, scope.zone).timestamp()), day.isoformat()) for day in days]
    return stepped(TimeEntry.start, begins)
