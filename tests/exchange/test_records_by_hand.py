"""Records folders that people write: any files, any columns, no ids, several rows alike."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cmp_tui.billing.model import Complexity
from cmp_tui.careplan.model import Plan
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.model import Staff
from cmp_tui.contacts.actions import log_time
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.encounters.model import Service, Stay, Visit
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.exchange.records.actions import import_records
from cmp_tui.measurements.model import DeviceDays
from cmp_tui.patients.actions import add_patient, edit_patient
from cmp_tui.patients.model import Condition, Patient, Phone
from tests.conftest import AsUser
from tests.exchange.records_folder import at, bring, counts, export, fresh, living, notes, plan, put, refused

ANA = """
    mrn,family,given
    M1,Ruiz,Ana
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one patient."""
    return put(tmp_path / "in", patients=ANA)


# -- every file and column of the contract

ALL = {
    "staff": """
        username,name,credential,clinical,may_bill,npi,roles
        cole,Iris Cole,CHW,,,,care-manager;auditor
        okonjo,Felix Okonjo,MD,1,1,1234567893,clinician
        moss,,,,,,
    """,
    "patients": """
        mrn,family,given,birth_date,sex,mbi,payer,qmb,care_manager,billing_practitioner,deceased_on
        M1,Ruiz,Ana,1948-02,F,1EG4TE5MK73,Medicare,1,COLE,okonjo,
        M2,Tran,Linh,1955-03-01,M,,Medicare Advantage,0,,Dr. Outside,2026-09-30
        M3,,,,,,,,,,
    """,
    "conditions": """
        mrn,system,code,display,chronic,onset,resolved,confirmed_by,confirmed_on
        M1,icd-10-cm,E119,Diabetes,,2001,,okonjo,2026-01-05
        M1,icd-10-cm,E119,Diabetes,,2001,,okonjo,2026-01-05
        M1,,,bad back,1,,2026-02,,
    """,
    "enrollments": """
        mrn,program,status,start,end,reason,practitioner
        M1,CCM,active,2026-01-05,,,okonjo
        M1,RPM,,2026-02-01,2026-03-31,moved,
        M2,CCM,planned,,,,
    """,
    "consents": """
        mrn,program,decision,date,mode,taken_by,practitioner,effective_to
        M1,CCM,accepted,2026-01-05,verbal,cole,okonjo,
        M1,CCM,revoked,2026-06-10,,,,2026-06-30
    """,
    "visits": """
        mrn,date,practitioner,kind,care_management_discussed,mdm
        M1,2026-01-04,okonjo,awv,1,moderate
    """,
    "plans": """
        mrn,program,made_on,made_by,reviewed_on,given_on,given_how,given_to
        M1,CCM,2026-01-05,cole,2026-07-01,2026-01-06,mail,caregiver
    """,
    "time_entries": """
        mrn,staff,start,end,minutes,program,practitioner,activity,mode,with_whom,outcome,face_to_face,in_billed_visit,group_size,note
        M1,cole,2026-10-05T09:00,2026-10-05T09:12:30,,CCM,okonjo,call,phone,patient,reached,0,0,,said so
        M1,cole,2026-10-05T10:00,,15,CCM,,records-review,none,,not-applicable,,,,
        M1,okonjo,2026-10-06,,20,,,,,,,1,1,3,
    """,
    "complexity": """
        mrn,month,program,practitioner,mdm
        M1,2026-10,CCM,okonjo,high
    """,
    "stays": """
        mrn,kind,facility,admitted,discharged,discharged_to,medications_reconciled_on
        M1,snf,Lakeview,2026-05-01,2026-05-20,nursing-facility,2026-05-21
    """,
    "contacts": """
        mrn,staff,at,mode,outcome,with_whom
        M1,cole,2026-10-05T09:00,phone,reached,patient
        M1,cole,2026-10-05T09:00,phone,reached,patient
        M1,cole,2026-10-07,portal,,caregiver
    """,
    "services": """
        mrn,code,from,to,practitioner,ours
        M1,99490,2026-09-01,,okonjo,1
        M1,G0181,2026-09-01,2026-09-30,Blue Heron,0
    """,
    "device_days": """
        mrn,from,to,days
        M1,2026-10-01,2026-10-30,18
    """,
}


def test_every_file_of_the_contract_comes_in_by_hand(clinic: Clinic, tmp_path: Path) -> None:
    made = bring(clinic, put(tmp_path / "in", **ALL))
    assert refused(made) == []
    assert notes(made) == []
    columns = "username name credential clinical may_bill npi roles os_user"
    staff = {row[0]: row[1:] for row in living(clinic, Staff, columns)}
    assert staff["cole"] == ("Iris Cole", "CHW", False, False, None, {"care-manager", "auditor"}, None)
    assert staff["okonjo"] == ("Felix Okonjo", "MD", True, True, "1234567893", {"clinician"}, None)
    assert staff["moss"] == ("moss", "none", False, False, None, frozenset(), None)
    columns = "mrn family given birth_date sex payer qmb care_manager billing_practitioner deceased deceased_on folded"
    ana, linh, nobody = living(clinic, Patient, columns)
    assert ana[:6] == ("M1", "Ruiz", "Ana", "1948-02", "F", "Medicare")
    assert ana[6:] == (True, "cole", "okonjo", False, None, "ruiz ana")
    assert linh[4:11] == ("M", "Medicare Advantage", False, None, "Dr. Outside", True, "2026-09-30")
    assert nobody[:5] == ("M3", "(no name)", None, None, "U")
    diabetes, again, back = living(clinic, Condition, "system code display chronic group onset status")
    assert diabetes == again == ("icd-10-cm", "E11.9", "Diabetes", None, "diabetes", "2001", "active")
    assert back == ("other", None, "bad back", True, None, None, "resolved")
    assert living(clinic, Enrollment, "program status start end reason") == [
        ("CCM", "active", date(2026, 1, 5), None, None),
        ("RPM", "finished", date(2026, 2, 1), date(2026, 3, 31), "moved"),
        ("CCM", "planned", None, None, None),
    ]
    assert living(clinic, Consent, "decision date mode taken_by effective_to") == [
        ("accepted", date(2026, 1, 5), "verbal", "cole", None),
        ("revoked", date(2026, 6, 10), None, None, date(2026, 6, 30)),
    ]
    assert living(clinic, Visit, "date practitioner kind care_management_discussed mdm") == [
        (date(2026, 1, 4), "okonjo", "awv", True, "moderate")
    ]
    assert living(clinic, Plan, "program made_on made_by reviewed_on given_on given_how given_to") == [
        ("CCM", date(2026, 1, 5), "cole", date(2026, 7, 1), date(2026, 1, 6), "mail", "caregiver")
    ]  # fmt: skip
    assert living(clinic, Complexity, "month program practitioner mdm") == [
        ("2026-10", "CCM", "okonjo", "high")
    ]
    assert living(clinic, Stay, "kind facility admitted discharged discharged_to medications_reconciled_on") == [
        ("snf", "Lakeview", date(2026, 5, 1), date(2026, 5, 20), "nursing-facility", "2026-05-21")
    ]  # fmt: skip
    assert living(clinic, Service, "code start end practitioner ours") == [
        ("99490", date(2026, 9, 1), None, "okonjo", True),
        ("G0181", date(2026, 9, 1), date(2026, 9, 30), "Blue Heron", False),
    ]
    assert living(clinic, DeviceDays, "start end days") == [(date(2026, 10, 1), date(2026, 10, 30), 18)]
    contacts = living(clinic, Contact, "staff at mode outcome with_whom precision signed_as")
    assert contacts == [
        ("cole", at(5, 9), "phone", "reached", "patient", None, "Iris Cole, CHW"),
        ("cole", at(5, 9), "phone", "reached", "patient", None, "Iris Cole, CHW"),
        ("cole", at(7, 0), "portal", "not-applicable", "caregiver", "day", "Iris Cole, CHW"),
    ]
    columns = "staff start end typed precision credential clinical program activity group_size face_to_face"
    call, review, visit = living(clinic, TimeEntry, columns, "in_billed_visit entered_at")
    now = clinic.clock.now()
    assert call[:5] == ("cole", at(5, 9), at(5, 9, 12, second=30), False, None)
    assert call[5:] == ("CHW", False, "CCM", "call", 1, False, False, now)
    assert review[1:5] == (at(5, 10), at(5, 10, 15), True, None)
    assert review[8] == "records-review"
    assert visit[:5] == ("okonjo", at(6, 0), at(6, 0, 20), True, "day")
    assert visit[5:] == ("MD", True, None, "other", 3, True, True, now)
    linked = living(clinic, TimeEntry, "contact")
    first = living(clinic, Contact, "id")[0]
    assert linked == [first, (None,), (None,)]


def test_the_same_folder_twice_is_nothing_new(clinic: Clinic, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", **ALL)
    bring(clinic, folder)
    again = plan(clinic, folder)
    assert [one.layout.name for one in again.files.values() if one.new or one.changed or one.refused] == []
    assert again.empty
    assert bring(clinic, folder).empty
    assert counts(again, "contacts") == {"same": 3}


def test_any_subset_of_files_and_columns_in_any_order(clinic: Clinic, tmp_path: Path) -> None:
    for name, text in ALL.items():
        if name == "staff":
            bring(clinic, put(tmp_path / name, staff=text, patients=ALL["patients"]))
            continue
        lines = [line.strip().split(",") for line in text.strip().split("\n")]
        turned = "\n".join(",".join(reversed(line)) for line in lines)
        made = bring(clinic, put(tmp_path / name, **{name: turned}))
        assert (refused(made), counts(made, name).keys() <= {"new", "same"}) == ([], True), name


def test_what_is_exported_comes_back_from_a_hand_written_folder(clinic: Clinic, tmp_path: Path) -> None:
    bring(clinic, put(tmp_path / "in", **ALL))
    before = export(clinic, tmp_path / "out")
    other = fresh(tmp_path / "other.cmp")
    assert refused(bring(other, tmp_path / "out")) == []
    assert export(other, tmp_path / "again") == before
    other.close_here()


# -- matching


def test_a_patient_is_matched_by_number_and_empty_cells_empty_nothing(clinic: Clinic, folder: Path) -> None:
    key = clinic.run(
        add_patient, mrn="M1", family="Ruis", given="Ana", birth_date="1948-02-11", phone="312-555-0100"
    ).id
    put(
        folder,
        patients="mrn,family,given,birth_date,sex,deceased_on\nM1,Ruiz,,,,2026-11",
        phones="mrn,number,remarks\nM1,(312) 555-0100,after 10",
    )
    made = bring(clinic, folder)
    assert counts(made, "patients") == counts(made, "phones") == {"changed": 1}
    told = [
        (one.record, one.column, one.old, one.new) for one in made.differences if one.file == "patients.csv"
    ]
    assert told == [
        ("M1", "family", "Ruis", "Ruiz"), ("M1", "deceased_on", "", "2026-11"), ("M1", "deceased", "0", "1"),
    ]  # fmt: skip
    assert living(clinic, Patient, "id family given birth_date deceased folded") == [
        (key, "Ruiz", "Ana", "1948-02-11", True, "ruiz ana")
    ]
    assert living(clinic, Phone, "number digits remarks") == [("(312) 555-0100", "3125550100", "after 10")]


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        (
            "enrollments",
            "mrn,program,start,status M1,CCM,2026-01-01,active",
            "mrn,program,start,end M1,CCM,2026-01-01,2026-06-30",
        ),
        (
            "conditions",
            "mrn,system,code,display M1,icd-10-cm,I10,BP",
            "mrn,system,code,chronic M1,icd-10-cm,I10,0",
        ),
        (
            "conditions",
            "mrn,system,code,display M1,icd-10-cm,J45.909,Asthma",
            "mrn,display,onset M1,asthma,2001",
        ),
        ("conditions", "mrn,display M1,Asthma", "mrn,display,onset M1,asthma,2001"),
        (
            "consents",
            "mrn,program,decision,date M1,CCM,accepted,2026-01-01",
            "mrn,program,decision,date,mode M1,CCM,accepted,2026-01-01,written",
        ),
        (
            "stays",
            "mrn,kind,admitted M1,inpatient,2026-01-01",
            "mrn,kind,admitted,discharged M1,inpatient,2026-01-01,2026-01-05",
        ),
        (
            "complexity",
            "mrn,month,practitioner,mdm M1,2026-10,x,low",
            "mrn,month,practitioner,mdm M1,2026-10,x,high",
        ),
        ("visits", "mrn,date,kind M1,2026-01-01,em", "mrn,date,kind,mdm M1,2026-01-01,em,low"),
        ("services", "mrn,code,from M1,99490,2026-01-01", "mrn,code,from,ours M1,99490,2026-01-01,1"),
        (
            "device_days",
            "mrn,from,to,days M1,2026-01-01,2026-01-30,16",
            "mrn,from,to,days M1,2026-01-01,2026-01-30,17",
        ),
        ("plans", "mrn,program M1,CCM", "mrn,program,made_on M1,CCM,2026-01-05"),
    ],
)
def test_a_row_without_an_id_changes_the_record_with_its_key(
    clinic: Clinic, folder: Path, name: str, first: str, then: str
) -> None:
    assert counts(bring(clinic, put(folder, **{name: first.replace(" ", "\n")})), name) == {"new": 1}
    assert counts(bring(clinic, put(folder, **{name: then.replace(" ", "\n")})), name) == {"changed": 1}
    assert bring(clinic, folder).empty


def test_another_plan_is_another_plan(clinic: Clinic, folder: Path) -> None:
    bring(clinic, put(folder, plans="mrn,program,made_on\nM1,CCM,2025-01-05"))
    assert counts(bring(clinic, put(folder, plans="mrn,program,made_on\nM1,CCM,2026-01-05")), "plans") == {
        "new": 1
    }


def test_rows_added_by_hand_to_an_exported_folder(clinic: Clinic, folder: Path, tmp_path: Path) -> None:
    bring(clinic, put(folder, visits="mrn,date,kind\nM1,2026-01-02,em"))
    export(clinic, tmp_path / "out")
    path = tmp_path / "out" / "visits.csv"
    lines = path.read_text().splitlines()
    added = ["M1,2026-01-02,,em,,,,,,,,", "M1,2026-01-01,,em,,,,,,,,"]
    path.write_text("\n".join([lines[0], *added, *lines[1:]]) + "\n")
    assert counts(plan(clinic, tmp_path / "out"), "visits") == {"same": 1, "new": 2}


def test_time_that_an_import_changes_is_amended(clinic: Clinic, tmp_path: Path) -> None:
    key = clinic.run(add_patient, mrn="M1", family="Ruiz").id
    clinic.run(log_time, key, start=at(5, 9), end=at(5, 9, 10), activity="call")
    export(clinic, tmp_path / "out")
    path = tmp_path / "out" / "time_entries.csv"
    path.write_text(path.read_text().replace("09:10:00", "09:20:00"))
    assert counts(bring(clinic, tmp_path / "out"), "time_entries") == {"changed": 1}
    assert living(clinic, TimeEntry, "end amended_by amended_why") == [
        (at(5, 9, 20), "dana", "records imported")
    ]
    assert bring(clinic, tmp_path / "out").empty


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("patients", "mrn,id\nM1,{id}\nM2,{id}", "patients.csv:3 id: line 2 has the same one."),
        ("patients", "mrn\nM1\nM1", "patients.csv:3 mrn: line 2 has the same one."),
        ("staff", "username\nzoe\nZoe", "staff.csv:3 username: line 2 has the same one."),
        ("phones", "mrn,number,id\nM1,1,{id}\nM1,2,{id}", "phones.csv:3 id: line 2 has the same one."),
        (
            "phones",
            "mrn,number,id\nM1,1,12ab",
            'phones.csv:2 id: "12ab" is not an id: 32 digits from 0 to f.',
        ),
        (
            "timers",
            "mrn,staff,start\nM1,ben,2026-11-23T08:00\nM1,ben,2026-11-23T09:00",
            "timers.csv:3 staff: a timer",
        ),
    ],
)
def test_what_stands_twice(clinic: Clinic, folder: Path, name: str, text: str, sentence: str) -> None:
    made = bring(clinic, put(folder, **{name: text.format(id="ab" * 16)}))
    (told,) = refused(made)
    assert told.startswith(sentence)
    assert counts(made, name)["refused"] == 1


def test_an_id_of_another_patients_record_is_refused(clinic: Clinic, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", patients="mrn\nM1\nM2", phones=f"mrn,number,id\nM1,1,{'ab' * 16}")
    bring(clinic, folder)
    made = bring(clinic, put(folder, phones=f"mrn,number,id\nM2,1,{'ab' * 16}"))
    assert refused(made) == ["phones.csv:2 id: this record belongs to another patient here."]


# -- staff and rights


def test_the_roles_of_who_imports_stay(clinic: Clinic, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        staff="username,credential,roles,active,name\ndana,NP,auditor,0,Dana R.\nben,MA,auditor,0,\nlevin,DO,,,",
    )
    made = bring(clinic, folder)
    assert notes(made) == ["staff.csv:2 your own roles and access stay as they are."]
    staff = {
        row[0]: row[1:]
        for row in living(clinic, Staff, "username name credential roles active may_bill clinical")
    }
    assert staff["dana"] == ("Dana R.", "NP", {"care-manager", "admin"}, True, True, True)
    assert staff["ben"] == ("Ben Ortiz", "MA", {"auditor"}, False, False, True)
    assert staff["levin"] == ("Amy Levin", "DO", {"clinician"}, True, True, True)
    done = clinic.read(last_undoable)
    assert done is not None and not done.undoable


def test_only_an_admin_imports(as_user: AsUser, folder: Path) -> None:
    for username in ("ben", "levin", "otto"):
        with pytest.raises(Refused):
            plan(as_user(username), folder)
    assert bring(as_user("iris"), folder).files["patients"].new == 1


def test_a_plan_that_is_out_of_date_is_not_written(clinic: Clinic, folder: Path) -> None:
    key = clinic.run(add_patient, mrn="M1", family="Ruis").id
    made = plan(clinic, folder)
    clinic.run(edit_patient, key, None, family="Other")
    with pytest.raises(Invalid, match="Someone has changed"):
        clinic.run(import_records, made)
    assert living(clinic, Patient, "family") == [("Other",)]
