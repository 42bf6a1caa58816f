"""The audit chain: what the file refuses, what verification names, and no false alarm."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlcipher3 import dbapi2 as driver

from cmp_tui.clinic.audit import Head, audit_head, audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.patients.model import Patient, Phone
from cmp_tui.tables import TABLES
from tests import tampers
from tests.clinic import acts
from tests.clinic.conftest import person


@pytest.fixture
def busy(dana: Clinic, ben: Clinic, ana: Patient) -> Clinic:
    """A clinic with some work in it: adds, edits, many at once, strikes, undos, looks."""
    keys = dana.run(acts.add_many, Patient, [person(str(number)) for number in range(100, 120)])
    for number, key in enumerate(keys[:12]):
        clinic = (dana, ben)[number % 2]
        clinic.run(acts.edit, Patient, key, None, given="Tom", city="Austin")
        clinic.look("chart", key)
    dana.run(acts.add, Phone, patient=ana.id, number="1")
    done = dana.read(last_undoable)
    assert done is not None
    dana.undo(done.seq)
    ben.run(acts.strike, Patient, keys[19])
    dana.look("search", text=3)
    ben.look("list", rows=20)
    dana.look("export", rows=20, format="csv")
    return dana


def test_no_false_alarm(busy: Clinic) -> None:
    head = busy.read(audit_head)
    assert busy.verify() == []
    assert busy.verify(head) == []
    busy.look("list")
    assert busy.verify(head) == []  # the chain went on; it still holds the head


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET action = 'x' WHERE seq = 3",
        "UPDATE audit SET hash = x'00'",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        (
            "INSERT INTO audit SELECT seq + 2, at, who, action, patient, facts, content, hash, hash FROM audit "
            "ORDER BY seq DESC LIMIT 1"
        ),
        (
            "INSERT INTO audit SELECT seq + 1, at, who, action, patient, facts, content, prev, hash FROM audit "
            "ORDER BY seq DESC LIMIT 1"
        ),
        "INSERT INTO audit (at, action, prev, hash) VALUES (0, 'x', x'00', x'00')",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 3",
        (
            "INSERT OR IGNORE INTO audit SELECT seq, 0, who, action, patient, facts, content, prev, hash FROM audit "
            "WHERE seq = 3"
        ),
        "INSERT INTO audit SELECT * FROM audit WHERE seq = 3 ON CONFLICT (seq) DO UPDATE SET action = 'x'",
        "UPDATE OR REPLACE audit SET seq = 4 WHERE seq = 3",
        "UPDATE image SET version = 9",
        "DELETE FROM image",
        "INSERT OR REPLACE INTO image SELECT * FROM image WHERE seq = 3",
        (
            "INSERT INTO image SELECT seq, part + 9, table_name, row, version, before, after, packed, schema_version "
            "FROM image WHERE seq = 3"
        ),
    ],
)
def test_the_file_itself_refuses_to_change_the_past(busy: Clinic, sql: str) -> None:
    """Also on a connection that knows nothing of this program."""
    connection = driver.connect(str(busy.path), isolation_level=None)
    with pytest.raises(
        driver.IntegrityError, match=r"never changed|never cut|no gaps|never removed|with their change"
    ):
        connection.execute(sql)
    connection.close()
    assert busy.verify() == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("tamper", tampers.TAMPERS, ids=lambda tamper: tamper.__name__)
def test_each_tamper_is_named(busy: Clinic, tamper: tampers.Tamper, seed: int) -> None:
    head = busy.read(audit_head)
    busy.close_here()
    with tampers.behind_the_back(busy.path) as connection:
        tamper(connection, Random(seed))
    assert busy.verify(head) != []
    if tamper in tampers.NEEDS_HEAD:
        assert busy.verify() == []  # a chain can't see its own end; that is why heads are kept outside
    else:
        assert busy.verify() != []


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE audit SET at = at + 1 WHERE seq = 9", "the entry does not match its hash"),
        ("DELETE FROM audit WHERE seq = 9", "entries 9 to 9 are missing"),
        ("UPDATE audit SET prev = x'00' WHERE seq = 9", "the entry does not match its hash"),
        ("UPDATE patient SET version = version + 1 WHERE mrn = '100'", "a row of patient was altered"),
        ("DELETE FROM audit WHERE seq = 7", "images without an audit entry"),
        ("DELETE FROM image WHERE seq = 7", "the images of this change are missing"),
        ("UPDATE image SET version = 5 WHERE seq = 7", "the images of this change were altered"),
        (
            "UPDATE patient SET mrn = 'x' WHERE mrn = '100'",
            "a row of patient was altered outside the program",
        ),
        ("DELETE FROM patient WHERE mrn = '100'", "a row of patient was removed outside the program"),
        (
            "UPDATE patient SET id = randomblob(16) WHERE mrn = '100'",
            "a row of patient was made outside the program",
        ),
        ("UPDATE audit SET facts = '{' WHERE seq = 9", "the entry does not match its hash"),
        (
            "UPDATE patient SET deceased = 2, birth_date = 'never' WHERE mrn = '100'",
            "a row of patient was altered",
        ),
        (
            "UPDATE staff SET roles = 'admin' WHERE username = 'ben'",
            "a row of staff was altered outside the program",
        ),
        ("UPDATE phone SET patient_id = randomblob(16)", "points to a row of patient that is not there"),
    ],
)
def test_what_is_wrong_is_said_in_words(busy: Clinic, sql: str, says: str) -> None:
    busy.close_here()
    with tampers.behind_the_back(busy.path) as connection:
        connection.execute(sql)
    found = busy.verify()
    assert any(says in each.says for each in found), found


@pytest.mark.parametrize("value", ["'{'", "'5'", "'\"Mars\"'", "'\"America\"'"])
def test_damaged_settings_stop_the_program_with_a_sentence(busy: Clinic, value: str) -> None:
    busy.close_here()
    with tampers.behind_the_back(busy.path) as connection:
        connection.execute(f"UPDATE setting SET value = {value} WHERE key = 'time_zone'")
    with pytest.raises(Stopped, match="settings in this clinic file are damaged"):
        busy.verify()


def test_a_head_from_elsewhere_is_named(busy: Clinic) -> None:
    head = busy.read(audit_head)
    assert "differs" in busy.verify(Head(head.seq, "00" * 32))[0].says
    assert "ends at" in busy.verify(Head(head.seq + 5, head.hash))[0].says


def test_a_readers_verification_sees_one_moment(busy: Clinic) -> None:
    """A change that is saved while verification runs raises no alarm."""
    seen = []

    def between(scope: object) -> None:
        seen.append(busy.read(acts.count, Patient))
        other.run(acts.add, Patient, **person("999"))
        seen.append(busy.read(acts.count, Patient))

    other = open_clinic(busy.path, TABLES, os_name="ben", clock=busy.clock, rights=acts.RIGHTS)
    busy.read(lambda scope: between(scope))
    assert seen[0] == seen[1]
    other.close_here()
    assert busy.verify() == []


def test_pages_of_the_chain(busy: Clinic, ana: Patient, clock: FrozenClock) -> None:
    everything = busy.read(audit_page, limit=1000)
    assert [entry.seq for entry in everything] == list(range(everything[0].seq, 0, -1))
    assert [entry.action for entry in everything[:2]] == ["look.export", "look.list"]
    assert everything[0].facts == {"rows": 20, "format": "csv"}
    first = busy.read(audit_page, limit=5)
    assert first == everything[:5]
    assert busy.read(audit_page, before=first[-1].seq, limit=5) == everything[5:10]
    assert {entry.who for entry in busy.read(audit_page, who="ben")} == {"ben"}
    assert {entry.patient for entry in busy.read(audit_page, patient=ana.id)} == {ana.id}
    assert busy.read(audit_page, since=clock.at + timedelta(seconds=1)) == []
    assert everything[-1].who == ""  # the founding


def test_entries_hold_no_name_of_a_patient(busy: Clinic) -> None:
    connection = driver.connect(str(busy.path), isolation_level=None)
    for facts, action in connection.execute("SELECT facts, action FROM audit"):
        assert "Okafor" not in f"{facts}{action}"
        assert "Ruiz" not in f"{facts}{action}"
    connection.close()


def test_a_change_for_several_patients_is_found_under_each(dana: Clinic, ana: Patient) -> None:
    tom, lea = (dana.run(acts.add, Patient, **person(mrn, "Bell")) for mrn in ("7", "8"))
    steps = [(acts.edit, Patient, key, {"city": "Austin"}) for key in (ana.id, tom.id)]
    dana.run(acts.several, *steps, (acts.edit, Patient, lea.id, {}))
    (entry,) = dana.read(audit_page, limit=1)
    assert (entry.patient, entry.facts) == (None, {"about": [ana.id.hex(), tom.id.hex()]})
    for key, action in ((ana.id, "acts.several"), (tom.id, "acts.several"), (lea.id, "acts.add")):
        assert dana.read(audit_page, patient=key)[0].action == action
    done = dana.read(last_undoable)
    assert done is not None
    assert (done.patient, done.rows) == (None, 2)
    dana.undo(done.seq)
    assert dana.read(audit_page, patient=tom.id)[0].action == "clinic.undo"
    assert dana.verify() == []


def test_many_rows_at_once_are_found_under_each_patient(dana: Clinic) -> None:
    keys = dana.run(acts.add_many, Patient, [person(str(number)) for number in range(5)])
    assert [len(dana.read(audit_page, patient=key)) for key in keys] == [1] * 5
