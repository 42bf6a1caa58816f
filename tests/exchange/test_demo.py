"""The demo clinic: on every kind of day it has work for its person, its awkward cases, and a true history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cmp_tui.billing.queries import Span, time_log
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import me, settings_list, staff_list
from cmp_tui.contacts.model import Contact, TimeEntry, Timer
from cmp_tui.contacts.queries import my_day
from cmp_tui.encounters.model import Stay
from cmp_tui.enrollment.queries import standings
from cmp_tui.exchange.demo.actions import make_demo, open_demo
from cmp_tui.exchange.demo.making import make_demo_clinic
from cmp_tui.exchange.demo.queries import demo_state
from cmp_tui.measurements.model import Measurement
from cmp_tui.patients.model import Condition, Patient, Phone, RelatedPerson
from cmp_tui.patients.queries import find_patients, loans, patient_count
from cmp_tui.queue.queries import counts, page
from cmp_tui.tables import TABLES
from cmp_tui.tasks.model import Task
from cmp_tui.tasks.queries import my_tasks

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MOMENTS = {
    "the first minutes of a month": datetime(2026, 12, 1, 6, 20, tzinfo=UTC),
    "the last evening of a month": datetime(2026, 12, 1, 4, 30, tzinfo=UTC),
    "a Sunday, clocks forward": datetime(2026, 3, 8, 20, 0, tzinfo=UTC),
    "a Sunday, clocks back, month's first": datetime(2026, 11, 1, 16, 0, tzinfo=UTC),
    "New Year": datetime(2027, 1, 1, 18, 0, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 21, 0, tzinfo=UTC),
}


class Made(NamedTuple):
    """A demo clinic and its moment."""

    path: Path
    now: datetime
    clinic: Clinic


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A demo clinic on a Monday late in the month."""
    yield from _made(tmp_path_factory, MONDAY)


@pytest.fixture(scope="module", params=["a Monday", *MOMENTS], ids=lambda name: name.replace(" ", "-"))
def made(
    request: pytest.FixtureRequest, monday: Made, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    """A demo clinic for each moment."""
    if request.param in MOMENTS:
        yield from _made(tmp_path_factory, MOMENTS[request.param])
    else:
        yield monday


def _made(factory: pytest.TempPathFactory, now: datetime) -> Iterator[Made]:
    path = factory.mktemp("demo") / "demo.cmp"
    make_demo_clinic(path, TABLES, now)
    clinic = open_clinic(path, TABLES, os_name="whoever", clock=FrozenClock(now))
    yield Made(path, now, clinic)
    clinic.close_here()


def _rows(scope: Scope, query: Any) -> list[Any]:
    return list(rows(query))


def test_every_day_has_work_and_a_true_file(made: Made) -> None:
    clinic = made.clinic
    assert clinic.read(me).username == "dana"
    today = clinic.clock.today(clinic.read(settings_list).zone)
    due = [row for row in clinic.read(page, "mine") if row.due <= today]
    assert 8 <= len(due) <= 75
    assert {"draft", "timer", "handed", "task", "attempt", "not-reached"} <= {row.source for row in due}
    assert clinic.read(counts, "mine").overdue >= 3
    assert clinic.verify() == []
    assert clinic.read(patient_count) == 150
    state = clinic.read(demo_state)
    assert state is not None
    assert (state.day, state.at, state.seed, state.touched) == (today, made.now, 7, False)


def test_nothing_lies_in_the_future(made: Made) -> None:
    now = int(made.now.timestamp())
    for query in (
        TimeEntry.select(TimeEntry.id).where((TimeEntry.end > now) | (TimeEntry.entered_at > now)),
        TimeEntry.select(TimeEntry.id).where(TimeEntry.entered_at < TimeEntry.end),
        Contact.select(Contact.id).where((Contact.at > now) | (Contact.signed_at < Contact.at)),
        Task.select(Task.id).where(Task.settled_at > now),
        Measurement.select(Measurement.id).where(Measurement.date > str(made.now.date())),
    ):
        assert made.clinic.read(_rows, query) == []


def test_only_the_overlaps_that_are_meant(made: Made) -> None:
    query = TimeEntry.live(TimeEntry.staff, TimeEntry.start, TimeEntry.end, TimeEntry.group).order_by(
        TimeEntry.staff, TimeEntry.start
    )
    spans = made.clinic.read(_rows, query)
    clashes = [
        (one, two)
        for one, two in pairwise(spans)
        if one[0] == two[0] and two[1] < one[2] and (one[3] is None or one[3] != two[3])
    ]
    zone = made.clinic.read(settings_list).zone
    days = [one[1].astimezone(zone).date() for one, _ in clashes]
    assert len(days) == 2
    assert Month.of(days[0]) == Month.of(made.clinic.clock.today(zone)).previous()
    assert [len(made.clinic.read(my_day, day).overlaps) for day in days] == [1, 1]


def test_the_people(monday: Made) -> None:
    clinic = monday.clinic
    staff = {row.username: row for row in clinic.read(staff_list)}
    assert {name: row.roles for name, row in staff.items()} == {
        "dana": {"care-manager", "admin"},
        "ben": {"care-manager"},
        "levin": {"clinician"},
        "iris": {"admin"},
    }
    assert staff["levin"].may_bill and not staff["iris"].clinical
    for typed, family in (
        ("obrien", "O'Brien"),
        ("田中", "田中"),
        ("tanaka", "田中"),
        ("nguyen", "Nguyễn"),
        ("olga", "Kováčová"),
        ("suparti", "Suparti"),
        ("de la cruz", "de la Cruz"),
    ):
        assert family in [line.family for line in clinic.read(find_patients, typed)], typed
    numbers = clinic.read(_rows, Phone.select(Phone.number))
    numbers += clinic.read(_rows, RelatedPerson.select(RelatedPerson.phone))
    assert all(number[6:12] == "555-01" for (number,) in numbers)
    assert len(set(numbers)) == len(numbers)
    grouped = clinic.read(_rows, Condition.live(Condition.group).where(Condition.status == "active"))
    assert len({group for (group,) in grouped}) >= 20
    assert None not in {group for (group,) in grouped}


def test_the_cases_of_time(monday: Made) -> None:
    clinic = monday.clinic
    november = clinic.read(time_log, Month(2026, 11))
    spans = [*november, *clinic.read(time_log, Month(2026, 10))]
    minutes: Counter[str] = Counter()
    for span in november:
        minutes[span.patient] += span.seconds
    assert [minutes[name] for name in ("Tran, Linh", "Weiss, Ruth", "Łukasiewicz, Wanda")] == [17 * 60] * 3
    assert [span for span in spans if span.late]
    assert [span.amended_why for span in spans if span.amended] and _without_consent(spans)
    assert all(not span.billable and span.why_not for span in _without_consent(spans))
    shared = clinic.read(_rows, TimeEntry.live(TimeEntry.group_size).where(TimeEntry.group.is_null(False)))
    assert shared == [(6,)] * 6
    struck = clinic.read(
        _rows, TimeEntry.select(TimeEntry.struck_why).where(TimeEntry.struck_at.is_null(False))
    )
    assert len(struck) == 1 and "Mary Johnson" in struck[0][0]
    night = [span for span in spans if span.staff == "Amy Levin" and span.with_whom == "caregiver"]
    assert [(str(span.date), span.seconds) for span in sorted(night, key=lambda one: one.date)] == [
        ("2026-10-31", 8 * 60),
        ("2026-11-01", 11 * 60),
    ]
    timers = clinic.read(
        _rows,
        Timer.live(Staff.username, Timer.status)
        .join(Staff, on=(Staff.id == Timer.staff))
        .order_by(Timer.start),
    )
    assert Counter(timers) == {("levin", "running"): 1, ("dana", "parked"): 1, ("dana", "logged"): 1}


def _without_consent(spans: list[Span]) -> list[Span]:
    return [span for span in spans if span.patient == "Ng, Li"]


def test_the_cases_of_consent(monday: Made) -> None:
    clinic = monday.clinic
    today = clinic.clock.today(clinic.read(settings_list).zone)
    found = clinic.read(standings)
    names = dict(clinic.read(_rows, Patient.select(Patient.family, Patient.id)))

    def holds(family: str) -> str | None:
        standing = found.get((names[family], "CCM"))
        return standing.consent_on(today) if standing else None

    assert holds("Adébáyọ̀") == "revoked"
    assert holds("van der Berg") == "declined"
    assert holds("Ng") is None
    assert holds("McAllister") == "accepted"
    assert not found[names["McAllister"], "CCM"].enrolled_on(today)
    dead = clinic.read(_rows, Patient.live(Patient.family).where(Patient.deceased_on.is_null(False)))
    assert dead == [("D’Angelo",)]
    assert not found[names["D’Angelo"], "CCM"].enrolled_on(today)
    enrolled = sum(standing.enrolled_on(today) for standing in found.values())
    assert enrolled > 90


def test_the_cases_of_today(monday: Made) -> None:
    clinic = monday.clinic
    today = clinic.clock.today(clinic.read(settings_list).zone)
    (loan,) = clinic.read(loans)
    assert (loan.owner_name, loan.cover_name, loan.starts) == ("Ben Ortiz", "Dana Ruiz", today)
    tasks = clinic.read(my_tasks)
    assert Counter(task.handed_by_name for task in tasks if task.assignee_name == "Dana Ruiz") == {
        None: sum(task.assignee_name == "Dana Ruiz" for task in tasks) - 3,
        "Amy Levin": 2,
        "Ben Ortiz": 1,
    }
    assert {task.attempt for task in tasks if task.kind == "call-back"} >= {2, 3}
    assert [task for task in tasks if task.snoozed_until and task.snoozed_until > today]
    assert [task for task in tasks if task.snoozed_until == today]
    (draft,) = clinic.kept("draft")
    assert draft.data["form"] == "contact" and draft.patient is not None
    assert draft.key == f"contact|{draft.patient.hex()}||"
    out = clinic.read(
        _rows, Stay.live(Stay.discharged).where(Stay.discharged >= str(today - timedelta(days=7)))
    )
    assert out == [(today - timedelta(days=3),)]
    assert clinic.read(last_undoable) is not None


def test_same_seed_and_moment_same_clinic(monday: Made, tmp_path: Path) -> None:
    make_demo_clinic(tmp_path / "again.cmp", TABLES, MONDAY)
    again = open_clinic(tmp_path / "again.cmp", TABLES, os_name="whoever", clock=FrozenClock(MONDAY))
    try:
        assert again.read(_told) == monday.clinic.read(_told)
    finally:
        again.close_here()


def _told(scope: Scope) -> list[Any]:
    """What people would see: no keys."""
    contact = Contact.select(
        Patient.mrn,
        Contact.at,
        Contact.outcome,
        Contact.why,
        Contact.did,
        Contact.signed_as,
        Contact.signed_at,
    ).join(Patient, on=(Patient.id == Contact.patient))
    entry = TimeEntry.select(Patient.mrn, TimeEntry.start, TimeEntry.end, TimeEntry.activity).join(
        Patient, on=(Patient.id == TimeEntry.patient)
    )
    task = Task.select(Task.title, Task.due, Task.status, Task.settled_how)
    value = Measurement.select(Patient.mrn, Measurement.kind, Measurement.date, Measurement.value).join(
        Patient, on=(Patient.id == Measurement.patient)
    )
    person = Patient.select(
        Patient.mrn, Patient.folded, Patient.birth_date, Patient.street, Patient.best_time
    )
    queue = [(row.mrn, row.source, row.due, row.reason) for row in page(scope)]
    return [*(sorted(rows(query), key=str) for query in (person, contact, entry, task, value)), queue]


def test_another_seed_is_another_clinic(monday: Made, tmp_path: Path) -> None:
    make_demo_clinic(tmp_path / "other.cmp", TABLES, MONDAY, seed=8)
    other = open_clinic(tmp_path / "other.cmp", TABLES, os_name="whoever", clock=FrozenClock(MONDAY))
    try:
        told, known = other.read(_told), monday.clinic.read(_told)
        assert [one != another for one, another in zip(told, known, strict=True)] == [True] * len(told)
        assert len([row for row in other.read(page) if row.due <= MONDAY.date()]) >= 8
        assert other.verify() == []
    finally:
        other.close_here()


def test_a_real_clinic_takes_no_fictional_people(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="practice file"):
        clinic.run(make_demo, {Patient: [{"mrn": "1", "family": "Nobody", "folded": "nobody"}]})
    with pytest.raises(Refused, match="practice file"):
        clinic.run(open_demo, "dana", 7)
    assert clinic.read(patient_count) == 0
    assert clinic.read(demo_state) is None


def test_a_failed_making_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("cmp_tui.exchange.demo.making._bring_in", fail)
    with pytest.raises(RuntimeError):
        make_demo_clinic(tmp_path / "demo.cmp", TABLES, MONDAY)
    assert list(tmp_path.iterdir()) == []
