"""A care plan as it is read: named tuples, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.careplan.goal_rules import Point, Standing


class PlanLine(NamedTuple):
    """The plan itself. `signs` are the warning signs by what to do then (careplan/template_book.py, ACTS)."""

    id: bytes
    version: int
    program: str | None
    made_on: date | None
    made_by: str | None
    reviewed_on: date | None
    given_on: date | None
    given_how: str | None
    given_to: str | None
    matters: str | None
    outlook: str | None
    function: str | None
    home: str | None
    caregiver: str | None
    outside: str | None
    signs: Mapping[str, Sequence[str]]

    @property
    def is_draft(self) -> bool:
        """Whether it is being written still: nobody has finished a review of it, or given it to anyone."""
        return self.made_on is None and self.reviewed_on is None and self.given_on is None


class BarrierLine(NamedTuple):
    """What stands in the way of a goal, or of all (`goal` None)."""

    id: bytes
    version: int
    patient: bytes
    goal: bytes | None
    kind: str
    words: str | None
    solved_on: date | None


class InterventionLine(NamedTuple):
    """What someone does for a goal, or for all of them (`goal` None)."""

    id: bytes
    version: int
    patient: bytes
    goal: bytes | None
    topic: str | None
    title: str
    responsible: str
    who: str | None
    status: str
    due: date | None
    every: int | None
    done_on: date | None
    remarks: str | None


class ProgressLine(NamedTuple):
    """What was said of a goal on a day. `value` and `second` come from the measurement where there is one."""

    id: bytes
    version: int
    patient: bytes
    goal: bytes
    date: date
    value: float | None
    second: float | None
    measurement: bytes | None
    achievement: str | None
    scale: float | None
    note: str | None
    contact: bytes | None
    told_name: str | None


class GoalLine(NamedTuple):
    """A goal with everything on it.

    `kind` is the name of the kind of measurement that moves it (None: none does), `counted` the unit in which its
    numbers are shown. `points` are its values, oldest first, in that unit; `standing` is how it goes, and who says so.
    """

    id: bytes
    version: int
    patient: bytes
    condition: bytes | None
    topic: str | None
    problem: str | None
    title: str
    own_words: str | None
    measure: str | None
    unit: str | None
    direction: str | None
    baseline: float | None
    target: float | None
    target2: float | None
    start: date | None
    due: date | None
    lifecycle: str
    achievement: str
    achievement_on: date | None
    importance: int | None
    confidence: int | None
    responsible: str | None
    review_on: date | None
    weight: int | None
    ended_why: str | None
    steps: Mapping[str, str] | None = None
    kind: str | None = None
    counted: str = ""
    points: tuple[Point, ...] = ()
    standing: Standing = Standing("in-progress", None, "")
    barriers: tuple[BarrierLine, ...] = ()
    interventions: tuple[InterventionLine, ...] = ()
    progress: tuple[ProgressLine, ...] = ()
    """Newest first."""

    @property
    def measured(self) -> bool:
        """Whether it has a number that can be told: a kind of measurement, or something that is counted."""
        return self.kind is not None or bool(self.counted)

    @property
    def scale(self) -> float | None:
        """The last step on its own scale."""
        return next((one.scale for one in self.progress if one.scale is not None), None)


class ProblemLine(NamedTuple):
    """A problem with its open goals: a condition, or words (`condition` None). `key` names it among the others."""

    key: str
    condition: bytes | None
    version: int
    words: str
    code: str | None
    chronic: bool
    goals: tuple[GoalLine, ...]


class VersionLine(NamedTuple):
    """A version of the plan, without its content. Its second signature is missing until `approved_on`."""

    id: bytes
    version: int
    patient: bytes
    number: int
    changes: tuple[str, ...]
    signed_by: bytes | None
    signed_as: str | None
    approved_by: str | None
    approved_on: date | None
    approved_how: str | None
    date: date


class CopyLine(NamedTuple):
    """A copy that left the house."""

    id: bytes
    version: int
    patient: bytes
    kind: str
    to: str
    name: str | None
    how: str
    date: date
    language: str | None
    of_version: bytes | None
    digest: str | None
    given_name: str | None


class Element(NamedTuple):
    """One of CMS's typical elements of a plan: whether the chart has it, and what there is of it, in words.

    `fills` are the keys of the chart's Plan that fill it, or where else it is filled.
    """

    name: str
    words: str
    filled: bool
    says: str
    fills: str


class WholePlan(NamedTuple):
    """Everything of a patient's plan on a day. `reviewed` and `review_due` tell of the plan's own review.

    `problems` hold the goals that go on, `ended` those that do not; `barriers` and `interventions` are those of the
    whole plan. `versions` and `copies` come newest first. `score` is the T score of the goals with their own scale.
    """

    patient: bytes
    day: date
    plan: PlanLine | None
    problems: tuple[ProblemLine, ...]
    barriers: tuple[BarrierLine, ...]
    interventions: tuple[InterventionLine, ...]
    ended: tuple[GoalLine, ...]
    versions: tuple[VersionLine, ...]
    copies: tuple[CopyLine, ...]
    elements: tuple[Element, ...]
    score: float | None
    reviewed: date | None
    review_due: date | None
    latest: Mapping[str, Any] | None
    """The content of the latest version."""
    changes: tuple[str, ...] = ()
    """What has changed since, in sentences."""
    digest: str = ""
    """The hash of what a patient's copy says now (careplan/copy_hash.py)."""

    @property
    def goals(self) -> tuple[GoalLine, ...]:
        """The goals that go on, in their order."""
        return tuple(goal for problem in self.problems for goal in problem.goals)

    def goal(self, key: bytes) -> GoalLine | None:
        """A goal by its key, an ended one too."""
        return next((one for one in (*self.goals, *self.ended) if one.id == key), None)
