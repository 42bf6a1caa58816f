"""A file or folder without write permission: refused in a sentence, left as it is (row 14)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from cmp_tui.clinic.errors import Stopped
from tests.faults.common import Outcome, hurt_me, processes, reopened

CASES = ((0o400, 0o700), (0o440, 0o750), (0o444, 0o755), (0o600, 0o500), (0o400, 0o500), (0o000, 0o700))
NOBODY = 65534


def work(number: int, path: Path) -> dict[str, Any]:
    """Tries to open the file; as an ordinary person, also when the tests run as root."""
    modes = CASES[number % len(CASES)]
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    names = sorted(found.name for found in path.parent.iterdir())
    path.chmod(modes[0])
    path.parent.chmod(modes[1])
    if os.getuid() == 0 and number >= len(CASES):
        os.chown(path, NOBODY, NOBODY)
        os.chown(path.parent, NOBODY, NOBODY)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    says = ""
    try:
        reopened(path)
    except Stopped as stopped:
        says = str(stopped)
    path.parent.chmod(0o700)
    path.chmod(0o600)
    same = before == hashlib.sha256(path.read_bytes()).hexdigest()
    same = same and names == sorted(found.name for found in path.parent.iterdir())
    refused = "read-only for you" in says or "can't be" in says
    return {
        "refused": refused,
        "same": same,
        "errors": 0,
        "error": "" if refused and same else says or "opened",
    }


def run(trials: int = 2 * len(CASES)) -> Outcome:
    reports = []
    for number in range(trials):
        with hurt_me() as path:
            path.parent.chmod(0o755)
            reports += processes(_numbered, 1, number, path)
    figures = {
        "trials": trials,
        "refused": sum(report.get("refused", False) for report in reports),
        "left_as_it_was": sum(report.get("same", False) for report in reports),
        "tracebacks": sum(report["errors"] for report in reports),
        "error": next((report["error"] for report in reports if report["error"]), ""),
    }
    held = figures["refused"] == figures["left_as_it_was"] == trials and figures["tracebacks"] == 0
    return Outcome(held, figures)


def _numbered(_: int, number: int, path: Path) -> dict[str, Any]:
    return work(number, path)
