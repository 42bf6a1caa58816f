"""Contacts: signed, amended, struck out, listed; attempts and the next try."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.history import versions_of
from cmp_tui.contacts.actions import add_contact, edit_contact, log_time, strike_contact
from cmp_tui.contacts.model import Contact
from cmp_tui.contacts.queries import (
    attempts_since_reached,
    contact,
    contacts_of,
    last_contact,
    last_reached,
    next_try,
    patient_month_seconds,
)
from tests.conftest import MONDAY, AsUser


def said(
    clinic: Clinic, patient: bytes, outcome: str = "reached", minutes: float = 0, **values: object
) -> Contact:
    moment = MONDAY + timedelta(minutes=minutes)
    given = {"mode": "phone", "with_whom": "patient", **values}
    return clinic.run(add_contact, patient, at=moment, outcome=outcome, **given)  # type: ignore[arg-type]


def test_a_contact_is_signed_with_name_credential_and_time(clinic: Clinic, ana: bytes) -> None:
    saved = said(clinic, ana, minutes=-30, why="A1c is up", did="asked about insulin")
    line = clinic.read(contact, saved.id)
    assert line is not None
    assert (line.signed_as, line.signed_at) == ("Dana Ruiz, RN", MONDAY)
    assert (line.why, line.changed, line.did, line.seconds) == ("A1c is up", None, "asked about insulin", 0)


def test_a_contact_in_the_future_is_refused(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        said(clinic, ana, minutes=1)
    assert "at" in refused.value.fields


def test_markup_in_a_note_is_text(clinic: Clinic, ana: bytes) -> None:
    saved = said(clinic, ana, did="[/foo] [@click=app.quit]quit[/] taper 20mg [/")
    line = clinic.read(contact, saved.id)
    assert line is not None
    assert line.did == "[/foo] [@click=app.quit]quit[/] taper 20mg [/"


def test_amending_keeps_the_signed_text(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    saved = said(clinic, ana, why="A1c is up")
    as_user("ben").run(edit_contact, saved.id, saved.version, "typed the wrong value", why="A1c is down")
    line = clinic.read(contact, saved.id)
    assert line is not None
    assert (line.why, line.amended_by, line.amended_why) == (
        "A1c is down",
        "Ben Ortiz",
        "typed the wrong value",
    )
    assert line.signed_as == "Dana Ruiz, RN"
    assert clinic.read(versions_of, Contact, saved.id)[0].changed["why"] == ("A1c is up", "A1c is down")


def test_amending_needs_a_reason_and_a_difference(clinic: Clinic, ana: bytes) -> None:
    saved = said(clinic, ana, why="A1c is up")
    assert clinic.run(edit_contact, saved.id, None, "", why="A1c is up").version == saved.version
    with pytest.raises(Invalid) as refused:
        clinic.run(edit_contact, saved.id, None, " ", why="A1c is down")
    assert "amend_why" in refused.value.fields
    with pytest.raises(Invalid):
        clinic.run(edit_contact, saved.id, None, "not me", signed_as="Someone Else, MD")


def test_striking_out_a_contact_takes_its_time_along(clinic: Clinic, ana: bytes) -> None:
    saved = said(clinic, ana, minutes=-10)
    clinic.run(
        log_time, ana, start=MONDAY - timedelta(minutes=10), end=MONDAY, activity="call", contact=saved.id
    )
    line = clinic.read(contact, saved.id)
    assert line is not None
    assert line.seconds == 600
    clinic.run(strike_contact, saved.id, "wrong patient", saved.version)
    assert clinic.read(contact, saved.id) is None
    assert clinic.read(patient_month_seconds, ana, "2026-11") == 0


def test_contacts_come_in_pages_newest_first(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    saved = [said(clinic, ana, minutes=-(number // 2)) for number in range(7)]
    said(clinic, tom)
    pages, before = [], None
    while page := clinic.read(contacts_of, ana, 3, before):
        pages.append(page)
        before = (page[-1].at, page[-1].id)
    assert [len(page) for page in pages] == [3, 3, 1]
    seen = [line for page in pages for line in page]
    assert {line.id for line in seen} == {one.id for one in saved}
    assert [(line.at, line.id) for line in seen] == sorted(
        ((line.at, line.id) for line in seen), reverse=True
    )


def test_attempts_count_since_the_patient_was_reached(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    said(clinic, ana, "voicemail", -500)
    said(clinic, ana, "reached", -400, with_whom="caregiver")
    said(clinic, ana, "no-answer", -300)
    said(clinic, ana, "reached", -250, with_whom="pharmacy")
    said(clinic, ana, "not-applicable", -200, mode="none")
    said(clinic, ana, "wrong-number", -100)
    tries = clinic.read(attempts_since_reached, ana)
    assert [attempt.outcome for attempt in tries] == ["no-answer", "wrong-number"]
    assert clinic.read(last_reached, {ana}) == {ana: MONDAY - timedelta(minutes=400)}
    assert clinic.read(last_contact, {ana}) == {ana: MONDAY - timedelta(minutes=100)}


def test_the_third_try_is_proposed_after_two(clinic: Clinic, ana: bytes) -> None:
    said(clinic, ana, "voicemail", -24 * 60 * 3)  # Friday, 9:00
    proposal = clinic.read(next_try, ana)
    assert (proposal.attempt, proposal.title) == (3, "call back, 3rd try")
    assert proposal.retry == (date(2026, 11, 24), "afternoon")


def test_who_was_never_reached_is_missing(clinic: Clinic, ana: bytes) -> None:
    assert clinic.read(last_reached, {ana}) == {}
    assert clinic.read(last_contact, set()) == {}
