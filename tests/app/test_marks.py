"""Marked rows: once what they were marked for is logged, the marks go."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from tests.app.driving import driving

People = dict[str, bytes]


@pytest.mark.parametrize("place", ["1", "2"])
async def test_after_a_group_contact_the_marks_are_gone(clinic: Clinic, people: People, place: str) -> None:
    async with driving(clinic) as person:
        await person.press(place, "x", "x")
        marked = person.board.marked()
        assert len(marked) == 2
        await person.press("c")
        assert person.form is not None
        assert person.form.spec.name == "group"
        await person.press("escape")
        assert person.board.marked() == marked, "nothing is logged yet"
        await person.press("c", "ctrl+s")
        assert person.form is None, person.text
        assert person.board.marked() == ()


async def test_one_marked_patient_is_unmarked_too(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("2", "x", "j", "c", "v", "ctrl+s")
        assert person.form is None, person.text
        assert person.board.marked() == ()


async def test_what_else_is_saved_leaves_the_marks(clinic: Clinic, people: People) -> None:
    async with driving(clinic) as person:
        await person.press("2", "x", "e", "ctrl+s")
        assert person.form is None, person.text
        assert len(person.board.marked()) == 1


async def test_quitting_keeps_the_drafts_beside_the_screen(
    clinic: Clinic, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    keep = clinic.keep

    def kept(*args: Any, **kwargs: Any) -> None:
        threads.append(threading.current_thread())
        keep(*args, **kwargs)

    monkeypatch.setattr(clinic, "keep", kept)
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("did")
        await person.press("'half'", "ctrl+q")
        assert not person.app.is_running
    assert threads
    assert threading.main_thread() not in threads
    assert [one.data["typed"]["did"] for one in clinic.kept("draft")] == ["half"]


async def test_the_tables_of_conditions_are_read_beside_the_screen(
    clinic: Clinic, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmp_tui.caseload import screen

    threads: list[threading.Thread] = []
    load = screen.load_condition_tables

    def loaded(folder: Any) -> Any:
        threads.append(threading.current_thread())
        return load(folder)

    monkeypatch.setattr(screen, "load_condition_tables", loaded)
    async with driving(clinic) as person:
        await person.press("2")
        assert "diab" in person.text.casefold() or person.row is not None
    assert len(threads) == 1
    assert threading.main_thread() not in threads
