"""Programs whose terminal has gone, and signals that come in the middle of a form (row 23).

Without a terminal the program must end, whether it is told (SIGHUP), was started to ignore that, is not told at all,
or was stopped when it happened. Told to end it must end, also when the terminal takes nothing any more. Stopped
and told to go on, it must give the terminal back and take it again.
"""

from __future__ import annotations

import signal
import time
from typing import Any

from tests.faults.common import Outcome
from tests.program.running import BLOCKS, IGNORES, Clinics, Running, clinics

TEXT = "kept two days after discharge"
MOST_GONE = 15.0
"""Seconds after which it counts as hanging. The bar is 5; a busy machine needs more."""


def run(runs: int = 1, idle: int = 1) -> Outcome:
    """Each way to lose the terminal `runs` times; `idle` seconds for the program's work while nothing happens."""
    held = True
    gone: dict[str, float] = {}
    work: dict[str, float] = {}
    figures: dict[str, Any] = {}
    with clinics() as clinic:
        for _ in range(runs):
            for name, through, stopped in (
                ("ignored", IGNORES, False),
                ("not_told", BLOCKS, False),
                ("stopped", IGNORES, True),
            ):
                seconds, used, kept = _lose(clinic, through, stopped=stopped)
                gone[name] = max(gone.get(name, 0.0), round(seconds, 2))
                work[name] = max(work.get(name, 0.0), round(used, 2))
                held = held and kept and seconds <= MOST_GONE
            seconds, kept = _stuck(clinic)
            gone["stuck"] = max(gone.get("stuck", 0.0), round(seconds, 2))
            held = held and kept and seconds <= MOST_GONE
            told = _signals(clinic, idle)
            held = held and all(told.pop("held").values())
            figures.update(told)
    return Outcome(held, {"gone_s": gone, "work_from_then_on_s": work, **figures})


def _form(program: Running) -> None:
    program.open_form()
    program.terminal.type(TEXT)
    program.terminal.wait(TEXT)


def _lose(clinic: Clinics, through: str, *, stopped: bool) -> tuple[float, float, bool]:
    """Seconds until the program had gone without its terminal, its work in them, and whether the text was kept."""
    with clinic.start(through=through) as program:
        _form(program)
        if stopped:
            program.terminal.signal(signal.SIGTSTP)
            program.wait_state("T")
        before = program.work()
        program.terminal.hang_up()
        seconds = program.wait_state("Z")
        used = program.work() - before
        program.terminal.wait_end()
        return seconds, used, program.written("kept") == TEXT


def _stuck(clinic: Clinics) -> tuple[float, bool]:
    """SIGTERM while nobody takes what the program writes: seconds until it had gone, and whether the text was kept."""
    with clinic.start() as program:
        _form(program)
        for _ in range(20):  # ctrl+l, which draws the whole screen: more than a terminal's buffer holds
            program.terminal.send(b"\x0c")
            time.sleep(0.05)
        program.terminal.signal(signal.SIGTERM)
        seconds = program.wait_state("Z", reads=False)
        return seconds, program.written("kept") == TEXT


def _signals(clinic: Clinics, idle: int) -> dict[str, Any]:
    held = {}
    with clinic.start() as program:
        terminal = program.terminal
        _form(program)
        before = terminal.wait("draft kept")
        terminal.signal(signal.SIGTSTP)
        program.wait_state("T")
        terminal.settle(0.1)
        held["given back when stopped"] = terminal.in_line_mode() and not terminal.left_on()
        terminal.signal(signal.SIGCONT)
        terminal.wait(TEXT)
        held["the same screen"] = terminal.settle() == before
        held["keys again"] = not terminal.in_line_mode()
        terminal.type(" one")
        terminal.wait(f"{TEXT} one")
        terminal.signal(signal.SIGSTOP)  # nobody can catch this one
        program.wait_state("T")
        terminal.signal(signal.SIGCONT)
        terminal.settle()
        terminal.type(" two")
        terminal.wait(f"{TEXT} one two")
        terminal.settle()
        worked, began = program.work(), time.monotonic()
        time.sleep(idle)
        resting = 100 * (program.work() - worked) / (time.monotonic() - began)
        began = time.monotonic()
        terminal.signal(signal.SIGTERM)
        terminal.wait_end()
        seconds = time.monotonic() - began
        held["gone in time"] = seconds <= MOST_GONE
        held["given back at the end"] = terminal.in_line_mode() and not terminal.left_on()
        held["kept"] = program.written("kept") == f"{TEXT} one two"
    broken = [name for name, good in held.items() if not good]
    return {
        "held": held,
        "sigterm_s": round(seconds, 2),
        "idle_cpu_percent": round(resting, 1),
        "broken": broken,
    }
