"""Reads FHIR R4 files and gives their patients, one by one. No database in here.

reading = read_fhir([folder], take=kind_of)
for bundle in reading.patients():
    ...
reading.not_taken, reading.problems, reading.orphans, reading.practitioners
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from cmp_tui.exchange.fhir.context import Context, Take
from cmp_tui.exchange.fhir.directory import Directory
from cmp_tui.exchange.fhir.document import Intake
from cmp_tui.exchange.fhir.gather import DIRECTORY_KINDS, Gatherer, differ
from cmp_tui.exchange.fhir.held import Held
from cmp_tui.exchange.fhir.records import PatientBundle, Person, Practitioner, Problem
from cmp_tui.exchange.fhir.sources import JSON, LINES, Source, Unusable, chunks, find, first_kind

OnProgress = Callable[[int, int], None]
STEP = 1 << 20  # bytes between two calls of on_progress
DIRTY = "{:,} texts held characters that are no text (control or invisible ones); they were dropped."
TWO_PEOPLE = (
    "{} stands for two different people (birth year and family name differ); {} was not taken. "
    "Import their files one by one."
)


def read_fhir(
    paths: Iterable[str | os.PathLike[str]],
    *,
    take: Take,
    on_progress: OnProgress | None = None,
    strip_digits: bool = False,
) -> Reading:
    """Prepares the reading of files and folders: bundles, single resources, NDJSON; also packed with gzip.

    `take(system, code)` says under which kind an Observation's or Immunization's code is taken, or None; the
    system is "loinc", "cvx", "snomed" or an address. `on_progress(done, total)` hears of bytes. With
    `strip_digits` names lose the digits they end in ("Nick779"). Never raises for what is in the files: see
    `Reading.problems`.
    """
    return Reading(paths, Context(take, strip_digits=strip_digits), on_progress)


class Reading:
    """One reading of some files. The counts are complete when `patients()` has been read to its end."""

    def __init__(
        self, paths: Iterable[str | os.PathLike[str]], context: Context, on_progress: OnProgress | None
    ) -> None:
        self._context, self._on_progress = context, on_progress
        self._directory = Directory(context)
        self._held: dict[str, Held] = {}  # patients whose records may be in several files
        self._given: dict[str, Person] = {}
        self._same: dict[str, str] = {}  # identifier key -> patient
        self._started = False
        self._sources, wrong = find(paths)
        for name, sentence in wrong:
            context.problems.add(name, None, sentence)
        self.files = 0
        """How many files held FHIR."""
        self.orphans: Counter[str] = Counter()
        """Resources whose patient is not in the input, by kind."""
        self.not_fhir: list[Problem] = []
        """Files that are something else. No error."""

    @property
    def practitioners(self) -> list[Practitioner]:
        """Everyone who treats, also those whom others only mention by name."""
        return self._directory.everyone()

    def practitioner(self, source: str) -> Practitioner | None:
        """Whom a record means. Ask at the end: a practitioner may come after those who mention them."""
        return self._directory.person(source)

    @property
    def not_taken(self) -> Counter[str]:
        """What was left out on purpose, by kind; with the reason in brackets where it is not the kind."""
        return self._context.not_taken

    @property
    def problems(self) -> list[Problem]:
        """What was wrong, each with its file."""
        return self._context.problems.all()

    def patients(self) -> Iterator[PatientBundle]:
        """The patients, each as soon as all of theirs is read. Once only.

        A patient in a bundle of their own comes right after its file; one whose records may be spread over
        files (NDJSON, pages of a search, single resources) comes at the end.
        """
        if self._started:
            raise RuntimeError("A reading gives its patients once.")
        self._started = True
        total = sum(source.size for source in self._sources)
        before = 0
        # Practitioners and organizations first: then their names are known when a patient is given.
        for source in sorted(self._sources, key=lambda each: first_kind(each) not in DIRECTORY_KINDS):
            yield from self._file(source, before, total)
            before += source.size
            self._tell(before, total)
        yield from self._rest()

    def _file(self, source: Source, before: int, total: int) -> Iterator[PatientBundle]:
        context = self._context
        context.file, context.line, context.source, context.dirty = source.name, None, "", 0
        if not source.named and not source.path.name.lower().endswith((*LINES, *JSON)):
            self._other(source, "This is no JSON file.")
            return
        intake, gatherer = Intake(context), Gatherer(context, self._directory)
        fhir, whole, told, empty = False, False, before, True
        strangers: list[int | None] = []
        try:
            for chunk in chunks(source):
                empty = False
                found = intake.take(chunk, gatherer)
                fhir, whole = fhir or found.fhir, whole or found.whole
                if found.other:
                    strangers.append(chunk.line)
                if before + chunk.done - told >= STEP:
                    told = before + chunk.done
                    self._tell(told, total)
        except Unusable as error:
            context.line = None
            context.problem(f"The file {error}")
        else:
            if empty:  # lines, and none of them; nothing is lost with them
                context.problem("The file is empty.", lost=False)
        if strangers and not fhir:
            self._other(source, "This holds no FHIR resources.")
            return
        if context.dirty:
            context.line = None
            context.problem(DIRTY.format(context.dirty), lost=False)
        for line in strangers:
            context.problems.add(source.name, line, "This is JSON but no FHIR resource; it was left out.")
        self.files += fhir
        yield from self._file_away(gatherer, whole)

    def _file_away(self, gatherer: Gatherer, whole: bool) -> Iterator[PatientBundle]:
        """Gives the patients who are complete with this file, keeps the others."""
        self._same.update(gatherer.same)
        for key, held in self._settle(gatherer.held).items():
            before = self._given.get(key) or (self._held[key].person if key in self._held else None)
            if held.person and before and differ(held.person, before) and not held.contested:
                if key in self._given:
                    self._context.line = None
                    self._context.problem(TWO_PEOPLE.format(key, "the one in this file"))
                    continue
                held.contested = True
            if held.contested:
                self._context.line = None
                self._context.problem(TWO_PEOPLE.format(key, "neither"))
            elif whole and held.person and not before and key not in self._held:
                self._given[key] = held.person
                yield self._bundle(held, held.person, again=False)
                continue
            if key in self._held:
                self._held[key].absorb(held)
            else:
                self._held[key] = held

    def _rest(self) -> Iterator[PatientBundle]:
        held_all, self._held = self._settle(self._held), {}
        for key in list(held_all):
            held = held_all.pop(key)
            person = held.person or self._given.get(key)
            if held.contested:
                continue
            if person is None:
                self.orphans.update(held.kinds())
            elif held.records or held.seats or key not in self._given:
                yield self._bundle(held, person, again=key in self._given)

    def _settle(self, held: dict[str, Held]) -> dict[str, Held]:
        """The same with patients who were named by an identifier put under their own key."""
        if not any("?" in key for key in held):
            return held
        found: dict[str, Held] = {}
        for key, each in held.items():
            key = self._same.get(key, key)
            if key in found:
                found[key].absorb(each)
            else:
                found[key] = each
        return found

    def _bundle(self, held: Held, person: Person, *, again: bool) -> PatientBundle:
        return held.bundle(person, self._directory, self._context.skip, again=again)

    def _other(self, source: Source, sentence: str) -> None:
        self.not_fhir.append(Problem(source.name, None, sentence, lost=False))

    def _tell(self, done: int, total: int) -> None:
        if self._on_progress is not None:
            self._on_progress(min(done, total), total)
