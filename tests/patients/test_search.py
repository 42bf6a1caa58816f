"""Finding patients in a file, and who may be here already."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.actions import add_patient, add_phone, edit_patient, strike_record
from cmp_tui.patients.queries import Names, find_patients, lookalikes
from tests.clinic import acts
from tests.conftest import AsUser


def warm(scope: Scope, names: Names) -> int:
    """Reads what has changed; how many patients there are."""
    return names.keep_up()


@pytest.fixture
def people(clinic: Clinic, ana: bytes) -> dict[str, bytes]:
    keys = {"ana": ana}
    for name, family, given, born, phone, more in (
        ("james", "Okafor", "James", "1958-11", "512-555-0188", {}),
        ("ruth", "Weiss", "Ruth", "1943-05-01", "", {"other_names": "Lewin", "deceased": True}),
        ("linh", "Trần", "Linh", "1955", "", {}),
        ("rod", "Ruiz", "Rodolfo", "1948-07-30", "", {}),
        ("born", "Name", "Only", None, "", {}),
    ):
        keys[name] = clinic.run(
            add_patient,
            family=family,
            given=given,
            birth_date=born,
            phone=phone or None,
            mrn=f"m{family}-9",
            **more,
        ).id
    return keys


def names_of(clinic: Clinic, text: str, names: Names | None = None, limit: int = 20) -> list[str]:
    return [line.family for line in clinic.read(find_patients, text, limit, names)]


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("okafor", ["Okafor"]),
        ("james okafro", ["Okafor"]),
        ("TRAN", ["Trần"]),
        ("anita", ["Ruiz-Moreno"]),
        ("lewin", ["Weiss"]),
        ("ruiz", ["Ruiz", "Ruiz-Moreno"]),
        ("ruiz 1948-02", ["Ruiz-Moreno"]),
        ("ruiz 7/30/1948", ["Ruiz"]),
        ("1948", ["Ruiz-Moreno", "Ruiz"]),
        ("2/11/1948", ["Ruiz-Moreno"]),
        ("11/1958", ["Okafor"]),
        ("1958-11-03", ["Okafor"]),  # may be: the day is not known
        ("3/3/1955", ["Trần"]),
        ("0133", ["Ruiz-Moreno"]),
        ("555-0188", ["Okafor"]),
        ("(512) 555-0188", ["Okafor"]),
        ("+1 512 555 0188", ["Okafor"]),
        ("A-1", ["Ruiz-Moreno"]),
        ("a-", ["Ruiz-Moreno"]),
        ("mokafor", ["Okafor"]),
        ("133", []),
        ("", []),
        ("   ", []),
        ("xyzzy", []),
        ("%", []),
        ("_", []),
    ],
)
def test_found_by(clinic: Clinic, people: dict[str, bytes], text: str, families: list[str]) -> None:
    assert names_of(clinic, text) == families


def test_the_dead_stand_last_and_the_struck_are_not_found(clinic: Clinic, people: dict[str, bytes]) -> None:
    clinic.run(add_patient, family="Weisser", given="Ruth")
    assert names_of(clinic, "weiss") == ["Weisser", "Weiss"]
    clinic.run(strike_record, "patient", people["ruth"], "a test entry")
    assert names_of(clinic, "weiss") == ["Weisser"]
    assert "Weiss" not in names_of(clinic, "mWeiss-9") and names_of(clinic, "5/1/1943") == []


def test_a_struck_telephone_is_not_found(clinic: Clinic, people: dict[str, bytes]) -> None:
    phone = clinic.run(add_phone, people["linh"], number="737 555 0199")
    assert names_of(clinic, "0199") == ["Trần"]
    clinic.run(strike_record, "phone", phone.id, "wrong number")
    assert names_of(clinic, "0199") == []


def test_the_limit_holds(clinic: Clinic, people: dict[str, bytes]) -> None:
    assert (
        names_of(clinic, "1948", limit=1) == ["Ruiz-Moreno"] and len(names_of(clinic, "ruiz", limit=1)) == 1
    )


def test_names_in_memory_follow_every_change(
    clinic: Clinic, as_user: AsUser, people: dict[str, bytes]
) -> None:
    names = Names()
    assert clinic.read(warm, names) == 6
    clinic.run(edit_patient, people["james"], None, family="Okonkwo")
    assert names_of(clinic, "okonkwo", names) == ["Okonkwo"] and names_of(clinic, "okafor", names) == []
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    assert names_of(clinic, "okafor", names) == ["Okafor"]
    as_user("ben").run(add_patient, family="Bell", given="Tom")  # another process
    assert names_of(clinic, "bell", names) == ["Bell"]
    clinic.run(strike_record, "patient", people["james"], "a test entry")
    assert names_of(clinic, "okafor", names) == []
    clinic.look("search")
    assert clinic.read(warm, names) == 6


def test_names_in_memory_follow_an_import_and_its_undo(clinic: Clinic) -> None:
    from cmp_tui.patients.model import Patient

    names = Names()
    assert clinic.read(warm, names) == 0
    clinic.rights = acts.RIGHTS
    lines = [{"mrn": f"{n}", "family": f"Family{n}", "folded": f"family{n}"} for n in range(700)]
    clinic.run(acts.add_many, Patient, lines)
    assert names_of(clinic, "family699", names)[0] == "Family699"
    assert clinic.read(warm, names) == 700


def test_lookalikes(clinic: Clinic, people: dict[str, bytes]) -> None:
    def why(*described: str | None, **more: bytes) -> list[tuple[str, str]]:
        return [(one.patient.family, one.why) for one in clinic.read(lookalikes, *described, **more)]

    assert why("Ruis Moreno", "Ana", "1948-02-11") == [("Ruiz-Moreno", "similar name, same birth date")]
    assert why("Ruiz-Moreno", "Ana", "1948-02-11", other_than=people["ana"]) == []
    assert why("Lopez", "Ana", None, "512 555 0133") == [("Ruiz-Moreno", "same telephone and first name")]
    assert why("Lewin", "Ruth", "1943-05-01") == [("Weiss", "similar name, same birth date")]  # the dead too
    assert why("Okafor", "James", "1958-11-20")[0][0] == "Okafor"
    assert why("Somebody", "Else", "1948-02-11") == []
    assert why("", None) == []
