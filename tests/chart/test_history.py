"""The history of a patient: every change that touched one of their records, in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from cmp_tui.chart.changes import Sayer, arrow, deed_words, field_changes
from cmp_tui.chart.history import Deed, history
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.staff import staff_list
from cmp_tui.desk.actions import log_group
from cmp_tui.patients.actions import add_patient, add_phone, edit_patient, strike_record
from cmp_tui.patients.model import Condition, Patient
from cmp_tui.patients.queries import phones
from tests.conftest import AsUser

TODAY = date(2026, 11, 23)


def sayer(clinic: Clinic) -> Sayer:
    from zoneinfo import ZoneInfo

    staff = {one.id: one.name for one in clinic.read(staff_list, everyone=True)}
    return Sayer(clinic.reference, ZoneInfo("America/Chicago"), TODAY, staff, {"a1c": "A1c"})


def newest(clinic: Clinic, patient: bytes) -> Deed:
    return clinic.read(history, patient)[0]


def test_an_edit_is_told_with_old_and_new(clinic: Clinic, ana: bytes) -> None:
    clinic.run(edit_patient, ana, None, may_leave_message=False, best_time="evenings")
    deed = newest(clinic, ana)
    assert deed.who_name == "Dana Ruiz" and deed.action == "patients.edit_patient"
    assert deed_words(deed, sayer(clinic)) == "best time: after 10 → evenings, leave a message: yes → no"


def test_codes_people_and_days_are_said_in_words(clinic: Clinic, ana: bytes) -> None:
    ben = next(one.id for one in clinic.read(staff_list) if one.username == "ben")
    clinic.run(edit_patient, ana, None, care_manager=ben, payer="Medicare", deceased_on="2026-11-20")
    words = deed_words(newest(clinic, ana), sayer(clinic))
    assert words.startswith("has died: no → yes, died: Fri 20 Nov, payer: Medicare and 1 more")
    change = newest(clinic, ana).changes[0]
    said = field_changes(change.table, change.before, change.after, sayer(clinic))
    assert arrow(said[-1]) == "Dana Ruiz → Ben Ortiz"


def test_every_change_is_there_once_newest_first(clinic: Clinic, ana: bytes) -> None:
    deeds = clinic.read(history, ana)
    assert [deed.seq for deed in deeds] == sorted((deed.seq for deed in deeds), reverse=True)
    actions = [deed.action for deed in deeds]
    assert actions == [
        "tasks.add_task",
        "desk.log_contact",
        "enrollment.enroll",
        "enrollment.record_consent",
        "patients.add_team_member",
        "patients.add_person",
        "patients.add_allergy",
        "patients.add_condition",
        "patients.add_phone",
        "patients.add_patient",
    ]
    contact = deed_words(deeds[1], sayer(clinic))
    assert contact == "phone, reached; 12 min call"


def test_an_activity_for_several_stands_in_the_history_of_each(clinic: Clinic, ana: bytes) -> None:
    tom = clinic.run(add_patient, family="Bell", given="Tom").id
    start = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    clinic.run(
        log_group,
        [ana, tom],
        start=start,
        end=start + timedelta(minutes=20),
        mode="none",
        outcome="not-applicable",
    )
    for patient in (ana, tom):
        deed = newest(clinic, patient)
        assert deed.action == "desk.log_group"
        assert len(deed.changes) == 2
        assert deed_words(deed, sayer(clinic)).endswith("10 min call")


def test_an_undo_is_in_the_history_and_marks_what_it_undid(clinic: Clinic, ana: bytes) -> None:
    clinic.run(edit_patient, ana, None, best_time="evenings")
    done = newest(clinic, ana)
    clinic.undo(done.seq)
    deeds = clinic.read(history, ana)
    assert (deeds[0].undoes, deeds[0].undone, deeds[1].undone) == (done.seq, False, True)
    assert deed_words(deeds[0], sayer(clinic)) == "best time: evenings → after 10"
    clinic.redo(deeds[0].seq)
    deeds = clinic.read(history, ana)
    assert [deed.undone for deed in deeds[:3]] == [False, True, False]


def test_what_is_struck_out_stays_readable_with_its_reason(clinic: Clinic, ana: bytes) -> None:
    phone = clinic.read(phones, ana)[0]
    clinic.run(strike_record, "phone", phone.id, "wrong number")
    assert deed_words(newest(clinic, ana), sayer(clinic)) == "(512) 555-0133 (wrong number)"


def add_both(change: Change, rows: list[dict[str, Any]]) -> list[bytes]:
    """Stands for an import: many rows with one image for all."""
    keys = change.add_many(Patient, rows)
    change.add_many(Condition, [{"patient": key, "display": "Gout"} for key in keys])
    return keys


def test_what_came_in_with_many_others_is_counted(clinic: Clinic, monkeypatch: Any) -> None:
    # Rights go by name: the stand-in takes the name of the import.
    monkeypatch.setattr(add_both, "__module__", "cmp_tui.exchange.actions")
    monkeypatch.setattr(add_both, "__name__", "import_fhir")
    keys = clinic.run(add_both, [{"mrn": f"M-{n}", "family": "Bell", "folded": "bell"} for n in range(3)])
    clinic.run(add_phone, keys[1], number="512-555-0177")
    deeds = clinic.read(history, keys[1])
    assert [deed.action for deed in deeds] == ["patients.add_phone", "exchange.import_fhir"]
    assert [change.table for change in deeds[1].imported] == ["patient", "condition"]
    assert deed_words(deeds[1], sayer(clinic)) == "1 patient; 1 condition"


def test_two_people_each_stand_with_their_own_change(
    clinic: Clinic, ana: bytes, as_user: AsUser, clock: FrozenClock
) -> None:
    clock.at += timedelta(minutes=5)
    as_user("ben").run(edit_patient, ana, None, language="English")
    deed = newest(clinic, ana)
    assert deed.who_name == "Ben Ortiz" and deed.at == clock.at
