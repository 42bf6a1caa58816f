"""A referral through all its stages on a real file; nothing vanishes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Invalid, Refused
from cmp_tui.encounters.appointment_queries import of_referral
from cmp_tui.encounters.model import Appointment
from cmp_tui.patients.actions import edit_patient
from cmp_tui.referrals import actions
from cmp_tui.referrals.model import Referral, ReferralStep
from cmp_tui.referrals.queries import open_of, referral_line, referrals_of, steps_of
from cmp_tui.referrals.rules import STAGES
from tests.conftest import AsUser
from tests.referrals.conftest import TODAY

SAID: dict[str, Any] = {"said_by": "Deb", "how": "phone"}


def ordered(clinic: Clinic, patient: bytes, **values: Any) -> bytes:
    full = {"kind": "specialist", "what": "cardiology", **values}
    return clinic.run(actions.order, patient, **full).id


def stages(clinic: Clinic, key: bytes) -> list[str]:
    return [step.stage for step in reversed(clinic.read(steps_of, key))]


def test_an_order_has_a_first_step_and_a_day_to_ask(clinic: Clinic, james: bytes, heart: bytes) -> None:
    key = ordered(clinic, james, provider=heart, ordered_by="levin", question="the valve?")
    line = clinic.read(referral_line, key)
    assert (line.stage, line.stage_on, line.check_on) == ("ordered", TODAY, date(2026, 11, 25))
    assert (line.to, line.phone, line.hours) == ("Heart Group", "5125550199", "Mon-Thu 8-4")
    assert (line.owner, line.owner_name) == (None, "Dana Ruiz"), "it is the care manager's"
    (step,) = clinic.read(steps_of, key)
    assert (step.stage, step.said_by, step.staff_name) == ("ordered", "Amy Levin", "Dana Ruiz")


def test_a_patient_without_a_care_manager(clinic: Clinic, james: bytes) -> None:
    clinic.run(edit_patient, james, None, care_manager=None)
    assert clinic.read(referral_line, ordered(clinic, james)).owner_name == "Dana Ruiz"


def test_through_every_stage(clinic: Clinic, clock: FrozenClock, james: bytes, heart: bytes) -> None:
    key = ordered(clinic, james, provider=heart)

    def take(stage: str, **values: Any) -> actions.Step:
        step: actions.Step = clinic.run(actions.take_step, key, stage=stage, **values)
        if step.referral.ended_on is None:
            assert step.referral.check_on is not None and step.referral.check_on > clock.at.date()
        assert step.told == ()
        return step

    assert take("sent", how="fax").referral.check_on == date(2026, 11, 30)
    assert take("accepted", **SAID).referral.check_on == date(2026, 12, 7)
    visit = date(2026, 12, 1)
    booked = take("scheduled", **SAID, appointment={"day": visit, "time": "9:30", "told_on": TODAY})
    assert booked.appointment is not None
    assert booked.referral.check_on == date(2026, 12, 2)
    found = clinic.read(of_referral, key)[0]
    assert (found.day, found.time, found.with_whom, found.phone) == (
        visit,
        "09:30",
        "Heart Group",
        "5125550199",
    )
    assert (found.kind, found.told_how) == ("specialist", "phone")
    clock.at = datetime(2026, 12, 2, 16, tzinfo=UTC)
    there = take("attended", day=visit, said_by="James", how="phone")
    assert there.referral.check_on == date(2026, 12, 15)
    assert there.appointment is not None and there.appointment.status == "fulfilled"
    take("report", **SAID)
    take("reviewed", said_by="Amy Levin")
    take("plan-updated")
    told = take("told", said_by="James", how="phone", need_met=True)
    assert (told.referral.end, told.referral.need_met, told.referral.check_on) == ("met", True, None)
    assert (told.referral.status, told.referral.task_status) == ("completed", "completed")
    assert stages(clinic, key) == [
        "ordered", "sent", "accepted", "scheduled", "attended", "report", "reviewed", "plan-updated", "told", "closed",
    ]  # fmt: skip


def test_sent_with_the_order(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james, sent_how="fax")
    assert stages(clinic, key) == ["ordered", "sent"]


def test_asked_in_vain(clinic: Clinic, clock: FrozenClock, james: bytes) -> None:
    key = ordered(clinic, james, sent_how="fax")
    clock.at += timedelta(days=8)
    for times in (1, 2, 3):
        row = clinic.run(actions.take_step, key, stage="checked", **SAID).referral
        assert (row.stage, row.stage_on, row.checks) == ("sent", TODAY, times)
        assert row.check_on == date(2026, 12, 8)
    said = clinic.run(actions.take_step, key, stage="checked", **SAID, check_on=date(2026, 12, 4)).referral
    assert said.check_on == date(2026, 12, 4), "they said by Friday"
    assert clinic.run(actions.take_step, key, stage="accepted", **SAID).referral.checks == 0


def test_missed_asks_why_and_goes_on(clinic: Clinic, clock: FrozenClock, james: bytes) -> None:
    key = ordered(clinic, james, sent_how="fax")
    clinic.run(actions.take_step, key, stage="scheduled", **SAID, appointment={"day": date(2026, 11, 24)})
    clock.at += timedelta(days=2)
    with pytest.raises(Invalid) as raised:
        clinic.run(actions.take_step, key, stage="missed", **SAID)
    assert "why" in raised.value.fields
    missed = clinic.run(
        actions.take_step, key, stage="missed", **SAID, day=date(2026, 11, 24), why="transport"
    )
    assert missed.appointment.status == "noshow" and missed.appointment.missed_why == "transport"
    assert missed.referral.task_status == "failed"
    clinic.run(actions.take_step, key, stage="scheduled", **SAID, appointment={"day": date(2026, 12, 3)})
    found = clinic.read(of_referral, key)
    assert [(one.day, one.status) for one in found] == [
        (date(2026, 12, 3), "booked"),
        (date(2026, 11, 24), "noshow"),
    ]


def test_another_day_moves_the_appointment(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james, sent_how="fax")
    for day in (date(2026, 12, 1), date(2026, 12, 8)):
        clinic.run(actions.take_step, key, stage="scheduled", **SAID, appointment={"day": day})
    (found,) = clinic.read(of_referral, key)
    assert found.day == date(2026, 12, 8)
    assert clinic.read(referral_line, key).check_on == date(2026, 12, 9)


def test_a_date_is_needed_to_be_scheduled(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james, sent_how="fax")
    with pytest.raises(Invalid) as raised:
        clinic.run(actions.take_step, key, stage="scheduled", **SAID)
    assert "visit_on" in raised.value.fields
    assert clinic.read(referral_line, key).stage == "sent", "nothing was written"


def test_skipping_and_going_back_are_told_not_refused(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james)
    skipped = clinic.run(actions.take_step, key, stage="attended", **SAID)
    assert skipped.told == ("Skipped: sent, accepted, scheduled.",)
    back = clinic.run(actions.take_step, key, stage="sent", how="fax")
    assert back.told == ("Back from attended to sent.",)
    assert clinic.read(referral_line, key).stage == "sent"


def test_an_earlier_step_added_later_moves_nothing(clinic: Clinic, clock: FrozenClock, james: bytes) -> None:
    key = ordered(clinic, james, ordered_on=date(2026, 11, 2))
    clinic.run(actions.take_step, key, stage="attended", **SAID, day=date(2026, 11, 20))
    step = clinic.run(actions.take_step, key, stage="accepted", **SAID, day=date(2026, 11, 5))
    assert step.told == ("Noted as what was before: it stays attended.",)
    assert clinic.read(referral_line, key).stage == "attended"
    assert stages(clinic, key) == ["ordered", "accepted", "attended"]


@pytest.mark.parametrize("stage", [one for one in STAGES if one != "ordered"])
def test_any_stage_may_end_with_a_reason(clinic: Clinic, james: bytes, stage: str) -> None:
    key = ordered(clinic, james)
    extra: dict[str, Any] = {"why": "forgot"} if stage == "missed" else {}
    if stage == "scheduled":
        extra["appointment"] = {"day": date(2026, 12, 1)}
    clinic.run(actions.take_step, key, stage=stage, **SAID, **extra)
    ended = clinic.run(actions.end_referral, key, None, end="unable-to-reach")
    assert (ended.ended_on, ended.check_on, ended.stage) == (TODAY, None, stage)
    assert clinic.read(open_of, james) == []
    assert [one.id for one in clinic.read(referrals_of, james)] == [key]
    booked = [one.status for one in clinic.read(of_referral, key)]
    assert "booked" not in booked, "an appointment that nobody wants any more is called off"


def test_an_end_is_final_until_it_is_taken_up_again(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james, sent_how="fax")
    with pytest.raises(Invalid):
        clinic.run(actions.end_referral, key, None, end="other")
    clinic.run(actions.take_step, key, stage="closed", end="no-capacity", **SAID)
    for act, values in (
        (actions.take_step, {"stage": "accepted", **SAID}),
        (actions.check_later, {"until": date(2026, 12, 1), "why": "x"}),
    ):
        with pytest.raises(Invalid, match="has ended"):
            clinic.run(act, key, **values)
    with pytest.raises(Invalid):
        clinic.run(actions.reopen_referral, key, " ")
    again = clinic.run(actions.reopen_referral, key, "they have a place after all")
    assert (again.ended_on, again.end, again.stage, again.status) == (None, None, "sent", "active")
    assert again.check_on == date(2026, 11, 30)
    assert stages(clinic, key) == ["ordered", "sent", "closed", "reopened"]
    with pytest.raises(Invalid, match="not ended"):
        clinic.run(actions.reopen_referral, key, "again")


def test_a_need_that_was_not_met_says_why(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james, kind="community", what="meals", need="food")
    clinic.run(actions.take_step, key, stage="sent", how="phone")
    with pytest.raises(Invalid) as raised:
        clinic.run(actions.take_step, key, stage="told", **SAID, need_met=False)
    assert "end_why" in raised.value.fields
    ended = clinic.run(
        actions.take_step, key, stage="told", **SAID, need_met=False, end_why="waiting list of a year"
    )
    assert (ended.referral.end, ended.referral.need_met) == ("not-met", False)


def test_asking_later_keeps_the_reason(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james)
    row = clinic.run(actions.check_later, key, until=date(2026, 12, 4), why="they said by Friday week")
    assert row.check_on == date(2026, 12, 4)
    assert clinic.read(steps_of, key)[0].remarks == "they said by Friday week"
    for until in (TODAY, date(2028, 1, 1)):
        with pytest.raises(Invalid):
            clinic.run(actions.check_later, key, until=until, why="x")


def test_an_open_referral_always_has_a_day(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james)
    with pytest.raises(Invalid) as raised:
        clinic.run(actions.edit_referral, key, None, check_on=None)
    assert "check_on" in raised.value.fields


def test_another_urgency_has_other_clocks(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james)
    assert clinic.run(actions.edit_referral, key, None, urgency="stat").check_on == TODAY
    moved = clinic.run(actions.edit_referral, key, None, ordered_on=date(2026, 11, 20), urgency="routine")
    assert (moved.stage_on, moved.check_on) == (date(2026, 11, 20), date(2026, 11, 24))
    assert clinic.read(steps_of, key)[0].day == date(2026, 11, 20)


def test_what_follows_from_steps_is_not_edited(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james)
    with pytest.raises(Invalid):
        clinic.run(actions.edit_referral, key, None, stage="told")


def test_a_step_that_was_a_mistake(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james, sent_how="fax")
    step = clinic.run(actions.take_step, key, stage="report", **SAID).step
    row = clinic.run(actions.strike_step, step.id, "that was another patient's")
    assert (row.stage, row.check_on, row.task_status) == ("sent", date(2026, 11, 30), "requested")
    first = clinic.read(steps_of, key)[-1]
    with pytest.raises(Invalid):
        clinic.run(actions.strike_step, first.id, "no")


def test_striking_out_takes_the_steps_along(clinic: Clinic, james: bytes) -> None:
    key = ordered(clinic, james, sent_how="fax")
    clinic.run(actions.take_step, key, stage="scheduled", **SAID, appointment={"day": date(2026, 12, 1)})
    clinic.run(actions.strike_referral, key, "wrong patient")
    assert clinic.read(referrals_of, james) == []
    assert ReferralStep.live().count() == 0
    assert Appointment.live(Appointment.status).tuples().first() == ("cancelled",)


def test_the_dead_are_not_referred(clinic: Clinic, james: bytes) -> None:
    clinic.run(edit_patient, james, None, deceased=True)
    with pytest.raises(Invalid):
        ordered(clinic, james)


def test_two_people_at_one_referral(clinic: Clinic, as_user: AsUser, james: bytes) -> None:
    key = ordered(clinic, james)
    seen = clinic.read(referral_line, key).version
    as_user("ben").run(actions.take_step, key, stage="sent", how="fax")
    with pytest.raises(Conflict):
        clinic.run(actions.take_step, key, stage="scheduled", **SAID, appointment={"day": TODAY}, seen=seen)
    assert Appointment.live().count() == 0, "nothing was written beside it"


def test_bad_input_is_told(clinic: Clinic, james: bytes) -> None:
    for values in (
        {"what": " "},
        {"ordered_on": date(2026, 12, 1)},
        {"kind": "magic"},
        {"check_on": date(2026, 11, 1)},
    ):
        with pytest.raises(Invalid):
            ordered(clinic, james, **values)
    key = ordered(clinic, james)
    for values in (
        {"stage": "sent", "how": "fax", "day": date(2026, 11, 24)},
        {"stage": "sent", "how": "fax", "day": date(2026, 11, 20)},
        {"stage": "sent", "how": "smoke"},
        {"stage": "sent", "how": "fax", "check_on": date(2026, 11, 22)},
    ):
        with pytest.raises(Invalid):
            clinic.run(actions.take_step, key, **values)
    assert Referral.live(Referral.stage).tuples().first() == ("ordered",)


@pytest.mark.parametrize("username", ["iris", "otto"])
def test_only_who_cares_for_people_refers_them(
    as_user: AsUser, clinic: Clinic, james: bytes, username: str
) -> None:
    with pytest.raises(Refused):
        ordered(as_user(username), james)
