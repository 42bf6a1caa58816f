"""What the Month screen asks before it does something: which filter, what to mend."""

from __future__ import annotations

from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.billing.month_board import MonthBoard
from cmp_tui.billing.month_preview import ELSEWHERE
from cmp_tui.billing.month_rows import Mend, mends_in
from cmp_tui.billing.month_source import FILTERS
from cmp_tui.ui.messages import OpenChart, OpenForm
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.words import plural

DOES: dict[Mend, str] = {
    "consent": "record the consent",
    "enrollment": "enroll",
    "condition": "add a condition",
    "patient": "change the person's own data",
    "entry": "look at the minutes",
    "plan": "open the plan",
}


def filter_picks(board: MonthBoard | None) -> list[Pick]:
    """The filters, each with how many rows it leaves."""
    counts = board.counts() if board is not None else {}
    picks = []
    for one in FILTERS:
        number = sum(count for state, count in counts.items() if not one.states or state in one.states)
        picks.append(Pick(one.name, one.words, plural(number, "patient")))
    return picks


def mend_steps(result: MonthResult, month: str) -> list[tuple[str, str, OpenChart | OpenForm]]:
    """What forms can mend of a patient's month: words, why, and what opens."""
    patient = result.facts.key
    found: list[tuple[str, str, OpenChart | OpenForm]] = []
    for note, mend in mends_in(result):
        words, program = DOES[mend], note.program or "CCM"
        step: OpenChart | OpenForm
        if mend in ("consent", "enrollment"):
            step, words = OpenForm(mend, patient, None, {"program": program}), f"{words}: {program}"
        elif mend == "patient":
            step = OpenForm("patient", patient, patient)
        elif mend == "plan":
            step = OpenChart(patient, "plan")
        elif mend == "entry":
            step = OpenChart(patient, "calls", month)
        else:
            step = OpenForm(mend, patient)
        found.append((words, note.says, step))
    return found


def elsewhere(result: MonthResult) -> str:
    """What is said where no form mends anything."""
    for note in (*result.blocked, *result.warnings):
        if note.rule in ELSEWHERE:
            return f"{note.says} {ELSEWHERE[note.rule]}"
    return "Nothing here is for a form to mend."
