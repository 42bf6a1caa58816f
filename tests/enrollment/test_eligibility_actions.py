"""Deciding about eligibility on a real file, and reading the checklist; two people at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.encounters.actions import add_service, add_stay, add_visit
from cmp_tui.enrollment import queries
from cmp_tui.enrollment.actions import enroll
from cmp_tui.enrollment.eligibility_actions import decide_eligibility, strike_eligibility
from cmp_tui.enrollment.eligibility_queries import (
    checklist,
    decisions,
    eligible,
    eligible_many,
    would_exclude,
)
from cmp_tui.enrollment.intake_actions import add_intake
from cmp_tui.enrollment.model import Intake
from cmp_tui.patients.actions import add_condition, add_patient, edit_patient, strike_record
from tests.conftest import AsUser
from tests.enrollment.conftest import Consented

TODAY = date(2026, 11, 23)


@pytest.fixture
def fit(clinic: Clinic, ana: bytes) -> bytes:
    """Ana, who may be in CCM: Medicare, two chronic conditions, seen last month and long ago."""
    clinic.run(edit_patient, ana, None, payer="Medicare")
    for code in ("I10", "E11.9"):
        clinic.run(
            add_condition, ana, system="icd-10-cm", code=code, display=code, confirmed_by="Amy Levin",
            confirmed_on=date(2026, 3, 3),
        )  # fmt: skip
    for day in (date(2024, 5, 2), date(2026, 10, 20)):
        clinic.run(add_visit, ana, date=day, kind="em", practitioner="Amy Levin")
    return ana


def verdicts(clinic: Clinic, patient: bytes) -> dict[str, str]:
    return {one.program: one.verdict for one in clinic.read(eligible, patient).programs}


def test_the_rules_say_yes_and_the_answers_are_kept(clinic: Clinic, fit: bytes) -> None:
    assert verdicts(clinic, fit)["CCM"] == "yes"
    clinic.run(decide_eligibility, fit, program="CCM", eligible=True)
    (line,) = clinic.read(decisions, fit)
    assert (line.program, line.eligible, line.overruled, line.why) == ("CCM", True, False, None)
    assert (line.date, line.decided_by_name, line.decided_by_credential) == (TODAY, "Dana Ruiz", "RN")
    assert line.answers == {
        "payer": "yes", "conditions": "yes", "visit": "yes", "elsewhere": "yes", "use": "unknown",
        "needs": "unknown", "score": "unknown", "verdict": "yes",
    }  # fmt: skip


def test_a_no_is_overruled_by_a_clinician_only_and_with_a_reason(
    clinic: Clinic, as_user: AsUser, fit: bytes
) -> None:
    assert verdicts(clinic, fit)["TCM"] == "no"
    with pytest.raises(Invalid, match="only a clinician") as wrong:
        clinic.run(decide_eligibility, fit, program="TCM", eligible=True, why="she came home on Friday")
    assert list(wrong.value.fields) == ["eligible"]
    levin = as_user("levin")
    with pytest.raises(Invalid, match="The rules say no") as wrong:
        levin.run(decide_eligibility, fit, program="TCM", eligible=True, why="  ")
    assert list(wrong.value.fields) == ["why"]
    assert clinic.read(decisions, fit) == []
    levin.run(decide_eligibility, fit, program="TCM", eligible=True, why="she came home on Friday")
    (line,) = clinic.read(decisions, fit)
    assert line.overruled and line.why == "she came home on Friday" and line.decided_by_name == "Amy Levin"
    assert line.answers is not None and line.answers["purpose"] == "no"


def test_a_yes_is_decided_otherwise_with_a_reason(clinic: Clinic, fit: bytes) -> None:
    with pytest.raises(Invalid, match="The rules say yes"):
        clinic.run(decide_eligibility, fit, program="CCM", eligible=False)
    clinic.run(decide_eligibility, fit, program="CCM", eligible=False, why="moves to her son in May")
    assert clinic.read(decisions, fit)[0].overruled


@pytest.mark.parametrize("eligible_now", [True, False])
def test_what_is_not_known_stands_in_nobodys_way(clinic: Clinic, ana: bytes, eligible_now: bool) -> None:
    assert verdicts(clinic, ana)["CCM"] == "unknown"
    clinic.run(decide_eligibility, ana, program="CCM", eligible=eligible_now)
    assert not clinic.read(decisions, ana)[0].overruled


def test_the_dead_and_the_missing(clinic: Clinic, fit: bytes, as_user: AsUser) -> None:
    clinic.run(edit_patient, fit, None, deceased_on="2026-11-20")
    with pytest.raises(Invalid, match="has died"):
        as_user("levin").run(decide_eligibility, fit, program="CCM", eligible=True, why="x")
    with pytest.raises(Gone):
        clinic.read(eligible, b"\0" * 16)
    with pytest.raises(Gone):
        clinic.read(checklist, b"\0" * 16)


def test_days_without_rules_need_a_reason(clinic: Clinic, fit: bytes, clock: Any) -> None:
    from datetime import UTC, datetime

    clock.at = datetime(2027, 1, 4, 15, tzinfo=UTC)
    assert clinic.read(checklist, fit).judged.programs == ()
    with pytest.raises(Invalid, match="2026-12-31"):
        clinic.run(decide_eligibility, fit, program="CCM", eligible=True)
    clinic.run(decide_eligibility, fit, program="CCM", eligible=True, why="as last year")
    assert clinic.read(decisions, fit)[0].answers is None


def test_roles(as_user: AsUser, fit: bytes) -> None:
    for name in ("iris", "otto"):
        with pytest.raises(Refused):
            as_user(name).run(decide_eligibility, fit, program="CCM", eligible=True)
    assert as_user("otto").read(checklist, fit).patient == fit
    with pytest.raises(Refused):
        as_user("iris").read(checklist, fit)


def test_a_decision_moves_the_intake_and_striking_it_moves_it_back(clinic: Clinic, fit: bytes) -> None:
    intake = clinic.run(add_intake, fit, source="claims", reason="two ED visits", program="CCM")

    def day() -> date | None:
        row = clinic.read(lambda scope: Intake.get_by_id(intake.id))
        return row.eligibility_on  # type: ignore[no-any-return]

    key = clinic.run(decide_eligibility, fit, program="CCM", eligible=True).id
    decided = clinic.read(lambda scope: str(Intake.get_by_id(intake.id).stage))
    clinic.run(strike_eligibility, key, "the wrong patient")
    assert clinic.read(decisions, fit) == []
    struck = clinic.read(lambda scope: str(Intake.get_by_id(intake.id).stage))
    assert decided == "consent" and struck != "consent" and day() is None


def test_the_checklist_has_the_rows_behind_each_answer(clinic: Clinic, fit: bytes) -> None:
    found = clinic.read(checklist, fit)
    ccm = next(one for one in found.judged.programs if one.program == "CCM")
    conditions = next(one for one in ccm.findings if one.what == "conditions")
    behind = [found.rows[key] for key in conditions.rows]
    assert {table for table, _ in behind} == {"condition"}
    assert {line.confirmed_by for _, line in behind} == {"Amy Levin"}
    visit = next(one for one in ccm.findings if one.what == "visit")
    assert visit.words == "levin", "who is named in full is known by their username"
    assert found.rows[visit.rows[0]][1].date == date(2026, 10, 20)


def test_everybody_is_judged_as_one_by_one(clinic: Clinic, fit: bytes) -> None:
    ben = clinic.run(add_patient, family="Ortiz", payer="Medicaid").id
    gone = clinic.run(add_patient, family="Gone").id
    clinic.run(strike_record, "patient", gone, "twice")
    clinic.run(add_stay, ben, kind="inpatient", admitted=date(2026, 11, 1), discharged=date(2026, 11, 9))
    clinic.run(add_service, ben, code="99490", start=date(2026, 11, 2))
    many = clinic.read(eligible_many)
    assert [one.patient for one in many.lines] == sorted([fit, ben])
    for line in many.lines:
        assert dict(zip(many.programs, line.verdicts, strict=True)) == verdicts(clinic, line.patient)
    assert clinic.read(eligible_many, [ben]).lines == [one for one in many.lines if one.patient == ben]
    assert clinic.read(eligible_many, []).lines == []
    elsewhere = clinic.read(eligible, ben).programs[0].findings[-1]
    assert (elsewhere.what, elsewhere.answer, elsewhere.how) == ("elsewhere", "no", "billed")


# -- two programs that exclude each other


def test_what_a_second_program_would_mean(clinic: Clinic, fit: bytes, consent: Consented) -> None:
    consent(date(2026, 3, 4))
    clinic.run(enroll, fit, program="CCM", start=date(2026, 3, 4))
    found = clinic.read(would_exclude, fit, ["APCM", "PCM", "RPM", "TCM"], [None, "levin", "Dr. Ito"])
    whole = {key for key, clashes in found.items() if any(one.whole for one in clashes)}
    assert whole == {("APCM", None), ("APCM", "levin"), ("PCM", None), ("PCM", "levin")}
    assert all(one.sure for clashes in found.values() for one in clashes)


# -- two people at once


def test_two_people_enroll_one_patient(
    as_user: AsUser, clinic: Clinic, ana: bytes, consent: Consented
) -> None:
    consent(date(2026, 3, 4))
    clinic.run(enroll, ana, program="CCM", start=TODAY)
    with pytest.raises(Invalid, match="CCM is enrolled already"):
        as_user("ben").run(enroll, ana, program="CCM", start=TODAY)
    assert len(clinic.read(queries.enrollments, ana)) == 1


RACE = """
import sys
from datetime import date
from pathlib import Path
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.enrollment.actions import enroll
from cmp_tui.tables import TABLES
from tests.conftest import MONDAY
clinic = open_clinic(Path({path!r}), TABLES, os_name=sys.argv[1], clock=FrozenClock(MONDAY))
print("ready", flush=True)
sys.stdin.readline()
try:
    clinic.run(enroll, bytes.fromhex({ana!r}), program="CCM", start=date(2026, 11, 23))
    print("enrolled")
except Invalid as error:
    print(error.fields["program"])
clinic.close_here()
"""


def test_two_processes_enroll_one_patient_at_once(
    clinic: Clinic, ana: bytes, consent: Consented, tmp_path: Path
) -> None:
    consent(date(2026, 3, 4))
    source = RACE.format(path=str(tmp_path / "clinic.cmp"), ana=ana.hex())
    root = Path(__file__).parents[2]
    start: Callable[[str], subprocess.Popen[str]] = lambda name: subprocess.Popen(  # noqa: E731
        [sys.executable, "-c", source, name], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    people = [start("ben"), start("levin")]
    for one in people:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in people:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    said = sorted(one.communicate(timeout=60)[0].strip() for one in people)
    assert said == ["The patient's CCM is enrolled already. Open that one with enter.", "enrolled"]
    assert len(clinic.read(queries.enrollments, ana)) == 1
