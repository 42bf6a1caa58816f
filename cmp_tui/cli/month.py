"""month: what can be billed in a month, what blocks it and why; and its close."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from cmp_tui.cli.context import Session, json_option, print_json, say, yes_option
from cmp_tui.clinic.calendar import Month, local
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.staff import settings_list

if TYPE_CHECKING:
    from cmp_tui.billing.close_rules import Stand
    from cmp_tui.billing.closing import ClosedView, Kept
    from cmp_tui.billing.engine.result import MonthResult
    from cmp_tui.clinic.clinic import Clinic


class MonthGroup(click.Group):
    """`month 2026-10` shows a month; what is no command is taken for one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = next((word for word in args if not word.startswith("-")), "")
        if first and first not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


def read_month(ctx: click.Context, param: click.Parameter, value: str) -> Month:
    """Reads a month as it is typed: 2026-10."""
    try:
        return Month.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.group("month", cls=MonthGroup)
def month_command() -> None:
    """A month: minutes, codes and units, what blocks, what warns, and why.

    \b
    Examples:
      cmp-tui month 2026-10
      cmp-tui month 2026-10 --json
      cmp-tui month close 2026-10
    """


@month_command.command("show", hidden=True)
@click.argument("month", callback=read_month, metavar="YYYY-MM")
@json_option
@click.pass_obj
def show(session: Session, month: Month, as_json: bool) -> None:
    """Show a month for everybody with time, a stay, an enrollment or a service in it.

    A closed month is shown as it was kept, and beside it what would differ now.

    \b
    Examples:
      cmp-tui month 2026-10 --json
      cmp-tui month show 2026-10         the same, in words
    """
    from cmp_tui.billing.closing import closed_object, closed_view
    from cmp_tui.billing.month_queries import as_object, month_view

    clinic = session.clinic
    closed = clinic.read(closed_view, month)
    if closed is not None:
        clinic.look("list", view=f"month:{month}", rows=len(closed.patients))
        if as_json:
            print_json(closed_object(clinic.read(settings_list).zone, closed))
        else:
            _print_closed(clinic, closed)
        return
    view = clinic.read(month_view, month)
    clinic.look("list", view=f"month:{month}", rows=len(view.patients))
    if as_json:
        print_json(as_object(view))
        return
    for result in view.patients:
        _print(result)
    billed = sum(1 for result in view.patients if result.lines)
    say(f"{month.label}: {len(view.patients)} patients, {billed} with something to bill.")


@month_command.command("close")
@click.argument("month", callback=read_month, metavar="YYYY-MM")
@click.option("--reason", metavar="TEXT", help="Why it is closed past what stands in the way.")
@yes_option
@json_option
@click.pass_obj
def close(session: Session, month: Month, reason: str | None, yes: bool, as_json: bool) -> None:
    """Close a month: its result is kept, and whatever is written into it later is a dated amendment.

    Shows what stands in the way first. An administrator may close past that with a reason; a month that is not over,
    or has no rules, is never closed. It can't be undone.

    \b
    Examples:
      cmp-tui month close 2026-10
      cmp-tui month close 2026-10 --reason "plans are on paper until December" --yes
    """
    from cmp_tui.billing.close_actions import close_month
    from cmp_tui.billing.closing import judge_month
    from cmp_tui.clinic.staff import me

    clinic = session.clinic
    clinic.rights.require(clinic.read(me).roles, "billing.close_month")
    judged = clinic.read(judge_month, month)
    stands = judged.stands
    never = any(not one.passable for one in stands)
    may = not never and (not stands or bool(reason and reason.strip()))
    if not as_json:
        _print_stands(month, stands)
    if may and not yes and not as_json and sys.stdin.isatty():
        yes = click.confirm(f"Close {month.label}? This can't be undone.")
        if not yes:
            say("Nothing was changed.")
            return
    if may and yes:
        clinic.run(close_month, month, reason, judged)
    if as_json:
        closed = may and yes
        print_json({"month": str(month), "closed": closed, "stands": [_stand(one) for one in stands]})
    elif may and yes:
        say(f"{month.label} is closed. Write out what to bill with: cmp-tui export charges --month {month}")
    elif may:
        say("Nothing was changed; add --yes to close it.")
    if not may:
        if as_json:
            sys.exit(1)
        raise Invalid({"": _why_not(month, never)})


def _why_not(month: Month, never: bool) -> str:
    if never:
        return f"{month.label} was not closed."
    return f"{month.label} was not closed. Put that right, or close it past that with --reason TEXT."


def _stand(one: Stand) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "mrn": one.mrn or None,
        "name": one.name or None,
        "program": one.program,
        "says": one.says,
        "passable": one.passable,
    }


def _print_stands(month: Month, stands: list[Stand]) -> None:
    from cmp_tui.billing.close_rules import counts

    for one in stands:
        who = f"{one.mrn:14} {one.name}: " if one.mrn else ""
        say(f"{who}{_named(one.program)}{one.says}")
    if len(stands) > 1:
        say(f"{len(stands)} in the way of closing {month.label}: {counts(stands)}.")
    elif not stands:
        say(f"Nothing stands in the way of closing {month.label}.")


def _print_closed(clinic: Clinic, view: ClosedView) -> None:
    closed = view.closed
    at = local(closed.at, clinic.read(settings_list).zone)
    say(f"{closed.month.label} was closed on {at:%Y-%m-%d %H:%M} by {closed.by}; this is what was kept.")
    if closed.reason:
        things = "1 thing" if len(closed.passed) == 1 else f"{len(closed.passed)} things"
        past = f", past {things} in the way" if closed.passed else ""
        say(f"Reason{past}: {closed.reason}")
    if view.rules_changed:
        say(f"The rules here are no longer those by which it was judged (checked {closed.rules_checked_on}).")
    for one in view.patients:
        _print_kept(one)
    differing = sum(1 for one in view.patients if one.now is not None)
    billed = sum(1 for one in view.patients if one.charges)
    say(
        f"{closed.month.label}: {len(view.patients)} patients, {billed} with something to bill, "
        f"{differing} with something that would differ now."
    )


def _print_kept(one: Kept) -> None:
    result = one.result
    say(f"{result['mrn']:14} {result['name']}{_minutes(result['minutes'])}")
    _print_lines("bill", result["lines"])
    for note in result["blocked"]:
        say(f"    blocked  {_named(note['program'])}{note['says']} [{note['source']}]")
    if one.now is None:
        return
    since = f", amended {one.amended_at:%Y-%m-%d}" if one.amended_at else ""
    now = "it would be" if one.now["lines"] else "nothing to bill now"
    say(f"    since    {now}{since}{_minutes(one.now['minutes'])}")
    _print_lines("now", one.now["lines"])


def _print_lines(word: str, lines: list[dict[str, Any]]) -> None:
    for line in lines:
        who = line["practitioner"] or "who bills is not known"
        say(f"    {word:8} {line['code']} × {line['units']}  {line['date_of_service']}  {who}")


def _minutes(minutes: dict[str, dict[str, int]]) -> str:
    words = ", ".join(
        f"{program} {one['staff'] + one['practitioner']} min" for program, one in sorted(minutes.items())
    )
    return f"  ({words})" if words else ""


def _print(result: MonthResult) -> None:
    facts = result.facts
    minutes = ", ".join(
        f"{program} {one.staff + one.practitioner} min" for program, one in sorted(result.minutes.items())
    )
    say(f"{facts.mrn:14} {facts.name}" + (f"  ({minutes})" if minutes else ""))
    for line in result.lines:
        who = line.practitioner or "who bills is not known"
        say(f"    bill     {line.code} × {line.units}  {line.date_of_service}  {who}")
    for note in result.blocked:
        say(f"    blocked  {_named(note.program)}{note.says} [{note.source}]")
    for note in result.warnings:
        say(f"    look at  {_named(note.program)}{note.says} [{note.source}]")
    for other in result.alternatives:
        codes = ", ".join(f"{line.code} × {line.units}" for line in other.lines)
        say(f"    or       {codes}: {other.says}")


def _named(program: str | None) -> str:
    return f"{program}: " if program else ""
