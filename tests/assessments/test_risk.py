"""Risk tiers on a clinic file: what is read, what a run writes, a clinician's own tier, undo, two runs at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.assessments.model import Tier
from cmp_tui.assessments.risk_actions import clear_tier, set_tier, write_tiers
from cmp_tui.assessments.risk_behind import Teller
from cmp_tui.assessments.risk_queries import (
    Result,
    TierLine,
    kept_tiers,
    risk_of,
    risk_run,
    stratify,
    tier_line,
    tier_of,
)
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.model import Stay
from cmp_tui.patients.actions import add_condition, add_patient, strike_record
from cmp_tui.patients.model import Condition, Patient
from tests.assessments.risk_scene import import_row, make_ana
from tests.conftest import AsUser

TODAY = date(2026, 11, 23)
REVIEW = date(2027, 2, 1)


@pytest.fixture
def add(clinic: Clinic) -> Any:
    """Writes a row that no action here writes."""
    return lambda model, **values: import_row(clinic, model, **values)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Nine points, tier 4."""
    return make_ana(clinic)


def one(clinic: Clinic, patient: bytes) -> Result:
    (found,) = clinic.read(stratify, [patient])
    return found


def line(clinic: Clinic, patient: bytes) -> TierLine:
    found = clinic.read(tier_line, patient)
    assert found is not None
    return found


def run(clinic: Clinic) -> Any:
    return clinic.run(write_tiers, clinic.read(stratify))


def test_every_table_is_read_and_every_point_has_its_rows(clinic: Clinic, ana: bytes) -> None:
    behind = clinic.read(risk_of, ana)
    assert behind.risk.given() == {
        "many-conditions": 1, "heavy-conditions": 3, "stays-6": 2, "stays-12": 1, "careful-medicines": 1,
        "function": 1,
    }  # fmt: skip
    assert (behind.risk.points, behind.risk.tier, behind.kept) == (9, 4, None)
    tell = Teller(behind, clinic.reference, date.isoformat)
    said = {part.rule: tell.rows(part) for part, _ in tell.found()}
    assert said["stays-6"] == ["hospital stay 2026-11-02, St. Mary's"]
    assert said["careful-medicines"] == ["Apixaban 5 mg, twice a day"]
    assert said["function"] == ["Katz ADL 4, needs some help, 2026-11-23"]
    assert len(said["many-conditions"]) == 4 and len(said["heavy-conditions"]) == 2
    assert all(len(words) == len(part.keys) for part, _ in tell.found() for words in [said[part.rule]])
    assert [rule.name for rule in behind.asked_for] == ["falling", "mood", "thinking", "lonely", "wishes"]


def test_one_patient_and_everybody_are_judged_alike(clinic: Clinic, ana: bytes) -> None:
    for number in range(30):
        key = clinic.run(add_patient, family=f"Bell {number}").id
        for code in ("I50.9", "J44.9", "E11.9")[: number % 4]:
            clinic.run(add_condition, key, display=code, system="icd-10-cm", code=code)
    everybody = clinic.read(stratify)
    assert [result.patient for result in everybody] == sorted(result.patient for result in everybody)
    assert len(everybody) == 31
    for result in everybody:
        assert result == one(clinic, result.patient)
        risk = clinic.read(risk_of, result.patient).risk
        assert (risk.tier, risk.points, risk.given()) == result[1:]


def test_what_is_struck_out_over_or_to_come_does_not_count(clinic: Clinic, add: Any) -> None:
    key: bytes = clinic.run(add_patient, family="Bell").id
    clinic.run(add_condition, key, display="HF", system="icd-10-cm", code="I50.9", status="resolved")
    copd = clinic.run(add_condition, key, display="COPD", system="icd-10-cm", code="J44.9")
    clinic.run(strike_record, "condition", copd.id, "of someone else")
    add(Stay, patient=key, kind="inpatient", admitted=TODAY + timedelta(3))
    assert one(clinic, key) == Result(key, 1, 0, {})


def test_who_has_died_or_was_struck_out_has_no_tier(clinic: Clinic, ana: bytes, add: Any) -> None:
    dead = clinic.run(add_patient, family="Bell", deceased=True).id
    gone = clinic.run(add_patient, family="Tran").id
    clinic.run(strike_record, "patient", gone, "a test")
    assert [result.patient for result in clinic.read(stratify)] == [ana]
    written = clinic.run(write_tiers, [Result(key, 1, 0, {}) for key in (dead, gone, ana)])
    assert written == (1, 0, 0)
    assert clinic.read(tier_line, dead) is None and clinic.read(tier_line, gone) is None


def test_a_run_writes_what_changed_and_nothing_else(clinic: Clinic, ana: bytes, clock: FrozenClock) -> None:
    tom = clinic.run(add_patient, family="Bell", given="Tom").id
    assert run(clinic) == (2, 0, 0)
    first = line(clinic, ana)
    assert (first.tier, first.points, first.computed_on, first.version) == (4, 9, TODAY, 1)
    clock.at += timedelta(days=1)
    assert run(clinic) == (0, 0, 2)
    assert line(clinic, ana) == first
    clinic.run(add_condition, tom, display="COPD", system="icd-10-cm", code="J44.9")
    assert run(clinic) == (0, 1, 1)
    assert (line(clinic, tom).tier, line(clinic, tom).version, line(clinic, ana).version) == (2, 2, 1)
    assert line(clinic, tom).parts == {"heavy-conditions": 2}


def test_a_run_leaves_counts_in_the_audit_also_when_nothing_changed(clinic: Clinic, ana: bytes) -> None:
    found = clinic.read(risk_run)
    clinic.run(write_tiers, found.changed, found.holding)
    (entry,) = [each for each in clinic.read(audit_page) if each.action == "assessments.write_tiers"]
    assert entry.facts["added"] == 1 and entry.facts["tier_4"] == 1 and entry.facts["tier_6"] == 0
    clinic.run(write_tiers, [])
    assert clinic.read(audit_page)[0].facts == {"added": 0, "changed": 0, "same": 0}


def test_who_moved_and_why(clinic: Clinic, ana: bytes, add: Any) -> None:
    tom = clinic.run(add_patient, family="Bell", given="Tom", mrn="B-1").id
    run(clinic)
    add(Stay, patient=ana, kind="ed", admitted=date(2026, 11, 20))
    clinic.run(add_condition, tom, display="Gout", system="icd-10-cm", code="M10.9", chronic=True)
    found = clinic.read(risk_run)
    assert [(move.mrn, move.before.tier, move.after.tier) for move in found.moves] == [("A-1", 4, 5)]
    assert found.moves[0].after.parts["emergency-6"] == 1 and "emergency-6" not in found.moves[0].before.parts
    assert (found.new, len(found.changed), len(found.results)) == (0, 1, 2)
    assert found.holding == {6: 0, 5: 1, 4: 0, 3: 0, 2: 0, 1: 1}


def test_undo_takes_a_run_back_and_redo_brings_it_again(clinic: Clinic, ana: bytes) -> None:
    tom = clinic.run(add_patient, family="Bell").id
    run(clinic)
    clinic.run(add_condition, tom, display="COPD", system="icd-10-cm", code="J44.9")
    run(clinic)
    last = clinic.read(last_undoable)
    assert last is not None and last.action == "assessments.write_tiers"
    clinic.undo(last.seq)
    assert (line(clinic, tom).tier, line(clinic, tom).points) == (1, 0)
    assert run(clinic) == (0, 1, 1), "and the next run sees that again"
    first = next(
        each for each in reversed(clinic.read(audit_page)) if each.action == "assessments.write_tiers"
    )
    with pytest.raises(Refused):
        clinic.undo(first.seq)
    assert line(clinic, ana).tier == 4


def test_undo_of_the_first_run_leaves_nobody_with_a_tier(clinic: Clinic, ana: bytes) -> None:
    run(clinic)
    last = clinic.read(last_undoable)
    assert last is not None
    clinic.undo(last.seq)
    assert clinic.read(tier_line, ana) is None
    assert run(clinic) == (1, 0, 0)
    assert clinic.verify() == []


def test_two_runs_at_once_write_once(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    ben = as_user("ben")
    mine, bens = clinic.read(stratify), ben.read(stratify)
    assert clinic.run(write_tiers, mine) == (1, 0, 0)
    assert ben.run(write_tiers, bens) == (0, 0, 1)
    assert len(clinic.read(_live_tiers, ana)) == 1


def _live_tiers(scope: Scope, patient: bytes) -> list[bytes]:
    return [key for (key,) in rows(Tier.live(Tier.id).where(Tier.patient == patient))]


# A clinician's own tier


def test_a_clinicians_tier_stands_before_the_computed_one_and_outlives_runs(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    run(clinic)
    levin = as_user("levin")
    levin.run(set_tier, ana, 6, "I would not be surprised.", REVIEW)
    clinic.run(add_condition, ana, display="COPD", system="icd-10-cm", code="J44.9")
    found = clinic.read(risk_run)
    assert (found.set_by_hand, found.reviews_due, found.holding[6]) == (1, 0, 1)
    run(clinic)
    now = line(clinic, ana)
    assert (now.effective, now.set_tier, now.tier, now.set_on, now.review_on) == (6, 6, 5, TODAY, REVIEW)
    assert now.set_by_signature == "Amy Levin, MD" and now.set_why == "I would not be surprised."
    levin.run(clear_tier, ana)
    after = line(clinic, ana)
    assert (after.effective, after.set_tier, after.set_why, after.set_by, after.review_on) == (
        5,
        None,
        None,
        None,
        None,
    )


def test_setting_a_tier_before_any_run_computes_it_too(as_user: AsUser, clinic: Clinic, ana: bytes) -> None:
    as_user("levin").run(set_tier, ana, 2, "Very well looked after.", REVIEW)
    now = line(clinic, ana)
    assert (now.effective, now.tier, now.points) == (2, 4, 9)
    assert run(clinic) == (0, 0, 1)


def test_a_review_that_is_due_is_counted(
    clinic: Clinic, as_user: AsUser, ana: bytes, clock: FrozenClock
) -> None:
    as_user("levin").run(set_tier, ana, 6, "Frail.", date(2026, 11, 30))
    assert clinic.read(risk_run).reviews_due == 0
    clock.at += timedelta(days=7)
    assert clinic.read(risk_run).reviews_due == 1


@pytest.mark.parametrize(
    ("tier", "why", "review", "field"),
    [
        (0, "x", REVIEW, "set_tier"),
        (7, "x", REVIEW, "set_tier"),
        (3, " ", REVIEW, "set_why"),
        (3, None, REVIEW, "set_why"),
        (3, "x", None, "review_on"),
        (3, "x", TODAY, "review_on"),
    ],
)
def test_what_is_missing_is_said(
    as_user: AsUser, ana: bytes, tier: int, why: str | None, review: date | None, field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        as_user("levin").run(set_tier, ana, tier, why, review)
    assert list(wrong.value.fields) == [field]


@pytest.mark.parametrize("username", ["dana", "ben", "iris", "otto"])
def test_only_a_clinician_sets_and_clears(as_user: AsUser, ana: bytes, username: str) -> None:
    for action, arguments in ((set_tier, (ana, 6, "x", REVIEW)), (clear_tier, (ana,))):
        with pytest.raises(Refused):
            as_user(username).run(action, *arguments)


def test_nothing_set_is_nothing_to_clear_and_nobody_stratifies_the_dead(
    as_user: AsUser, clinic: Clinic, ana: bytes
) -> None:
    levin = as_user("levin")
    with pytest.raises(Gone):
        levin.run(clear_tier, ana)
    dead = clinic.run(add_patient, family="Bell", deceased=True).id
    with pytest.raises(Gone):
        levin.run(set_tier, dead, 3, "x", REVIEW)


def test_two_clinicians_at_once_are_told(as_user: AsUser, clinic: Clinic, ana: bytes) -> None:
    run(clinic)
    levin = as_user("levin")
    seen = line(clinic, ana).version
    levin.run(set_tier, ana, 6, "Frail.", REVIEW, seen)
    with pytest.raises(Conflict):
        levin.run(set_tier, ana, 2, "Well.", REVIEW, seen)
    run(clinic)
    assert line(clinic, ana).set_tier == 6


def test_a_run_between_looking_and_saving_is_no_conflict(as_user: AsUser, clinic: Clinic, ana: bytes) -> None:
    run(clinic)
    seen = line(clinic, ana).version
    clinic.run(add_condition, ana, display="COPD", system="icd-10-cm", code="J44.9")
    run(clinic)
    as_user("levin").run(set_tier, ana, 6, "Frail.", REVIEW, seen)
    assert (line(clinic, ana).set_tier, line(clinic, ana).tier) == (6, 5)


# Two rows of one patient


def _effective(scope: Scope, patient: bytes) -> int | None:
    for (tier,) in rows(Patient.select(tier_of(Patient.id)).where(Patient.id == patient)):
        return None if tier is None else int(tier)
    return None


def test_of_two_rows_the_later_one_by_its_key_holds_everywhere(clinic: Clinic, ana: bytes, add: Any) -> None:
    add(Tier, patient=ana, tier=2, points=3, computed_on=TODAY, set_tier=6)
    add(Tier, patient=ana, tier=3, points=5, computed_on=TODAY)
    assert line(clinic, ana).effective == 3
    assert clinic.read(_effective, ana) == 3
    assert clinic.read(kept_tiers)[ana].tier == clinic.read(kept_tiers, [ana])[ana].tier == 3
    assert run(clinic) == (0, 1, 0)
    assert clinic.read(_effective, ana) == line(clinic, ana).effective == 4
    assert sorted(row.tier for row in clinic.read(every_tier)) == [2, 4]


def every_tier(scope: Scope) -> list[Tier]:
    return list(Tier.live())


def test_conditions_without_a_code_or_a_group_count_by_their_words(clinic: Clinic, add: Any) -> None:
    key: bytes = clinic.run(add_patient, family="Bell").id
    for words in ("Bad knee", "bad  KNEE", "Long cold", "Sore feet"):
        add(Condition, patient=key, display=words, chronic=True)
    found = clinic.read(risk_of, key).risk
    assert found.given() == {"many-conditions": 1}
    assert (found.parts[0].number, len(found.parts[0].keys)) in ((3, 4), (4, 4))
