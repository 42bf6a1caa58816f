"""The whole way by keys: a name from each of three sources comes to an enrollment, consent before it; one declines and
returns; what that wrote leaves as records and comes back the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cmp_tui.assessments.model import Assessment
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.records import Record
from cmp_tui.contacts.model import Contact
from cmp_tui.enrollment.intake_actions import add_intake
from cmp_tui.enrollment.intake_queries import IntakeCard, intakes_of
from cmp_tui.enrollment.model import Consent, Eligibility, Enrollment, Intake
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import find_patients
from tests.app.driving import SIZES, Driver, driving
from tests.exchange.records_folder import bring, export, fresh, living, refused

LOW, WIDE = SIZES
TICK_ALL = ("space", "down", "space", "down", "space", "down", "space")
BACK = datetime(2027, 5, 24, 14, 0, tzinfo=UTC)
"""Monday 24 May 2027, 9:00 in Chicago: the 180 days after which who was not interested is asked again are over."""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Clinic]:
    """Another clinic file, with nobody in it."""
    clinic = fresh(tmp_path / "fresh.cmp")
    yield clinic
    clinic.close_here()


def patient_of(clinic: Clinic, family: str) -> bytes:
    (found,) = clinic.read(find_patients, family)
    return found.id


def card(person: Driver) -> IntakeCard:
    """The card under the cursor."""
    row = person.board.row  # type: ignore[attr-defined]
    assert isinstance(row, IntakeCard), person.text
    return row


def at_step(person: Driver, family: str, words: str) -> None:
    """The cursor is on this person, whose next step is this."""
    assert person.form is None, person.text
    assert (card(person).family, card(person).step.words) == (family, words), person.text


async def keys(person: Driver, *pressed: str) -> None:
    """Presses keys without waiting after each one, as somebody does who knows the way; a text in quotes is typed."""
    names = [
        {" ": "space"}.get(name, name)
        for key in pressed
        for name in (list(key[1:-1]) if len(key) > 2 and key[0] == key[-1] == "'" else [key])
    ]
    await person.pilot.press(*names)
    await person.settle()


async def to(person: Driver, name: str) -> None:
    """Goes to a field of the open form with tab."""
    assert person.form is not None
    for _ in range(20):
        if person.form.sheet.here_now == name:
            return
        await person.pilot.press("tab")
    raise AssertionError(f"tab does not come to {name}")


async def opened(person: Driver, form: str, *pressed: str) -> None:
    """Keys that open a form do open this one."""
    await keys(person, *pressed)
    assert person.form is not None and person.form.spec.name == form, person.text


async def taken_in(person: Driver, family: str, *source: str) -> None:
    """Takes in a new person; the cursor goes to them."""
    await opened(person, "intake", "n", "n")
    await to(person, "family")
    await keys(person, f"'{family}'", "tab", "'Ida'", "tab", "'3/4/51'")
    await to(person, "source")
    await keys(person, *source)
    await to(person, "program")
    await keys(person, "'ccm'", "enter", "ctrl+s")
    assert person.form is None and "Taken in" in person.notice, person.text
    assert card(person).family == family, "the next key is about whom I have just written down"


async def taken_up(person: Driver, *outcomes: str) -> None:
    """Takes up and calls: one key for each outcome."""
    await opened(person, "take-up", "enter")
    await opened(person, "contact", "ctrl+s")
    for place, outcome in enumerate(outcomes):
        if place:
            await opened(person, "contact", "enter")
        await keys(person, outcome, "ctrl+s")


async def decided(person: Driver, family: str) -> None:
    """Nothing is known of them yet: that is no 'no', and a person decides."""
    at_step(person, family, "decide eligibility")
    await opened(person, "eligibility", "enter")
    await to(person, "eligible")
    await keys(person, "y", "ctrl+s")


async def agreed(person: Driver, family: str) -> None:
    """The script is read and ticked; the form of the enrollment follows."""
    at_step(person, family, "ask for consent")
    await opened(person, "consent", "enter")
    await to(person, "decision")
    await keys(person, "a")
    await to(person, "mode")
    await keys(person, "v", "tab", *TICK_ALL)
    await opened(person, "enrollment", "ctrl+s")


async def assessed(person: Driver, family: str) -> None:
    """A comprehensive assessment of one section: enough to finish, and what was not asked is said."""
    at_step(person, family, "assess")
    await opened(person, "comprehensive", "enter")
    await keys(person, "9", "'The garden'", "ctrl+s", "f")
    await to(person, "remarks")
    await keys(person, "'She was tired'", "ctrl+s")
    assert "Comprehensive assessment finished" in person.notice, person.text


def enrolled_with_consent(clinic: Clinic, family: str) -> None:
    """An enrollment is there, and the consent was recorded before it."""
    patient = patient_of(clinic, family)

    def of(model: type[Record]) -> list[Record]:
        return clinic.read(lambda scope: list(model.live().where(model.patient == patient)))  # type: ignore[attr-defined]

    (enrollment,) = of(Enrollment)
    assert (enrollment.program, enrollment.status) == ("CCM", "active")  # type: ignore[attr-defined]
    accepted = [one for one in of(Consent) if one.decision == "accepted"]  # type: ignore[attr-defined]
    assert [one.program for one in accepted] == ["CCM"]  # type: ignore[attr-defined]
    assert accepted[0].date <= enrollment.start  # type: ignore[attr-defined]
    assert accepted[0].id < enrollment.id, "keys go by time: the consent was there first"
    assert clinic.read(intakes_of, patient)[0].stage == "enrolled"


def comes_back_the_same(clinic: Clinic, empty: Clinic, tmp_path: Path) -> None:
    """The records that the way wrote are exported, imported into an empty clinic and exported again: the same."""
    before = export(clinic, tmp_path / "out")
    assert refused(bring(empty, tmp_path / "out")) == []
    assert export(empty, tmp_path / "again") == before
    for model in (Intake, Contact, Eligibility, Assessment, Consent, Enrollment):
        assert living(clinic, model, "id") == living(empty, model, "id") != [], model


async def test_referred_by_a_practitioner(clinic: Clinic, empty: Clinic, tmp_path: Path) -> None:
    async with driving(clinic, LOW) as person:
        await keys(person, "3")
        await taken_in(person, "Quill", "tab", "'Dr. Kim'")
        await taken_up(person, "v", "r")
        await decided(person, "Quill")
        await agreed(person, "Quill")
        await keys(person, "escape")  # the assessment first
        await assessed(person, "Quill")
        at_step(person, "Quill", "enroll in CCM")
        await opened(person, "enrollment", "enter")
        await keys(person, "ctrl+s")
        at_step(person, "Quill", "tell the referrer")
        await opened(person, "answer-intake", "enter")
        await keys(person, "ctrl+s")
        at_step(person, "Quill", "enrolled")
        assert "Dr. Kim was told" in person.notice
    enrolled_with_consent(clinic, "Quill")
    comes_back_the_same(clinic, empty, tmp_path)


async def test_on_a_list_and_called_three_times(clinic: Clinic) -> None:
    other = clinic.run(add_patient, family="Ames", given="Ida").id
    clinic.run(add_intake, other, source="claims")
    async with driving(clinic, WIDE) as person:
        await keys(person, "3")
        await taken_in(person, "Reed", "right", "right", "tab", "'high-risk list'")
        await taken_up(person, "n", "v", "r")
        await decided(person, "Reed")
        await agreed(person, "Reed")
        await keys(person, "ctrl+s")
        at_step(person, "Reed", "enrolled")
    enrolled_with_consent(clinic, "Reed")
    assert clinic.read(intakes_of, other)[0].stage == "intake", "nobody else moved"


async def test_asked_for_it_by_telephone(clinic: Clinic) -> None:
    async with driving(clinic, LOW) as person:
        await keys(person, "3")
        await taken_in(person, "Sorell", "right", "right", "right", "tab", "p")
        await decided(person, "Sorell")
        await opened(person, "enrollment", "E")
        await keys(person, "ctrl+s")
        assert person.form is not None, "nobody is enrolled without a consent"
        assert "There is no consent" in person.text
        await keys(person, "escape")
        await agreed(person, "Sorell")
        await keys(person, "ctrl+s")
        at_step(person, "Sorell", "enrolled")
    enrolled_with_consent(clinic, "Sorell")


async def test_one_declines_and_returns(clinic: Clinic, clock: FrozenClock) -> None:
    other = clinic.run(add_patient, family="Ames", given="Ida").id
    clinic.run(add_intake, other, source="claims")
    async with driving(clinic, WIDE) as person:
        await keys(person, "3")
        await taken_in(person, "Tate", "right", "tab", "'the payer'")
        await taken_up(person, "r")
        await decided(person, "Tate")
        await opened(person, "consent", "enter")
        await to(person, "decision")
        await keys(person, "d")
        await to(person, "mode")
        await keys(person, "v", "ctrl+s")
        at_step(person, "Tate", "declined: end it")
        assert card(person).step.due == date(2026, 11, 23), "due since they said so"
        await opened(person, "end-intake", "enter")
        await keys(person, "ctrl+s")
        assert "comes back 22 May" in person.notice
        assert "Tate" not in person.text
    clock.at = BACK
    async with driving(clinic, WIDE) as person:
        assert "ask again: declined: not" in person.text, "Today asks"
        await keys(person, "3")
        assert "1 came back" in person.title
        at_step(person, "Tate", "ask again")
        await opened(person, "reopen-intake", "enter")
        await keys(person, "ctrl+s")
        assert "Back" in person.notice and card(person).family == "Tate", "the cursor goes with them"
        await opened(person, "contact", "c")
        await keys(person, "r", "ctrl+s")
        await agreed(person, "Tate")
        await keys(person, "ctrl+s")
        at_step(person, "Tate", "enrolled")
    enrolled_with_consent(clinic, "Tate")
    stages = [one.stage for one in clinic.read(intakes_of, patient_of(clinic, "Tate"))]
    assert stages == ["enrolled", "ended"]
