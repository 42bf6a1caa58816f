"""The program over a slow line: how long a key takes to its letter, and what a screen that rests sends (row 27).

The line is a relay between the program's terminal and the test, with a delay and a rate each way. The times are
figures only; that a resting screen sends next to nothing is a promise.
"""

from __future__ import annotations

import time

from tests.faults.common import Outcome
from tests.program.running import PATIENCE, Running, clinics, share

MOST_A_MINUTE = 1_000
"""Bytes that a resting screen may send in a minute."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def run(rtt: int = 300, kbit: int = 64, keys: int = 4, idle: int = 1) -> Outcome:
    """`rtt` in milliseconds, `kbit` a second; `keys` letters are typed. Each of three screens rests `idle` seconds."""
    with clinics() as clinic, clinic.start() as program:
        terminal = program.terminal
        resting = {"search": _rest(program, b"/", "Type a name", idle)}
        resting["palette"] = _rest(program, b":", "Caseload", idle)
        terminal.slow_down(rtt / 1000, kbit)
        before, began = len(terminal.raw), time.monotonic()
        program.open_form()
        opened, form_bytes = time.monotonic() - began, len(terminal.raw) - before
        terminal.settle(0.5)
        before, echoes, typed = len(terminal.raw), list[float](), ""
        for number in range(keys):
            typed += LETTERS[number % len(LETTERS)]
            began = time.monotonic()
            terminal.send(typed[-1].encode())
            terminal.wait(f"Why        {typed}", PATIENCE)
            echoes.append(1000 * (time.monotonic() - began) - rtt)
        key_bytes = (len(terminal.raw) - before) / keys
        terminal.wait("draft kept", PATIENCE)
        resting["form"] = _rest(program, b"", "draft kept", idle)
        alive = terminal.running()
    figures = {
        "rtt_ms": rtt,
        "kbit": kbit,
        "form_open_s": round(opened, 2),
        "form_kb": round(form_bytes / 1000, 1),
        "echo_median_ms_over_rtt": round(share(echoes, 0.5)),
        "echo_most_ms_over_rtt": round(max(echoes)),
        "bytes_a_key": round(key_bytes),
        "idle_bytes_a_minute": resting,
    }
    return Outcome(alive and max(resting.values()) <= MOST_A_MINUTE, figures)


def _rest(program: Running, key: bytes, shows: str, seconds: int) -> int:
    """Opens something with a key, lets it rest, and closes it; returns the bytes that it would send in a minute."""
    terminal = program.terminal
    terminal.send(key)
    terminal.wait(shows, PATIENCE)
    terminal.settle(0.7, 5.0)
    before, began = len(terminal.raw), time.monotonic()
    while (left := seconds - (time.monotonic() - began)) > 0:
        terminal.settle(left, 0.01)
    sent = len(terminal.raw) - before
    if key:
        terminal.press("escape", between=0.3)
        terminal.settle()
    return round(60 * sent / seconds)
