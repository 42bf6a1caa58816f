"""`python -m tests.bench [NAME ...] [--size tiny|small|full] [--readme]`: figures against a floor of the same run.

Never a pass or a fail: the exit status is 0 when everything could be measured. `--readme` prints the Markdown
table for the README on standard output.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.common import SIZES, Bench, Figure

NAMES = (
    "start",
    "step",
    "chart",
    "form",
    "search",
    "fhir",
    "caseload",
    "claims",
    "export",
    "month",
    "pipeline",
    "referrals",
    "queue",
    "eligibility",
    "plan",
    "risk",
    "interactions",
    "memory",
)
HEADS = ("work", "figure", "floor", "ratio", "bytes", "aim", "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all when left out: {', '.join(NAMES)}")
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--readme", action="store_true", help="print the table as Markdown")
    parser.add_argument("--fhir", type=Path, help="a folder of FHIR files to import instead of made ones")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    figures: list[Figure] = []
    failed = False
    with tempfile.TemporaryDirectory(prefix="cmp-tui-bench-") as folder:
        bench = Bench(SIZES[chosen.size], Path(folder), chosen.fhir)
        for name in chosen.names or NAMES:
            run = importlib.import_module(f"tests.bench.{name}").run
            try:
                for figure in run(bench):
                    figures.append(figure)
                    print(as_line(figure), file=sys.stderr if chosen.readme else sys.stdout, flush=True)
            except RuntimeError as error:
                failed = True
                print(f"{name} could not be measured: {error}", file=sys.stderr, flush=True)
    if chosen.readme:
        print(as_markdown(figures, chosen.size))
    return 1 if failed else 0


def as_line(figure: Figure) -> str:
    """A figure for people, in one line."""
    parts = [f"{figure.work}: {figure.figure}"]
    parts += [f"floor {figure.floor}"] if figure.floor != "–" else []
    parts += [text for text in (figure.ratio, figure.wrote) if text != "–"]
    parts += [f"aim {figure.aim}: {_verdict(figure)}"] if figure.aim != "–" else []
    return " · ".join(parts)


def as_markdown(figures: Sequence[Figure], size: str) -> str:
    """The table for the README."""
    shape = SIZES[size].shape
    day = datetime.now(UTC).date().isoformat()
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    lines = [
        f"Taken on {day}, {shape.patients:,} patients, {load}; again: `python -m tests.bench --size {size} --readme`.",
        "",
        f"| {' | '.join(HEADS)} |",
        "|" + "---|" * len(HEADS),
    ]
    for figure in figures:
        cells = (*figure[:-1], _verdict(figure))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _verdict(figure: Figure) -> str:
    return "" if figure.meets is None else "met" if figure.meets else "**falls short**"


if __name__ == "__main__":
    sys.exit(main())
