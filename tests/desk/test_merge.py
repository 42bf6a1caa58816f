"""Two records of one person become one, on a real file: what moves, what is kept in words, what an undo brings back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.assessments.model import Tier
from cmp_tui.billing.charges import charges
from cmp_tui.billing.close_actions import close_month
from cmp_tui.billing.closing import closed_view
from cmp_tui.billing.month_closed import kept_month
from cmp_tui.chart.history import history
from cmp_tui.chart.queries import looks, summary
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.model import Staff
from cmp_tui.contacts.actions import edit_entry, log_time, start_timer
from cmp_tui.contacts.model import Contact, TimeEntry, Timer
from cmp_tui.desk.actions import log_contact
from cmp_tui.desk.merge import Merge, merge_patients
from cmp_tui.desk.merge_queries import both_records
from cmp_tui.enrollment.actions import enroll, record_consent
from cmp_tui.enrollment.intake_actions import add_intake
from cmp_tui.enrollment.model import Enrollment, Intake
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient, add_phone, edit_patient, strike_record
from cmp_tui.patients.model import Patient, Phone
from cmp_tui.patients.queries import by_mrn, find_patients, merged_into, patient_card, sheet_notes
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.model import Task
from tests.clinic import acts
from tests.conftest import AsUser
from tests.exchange.records_folder import export

OCTOBER = Month(2026, 10)


@pytest.fixture
def anna(clinic: Clinic) -> bytes:
    """Anna Ruis, who is Ana Ruiz-Moreno."""
    return clinic.run(
        add_patient,
        family="Ruis",
        given="Anna",
        mrn="B-2",
        birth_date="1948-02-12",
        language="Spanish",
        phone="512 555 0199",
    ).id


def ccm(clinic: Clinic, patient: bytes, start: date) -> bytes:
    clinic.run(
        record_consent, patient, program="CCM", decision="accepted", date=start, mode="verbal", points=POINTS
    )
    return clinic.run(enroll, patient, program="CCM", start=start).id


def at(day: int, hour: int = 15, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def merge(clinic: Clinic, keep: bytes, other: bytes, *take: str) -> Merge:
    return clinic.run(merge_patients, keep, other, take=take)


def undo(clinic: Clinic) -> None:
    last = clinic.read(last_undoable)
    assert last is not None
    clinic.undo(last.seq)


def row(clinic: Clinic, model: Any, key: bytes) -> Any:
    return clinic.read(lambda scope: model.get_by_id(key))


# -- the person


def test_the_kept_record_takes_what_it_lacks_and_what_was_picked(
    clinic: Clinic, ana: bytes, anna: bytes
) -> None:
    clinic.run(add_phone, ana, number="512 555 0133")
    done = merge(clinic, ana, anna, "birth_date")
    card = clinic.read(patient_card, ana)
    assert (card.mrn, card.family, card.birth_date, card.language) == (
        "A-1",
        "Ruiz-Moreno",
        "1948-02-12",
        "Spanish",
    )
    assert card.other_names == "Anna Ruis"
    assert [(one.number, one.rank) for one in card.phones] == [("512 555 0133", 1), ("512 555 0199", 2)]
    (note,) = clinic.read(sheet_notes, ana)
    assert note.label == "Merged MRN B-2" and note.text == "Record number: B-2;\nBorn: 1948-02-11"
    assert (done.other_mrn, done.rows, done.amended) == ("B-2", 1, 0)
    assert [one.label for one in clinic.read(summary, ana).notes] == ["Merged MRN B-2"]


def test_the_other_number_and_name_find_the_kept_record(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    merge(clinic, ana, anna)
    for text in ("B-2", "b-2", "ruis", "Anna Ruis", "512 555 0199"):
        assert [one.id for one in clinic.read(find_patients, text)] == [ana], text
    line = clinic.read(by_mrn, "B-2")
    assert line is not None and line.mrn == "A-1"
    merged = clinic.read(merged_into, anna)
    assert merged is not None and (merged.mrn, merged.kept, merged.kept_mrn) == ("B-2", ana, "A-1")
    assert clinic.read(merged_into, ana) is None
    struck = row(clinic, Patient, anna)
    assert struck.struck_why == "merged into MRN A-1"
    with pytest.raises(Invalid, match="was merged into MRN A-1"):
        clinic.run(add_patient, family="Somebody", mrn="B-2")


def test_a_chain_of_merges_leads_to_the_last_record(
    clinic: Clinic, ana: bytes, anna: bytes, tom: bytes
) -> None:
    merge(clinic, anna, tom)
    merge(clinic, ana, anna)
    for number in ("B-2", "T-1"):
        line = clinic.read(by_mrn, number)
        assert line is not None and line.id == ana
    assert [one.label for one in clinic.read(sheet_notes, ana)] == ["Merged MRN T-1", "Merged MRN B-2"]
    undo(clinic)
    line = clinic.read(by_mrn, "T-1")
    assert line is not None and line.id == anna


def test_the_audit_entry_names_both(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    merge(clinic, ana, anna)
    entry = clinic.read(audit_page)[0]
    assert entry.action == "desk.merge_patients" and entry.facts is not None
    assert entry.facts["about"] == [ana.hex(), anna.hex()]
    assert (entry.facts["kept"], entry.facts["merged"], entry.facts["rows"]) == (ana.hex(), anna.hex(), 1)


def test_the_history_of_the_kept_record_holds_that_of_the_other(
    clinic: Clinic, ana: bytes, anna: bytes
) -> None:
    phone = clinic.run(add_phone, anna, number="737 555 0100").id
    clinic.run(strike_record, "phone", phone, "wrong number")
    clinic.look("chart", anna)
    merge(clinic, ana, anna)
    deeds = [one.action for one in clinic.read(history, ana)]
    assert deeds[0] == "desk.merge_patients" and deeds.count("patients.add_patient") == 2
    assert "patients.strike_record" in deeds  # what was struck out is not lost either
    assert len(clinic.read(looks, ana)) == 1


@pytest.mark.parametrize("who", ["iris", "otto"])
def test_who_does_not_care_for_patients_merges_none(
    as_user: AsUser, ana: bytes, anna: bytes, who: str
) -> None:
    with pytest.raises(Refused):
        as_user(who).run(merge_patients, ana, anna)


def test_what_can_not_be_merged_is_told(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    with pytest.raises(Invalid, match="one and the same"):
        merge(clinic, ana, ana)
    with pytest.raises(Invalid, match="can't be picked"):
        merge(clinic, ana, anna, "shoe size")
    with pytest.raises(Gone):
        merge(clinic, ana, b"\0" * 16)
    versions = clinic.read(both_records, ana, anna)
    seen = (versions.first.version, versions.second.version)
    clinic.run(edit_patient, anna, None, city="Austin")
    with pytest.raises(Refused, match="changed one of the two"):
        clinic.run(merge_patients, ana, anna, seen=seen)
    merge(clinic, ana, anna)
    with pytest.raises(Gone, match="merged already"):
        merge(clinic, ana, anna)


def test_a_death_that_is_picked_ends_the_work(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    ccm(clinic, ana, date(2026, 9, 1))
    clinic.run(edit_patient, anna, None, deceased=True, deceased_on="2026-11-20")
    merge(clinic, ana, anna, "death")
    card = clinic.read(patient_card, ana)
    assert card.deceased and card.deceased_on == "2026-11-20"
    (enrollment,) = clinic.read(enrollments, ana)
    assert (enrollment.status, enrollment.end) == ("finished", date(2026, 11, 20))


def test_in_the_record_of_who_has_died_nothing_of_the_other_is_due(
    clinic: Clinic, ana: bytes, anna: bytes
) -> None:
    clinic.run(edit_patient, ana, None, deceased=True, deceased_on="2026-11-20")
    enrollment = ccm(clinic, anna, date(2026, 9, 1))
    task = clinic.run(add_task, title="call", due=date(2026, 11, 24), patient=anna).id
    assert any("has died" in one for one in clinic.read(both_records, ana, anna).says)
    merge(clinic, ana, anna)
    assert row(clinic, Enrollment, enrollment).status == "finished"
    assert row(clinic, Task, task).settled_at is not None
    undo(clinic)
    assert row(clinic, Task, task).settled_at is None and row(clinic, Task, task).patient == anna


# -- what may be there once


def test_one_enrollment_goes_on(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    later, earlier = ccm(clinic, ana, date(2026, 9, 1)), ccm(clinic, anna, date(2026, 3, 4))
    says = clinic.read(both_records, ana, anna).says
    assert "CCM: both are in it; the one that is enrolled since 2026-03-04 goes on." in says
    merge(clinic, ana, anna)
    assert row(clinic, Enrollment, earlier).status == "active"
    ended = row(clinic, Enrollment, later)
    assert (ended.status, ended.ended) == ("cancelled", "merged")
    with pytest.raises(Invalid, match="already"):
        clinic.run(enroll, ana, program="CCM", start=date(2026, 11, 1))


def test_one_intake_goes_on_and_knows_the_facts_of_both(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    first = clinic.run(add_intake, ana, source="list", received=date(2026, 11, 2)).id
    second = clinic.run(
        add_intake, anna, source="provider-referral", by="Dr. Ito", received=date(2026, 11, 9)
    ).id
    clinic.run(log_contact, anna, outcome="voicemail", mode="phone", at=at(20, month=11))
    merge(clinic, ana, anna)
    goes_on, ended = row(clinic, Intake, second), row(clinic, Intake, first)
    assert (goes_on.stage, goes_on.patient) == ("outreach", ana)
    assert (ended.stage, ended.end, ended.back_on) == ("ended", "merged", None)


def test_one_tier_holds_and_the_other_is_written_down(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    clinic.rights = acts.RIGHTS
    day = date(2026, 11, 2)
    mine = clinic.run(acts.add, Tier, patient=ana, tier=2, points=3, computed_on=day).id
    theirs = clinic.run(
        acts.add,
        Tier,
        patient=anna,
        tier=3,
        points=7,
        computed_on=day,
        set_tier=5,
        set_why="lives alone",
        set_on=day,
    ).id
    merge(clinic, ana, anna)
    assert row(clinic, Tier, theirs).struck_at is None and row(clinic, Tier, theirs).patient == ana
    assert row(clinic, Tier, mine).struck_at is not None
    (note,) = clinic.read(sheet_notes, ana)
    assert "Risk tier: 2 (3 points, computed 2026-11-02)" in note.text


def test_timers_of_both_go_on(clinic: Clinic, as_user: AsUser, ana: bytes, anna: bytes) -> None:
    mine, bens = clinic.run(start_timer, ana).id, as_user("ben").run(start_timer, anna).id
    merge(clinic, ana, anna)
    assert [row(clinic, Timer, key).patient for key in (mine, bens)] == [ana, ana]


# -- undo


def test_an_undo_brings_back_every_byte(clinic: Clinic, ana: bytes, anna: bytes, tmp_path: Path) -> None:
    ccm(clinic, ana, date(2026, 9, 1))
    ccm(clinic, anna, date(2026, 3, 4))
    clinic.run(add_intake, anna, source="list", program="RPM")
    clinic.run(log_contact, anna, outcome="reached", mode="phone", at=at(20, month=11))
    clinic.run(add_task, title="call", due=date(2026, 11, 24), patient=anna)
    before = export(clinic, tmp_path / "a")
    merge(clinic, ana, anna, "family", "birth_date")
    assert export(clinic, tmp_path / "b") != before
    undo(clinic)
    assert export(clinic, tmp_path / "c") == before
    assert clinic.read(merged_into, anna) is None and clinic.verify() == []
    merge(clinic, anna, ana)  # the other way round, after the undo


def test_an_undo_after_later_work_names_what_stands_in_its_way(
    clinic: Clinic, ana: bytes, anna: bytes
) -> None:
    (entry,) = clinic.run(log_time, anna, start=at(20, month=11), end=at(20, 16, month=11), activity="call")
    merge(clinic, ana, anna)
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.run(edit_entry, entry.id, None, why="typed wrong", note="longer than that")
    with pytest.raises(Refused, match=r"1 of its records changed since \(time entry\)"):
        clinic.undo(done.seq)
    assert row(clinic, TimeEntry, entry.id).patient == ana  # all or nothing


# -- a closed month


@pytest.fixture
def closed(clinic: Clinic, ana: bytes, anna: bytes) -> tuple[bytes, bytes]:
    """October is closed with 25 minutes of Ana's and 21 of Anna's, both billed."""
    for key, day, minutes in ((ana, 5, 25), (anna, 6, 21)):
        clinic.run(
            edit_patient, key, None, payer="Medicare", mbi=f"1EG4TE5MK7{day}", billing_practitioner="levin"
        )
        clinic.rights = acts.RIGHTS
        ccm(clinic, key, date(2026, 9, 1))
        clinic.run(
            log_time,
            key,
            start=at(day),
            end=at(day) + timedelta(minutes=minutes),
            activity="call",
            program="CCM",
        )
    clinic.run(close_month, OCTOBER, "plans are on paper")
    return ana, anna


def test_time_of_a_closed_month_moves_as_an_amendment(clinic: Clinic, closed: tuple[bytes, bytes]) -> None:
    ana, anna = closed
    assert any(
        "October 2026 is closed: 1 of them" in one for one in clinic.read(both_records, ana, anna).says
    )
    done = merge(clinic, ana, anna)
    assert done.amended == 1
    entries = clinic.read(lambda scope: list(TimeEntry.live().order_by(TimeEntry.start)))
    assert [entry.patient for entry in entries] == [ana, ana]
    assert [entry.amended_why for entry in entries] == [
        None,
        "moved here when MRN B-2 was merged into MRN A-1",
    ]
    assert entries[1].amended_by == clinic.read(lambda scope: Staff.get(Staff.username == "dana").id)


def test_what_a_closed_month_billed_of_both_stays_readable(
    clinic: Clinic, closed: tuple[bytes, bytes]
) -> None:
    ana, anna = closed
    then = clinic.read(closed_view, OCTOBER)
    handed_out = clinic.read(charges, OCTOBER)
    merge(clinic, ana, anna)
    now = clinic.read(closed_view, OCTOBER)
    assert then is not None and now is not None
    assert [one.result for one in now.patients] == [one.result for one in then.patients]
    assert [one.charges for one in now.patients] == [one.charges for one in then.patients]
    mine, theirs = now.patients
    assert mine.now is not None and mine.now["minutes"]["CCM"]["staff"] == 46
    assert theirs.now is not None and theirs.now["lines"] == [] and theirs.patient == ana
    assert mine.amended_at is not None and theirs.amended_at is not None
    closed_month = now.closed
    assert clinic.read(lambda scope: kept_month(closed_month))[ana].minutes["CCM"]["staff"] == 46
    assert len(clinic.read(charges, OCTOBER)) >= len(handed_out)


def test_an_undo_in_a_closed_month_leaves_its_mark_and_nothing_else(
    clinic: Clinic, closed: tuple[bytes, bytes], tmp_path: Path
) -> None:
    ana, anna = closed
    before = export(clinic, tmp_path / "a")
    merge(clinic, ana, anna)
    undo(clinic)
    after = export(clinic, tmp_path / "b")
    assert {name for name in before if before[name] != after[name]} == {"time_entries.csv"}
    assert b"undone after October 2026 was closed" in after["time_entries.csv"]
    view = clinic.read(closed_view, OCTOBER)
    assert view is not None and [one.now for one in view.patients] == [None, None]


# -- how much


def test_five_thousand_rows_move_in_one_change(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    clinic.rights = acts.RIGHTS
    staff = clinic.read(lambda scope: scope.who.id)
    moments = [at(1, 0) - timedelta(minutes=20 * number) for number in range(2_500)]
    common = {"patient": anna, "staff": staff}
    contacts = [
        {**common, "at": one, "mode": "phone", "outcome": "reached", "signed_as": "Dana", "signed_at": one}
        for one in moments
    ]
    entries = [
        {
            **common, "start": one, "end": one + timedelta(minutes=10), "credential": "RN", "clinical": True,
            "activity": "call", "entered_at": one,
        }
        for one in moments
    ]  # fmt: skip
    clinic.run(acts.add_many, Contact, contacts)
    clinic.run(acts.add_many, TimeEntry, entries)
    clinic.rights = type(clinic.rights)()
    assert merge(clinic, ana, anna).rows == 5_001
    assert clinic.read(lambda scope: TimeEntry.live().where(TimeEntry.patient == anna).count()) == 0
    undo(clinic)
    assert clinic.read(lambda scope: TimeEntry.live().where(TimeEntry.patient == anna).count()) == 2_500


def test_a_phone_is_never_lost_to_the_same_rank(clinic: Clinic, ana: bytes, anna: bytes) -> None:
    for number in range(3):
        clinic.run(add_phone, ana, number=f"512 555 020{number}")
    merge(clinic, ana, anna)
    ranks = clinic.read(lambda scope: [one.rank for one in Phone.live().where(Phone.patient == ana)])
    assert sorted(ranks) == [1, 2, 3, 4]
