"""Referrals in Today: silence rises with whom to call, and each stage asks for its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.patients.actions import add_patient, edit_patient
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.queue.queries import QueueRow, page
from cmp_tui.referrals.actions import check_later, end_referral, order, take_step
from tests.conftest import AsUser

SAID: dict[str, Any] = {"said_by": "Deb", "how": "phone"}


@pytest.fixture
def heart(clinic: Clinic) -> bytes:
    """Heart Group in the directory."""
    return clinic.run(add_provider, name="Heart Group", phone="5125550199").id


@pytest.fixture
def james(clinic: Clinic) -> bytes:
    """Dana's patient, in no program."""
    return clinic.run(add_patient, family="Okafor", given="James", birth_date="1958-03-01", sex="M").id


def rows_of(clinic: Clinic, whose: str = "mine") -> list[QueueRow]:
    return [row for row in clinic.read(page, whose) if row.source == "referral"]


def sent(clinic: Clinic, clock: FrozenClock, patient: bytes, day: int, **values: Any) -> bytes:
    """A referral that was ordered and sent on a day of November."""
    now, clock.at = clock.at, datetime(2026, 11, day, 16, tzinfo=UTC)
    about = {"kind": "specialist", "what": "cardiology", **values}
    key: bytes = clinic.run(order, patient, sent_how="fax", **about).id
    clock.at = now
    return key


def test_silence_rises_with_whom_to_call(
    clinic: Clinic, clock: FrozenClock, james: bytes, heart: bytes
) -> None:
    key = sent(clinic, clock, james, 3, provider=heart)
    (row,) = rows_of(clinic)
    assert (row.ref, row.due) == (key, date(2026, 11, 10))
    assert row.reason == "cardiology silent since Tue 3 Nov: call Heart Group (512) 555-0199"
    assert (row.settle.form, row.settle.word, row.settle.on_record) == ("referral-step", "answer", True)
    assert row.assignee == "Dana Ruiz"


def test_the_longer_it_is_silent_the_further_up(clinic: Clinic, clock: FrozenClock, james: bytes) -> None:
    sent(clinic, clock, james, 9, what="eyes")
    sent(clinic, clock, james, 3, what="heart")
    sent(clinic, clock, james, 2, kind="test", what="MRI", urgency="urgent")
    sent(clinic, clock, james, 2, kind="community", what="meals")
    assert [row.reason.partition(" ")[0] for row in rows_of(clinic)] == ["MRI", "meals", "heart", "eyes"]


def test_one_day_the_urgent_then_those_asked_in_vain(
    clinic: Clinic, clock: FrozenClock, james: bytes
) -> None:
    keys = [
        sent(clinic, clock, james, 20, what=what, urgency="routine") for what in ("usual", "twice", "urgent")
    ]
    for key in keys:
        clinic.run(take_step, key, stage="checked", **SAID, check_on=date(2026, 11, 30))
    clinic.run(take_step, keys[1], stage="checked", **SAID, check_on=date(2026, 11, 30))
    pressing = sent(clinic, clock, james, 20, what="now", urgency="urgent")
    clinic.run(take_step, pressing, stage="checked", **SAID, check_on=date(2026, 11, 30))
    words = [row.reason.partition(" ")[0] for row in rows_of(clinic)]
    assert words[:2] == ["now", "twice"]


STEPS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("accepted", SAID, "no day since", "day"),
    ("declined", SAID, "declined", "send"),
    ("attended", SAID, "report not in", "report"),
    ("report", SAID, "waits for review", "review"),
    ("reviewed", {"said_by": "Amy Levin"}, "tell the patient", "tell"),
    ("told", SAID, "was the need met?", "end"),
    ("missed", {**SAID, "why": "forgot"}, "book again", "book"),
    ("cancelled", SAID, "book again", "book"),
)


@pytest.mark.parametrize(("stage", "values", "words", "key"), STEPS, ids=lambda one: str(one)[:12])
def test_each_stage_asks_for_its_own(
    clinic: Clinic, clock: FrozenClock, james: bytes, stage: str, values: dict[str, Any], words: str, key: str
) -> None:
    referral = sent(clinic, clock, james, 3)
    clinic.run(take_step, referral, stage=stage, **values)
    (row,) = rows_of(clinic)
    assert words in row.reason and row.clears
    assert row.settle.word == key


def test_a_visit_is_asked_about_afterwards(clinic: Clinic, clock: FrozenClock, james: bytes) -> None:
    key = sent(clinic, clock, james, 3)
    clinic.run(
        take_step, key, stage="scheduled", **SAID, appointment={"day": date(2026, 11, 25), "time": "9:30"}
    )
    (row,) = rows_of(clinic)
    assert (row.due, row.reason) == (date(2026, 11, 27), "cardiology: visit Wed 25 Nov 09:30")
    clock.at = datetime(2026, 11, 27, 16, tzinfo=UTC)
    (row,) = rows_of(clinic)
    assert row.reason == "cardiology: visit was Wed 25 Nov 09:30; were they there?"


def test_put_off_ended_dead(clinic: Clinic, clock: FrozenClock, james: bytes) -> None:
    first, second = sent(clinic, clock, james, 3), sent(clinic, clock, james, 3, what="eyes")
    clinic.run(check_later, first, until=date(2026, 11, 25), why="Deb is away")
    assert {(row.ref, row.due) for row in rows_of(clinic)} == {
        (first, date(2026, 11, 25)),
        (second, date(2026, 11, 10)),
    }, "the other one of the same patient is not put off with it"
    clinic.run(end_referral, second, None, end="not-needed")
    assert [row.ref for row in rows_of(clinic)] == [first]
    clinic.run(edit_patient, james, None, deceased=True)
    assert rows_of(clinic) == []


def test_whose_it_is(clinic: Clinic, clock: FrozenClock, as_user: AsUser, james: bytes) -> None:
    ben = as_user("ben")
    mine = sent(clinic, clock, james, 3)
    theirs = sent(ben, clock, james, 3, what="eyes", owner=_me(ben))
    assert [row.ref for row in rows_of(clinic)] == [mine]
    assert [row.ref for row in rows_of(ben)] == [theirs]
    assert {row.ref for row in rows_of(clinic, "team")} == {mine, theirs}


def test_a_report_waits_with_who_is_to_review_it(
    clinic: Clinic, clock: FrozenClock, as_user: AsUser, james: bytes
) -> None:
    key = sent(clinic, clock, james, 3, ordered_by="levin")
    levin = as_user("levin")
    assert rows_of(levin) == []
    clinic.run(take_step, key, stage="report", **SAID)
    assert [row.settle.word for row in rows_of(levin)] == ["review"]
    levin.run(take_step, key, stage="reviewed", said_by="Amy Levin")
    assert rows_of(levin) == []
    assert [row.ref for row in rows_of(clinic)] == [key]


def _me(clinic: Clinic) -> bytes:
    from cmp_tui.clinic.staff import me

    return clinic.read(me).id
