"""How much a patient takes part: the parts, and the one sentence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.careplan.actions import add_goal, record_progress
from cmp_tui.careplan.engagement_queries import engagement_of
from cmp_tui.careplan.engagement_rules import Engagement, engagement_parts, engagement_words
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.desk.actions import log_contact
from cmp_tui.education.actions import hold_class
from cmp_tui.patients.actions import add_patient

MON = date(2026, 11, 23)


def parts(**values: Any) -> Engagement:
    return Engagement(**values)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (parts(), ""),
        (parts(reached=2, tries=2, days_since=3), "takes part"),
        (parts(tries=3, in_vain=3), "3 tries, no answer: try the caregiver or a letter"),
        (parts(reached=1, tries=9, in_vain=8, days_since=2), "8 tries, no answer: try the caregiver or a letter"),
        (
            parts(classes=3, missed=2, missed_now=("class", "class")),
            "missed 2 classes in a row: ask whether another way to learn suits better",
        ),
        (
            parts(missed_now=("appointment", "class")),
            "missed 2 appointments and classes in a row: ask about a ride, the hour, what is in the way",
        ),
        (parts(reached=1, tries=1, days_since=1, classes=1, missed=1, missed_now=("class",)), "takes part"),
        (parts(reached=1, tries=1, days_since=60), "nobody talked with them for 60 days"),
        (parts(reached=1, tries=1, days_since=1, goals=2), "no goal gets better: ask what is in the way"),
    ],
)  # fmt: skip
def test_one_plain_sentence(facts: Engagement, words: str) -> None:
    assert engagement_words(facts) == words
    assert facts.falling is ("try the" in words or "in a row" in words)


def test_the_parts_are_counted(clinic: Clinic, clock: FrozenClock) -> None:
    ana = clinic.run(add_patient, family="Ruiz").id
    assert clinic.read(engagement_of, ana) == Engagement()
    clinic.run(log_contact, ana, mode="phone", outcome="voicemail")
    clock.at += timedelta(hours=1)
    clinic.run(log_contact, ana, mode="phone", outcome="reached")
    clock.at += timedelta(days=2)
    clinic.run(log_contact, ana, mode="phone", outcome="no-answer")
    clinic.run(hold_class, [ana], topic="falls", date=MON, came=[])
    clinic.run(hold_class, [ana], topic="falls", date=MON, came=[ana])
    clinic.run(hold_class, [ana], topic="falls", date=MON + timedelta(9))
    one = clinic.run(add_goal, ana, title="Walk").id
    clinic.run(add_goal, ana, title="Sleep")
    clinic.run(record_progress, one, achievement="improving")
    found = clinic.read(engagement_of, ana)
    assert found == Engagement(1, 3, 1, 2, 1, 2, 1, 2)
    assert engagement_parts(found) == [
        "reached 1 of 3 times",
        "last two-way contact 2 days ago",
        "came to 1 of 2 classes",
        "1 of 2 goals better or met",
    ]
