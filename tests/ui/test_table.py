"""The windowed table: it reads what it shows, keeps its place, and redraws what changed."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.style import Style

from cmp_tui.clinic.errors import Refused
from cmp_tui.ui.signs import UNICODE
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState, cell, draw, lay_out
from cmp_tui.ui.table_source import KEPT, PAGE, Lines, ListSource, Source, Window
from tests.ui.parts import Dressed, lines


class Person(NamedTuple):
    id: int
    name: str


class People(Source[Person]):
    """Rows made when asked for; remembers what was asked."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = ids
        self.asked: list[tuple[int, int]] = []
        self.refuse = False
        self.knows_places = True

    async def count(self) -> int:
        if self.refuse:
            raise Refused("You may not read this list.")
        return len(self.ids)

    async def fetch(self, offset: int, limit: int) -> Sequence[Person]:
        assert limit <= 200
        self.asked.append((offset, limit))
        return [Person(number, f"Person {number}") for number in self.ids[offset : offset + limit]]

    async def find(self, key: Hashable) -> int | None:
        return self.ids.index(key) if self.knows_places and key in self.ids else None  # type: ignore[arg-type]


COLUMNS = (
    Column("name", lambda row, state: Content.styled(row.name, state.name_style(late=False)), fraction=1),
    Column("wide", lambda row, state: "wide", width=4, min_width=60),
    Column("id", lambda row, state: Text(str(row.id), style="red"), width=6, align="right"),
)


class Desk(Dressed):
    def __init__(self, source: Source[Person], *, titles: bool = False, markable: bool = False) -> None:
        super().__init__()
        self.table = WindowTable(
            COLUMNS,
            signs=UNICODE,
            identity=lambda row: row.id,
            empty=Content("Nobody is here yet: n adds a patient."),
            titles=titles,
            markable=markable,
        )
        self.source = source
        self.heard: list[tuple[str, int | None]] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.show(self.source)
        self.table.focus()

    def _hear(self, kind: str, row: Person | None) -> None:
        self.heard.append((kind, None if row is None else row.id))

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        self._hear("highlighted", event.row)

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        self._hear("rested", event.row)

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        self._hear("selected", event.row)


async def test_the_first_paint_asks_for_one_page_of_any_list() -> None:
    source = People(range(100_000))
    app = Desk(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert source.asked == [(0, PAGE)]
        assert lines(app)[0] == "▌Person 0                             0"
        assert lines(app)[9].startswith(" Person 9 ")


async def test_far_rows_are_read_when_they_come_into_sight() -> None:
    source = People(range(100_000))
    app = Desk(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("G")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert lines(app)[9].startswith("▌Person 99999")
        assert app.table.row == Person(99_999, "Person 99999")
        assert source.asked == [(0, PAGE), (99_900, PAGE)], "nothing between is read"
        await pilot.press("home")
        await pilot.pause()
        assert lines(app)[0].startswith("▌Person 0")
        assert app.heard[-1] == ("highlighted", 0)


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("down",), 1),
        (("j", "j", "k"), 1),
        (("up",), 0),
        (("pagedown",), 9),
        (("pagedown", "pagedown", "pageup"), 9),
        (("end",), 49),
        (("G", "down"), 49),
        (("G", "g"), 0),
        (("ctrl+d",), 9),
    ],
)
async def test_keys_move_the_cursor(keys: tuple[str, ...], place: int) -> None:
    app = Desk(People(range(50)))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press(*keys)
        assert app.table.cursor == place
        assert sum(line.startswith("▌") for line in lines(app)) == 1


async def test_what_is_told_and_when() -> None:
    app = Desk(People(range(50)))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        app.heard.clear()
        await pilot.press("j", "j", "enter")
        assert app.heard[:3] == [("highlighted", 1), ("highlighted", 2), ("selected", 2)]
        await pilot.pause(0.4)
        assert app.heard[3:] == [("rested", 2)], "it rests once, where it stopped"


async def test_a_click_moves_and_a_second_one_opens() -> None:
    app = Desk(People(range(50)), titles=True)
    async with app.run_test(size=(40, 10)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.click(WindowTable, offset=(5, 4))
        assert app.table.cursor == 3
        assert ("selected", 3) not in app.heard
        await pilot.click(WindowTable, offset=(5, 4))
        await pilot.pause()
        assert ("selected", 3) in app.heard
        await pilot.click(WindowTable, offset=(5, 0))
        assert app.table.cursor == 3, "the titles are no row"


@pytest.mark.parametrize("knows_places", [True, False])
async def test_the_cursor_stays_with_its_row(knows_places: bool) -> None:
    source = People(range(1000))
    source.knows_places = knows_places
    app = Desk(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("j", "j")
        source.ids = [500, *range(1000)]
        app.table.reload()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert (app.table.cursor, app.table.row.id) == (3, 2)
        source.ids = [*range(700, 900), *range(20)]
        app.table.reload()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.table.row.id == (2 if knows_places else 703)
        assert sum(line.startswith("▌") for line in lines(app)) == 1


async def test_a_row_that_went_leaves_the_cursor_in_its_place() -> None:
    source = People([1, 2, 3])
    app = Desk(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("G")
        source.ids = [1, 2]
        app.table.reload()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.table.row.id == 2
        source.ids = []
        app.table.reload()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.table.row is None
        assert app.heard[-2:] == [("highlighted", None), ("rested", None)]
        assert lines(app)[0] == " Nobody is here yet: n adds a patient."
        await pilot.press("enter", "j", "G", "x")
        assert not [one for one in app.heard if one[0] == "selected"]


async def test_a_list_that_can_not_be_read_says_why() -> None:
    source = People(range(5))
    source.refuse = True
    app = Desk(source)
    async with app.run_test(size=(70, 10)) as pilot:
        await pilot.pause()
        assert lines(app)[0] == " The list could not be read. You may not read this list."
        source.refuse = False
        app.table.reload()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert lines(app)[0].startswith("▌Person 0")


def watched(table: WindowTable, monkeypatch: pytest.MonkeyPatch) -> list[Region | None]:
    """What the table asks to be drawn from now on: regions, or None for all of it."""
    drawn: list[Region | None] = []
    refresh = table.refresh

    def watch(
        *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> object:
        drawn.extend(regions or [None])
        return refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    monkeypatch.setattr(table, "refresh", watch)
    return drawn


async def test_one_step_draws_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Desk(People(range(50)))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        drawn = watched(app.table, monkeypatch)
        await pilot.press("j")
        assert [(region.y, region.height) for region in drawn if region is not None] == [(0, 1), (1, 1)]
        assert None not in drawn


async def test_losing_the_focus_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Desk(People(range(50)))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        drawn = watched(app.table, monkeypatch)
        app.set_focus(None)
        await pilot.pause()
        app.set_focus(app.table)
        await pilot.pause()
        assert app.table.has_focus
        assert drawn == []


async def test_marks_stay_with_their_rows() -> None:
    source = People(range(50))
    app = Desk(source, markable=True)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("x", "j", "x", "k")
        assert app.table.marks == {0, 2}
        assert [line[0] for line in lines(app)[:4]] == ["◆", " ", "◈", " "]
        source.ids = [9, *range(9)]
        app.table.reload()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert [line[0] for line in lines(app)[:4]] == [" ", "◆", " ", "◈"]
        await pilot.press("x")
        assert app.table.marks == {0}
        app.table.clear_marks()
        assert app.table.marks == frozenset()


async def test_marking_is_no_key_where_nothing_is_marked() -> None:
    app = Desk(People(range(5)))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("x")
        assert app.table.marks == frozenset()
        assert "x" not in app.screen.active_bindings


async def test_columns_appear_where_there_is_room() -> None:
    app = Desk(People(range(5)), titles=True)
    async with app.run_test(size=(80, 10)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert lines(app)[0].split() == ["name", "wide", "id"]
        await pilot.resize_terminal(50, 10)
        await pilot.pause()
        assert lines(app)[0].split() == ["name", "id"]
        assert lines(app)[1].split() == ["▌Person", "0", "0"]


async def test_columns_do_not_move_when_the_scrollbar_comes() -> None:
    source = People(range(5))
    app = Desk(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        before = lines(app)[0]
        source.ids = range(500)
        app.table.reload()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert lines(app)[0][: len(before)] == before


async def test_headings_stand_between_rows() -> None:
    rows = [Person(number, f"Person {number}") for number in range(30)]
    app = Desk(ListSource(rows, [(0, "Overdue"), (3, Content("Today")), (30, "Nothing below")]))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert [line.split("  ")[0] for line in lines(app)[:6]] == [
            " Overdue", "▌Person 0", " Person 1", " Person 2", " Today", " Person 3",
        ]  # fmt: skip
        await pilot.press("j", "j", "j")
        assert lines(app)[5].startswith("▌Person 3")
        await pilot.click(WindowTable, offset=(3, 4))
        assert app.table.cursor == 3, "a heading is no row"
        await pilot.press("G")
        assert lines(app)[9].startswith("▌Person 29")
        await pilot.press("g")
        assert lines(app)[0].startswith(" Overdue"), "the heading comes into sight with its first row"


@given(st.integers(0, 40), st.lists(st.integers(-3, 45), max_size=8))
def test_every_line_is_a_row_or_a_heading(count: int, places: list[int]) -> None:
    given_lines = Lines.of(count, [(place, str(place)) for place in places])
    rows: list[int] = []
    headings: list[str] = []
    for line in range(given_lines.total):
        row, heading = given_lines.row_at(line), given_lines.heading_at(line)
        assert (row is None) != (heading is None)
        if row is not None:
            assert given_lines.line_of(row) == line
            rows.append(row)
        else:
            assert isinstance(heading, str)
            headings.append(heading)
            assert given_lines.row_from(line) == int(heading)
    assert rows == list(range(count))
    assert headings == [str(place) for place in sorted(places) if 0 <= place < count]
    assert given_lines.row_at(given_lines.total) is None


@given(st.lists(st.integers(0, 30), max_size=30))
def test_a_window_holds_what_was_used_last(pages: list[int]) -> None:
    window: Window[int] = Window()
    window.clear(31 * PAGE)
    for page in pages:
        assert window.missing(page * PAGE, page * PAGE) in (page, None)
        window.put(page, range(page * PAGE, (page + 1) * PAGE))
        assert window.row(page * PAGE + 7) == page * PAGE + 7
    assert len(window.held()) <= KEPT * PAGE


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 3), st.integers(0, 2), st.integers(0, 80)), max_size=6
    ),
    st.integers(0, 140),
)
def test_columns_fill_the_width(shapes: list[tuple[int, int, int, int]], width: int) -> None:
    columns = [
        Column("", lambda row, state: "", width=cells, fraction=fraction, gap=gap, min_width=least)
        for cells, fraction, gap, least in shapes
    ]
    places = lay_out(columns, width)
    assert all(width >= place.column.min_width and place.width >= 0 for place in places)
    used = 1 + sum(place.width for place in places) + sum(place.column.gap for place in places[:-1])
    fixed = (
        1
        + sum(place.column.width for place in places if not place.column.fraction)
        + (sum(place.column.gap for place in places[:-1]))
    )
    if any(place.column.fraction for place in places) and fixed <= width:
        assert used == width
    else:
        assert used == fixed or fixed > width


@given(st.text(max_size=30), st.integers(0, 25), st.sampled_from(["left", "right"]))
def test_a_cell_has_its_width(text: str, width: int, align: str) -> None:
    assert cell(Content.styled(text, "bold"), width, align, "…").cell_length == width  # type: ignore[arg-type]


def test_words_of_people_are_never_markup() -> None:
    strip = draw([Content("[b]bold[/b]"), Content("[@click=app.quit]")], Style(), 40, lambda style: Style())
    assert strip.text.rstrip() == "[b]bold[/b][@click=app.quit]"
    assert RowState(cursor=True, marked=False, width=4).name_style(late=False) == "bold"
    assert RowState(cursor=False, marked=False, width=4).name_style(late=False) == ""
