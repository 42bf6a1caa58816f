"""What several commands read from their arguments: a patient, a day, a moment."""

from __future__ import annotations

from datetime import date, datetime

import click

from cmp_tui.clinic.calendar import day_of, utc
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import settings_list
from cmp_tui.patients.queries import PatientLine, by_mrn

OUTCOMES = click.Choice(["reached", "voicemail", "no-answer", "wrong-number", "refused", "not-applicable"])
"""How a contact can end."""


def patient_of(clinic: Clinic, mrn: str) -> PatientLine:
    """Returns the patient with an MRN. Raises Gone with a sentence."""
    found = clinic.read(by_mrn, mrn)
    if found is None:
        raise Gone(f"There is no patient with MRN {mrn}. Look with: cmp-tui find NAME")
    return found


def read_day(clinic: Clinic, text: str) -> date:
    """Reads a typed day with the small grammar of the forms."""
    from cmp_tui.ui.dates import Unclear, parse_day

    read = parse_day(text, clinic.clock.today(clinic.read(settings_list).zone), "future")
    if isinstance(read, Unclear):
        raise click.UsageError(read.sentence)
    return read.day


def read_moment(clinic: Clinic, text: str) -> datetime:
    """Reads a clinic time: a day with a time, or a time of today."""
    zone = clinic.read(settings_list).zone
    try:
        if "T" in text or " " in text:
            at = datetime.fromisoformat(text)
        else:
            hour, _, minute = text.partition(":")
            today = day_of(clinic.clock.now(), zone)
            at = datetime(today.year, today.month, today.day, int(hour), int(minute or 0))  # noqa: DTZ001
    except ValueError:
        raise click.UsageError(f"{text!r} is not a time. Write 14:30 or 2026-11-20T14:30.") from None
    return at if at.tzinfo else utc(at, zone)
