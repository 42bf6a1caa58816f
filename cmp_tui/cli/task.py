"""task: what someone has to do."""

from __future__ import annotations

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.cli.reading import patient_of, read_day
from cmp_tui.clinic import ids
from cmp_tui.clinic.errors import Gone


@click.group("task")
def task_command() -> None:
    """Tasks: add one, list mine, settle one."""


@task_command.command("add")
@click.argument("title")
@click.option("--due", required=True, metavar="DATE", help="2026-11-30, fri, +3, eom")
@click.option("--mrn", help="The patient it is about.")
@click.option("--for", "username", help="Whose it is; default: mine.")
@click.option("--why", help="Why.")
@click.pass_obj
def task_add(
    session: Session, title: str, due: str, mrn: str | None, username: str | None, why: str | None
) -> None:
    """Add a task.

    \b
    Example:
      cmp-tui task add "call the pharmacy" --due fri --mrn T-1001
    """
    from cmp_tui.clinic.staff import staff_list
    from cmp_tui.tasks.actions import add_task

    clinic = session.clinic
    assignee = None
    if username:
        people = {row.username: row.id for row in clinic.read(staff_list)}
        if username.lower() not in people:
            raise Gone(f"There is no {username!r} among the staff. See: cmp-tui staff list")
        assignee = people[username.lower()]
    patient = patient_of(clinic, mrn).id if mrn else None
    row = clinic.run(
        add_task, title=title, due=read_day(clinic, due), patient=patient, assignee=assignee, why=why
    )
    say(f"Task {ids.shown(row.id)}: {row.title}, due {row.due:%a} {row.due.day} {row.due:%b %Y}.")


@task_command.command("list")
@json_option
@click.pass_obj
def task_list(session: Session, as_json: bool) -> None:
    """List my open tasks.

    \b
    Example:
      cmp-tui task list
    """
    from cmp_tui.tasks.queries import my_tasks

    rows = session.clinic.read(my_tasks)
    session.clinic.look("list", view="tasks", rows=len(rows))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        say(f"{row.due}  {ids.shown(row.id)}  {row.name or '':28} {row.title}")
    if not rows:
        say("No open tasks.")


@task_command.command("done")
@click.argument("id")
@click.option("--how", default="", help="How it was settled, in words.")
@click.option(
    "--status",
    type=click.Choice(["completed", "cancelled", "failed"]),
    default="completed",
    show_default=True,
    help="done, not needed, or could not be done (the last two need --how)",
)
@click.pass_obj
def task_done(session: Session, id: str, how: str, status: str) -> None:
    """Settle a task; `cmp-tui queue` shows its id.

    \b
    Example:
      cmp-tui task done 01a20244-... --how "pharmacy will deliver"
    """
    from cmp_tui.tasks.actions import settle_task

    try:
        key = ids.read(id)
    except ValueError:
        raise click.UsageError(f"{id!r} is not the id of a task. cmp-tui task list shows them.") from None
    row = session.clinic.run(settle_task, key, status, how)
    say(f"{row.title}: {session.clinic.reference.label('task_status', row.status)}.")
