"""The help explains the screen with the keys as they are now."""

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from cmp_tui.ui.help import HelpScreen, help_keys
from cmp_tui.ui.keys import key
from cmp_tui.ui.signs import ASCII
from cmp_tui.ui.table import WindowTable
from tests.ui.parts import Dressed, lines


class Today(Screen[None]):
    TITLE = "Today"
    HELP = "Everything that is due, the most pressing first."
    BINDINGS: list[BindingType] = [key("today.contact", "c", "contact", "contact")]

    def compose(self) -> ComposeResult:
        yield WindowTable((), signs=ASCII, identity=id, open_word="chart")


class Desk(Dressed):
    BINDINGS: list[BindingType] = [key("app.help", "question_mark", "help", "help")]

    def on_mount(self) -> None:
        self.set_keymap({"today.contact": "k,ctrl+k"} | {"list.up": "up"})
        self.push_screen(Today())

    def action_help(self) -> None:
        self.push_screen(HelpScreen.of(self.screen, ASCII))


async def test_the_help_tells_purpose_keys_and_signs() -> None:
    app = Desk()
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        shown = "\n".join(lines(app))
        assert "Today  Everything that is due, the most pressing first." in shown
        contact = next(line.split() for line in lines(app) if "today.contact" in line)
        assert contact[:4] == ["k,", "ctrl+k", "contact", "today.contact"], "the keys as they were remapped"
        assert "list.down" in shown, "keys that the key line does not show are told too"
        assert "overdue" in shown
        for closing in ("q", "escape", "question_mark"):
            await pilot.press(closing)
            assert isinstance(app.screen, Today)
            await pilot.press("question_mark")
            assert isinstance(app.screen, HelpScreen)


async def test_each_action_is_told_once() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)):
        found = help_keys(app.screen)
        assert len({one.id for one in found}) == len(found)
        assert {"today.contact", "app.help", "list.down"} <= {one.id for one in found}
