"""The real program against a terminal that lies, goes away, takes nothing, or is taken from it for a while."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.program.running import BLOCKS, Clinics, clinics

TEXT = "kept two days after discharge"


@pytest.fixture(scope="module")
def small() -> Iterator[Clinics]:
    with clinics() as made:
        yield made


def test_one_byte_of_latin_1_is_a_sign_and_no_end(small: Clinics) -> None:
    with small.start() as program:
        program.open_form()
        program.terminal.send(b"caf\xe9 ")
        program.terminal.wait("caf\N{REPLACEMENT CHARACTER}")
        program.terminal.send(b"\xff\x1b[99999999999;1u\x1b[<0;9999;9999Mon")
        program.terminal.wait("\N{REPLACEMENT CHARACTER}on")  # a click beyond the screen takes no focus away


def test_a_terminal_that_goes_without_a_word_ends_the_program_and_the_draft_is_kept(small: Clinics) -> None:
    with small.start(through=BLOCKS) as program:
        program.open_form()
        program.terminal.type(TEXT)
        program.terminal.wait(TEXT)
        program.terminal.hang_up()
        assert program.terminal.wait_end() == 1
        assert program.written("kept") == TEXT


def test_stopped_it_gives_the_terminal_back_and_takes_it_again(small: Clinics) -> None:
    with small.start() as program:
        terminal = program.terminal
        program.open_form()
        terminal.type(TEXT)
        before = terminal.wait("draft kept")
        for _ in range(2):
            terminal.signal(signal.SIGTSTP)
            program.wait_state("T")
            terminal.settle(0.1)
            assert terminal.in_line_mode()
            assert terminal.left_on() == []
            terminal.signal(signal.SIGCONT)
            terminal.wait(TEXT)
            assert terminal.settle() == before
            assert not terminal.in_line_mode()
        terminal.signal(signal.SIGSTOP)
        program.wait_state("T")
        terminal.signal(signal.SIGCONT)
        terminal.settle()
        terminal.type(" more")
        terminal.wait(f"{TEXT} more")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_end() == 1
        assert terminal.in_line_mode()
        assert terminal.left_on() == []
        assert program.written("kept") == f"{TEXT} more"


def test_it_ends_when_told_though_the_terminal_takes_nothing(small: Clinics) -> None:
    with small.start() as program:
        program.open_form()
        program.terminal.type(TEXT)
        program.terminal.wait("draft kept")
        for _ in range(20):
            program.terminal.send(b"\x0c")
        program.terminal.signal(signal.SIGTERM)
        program.wait_state("Z", reads=False)
        assert program.written("kept") == TEXT


def test_a_large_paste_is_told_wherever_it_goes(small: Clinics) -> None:
    pasted = b"\x1b[200~" + b"as told by her daughter\r" * 2_000 + b"\x1b[201~"
    with small.start() as program:
        terminal = program.terminal
        terminal.send(pasted)
        terminal.wait("nothing here takes text")
        terminal.send(b"/")
        terminal.wait("Type a name")
        terminal.send(pasted)
        terminal.wait("this line takes 200 characters")
        terminal.send(b"\x1b[200~okafor-7\x1b[201~")
        terminal.wait("okafor-7")  # what fits is taken
        terminal.press("escape")
        terminal.wait_gone("okafor-7")
        terminal.send(b"c")
        terminal.wait("[ Save ]")
        terminal.send(pasted)
        terminal.wait("text does not go into this field")
        terminal.send(b"\t\t\tbefore")
        terminal.wait("before")
        terminal.send(pasted + b" after")
        terminal.wait("before after")
        assert terminal.running()
