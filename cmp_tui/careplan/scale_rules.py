"""A goal's own scale (goal attainment scaling): its steps, and what each means for this goal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

STEPS: Mapping[str, int] = MappingProxyType(
    {"much_less": -2, "less": -1, "expected": 0, "more": 1, "much_more": 2}
)
"""The steps, by the names of their fields in the goal's form."""
LABELS: Mapping[int, str] = MappingProxyType({-2: "-2", -1: "-1", 0: "0 expected", 1: "+1", 2: "+2"})
LONGEST = 120


def steps_of(kept: Any) -> dict[int, str]:
    """Returns what is kept of a goal's steps, as words by their step; what is no step of the scale is left out."""
    found = kept if isinstance(kept, dict) else {}
    words = {step: found.get(str(step)) for step in STEPS.values()}
    return {step: said for step, said in words.items() if isinstance(said, str) and said.strip()}


def kept_steps(words: Mapping[str, Any]) -> dict[str, str] | None:
    """Returns the words of the form's fields as they are kept; None where there are none."""
    given = {str(step): " ".join(str(words.get(name) or "").split()) for name, step in STEPS.items()}
    return {step: said for step, said in given.items() if said} or None


def step_words(kept: Any, step: float) -> str:
    """'+1: walks to the church', '0: …'; only '+1' where nobody wrote what that means."""
    number = f"{step:+g}" if step else "0"
    said = steps_of(kept).get(int(step)) if step == int(step) else None
    return f"{number}: {said}" if said else number
