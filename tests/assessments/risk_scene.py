"""A patient with something for many rules of the risk tier, and rows that only imports write."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.assessments.actions import record_assessment
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.encounters.model import Stay
from cmp_tui.medications.model import Medication
from cmp_tui.patients.actions import add_condition, add_patient

RIGHTS = Rights({**ACTIONS, "risk_scene.put": Right(CARE)})


def put(change: Change, model: Any, **values: Any) -> bytes:
    """Whatever is written elsewhere, in one row."""
    return bytes(change.add(model, **values).id)


def import_row(clinic: Clinic, model: Any, **values: Any) -> bytes:
    """Writes a row that no action here writes: imports do."""
    clinic.rights = RIGHTS
    return clinic.run(put, model, **values)


def make_ana(clinic: Clinic) -> bytes:
    """Ana Ruiz-Moreno: heart failure, kidney disease and two more; a stay three weeks ago; a blood thinner; needs a
    hand with bathing and dressing. Nine points (1 + 3 + 2 + 1 + 1 + 1), tier 4."""
    key = bytes(
        clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1", birth_date="1948-02-11").id
    )
    for words, code in (
        ("Heart failure", "I50.9"),
        ("Kidneys", "N18.30"),
        ("Pressure", "I10"),
        ("Fats", "E78.5"),
    ):
        clinic.run(add_condition, key, display=words, system="icd-10-cm", code=code, chronic=True)
    import_row(clinic, Stay, patient=key, kind="inpatient", admitted=date(2026, 11, 2), facility="St. Mary's")
    import_row(clinic, Medication, patient=key, display="Apixaban 5 mg", dosage="twice a day")
    import_row(clinic, Medication, patient=key, display="Warfarin 5 mg", status="stopped")
    alone = {"toileting": 1, "transfer": 1, "continence": 1, "feeding": 1}
    clinic.run(record_assessment, key, instrument="katz", answers={"bathing": 0, "dressing": 0, **alone})
    return key
