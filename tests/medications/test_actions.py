"""The list of medicines on a real file: what is ordered, what is taken, what no longer is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Conflict, Gone, Invalid
from cmp_tui.clinic.history import last_undoable
from cmp_tui.medications.actions import (
    add_medication,
    edit_medication,
    hold,
    say_taking,
    stop_medication,
    strike_medication,
)
from cmp_tui.medications.queries import MedicationLine, medication, medications

TODAY = date(2026, 11, 23)


def add(clinic: Clinic, patient: bytes, **values: Any) -> MedicationLine:
    values.setdefault("display", "Lisinopril 10 mg tablet")
    key = clinic.run(add_medication, patient, **values).id
    return clinic.read(medication, key)[1]


def line(clinic: Clinic, key: bytes) -> MedicationLine:
    return clinic.read(medication, key)[1]


def wrong(clinic: Clinic, *args: Any, **values: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        clinic.run(*args, **values)
    return raised.value.fields


def test_as_ordered(clinic: Clinic, rosa: bytes) -> None:
    one = add(clinic, rosa, dosage="1 daily", reason="blood pressure", prescriber="Dr. Osei", told_by="hospital",
              started="2024-03", with_food="either", as_needed=False)  # fmt: skip
    assert (one.words, one.told_by, one.status) == ("Lisinopril 10 mg tablet, 1 daily", "hospital", "active")
    clinic.run(edit_medication, one.id, one.version, dosage="2 daily")
    assert line(clinic, one.id).dosage == "2 daily"
    with pytest.raises(Conflict):
        clinic.run(edit_medication, one.id, one.version, dosage="3 daily")


def test_a_name_of_500_characters_is_kept_and_a_longer_one_is_told(clinic: Clinic, rosa: bytes) -> None:
    assert add(clinic, rosa, display="x" * 500).display == "x" * 500
    said = wrong(clinic, add_medication, rosa, display="x" * 501)
    assert "501 characters; 500 fit" in said["display"] and "Nothing was cut off" in said["display"]
    assert "dosage" in wrong(clinic, add_medication, rosa, display="x", dosage="y" * 501)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"display": " "}, "display"),
        ({"stopped": "2026-10"}, "stopped"),
        ({"status": "stopped", "started": "2026-10", "stopped": "2026-09"}, "stopped"),
        ({"status": "stopped", "stopped": "2026-12"}, "stopped"),
        ({"last_ordered": "2027"}, "last_ordered"),
        ({"taking": "differently"}, "taken_how"),
        ({"taking": "not-taking"}, "taken_why"),
        ({"taking": "as-ordered", "taken_on": date(2026, 11, 24)}, "taken_on"),
    ],
)
def test_what_can_not_be_is_told(clinic: Clinic, rosa: bytes, values: dict[str, Any], field: str) -> None:
    assert field in wrong(clinic, add_medication, rosa, **{"display": "aspirin", **values})
    assert clinic.read(medications, rosa) == []


def test_as_taken(clinic: Clinic, rosa: bytes) -> None:
    one = add(clinic, rosa)
    assert not one.differs
    clinic.run(say_taking, one.id, one.version, taking="differently", taken_how="half a tablet",
               taken_why="side-effects", taken_told="caregiver")  # fmt: skip
    told = line(clinic, one.id)
    assert told.differs and (told.taken_how, told.taken_told, told.taken_on) == (
        "half a tablet",
        "caregiver",
        TODAY,
    )
    clinic.run(say_taking, one.id, taking="not-taking", taken_why="cost", taken_on=date(2026, 11, 20))
    told = line(clinic, one.id)
    assert (told.taking, told.taken_how, told.taken_why, told.taken_told) == (
        "not-taking",
        None,
        "cost",
        None,
    )
    clinic.run(say_taking, one.id, taking="as-ordered", taken_told="patient")
    assert not line(clinic, one.id).differs
    assert "taken_how" in wrong(clinic, say_taking, one.id, taking="not-taking", taken_why="other")
    assert "taking" in wrong(clinic, say_taking, one.id, taking=None)
    assert "taking" in wrong(clinic, edit_medication, one.id, None, taking="as-ordered")


def test_stopped_finished_and_back(clinic: Clinic, rosa: bytes) -> None:
    one = add(clinic, rosa, started="2026-11-02")
    assert "why" in wrong(clinic, stop_medication, one.id)
    assert "on" in wrong(clinic, stop_medication, one.id, on="2026-11-01", why="cough")
    clinic.run(stop_medication, one.id, one.version, on="2026-11", why="cough, Dr. Osei")
    told = line(clinic, one.id)
    assert (told.status, told.stopped, told.stopped_why) == ("stopped", "2026-11", "cough, Dr. Osei")
    assert "" in wrong(clinic, stop_medication, one.id, why="again")
    assert "" in wrong(clinic, say_taking, one.id, taking="as-ordered")
    clinic.run(edit_medication, one.id, None, status="active")
    told = line(clinic, one.id)
    assert (told.status, told.stopped, told.stopped_why) == ("active", None, None)
    clinic.run(stop_medication, one.id, finished=True)
    assert line(clinic, one.id).status == "completed"


def test_held_and_taken_again(clinic: Clinic, rosa: bytes) -> None:
    one = add(clinic, rosa)
    assert "why" in wrong(clinic, hold, one.id)
    clinic.run(hold, one.id, one.version, why="biopsy on 2 Dec, Dr. Osei")
    assert (line(clinic, one.id).status, line(clinic, one.id).is_current) == ("on-hold", True)
    clinic.run(hold, one.id)
    assert (line(clinic, one.id).status, line(clinic, one.id).stopped_why) == ("active", None)


def test_a_slip_is_struck_out_and_comes_back(clinic: Clinic, rosa: bytes) -> None:
    one = add(clinic, rosa)
    clinic.run(strike_medication, one.id, "wrong patient", one.version)
    assert clinic.read(medications, rosa) == []
    with pytest.raises(Gone):
        clinic.read(medication, one.id)
    clinic.undo(clinic.read(last_undoable).seq)
    assert len(clinic.read(medications, rosa)) == 1
