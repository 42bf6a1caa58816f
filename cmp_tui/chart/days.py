"""Days of which perhaps only the month or the year is known, as lists show them."""

from __future__ import annotations

from datetime import date

from cmp_tui.ui.dates import say_partial
from cmp_tui.ui.words import day_words


def partial_words(text: str, today: date) -> str:
    """'4 Mar', '12 Nov 2025', 'May 1938' or '1938'; other text as it stands."""
    try:
        return day_words(date.fromisoformat(text), today) if len(text) == 10 else say_partial(text, today)
    except ValueError:
        return text
