"""The board: whose cards, in which order, what each says; one question for many of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Gone
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.intake_actions import add_intake, end_intake, hold_intake, strike_intake, take_up
from cmp_tui.enrollment.intake_queries import (
    KEY,
    View,
    cards,
    every_card,
    intake_card,
    intake_detail,
    order_of,
)
from cmp_tui.enrollment.model import Intake
from cmp_tui.patients.actions import add_patient
from tests.conftest import AsUser

TODAY = date(2026, 11, 23)
Add = Callable[..., Intake]


@pytest.fixture
def add(clinic: Clinic) -> Add:
    """Takes someone new in."""

    def take(family: str, back: int = 0, **about: Any) -> Intake:
        given: dict[str, Any] = {"source": "claims", **about}
        person = clinic.run(
            add_patient, family=family, care_manager=given.pop("care_manager", clinic_me(clinic))
        )
        return clinic.run(add_intake, person.id, received=TODAY - timedelta(days=back), **given)

    return take


def clinic_me(clinic: Clinic) -> bytes:
    return clinic.read(lambda scope: scope.who.id)


def names(clinic: Clinic, view: View = View()) -> dict[str, list[str]]:
    """The cards by column."""
    order = clinic.read(order_of, view)
    return {
        group.name: [card.family for card in clinic.read(cards, order.part(group.first, group.size))]
        for group in order.groups
        if group.size
    }


def test_the_longest_waiting_stand_first_in_their_column(clinic: Clinic, add: Add) -> None:
    for family, back in (("Ames", 2), ("Bell", 9), ("Cole", 5)):
        add(family, back)
    up = add("Dorn", 9)
    clinic.run(take_up, up.id)
    assert names(clinic) == {"intake": ["Bell", "Cole", "Ames"], "outreach": ["Dorn"]}
    order = clinic.read(order_of)
    assert (order.total, order.slow, order.back, order.free) == (4, 2, 0, 0)
    assert order.place(up.id) == 3
    assert order.place(b"\0" * KEY) is None


def test_mine_the_teams_and_nobodys(clinic: Clinic, as_user: AsUser, add: Add) -> None:
    add("Mine")
    add("Nobody", care_manager=None)
    theirs = add("Bens", care_manager=clinic_me(as_user("ben")))
    assert names(clinic) == {"intake": ["Mine", "Nobody"]}
    assert names(clinic, View("team")) == {"intake": ["Mine", "Nobody", "Bens"]}
    assert names(as_user("ben")) == {"intake": ["Nobody", "Bens"]}
    assert clinic.read(order_of).free == 1
    clinic.run(take_up, theirs.id)
    assert names(clinic)["outreach"] == ["Bens"], "whose it is beats whose panel it is"
    assert names(as_user("ben")) == {"intake": ["Nobody"]}


def test_by_source(clinic: Clinic, add: Add) -> None:
    add("Ames")
    add("Bell", source="provider-referral", by="Dr. Kim")
    assert names(clinic, View(source="provider-referral")) == {"intake": ["Bell"]}


def test_what_was_ended_comes_back_on_its_day(clinic: Clinic, add: Add, clock: FrozenClock) -> None:
    ames, bell, cole = add("Ames", 3), add("Bell"), add("Cole", 1)
    clinic.run(hold_intake, bell.id, None, until=TODAY + timedelta(days=7), why="away")
    clinic.run(end_intake, cole.id, None, end="moved")
    assert names(clinic) == {"intake": ["Ames"]}
    assert names(clinic, View(ended=True)) == {"held": ["Bell"], "left": ["Cole"]}
    clock.at += timedelta(days=7)
    assert names(clinic) == {"intake": ["Bell", "Ames"]}
    assert clinic.read(order_of).back == 1
    assert clinic.read(intake_card, ames.id).step.kind == "take-up"
    assert clinic.read(intake_card, bell.id).step.words == "ask again"


def test_a_card_says_what_was_tried(clinic: Clinic, add: Add, clock: FrozenClock) -> None:
    intake = add("Ames")
    for day, hour in ((0, 0), (1, 5), (2, 0)):
        clock.at = clock.at.replace(hour=15 + hour) + timedelta(days=bool(day))
        clinic.run(log_contact, intake.patient, mode="phone", outcome="no-answer")
    card = clinic.read(intake_card, intake.id)
    assert (card.tries.made, card.tries.enough, card.step.words) == (3, True, "send a letter")
    clinic.run(log_contact, intake.patient, mode="letter", outcome="not-applicable")
    assert clinic.read(intake_card, intake.id).step.words == "letter sent: end it"
    clinic.run(log_contact, intake.patient, mode="phone", outcome="reached")
    card = clinic.read(intake_card, intake.id)
    assert (card.stage, card.tries.made, card.step.kind) == ("eligibility", 0, "eligibility")
    detail = clinic.read(intake_detail, intake.id)
    assert [one.outcome for one in detail.touches] == ["no-answer"] * 3 + ["not-applicable", "reached"]


def test_the_next_try_is_the_day_of_the_call_back(clinic: Clinic, add: Add) -> None:
    intake = add("Ames")
    due = TODAY + timedelta(days=3)
    clinic.run(log_contact, intake.patient, mode="phone", outcome="voicemail", next_due=due)
    assert clinic.read(intake_card, intake.id).step.due == due


def test_many_cards_cost_as_many_questions_as_one(clinic: Clinic, add: Add) -> None:
    made = [add(f"Ames {number}", number % 7) for number in range(30)]

    def asked(scope: Any, keys: list[bytes]) -> int:
        database = Intake._meta.database
        count, before = 0, database.execute

        def counting(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            return before(*args, **kwargs)

        database.execute = counting
        try:
            assert len(cards(scope, keys)) == len(keys)
        finally:
            del database.execute
        return count

    asked.__module__, asked.__name__ = "cmp_tui.enrollment.queries", "intake_card"
    one, many = clinic.read(asked, [made[0].id]), clinic.read(asked, [row.id for row in made])
    assert one == many <= 8


def test_all_of_them_for_a_file(clinic: Clinic, add: Add) -> None:
    gone = add("Gone")
    clinic.run(strike_intake, gone.id, "twice")
    for number in range(3):
        add(f"Ames {number}")
    batches = clinic.read(lambda scope: list(every_card(scope, View("team"))))
    assert [card.family for batch in batches for card in batch] == ["Ames 0", "Ames 1", "Ames 2"]
    with pytest.raises(Gone):
        clinic.read(intake_card, gone.id)
