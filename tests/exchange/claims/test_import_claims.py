"""Importing claims into a clinic file: who comes in as a candidate, the same again, undone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.history import last_undoable
from cmp_tui.exchange.claims.actions import import_claims
from cmp_tui.patients.queries import by_mrn, conditions
from tests.exchange.claims.conftest import Bring, everything, make, plan_of, rows_now, values
from tests.exchange.claims.files import (
    DOCTOR,
    HOUSE,
    Row,
    emergency,
    house,
    person,
    professional,
    subscriber,
    write_rif,
    x12,
)

# -- someone new


def test_a_candidate_comes_in_with_all_of_theirs(clinic: Clinic, bring: Bring, folder: Path) -> None:
    done = bring(folder)
    assert (done.patients, done.intakes, done.changed) == (1, 1, 0)
    assert values(
        clinic, "patient", "family", "given", "birth_date", "sex", "mbi", "payer", "mrn", "source"
    ) == [("Mooney", "Ida", "1947-05-03", "F", "1EG4TE5MK73", "Medicare", "T-1", "beneficiary/501")]
    (intake,) = rows_now(clinic, "intake")
    assert (intake["source"], intake["stage"], intake["received"], intake["owner"]) == (
        "claims", "intake", date(2026, 11, 23), None,
    )  # fmt: skip
    assert intake["reason"] == (
        "1 admission and 2 ED visits Jan–Jun 2026; diabetes, heart failure; others bill 99490 (last 2026-06-30)"
    )
    assert intake["by"] == "carrier.csv, hospital.csv, people.csv"
    assert values(clinic, "stay", "kind", "admitted", "discharged", "discharged_to", "reason", "source") == [
        ("ed", date(2026, 1, 11), date(2026, 1, 11), "home", "ICD-10-CM R06.02", "claim/92/1"),
        ("inpatient", date(2026, 3, 2), date(2026, 3, 6), "home", "Heart failure (I50.23)", "claim/91"),
        ("ed", date(2026, 6, 20), date(2026, 6, 20), "home", "ICD-10-CM R06.02", "claim/93/1"),
    ]
    assert values(clinic, "visit", "date", "kind", "practitioner", "what") == [
        (date(2026, 3, 9), "em", f"NPI {DOCTOR}", "billed as 99214"),
        (date(2026, 4, 10), "awv", f"NPI {DOCTOR}", "billed as G0439"),
    ]
    assert values(clinic, "service", "code", "start", "ours", "source") == [
        ("99490", date(2026, 6, 30), False, "claim/95/1")
    ]
    line = clinic.read(by_mrn, "T-1")
    assert line is not None
    found = {
        (one.code, one.display, one.chronic, one.confirmed_on) for one in clinic.read(conditions, line.id)
    }
    assert found == {
        ("I50.23", "Heart failure (I50.23)", True, None), ("E11.9", "Diabetes (E11.9)", True, None),
    }  # fmt: skip
    assert clinic.verify() == []


def test_again_changes_nothing_and_leaves_no_trace(clinic: Clinic, bring: Bring, folder: Path) -> None:
    bring(folder)
    before, head = everything(clinic), clinic.read(audit_head).seq
    again = plan_of(clinic, folder)
    assert again.empty
    assert again.aside == {"on the way already": 1}
    assert {kind: count.same for kind, count in again.counts.items()} == {
        "patient": 1, "intake": 0, "condition": 2, "stay": 3, "visit": 2, "service": 1,
    }  # fmt: skip
    assert clinic.run(import_claims, again).rows == 0
    assert (everything(clinic), clinic.read(audit_head).seq) == (before, head)


def test_undo_takes_it_back_as_a_whole_and_then_it_comes_again(
    clinic: Clinic, bring: Bring, folder: Path
) -> None:
    bring(folder)
    done = clinic.read(last_undoable)
    assert done is not None
    assert done.action == "exchange.import_claims"
    clinic.undo(done.seq)
    assert not any(everything(clinic).values())
    assert bring(folder).intakes == 1
    assert clinic.verify() == []


def test_whom_the_rule_does_not_ask_for_leaves_nothing_behind(
    clinic: Clinic, bring: Bring, tmp_path: Path
) -> None:
    folder = make(tmp_path / "c", houses=(emergency("2", "11-Jan-2026"),))
    plan = plan_of(clinic, folder)
    assert [(one.state, one.why) for one in plan.people] == [
        ("aside", "1 of 2 groups of chronic conditions, 1 of 2 admissions and ED visits")
    ]
    assert plan.empty
    assert bring(folder).rows == 0


@pytest.mark.parametrize(
    ("people", "more", "why"),
    [
        ((person(DEATH_DT="01-Jul-2026"),), (), "died"),
        ((person(),), (house("8", "25-Jun-2026", PTNT_DSCHRG_STUS_CD="20"),), "died"),
        ((person(),), (house("8", "25-Jun-2026", NCH_CLM_TYPE_CD="50"),), "in hospice"),
    ],
)
def test_the_dead_and_those_in_hospice_are_no_candidates(
    clinic: Clinic, tmp_path: Path, people: tuple[Row, ...], more: tuple[Row, ...], why: str
) -> None:
    stays = (house("1", "02-Mar-2026", "06-Mar-2026"), emergency("2", "11-Jan-2026"), *more)
    plan = plan_of(clinic, make(tmp_path / "c", people, stays))
    assert (plan.empty, dict(plan.aside)) == (True, {why: 1})


def test_claims_of_nobody_known_are_counted(
    clinic: Clinic, bring: Bring, folder: Path, tmp_path: Path
) -> None:
    alone = make(tmp_path / "alone", ())
    assert plan_of(clinic, alone).orphans == 6
    bring(folder)
    write_rif(alone / "hospital.csv", HOUSE, emergency("7", "01-Jul-2026"))
    plan = plan_of(clinic, alone)
    assert (plan.orphans, [one.name for one in plan.people]) == (0, ["Mooney, Ida"])
    assert bring(alone).rows == 1


def test_one_person_in_two_kinds_of_files_is_one(clinic: Clinic, bring: Bring, folder: Path) -> None:
    (folder / "sent.837").write_text(x12(subscriber(professional("C1", "20260520"))))
    assert bring(folder).patients == 1
    assert len(rows_now(clinic, "visit")) == 3
    assert plan_of(clinic, folder).empty
