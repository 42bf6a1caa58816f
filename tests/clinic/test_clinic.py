"""The open clinic: looks, reads of one moment, several threads, and errors of the database in words."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from cmp_tui.clinic.audit import Head, audit_head, audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Refused, Stopped
from cmp_tui.clinic.model import Staff
from cmp_tui.patients.model import Patient
from tests.clinic import acts
from tests.clinic.conftest import person
from tests.conftest import AsUser


def test_a_look_is_one_entry_and_no_image(dana: Clinic, ana: Patient, clock: FrozenClock) -> None:
    clock.at += timedelta(minutes=1)
    before = dana.read(audit_head).seq
    dana.look("chart", ana.id)
    dana.look("search", results=3)
    second, first = dana.read(audit_page, limit=2)
    assert (first.seq, first.action, first.patient, first.who, first.at) == (
        before + 1,
        "look.chart",
        ana.id,
        "dana",
        clock.at,
    )
    assert (second.action, second.patient, second.facts) == ("look.search", None, {"results": 3})


def test_a_look_that_can_not_be_logged_is_refused(dana: Clinic, ana: Patient, as_user: AsUser) -> None:
    with pytest.raises(Refused):
        as_user("iris").look("chart", ana.id)
    with pytest.raises(Refused):
        as_user("otto").look("export")


def test_an_auditor_looks_and_verifies_and_an_admin_does_not_read_charts(
    as_user: AsUser, ana: Patient
) -> None:
    otto, iris = as_user("otto"), as_user("iris")
    assert otto.read(acts.get, Patient, ana.id).given == "Ana"
    otto.look("chart", ana.id)
    assert otto.verify() == []
    assert iris.verify() == []
    with pytest.raises(Refused):
        iris.read(acts.get, Patient, ana.id)
    with pytest.raises(Refused):
        as_user("ben").verify()
    with pytest.raises(Refused):
        as_user("ben").backup(Path("never"))


def test_all_that_a_query_reads_is_of_one_moment(dana: Clinic, ben: Clinic) -> None:
    seen = []

    def slow(scope: object) -> None:
        seen.append(Patient.live().count())
        saved = threading.Thread(target=save)
        saved.start()
        saved.join()
        seen.append(Patient.live().count())

    def save() -> None:
        ben.run(acts.add, Patient, **person("1"))
        ben.close_here()

    dana.read(slow)
    assert seen == [0, 0]
    assert dana.read(acts.count, Patient) == 1


def test_a_read_can_not_write(dana: Clinic) -> None:
    with pytest.raises(Stopped, match="can't be written"):
        dana.read(lambda scope: Patient.update(family="x").execute())
    with pytest.raises(ZeroDivisionError):
        dana.read(lambda scope: 1 // 0)
    assert not dana._database.connection().in_transaction
    assert dana.run(acts.add, Patient, **person("1")).version == 1


def test_a_read_within_a_read_is_the_same_moment(dana: Clinic) -> None:
    assert dana.read(lambda scope: dana.read(acts.count, Staff)) == 5
    assert dana.read(acts.count, Staff) == 5


def test_two_people_in_one_process_do_not_mix(dana: Clinic, ben: Clinic, tmp_path: Path) -> None:
    dana.run(acts.add, Patient, **person("1"))
    names = [clinic.read(lambda scope: scope.who.username) for clinic in (dana, ben, dana, ben)]
    assert names == ["dana", "ben", "dana", "ben"]
    assert ben.read(acts.count, Patient) == 1


def test_two_files_in_one_process_do_not_mix(dana: Clinic, tmp_path: Path) -> None:
    from cmp_tui.clinic.opening import make_clinic
    from cmp_tui.tables import TABLES

    dana.run(acts.add, Patient, **person("1"))
    other = make_clinic(
        tmp_path / "other.cmp",
        TABLES,
        admin={"username": "zoe", "name": "Zoe", "credential": "RN"},
        settings={"name": "Other"},
        rights=acts.RIGHTS,
    )
    assert [clinic.read(acts.count, Patient) for clinic in (dana, other, dana, other)] == [1, 0, 1, 0]
    other.run(acts.add, Patient, **person("1"))
    dana.run(acts.add, Patient, **person("2"))
    assert [clinic.read(acts.count, Patient) for clinic in (dana, other)] == [2, 1]
    assert dana.verify() == other.verify() == []
    other.close_here()


def test_several_threads_write_and_read(dana: Clinic) -> None:
    wrong: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(20):
                dana.run(acts.add, Patient, **person(f"{number}-{step}"))
                dana.read(acts.count, Patient)
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)
        finally:
            dana.close_here()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert dana.read(acts.count, Patient) == 120
    assert dana.verify() == []


def test_a_connection_that_was_closed_opens_again(dana: Clinic, ana: Patient) -> None:
    dana.close_here()
    dana.close_here()
    assert dana.read(acts.get, Patient, ana.id).given == "Ana"
    dana.close_here()
    assert sorted(path.name for path in dana.path.parent.iterdir()) == ["clinic.cmp"]


def test_the_head_of_an_empty_chain() -> None:
    assert Head(0, "") == (0, "")


def test_the_clinic_names_its_tables(dana: Clinic) -> None:
    assert Patient in dana.records
    assert {table.__name__ for table in dana.tables} - {table.__name__ for table in dana.records} == {
        "Audit",
        "Image",
        "Working",
    }


def test_a_damaged_page_is_told_in_words(dana: Clinic, ana: Patient) -> None:
    dana.run(acts.add_many, Patient, [person(str(number), remarks="x" * 900) for number in range(1000, 1400)])
    dana.close_here()
    size = dana.path.stat().st_size
    with dana.path.open("r+b") as handle:
        for page in range(40, size // 4096):
            handle.seek(page * 4096)
            handle.write(b"\xff" * 4096)
    try:
        assert any("damaged" in each.says for each in dana.verify())
    except Stopped as stopped:
        assert "is damaged" in str(stopped)
    with pytest.raises(Stopped, match="is damaged"):
        dana.read(lambda scope: [row.remarks for row in Patient.select()])
    dana.close_here()
