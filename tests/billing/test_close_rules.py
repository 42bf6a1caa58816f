"""What stands in the way of closing a month, patient by patient: the pure rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.billing.close_rules import Stand, bills, of_patient, of_the_month
from cmp_tui.clinic.calendar import Month
from tests.billing.engine.scenes import Scene, ready, rules

OCTOBER = Month(2026, 10)


def stands(scene: Scene) -> list[Stand]:
    return of_patient(scene.result())


def kinds(scene: Scene) -> list[str]:
    return [one.kind for one in stands(scene)]


def bare(**without: bool) -> Scene:
    """25 minutes for CCM and all that it needs, but for what is left out."""
    scene = Scene().visit(date(2019, 6, 1)).visit(date(2019, 12, 1)).condition("E11.9").condition("I50.32")
    if not without.get("plan"):
        scene.plan()
    if not without.get("consent"):
        scene.consent()
    if not without.get("enrolled"):
        scene.enrolled()
    return scene.worked(25)


def test_nothing_stands_in_the_way_of_who_has_all() -> None:
    assert stands(ready().worked(25)) == []


def test_who_has_nothing_to_bill_is_in_nobodys_way() -> None:
    """19 minutes, and neither consent nor a plan: nothing would be billed anyway."""
    scene = Scene().condition("E11.9").condition("I50.32").enrolled().worked(19)
    assert scene.blocked() >= {"consent", "minutes"}
    assert stands(scene) == []


def test_a_missing_consent() -> None:
    (one,) = stands(bare(consent=True))
    assert (one.kind, one.mend, one.program, one.mrn, one.passable) == (
        "consent", "consent", "CCM", "A-1", True,
    )  # fmt: skip
    assert one.says == "No consent to CCM in October 2026."


@pytest.mark.parametrize("decision", ["declined", "revoked"])
def test_a_consent_that_was_refused_is_decided(decision: str) -> None:
    scene = bare(consent=True)
    if decision == "revoked":
        scene.consent(day=date(2026, 1, 5))
    scene.consent(decision=decision, day=date(2026, 2, 1), effective_to=date(2026, 2, 28))
    assert "consent" in scene.blocked()
    assert stands(scene) == []


def test_a_consent_that_was_given_later_is_missing_in_the_month() -> None:
    (one,) = stands(bare(consent=True).consent(day=date(2026, 11, 3)))
    assert "given later" in one.says


def test_a_plan_never_recorded_and_never_given() -> None:
    assert kinds(bare(plan=True)) == ["plan"]
    (one,) = stands(bare(plan=True).plan(given=None))
    assert (one.kind, one.mend, len(one.rows)) == ("plan-given", "plan", 1)


def test_a_forgotten_enrollment() -> None:
    seen = date(2026, 5, 1)
    (one,) = stands(bare(enrolled=True).visit(seen))
    assert (one.kind, one.mend) == ("enrollment", "enrollment")
    assert kinds(bare(enrolled=True, consent=True).visit(seen)) == []
    ended = bare(enrolled=True).visit(seen).enrolled(start=date(2026, 1, 1), end=date(2026, 8, 31))
    assert kinds(ended) == []


def test_an_initiating_visit_that_nobody_is_sure_of() -> None:
    scene = Scene().condition("E11.9").condition("I50.32").plan().consent()
    scene.visit(date(2026, 9, 1), discussed=None).enrolled(start=date(2026, 9, 2)).worked(25)
    (one,) = stands(scene)
    assert (one.kind, one.mend, one.rows) == ("initiating-visit", "visit", (scene.facts.visits[0].key,))


def test_a_complexity_that_is_missing_and_one_that_is_too_low() -> None:
    (one,) = stands(ready().worked(65))
    assert (one.kind, one.mend) == ("complexity", "complexity")
    assert stands(ready().worked(65).mdm("low")) == []
    assert stands(ready().worked(65).mdm("high")) == []


def seen_after_discharge(reconciled: bool, mdm: str | None) -> Scene:
    """Left the hospital on 1 October, called on the 2nd, seen on the 6th."""
    out = date(2026, 10, 1)
    scene = Scene().stay(out, reconciled=out + timedelta(days=4) if reconciled else None)
    return scene.contact(date(2026, 10, 2)).visit(date(2026, 10, 6), "tcm", mdm=mdm)


def test_a_transition_without_reconciliation_or_complexity() -> None:
    assert stands(seen_after_discharge(True, "moderate")) == []
    (one,) = stands(seen_after_discharge(False, "moderate"))
    assert (one.kind, one.mend, one.program) == ("reconciliation", "stay", "TCM")
    (one,) = stands(seen_after_discharge(True, None))
    assert (one.kind, one.mend) == ("complexity", "visit")
    assert kinds(seen_after_discharge(False, None)) == ["reconciliation", "complexity"]
    assert stands(seen_after_discharge(True, "low")) == []


def test_a_medicare_number_and_time_without_a_program() -> None:
    (one,) = stands(ready(mbi=None).worked(25))
    assert (one.kind, one.mend) == ("mbi", "patient")
    scene = ready().worked(25).worked(9, program=None)
    (one,) = stands(scene)
    assert (one.kind, one.mend, one.rows) == ("no-program", "entry", (scene.facts.entries[1].key,))
    assert stands(ready(mbi=None).worked(9).worked(9, program=None)) == []


def test_another_payer_is_asked_elsewhere() -> None:
    assert stands(bare(consent=True)) != []
    assert of_patient(Scene(payer="Aetna").enrolled().worked(25).result()) == []


def test_programs_that_bill_or_would() -> None:
    assert bills(ready().worked(25).result()) == {"CCM"}
    assert bills(bare(consent=True).result()) == {"CCM"}
    assert bills(ready().worked(9).result()) == set()


def test_a_month_that_is_not_over_or_has_no_rules_is_never_passed() -> None:
    assert of_the_month(OCTOBER, date(2026, 11, 1), rules()) == []
    (one,) = of_the_month(OCTOBER, date(2026, 10, 31), rules())
    assert (one.kind, one.passable) == ("month-open", False)
    assert one.says == "October 2026 is not over; it can be closed from 1 Nov 2026 on."
    (one,) = of_the_month(Month(2027, 1), date(2027, 2, 1), rules())
    assert (one.kind, one.passable) == ("rules", False)
    assert [one.kind for one in of_the_month(Month(2027, 1), date(2027, 1, 9), rules())] == [
        "month-open",
        "rules",
    ]
