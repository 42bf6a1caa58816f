"""What every command shares: finding and opening the clinic file, printing, and failing in a sentence."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError, Invalid, Refused
from cmp_tui.clinic.ids import shown
from cmp_tui.clinic.text import terminal_safe

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")


class Session:
    """One run of the command line: the clinic file is opened when a command first needs it."""

    def __init__(self, path: str | None) -> None:
        self._path = path

    @cached_property
    def path(self) -> Path:
        """The clinic file: --db, else $CMP_TUI_DB, else the platform's data folder."""
        named = self._path or os.environ.get("CMP_TUI_DB")
        if named:
            return Path(named).expanduser()
        import platformdirs

        return Path(platformdirs.user_data_dir("cmp-tui", appauthor=False)) / "clinic.cmp"

    @cached_property
    def clinic(self) -> Clinic:
        """The open clinic."""
        from cmp_tui.clinic.audit import behind_words, clock_behind
        from cmp_tui.clinic.opening import open_clinic
        from cmp_tui.tables import TABLES

        clinic = open_clinic(self.path, TABLES, frozen=os.environ.get("CMP_TUI_NOW"))
        with contextlib.suppress(Refused):  # what the command itself does tells a stranger so
            if behind := clinic.read(clock_behind):
                click.echo(behind_words(behind), err=True)
        return clinic

    def close(self) -> None:
        """Closes the clinic file if it was opened."""
        if "clinic" in self.__dict__:
            self.clinic.close_here()


def say(text: str = "") -> None:
    """Prints a line of ours; whatever came from people is made safe for the terminal."""
    click.echo(terminal_safe(text, lines=True))


def print_json(value: Any) -> None:
    """Prints a value as JSON: named tuples as objects, keys as text, days in ISO."""
    from cmp_tui.files.json_out import escaped

    click.echo(escaped(json.dumps(_plain(value), ensure_ascii=False, indent=1)))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return shown(value)
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(_plain(part) for part in value)
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def fail_softly(command: Callable[..., Any]) -> int:
    """Runs a click command; returns its exit status and prints errors as sentences."""
    session: Session | None = None
    try:
        with command.make_context("cmp-tui", sys.argv[1:]) as ctx:  # type: ignore[attr-defined]
            try:
                command.invoke(ctx)  # type: ignore[attr-defined]
            finally:
                session = ctx.obj if isinstance(ctx.obj, Session) else None
                if session is not None:
                    session.close()
        return 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        click.echo("Stopped; nothing was changed.", err=True)
        return 1
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        click.echo(
            terminal_safe(told.getvalue(), lines=True), nl=False, err=True
        )  # it may quote what was typed
        return error.exit_code
    except ClinicError as error:
        click.echo(terminal_safe(_sentence(error), lines=True), err=True)
        return 1
    except Exception as error:  # noqa: BLE001 - its text may quote what people typed
        if isinstance(error, BrokenPipeError):
            return _nobody_reads()
        from cmp_tui.ui.incident import incident

        click.echo(incident(error, "Look with cmp-tui audit show before you repeat it."), err=True)
        return 1


def _sentence(error: ClinicError) -> str:
    """The error's words; what is wrong with one value names it, since no form shows where it stands."""
    if not isinstance(error, Invalid):
        return str(error)
    return "\n".join(
        sentence if not name or name in sentence else f"{name.replace('_', ' ')}: {sentence}"
        for name, sentence in error.fields.items()
    )


def _nobody_reads() -> int:
    """The reader of our output (head, less) has gone; there is nobody left to tell."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
