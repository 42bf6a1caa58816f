"""The referral loop: its stages, what may follow what, FHIR's states of each, what it waits for and until when. Pure.

The loop ends with the patient, not with the report (IHI/NPSF, "Closing the Loop", 2017); its middle stages and the days
are our own (data/referral_targets.toml). A stage may be skipped or gone back to, as in a real clinic; that is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.clinic.calendar import add_business_days

WAY = (
    "ordered", "sent", "accepted", "scheduled", "attended", "report", "reviewed", "plan-updated", "told",
)  # fmt: skip
"""The stages of a loop that goes well, in their order (values of `referral_stage`)."""
ASIDE: Mapping[str, str] = MappingProxyType(
    {"declined": "accepted", "missed": "attended", "cancelled": "attended"}
)
"""The stages of one that does not, each with the stage in whose place it stands."""
STAGES = (*WAY, *ASIDE)
"""The stages in which an open loop can be."""
CHECKED, CLOSED, REOPENED, PUT_OFF = "checked", "closed", "reopened", "put-off"
"""Steps that are no stages: asked and nothing new; ended; taken up again; asking put off."""
NO_REPORT = frozenset({"community", "equipment"})
"""Kinds whose recipients send no report: what counts is whether the patient got help."""
PEOPLE_SAY = frozenset(
    {"accepted", "declined", "scheduled", "attended", "missed", "cancelled", "report", "told", CHECKED}
)
"""Steps about which somebody else tells us: who, and how."""
BEFORE_VISIT = frozenset({"ordered", "sent", "accepted", "declined", "missed", "cancelled"})
MET = frozenset({"met"})
RAN = frozenset({"met", "not-met"})
"""Ends of a loop that was gone to its end."""
REFUSED = frozenset({"declined", "not-eligible", "no-capacity"})
WITH_WHY = frozenset({"not-met", "other", "patient-declined"})
"""Ends of which words are asked, too."""
FINAL = frozenset({"died", "moved"})

_NEXT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ordered": ("sent", "scheduled", CLOSED),
        "sent": ("accepted", "scheduled", "declined", CHECKED, CLOSED),
        "accepted": ("scheduled", "attended", "declined", CHECKED, CLOSED),
        "declined": ("sent", CLOSED),
        "scheduled": ("attended", "missed", "cancelled", CHECKED, CLOSED),
        "missed": ("scheduled", CHECKED, CLOSED),
        "cancelled": ("scheduled", CHECKED, CLOSED),
        "attended": ("report", CHECKED, CLOSED),
        "report": ("reviewed", CLOSED),
        "reviewed": ("plan-updated", "told", CLOSED),
        "plan-updated": ("told", CLOSED),
        "told": (CLOSED, CHECKED),
    }
)
_REQUEST: Mapping[str, str] = MappingProxyType(
    {
        "ordered": "draft", "sent": "requested", "accepted": "accepted", "declined": "rejected",
        "scheduled": "in-progress", "attended": "in-progress", "missed": "failed", "cancelled": "cancelled",
        "report": "completed", "reviewed": "completed", "plan-updated": "completed", "told": "completed",
    }
)  # fmt: skip


class Fhir(NamedTuple):
    """FHIR's state of the ServiceRequest and of the Task by which it is carried out."""

    status: str
    task_status: str


class Clock(NamedTuple):
    """How long a stage may take: days, or business days, after a day of the loop: "stage", "order" or "visit"."""

    days: int
    business: bool = False
    since: str = "stage"


class Track(NamedTuple):
    """The clocks of some kinds and urgencies: one a stage, `again` after we asked in vain, and until when in all the
    visit is to have been (after the order)."""

    name: str
    kinds: frozenset[str]
    urgencies: frozenset[str]
    clocks: Mapping[str, Clock]
    again: Clock
    seen: Clock | None = None

    def holds(self, kind: str, urgency: str) -> bool:
        """Whether these are the clocks of a referral."""
        return (not self.kinds or kind in self.kinds) and (not self.urgencies or urgency in self.urgencies)


class Loop(NamedTuple):
    """What the clocks ask of a referral; `visit_on` is the day of its appointment, if one is booked."""

    kind: str
    urgency: str
    stage: str
    ordered_on: date
    stage_on: date
    visit_on: date | None = None


def next_stages(kind: str, stage: str) -> tuple[str, ...]:
    """Returns the steps that usually follow a stage, the commonest first. Never empty: every open stage goes on."""
    if stage == "attended" and kind in NO_REPORT:
        return (CLOSED, CHECKED, "report")
    return _NEXT[stage]


def proposed(kind: str, stage: str) -> str:
    """Returns the step that usually comes next."""
    return next_stages(kind, stage)[0]


def fhir_of(stage: str) -> Fhir:
    """Returns FHIR's states of an open loop."""
    return Fhir("active", _REQUEST[stage])


def fhir_ended(stage: str, end: str) -> Fhir:
    """Returns FHIR's states of a loop that has ended. What was done stays done: a report that came is a completed
    task, whatever the end."""
    if end in RAN:
        return Fhir("completed", "completed")
    done = _REQUEST[stage]
    if done == "completed":
        return Fhir("revoked", done)
    if end in REFUSED:
        return Fhir("revoked", "rejected")
    return Fhir("revoked", "failed" if end == "unable-to-reach" else "cancelled")


def place(stage: str) -> int:
    """Returns how far along the way a stage is."""
    return WAY.index(ASIDE.get(stage, stage))


def skipped(kind: str, before: str, after: str, passed: frozenset[str]) -> tuple[str, ...]:
    """Returns the stages that a step leaves out: on the way between the two, and never passed."""
    if before not in STAGES or after not in STAGES:
        return ()
    between = WAY[place(before) + 1 : place(after)]
    left = {"report", "reviewed", "plan-updated"} if kind in NO_REPORT else {"plan-updated"}
    return tuple(one for one in between if one not in passed and one not in left)


def goes_back(before: str, after: str) -> bool:
    """Whether a step takes the loop back to an earlier stage; another date or another recipient does not."""
    if before not in STAGES or after not in STAGES:
        return False
    retried = (before in ASIDE and after in ("sent", "scheduled")) or before == after
    return not retried and place(after) < place(before)


def due_after(clock: Clock, loop: Loop) -> date:
    """Returns the day until which a clock runs."""
    start = loop.stage_on
    if clock.since == "order":
        start = loop.ordered_on
    elif clock.since == "visit" and loop.visit_on is not None:
        start = loop.visit_on
    return add_business_days(start, clock.days) if clock.business else start + timedelta(days=clock.days)


def target_on(track: Track, loop: Loop) -> date:
    """Returns the day until which the stage is to be over."""
    return due_after(track.clocks[loop.stage], loop)


def check_on(track: Track, loop: Loop, today: date, *, heard: bool = False) -> date:
    """Returns the day on which we ask when nothing was heard until then; never a day that is past.

    With `heard` something was said today: we do not ask on the same day again, even if the target is past.
    """
    due = target_on(track, loop)
    if due > today or (due == today and not heard):
        return due
    return max(add_business_days(today, 1), today) if heard else today


def ask_again_on(track: Track, today: date, loop: Loop) -> date:
    """Returns the day on which we ask again after we asked in vain; not before a visit that is still to come."""
    due = due_after(track.again, loop._replace(stage_on=today))
    waits = loop.visit_on if loop.stage == "scheduled" else None
    return max(due, target_on(track, loop)) if waits is not None and waits >= today else due


def seen_by(track: Track, loop: Loop) -> date | None:
    """Returns the day until which the visit is to have been; None once it was, or where there is no such target."""
    if track.seen is None or (loop.stage not in BEFORE_VISIT and loop.stage != "scheduled"):
        return None
    return due_after(track.seen, loop)


def wrong_order(values: Mapping[str, object], today: date) -> dict[str, str]:
    """Returns what is wrong with an order, by field."""
    found: dict[str, str] = {}
    if not str(values.get("what") or "").strip():
        found["what"] = "Say what is asked for: cardiology, an eye exam, a ride to dialysis."
    day = values.get("ordered_on")
    if isinstance(day, date) and day > today:
        found["ordered_on"] = "This day is still to come."
    asked = values.get("check_on")
    if isinstance(asked, date) and asked < today:
        found["check_on"] = "This day has gone by; choose the day on which we ask."
    return found


def wrong_step(
    loop: Loop, stage: str, day: date, today: date, *, said_by: str | None, how: str | None, why: str | None
) -> dict[str, str]:
    """Returns what is wrong with a step, by field. To skip or to go back is not wrong."""
    found: dict[str, str] = {}
    if stage == "ordered":
        found["stage"] = "It was ordered once. To send it to somebody else, take: sent."
    elif stage not in STAGES and stage not in (CHECKED, CLOSED):
        found["stage"] = "This is no step of a referral."
    if day > today:
        found["day"] = "This day is still to come. The day of the visit has a field of its own."
    elif day < loop.ordered_on:
        found["day"] = "It was ordered later than that."
    if stage in PEOPLE_SAY:
        if not (said_by or "").strip():
            found["said_by"] = "Say who said so."
        if not how:
            found["how"] = "Say how we know: by phone, fax, portal, from the patient in person."
    elif stage == "sent" and not how:
        found["how"] = "Say how it was sent."
    elif stage == "reviewed" and not (said_by or "").strip():
        found["said_by"] = "Say which practitioner reviewed it."
    if stage == "missed" and not why:
        found["why"] = 'Ask why; "did not say" is an answer, too.'
    return found


def wrong_end(
    end: str | None, why: str | None, need_met: bool | None, day: date, today: date
) -> dict[str, str]:
    """Returns what is wrong with an end, by field. Whether the need was met is never left open."""
    found: dict[str, str] = {}
    if not end:
        return {"end": "Say how it ended; nothing ends without a reason."}
    if end in WITH_WHY and not (why or "").strip():
        found["end_why"] = "Say why in a few words; it is what we learn from."
    if need_met is True and end not in MET:
        found["need_met"] = "A need that was met ends as: need met."
    if day > today:
        found["day"] = "This day is still to come."
    return found


class Taken(NamedTuple):
    """A step as it was written: what it says and on which day it was."""

    stage: str
    day: date


def stands_at(steps: list[Taken]) -> Taken:
    """Returns the step that says where a loop stands, of its steps in the order in which they were written.

    What is added later about an earlier day, of an earlier stage, is history: it moves nothing.
    """
    found = steps[0]
    for step in steps[1:]:
        if step.stage in STAGES and not is_history(found, step):
            found = step
    return found


def is_history(now: Taken, step: Taken) -> bool:
    """Whether a step tells of what was before the stage in which the loop stands."""
    return step.stage in STAGES and step.day < now.day and place(step.stage) < place(now.stage)
