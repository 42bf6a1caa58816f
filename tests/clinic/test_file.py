"""The clinic file: made, opened, refused, locked with a key, kept to its owner, copied, brought up to date."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from peewee import OperationalError
from sqlcipher3 import dbapi2 as driver

from cmp_tui.clinic import file, migrating
from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.model import TABLES as GROUND
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.patients.model import Patient
from cmp_tui.tables import TABLES
from tests.clinic import acts
from tests.clinic.conftest import person

KEY = "0123456789abcdef" * 4
ADMIN = {"username": "dana", "name": "Dana Ruiz", "credential": "RN"}
LAKE = {"name": "Lakeside", "time_zone": "America/Chicago"}


def made(path: Path, key: str | None = None) -> Path:
    make_clinic(path, TABLES, admin=ADMIN, settings=LAKE, key=key, os_name="dana").close_here()
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def beside(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir())


# -- made and opened


def test_a_new_file_has_every_table_and_says_what_it_is(tmp_path: Path) -> None:
    database = file.create(tmp_path / "a.cmp", (*GROUND, *TABLES))
    assert database.pragma_number("application_id") == file.APPLICATION_ID
    assert database.pragma_number("user_version") == file.SCHEMA
    wanted = {table._meta.table_name for table in (*GROUND, *TABLES)}
    assert wanted <= set(database.get_tables())
    assert database.damage() == []
    database.close()


def test_the_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    made(tmp_path / "new" / "a.cmp")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("busy_timeout", 5000),
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("cell_size_check", 1),
        ("journal_size_limit", 64 << 20),
        ("query_only", 1),
    ],
)
def test_the_settings_of_the_database_are_set(dana: Clinic, pragma: str, value: object) -> None:
    assert dana._database.execute_sql(f"PRAGMA {pragma}").fetchone()[0] == value


def test_the_library_is_new_enough_for_several_processes_on_one_file() -> None:
    assert driver.sqlite_version_info >= (3, 51, 3)


def test_making_over_an_existing_file_is_refused_and_leaves_it(tmp_path: Path) -> None:
    path = made(tmp_path / "a.cmp")
    before = digest(path)
    with pytest.raises(Stopped, match="exists already"):
        made(path)
    assert digest(path) == before


def test_a_clinic_that_can_not_be_founded_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="RN2"):
        make_clinic(
            tmp_path / "a.cmp", TABLES, admin={**ADMIN, "credential": "RN2"}, settings=LAKE, os_name="dana"
        )
    assert beside(tmp_path / "a.cmp") == []


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Stopped, match="can't be made"):
        made(tmp_path / "file" / "a.cmp")


# -- refused


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="cmp-tui init"):
        file.open_file(tmp_path / "none.cmp")
    assert beside(tmp_path / "none.cmp") == []


@pytest.mark.parametrize("content", [b"Dear Dana,\n" * 500, b"", b"\0" * 8192, b"PK\x03\x04" + b"x" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.cmp"
    path.write_bytes(content)
    with pytest.raises(Stopped, match="not a clinic file"):
        file.open_file(path)
    assert path.read_bytes() == content
    assert beside(path) == ["letter.cmp"]


@pytest.mark.parametrize("number", [0, 7, 0x0F055112])
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, number: int) -> None:
    path = tmp_path / "other.db"
    connection = driver.connect(str(path), isolation_level=None)
    connection.execute("CREATE TABLE song (title TEXT)")
    connection.execute(f"PRAGMA application_id = {number}")
    connection.close()
    before = digest(path)
    with pytest.raises(Stopped, match="not a clinic file"):
        file.open_file(path)
    assert digest(path) == before
    assert beside(path) == ["other.db"]


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = made(tmp_path / "a.cmp")
    connection = driver.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA user_version = {file.SCHEMA + 1}")
    connection.close()
    before = digest(path)
    with pytest.raises(Stopped, match=rf"newer cmp-tui \(schema {file.SCHEMA + 1}.*Update the program"):
        file.open_file(path)
    assert digest(path) == before


def test_a_file_without_write_permission_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "a.cmp")
    path.chmod(0o400)
    with pytest.raises(Stopped, match="read-only for you"):
        file.open_file(path)
    path.chmod(0o600)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(Stopped, match="read-only for you"):
            file.open_file(path)
    finally:
        tmp_path.chmod(0o700)
    file.open_file(path).close()


def test_a_file_that_shrank_is_named_as_damaged(tmp_path: Path) -> None:
    path = made(tmp_path / "a.cmp")
    with path.open("r+b") as handle:
        handle.truncate(path.stat().st_size // 2)
    try:
        clinic = open_clinic(path, TABLES, os_name="dana")
    except Stopped:
        return
    try:
        found = clinic.verify()
    except Stopped as stopped:
        assert "damaged" in str(stopped)
    else:
        assert any("damaged" in finding.says for finding in found)
    clinic.close_here()


# -- writing outside a change


def test_nothing_is_written_outside_a_change(dana: Clinic, ana: Patient) -> None:
    dana.read(acts.count, Patient)  # the tables are bound to this file now
    for attempt in (
        lambda: Patient.update(family="Hack").execute(),
        lambda: Patient.delete().execute(),
        lambda: Patient.insert(id=b"1" * 16, version=1, mrn="9", family="x", folded="x").execute(),
        lambda: dana._database.execute_sql("UPDATE patient SET family = 'Hack'"),
        lambda: dana._database.execute_sql("DROP TABLE patient"),
    ):
        with pytest.raises(OperationalError, match="readonly"):
            attempt()
    with pytest.raises(TypeError, match="open change"):
        ana.save()
    with pytest.raises(TypeError, match="struck out"):
        ana.delete_instance()
    assert dana.read(acts.get, Patient, ana.id).family == "Ruiz-Moreno"
    assert dana.verify() == []


def test_the_way_is_shut_again_after_a_change(dana: Clinic, ana: Patient) -> None:
    with pytest.raises(ValueError, match="stop"):
        dana.run(acts.fail_after, Patient, ValueError("stop"), **person("2"))
    assert dana._database.pragma_number("query_only") == 1


# -- locked with a key


def test_a_file_with_a_key_opens_with_it_and_not_without(tmp_path: Path) -> None:
    path = made(tmp_path / "a.cmp", KEY)
    clinic = open_clinic(path, TABLES, key=KEY, os_name="dana")
    assert clinic.verify() == []
    assert clinic.backup(tmp_path / "b.cmp").seq == 2
    clinic.close_here()
    open_clinic(tmp_path / "b.cmp", TABLES, key=KEY.upper(), os_name="dana").close_here()
    before = digest(path)
    for wrong in (None, "f" * 64):
        for which in (path, tmp_path / "b.cmp"):
            with pytest.raises(Stopped, match="not a clinic file, or it is locked with a key"):
                open_clinic(which, TABLES, key=wrong, os_name="dana")
    assert digest(path) == before
    assert b"Dana Ruiz" not in path.read_bytes() + (tmp_path / "b.cmp").read_bytes()
    assert not path.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize(
    "key", ["", "secret", "0x" + "1" * 62, "1" * 63, "1" * 65, "g" * 64, "1" * 62 + "'\""]
)
def test_a_key_of_another_form_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(Stopped, match="64 hexadecimal digits"):
        made(tmp_path / "a.cmp", key)
    assert beside(tmp_path / "a.cmp") == []


def test_a_plain_file_does_not_open_with_a_key(tmp_path: Path) -> None:
    path = made(tmp_path / "a.cmp")
    with pytest.raises(Stopped, match="not a clinic file"):
        open_clinic(path, TABLES, key=KEY, os_name="dana")
    open_clinic(path, TABLES, os_name="dana").close_here()


# -- modes


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077, 0o177])
@pytest.mark.parametrize(
    ("folder", "wanted"), [(0o700, 0o600), (0o2700, 0o600), (0o755, 0o600), (0o2770, 0o660)]
)
def test_modes(tmp_path: Path, umask: int, folder: int, wanted: int) -> None:
    place = tmp_path / "place"
    place.mkdir()
    place.chmod(folder)
    earlier = os.umask(umask)
    try:
        clinic = make_clinic(place / "a.cmp", TABLES, admin=ADMIN, settings=LAKE, os_name="dana")
        clinic.backup(place / "b.cmp")
        seen = {found.name: stat.S_IMODE(found.stat().st_mode) for found in place.iterdir()}
        clinic.close_here()
    finally:
        os.umask(earlier)
    assert seen == dict.fromkeys(("a.cmp", "a.cmp-wal", "a.cmp-shm", "b.cmp"), wanted)


# -- copies


def test_a_copy_is_whole_and_opens(dana: Clinic, ana: Patient, tmp_path: Path) -> None:
    target = tmp_path / "copy.cmp"
    head = dana.backup(target)
    assert head == dana.read(audit_head)
    copy = open_clinic(target, TABLES, os_name="dana", rights=acts.RIGHTS)
    assert copy.read(audit_head) == head
    assert copy.verify(head) == []
    assert copy.read(acts.get, Patient, ana.id).family == "Ruiz-Moreno"
    copy.close_here()


def test_a_copy_never_overwrites(dana: Clinic, tmp_path: Path) -> None:
    target = tmp_path / "copy.cmp"
    target.write_text("precious")
    with pytest.raises(Stopped, match="exists already"):
        dana.backup(target)
    assert target.read_text() == "precious"
    with pytest.raises(Stopped, match="exists already"):
        dana.backup(dana.path)


def test_a_copy_to_nowhere_is_told_and_leaves_nothing(dana: Clinic, tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="can't be written"):
        dana.backup(tmp_path / "no" / "copy.cmp")
    before = beside(dana.path)
    (tmp_path / "taken").mkdir()
    with pytest.raises(Stopped):
        dana.backup(tmp_path / "taken")
    assert beside(dana.path) == sorted([*before, "taken"])


def test_a_copy_that_fails_its_check_is_not_kept(
    dana: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(aside: Path) -> tuple[int, int, str]:
        with aside.open("r+b") as handle:
            handle.truncate(20_000)
        return file.ClinicDatabase.check_copy(dana._database, aside)

    monkeypatch.setattr(dana._database, "check_copy", cut)
    before = beside(dana.path)
    with pytest.raises(Stopped):
        dana.backup(tmp_path / "copy.cmp")
    assert beside(dana.path) == before


# -- brought up to date

EVERY = (*GROUND, *TABLES)
NEXT = f"m{file.SCHEMA + 1:04}_next"

ADDS = '''
"""Patients may have a nickname; a table of songs."""
def up(migrator, database):
    database.execute_sql("ALTER TABLE patient ADD COLUMN nickname TEXT")
    database.execute_sql("CREATE TABLE song (id BLOB PRIMARY KEY, title TEXT NOT NULL) STRICT")
'''
FAILS = """
def up(migrator, database):
    database.execute_sql("UPDATE patient SET family = 'Lost'")
    database.execute_sql("ALTER TABLE nowhere ADD COLUMN nickname TEXT")
"""
BREAKS_LINKS = """
def up(migrator, database):
    database.execute_sql("DELETE FROM staff")
"""


@pytest.fixture
def older(dana: Clinic, ana: Patient) -> Path:
    """A file with a patient of Dana's, closed: the next schema finds it."""
    dana.run(acts.edit, Patient, ana.id, care_manager=dana.read(lambda scope: scope.who.id))
    dana.close_here()
    return dana.path


def steps(folder: Path, **texts: str) -> Path:
    place = folder / "migrations"
    place.mkdir()
    for name, text in texts.items():
        (place / f"{name.removeprefix('m')}.py").write_text(text)
    return place


def test_an_older_file_is_copied_and_brought_up(older: Path, tmp_path: Path, ana: Patient) -> None:
    place = steps(tmp_path, m0001_first="raise SystemExit('never run')", **{NEXT: ADDS})
    database = file.open_file(older, schema=file.SCHEMA + 1)
    migrating.migrate(database, older, EVERY, place)
    assert database.pragma_number("user_version") == file.SCHEMA + 1
    assert database.pragma_number("foreign_keys") == 1
    assert database.pragma_number("query_only") == 1
    assert database.execute_sql("SELECT family, nickname FROM patient").fetchall() == [("Ruiz-Moreno", None)]
    assert "song" in database.get_tables()
    copy = older.with_name(f"clinic.cmp.schema-{file.SCHEMA}.backup")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    reopened = Clinic(database, (*GROUND, *TABLES), os_name="dana", rights=acts.RIGHTS)
    assert reopened.verify() == []  # an empty new column changes no row's proof
    assert reopened.run(acts.edit, Patient, ana.id, given="Ana María").version == 3
    assert reopened.verify() == []
    migrating.migrate(database, older, EVERY, place)  # nothing to do
    database.close()
    with pytest.raises(Stopped, match="newer"):
        file.open_file(older)  # the older program
    before = open_clinic(copy, TABLES, os_name="dana", rights=acts.RIGHTS)
    assert before.verify() == []
    assert before.read(acts.get, Patient, ana.id).given == "Ana"
    before.close_here()


@pytest.mark.parametrize(
    "texts",
    [{NEXT: FAILS}, {NEXT: ADDS, f"m{file.SCHEMA + 2:04}_fails": FAILS}, {NEXT: BREAKS_LINKS}],
)
def test_a_failed_step_leaves_the_file_as_it_was(
    older: Path, tmp_path: Path, ana: Patient, texts: dict[str, str]
) -> None:
    schema = file.SCHEMA + len(texts)
    database = file.open_file(older, schema=schema)
    with pytest.raises(Stopped, match="It is as it was, and a copy"):
        migrating.migrate(database, older, EVERY, steps(tmp_path, **texts))
    database.close()
    clinic = open_clinic(older, TABLES, os_name="dana", rights=acts.RIGHTS)
    assert clinic._database.pragma_number("user_version") == file.SCHEMA
    assert "song" not in clinic._database.get_tables()
    assert clinic.read(acts.get, Patient, ana.id).family == "Ruiz-Moreno"
    assert clinic.verify() == []
    clinic.close_here()


def test_a_copy_of_the_old_file_is_not_replaced_by_the_new_one(older: Path, tmp_path: Path) -> None:
    """Two programs meet the same old file; the slower one finds it brought up already."""
    place = steps(tmp_path, **{NEXT: ADDS})
    slow = file.open_file(older, schema=file.SCHEMA + 1)
    quick = file.open_file(older, schema=file.SCHEMA + 1)
    migrating.migrate(quick, older, EVERY, place)
    copy = older.with_name(f"clinic.cmp.schema-{file.SCHEMA}.backup")
    file.copy_to(slow, copy, only_schema=file.SCHEMA)
    assert slow.check_copy(copy)[0] == file.SCHEMA
    migrating.migrate(slow, older, EVERY, place)
    slow.close()
    quick.close()


def test_a_running_older_program_stops_writing(dana: Clinic, ana: Patient, tmp_path: Path) -> None:
    quick = file.open_file(dana.path, schema=file.SCHEMA + 1)
    migrating.migrate(quick, dana.path, EVERY, steps(tmp_path, **{NEXT: ADDS}))
    quick.close()
    with pytest.raises(Stopped, match="brought up to date by a newer cmp-tui"):
        dana.run(acts.edit, Patient, ana.id, given="X")
    assert dana.read(acts.get, Patient, ana.id).given == "Ana"


# -- two programs


def hold(
    path: Path, held: multiprocessing.synchronize.Event, let_go: multiprocessing.synchronize.Event
) -> None:
    connection = driver.connect(str(path), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    held.set()
    let_go.wait(20)
    connection.execute("COMMIT")
    connection.close()


def test_a_change_waits_for_another_program(dana: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    spawn = multiprocessing.get_context("spawn")
    held, let_go = spawn.Event(), spawn.Event()
    other = spawn.Process(target=hold, args=(dana.path, held, let_go))
    other.start()
    try:
        assert held.wait(30)
        dana.read(acts.count, Staff)
        monkeypatch.setattr("cmp_tui.clinic.clinic.WAIT_SECONDS", 0.05)
        with pytest.raises(Stopped, match="busy"):
            dana.run(acts.add, Patient, **person("2"))
        monkeypatch.setattr("cmp_tui.clinic.clinic.WAIT_SECONDS", 30)
        let_go.set()
        assert dana.run(acts.add, Patient, **person("2")).mrn == "2"
    finally:
        let_go.set()
        other.join(30)


def test_the_file_of_the_first_release_gets_what_it_lacks(tmp_path: Path) -> None:
    """`schema_1.sql` is what `cmp-tui init` made in the first release; a file made now has the same, and more."""
    new, old = tmp_path / "new.cmp", tmp_path / "old.cmp"
    file.create(new, EVERY).close()
    made = Path(__file__).with_name("schema_1.sql").read_text(encoding="utf-8")
    connection = driver.connect(str(old), isolation_level=None)
    connection.executescript(made)
    connection.execute(f"PRAGMA application_id = {file.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    database = file.open_file(old)
    migrating.migrate(database, old, EVERY)
    assert _shape(database) == _shape(file.open_file(new))
    database.close()


def _shape(database: file.ClinicDatabase) -> dict[str, tuple[object, ...]]:
    """Columns (in any order), links, indexes and triggers of every table."""
    shape: dict[str, tuple[object, ...]] = {}
    for table in sorted(database.get_tables()):
        columns = database.execute_sql(
            f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')"
        )
        links = database.execute_sql(
            f'SELECT "from", "table", on_delete FROM pragma_foreign_key_list(\'{table}\')'
        )
        others = database.execute_sql(
            "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND type != 'table'", (table,)
        )
        shape[table] = (sorted(columns), sorted(links), sorted(row for row in others if row[2]))
    return shape
