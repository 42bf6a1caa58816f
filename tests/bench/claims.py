"""`import claims` of many lines, preview included, against reading the same files with csv.reader."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator

from tests.bench.claim_files import write_claims
from tests.bench.common import Bench, Figure, imported, ms, times

LINES_PER_ROW = 5
"""Lines of claims for each row of the caseload's benchmark: 100,000 in all but the tiny size."""


def run(bench: Bench) -> Iterator[Figure]:
    lines = bench.size.caseload_rows * LINES_PER_ROW
    folder = bench.folder / "claims"
    bench.tell(f"writing {lines:,} lines of claims ...")
    write_claims(folder, lines)
    said, peak = "", 0.0

    def bring(*more: str) -> float:
        nonlocal said, peak
        seconds, done = bench.command(bench.empty_clinic(), "import", "claims", str(folder), *more)
        if more:
            said, peak = imported(done), max(peak, done.peak_mb)
        return seconds

    def read() -> float:
        began = time.perf_counter()
        for path in sorted(folder.iterdir()):
            with path.open(newline="", encoding="utf-8") as file:
                for _ in csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE):
                    pass
        return time.perf_counter() - began

    mine, floor = bench.repeat(lambda: bring("--yes"), read, 3)
    yield Figure(
        f"`import claims`, {lines:,} lines", f"{ms(mine)} ({said}, {peak:.0f} MB at most)", ms(floor),
        times(mine, floor),
    )  # fmt: skip
    seen, floor = bench.repeat(bring, read, 3)
    yield Figure(
        "… its preview alone", ms(seen), ms(floor), times(seen, floor), aim="≤ 6×", meets=seen <= 6 * floor
    )
