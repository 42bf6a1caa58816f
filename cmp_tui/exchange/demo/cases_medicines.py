"""Medicines in the demo: when everybody's were last gone through, and one list with much to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.reference import Reference
from cmp_tui.exchange.demo.days import Days
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story
from cmp_tui.medications.actions import add_medication, say_taking
from cmp_tui.medications.adherence_actions import add_refill, say_adherence
from cmp_tui.medications.queries import medications

CASE = "discharged"
"""The part of the person with the long list: it is gone through after the hospital."""
ROUND = 232
"""Days within which everybody's last reconciliation lies before the file began: hardly any is a year old."""
SUPPLY = 30
"""Days of supply in each refill."""
ASKED = 6
"""Business days since the patient said how the medicines are really taken."""


def medicines(story: Story, reference: Reference) -> None:
    """Writes the steps of the long list. Its words stand in data/demo.toml, [medicines]."""
    table: Mapping[str, Any] = reference.table("demo.toml").get("medicines", {})
    persona, days = story.one(CASE), story.days
    more: Sequence[Mapping[str, str]] = table.get("more", ())
    taken: Mapping[str, Mapping[str, str]] = table.get("taken", {})

    def listed(stage: Stage, desk: Desk, patient: bytes) -> None:
        for one in more:
            desk.run(add_medication, patient, **one)

    def said(stage: Stage, desk: Desk, patient: bytes) -> None:
        for line in desk.read(medications, patient, current_only=True):
            told = next(
                (one for word, one in taken.items() if line.display.casefold().startswith(word)), None
            )
            if told is not None:
                desk.run(say_taking, line.id, line.version, **told)

    def kept_up(stage: Stage, desk: Desk, patient: bytes) -> None:
        keys = {one.display.casefold(): one.id for one in desk.read(medications, patient, current_only=True)}

        def key_of(word: str) -> bytes | None:
            return next((key for name, key in keys.items() if name.startswith(word)), None)

        for word, agos in table.get("filled", {}).items():
            for ago in agos if (key := key_of(word)) is not None else ():
                filled = asked - timedelta(days=ago)
                desk.run(add_refill, patient, medication=key, filled_on=filled, days=SUPPLY)
        for word, one in table.get("said", {}).items():
            if (key := key_of(word)) is not None:
                desk.run(say_adherence, patient, medication=key, **one)

    asked = add_business_days(days.week, -ASKED)
    story.do(days.at(days.first, 9, 12), "dana", persona, listed)
    story.do(days.at(asked, 15, 50), "dana", persona, said)
    story.do(days.at(asked, 15, 56), "dana", persona, kept_up)


def reconciled_row(persona: Persona, key: bytes, by: bytes, signed_as: str, days: Days) -> dict[str, Any]:
    """The last reconciliation of someone who was in the program before the file began; it was done on paper."""
    done = max(persona.since, days.first - timedelta(days=5 + persona.number * 37 % ROUND))
    return {
        "patient": key, "why": "yearly", "list_from": "patient", "list_on": done, "begun_on": done, "begun_by": by,
        "done_on": done, "signed_as": signed_as, "signed_at": datetime.combine(done, time(20), UTC),
    }  # fmt: skip
