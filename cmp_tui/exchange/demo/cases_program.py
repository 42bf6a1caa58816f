"""The awkward cases of consent and enrollment: declined, revoked, time without consent, planned, died, on hold; and
everyone who joined in these months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random

from cmp_tui.careplan.model import Plan
from cmp_tui.clinic.calendar import Month, add_business_days
from cmp_tui.desk.actions import log_contact
from cmp_tui.encounters.model import Stay
from cmp_tui.enrollment.actions import edit_enrollment, edit_patient, enroll, record_consent
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.exchange.demo.papers import plan_row
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.records import IN_PROGRAM
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story

REVOKED_DAYS = 39
"""So long ago that the month in which it was revoked is over on every day of the year."""


def declined(story: Story) -> None:
    """Someone who does not want it."""
    day = story.days.back(11)
    persona = story.one("declined")
    story.contact("dana", persona, day, 15, 0, 8, **story.text("declined"))
    _decide(story, persona, story.days.at(day, 15, 10), day, "declined")


def revoked(story: Story) -> None:
    """Someone who stopped: in force until that month's end, and time after it."""
    days, persona = story.days, story.one("revoked")
    day = add_business_days(days.today - timedelta(days=REVOKED_DAYS), -1)
    last = Month.of(day).last
    story.contact("dana", persona, day, 11, 0, 9, **story.text("revoked"))
    _decide(story, persona, days.at(day, 11, 12), day, "revoked")
    ended = {"status": "finished", "end": last, "reason": "consent revoked, moves away"}
    _change_enrollment(story, "dana", persona, days.at(add_business_days(last, 1), 8, 5), ended)
    at = story.diary.take("dana", days.back(3), 11, 30, 10)
    story.time("dana", persona, at, 10, "coordination", "revoked-after")


def without_consent(story: Story) -> None:
    """Someone whom nobody has asked yet: the time is kept and can't be billed."""
    persona = story.one("no-consent")
    for back, minutes, text in ((7, 14, "no-consent-chart"), (2, 6, "no-consent-plan")):
        at = story.diary.take("dana", story.days.back(back), 13, 40, minutes)
        story.time("dana", persona, at, minutes, "care-plan", text)


def planned(story: Story) -> None:
    """Someone who agreed and starts with the new month."""
    days, persona = story.days, story.one("planned")
    day, start = days.back(2), Month.of(days.today).next().first
    story.contact("dana", persona, day, 14, 10, 13, mode="in-person", **story.text("planned"))
    _decide(story, persona, days.at(day, 14, 26), day, "accepted")

    def plan(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(enroll, patient, start=start, status="planned", **IN_PROGRAM)

    story.do(days.at(day, 14, 28), "dana", persona, plan)


def died(story: Story) -> None:
    """Someone who has died."""
    days, persona = story.days, story.one("died")
    day = days.back(12)
    story.contact("dana", persona, day, 9, 50, 7, with_whom="other", **story.text("died"))

    def close(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(edit_patient, patient, None, deceased_on=(day - timedelta(days=1)).isoformat())

    story.do(days.at(day, 9, 59), "dana", persona, close)


def on_hold(story: Story) -> None:
    """Someone in rehabilitation."""
    persona, day = story.one("rehab"), story.before_this_week(8)

    def admit(stage: Stage, desk: Desk, patient: bytes) -> None:
        stay = {
            "patient": patient,
            "kind": "snf",
            "facility": story.words.hospitals.snf,
            "admitted": day - timedelta(days=1),
            "reason": "hip fracture, after surgery",
        }
        desk.run(make_demo, {Stay: [stay]})

    story.do(story.days.at(day, 7, 50), "iris", persona, admit)
    held = {"status": "onhold", "reason": "in rehabilitation after a hip fracture"}
    _change_enrollment(story, "ben", persona, story.days.at(day, 8, 6), held)


def newcomers(story: Story) -> None:
    """Everyone who joined in these months: explained, agreed, enrolled, on one day."""
    for persona in story.people:
        if persona.standing == "new":
            _join(story, persona)


def _join(story: Story, persona: Persona) -> None:
    who, day = persona.manager or "dana", persona.since
    minutes = story.rng.randint(11, 18)
    mode = story.rng.choice(("phone", "phone", "in-person", "video"))
    at = story.diary.find(who, day, minutes, story.rng)
    form = {"at": at, "minutes": minutes, "mode": mode, "outcome": "reached", "activity": "assessment"}

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        said = {"decision": "accepted", "date": day, "mode": "verbal", "points": POINTS}
        desk.run(record_consent, patient, **said, **IN_PROGRAM, script_version=f"{day:%Y}-1")
        desk.run(enroll, patient, start=day, **IN_PROGRAM)
        plan = plan_row(persona, patient, day, day, Random(f"{persona.number} {day} plan"))
        desk.run(make_demo, {Plan: [plan]})
        desk.run(log_contact, patient, **form, **story.text("joined"))

    story.do(at + timedelta(minutes=minutes, seconds=50), who, persona, deed)


def _decide(story: Story, persona: Persona, at: datetime, day: date, decision: str) -> None:
    """Dana records a decision."""
    points = POINTS if decision == "accepted" else ()

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        said = {"decision": decision, "date": day, "mode": "verbal", "points": points}
        desk.run(record_consent, patient, **said, **IN_PROGRAM)

    story.do(at, "dana", persona, deed)


def _change_enrollment(
    story: Story, who: str, persona: Persona, at: datetime, values: Mapping[str, object]
) -> None:
    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        now = desk.read(enrollments, patient)[0]
        desk.run(edit_enrollment, now.id, now.version, **values)

    story.do(at, who, persona, deed)


CASES = (declined, revoked, without_consent, planned, died, on_hold, newcomers)
