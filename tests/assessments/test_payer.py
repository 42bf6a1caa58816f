"""Risk scores that came from payers: stored as they came, with their source and day."""

from __future__ import annotations

from datetime import date

import pytest

from cmp_tui.assessments.payer_actions import add_payer_score, edit_payer_score, strike_payer_score
from cmp_tui.assessments.payer_forms import FORMS
from cmp_tui.assessments.payer_queries import payer_scores
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.patients.actions import add_patient
from tests.conftest import AsUser
from tests.patients.forming import forms, save, type_in


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno").id


def test_a_score_is_kept_corrected_and_struck_out(clinic: Clinic, ana: bytes) -> None:
    row = clinic.run(
        add_payer_score, ana, kind="HCC", value="2.31", payer="Lakeside Health", date=date(2026, 9, 30)
    )
    clinic.run(add_payer_score, ana, kind="tier", value="high", date=date(2026, 10, 31))
    clinic.run(edit_payer_score, row.id, row.version, value="2.13")
    lines = clinic.read(payer_scores, ana)
    assert [(one.kind, one.value, one.payer) for one in lines] == [
        ("tier", "high", None), ("HCC", "2.13", "Lakeside Health"),
    ]  # fmt: skip
    clinic.run(strike_payer_score, row.id, "of someone else")
    assert len(clinic.read(payer_scores, ana)) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"value": "2.3", "date": date(2026, 9, 1)}, "kind"),
        ({"kind": "HCC", "date": date(2026, 9, 1)}, "value"),
        ({"kind": "HCC", "value": "2.3"}, "date"),
        ({"kind": "HCC", "value": "2.3", "date": date(2026, 11, 24)}, "date"),
    ],
)
def test_what_is_missing_is_told(clinic: Clinic, ana: bytes, values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        clinic.run(add_payer_score, ana, **values)
    assert list(wrong.value.fields) == [field]


def test_who_may(as_user: AsUser, ana: bytes) -> None:
    with pytest.raises(Refused):
        as_user("iris").run(add_payer_score, ana, kind="HCC", value="1", date=date(2026, 9, 1))


async def test_by_keys(clinic: Clinic, ana: bytes) -> None:
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["payer-score"], ana)
        await pilot.pause()
        for name, text in (("kind", "HCC"), ("value", "2.31"), ("payer", "Lakeside"), ("date", "9/30")):
            await type_in(pilot, app.form, name, text)
        result = await save(pilot, future)
        assert opening.said(result.value) == "Payer's score added."
    assert clinic.read(payer_scores, ana)[0].date == date(2026, 9, 30)
