"""All instruments of a clinic: the shipped files and its own, and what is wrong with those that can't be used."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cmp_tui.assessments.definition import Instrument
from cmp_tui.assessments.reading import instrument_from
from cmp_tui.assessments.rules import problem_of
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule, line_of

FOLDER = "instruments"
"""The folder of instruments, in the shipped data and in the clinic's own data folder."""
LONGEST = 40
"""Characters of an instrument's name: a record keeps it."""
_LINE = "at line "


@dataclass(frozen=True, slots=True)
class Library:
    """The instruments by name, in the order in which a list shows them, and a sentence for each file left out."""

    instruments: Mapping[str, Instrument]
    problems: tuple[str, ...]

    def get(self, name: str) -> Instrument | None:
        """Returns an instrument, or None when no file describes it (any more)."""
        return self.instruments.get(name)

    def need(self, name: str) -> Instrument:
        """Returns an instrument. Raises Gone with a sentence when there is none of that name."""
        found = self.instruments.get(name)
        if found is None:
            raise Gone(
                f"There is no instrument {name!r} in this clinic's files. "
                "What was answered is kept; it can be read, not changed."
            )
        return found

    def title(self, name: str) -> str:
        """Returns the title of an instrument; its name when there is no file."""
        found = self.instruments.get(name)
        return name if found is None else found.title


def library(reference: Reference) -> Library:
    """Returns the instruments of this clinic, read once. One file that can't be used leaves the others in use."""
    return reference.made(FOLDER, lambda: _library(reference))


def _library(reference: Reference) -> Library:
    found: dict[str, Instrument] = {}
    problems: list[str] = []
    for path, own in _files(reference).values():
        try:
            found[path.stem] = _read(path, own)
        except BadFile as wrong:
            problems.append(str(wrong))
    for name, instrument in list(found.items()):
        why = _wrong_next(instrument, found)
        if why:
            problems.append(why)
            del found[name]
    order = sorted(found.values(), key=lambda one: (one.own, one.title.casefold()))
    return Library({one.name: one for one in order}, tuple(problems))


class BadFile(Exception):
    """A file that can't be used; its text is the sentence for the person."""


def _files(reference: Reference) -> dict[str, tuple[Path, bool]]:
    """The files by name; the clinic's own stands before the shipped one of its name."""
    found: dict[str, tuple[Path, bool]] = {}
    for folder, own in ((reference.folder, False), (reference.own, True)):
        if folder is not None:
            found |= {path.name: (path, own) for path in sorted((folder / FOLDER).glob("*.toml"))}
    return found


def _read(path: Path, own: bool) -> Instrument:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(path, None, f"it can't be read ({error})") from error
    if len(path.stem) > LONGEST:
        raise _bad(path, None, f"its name is longer than {LONGEST} characters")
    try:
        return instrument_from(path.stem, tomllib.loads(text), own)
    except tomllib.TOMLDecodeError as error:
        words, _, at = str(error).partition(f"({_LINE}")
        line = at.partition(",")[0]
        raise _bad(path, int(line) if line.isdigit() else None, words.strip() or str(error)) from error
    except BadRule as wrong:
        raise _bad(path, _line(text, wrong), wrong.why) from wrong


def _line(text: str, wrong: BadRule) -> int:
    """The line of the key that a sentence begins with, where its table has one; else the line of the table."""
    lines = text.splitlines()
    first = line_of(text, wrong.table, wrong.number)
    word = wrong.why.split(" ", 1)[0]
    for at, line in enumerate(lines[first - 1 :], first):
        if line.lstrip().startswith("[") and at > first:
            break
        if line.split("=")[0].strip() == word:
            return at
    return first


def _bad(path: Path, line: int | None, why: str) -> BadFile:
    place = f"line {line}: " if line else ""
    return BadFile(
        f"The instrument file {path.name} is left out: {place}{why}. Correct it; the others are in use."
    )


def _wrong_next(instrument: Instrument, others: Mapping[str, Instrument]) -> str:
    """What is wrong with the instrument that this one opens; '' when nothing is."""
    opening = instrument.next
    if opening is None:
        return ""
    where = f"The instrument file {instrument.name}.toml is left out: [next] "
    longer = others.get(opening.instrument)
    if longer is None:
        return f"{where}opens {opening.instrument!r}, which is not there."
    for ours, theirs in opening.carry.items():
        item, target = instrument.item(ours), longer.item(theirs)
        if target is None:
            return f"{where}carries {ours} to {theirs!r}, which {opening.instrument} does not ask."
        if item is not None and any(problem_of(target, one.value) for one in item.options):
            return f"{where}carries {ours} to {theirs}, whose answers are others."
    return ""
