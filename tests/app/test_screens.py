"""The lists of screens and forms name all that there is, though each is imported only when it is first shown."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import cmp_tui
from cmp_tui.screens import FORM_ROOMS, FORMS, MODES, key_groups, load_all

PACKAGE = Path(cmp_tui.__file__).parent


def test_every_form_of_every_room_can_be_opened() -> None:
    rooms = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in PACKAGE.rglob("*forms.py")
        if "\nFORMS" in path.read_text(encoding="utf-8") and path.parent.name not in ("frame", "ui")
    }
    made = {name for room in rooms for name in import_module(f"cmp_tui.{room}").FORMS}
    assert set(FORMS) == made
    assert set(FORM_ROOMS) <= rooms
    for name in FORMS:
        assert callable(FORMS[name])
    assert len(FORMS) == len(set(FORMS)), "a form has one room"


def test_every_screen_has_its_keys() -> None:
    assert set(MODES) <= set(key_groups())


def test_everything_can_be_loaded_beforehand() -> None:
    load_all()
