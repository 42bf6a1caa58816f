"""How far someone on the way into a program has come, what is to be done next and whose it is. Pure.

The order of the stages and the coded ends are the field's (reference: enrolment reasons of care management programs);
the days after which an end comes back, and how many tries there are, are the clinic's own (data/enrollment.toml and the
settings `outreach_tries`, `outreach_days`, `outreach_parts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.contacts.retry_rules import PartOfDay, ordinal, part_of_day

STAGES = ("intake", "outreach", "eligibility", "consent", "enrolled")
"""The stages on the way (values of `intake_stage`); an intake that was ended is in none of them."""
UNDER_WAY = STAGES[:-1]
"""The stages in which something is still to be done."""
AT_THE_DESK = frozenset({"phone", "in-person", "video"})
"""Who asks for it in one of these ways is reached by asking."""
FINAL = frozenset({"deceased", "moved", "withdrawn"})
"""Ends after which nothing is due any more: all of the patient's work ends with them."""

LETTER_DAYS = 14
"""Days in which a letter after the last try may be answered."""
Back = int | Literal["never", "new-year"]
"""After how many days an end comes back; "new-year": on the next 1 January (insurances change then)."""


class Facts(NamedTuple):
    """What is known of an intake. `tried_on` is the first contact with them since it was received, in vain or not."""

    source: str
    received: date
    mode: str | None = None
    taken_on: date | None = None
    tried_on: date | None = None
    reached_on: date | None = None
    eligible_on: date | None = None
    enrolled_on: date | None = None
    ended_on: date | None = None


class Way(NamedTuple):
    """The stage, and the day on which each one was entered; None for one that was passed over."""

    stage: str
    outreach_on: date | None
    eligibility_on: date | None
    consent_on: date | None
    enrolled_on: date | None


def way_of(facts: Facts) -> Way:
    """Returns how far someone has come: the furthest stage that a fact speaks for.

    Outreach begins with the first try, or when someone took it up; eligibility when the patient was reached; assessment
    and consent with the decision that they are eligible; enrolled is who began a program since.
    """
    begun = min((day for day in (facts.taken_on, facts.tried_on) if day is not None), default=None)
    reached = facts.reached_on
    if facts.source == "self-referral" and facts.mode in AT_THE_DESK:
        reached = min(reached or facts.received, facts.received)
    entered = [begun, reached, facts.eligible_on, facts.enrolled_on]
    days: list[date | None] = []
    for place, day in enumerate(entered):
        later = min((one for one in entered[place + 1 :] if one is not None), default=None)
        days.append(None if day is None or (later is not None and later <= day) else day)
    furthest = max((place for place, day in enumerate(entered, 1) if day is not None), default=0)
    stage = "ended" if facts.ended_on is not None else STAGES[furthest]
    return Way(stage, *days)


def stage_of(facts: Facts) -> str:
    """Returns the stage of an intake (a value of `intake_stage`)."""
    return way_of(facts).stage


def comes_back_on(end: str, ended: date, back: Mapping[str, Back]) -> date | None:
    """Returns the day on which an end comes back to Today, None when it never does."""
    after = back.get(end, "never")
    if after == "never":
        return None
    if after == "new-year":
        return date(ended.year + 1, 1, 1)
    return ended + timedelta(days=after)


# Tries


class TryRules(NamedTuple):
    """How often someone is tried: `tries` times, `days` apart, in the morning and in the afternoon if `parts`."""

    tries: int = 3
    days: int = 1
    parts: bool = True


class Tries(NamedTuple):
    """The tries in vain since someone was last reached: all, those that count, and what is still to be tried."""

    made: int = 0
    counted: int = 0
    enough: bool = False
    next_day: date | None = None
    next_part: PartOfDay | None = None


def count_tries(attempts: Sequence[datetime], rules: TryRules) -> Tries:
    """Counts tries in vain (by the clinic's clock, oldest first), those on different days only.

    `next_day` is the first day on which another one counts, `next_part` the part of the day that was tried less.
    """
    counted: list[datetime] = []
    for at in attempts:
        if not counted or (at.date() - counted[-1].date()).days >= rules.days:
            counted.append(at)
    if not counted:
        return Tries(len(attempts))
    parts = Counter(part_of_day(at.hour) for at in counted)
    enough = len(counted) >= rules.tries and (len(parts) == 2 or not rules.parts or rules.tries < 2)
    part: PartOfDay = "afternoon" if parts["morning"] >= parts["afternoon"] else "morning"
    day = next_try_day(counted[-1].date(), rules.days)
    return Tries(len(attempts), len(counted), enough, day, part if rules.parts else None)


def next_try_day(last: date, days: int) -> date:
    """Returns the first business day on which another try counts: so many days after the last one that did."""
    return add_business_days(last + timedelta(days=max(days, 1) - 1), 1)


# The next step

Kind = Literal[
    "take-up",
    "call",
    "letter",
    "eligibility",
    "consent",
    "assess",
    "enroll",
    "end",
    "answer",
    "back",
    "wait",
    "done",
]
STEP_FORMS: Mapping[Kind, str] = MappingProxyType(
    {
        "take-up": "take-up", "call": "contact", "letter": "letter", "eligibility": "eligibility",
        "consent": "consent", "assess": "comprehensive", "enroll": "enrollment", "end": "end-intake",
        "answer": "answer-intake", "back": "reopen-intake",
    }
)  # fmt: skip
"""The form that does each kind of next step; the others open the chart."""
ABOUT_INTAKE = frozenset({"take-up", "end-intake", "answer-intake", "reopen-intake", "hold-intake", "intake"})
"""The forms that are about the intake itself, not about the patient."""


class Standing(NamedTuple):
    """What the next step depends on. `eligible`, `consent` and `assessment` hold for the intake's program, since it
    came (consent: "asked", "accepted", "declined", "revoked"), on the days `decided_on` and `asked_on`; `planned_on` is
    the start of a planned enrollment.
    `call_due` is the day of the open call-back task; `program` the one that is spoken of."""

    stage: str
    entered: date
    reached: bool = False
    tries: Tries = Tries()
    letter_on: date | None = None
    eligible: bool | None = None
    consent: str | None = None
    asked_on: date | None = None
    assessed: bool = False
    planned_on: date | None = None
    program: str | None = None
    referred: bool = False
    answered: bool = False
    call_due: date | None = None
    back_on: date | None = None
    decided_on: date | None = None


class Step(NamedTuple):
    """What is to be done: its kind, in words, by when, and whether it is the patient who must act."""

    kind: Kind
    words: str
    due: date | None = None
    patients: bool = False


def next_step(now: Standing, limits: Mapping[str, int]) -> Step:
    """Returns the next step. `limits`, the days that each stage may take, give its day where nothing else does."""
    slow = now.entered + timedelta(days=limits[now.stage]) if now.stage in limits else None
    if now.stage == "ended":
        return Step("back", "ask again", now.back_on) if now.back_on else Step("done", "does not come back")
    if now.stage == "enrolled":
        if now.referred and not now.answered:
            return Step("answer", "tell the referrer", now.entered)
        return Step("done", "enrolled")
    if now.stage == "intake":
        return Step("take-up", "take up", slow)
    if now.eligible is False:
        return Step("end", "not eligible: end it", now.decided_on or now.entered)
    if now.consent == "declined" or now.consent == "revoked":
        return Step("end", f"{now.consent}: end it", now.asked_on or now.entered)
    if not now.reached and now.consent is None:
        return _call(now, slow)
    if now.stage != "consent":
        return Step("eligibility", "decide eligibility", slow)
    if now.consent == "asked":
        answer = (
            now.asked_on + timedelta(days=limits["asked"]) if now.asked_on and "asked" in limits else slow
        )
        return Step("consent", "consent asked", answer, patients=True)
    if now.consent is None:
        return Step("consent", "ask for consent", slow)
    if now.planned_on is not None:
        return Step("wait", "starts", now.planned_on)
    if not now.assessed:
        return Step("assess", "assess", slow)
    return Step("enroll", f"enroll in {now.program}" if now.program else "enroll", slow)


def _call(now: Standing, slow: date | None) -> Step:
    tries = now.tries
    if tries.enough:
        if now.letter_on is not None:
            return Step("end", "letter sent: end it", now.letter_on + timedelta(days=LETTER_DAYS))
        return Step("letter", "send a letter", tries.next_day)
    if not tries.made:
        return Step("call", "call", now.call_due or slow)
    words = f"{ordinal(tries.made + 1)} try"
    return Step(
        "call", f"{words}, {tries.next_part}" if tries.next_part else words, now.call_due or tries.next_day
    )
