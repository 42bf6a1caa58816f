"""Medicines by their ingredients: names, brands, kinds, what is risky in older people, from data/drugs.toml.

A row that can't be used is left out and told with its line; the others go on. Names that stand only in the clinic's own
table of interactions are known too, without a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import Row, key_line
from cmp_tui.clinic.rule_rows import BadRule
from cmp_tui.medications.name_rules import Names, read_names
from cmp_tui.medications.name_words import NOISE, SALTS, words_of
from cmp_tui.medications.own_pairs import own_pairs

FILE = "drugs.toml"
LONGEST_NAME, LONGEST_WORDS = 80, 300
SHORTEST_NEAR = 6
"""Letters of a name that may be read with a spelling mistake."""
OLDER_FROM = 65
"""Age in years from which the rows `older` hold."""


class Ingredient(NamedTuple):
    """What acts in a medicine. `local`: it stays where it is put (eye, skin, lungs); `anywhere`: it never does.

    `own`: it stands only in the clinic's own table of interactions.
    """

    key: str
    name: str
    classes: frozenset[str]
    local: bool = False
    anywhere: bool = False
    own: bool = False


class DrugClass(NamedTuple):
    """A kind of medicine. `duplicate`: two different ones of it are asked about."""

    key: str
    name: str
    duplicate: bool


class OlderRisk(NamedTuple):
    """Ingredients that are riskier from OLDER_FROM years on, why, what to ask, and where that stands."""

    ingredients: frozenset[str]
    reason: str
    ask: str
    source: str


class AllergyGroup(NamedTuple):
    """Ingredients that stand for one another in an allergy, and those `near` to them."""

    name: str
    ingredients: frozenset[str]
    near: frozenset[str]
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class DrugBook:
    """What is known of medicines.

    `names` has each name as words in small letters, with the ingredients that it stands for; `starts` the number of
    words of the longest name that begins with a word; `near` the single words that a misspelt one is compared with,
    among them `others`: real names of which nothing is known here.
    `risks` are the rows `older` by ingredient; `allergies` are by the words people use for them ("sulfa").
    `held` is what was read lately, by its text.
    """

    ingredients: Mapping[str, Ingredient]
    classes: Mapping[str, DrugClass]
    names: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, int]
    near: tuple[str, ...]
    others: frozenset[str]
    older: tuple[OlderRisk, ...]
    risks: Mapping[str, tuple[OlderRisk, ...]]
    allergies: Mapping[str, AllergyGroup]
    groups: tuple[AllergyGroup, ...]
    problems: tuple[str, ...]
    held: dict[str, Names] = field(default_factory=dict, compare=False, repr=False)

    def name(self, key: str) -> str:
        """Returns the plain name of an ingredient or class; the key when it is unknown."""
        found = self.ingredients.get(key) or self.classes.get(key)
        return key if found is None else found.name

    def members(self, key: str) -> frozenset[str]:
        """Returns the ingredients of a class, or the ingredient itself; none when nothing has that key."""
        if key in self.ingredients:
            return frozenset((key,))
        return frozenset(one.key for one in self.ingredients.values() if key in one.classes)


def drug_book(reference: Reference) -> DrugBook:
    """Returns the medicines, read once. What can't be used is told and left out."""
    return reference.made(FILE, lambda: _Reader(reference).book())


class _Reader:
    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._ingredients: dict[str, Ingredient] = {}
        self._classes: dict[str, DrugClass] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._members: dict[str, set[str]] = {}
        self._problems: list[str] = []

    def book(self) -> DrugBook:
        try:
            table = self._reference.table(FILE)
        except Stopped as error:
            self._problems.append(str(error))
            table = {}
        top = Row("", 1, table)
        older: list[OlderRisk] = []
        groups: list[tuple[AllergyGroup, tuple[str, ...]]] = []
        self._try(lambda: top.only(("other", "class", "ingredient", "combination", "older", "allergy")))
        for key, row in self._lines(table, "class"):
            self._try(lambda key=key, row=row: self._class(key, row))
        for key, row in self._lines(table, "ingredient"):
            self._try(lambda key=key, row=row: self._ingredient(key, row))
        for key, row in self._lines(table, "combination"):
            self._try(lambda key=key, row=row: self._combination(key, row))
        for row in self._tables(top, "older"):
            self._try(lambda row=row: older.append(self._older(row)))
        for row in self._tables(top, "allergy"):
            self._try(lambda row=row: groups.append(self._allergy(row)))
        own = own_pairs(self._reference).rows
        if own:
            self._own(self._made(older, groups, top), {name for raw in own for name in (raw.a, raw.b)})
        return self._made(older, groups, top)

    def _made(
        self, older: list[OlderRisk], groups: list[tuple[AllergyGroup, tuple[str, ...]]], top: Row
    ) -> DrugBook:
        others: set[str] = set()
        self._try(lambda: others.update(top.texts("other")))
        others -= self._names.keys()
        starts: dict[str, int] = {}
        for name in self._names:
            parts = name.split(" ")
            starts[parts[0]] = max(starts.get(parts[0], 0), len(parts))
        near = sorted(
            name
            for name in (*self._names, *others)
            if len(name) >= SHORTEST_NEAR and name.isalpha() and name not in SALTS
        )
        risks: dict[str, tuple[OlderRisk, ...]] = {}
        for risk in older:
            for key in risk.ingredients:
                risks[key] = (*risks.get(key, ()), risk)
        allergies = {" ".join(words_of(word)[0]): group for group, words in groups for word in words}
        return DrugBook(
            ingredients=MappingProxyType(self._ingredients),
            classes=MappingProxyType(self._classes),
            names=MappingProxyType(self._names),
            starts=MappingProxyType(starts),
            near=tuple(near),
            others=frozenset(others),
            older=tuple(older),
            risks=MappingProxyType(risks),
            allergies=MappingProxyType(allergies),
            groups=tuple(group for group, _ in groups),
            problems=tuple(dict.fromkeys(self._problems)),
        )

    def _try(self, read: Any) -> None:
        try:
            read()
        except BadRule as wrong:
            line = key_line(self._reference.text(FILE), wrong)
            self._problems.append(f"{FILE}, line {line}: {wrong.why}. It is left out, the rest is in use.")

    def _lines(self, table: Mapping[str, Any], name: str) -> Iterable[tuple[str, Row]]:
        """The lines `key = { … }` of a table; what is wrong in one begins with its key."""
        held = table.get(name, {})
        if not isinstance(held, dict):
            self._try(lambda: _raise(BadRule("", 1, f"{name} is a table of lines key = {{ … }}")))
            return
        for key, value in held.items():
            if isinstance(value, dict):
                yield key, _Line(name, 1, value, key)
            else:
                self._try(lambda key=key: _raise(BadRule(name, 1, f"{key} = {{ … }} is how a line looks")))

    def _tables(self, top: Row, name: str) -> list[Row]:
        found: list[Row] = []
        self._try(lambda: found.extend(top.rows(name)))
        return found

    def _class(self, key: str, row: Row) -> None:
        row.only(("name", "duplicate"))
        self._classes[key] = DrugClass(key, row.text("name", LONGEST_NAME), row.yes("duplicate"))
        self._members[key] = set()

    def _ingredient(self, key: str, row: Row) -> None:
        row.only(("class", "brands", "also", "local", "anywhere"))
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", key) or key in self._classes:
            raise row.bad(
                "an ingredient has small letters, digits and hyphens, and no class is called like it"
            )
        classes = row.texts("class", self._classes, "class here")
        self._ingredients[key] = Ingredient(
            key, key.replace("-", " "), frozenset(classes), row.yes("local"), row.yes("anywhere")
        )
        for one in classes:
            self._members[one].add(key)
        for name in (key, *row.texts("brands"), *row.texts("also")):
            self._call(row, name, (key,))

    def _combination(self, key: str, row: Row) -> None:
        row.only(("names", "of"))
        of = row.texts("of", self._ingredients, "ingredient here")
        if not of:
            raise row.bad("of is missing; it lists the ingredients")
        for name in row.texts("names"):
            self._call(row, name, tuple(sorted(of)))

    def _call(self, row: Row, name: str, ingredients: tuple[str, ...]) -> None:
        words = " ".join(words_of(name)[0])
        if not words or len(name) > LONGEST_NAME:
            raise row.bad(f"{name!r} is no name")
        if self._names.setdefault(words, ingredients) != ingredients:
            raise row.bad(f"{name!r} stands here for something else already")

    def _who(self, row: Row, key: str) -> frozenset[str]:
        found: set[str] = set()
        for one in row.texts(key, (*self._ingredients, *self._classes), "ingredient or class here"):
            found |= self._members.get(one, {one})
        return frozenset(found)

    def _older(self, row: Row) -> OlderRisk:
        row.only(("who", "except", "reason", "ask", "source"))
        who = self._who(row, "who") - self._who(row, "except")
        if not who:
            raise row.bad("who is missing; it lists ingredients or classes")
        texts = (row.text(key, LONGEST_WORDS) for key in ("reason", "ask", "source"))
        return OlderRisk(who, *texts)

    def _allergy(self, row: Row) -> tuple[AllergyGroup, tuple[str, ...]]:
        row.only(("name", "words", "who", "near", "reason", "source"))
        who, near = self._who(row, "who"), self._who(row, "near")
        name = row.text("name", LONGEST_NAME)
        group = AllergyGroup(
            name, who, near - who, row.text("reason", LONGEST_WORDS), row.text("source", LONGEST_WORDS)
        )
        return group, row.texts("words")

    def _own(self, book: DrugBook, names: Iterable[str]) -> None:
        """Names of the clinic's own table that can't be read here become ingredients of their own."""
        classes = {" ".join(words_of(one.name)[0]) for one in self._classes.values()}
        for name in sorted(names):
            words = words_of(name)[0]
            whole, key = " ".join(words), "-".join(words)
            if name in self._classes or key in self._classes or whole in classes or len(whole) > LONGEST_NAME:
                continue
            read = read_names(book, name)
            if read.ingredients and not read.rest:
                continue
            if any(word.isalpha() and len(word) > 2 and word not in NOISE for word in words):
                self._ingredients.setdefault(key, Ingredient(key, whole, frozenset(), own=True))
                self._names.setdefault(whole, (key,))


class _Line(Row):
    """A line of a table: the sentences begin with its key, so that the line is found."""

    def __init__(self, table: str, number: int, values: Mapping[str, Any], key: str) -> None:
        super().__init__(table, number, values)
        object.__setattr__(self, "_key", key)

    def bad(self, why: str) -> BadRule:
        return BadRule(self.table, self.number, f"{object.__getattribute__(self, '_key')} … {why}")


def _raise(wrong: BadRule) -> None:
    raise wrong
