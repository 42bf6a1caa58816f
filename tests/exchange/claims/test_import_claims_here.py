"""Importing claims of patients who are here, and later files: bills of one stay, adjusted and cancelled claims."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.staff import change_setting, edit_staff, staff_list
from cmp_tui.encounters.actions import add_service, add_stay, add_visit, edit_stay, strike_visit
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.intake_actions import end_intake, strike_intake
from cmp_tui.exchange.claims.actions import import_claims
from cmp_tui.patients.actions import add_condition, add_patient
from tests.conftest import AsUser
from tests.exchange.claims.conftest import BORN, Bring, ida, make, plan_of, rows_now, values
from tests.exchange.claims.files import (
    CARRIER,
    DOCTOR,
    OTHER,
    OURS,
    emergency,
    house,
    institutional,
    office,
    person,
    professional,
    subscriber,
    write_rif,
    x12,
)

# -- patients who are here


def test_a_patient_is_found_by_medicare_number_and_what_is_empty_is_filled(
    clinic: Clinic, bring: Bring, folder: Path
) -> None:
    key = clinic.run(
        add_patient, family="Mooney-Rey", given="Ida", birth_date="1947-05-03", mbi="1EG4-TE5-MK73", mrn="100"
    ).id
    done = bring(folder)
    assert (done.patients, done.intakes) == (0, 1)
    assert values(clinic, "patient", "id", "family", "mbi", "payer", "sex") == [
        (key, "Mooney-Rey", "1EG4-TE5-MK73", "Medicare", "F")
    ]
    assert plan_of(clinic, folder).empty


def test_a_patient_is_found_by_name_and_birth_date(clinic: Clinic, bring: Bring, folder: Path) -> None:
    ida(clinic)
    assert bring(folder).patients == 0
    assert values(clinic, "patient", "mbi") == [("1EG4TE5MK73",)]


def test_look_alikes_are_left_to_a_person(clinic: Clinic, folder: Path) -> None:
    clinic.run(add_patient, family="Moony", given="Ida", birth_date="1947-05-03", mrn="100")
    plan = plan_of(clinic, folder)
    assert plan.empty
    assert plan.wrong
    assert plan.people[0].why.startswith("looks like Moony, Ida")
    assert [one.key is not None for one in plan_of(clinic, folder, same_mrns=frozenset({"100"})).people] == [
        True
    ]
    assert [one.state for one in plan_of(clinic, folder, all_new=True).people] == ["new"]


@pytest.mark.parametrize(
    ("mine", "says"),
    [
        (
            {"family": "Adams", "given": "Bo", "birth_date": "1950-01-01", "mbi": "1EG4TE5MK73"},
            "has the Medicare number of",
        ),
        ({**BORN, "mbi": "2EG4TE5MK73"}, "but another Medicare number"),
    ],
)
def test_a_number_that_contradicts_is_told(
    clinic: Clinic, folder: Path, mine: dict[str, str], says: str
) -> None:
    clinic.run(add_patient, mrn="100", **mine)
    plan = plan_of(clinic, folder)
    assert (plan.empty, plan.wrong) == (True, True)
    assert says in plan.people[0].why


def test_who_is_enrolled_gets_the_records_and_no_intake(clinic: Clinic, bring: Bring, folder: Path) -> None:
    key = ida(clinic)
    points = frozenset({"available", "cost", "one-practitioner", "stop"})
    clinic.run(
        record_consent,
        key,
        program="CCM",
        decision="accepted",
        date=date(2026, 3, 1),
        mode="verbal",
        points=points,
    )
    clinic.run(enroll, key, program="CCM", status="active", start=date(2026, 3, 2))
    plan = plan_of(clinic, folder)
    assert dict(plan.aside) == {"enrolled already": 1}
    done = bring(folder)
    assert (done.intakes, len(rows_now(clinic, "stay"))) == (0, 3)


def test_an_ended_or_struck_intake_is_not_begun_again(clinic: Clinic, bring: Bring, folder: Path) -> None:
    bring(folder)
    key = rows_now(clinic, "intake")[0]["id"]
    clinic.run(end_intake, key, None, end="declined-interest")
    assert dict(plan_of(clinic, folder).aside) == {"ended, and comes back by itself": 1}
    clinic.run(strike_intake, key, "wrong list")
    assert dict(plan_of(clinic, folder).aside) == {"struck out here": 1}


def test_what_is_here_counts_too(clinic: Clinic, tmp_path: Path) -> None:
    key = ida(clinic)
    clinic.run(add_stay, key, kind="ed", admitted=date(2026, 5, 5))
    clinic.run(add_condition, key, system="icd-10-cm", code="J44.9", display="COPD")
    plan = plan_of(clinic, make(tmp_path / "c", houses=(emergency("2", "11-Jan-2026"),)))
    assert [one.reason for one in plan.people] == [
        "2 ED visits Jan–May 2026; diabetes, COPD; others bill 99490 (last 2026-06-30)"
    ]
    assert plan.people[0].intake


def test_what_others_have_brought_stays_theirs(clinic: Clinic, bring: Bring, folder: Path) -> None:
    key = ida(clinic)
    clinic.run(add_stay, key, kind="inpatient", admitted=date(2026, 3, 2), facility="St. Ann")
    clinic.run(add_visit, key, date=date(2026, 3, 9), kind="em", practitioner="Dr. Cole")
    clinic.run(add_service, key, code="99490", start=date(2026, 6, 30))
    clinic.run(add_condition, key, system="other", display="Sugar", group="diabetes")
    bring(folder)
    assert values(clinic, "stay", "facility", "discharged")[0] == ("St. Ann", date(2026, 3, 6))
    assert len(rows_now(clinic, "visit")) == 2
    assert values(clinic, "service", "source") == [(None,)]
    assert values(clinic, "condition", "display") == [("Sugar",), ("Heart failure (I50.23)",)]
    assert plan_of(clinic, folder).empty


def test_who_died_by_the_claims_is_told_and_not_written(clinic: Clinic, tmp_path: Path) -> None:
    ida(clinic)
    plan = plan_of(clinic, make(tmp_path / "c", (person(DEATH_DT="01-Jul-2026"),)))
    assert plan.people[0].warnings == ["died by the claims; here nothing says so"]


def test_our_own_billing_is_ours(clinic: Clinic, bring: Bring, tmp_path: Path) -> None:
    ida(clinic)
    clinic.run(change_setting, "npi", OURS)
    levin = next(one for one in clinic.read(staff_list) if one.username == "levin")
    clinic.run(edit_staff, levin.id, None, npi=DOCTOR)
    folder = make(tmp_path / "c")
    write_rif(
        folder / "carrier.csv", CARRIER,
        office("5", "30-Apr-2026", "99490", CARR_CLM_BLG_NPI_NUM=OURS, PRF_PHYSN_NPI="1000000061"),
        office("6", "31-May-2026", "99490"),
        office("7", "30-Jun-2026", "99490", PRF_PHYSN_NPI="1000000061"),
    )  # fmt: skip
    bring(folder)
    assert values(clinic, "service", "start", "ours", "practitioner") == [
        (date(2026, 4, 30), True, "NPI 1000000061"),
        (date(2026, 5, 31), True, "levin"),
        (date(2026, 6, 30), False, "NPI 1000000061"),
    ]


# -- later files


def test_bills_of_one_stay_that_come_in_one_after_the_other(
    clinic: Clinic, bring: Bring, tmp_path: Path
) -> None:
    ida(clinic)
    snf = {"NCH_CLM_TYPE_CD": "20", "CLM_ADMSN_DT": "20-May-2026", "NCH_BENE_DSCHRG_DT": ""}
    bills = [
        house("1", "20-May-2026", "31-May-2026", **snf, PTNT_DSCHRG_STUS_CD="30"),
        house("2", "01-Jun-2026", "12-Jun-2026", **snf, PTNT_DSCHRG_STUS_CD="01"),
    ]
    first, second = make(tmp_path / "a", houses=(bills[0],)), make(tmp_path / "b", houses=(bills[1],))
    bring(first)
    assert values(clinic, "stay", "discharged") == [(None,)]
    bring(second)
    assert values(clinic, "stay", "admitted", "discharged", "discharged_to", "source") == [
        (date(2026, 5, 20), date(2026, 6, 12), "home", "claim/91")
    ]
    assert plan_of(clinic, first).empty
    assert plan_of(clinic, second).empty


def test_an_adjusted_claim_changes_what_it_brought(
    clinic: Clinic, bring: Bring, folder: Path, tmp_path: Path
) -> None:
    bring(folder)
    later = make(
        tmp_path / "later",
        houses=(house("1", "03-Mar-2026", "05-Mar-2026", CLM_FREQ_CD="7", PTNT_DSCHRG_STUS_CD="03"),),
    )
    done = bring(later)
    assert (done.changed, done.intakes) == (1, 0)
    assert values(clinic, "stay", "admitted", "discharged", "discharged_to")[1] == (
        date(2026, 3, 3), date(2026, 3, 5), "snf",
    )  # fmt: skip


def test_a_cancelled_claim_takes_its_records_with_it(
    clinic: Clinic, bring: Bring, folder: Path, tmp_path: Path
) -> None:
    bring(folder)
    later = make(tmp_path / "later", houses=(house("1", "02-Mar-2026", CLM_FREQ_CD="8"),))
    plan = plan_of(clinic, later)
    assert plan.left["cancelled claims"] == 1
    assert [(one.kind, one.why) for one in plan.people[0].strikes] == [
        ("stay", "The claim was cancelled."), ("condition", "The claim was cancelled."),
    ]  # fmt: skip
    clinic.run(import_claims, plan)
    assert [kind for (kind,) in values(clinic, "stay", "kind")] == ["ed", "ed"]


def test_a_line_that_an_adjusted_claim_no_longer_has_is_struck_out(
    clinic: Clinic, bring: Bring, folder: Path, tmp_path: Path
) -> None:
    (folder / "a.837").write_text(x12(subscriber(professional("C1", "20260520"))))
    bring(folder)
    (tmp_path / "b.837").write_text(x12(subscriber(professional("C1", "20260520", "85025", "7"))))
    bring(tmp_path / "b.837")
    assert date(2026, 5, 20) not in [day for (day,) in values(clinic, "visit", "date")]


def test_what_was_edited_or_struck_out_here_stays_so(
    clinic: Clinic, bring: Bring, folder: Path, tmp_path: Path
) -> None:
    bring(folder)
    stay = rows_now(clinic, "stay")[1]
    clinic.run(edit_stay, stay["id"], None, facility="St. Ann", discharged=date(2026, 3, 7))
    clinic.run(strike_visit, rows_now(clinic, "visit")[0]["id"], "not ours")
    later = make(tmp_path / "later", houses=(house("1", "02-Mar-2026", "08-Mar-2026", CLM_FREQ_CD="7"),))
    plan = plan_of(clinic, later)
    assert plan.people[0].kept == ["stay 2026-03-02"]
    assert plan.counts["visit"].struck == 1
    assert plan.empty


def test_a_plan_that_others_have_overtaken_is_refused(clinic: Clinic, as_user: AsUser, folder: Path) -> None:
    ida(clinic)
    plan = plan_of(clinic, folder)
    as_user("ben").run(add_patient, family="Else", mrn="200")
    clinic.run(import_claims, plan)
    later = plan_of(clinic, folder)
    assert later.empty
    clinic.undo(clinic.read(audit_head).seq)
    with pytest.raises(Invalid, match="look again"):
        clinic.run(import_claims, plan)


def test_who_may(as_user: AsUser, folder: Path) -> None:
    with pytest.raises(Refused):
        plan_of(as_user("otto"), folder)
    plan = plan_of(as_user("iris"), folder)
    assert as_user("iris").run(import_claims, plan).patients == 1


def test_an_837_of_a_hospital(clinic: Clinic, bring: Bring, tmp_path: Path) -> None:
    ida(clinic)
    path = tmp_path / "a.837"
    path.write_text(
        x12(
            subscriber(
                institutional("H1", "20260302", "20260306", status="03"),
                institutional("H2", "20260502", "20260502", bill="13", revenue="0450"),
            ),
            implementation="005010X223A2",
        )
    )
    bring(path)
    assert values(clinic, "stay", "kind", "admitted", "discharged", "discharged_to", "facility") == [
        ("inpatient", date(2026, 3, 2), date(2026, 3, 6), "snf", "Other Clinic"),
        ("ed", date(2026, 5, 2), date(2026, 5, 2), "home", "Other Clinic"),
    ]
    assert values(clinic, "stay", "source")[0] == (f"claim/{OTHER}-H1-20260302",)
