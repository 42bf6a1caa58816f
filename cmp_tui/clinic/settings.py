"""The clinic's settings: names, defaults and what they mean. They live in the file and have a history."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.text import TooLong, clean


@dataclass(frozen=True, slots=True)
class Settings:
    """The clinic's settings, each with its default."""

    name: str = "Clinic"
    time_zone: str = "America/Chicago"
    practice: bool = False
    """A practice (demo) file: fictional people, may be opened at a frozen time."""
    practice_person: str = ""
    """The username as whom a practice file opens."""
    not_reached_days: int = 30
    """An enrolled patient who was not reached for this many days comes to Today."""
    retry_days: int = 1
    """The next try after an unreached one is proposed this many business days later, at another hour."""
    outreach_tries: int = 3
    """Someone who may join a program is tried this often before "could not be reached" is proposed."""
    outreach_days: int = 1
    """Such a try counts when it lies this many days (or more) after the one before."""
    outreach_parts: bool = True
    """They are tried in the morning and in the afternoon."""
    minutes_notice_days: int = 10
    """Minutes short of a threshold come to Today when this many working days or fewer are left."""
    on_call_question_minutes: int = 15
    answer_hours_routine: int = 72
    """A concern that went to a practitioner wants an answer in this many hours, by its urgency; then it climbs."""
    answer_hours_urgent: int = 24
    answer_hours_asap: int = 4
    answer_hours_stat: int = 1
    plan_review_months: int = 12
    """A care plan is due for its review this many months after the last one was finished."""
    teach_partly_days: int = 30
    """A topic that was understood in part is taught again after this many days."""
    teach_repeat_days: int = 7
    """A topic that was not understood is taught again after this many days."""
    goal_quiet_days: int = 60
    """A goal that did not get better for this many days comes to Today."""
    idle_minutes: int = 10
    """A timer that nobody touched for this long is asked about."""
    signs: str = "unicode"
    """The signs on the screen: "unicode", or "ascii" for terminals without them."""
    longest_entry_hours: int = 4
    """A single entry longer than this asks for a reason."""
    prefer_program: str = "TCM APCM CCM PCM COCM BHI CHI PIN RPM"
    """Which program bills where two exclude each other: the first in this order."""
    prefer_family: str = "complex practitioner staff"
    """Which family of codes bills within a program: the first in this order that the minutes reach."""
    date_of_service: str = "last-day"
    """The date of a monthly code: "last-day" of the month, or "threshold-day", on which its minutes were reached."""
    place_of_service: str = "11"
    """The place of service on claims (11: office)."""
    rural_health: bool = False
    """The clinic is a rural health clinic or a federally qualified health center."""
    npi: str = ""
    """The clinic's own NPI, for claims."""
    phone: str = ""
    """The clinic's telephone number, as it stands in letters to patients."""
    fax: str = ""
    """The clinic's fax number, for answers to referrals."""
    phone_always: str = ""
    """The number that is answered day and night, as it stands on the patient's copy of the care plan."""

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone: its days and months decide."""
        return ZoneInfo(self.time_zone)


def from_rows(rows: dict[str, Any]) -> Settings:
    """Makes settings from stored values; names this program does not know are left alone."""
    known = {field.name for field in fields(Settings)}
    return Settings(**{name: value for name, value in rows.items() if name in known})


LONGEST = 120
"""Characters of a setting that is text."""


PLACE_OF_SERVICE = "place_of_service is a code of two digits, such as 11."


def is_place_of_service(value: str) -> bool:
    """Tells whether a value is formed like a place of service on a claim (CMS place-of-service codes: two digits)."""
    return len(value) == 2 and value.isascii() and value.isdigit()


def check(name: str, value: Any) -> Any:
    """Returns a setting's value if it is one, its text cleaned. Raises Invalid with a sentence."""
    defaults = asdict(Settings())
    if name not in defaults:
        raise Invalid({name: f"There is no setting {name!r}. Known: {', '.join(sorted(defaults))}."})
    if type(value) is not type(defaults[name]):
        raise Invalid({name: f"{name} takes a value like {defaults[name]!r}."})
    if isinstance(value, str):
        value = _text(name, value)
    if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value <= 1000:
        raise Invalid({name: f"{name} takes a number from 0 to 1000."})
    if name == "signs" and value not in ("unicode", "ascii"):
        raise Invalid({name: "signs is unicode or ascii."})
    if name == "date_of_service" and value not in ("last-day", "threshold-day"):
        raise Invalid({name: "date_of_service is last-day or threshold-day."})
    if name in ("prefer_program", "prefer_family"):
        wanted, given = set(defaults[name].split()), value.split()
        if set(given) != wanted or len(given) != len(wanted):
            raise Invalid({name: f"{name} is an order of all of these: {defaults[name]}."})
    if name == "npi" and value and not (value.isdigit() and len(value) == 10):
        raise Invalid({name: "An NPI has ten digits."})
    if name == "place_of_service" and not is_place_of_service(value):
        raise Invalid({name: PLACE_OF_SERVICE})
    if name == "time_zone":
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Invalid({name: f"{value!r} is not a time zone. Write one like America/Chicago."}) from None
    return value


def _text(name: str, value: str) -> str:
    try:
        text = clean(value, limit=LONGEST).text
    except TooLong as error:
        raise Invalid({name: str(error)}) from None
    if name == "name" and not text:
        raise Invalid({name: "Give the clinic a name; it stands above every screen."})
    return text
