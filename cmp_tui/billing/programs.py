"""The program rules as data: data/programs/*.toml, or the clinic's own in their place."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import Any

from cmp_tui.billing.rulebook import (
    BadRule,
    Program,
    Rulebook,
    exclusions_from,
    program_from,
)
from cmp_tui.billing.rules import Threshold, threshold_on
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference

PROGRAMS = ("ccm", "pcm", "tcm", "bhi", "cocm", "apcm", "rpm", "chi", "pin", "rhc")
EXCLUSIONS = "programs/exclusions.toml"
GENERAL = "programs/general.toml"
CLAUSES = frozenset(
    {
        "payer", "mbi", "practitioner", "death", "billed-once", "visit-day", "hospital-days", "two-at-once",
        "two-programs", "no-program", "not-loaded",
    }
)  # fmt: skip


def rulebook(reference: Reference) -> Rulebook:
    """Returns all billing rules. Raises Stopped, naming the file and the line, when one can't be used."""
    return reference.made("rulebook", lambda: _rulebook(reference))


def program_rules(reference: Reference, name: str) -> Program:
    """Returns the rules of one program, for who needs no others. Raises Stopped as `rulebook` does."""
    return reference.made(f"program {name}", lambda: _program(reference, name))


def _rulebook(reference: Reference) -> Rulebook:
    sources = _sources(reference)
    programs = {}
    for name in PROGRAMS:
        program = program_rules(reference, name)
        programs[program.program] = program
    try:
        exclusions = exclusions_from(reference.table(EXCLUSIONS), sources)
    except BadRule as wrong:
        raise _stopped(reference, EXCLUSIONS, wrong) from wrong
    try:
        general = program_from(reference.table(GENERAL), sources).clauses
        missing = sorted(CLAUSES - set(general))
        if missing:
            raise BadRule("", 0, f"[{missing[0]}] is missing")
    except BadRule as wrong:
        raise _stopped(reference, GENERAL, wrong) from wrong
    return Rulebook(programs, exclusions, general)


def _program(reference: Reference, name: str) -> Program:
    file = f"programs/{name}.toml"
    try:
        return program_from(reference.table(file), _sources(reference))
    except BadRule as wrong:
        raise _stopped(reference, file, wrong) from wrong


def _sources(reference: Reference) -> dict[str, str]:
    table = reference.table("billing_sources.toml").get("sources", {})
    return {str(key): str(words) for key, words in table.items()}


def rules_digest(reference: Reference) -> str:
    """Returns the SHA-256 of all rule files as they are used here, the clinic's own among them, in hexadecimal."""
    whole = hashlib.sha256()
    for name in (*(f"programs/{name}.toml" for name in PROGRAMS), EXCLUSIONS, GENERAL):
        text = reference.text(name).encode()
        whole.update(f"{name} {len(text)}\n".encode())
        whole.update(text)
    return whole.hexdigest()


def counts_activity(reference: Reference, program: str | None, activity: str) -> bool:
    """Tells whether a program counts time of an activity (`not_counted` in its file)."""
    return activity not in _time_of(reference, program).get("not_counted", ())


def counts_credential(reference: Reference, program: str | None, clinical: bool, credential: str) -> bool:
    """Tells whether a program counts someone's time: clinical staff, or trained community health workers too."""
    return clinical or (credential == "CHW" and _time_of(reference, program).get("staff") == "auxiliary")


def _time_of(reference: Reference, program: str | None) -> dict[str, Any]:
    table = reference.table(f"programs/{(program or '').lower()}.toml") if program else {}
    found: dict[str, Any] = table.get("time", {})
    return found


def threshold(reference: Reference, program: str, day: date, whose: str = "staff") -> Threshold | None:
    """Returns a program's monthly minutes on a day; None for a program or a day without rules."""
    table = reference.table(f"programs/{program.lower()}.toml")
    return threshold_on(table, day, whose) if table else None


def _stopped(reference: Reference, file: str, wrong: BadRule) -> Stopped:
    line = _line_of(reference.text(file), wrong.table, wrong.number)
    return Stopped(
        f"The reference file {file} can't be used: line {line}: {wrong.why}. Correct it, or take your own copy away."
    )


def _line_of(text: str, table: str, number: int) -> int:
    """The line on which the how-manieth table of a name begins; 1 when it is not there."""
    heading = re.compile(rf"\s*\[\[?{re.escape(table)}\]\]?")
    seen = 0
    for at, line in enumerate(text.splitlines(), 1):
        if table and heading.match(line):
            seen += 1
            if seen == number:
                return at
    return 1
