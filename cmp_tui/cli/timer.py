"""timer: started and stopped by hand only, also from here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.cli.reading import OUTCOMES, patient_of
from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import settings_list

if TYPE_CHECKING:
    from cmp_tui.clinic.clinic import Clinic
    from cmp_tui.contacts.model import TimeEntry
    from cmp_tui.contacts.timer_queries import TimerLine
    from cmp_tui.contacts.timer_rules import Answer
    from cmp_tui.desk.fields import ContactForm


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
    say(f"The timer runs for {patient.name}. Stop it with: cmp-tui timer stop")


@timer_command.command("stop")
@click.option(
    "--answer", type=click.Choice(["trim", "keep", "discard"]), help="What counts after an absence."
)
@click.option("--note", help="What was done.")
@click.option("--activity", default="records-review", show_default=True)
@click.option("--outcome", type=OUTCOMES, help="Logs a contact by phone too, with its time.")
@click.option("--amend-why", metavar="TEXT", help="Why it is added now to a month that is closed.")
@click.pass_obj
def timer_stop(
    session: Session,
    answer: Answer | None,
    note: str | None,
    activity: str,
    outcome: str | None,
    amend_why: str | None,
) -> None:
    """Stop the running timer and log its time; without --outcome no contact is logged.

    \b
    Examples:
      cmp-tui timer stop --outcome reached --note "went through the red flags"
      cmp-tui timer stop --activity care-plan --note "goals looked through"
    """
    from cmp_tui.contacts.actions import answer_timer
    from cmp_tui.contacts.timer_queries import running_timer
    from cmp_tui.contacts.timer_rules import set_words

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
    if answer == "discard":
        clinic.run(answer_timer, running.id, answer)
        say(f"The timer for {running.name} was discarded; nothing was logged.")
        return
    if running.clock_set:
        say(f"The computer's clock was {set_words(running.clock_set)} meanwhile; what really went by counts.")
    entries = _logged(clinic, running, answer, note, activity, outcome, amend_why)
    seconds = sum(int((entry.end - entry.start).total_seconds()) for entry in entries)
    if entries:
        say(f"Logged {seconds // 60} min {seconds % 60} s for {running.name}.")
    else:
        contact = " A contact was logged." if outcome else ""
        say(f"Nothing was left of the time for {running.name}: the timer was discarded.{contact}")


def _logged(
    clinic: Clinic,
    running: TimerLine,
    answer: Answer | None,
    note: str | None,
    activity: str,
    outcome: str | None,
    amend_why: str | None,
) -> list[TimeEntry]:
    """Logs the timer's time, with a contact when there is an outcome, and returns its entries."""
    from cmp_tui.desk.actions import log_contact, log_timer

    if outcome is None:
        return clinic.run(
            log_timer, running.id, activity=activity, note=note, answer=answer, amend_why=amend_why
        )
    form: ContactForm = {"mode": "phone", "outcome": outcome, "activity": "call", "timer": running.id}
    if note is not None:
        form["did"] = note
    if answer is not None:
        form["timer_answer"] = answer
    if amend_why is not None:
        form["amend_why"] = amend_why
    return clinic.run(log_contact, running.patient, **form).entries


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
    from cmp_tui.contacts.timer_rules import set_words

    clinic = session.clinic
    running, parked = clinic.read(running_timer), clinic.read(parked_timers)
    if as_json:
        print_json({"running": running, "parked": parked})
        return
    zone = clinic.read(settings_list).zone
    for line in ([running] if running else []) + parked:
        state = "runs" if line.status == "running" else "put aside"
        jumped = f" (the computer's clock was {set_words(line.clock_set)})" if line.clock_set else ""
        since = f"since {local(line.start, zone):%a %H:%M}, {line.seconds // 60} min{jumped}"
        say(f"{state:10} {line.name:28} {since}")
    if running is None and not parked:
        say("No timer runs and none waits.")
