"""Prevention in Today: one quiet row a patient."""

from __future__ import annotations

from datetime import date

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.measurements.preventive_actions import answer_preventive
from cmp_tui.patients.actions import add_condition
from cmp_tui.queue.actions import snooze_row
from tests.queue.building import Building

END = date(2026, 11, 30)


def why(build: Building, patient: bytes, whose: str = "team") -> list[str]:
    return [row.source for row in build.rows(whose, quiet=True) if row.patient == patient]


def test_one_row_a_patient(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz", enrolled=date(2025, 3, 2), birth_date="1990-05-05", sex="M")
    other = build.patient("Able", birth_date="1990-05-05", sex="M")
    for one in (ana, other):
        clinic.run(add_condition, one, display="Type 2 diabetes", system="icd-10-cm", code="E11.9")
    assert why(build, ana).count("preventive") == 1 and "preventive" not in why(build, other)
    row = build.row(ana, "preventive", "team")
    assert row.due == END
    assert row.reason == "6 preventive gaps: A1c blood test, Diabetes eye exam, Diabetes foot exam and 3 more"
    assert (row.settle.form, row.settle.about, row.topic) == ("preventive", "measure", "a1c")
    assert build.rows("team", quiet=True)[-1] == row, "after everything else"
    for name in ("a1c", "diabetes-eye", "diabetes-foot", "kidney-blood", "kidney-urine"):
        clinic.run(answer_preventive, ana, measure=name, answer="done-elsewhere")
    row = build.row(ana, "preventive", "team")
    assert row.topic == "flu-vaccine" and row.reason == "1 preventive gap: Flu shot"
    clinic.run(snooze_row, ana, "preventive", date(2026, 12, 20), "at the visit")
    assert "preventive" not in why(build, ana)


def test_only_in_the_second_half_of_a_month(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz", enrolled=date(2025, 3, 2), birth_date="1990-05-05", sex="M")
    build.go("2026-11-30 09:00")
    assert "preventive" not in why(build, ana), "the day of the month's close has enough"
    build.go("2026-12-03 09:00")
    assert "preventive" not in why(build, ana)
    build.go("2026-12-17 09:00")
    assert "preventive" in why(build, ana, "mine")
