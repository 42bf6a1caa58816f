"""Every door to a program without a consent: those of people are shut; history comes in as it was, is told, and is not
billed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cmp_tui.billing.month_queries import month_view
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.rights import ACTIONS
from cmp_tui.contacts.actions import log_time
from cmp_tui.enrollment.actions import edit_enrollment, enroll, record_consent
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.exchange.caseload.comparing import NO_CONSENT
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import by_mrn
from tests.exchange.caseload.conftest import PlanOf, plan_of, words
from tests.exchange.records_folder import at, bring, put

__all__ = ["plan_of", "words"]
TODAY = date(2026, 11, 23)


def consent(clinic: Clinic, patient: bytes, day: date, decision: str = "accepted") -> None:
    clinic.run(
        record_consent, patient, program="CCM", decision=decision, date=day, mode="verbal", points=POINTS
    )


def blocked(clinic: Clinic, patient: bytes, month: str = "2026-11") -> list[str]:
    """What the month says stands in the way, of consent."""
    (result,) = clinic.read(month_view, Month.parse(month), [patient]).patients
    return [note.rule for note in result.blocked if note.rule.startswith("consent")]


def test_people_cant_get_around_it(clinic: Clinic) -> None:
    ana = clinic.run(add_patient, family="Ruiz", given="Ana").id
    planned = clinic.run(enroll, ana, program="CCM", start=None, status="planned")
    for act in (
        lambda: clinic.run(enroll, ana, program="CCM", start=TODAY),
        lambda: clinic.run(enroll, ana, program="CCM", start=TODAY, status="onhold"),
        lambda: clinic.run(edit_enrollment, planned.id, None, status="active", start=TODAY),
    ):
        with pytest.raises(Invalid):
            act()
    consent(clinic, ana, TODAY, "declined")
    with pytest.raises(Invalid, match="declined"):
        clinic.run(edit_enrollment, planned.id, None, status="active", start=TODAY)
    consent(clinic, ana, TODAY)
    with pytest.raises(Invalid, match="can't lie before it"):
        clinic.run(edit_enrollment, planned.id, None, status="active", start=date(2026, 11, 20))
    assert clinic.run(edit_enrollment, planned.id, None, status="active", start=TODAY).status == "active"


def test_no_other_action_writes_an_enrollment() -> None:
    """Whoever adds a door has to come here."""
    writes = {
        name for name in ACTIONS if name.startswith("enrollment.") and "enroll" in name.partition(".")[2]
    }
    assert writes == {"enrollment.enroll", "enrollment.edit_enrollment", "enrollment.strike_enrollment"}


def test_a_spreadsheet_brings_what_was_and_tells(clinic: Clinic, plan_of: PlanOf) -> None:
    heads = ("ID", "Name", "DOB", "Status", "Enrolled on", "Consent date/how")
    plan = plan_of(
        clinic,
        heads,
        ("1", "Ruiz, Ana", "2/11/48", "Active", "3/4/26", ""),
        ("2", "Tran, Linh", "3/1/55", "Active", "3/4/26", "verbal 3/4/26"),
    )
    assert [NO_CONSENT in row.warnings for row in plan.rows] == [True, False]


def test_records_bring_what_was_and_it_is_not_billed(clinic: Clinic, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        patients="""
            mrn,family,given
            M1,Ruiz,Ana
        """,
        enrollments="""
            mrn,program,status,start
            M1,CCM,active,2026-10-01
        """,
    )
    bring(clinic, folder)
    ana = clinic.read(by_mrn, "M1")
    assert ana is not None
    assert clinic.read(lambda scope: Enrollment.get().status) == "active"
    start, end = at(20, 10, month=11), at(20, 11, month=11)
    clinic.run(log_time, ana.id, start=start, end=end, activity="call", program="CCM")
    assert blocked(clinic, ana.id), "the month says that there is no consent"
    consent(clinic, ana.id, date(2026, 11, 21))
    (result,) = clinic.read(month_view, Month.parse("2026-11"), [ana.id]).patients
    assert not result.lines, "and what was done before it stays outside"
