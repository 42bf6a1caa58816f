"""Where forms open: over the list, stacked, and giving the focus back."""

import pytest
from textual.app import App

from cmp_tui.ui.fields.text import TextField
from tests.ui.form_app import DeskApp, Lines, quick_keys, words_on


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_keys(monkeypatch)


FIELDS = (TextField(name="one", label="One"), TextField(name="two", label="Two"))


async def test_opening_lays_nothing_out_again_below() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        before = app.desk.query_one(Lines).region
        app.desk.open(FIELDS)
        await pilot.pause()
        assert app.desk.query_one(Lines).region == before
        assert app.desk.dock.is_open
        dock = app.desk.dock.region
        assert dock.bottom == 23
        assert dock.height < 12


async def test_the_list_is_not_drawn_again() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = app.desk.query_one(Lines)
        lines.focus()
        await pilot.pause()
        drawn: list[object] = []
        lines.refresh = lambda *regions, **how: drawn.append(regions)  # type: ignore[assignment,method-assign,func-returns-value]
        app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.press("tab", "a", "escape")
        await pilot.pause()
        assert app.focused is lines
        assert drawn == []


async def test_forms_stack_and_give_the_focus_back() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.desk.query_one(Lines).focus()
        await pilot.pause()
        below = app.desk.form(FIELDS, name="below")
        app.desk.dock.open(below)
        await pilot.pause()
        await pilot.press("a", "tab", "b")
        above = app.desk.form((TextField(name="three", label="Three"),), name="above")
        future = app.desk.dock.open(above)
        await pilot.pause()
        assert app.desk.dock.forms == (below, above)
        assert "Three" in words_on(app)
        assert "Two" not in words_on(app)
        await pilot.press("c", "ctrl+s")
        result = await future
        assert result.submission is not None
        assert result.submission.values == {"three": "c"}
        await pilot.pause()
        assert app.desk.dock.form is below
        await pilot.press("x")
        assert below.sheet.values() == {"one": "a", "two": "bx"}
        await pilot.press("escape")
        await pilot.pause()
        assert app.focused is app.desk.query_one(Lines)
        assert set(app.desk.drafts) == {"below"}


async def test_the_list_below_may_be_gone_when_the_form_closes() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.desk.query_one(Lines).focus()
        await pilot.pause()
        app.desk.open(FIELDS)
        await pilot.pause()
        await app.desk.query_one(Lines).remove()
        await pilot.press("escape")
        await pilot.pause()
        assert not app.desk.dock.is_open
        assert app.focused is None


async def test_a_lost_line_finds_every_form() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.desk.open(FIELDS, name="below")
        await pilot.pause()
        await pilot.press("a")
        app.desk.open(FIELDS, name="above")
        await pilot.pause()
        await pilot.press("b")
        assert [form.typed().get("one") for form in app.desk.dock.forms] == ["a", "b"]


async def test_who_waits_for_a_form_does_not_wait_for_ever() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        future = app.desk.dock.open(app.desk.form(FIELDS))
        await pilot.pause()
        await app.pop_screen()
        assert future.cancelled()


async def test_it_fits_a_resized_terminal() -> None:
    app = DeskApp()
    async with app.run_test(size=(120, 40)) as pilot:
        form = app.desk.open([TextField(name=f"f{n}", label=f"Field {n}") for n in range(30)])
        await pilot.pause()
        assert app.desk.dock.region.height == 20 + 5
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await pilot.pause()
        assert app.desk.dock.region.height <= 17
        assert app.desk.dock.region.bottom == 23
        form.sheet.visit("f29")
        for _ in range(50):  # it scrolls once the new size has been laid out
            await pilot.pause(0.02)
            if "Field 29" in words_on(app):
                break
        assert "Field 29" in words_on(app)


async def test_short_neighbours_share_a_line_where_they_fit() -> None:
    fields = (
        TextField(name="one", label="One", row="r", width=30),
        TextField(name="two", label="Two", row="r", width=30),
    )
    shared: dict[int, bool] = {}
    for width in (120, 60):
        async with DeskApp().run_test(size=(width, 30)) as pilot:
            app: App[None] = pilot.app
            assert isinstance(app, DeskApp)
            app.desk.open(fields)
            await pilot.pause()
            shared[width] = any("One" in line and "Two" in line for line in words_on(app).splitlines())
    assert shared == {120: True, 60: False}
