"""What the way into a program, consents and concerns bring to Today, and what takes it out again."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.assessments.model import Assessment, Tier
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.clinic.staff import change_setting
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import edit_enrollment, edit_patient, enroll, record_consent
from cmp_tui.enrollment.eligibility_actions import decide_eligibility
from cmp_tui.enrollment.intake_actions import (
    add_intake,
    answer_intake,
    end_intake,
    hold_intake,
    reopen_intake,
    take_up,
)
from cmp_tui.enrollment.intake_queries import intake_card
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.queue.actions import snooze_row
from cmp_tui.queue.queries import page
from cmp_tui.queue.sources import SOURCES
from cmp_tui.screens import FORMS
from cmp_tui.tasks.actions import add_task, settle_task
from cmp_tui.tasks.model import Task
from tests.conftest import AsUser
from tests.queue.building import Building

MON = date(2026, 11, 23)


def put(change: Any, model: Any, **values: Any) -> bytes:
    """Writes a row as another part of the program does."""
    key: bytes = change.add(model, **values).id
    return key


@pytest.fixture
def allowed(clinic: Clinic) -> Clinic:
    clinic.rights = Rights({**ACTIONS, "test_enrollment_sources.put": Right(CARE)})
    return clinic


def consent(clinic: Clinic, patient: bytes, decision: str = "asked", day: date = MON, **more: Any) -> None:
    values = {"program": "CCM", "mode": "verbal", "points": POINTS, **more}
    clinic.run(record_consent, patient, decision=decision, date=day, **values)


# The table


def test_every_source_says_what_settles_it() -> None:
    for name, source in SOURCES.items():
        assert source.name == name and source.settle.word
        assert source.snooze or source.no_snooze, f"{name}: z has nothing to say"
        for form in (source.settle.form, source.snooze):
            assert not form or form in FORMS, f"{name} opens {form}"


def test_a_row_that_cant_wait_is_not_snoozed(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    for source in ("escalation", "draft", "task", "nonsense"):
        with pytest.raises(Invalid):
            clinic.run(snooze_row, ana, source, MON + timedelta(2), "later")


def test_safety_stands_before_everything(build: Building, clinic: Clinic) -> None:
    """A task of today about somebody's safety is the first row, above what is long overdue."""
    ana, tom = build.patient("Ruiz"), build.patient("Bell")
    clinic.run(add_task, title="weigh", due=MON - timedelta(30), patient=tom)
    clinic.run(add_task, title="call now", due=MON, patient=ana, kind="safety")
    assert "call now" in clinic.read(page)[0].reason


# Outreach


def test_a_new_name_is_taken_up_then_called(build: Building, clinic: Clinic, as_user: AsUser) -> None:
    ana = build.patient("Ruiz", care_manager=build.staff("dana"))
    intake = clinic.run(add_intake, ana, source="claims", by="October file")
    row = build.row(ana, "outreach")
    assert (row.reason, row.due) == ("from claims: take up", MON + timedelta(3))
    assert (row.clears, row.settle.form, row.settle.on_record) == (
        "taken up, or ended with a reason",
        "take-up",
        True,
    )
    ben = as_user("ben")
    ben.run(take_up, intake.id)
    assert build.why(ana) == [], "it is Ben's now"
    (theirs,) = [row for row in ben.read(page) if row.patient == ana]
    assert (theirs.reason, theirs.assignee) == ("from claims: call", "Ben Ortiz")
    assert theirs.due == clinic.read(intake_card, intake.id).step.due


def test_what_nobody_has_comes_to_everybody(build: Building, clinic: Clinic, as_user: AsUser) -> None:
    ana = build.patient("Ruiz", care_manager=None)
    clinic.run(add_intake, ana, source="provider-referral", by="Dr. Kim")
    for name in ("dana", "ben"):
        (row,) = [row for row in as_user(name).read(page) if row.patient == ana]
        assert (row.reason, row.assignee) == ("referred by Dr. Kim: take up", "nobody yet")


def test_a_try_is_one_row_and_an_end_takes_it_away(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    intake = clinic.run(add_intake, ana, source="list")
    build.go("2026-11-24 09:30")
    build.contact(ana, "voicemail")
    row = build.row(ana, "outreach")
    assert build.why(ana) == ["outreach"], "the try itself has no second row"
    assert (row.reason, row.due) == ("from a list: 2nd try, afternoon", date(2026, 11, 25))
    clinic.run(snooze_row, ana, "outreach", date(2026, 12, 1), "in hospital")
    assert build.why(ana) == []
    clinic.run(end_intake, intake.id, None, end="unable-to-reach", never=True)
    assert build.why(ana, day=date(2026, 12, 2)) == [], "nor does the try come back after the end"


def test_a_call_back_task_stands_for_the_row(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    clinic.run(add_intake, ana, source="list")
    build.contact(ana, "no-answer")
    task = clinic.run(add_task, title="call back", due=MON, patient=ana, kind="call-back")
    assert build.why(ana) == ["task"]
    clinic.run(settle_task, task.id)
    assert build.why(ana) == ["outreach"]


def test_three_tries_then_a_letter_then_the_end(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    clinic.run(add_intake, ana, source="list")
    for day, hour in ((23, 9), (24, 14), (25, 10)):
        build.go(f"2026-11-{day} {hour:02}:30")
        build.contact(ana, "voicemail")
    row = build.row(ana, "outreach")
    assert (row.reason, row.settle.form) == ("from a list: send a letter", "letter")
    assert row.due == date(2026, 11, 27), "the day after Thanksgiving"
    build.contact(ana, "not-applicable", mode="letter")
    row = build.row(ana, "outreach")
    assert (row.reason, row.due) == ("from a list: letter sent: end it", date(2026, 12, 9))
    build.contact(ana, "reached")
    assert "outreach" not in build.why(ana)


@pytest.mark.parametrize("seed", range(12))
def test_the_row_names_the_day_of_the_card(build: Building, clinic: Clinic, seed: int) -> None:
    rng = random.Random(seed)
    clinic.run(change_setting, "outreach_tries", rng.choice((1, 2, 3)))
    clinic.run(change_setting, "outreach_parts", rng.choice((True, False)))
    people = []
    for number in range(6):
        build.go(f"2026-11-{rng.randint(1, 6):02} 08:{number:02}")
        key = build.patient()
        people.append((key, clinic.run(add_intake, key, source="list").id))
    for day in range(7, 23):
        for key, intake in people:
            build.go(f"2026-11-{day:02} {rng.randint(8, 17):02}:{rng.randint(0, 59):02}")
            kind = rng.random()
            if kind < 0.1:
                build.contact(key, "not-applicable", mode="letter")
            elif kind < 0.35:
                build.contact(key, rng.choice(("voicemail", "no-answer", "wrong-number")))
            elif kind < 0.4 and clinic.read(intake_card, intake).stage == "intake":
                clinic.run(take_up, intake)
    build.go("2026-11-23 09:00")
    seen = {row.ref: row.due for row in build.rows() if row.source == "outreach"}
    for _, intake in people:
        card = clinic.read(intake_card, intake)
        if card.step.due is not None and card.step.due <= MON + timedelta(14):
            assert seen.pop(intake, None) == card.step.due, card.step
    assert not seen


# What comes back, what is to be answered


def test_an_end_comes_back_on_its_day(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    intake = clinic.run(add_intake, ana, source="self-referral", mode="phone", program="CCM")
    back = MON + timedelta(20)
    clinic.run(end_intake, intake.id, None, end="declined-interest", why="not now", back_on=back)
    assert build.why(ana) == []
    build.go("2026-12-13 09:00")
    row = build.row(ana, "comes-back")
    assert row.reason == "ask again: declined: not interested Mon 23 Nov (CCM)"
    assert row.settle == SOURCES["comes-back"].settle and row.ref == intake.id
    clinic.run(reopen_intake, intake.id)
    assert "comes-back" not in build.why(ana)


def test_a_hold_comes_back_and_a_death_clears_it(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    intake = clinic.run(add_intake, ana, source="claims")
    clinic.run(hold_intake, intake.id, None, until=MON + timedelta(3), why="away")
    assert build.why(ana) == ["comes-back"]
    clinic.run(edit_patient, ana, None, deceased=True)
    assert build.why(ana) == []


def test_a_referrer_is_told(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    intake = clinic.run(add_intake, ana, source="provider-referral", by="Dr. Kim")
    assert "answer-referrer" not in build.why(ana)
    clinic.run(end_intake, intake.id, None, end="ineligible-insurance", never=True)
    row = build.row(ana, "answer-referrer")
    assert row.reason == "tell Dr. Kim: not eligible: insurance"
    assert (row.settle.form, row.due) == ("answer-intake", MON)
    clinic.run(answer_intake, intake.id, None, day=MON, how="phone")
    assert build.why(ana) == []


# Consents


def test_a_consent_that_was_asked_for_comes_after_a_week(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    consent(clinic, ana, "asked", mode=None, points=())
    assert build.row(ana, "consent-asked").due == MON + timedelta(7)
    row = build.row(ana, "consent-asked")
    assert (row.reason, row.topic) == ("asked for CCM consent Mon 23 Nov", "CCM")
    assert row.settle.about == "program"
    build.go("2026-11-25 09:00")
    consent(clinic, ana, "asked", MON + timedelta(2), mode=None, points=())
    assert build.row(ana, "consent-asked").due == MON + timedelta(9), "the last asking counts"
    consent(clinic, ana, "declined", MON + timedelta(2))
    assert build.why(ana) == []


def test_an_end_takes_the_question_away(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    intake = clinic.run(add_intake, ana, source="claims")
    consent(clinic, ana, "asked")
    clinic.run(end_intake, intake.id, None, end="declined-other", never=True)
    assert build.why(ana) == []


def test_the_card_names_the_same_day(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    intake = clinic.run(add_intake, ana, source="self-referral", mode="phone", program="CCM")
    clinic.run(decide_eligibility, ana, program="CCM", eligible=True, why="seen")
    consent(clinic, ana, "asked")
    assert clinic.read(intake_card, intake.id).step.due == build.row(ana, "consent-asked").due


def test_another_practitioner_asks_again(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz", billing_practitioner="levin")
    build.enroll(ana, date(2026, 10, 1))
    assert "re-consent" not in build.why(ana)
    (line,) = clinic.read(enrollments, ana)
    clinic.run(edit_enrollment, line.id, None, practitioner="Dr. Ito")
    row = build.row(ana, "re-consent")
    assert row.reason == "CCM consent anew: Dr. Ito bills now"
    assert (row.due, row.topic, row.settle.form) == (MON, "CCM", "consent")
    consent(clinic, ana, "accepted", practitioner="Dr. Ito")
    assert "re-consent" not in build.why(ana)


def test_a_name_and_a_username_are_the_same_person(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz", billing_practitioner="levin")
    consent(clinic, ana, "accepted", date(2026, 10, 1), practitioner="Amy Levin")
    clinic.run(enroll, ana, program="CCM", start=date(2026, 10, 1))
    assert "re-consent" not in build.why(ana)


def test_a_hold_that_ends(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz", enrolled=date(2026, 10, 1))
    (line,) = clinic.read(enrollments, ana)
    until = MON + timedelta(4)
    clinic.run(
        edit_enrollment, line.id, None, status="onhold", ended="hold", hold_until=until, reason="rehab"
    )
    row = build.row(ana, "hold-ends")
    assert (row.reason, row.due) == ("CCM on hold (rehab) ends Fri 27 Nov", until)
    assert (row.settle.form, row.ref) == ("enrollment", line.id)
    clinic.run(edit_enrollment, line.id, None, status="active")
    assert "hold-ends" not in build.why(ana)


# Assessments and tiers


def test_an_assessment_that_was_begun(build: Building, allowed: Clinic, as_user: AsUser) -> None:
    ana = build.patient("Ruiz", care_manager=build.staff("ben"))
    values = {"patient": ana, "instrument": "phq-9", "status": "in-progress", "date": date(2026, 11, 18)}
    key = allowed.run(put, Assessment, taken_by=build.staff("dana"), **values)
    row = build.row(ana, "assessment-half")
    assert row.reason.endswith("half done since Wed 18 Nov") and row.reason.startswith("PHQ-9")
    assert (row.due, row.ref, row.settle.form) == (date(2026, 11, 21), key, "assessment")
    assert [one.source for one in as_user("ben").read(page)] == ["assessment-half"], "whose patient it is"


def test_the_comprehensive_assessment_is_yearly(build: Building, allowed: Clinic) -> None:
    ana = build.patient("Ruiz", enrolled=date(2025, 10, 1))
    assert "assessment-yearly" not in build.why(ana), "who never had one is not asked for"
    values = {"patient": ana, "instrument": "comprehensive", "status": "completed"}
    allowed.run(put, Assessment, date=date(2025, 11, 20), **values)
    row = build.row(ana, "assessment-yearly")
    assert row.due == date(2026, 11, 20)
    assert row.reason == "yearly assessment, last Thu 20 Nov 2025"
    half = allowed.run(put, Assessment, **{**values, "status": "in-progress"}, date=MON - timedelta(4))
    row = build.row(ana, "assessment-half")
    assert (row.reason, row.settle.form) == (
        "comprehensive assessment half done since Thu 19 Nov",
        "comprehensive",
    )
    assert row.ref == half and "assessment-yearly" not in build.why(ana)


def test_a_tier_that_was_set_is_looked_at_again(build: Building, allowed: Clinic) -> None:
    ana = build.patient("Ruiz")
    values = {"patient": ana, "tier": 2, "points": 3, "computed_on": MON}
    review = MON + timedelta(5)
    allowed.run(put, Tier, set_tier=5, set_why="lives alone", review_on=review, **values)
    row = build.row(ana, "tier-review")
    assert (row.reason, row.due) == ("tier 5 set until Sat 28 Nov: lives alone", review)
    assert row.settle.form == "tier"


# Concerns


def concern(build: Building, clinic: Clinic, patient: bytes, to: str, minutes: int, **more: Any) -> bytes:
    """A concern that someone gave to a colleague, who has so many minutes to answer."""
    now = build.clock.at
    values = {
        "patient": patient, "kind": "escalation", "title": "weight up 5 lb", "due": MON, "urgency": "urgent",
        "assignee": build.staff(to), "status": "received", "handed_by": build.staff("dana"), "handed_at": now,
        "answer_by": now + timedelta(minutes=minutes), **more,
    }  # fmt: skip
    return clinic.run(put, Task, **values)


def test_a_concern_climbs_when_its_time_is_over(build: Building, allowed: Clinic, as_user: AsUser) -> None:
    ana = build.patient("Ruiz", care_manager=build.staff("ben"))
    key = concern(build, allowed, ana, "ben", 60)
    others = {name: as_user(name) for name in ("ben", "levin")}

    def seen() -> dict[str, list[str]]:
        return {
            name: [row.source for row in who.read(page)] for name, who in (*others.items(), ("dana", allowed))
        }

    assert seen() == {"ben": ["handed"], "levin": [], "dana": ["handed"]}
    build.go("2026-11-23 10:01")
    assert seen() == {name: ["escalation"] for name in ("ben", "levin", "dana")}, "one row each, none twice"
    row = build.row(ana, "escalation", "team")
    assert row.reason == "not answered: weight up 5 lb (from Dana Ruiz), since Mon 23 Nov 10:00"
    assert (row.due, row.clears, row.assignee) == (MON, "answered, by whoever can", "Ben Ortiz")
    others["levin"].run(settle_task, key, "completed", "take the water pill twice")
    assert not any(seen().values())


def test_a_care_manager_who_is_not_in_it_sees_no_climbing_concern(
    build: Building, allowed: Clinic, as_user: AsUser
) -> None:
    ana = build.patient("Ruiz", care_manager=None)
    concern(build, allowed, ana, "levin", 30)
    build.go("2026-11-23 11:00")
    assert [row.source for row in as_user("ben").read(page)] == []
    assert [row.source for row in as_user("ben").read(page, "team")] == ["escalation"]


def test_who_is_in_outreach_and_enrolled_elsewhere_has_one_row(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz", enrolled=date(2026, 11, 2))
    clinic.run(add_intake, ana, source="claims", program="RPM")
    clinic.run(log_contact, ana, mode="phone", outcome="voicemail")
    assert build.why(ana) == ["outreach"]
