"""The demo clinic, made once for each test process; tests work on copies."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cmp_tui.exchange.demo.making import make_demo_clinic
from cmp_tui.tables import TABLES
from tests.terminal import Terminal

NOW = "2026-11-23T09:00"
"""Monday 23 November 2026, 9:00 in the clinic's time."""

Start = Callable[..., Terminal]


@pytest.fixture(scope="session")
def demo_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo clinic as it stands at NOW, made once and closed."""
    path = tmp_path_factory.mktemp("demo") / "demo.cmp"
    make_demo_clinic(path, TABLES, datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return path


@pytest.fixture
def demo(demo_once: Path, tmp_path: Path) -> Path:
    """A copy of the demo clinic."""
    path = tmp_path / "demo.cmp"
    shutil.copyfile(demo_once, path)
    path.chmod(0o600)
    return path


@pytest.fixture
def program(demo: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts the real program on the demo clinic, in a terminal of its own; all are closed at the end."""
    opened: list[Terminal] = []

    def start(columns: int = 120, rows: int = 36, *arguments: str) -> Terminal:
        env = {"CMP_TUI_NOW": NOW, "CMP_TUI_DB": str(demo), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        command = [sys.executable, "-m", "cmp_tui.cli", *arguments]
        terminal = Terminal.start(command, columns=columns, rows=rows, env=env)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()
