"""What a condition's code means to a care manager: its group, chronic or not, a problem at all or not.

Pure rules over tables that people can edit (`data/condition_groups.toml` and `data/condition_codes/`).
Chronic or not of ICD-10-CM codes is what AHRQ's Chronic Condition Indicator Refined says; the script beside
the tables built it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeGuard, TypeVar

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import read_toml

Kind = Literal["problem", "social", "admin", "acute"]
"""`problem` and `acute` (it passes) may be listed as problems, `social` is a social need, `admin` neither."""

KINDS: tuple[Kind, ...] = ("problem", "social", "admin", "acute")

_ANSWERS: Mapping[str, bool | None] = MappingProxyType({"yes": True, "no": False, "unknown": None, "": None})

_SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "icd-10-cm": "icd-10-cm",
        "icd10cm": "icd-10-cm",
        "icd-10": "icd-10-cm",
        "icd10": "icd-10-cm",
        "http://hl7.org/fhir/sid/icd-10-cm": "icd-10-cm",
        "http://hl7.org/fhir/sid/icd-10": "icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.90": "icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.3": "icd-10-cm",
        "snomed": "snomed",
        "snomed-ct": "snomed",
        "http://snomed.info/sct": "snomed",
        "urn:oid:2.16.840.1.113883.6.96": "snomed",
    }
)

_ICD = re.compile(r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}")
_RANGE = re.compile(r"([A-Z])([0-9]{2})-([A-Z])([0-9]{2})")
_TAG = re.compile(r"\(([a-z/ ]+)\)\s*\Z")

# SNOMED ends a full name with the kind of thing it names. These kinds are no illness; a code that stands in
# our table is judged by the table, not by this.
_NO_ILLNESS = frozenset(
    {
        "finding",
        "situation",
        "event",
        "person",
        "procedure",
        "regime/therapy",
        "observable entity",
        "qualifier value",
        "social concept",
        "occupation",
        "environment",
        "record artifact",
        "physical object",
        "substance",
    }
)

_T = TypeVar("_T")


class Group(NamedTuple):
    """A group of conditions: its id (stored), its name, and a short name of at most 8 characters."""

    id: str
    name: str
    short: str


class Coded(NamedTuple):
    """What the tables say of a code. `group` and `chronic` are None where nothing is known."""

    group: str | None
    chronic: bool | None
    kind: Kind
    code: str


@dataclass(frozen=True, slots=True)
class ConditionTables:
    """The condition tables in memory. Prefixes are without the dot; the longest that fits a code answers."""

    group_list: tuple[Group, ...]
    group_of: Mapping[str, str | None]
    chronic_of: Mapping[str, bool | None]
    kind_of: Mapping[str, Kind]
    snomed: Mapping[str, Coded]

    def groups(self) -> tuple[Group, ...]:
        """Returns the groups in the order of lists."""
        return self.group_list

    def classify(self, system: str, code: str, display: str = "") -> Coded:
        """Returns what is known of a code. An unknown code is no error: it has what its words tell.

        `system` is "icd-10-cm" or "snomed", or the address that FHIR uses for them.
        """
        name = system_name(system)
        if name == "icd-10-cm":
            return self._icd(normal_icd(code))
        if name == "snomed":
            known = self.snomed.get(code.strip())
            if known is not None:
                return known
        return Coded(None, None, kind_by_words(display), code.strip())

    def _icd(self, code: str) -> Coded:
        bare = code.replace(".", "")
        kind = longest(self.kind_of, bare)
        if kind in ("social", "admin"):
            return Coded(None, None, kind, code)
        group = longest(self.group_of, bare)
        chronic = longest(self.chronic_of, bare)
        if kind is None:
            # Not chronic, and nothing that care managers follow: a cold, a sprain, a symptom.
            kind = "acute" if chronic is False and group is None else "problem"
        return Coded(group, chronic, kind, code)


def system_name(system: str) -> str | None:
    """Returns "icd-10-cm" or "snomed" for a code system's name or address, None for any other."""
    return _SYSTEMS.get(system.strip().lower().rstrip("/"))


def is_icd(code: str) -> bool:
    """Tells whether a code is formed like one of ICD-10-CM."""
    return _ICD.fullmatch(re.sub(r"[\s.]", "", code).upper()) is not None


def normal_icd(code: str) -> str:
    """Returns an ICD-10-CM code in capitals, with its dot, without Xs that fill its end: "e119xx" is "E11.9".

    What is no such code comes back in capitals and trimmed, otherwise as it was.
    """
    bare = re.sub(r"[\s.]", "", code).upper()
    head, tail = bare[:3], bare[3:].rstrip("X")
    if not _ICD.fullmatch(head + tail):
        return code.strip().upper()
    return f"{head}.{tail}" if tail else head


def kind_by_words(display: str) -> Kind:
    """Returns the kind of a SNOMED concept that is not in the table, by the tag that ends its name.

    "(finding)", "(situation)" and other names of no illness are `admin`; "(disorder)" and names without a tag
    are problems.
    """
    tag = _TAG.search(display.lower())
    return "admin" if tag and tag.group(1) in _NO_ILLNESS else "problem"


def why_not_listed(coded: Coded, display: str) -> str | None:
    """Returns why a code stays off the problem list, in words for an import's report, or None."""
    if coded.kind == "social":
        return f"a social need, not a problem: {display or coded.code}"
    if coded.kind == "admin":
        return f"not a problem: {display or coded.code}"
    return None


def longest(table: Mapping[str, _T], code: str) -> _T | None:
    """Returns what the longest prefix of `code` in `table` says, None when there is none."""
    for end in range(len(code), 0, -1):
        if code[:end] in table:
            return table[code[:end]]
    return None


def load_condition_tables(folder: Path) -> ConditionTables:
    """Reads the condition tables of a data folder. Raises Stopped with the file and line at fault."""
    groups, group_of = _groups(folder / "condition_groups.toml")
    codes = folder / "condition_codes"
    kinds: dict[str, Kind] = {}
    path = codes / "icd10cm_kinds.csv"
    for line, (prefix, kind, _what) in _rows(path, 3):
        if not _is_kind(kind):
            raise _bad(path, line, f"{kind!r} is none of {', '.join(KINDS)}")
        kinds[prefix] = kind
    chronic: dict[str, bool | None] = {}
    path = codes / "icd10cm_chronic.csv"
    for line, (prefix, answer) in _rows(path, 2):
        if answer not in _ANSWERS:
            raise _bad(path, line, f"{answer!r} is none of yes, no, unknown")
        chronic[prefix] = _ANSWERS[answer]
    snomed = _snomed(codes / "snomed.csv", {group.id for group in groups})
    return ConditionTables(
        groups,
        MappingProxyType(group_of),
        MappingProxyType(chronic),
        MappingProxyType(kinds),
        MappingProxyType(snomed),
    )


def _groups(path: Path) -> tuple[tuple[Group, ...], dict[str, str | None]]:
    """Reads the groups and their prefixes; a prefix of no group (`not`) points to None."""
    groups: list[Group] = []
    prefixes: dict[str, str | None] = {}
    for entry in read_toml(path).get("group", ()):
        try:
            group = Group(entry["id"], entry["name"], entry["short"])
            marks = [(mark, group.id) for mark in entry["icd10cm"]]
        except KeyError as error:
            raise _bad(path, None, f"a group lacks {error}") from error
        if group.id in {other.id for other in groups}:
            raise _bad(path, None, f"the group {group.id} stands there twice")
        if len(group.short) > 8:
            raise _bad(path, None, f"the short name {group.short!r} is longer than 8 characters")
        groups.append(group)
        for mark, owner in [*marks, *((mark, None) for mark in entry.get("not", ()))]:
            for prefix in _spread(mark):
                if prefix in prefixes:
                    raise _bad(path, None, f"the prefix {prefix} stands in two groups")
                prefixes[prefix] = owner
    return tuple(groups), prefixes


def _spread(mark: str) -> Iterator[str]:
    """Yields the prefixes of "F20-F29"; any other mark is one prefix."""
    ends = _RANGE.fullmatch(mark)
    if ends and ends[1] == ends[3]:
        yield from (f"{ends[1]}{number:02}" for number in range(int(ends[2]), int(ends[4]) + 1))
    else:
        yield mark.replace(".", "").upper()


def _snomed(path: Path, groups: set[str]) -> dict[str, Coded]:
    table: dict[str, Coded] = {}
    for line, (code, _display, group, answer, kind, _like) in _rows(path, 6):
        if not _is_kind(kind):
            raise _bad(path, line, f"{kind!r} is none of {', '.join(KINDS)}")
        if answer not in _ANSWERS:
            raise _bad(path, line, f"{answer!r} is none of yes, no, unknown")
        if group and group not in groups:
            raise _bad(path, line, f"there is no group {group!r}")
        table[code] = Coded(group or None, _ANSWERS[answer], kind, code)
    return table


def _rows(path: Path, columns: int) -> Iterator[tuple[int, list[str]]]:
    """Yields the lines of a table below its headings, each with its number."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader, None)
            for row in reader:
                if len(row) != columns:
                    raise _bad(path, reader.line_num, f"it has {len(row)} columns instead of {columns}")
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _bad(path, None, str(error)) from error


def _is_kind(text: str) -> TypeGuard[Kind]:
    return text in KINDS


def _bad(path: Path, line: int | None, what: str) -> Stopped:
    where = f", line {line}" if line else ""
    return Stopped(f"The reference file {path.name}{where} can't be used: {what}. Correct or restore it.")
