"""The call after a discharge, written: the contact, its answers, and what they ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.discharge_actions import Called, VisitSaid, log_discharge_call
from cmp_tui.encounters.actions import add_stay
from cmp_tui.encounters.appointment_queries import appointments_of
from cmp_tui.referrals.queries import open_of
from cmp_tui.tasks.queries import tasks_of
from cmp_tui.transitions.call_book import call_book
from cmp_tui.transitions.call_queries import calls_of, home_from
from cmp_tui.transitions.call_rules import ToDo, offered
from tests.conftest import AsUser

BOOK = call_book(Reference())
FRIDAY = date(2026, 11, 20)


@pytest.fixture
def stay(clinic: Clinic, ana: bytes) -> bytes:
    return clinic.run(
        add_stay, ana, kind="inpatient", facility="St. Mary's", admitted=date(2026, 11, 16), discharged=FRIDAY,
        discharged_to="home",
    ).id  # fmt: skip


def todo(name: str, answer: object, deed: str) -> ToDo:
    question = next(one for one in BOOK.questions if one.name == name)
    return next(one for one in offered(question, answer, BOOK) if one.deed.name == deed)


def called(clinic: Clinic, patient: bytes, stay: bytes, **form: Any) -> Called:
    values: dict[str, Any] = {"mode": "phone", "outcome": "reached", "answers": {}, "whole": False} | form
    return clinic.run(log_discharge_call, patient, stay=stay, **values)


def test_one_save_writes_the_call_and_everything_that_is_missing(
    clinic: Clinic, as_user: AsUser, ana: bytes, stay: bytes
) -> None:
    as_user("levin")
    answers = {"feeling": "worse", "medicines": "some", "food": "no", "visit": "yes"}
    result = called(
        clinic, ana, stay, answers=answers, minutes=14, activity="transition",
        deeds=[
            todo("feeling", "worse", "worse"), todo("medicines", "some", "medicines"), todo("food", "no", "refer-food"),
        ],
        visit=VisitSaid(date(2026, 11, 26), "9:30", "Dr Levin"),
    )  # fmt: skip
    assert result.done == ("concern", "task", "referral")
    (call,) = clinic.read(calls_of, ana)
    assert (call.stay, call.answers, call.complete, call.contact) == (
        stay, answers, False, result.logged.contact.id,
    )  # fmt: skip
    titles = {one.title for one in clinic.read(tasks_of, ana)}
    assert {"Feels worse since the discharge", "Get the missing medicines: call the pharmacy"} <= titles
    (referral,) = clinic.read(open_of, ana)
    assert (referral.kind, referral.what, referral.need, referral.stay) == ("community", "Food", "food", stay)
    (visit,) = clinic.read(appointments_of, ana)
    assert (visit.day, visit.time, visit.kind) == (date(2026, 11, 26), "09:30", "office")


def test_a_try_in_vain_is_an_attempt_and_nothing_else(clinic: Clinic, ana: bytes, stay: bytes) -> None:
    result = called(
        clinic, ana, stay, outcome="voicemail", answers={"food": "no"}, deeds=[todo("food", "no", "food")]
    )
    assert result.call is None and result.done == ()
    assert clinic.read(calls_of, ana) == [] and clinic.read(open_of, ana) == []


def test_saved_twice_it_is_written_once(clinic: Clinic, ana: bytes, stay: bytes) -> None:
    key = clinic.new_id()
    for _ in range(2):
        called(clinic, ana, stay, id=key, answers={"food": "no"}, deeds=[todo("food", "no", "food")])
    assert len(clinic.read(calls_of, ana)) == 1 and len(clinic.read(tasks_of, ana)) == 1


def test_a_refusal_anywhere_leaves_nothing_behind(
    clinic: Clinic, as_user: AsUser, ana: bytes, stay: bytes
) -> None:
    with pytest.raises(Invalid) as wrong:
        called(clinic, ana, stay, visit=VisitSaid(date(2026, 11, 26), "half past"), answers={"food": "yes"})
    assert set(wrong.value.fields) == {"visit_time"}
    with pytest.raises(Invalid):  # nobody else works here who could answer a clinician's concern
        called(as_user("levin"), ana, stay, answers={}, deeds=[todo("feeling", "worse", "worse")])
    assert clinic.read(calls_of, ana) == [] and clinic.read(appointments_of, ana) == []


def test_the_call_is_about_the_latest_discharge_of_thirty_days(
    clinic: Clinic, ana: bytes, stay: bytes
) -> None:
    assert clinic.read(home_from, ana).id == stay
    clinic.run(add_stay, ana, kind="ed", facility="St. Mary's", admitted=date(2026, 11, 22))
    assert clinic.read(home_from, ana).id == stay  # an emergency visit goes after a stay


def test_without_a_discharge_it_says_what_to_do(clinic: Clinic, tom: bytes) -> None:
    with pytest.raises(Gone, match="Record the stay first"):
        clinic.read(home_from, tom)
