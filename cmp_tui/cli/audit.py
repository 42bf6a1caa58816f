"""audit: who did and saw what, and whether the chain is whole."""

from __future__ import annotations

import click

from cmp_tui.cli.context import Session, json_option, print_json, say
from cmp_tui.clinic.audit import Head, audit_head, audit_page
from cmp_tui.clinic.calendar import local
from cmp_tui.patients.queries import by_mrn


@click.group("audit")
def audit_command() -> None:
    """The audit trail: every change and every look."""


@audit_command.command("show")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="How many entries, newest first."
)
@click.option("--mrn", help="Only what concerns this patient.")
@click.option("--who", help="Only what this person (username) did.")
@json_option
@click.pass_obj
def show(session: Session, limit: int, mrn: str | None, who: str | None, as_json: bool) -> None:
    """Show entries of the audit trail.

    \b
    Example:
      cmp-tui audit show --who ben --limit 20
    """
    clinic = session.clinic
    patient = None
    if mrn:
        found = clinic.read(by_mrn, mrn)
        if found is None:
            raise click.UsageError(f"There is no patient with MRN {mrn}.")
        patient = found.id
    entries = clinic.read(audit_page, patient=patient, who=who, limit=limit)
    clinic.look("audit", patient)
    if as_json:
        print_json(entries)
        return
    from cmp_tui.clinic.staff import settings_list

    zone = clinic.read(settings_list).zone
    for entry in entries:
        facts = " ".join(f"{name}={_shown(name, value)}" for name, value in sorted(entry.facts.items()))
        say(
            f"{entry.seq:7}  {local(entry.at, zone):%Y-%m-%d %H:%M:%S}  {entry.who:12} {entry.action:28} {facts}"
        )


def _shown(name: str, value: object) -> object:
    """A fact in one line: of several patients only how many; --json gives their keys."""
    return f"{len(value)} patients" if name == "about" and isinstance(value, list) else value


@audit_command.command("verify")
@click.option("--head", help="A head that was kept outside, as SEQ:HASH; the chain must still hold it.")
@json_option
@click.pass_context
def verify(ctx: click.Context, head: str | None, as_json: bool) -> None:
    """Check that nothing was changed or removed outside the program. Exit status 1 when something was.

    \b
    Example:
      cmp-tui audit verify --head 4711:9f86d081...
    """
    clinic = ctx.obj.clinic
    anchor = None
    if head:
        number, _, digest = head.partition(":")
        if not (number.isascii() and number.isdigit() and len(number) < 19) or not digest:
            raise click.UsageError("--head is SEQ:HASH, as verify prints it.")
        anchor = Head(int(number), digest)
    findings = clinic.verify(anchor)
    now = clinic.read(audit_head)
    if as_json:
        print_json({"entries": now.seq, "head": f"{now.seq}:{now.hash}", "findings": findings})
    else:
        for finding in findings:
            say(f"entry {finding.seq}: {finding.says}")
        say(f"{now.seq} entries, {len(findings)} findings. Head: {now.seq}:{now.hash}")
    if findings:
        ctx.exit(1)
