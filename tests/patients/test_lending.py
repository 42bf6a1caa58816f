"""Panels: whose patients a view shows, lending and moving."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.actions import add_patient, end_loan, lend_panel, move_panel, strike_record
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import loans, panel_of, staff_of
from tests.conftest import AsUser

TODAY = date(2026, 11, 23)


def families(scope: Scope, view: str | bytes) -> list[str]:
    query = Patient.select(Patient.family).where(panel_of(scope, view)).order_by(Patient.family)
    return [family for (family,) in rows(query)]


@pytest.fixture
def panels(clinic: Clinic, as_user: AsUser) -> None:
    """Dana has Adams and Brown, Ben has Clark, nobody has Davis; Evans was struck out."""
    for family in ("Adams", "Brown"):
        clinic.run(add_patient, family=family)
    as_user("ben").run(add_patient, family="Clark")
    clinic.run(add_patient, family="Davis", care_manager=None)
    clinic.run(strike_record, "patient", clinic.run(add_patient, family="Evans").id, "a test entry")


def test_views(clinic: Clinic, as_user: AsUser, panels: None, staff: Any) -> None:
    assert clinic.read(families, "mine") == ["Adams", "Brown"]
    assert clinic.read(families, "team") == ["Adams", "Brown", "Clark", "Davis"]
    assert clinic.read(families, "cover:BEN") == clinic.read(families, staff("ben")) == ["Clark"]
    assert as_user("levin").read(families, "mine") == []
    for view in ("cover:nobody", "cover", "all", ""):
        with pytest.raises(Gone, match="no view"):
            clinic.read(families, view)


def test_a_lent_panel_is_mine_on_its_days(
    clinic: Clinic, as_user: AsUser, panels: None, staff: Any, clock: FrozenClock
) -> None:
    ben = as_user("ben")
    loan = clinic.run(
        lend_panel, staff("dana"), staff("ben"), TODAY + timedelta(1), TODAY + timedelta(3), "holiday"
    )
    assert ben.read(families, "mine") == ["Clark"]
    assert [(one.owner_name, one.cover_name, one.now) for one in ben.read(loans)] == [
        ("Dana Ruiz", "Ben Ortiz", False)
    ]
    clock.at += timedelta(days=1)
    assert ben.read(families, "mine") == ["Adams", "Brown", "Clark"]
    assert ben.read(staff_of, "mine") == (staff("ben"), staff("dana")) and ben.read(loans)[0].now
    assert clinic.read(families, "mine") == ["Adams", "Brown"]
    clock.at += timedelta(days=2)
    assert len(ben.read(families, "mine")) == 3
    clock.at += timedelta(days=1)
    assert ben.read(families, "mine") == ["Clark"] and ben.read(loans) == []
    assert [one.id for one in ben.read(loans, past=True)] == [loan.id]


def test_a_loan_can_end_early_by_either(clinic: Clinic, as_user: AsUser, panels: None, staff: Any) -> None:
    loan = clinic.run(lend_panel, staff("dana"), staff("ben"), TODAY, TODAY, None)
    with pytest.raises(Refused):
        as_user("levin").run(end_loan, loan.id)
    as_user("ben").run(end_loan, loan.id)
    assert as_user("ben").read(families, "mine") == ["Clark"] and clinic.read(loans) == []
    assert clinic.run(end_loan, loan.id).version == 2


@pytest.mark.parametrize(
    ("owner", "cover", "starts", "ends", "field"),
    [
        ("dana", "dana", 0, 1, "cover"),
        ("dana", "ben", 2, 1, "ends"),
        ("dana", "ben", -3, -1, "ends"),
        ("dana", "otto", 0, 1, "cover"),
        ("dana", "levin", 1, 5, "starts"),
    ],
)
def test_what_can_not_be_lent(
    clinic: Clinic, staff: Any, owner: str, cover: str, starts: int, ends: int, field: str
) -> None:
    clinic.run(lend_panel, staff("dana"), staff("levin"), TODAY + timedelta(4), TODAY + timedelta(9), None)
    with pytest.raises(Invalid) as caught:
        clinic.run(
            lend_panel, staff(owner), staff(cover), TODAY + timedelta(starts), TODAY + timedelta(ends), None
        )
    assert set(caught.value.fields) == {field}


def test_only_an_administrator_lends_anothers_panel(as_user: AsUser, staff: Any) -> None:
    with pytest.raises(Refused):
        as_user("ben").run(lend_panel, staff("dana"), staff("ben"), TODAY, TODAY, None)
    as_user("iris").run(lend_panel, staff("dana"), staff("ben"), TODAY, TODAY, None)
    with pytest.raises(Refused):
        as_user("otto").run(lend_panel, staff("dana"), staff("ben"), TODAY, TODAY, None)


def test_moving_is_one_change_and_one_undo(clinic: Clinic, panels: None, staff: Any) -> None:
    assert clinic.run(move_panel, staff("dana"), staff("ben")) == 2
    assert clinic.read(families, "mine") == []
    assert clinic.read(families, "cover:ben") == ["Adams", "Brown", "Clark"]
    done = clinic.read(last_undoable)
    assert done is not None and done.rows == 2
    clinic.undo(done.seq)
    assert clinic.read(families, "mine") == ["Adams", "Brown"]


def test_some_of_a_panel_move(clinic: Clinic, panels: None, staff: Any) -> None:
    key = next(iter(rows_of(clinic, "Adams")))
    assert clinic.run(move_panel, staff("dana"), staff("levin"), [key]) == 1
    assert clinic.run(move_panel, staff("dana"), staff("levin"), [key]) == 0
    assert clinic.read(families, "mine") == ["Brown"]
    with pytest.raises(Invalid):
        clinic.run(move_panel, staff("dana"), staff("dana"))
    with pytest.raises(Invalid):
        clinic.run(move_panel, staff("dana"), staff("iris"))


def rows_of(clinic: Clinic, family: str) -> list[bytes]:
    def keys(scope: Scope) -> list[bytes]:
        return [key for (key,) in rows(Patient.select(Patient.id).where(Patient.family == family))]

    return clinic.read(keys)


def test_a_panel_is_moved_by_its_owner_or_an_administrator(
    clinic: Clinic, as_user: AsUser, panels: None, staff: Any
) -> None:
    with pytest.raises(Refused, match="Only an administrator"):
        as_user("ben").run(move_panel, staff("dana"), staff("ben"))
    assert clinic.read(families, "mine") == ["Adams", "Brown"]
    assert as_user("iris").run(move_panel, staff("dana"), staff("ben")) == 2
    assert as_user("ben").run(move_panel, staff("ben"), staff("dana")) == 3
