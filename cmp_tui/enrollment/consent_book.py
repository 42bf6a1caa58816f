"""Consent scripts: what to say for each point before someone agrees to a program; data/consent/*.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule
from cmp_tui.enrollment.rules import missing_points, needed_points
from cmp_tui.enrollment.wording import Keys, Shelf, Tongue, checked, filled, read_shelf, text_of

FOLDER = "consent"
FIELDS = ("practitioner", "clinic", "program")
TOP = Keys(("version", "programs", "title", "point", "text"), ("title_es",))
POINT = Keys(("point", "required", "say"), ("say_es",))
TEXT = Keys(("opening", "closing"), ("opening_es", "closing_es"))
LONGEST = 40
"""Characters of a script's version in a record."""


class Point(NamedTuple):
    """One point: its code (`consent_point`), whether an agreement needs it, and the sentence to say."""

    code: str
    required: bool
    say: str
    say_es: str

    def words(self, tongue: Tongue) -> str:
        """The sentence in a language; English where it was not written in it."""
        return (self.say_es if tongue == "es" else "") or self.say


class Script(NamedTuple):
    """What is said of one or several programs, and what the paper says around it."""

    name: str
    version: str
    programs: tuple[str, ...]
    title: str
    title_es: str
    points: tuple[Point, ...]
    opening: str
    opening_es: str
    closing: str
    closing_es: str
    own: bool

    @property
    def edition(self) -> str:
        """What a consent keeps of it: 'ccm 2026-11'."""
        return f"{self.name} {self.version}"

    @property
    def required(self) -> tuple[str, ...]:
        """The points that an agreement needs."""
        return tuple(point.code for point in self.points if point.required)

    def in_spanish(self) -> bool:
        """Whether all of it is there in Spanish."""
        others = (self.title_es, self.opening_es, self.closing_es)
        return all(others) and all(point.say_es for point in self.points)

    def tongue(self, wanted: Tongue) -> Tongue:
        """The language in which it is read: the one that is wanted where all of it is there."""
        return wanted if wanted == "en" or self.in_spanish() else "en"


class Scripts(NamedTuple):
    """The script of each program, and a sentence for each file that can't be used."""

    by_program: Mapping[str, Script]
    problems: tuple[str, ...]

    def edition(self, edition: str | None) -> Script | None:
        """Returns the script that a consent was given to, by its edition; None when it is another one by now."""
        return next((one for one in self.by_program.values() if one.edition == edition), None)


def scripts(reference: Reference) -> Scripts:
    """Returns the consent scripts of this clinic, read once."""
    return reference.made(FOLDER, lambda: _scripts(reference))


def points_needed(reference: Reference, program: str, edition: str | None) -> tuple[str, ...]:
    """Returns the points that an agreement needs: by the program's rules, and by the script that was read."""
    script = scripts(reference).edition(edition)
    more = script.required if script is not None and program in script.programs else ()
    return tuple(dict.fromkeys((*needed_points(program), *more)))


def said(point: Point, tongue: Tongue, fields: Mapping[str, str]) -> str:
    """Returns the sentence of a point as it is read to a patient."""
    return filled(point.words(tongue), fields)


def _scripts(reference: Reference) -> Scripts:
    known = {code.code for code in reference.codes("consent_point")}
    programs = {code.code for code in reference.codes("program")}

    def make(name: str, table: Mapping[str, Any], own: bool) -> Script:
        return _script(name, table, own, known, programs)

    shelf: Shelf = read_shelf(reference, FOLDER, "consent file", make)
    found: dict[str, Script] = {}
    problems = list(shelf.problems)
    for script in shelf.found:
        for program in script.programs:
            before = found.get(program)
            if before is not None and before.own == script.own:
                problems.append(
                    f"The consent files {before.name}.toml and {script.name}.toml are both for {program}. "
                    f"{before.name}.toml is used; take the program out of one of them."
                )
            else:
                found[program] = script
    return Scripts(found, tuple(problems))


def _script(name: str, table: Mapping[str, Any], own: bool, known: set[str], programs: set[str]) -> Script:
    checked(table, TOP, FIELDS)
    named = table["programs"]
    if not isinstance(named, list) or not named or not all(one in programs for one in named):
        raise BadRule("", 1, f"programs is a list of programs: {', '.join(sorted(programs))}")
    version = text_of(table, "version")
    if len(f"{name} {version}") > LONGEST:
        raise BadRule("", 1, f"version is too long: with the file's name at most {LONGEST} characters")
    points = _points(table["point"], known)
    for program in named:
        if lacking := missing_points([one.code for one in points if one.required], program):
            raise BadRule(
                "point", 1, f"point {', '.join(lacking)} is needed for {program}, with required = true"
            )
    text = checked(table["text"], TEXT, FIELDS, "text")
    return Script(
        name, version, tuple(named), text_of(table, "title"), text_of(table, "title_es"), points,
        text_of(text, "opening", "text"), text_of(text, "opening_es", "text"), text_of(text, "closing", "text"),
        text_of(text, "closing_es", "text"), own,
    )  # fmt: skip


def _points(rows: Any, known: set[str]) -> tuple[Point, ...]:
    if not isinstance(rows, list) or not rows:
        raise BadRule("", 1, "point is missing: a script needs at least one [[point]]")
    found: list[Point] = []
    for number, row in enumerate(rows, 1):
        checked(row, POINT, FIELDS, "point", number)
        if row["point"] not in known:
            raise BadRule("point", number, f"point is one of {', '.join(sorted(known))}")
        if row["point"] in [one.code for one in found]:
            raise BadRule("point", number, f"point {row['point']} is there twice")
        if not isinstance(row["required"], bool):
            raise BadRule("point", number, "required is true or false")
        found.append(
            Point(
                row["point"], row["required"], text_of(row, "say", "point", number),
                text_of(row, "say_es", "point", number),
            )
        )  # fmt: skip
    return tuple(found)
