"""Megabytes pasted into a note, a line, a choice, the search, the list, and without the marks of a paste (row 25).

What does not fit is told at once, and what stood there before stays as it was: nothing is cut off in silence.
"""

from __future__ import annotations

import time
from pathlib import Path
from threading import Thread

from tests.faults.common import Outcome
from tests.program.running import PATIENCE, Running, clinics

WORDS = b"as told by her daughter, \xc3\xa9 \xe5\xb1\xb1\r\n"


def run(kb: int = 5000, repeats: int = 1) -> Outcome:
    """`kb` thousand bytes at every place, `repeats` times each."""
    told: dict[str, float] = {}
    text = WORDS * (kb * 1000 // len(WORDS))
    pasted = b"\x1b[200~" + text + b"\x1b[201~"
    with clinics() as clinic, clinic.start() as program:
        for number in range(repeats):
            _in_places(program, pasted, text, told, again=number > 0)
        program.terminal.wait("draft: Contact")
        kept = {program.written("note"), program.written("line")}
        peak = _peak(program)
    figures = {"kb": kb, "told_s": told, "kept": sorted(kept), "peak_mb": peak}
    return Outcome(kept == {"note" + "x" * 2 * repeats, "line" + "y" * repeats}, figures)


def _in_places(program: Running, pasted: bytes, text: bytes, told: dict[str, float], *, again: bool) -> None:
    terminal = program.terminal

    def paste(place: str, data: bytes, answer: str) -> None:
        began = time.monotonic()
        typing = Thread(target=terminal.send, args=(data,))
        typing.start()
        terminal.wait(answer, PATIENCE)
        told[place] = round(max(told.get(place, 0.0), time.monotonic() - began), 2)
        typing.join(PATIENCE)

    paste("list", pasted, "nothing here takes text")
    terminal.send(b"/")
    terminal.wait("Type a name")
    paste("search", pasted, "this line takes 200 characters")
    terminal.press("escape")
    terminal.wait_gone("Type a name")
    terminal.send(b"c")
    terminal.wait("[ Save ]")
    paste("choice", pasted, "text does not go into this field")
    terminal.send(b"\t\t\t")
    terminal.wait("ctrl+j starts a new line")
    if not again:
        terminal.type("note")
    for place, data in (("note", pasted), ("note, no marks", text)):
        paste(place, data, "of 1,000 are free")
        terminal.type("x")
        terminal.wait_gone("of 1,000 are free")
    terminal.send(b"\t\t\t\t")
    if not again:
        terminal.type("line")
    paste("line", pasted, "of 200 are free")
    terminal.type("y")
    terminal.wait_gone("of 200 are free")
    terminal.press("escape")
    terminal.wait_gone("[ Save ]")


def _peak(program: Running) -> int:
    """The most memory that the program has had, in megabytes; 0 where the kernel doesn't say."""
    status = Path(f"/proc/{program.terminal.pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)
