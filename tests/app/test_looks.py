"""What is shown of patients is logged before it is shown: lists, previews, forms, the search in a form."""

from __future__ import annotations

import asyncio

import pytest

from cmp_tui import app as the_app
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.ui.messages import OpenForm
from tests.app.driving import driving

People = dict[str, bytes]


def looks(clinic: Clinic, kind: str) -> int:
    return [one.action for one in clinic.read(audit_page, limit=200)].count(f"look.{kind}")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview counts as read at once."""
    monkeypatch.setattr(the_app, "PREVIEW_SECONDS", 0.01)


async def test_a_form_about_a_patient_is_a_look_once(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("2")
        before = looks(clinic, "chart")
        await person.press("e")
        assert person.form is not None
        assert looks(clinic, "chart") == before + 1
        await person.press("escape", "e", "escape")
        assert looks(clinic, "chart") == before + 1
        await person.press("j", "e")
        assert looks(clinic, "chart") == before + 2


async def test_a_form_on_the_chart_that_is_read_is_no_other_look(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("enter", "c")
        assert person.form is not None
        assert looks(clinic, "chart") == 1


async def test_a_form_that_can_not_be_logged_is_not_shown(
    clinic: Clinic, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmp_tui.clinic.errors import Refused

    async with driving(clinic) as person:

        async def refuse(kind: str, patient: bytes | None = None, **facts: object) -> None:
            raise Refused("Not now.")

        monkeypatch.setattr(person.app.live, "look", refuse)
        await person.press("c")
        assert person.form is None
        assert "Not now." in person.notice


async def test_every_view_of_a_list_is_a_look(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        assert looks(clinic, "list") == 1
        await person.press("f")
        assert looks(clinic, "list") == 2
        await person.press("f")
        assert "mine" in person.title
        assert looks(clinic, "list") == 3
        await person.press("2")
        assert looks(clinic, "list") == 4
        await person.press("s", "s")
        assert looks(clinic, "list") == 4, "the same patients in another order"
        await person.press("w", "w")
        assert looks(clinic, "list") == 6
        await person.press("f", "'lang:spanish'", "enter")
        assert looks(clinic, "list") == 7
        await person.press("escape")
        assert looks(clinic, "list") == 8


async def test_a_preview_that_is_hidden_is_not_read(clinic: Clinic, people: People, soon: None) -> None:
    async with driving(clinic, (80, 24)) as person:
        await asyncio.sleep(0.05)
        await person.settle()
        assert looks(clinic, "preview") == 0
        await person.press("space")
        await asyncio.sleep(0.05)
        await person.settle()
        assert looks(clinic, "preview") == 1


async def test_the_search_in_a_form_is_logged(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        person.app.post_message(OpenForm("time"))
        await person.settle()
        await person.press("'tran'")
        for _ in range(100):
            await person.settle()
            if "Tran, Linh" in person.text:
                break
            await asyncio.sleep(0.02)
        await person.press("enter")
        assert looks(clinic, "search") == 1
        await person.press("escape")
        assert looks(clinic, "search") == 1


async def test_a_search_in_a_form_that_is_left_is_logged(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        person.app.post_message(OpenForm("time"))
        await person.settle()
        await person.press("'tran'")
        for _ in range(100):
            await person.settle()
            if "Tran, Linh" in person.text:
                break
            await asyncio.sleep(0.02)
        await person.press("escape", "escape")
        assert person.form is None
        assert looks(clinic, "search") == 1


async def test_one_index_of_names_serves_the_search_and_the_forms(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        context = person.app.opener._context
        assert context.names is person.app.names
        person.app.post_message(OpenForm("time"))
        await person.settle()
        await person.press("'tran'")
        for _ in range(100):
            await person.settle()
            if "Tran, Linh" in person.text:
                break
            await asyncio.sleep(0.02)
        assert clinic.read(lambda scope: len(person.app.names._index)) == len(people)
