"""Reading measured values: the latest of each kind and its trend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.measurements.model import Measurement, Vaccination
from cmp_tui.measurements.queries import latest_values, vaccinations, values_of
from cmp_tui.patients.actions import add_patient
from tests.clinic import acts
from tests.conftest import AsUser

Measure = Callable[..., bytes]


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    clinic.rights = acts.RIGHTS
    return clinic.run(add_patient, family="Ruiz-Moreno").id


@pytest.fixture
def measure(clinic: Clinic, ana: bytes) -> Measure:
    def put(kind: str, month: int, value: float | None, **more: Any) -> bytes:
        values: dict[str, Any] = {"patient": ana, "unit": "%", **more}
        return clinic.run(
            acts.add, Measurement, kind=kind, date=date(2026, month, 1), value=value, **values
        ).id

    return put


def trends(clinic: Clinic, ana: bytes) -> dict[str, tuple[float | None, int | None]]:
    return {one.latest.kind: (one.latest.value, one.trend) for one in clinic.read(latest_values, ana)}


def test_latest_and_trend(clinic: Clinic, ana: bytes, measure: Measure) -> None:
    measure("a1c", 6, 7.9)
    measure("a1c", 1, 8.4)
    measure("a1c", 3, 6.0)
    measure("weight", 2, 80)
    measure("weight", 4, 80)
    measure("bp", 1, 140, value2=90)
    measure("bp", 2, 140, value2=85)
    measure("ldl", 5, 100)
    assert trends(clinic, ana) == {"a1c": (7.9, 1), "weight": (80, 0), "bp": (140, -1), "ldl": (100, None)}
    a1c = clinic.read(latest_values, ana)[0]
    assert a1c.latest.date == date(2026, 6, 1) and a1c.before is not None and a1c.before.value == 6.0


def test_what_can_not_be_compared_has_no_trend(clinic: Clinic, ana: bytes, measure: Measure) -> None:
    measure("a1c", 1, 8.4)
    measure("a1c", 2, 68, unit="mmol/mol")
    measure("smoking", 1, None, text="never", unit=None)
    measure("smoking", 2, None, text="never", unit=None)
    assert trends(clinic, ana) == {"a1c": (68, None), "smoking": (None, None)}


def test_doubtful_and_struck_out_values_are_not_used(clinic: Clinic, ana: bytes, measure: Measure) -> None:
    measure("a1c", 1, 8.4)
    measure("a1c", 2, 84, doubtful=True)
    clinic.run(acts.strike, Measurement, measure("a1c", 3, 9.9))
    assert trends(clinic, ana) == {"a1c": (8.4, None)}
    assert [one.value for one in clinic.read(values_of, ana, "a1c")] == [84, 8.4]
    assert [one.value for one in clinic.read(values_of, ana, "a1c", with_doubtful=False)] == [8.4]
    assert clinic.read(values_of, ana, "bp") == []


def test_of_one_day_the_later_record_counts(clinic: Clinic, ana: bytes, measure: Measure) -> None:
    measure("a1c", 1, 8.4)
    measure("a1c", 1, 8.0)
    assert trends(clinic, ana) == {"a1c": (8.0, -1)}


def test_others_values_stay_theirs(clinic: Clinic, ana: bytes, measure: Measure) -> None:
    other = clinic.run(add_patient, family="Bell").id
    measure("a1c", 1, 8.4)
    measure("a1c", 2, 9.4, patient=other)
    assert trends(clinic, ana) == {"a1c": (8.4, None)} and trends(clinic, other) == {"a1c": (9.4, None)}


def test_vaccines_latest_first(clinic: Clinic, ana: bytes) -> None:
    for kind, month in (("influenza", 1), ("covid", 10), ("zoster", 4)):
        clinic.run(acts.add, Vaccination, patient=ana, kind=kind, display=kind, date=date(2026, month, 1))
    assert [one.kind for one in clinic.read(vaccinations, ana)] == ["covid", "zoster", "influenza"]


@pytest.mark.parametrize("query", [latest_values, vaccinations, values_of])
def test_every_role(as_user: AsUser, ana: bytes, query: Any) -> None:
    more = ("a1c",) if query is values_of else ()
    for username in ("dana", "ben", "levin", "otto"):
        as_user(username).read(query, ana, *more)
    with pytest.raises(Refused):
        as_user("iris").read(query, ana, *more)
