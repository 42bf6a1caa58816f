"""The list of what was wrong in the input, kept short."""

from __future__ import annotations

from collections import Counter

from cmp_tui.exchange.fhir.records import Problem

MORE = "{:,} more problems in this file are not listed."
EACH_FILE = 100  # a file with a hundred faults has one cause


class Problems:
    """Collects problems; of one file at most EACH_FILE, the rest is counted."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._seen: Counter[str] = Counter()
        self._lost: set[str] = set()  # files that lost something beyond what is kept

    def add(self, file: str, line: int | None, sentence: str, *, lost: bool = True) -> None:
        """Notes one problem. The sentence holds no patient's data."""
        self._seen[file] += 1
        if self._seen[file] <= EACH_FILE:
            self._kept.append(Problem(file, line, sentence, lost))
        elif lost:
            self._lost.add(file)

    def all(self) -> list[Problem]:
        """Every problem that was kept, and one for each file that had more."""
        more = [
            Problem(file, None, MORE.format(seen - EACH_FILE), file in self._lost)
            for file, seen in self._seen.items()
            if seen > EACH_FILE
        ]
        return self._kept + more
