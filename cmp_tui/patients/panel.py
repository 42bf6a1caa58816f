"""Who someone is, as it stands at the head of a form and of a chart: name, age, sex, birth date."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from cmp_tui.patients.queries import Card
from cmp_tui.ui.words import age_words, birth_words, name_words


def age_and_sex(card: Card, today: date) -> str:
    """'78 F', or that someone died."""
    if card.deceased:
        return f"died {card.deceased_on or ''}".strip()
    years = age_words(card.birth_date, today) if card.birth_date else ""
    return f"{years} {card.sex}".strip()


def identity(card: Card, today: date, dot: str = "·") -> Content:
    """Returns what a form is bound to; a form is never masked, so that nobody writes into the wrong chart."""
    name = name_words(card.family, card.given or "")
    parts = name, age_and_sex(card, today), birth_words(card.birth_date)
    return Content(f" {dot} ".join(part for part in parts if part))
