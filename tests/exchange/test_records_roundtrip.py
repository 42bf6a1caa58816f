"""export records, import records into a fresh file, export records: the same bytes, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmp_tui.clinic import model as ground
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.records import Record, columns_of
from cmp_tui.contacts.actions import strike_contact
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.exchange.demo.making import make_demo_clinic
from cmp_tui.exchange.records.layout import LAYOUT_OF, LAYOUTS, LEFT_OUT
from cmp_tui.patients.actions import edit_condition, strike_record
from cmp_tui.patients.model import Condition, Patient, Phone
from cmp_tui.tables import TABLES
from tests.conftest import MONDAY
from tests.exchange.conftest import PlanOf, condition, observation, of, ruth
from tests.exchange.records_folder import bring, counts, export, fresh, living, plan, refused


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo clinic, made once."""
    path = tmp_path_factory.mktemp("demo") / "demo.cmp"
    make_demo_clinic(path, TABLES, MONDAY)
    return path


@pytest.fixture(scope="module")
def demo(demo_file: Path) -> Iterator[Clinic]:
    clinic = open_clinic(demo_file, TABLES, os_name="whoever", clock=FrozenClock(MONDAY))
    yield clinic
    clinic.close_here()


@pytest.fixture(scope="module")
def demo_folder(demo: Clinic, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "records"
    export(demo, folder)
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Clinic]:
    clinic = fresh(tmp_path / "fresh.cmp")
    yield clinic
    clinic.close_here()


# -- the description


def test_every_table_and_every_column_is_in_a_file_or_left_out_with_a_reason() -> None:
    described = {layout.model: {column.field for column in layout.columns} for layout in LAYOUTS}
    missing = []
    for table in (*ground.TABLES, *TABLES):
        if not issubclass(table, Record):
            continue
        name = table._meta.table_name
        if table not in described:
            missing += [] if name in LEFT_OUT else [name]
            continue
        missing += [
            f"{name}.{field}"
            for field in columns_of(table)
            if field not in described[table] and not {field, f"{name}.{field}"} & set(LEFT_OUT)
        ]
    assert missing == []


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    names = {layout.model._meta.table_name: columns_of(layout.model) for layout in LAYOUTS}
    fields = {field for columns in names.values() for field in columns}
    for each in LEFT_OUT:
        table, _, field = each.partition(".")
        assert each == "setting" or each in fields or field in names[table], each


def test_the_issues_columns_come_first() -> None:
    first = {
        "staff": "username,name,credential,clinical,may_bill,npi,roles",
        "patients": "mrn,family,given,birth_date,sex,mbi,payer,qmb,care_manager,billing_practitioner,deceased_on",
        "conditions": "mrn,system,code,display,chronic,onset,resolved,confirmed_by,confirmed_on",
        "enrollments": "mrn,program,status,start,end,reason,practitioner",
        "consents": "mrn,program,decision,date,mode,taken_by,practitioner,effective_to",
        "visits": "mrn,date,practitioner,kind,care_management_discussed,mdm",
        "plans": "mrn,program,made_on,made_by,reviewed_on,given_on,given_how,given_to",
        "time_entries": "mrn,staff,start,end,minutes,program,practitioner,activity,mode,with_whom,outcome,"
        "face_to_face,in_billed_visit,group_size,note",
        "complexity": "mrn,month,program,practitioner,mdm",
        "stays": "mrn,kind,facility,admitted,discharged,discharged_to,medications_reconciled_on",
        "contacts": "mrn,staff,at,mode,outcome,with_whom",
        "services": "mrn,code,from,to,practitioner,ours",
        "device_days": "mrn,from,to,days",
    }
    for name, columns in first.items():
        names = [column.name for column in LAYOUT_OF[name].columns]
        assert ",".join(names).startswith(columns), name


# -- the demo clinic


def test_the_demo_comes_back_byte_for_byte(
    demo: Clinic, demo_folder: Path, empty: Clinic, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in sorted(demo_folder.iterdir())}
    made = bring(empty, demo_folder)
    assert refused(made) == []
    assert counts(made, "staff") == {"new": 3, "same": 1}
    assert counts(made, "measurements")["new"] > 4_000
    assert export(empty, tmp_path / "again") == before
    assert empty.verify() == []


def test_the_demos_risk_tiers_are_in_it(demo_folder: Path) -> None:
    lines = (demo_folder / "tiers.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    assert names[:4] == ["mrn", "tier", "points", "computed_on"] and "parts" in names
    assert len(lines) > 130, "everybody alive has one"
    own = [line for line in lines[1:] if line.split(",")[names.index("set_tier")]]
    assert len(own) == 1 and "levin" in own[0]


def test_every_value_comes_back(demo: Clinic, demo_folder: Path, empty: Clinic) -> None:
    bring(empty, demo_folder)
    for layout in LAYOUTS:
        if layout.model is Staff:
            continue
        table = layout.model._meta.table_name
        # What is left out because it follows from something else is the same again too.
        out = {"version", "source_version"} | ({"folded"} if table == "provider" else set())
        names = [name for name in columns_of(layout.model) if name not in out]
        assert living(empty, layout.model, *names) == living(demo, layout.model, *names), layout.name


def test_two_exports_are_the_same_bytes(demo: Clinic, demo_folder: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in sorted(demo_folder.iterdir())}
    assert export(demo, tmp_path / "again") == before


def test_the_same_folder_again_is_nothing_new(demo_folder: Path, empty: Clinic) -> None:
    bring(empty, demo_folder)
    again = plan(empty, demo_folder)
    assert again.empty
    assert not again.wrong
    assert sum(one.same for one in again.files.values()) > 10_000


def test_without_ids_the_same_folder_again_is_nothing_new(
    demo_folder: Path, empty: Clinic, tmp_path: Path
) -> None:
    """The folder as hand-written: no ids, and nothing that says where a record came from."""
    folder = tmp_path / "by hand"
    shutil.copytree(demo_folder, folder)
    drop = {"id", "contact", "group", "source", "source_digest", "source_edited", "entry"}
    for path in folder.iterdir():
        _without(path, drop - ({"source"} if path.name in ("snoozes.csv", "intakes.csv") else set()))
    made = bring(empty, folder)
    assert refused(made) == []
    again = plan(empty, folder)
    assert [
        (one.layout.name, one.new, one.changed) for one in again.files.values() if one.new or one.changed
    ] == []


def _without(path: Path, names: set[str]) -> None:
    import csv

    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    keep = [place for place, name in enumerate(lines[0]) if name not in names]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([[line[place] for place in keep] for line in lines])


def test_one_undo_takes_it_back_and_leaves_the_staff(
    demo_folder: Path, empty: Clinic, tmp_path: Path
) -> None:
    bring(empty, demo_folder)
    done = empty.read(last_undoable)
    assert done is not None
    assert (done.action, done.undoable) == ("exchange.import_records", True)
    empty.undo(done.seq)
    assert living(empty, Patient) == []
    assert len(living(empty, Staff)) == 4
    assert empty.verify() == []
    # What an undo took out was never here: it comes in again, under other ids, and links follow.
    again = bring(empty, demo_folder)
    assert (refused(again), sum(one.struck for one in again.files.values())) == ([], 0)
    linked = [contact for (contact,) in living(empty, TimeEntry, "contact") if contact]
    assert set(linked) <= {key for (key,) in living(empty, Contact, "id")}
    assert len(linked) > 500
    assert plan(empty, demo_folder).empty
    assert empty.verify() == []


# -- what came in from elsewhere


def test_a_fhir_import_comes_back_and_is_nothing_new_there(
    clinic: Clinic, bring_fhir: PlanOf, plan_of: PlanOf, empty: Clinic, tmp_path: Path
) -> None:
    resources = [
        ruth(telecom=[{"system": "phone", "value": "312-555-0100"}]),
        condition(),
        condition("c2", "I10", "=HYPERLINK(1)"),
        observation("o1", "4548-4", 7.1, "%", "2026-10-05T08:00:00-05:00"),
        of("AllergyIntolerance", "a1", code={"text": "Penicillin"}),
    ]
    bring_fhir(clinic, *resources)
    (key,) = living(clinic, Condition, "id")[0]
    clinic.run(edit_condition, key, None, own_words="my sugar")
    before = export(clinic, tmp_path / "one")
    assert b"'=HYPERLINK(1)" in before["conditions.csv"]
    assert refused(bring(empty, tmp_path / "one")) == []
    assert export(empty, tmp_path / "two") == before
    again = plan_of(empty, *resources)
    assert again.empty
    edited = plan_of(empty, *resources[:1], condition(display="Diabetes"), *resources[2:])
    assert [edited.counts["condition"].kept, edited.counts["condition"].changed] == [1, 0]


@pytest.fixture
def bring_fhir(bring: PlanOf) -> PlanOf:
    return bring


# -- what was struck out


def test_what_was_struck_out_does_not_go_out(demo_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.cmp"
    shutil.copyfile(demo_file, path)
    path.chmod(0o600)
    clinic = open_clinic(path, TABLES, os_name="whoever", clock=FrozenClock(MONDAY))
    (patient,) = living(clinic, Phone, "patient")[0]
    contact = next(key for key, of_whom in living(clinic, Contact, "id", "patient") if of_whom != patient)
    clinic.run(strike_record, "patient", patient, "entered twice")
    clinic.run(strike_contact, contact, "wrong patient")
    files = export(clinic, tmp_path / "out")
    assert not any(
        patient.hex().encode() in content for name, content in files.items() if name != "tasks.csv"
    )
    assert contact.hex().encode() not in files["contacts.csv"] + files["time_entries.csv"]
    other = fresh(tmp_path / "other.cmp")
    assert refused(bring(other, tmp_path / "out")) == []
    assert export(other, tmp_path / "again") == files
    # Back here nothing that was struck out comes to life.
    export(clinic, tmp_path / "out")
    assert plan(clinic, tmp_path / "out").empty
    clinic.close_here()
    other.close_here()


def test_what_was_struck_out_here_stays_out(demo_folder: Path, empty: Clinic) -> None:
    bring(empty, demo_folder)
    key, mrn = living(empty, Patient, "id", "mrn")[0]
    empty.run(strike_record, "patient", key, "entered twice")
    again = plan(empty, demo_folder)
    assert (again.empty, again.wrong) == (True, False)
    assert counts(again, "patients")["struck"] == 1
    assert counts(again, "conditions")["struck"] >= 1
    assert mrn
