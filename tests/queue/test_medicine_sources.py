"""What medicines bring to Today, and what takes it out again."""

from __future__ import annotations

from datetime import date, timedelta

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.medications.actions import add_medication
from cmp_tui.medications.reconcile_actions import begin, sign
from cmp_tui.queue.actions import snooze_row
from tests.queue.building import Building

MON = date(2026, 11, 23)
OURS = ("medicines-open", "medicines-yearly")


def ours(build: Building, patient: bytes, day: date | None = None) -> list[str]:
    return [one for one in build.why(patient, "team", day) if one in OURS]


def test_one_that_was_begun_waits_until_it_is_signed(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz")
    key = clinic.run(begin, ana, list_from="hospital", list_on=MON, text="aspirin 81 mg\nlisinopril 10 mg").id
    row = build.row(ana, "medicines-open", "team")
    assert (row.due, row.ref, row.settle.form) == (MON, key, "reconcile")
    assert row.reason == "reconciliation not signed: hospital list, 0 of 2 decided"
    clinic.run(snooze_row, ana, "medicines-open", MON + timedelta(2), "Dr. Osei calls back")
    assert ours(build, ana) == [] and ours(build, ana, MON + timedelta(2)) == ["medicines-open"]
    clinic.run(sign, key, left="both are asked about")
    assert ours(build, ana, MON + timedelta(2)) == []


def test_once_a_year(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz", enrolled=MON - timedelta(365))
    assert ours(build, ana) == []  # no medicines
    clinic.run(add_medication, ana, display="Lisinopril 10 mg")
    row = build.row(ana, "medicines-yearly", "team")
    assert (row.due, row.reason) == (MON, "yearly look at the medicines, never done here")
    new = build.patient("Bell", enrolled=MON - timedelta(300))
    clinic.run(add_medication, new, display="Lisinopril 10 mg")
    assert ours(build, new) == []
    nobody = build.patient("Tran")
    clinic.run(add_medication, nobody, display="Lisinopril 10 mg")
    assert ours(build, nobody) == []
    key = clinic.run(begin, ana, list_from="pharmacy", text="lisinopril 10 mg").id
    assert ours(build, ana) == ["medicines-open"]
    clinic.run(sign, key)
    assert ours(build, ana) == []
    assert ours(build, ana, MON + timedelta(365)) == ["medicines-yearly"]
