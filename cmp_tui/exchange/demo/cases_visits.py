"""Appointments in the demo: some ahead, one today, one whose outcome nobody knows, one that was missed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.reference import Reference
from cmp_tui.encounters.appointment_actions import book, end_appointment
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story
from cmp_tui.patients.directory_queries import find_providers

BOOKED_BACK = 9
"""Business days ago on which they were booked."""


def visits(story: Story, reference: Reference) -> None:
    """Writes the steps of all appointments of data/demo.toml."""
    for place, words in enumerate(reference.table("demo.toml").get("appointment", ())):
        _appointment(story, words, place)


def _appointment(story: Story, words: Mapping[str, Any], place: int) -> None:
    days, persona, ahead = story.days, story.one(words["case"]), int(words["ahead"])
    day = add_business_days(days.today, ahead) if ahead else days.today
    label = f"appointment {place}"
    booked = days.back(BOOKED_BACK)

    def make(stage: Stage, desk: Desk, patient: bytes) -> None:
        found = desk.read(find_providers, words["provider"], 1) if "provider" in words else []
        stage.tasks[label] = desk.run(
            book, patient, day=day, what=words["what"], time=words["time"], kind=words["kind"],
            provider=found[0].id if found else None, with_whom=words.get("with"),
            transport=words.get("ride"), transport_who=words.get("ride_with"), **_told(words, booked),
        ).id  # fmt: skip

    story.do(days.at(booked, 13, 30 + place), "dana", persona, make)
    if "ended" in words:
        end = {"status": words["ended"], "missed_why": words.get("why"), "ended_why": words.get("said")}

        def close(stage: Stage, desk: Desk, patient: bytes) -> None:
            desk.run(end_appointment, stage.tasks[label], None, **end)

        story.do(days.at(add_business_days(day, 1), 11, 20), "dana", persona, close)


def _told(words: Mapping[str, Any], day: date) -> dict[str, Any]:
    return {"told_on": day, "told_how": "phone"} if words.get("told") else {}
