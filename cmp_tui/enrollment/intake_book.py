"""What data/enrollment.toml says: when an end comes back, how long a stage may take. Read once, checked by line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.settings import Settings
from cmp_tui.enrollment.intake_rules import UNDER_WAY, Back, TryRules

FILE = "enrollment.toml"
HOLDS = ("eligible_days", "shown_days", "half_done_days", "assessment_days")
LIMITS = (*UNDER_WAY, "asked")
LONGEST = 3660
"""Days: ten years."""


class IntakeBook(NamedTuple):
    """The clinic's own rules of the pipeline."""

    back: Mapping[str, Back]
    limits: Mapping[str, int]
    eligible_days: int
    shown_days: int
    half_done_days: int
    assessment_days: int


def intake_book(reference: Reference) -> IntakeBook:
    """Returns the rules. Raises Stopped with the file's name and the line of what can't be used."""
    return reference.made(FILE, lambda: _read(reference))


def try_rules(settings: Settings) -> TryRules:
    """Returns how often and how far apart someone is tried."""
    return TryRules(settings.outreach_tries, settings.outreach_days, settings.outreach_parts)


def _read(reference: Reference) -> IntakeBook:
    raw, text = reference.table(FILE), reference.text(FILE)
    ends = [code.code for code in reference.codes("program_end")]
    back = _section(raw, text, "back", ends, all_of_them=False)
    limits = _section(raw, text, "limits", LIMITS)
    holds = _section(raw, text, "holds", HOLDS)
    for key, value in back.items():
        if value not in ("never", "new-year") and not _is_days(value):
            raise _wrong(text, "back", key, 'takes a number of days, "never" or "new-year"')
    for name, section in (("limits", limits), ("holds", holds)):
        for key, value in section.items():
            if not _is_days(value):
                raise _wrong(text, name, key, f"takes a number of days up to {LONGEST}")
    return IntakeBook(back, limits, *(holds[name] for name in HOLDS))


def _section(
    raw: Mapping[str, Any], text: str, name: str, known: Collection[str], *, all_of_them: bool = True
) -> dict[str, Any]:
    """A table of the file that has no keys but those that are known."""
    found = raw.get(name)
    if not isinstance(found, dict):
        raise Stopped(f"The reference file {FILE} has no table [{name}]. Correct it, or remove your copy.")
    for key in found:
        if key not in known:
            raise _wrong(text, name, key, f"is not known there. Known: {', '.join(known)}")
    for key in known if all_of_them else ():
        if key not in found:
            raise Stopped(
                f"The reference file {FILE} lacks {key!r} in [{name}]. Add it, or remove your copy."
            )
    return found


def _is_days(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LONGEST


def _wrong(text: str, section: str, key: str, why: str) -> Stopped:
    within, line = "", 0
    for number, words in enumerate(text.splitlines(), 1):
        if words.strip().startswith("["):
            within = words.strip().strip("[]").strip()
        elif within == section and words.partition("=")[0].strip().strip('"') == key:
            line = number
    where = f"line {line}" if line else f"[{section}]"
    return Stopped(f"The reference file {FILE}, {where}: {key!r} {why}. Correct it, or remove your copy.")
