"""Care plans in the demo: made from templates with people's own words, moved by their calls, reviewed, approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from cmp_tui.careplan.actions import (
    begin_plan,
    edit_goal,
    edit_plan,
    record_progress,
    set_state,
    settle_intervention,
    solve_barrier,
)
from cmp_tui.careplan.copy_actions import give_copy
from cmp_tui.careplan.goal_rules import BETTER, SAME, WORSE
from cmp_tui.careplan.goal_start import Chosen, ChosenGoal, begun
from cmp_tui.careplan.lines import GoalLine, WholePlan
from cmp_tui.careplan.queries import whole_plan
from cmp_tui.careplan.rules import OPEN_STEPS
from cmp_tui.careplan.template_book import GoalTemplate, Template, template_book
from cmp_tui.careplan.version_actions import approve_version, finish_review
from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.reference import Reference
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.stage import Desk, Stage
from cmp_tui.exchange.demo.story import Deed, Story
from cmp_tui.measurements.queries import latest_values
from cmp_tui.patients.queries import conditions

PLANS = 30
"""People whose plans have goals; those of the others are on paper still."""
MOST_TEMPLATES = 2
EVERY_DAYS = 21
"""Days between two looks at somebody's goals."""
LEFT = 15
"""Every so manieth plan has something due."""
UNAPPROVED = 3
"""So many of the latest reviews still want their second signature."""


class PlanStory:
    """Writes the steps of everybody's plan. `without` are the numbers of people who have no plan on purpose."""

    def __init__(self, story: Story, reference: Reference, without: frozenset[int], seed: int) -> None:
        self._story, self._days, self._without, self._seed = story, story.days, without, seed
        self._book = template_book(reference)
        words = reference.table("demo.toml").get("plans", {})
        self._matters: Sequence[str] = words.get("matters", ())
        self._own: Mapping[str, Sequence[str]] = words.get("own", {})
        self._said: Mapping[str, Sequence[str]] = words.get("said", {})

    def write(self) -> None:
        """All steps: the first day, the looks since, the reviews and their approvals."""
        people = [
            one
            for one in self._story.people
            if one.standing == "enrolled"
            and one.manager in ("dana", "ben")
            and one.number not in self._without
        ]
        rng = Random(f"{self._seed} plans")
        rng.shuffle(people)
        for place, persona in enumerate(sorted(people[:PLANS], key=lambda one: one.number)):
            self._one(persona, place, Random(f"{self._seed} plan of {persona.number}"))

    def _one(self, persona: Persona, place: int, rng: Random) -> None:
        days, who = self._days, persona.manager or "dana"
        first = add_business_days(days.first, 2 + place % 12)
        hour, minute = 8 + place % 3, 11 + place % 40
        self._story.do(
            days.at(first, 7, minute),
            who,
            persona,
            lambda stage, desk, patient: self._begin(desk, patient, rng),
        )
        self._story.do(days.at(first, 7, minute + 1), who, persona, _finish)
        if place % 5 < 2:
            self._story.do(days.at(first, 7, minute + 2), who, persona, _give)
        day = first + timedelta(days=EVERY_DAYS + place % 7)
        while day < days.today - timedelta(days=1):
            self._look(persona, who, day, hour, minute, rng)
            day += timedelta(days=EVERY_DAYS)
        again = days.back(4 + place % 9)
        if place % 2 == 0 and again > first + timedelta(days=40):
            approved = place // 2 >= UNAPPROVED
            self._story.do(days.at(again, 16, minute), who, persona, _finish if approved else _finish_alone)
        if place % LEFT:
            self._story.do(days.at(days.back(2), 15, minute), who, persona, self._caught_up(rng))
        if place % 5 == 1:
            self._story.do(days.at(days.back(2), 16, minute), who, persona, self._change(rng))
        if place == 0:
            self._story.do(days.at(days.back(1), 12, 20), "levin", persona, _approve)

    def _look(self, persona: Persona, who: str, day: date, hour: int, minute: int, rng: Random) -> None:
        moment = self._days.at(add_business_days(day - timedelta(days=1), 1), hour, minute)

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            self._gone_through(desk, desk.read(whole_plan, patient), rng)

        self._story.do(moment, who, persona, deed)

    def _begin(self, desk: Desk, patient: bytes, rng: Random) -> None:
        """The plan is made: one or two templates that fit, with the patient's words and last values."""
        found = desk.read(conditions, patient, current_only=True)
        groups = [one.group for one in found if one.group]
        templates = [one for one in self._book.fitting(groups) if one.groups][:MOST_TEMPLATES]
        if not templates:
            templates = [next(iter(self._book.templates.values()))]
        values = {one.latest.kind: one.latest.value for one in desk.read(latest_values, patient)}
        today = desk.read(whole_plan, patient).day
        chosen = []
        for template in templates:
            about = next((one.id for one in found if one.group in template.groups), None)
            goals = [self._goal(desk, template, goal, values, today, rng) for goal in template.goals[:2]]
            chosen.append(
                Chosen(
                    template,
                    about,
                    template.title.en,
                    goals,
                    [(at, step.title.en) for at, step in enumerate(template.interventions)],
                    [(topic, f"Teach: {topic.replace('-', ' ')}") for topic in template.education[:1]],
                    template.barriers[: rng.randrange(2)],
                    [(at, one.sign.en) for at, one in enumerate(template.signs)],
                )
            )
        review = today + timedelta(days=rng.choice((56, 84, 84, 112)))
        begin = begun(chosen, today, review, templates[0].outcome.en, {})
        desk.run(begin_plan, patient, **begin)
        if self._matters:
            desk.run(edit_plan, patient, None, matters=rng.choice(self._matters))

    def _goal(
        self,
        desk: Desk,
        template: Template,
        goal: GoalTemplate,
        values: Mapping[str, float | None],
        today: date,
        rng: Random,
    ) -> ChosenGoal:
        base = values.get(goal.measure) if goal.measure else None
        if base is None and goal.target is not None and not goal.measure:
            far = rng.choice((1, 2, 3))
            base = goal.target + far if goal.direction == "below" else max(0.0, goal.target - far - 1)
        own = next(
            (self._own[group] for group in template.groups if group in self._own), self._own.get("other", ())
        )
        return ChosenGoal(
            goal, desk.clinic.new_id(), goal.title.en, goal.target, goal.second,
            today + timedelta(weeks=goal.weeks), rng.choice(own) if own else None, base,
        )  # fmt: skip

    def _gone_through(self, desk: Desk, whole: WholePlan, rng: Random) -> None:
        """A look at the goals: a value or a word of each, steps that are due are done, now and then a barrier goes."""
        for goal in whole.goals:
            self._moved(desk, goal, rng)
        steps = [step for goal in whole.goals for step in goal.interventions] + list(whole.interventions)
        for step in steps:
            if step.status in OPEN_STEPS and step.due and step.due <= whole.day and rng.random() < 0.85:
                desk.run(settle_intervention, step.id)
        for goal in whole.goals:
            for barrier in goal.barriers:
                if barrier.solved_on is None and rng.random() < 0.2:
                    desk.run(solve_barrier, barrier.id)

    def _moved(self, desk: Desk, goal: GoalLine, rng: Random, word: str = "") -> None:
        word = word or rng.choices((BETTER, SAME, WORSE), (5, 3, 2))[0]
        note = rng.choice(self._said[word]) if self._said.get(word) and rng.random() < 0.6 else None
        if goal.kind is None and goal.counted and goal.target is not None:
            last = goal.points[-1].value if goal.points else goal.baseline or 0.0
            way = -1 if goal.direction == "below" else 1
            value = last + {BETTER: 1, SAME: 0, WORSE: -1}[word] * way
            if word == BETTER and goal.baseline is not None and (value - goal.baseline) * way <= 0:
                value = goal.baseline + way
            desk.run(record_progress, goal.id, value=max(0.0, value), note=note)
        elif goal.kind is None or word == BETTER or rng.random() < 0.3:
            desk.run(record_progress, goal.id, achievement=word, note=note)

    def _caught_up(self, rng: Random) -> Deed:
        """Everything that is due is done, and most goals have moved: Today has the others."""

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            whole = desk.read(whole_plan, patient)
            soon = whole.day + timedelta(days=14)
            for goal in whole.goals:
                self._moved(desk, goal, rng, BETTER)
                if goal.review_on is not None and goal.review_on <= soon:
                    desk.run(
                        edit_goal,
                        goal.id,
                        None,
                        review_on=whole.day + timedelta(days=rng.choice((28, 56, 84))),
                    )
            for step in [*(one for goal in whole.goals for one in goal.interventions), *whole.interventions]:
                if step.status in OPEN_STEPS and step.due and step.due <= soon:
                    desk.run(settle_intervention, step.id)

        return deed

    def _change(self, rng: Random) -> Deed:
        """After the review something is changed: the copy that the patient has is out of date."""

        def deed(stage: Stage, desk: Desk, patient: bytes) -> None:
            whole = desk.read(whole_plan, patient)
            goals = whole.goals
            if goals and rng.random() < 0.5:
                desk.run(edit_goal, goals[0].id, None, due=whole.day + timedelta(days=120), confidence=5)
            elif goals:
                desk.run(set_state, goals[-1].id, "on-hold")

        return deed


def _finish(stage: Stage, desk: Desk, patient: bytes) -> None:
    """The review is finished, and the practitioner has said yes on the phone."""
    desk.run(finish_review, patient, approval={"by": "Amy Levin, MD", "how": "by phone"})


def _finish_alone(stage: Stage, desk: Desk, patient: bytes) -> None:
    """The review is finished; nobody has asked the practitioner yet."""
    desk.run(finish_review, patient)


def _give(stage: Stage, desk: Desk, patient: bytes) -> None:
    """The patient gets their copy."""
    desk.run(give_copy, patient, how="mail")


def _approve(stage: Stage, desk: Desk, patient: bytes) -> None:
    """The practitioner signs what waits for her."""
    versions = desk.read(whole_plan, patient).versions
    if versions and versions[0].approved_on is None:
        desk.run(approve_version, versions[0].id)
