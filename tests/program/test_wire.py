"""What the terminal shows after many small drawings is what one whole drawing shows."""

from __future__ import annotations

import signal
import time

import pytest

from tests.program.conftest import Start
from tests.terminal import Terminal

MORNING = (
    ("j", "j", "k"),
    ("G", "pageup"),
    ("g", "enter"),
    ("j", "j"),
    ("]",),
    ("q",),
    ("/", "r", "u"),
    ("backspace", "backspace"),
    ("escape",),
    ("c", "v", "tab"),
    ("ctrl+g",),
    ("!",),
    ("!",),
    ("2",),
    ("s", "w", "j"),
    ("f",),
    ("escape",),
    ("?",),
    ("escape",),
    ("1", "u"),
    ("escape", "space"),
)
"""A morning's keys, in steps after which the screen is looked at."""

Cell = tuple[object, ...]


def seen(terminal: Terminal) -> list[list[Cell]]:
    """What a person sees of each cell."""
    screen = terminal._screen
    return [
        [
            (cell.data, cell.fg, cell.bold, cell.bg, cell.underscore, cell.reverse)
            if cell.data.strip() or cell.underscore or cell.reverse
            else (" ", cell.bg)
            for cell in (screen.buffer[y][x] for x in range(screen.columns))
        ]
        for y in range(screen.lines)
    ]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_small_drawings_add_up(program: Start, size: tuple[int, int]) -> None:
    terminal = program(*size)
    terminal.wait("overdue")
    terminal.settle(0.6)
    for keys in MORNING:
        terminal.press(*keys, between=0.1)
        terminal.settle(0.6)
        before, words = seen(terminal), terminal.lines()
        terminal.press("ctrl+l")
        terminal.settle(0.6)
        assert terminal.lines() == words, keys
        differ = [
            (y, x, was, now)
            for y, (old, new) in enumerate(zip(before, seen(terminal), strict=True))
            for x, (was, now) in enumerate(zip(old, new, strict=True))
            if was != now
        ]
        assert differ == [], keys


def test_drawing_again_draws_everything(program: Start) -> None:
    """After noise on the line nothing of it is left."""
    terminal = program(80, 24)
    terminal.wait("overdue")
    terminal.settle()
    words = terminal.lines()
    terminal._stream.feed("\x1b[5;5Hnoise\x1b[12;1H\x1b[2Kmore noise")
    assert terminal.lines() != words
    terminal.press("ctrl+l")
    terminal.settle()
    assert terminal.lines() == words


def test_after_a_stop_the_whole_screen_is_there_again(program: Start) -> None:
    """ctrl+z in a shell, and fg: the shell has written over it meanwhile."""
    terminal = program(80, 24)
    terminal.wait("overdue")
    terminal.press("j")
    terminal.settle(0.6)
    words = terminal.lines()
    terminal.signal(signal.SIGTSTP)
    time.sleep(0.5)
    terminal._stream.feed("\x1b[2J\x1b[H$ jobs")
    terminal.signal(signal.SIGCONT)
    terminal.wait("overdue")
    terminal.settle(0.6)
    assert terminal.lines() == words


def test_a_size_that_comes_and_goes_leaves_nothing_behind(program: Start) -> None:
    terminal = program(80, 24)
    terminal.wait("overdue")
    terminal.settle(0.6)
    words = terminal.lines()
    for columns, rows in ((100, 30), (80, 24), (60, 20), (80, 24)):
        terminal.resize(columns, rows)
    terminal._stream.feed("\x1b[3;3Hleft behind")
    terminal.settle(1.0)
    terminal.resize(80, 23)
    terminal.settle(0.6)
    terminal.resize(80, 24)
    terminal.settle(0.6)
    assert terminal.lines() == words
