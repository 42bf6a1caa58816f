"""An error of the program's own: the terminal is told where it happened, and nothing about patients."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.worker import WorkerFailed

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.queue.screen import TodayScreen
from cmp_tui.ui.incident import incident
from tests.app.driving import driving
from tests.terminal import Terminal

SECRET = "Ruiz-Moreno"


class Drawn(Exception):
    """An error that would draw itself, with what it holds."""

    def __rich__(self) -> str:
        return SECRET


def in_a_handler(screen: TodayScreen) -> None:
    patient_name = SECRET
    raise ValueError(f"no such patient: {patient_name}")


def in_a_worker(screen: TodayScreen) -> None:
    async def work() -> None:
        in_a_handler(screen)

    screen.run_worker(work())


def drawing_itself(screen: TodayScreen) -> None:
    raise Drawn(SECRET)


@pytest.mark.parametrize("fault", [in_a_handler, in_a_worker, drawing_itself])
async def test_no_value_of_the_program_is_shown(
    clinic: Clinic,
    people: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Callable[[Any], None],
) -> None:
    monkeypatch.setattr(TodayScreen, "action_review", fault)
    with pytest.raises((ValueError, Drawn, WorkerFailed)):
        async with driving(clinic) as person:
            await person.press("c")
            await person.go_to("did")
            await person.press("'half a word'", "escape")
            await person.pilot.press("r")
            await person.pilot.pause()
    said = "".join(capsys.readouterr())
    assert "cmp-tui has met an error of its own" in said
    assert SECRET not in said
    assert "locals" not in said
    assert [one.data["typed"]["did"] for one in clinic.kept("draft")] == ["half a word"]


def test_the_words_name_the_place_and_the_kind_only() -> None:
    from cmp_tui.clinic.calendar import Month

    try:
        Month.parse(SECRET)
    except ValueError as error:
        words = incident(error)
    assert "calendar.py" in words
    assert "parse" in words
    assert "ValueError" in words
    assert SECRET not in words


def test_in_a_real_terminal(tmp_path: Path) -> None:
    program = tmp_path / "faulty.py"
    program.write_text(
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from cmp_tui.clinic.clock import FrozenClock\n"
        "from cmp_tui.clinic.opening import make_clinic\n"
        "from cmp_tui.tables import TABLES\n"
        "from cmp_tui.queue.screen import TodayScreen\n"
        "from cmp_tui.app import CmpApp\n"
        "clinic = make_clinic(Path(sys.argv[1]), TABLES, admin={'username': 'dana', 'name': 'Dana Ruiz',\n"
        "    'credential': 'RN'}, settings={'name': 'Lakeside', 'time_zone': 'America/Chicago'},\n"
        "    clock=FrozenClock(datetime(2026, 11, 23, 15, tzinfo=UTC)))\n"
        "def review(self):\n"
        f"    patient_name = '{SECRET}'\n"
        "    raise ValueError(patient_name)\n"
        "TodayScreen.action_review = review\n"
        "app = CmpApp(clinic)\n"
        "app.run()\n"
        "sys.exit(app.return_code)\n",
        encoding="utf-8",
    )
    root = str(Path(__file__).parents[2])
    with Terminal.start(
        [sys.executable, str(program), str(tmp_path / "x.cmp")], env={"PYTHONPATH": root}
    ) as terminal:
        terminal.wait("Nothing is due.")
        terminal.press("r")
        assert terminal.wait_end() == 1
        assert "error of its own" in terminal.text()
        assert SECRET.encode() not in terminal.raw
        assert b"patient_name" not in terminal.raw
