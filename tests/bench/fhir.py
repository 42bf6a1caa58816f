"""`import fhir` as a command, preview included, against json.loads of the same bytes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from tests.bench.common import Bench, Figure, imported, ms, times
from tests.bench.fhir_bundles import write_bundles


def run(bench: Bench) -> Iterator[Figure]:
    folder = bench.fhir
    if folder is None:
        folder = bench.folder / "fhir"
        folder.mkdir()
        bench.tell(f"writing {bench.size.fhir_mb} MB of FHIR bundles ...")
        write_bundles(folder, bench.size.fhir_mb)
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".ndjson"))
    size = sum(path.stat().st_size for path in files)

    def load() -> float:
        spent = 0.0
        for path in files:
            data = path.read_bytes()
            began = time.perf_counter()
            if path.suffix == ".ndjson":
                for line in data.splitlines():
                    json.loads(line)
            else:
                json.loads(data)
            spent += time.perf_counter() - began
        return spent

    said = ""

    def bring() -> float:
        nonlocal said
        clinic = bench.empty_clinic()
        seconds, done = bench.command(clinic, "import", "fhir", str(folder), "--yes")
        said = imported(done)
        return seconds

    mine, floor = bench.repeat(bring, load)
    yield Figure(
        f"`import fhir`, {len(files)} files, {size / 1e6:.0f} MB", f"{ms(mine)} ({said})", ms(floor),
        times(mine, floor), aim="≤ 3×", meets=mine <= 3 * floor,
    )  # fmt: skip
