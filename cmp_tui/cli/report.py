"""report: what the program achieves, as text or JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.cli.reading import read_day
from cmp_tui.clinic.calendar import add_months
from cmp_tui.clinic.staff import settings_list

WIDE = 100
"""Signs on a line of a report."""


@click.group("report")
def report_command() -> None:
    """Numbers over a period, each of which can be opened into its rows."""


@report_command.command("enrollment")
@click.option("--from", "first", metavar="DATE", help="First day. Default: a year before the last.")
@click.option("--to", "last", metavar="DATE", help="Last day. Default: today.")
@click.option(
    "--rows", "cell", metavar="NUMBER", help="The people behind a number, such as step:enrolled:claims."
)
@json_option
@click.pass_obj
def enrollment_command(
    session: Session, first: str | None, last: str | None, cell: str | None, as_json: bool
) -> None:
    """How far those who were received in a period came, by source; days in a stage; ends; answers to referrers.

    \b
    Examples:
      cmp-tui report enrollment --from 2026-01-01 --to 2026-06-30
      cmp-tui report enrollment --rows step:enrolled:claims --json
    """
    from cmp_tui.enrollment.report_queries import cell_named, enrollment_report, report_rows
    from cmp_tui.enrollment.report_text import report_document, rows_document

    parts = Parts(
        "enrollment",
        "received",
        enrollment_report,
        report_rows,
        cell_named,
        report_document,
        rows_document,
        _plain,
    )
    _say(session, parts, _period(session, first, last), cell, as_json)


@report_command.command("referrals")
@click.option("--from", "first", metavar="DATE", help="First day. Default: a year before the last.")
@click.option("--to", "last", metavar="DATE", help="Last day. Default: today.")
@click.option(
    "--rows", "cell", metavar="NUMBER", help="The referrals behind a number, such as late:kind:specialist."
)
@json_option
@click.pass_obj
def referrals_command(
    session: Session, first: str | None, last: str | None, cell: str | None, as_json: bool
) -> None:
    """How the orders of a period went: how far, closed in time, by kind and recipient, and why they ended.

    \b
    Examples:
      cmp-tui report referrals --from 2026-01-01 --to 2026-06-30
      cmp-tui report referrals --rows late:kind:specialist --json
    """
    from cmp_tui.referrals.report_queries import cell_named, referral_report, report_rows
    from cmp_tui.referrals.report_text import report_document, rows_document

    parts = Parts(
        "referrals", "ordered", referral_report, report_rows, cell_named, report_document, rows_document,
        _plain_referrals,
    )  # fmt: skip
    _say(session, parts, _period(session, first, last), cell, as_json)


class Parts(NamedTuple):
    """What a report is made of: its name, what happened in the period, how it and its rows are read and told."""

    name: str
    happened: str
    read: Callable[..., Any]
    rows: Callable[..., Any]
    cell_named: Callable[..., Any]
    document: Callable[..., Any]
    rows_document: Callable[..., Any]
    plain: Callable[[Any], Any]


def _say(session: Session, parts: Parts, period: tuple[date, date], cell: str | None, as_json: bool) -> None:
    """Prints a report, or the rows behind one of its numbers; the look is logged."""
    from cmp_tui.files.document import as_text

    clinic, (since, until) = session.clinic, period
    report = clinic.read(parts.read, since, until)
    if cell is None:
        clinic.look("list", view=f"report {parts.name}", first=str(since), last=str(until))
        if as_json:
            print_json(parts.plain(report))
        else:
            say(as_text(parts.document(report, clinic.reference), WIDE).rstrip())
        return
    chosen = parts.cell_named(cell, report)
    rows = clinic.read(parts.rows, since, until, chosen)
    clinic.look("list", view=f"report {parts.name} {chosen.text}", rows=len(rows))
    if as_json:
        print_json(rows)
    else:
        title = f"{chosen.text}, {parts.happened} {since} to {until}"
        say(as_text(parts.rows_document(rows, title, clinic.reference), WIDE).rstrip())


def _period(session: Session, first: str | None, last: str | None) -> tuple[date, date]:
    """The days that were asked for; the year until today where none were."""
    clinic = session.clinic
    until = read_day(clinic, last) if last else clinic.clock.today(clinic.read(settings_list).zone)
    return read_day(clinic, first) if first else add_months(until, -12), until


def _plain_referrals(report: Any) -> dict[str, Any]:
    """The numbers by their names, without the keys into their rows."""

    def line(one: Any) -> dict[str, Any]:
        numbers = {name: number.loops for name, number in one.numbers.items()}
        return {**numbers, "median_days": one.closing.median, "ninth_tenth_days": one.closing.ninth}

    return {
        "from": report.first, "to": report.last, "on": report.today,
        "stages": {stage: one.loops for stage, one in report.stages.items()},
        "all": line(report.total),
        **{f"by_{group}": {one.label: line(one) for one in lines} for group, lines in report.groups.items()},
        "visit": {"median_days": report.visit.median, "ninth_tenth_days": report.visit.ninth},
    }  # fmt: skip


def _plain(report: Any) -> dict[str, Any]:
    """The numbers by their names, without the keys into their rows."""
    days: dict[str, date] = {"from": report.first, "to": report.last, "on": report.today}
    names = ("all", *report.sources)
    return {
        **days,
        "funnel": {
            step: {name: one.people for name, one in zip(names, numbers, strict=True)}
            for step, numbers in report.funnel.items()
        },
        "stages": {
            one.stage: {
                "left": one.left.people, "median_days": one.spread.median, "ninth_tenth_days": one.spread.ninth,
                "still": one.still.people, "longest_days": one.longest,
            }
            for one in report.stages
        },
        "ends": {one.end: {"count": one.people.people, "comes_back": one.back.people} for one in report.ends},
        "referrers": {
            **{state: one.people for state, one in report.referrer.items()},
            "median_days": report.answer.median, "ninth_tenth_days": report.answer.ninth,
        },
    }  # fmt: skip
