"""The call after a discharge by keys, in the whole program."""

from __future__ import annotations

from datetime import date

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.contacts.queries import contacts_of
from cmp_tui.encounters.actions import add_stay
from cmp_tui.encounters.appointment_queries import appointments_of
from cmp_tui.referrals.queries import open_of
from cmp_tui.tasks.queries import tasks_of
from cmp_tui.transitions.call_queries import calls_of
from cmp_tui.ui.messages import OpenForm
from tests.app.conftest import people as people
from tests.app.driving import SIZES, Driver, driving
from tests.conftest import AsUser


@pytest.fixture
def home(clinic: Clinic, people: dict[str, bytes], as_user: AsUser) -> bytes:
    """Ana, home from the hospital since Friday; Amy Levin answers concerns."""
    as_user("levin")
    ana = people["Ruiz-Moreno"]
    clinic.run(
        add_stay, ana, kind="inpatient", facility="St. Mary's", admitted=date(2026, 11, 16),
        discharged=date(2026, 11, 20), discharged_to="home",
    )  # fmt: skip
    return ana


async def opened(person: Driver, patient: bytes) -> None:
    person.app.post_message(OpenForm("discharge-call", patient))
    await person.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_a_call_is_gone_through_with_keys_and_what_is_missing_is_done(
    clinic: Clinic, home: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await opened(person, home)
        await person.press("r", "tab", "tab", "'14'", "enter")
        await person.press("1")  # better
        await person.press("9", "enter")  # none of these
        await person.press("1")  # says it back
        await person.press("2")  # some medicines are missing
        assert "Task today: Get the missing medicines" in person.text
        await person.press("enter", "1")  # a visit is booked
        assert "the day of the visit" in person.text
        await person.press("'11/26'", "enter", "'9:30'", "enter", "'Dr Levin'", "enter")
        await person.press("1", "1", "1", "2")  # no food in the house
        assert "Referral, community or social service: Food" in person.text
        await person.press("enter", "1", "1", "2")
        assert "12 of 12 answered" not in person.text  # the last question is left behind
        await person.press("ctrl+s")
        assert person.form is None, person.text
        assert "From the answers: 1 task, 1 referral." in person.notice
    (call,) = clinic.read(calls_of, home)
    assert call.complete and call.answers["food"] == "no" and call.answers["signs"] == ["none"]
    contact = clinic.read(contacts_of, home, 1)[0]
    assert contact.did is not None and "How are you since you came home? better" in contact.did
    assert contact.why == "After hospital stay at St. Mary's, home since Fri 20 Nov."
    assert [one.what for one in clinic.read(open_of, home)] == ["Food"]
    assert [one.day for one in clinic.read(appointments_of, home)] == [date(2026, 11, 26)]
    assert "Get the missing medicines: call the pharmacy" in {
        one.title for one in clinic.read(tasks_of, home)
    }


async def test_nothing_more_is_done_when_the_person_says_so(clinic: Clinic, home: bytes) -> None:
    async with driving(clinic, (80, 24)) as person:
        await opened(person, home)
        await person.press("r", "tab", "tab", "enter", "3")  # feels worse
        assert "Concern, urgent: Feels worse since the discharge" in person.text
        await person.press("down", "ctrl+s")
        assert person.form is None, person.text
    assert [one for one in clinic.read(tasks_of, home) if one.kind == "escalation"] == []


async def test_voicemail_asks_nothing(clinic: Clinic, home: bytes) -> None:
    async with driving(clinic, (80, 24)) as person:
        await opened(person, home)
        await person.press("v")
        assert "How are you since you came home?" not in person.text and "Try again" in person.text
        await person.press("ctrl+s")
        assert person.form is None, person.text
    assert clinic.read(calls_of, home) == []


async def test_a_second_call_shows_what_was_said_in_the_first(clinic: Clinic, home: bytes) -> None:
    async with driving(clinic, (80, 24)) as person:
        await opened(person, home)
        await person.press("r", "tab", "tab", "enter", "2", "ctrl+s")
        await opened(person, home)
        await person.press("r", "tab", "tab", "enter")
        assert "about the same (today); enter keeps it" in person.text
        await person.press("enter", "ctrl+s")
    assert [one.answers for one in clinic.read(calls_of, home)] == [{"feeling": "same"}, {"feeling": "same"}]
