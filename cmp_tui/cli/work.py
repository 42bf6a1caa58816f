"""queue, find, show, log, undo: the day's work without the screen."""

from __future__ import annotations

import sys
from typing import Any

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.cli.reading import OUTCOMES, patient_of, read_day, read_moment
from cmp_tui.clinic import ids
from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.staff import settings_list


@click.command("queue")
@click.option("--all", "everyone", is_flag=True, help="The whole team's; default: mine.")
@click.option("--cover", metavar="USERNAME", help="What someone's patients need while they are away.")
@click.option("--day", metavar="DATE", help="As it will stand on another day (2026-11-30, fri, +3).")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True)
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
    on = read_day(clinic, day) if day else None
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
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
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
        say(
            f"{row.mrn:14} {row.name:32} {row.birth_date or '':12} {row.sex}{'  died' if row.deceased else ''}"
        )
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
    from cmp_tui.queue.queries import next_due_of
    from cmp_tui.tasks.queries import tasks_of

    clinic = session.clinic
    patient = patient_of(clinic, mrn)
    clinic.look("chart", patient.id)
    facts = clinic.read(overview, patient.id)
    due = clinic.read(next_due_of, [patient.id]).get(patient.id)
    contacts = clinic.read(contacts_of, patient.id, 10)
    tasks = clinic.read(tasks_of, patient.id)
    if as_json:
        print_json({**facts._asdict(), "next_due": due, "contacts": contacts, "tasks": tasks})
        return
    for line in card_lines(facts, contacts, tasks, clinic.reference, clinic.read(settings_list).zone, due):
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
@click.option("--amend-why", metavar="TEXT", help="Why it is added now to a month that is closed.")
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
    amend_why: str | None,
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
        "at": read_moment(clinic, at) if at else None,
        "next_title": next_title,
        "next": next_title,
        "next_due": read_day(clinic, next_on) if next_on else None,
        "amend_why": amend_why,
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
    say(f"Logged for {patient.name}: {clinic.reference.label('outcome', outcome)}{spent}.")
    if logged.overlaps:
        say(f"It overlaps {len(logged.overlaps)} of your other entries.")


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
    if not yes and not sys.stdin.isatty():
        say(f"This would be undone: {what}. Nothing was changed; add --yes to do it.")
        return
    if not yes and not click.confirm(f"Undo: {what}?"):
        say("Nothing was changed.")
        return
    clinic.undo(done.seq)
    say(f"Undone: {what}.")
