"""staff: who uses the program, with which roles."""

from __future__ import annotations

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.rights import ACTIONS
from cmp_tui.clinic.staff import add_staff, disable_staff, edit_staff, staff_list


@click.group("staff")
def staff_command() -> None:
    """The people who use the program, and their roles."""


@staff_command.command("add")
@click.argument("username")
@click.option("--name", help="Their name; needed for someone new.")
@click.option("--credential", help="RN, LPN, MA, SW, CHW, PharmD, MD, DO, NP, PA, CNS, CNM or none.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(["care-manager", "clinician", "admin", "auditor"]),
    help="May be given several times.",
)
@click.option("--os-user", help="The operating-system user who is this person.")
@click.option("--npi", help="Their NPI, when they bill.")
@click.option("--place-of-service", help="Where they work, on claims (two digits). Default: the clinic's.")
@click.option(
    "--clinical/--not-clinical",
    default=None,
    help="Whether their time counts as clinical staff time. Default: by the credential.",
)
@click.option(
    "--may-bill/--not-may-bill",
    default=None,
    help="Whether they may bill for care management. Default: by the credential.",
)
@click.option("--enable", is_flag=True, help="Give someone whose access was ended their access back.")
@click.pass_obj
def add(
    session: Session,
    username: str,
    name: str | None,
    credential: str | None,
    roles: tuple[str, ...],
    os_user: str | None,
    npi: str | None,
    place_of_service: str | None,
    clinical: bool | None,
    may_bill: bool | None,
    enable: bool,
) -> None:
    """Add someone, or change someone's roles and details.

    Whether their time is clinical and whether they may bill follow from the credential, unless you say.

    \b
    Examples:
      cmp-tui staff add ben --name "Ben Ortiz" --credential LPN --role care-manager --os-user ben
      cmp-tui staff add ben --enable
    """
    clinic = session.clinic
    known = {row.username: row for row in clinic.read(staff_list, everyone=True)}
    row = known.get(username.lower())
    if row is None:
        if not name or not credential or not roles:
            raise click.UsageError("For someone new give --name, --credential and at least one --role.")
        clinic.run(
            add_staff,
            username=username,
            name=name,
            credential=credential,
            roles=frozenset(roles),
            os_user=os_user,
            npi=npi,
            place_of_service=place_of_service,
            clinical=clinical,
            may_bill=may_bill,
        )
        say(f"{name} ({username}) was added.")
        return
    changes: dict[str, object] = {"active": True} if enable else {}
    for field, value in (
        ("name", name),
        ("credential", credential),
        ("os_user", os_user),
        ("npi", npi),
        ("place_of_service", place_of_service),
        ("clinical", clinical),
        ("may_bill", may_bill),
    ):
        if value is not None:
            changes[field] = value
    if roles:
        changes["roles"] = frozenset(roles)
    if not changes:
        raise click.UsageError(f"{username} is among the staff already. Say what to change; see --help.")
    clinic.run(edit_staff, row.id, row.version, **changes)
    say(f"{row.name} ({row.username}) was changed.")
    if not row.active and not enable:
        say(f"Their access stays ended. To give it back: cmp-tui staff add {row.username} --enable")


@staff_command.command("list")
@click.option("--all", "everyone", is_flag=True, help="Also those whose access has ended.")
@json_option
@click.pass_obj
def list_(session: Session, everyone: bool, as_json: bool) -> None:
    """List the staff.

    \b
    Example:
      cmp-tui staff list
    """
    rows = session.clinic.read(staff_list, everyone=everyone)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        roles = ", ".join(sorted(row.roles))
        ended = "" if row.active else "  (ended)"
        say(f"{row.username:14} {row.name:24} {row.credential:7} {roles:32} {row.os_user or '-'}{ended}")


@staff_command.command("disable")
@click.argument("username")
@click.pass_obj
def disable(session: Session, username: str) -> None:
    """End someone's access; what they wrote stays theirs.

    \b
    Example:
      cmp-tui staff disable ben
    """
    row = session.clinic.run(disable_staff, username.lower())
    say(
        f"{row.name} can't use this clinic file any more. Their panel: cmp-tui shows it as before; move it in the app."
    )


@staff_command.command("rights")
@click.argument("username", required=False)
@json_option
@click.pass_obj
def rights(session: Session, username: str | None, as_json: bool) -> None:
    """Show what each role may do, or what one person may do.

    \b
    Example:
      cmp-tui staff rights ben
    """
    roles: tuple[str, ...] = ("care-manager", "clinician", "admin", "auditor")
    if username:
        rows = {row.username: row for row in session.clinic.read(staff_list, everyone=True)}
        if username.lower() not in rows:
            raise Gone(f"There is no {username!r} among the staff. See: cmp-tui staff list")
        row = rows[username.lower()]
        roles = tuple(role for role in roles if role in row.roles) if row.active else ()
    table = {action: [role for role in roles if role in right.roles] for action, right in ACTIONS.items()}
    if as_json:
        print_json(table)
        return
    for action, allowed in table.items():
        say(f"{action:34} {', '.join(allowed) or '-'}")
