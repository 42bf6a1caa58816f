"""A concern goes to a practitioner, is answered, and the answer comes back to whoever asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.staff import add_staff, change_setting, me, staff_list
from cmp_tui.patients.actions import add_patient, lend_panel
from cmp_tui.queue.queries import page
from cmp_tui.tasks.actions import acknowledge, hand_over, settle_task
from cmp_tui.tasks.escalation_actions import escalate, see_answer
from cmp_tui.tasks.escalation_queries import way_of
from cmp_tui.tasks.escalation_rules import Clinician, answer_by, usual_clinician
from tests.conftest import MONDAY, AsUser

LEVIN = Clinician(b"l", "levin", "Amy Levin", True)
HOLM = Clinician(b"h", "holm", "Petra Holm", True)
ABEL = Clinician(b"a", "abel", "Abel Ash", False)
HOURS = {"routine": 72, "urgent": 24, "asap": 4, "stat": 0}


def key_of(clinic: Clinic, username: str) -> bytes:
    return next(one.id for one in clinic.read(staff_list) if one.username == username)


@pytest.fixture
def eva(clinic: Clinic) -> bytes:
    """Eva Lund, for whom Amy Levin bills."""
    return clinic.run(
        add_patient, family="Lund", given="Eva", billing_practitioner="levin", care_manager=clinic.read(me).id
    ).id


def reasons(clinic: Clinic) -> list[tuple[str, str]]:
    return [(one.source, one.reason) for one in clinic.read(page)]


def test_it_goes_to_the_patients_own_practitioner_or_who_stands_in() -> None:
    everyone = (LEVIN, HOLM, ABEL)
    assert usual_clinician(everyone, b"me", "levin", {}) == b"l"
    assert usual_clinician(everyone, b"me", "levin", {b"l": b"a"}) == b"a"
    assert usual_clinician(everyone, b"me", "levin", {b"l": b"gone"}) == b"l"
    assert usual_clinician(everyone, b"me", "somebody outside", {}) == b"l"  # who bills, by name
    assert usual_clinician(everyone, b"l", "levin", {}) == b"h"  # never oneself
    assert usual_clinician((ABEL,), b"me", None, {}) == b"a"
    assert usual_clinician((LEVIN,), b"l", "levin", {}) is None


def test_an_answer_is_wanted_in_the_hours_of_the_urgency() -> None:
    assert answer_by(MONDAY, "urgent", HOURS) == MONDAY + timedelta(hours=24)
    assert answer_by(MONDAY, "stat", HOURS) == MONDAY + timedelta(hours=1)  # never at the moment itself


def test_a_concern_is_sent_accepted_answered_and_seen(clinic: Clinic, as_user: AsUser, eva: bytes) -> None:
    task = clinic.run(
        escalate, eva, concern="  Weight up\n4 lb ", urgency="asap", details="No breath on stairs."
    )
    assert (task.kind, task.title, task.urgency, task.status) == (
        "escalation",
        "Weight up 4 lb",
        "asap",
        "received",
    )
    assert task.answer_by == MONDAY + timedelta(hours=4) and task.due == date(2026, 11, 23)
    levin = as_user("levin")
    assert task.assignee == levin.read(me).id
    assert ("handed", "Dana Ruiz hands over: Weight up 4 lb") in reasons(levin)
    levin.run(acknowledge, task.id)
    with pytest.raises(Invalid, match="Write the answer"):
        levin.run(settle_task, task.id)
    levin.run(settle_task, task.id, how="Double the water pill for 3 days; weigh daily.")
    answered = ("answered", "answered: Double the water pill for 3 days; weigh daily. (Weight up 4 lb)")
    assert answered in reasons(clinic) and answered not in reasons(levin)
    with pytest.raises(Invalid, match="for the one who asked"):
        levin.run(see_answer, task.id)
    clinic.run(see_answer, task.id)
    assert answered not in reasons(clinic)
    assert clinic.run(see_answer, task.id).answer_seen_at == MONDAY


def test_what_nobody_answers_climbs(clinic: Clinic, as_user: AsUser, clock: FrozenClock, eva: bytes) -> None:
    clinic.run(escalate, eva, concern="Weight up", urgency="stat")
    assert "escalation" not in [source for source, _ in reasons(clinic)]
    clock.at = MONDAY + timedelta(minutes=61)
    for one in (clinic, as_user("levin")):
        assert "escalation" in [source for source, _ in reasons(one)]
    ben = as_user("ben")
    assert "escalation" not in [source for source, _ in reasons(ben)]


def test_the_answer_comes_back_to_whoever_asked_though_it_was_handed_on(
    clinic: Clinic, as_user: AsUser, eva: bytes
) -> None:
    clinic.run(
        add_staff,
        username="holm",
        name="Petra Holm",
        credential="MD",
        roles=frozenset({"clinician"}),
        may_bill=True,
    )
    levin, holm = as_user("levin"), key_of(clinic, "holm")
    task = clinic.run(escalate, eva, concern="Weight up")
    levin.run(hand_over, task.id, holm)
    levin.run(settle_task, task.id, how="Seen by phone.")
    assert [reason for source, reason in reasons(clinic) if source == "answered"] == [
        "answered: Seen by phone. (Weight up)"
    ]


def test_what_one_settles_oneself_does_not_come_back(clinic: Clinic, eva: bytes) -> None:
    task = clinic.run(escalate, eva, concern="Weight up")
    clinic.run(settle_task, task.id, how="Dr. Levin called back: double the pill.")
    assert "answered" not in [source for source, _ in reasons(clinic)]


def test_hours_are_settings_and_a_panel_may_be_covered(clinic: Clinic, as_user: AsUser, eva: bytes) -> None:
    clinic.run(change_setting, "answer_hours_routine", 5)
    clinic.run(
        add_staff, username="holm", name="Petra Holm", credential="MD",
        roles=frozenset({"clinician", "care-manager"}), may_bill=True,
    )  # fmt: skip
    holm, levin = key_of(clinic, "holm"), key_of(clinic, "levin")
    today = date(2026, 11, 23)
    clinic.run(lend_panel, owner=levin, cover=holm, starts=today, ends=today)
    way = clinic.read(way_of, eva)
    assert (way.usual, way.practitioner) == (holm, "Amy Levin")
    assert way.answers["routine"] == MONDAY + timedelta(hours=5)
    assert clinic.run(escalate, eva, concern="Weight up").assignee == holm


def test_what_is_refused(clinic: Clinic, as_user: AsUser, eva: bytes) -> None:
    with pytest.raises(Invalid) as wrong:
        clinic.run(escalate, eva, concern=" ", urgency="soon")
    assert set(wrong.value.fields) == {"concern", "urgency"}
    with pytest.raises(Invalid, match="Choose one of them"):
        clinic.run(escalate, eva, concern="Weight up", to=key_of(clinic, "ben"))
    with pytest.raises(Invalid, match="No clinician but you"):
        as_user("levin").run(escalate, eva, concern="Weight up")
    key = clinic.new_id()
    first = clinic.run(escalate, eva, concern="Weight up", id=key)
    assert clinic.run(escalate, eva, concern="Weight up", id=key).id == first.id
    with pytest.raises(Invalid, match="sent already"):
        clinic.run(escalate, eva, concern="Something else", id=key)
