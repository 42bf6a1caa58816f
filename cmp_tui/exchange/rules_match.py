"""Who someone in an import is: known here already, new, or not to be taken. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cmp_tui.clinic.partial import agree
from cmp_tui.exchange.fhir.records import Person
from cmp_tui.patients.alike_rules import describe, why_alike


class Here(NamedTuple):
    """A patient of this clinic; without `key` one whom this import is about to add."""

    key: bytes | None
    source: str
    mrn: str
    birth_date: str
    family: str
    given: str
    others: str
    mbi: str
    struck: bool = False
    merged_mrn: str = ""
    """The number of a record with this source that was merged into theirs."""

    @property
    def name(self) -> str:
        """The name as lists show it."""
        return f"{self.family}, {self.given}" if self.given else self.family


class Match(NamedTuple):
    """`here` is who it is (None: new); `by_number` that only the record number says so.

    `why` says why they are not taken, `wrong` that this is a fault in the input. `warnings` stop nobody.
    """

    here: Here | None = None
    by_number: bool = False
    why: str = ""
    wrong: bool = False
    warnings: tuple[str, ...] = ()


class People:
    """The patients of this clinic, to be looked up; those whom an import adds are put in as it goes."""

    def __init__(self, known: Iterable[Here]) -> None:
        self._sources: dict[str, Here] = {}
        self._numbers: dict[str, Here] = {}
        self._medicare: dict[str, Here] = {}
        self._births: dict[str, list[Here]] = {}
        for here in known:
            self.put(here)

    def put(self, here: Here) -> None:
        """Adds someone. Who was struck out is known by source only, and gives way to who was not."""
        if here.merged_mrn:
            before = self._sources.get(here.source)
            if here.source and (before is None or before.struck):
                self._sources[here.source] = here
            self._numbers.setdefault(here.merged_mrn, here)
            return
        if here.source and (not here.struck or here.source not in self._sources):
            self._sources[here.source] = here
        if here.struck:
            return
        self._numbers[here.mrn] = here
        if here.mbi:
            self._medicare[here.mbi] = here
        if here.birth_date:
            self._births.setdefault(here.birth_date, []).append(here)

    def has_number(self, mrn: str) -> bool:
        """Tells whether a record number is taken."""
        return mrn in self._numbers

    def match(self, source: str, person: Person) -> Match:
        """Says who someone is: by source, else by record number and birth date, else someone new."""
        if person.replaced_by:
            return Match(why="merged into another patient at the source")
        here = self._sources.get(source)
        if here is not None and here.merged_mrn:  # another source speaks for their own row
            return Match(here, by_number=True)
        if here is not None:
            return self._by_source(here, person)
        here = self._numbers.get(person.mrn)
        if here is not None:
            return self._by_number(here, person)
        return Match(warnings=tuple(self._alike(person)))

    def _by_source(self, here: Here, person: Person) -> Match:
        if here.struck:
            return Match(here, why="struck out here")
        births = (here.birth_date, person.birth_date)
        if all(births) and not agree(*births) and not _alike(here, person):
            says = f"{here.source} is someone else here: {here.name}, {here.birth_date}, MRN {here.mrn}"
            return Match(here, why=says, wrong=True)
        return Match(here)

    def _by_number(self, here: Here, person: Person) -> Match:
        if not (here.birth_date and person.birth_date):
            if _alike(here, person):
                return Match(here, by_number=True)
            says = f"has the record number of {here.name}, and a birth date is missing, so they can't be compared"
            return Match(here, why=says, wrong=True)
        if agree(here.birth_date, person.birth_date):
            return Match(here, by_number=True)
        says = f"has the record number of {here.name}, who was born on another day ({here.birth_date})"
        return Match(here, why=says, wrong=True)

    def _alike(self, person: Person) -> Iterable[str]:
        mbi = self._medicare.get(person.mbi) if person.mbi else None
        if mbi is not None:
            yield f"has the same Medicare number as {mbi.name}, MRN {mbi.mrn}"
        for here in self._births.get(person.birth_date, ()):
            why = _alike(here, person)
            if why and "name," in why and here is not mbi:
                yield f"{why} as {here.name}, MRN {here.mrn}"


def _alike(here: Here, person: Person) -> str | None:
    mine = describe(person.name.family, person.name.given, other_names(person), person.birth_date)
    return why_alike(mine, describe(here.family, here.given, here.others, here.birth_date))


def other_names(person: Person) -> str:
    """The other names of someone, in one text: 'Ana Moreno; Anita'."""
    spoken = (" ".join(filter(None, (name.given, name.family))) for name in person.other_names)
    return "; ".join(dict.fromkeys(filter(None, spoken)))
