"""What this room's queries return: a referral on one line, a step of it, and a referral whole."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cmp_tui.patients.queries import Card
from cmp_tui.referrals.rules import Loop


class ReferralLine(NamedTuple):
    """A referral with whom it is about and whom it goes to.

    `to` is the name as it is shown, `phone`, `fax` and `hours` are the directory's, `visit_on` the day of the
    appointment that is booked (`appointment`, its key), `ordered_by` a username or a name outside.
    """

    id: bytes
    version: int
    patient: bytes
    mrn: str
    family: str
    given: str
    birth_date: str
    sex: str
    deceased: bool
    kind: str
    what: str
    question: str | None
    urgency: str
    provider: bytes | None
    to: str | None
    phone: str | None
    fax: str | None
    hours: str | None
    records: str | None
    ordered_by: str | None
    ordered_on: date
    goal: bytes | None
    condition: bytes | None
    need: str | None
    stay: bytes | None
    owner: bytes | None
    owner_name: str | None
    """Whose it is: the owner's name, else the care manager's."""
    status: str
    task_status: str
    stage: str
    stage_on: date
    check_on: date | None
    checks: int
    ended_on: date | None
    end: str | None
    end_why: str | None
    need_met: bool | None
    remarks: str | None
    appointment: bytes | None = None
    visit_on: date | None = None
    visit_time: str | None = None

    @property
    def loop(self) -> Loop:
        """What the clocks ask of it."""
        return Loop(self.kind, self.urgency, self.stage, self.ordered_on, self.stage_on, self.visit_on)

    def late(self, today: date) -> bool:
        """Whether the day on which we were to ask is past."""
        return self.ended_on is None and self.check_on is not None and self.check_on < today


class StepLine(NamedTuple):
    """A step of a referral; `staff_name` is who wrote it."""

    id: bytes
    version: int
    stage: str
    day: date
    said_by: str | None
    how: str | None
    why: str | None
    remarks: str | None
    staff_name: str | None


class LetterLine(NamedTuple):
    """A letter that left the house."""

    day: date
    to: str | None
    how: str | None


class Detail(NamedTuple):
    """A referral whole: its steps, the latest first, its letters, whom it is about, and its targets."""

    line: ReferralLine
    steps: tuple[StepLine, ...]
    letters: tuple[LetterLine, ...]
    person: Card
    orderer: str | None
    """The name of who ordered it."""
    goal: str | None
    target_on: date | None
    """Until when the stage is to be over."""
    seen_by: date | None
    """Until when the visit is to have been."""
    track: str
    """Whose clocks these are: "routine", "urgent" …"""
    today: date
