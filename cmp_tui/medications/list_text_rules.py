"""A list of medicines as text: its lines, and a line as a name with its directions. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from cmp_tui.clinic.text import clean
from cmp_tui.medications.rules import LONGEST

MOST_LINES, MOST_SIGNS = 200, 1000
"""Lines that a list may have, and characters that a line may have."""
_BULLET = re.compile(r"^(?:[-–—*•·▪◦●○]+|\(?\d{1,3}[.)])\s+")
_COUNT = r"(?:\d+(?:[.,/]\d+)?|½|one|two|three|four|half)"
_UNIT = r"(?:tabs?|tablets?|caps?|capsules?|pills?|puffs?|drops?|sprays?|patch(?:es)?|units?|ml|teaspoons?)"
_TIMES = (
    r"daily|once|twice|three times|four times|every|each|nightly|at bedtime|at night|in the morning|"
    r"q\.?d|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|qhs|qam|qpm|q\d{1,2}h|hs|prn|as needed|as directed|weekly|monthly"
)
_ACTS = r"takes?|taking|apply|inhale|inject|instill|dissolve|chew|swallow|place|use|by mouth|orally|p\.?o"
_DIRECTIONS = re.compile(
    rf"(?<![\w./-])(?:(?:{_ACTS}|{_TIMES})(?![\w/-])|{_COUNT}(?:\s*(?:-|to)\s*{_COUNT})?\s*{_UNIT}(?![\w/-]))"
    rf"|(?<=[,;]\s){_COUNT}\s+(?:{_TIMES})(?![\w/-])",
    re.I,
)
_BETWEEN = " \t,;:-–—|("


class Entry(NamedTuple):
    """A line of a list as our list keeps it: the name with its strength, and how it is taken."""

    display: str
    dosage: str | None


def list_lines(text: str) -> list[str]:
    """Returns the lines of a typed or pasted list, without bullets and numbers; empty lines are none."""
    found = []
    for line in text.splitlines():
        words = clean(line, limit=len(line) + 1).text.strip()
        words = _BULLET.sub("", words).strip()
        if words:
            found.append(words)
    return found


def lines_wrong(lines: list[str]) -> str:
    """Returns what is wrong with the lines of a list, in a sentence; "" when nothing is."""
    if not lines:
        return "Write the other list, one medicine a line."
    if len(lines) > MOST_LINES:
        return f"This list has {len(lines)} lines; {MOST_LINES} fit. Split it; nothing was cut off."
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_SIGNS:
            return (
                f"Line {number} ({line[:30]}…) has {len(line):,} characters; {MOST_SIGNS:,} fit. Nothing was cut off: "
                "one medicine a line (ctrl+j starts a new one)."
            )
    return ""


def entry_of(line: str) -> Entry:
    """Returns a line as name and directions: "Lisinopril 10 mg tablet, 1 daily" is split before "1 daily".

    Where the directions begin can't be told, the whole line is the name. A name longer than the list has room for goes
    on in the directions. No word is lost.
    """
    words = line.strip()
    found = _DIRECTIONS.search(words)
    # "5 ml" or "100 units" of a strength come before anything that is done with it.
    at = found.start() if found is not None else len(words)
    name = words[:at].rstrip(_BETWEEN)
    if not name:
        name, at = words, len(words)
    rest = words[at:].strip()
    if name.count("(") < words[:at].count("(") and rest.endswith(")") and rest.count(")") > rest.count("("):
        rest = rest[:-1].rstrip()
    if len(name) > LONGEST:
        cut = name.rfind(" ", 0, LONGEST + 1)
        cut = cut if cut > 0 else LONGEST
        name, rest = name[:cut], f"{name[cut:].strip()} {rest}".strip()
    return Entry(name, rest or None)
