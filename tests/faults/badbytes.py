"""Bytes that are no text: Latin-1, lone 0xFF, broken and hostile sequences, in a form and wherever they lead (row 24).

The program must live, show a sign for what it could not read, and still take what is typed afterwards.
"""

from __future__ import annotations

import random
import time

from tests.faults.common import Outcome
from tests.program.running import PATIENCE, Running, clinics

READ = "caf\N{REPLACEMENT CHARACTER} na\N{REPLACEMENT CHARACTER}ve \N{REPLACEMENT CHARACTER}."
WRONG = b"caf\xe9 na\xefve \xff."
MARK = "still here"
BROKEN = (
    b"\x1b", b"\x1b[", b"\x1b[<", b"\x1b[<0;", b"\x1b[?", b"\x1b[99999999999;1u", b"\x1b[55296u",
    b"\x1b[;;;;;;", b"\x1b[48;60000;60000;1;1t", b"\x1b[48;0;0;0;0t", b"\x1b[<0;99999;99999M",
    b"\x1b[<35;-7;-7m", b"\x1b[M\xff\xff\xff", b"\x1b[200~", b"\x1b[200~ab\xe9\xff\x00cd\x1b[201~",
    b"\x1b[201~", b"\x1b]52;c;AAAA", b"\x1bP", b"\x1b_G", b"\x9b31m", b"\x1b[1;2R", b"\x1b[1;1:3u",
    b"\x1b[?2048;9$y", b"\xc3", b"\xe2\x82", b"\xf0\x9f", b"\xed\xa0\x80", b"\xc0\x80",
    b"\xf8\x88\x80\x80\x80", b"\x00", b"\x1b\x1b\x1b", b"\x1b[" + b"9" * 200, b"\x80\x9f",
    b"\x1b[1;999999999999A",
)  # fmt: skip


def run(seeds: int = 4, bytes_each: int = 300) -> Outcome:
    """One program; as many streams of noise as `seeds`, of at least so many bytes."""
    sent = alive = 0
    with clinics() as clinic, clinic.start() as program:
        program.open_form()
        program.terminal.send(WRONG)
        program.terminal.wait(READ, PATIENCE)
        for seed in range(seeds):
            noise = _noise(random.Random(seed), bytes_each)
            sent += len(noise)
            alive += _lives_through(program, noise)
        typed = _takes_text(program)
    figures = {"seeds": seeds, "bytes": sent, "alive": alive, "replacement_shown": True, "types_on": typed}
    return Outcome(alive == seeds and typed, figures)


def _noise(dice: random.Random, size: int) -> bytes:
    """Letters, Latin-1 and broken sequences, without ctrl+q, which ends the program."""
    noise = b""
    while len(noise) < size:
        kind = dice.randrange(4)
        if kind == 0:
            noise += dice.choice(BROKEN)
        elif kind == 1:
            noise += bytes(dice.choices(range(0x80, 0x100), k=dice.randrange(1, 9)))
        elif kind == 2:
            noise += bytes(dice.choices(b" abcdefghjnpu.,;0123456789", k=dice.randrange(1, 9)))
        else:
            noise += bytes([dice.choice([one for one in range(0x20) if one != 0x11])])
    return noise


def _lives_through(program: Running, noise: bytes) -> bool:
    """Whether the program still draws after the noise, once every half of something has ended."""
    terminal = program.terminal
    for start in range(0, len(noise), 100):
        if not terminal.running():
            return False
        terminal.send(noise[start : start + 100])
        terminal.skip(0.01)
    terminal.send(b"\x1b[201~")
    terminal.skip(0.7)
    until = time.monotonic() + PATIENCE
    while terminal.running() and time.monotonic() < until:
        terminal.send(b"\x0c")  # ctrl+l draws everything again
        if terminal.skip(0.5):
            return terminal.running()
        terminal.press("escape", between=0.3)  # a question with yes and no takes no other key
    return False


def _takes_text(program: Running) -> bool:
    """Whether a form can be opened and typed in, wherever the noise has led."""
    terminal = program.terminal
    if not terminal.running():
        return False
    for _ in range(6):
        terminal.press("escape", between=0.4)
    terminal.send(b"1/")
    terminal.settle()
    terminal.send(MARK.encode() + b"\x0c")
    return MARK in terminal.wait(MARK, PATIENCE)
