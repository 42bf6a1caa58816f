"""The people of the demo on their way into a program: from every source, in every stage, some ended and to come back.

They are people who are in no program and have no other part; what they say stands in data/demo.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.errors import Stopped
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import record_consent
from cmp_tui.enrollment.eligibility_actions import decide_eligibility
from cmp_tui.enrollment.intake_actions import add_intake, answer_intake, end_intake, take_up
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.exchange.demo.cast import Cast
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.records import PRACTITIONER
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Story

Deed = Callable[[Stage, Desk, bytes], object]


class _From(Random):
    """Has the diary look from one time of the day on, instead of a random one."""

    def __init__(self, minute: int) -> None:
        super().__init__(0)
        self._minute = minute

    def randrange(self, *args: Any) -> int:
        return self._minute


class IntakeStory:
    """Writes the steps of everybody who is on the way."""

    def __init__(self, story: Story, cast: Cast, seed: int) -> None:
        self._story, self._days = story, story.days
        self._rng = Random(f"{seed} intakes")
        taken = {persona.number for persona in cast.parts.values()}
        self._free = [
            one for one in story.people if one.standing == "none" and not one.case and one.number not in taken
        ]
        self._rng.shuffle(self._free)
        self._keys: dict[int, bytes] = {}
        self._tries = story.tries()

    def write(self) -> None:
        """Writes every step."""
        self._new_names()
        self._outreach()
        self._reached()
        self._agreeing()
        self._joined()
        self._ended()

    # -- the stages -------------------------------------------------------------------------------------------

    def _new_names(self) -> None:
        """Nobody has called them yet."""
        self._in(self._one(manager=None), 1, "heart-referral", source="provider-referral", program="CCM")
        self._in(self._one(), 6, "claims-visits", source="claims")
        self._in(self._one(), 2, "plan-list", source="list")

    def _outreach(self) -> None:
        """Taken up; tried once, twice, often enough."""
        fresh = self._one()
        self._in(fresh, 4, "claims-visits", source="claims")
        self._later(fresh, 2, 10, 5, lambda desk, key: desk.run(take_up, key))
        once, today = self._one(), self._days.today
        self._in(once, 5, "plan-list", source="list", program="CCM")
        self._try(once, 3, 9, 40, next_due=today, next_time="afternoon")
        twice = self._one()
        self._in(twice, 8, "kidney-referral", source="provider-referral")
        self._try(twice, 6, 9, 30, next_due=self._days.back(3), next_time="afternoon")
        due = add_business_days(today, 1)
        self._try(twice, 3, 15, 20, next_due=due, next_time="morning")
        often = self._one()
        self._in(often, 12, "claims-stay", source="claims")
        for back, hour, until in ((10, 9, 7), (7, 14, 4), (4, 10, None)):
            again = {"next_due": self._days.back(until)} if until else {}
            self._try(often, back, hour, 50, **again)

    def _reached(self) -> None:
        """Eligibility is to be decided."""
        asked = self._one()
        self._in(asked, 2, "asked-phone", source="self-referral", mode="phone")
        self._talk(asked, 2, 11, 35, 7, "intake-asked")
        told = self._one()
        self._in(told, 11, "heart-referral", source="provider-referral", program="CCM")
        self._talk(told, 9, 10, 25, 9, "intake-interested")

    def _agreeing(self) -> None:
        """Eligible: to be asked, asked, agreed."""
        for place, (back, source, text) in enumerate(
            (
                (9, "claims", "claims-stay"),
                (8, "self-referral", "asked-desk"),
                (13, "provider-referral", "kidney-referral"),
            )
        ):
            persona = self._one()
            mode = {"mode": "in-person"} if source == "self-referral" else {}
            self._in(persona, back, text, source=source, program="CCM", **mode)
            self._talk(persona, back - 2, 13, 5 + 12 * place, 8, "intake-interested")
            self._eligible(persona, back - 3)
            if place:
                decision = "asked" if place == 1 else "accepted"
                self._consent(persona, back - 4, decision)
                if place == 2:
                    self._answered(persona, back - 4)

    def _joined(self) -> None:
        """The last two who joined, by way of an intake; the one who referred the last waits for an answer."""
        new = sorted(
            (one for one in self._story.people if one.standing == "new" and one.manager),
            key=lambda one: one.since,
        )
        for persona, source, text in zip(
            new[-2:], ("list", "provider-referral"), ("plan-list", "kidney-referral"), strict=False
        ):
            about = {"source": source, "program": "CCM"}
            self._take_in(persona, add_business_days(persona.since, -6), text, about)

    def _ended(self) -> None:
        """Declined; not reached and back today; on hold; another practice's; declined for the cost until new year."""
        declined = self._story.one("declined")
        self._in(declined, 14, "claims-visits", source="claims", program="CCM")
        self._end(
            declined, 10, end="declined-interest", why="Feels well enough alone; ask again after the winter."
        )
        lost = self._one()
        day = self._days.first + timedelta(days=9)
        self._take_in(lost, add_business_days(day, 0), "claims-stay", {"source": "claims"})
        back = {"end": "unable-to-reach", "back_on": self._days.back(1)}
        ended = self._days.at(add_business_days(day, 12), 16, 5)
        self._story.do(
            ended,
            "dana",
            lost,
            self._with_intake(lost, lambda desk, key: desk.run(end_intake, key, None, **back)),
        )
        held = self._one()
        self._in(held, 9, "plan-list", source="list")
        until = self._days.today + timedelta(days=16)
        self._end(
            held, 5, end="hold", why="In rehabilitation after a new hip; home in two weeks.", back_on=until
        )
        other = self._one()
        self._in(other, 10, "heart-referral", source="provider-referral")
        self._end(other, 7, end="ineligible-practice", why="Harlow Point bills CCM for them already.")
        cost = self._one()
        self._in(cost, 16, "asked-phone", source="self-referral", mode="phone")
        self._end(
            cost,
            12,
            end="declined-financial",
            why="The share is too much this year; new insurance in January.",
        )

    # -- what people do ---------------------------------------------------------------------------------------

    def _one(self, manager: str | None = "dana") -> Persona:
        """Someone who is in no program; of Dana's panel, or nobody's."""
        found = next((one for one in self._free if one.manager == manager), None) or next(
            iter(self._free), None
        )
        if found is None:
            raise Stopped("The reference file demo.toml makes too few people. Correct it, or reinstall.")
        self._free.remove(found)
        return found

    def _in(self, persona: Persona, back: int, text: str, **about: Any) -> None:
        self._take_in(persona, self._days.back(back), text, about)

    def _take_in(self, persona: Persona, day: date, text: str, about: dict[str, Any]) -> None:
        """Iris's lists and the desk's notes are taken in by Dana in the morning."""
        words = self._story.text(text)
        at = self._days.at(day, 8, 12 + len(self._keys) % 40)

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            self._keys[persona.number] = desk.run(add_intake, patient, **about, **words).id

        self._story.do(at, "dana", persona, deed)

    def _later(
        self, persona: Persona, back: int, hour: int, minute: int, deed: Callable[[Desk, bytes], object]
    ) -> None:
        at = self._days.at(self._days.back(back), hour, minute)
        self._story.do(at, "dana", persona, self._with_intake(persona, deed))

    def _with_intake(self, persona: Persona, deed: Callable[[Desk, bytes], object]) -> Deed:
        return lambda stage, desk, patient: deed(desk, self._keys[persona.number])

    def _try(self, persona: Persona, back: int, hour: int, minute: int, **more: Any) -> None:
        self._contact(persona, back, hour, minute, 1, {**next(self._tries), **more})

    def _talk(self, persona: Persona, back: int, hour: int, minute: int, minutes: int, text: str) -> None:
        self._contact(persona, back, hour, minute, minutes, self._story.text(text))

    def _contact(
        self, persona: Persona, back: int, hour: int, minute: int, minutes: int, form: Mapping[str, Any]
    ) -> None:
        """A call by Dana in the first free minutes from a time of the day on, entered right after it."""
        at = self._story.diary.find("dana", self._days.back(back), minutes, _From(hour * 60 + minute))
        full = {"mode": "phone", "outcome": "reached", **form}

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            desk.run(log_contact, patient, at=at, minutes=minutes, **full)

        self._story.do(at + timedelta(minutes=minutes, seconds=35), "dana", persona, deed)

    def _eligible(self, persona: Persona, back: int) -> None:
        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            desk.run(
                decide_eligibility, patient, program="CCM", eligible=True, why="Seen at the visit this fall."
            )

        self._story.do(self._at(back, 9, 14), PRACTITIONER, persona, deed)

    def _consent(self, persona: Persona, back: int, decision: str) -> None:
        points = POINTS if decision == "accepted" else ()

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            desk.run(
                record_consent, patient, program="CCM", decision=decision, date=self._days.back(back), mode="verbal",
                points=points, practitioner=PRACTITIONER,
            )  # fmt: skip

        self._story.do(self._at(back, 16, 22), "dana", persona, deed)

    def _answered(self, persona: Persona, back: int) -> None:
        day = self._days.back(back)
        self._later(
            persona, back, 16, 40, lambda desk, key: desk.run(answer_intake, key, None, day=day, how="phone")
        )

    def _end(self, persona: Persona, back: int, **how: Any) -> None:
        self._later(persona, back, 16, 50, lambda desk, key: desk.run(end_intake, key, None, **how))

    def _at(self, back: int, hour: int, minute: int) -> datetime:
        return self._days.at(self._days.back(back), hour, minute)
