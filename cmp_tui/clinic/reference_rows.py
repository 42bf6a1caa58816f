"""Reference files that people write by hand: each value is checked, and what is wrong is told by file and line.

For folders of files (one template or topic each): a file that can't be used is left out, the others go on.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule, line_of

T = TypeVar("T")
LONGEST_NAME = 40
"""Characters of a name that records keep (of a template, topic or goal)."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_SPANISH = ("es", "spa", "spanish", "español", "espanol", "castellano")


class Words(NamedTuple):
    """A printed text in English and in Spanish."""

    en: str
    es: str

    def said(self, language: str) -> str:
        """Returns the text in a language ("en", "es"); in English for any other."""
        return self.es if language == "es" else self.en


def spoken(language: str | None) -> str:
    """Returns "es" for a patient's language that means Spanish ("Spanish", "es-MX", "Español (México)"), else "en"."""
    first = re.split(r"[^a-zñ]", (language or "").strip().casefold(), maxsplit=1)[0]
    return "es" if first in _SPANISH else "en"


class BadLine(ValueError):
    """What is wrong on a line of a file that is no TOML."""

    def __init__(self, line: int, why: str) -> None:
        self.line, self.why = line, why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Row:
    """One table of a file: its name, the how-manieth of that name, and its values.

    The readers below raise BadRule with a sentence that begins with the key.
    """

    table: str
    number: int
    values: Mapping[str, Any]

    def bad(self, why: str) -> BadRule:
        """Returns what is wrong here."""
        return BadRule(self.table, self.number, why)

    def only(self, known: Collection[str]) -> None:
        """Refuses keys that are not `known`."""
        if extra := sorted(set(self.values) - set(known)):
            raise self.bad(f"{extra[0]} is not known here; there are {', '.join(sorted(known))}")

    def text(self, key: str, limit: int, default: str | None = None) -> str:
        """Returns a text; with a `default` it may be missing."""
        value = self.values.get(key, default)
        if default is not None and value == default:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.bad(f"{key} is missing; write it in quotes")
        if len(value) > limit:
            raise self.bad(f"{key} has {len(value)} characters; {limit} fit")
        return value.strip()

    def words(self, key: str, limit: int, *, needed: bool = True) -> Words:
        """Returns a text in both languages, from `key` and `key`_es."""
        default = None if needed or key in self.values or f"{key}_es" in self.values else ""
        return Words(self.text(key, limit, default), self.text(f"{key}_es", limit, default))

    def name(self, key: str, limit: int = LONGEST_NAME) -> str:
        """Returns a name that records keep: small letters, digits and hyphens."""
        value = self.text(key, limit)
        if not NAME.fullmatch(value):
            raise self.bad(f"{key} has small letters, digits and hyphens only")
        return value

    def whole(self, key: str, most: int, *, least: int = 0, default: int | None = None) -> int:
        """Returns a whole number between two bounds, both included."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.bad(f"{key} is a whole number from {least} to {most}")
        return value

    def number_or_none(self, key: str) -> float | None:
        """Returns a number, None when the key is not there."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
            raise self.bad(f"{key} is a number")
        return float(value)

    def yes(self, key: str) -> bool:
        """Returns true or false; false when the key is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.bad(f"{key} is true or false")
        return value

    def day(self, key: str) -> date:
        """Returns a day."""
        value = self.values.get(key)
        if type(value) is not date:
            raise self.bad(f"{key} is not a day such as 2026-01-31")
        return value

    def texts(self, key: str, known: Collection[str] | None = None, what: str = "") -> tuple[str, ...]:
        """Returns a list of texts, none when the key is not there; all of them `known`, which are `what`."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.bad(f'{key} is a list such as ["first", "second"]')
        for one in value:
            if known is not None and one not in known:
                raise self.bad(f"{key} names {one!r}, which is no {what}")
        if len(set(value)) < len(value):
            raise self.bad(f"{key} names something twice")
        return tuple(value)

    def one_of(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """Returns a text that is one of `known`."""
        value = self.values.get(key, default)
        if value not in known:
            raise self.bad(f"{key} is one of {', '.join(known)}")
        return str(value)

    def rows(self, key: str) -> Iterator[Row]:
        """Yields the tables `[[key]]` in this one, as rows of that name."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.bad(f"{key} is a list of tables [[{key}]]")
        for number, one in enumerate(value, 1):
            yield Row(key, number, one)


class Found(NamedTuple):
    """A file of a folder: where, its name without ending, and whether it is the clinic's own."""

    path: Path
    name: str
    own: bool


def files_in(reference: Reference, folder: str, ending: str) -> list[Found]:
    """Returns the files of a folder by name; the clinic's own stands before the shipped one of its name."""
    found: dict[str, Found] = {}
    for base, own in ((reference.folder, False), (reference.own, True)):
        if base is not None:
            for path in sorted((base / folder).glob(f"*{ending}")):
                found[path.name] = Found(path, path.name.removesuffix(ending), own)
    return [found[name] for name in sorted(found)]


def read_each(
    reference: Reference, folder: str, ending: str, kind: str, make: Callable[[Found, str], T]
) -> tuple[list[T], list[str]]:
    """Returns what `make` makes of each file and its text, and a sentence for each file left out.

    `kind` is what the sentence calls the file ("plan template").
    """
    made: list[T] = []
    problems: list[str] = []
    for file in files_in(reference, folder, ending):
        try:
            text = file.path.read_text(encoding="utf-8")
            if len(file.name) > LONGEST_NAME:
                raise BadLine(0, f"its name is longer than {LONGEST_NAME} characters")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(left_out(kind, file.path.name, 0, f"it can't be read ({error})"))
            continue
        except BadLine as wrong:
            problems.append(left_out(kind, file.path.name, wrong.line, wrong.why))
            continue
        try:
            made.append(make(file, text))
        except BadLine as wrong:
            problems.append(left_out(kind, file.path.name, wrong.line, wrong.why))
        except BadRule as wrong:
            problems.append(left_out(kind, file.path.name, key_line(text, wrong), wrong.why))
    return made, problems


def left_out(kind: str, name: str, line: int, why: str) -> str:
    """Returns the sentence for a file that can't be used; line 0 names none."""
    place = f"line {line}: " if line else ""
    return f"The {kind} {name} is left out: {place}{why}. Correct it; the others are in use."


def parsed(text: str) -> dict[str, Any]:
    """Returns TOML as tables. Raises BadLine."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at.group(1)) if at else len(text.splitlines())
        raise BadLine(line, str(error).split(" (at ", 1)[0].rstrip(".")) from error


def key_line(text: str, wrong: BadRule) -> int:
    """Returns the line of the key that a sentence begins with, where its table has it; else the table's line."""
    first = line_of(text, wrong.table, wrong.number)
    key = wrong.why.split(" ", 1)[0]
    if not wrong.table and (at := line_of(text, key, 1)) > 1:  # the key is a table of the file
        return at
    for at, line in enumerate(text.splitlines()[first - 1 :], first):
        if line.lstrip().startswith("[") and (at > first or not wrong.table):
            break
        if line.split("=")[0].strip() == key:
            return at
    return first
