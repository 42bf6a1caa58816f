"""Making the demo clinic: a practice file with three months of fictional work up to a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from cmp_tui.careplan.model import Plan
from cmp_tui.clinic.calendar import Month, add_business_days
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.file import remove_file
from cmp_tui.clinic.opening import make_clinic
from cmp_tui.clinic.records import Table
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.settings import Settings
from cmp_tui.clinic.staff import add_staff
from cmp_tui.encounters.model import Stay
from cmp_tui.exchange.demo import cases_due, cases_program, cases_risk, cases_time
from cmp_tui.exchange.demo.actions import make_demo, open_demo
from cmp_tui.exchange.demo.cases_education import teachings
from cmp_tui.exchange.demo.cases_intake import IntakeStory
from cmp_tui.exchange.demo.cases_medicines import medicines, reconciled_row
from cmp_tui.exchange.demo.cases_month import MonthStory
from cmp_tui.exchange.demo.cases_plan import PlanStory
from cmp_tui.exchange.demo.cases_referrals import referrals
from cmp_tui.exchange.demo.cases_transitions import transitions
from cmp_tui.exchange.demo.cases_visits import visits
from cmp_tui.exchange.demo.cast import Cast, give_parts
from cmp_tui.exchange.demo.days import Days, Diary
from cmp_tui.exchange.demo.findings import Dated, findings
from cmp_tui.exchange.demo.papers import not_given, plan_row
from cmp_tui.exchange.demo.people import Persona, make_people
from cmp_tui.exchange.demo.plan import everyday
from cmp_tui.exchange.demo.records import Batch, add_to, person_rows, program_rows, provider_rows
from cmp_tui.exchange.demo.stage import Stage, Step, play
from cmp_tui.exchange.demo.story import Story
from cmp_tui.exchange.demo.words import StaffWords, Words, load_words
from cmp_tui.exchange.demo.work import steps_of
from cmp_tui.medications.model import Reconciliation
from cmp_tui.patients.coding import ConditionTables, load_condition_tables

SEED = 7
RECENT_DAYS = 14
"""For so many days before today each contact and entry is a change of its own."""


def make_demo_clinic(
    path: Path,
    tables: Sequence[type[Table]],
    now: datetime,
    *,
    seed: int = SEED,
    reference: Reference | None = None,
) -> None:
    """Makes the demo clinic at `path`, as it stands at `now`; the same seed and moment give the same clinic.

    From then on it opens as the first of its staff (Dana Ruiz). Everything in it was written by the people of the
    clinic, at its moment, through the same doors as everywhere. Raises Stopped when something lies at `path`; when
    it fails, no file is left behind.
    """
    reference = reference or Reference()
    words = load_words(reference.folder)
    settings = {
        "name": words.clinic, "time_zone": words.time_zone, "npi": words.npi, "phone": words.phone,
        "fax": words.fax, "phone_always": words.phone_always, "practice": True,
    }  # fmt: skip
    days = Days(now, Settings(time_zone=words.time_zone).zone)
    clock = FrozenClock(days.at(days.first, 8))
    first = words.staff[0]
    admin = {"username": first.username, "name": first.name, "credential": first.credential}
    # While it is made, everybody signs in as themselves; at the end the practice file gets its one person.
    clinic = make_clinic(
        path,
        tables,
        admin=admin,
        settings=settings,
        clock=clock,
        os_name=first.username,
        reference=reference,
    )
    stage = Stage(path, tables, clock, clinic)
    try:
        play(stage, _steps(stage, words, days, seed, reference), now)
        clock.at = now
        stage.desk(first.username).run(open_demo, first.username, seed)
    except BaseException:
        stage.close()
        remove_file(path)
        raise
    stage.close()


def _steps(stage: Stage, words: Words, days: Days, seed: int, reference: Reference) -> Iterator[Step]:
    """Everything that happens, in no order."""
    people = make_people(words, seed, days)
    diary = Diary(days)
    story = Story(people, words, days, diary, Random(f"{seed} story"))
    for case in (*cases_due.CASES, *cases_time.CASES, *cases_program.CASES, *cases_risk.CASES):
        case(story)
    away = (days.week, days.week + timedelta(days=6))
    items = everyday(people, words, days, diary, seed, away)
    first = words.staff[0].username
    dated = _found(stage, people, words, days, seed)
    tables = load_condition_tables(reference.folder)
    cast = give_parts(story, items, _stayed(stage, people, dated), tables, days, seed)
    story.spare(cast.parts.values())
    MonthStory(story, cast, items, seed).write()
    IntakeStory(story, cast, seed).write()
    PlanStory(story, reference, cast.no_plan, seed).write()
    visits(story, reference)
    teachings(story, reference, seed)
    referrals(story, reference)
    medicines(story, reference)
    transitions(story)
    yield Step(days.at(days.first, 8, 5), lambda stage: _hire(stage, words.staff))
    yield Step(
        days.at(days.first, 8, 30),
        lambda stage: _bring_in(stage, first, people, words, cast, dated.get(None, []), days, tables, seed),
    )
    for day, rows in dated.items():
        if day is not None:
            yield Step(days.at(day, 7, 40), _feed(rows))
    yield from _exports(days)
    yield from steps_of(items, days, days.today - timedelta(days=RECENT_DAYS))
    yield from story.steps


def _hire(stage: Stage, staff: Sequence[StaffWords]) -> None:
    """The first administrator adds the second one, who adds the others."""
    first, *others = staff
    others.sort(key=lambda one: "admin" not in one.roles)
    for place, one in enumerate(others):
        by = first if place == 0 else others[0]
        stage.desk(by.username).run(
            add_staff,
            username=one.username,
            name=one.name,
            credential=one.credential,
            roles=frozenset(one.roles),
            os_user=one.username,
            npi=one.npi,
        )
    stage.learn_staff()


def _found(
    stage: Stage, people: Sequence[Persona], words: Words, days: Days, seed: int
) -> Mapping[date | None, list[Dated]]:
    """Everything that is measured or visited, by the day on which it comes in; None is the first day."""
    desk = stage.desk(words.staff[0].username)
    stage.patients = [desk.clinic.new_id() for _ in people]
    found: dict[date | None, list[Dated]] = {}
    for persona in people:
        rng = Random(f"{seed} findings {persona.number}")
        for dated in findings(persona, stage.key(persona), words, days, rng):
            comes_in: date | None = None
            if dated.day >= days.first:
                comes_in = min(add_business_days(Month.of(dated.day).last, 1), days.back(1))
            found.setdefault(comes_in, []).append(dated)
    return found


def _bring_in(
    stage: Stage,
    by: str,
    people: Sequence[Persona],
    words: Words,
    cast: Cast,
    dated: Sequence[Dated],
    days: Days,
    tables: ConditionTables,
    seed: int,
) -> None:
    """The first day: all people with their records, consents, enrollments and plans, in one change."""
    batch: Batch = {}
    provider_rows(batch, words)
    for persona in people:
        rng = Random(f"{seed} records {persona.number}")
        key = stage.key(persona)
        number = cast.numbers.get(persona.number)
        person_rows(batch, persona, key, stage.staff, words, tables, rng, number)
        if persona.standing == "enrolled":
            agreed = persona.number not in cast.no_consent
            program_rows(batch, persona, key, stage.staff, rng, agreed=agreed)
            _plan(batch, persona, key, cast, days, Random(f"{seed} plan {persona.number}"))
            manager = persona.manager or by
            signed_as = next(f"{one.name} {one.credential}" for one in words.staff if one.username == manager)
            row = reconciled_row(persona, key, stage.staff[manager], signed_as, days)
            add_to(batch, Reconciliation, **row)
    stage.desk(by).run(make_demo, _with(batch, dated))


def _plan(batch: Batch, persona: Persona, key: bytes, cast: Cast, days: Days, rng: Random) -> None:
    """The plan of someone who was in the program before the file began."""
    row = plan_row(persona, key, persona.since + timedelta(days=rng.randrange(9)), days.first, rng)
    if persona.number in cast.not_given:
        row = not_given(row)
    if persona.number not in cast.no_plan:
        add_to(batch, Plan, **row)


def _stayed(
    stage: Stage, people: Sequence[Persona], dated: Mapping[date | None, Sequence[Dated]]
) -> set[int]:
    """The numbers of people who were in a hospital or an emergency room."""
    keys = {one.row["patient"] for rows in dated.values() for one in rows if one.model is Stay}
    return {persona.number for persona in people if stage.key(persona) in keys}


def _feed(rows: Sequence[Dated]) -> Callable[[Stage], object]:
    """What came in since the last feed: Iris brings it in."""
    return lambda stage: stage.desk("iris").run(make_demo, _with({}, rows))


def _with(batch: Batch, dated: Sequence[Dated]) -> Batch:
    for one in sorted(dated, key=lambda each: each.day):
        batch.setdefault(one.model, []).append(one.row)
    return batch


def _exports(days: Days) -> Iterator[Step]:
    """Iris exports the month's time on the first workday of the next one."""
    month = Month.of(days.first)
    while month < Month.of(days.today):
        yield Step(days.at(add_business_days(month.last, 1), 9, 5), _export(str(month)))
        month = month.next()


def _export(month: str) -> Callable[[Stage], object]:
    return lambda stage: stage.desk("iris").clinic.look("export", what="time-log", month=month)
