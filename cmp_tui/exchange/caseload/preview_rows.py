"""What an import would do as the rows of one list: every row of the sheet once, with what happens to it and why."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, NamedTuple

from cmp_tui.exchange.caseload.plan import CaseloadPlan, RowPlan
from cmp_tui.files.sheet_in import Fault

State = Literal["new", "changed", "same", "skipped", "refused"]
Show = Literal["", "decide", "look", "new", "changed", "same", "skipped", "refused"]
SHOWS: tuple[Show, ...] = ("", "decide", "look", "new", "changed", "same", "skipped", "refused")
"""What `f` shows one after the other: all rows, those that wait for a decision, those to look at, each state."""
SHOW_WORDS = {"": "all", "decide": "to decide", "look": "to look at"}


class PreviewRow(NamedTuple):
    """One row of the sheet. `what` is what it would write, `why` what there is to know about it."""

    number: int
    state: State
    mrn: str
    name: str
    born: str
    what: str
    why: str
    decided: str
    """"same", "new" or "out" when the person has just decided and the plan is not made anew yet."""
    plan: RowPlan | None
    faults: tuple[Fault, ...]

    @property
    def asks(self) -> bool:
        """Whether the row may be somebody who is here already, and nobody has said whether."""
        return (
            self.state == "skipped" and not self.decided and self.plan is not None and bool(self.plan.alike)
        )

    @property
    def shown_state(self) -> str:
        """The word in the first column."""
        return {"same": "matched", "new": "as new", "out": "out"}.get(self.decided) or (
            "decide" if self.asks else self.state
        )

    def fits(self, show: Show) -> bool:
        """Whether the row belongs to what is shown."""
        if show in ("", "decide"):
            return show == "" or self.asks or bool(self.decided)
        if show == "look":
            return bool(self.why) and self.state in ("new", "changed", "same")
        return self.state == show


def rows_of(plan: CaseloadPlan) -> list[PreviewRow]:
    """Returns the rows in the order of the sheet."""
    faults: dict[int, list[Fault]] = defaultdict(list)
    for fault in plan.faults:
        faults[fault.number].append(fault)
    found = [_planned(row, faults) for row in plan.rows]
    found += [_left(one.number, "skipped", one.why, faults.pop(one.number, [])) for one in plan.left_out]
    for number, some in faults.items():
        if any(fault.lost for fault in some):
            found.append(_left(number, "refused", "; ".join(map(_said, some)), some))
    return sorted(found, key=lambda row: row.number)


def _planned(row: RowPlan, faults: dict[int, list[Fault]]) -> PreviewRow:
    own = [fault for number in (row.number, *row.more) for fault in faults.pop(number, [])]
    differs = [f"{one.what} differs" for one in row.differs]
    merged = [f"with row {', '.join(map(str, row.more))}"] if row.more else []
    faults_said = [words for words in map(_said, own) if words.replace(": ", " ", 1) not in row.why]
    why = _like(row) if row.state == "skipped" and row.alike else row.why
    parts = [why, *merged, *row.warnings, *differs, *faults_said]
    said = "; ".join(dict.fromkeys(part for part in parts if part))
    refused = row.state == "skipped" and row.wrong and not row.alike
    return PreviewRow(
        row.number,
        "refused" if refused else row.state,
        row.mrn,
        row.name,
        row.birth_date,
        row.summary(),
        said,
        "",
        row,
        tuple(own),
    )


def _like(row: RowPlan) -> str:
    """Whom a row that waits looks like; the engine's own words name options of the command line."""
    first = row.alike[0]
    who = f"row {first.row}" if first.row else f"{first.name} {first.mrn}"
    more = f" and {len(row.alike) - 1} more" if len(row.alike) > 1 else ""
    return f"like {who}{more}: {first.why}"


def _left(number: int, state: State, why: str, faults: list[Fault]) -> PreviewRow:
    return PreviewRow(number, state, "", "", "", "", why, "", None, tuple(faults))


def _said(fault: Fault) -> str:
    return f"{fault.column}: {fault.why}" if fault.column else fault.why
