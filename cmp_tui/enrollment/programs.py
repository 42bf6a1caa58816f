"""The program rules as data: data/programs/*.toml, or the clinic's own in their place."""

from __future__ import annotations

import hashlib

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule, sources_of, stopped
from cmp_tui.enrollment.rulebook import Program, Rulebook, exclusions_from, program_from

PROGRAMS = ("ccm", "pcm", "tcm", "bhi", "cocm", "apcm", "rpm", "chi", "pin", "rhc")
EXCLUSIONS = "programs/exclusions.toml"
GENERAL = "programs/general.toml"
CLAUSES = frozenset(
    {
        "payer", "mbi", "diagnoses", "practitioner", "death", "billed-once", "visit-day", "hospital-days",
        "two-at-once",
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
    sources = sources_of(reference)
    programs = {}
    for name in PROGRAMS:
        program = program_rules(reference, name)
        programs[program.program] = program
    try:
        exclusions = exclusions_from(reference.table(EXCLUSIONS), sources)
    except BadRule as wrong:
        raise stopped(reference, EXCLUSIONS, wrong) from wrong
    try:
        general = program_from(reference.table(GENERAL), sources).clauses
        missing = sorted(CLAUSES - set(general))
        if missing:
            raise BadRule("", 0, f"[{missing[0]}] is missing")
    except BadRule as wrong:
        raise stopped(reference, GENERAL, wrong) from wrong
    return Rulebook(programs, exclusions, general)


def _program(reference: Reference, name: str) -> Program:
    file = f"programs/{name}.toml"
    try:
        return program_from(reference.table(file), sources_of(reference))
    except BadRule as wrong:
        raise stopped(reference, file, wrong) from wrong


def rules_digest(reference: Reference) -> str:
    """Returns the SHA-256 of all rule files as they are used here, the clinic's own among them, in hexadecimal."""
    whole = hashlib.sha256()
    for name in (*(f"programs/{name}.toml" for name in PROGRAMS), EXCLUSIONS, GENERAL):
        text = reference.text(name).encode()
        whole.update(f"{name} {len(text)}\n".encode())
        whole.update(text)
    return whole.hexdigest()
