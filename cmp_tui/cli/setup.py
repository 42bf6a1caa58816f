"""init, settings, backup: the clinic file itself."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.clinic.staff import change_setting, os_user, settings_list

YES, NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


@click.command("init")
@click.option("--name", help='The clinic\'s name, such as "Lakeside Family Clinic".')
@click.option(
    "--time-zone", help="The clinic's time zone, such as America/Chicago. Its days and months decide."
)
@click.option("--admin", help="Your username here; default: your operating-system user.")
@click.option("--admin-name", help='Your name, such as "Dana Ruiz".')
@click.option(
    "--credential", help="Your credential: RN, LPN, MA, SW, CHW, PharmD, MD, DO, NP, PA, CNS, CNM, none."
)
@click.pass_obj
def init_command(
    session: Session,
    name: str | None,
    time_zone: str | None,
    admin: str | None,
    admin_name: str | None,
    credential: str | None,
) -> None:
    """Make a clinic file. You become its first care manager and administrator.

    What is not given as an option is asked.

    \b
    Example:
      cmp-tui init --name "Lakeside Family Clinic" --time-zone America/Chicago \\
                   --admin dana --admin-name "Dana Ruiz" --credential RN
    """
    from cmp_tui.clinic.opening import make_clinic
    from cmp_tui.tables import TABLES

    if session.path.exists():
        raise click.UsageError(
            f"{session.path} exists already. Open it with cmp-tui, or choose another with --db."
        )
    name = name or click.prompt("Name of the clinic")
    time_zone = time_zone or click.prompt("Time zone", default=_machine_zone())
    admin = admin or click.prompt("Your username here", default=os_user())
    admin_name = admin_name or click.prompt("Your name")
    credential = credential or click.prompt("Your credential (RN, LPN, MA, SW, CHW, MD, NP, PA ... or none)")
    clinic = make_clinic(
        session.path,
        TABLES,
        admin={"username": admin, "name": admin_name, "credential": credential},
        settings={"name": name, "time_zone": time_zone},
    )
    clinic.close_here()
    say(f"Made {session.path}.")
    say("Next: cmp-tui import fhir FOLDER brings people in; cmp-tui opens the program (n adds a patient).")


@click.command("settings")
@click.argument("key", required=False)
@click.argument("value", required=False)
@json_option
@click.pass_obj
def settings_command(session: Session, key: str | None, value: str | None, as_json: bool) -> None:
    """Show the clinic's settings, or set one.

    \b
    Example:
      cmp-tui settings not_reached_days 45
    """
    settings = asdict(session.clinic.read(settings_list))
    if key is None:
        if as_json:
            print_json(settings)
            return
        for name, now in settings.items():
            say(f"{name:26} {now}")
        return
    if value is None:
        raise click.UsageError("Give a value too, or no name to see all settings.")
    kind = type(settings.get(key, ""))
    typed: object = value
    if kind is bool:
        if value.lower() not in YES + NO:
            raise click.UsageError(f"{key} takes yes or no.")
        typed = value.lower() in YES
    elif kind is int:
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise click.UsageError(f"{key} takes a whole number.")
        typed = int(value)
    session.clinic.run(change_setting, key, typed)
    say(f"{key} is {typed} now.")


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.pass_obj
def backup_command(session: Session, target: Path) -> None:
    """Write a checked copy of the clinic file, also while people work in it.

    \b
    Example:
      cmp-tui backup /media/stick/clinic-2026-11-30.cmp
    """
    head = session.clinic.backup(target)
    say(f"Copied to {target} and checked. Audit chain: {head.seq} entries, head {head.hash[:16]}.")


def _machine_zone() -> str:
    """The machine's own time zone, where it says so."""
    named = os.environ.get("TZ")
    link = Path("/etc/localtime")
    if not named and link.is_symlink():
        _, _, named = str(link.resolve()).partition("zoneinfo/")
    return named or "America/Chicago"
