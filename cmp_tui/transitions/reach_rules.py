"""Which contacts stand for having reached somebody in the two business days after a discharge. Pure.

Billing-rules, section 6: an interactive contact with the patient or a caregiver, by clinical staff, about more than
dates; attempts are counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from cmp_tui.enrollment.rulebook import Clause
from cmp_tui.transitions.clock_rules import Clocks

TRIES = frozenset({"voicemail", "no-answer", "wrong-number", "refused"})
"""Outcomes that are attempts: with two of them in time a transition can be billed though nobody was reached."""


class Met(Protocol):
    """A contact as far as it may stand for having reached somebody. `at` is seconds since 1970, `day` the clinic's."""

    @property
    def at(self) -> int:
        """When it was."""

    @property
    def day(self) -> date:
        """On which day it was."""

    @property
    def clinical(self) -> bool:
        """Whether one of the clinical staff made it."""

    @property
    def mode(self) -> str:
        """By what way."""

    @property
    def outcome(self) -> str:
        """What came of it."""

    @property
    def with_whom(self) -> str:
        """With whom it was."""

    @property
    def scheduling(self) -> bool:
        """Whether it was only about appointments."""

    @property
    def precision(self) -> str | None:
        """How exactly its moment is known; None for exactly."""


def is_about(contact: Met, clause: Clause, discharged: date, discharged_at: int | None) -> bool:
    """Whether a contact since a discharge is of a kind that can reach somebody, or try to; whenever it was since."""
    if contact.day < discharged:
        return False
    inside = (
        contact.day == discharged
        and discharged_at is not None
        and contact.precision is None
        and contact.at < discharged_at
    )
    unsaid = contact.mode == "none" and contact.outcome != "not-applicable"  # how is not known, but that is
    return (
        not inside
        and contact.clinical
        and not contact.scheduling
        and contact.with_whom in clause.values["with_whom"]
        and (contact.mode in clause.values["modes"] or unsaid)
    )


def is_timely(contact: Met, clause: Clause, times: Clocks, discharged_at: int | None) -> bool:
    """Whether a contact lies in the first two business days and is of a kind that counts."""
    return contact.day <= times.contact_by and is_about(contact, clause, times.discharged, discharged_at)


def attempts(contacts: Sequence[Met]) -> int:
    """How many separate attempts there are among contacts: two at one moment are one."""
    return len({one.at for one in contacts if one.outcome in TRIES})
