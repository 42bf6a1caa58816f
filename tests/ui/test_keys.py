"""Keys: names, remapping, and what can't be remapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from cmp_tui.ui.chrome import tab_keys
from cmp_tui.ui.keys import KeyTable, key, key_word, normal
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.table import WindowTable


class Today(Screen[None]):
    BINDINGS: list[BindingType] = [
        key("today.contact", "c", "contact", "contact"),
        key("today.done", "d", "done", "done"),
    ]


class Caseload(Screen[None]):
    BINDINGS: list[BindingType] = [key("caseload.copy", "c", "copy", "copy")]


class Program(App[None]):
    BINDINGS: list[BindingType] = [key("app.help", "question_mark", "help", "help"), *tab_keys()]


def table() -> KeyTable:
    return KeyTable.gather(
        {"Today": (Program, Today, WindowTable), "Caseload": (Program, Caseload, WindowTable)}
    )


@pytest.mark.parametrize(
    ("typed", "name", "word"),
    [
        ("/", "slash", "/"),
        ("?", "question_mark", "?"),
        ("esc", "escape", "esc"),
        ("G", "G", "G"),
        (" ", "space", "space"),
        ("ctrl+/", "ctrl+slash", "ctrl+/"),
        ("pgdn", "pagedown", "page down"),
        ("f5", "f5", "f5"),
        (",", "comma", ","),
        ("+", "plus", "+"),
    ],
)
def test_the_names_of_keys(typed: str, name: str, word: str) -> None:
    assert normal(typed) == name
    assert key_word(name) == word


@pytest.mark.parametrize("typed", ["", "nokey", "ctrl+", "hyper+nokey", "control+x", "\x1b", "xx"])
def test_what_is_no_key(typed: str) -> None:
    assert normal(typed) is None


@given(st.text(st.characters(max_codepoint=127), max_size=12))
def test_a_key_is_named_once(typed: str) -> None:
    name = normal(typed)
    if name is not None:
        assert normal(name) == name
        assert "," not in name
        assert key_word(name)


def test_every_binding_of_the_kit_has_an_id_and_none_clash() -> None:
    assert table().clashes() == ()
    for node in (WindowTable, Notice):
        assert all(binding.id for binding in node.BINDINGS)  # type: ignore[union-attr]
    assert table().entries["list.down"].keys == ("down", "j")
    assert table().entries["app.tab3"].keys == ("3",)


def test_a_remap_is_taken_as_textual_wants_it() -> None:
    remap = table().remap({"today.contact": ["/", "ctrl+k"], "list.down": "n"})
    assert remap.problems == ()
    assert dict(remap.keymap) == {"today.contact": "slash,ctrl+k", "list.down": "n"}


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"today.contac": "c"}, "Did you mean “today.contact”?"),
        ({"zzz": "c"}, "nothing has that name"),
        ({"today.done": []}, "a key or a list of keys"),
        ({"today.done": 7}, "a key or a list of keys"),
        ({"today.done": ["ctrl+nokey"]}, "“ctrl+nokey”, set for “today.done”, is not a key"),
        ({"today.done": "c"}, "already the key of “contact” (today.contact)"),
        ({"today.done": "j"}, "already the key of “next row” (list.down)"),
        ({"list.down": "c"}, "already the key of “copy” (caseload.copy)"),
    ],
)
def test_what_can_not_be_taken_is_told_and_left_out(wanted: dict[str, object], told: str) -> None:
    remap = table().remap({**wanted, "list.up": "p"})
    assert dict(remap.keymap) == {"list.up": "p"}
    assert len(remap.problems) == 1
    assert told in remap.problems[0]
    assert remap.problems[0].endswith((".", "?"))


def test_screens_that_are_never_seen_together_may_share_a_key() -> None:
    assert table().remap({"caseload.copy": "d"}).problems == ()


def test_two_keys_can_be_swapped() -> None:
    remap = table().remap({"today.contact": "d", "today.done": "c"})
    assert remap.problems == ()
    assert dict(remap.keymap) == {"today.contact": "d", "today.done": "c"}


async def test_textual_follows_the_map() -> None:
    pressed: list[str] = []

    class Screened(Today):
        def action_contact(self) -> None:
            pressed.append("contact")

        def action_done(self) -> None:
            pressed.append("done")

    class Running(App[None]):
        def on_mount(self) -> None:
            self.set_keymap(dict(table().remap({"today.contact": "d", "today.done": "c"}).keymap))
            self.push_screen(Screened())

    async with Running().run_test(size=(40, 8)) as pilot:
        await pilot.press("d", "c")
        assert pressed == ["contact", "done"]
