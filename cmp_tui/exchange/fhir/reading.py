"""Reads FHIR R4 files and gives their patients, one by one. No database in here.

    reading = read_fhir([folder], take=code_list.take)
    for bundle in reading.patients():
        ...
    reading.not_taken, reading.problems, reading.orphans, reading.practitioners
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from cmp_tui.exchange.fhir.context import Context, Raw, Take
from cmp_tui.exchange.fhir.directory import Directory
from cmp_tui.exchange.fhir.gather import DIRECTORY_KINDS, PLACE, POINTED_TO, Gatherer, differ
from cmp_tui.exchange.fhir.held import Held
from cmp_tui.exchange.fhir.parse import Parser, Unreadable
from cmp_tui.exchange.fhir.records import PatientBundle, Person, Practitioner, Problem
from cmp_tui.exchange.fhir.sources import JSON, LINES, Chunk, Source, Unusable, chunks, find, first_kind

OnProgress = Callable[[int, int], None]
WHOLE = ("transaction", "batch", "collection", "document")  # bundles that hold all of what they speak of
LINE_KIND = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,40})"')
KIND = re.compile(r"[A-Z][A-Za-z]{1,40}")
DEEPEST = 3  # bundles in bundles
STEP = 1 << 20


class Reading:
    """One reading of some files. The counts are complete when `patients()` has been read to its end."""

    def __init__(
        self, paths: Iterable[str | os.PathLike[str]], context: Context, on_progress: OnProgress | None
    ) -> None:
        self._context, self._on_progress = context, on_progress
        self._directory = Directory(context)
        self._parser = Parser()
        self._held: dict[str, Held] = {}
        self._same: dict[str, str] = {}
        self._given: dict[str, Person] = {}
        self._started = False
        self.files = 0
        self.orphans: Counter[str] = Counter()
        """Resources whose patient is not in the input, by kind."""
        self.not_fhir: list[Problem] = []
        """Files that are something else. No error."""
        self._sources, wrong = find(paths)
        for name, sentence in wrong:
            context.problems.add(name, None, f"{name} {sentence}")

    @property
    def practitioners(self) -> list[Practitioner]:
        """Everyone who treats, also those only mentioned."""
        return self._directory.everyone()

    def practitioner(self, source: str) -> Practitioner | None:
        """Whom a record means. Ask at the end: a practitioner may come after those who mention them."""
        return self._directory.person(source)

    @property
    def not_taken(self) -> Counter[str]:
        """What was left out on purpose, by kind; in brackets the reason where the kind alone is none."""
        return self._context.not_taken

    @property
    def problems(self) -> list[Problem]:
        """What was wrong. Each names its file."""
        return self._context.problems.all()

    def patients(self) -> Iterator[PatientBundle]:
        """The patients, each as soon as all of theirs is read. Can be read once.

        A patient whose bundle holds all of theirs comes right after that file; one whose records are spread over
        files (NDJSON, pages of a search) comes at the end.
        """
        if self._started:
            raise RuntimeError("A reading gives its patients once.")
        self._started = True
        total = sum(source.size for source in self._sources)
        before = 0
        for source in sorted(self._sources, key=lambda each: first_kind(each) not in DIRECTORY_KINDS):
            yield from self._file(source, before, total)
            before += source.size
            self._tell(before, total)
        yield from self._rest()

    def _tell(self, done: int, total: int) -> None:
        if self._on_progress is not None:
            self._on_progress(min(done, total), total)

    def _file(self, source: Source, before: int, total: int) -> Iterator[PatientBundle]:
        """Reads one file. Gives the patients that are complete with it."""
        context = self._context
        context.file, context.line = source.name, None
        if not source.named and not source.path.name.lower().endswith((*LINES, *JSON)):
            self._other(source, "is no JSON file")
            return
        gatherer = Gatherer(context, self._directory)
        whole, fhir, told = False, False, before
        strangers: list[int | None] = []
        try:
            for chunk in chunks(source):
                found = self._chunk(chunk, gatherer)
                if found is None:
                    strangers.append(chunk.line)
                else:
                    fhir = True
                    whole = whole or found
                if before + chunk.done - told >= STEP:
                    told = before + chunk.done
                    self._tell(told, total)
        except Unusable as error:
            context.line = None
            context.problem(f"{source.name} {error}")
        context.line = None
        if strangers and not fhir:
            self._other(source, "holds no FHIR resources")
            return
        for line in strangers:
            context.problems.add(source.name, line, "This is JSON but no FHIR resource; it was left out.")
        self.files += 1
        yield from self._file_away(gatherer, whole)
