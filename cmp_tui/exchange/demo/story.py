"""A notebook for the awkward cases: each writes its steps here, at moments that nothing else takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.errors import Stopped
from cmp_tui.contacts.actions import log_time
from cmp_tui.desk.actions import log_contact
from cmp_tui.exchange.demo.days import Days, Diary
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.records import IN_PROGRAM
from cmp_tui.exchange.demo.stage import Desk, Stage, Step
from cmp_tui.exchange.demo.words import Words
from cmp_tui.tasks.actions import add_task

Deed = Callable[[Stage, Desk, bytes], object]
"""What someone does about a patient: gets the stage, their desk, the patient's key."""


class Story:
    """Collects steps. Days are counted back from today, so that they are past on every day of the year."""

    def __init__(
        self, people: Sequence[Persona], words: Words, days: Days, diary: Diary, rng: Random
    ) -> None:
        self.people, self.words, self.days, self.diary, self.rng = people, words, days, diary, rng
        self.steps: list[Step] = []
        self._extras = self._others()

    def text(self, name: str) -> dict[str, str]:
        """What data/demo.toml has to say in a story: the lines of a note, a title, a reason."""
        return self.words.stories[name]

    def who(self, case: str) -> list[Persona]:
        """The people who play a part."""
        return [one for one in self.people if one.case == case]

    def one(self, case: str) -> Persona:
        """The one person who plays a part. Raises Stopped when data/demo.toml has nobody for it."""
        found = self.who(case)
        if not found:
            raise Stopped(
                f"The reference file demo.toml has nobody for the case {case!r}. Correct it, or reinstall."
            )
        return found[0]

    def extra(self, group: str = "") -> Persona:
        """Someone else of Dana's patients, each asked once; with a condition while there is someone."""
        if not self._extras:
            raise Stopped("The reference file demo.toml makes too few people. Correct it, or reinstall.")
        fitting = (one for one in self._extras if group in (condition.key for condition in one.conditions))
        found = next(fitting, self._extras[0])
        self._extras.remove(found)
        return found

    def spare(self, people: Iterable[Persona]) -> None:
        """Asks for none of these people any more: they play a part."""
        taken = {one.number for one in people}
        self._extras = [one for one in self._extras if one.number not in taken]

    def _others(self) -> list[Persona]:
        found = [
            one
            for one in self.people
            if one.manager == "dana" and one.standing == "enrolled" and not one.case
        ]
        self.rng.shuffle(found)
        return found

    def rest(self) -> list[Persona]:
        """Everybody in the program who plays no part and was not asked for as someone else."""
        left = {one.number for one in self._extras}
        return [
            one
            for one in self.people
            if one.standing == "enrolled" and not one.case and (one.manager != "dana" or one.number in left)
        ]

    def before_this_week(self, count: int) -> date:
        """The `count`-th business day before this week's Monday: Ben's last days at work."""
        return add_business_days(self.days.week, -count)

    def do(self, at: datetime, who: str, persona: Persona, deed: Deed) -> None:
        """Someone does something about a patient."""
        self.steps.append(Step(at, lambda stage: deed(stage, stage.desk(who), stage.key(persona))))

    def contact(
        self, who: str, persona: Persona, day: date, hour: int, minute: int, minutes: int, /, **form: Any
    ) -> None:
        """A contact with its minutes, entered right after it."""
        at = self.diary.take(who, day, hour, minute, minutes)
        full: dict[str, Any] = {"mode": "phone", "outcome": "reached", **form}

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            desk.run(log_contact, patient, at=at, minutes=minutes, **full)

        self.do(at + timedelta(minutes=minutes, seconds=35), who, persona, deed)

    def task(self, who: str, persona: Persona, at: datetime, label: str = "", **values: Any) -> None:
        """A new task; `label` is the name by which later steps find it, `to` the username of its assignee."""
        to = values.pop("to", None)

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            assignee = stage.staff[to] if to else None
            task = desk.run(add_task, patient=patient, assignee=assignee, **values)
            stage.tasks[label] = task.id

        self.do(at, who, persona, deed)

    def tries(self) -> Iterator[dict[str, Any]]:
        """Forms of tries in vain, in turn."""
        while True:
            for one in self.words.tries:
                yield {"outcome": one.outcome, "did": one.did}

    def time(
        self,
        who: str,
        persona: Persona,
        start: datetime,
        minutes: int,
        activity: str,
        text: str,
        *,
        entered: datetime | None = None,
        program: str = "CCM",
    ) -> None:
        """Time without a contact, entered right after it, or at `entered`; `text` names its note."""
        about = {**IN_PROGRAM, "program": program}
        end = start + timedelta(minutes=minutes)

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            span = {"start": start, "end": end, "typed": True}
            desk.run(log_time, patient, **span, activity=activity, **about, **self.text(text))

        self.do(entered or end + timedelta(seconds=40), who, persona, deed)
