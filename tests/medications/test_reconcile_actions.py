"""A reconciliation on a real file: begun, decided line by line, signed; the list says what was decided."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.clinic.history import last_undoable
from cmp_tui.encounters.actions import add_stay
from cmp_tui.encounters.queries import stays
from cmp_tui.medications.actions import add_medication, edit_medication, say_taking, stop_medication
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.medications.reconcile_actions import begin, decide, reopen, sign, strike_reconciliation
from cmp_tui.medications.reconcile_queries import Walk, WalkLine, open_one, reconciliation, reconciliations
from cmp_tui.patients.actions import add_patient
from cmp_tui.tasks.queries import tasks_of
from tests.conftest import AsUser
from tests.medications.lists import HOSPITAL, take

LEFT = date(2026, 11, 20)


def start(clinic: Clinic, patient: bytes, text: str = HOSPITAL, **values: Any) -> bytes:
    about = {"list_from": "hospital", "list_on": LEFT, "why": "discharge", **values}
    return clinic.run(begin, patient, text=text, **about).id


def walk(clinic: Clinic, key: bytes) -> Walk:
    return clinic.read(reconciliation, key)


def find(clinic: Clinic, key: bytes, word: str) -> WalkLine:
    return next(one for one in walk(clinic, key).lines if word in f"{one.listed} {one.name}".casefold())


def settle(clinic: Clinic, key: bytes, **decisions: str) -> None:
    for word, decision in decisions.items():
        line = find(clinic, key, word)
        clinic.run(decide, line.id, line.version, decision)


def told(clinic: Clinic, patient: bytes) -> dict[str, MedicationLine]:
    return {one.display.split()[0].casefold(): one for one in clinic.read(medications, patient)}


ALL = {
    "lisinopril": "change", "omeprazole": "stop", "gabapentin": "hold", "pantoprazole": "leave",
    "sulfamethoxazole": "ask", "furosemide": "add", "potassium": "add", "docusate": "add",
}  # fmt: skip


def test_a_hospital_list_of_twelve_is_reconciled(clinic: Clinic, rosa: bytes) -> None:
    mine = take(clinic, rosa)
    clinic.run(say_taking, mine[0], taking="as-ordered")
    stay = clinic.run(add_stay, rosa, kind="inpatient", admitted=date(2026, 11, 16), discharged=LEFT).id
    key = start(clinic, rosa, stay=stay)
    found = walk(clinic, key)
    kinds = [(one.kind, one.severity) for one in found.checked.findings]
    assert ("interaction", "serious") in kinds and ("class", "serious") in kinds
    assert found.head.total == 14 and found.head.decided == 6
    settle(clinic, key, **ALL)
    signed = clinic.run(sign, key, walk(clinic, key).head.version)
    assert (signed.signed_as, signed.done_on) == ("Dana Ruiz RN", date(2026, 11, 23))
    now = told(clinic, rosa)
    assert (now["lisinopril"].display, now["lisinopril"].dosage) == (
        "Lisinopril 20 mg tablet",
        "1 tab PO daily",
    )
    assert now["lisinopril"].taking is None and now["lisinopril"].last_ordered == LEFT.isoformat()
    assert (now["omeprazole"].status, now["omeprazole"].stopped) == ("stopped", LEFT.isoformat())
    assert now["omeprazole"].stopped_why == "not on the hospital list of 20 Nov 2026"
    assert now["gabapentin"].status == "on-hold"
    assert (now["furosemide"].dosage, now["furosemide"].told_by) == ("daily", "hospital")
    assert "pantoprazole" not in now and not any("sulfa" in name for name in now)
    (task,) = clinic.read(tasks_of, rosa)
    assert task.title.startswith("Ask the practitioner: Sulfamethoxazole-trimethoprim")
    assert task.why is not None and "not on our list" in task.why
    assert clinic.read(stays, rosa)[0].medications_reconciled_on == "2026-11-23"
    assert clinic.read(open_one, rosa) is None


def test_signing_is_one_change_that_is_taken_back_whole(clinic: Clinic, rosa: bytes) -> None:
    take(clinic, rosa)
    before = clinic.read(medications, rosa)
    key = start(clinic, rosa)
    settle(clinic, key, **ALL)
    clinic.run(sign, key)
    clinic.undo(clinic.read(last_undoable).seq)
    names = [(one.display, one.status, one.dosage) for one in clinic.read(medications, rosa)]
    assert names == [(one.display, one.status, one.dosage) for one in before]
    assert clinic.read(tasks_of, rosa) == [] and clinic.read(open_one, rosa) is not None


def test_what_is_left_open_needs_a_word(clinic: Clinic, rosa: bytes) -> None:
    take(clinic, rosa)
    key = start(clinic, rosa)
    with pytest.raises(Invalid) as raised:
        clinic.run(sign, key)
    assert "8 lines are not decided" in raised.value.fields["left"]
    signed = clinic.run(sign, key, left="Dr. Osei looks at the rest on Tuesday")
    assert signed.remarks == "Left open (8): Dr. Osei looks at the rest on Tuesday"
    assert len(clinic.read(medications, rosa)) == 9
    with pytest.raises(Invalid):
        clinic.run(sign, key)
    with pytest.raises(Invalid):
        settle(clinic, key, furosemide="add")


def test_opened_again_it_writes_nothing_twice(clinic: Clinic, rosa: bytes) -> None:
    take(clinic, rosa)
    stay = clinic.run(add_stay, rosa, kind="inpatient", admitted=date(2026, 11, 16), discharged=LEFT).id
    key = start(clinic, rosa, stay=stay)
    settle(clinic, key, **ALL)
    clinic.run(sign, key)
    clinic.run(reopen, key)
    assert clinic.read(stays, rosa)[0].medications_reconciled_on is None
    settle(clinic, key, furosemide="stop")
    clinic.run(sign, key)
    names = [one.display for one in clinic.read(medications, rosa)]
    assert len(names) == len(set(names)) == 12
    assert told(clinic, rosa)["furosemide"].status == "stopped" and len(clinic.read(tasks_of, rosa)) == 1
    assert clinic.read(stays, rosa)[0].medications_reconciled_on == "2026-11-23"


def test_half_done_it_waits_and_another_does_not_begin(clinic: Clinic, as_user: AsUser, rosa: bytes) -> None:
    take(clinic, rosa)
    key = start(clinic, rosa)
    settle(clinic, key, lisinopril="change")
    ben = as_user("ben")
    waits = ben.read(open_one, rosa)
    assert waits is not None and (waits.id, waits.decided, waits.begun_by_name) == (key, 7, "Dana Ruiz")
    with pytest.raises(Invalid) as raised:
        start(ben, rosa)
    assert "7 of 14 decided" in raised.value.fields[""]
    ben.run(strike_reconciliation, key, "wrong list")
    assert ben.read(reconciliations, rosa) == []
    with pytest.raises(Gone):
        walk(ben, key)
    start(ben, rosa)


def test_words_of_ones_own_and_a_decision_taken_back(clinic: Clinic, rosa: bytes) -> None:
    take(clinic, rosa)
    key = start(clinic, rosa)
    line = find(clinic, key, "lisinopril")
    clinic.run(
        decide, line.id, line.version, "change", "Dr. Osei by phone", written="Lisinopril 15 mg, 1 daily"
    )
    gone = find(clinic, key, "gabapentin")
    with pytest.raises(Invalid):
        clinic.run(decide, gone.id, gone.version, "change")
    clinic.run(decide, gone.id, gone.version, "change", written="Gabapentin 100 mg capsule, at bedtime")
    line = find(clinic, key, "omeprazole")
    clinic.run(decide, line.id, line.version, "stop")
    clinic.run(decide, line.id, None, None)
    assert find(clinic, key, "omeprazole").decision is None
    clinic.run(sign, key, left="tomorrow")
    now = told(clinic, rosa)
    assert (now["lisinopril"].display, now["lisinopril"].dosage) == ("Lisinopril 15 mg", "1 daily")
    assert now["gabapentin"].display == "Gabapentin 100 mg capsule" and now["omeprazole"].status == "active"


def test_an_order_that_is_another_one_meanwhile_is_told_and_nothing_is_overwritten(
    clinic: Clinic, rosa: bytes
) -> None:
    take(clinic, rosa)
    key = start(clinic, rosa)
    settle(clinic, key, **ALL)
    ours = told(clinic, rosa)["lisinopril"]
    clinic.run(say_taking, ours.id, taking="as-ordered")  # what is taken is not the order
    clinic.run(edit_medication, ours.id, None, dosage="2 tablets daily")
    with pytest.raises(Invalid) as wrong:
        clinic.run(sign, key)
    sentence = wrong.value.fields[""]
    assert "2 tablets daily” now" in sentence and "Decide on it again" in sentence
    assert told(clinic, rosa)["lisinopril"].dosage == "2 tablets daily"
    settle(clinic, key, lisinopril="keep")
    clinic.run(sign, key)
    assert told(clinic, rosa)["lisinopril"].dosage == "2 tablets daily"


def test_what_happened_meanwhile(clinic: Clinic, rosa: bytes) -> None:
    """A medicine stopped by somebody else stays stopped; one that came since is named; a past one is known again."""
    mine = take(clinic, rosa)
    clinic.run(stop_medication, mine[6], why="Dr. Osei")
    key = start(clinic, rosa)
    assert (past := find(clinic, key, "levothyroxin").past) is not None and past.stopped_why == "Dr. Osei"
    settle(clinic, key, omeprazole="hold")
    clinic.run(stop_medication, mine[5], why="bleeding")
    clinic.run(add_medication, rosa, display="Aspirin 81 mg")
    assert [one.display for one in walk(clinic, key).unlisted] == ["Aspirin 81 mg"]
    clinic.run(sign, key, left="later")
    assert told(clinic, rosa)["omeprazole"].stopped_why == "bleeding"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"list_from": None}, "list_from"),
        ({"list_on": date(2026, 11, 24)}, "list_on"),
    ],
)
def test_a_list_that_can_not_be(clinic: Clinic, rosa: bytes, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as raised:
        start(clinic, rosa, **values)
    assert field in raised.value.fields and clinic.read(reconciliations, rosa) == []


def test_a_stay_of_somebody_else(clinic: Clinic, rosa: bytes) -> None:
    other = clinic.run(add_patient, family="Okafor").id
    stay = clinic.run(add_stay, other, kind="inpatient", admitted=date(2026, 11, 16), discharged=LEFT).id
    with pytest.raises(Invalid):
        start(clinic, rosa, stay=stay)


def test_a_line_of_1000_characters_is_kept_whole(clinic: Clinic, rosa: bytes) -> None:
    words = "cream " * 165 + "daily"
    key = start(clinic, rosa, text=words)
    (line,) = walk(clinic, key).lines
    assert line.listed == words
    clinic.run(decide, line.id, None, "add")
    clinic.run(sign, key)
    (one,) = clinic.read(medications, rosa)
    assert f"{one.display} {one.dosage}".split() == words.split()


def test_the_discharge_is_named_at_the_signature(clinic: Clinic, rosa: bytes) -> None:
    stay = clinic.run(add_stay, rosa, kind="inpatient", admitted=date(2026, 11, 16), discharged=LEFT).id
    key = start(clinic, rosa, text="aspirin 81 mg")
    settle(clinic, key, aspirin="add")
    signed = clinic.run(sign, key, stay=stay, on=date(2026, 11, 21), remarks="by phone with the daughter")
    assert (signed.stay, signed.remarks) == (stay, "by phone with the daughter")
    assert clinic.read(stays, rosa)[0].medications_reconciled_on == "2026-11-21"
    clinic.run(strike_reconciliation, key, "wrong patient")
    assert clinic.read(stays, rosa)[0].medications_reconciled_on is None
