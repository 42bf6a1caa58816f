"""Recording that a copy was given: to whom, how, when, what was in it; who has the plan, and whether it still holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cmp_tui.careplan.actions import add_goal, add_intervention, edit_goal, edit_plan, record_progress
from cmp_tui.careplan.copy_actions import give_copy, strike_copy
from cmp_tui.careplan.copy_queries import copy_document, plan_holders
from cmp_tui.careplan.holder_rules import holder_words, standing_words
from cmp_tui.careplan.model import Plan, PlanCopy
from cmp_tui.careplan.queries import plan_line, whole_plan
from cmp_tui.careplan.summary_rules import LISTED
from cmp_tui.careplan.version_actions import finish_review
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.contacts.queries import contacts_of_month
from cmp_tui.desk.summary_queries import summary_document, summary_facts
from cmp_tui.files.document import as_text
from cmp_tui.files.pdf_out import page_count
from cmp_tui.patients.actions import add_team_member
from cmp_tui.referrals.actions import order, take_step
from tests.careplan.copying import TODAY, fill, medicate
from tests.conftest import AsUser

CHEN: dict[str, Any] = {"kind": "summary", "to": "provider", "name": "Dr. Chen", "how": "fax"}


@pytest.fixture
def plan(clinic: Clinic, ana: bytes) -> dict[str, bytes]:
    """Ana's plan, its first version signed."""
    goals = fill(clinic, ana)
    clinic.run(finish_review, ana)
    return goals


def line(clinic: Clinic, ana: bytes) -> Plan:
    found: Any = clinic.read(plan_line, ana)
    assert found is not None
    return found  # type: ignore[no-any-return]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_copy_that_was_given_stands_on_the_plan(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    copy = clinic.run(give_copy, ana, how="in-person", language="es")
    whole = clinic.read(whole_plan, ana)
    assert (copy.kind, copy.to, copy.name, copy.date, copy.language) == (
        "patient",
        "patient",
        None,
        TODAY,
        "es",
    )
    assert copy.digest == whole.digest and copy.of_version == whole.versions[0].id
    found = line(clinic, ana)
    assert (found.given_on, found.given_how, found.given_to) == (TODAY, "in-person", "patient")


def test_what_was_printed_is_what_was_given(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    before = clinic.read(whole_plan, ana).digest
    clinic.run(edit_plan, ana, None, matters="Something else")
    clinic.run(give_copy, ana, how="mail", digest=before)
    (holder,) = clinic.read(plan_holders, ana)
    assert holder.current is False and standing_words(holder) == "version 1, out of date"


def test_the_same_form_records_once(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    key = clinic.new_id()
    for _ in range(2):
        clinic.run(give_copy, ana, how="mail", id=key)
    assert len(clinic.read(whole_plan, ana).copies) == 1


@pytest.mark.parametrize(
    ("wrong", "values"),
    [
        ("day", {"day": TODAY + timedelta(days=1)}),
        ("name", {"to": "caregiver"}),
        ("name", {"to": "caregiver", "name": "  "}),
        ("to", {"kind": "summary"}),
        ("how", {"how": "by owl"}),
        ("contact", {"day": TODAY - timedelta(days=1), "contact": True}),
    ],
)
def test_what_cannot_be_true_is_refused(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], wrong: str, values: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as error:
        clinic.run(give_copy, ana, **{"how": "mail", **values})
    assert set(error.value.fields) == {wrong}
    assert clinic.read(whole_plan, ana).copies == ()


def test_without_a_plan_nothing_can_be_given(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Gone, match="no care plan"):
        clinic.run(give_copy, ana, how="mail")


def test_an_auditor_gives_nothing(
    as_user: AsUser, clinic: Clinic, ana: bytes, plan: dict[str, bytes]
) -> None:
    with pytest.raises(Refused):
        as_user("otto").run(give_copy, ana, how="mail")


def test_a_contact_is_logged_only_when_asked(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    november = Month.of(TODAY)
    clinic.run(give_copy, ana, how="mail")
    assert clinic.read(contacts_of_month, ana, november) == []
    clinic.run(give_copy, ana, how="in-person", to="caregiver", name="Lucía Ruiz", contact=True)
    (contact,) = clinic.read(contacts_of_month, ana, november)
    assert (contact.mode, contact.outcome, contact.with_whom) == ("in-person", "reached", "caregiver")
    assert contact.did == "Copy of the care plan given in person to Lucía Ruiz."


def test_of_an_earlier_day_nobody_says_what_was_in_it(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], clock: FrozenClock
) -> None:
    clock.at += timedelta(days=10)
    clinic.run(give_copy, ana, how="mail", day=TODAY)
    clinic.run(give_copy, ana, how="mail", to="caregiver", name="Lucía", day=TODAY - timedelta(days=30))
    first, second = clinic.read(plan_holders, ana)
    assert (first.current, first.number, second.number) == (None, 1, None)
    assert standing_words(second).startswith("before the first version")
    assert line(clinic, ana).given_on == TODAY, "the later one stands on the plan"


def test_a_slip_is_struck_out_and_the_copy_before_it_holds_again(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], clock: FrozenClock
) -> None:
    clinic.run(give_copy, ana, how="mail")
    clock.at += timedelta(days=2)
    slip = clinic.run(give_copy, ana, how="portal")
    assert line(clinic, ana).given_how == "portal"
    clinic.run(strike_copy, slip.id, "another patient's")
    found = line(clinic, ana)
    assert (found.given_on, found.given_how) == (TODAY, "mail")
    (left,) = clinic.read(whole_plan, ana).copies
    clinic.run(strike_copy, left.id, "never given")
    assert line(clinic, ana).given_on is None and clinic.read(plan_holders, ana) == ()


# Who has it


def test_everybodys_last_copy_the_patient_first(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], clock: FrozenClock
) -> None:
    clinic.run(give_copy, ana, **CHEN)
    clinic.run(give_copy, ana, how="in-person")
    clock.at += timedelta(days=3)
    clinic.run(edit_goal, plan["walk"], None, title="Walk to church")
    clinic.run(finish_review, ana)
    clinic.run(give_copy, ana, **{**CHEN, "name": "dr.  CHEN"})
    found = clinic.read(plan_holders, ana)
    words = [(holder_words(one, clinic.reference), standing_words(one)) for one in found]
    assert words == [
        ("the patient", "version 1, out of date"),
        ("dr. CHEN (provider)", "version 2, up to date"),
    ]


def test_how_a_goal_goes_does_not_make_a_copy_old(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    clinic.run(give_copy, ana, how="mail")
    clinic.run(record_progress, plan["walk"], value=5)
    assert clinic.read(plan_holders, ana)[0].current is True


def test_what_an_import_told_of_counts(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    clinic.rights = Rights({**ACTIONS, "test_copy_actions.told": Right(CARE)})
    clinic.run(told, line(clinic, ana).id)
    (holder,) = clinic.read(plan_holders, ana)
    assert (holder.date, holder.current) == (date(2026, 1, 5), None)
    assert standing_words(holder) == "given before copies were kept"
    clinic.run(give_copy, ana, how="mail")
    (holder,) = clinic.read(plan_holders, ana)
    assert holder.current is True


def told(change: Change, plan: bytes) -> None:
    change.edit(Plan, plan, None, given_on=date(2026, 1, 5), given_how="mail")


# The summary


def test_the_summary_is_one_page_with_everything(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    clinic.run(add_team_member, ana, name="Dr. Chen", role="specialist", specialty="Cardiology")
    medicate(clinic, ana, {"display": "Metformin 500 mg", "dosage": "1 tablet", "reason": "Diabetes"})
    document = clinic.read(summary_document, ana, "Dr. Chen")
    assert page_count(document, clinic.reference.path("fonts")) == 1
    found = flat(as_text(document))
    for words in (
        "Ana Ruiz-Moreno · born 1948-02-11", "MRN A-1", "for Dr. Chen", "Version 1 of 2026-11-23",
        "≥ 5 days a week, by 2027-02-15", "3 days a week, 2026-11-23", "getting better", "None on record.",
        "Metformin 500 mg How much and when: 1 tablet, for Diabetes", "Dr. Chen, Cardiology", "confidential",
    ):  # fmt: skip
        assert words in found, words
    assert "New since" not in found and "eferral" not in found


def test_what_is_new_to_them_is_marked(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], clock: FrozenClock
) -> None:
    clinic.run(give_copy, ana, **CHEN)
    assert "Nothing has changed since version 1" in flat(
        as_text(clinic.read(summary_document, ana, "Dr. Chen"))
    )
    clock.at = datetime(2026, 12, 7, 15, 0, tzinfo=UTC)
    clinic.run(edit_goal, plan["walk"], None, title="Walk to church")
    clinic.run(add_goal, ana, title="Sleep through the night", problem="Sleep")
    found = flat(as_text(clinic.read(summary_document, ana, "Dr. Chen")))
    assert "New since version 1, which you got on 2026-11-23 by fax" in found
    assert "[new] Sleep through the night" in found and "[changed] Walk to church" in found
    assert found.index("[new]") < found.index("Keep my feet"), "what is new comes first"
    assert "New goal: Sleep through the night." in found
    other = flat(as_text(clinic.read(summary_document, ana, "Dr. Osei")))
    assert "[new]" not in other and "New since" not in other, "everything is new to who gets it first"


def test_who_got_it_before_the_first_version_is_told_to_read_it_all(clinic: Clinic, ana: bytes) -> None:
    fill(clinic, ana)
    clinic.run(give_copy, ana, **CHEN)
    clinic.run(finish_review, ana)
    assert "please read all of it" in flat(as_text(clinic.read(summary_document, ana, "Dr. Chen")))


def test_medicines_are_never_cut(clinic: Clinic, ana: bytes, plan: dict[str, bytes]) -> None:
    names = [f"Medicine number {number} 500 mg" for number in range(40)]
    medicate(clinic, ana, *({"display": name, "dosage": "1 tablet daily"} for name in names))
    for number in range(60):
        clinic.run(add_goal, ana, title=f"Goal number {number}", problem="x", own_words="mine " * 40)
    document = clinic.read(summary_document, ana, "Dr. Chen")
    found = flat(as_text(document))
    assert len(names) > LISTED and all(name in found for name in names)
    assert page_count(document, clinic.reference.path("fonts")) == 1
    assert "goals more in the whole plan" in found


@pytest.mark.parametrize("query", [copy_document, summary_facts])
def test_sixty_goals_cost_the_statements_of_three(
    clinic: Clinic, ana: bytes, plan: dict[str, bytes], query: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.run(give_copy, ana, **CHEN)
    sent: list[str] = []
    database = PlanCopy._meta.database
    real = database.execute_sql

    def execute(sql: str, *args: Any, **kwargs: Any) -> Any:
        sent.append(sql)
        return real(sql, *args, **kwargs)

    monkeypatch.setattr(database, "execute_sql", execute)
    clinic.read(query, ana)
    few = len(sent)
    for number in range(60):
        goal = clinic.run(add_goal, ana, title=f"Goal {number}", problem="x").id
        clinic.run(add_intervention, ana, title=f"Step {number}", goal=goal)
    sent.clear()
    clinic.read(query, ana)
    assert 0 < len(sent) <= few < 50


def test_open_referrals_stand_in_the_summary(clinic: Clinic, ana: bytes) -> None:
    fill(clinic, ana)
    loop = clinic.run(order, ana, kind="specialist", what="Cardiology", to_name="Heart Center")
    clinic.run(take_step, loop.id, stage="sent", how="fax")
    text = flat(as_text(clinic.read(summary_document, ana, "Dr. Chen")))
    assert "Open referrals * Cardiology, Heart Center: sent 2026-11-23" in text
