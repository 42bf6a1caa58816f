"""The driver's two halves: bytes become keys and pastes whatever they are, and writing outlives the terminal."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from cmp_tui.ui import incoming, outgoing
from cmp_tui.ui.incoming import BULK, PASTE_TICKS, Incoming
from cmp_tui.ui.outgoing import BACKLOG, Outgoing

NOISE = (b"\x1b[200~", b"\x1b[201~", b"\x1b[48;0;0;0;0t", b"\x1b[48;9;9;0;0t", b"\x1b[<0;5;5M")
BROKEN = (b"\x1b[99999999999;1u", b"\x1b[1;1:99999999999u", b"\x1b[;;;;;;;;u", b"\x1b[55296;1u")


def made() -> Incoming:
    return Incoming(lambda: XTermParser())


def taken(pieces: Sequence[bytes], quiet: int = PASTE_TICKS + 1) -> list[Message]:
    """What comes of some pieces, and of the silence after them."""
    found: list[Message] = []
    reading = made()
    for piece in pieces:
        found += reading.take(piece)
    return found + silence(reading, quiet)


def silence(reading: Incoming, ticks: int = PASTE_TICKS + 1) -> list[Message]:
    """What comes while nothing is sent; for the parser the time is over at once."""
    with patch("textual._parser.get_time", return_value=1e12):
        return [one for _ in range(ticks) for one in reading.quiet()]


def typed(found: Sequence[Message]) -> str:
    return "".join(one.character or "" for one in found if isinstance(one, events.Key))


def pasted(found: Sequence[Message]) -> list[str]:
    return [one.text for one in found if isinstance(one, events.Paste)]


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    ends = sorted(place % (len(data) + 1) for place in places)
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


# -- keys


def test_bytes_that_are_no_text_become_a_sign() -> None:
    assert typed(taken([b"caf\xe9 na\xefve \xff."])) == "caf\ufffd na\ufffdve \ufffd."


def test_a_lone_byte_shows_its_sign_without_waiting_for_the_next_key() -> None:
    reading = made()
    assert typed(list(reading.take(b"\xe9"))) == ""
    assert typed(silence(reading, 10)) == "\ufffd"
    assert typed(list(reading.take("é".encode()))) == "é"


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40),
    st.lists(st.integers(0, 200), max_size=6),
)
def test_letters_stay_whole_however_they_are_cut(text: str, places: list[int]) -> None:
    assert typed(taken(cut(text.encode(), places))) == text


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_sequence_goes_alone(broken: bytes) -> None:
    found = taken([b"a" + broken + b"bc"])
    assert typed(found).startswith("a")
    assert typed(found).endswith("bc")


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([*BROKEN, *NOISE])), max_size=12))
def test_no_bytes_end_it_and_keys_work_afterwards(pieces: list[bytes]) -> None:
    reading = made()
    found: list[Message] = []
    for piece in pieces:
        found += reading.take(piece)
    found += silence(reading)
    for one in found:
        if isinstance(one, events.Resize):
            assert 0 < one.size.width <= 1000
            assert 0 < one.size.height <= 1000
        if isinstance(one, events.Key):
            (one.key + (one.character or "")).encode()  # no half of a pair
    assert typed(list(reading.take(b"ok"))) == "ok"


# -- pastes


@given(
    st.text(st.characters(exclude_characters="\x1b\x00", exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.lists(st.integers(0, 300), max_size=8),
)
def test_a_paste_is_one_however_it_is_cut(text: str, places: list[int]) -> None:
    data = b"x\x1b[200~" + text.encode() + b"\x1b[201~y"
    found = taken(cut(data, places))
    assert pasted(found) == [text]
    assert typed(found) == "xy"


def test_two_pastes_and_an_empty_one() -> None:
    found = taken([b"\x1b[200~one\x1b[201~\x1b[200~\x1b[201~\x1b[200~two\x1b[201~"])
    assert pasted(found) == ["one", "two"]


def test_a_paste_whose_end_never_comes_swallows_no_keys_for_good() -> None:
    reading = made()
    assert list(reading.take(b"\x1b[200~lost")) == []
    found = silence(reading, PASTE_TICKS)
    assert pasted(found) == ["lost"]
    assert typed(list(reading.take(b"jk"))) == "jk"


def test_a_slow_line_may_stop_in_the_middle_of_a_paste() -> None:
    reading = made()
    found = list(reading.take(b"\x1b[200~one \xc3"))
    found += silence(reading, PASTE_TICKS - 1)
    found += reading.take(b"\xa9\x1b[201~")
    assert pasted(found) == ["one é"]


def test_much_text_at_once_was_pasted() -> None:
    text = b"a line\r" * BULK
    assert pasted(taken([text[:4000], text[4000:]])) == [text.decode()]
    found = taken([text + b"\x13"])  # with ctrl+s in it, these are keys
    assert pasted(found) == []
    assert len(typed(found)) == len(text) + 1
    found = taken([text, b"\x1b[A", b"x"])
    assert pasted(found) == [text.decode()]
    assert typed(found) == "x"


def test_a_paste_beyond_all_fields_is_not_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "PASTE_MOST", 1_000)
    found = taken([b"\x1b[200~", *[b"x" * 600] * 10, b"\x1b[201~"])
    (text,) = pasted(found)
    assert 1_000 <= len(text) < 2_000


# -- writing


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reads, writes = os.pipe()
    yield reads, writes
    for number in (reads, writes):
        with contextlib.suppress(OSError):
            os.close(number)


def test_everything_is_written_in_its_order(pipe: tuple[int, int]) -> None:
    out = Outgoing(pipe[1], lambda: None)
    out.start()
    for number in range(200):
        out.write(f"{number} é ")
    out.stop()
    os.close(pipe[1])
    assert os.read(pipe[0], 65536).decode() == "".join(f"{number} é " for number in range(200))


def test_a_terminal_that_is_gone_is_told_once_and_takes_everything(pipe: tuple[int, int]) -> None:
    told: list[int] = []
    out = Outgoing(pipe[1], lambda: told.append(1))
    os.close(pipe[0])
    out.start()
    for _ in range(100):
        out.write("x" * BACKLOG)
    out.stop()
    assert told == [1]


def test_a_stuck_terminal_holds_up_until_the_program_ends(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "LAST_WORDS", 0.1)
    out = Outgoing(pipe[1], lambda: None)
    out.start()

    def draw() -> None:
        for _ in range(20):
            out.write("x" * BACKLOG)

    drawing = threading.Thread(target=draw, daemon=True)
    drawing.start()
    drawing.join(0.5)
    assert drawing.is_alive()
    out.hurry()
    drawing.join(30)
    assert not drawing.is_alive()
    out.stop()
    assert out.is_alive()  # it is a daemon: it keeps no process from ending
