"""What goes over the line shows the same picture as Textual's own drawing, in fewer bytes."""

from __future__ import annotations

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from cmp_tui.ui.pen import BOLD, PLAIN, STRIKE, UNDERLINE, Look, change, look_of
from cmp_tui.ui.wire import Wire

WIDTH, HEIGHT = 30, 4
CONSOLE = Console(color_system="truecolor", force_terminal=True, width=WIDTH)
STYLES = (
    Style(color="#d5dae1", bgcolor="#14171c"),
    Style(color="#f08a82", bgcolor="#14171c"),
    Style(color="#d5dae1", bgcolor="#1f3740", bold=True),
    Style(color="#97a2b0", bgcolor="#1f3740", underline=True),
    Style(color="#97a2b0", bgcolor="#14171c", reverse=True, dim=True),
    Style(color="red", strike=True, italic=True),
    Style(),
)
WORDS = st.sampled_from(
    ["Okafor", "  ", " ", "call back", "▲ today", "━━╸──", "田中", "Zoë", "        ", "x"]
)
RUNS = st.lists(st.tuples(WORDS, st.sampled_from(STYLES)), max_size=6)


def strip_of(runs: list[tuple[str, Style]], width: int) -> Strip:
    segments = [Segment(text, style) for text, style in runs]
    return Strip(segments).adjust_cell_length(width, STYLES[0])


@st.composite
def wholes(draw: st.DrawFn) -> LayoutUpdate:
    lines = []
    for _ in range(HEIGHT):
        cut = draw(st.integers(1, WIDTH - 1))
        lines.append([strip_of(draw(RUNS), cut), strip_of(draw(RUNS), WIDTH - cut)])
    return LayoutUpdate(lines, Region(0, 0, WIDTH, HEIGHT))


@st.composite
def parts(draw: st.DrawFn) -> ChopsUpdate:
    cut = draw(st.integers(1, WIDTH - 1))
    chops, spans = [], []
    for y in range(HEIGHT):
        left, right = draw(st.booleans()), draw(st.booleans())
        chops.append(
            {
                0: strip_of(draw(RUNS), cut) if left else None,
                cut: strip_of(draw(RUNS), WIDTH - cut) if right else None,
            }
        )
        if left or right:
            spans.append((y, 0 if left else cut, WIDTH if right else cut))
    return ChopsUpdate(chops, spans or [(0, 0, 0)], [[cut, WIDTH]] * HEIGHT)


class Shown:
    """A terminal, and what a person sees on it."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.screen.reset_mode(pyte.modes.DECAWM)
        self.stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        self.stream.feed(text)

    def seen(self) -> list[list[tuple[object, ...]]]:
        return [[self._cell(self.screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]

    def _cell(self, cell: pyte.screens.Char) -> tuple[object, ...]:
        marks = (cell.bg, cell.underscore, cell.strikethrough, cell.reverse)
        if cell.data == " " and not any(marks[1:]):
            return (" ", cell.bg)
        return (cell.data, cell.fg, cell.bold, cell.italics, *marks)


@settings(max_examples=150, deadline=None)
@given(st.lists(wholes() | parts(), min_size=1, max_size=6), st.booleans())
def test_the_picture_is_the_one_that_textual_draws(
    updates: list[LayoutUpdate | ChopsUpdate], erases: bool
) -> None:
    wire, theirs, ours = Wire(erases=erases), Shown(), Shown()
    for update in updates:
        theirs.feed(update.render_segments(CONSOLE))
        ours.feed(wire.sequence(update, CONSOLE))
        assert ours.seen() == theirs.seen()
        assert ours.screen.cursor.attrs == pyte.Screen(1, 1).cursor.attrs  # the pen is put down


def whole(*lines: str) -> LayoutUpdate:
    return LayoutUpdate(
        [[strip_of([(line, STYLES[0])], WIDTH)] for line in lines], Region(0, 0, WIDTH, len(lines))
    )


def test_the_same_picture_again_costs_nothing() -> None:
    wire = Wire()
    assert wire.sequence(whole("Today", "Okafor, James"), CONSOLE)
    assert wire.sequence(whole("Today", "Okafor, James"), CONSOLE) == ""


def test_only_what_differs_is_sent() -> None:
    wire = Wire()
    wire.sequence(whole("Today · mine · 14 due", "Okafor, James"), CONSOLE)
    said = wire.sequence(whole("Today · mine · 13 due", "Okafor, James"), CONSOLE)
    assert said == "\x1b[1;17H\x1b[38;2;213;218;225;48;2;20;23;28m3\x1b[m"


def test_a_line_with_letters_of_other_widths_is_sent_whole_each_time() -> None:
    wire = Wire()
    wire.sequence(whole("田中, 健   due today"), CONSOLE)
    said = wire.sequence(whole("田中, 健   due today"), CONSOLE)
    assert "田中" in said and "due today" in said


def test_after_another_size_and_after_noise_all_is_sent_again() -> None:
    wire = Wire()
    first = wire.sequence(whole("Today", "Okafor"), CONSOLE)
    wire.forget()
    assert wire.sequence(whole("Today", "Okafor"), CONSOLE) == first
    assert "Today" in wire.sequence(whole("Today", "Okafor", "Bell"), CONSOLE)


def test_blanks_at_the_end_are_erased_only_where_the_terminal_keeps_the_ground() -> None:
    assert "\x1b[K" in Wire(erases=True).sequence(whole("Today"), CONSOLE)
    plain = Wire(erases=False).sequence(whole("Today"), CONSOLE)
    assert "\x1b[K" not in plain and " " * (WIDTH - len("Today")) in plain


def test_looks_are_read_from_codes() -> None:
    assert look_of("") == PLAIN
    assert look_of("1;38;2;1;2;3;48;5;17") == Look("38;2;1;2;3", "48;5;17", BOLD)
    assert look_of("4;9;31;104") == Look("31", "104", UNDERLINE | STRIKE)


def test_the_shortest_change_of_look() -> None:
    bold = Look("31", "44", BOLD)
    assert change(PLAIN, bold) == ("\x1b[1;31;44m", bold)
    assert change(bold, Look("31", "44")) == ("\x1b[22m", Look("31", "44"))
    assert change(bold, Look("32", "44", BOLD)) == ("\x1b[32m", Look("32", "44", BOLD))
    assert change(bold, PLAIN) == ("\x1b[22;39;49m", PLAIN)
    assert change(bold, Look(None, "44")) == ("", bold)
