"""Versions of a plan: what changed, who signed, who approved; and the hash of what a copy says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.billing.closing import what_stands
from cmp_tui.careplan.actions import (
    add_barrier,
    add_goal,
    add_intervention,
    edit_goal,
    edit_plan,
    record_progress,
    set_state,
    settle_intervention,
    strike_record,
)
from cmp_tui.careplan.queries import (
    as_content,
    changes_since,
    plan_line,
    plan_on,
    version_content,
    version_line,
    whole_plan,
)
from cmp_tui.careplan.version_actions import IN_APP, approve_version, finish_review
from cmp_tui.careplan.version_rules import changes_between, content_of
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_condition
from tests.careplan.conftest import Bring
from tests.conftest import AsUser

TODAY = date(2026, 11, 23)


def since(clinic: Clinic, patient: bytes) -> list[str]:
    return clinic.read(lambda scope: changes_since(whole_plan(scope, patient), clinic.reference))


def sum_of(clinic: Clinic, patient: bytes) -> str:
    return clinic.read(lambda scope: whole_plan(scope, patient).digest)


def test_a_plan_without_a_goal_is_not_finished(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Invalid, match="no goal yet"):
        clinic.run(finish_review, ana)


def test_the_first_review_makes_the_plan(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    version = clinic.run(finish_review, ana, review_on=date(2027, 2, 22))
    plan = clinic.read(plan_line, ana)
    assert plan is not None and not plan.is_draft
    assert (plan.made_on, plan.made_by, plan.reviewed_on) == (TODAY, "dana", None)
    line = clinic.read(version_line, version.id)
    assert (line.number, line.signed_as, line.approved_on) == (1, "Dana Ruiz, RN", None)
    assert line.changes == ("First version: 1 goal.",)
    whole = clinic.read(whole_plan, ana)
    assert whole.goals[0].review_on == date(2027, 2, 22)
    assert whole.review_due == date(2027, 11, 23) and since(clinic, ana) == []


def test_a_later_review_says_what_changed(
    clinic: Clinic, ana: bytes, sugar: bytes, clock: FrozenClock
) -> None:
    clinic.run(finish_review, ana)
    walk = clinic.run(add_goal, ana, title="Walk after supper").id
    step = clinic.run(
        add_intervention, ana, title="Order test strips", goal=sugar, responsible="care-manager"
    ).id
    clinic.run(add_barrier, ana, kind="cost", goal=sugar)
    clinic.run(edit_goal, sugar, None, target=7.5)
    clinic.run(edit_plan, ana, matters="My garden")
    assert since(clinic, ana) == [
        "What matters most: “My garden”.",
        "A1c under 8: target at or below 7.5 %, was at or below 8 %.",
        "New goal: Walk after supper.",
        "New step for the care manager: Order test strips.",
        "New barrier: cost.",
    ]
    clock.at += timedelta(days=30)
    second = clinic.run(finish_review, ana)
    clinic.run(settle_intervention, step)
    clinic.run(set_state, walk, "cancelled", "her knee")
    clinic.run(record_progress, sugar, achievement="improving")
    assert since(clinic, ana) == [
        "A1c under 8: getting better.",
        "Walk after supper: given up: her knee.",
        "Order test strips: done.",
    ]
    plan = clinic.read(plan_line, ana)
    assert plan is not None and (plan.made_on, plan.reviewed_on) == (TODAY, date(2026, 12, 23))
    assert second.number == 2
    clinic.run(strike_record, "goal", sugar, "twice")
    assert "A1c under 8: struck out." in since(clinic, ana)


def test_the_plan_as_it_was_on_a_day(clinic: Clinic, ana: bytes, sugar: bytes, clock: FrozenClock) -> None:
    first = clinic.run(finish_review, ana)
    clinic.run(edit_goal, sugar, None, target=7.0)
    clock.at += timedelta(days=10)
    clinic.run(finish_review, ana)
    assert clinic.read(plan_on, ana, TODAY - timedelta(days=1)) is None
    for day, target in ((TODAY, 8.0), (TODAY + timedelta(days=9), 8.0), (TODAY + timedelta(days=10), 7.0)):
        content = clinic.read(plan_on, ana, day)
        assert content is not None and content["problems"][0]["goals"][0]["target"] == target
    assert clinic.read(version_content, first.id)["problems"][0]["words"] == "Type 2 diabetes mellitus"


def test_saving_a_review_twice_writes_one_version(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    key = clinic.new_id()
    clinic.run(finish_review, ana, id=key)
    clinic.run(finish_review, ana, id=key)
    assert len(clinic.read(whole_plan, ana).versions) == 1


def test_approval_in_the_program_and_by_phone(
    clinic: Clinic, as_user: AsUser, ana: bytes, sugar: bytes
) -> None:
    first = clinic.run(finish_review, ana)
    with pytest.raises(Invalid, match="Name the practitioner"):
        clinic.run(approve_version, first.id)
    with pytest.raises(Invalid, match="Say how"):
        clinic.run(approve_version, first.id, by="Dr. Levin")
    as_user("levin").run(approve_version, first.id, first.version)
    line = clinic.read(version_line, first.id)
    assert (line.approved_by, line.approved_on, line.approved_how) == ("Amy Levin, MD", TODAY, IN_APP)
    with pytest.raises(Invalid, match="approved already"):
        clinic.run(approve_version, first.id, by="Dr. Levin", how="by phone")
    approval = {"by": "Dr. Levin", "how": "by phone"}
    second = clinic.run(finish_review, ana, approval=approval, remarks="Yearly review with her daughter.")
    line = clinic.read(version_line, second.id)
    assert (line.approved_by, line.approved_how) == ("Dr. Levin", "by phone")
    assert line.changes == ("Yearly review with her daughter.", "Nothing changed.")
    third = as_user("levin").run(finish_review, ana)
    assert clinic.read(version_line, third.id).approved_how == IN_APP


def test_an_approval_lies_between_the_version_and_today(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    version = clinic.run(finish_review, ana)
    for day in (date(2026, 11, 22), date(2026, 11, 24)):
        with pytest.raises(Invalid):
            clinic.run(approve_version, version.id, by="Dr. Levin", how="by phone", day=day)


def test_the_review_is_due_after_the_clinics_months(
    clinic: Clinic, ana: bytes, sugar: bytes, clock: FrozenClock
) -> None:
    clock.at = datetime(2025, 11, 22, 15, 0, tzinfo=UTC)
    clinic.run(finish_review, ana)
    clock.at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    whole = clinic.read(whole_plan, ana)
    assert whole.review_due == date(2026, 11, 22)
    review = next(one for one in whole.elements if one.name == "review")
    assert not review.filled and review.fills == "overdue: R"


def test_a_copy_is_out_of_date_when_the_plan_is_another_not_when_it_is_worked_on(
    clinic: Clinic, ana: bytes, sugar: bytes, lab: Bring
) -> None:
    again = clinic.run(add_intervention, ana, title="Look at the log", goal=sugar, every=30, due=TODAY).id
    before = sum_of(clinic, ana)
    clinic.run(record_progress, sugar, achievement="improving")
    lab(8.1, date(2026, 11, 20))
    clinic.run(settle_intervention, again)
    clinic.run(finish_review, ana)
    assert sum_of(clinic, ana) == before
    clinic.run(edit_goal, sugar, None, own_words="I want to sleep through the night.")
    after = sum_of(clinic, ana)
    assert after != before
    clinic.run(edit_plan, ana, signs={"911": ["Chest pain"]})
    assert sum_of(clinic, ana) not in (before, after)


def test_what_comes_in_from_elsewhere_may_lack_parts() -> None:
    assert content_of(None) == content_of({}) == content_of({"problems": "none", "ended": [1]})


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
NAMES = st.sampled_from(
    [
        "problems",
        "goals",
        "ended",
        "signs",
        "texts",
        "barriers",
        "interventions",
        "id",
        "title",
        "target",
        "due",
        "911",
    ]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(JSON, JSON)
def test_whatever_came_in_as_a_content_can_be_read_and_compared(one: object, other: object) -> None:
    reference = Reference()
    before, after = content_of(one), content_of(other)
    assert content_of(before) == before
    assert changes_between(before, before, reference) == []
    assert all(words.endswith(".") for words in changes_between(before, after, reference))


def test_nothing_changes_between_a_plan_and_itself(clinic: Clinic, ana: bytes, sugar: bytes) -> None:
    content: Any = clinic.read(lambda scope: as_content(whole_plan(scope, ana)))
    assert changes_between(content, content, clinic.reference) == []


def test_the_months_close_asks_for_the_second_signature(
    clinic: Clinic, ana: bytes, sugar: bytes, clock: FrozenClock
) -> None:
    clock.at = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
    clinic.run(
        record_consent,
        ana,
        program="CCM",
        decision="accepted",
        date=date(2026, 10, 1),
        mode="verbal",
        points=POINTS,
    )
    clinic.run(enroll, ana, program="CCM", start=date(2026, 10, 1), practitioner="levin")
    clinic.run(add_condition, ana, display="Heart failure", code="I50.22", system="icd-10-cm")
    clock.at = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
    clinic.run(log_contact, ana, mode="phone", outcome="reached", minutes=25)
    october = Month(2026, 10)

    def kinds() -> list[str]:
        return [one.kind for one in clinic.read(what_stands, october) if one.patient == ana]

    clock.at = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    assert "plan" in kinds() and "signature" not in kinds()  # a draft is no plan yet
    clock.at = datetime(2026, 10, 6, 15, 0, tzinfo=UTC)
    version = clinic.run(finish_review, ana)
    clock.at = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    assert "plan" not in kinds() and "signature" in kinds()
    stand = next(one for one in clinic.read(what_stands, october) if one.kind == "signature")
    assert (stand.mend, stand.rows, stand.passable) == ("approval", (version.id,), True)
    assert stand.says == (
        "Version 1 of the plan, signed by Dana Ruiz, RN on 2026-10-06, awaits the second signature."
    )
    clinic.run(approve_version, version.id, by="Dr. Levin", how="by phone")
    assert "signature" not in kinds()
