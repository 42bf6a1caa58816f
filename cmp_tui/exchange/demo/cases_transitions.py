"""Discharges in the demo: one tried twice, one all done, one back in hospital, one only in the emergency room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from cmp_tui.clinic.calendar import add_business_days, add_months
from cmp_tui.clinic.records import Record
from cmp_tui.desk.actions import log_contact
from cmp_tui.encounters.model import Stay, Visit
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.records import PRACTITIONER
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story

Batch = Mapping[type[Record], Sequence[dict[str, Any]]]


def transitions(story: Story) -> None:
    """Writes the steps of all of them."""
    _tried(story)
    _done(story)
    _back_in(story)
    _emergency_only(story)


def _tried(story: Story) -> None:
    """Home for a week and a half; two tries in time, the visit by day 14 is near."""
    persona, days, hospitals = story.extra("copd"), story.days, story.words.hospitals
    home = days.week - timedelta(days=11)  # a Thursday
    stay = _stay(
        home, 6, hospitals.names[1], hospitals.reasons[2], complexity="moderate", heard_from="the daughter",
        summary_on=add_business_days(home, 2),
    )  # fmt: skip
    _bring(story, persona, home + timedelta(days=1), {Stay: [stay]})
    forms = story.tries()
    for day in (add_business_days(home, 1), add_business_days(home, 2)):
        _call(story, persona, day, 2, **next(forms))


def _done(story: Story) -> None:
    """Home for two weeks: called the next day, medicines gone through, seen on day 6; the 30 days go on."""
    persona, days, hospitals = story.extra("heart-failure"), story.days, story.words.hospitals
    home = days.week - timedelta(days=17)  # a Friday
    call, seen = add_business_days(home, 1), home + timedelta(days=6)
    stay = _stay(
        home, 5, hospitals.names[0], hospitals.reasons[0], complexity="high", summary_on=call,
        medications_reconciled_on=seen.isoformat(), heard_from="the hospital's message",
    )  # fmt: skip
    visit = {
        "date": seen, "kind": "tcm", "practitioner": PRACTITIONER, "what": "visit after the hospital", "mdm": "high",
    }  # fmt: skip
    before = _emergency(home - timedelta(days=60), hospitals.names[0], hospitals.reasons[0])
    _bring(story, persona, home, {Stay: [before]})
    _call(story, persona, call, 14, outcome="reached", **story.text("home-again"))
    _bring(story, persona, add_business_days(seen, 1), {Stay: [stay], Visit: [visit]})


def _back_in(story: Story) -> None:
    """Home for nine days, then in again, where they are now: the clocks wait for the next discharge."""
    persona, days, hospitals = story.extra("kidney"), story.days, story.words.hospitals
    home = days.week - timedelta(days=14)
    again = home + timedelta(days=9)
    first = _stay(home, 4, hospitals.names[0], hospitals.reasons[4], summary_on=add_business_days(home, 2))
    second = {
        "kind": "inpatient", "facility": hospitals.names[0], "admitted": again, "admitted_from": "ed",
        "emergency": True, "reason": hospitals.reasons[4], "heard_on": again, "heard_from": "the wife",
    }  # fmt: skip
    _bring(story, persona, home + timedelta(days=1), {Stay: [first]})
    _bring(story, persona, again, {Stay: [second]})


def _emergency_only(story: Story) -> None:
    """Two visits to the emergency room in a few months, sent home both times."""
    persona, days, hospitals = story.extra("asthma"), story.days, story.words.hospitals
    late, early = days.week - timedelta(days=9), add_months(days.week, -3)
    rows = [_emergency(day, hospitals.names[1], hospitals.reasons[5]) for day in (early, late)]
    _bring(story, persona, late + timedelta(days=1), {Stay: rows})


def _stay(home: date, nights: int, facility: str, reason: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": "inpatient", "facility": facility, "admitted": home - timedelta(days=nights), "discharged": home,
        "discharged_to": "home", "admitted_from": "ed", "emergency": True, "reason": reason, "heard_on": home, **more,
    }  # fmt: skip


def _emergency(day: date, facility: str, reason: str) -> dict[str, Any]:
    return {
        "kind": "ed", "facility": facility, "admitted": day, "discharged": day, "discharged_to": "home",
        "reason": reason,
    }  # fmt: skip


def _call(story: Story, persona: Persona, day: date, minutes: int, **form: Any) -> None:
    """A call of Dana's when she has time for it that day."""
    at = story.diary.find("dana", day, minutes, story.rng)

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(log_contact, patient, at=at, minutes=minutes, mode="phone", **form)

    story.do(at + timedelta(minutes=minutes, seconds=35), "dana", persona, deed)


def _bring(story: Story, persona: Persona, day: date, batch: Batch) -> None:
    """Rows of a patient, on the morning of a day that is past."""

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        desk.run(
            make_demo, {model: [{**row, "patient": patient} for row in rows] for model, rows in batch.items()}
        )

    story.do(story.days.at(min(day, story.days.back(1)), 7, 40), "iris", persona, deed)
