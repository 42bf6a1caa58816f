"""Why a row about falling engagement or prevention is in Today, and what clears it. Pure."""

from __future__ import annotations

from datetime import date

from cmp_tui.queue.words import Details, Said


def in_vain(due: date, today: date, details: Details) -> Said:
    """Tries in vain, one after the other."""
    return Said(details.title, "they or their caregiver are reached; a letter puts it off for two weeks")


def missed(due: date, today: date, details: Details) -> Said:
    """Appointments or classes missed, one after the other."""
    return Said(details.title, "somebody talked with them since")


def preventive(due: date, today: date, details: Details) -> Said:
    """Preventive care that is due."""
    gaps = "1 preventive gap" if details.by == "1" else f"{details.by} preventive gaps".lstrip()
    return Said(
        f"{gaps}: {details.title}", "each is done, or answered: done elsewhere, declined, not suitable"
    )
