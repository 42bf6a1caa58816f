"""The terminal changes its size all the time, from 1 by 1 to a thousand lines, while a form is open (row 26).

The program must live, the form must hold what was typed, and on 40 by 10 every field can still be reached and seen.
"""

from __future__ import annotations

import random
import re
import time

from tests.faults.common import Outcome
from tests.program.running import PATIENCE, Running, clinics

TEXT = "kept two days after discharge, weighs herself"
SIZES = (
    (1, 1),
    (400, 1000),
    (2, 2),
    (1, 200),
    (1000, 1),
    (40, 10),
    (80, 24),
    (5, 3),
    (200, 60),
    (0, 0),
    (120, 36),
)
EACH = 45
PATIENCE_EACH = 5.0
"""Seconds in which a size is drawn; one that is the size before draws nothing."""
LABELS = ("Outcome", "With", "Minutes", "Why", "Changed", "Did", "Next")


def run(n: int = 500, seed: int = 1) -> Outcome:
    """`n` sizes: most follow each other faster than the program can draw, one of forty-five has time."""
    dice = random.Random(seed)
    drawn = 0
    with clinics() as clinic, clinic.start() as program:
        terminal = program.terminal
        program.open_form()
        terminal.type(TEXT)
        terminal.wait("draft kept")
        for number in range(n):
            if number % EACH:
                terminal.resize_unseen(
                    dice.randrange(1, 150), dice.randrange(1, 50), dice.choice((0.0, 0.005))
                )
                continue
            terminal.skip(0.05)
            written = terminal.resize_unseen(*SIZES[number // EACH % len(SIZES)])
            until = time.monotonic() + PATIENCE_EACH
            while not written and time.monotonic() < until:
                written = terminal.skip(0.05)
            drawn += written > 0
        terminal.resize(120, 36)
        terminal.send(b"\x0c")
        same = TEXT in terminal.wait(TEXT, PATIENCE) and program.written("kept") == TEXT
        reached = _walk_on_a_small_screen(program)
        terminal.resize(120, 36)
        terminal.send(b"\x0c")
        same = same and TEXT in terminal.wait(TEXT, PATIENCE) and terminal.running()
    figures = {"sizes": n, "form_same": same, "drawn": drawn, "fields_seen_at_40x10": reached}
    return Outcome(same and reached == len(LABELS), figures)


def _walk_on_a_small_screen(program: Running) -> int:
    """Goes through the first fields with tab on 40 by 10; returns at how many of them one sees where one is."""
    terminal = program.terminal
    terminal.resize(40, 10)
    terminal.send(b"\x0c\x1b[Z\x1b[Z\x1b[Z")
    seen = 0
    for label in LABELS:
        try:
            terminal.wait(re.compile(rf"▌ {label}"), 10)
            seen += 1
        except AssertionError:
            pass
        terminal.press("tab")
    return seen
