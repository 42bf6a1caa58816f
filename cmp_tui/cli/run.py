"""Opening the app from the command line."""

from __future__ import annotations

import gc
import sys
import tomllib
from pathlib import Path
from typing import Any

import click

from cmp_tui.cli.context import Session
from cmp_tui.clinic.errors import Stopped


def run_app(session: Session, *, mouse: bool = True, theme: str | None = None) -> None:
    """Opens the app on the session's clinic file, and leaves with its exit status."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise click.UsageError("The app needs a terminal. In a script use its commands: cmp-tui --help")
    if not session.path.exists():
        raise Stopped(
            f"There is no clinic file at {session.path}. Make one with: cmp-tui init. "
            "To look around first: cmp-tui demo"
        )
    # Nearly all that is made while starting stays: to look through it for garbage takes a tenth of the time. The app
    # goes on with that as soon as it has drawn.
    gc.disable()
    clinic = session.clinic
    from cmp_tui.app import CmpApp

    settings = own_settings()
    usual = str(settings.get("theme", "dusk"))
    app = CmpApp(clinic, keys=settings.get("keys", {}), theme=theme, usual_theme=usual)
    status = app.run(mouse=mouse and settings.get("mouse", True))
    sys.exit(status or app.return_code or 0)


def own_settings() -> dict[str, Any]:
    """Reads the person's settings file (theme, mouse, [keys]); nothing when there is none."""
    import platformdirs

    path = Path(platformdirs.user_config_dir("cmp-tui", appauthor=False)) / "settings.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Stopped(f"The settings file {path} can't be read: {error}. Correct or remove it.") from error
