"""The people who use the program, and the clinic's settings."""

from __future__ import annotations

from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused, Stopped
from cmp_tui.clinic.history import versions_of
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.staff import (
    CLINICAL,
    MAY_BILL,
    add_staff,
    change_setting,
    disable_staff,
    edit_staff,
    me,
    settings_list,
    staff_list,
)
from tests.conftest import AsUser

NEW = {"username": "mia", "name": "Mia Tran", "credential": "LPN", "roles": frozenset({"care-manager"})}


def staff_id(clinic: Clinic, username: str) -> bytes:
    return clinic.read(lambda scope: Staff.get(Staff.username == username).id)


def test_who_i_am(as_user: AsUser) -> None:
    dana = as_user("dana").read(me)
    assert (dana.username, dana.signature, dana.clinical) == ("dana", "Dana Ruiz, RN", True)
    assert dana.roles == frozenset({"care-manager", "admin"})
    assert as_user("iris").read(me).signature == "Iris Cole"


def test_the_list_of_staff(clinic: Clinic) -> None:
    assert [(row.username, row.credential, row.active) for row in clinic.read(staff_list)] == [
        ("levin", "MD", True),
        ("ben", "LPN", True),
        ("dana", "RN", True),
        ("iris", "none", True),
        ("otto", "none", True),
    ]
    clinic.run(disable_staff, "ben")
    assert "ben" not in [row.username for row in clinic.read(staff_list)]
    [ben] = [row for row in clinic.read(staff_list, everyone=True) if row.username == "ben"]
    assert (ben.active, ben.version) == (False, 2)


@pytest.mark.parametrize("credential", [code.code for code in Reference().codes("credential")])
def test_what_a_credential_means_unless_said_otherwise(clinic: Clinic, credential: str) -> None:
    row = clinic.run(add_staff, **{**NEW, "credential": credential})
    assert (row.clinical, row.may_bill) == (credential in CLINICAL, credential in MAY_BILL)
    other = clinic.run(
        add_staff, **{**NEW, "username": "x", "credential": credential}, clinical=False, may_bill=True
    )
    assert (other.clinical, other.may_bill) == (False, True)


def test_billing_and_clinical_credentials_are_known_ones() -> None:
    known = {code.code for code in Reference().codes("credential")}
    assert known >= CLINICAL >= MAY_BILL


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"roles": frozenset()}, "roles"),
        ({"roles": frozenset({"boss"})}, "roles"),
        ({"username": ""}, "username"),
        ({"username": "mia tran"}, "username"),
        ({"username": "-mia"}, "username"),
        ({"username": "mia;"}, "username"),
        ({"username": "ben"}, "username"),
        ({"username": "BEN"}, "username"),
        ({"os_user": "ben"}, "os_user"),
        ({"credential": "Dr"}, "credential"),
        ({"name": " "}, "name"),
    ],
)
def test_wrong_staff_is_refused_by_field(clinic: Clinic, values: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        clinic.run(add_staff, **{**NEW, **values})
    assert set(caught.value.fields) == {wrong}
    if wrong in ("roles", "username") and "ben" not in str(values).lower():
        with pytest.raises(Invalid):
            clinic.run(edit_staff, staff_id(clinic, "otto"), None, **values)
    assert len(clinic.read(staff_list, everyone=True)) == 5


def test_a_username_is_kept_in_small_letters(clinic: Clinic) -> None:
    assert clinic.run(add_staff, **{**NEW, "username": "Mia.Tran-2"}).username == "mia.tran-2"
    assert clinic.run(edit_staff, staff_id(clinic, "ben"), None, username="Benjamin").username == "benjamin"


def test_new_roles_and_an_end_of_access_work_at_once(as_user: AsUser) -> None:
    clinic, ben = as_user("dana"), as_user("ben")
    with pytest.raises(Refused):
        ben.run(change_setting, "idle_minutes", 5)
    clinic.run(edit_staff, staff_id(clinic, "ben"), 1, roles=frozenset({"admin", "care-manager"}))
    ben.run(change_setting, "idle_minutes", 5)
    clinic.run(disable_staff, "ben")
    with pytest.raises(Refused):
        ben.read(me)
    clinic.run(edit_staff, staff_id(clinic, "ben"), None, active=True)
    assert ben.read(me).username == "ben"


def test_there_is_always_an_administrator(clinic: Clinic, as_user: AsUser) -> None:
    clinic.run(disable_staff, "iris")
    me_id = staff_id(clinic, "dana")
    for attempt in ({"roles": frozenset({"care-manager"})}, {"active": False}):
        with pytest.raises(Refused, match="at least one administrator"):
            clinic.run(edit_staff, me_id, None, **attempt)
    with pytest.raises(Refused, match="yourself"):
        clinic.run(disable_staff, "dana")
    assert clinic.verify() == []
    clinic.run(edit_staff, staff_id(clinic, "otto"), None, roles=frozenset({"admin"}))
    clinic.run(edit_staff, me_id, None, roles=frozenset({"care-manager"}))
    with pytest.raises(Refused):
        clinic.run(disable_staff, "ben")


def test_an_edit_of_staff_that_someone_else_made_meanwhile(clinic: Clinic, as_user: AsUser) -> None:
    as_user("iris").run(edit_staff, staff_id(clinic, "ben"), 1, name="Benjamin Ortiz")
    with pytest.raises(Conflict) as caught:
        clinic.run(edit_staff, staff_id(clinic, "ben"), 1, name="B. Ortiz")
    assert (caught.value.who, caught.value.theirs) == ("Iris Cole", {"name": "Benjamin Ortiz"})


def test_nobody_of_that_name(clinic: Clinic) -> None:
    with pytest.raises(Gone, match="cmp-tui staff list"):
        clinic.run(disable_staff, "nobody")


# -- settings


def test_settings_have_defaults_and_a_history(clinic: Clinic) -> None:
    assert clinic.read(settings_list).idle_minutes == 10
    assert clinic.read(settings_list).name == "Lakeside Family Clinic"
    clinic.run(change_setting, "idle_minutes", 5)
    clinic.run(change_setting, "idle_minutes", 7)
    assert clinic.read(settings_list).idle_minutes == 7
    from cmp_tui.clinic.model import Setting

    key = clinic.read(lambda scope: Setting.get(Setting.key == "idle_minutes").id)
    assert clinic.read(versions_of, Setting, key)[0].changed == {"value": (5, 7)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("idle_minutes", "5"),
        ("idle_minutes", 5.0),
        ("idle_minutes", True),
        ("idle_minutes", -1),
        ("idle_minutes", 10**6),
        ("practice", 1),
        ("time_zone", "Chicago"),
        ("time_zone", ""),
        ("time_zone", "America"),
        ("time_zone", "../../etc/passwd"),
        ("name", None),
    ],
)
def test_a_wrong_setting_is_refused_with_what_it_takes(clinic: Clinic, name: str, value: object) -> None:
    before = clinic.read(settings_list)
    with pytest.raises(Invalid) as caught:
        clinic.run(change_setting, name, value)
    assert set(caught.value.fields) == {name}
    assert clinic.read(settings_list) == before


def test_another_time_zone_moves_the_clinics_day(clinic: Clinic) -> None:
    assert clinic.read(lambda scope: scope.today).isoformat() == "2026-11-23"
    clinic.run(change_setting, "time_zone", "Pacific/Auckland")
    assert clinic.read(lambda scope: scope.today).isoformat() == "2026-11-24"


def test_a_broken_reference_file_is_named(tmp_path: Any) -> None:
    (tmp_path / "records.toml").write_text("[activity]\nvalues = \n[mode]\n")
    with pytest.raises(Stopped, match=r"records\.toml can't be read.*line 2"):
        Reference(tmp_path).codes("activity")
    with pytest.raises(Stopped, match=r"records\.toml can't be read"):
        Reference(tmp_path / "none").codes("activity")


@pytest.mark.parametrize(("name", "value"), [("practice", True), ("practice_person", "dana")])
def test_a_real_clinic_never_becomes_a_practice_file(clinic: Clinic, name: str, value: object) -> None:
    before = clinic.read(settings_list)
    with pytest.raises(Refused, match="from the start, or never"):
        clinic.run(change_setting, name, value)
    assert clinic.read(settings_list) == before


def test_another_credential_says_anew_what_follows_from_it(clinic: Clinic) -> None:
    key = staff_id(clinic, "ben")

    def follows(**values: object) -> tuple[bool, bool]:
        row = clinic.run(edit_staff, key, None, **values)
        return row.clinical, row.may_bill

    assert follows(credential="NP") == (True, True)
    assert follows(credential="CHW") == (False, False)
    assert follows(credential="LPN", clinical=False) == (False, False)
    assert follows(credential="LPN") == (False, False), "what was said by hand stays with the same credential"
