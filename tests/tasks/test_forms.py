"""The forms about tasks: what saving them writes, and what they say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.staff import me, settings_list, staff_list
from cmp_tui.patients.actions import add_patient
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.forms import FORMS
from cmp_tui.tasks.queries import TaskLine, task
from cmp_tui.ui.fields.base import Here
from cmp_tui.ui.form import Submission
from cmp_tui.ui.makers import FormContext, Opening
from tests.conftest import AsUser

MONDAY = date(2026, 11, 23)


@pytest.fixture
async def context(clinic: Clinic) -> AsyncIterator[FormContext]:
    """What a form may ask of the running program, for Dana."""
    context = context_of(clinic)
    yield context
    context.live.close()


def context_of(clinic: Clinic) -> FormContext:
    settings = clinic.read(settings_list)
    here = Here(clinic.clock.now, settings.zone)
    return FormContext(LiveClinic(clinic), here, clinic.reference, settings, clinic.read(me))


@pytest.fixture
def patient(clinic: Clinic) -> bytes:
    """Ana Ruiz-Moreno."""
    return bytes(clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", birth_date="1948-02-11").id)


@pytest.fixture
def report(clinic: Clinic, patient: bytes) -> bytes:
    """A task of Dana's, due today."""
    return bytes(clinic.run(add_task, title="Ask for the report", due=MONDAY, patient=patient).id)


def staff(clinic: Clinic, username: str) -> bytes:
    return next(one.id for one in clinic.read(staff_list) if one.username == username)


def read(clinic: Clinic, key: bytes) -> TaskLine:
    line = clinic.read(task, key)
    assert line is not None
    return line


async def made(
    context: FormContext, name: str, patient: bytes | None, record: bytes | None = None, **args: Any
) -> Opening:
    return await FORMS[name](context, patient, record, args)


async def save(opening: Opening, **typed: Any) -> Any:
    return await opening.submit(Submission({**opening.values, **typed}, typed, opening.seen))


async def test_a_new_task_is_mine_and_its_patient_is_seen(
    clinic: Clinic, context: FormContext, patient: bytes
) -> None:
    opening = await made(context, "task", patient, title="Call the pharmacy", due="2026-11-24")
    assert opening.spec.identity is not None and "1948-02-11" in opening.spec.identity.plain
    saved = await save(opening, due_time="morning")
    line = read(clinic, saved.id)
    assert (line.title, line.due, line.due_time) == ("Call the pharmacy", date(2026, 11, 24), "morning")
    assert line.assignee == context.me.id and line.patient == patient
    assert opening.said(saved) == "Task for Tue 24 Nov: Call the pharmacy."


async def test_a_task_without_a_patient(clinic: Clinic, context: FormContext) -> None:
    opening = await made(context, "task", None)
    assert opening.spec.identity is None
    saved = await save(opening, title="Order leaflets")
    assert read(clinic, saved.id).patient is None


async def test_a_task_for_a_colleague_is_handed_over_and_accepted(
    clinic: Clinic, context: FormContext, patient: bytes, as_user: AsUser
) -> None:
    ben = staff(clinic, "ben")
    opening = await made(context, "task", patient)
    saved = await save(opening, title="Weigh her", assignee=ben)
    assert opening.said(saved) == "Task for today handed to Ben Ortiz: Weigh her."
    theirs = context_of(as_user("ben"))
    try:
        accept = await made(theirs, "accept-task", patient, saved.id)
        assert "from Dana Ruiz" in accept.spec.fields[0].help
        await save(accept)
    finally:
        theirs.live.close()
    assert read(clinic, saved.id).status == "accepted"


async def test_a_task_is_changed(clinic: Clinic, context: FormContext, patient: bytes, report: bytes) -> None:
    opening = await made(context, "task", patient, report)
    await save(opening, title="Ask for the eye report", why="", due=date(2026, 11, 30))
    line = read(clinic, report)
    assert (line.title, line.due, line.why) == ("Ask for the eye report", date(2026, 11, 30), None)


async def test_a_task_is_put_off_with_a_reason(
    clinic: Clinic, context: FormContext, patient: bytes, report: bytes
) -> None:
    opening = await made(context, "snooze-task", patient, report)
    assert opening.values["until"] == date(2026, 11, 24)
    said = opening.said(await save(opening, why="clinic closed"))
    assert said == "Put off until Tue 24 Nov."
    assert read(clinic, report).snoozed_why == "clinic closed"


async def test_settling_as_not_needed_wants_words(
    clinic: Clinic, context: FormContext, patient: bytes, report: bytes
) -> None:
    opening = await made(context, "settle-task", patient, report)
    with pytest.raises(Invalid) as wrong:
        await save(opening, status="cancelled")
    assert list(wrong.value.fields) == ["how"]
    assert opening.said(await save(opening, status="cancelled", how="came by fax")) == (
        "Ask for the report: not needed."
    )
    assert read(clinic, report).settled_how == "came by fax"


async def test_a_task_is_handed_to_who_works_with_patients_only(
    clinic: Clinic, context: FormContext, patient: bytes, report: bytes
) -> None:
    opening = await made(context, "hand-over", patient, report)
    people = {option.words for option in opening.spec.fields[0].options}  # type: ignore[attr-defined]
    assert people == {"Ben Ortiz", "Amy Levin"}
    said = opening.said(await save(opening, to=staff(clinic, "levin"), why="please sign"))
    assert said == "Handed to Amy Levin; you see it until they accept."
    line = read(clinic, report)
    assert line.assignee_name == "Amy Levin" and line.why == "please sign" and line.status == "received"


async def test_a_task_that_is_gone_is_told(context: FormContext, patient: bytes) -> None:
    for name in ("task", "snooze-task", "settle-task", "hand-over", "accept-task"):
        with pytest.raises(Gone):
            await made(context, name, patient, b"\0" * 16)
