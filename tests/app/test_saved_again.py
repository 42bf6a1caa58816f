"""A draft that outlives its saving (the program ended in between) is saved again, and writes once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, time
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.staff import disable_staff, me, settings_list, staff_list
from cmp_tui.contacts.queries import entries_of
from cmp_tui.enrollment.queries import consents, enrollments
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.queries import conditions, patient_count, phones
from cmp_tui.screens import FORMS
from cmp_tui.tasks.queries import tasks_of
from cmp_tui.ui.fields.base import Here
from cmp_tui.ui.fields.choice import ChoiceField
from cmp_tui.ui.form import Submission
from cmp_tui.ui.makers import AGAIN, FormContext, Opening
from cmp_tui.ui.spans import Span
from tests.app.conftest import TODAY

People = dict[str, bytes]


@pytest.fixture
async def context(clinic: Clinic) -> AsyncIterator[FormContext]:
    """What a form may ask of the running program."""
    settings = clinic.read(settings_list)
    live = LiveClinic(clinic)
    yield FormContext(
        live, Here(clinic.clock.now, settings.zone), clinic.reference, settings, clinic.read(me)
    )
    live.close()


async def save(opening: Opening, typed: dict[str, Any]) -> Any:
    return await opening.submit(Submission({**opening.values, **typed}, typed, opening.seen))


CASES: tuple[tuple[str, str | None, dict[str, Any]], ...] = (
    ("patient", None, {"family": "Lindqvist", "given": "Eva", "birth_date": "1950-01-02", "sex": "F"}),
    ("phone", "Bell", {"number": "5125550199", "use": "home"}),
    ("condition", "Bell", {"display": "Gout", "status": "active"}),
    (
        "consent",
        "Bell",
        {"program": "CCM", "decision": "accepted", "date": TODAY, "mode": "verbal", "points": POINTS},
    ),
    ("enrollment", "Ruiz-Moreno", {"program": "PCM", "status": "planned", "start": date(2026, 12, 1)}),
    ("task", "Bell", {"title": "ring him", "due": TODAY, "kind": "follow-up"}),
    ("time", "Bell", {"begin": time(8, 0), "minutes": Span(12), "activity": "other"}),
)


@pytest.mark.parametrize(("name", "whose", "typed"), CASES, ids=[case[0] for case in CASES])
async def test_the_same_draft_writes_once(
    clinic: Clinic,
    people: People,
    context: FormContext,
    name: str,
    whose: str | None,
    typed: dict[str, Any],
) -> None:
    def rows() -> list[int]:
        patient = people[whose or "Bell"]
        lists = (phones, conditions, consents, enrollments, tasks_of)
        count = [len(clinic.read(one, patient)) for one in lists]  # type: ignore[operator]
        entries = clinic.read(entries_of, patient, "2026-11") if name == "time" else []
        return [*count, clinic.read(patient_count), len(entries)]

    patient, args = people[whose] if whose else None, dict[str, Any]()
    before = rows()
    opening = await FORMS[name](context, patient, None, args)
    first = await save(opening, typed)
    assert opening.said(first) != AGAIN
    after = rows()
    assert sum(after) == sum(before) + 1
    again = await FORMS[name](context, patient, None, args)
    second = await save(again, typed)
    assert rows() == after
    assert isinstance(again.said(second), str)
    assert again.then(second) is None or name == "consent"


async def test_the_key_is_kept_with_the_draft(clinic: Clinic, people: People) -> None:
    from cmp_tui.ui.messages import OpenForm
    from tests.app.driving import driving

    async with driving(clinic) as person:
        person.app.post_message(OpenForm("task"))
        await person.settle()
        await person.press("'ring'", "escape")
        kept = clinic.kept("draft")[0].data["args"]["id"]
        person.app.post_message(OpenForm("task"))
        await person.settle()
        await person.press("end", "'s'", "escape")
        assert clinic.kept("draft")[0].data["args"]["id"] == kept


async def test_a_disabled_colleagues_panel_can_be_moved(
    clinic: Clinic, people: People, context: FormContext, as_user: Any
) -> None:
    as_user("ben")
    ben = next(one.id for one in clinic.read(staff_list) if one.username == "ben")
    clinic.run(disable_staff, "ben")
    opening = await FORMS["move"](context, None, None, {})
    owner, to = opening.spec.fields
    assert isinstance(owner, ChoiceField)
    assert isinstance(to, ChoiceField)
    assert ben in [one.value for one in owner.options]
    assert ben not in [one.value for one in to.options]
