"""The benchmarks run at their smallest size and give figures; how fast it was is no test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.bench.fhir_bundles import Bundle
from tests.bench.names import Name, People

ROOT = Path(__file__).parents[2]
CHEAP = ("fhir", "export", "form", "interactions")


def test_the_cheap_ones_give_figures(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *CHEAP, "--size", "tiny", "--readme"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split("|")[1:-1] for line in done.stdout.splitlines() if line.startswith("|")]
    assert {len(row) for row in rows} == {7}
    works = [row[0] for row in rows]
    for start in (" `import fhir`", " `export time-log`, 2,000 entries", " open the contact form, first"):
        assert any(work.startswith(start) for work in works), works
    figures = [row[1].strip() for row in rows[2:]]
    assert all(any(letter.isdigit() for letter in figure) for figure in figures), figures


@pytest.mark.parametrize("sex", ["F", "M"])
def test_names_are_the_same_for_the_same_seed(sex: str) -> None:
    def drawn() -> list[Name]:
        people, rng = People(), Random(3)
        return [people.one(rng, sex) for _ in range(50)]

    assert drawn() == drawn()
    assert len(set(drawn())) > 1


def test_a_bundle_is_the_same_for_the_same_seed() -> None:
    people = People()
    assert Bundle(Random(5), 1, people).whole() == Bundle(Random(5), 1, people).whole()
