"""queue, find, show, log, timer, task: the day's work without the screen."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import Any

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.clinic import ids
from cmp_tui.clinic.calendar import Month, day_of, local, utc
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.staff import settings_list
from cmp_tui.patients.queries import PatientLine, by_mrn

OUTCOMES = click.Choice(["reached", "voicemail", "no-answer", "wrong-number", "refused", "not-applicable"])


def patient_of(clinic: Clinic, mrn: str) -> PatientLine:
    """Returns the patient with an MRN. Raises Gone with a sentence."""
    found = clinic.read(by_mrn, mrn)
    if found is None:
        raise Gone(f"There is no patient with MRN {mrn}. Look with: cmp-tui find NAME")
    return found


@click.command("queue")
@click.option("--all", "everyone", is_flag=True, help="The whole team's; default: mine.")
@click.option("--cover", metavar="USERNAME", help="What someone's patients need while they are away.")
@click.option("--day", metavar="DATE", help="As it will stand on another day (2026-11-30, fri, +3).")
@click.option("--limit", default=200, show_default=True)
@json_option
@click.pass_obj
def queue_command(
    session: Session, everyone: bool, cover: str | None, day: str | None, limit: int, as_json: bool
) -> None:
    """What is due, most pressing first: why it is here and what clears it.

    \b
    Example:
      cmp-tui queue --all --day 2026-11-30 --json
    """
    from cmp_tui.queue.queries import page

    clinic = session.clinic
    whose = f"cover:{cover}" if cover else "team" if everyone else "mine"
    on = _day(clinic, day) if day else None
    rows: list[Any] = []
    while len(rows) < limit:
        some = clinic.read(page, whose, on, len(rows), min(200, limit - len(rows)))
        rows += some
        if len(some) < 200:
            break
    clinic.look("list", view=whose, rows=len(rows))
    if as_json:
        print_json(
            [
                {
                    "mrn": row.mrn,
                    "name": f"{row.family}, {row.given}".rstrip(", "),
                    "kind": row.source,
                    "due": row.due,
                    "reason": row.reason,
                    "clears": row.clears,
                    "assignee": row.assignee or None,
                    "id": row.ref,
                    "minutes": row.seconds // 60,
                }
                for row in rows
            ]
        )
        return
    today = on or clinic.clock.today(clinic.read(settings_list).zone)
    for row in rows:
        when = "overdue" if row.due < today else "today" if row.due == today else f"{row.due:%a %d %b}"
        name = f"{row.family}, {row.given}".rstrip(", ")
        task = f"  [{ids.shown(row.ref)}]" if row.source in ("task", "handed") and row.ref else ""
        say(f"{when:11} {row.mrn:14} {name:28} {row.reason}{task}")
    if not rows:
        say("Nothing is due.")


@click.command("find")
@click.argument("text")
@click.option("--limit", default=20, show_default=True)
@json_option
@click.pass_obj
def find_command(session: Session, text: str, limit: int, as_json: bool) -> None:
    """Find people by name (typing errors are forgiven), MRN, birth date or telephone number.

    \b
    Example:
      cmp-tui find "ruiz moreno"
    """
    from cmp_tui.patients.queries import find_patients

    rows = session.clinic.read(find_patients, text, limit)
    session.clinic.look("search", length=len(text), rows=len(rows))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        name = f"{row.family}, {row.given or ''}".rstrip(", ")
        say(f"{row.mrn:14} {name:32} {row.birth_date or '':12} {row.sex}{'  died' if row.deceased else ''}")
    if not rows:
        say("Nobody found. Try fewer letters, the MRN, a birth date (1948-02-11) or a telephone number.")


@click.command("show")
@click.argument("mrn")
@json_option
@click.pass_obj
def show_command(session: Session, mrn: str, as_json: bool) -> None:
    """Show one patient: who they are, how to reach them, the program, the month, the last contacts, open tasks.

    \b
    Example:
      cmp-tui show T-1001
    """
    from cmp_tui.cli.card import card_lines
    from cmp_tui.contacts.queries import contacts_of
    from cmp_tui.desk.queries import overview
    from cmp_tui.tasks.queries import tasks_of

    clinic = session.clinic
    patient = patient_of(clinic, mrn)
    clinic.look("chart", patient.id)
    facts = clinic.read(overview, patient.id)
    contacts = clinic.read(contacts_of, patient.id, 10)
    tasks = clinic.read(tasks_of, patient.id)
    if as_json:
        print_json({**facts._asdict(), "contacts": contacts, "tasks": tasks})
        return
    for line in card_lines(
        facts, contacts, tasks, clinic.reference, facts and clinic.read(settings_list).zone
    ):
        say(line)


@click.command("log")
@click.argument("mrn")
@click.option("--minutes", type=click.IntRange(0, 1440), help="Minutes spent; none: no time is logged.")
@click.option("--outcome", type=OUTCOMES, default="reached", show_default=True)
@click.option(
    "--mode", default="phone", show_default=True, help="phone, video, in-person, email, portal, letter, none"
)
@click.option(
    "--with", "with_whom", default="patient", show_default=True, help="patient, caregiver, provider, ..."
)
@click.option(
    "--activity", default="call", show_default=True, help="call, care-plan, medication, coordination, ..."
)
@click.option(
    "--at", metavar="TIME", help="When it began, clinic time: 2026-11-20T14:30 or 14:30. Default: now."
)
@click.option("--program", help="CCM, ...; default: the one the patient is enrolled in.")
@click.option("--note", help="What was done; - reads it from standard input.")
@click.option("--next", "next_title", help="The next step.")
@click.option("--next-on", metavar="DATE", help="Its day (2026-11-30, fri, +3).")
@json_option
@click.pass_obj
def log_command(
    session: Session,
    mrn: str,
    minutes: int | None,
    outcome: str,
    mode: str,
    with_whom: str,
    activity: str,
    at: str | None,
    program: str | None,
    note: str | None,
    next_title: str | None,
    next_on: str | None,
    as_json: bool,
) -> None:
    """Log a contact with its time and its next step.

    \b
    Example:
      cmp-tui log T-1001 --minutes 9 --outcome reached --note "weight stable" --next "call again" --next-on fri
    """
    from cmp_tui.desk.actions import log_contact

    clinic = session.clinic
    patient = patient_of(clinic, mrn)
    if note == "-":
        note = sys.stdin.read()
    form: dict[str, Any] = {
        "mode": mode,
        "outcome": outcome,
        "with_whom": with_whom,
        "activity": activity,
        "minutes": minutes,
        "did": note,
        "program": program.upper() if program else None,
        "at": _moment(clinic, at) if at else None,
        "next_title": next_title,
        "next": next_title,
        "next_due": _day(clinic, next_on) if next_on else None,
    }
    logged = clinic.run(
        log_contact, patient.id, **{name: value for name, value in form.items() if value is not None}
    )
    if as_json:
        print_json(
            {
                "contact": logged.contact.id,
                "entries": [entry.id for entry in logged.entries],
                "task": logged.task.id if logged.task else None,
                "overlaps": len(logged.overlaps),
            }
        )
        return
    spent = f", {minutes} min" if minutes else ""
    say(
        f"Logged for {patient.family}, {patient.given or ''}: {clinic.reference.label('outcome', outcome)}{spent}."
    )
    if logged.overlaps:
        say(f"It overlaps {len(logged.overlaps)} of your other entries.")


@click.group("timer")
def timer_command() -> None:
    """The timer: one for each person; it survives everything but an answer."""


@timer_command.command("start")
@click.argument("mrn")
@click.option("--ago", type=click.IntRange(0, 600), default=0, help="Started this many minutes ago.")
@click.pass_obj
def timer_start(session: Session, mrn: str, ago: int) -> None:
    """Start the timer for a patient; one that runs for another is put aside.

    \b
    Example:
      cmp-tui timer start T-1001 --ago 10
    """
    from cmp_tui.contacts.actions import start_timer

    clinic = session.clinic
    patient = patient_of(clinic, mrn)
    clinic.run(start_timer, patient.id, clinic.clock.now() - timedelta(minutes=ago) if ago else None)
    say(f"The timer runs for {patient.family}, {patient.given or ''}. Stop it with: cmp-tui timer stop")


@timer_command.command("stop")
@click.option(
    "--answer", type=click.Choice(["trim", "keep", "discard"]), help="What counts after an absence."
)
@click.option("--note", help="What was done.")
@click.option("--activity", default="records-review", show_default=True)
@click.option("--outcome", type=OUTCOMES, help="With an outcome a contact is logged too.")
@click.pass_obj
def timer_stop(
    session: Session, answer: str | None, note: str | None, activity: str, outcome: str | None
) -> None:
    """Stop the running timer and log its time.

    \b
    Example:
      cmp-tui timer stop --outcome reached --note "went through the red flags"
    """
    from cmp_tui.contacts.timer_queries import running_timer
    from cmp_tui.desk.actions import log_contact

    clinic = session.clinic
    running = clinic.read(running_timer)
    if running is None:
        raise Gone("No timer runs. Start one with: cmp-tui timer start MRN")
    if running.absence is not None and answer is None:
        since = local(running.absence.since, clinic.read(settings_list).zone)
        raise click.UsageError(
            f"No key was pressed since {since:%H:%M} ({running.absence.minutes} min). "
            f"Say what counts: --answer trim (up to {since:%H:%M}), keep (all) or discard."
        )
    form: dict[str, Any] = {
        "mode": "phone" if outcome else "none",
        "outcome": outcome or "not-applicable",
        "activity": "call" if outcome else activity,
        "timer": running.id,
        "timer_answer": answer,
        "did": note,
    }
    logged = clinic.run(
        log_contact, running.patient, **{key: value for key, value in form.items() if value is not None}
    )
    seconds = sum(int((entry.end - entry.start).total_seconds()) for entry in logged.entries)
    say(f"Logged {seconds // 60} min {seconds % 60} s for {running.name}.")


@timer_command.command("status")
@json_option
@click.pass_obj
def timer_status(session: Session, as_json: bool) -> None:
    """Show the running timer and those that were put aside.

    \b
    Example:
      cmp-tui timer status
    """
    from cmp_tui.contacts.timer_queries import parked_timers, running_timer

    clinic = session.clinic
    running, parked = clinic.read(running_timer), clinic.read(parked_timers)
    if as_json:
        print_json({"running": running, "parked": parked})
        return
    zone = clinic.read(settings_list).zone
    for line in ([running] if running else []) + parked:
        state = "runs" if line.status == "running" else "put aside"
        say(f"{state:10} {line.name:28} since {local(line.start, zone):%a %H:%M}, {line.seconds // 60} min")
    if running is None and not parked:
        say("No timer runs and none waits.")


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
        add_task, title=title, due=_day(clinic, due), patient=patient, assignee=assignee, why=why
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


@click.command("undo")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def undo_command(session: Session, yes: bool) -> None:
    """Take back the last thing you did, as a new change.

    \b
    Example:
      cmp-tui undo
    """
    clinic = session.clinic
    done = clinic.read(last_undoable)
    if done is None:
        say("There is nothing to undo.")
        return
    zone = clinic.read(settings_list).zone
    what = f"{clinic.reference.label('deed', done.action)}, {local(done.at, zone):%Y-%m-%d %H:%M}"
    if not yes and not (sys.stdin.isatty() and click.confirm(f"Undo: {what}?")):
        say("Nothing was changed.")
        return
    clinic.undo(done.seq)
    say(f"Undone: {what}.")


def _day(clinic: Clinic, text: str) -> date:
    """Reads a typed day with the small grammar of the forms."""
    from cmp_tui.ui.dates import Unclear, parse_day

    read = parse_day(text, clinic.clock.today(clinic.read(settings_list).zone), "future")
    if isinstance(read, Unclear):
        raise click.UsageError(read.sentence)
    return read.day


def _moment(clinic: Clinic, text: str) -> datetime:
    """Reads a clinic time: a day with a time, or a time of today."""
    zone = clinic.read(settings_list).zone
    try:
        if "T" in text or " " in text:
            at = datetime.fromisoformat(text)
        else:
            hour, _, minute = text.partition(":")
            today = day_of(clinic.clock.now(), zone)
            at = datetime(today.year, today.month, today.day, int(hour), int(minute or 0))  # noqa: DTZ001
    except ValueError:
        raise click.UsageError(f"{text!r} is not a time. Write 14:30 or 2026-11-20T14:30.") from None
    return at if at.tzinfo else utc(at, zone)


def month_of(text: str) -> Month:
    """Reads a month for an option."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
