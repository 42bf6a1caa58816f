"""The short form of each fault test, as a program of its own: no connection of the tests' process is near it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.__main__ import NAMES, _others

ROOT = Path(__file__).parents[2]
SMALL = {
    "badbytes": ("--seeds", "1"),
    "corrupt": ("--trials", "60"),
    "escapes": ("--corpus", "50", "--bundles", "6"),
    "fuzz_csv": ("--files", "20", "--books", "12"),
    "fuzz_fhir": ("--n", "40"),
    "kills": ("--kills", "16"),
    "resize": ("--n", "250"),
    "clockjump": ("--jumps", "40", "--files", "1"),
    "overlaps": ("--entries", "80", "--files", "1"),
    "timer_left": ("--timers", "12", "--files", "1"),
}
"""Sizes of those whose usual ones take long."""


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [*NAMES, *_others()])
def test_it_holds(name: str, record_property: Callable[[str, object], None]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", name, *SMALL.get(name, ())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    record_property("figures", done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["held"] is True
