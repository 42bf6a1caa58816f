"""The fields of the contact form: what `log_contact` and `log_group` take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Required, TypedDict

from cmp_tui.careplan.form_values import GoalSaid
from cmp_tui.contacts.timer_rules import Answer


class ContactForm(TypedDict, total=False):
    """What is known of a contact when it is saved. Only how and with which outcome are needed.

    * `id`: made when the form opened; saving twice writes once.
    * `at`: when it took place; default the start of its time, else now.
    * `minutes`, `start`, `end`, `timer`: the time spent, see desk/rules.py, spent. None of them: no time.
      `timer_answer` says what counts when nobody touched the keyboard for a while.
    * `breaks` are taken out; `long_why` is the reason for an unusually long span.
    * `program`, `practitioner`: default those of the patient's one enrollment on that day; "" says none.
    * `why`, `changed`, `did`, `next`: the four lines of the note.
    * `next_due` makes the next task: `next_title` (default: the first line of `next`; after a try in vain, which
      try it will be), `next_time` ("morning"), `next_kind`, `next_assignee` (default: oneself).
    * `settles`: the tasks that this contact was for.
    * `goals`: what it said of the patient's goals.
    * `amend_why`: the reason for adding it to a month that is closed.
    """

    id: bytes | None
    at: datetime | None
    mode: Required[str]
    outcome: Required[str]
    with_whom: str
    minutes: int | None
    start: datetime | None
    end: datetime | None
    timer: bytes | None
    timer_answer: Answer | None
    breaks: Sequence[tuple[datetime, datetime]]
    long_why: str | None
    activity: str
    program: str | None
    practitioner: str | None
    face_to_face: bool | None
    in_billed_visit: bool
    why: str | None
    changed: str | None
    did: str | None
    next: str | None
    next_title: str | None
    next_due: date | None
    next_time: str | None
    next_kind: str | None
    next_assignee: bytes | None
    settles: Sequence[bytes]
    goals: Sequence[GoalSaid]
    amend_why: str | None


def check_names(form: Mapping[str, Any]) -> None:
    """Raises TypeError for a field that the form does not have, or one that is needed and missing."""
    unknown = set(form) - set(ContactForm.__annotations__)
    missing = ContactForm.__required_keys__ - set(form)
    if unknown or missing:
        raise TypeError(f"contact form: unknown {sorted(unknown)}, missing {sorted(missing)}")
