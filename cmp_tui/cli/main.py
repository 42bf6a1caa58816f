"""The command `cmp-tui`: opens the app, or runs one of its commands."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from cmp_tui.cli.context import Session, fail_softly

COMMANDS = {
    "init": "setup",
    "demo": "demo",
    "staff": "staff",
    "import": "bring",
    "export": "take",
    "month": "month",
    "packet": "packet",
    "plan": "plan",
    "risk": "risk",
    "queue": "work",
    "report": "report",
    "find": "work",
    "show": "work",
    "log": "work",
    "timer": "timer",
    "task": "task",
    "undo": "work",
    "audit": "audit",
    "backup": "setup",
    "settings": "setup",
}
"""Which file of this package holds a command; it is imported when the command is asked for."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used, so that --help and short commands start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        room = COMMANDS.get(name)
        if room is None:
            return None
        found = getattr(import_module(f"cmp_tui.cli.{room}"), f"{name}_command")
        assert isinstance(found, click.Command)
        return found


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--db", "path", metavar="PATH", help="The clinic file. Default: $CMP_TUI_DB, else the data folder."
)
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal, for its own selection.")
@click.option("--theme", metavar="NAME", help="dusk, day, contrast, sixteen or sixteen-light; kept.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, param, yes: _version(ctx, yes),
    help="Show the version and exit.",
)
@click.pass_context
def cli(ctx: click.Context, path: str | None, no_mouse: bool, theme: str | None) -> None:
    """A caseload manager for care management programs: enrollment, contacts, time and what is due today.

    Without a command it opens the app.

    \b
    Examples:
      cmp-tui demo                     a fictional clinic to try it on
      cmp-tui init --name "Lakeside"   make a clinic file
      cmp-tui                          open it
    """
    ctx.obj = Session(path)
    if ctx.invoked_subcommand is None:
        from cmp_tui.cli.run import run_app

        run_app(ctx.obj, mouse=not no_mouse, theme=theme)


def _version(ctx: click.Context, wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("cmp-tui")
    except PackageNotFoundError:
        number = "not installed: this is a checkout"
    click.echo(f"cmp-tui, version {number}")
    ctx.exit()


def main() -> None:
    """Runs the command line; an error is one sentence and an exit status (1 something wrong, 2 wrong usage)."""
    sys.exit(fail_softly(cli))
