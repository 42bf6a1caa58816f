"""How a referral is drawn in a list, and what a file gets of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from textual.content import Content

from cmp_tui.clinic.reference import Reference
from cmp_tui.referrals.lines import ReferralLine
from cmp_tui.referrals.words import do_words, stage_words, telephone
from cmp_tui.ui.listing import Cell, Naming, day, patient_cells, text
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import day_words, due_words

Today = Callable[[], date]
PRESSING = frozenset({"urgent", "asap", "stat"})


def clock_content(row: ReferralLine, signs: Signs, today: date) -> Content:
    """When we ask: 'overdue', 'today', 'Wed 25', with its sign; when it ended."""
    if row.ended_on is not None:
        return Content.styled(f"{signs.done} {day_words(row.ended_on, today)}", "$dim")
    if row.check_on is None:
        return Content.styled(f"{signs.today} no day", "$amber")
    words = due_words(row.check_on, today)
    if words == "overdue":
        return Content.styled(f"{signs.overdue} {words}", "$coral")
    sign, style = (signs.today, "$amber") if words == "today" else (signs.later, "$dim")
    return Content.styled(f"{sign} {words}", style)


def age_of_stage(row: ReferralLine, today: date) -> str:
    """'20 d': how long it stands where it stands."""
    return f"{max((today - row.stage_on).days, 0)} d"


def next_content(row: ReferralLine, label: Callable[[str, str | None], str], today: date) -> Content:
    """What is to be done about it, how urgently; how it ended."""
    if row.ended_on is not None:
        return Content.styled(label("referral_end", row.end), "$dim")
    if row.deceased:
        return Content.styled("has died: end it", "$amber")
    if row.urgency in PRESSING:
        urgent = label("referral_urgency", row.urgency)
        return Content.assemble((urgent, "$coral"), (f" {do_words(row, today)}", "$dim"))
    return Content.styled(do_words(row, today), "$dim")


def board_columns(
    naming: Naming, signs: Signs, today: Today, me: bytes, reference: Reference
) -> tuple[Column, ...]:
    """When we ask, who, what and what to do; with room also the number to call, whose it is; how long it stands."""
    label = reference.label

    def dim(words: str) -> Content:
        return Content.styled(words, "$dim")

    def who(row: ReferralLine, state: RowState) -> Content:
        return Content.styled(naming.shown_name(row.family, row.given), state.name_style(row.late(today())))

    def whose(row: ReferralLine, state: RowState) -> Content:
        if not row.owner_name:
            return Content.styled("nobody", "$amber")
        return dim("" if row.owner == me else row.owner_name)

    def stage(row: ReferralLine) -> str:
        return stage_words(row.kind, row.stage, label("referral_stage", row.stage))

    return (
        Column("ask", lambda row, state: clock_content(row, signs, today()), width=10, cells=_clock_cells()),
        Column("patient", who, width=17, cells=patient_cells(naming)),
        Column("what", lambda row, state: Content(row.what), fraction=3, cells=_what_cells(reference, stage, today)),
        Column("next", lambda row, state: next_content(row, label, today()), fraction=4, cells=()),
        Column("call", lambda row, state: dim(telephone(row.phone)), width=14, min_width=150, cells=()),
        Column("whose", whose, width=12, min_width=150, cells=text("whose", lambda row: row.owner_name)),
        Column(
            "since", lambda row, state: dim(age_of_stage(row, today())), width=5, align="right",
            cells=day("since", lambda row: row.stage_on),
        ),
    )  # fmt: skip


def _clock_cells() -> tuple[Cell, ...]:
    return (Cell("ask on", lambda row: row.check_on, "date"),)


def _what_cells(reference: Reference, stage: Callable[[ReferralLine], str], today: Today) -> tuple[Cell, ...]:
    label = reference.label
    return (
        Cell("kind", lambda row: label("referral_kind", row.kind)),
        Cell("what", lambda row: row.what),
        Cell("to", lambda row: row.to),
        Cell("telephone", lambda row: telephone(row.phone) or None),
        Cell("urgency", lambda row: label("referral_urgency", row.urgency)),
        Cell("stage", stage),
        Cell("to do", lambda row: None if row.ended_on else do_words(row, today())),
        Cell("ordered", lambda row: row.ordered_on, "date"),
        Cell("visit", lambda row: row.visit_on, "date"),
        Cell("asked in vain", lambda row: row.checks, "integer"),
        Cell("ended", lambda row: row.ended_on, "date"),
        Cell("how it ended", lambda row: label("referral_end", row.end) or None),
        Cell("need met", lambda row: None if row.need_met is None else "yes" if row.need_met else "no"),
    )
