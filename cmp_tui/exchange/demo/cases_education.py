"""Teaching in the demo: topics with what people could say back, and a class with who came; another one is to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from cmp_tui.careplan.template_book import template_book
from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.reference import Reference
from cmp_tui.education.actions import hold_class, teach
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Deed, Story
from cmp_tui.patients.queries import conditions

RESULTS = ("understood", "repeat", "understood", "partly", "understood", "understood", "partly", "understood")
"""What people could say back, in turn: who is to be taught again comes to Today."""
CLASS_DAYS, AHEAD_DAYS = 13, 6
"""Days since the class, and until the next one."""
CAME, EXCUSED = 4, 1
"""Of those who were invited; the others missed it."""


def teachings(story: Story, reference: Reference, seed: int) -> None:
    """Writes the steps of all teaching. The words stand in data/demo.toml, [education]."""
    words: Mapping[str, Any] = reference.table("demo.toml").get("education", {})
    rng = Random(f"{seed} education")
    people = [one for one in story.people if one.standing == "enrolled" and one.manager == "dana"]
    rng.shuffle(people)
    days = story.days
    for place, result in enumerate(RESULTS[: len(people)]):
        at = days.at(add_business_days(days.today, -(7 + 2 * place)), 15, 5 + place)
        remarks = words.get("said", {}).get(result)
        story.do(at, "dana", people[place], _taught(reference, result, remarks))
    group = people[len(RESULTS) : len(RESULTS) + int(words.get("size", 0))]
    if len(group) > CAME + EXCUSED:
        day = add_business_days(days.today - timedelta(days=CLASS_DAYS), 1)
        story.do(days.at(day, 16, 30), "dana", group[0], _class(group, words["class"], held=True))
        story.do(days.at(days.back(3), 16, 30), "dana", group[0], _class(group, words["next"], held=False))


def _taught(reference: Reference, result: str, remarks: str | None) -> Deed:
    book = template_book(reference)

    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        """A topic that fits their conditions, talked over."""
        groups = [one.group for one in desk.read(conditions, patient, current_only=True) if one.group]
        topic = next((topic for one in book.fitting(groups) for topic in one.education[:1]), "medicines")
        desk.run(teach, patient, topic=topic, teach_back=result, remarks=remarks)

    return deed


def _class(group: Sequence[Persona], words: Mapping[str, Any], *, held: bool) -> Deed:
    def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
        keys = [stage.key(one) for one in group]
        today = stage.clock.at.date()
        about = {name: words[name] for name in ("topic", "title", "time", "place")}
        if held:
            came, excused = keys[:CAME], keys[CAME : CAME + EXCUSED]
            desk.run(hold_class, keys, date=today, came=came, excused=excused, **about)
        else:
            desk.run(hold_class, keys, date=add_business_days(today, AHEAD_DAYS), **about)

    return deed
