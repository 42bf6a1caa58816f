"""Referrals in the demo, at all their stages: one is silent for weeks, one was missed, one ended well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.reference import Reference
from cmp_tui.exchange.demo.days import Days
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story
from cmp_tui.patients.directory_queries import find_providers
from cmp_tui.referrals.actions import order, take_step

PLAIN = ("kind", "what", "question", "urgency", "need", "records")


def referrals(story: Story, reference: Reference) -> None:
    """Writes the steps of all referrals of data/demo.toml."""
    for place, words in enumerate(reference.table("demo.toml").get("referral", ())):
        _referral(story, words, place)


def _referral(story: Story, words: Mapping[str, Any], place: int) -> None:
    days, persona = story.days, story.one(words["case"])
    label, who = f"referral {place}", persona.manager or "dana"
    ordered = days.back(int(words["ordered"]))

    def make(stage: Stage, desk: Desk, patient: bytes) -> None:
        found = desk.read(find_providers, words["provider"], 1) if "provider" in words else []
        about = {name: words[name] for name in PLAIN if name in words}
        stage.tasks[label] = desk.run(
            order, patient, provider=found[0].id if found else None, ordered_by=words.get("by", "levin"), **about
        ).id  # fmt: skip

    story.do(days.at(ordered, 14, place), who, persona, make)
    for number, step in enumerate(words.get("step", ())):
        taken = _step(step, days)
        at = days.at(days.back(int(step["back"])), 14, 20 + place + number)

        def deed(stage: Stage, desk: Desk, patient: bytes, taken: Mapping[str, Any] = taken) -> None:
            desk.run(take_step, stage.tasks[label], **taken)

        story.do(at, who, persona, deed)


def _step(step: Mapping[str, Any], days: Days) -> dict[str, Any]:
    """A step of data/demo.toml as the action takes it: `visit` and `seen` are business days from today."""
    taken: dict[str, Any] = {
        "stage": step["stage"], "how": step.get("how"), "said_by": step.get("by"), "remarks": step.get("words"),
        "why": step.get("why"), "need_met": step.get("met"), "end": step.get("end"), "end_why": step.get("end_why"),
    }  # fmt: skip
    if "visit" in step:
        visit = {"day": _day(step["visit"], days), "time": step.get("time"), "transport": step.get("ride")}
        taken["appointment"] = {**visit, "told_on": days.back(int(step["back"]))}
    if "seen" in step:
        taken["day"] = _day(step["seen"], days)
    return taken


def _day(ahead: int, days: Days) -> date:
    return add_business_days(days.today, ahead) if ahead else days.today
