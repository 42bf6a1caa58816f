"""Text snapshots of screens: what somebody without colours sees, kept beside the tests and compared.

    from tests.snapshots import same_as_kept, screen_text

    same_as_kept("today-80x24", screen_text(pilot.app))      # tests/snapshots/today-80x24.txt

`CMP_TUI_DRAW=1 pytest tests/app` writes the kept ones anew (and passes): read the difference before you keep it.
A snapshot is only as steady as its clinic: use the clock of the tests, and wait until the screen is quiet.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from textual.app import App

KEPT = Path(__file__).parent / "snapshots"

_KEPT = re.compile(r"\s+d(?:raft kept|r?a?f?t? ?k?e?p?…)$")


def screen_text(app: App[Any]) -> str:
    """The screen as text, line by line, without the spaces at the ends."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


def same_as_kept(name: str, text: str) -> None:
    """Fails when a screen says something else than the one that is kept; the message shows both."""
    path = KEPT / f"{name}.txt"
    if os.environ.get("CMP_TUI_DRAW"):
        KEPT.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), (
        f"There is no {path.name} yet. Look at this, and keep it with CMP_TUI_DRAW=1:\n{text}"
    )
    assert _steady(text) == _steady(path.read_text(encoding="utf-8")), f"{path.name} shows something else"


def _steady(text: str) -> list[str]:
    """The lines without the word that a draft is kept: it comes within a second, on a busy machine before the look."""
    return [_KEPT.sub("", line).rstrip() for line in text.splitlines()]
