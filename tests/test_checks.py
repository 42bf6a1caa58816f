"""The project's other checks, as tests: so that one command runs everything.

Style, types, the floors of the house, and the wheel: built, installed in a clean environment and started there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.terminal import Terminal

ROOT = Path(__file__).parents[1]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

pytestmark = [pytest.mark.checks, pytest.mark.timeout(600)]


def passes(command: Sequence[str], cwd: Path = ROOT, timeout: float = 600) -> str:
    """Runs a command that must succeed; returns what it printed."""
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHONPATH"))
    }
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_ruff() -> None:
    passes([sys.executable, "-m", "ruff", "check", "cmp_tui", "tests", "data"])


def test_mypy() -> None:
    passes([sys.executable, "-m", "mypy"])


def test_the_floors() -> None:
    passes([sys.executable, "-c", LINT_IMPORTS])


def test_ci_runs_exactly_the_command_of_the_readme() -> None:
    commands = [
        line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if "pytest -n" in line
    ]
    assert [line.strip() for line in commands] == [
        "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/pytest -n auto"
    ]
    assert "grep 'pytest -n' README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


# -- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    passes([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)])
    [found] = folder.glob("*.whl")
    return found


def shipped(*folders: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_program_its_data_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {
        name.replace("data/", "cmp_tui/_data/", 1).replace("themes/", "cmp_tui/_themes/", 1)
        if name.startswith(("data/", "themes/"))
        else name
        for name in shipped("cmp_tui", "data", "themes")
    }
    assert names == wanted


def test_the_wheel_starts_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    passes([sys.executable, "-m", "venv", str(tmp_path / "venv")])
    python, program = (str(tmp_path / "venv" / "bin" / name) for name in ("python", "cmp-tui"))
    passes([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)])
    passes([python, "-m", "pip", "check"])
    where = passes([python, "-c", "import cmp_tui; print(cmp_tui.__file__)"], cwd=tmp_path)
    assert where.startswith(str(tmp_path / "venv"))
    assert "Usage: cmp-tui" in passes([program, "--help"], cwd=tmp_path)
    database = str(tmp_path / "demo.cmp")
    passes([program, "--db", database, "demo", "--no-app"], cwd=tmp_path)
    assert passes([program, "--db", database, "queue"], cwd=tmp_path).count("\n") >= 8
    with Terminal.start([program, "--db", database], columns=120, rows=36, cwd=tmp_path) as terminal:
        terminal.wait("Today")
        terminal.press("ctrl+q")
        assert terminal.wait_end() == 0
