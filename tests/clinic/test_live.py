"""The two threads to the file: order, superseded searches, long reads beside short writes, errors, closing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused, Superseded
from cmp_tui.clinic.history import last_redoable, last_undoable
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.patients.model import Patient
from tests.clinic import acts
from tests.clinic.conftest import person

PATIENCE = 20
"""Seconds after which a wait is a hang."""


@pytest_asyncio.fixture
async def live(dana: Clinic) -> AsyncIterator[LiveClinic]:
    live = LiveClinic(dana)
    yield live
    live.close()


async def test_what_is_asked_is_answered_in_order(live: LiveClinic) -> None:
    jobs = []
    for number in range(20):
        jobs.append(asyncio.ensure_future(live.do(acts.add, Patient, **person(str(number)))))
        jobs.append(asyncio.ensure_future(live.ask(acts.count, Patient)))
    answers = await asyncio.gather(*jobs)
    assert answers[1::2] == list(range(1, 21))
    assert [row.mrn for row in answers[0::2]] == [str(number) for number in range(20)]


async def test_a_search_that_a_newer_one_made_needless_is_dropped(live: LiveClinic) -> None:
    held, ran = threading.Event(), []

    def hold(scope: object) -> None:
        held.wait(PATIENCE)

    def search(scope: object, text: str) -> str:
        ran.append(text)
        return text

    first = asyncio.ensure_future(live.ask(hold))
    await asyncio.sleep(0)
    searches = [asyncio.ensure_future(live.ask_newest("search", search, text)) for text in ("a", "an", "ana")]
    other = asyncio.ensure_future(live.ask_newest("another", search, "x"))
    await asyncio.sleep(0)
    held.set()
    await first
    answers = await asyncio.gather(*searches, other, return_exceptions=True)
    assert [type(answer) for answer in answers[:2]] == [Superseded, Superseded]
    assert answers[2:] == ["ana", "x"]
    assert ran == ["ana", "x"]
    assert await live.ask_newest("search", search, "later") == "later"


async def test_a_long_read_does_not_delay_a_short_write(live: LiveClinic) -> None:
    started, go_on = threading.Event(), threading.Event()

    def report(scope: object) -> int:
        started.set()
        assert go_on.wait(PATIENCE)
        return int(Patient.live().count())

    long = asyncio.ensure_future(live.ask_long(report))
    await asyncio.to_thread(started.wait, PATIENCE)
    await asyncio.wait_for(live.keep("draft", "a", {"n": 1}), PATIENCE)
    await asyncio.wait_for(live.do(acts.add, Patient, **person("1")), PATIENCE)
    assert await asyncio.wait_for(live.ask(acts.count, Patient), PATIENCE) == 1
    assert not long.done()
    go_on.set()
    assert await long == 0  # the report is of the moment when it began


async def test_the_event_loop_goes_on_meanwhile(live: LiveClinic) -> None:
    held = threading.Event()
    waiting = asyncio.ensure_future(live.ask(lambda scope: held.wait(PATIENCE)))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not waiting.done()
    held.set()
    assert await waiting is True


async def test_errors_come_through(live: LiveClinic, ana: Patient) -> None:
    with pytest.raises(Invalid):
        await live.do(acts.add, Patient, **person(ana.mrn))
    with pytest.raises(Gone):
        await live.do(acts.edit, Patient, b"\1" * 16, given="X")
    with pytest.raises(Refused):
        await live.look("secrets")
    await live.do(acts.edit, Patient, ana.id, 1, given="X")
    with pytest.raises(Conflict) as caught:
        await live.do(acts.edit, Patient, ana.id, 1, given="Y")
    assert caught.value.theirs == {"given": "X"}
    with pytest.raises(ZeroDivisionError):
        await live.ask_long(lambda scope: 1 // 0)
    assert (await live.ask(acts.get, Patient, ana.id)).given == "X"


async def test_undo_drafts_looks_and_other_work(live: LiveClinic, ana: Patient, tmp_path: Path) -> None:
    await live.do(acts.edit, Patient, ana.id, 1, given="X")
    done = await live.ask(last_undoable)
    assert done is not None
    assert (await live.undo(done.seq)).rows == 1
    back = await live.ask(last_redoable)
    assert back is not None
    await live.redo(back.seq)
    assert (await live.ask(acts.get, Patient, ana.id)).given == "X"
    await live.look("chart", ana.id)
    await live.keep("draft", "a", {"n": 1})
    assert [each.data for each in await live.kept("draft")] == [{"n": 1}]
    await live.forget("draft", "a")
    assert await live.kept("draft") == []
    head = await live.in_short(lambda: live.clinic.backup(tmp_path / "copy.cmp"))
    assert head == await live.ask(audit_head)


async def test_closing_waits_and_leaves_one_file(dana: Clinic, ana: Patient) -> None:
    live = LiveClinic(dana)
    jobs = [asyncio.ensure_future(live.do(acts.add, Patient, **person(f"c{number}"))) for number in range(10)]
    await asyncio.sleep(0)
    await live.ask_long(acts.count, Patient)
    live.close()
    assert len(await asyncio.gather(*jobs)) == 10
    dana.close_here()
    assert [path.name for path in dana.path.parent.iterdir()] == ["clinic.cmp"]
    assert dana.read(acts.count, Patient) == 11


async def test_a_change_whose_asker_went_away_is_still_whole(live: LiveClinic) -> None:
    job = asyncio.ensure_future(live.do(acts.add, Patient, **person("1")))
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert await live.ask(acts.count, Patient) in (0, 1)
    assert await live.in_short(live.clinic.verify) == []
