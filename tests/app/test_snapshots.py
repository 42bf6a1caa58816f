"""The main screens as text, at both sizes, on a small clinic on Monday 23 November 2026 at nine."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from tests.app.driving import SIZES, driving
from tests.snapshots import same_as_kept, screen_text

SCREENS = {
    "today": (),
    "today-preview": ("space",),
    "contact": ("c",),
    "contact-voicemail": ("c", "v"),
    "caseload": ("2",),
    "caseload-filter": ("2", "f", "'min:<20'"),
    "month": ("6",),
    "month-preview": ("6", "space"),
    "month-filter": ("6", "f"),
    "month-close": ("6", "less_than_sign", "L"),
    "search": ("slash", "'ruis'"),
    "help": ("question_mark",),
    "palette": ("ctrl+p",),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
async def test_screens(clinic: Clinic, people: dict[str, bytes], name: str, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await person.press(*SCREENS[name])
        same_as_kept(f"{name}-{size[0]}x{size[1]}", screen_text(person.app))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_an_empty_clinic(clinic: Clinic, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        same_as_kept(f"today-empty-{size[0]}x{size[1]}", screen_text(person.app))
