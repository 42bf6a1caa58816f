"""The line is cut at random moments of a form that is being typed in (row 22).

Everything that the screen had shown must be kept, as a draft or as the contact that was being saved; of the keys sent
after that, those of the last second may be missing. The process must be gone soon.
"""

from __future__ import annotations

import random
import re
import time
from typing import NamedTuple

from tests.faults.common import Outcome
from tests.program.running import PATIENCE, Clinics, clinics, share

BEGINS = "kept "
WORD = re.compile(r"w(\d{4})")
MOST_GONE = 10.0
"""Seconds after which the process counts as hanging. The bar is 2; a busy machine needs more."""
MOST_LOST = 3.0
"""Seconds of keys that may be missing on a busy machine. The bar is 1."""


class _Cut(NamedTuple):
    typed: int
    lost: int
    lost_seconds: float
    gone: float
    held: bool


def run(runs: int = 3, seed: int = 1) -> Outcome:
    """Starts the program `runs` times and cuts its line each time, in one of two runs while it saves."""
    dice = random.Random(seed)
    with clinics() as clinic:
        cuts = [_cut(clinic, dice.uniform(0, 2), saves=number % 2 == 1) for number in range(runs)]
    gone = [cut.gone for cut in cuts]
    figures = {
        "runs": runs,
        "keys": sum(cut.typed for cut in cuts),
        "keys_lost": sum(cut.lost for cut in cuts),
        "most_seconds_lost": round(max(cut.lost_seconds for cut in cuts), 2),
        "gone_median_s": round(share(gone, 0.5), 2),
        "gone_most_s": round(max(gone), 2),
        "broken": sum(not cut.held for cut in cuts),
    }
    return Outcome(all(cut.held for cut in cuts), figures)


def _cut(clinic: Clinics, moment: float, *, saves: bool) -> _Cut:
    with clinic.start() as program:
        terminal = program.terminal
        program.open_form()
        text, sent = BEGINS, list[float]()
        terminal.type(text)
        until = time.monotonic() + moment
        while time.monotonic() < until:
            word = f"w{len(sent):04} "
            terminal.send(word.encode())
            sent.append(time.monotonic())
            text += word
            terminal.settle(0.03, 0.08)
        shown = WORD.findall("\n".join(terminal.lines()))
        if saves:
            terminal.send(b"\x13")
        cut = time.monotonic()
        terminal.hang_up()
        terminal.wait_end(PATIENCE)
        gone = time.monotonic() - cut
        kept = program.written("k")
    whole = len(WORD.findall(kept))
    lost_seconds = cut - sent[whole] if whole < len(sent) else 0.0
    held = (
        text.strip().startswith(kept.strip())
        and whole >= max((int(number) + 1 for number in shown), default=0)
        and lost_seconds <= MOST_LOST
        and gone <= MOST_GONE
    )
    return _Cut(len(text), len(text.strip()) - len(kept.strip()), lost_seconds, gone, held)
