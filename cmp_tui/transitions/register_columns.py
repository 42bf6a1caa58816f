"""The columns of the Transitions screen, on the screen and in a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from textual.content import Content

from cmp_tui.clinic.reference import Reference
from cmp_tui.transitions.queries import RegisterRow
from cmp_tui.transitions.rules import Clock, Name
from cmp_tui.transitions.words import short_why, why_words
from cmp_tui.ui.listing import Cell, Naming, day, patient_cells, text, whole
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import DAYS, MONTHS

NEAR = 13
"""So many days on either side of today a weekday and a day of the month say which day is meant."""


def short_day(day: date, today: date) -> str:
    """A day in six cells: 'Tue 24' when it is near, else '19 Dec'."""
    if abs((day - today).days) <= NEAR:
        return f"{DAYS[day.weekday()]} {day.day}"
    return f"{day.day} {MONTHS[day.month - 1]}"


def clock_content(clock: Clock | None, today: date, signs: Signs) -> Content:
    """A clock by its sign and its day; colour only adds to them."""
    if clock is None:
        return Content("")
    if clock.state in ("done", "done-late"):
        style = "$amber" if clock.state == "done-late" else "$dim"
        on = short_day(clock.on, today) if clock.on is not None else "done"
        return Content.styled(f"{signs.done} {on}", style)
    if clock.state == "stands":
        words = f"{clock.tries} tries" if clock.tries else "visit"
        return Content.styled(f"{signs.done} {words}", "$dim")
    if clock.state == "missed":
        return Content.styled("- missed", "$dim")
    words = short_day(clock.due, today)
    if clock.state == "late":
        return Content.styled(f"{signs.overdue} {words}", "$coral")
    if clock.due == today:
        return Content.styled(f"{signs.today} today", "$amber")
    return Content.styled(f"{signs.later} {words}", "$dim" if clock.put_off else "$text")


def register_columns(
    naming: Naming, signs: Signs, today: Callable[[], date], reference: Reference
) -> tuple[Column, ...]:
    """Who, where they were, until when each thing is due or when it was done."""

    def who(row: RegisterRow, state: RowState) -> Content:
        return Content.styled(
            naming.shown_name(row.family, row.given), state.name_style(row.transition.is_late)
        )

    def out(row: RegisterRow, state: RowState) -> Content:
        stay, now = row.transition.stay, today()
        if stay.discharged is None:
            return Content.styled("still in", "$dim")
        return Content.styled(short_day(stay.discharged, now), "$text")

    def place(row: RegisterRow, state: RowState) -> Content:
        one = row.transition
        house = one.stay.facility or reference.label("stay_kind", one.stay.kind)
        back = " (back)" if one.back is not None else ""
        if why := short_why(one, reference.label):
            return Content.assemble((f"{why} {signs.dot} ", "$dim"), house)
        if one.stay.discharged is None:
            return Content.assemble(
                house, (f" since {short_day(one.stay.admitted, today())}", "$dim"), (back, "$amber")
            )
        return Content.assemble(house, (back, "$amber"))

    def clock(name: Name) -> Callable[[RegisterRow, RowState], Content]:
        def render(row: RegisterRow, state: RowState) -> Content:
            found = row.transition.clock(name)
            content = clock_content(found, today(), signs)
            if name == "contact" and found is not None and found.is_open and found.tries:
                content = Content.assemble(content, (f" {found.tries}", "$dim"))
            return content

        return render

    def end(row: RegisterRow, state: RowState) -> Content:
        times = row.transition.times
        return Content.styled(short_day(times.window_end, today()) if times else "", "$dim")

    return (
        Column("patient", who, width=16, cells=patient_cells(naming)),
        Column(
            "left", out, width=8,
            cells=(
                *day("admitted", lambda row: row.transition.stay.admitted),
                *day("discharged", lambda row: row.transition.stay.discharged),
            ),
        ),
        Column("from", place, fraction=1, cells=_place_cells(reference)),
        Column("call", clock("contact"), width=10, cells=_clock_cells("call", "contact")),
        Column("meds", clock("reconcile"), width=8, cells=_clock_cells("medicines", "reconcile")),
        Column("visit", clock("visit"), width=8, cells=_clock_cells("visit", "visit")),
        Column(
            "30 d", end, width=6,
            cells=day("30 days end", lambda row: row.transition.times and row.transition.times.window_end),
        ),
    )  # fmt: skip


def _place_cells(reference: Reference) -> tuple[Cell, ...]:
    return (
        *text("from", lambda row: row.transition.stay.facility or None),
        *text("stay", lambda row: reference.label("stay_kind", row.transition.stay.kind)),
        *text("went to", lambda row: reference.label("discharged_to", row.transition.stay.to) or None),
        *text("no clocks", lambda row: why_words(row.transition, reference.label) or None),
        *day("summary came", lambda row: row.transition.stay.summary_on),
        *whole("back after days", lambda row: row.transition.back.days if row.transition.back else None),
    )


def _clock_cells(title: str, name: Name) -> tuple[Cell, ...]:
    def of(row: RegisterRow) -> Clock | None:
        return row.transition.clock(name)

    def state(row: RegisterRow) -> str | None:
        found = of(row)
        return found.state if found is not None else None

    return (
        Cell(f"{title} by", lambda row: (found := of(row)) and found.due, "date"),
        Cell(title, state),
        Cell(f"{title} on", lambda row: (found := of(row)) and found.on, "date"),
    )
