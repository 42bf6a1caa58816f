"""What the papers of a care plan say, as plain values: the patient's copy, the summary for others, who has which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from cmp_tui.careplan.lines import CopyLine, VersionLine, WholePlan

Day = date  # a field of this name hides the type


class Medicine(NamedTuple):
    """A medicine: what, how much and when, what for; `status` is a code of medication_status.

    `grid` is how many at which moment of the day, None where that is not known; `food` a code of with_food.
    """

    name: str
    dose: str | None
    reason: str | None
    status: str
    grid: Mapping[str, float] | None = None
    food: str | None = None
    as_needed: bool = False
    unit: str = ""


class Visiting(NamedTuple):
    """A visit that lies ahead: on which day, with whom, what for; at which hour ('09:30'), where, the number there, who
    drives, what to bring."""

    date: Day
    name: str | None
    what: str | None
    time: str | None = None
    place: str | None = None
    phone: str | None = None
    ride: str | None = None
    remarks: str | None = None


class CopyFacts(NamedTuple):
    """What the patient's copy says. `signs` are the warning signs by what to do then, in the order of urgency.

    `call_on` is when the clinic means to call next. Names of people are given name first.
    """

    whole: WholePlan
    name: str
    mrn: str
    birth_date: str | None
    language: str | None
    clinic: str
    phone: str
    phone_always: str
    care_manager: str | None
    practitioner: str | None
    medicines: tuple[Medicine, ...]
    allergies: tuple[str, ...]
    visits: tuple[Visiting, ...]
    call_on: date | None
    signs: Mapping[str, Sequence[str]]
    today: date


class Talk(NamedTuple):
    """A contact as a summary tells it."""

    date: Day
    words: str
    about: str


class Since(NamedTuple):
    """What someone got before: when and how, of which version, and what has changed since then.

    `number` is None for what was sent before the plan had a version: then nobody can say what has changed. `marks`
    say of goals, by their keys in hexadecimal digits, that they are "new" or "changed".
    """

    date: Day
    how: str
    number: int | None
    changes: tuple[str, ...]
    marks: Mapping[str, str]


class SummaryFacts(NamedTuple):
    """What the summary for another provider says besides the copy's facts. `since` is None for who gets it first."""

    copy: CopyFacts
    to: str
    sex: str
    phones: tuple[str, ...]
    interpreter: bool
    conditions: tuple[str, ...]
    allergies: tuple[str, ...]
    programs: tuple[str, ...]
    talks: tuple[Talk, ...]
    team: tuple[str, ...]
    consents: tuple[str, ...]
    referrals: tuple[str, ...]
    version: VersionLine | None
    since: Since | None


class Holder(NamedTuple):
    """Who has a copy or a summary of the plan: the last one that they got.

    `number` is the version it was made of. `current` says whether what it says still holds; None: nobody can tell.
    """

    kind: str
    to: str
    name: str | None
    how: str
    date: Day
    language: str | None
    number: int | None
    current: bool | None
    copy: CopyLine | None
