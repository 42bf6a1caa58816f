"""Rural health clinics: G0511 and G0512 stood for the single codes until they ended."""

from __future__ import annotations

import pytest

from tests.billing.engine.scenes import ready


@pytest.mark.parametrize(
    ("month", "program", "lines"),
    [
        ("2025-09", "CCM", [("G0511", 1)]),
        ("2025-10", "CCM", [("99490", 1), ("99439", 1)]),
        ("2025-12", "COCM", [("G0512", 1)]),
        ("2026-01", "COCM", [("99493", 1)]),
    ],
)
def test_they_end_when_they_ended(month: str, program: str, lines: list[tuple[str, int]]) -> None:
    """NARHC on CY2026: G0511 until September 2025; AHRQ: G0512 until the end of 2025."""
    scene = ready(program, month).worked(45, program=program)
    assert scene.choose(rural_health=True).lines() == lines
    assert "G051" not in str(scene.choose(rural_health=False).lines())
