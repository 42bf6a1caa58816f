"""The plan templates of a clinic, from data/plans/*.toml: what a plan may begin with, to be edited before it is saved.

A template suggests; it decides nothing. Its printed texts stand in English and in Spanish.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.assessments.library import library
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import Found, Row, Words, parsed, read_each
from cmp_tui.education.topic_book import topic_book

FOLDER = "plans"
ACTS = ("call-us", "call-now", "988", "911")
"""What to do at a warning sign: call us the same day, call at any hour, call the crisis line, call 911."""
TWO_NUMBERS = "bp"
"""The one kind of measurement with a second number."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_PROBLEM = 120, 300, 200
TOP = (
    *("title", "title_es", "problem", "problem_es", "outcome", "outcome_es", "groups", "flags", "medicines"),
    *("barriers", "education", "sources", "checked_on", "goal", "intervention", "sign"),
)
GOAL = (
    *(
        "name",
        "title",
        "title_es",
        "measure",
        "unit",
        "unit_es",
        "direction",
        "target",
        "second",
        "source",
        "agree",
    ),
    *("weeks", "responsible"),
)
INTERVENTION = ("goal", "title", "title_es", "responsible", "within", "every")
SIGN = ("sign", "sign_es", "act")


@dataclass(frozen=True, slots=True)
class GoalTemplate:
    """A suggested goal, as a patient would say it.

    `measure` is a kind of measurement, else `unit` says what is counted ("days a week"); both may be missing.
    `target` is a suggestion of `source`, met on the side that `direction` says ("below", "above"); `second` is the
    lower number of a blood pressure. With `agree` the practitioner sets or confirms the target.
    """

    name: str
    title: Words
    measure: str
    unit: Words
    direction: str
    target: float | None
    second: float | None
    source: str
    agree: bool
    weeks: int
    responsible: str


@dataclass(frozen=True, slots=True)
class InterventionTemplate:
    """What someone does for a goal ("": for all of them): within how many days, and how many days later again.

    `every` is 0 for what is done once.
    """

    goal: str
    title: Words
    responsible: str
    within: int
    every: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign and what to do then: one of ACTS."""

    sign: Words
    act: str


@dataclass(frozen=True, slots=True)
class Template:
    """A plan template.

    It is for condition `groups`, for social or other `flags` of instruments, or from so many `medicines` on (0: not by
    count). `topics` are the social needs of its flags, as the goals that an assessment proposes name them. `outcome`
    is what can be expected, in the patient's words. `education` names topics of data/education.
    """

    name: str
    title: Words
    problem: Words
    outcome: Words
    groups: tuple[str, ...]
    flags: tuple[str, ...]
    topics: frozenset[str]
    medicines: int
    barriers: tuple[str, ...]
    goals: tuple[GoalTemplate, ...]
    interventions: tuple[InterventionTemplate, ...]
    education: tuple[str, ...]
    signs: tuple[Sign, ...]
    sources: tuple[str, ...]
    checked_on: date
    own: bool

    def steps(self, goal: str) -> tuple[InterventionTemplate, ...]:
        """Returns the interventions of a goal by its name; "" for those of the whole problem."""
        return tuple(one for one in self.interventions if one.goal == goal)


@dataclass(frozen=True, slots=True)
class TemplateBook:
    """The templates by name, the clinic's own last, and a sentence for each file left out."""

    templates: Mapping[str, Template]
    problems: tuple[str, ...]

    def get(self, name: str) -> Template | None:
        """Returns a template, None when there is no file of that name (any more)."""
        return self.templates.get(name)

    def fitting(
        self, groups: Collection[str] = (), flags: Collection[str] = (), medicines: int = 0
    ) -> tuple[Template, ...]:
        """Returns the templates for a patient's condition groups, flags and number of medicines."""
        return tuple(
            one
            for one in self.templates.values()
            if not set(groups).isdisjoint(one.groups)
            or not set(flags).isdisjoint(one.flags)
            or 0 < one.medicines <= medicines
        )


class _Known(NamedTuple):
    """What a template may name."""

    groups: frozenset[str]
    flags: Mapping[str, str]
    measures: frozenset[str]
    topics: frozenset[str]
    barriers: frozenset[str]
    parties: frozenset[str]


def template_book(reference: Reference) -> TemplateBook:
    """Returns the templates of this clinic, read once. A file that can't be used leaves the others in use."""
    return reference.made(FOLDER, lambda: _book(reference))


def _book(reference: Reference) -> TemplateBook:
    known = _known(reference)
    found, problems = read_each(
        reference, FOLDER, ".toml", "plan template", lambda file, text: _template(file, text, known)
    )
    order = sorted(found, key=lambda one: (one.own, one.title.en.casefold()))
    return TemplateBook(MappingProxyType({one.name: one for one in order}), tuple(problems))


def _known(reference: Reference) -> _Known:
    flags = {flag.name: flag.topic for one in library(reference).instruments.values() for flag in one.flags}
    measures = reference.table("measurements.toml").get("measure", {})
    return _Known(
        frozenset(str(one.get("id")) for one in reference.table("condition_groups.toml").get("group", ())),
        MappingProxyType(flags),
        frozenset(kind for kind, one in measures.items() if not one.get("code")),
        frozenset(topic_book(reference).topics),
        frozenset(code.code for code in reference.codes("barrier")),
        frozenset(code.code for code in reference.codes("responsible")),
    )


def _template(file: Found, text: str, known: _Known) -> Template:
    row = Row("", 1, parsed(text))
    row.only(TOP)
    groups = row.texts("groups", known.groups, "group of condition_groups.toml")
    flags = row.texts("flags", known.flags, "flag of an instrument")
    medicines = row.whole("medicines", 99, default=0)
    if not (groups or flags or medicines):
        raise row.bad("groups is missing; say for which groups, flags or number of medicines this is")
    goals = tuple(_goal(one, known) for one in row.rows("goal"))
    if not goals:
        raise row.bad("goal is missing; a template has at least one [[goal]]")
    names = [one.name for one in goals]
    for number, name in enumerate(names, 1):
        if name in names[: number - 1]:
            raise Row("goal", number, {}).bad(f"name {name!r} stands there twice")
    sources = row.texts("sources")
    if not sources:
        raise row.bad("sources is missing; name at least one")
    return Template(
        name=file.name,
        title=row.words("title", LONGEST_TITLE),
        problem=row.words("problem", LONGEST_PROBLEM),
        outcome=row.words("outcome", LONGEST_TEXT),
        groups=groups,
        flags=flags,
        topics=frozenset(known.flags[flag] for flag in flags) - {""},
        medicines=medicines,
        barriers=row.texts("barriers", known.barriers, "barrier of records.toml"),
        goals=goals,
        interventions=tuple(_intervention(one, names, known) for one in row.rows("intervention")),
        education=row.texts("education", known.topics, "topic of the folder education"),
        signs=tuple(_sign(one) for one in row.rows("sign")),
        sources=sources,
        checked_on=row.day("checked_on"),
        own=file.own,
    )


def _goal(row: Row, known: _Known) -> GoalTemplate:
    row.only(GOAL)
    measure = row.one_of("measure", ("", *sorted(known.measures)), "")
    unit = row.words("unit", 40, needed=False)
    target, second = row.number_or_none("target"), row.number_or_none("second")
    direction = row.one_of("direction", ("", "below", "above"), "")
    source, agree = row.text("source", LONGEST_TITLE, ""), row.yes("agree")
    if measure and unit.en:
        raise row.bad("unit belongs to the measure; leave it out")
    if (measure or unit.en) and not direction:
        raise row.bad("direction is missing; it is below or above")
    if direction and not (measure or unit.en):
        raise row.bad("direction needs a measure or a unit")
    if target is not None and not (measure or unit.en):
        raise row.bad("target needs a measure or a unit")
    if target is not None and not source:
        raise row.bad("source is missing; a target says where it comes from")
    if measure and target is None and not agree:
        raise row.bad("target is missing; write agree = true when the practitioner sets it")
    if second is not None and (measure != TWO_NUMBERS or target is None):
        raise row.bad("second is the lower number of a blood pressure, beside its target")
    return GoalTemplate(
        name=row.name("name"),
        title=row.words("title", LONGEST_TEXT),
        measure=measure,
        unit=unit,
        direction=direction,
        target=target,
        second=second,
        source=source,
        agree=agree,
        weeks=row.whole("weeks", 104, least=1),
        responsible=row.one_of("responsible", sorted(known.parties)),
    )


def _intervention(row: Row, goals: Collection[str], known: _Known) -> InterventionTemplate:
    row.only(INTERVENTION)
    goal = row.text("goal", LONGEST_TITLE, "")
    if goal and goal not in goals:
        raise row.bad(f"goal names {goal!r}, which is no goal of this file")
    return InterventionTemplate(
        goal=goal,
        title=row.words("title", LONGEST_TEXT),
        responsible=row.one_of("responsible", sorted(known.parties)),
        within=row.whole("within", 365),
        every=row.whole("every", 730, default=0),
    )


def _sign(row: Row) -> Sign:
    row.only(SIGN)
    return Sign(row.words("sign", LONGEST_TEXT), row.one_of("act", ACTS))
