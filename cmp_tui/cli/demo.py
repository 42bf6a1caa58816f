"""demo: a fictional clinic to try the program on."""

from __future__ import annotations

import os
import shlex
import sys
from datetime import datetime
from pathlib import Path

import click

from cmp_tui.cli.context import Session, say
from cmp_tui.clinic.clock import Clock, frozen_from
from cmp_tui.clinic.settings import Settings


@click.command("demo")
@click.option("--no-app", is_flag=True, help="Only make it; say where it lies and what to try.")
@click.option(
    "--fresh", is_flag=True, help="Make it anew, also when someone has worked in it. That work is lost."
)
@click.option("--seed", type=click.IntRange(0, 2**31), help="Another clinic: other people, other work.")
@click.pass_context
def demo_command(ctx: click.Context, no_app: bool, fresh: bool, seed: int | None) -> None:
    """Open a fictional clinic: about 150 invented patients, four staff, three months of work up to today.

    It lies in a practice file of its own (--db PATH before the word demo, else demo.cmp in the data folder); a
    real clinic file is never touched. Its dates are those of the day on which it was made. When that was another
    day and nobody has worked in it since, it is made anew; when someone has, it stays as it is until --fresh.

    \b
    Examples:
      cmp-tui demo
      cmp-tui demo --fresh
      cmp-tui --db practice.cmp demo --no-app
    """
    root = ctx.find_root()
    path = _place(root.params.get("path"))
    session = Session(str(path))
    root.obj = session
    _make_ready(path, _now(), fresh, seed)
    if no_app:
        _hints(path)
        return
    from cmp_tui.cli.run import run_app

    run_app(session, mouse=not root.params.get("no_mouse"), theme=root.params.get("theme"))


def _place(named: str | None) -> Path:
    """Where the practice file lies. $CMP_TUI_DB names the real clinic, so it is not looked at here."""
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("cmp-tui", appauthor=False)) / "demo.cmp"


def _now() -> datetime:
    """The present moment, or the frozen one of CMP_TUI_NOW (without an offset it is clinic time)."""
    frozen = os.environ.get("CMP_TUI_NOW")
    return frozen_from(frozen, Settings().zone).now() if frozen else Clock().now()


def _make_ready(path: Path, now: datetime, fresh: bool, seed: int | None) -> None:
    """Makes the demo clinic where there is none, where it is asked for, and where only its dates are old."""
    from cmp_tui.exchange.demo.keeping import demo_at, put_demo
    from cmp_tui.exchange.demo.making import SEED
    from cmp_tui.tables import TABLES

    state = demo_at(path, TABLES)
    today = now.astimezone(Settings().zone).date()
    wanted = state.seed if state and seed is None else SEED if seed is None else seed
    if state is not None and not fresh:
        other = state.seed != wanted
        if state.day == today and state.at <= now and not other:
            return
        made = f"It was made on {state.day:%a} {state.day.day} {state.day:%b %Y}"
        if state.touched:
            why = "from another seed" if other else "its dates are of that day"
            say(f"{made}, {why}, and someone has worked in it: it stays. Start over with --fresh.")
            return
        what = f"with seed {wanted}" if other else f"for {today:%a} {today.day} {today:%b %Y}"
        say(f"{made} and nobody has worked in it since; it is made anew {what}.")
    if sys.stderr.isatty():
        click.echo("Making the practice clinic, a few seconds ...", err=True)
    put_demo(path, TABLES, now, wanted)
    say(f"Made a practice clinic, seed {wanted}. Everybody in it is invented.")


def _hints(path: Path) -> None:
    command = f"cmp-tui --db {shlex.quote(str(path))}"
    say(f"It lies in {path}. You are Dana Ruiz, RN, its care manager. Try:")
    say(f"  {command} demo            opens it: Today lists what is due, ? explains each screen")
    say(f"  {command} queue           the same list as plain text")
    say(f"  {command} find okafor     someone who is to be called a third time")
    say(f"  {command} export time-log --month {_last_month()}")


def _last_month() -> str:
    from cmp_tui.clinic.calendar import Month

    return str(Month.of(_now().astimezone(Settings().zone).date()).previous())
