"""From a name on a list to an enrolled patient, or a reason why not: what people do, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cmp_tui.assessments.model import Assessment
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Invalid
from cmp_tui.clinic.history import last_undoable
from cmp_tui.desk.actions import log_contact
from cmp_tui.desk.contact_actions import edit_contact, strike_contact
from cmp_tui.encounters.appointment_actions import book
from cmp_tui.encounters.appointment_queries import appointments_of
from cmp_tui.enrollment.actions import (
    edit_enrollment,
    edit_patient,
    enroll,
    record_consent,
    strike_enrollment,
)
from cmp_tui.enrollment.intake_actions import (
    add_intake,
    add_person_intake,
    answer_intake,
    edit_intake,
    end_intake,
    hold_intake,
    reopen_intake,
    settle_stage,
    take_up,
)
from cmp_tui.enrollment.intake_queries import intake_card, intakes_of
from cmp_tui.enrollment.model import Eligibility, Intake
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import by_mrn
from cmp_tui.queue.actions import snooze_row
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.model import Snooze, Task
from tests.conftest import AsUser
from tests.enrollment.conftest import Consented

TODAY = date(2026, 11, 23)
Taken = Callable[..., Intake]


@pytest.fixture
def take_in(clinic: Clinic, ana: bytes) -> Taken:
    """Takes Ana in, from claims unless something else is said."""

    def take(**about: Any) -> Intake:
        return clinic.run(add_intake, ana, **{"source": "claims", "by": "October file", **about})

    return take


def stage(clinic: Clinic, ana: bytes) -> str:
    return clinic.read(intakes_of, ana)[0].stage


def eligible(clinic: Clinic, patient: bytes, yes: bool = True, day: date = TODAY) -> None:
    """A decision, as another part of the program writes it."""

    def decide(change: Any) -> None:
        change.add(Eligibility, patient=patient, program="CCM", eligible=yes, date=day)
        settle_stage(change, patient)

    decide.__module__, decide.__name__ = "cmp_tui.enrollment.actions", "enroll"
    clinic.run(decide)


def test_the_whole_way_from_claims(clinic: Clinic, ana: bytes, take_in: Taken, clock: FrozenClock) -> None:
    take_in()
    assert stage(clinic, ana) == "intake"
    clinic.run(log_contact, ana, mode="phone", outcome="voicemail")
    assert stage(clinic, ana) == "outreach"
    clock.at += timedelta(days=1)
    clinic.run(log_contact, ana, mode="phone", outcome="reached")
    assert stage(clinic, ana) == "eligibility"
    eligible(clinic, ana, day=TODAY + timedelta(days=1))
    assert stage(clinic, ana) == "consent"
    consent = {"program": "CCM", "mode": "verbal", "points": POINTS}
    clinic.run(record_consent, ana, decision="accepted", date=TODAY + timedelta(days=1), **consent)
    assert stage(clinic, ana) == "consent"
    clock.at += timedelta(days=1)
    enrollment = clinic.run(enroll, ana, program="CCM", start=TODAY + timedelta(days=2))
    card = clinic.read(intakes_of, ana)[0]
    assert (card.stage, card.entered) == ("enrolled", TODAY + timedelta(days=2))
    row = clinic.read(lambda scope: Intake.get())
    assert (row.outreach_on, row.eligibility_on, row.consent_on) == (
        TODAY, TODAY + timedelta(days=1), None,
    ) or (row.outreach_on, row.consent_on) == (TODAY, TODAY + timedelta(days=1))  # fmt: skip
    clinic.run(strike_enrollment, enrollment.id, "wrong patient")
    assert stage(clinic, ana) == "consent", "a mistake is no fact"


def test_a_provider_referral_is_answered(clinic: Clinic, ana: bytes, take_in: Taken) -> None:
    with pytest.raises(Invalid, match="who referred"):
        take_in(source="provider-referral", by="")
    intake = take_in(source="provider-referral", by="Dr. Kim", reason="falls")
    with pytest.raises(Invalid, match="later"):
        clinic.run(answer_intake, intake.id, None, day=TODAY - timedelta(days=1), how="phone")
    answered = clinic.run(answer_intake, intake.id, intake.version, day=TODAY, how="letter")
    assert (answered.answered_on, answered.answered_how) == (TODAY, "letter")


def test_who_asks_at_the_desk_is_reached(clinic: Clinic, ana: bytes, take_in: Taken) -> None:
    with pytest.raises(Invalid, match="how they asked"):
        take_in(source="self-referral", by=None)
    assert take_in(source="self-referral", by=None, mode="in-person").stage == "eligibility"


def test_a_contact_before_the_receipt_is_no_fact(clinic: Clinic, ana: bytes, clock: FrozenClock) -> None:
    clock.at -= timedelta(days=3)
    clinic.run(log_contact, ana, mode="phone", outcome="reached")
    clock.at += timedelta(days=3)
    assert clinic.run(add_intake, ana, source="list").stage == "intake"


def test_taken_up_without_a_try(clinic: Clinic, as_user: AsUser, ana: bytes, take_in: Taken) -> None:
    intake = take_in()
    taken = as_user("ben").run(take_up, intake.id, intake.version)
    assert (taken.stage, taken.outreach_on) == ("outreach", TODAY)
    card = clinic.read(intake_card, intake.id)
    assert (card.owner_name, card.step.kind) == ("Ben Ortiz", "call")


def test_one_at_a_time(clinic: Clinic, ana: bytes, take_in: Taken, consent: Consented) -> None:
    first = take_in(program="CCM")
    with pytest.raises(Invalid, match="on the way already"):
        take_in()
    with pytest.raises(Invalid, match="on the way already"):
        take_in(program="CCM")
    other = take_in(program="RPM")
    assert {one.id for one in clinic.read(intakes_of, ana)} == {first.id, other.id}
    consent(TODAY)
    clinic.run(enroll, ana, program="CCM", start=TODAY)
    stages = {one.program: one.stage for one in clinic.read(intakes_of, ana)}
    assert stages == {"CCM": "enrolled", "RPM": "intake"}
    with pytest.raises(Invalid, match="in CCM already"):
        take_in(program="CCM")


def test_a_new_person_and_the_intake_are_one_change(clinic: Clinic) -> None:
    intake = clinic.run(
        add_person_intake, {"family": "Bell", "given": "Tom", "mrn": "B-1", "phone": "5125550199"},
        source="self-referral", mode="phone",
    )  # fmt: skip
    found = clinic.read(by_mrn, "B-1")
    assert found is not None and found.id == intake.patient
    undoable = clinic.read(last_undoable)
    assert undoable is not None
    clinic.undo(undoable.seq)
    assert clinic.read(by_mrn, "B-1") is None
    assert clinic.read(intakes_of, intake.patient) == []


def test_an_end_comes_back_on_its_day(clinic: Clinic, ana: bytes, take_in: Taken) -> None:
    intake = take_in()
    ended = clinic.run(end_intake, intake.id, None, end="declined-interest", why="not now")
    assert (ended.stage, ended.back_on) == ("ended", TODAY + timedelta(days=180))
    card = clinic.read(intake_card, intake.id)
    assert (card.step.kind, card.step.due) == ("back", TODAY + timedelta(days=180))


@pytest.mark.parametrize(
    ("how", "back"),
    [
        ({"end": "declined-other", "back_on": date(2027, 3, 1)}, date(2027, 3, 1)),
        ({"end": "declined-other", "never": True}, None),
        ({"end": "ineligible-insurance"}, date(2027, 1, 1)),
        ({"end": "moved"}, None),
    ],
)
def test_whoever_ends_it_may_say_when(
    clinic: Clinic, take_in: Taken, how: dict[str, Any], back: date | None
) -> None:
    assert clinic.run(end_intake, take_in().id, None, **how).back_on == back


def test_a_hold_needs_its_day(clinic: Clinic, take_in: Taken) -> None:
    intake = take_in()
    with pytest.raises(Invalid, match="which day"):
        clinic.run(end_intake, intake.id, None, end="hold")
    with pytest.raises(Invalid, match="after today"):
        clinic.run(hold_intake, intake.id, None, until=TODAY, why="in hospital")
    held = clinic.run(hold_intake, intake.id, None, until=date(2026, 12, 7), why="in hospital")
    assert (held.end, held.back_on) == ("hold", date(2026, 12, 7))


def test_one_declines_and_returns_on_the_same_day(clinic: Clinic, ana: bytes, take_in: Taken) -> None:
    intake = take_in(program="CCM")
    clinic.run(log_contact, ana, mode="phone", outcome="reached")
    clinic.run(record_consent, ana, program="CCM", decision="declined", date=TODAY, mode="verbal")
    assert clinic.read(intake_card, intake.id).step.words == "declined: end it"
    clinic.run(end_intake, intake.id, None, end="declined-interest")
    with pytest.raises(Invalid):
        clinic.run(end_intake, intake.id, None, end="declined-other")
    back = clinic.run(reopen_intake, intake.id)
    assert (back.stage, back.earlier, back.source, back.by) == ("intake", intake.id, "claims", "October file")
    assert clinic.read(intake_card, intake.id).back_on is None
    with pytest.raises(Invalid, match="brought back already"):
        clinic.run(reopen_intake, intake.id)
    assert clinic.read(intake_card, back.id).step.kind == "take-up"
    clinic.run(log_contact, ana, mode="phone", outcome="reached")
    assert stage(clinic, ana) == "eligibility"


def test_two_people_end_the_same_card(clinic: Clinic, as_user: AsUser, take_in: Taken) -> None:
    intake = take_in()
    as_user("ben").run(edit_intake, intake.id, intake.version, owner=None, program="APCM")
    with pytest.raises(Conflict):
        clinic.run(edit_intake, intake.id, intake.version, program="CCM")


# What a death, a move or a withdrawal clears


@pytest.fixture
def busy(clinic: Clinic, ana: bytes, consent: Consented) -> bytes:
    """Ana in CCM, with a task of Ben's, a snooze, a half-done assessment and an intake for RPM."""
    consent(TODAY)
    clinic.run(enroll, ana, program="CCM", start=TODAY)
    clinic.run(add_intake, ana, source="list", program="RPM")
    clinic.run(add_task, title="get the report", due=TODAY, patient=ana)
    clinic.run(snooze_row, ana, "minutes", TODAY + timedelta(days=9), "holiday")

    def half(change: Any) -> None:
        change.add(Assessment, patient=ana, instrument="phq-9", status="in-progress", date=TODAY)

    half.__module__, half.__name__ = "cmp_tui.enrollment.actions", "enroll"
    clinic.run(half)
    return ana


def left(clinic: Clinic, patient: bytes) -> dict[str, object]:
    def ask(scope: Any) -> dict[str, object]:
        return {
            "tasks": Task.live().where((Task.patient == patient) & Task.settled_at.is_null()).count(),
            "snoozes": Snooze.live().where(Snooze.patient == patient).count(),
            "half": Assessment.live().where(Assessment.status == "in-progress").count(),
            "ways": Intake.live().where(Intake.stage != "ended").count(),
        }

    return {
        **clinic.read(ask),
        "programs": [(one.status, one.ended) for one in clinic.read(enrollments, patient)],
    }


NOTHING = {"tasks": 0, "snoozes": 0, "half": 0, "ways": 0}


def test_a_death_calls_off_what_was_to_come(clinic: Clinic, busy: bytes) -> None:
    for day in (date(2026, 11, 10), date(2026, 12, 4)):
        clinic.run(book, busy, day=day, what="check")
    clinic.run(edit_patient, busy, None, deceased_on="2026-11-23")
    found = {line.day: (line.status, line.ended_why) for line in clinic.read(appointments_of, busy)}
    assert found == {date(2026, 11, 10): ("booked", None), date(2026, 12, 4): ("cancelled", "died")}


def test_a_death_clears_everything_in_the_same_save(clinic: Clinic, busy: bytes) -> None:
    before = left(clinic, busy)
    assert before["tasks"] == before["snoozes"] == before["half"] == before["ways"] == 1
    clinic.run(edit_patient, busy, None, deceased_on="2026-11-23")
    assert left(clinic, busy) == {**NOTHING, "programs": [("finished", "deceased")]}
    task = clinic.read(lambda scope: Task.get())
    assert (task.status, task.settled_how) == ("cancelled", "died")
    undoable = clinic.read(last_undoable)
    assert undoable is not None
    clinic.undo(undoable.seq)
    assert left(clinic, busy) == before


def test_a_revoked_consent_clears_everything_and_holds_to_the_months_end(clinic: Clinic, busy: bytes) -> None:
    clinic.run(record_consent, busy, program="CCM", decision="revoked", date=TODAY, mode="verbal")
    assert left(clinic, busy) == {**NOTHING, "programs": [("finished", "withdrawn")]}
    assert clinic.read(enrollments, busy)[0].end == date(2026, 11, 30)


def test_who_stays_in_another_program_keeps_their_work(clinic: Clinic, busy: bytes) -> None:
    clinic.run(record_consent, busy, program="BHI", decision="accepted", date=TODAY, mode="verbal")
    clinic.run(enroll, busy, program="BHI", start=TODAY)
    clinic.run(record_consent, busy, program="CCM", decision="revoked", date=TODAY, mode="verbal")
    found = left(clinic, busy)
    assert found["tasks"] == found["ways"] == 1
    assert {(one.program, one.status) for one in clinic.read(enrollments, busy)} == {
        ("CCM", "finished"), ("BHI", "active"),
    }  # fmt: skip


@pytest.mark.parametrize("ended", ["moved", "withdrawn", "deceased"])
def test_an_enrollment_that_ends_with_a_move_clears_everything(
    clinic: Clinic, busy: bytes, ended: str
) -> None:
    row = clinic.read(enrollments, busy)[0]
    clinic.run(edit_enrollment, row.id, row.version, status="finished", ended=ended)
    assert left(clinic, busy) == {**NOTHING, "programs": [("finished", ended)]}


def test_who_graduates_keeps_open_tasks(clinic: Clinic, busy: bytes) -> None:
    row = clinic.read(enrollments, busy)[0]
    clinic.run(edit_enrollment, row.id, row.version, status="finished", ended="graduated")
    assert left(clinic, busy)["tasks"] == 1


def test_a_pause_has_its_day_and_loses_it_when_it_is_over(clinic: Clinic, busy: bytes) -> None:
    row = clinic.read(enrollments, busy)[0]
    with pytest.raises(Invalid, match="after today"):
        clinic.run(edit_enrollment, row.id, None, status="onhold", hold_until=TODAY)
    clinic.run(edit_enrollment, row.id, None, status="onhold", hold_until=date(2026, 12, 7), ended="hold")
    held = clinic.read(enrollments, busy)[0]
    assert (held.hold_until, held.ended) == (date(2026, 12, 7), "hold")
    clinic.run(edit_enrollment, row.id, None, status="active")
    again = clinic.read(enrollments, busy)[0]
    assert (again.hold_until, again.ended) == (None, None)


def test_the_dead_are_not_taken_in(clinic: Clinic) -> None:
    gone = clinic.run(add_patient, family="Bell", deceased_on="2026-11-01").id
    with pytest.raises(Invalid, match="died"):
        clinic.run(add_intake, gone, source="list")


def test_a_day_to_come_is_refused(clinic: Clinic, take_in: Taken) -> None:
    with pytest.raises(Invalid, match="still to come"):
        take_in(received=TODAY + timedelta(days=1))
    with pytest.raises(Invalid):
        clinic.run(edit_intake, take_in().id, None, stage="enrolled")


def test_a_struck_out_contact_moment(clinic: Clinic, ana: bytes, take_in: Taken, clock: FrozenClock) -> None:
    """A contact that was entered late, on the day of the receipt, counts."""
    take_in(received=date(2026, 11, 20))
    clinic.run(log_contact, ana, mode="phone", outcome="no-answer", at=datetime(2026, 11, 20, 16, tzinfo=UTC))
    assert clinic.read(intakes_of, ana)[0].entered == date(2026, 11, 20)


def test_a_contact_that_never_was_moves_nobody(clinic: Clinic, ana: bytes, take_in: Taken) -> None:
    take_in()
    logged = clinic.run(log_contact, ana, mode="phone", outcome="reached")
    assert stage(clinic, ana) == "eligibility"
    clinic.run(edit_contact, logged.contact.id, None, "it was the voicemail", outcome="voicemail")
    assert stage(clinic, ana) == "outreach"
    clinic.run(strike_contact, logged.contact.id, "another patient")
    assert stage(clinic, ana) == "intake"
