"""The enrollment report as lines of a list: a label and up to seven numbers, each of which opens into its people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cmp_tui.clinic.calendar import Month, add_months
from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.report_queries import EnrollmentReport, Number
from cmp_tui.enrollment.report_rules import Cell, share
from cmp_tui.enrollment.report_text import REFERRER_WORDS, SHORT, STEP_WORDS, spread_words

PLACES = 6
"""Numbers beside a label."""


class Shown(NamedTuple):
    """One number as it stands on a line, and whom it counts; None where there is nothing to open."""

    text: str = ""
    cell: Cell | None = None


class ReportLine(NamedTuple):
    """A line: its place in the report, its words, its numbers."""

    name: str
    label: str
    numbers: tuple[Shown, ...]

    def at(self, place: int) -> Shown:
        """The number in a column."""
        return self.numbers[place] if place < len(self.numbers) else Shown()


class ReportSection(NamedTuple):
    """A heading with the words above its columns, and its lines."""

    title: str
    heads: tuple[str, ...]
    lines: tuple[ReportLine, ...]


class Period(NamedTuple):
    """A period by its name."""

    name: str
    words: str
    first: date
    last: date


def periods(today: date) -> tuple[Period, ...]:
    """Returns the periods that can be chosen; the first is the usual one."""
    this, last = Month.of(today), Month.of(today).previous()
    return (
        Period("year", "the last 12 months", add_months(today, -12), today),
        Period("quarter", "the last 3 months", add_months(today, -3), today),
        Period("month", this.label, this.first, today),
        Period("before", last.label, last.first, last.last),
        Period("calendar", f"{today.year} so far", date(today.year, 1, 1), today),
        Period(
            "calendar-before", str(today.year - 1), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        ),
    )


def sections_of(report: EnrollmentReport, reference: Reference) -> list[ReportSection]:
    """Returns the report's lines under their headings."""
    say = reference.label
    received = report.funnel["received"][0].people
    funnel = tuple(
        ReportLine(f"step {step}", STEP_WORDS[step], (_number(numbers[0]), Shown(share(numbers[0].people, received)),
                                                       *(_number(one) for one in numbers[1:])))
        for step, numbers in report.funnel.items()
    )  # fmt: skip
    stages = []
    for one in report.stages:
        middle, ninth = spread_words(one.spread)
        opens = one.left.cell if one.left.people else None
        longest = "" if one.longest is None else str(one.longest)
        numbers = (
            _number(one.left), Shown(middle, opens), Shown(ninth, opens), _number(one.still),
            Shown(longest, one.still.cell if longest else None),
        )  # fmt: skip
        stages.append(ReportLine(f"stage {one.stage}", say("intake_stage", one.stage), numbers))
    ended = report.funnel["ended"][0].people
    ends = tuple(
        ReportLine(
            f"end {one.end}", say("program_end", one.end),
            (_number(one.people), Shown(share(one.people.people, ended)), _number(one.back)),
        )
        for one in report.ends
    )  # fmt: skip
    told = [
        ReportLine(f"referrer {state}", REFERRER_WORDS[state], (_number(one),))
        for state, one in report.referrer.items()
    ]
    middle, ninth = spread_words(report.answer)
    opens = report.referrer["answered"].cell if report.answer.people else None
    told.append(
        ReportLine(
            "referrer days", "days until the answer", (Shown(), Shown(middle, opens), Shown(ninth, opens))
        )
    )
    names = tuple(SHORT.get(one, one) for one in report.sources)
    return [
        ReportSection("How far they came", ("all", "share", *names), funnel),
        ReportSection("Days in a stage", ("left", "median", "9 of 10", "still", "longest"), tuple(stages)),
        ReportSection("Why they left", ("people", "share", "back"), ends),
        ReportSection("Answers to referrers", ("people", "median", "9 of 10"), tuple(told)),
    ]


def heading(section: ReportSection, label: int, width: int) -> str:
    """Returns a heading whose words stand above the columns: a label so wide, then numbers so wide."""
    heads = "".join(f"{head:>{width}} " for head in section.heads)
    return f"{section.title:<{label}} {heads}".rstrip()


def openings(line: ReportLine) -> Sequence[int]:
    """Returns the columns of a line whose numbers can be opened."""
    return [place for place, shown in enumerate(line.numbers) if shown.cell is not None]


def _number(one: Number) -> Shown:
    return Shown(str(one.people), one.cell if one.people else None)
