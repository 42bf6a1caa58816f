"""The whole command line on a practice file that stands at Monday 23 November 2026, 9:00."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cmp_tui.cli.context import fail_softly
from cmp_tui.cli.main import cli
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import make_clinic
from cmp_tui.patients.actions import add_patient
from cmp_tui.tables import TABLES

NOW = "2026-11-23T09:00"


class Said(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


Command = Callable[..., Said]


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A practice file that opens as Dana Ruiz, RN, with one patient (T-1, Ana Ruiz-Moreno)."""
    path = tmp_path / "practice.cmp"
    clinic: Clinic = make_clinic(
        path,
        TABLES,
        admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
        settings={
            "name": "Lakeside", "time_zone": "America/Chicago", "practice": True, "practice_person": "dana",
        },
        clock=FrozenClock(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),
        os_name="dana",
    )  # fmt: skip
    clinic.run(
        add_patient,
        family="Ruiz-Moreno",
        given="Ana",
        birth_date="1948-02-11",
        phone="5125550133",
        mrn="T-1001",
    )
    clinic.close_here()
    return path


@pytest.fixture
def cmp(practice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `cmp-tui ARGUMENTS` in this process, as main() does."""

    def run(*arguments: str, stdin: str = "", at: str = NOW) -> Said:
        monkeypatch.setenv("CMP_TUI_DB", str(practice))
        monkeypatch.setenv("CMP_TUI_NOW", at)
        monkeypatch.setattr(sys, "argv", ["cmp-tui", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        try:
            status = fail_softly(cli)
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run
