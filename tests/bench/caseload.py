"""`import caseload` of a long spreadsheet, CSV and XLSX, against reading the file with csv.reader and openpyxl."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.caseload_files import write_csv, write_xlsx
from tests.bench.common import Bench, Done, Figure, imported, median, ms, times


def run(bench: Bench) -> Iterator[Figure]:
    if not bench.knows("import", "caseload"):
        yield Figure("`import caseload`", "not there yet")
        return
    count = bench.size.caseload_rows
    for suffix, write, read, aim in (
        ("csv", write_csv, _read_csv, 6.0),
        ("xlsx", write_xlsx, _read_xlsx, 2.0),
    ):
        path = bench.folder / f"caseload.{suffix}"
        write(path, count)
        bring = Bring(bench, path)
        mine, floor = bench.repeat(bring, _timed(read, path), 3)
        yield Figure(
            f"`import caseload`, {count:,} rows, {suffix.upper()}",
            f"{ms(mine)} ({bring.said}, {bring.peak:.0f} MB at most)", ms(floor), times(mine, floor),
            aim=f"≤ {aim:g}×", meets=mine <= aim * floor,
        )  # fmt: skip
        seen = median(bring.preview() for _ in range(min(3, bench.size.runs)))
        yield Figure(f"… its preview alone, {suffix.upper()}", ms(seen), ms(floor), times(seen, floor))


class Bring:
    """Imports the file into one empty clinic after the other; keeps what was said, and the most memory."""

    def __init__(self, bench: Bench, path: Path) -> None:
        self._bench, self._path = bench, path
        self.said, self.peak = "", 0.0

    def __call__(self) -> float:
        seconds, done = self._run("--yes")
        self.said, self.peak = imported(done), max(self.peak, done.peak_mb)
        return seconds

    def preview(self) -> float:
        """Seconds of the same without importing anything."""
        return self._run()[0]

    def _run(self, *more: str) -> tuple[float, Done]:
        clinic = self._bench.empty_clinic()
        return self._bench.command(clinic, "import", "caseload", str(self._path), "--year", "2026", *more)


def _timed(read: Callable[[Path], None], path: Path) -> Callable[[], float]:
    def once() -> float:
        began = time.perf_counter()
        read(path)
        return time.perf_counter() - began

    return once


def _read_csv(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass


def _read_xlsx(path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    book.close()
