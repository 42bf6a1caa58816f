"""month: what can be billed in a month, what blocks it, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.clinic.calendar import Month

if TYPE_CHECKING:
    from cmp_tui.billing.engine.result import MonthResult


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
    """


@month_command.command("show", hidden=True)
@click.argument("month", callback=read_month, metavar="YYYY-MM")
@json_option
@click.pass_obj
def show(session: Session, month: Month, as_json: bool) -> None:
    """Show a month for everybody with time, a stay, an enrollment or a service in it.

    \b
    Example:
      cmp-tui month 2026-10 --json
    """
    from cmp_tui.billing.month_queries import as_object, month_view

    clinic = session.clinic
    view = clinic.read(month_view, month)
    clinic.look("list", view=f"month:{month}", rows=len(view.patients))
    if as_json:
        print_json(as_object(view))
        return
    for result in view.patients:
        _print(result)
    billed = sum(1 for result in view.patients if result.lines)
    say(f"{month.label}: {len(view.patients)} patients, {billed} with something to bill.")


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
