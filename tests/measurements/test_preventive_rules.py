"""Which preventive measures are due: by the book's rules, and by what a chart has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cmp_tui.careplan.preventive_queries import gaps_of, gaps_of_many
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.measurements.model import Measurement, Vaccination
from cmp_tui.measurements.preventive_actions import (
    answer_preventive,
    edit_preventive_answer,
    strike_preventive_answer,
)
from cmp_tui.measurements.preventive_book import preventive_book
from cmp_tui.measurements.preventive_queries import preventive_answers
from cmp_tui.measurements.preventive_rules import age_on, ever_smoked, rests_until
from cmp_tui.patients.actions import add_condition, add_patient, edit_patient

MON = date(2026, 11, 23)


def put(change: Any, model: Any, **values: Any) -> bytes:
    """Writes a row as an import does."""
    return change.add(model, **values).id


@pytest.fixture(autouse=True)
def _allowed(clinic: Clinic) -> None:
    clinic.rights = Rights({**ACTIONS, "test_preventive_rules.put": Right(CARE)})


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz", birth_date="1960-02-11", sex="F").id


def due(clinic: Clinic, patient: bytes) -> set[str]:
    return {gap.measure.name for gap in clinic.read(gaps_of, patient)}


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1960-11-23", 66), ("1960-11-24", 65), ("1960-10", 66), ("1960-12", 65), ("1960-11", None),
        ("1960", None), (None, None),
    ],
)  # fmt: skip
def test_an_age_is_told_where_it_can_be(born: str | None, age: int | None) -> None:
    assert age_on(born, MON) == age


@pytest.mark.parametrize(
    ("words", "said"),
    [([], None), (["never"], False), (["unknown"], None), (["formerly"], True), (["never", "every day"], True),
     (["Smokes some days"], True), (["unknown", "never"], False)],
)  # fmt: skip
def test_who_ever_smoked(words: list[str], said: bool | None) -> None:
    assert ever_smoked(words) is said


def test_how_long_an_answer_holds(clinic: Clinic) -> None:
    book = preventive_book(clinic.reference).measures
    assert rests_until(book["flu-vaccine"], "not-suitable", MON) is None
    assert rests_until(book["flu-vaccine"], "declined", MON) == date(2027, 11, 23)
    assert rests_until(book["flu-vaccine"], "done-elsewhere", MON) == date(2027, 7, 1)
    assert rests_until(book["flu-vaccine"], "done-elsewhere", date(2026, 6, 30)) == date(2026, 7, 1)
    assert rests_until(book["tetanus-vaccine"], "done-elsewhere", MON) == date(2036, 11, 23)
    many = next(one for one in book.values() if len({choice.months for choice in one.choices}) > 1)
    for choice in many.choices:
        until = rests_until(many, "done-elsewhere", MON, choice.title.en)
        assert (until is None) is (choice.months == 0)


def test_a_vaccine_closes_its_gap(clinic: Clinic, ana: bytes) -> None:
    assert {"flu-vaccine", "tetanus-vaccine"} <= due(clinic, ana)
    clinic.run(put, Vaccination, patient=ana, kind="influenza", display="Flu", date=date(2026, 6, 30))
    assert "flu-vaccine" in due(clinic, ana), "the season before"
    clinic.run(put, Vaccination, patient=ana, kind="influenza", display="Flu", date=date(2026, 10, 2))
    assert "flu-vaccine" not in due(clinic, ana)


def test_a_group_opens_a_gap_and_a_value_closes_it(clinic: Clinic, ana: bytes) -> None:
    book = preventive_book(clinic.reference).measures
    name = next(
        one.name
        for one in book.values()
        if one.groups == {"diabetes"} and one.proofs and one.proofs[0].name == "a1c"
    )
    assert name not in due(clinic, ana)
    clinic.run(add_condition, ana, display="Type 2 diabetes", group="diabetes")
    assert name in due(clinic, ana)
    key = clinic.run(put, Measurement, patient=ana, kind="a1c", date=MON, value=7.1, doubtful=True)
    assert name in due(clinic, ana), "a doubtful value shows nothing"
    clinic.run(put, Measurement, patient=ana, kind="a1c", date=MON, value=7.1)
    assert name not in due(clinic, ana) and key


def test_answers_rest_it_and_are_taken_back(clinic: Clinic, ana: bytes) -> None:
    clinic.run(answer_preventive, ana, measure="flu-vaccine", answer="declined", remarks="never again")
    assert "flu-vaccine" not in due(clinic, ana)
    (line,) = clinic.read(preventive_answers, ana)
    assert (line.date, line.until) == (MON, date(2027, 11, 23))
    clinic.run(edit_preventive_answer, line.id, 1, until=MON)
    assert "flu-vaccine" in due(clinic, ana)
    clinic.run(edit_preventive_answer, line.id, 2, until=None)
    assert "flu-vaccine" not in due(clinic, ana), "for good"
    clinic.run(strike_preventive_answer, line.id, "somebody else")
    assert "flu-vaccine" in due(clinic, ana)


def test_what_is_refused(clinic: Clinic, ana: bytes) -> None:
    for wrong in (
        {"measure": "horoscope"},
        {"date": MON + timedelta(1)},
        {"until": MON - timedelta(1)},
        {"answer": "perhaps"},
    ):
        with pytest.raises(Invalid):
            clinic.run(answer_preventive, ana, **{"measure": "flu-vaccine", "answer": "declined", **wrong})


def test_many_are_read_at_once_and_alike(clinic: Clinic, ana: bytes) -> None:
    bo = clinic.run(add_patient, family="Okafor", sex="M", birth_date="1990-05-05").id
    nobody = clinic.run(add_patient, family="Nobody").id
    many = clinic.read(gaps_of_many, [ana, bo, nobody])
    assert all(many[key] == clinic.read(gaps_of, key) for key in (ana, bo, nobody))
    assert "mammogram" not in {gap.measure.name for gap in many[bo]}
    assert all(gap.ask for gap in many[nobody]), "of who is not known nothing is simply due"
    clinic.run(edit_patient, bo, None, deceased=True)
    assert clinic.read(gaps_of, bo) == ()
