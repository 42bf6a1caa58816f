"""The README's pictures show what the program shows: drawn here, and compared word by word.

`CMP_TUI_DRAW=1 pytest tests/pictures` draws them anew.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cmp_tui.app import CmpApp
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.exchange.demo.making import make_demo_clinic
from cmp_tui.tables import TABLES

HERE = Path(__file__).parent
TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """The demo clinic on Monday 23 November 2026, 9:00."""
    path = tmp_path / "demo.cmp"
    make_demo_clinic(path, TABLES, datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    clinic = open_clinic(path, TABLES, frozen="2026-11-23T09:00")
    yield clinic
    clinic.close_here()


def words(svg: str) -> str:
    """What a picture says, without where it stands."""
    return "\n".join(html.unescape(text).replace("\xa0", " ").strip() for text in TEXT.findall(svg))


def compare(name: str, svg: str) -> None:
    stored = HERE / f"{name}.svg"
    if os.environ.get("CMP_TUI_DRAW"):
        stored.write_text(svg, encoding="utf-8")
    assert words(stored.read_text(encoding="utf-8")) == words(svg), f"{stored.name} shows something else"


async def test_the_pictures_of_the_readme(clinic: Clinic) -> None:
    app = CmpApp(clinic)
    async with app.run_test(size=(118, 30)) as pilot:
        await settled(pilot)
        await pilot.press("j", "j")
        await settled(pilot)
        compare("today", app.export_screenshot(title="cmp-tui demo"))
        await pilot.press("c")
        await settled(pilot)
        await pilot.press("tab", "tab", *"12", "tab", *"two weeks after the new dose")
        await settled(pilot)
        compare("contact", app.export_screenshot(title="cmp-tui demo"))


async def settled(pilot: Pilot[int]) -> None:
    """Waits until nothing changes any more: rows are read, and the resting cursor has brought its preview."""
    before = ""
    for _ in range(40):
        await pilot.pause(0.2)
        now = words(pilot.app.export_screenshot())
        if now == before:
            return
        before = now


def test_every_picture_of_the_readme_is_drawn_here() -> None:
    shown = re.findall(r"\((tests/pictures/[^)]+)\)", (HERE.parents[1] / "README.md").read_text("utf-8"))
    assert sorted(shown) == sorted(f"tests/pictures/{path.name}" for path in HERE.glob("*.svg"))
