"""Reading visits and stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.encounters.model import Stay, Visit
from cmp_tui.encounters.queries import last_visit, stays, visits
from cmp_tui.patients.actions import add_patient
from tests.clinic import acts
from tests.conftest import AsUser


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    clinic.rights = acts.RIGHTS
    key = clinic.run(add_patient, family="Ruiz-Moreno").id
    for day, kind in ((date(2026, 3, 1), "awv"), (date(2026, 11, 20), "em"), (date(2026, 12, 4), "em")):
        clinic.run(acts.add, Visit, patient=key, date=day, kind=kind)
    for admitted, discharged, kind in (
        (date(2026, 1, 3), date(2026, 1, 9), "inpatient"),
        (date(2026, 6, 1), None, "snf"),
        (date(2026, 9, 5), date(2026, 9, 5), "ed"),
    ):
        clinic.run(acts.add, Stay, patient=key, admitted=admitted, discharged=discharged, kind=kind)
    return key


def test_the_latest_visit_first(clinic: Clinic, ana: bytes) -> None:
    assert [one.date.month for one in clinic.read(visits, ana)] == [12, 11, 3]
    assert [one.kind for one in clinic.read(visits, ana, 1, date(2026, 11, 20))] == ["awv"]
    last = clinic.read(last_visit, ana)
    assert last is not None and last.date == date(2026, 11, 20)
    assert clinic.read(last_visit, b"\0" * 16) is None


def test_who_is_still_in_first(clinic: Clinic, ana: bytes) -> None:
    assert [one.kind for one in clinic.read(stays, ana)] == ["snf", "ed", "inpatient"]


def test_struck_out_ones_are_left_out(clinic: Clinic, ana: bytes) -> None:
    clinic.run(acts.strike, Visit, clinic.read(visits, ana)[0].id)
    clinic.run(acts.strike, Stay, clinic.read(stays, ana)[0].id)
    assert len(clinic.read(visits, ana)) == len(clinic.read(stays, ana)) == 2


@pytest.mark.parametrize("query", [visits, stays, last_visit])
def test_every_role(as_user: AsUser, ana: bytes, query: Any) -> None:
    for username in ("dana", "ben", "levin", "otto"):
        as_user(username).read(query, ana)
    with pytest.raises(Refused):
        as_user("iris").read(query, ana)
