"""Who plays which part in the last month's billing: people who have no part elsewhere. Pure.

The parts are given out after everything else, so that nobody's other work moves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from random import Random
from typing import NamedTuple

from cmp_tui.clinic.calendar import Month, day_of
from cmp_tui.clinic.errors import Stopped
from cmp_tui.exchange.demo.days import Days
from cmp_tui.exchange.demo.papers import medicare_numbers
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.plan import THRESHOLD, Item
from cmp_tui.exchange.demo.story import Story
from cmp_tui.patients.coding import ConditionTables

CHRONIC = 2
"""Chronic conditions that CCM needs (data/programs)."""
NOT_COUNTED = "prior-authorization"
"""The activity whose minutes no program counts (data/programs)."""
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("behavior", ("depression", "anxiety")),
    ("monitored", ("heart-failure", "hypertension", "copd")),
    ("monitored-new", ("diabetes", "hypertension", "heart-failure")),
    ("complex", ("heart-failure", "copd", "dementia", "kidney")),
    ("not-judged", ("heart-failure", "copd", "diabetes")),
    ("home-again", ("heart-failure", "copd", "coronary")),
    ("not-reconciled", ("kidney", "atrial-fibrillation", "diabetes")),
    ("consent-lost", ()),
    ("plan-never-made", ()),
    ("plan-never-given", ()),
    ("no-number", ()),
    ("at-once-first", ()),
    ("at-once-second", ()),
)
"""Parts of people in CCM whose month is billed, and the conditions that they go to first."""
APART: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("principal", ("copd", "rheumatoid", "heart-failure", "kidney")),
    ("advanced", ("diabetes", "hypertension")),
)
"""Parts of people who are in no program."""
FEW = 3
"""So many more without a number, a plan, or a copy of it: people for whom Medicare is billed nothing."""


class Cast(NamedTuple):
    """The parts by name, what is missing for whom (numbers of people), and the Medicare numbers."""

    parts: Mapping[str, Persona]
    no_consent: frozenset[int]
    no_plan: frozenset[int]
    not_given: frozenset[int]
    numbers: Mapping[int, str]


def give_parts(
    story: Story,
    items: Sequence[Item],
    stayed: Collection[int],
    tables: ConditionTables,
    days: Days,
    seed: int,
) -> Cast:
    """Gives out the parts. `stayed` are the numbers of people who were in a hospital lately.

    Raises Stopped when data/demo.toml makes too few people.
    """
    rng = Random(f"{seed} month")
    rest = story.rest()
    enough = _with_enough(items, days)
    fit = [one for one in rest if _pays(one) and one.number in enough and _chronic(one, tables) >= CHRONIC]
    pool = [one for one in fit if one.number not in stayed]
    apart = [
        one for one in story.people if one.standing == "none" and not one.case and _pays(one) and one.manager
    ]
    rng.shuffle(pool)
    rng.shuffle(apart)
    parts = {part: _take(pool, groups) for part, groups in PARTS}
    parts |= {part: _take(apart, groups) for part, groups in APART}
    unbilled = [one.number for one in rest if not _pays(one)]
    rng.shuffle(unbilled)
    numbers = medicare_numbers(story.people, seed)
    for gone in (parts["no-number"].number, *(one.number for one in apart[:FEW])):
        numbers.pop(gone, None)
    return Cast(
        parts,
        frozenset({parts["consent-lost"].number}),
        frozenset({parts["plan-never-made"].number, *unbilled[:FEW]}),
        frozenset({parts["plan-never-given"].number, *unbilled[FEW : 2 * FEW]}),
        numbers,
    )


def _pays(persona: Persona) -> bool:
    return persona.payer == "Medicare"


def _chronic(persona: Persona, tables: ConditionTables) -> int:
    return sum(tables.classify("icd-10-cm", one.code).chronic is True for one in persona.conditions)


def _with_enough(items: Sequence[Item], days: Days) -> dict[int, int]:
    """The minutes that count of everybody whose last month reaches the threshold."""
    minutes: dict[int, int] = {}
    month = Month.of(days.today).previous()
    for item in items:
        if Month.of(day_of(item.start, days.zone)) == month and item.note.activity != NOT_COUNTED:
            minutes[item.persona.number] = minutes.get(item.persona.number, 0) + item.minutes
    return {number: count for number, count in minutes.items() if count >= THRESHOLD}


def _take(pool: list[Persona], groups: Sequence[str]) -> Persona:
    if not pool:
        raise Stopped("The reference file demo.toml makes too few people. Correct it, or reinstall.")
    fitting = (
        one for group in groups for one in pool if group in (condition.key for condition in one.conditions)
    )
    found = next(fitting, pool[0])
    pool.remove(found)
    return found
