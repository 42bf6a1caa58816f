"""The time log: every span of a month with what an auditor asks, by span and by patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from cmp_tui.billing.programs import threshold
from cmp_tui.billing.rules import whole_minutes
from cmp_tui.billing.spans import Span, month_spans, why_entry_not
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope

__all__ = (
    "PatientMonth",
    "Span",
    "by_patient",
    "months_of",
    "time_log",
    "time_log_by_patient",
    "why_entry_not",
)


class PatientMonth(NamedTuple):
    """One patient's month: seconds summed, floored once to minutes."""

    mrn: str
    patient: str
    birth_date: str | None
    program: str | None
    entries: int
    seconds: int
    minutes: int
    billable_seconds: int
    billable_minutes: int
    first_unit: int | None
    reached: bool | None
    first_date: date
    last_date: date
    staff: str


def time_log(
    scope: Scope,
    month: Month,
    *,
    program: str | None = None,
    staff: str | None = None,
    practitioner: str | None = None,
) -> list[Span]:
    """Returns the month's spans by MRN and start. The order is complete, so two runs give the same rows.

    `staff` is a username, `practitioner` a username or a name. An entry that was struck out is not in the log; its
    history keeps it.
    """
    return list(month_spans(scope, month, program=program, staff=staff, practitioner=practitioner))


def time_log_by_patient(scope: Scope, month: Month, **narrow: Any) -> list[PatientMonth]:
    """Returns each patient's month, one row a program, from the same spans as `time_log`."""
    return by_patient(scope.reference, month, month_spans(scope, month, notes=False, **narrow))


def by_patient(reference: Reference, month: Month, spans: Iterable[Span]) -> list[PatientMonth]:
    """Sums spans in the order of `time_log` by patient and program."""
    return list(months_of(reference, month, spans))


def months_of(reference: Reference, month: Month, spans: Iterable[Span]) -> Iterator[PatientMonth]:
    """Gives what `by_patient` returns, one after the other; it holds one patient's spans at a time."""
    for (mrn, patient, born), theirs in groupby(
        spans, key=lambda span: (span.mrn, span.patient, span.birth_date)
    ):
        by_program: dict[str, list[Span]] = {}
        for span in theirs:
            by_program.setdefault(span.program or "", []).append(span)
        for program in sorted(by_program):
            yield _month_of(reference, month, mrn, patient, born, program or None, by_program[program])


def _month_of(
    reference: Reference,
    month: Month,
    mrn: str,
    patient: str,
    born: str | None,
    program: str | None,
    spans: list[Span],
) -> PatientMonth:
    seconds = sum(span.seconds for span in spans)
    billable = sum(span.seconds for span in spans if span.billable)
    rule = threshold(reference, program, month.last) if program else None
    first = rule.first if rule else None
    return PatientMonth(
        mrn, patient, born, program, len(spans), seconds, whole_minutes(seconds), billable, whole_minutes(billable),
        first, None if first is None else whole_minutes(billable) >= first,
        spans[0].date, spans[-1].date, ";".join(sorted({span.staff for span in spans})),
    )  # fmt: skip
