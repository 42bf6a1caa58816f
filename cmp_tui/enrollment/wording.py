"""Texts that people read to patients or print, as files that a clinic can change: consent scripts and letters.

What can't be used is said with its file and line; the other files stay in use.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule, line_of

T = TypeVar("T")
Tongue = Literal["en", "es"]
"""The languages that texts are written in."""
FIELD = re.compile(r"\{([^{}]*)\}")


class Shelf(NamedTuple):
    """The files of a folder that can be used, the clinic's own last, and a sentence for each that can't."""

    found: tuple[Any, ...]
    problems: tuple[str, ...]


def tongue_of(language: str | None) -> Tongue:
    """Returns the language of the text for a patient: Spanish for who speaks it, else English."""
    first = (language or "").strip().casefold()
    return (
        "es" if first.startswith(("spanish", "español", "espanol", "castellano")) or first == "es" else "en"
    )


def filled(text: str, fields: Mapping[str, str]) -> str:
    """Returns a text with its fields filled in."""
    return FIELD.sub(lambda match: fields.get(match[1], match[0]), text)


def read_shelf(
    reference: Reference, folder: str, what: str, make: Callable[[str, Mapping[str, Any], bool], T]
) -> Shelf:
    """Reads all files of a folder, the clinic's own in the place of shipped ones of their name.

    `make` gets the file's name without its ending, what stands in it, and whether it is the clinic's own; it raises
    BadRule for what can't be used. `what` is what the sentences call such a file: 'consent file'.
    """
    files: dict[str, tuple[Path, bool]] = {}
    for root, own in ((reference.folder, False), (reference.own, True)):
        if root is not None:
            files |= {path.name: (path, own) for path in sorted((root / folder).glob("*.toml"))}
    found: list[T] = []
    problems: list[str] = []
    for path, own in sorted(files.values(), key=lambda one: (one[1], one[0].name)):
        text = ""
        try:
            text = path.read_text(encoding="utf-8")
            found.append(make(path.stem, tomllib.loads(text), own))
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"\(at line (\d+)", str(error))
            words = str(error).partition(" (at ")[0]
            problems.append(_left_out(what, path, int(at[1]) if at else 0, words))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(_left_out(what, path, 0, f"it can't be read ({error})"))
        except BadRule as wrong:
            problems.append(_left_out(what, path, _line(text, wrong), wrong.why))
    return Shelf(tuple(found), tuple(problems))


def _left_out(what: str, path: Path, line: int, why: str) -> str:
    place = f"line {line}: " if line else ""
    return f"The {what} {path.name} is left out: {place}{why}. Correct it; the others are in use."


def _line(text: str, wrong: BadRule) -> int:
    """The line of the key that a sentence begins with, where its table has one; else the line of the table."""
    lines = text.splitlines()
    first = line_of(text, wrong.table, wrong.number)
    word = wrong.why.split(" ", 1)[0].rstrip(":")
    for at, line in enumerate(lines[first - 1 :], first):
        if line.lstrip().startswith("[") and at > first:
            break
        if line.split("=")[0].strip() == word:
            return at
    return first


class Keys(NamedTuple):
    """What a table of such a file holds: keys that are needed, others that are known."""

    needed: Collection[str]
    other: Collection[str] = ()


def checked(
    row: Any, keys: Keys, fields: Collection[str], table: str = "", number: int = 1
) -> Mapping[str, Any]:
    """Returns a table whose keys are all known, and whose texts name known fields only. Raises BadRule."""
    if not isinstance(row, Mapping):
        raise BadRule(table, number, f"[{table}] is missing")
    for key in keys.needed:
        if key not in row:
            raise BadRule(table, number, f"{key} is missing")
    for key, value in row.items():
        if key not in keys.needed and key not in keys.other:
            raise BadRule(table, number, f"{key} is not known here")
        if isinstance(value, str):
            if not value.strip():
                raise BadRule(table, number, f"{key} says nothing")
            for field in unknown_fields(value, fields):
                known = ", ".join(f"{{{one}}}" for one in fields)
                raise BadRule(table, number, f"{key} names {{{field}}}; known are {known}")
    return row


def unknown_fields(text: str, fields: Collection[str]) -> Iterator[str]:
    """Yields the fields of a text that are not known."""
    return (field for field in FIELD.findall(text) if field not in fields)


def text_of(row: Mapping[str, Any], key: str, table: str = "", number: int = 1) -> str:
    """Returns a text of a table; '' when there is none. Raises BadRule when it is no text."""
    value = row.get(key, "")
    if not isinstance(value, str):
        raise BadRule(table, number, f"{key} is not a text in quotes")
    return value
