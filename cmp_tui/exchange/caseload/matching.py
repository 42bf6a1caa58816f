"""Who a row is: a patient here, the person of another row, someone new, or not to be told. Pure.

Candidates come from indexes (record number, birth date, telephone, names), so that the work grows with the rows and
not with their square.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.names import plain_given, whole
from cmp_tui.exchange.caseload.plan import Alike, Choices, PersonIn
from cmp_tui.patients.alike_rules import (
    Described,
    Nicknames,
    births_of,
    keys_of,
    near_words,
    plain_mbi,
    why_alike,
    with_nicknames,
)

OWN_NUMBER = "T-"
"""What stands before a record number of our own making (patients/actions.py): a real one may take its place."""
MOST_BORN, MOST_OTHERS = 400, 100
"""A birth date or telephone that more people have than that tells nothing (1 January 1900, the clinic's own line)."""


class Someone(NamedTuple):
    """A patient here (`key`), or the person of a row of this sheet (`row`)."""

    key: bytes | None
    row: int
    mrn: str
    family: str
    given: str
    birth_date: str
    described: Described

    @property
    def name(self) -> str:
        """The name as lists show it."""
        return whole(self.family, self.given)


class Match(NamedTuple):
    """Who a row is (None: someone new), or why it is not taken; and whom it looks like."""

    who: Someone | None = None
    why: str = ""
    alike: tuple[Alike, ...] = ()
    own_number: bool = False
    """The row's record number is somebody else's, so its person gets a new one."""
    warning: str = ""


class People:
    """Everyone who is known so far, to be looked up."""

    def __init__(self, unit: str, nicknames: Nicknames = MappingProxyType({})) -> None:
        self._unit, self._nicknames = unit, nicknames
        self._numbers: dict[str, Someone] = {}
        self._rows: dict[int, Someone] = {}
        self._near: dict[tuple[str, ...], list[Someone]] = {}
        self._folds: dict[str, str] = {}

    def put(self, who: Someone) -> None:
        """Adds someone."""
        if who.mrn:
            self._numbers.setdefault(_number(who.mrn), who)
        if who.row:
            self._rows.setdefault(who.row, who)
        for key in keys_of(who.described):
            self._near.setdefault(key, []).append(who)

    def note_number(self, mrn: str, key: bytes) -> None:
        """Says that a patient here is known by another record number too: that of a record merged into theirs."""
        who = next((one for one in self._numbers.values() if one.key == key), None)
        if who is not None:
            self._numbers.setdefault(_number(mrn), who)

    def note_row(self, row: int, who: Someone) -> None:
        """Says that a row is someone who is known already."""
        self._rows.setdefault(row, who)

    def described(self, person: PersonIn) -> Described:
        """Returns the person of a row as matching compares them; names repeat, so they are folded once."""
        phones = frozenset([phone.digits for phone in person.phones])
        preferred = person.values.get("preferred")
        others = self._folded(preferred) if preferred else ""
        born = person.birth_date or None
        mbi = plain_mbi(person.values.get("mbi"))
        said = Described(self._folded(person.family), self._folded(person.given), others, born, phones, mbi)
        return with_nicknames(said, self._nicknames)

    def add_row(self, person: PersonIn) -> None:
        """Adds the person of a row."""
        said = self.described(person)
        names = (person.family, person.given, person.birth_date)
        self.put(Someone(None, person.number, person.mrn, *names, said))

    def _folded(self, text: str) -> str:
        found = self._folds.get(text)
        if found is None:
            found = self._folds[text] = fold(text)
        return found

    def has_number(self, mrn: str) -> bool:
        """Tells whether a record number is taken."""
        return _number(mrn) in self._numbers

    def numbered(self, mrn: str) -> Someone | None:
        """Returns who has a record number; None when nobody has."""
        return self._numbers.get(_number(mrn))

    def match(self, person: PersonIn, choices: Choices) -> Match:
        """Says who the person of a row is."""
        mine = self.described(person)
        taken = self._numbers.get(_number(person.mrn)) if person.mrn else None
        wanted = choices.same.get(person.number)
        if wanted is not None:
            return self._as_said(wanted)
        if person.number in choices.new:
            return Match(own_number=taken is not None)
        if taken is not None:
            contradiction = why_not_same(taken.described, mine)
            if not contradiction or taken.mrn in choices.same_mrns:
                return Match(taken)
            alike = (self._alike(taken, contradiction),)
            says = f"the record number is that of {self._named(taken)}; {contradiction}"
            return Match(None, says, alike)
        return self._by_likeness(person, mine, choices)

    def _as_said(self, wanted: str) -> Match:
        row = wanted.lower().removeprefix(self._unit).removeprefix("row").strip()
        if row != wanted.strip() and row.isdecimal():
            found = self._rows.get(int(row))
        else:
            found = self._numbers.get(_number(wanted))
        if found is None:
            return Match(None, f"there is no {wanted!r} here or in the rows above")
        return Match(found)

    def _by_likeness(self, person: PersonIn, mine: Described, choices: Choices) -> Match:
        sure: list[Someone] = []
        alike: list[tuple[Someone, str]] = []
        near: Someone | None = None
        for who in self._candidates(mine):
            same_mbi = bool(mine.mbi) and mine.mbi == who.described.mbi
            if births_of(mine.birth_date, who.described.birth_date) == "other" and not same_mbi:
                continue
            why = why_alike(mine, who.described)
            if why is None:
                continue
            if _is_sure(mine, who.described) and not _numbers_differ(person.mrn, who.mrn):
                sure.append(who)
            else:
                if _numbers_differ(person.mrn, who.mrn):
                    if births_of(mine.birth_date, who.described.birth_date) != "same":
                        near = near or who
                        continue
                    why = f"{why}, another record number"
                alike.append((who, why))
        if len(sure) == 1:
            return Match(sure[0])
        alike = [(who, "same name and birth date") for who in sure] + alike
        if not alike or choices.all_new:
            return Match(warning=f"is nearly {self._named(near)}" if near else "")
        chosen = [who for who, _ in alike if who.mrn and who.mrn in choices.same_mrns]
        if len(chosen) == 1 or (choices.all_same and len(alike) == 1):
            return Match((chosen or [alike[0][0]])[0])
        says = f"looks like {self._named(alike[0][0])} ({alike[0][1]})"
        return Match(None, says, tuple(self._alike(who, why) for who, why in alike))

    def _candidates(self, mine: Described) -> Iterable[Someone]:
        seen: dict[int, Someone] = {}
        for key in keys_of(mine, asking=True):
            found = self._near.get(key, ())
            if len(found) <= (MOST_BORN if key[0] == "born" else MOST_OTHERS):
                for who in found:
                    seen[id(who)] = who
        return seen.values()

    def _named(self, who: Someone) -> str:
        born = f", born {who.birth_date}" if who.birth_date else ""
        number = f", MRN {who.mrn}" if who.mrn else ""
        where = f" in {self._unit} {who.row}" if who.row else ""
        return f"{who.name}{born}{number}{where}"

    def _alike(self, who: Someone, why: str) -> Alike:
        return Alike(who.mrn, who.name, who.birth_date, who.row, why)


def why_not_same(here: Described, mine: Described) -> str:
    """Returns why two with the same record number can't be one person, "" when they can."""
    family = near_words(mine.family, f"{here.family} {here.others}")
    given = near_words(mine.given, f"{here.given} {here.others}") or near_words(here.given, mine.others)
    births = births_of(here.birth_date, mine.birth_date)
    if births == "other":
        return "another birth date" if family or given else "another name and another birth date"
    if births == "same":
        return "" if family or given else "another name"
    if family and given:
        return ""
    if births == "slip":
        return "another name, and nearly the same birth date"
    return "another name, and a birth date is missing"


def _is_sure(mine: Described, theirs: Described) -> bool:
    """Whether two are one person beyond doubt: all of name and birth date, or a slip in the name and the same phone."""
    if births_of(mine.birth_date, theirs.birth_date) != "same" or len(mine.birth_date or "") < 10:
        return False
    given, other = plain_given(mine.given), plain_given(theirs.given)
    same_given = bool(given) and (given == other or given.split()[:1] == other.split()[:1])
    if same_given and mine.family.replace(" ", "") == theirs.family.replace(" ", ""):
        return True
    near = near_words(mine.given, f"{theirs.given} {theirs.others}")  # twins share all but that
    return near and bool(mine.phones & theirs.phones) and why_alike(mine, theirs) is not None


def _numbers_differ(mine: str, theirs: str) -> bool:
    if not mine or not theirs or theirs.startswith(OWN_NUMBER):
        return False
    return _number(mine) != _number(theirs)


def _number(mrn: str) -> str:
    """A record number for comparing: spreadsheets take leading zeros away."""
    text = mrn.strip().casefold()
    return text.lstrip("0") or "0" if text.isdecimal() and text.isascii() else text
