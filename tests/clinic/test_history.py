"""The history of records, as it was, and undo and redo: in order, by two people, after a restart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Gone, Refused
from cmp_tui.clinic.history import as_it_was, last_redoable, last_undoable, versions_of
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.staff import change_setting, edit_staff
from cmp_tui.patients.model import Condition, Patient, Phone
from cmp_tui.tables import TABLES
from tests.clinic import acts
from tests.clinic.conftest import person


def undo(clinic: Clinic) -> None:
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)


def redo(clinic: Clinic) -> None:
    done = clinic.read(last_redoable)
    assert done is not None
    clinic.redo(done.seq)


def given(clinic: Clinic, ana: Patient) -> str | None:
    return clinic.read(acts.get, Patient, ana.id).given


# -- history


def test_every_version_with_who_when_and_what(
    dana: Clinic, ben: Clinic, ana: Patient, clock: FrozenClock
) -> None:
    first = clock.at
    clock.at += timedelta(days=1)
    ben.run(acts.edit, Patient, ana.id, 1, city="Austin")
    clock.at += timedelta(days=1)
    dana.run(acts.edit, Patient, ana.id, 2, city="Dallas", given=None)
    clock.at += timedelta(days=1)
    ben.run(acts.strike, Patient, ana.id, "moved away")
    found = dana.read(versions_of, Patient, ana.id)
    assert [(each.version, each.who, each.at - first, each.action, each.struck) for each in found] == [
        (4, "Ben Ortiz", timedelta(days=3), "acts.strike", True),
        (3, "Dana Ruiz", timedelta(days=2), "acts.edit", False),
        (2, "Ben Ortiz", timedelta(days=1), "acts.edit", False),
        (1, "Dana Ruiz", timedelta(0), "acts.add", False),
    ]
    assert found[0].changed["struck_why"] == (None, "moved away")
    assert found[1].changed == {"city": ("Austin", "Dallas"), "given": ("Ana", None)}
    assert found[2].changed == {"city": (None, "Austin")}
    assert found[3].changed["family"] == (None, "Ruiz-Moreno")
    assert len({each.seq for each in found}) == 4


def test_the_history_of_a_row_made_among_many(dana: Clinic, ben: Clinic, clock: FrozenClock) -> None:
    keys = dana.run(acts.add_many, Patient, [person(str(number)) for number in range(50)])
    assert [each.version for each in ben.read(versions_of, Patient, keys[30])] == [1]
    clock.at += timedelta(hours=1)
    ben.run(acts.edit, Patient, keys[30], 1, given="Tom")
    [second, first] = ben.read(versions_of, Patient, keys[30])
    assert (first.version, first.who, first.action, first.changed["mrn"]) == (
        1,
        "Dana Ruiz",
        "acts.add_many",
        (None, "30"),
    )
    assert second.changed == {"given": (None, "Tom")}
    assert ben.read(as_it_was, Patient, keys[30], clock.at - timedelta(seconds=1))["given"] is None
    assert ben.read(as_it_was, Patient, keys[30], clock.at - timedelta(hours=2)) is None


def test_no_history_of_what_never_was(dana: Clinic) -> None:
    assert dana.read(versions_of, Patient, b"\1" * 16) == []
    assert dana.read(as_it_was, Patient, b"\1" * 16, dana.clock.now()) is None


def test_the_founders_settings_have_a_history(dana: Clinic) -> None:
    me = dana.read(lambda scope: scope.who.id)
    [first] = dana.read(versions_of, Staff, me)
    assert (first.action, first.who) == ("clinic.init", "")


def test_a_record_as_it_was(dana: Clinic, ben: Clinic, ana: Patient, clock: FrozenClock) -> None:
    start = clock.at
    states = []
    for number, city in enumerate(("Austin", "Dallas", None, "Waco"), 1):
        clock.at = start + timedelta(days=number)
        (dana if number % 2 else ben).run(acts.edit, Patient, ana.id, None, city=city)
        states.append((clock.at, dict(dana.read(acts.get, Patient, ana.id).__data__)))
    clock.at = start + timedelta(days=9)
    dana.run(acts.strike, Patient, ana.id)
    for at, state in states:
        assert dana.read(as_it_was, Patient, ana.id, at) == state
        assert dana.read(as_it_was, Patient, ana.id, at + timedelta(hours=1)) == state
    assert dana.read(as_it_was, Patient, ana.id, start - timedelta(seconds=1)) is None
    assert dana.read(as_it_was, Patient, ana.id, clock.at)["struck_why"] == "entered twice"


# -- undo and redo


def test_nothing_to_undo(ben: Clinic) -> None:
    assert ben.read(last_undoable) is None
    assert ben.read(last_redoable) is None
    for seq in (0, 1, 999):
        with pytest.raises((Gone, Refused)):
            ben.undo(seq)
        with pytest.raises(Gone):
            ben.redo(seq)


def test_undo_and_redo_walk_back_and_forth(dana: Clinic, ana: Patient) -> None:
    for name in ("A", "B", "C"):
        dana.run(acts.edit, Patient, ana.id, None, given=name)
    seen = []
    for _ in range(3):
        undo(dana)
        seen.append(given(dana, ana))
    assert seen == ["B", "A", "Ana"]
    undo(dana)  # the adding itself
    assert dana.read(acts.count, Patient) == 0
    redo(dana)
    assert dana.read(acts.count, Patient) == 1
    for name in ("A", "B", "C"):
        redo(dana)
        assert given(dana, ana) == name
    assert dana.read(last_redoable) is None
    undo(dana)
    assert given(dana, ana) == "B"
    dana.run(acts.edit, Patient, ana.id, None, given="D")
    assert dana.read(last_redoable) is None
    undo(dana)
    undo(dana)
    assert given(dana, ana) == "A"
    assert dana.verify() == []


def test_what_would_be_undone_is_described(dana: Clinic, ana: Patient, clock: FrozenClock) -> None:
    clock.at += timedelta(minutes=1)
    dana.run(
        acts.several,
        (acts.edit, Patient, ana.id, 1, {"city": "Austin"}),
        (acts.edit, Patient, ana.id, 2, {"city": "Dallas"}),
        (acts.add_many, Condition, [{"patient": ana.id, "display": name} for name in "abc"], {}),
    )
    done = dana.read(last_undoable)
    assert done is not None
    assert (done.action, done.at, done.patient, done.rows, done.undoable) == (
        "acts.several",
        clock.at,
        ana.id,
        4,
        True,
    )
    assert dana.undo(done.seq) == done
    assert dana.read(acts.get, Patient, ana.id).city is None
    assert dana.read(acts.count, Condition) == 0
    redo(dana)
    assert dana.read(acts.get, Patient, ana.id).city == "Dallas"
    assert dana.read(acts.count, Condition) == 3
    assert dana.verify() == []


def test_a_large_import_is_one_undo(dana: Clinic) -> None:
    dana.run(acts.add_many, Patient, [person(str(number)) for number in range(1000)])
    undo(dana)
    assert dana.read(acts.count, Patient) == 0
    redo(dana)
    assert dana.read(acts.count, Patient) == 1000
    assert dana.verify() == []


def test_undo_of_a_strike_brings_the_row_back(dana: Clinic, ana: Patient) -> None:
    dana.run(acts.strike, Patient, ana.id)
    undo(dana)
    row = dana.read(acts.get, Patient, ana.id)
    assert (row.struck_at, row.struck_by, row.struck_why, row.given) == (None, None, None, "Ana")


def test_undo_is_in_the_history(dana: Clinic, ana: Patient) -> None:
    dana.run(acts.edit, Patient, ana.id, 1, given="X")
    undo(dana)
    redo(dana)
    assert [each.action for each in dana.read(versions_of, Patient, ana.id)] == [
        "clinic.redo",
        "clinic.undo",
        "acts.edit",
        "acts.add",
    ]


def test_undo_after_a_restart(dana: Clinic, ana: Patient) -> None:
    dana.run(acts.edit, Patient, ana.id, 1, given="X")
    dana.close_here()
    again = open_clinic(dana.path, TABLES, os_name="dana", clock=dana.clock, rights=acts.RIGHTS)
    undo(again)
    assert given(again, ana) == "Ana"
    again.close_here()
    third = open_clinic(dana.path, TABLES, os_name="dana", clock=dana.clock, rights=acts.RIGHTS)
    redo(third)
    assert given(third, ana) == "X"
    third.close_here()


def test_each_person_undoes_their_own(dana: Clinic, ben: Clinic, ana: Patient) -> None:
    dana.run(acts.edit, Patient, ana.id, 1, given="X")
    other = ben.run(acts.add, Patient, **person("2"))
    mine = dana.read(last_undoable)
    assert mine is not None
    with pytest.raises(Refused, match="Only your own"):
        ben.undo(mine.seq)
    undo(dana)
    assert given(dana, ana) == "Ana"
    undo(ben)
    assert dana.read(acts.get, Patient, other.id).struck_at is not None


def test_undo_is_refused_when_a_row_has_moved_and_names_it(dana: Clinic, ben: Clinic, ana: Patient) -> None:
    phone = dana.run(
        acts.several,
        (acts.edit, Patient, ana.id, 1, {"given": "X"}),
        (acts.add, Phone, {"patient": ana.id, "number": "1"}),
    )[1]
    ben.run(acts.edit, Phone, phone.id, 1, number="2")
    done = dana.read(last_undoable)
    assert done is not None
    with pytest.raises(Refused, match=r"1 of its records changed since \(phone\)"):
        dana.undo(done.seq)
    assert given(dana, ana) == "X"
    ben.run(
        acts.edit, Phone, phone.id, 2, number="1"
    )  # put back by hand: it stands again as the change left it
    dana.undo(done.seq)
    assert given(dana, ana) == "Ana"
    assert dana.verify() == []


def test_undo_is_refused_when_something_newer_belongs_to_the_row(
    dana: Clinic, ben: Clinic, ana: Patient
) -> None:
    phone = ben.run(acts.add, Phone, patient=ana.id, number="1")
    done = dana.read(last_undoable)
    assert done is not None
    with pytest.raises(Refused, match=r"something newer belongs to it \(phone\)"):
        dana.undo(done.seq)
    ben.run(acts.strike, Phone, phone.id)
    dana.undo(done.seq)
    assert dana.read(acts.count, Patient) == 0


def test_undo_is_refused_when_its_place_is_taken(dana: Clinic, ben: Clinic, ana: Patient) -> None:
    dana.run(acts.strike, Patient, ana.id)
    ben.run(acts.add, Patient, **person(ana.mrn))
    done = dana.read(last_undoable)
    assert done is not None
    with pytest.raises(Refused, match=r"changed since \(patient\)"):
        dana.undo(done.seq)
    assert dana.verify() == []


def test_nothing_is_undone_or_redone_twice(dana: Clinic, ana: Patient) -> None:
    dana.run(acts.edit, Patient, ana.id, 1, given="X")
    done = dana.read(last_undoable)
    assert done is not None
    dana.undo(done.seq)
    with pytest.raises(Refused):
        dana.undo(done.seq)
    back = dana.read(last_redoable)
    assert back is not None
    with pytest.raises(Gone, match="nothing to undo"):
        dana.undo(back.seq)
    with pytest.raises(Gone, match="nothing to redo"):
        dana.redo(done.seq)
    dana.redo(back.seq)
    with pytest.raises(Refused):
        dana.redo(back.seq)


def test_an_undo_that_was_redone_is_done_with(dana: Clinic, ana: Patient) -> None:
    """Also when the rows happen to stand as that undo had left them."""
    dana.run(acts.edit, Patient, ana.id, 1, given="X")
    done = dana.read(last_undoable)
    undo(dana)
    first = dana.read(last_redoable)
    redo(dana)
    undo(dana)
    assert done is not None
    assert first is not None
    with pytest.raises(Refused, match="taken back already"):
        dana.redo(first.seq)
    with pytest.raises(Refused, match="taken back already"):
        dana.undo(done.seq)
    redo(dana)
    assert given(dana, ana) == "X"


def test_an_older_change_is_undone_and_redone_out_of_turn(dana: Clinic, ana: Patient) -> None:
    dana.run(acts.edit, Patient, ana.id, 1, given="X")
    older = dana.read(last_undoable)
    other = dana.run(acts.add, Patient, **person("2"))
    assert older is not None
    dana.undo(older.seq)
    assert given(dana, ana) == "Ana"
    assert dana.read(acts.get, Patient, other.id).struck_at is None
    undo(dana)
    assert dana.read(acts.get, Patient, other.id).struck_at is not None
    assert dana.verify() == []


def test_what_has_left_the_house_is_shown_and_not_undone(dana: Clinic, ana: Patient) -> None:
    dana.run(acts.hand_out, Phone, patient=ana.id, number="1")
    done = dana.read(last_undoable)
    assert done is not None
    assert not done.undoable
    with pytest.raises(Refused, match="can't be undone"):
        dana.undo(done.seq)


def test_staff_and_settings_are_not_undone(dana: Clinic) -> None:
    ben_id = dana.read(lambda scope: Staff.get(Staff.username == "ben").id)
    for action, args in ((edit_staff, (ben_id, None)), (change_setting, ("idle_minutes", 5))):
        dana.run(action, *args, **({"name": "Benjamin Ortiz"} if action is edit_staff else {}))
        done = dana.read(last_undoable)
        assert done is not None
        with pytest.raises(Refused):
            dana.undo(done.seq)


def test_looks_are_passed_over(dana: Clinic, ana: Patient) -> None:
    dana.run(acts.edit, Patient, ana.id, 1, given="X")
    undo(dana)
    dana.look("chart", ana.id)
    dana.run(acts.note_only, rows=1)
    assert dana.read(last_redoable) is not None
    redo(dana)
    dana.look("list", rows=3)
    undo(dana)
    assert given(dana, ana) == "Ana"


def test_a_right_that_was_lost_since_takes_undo_with_it(dana: Clinic, ben: Clinic, ana: Patient) -> None:
    ben.run(acts.edit, Patient, ana.id, 1, given="X")
    done = ben.read(last_undoable)
    assert done is not None
    ben_id = ben.read(lambda scope: scope.who.id)
    dana.run(edit_staff, ben_id, None, roles=frozenset({"admin"}))
    with pytest.raises(Refused):
        ben.undo(done.seq)
    dana.run(edit_staff, ben_id, None, roles=frozenset({"care-manager"}))
    ben.undo(done.seq)
    dana.run(edit_staff, ben_id, None, roles=frozenset({"admin"}))
    back = ben.read(last_redoable)
    assert back is not None
    with pytest.raises(Refused):
        ben.redo(back.seq)


def test_four_hundred_undos_do_not_lose_the_thread(dana: Clinic, ana: Patient, tmp_path: Path) -> None:
    for number in range(230):
        dana.run(acts.edit, Patient, ana.id, None, given=str(number))
    for _ in range(230):
        undo(dana)
    assert given(dana, ana) == "Ana"
    undo(dana)
    assert dana.read(acts.count, Patient) == 0
