"""What a practice file says about itself: when it was made, and whether someone has worked in it since."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.model import Audit, Working
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope

MADE = "exchange.open_demo"


class DemoState(NamedTuple):
    """A finished demo clinic. `touched`: something was written or typed in it since it was made."""

    day: date
    at: datetime
    seed: int
    touched: bool


def demo_state(scope: Scope) -> DemoState | None:
    """Returns the state of the demo clinic in this file; None when it is a real clinic, or none of ours."""
    if not scope.settings.practice:
        return None
    made = Audit.select(Audit.seq, Audit.at, Audit.facts).where(Audit.action == MADE)
    for seq, at, facts in rows(made.order_by(Audit.seq.desc()).limit(1)):
        later = (Audit.seq > seq) & Audit.content.is_null(False)  # looks have no content
        written = Audit.select(Audit.seq).where(later).exists()
        typed = Working.select(Working.id).where((Working.kind == "draft") & (Working.at > at)).exists()
        return DemoState(day_of(at, scope.zone), at, int(facts["seed"]), written or typed)
    return None
