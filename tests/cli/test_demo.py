"""The command demo: where the practice file lies, when it is made anew, and what it never touches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cmp_tui.cli.context import Session
from cmp_tui.cli.main import cli
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.clinic.records import Table
from cmp_tui.clinic.staff import settings_list
from cmp_tui.exchange.demo.actions import open_demo
from cmp_tui.exchange.demo.queries import DemoState, demo_state
from cmp_tui.patients.queries import patient_count
from cmp_tui.tables import TABLES
from cmp_tui.tasks.actions import add_task

Demo = Callable[..., Result]
MONDAY, TUESDAY = "2026-11-23T09:00", "2026-11-24T09:00"


def _small(path: Path, tables: Sequence[type[Table]], now: datetime, *, seed: int = 7) -> None:
    """A practice clinic without people, made at once."""
    clinic = make_clinic(
        path,
        tables,
        admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
        settings={"name": "Small", "practice": True},
        clock=FrozenClock(now),
        os_name="dana",
    )
    clinic.run(open_demo, "dana", seed)
    clinic.close_here()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "demo.cmp"


@pytest.fixture
def demo(path: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    """Runs `cmp-tui --db PATH demo ...` at a moment; making is quick, and without people."""
    monkeypatch.setattr("cmp_tui.exchange.demo.keeping.make_demo_clinic", _small)

    def run(*args: str, at: str = MONDAY, app: bool = False) -> Result:
        monkeypatch.setenv("CMP_TUI_NOW", at)
        wanted = [] if app else ["--no-app"]
        return CliRunner().invoke(cli, ["--db", str(path), "demo", *wanted, *args])

    return run


def _state(path: Path) -> DemoState:
    clinic = open_clinic(path, TABLES)
    try:
        state = clinic.read(demo_state)
        assert state is not None
        return state
    finally:
        clinic.close_here()


def _work(path: Path) -> None:
    clinic = open_clinic(path, TABLES)
    clinic.run(add_task, title="typed by hand", due=clinic.clock.now().date())
    clinic.close_here()


def test_it_is_made_once_for_a_day(demo: Demo, path: Path) -> None:
    first = demo()
    assert first.exit_code == 0, first.output
    assert "Made a practice clinic" in first.output and str(path) in first.output
    made = path.stat().st_ino
    again = demo(at="2026-11-23T17:00")
    assert again.exit_code == 0 and "Made" not in again.output
    assert path.stat().st_ino == made
    assert [entry.name for entry in path.parent.iterdir()] == ["demo.cmp"]


@pytest.mark.parametrize("at", [TUESDAY, "2026-11-22T09:00", "2026-11-23T08:00"])
def test_one_of_another_day_is_made_anew(demo: Demo, path: Path, at: str) -> None:
    demo()
    result = demo(at=at)
    assert "nobody has worked in it since; it is made anew" in result.output
    assert _state(path).at == datetime.fromisoformat(f"{at}-06:00")


def test_looking_at_it_is_no_work(demo: Demo, path: Path) -> None:
    demo()
    clinic = open_clinic(path, TABLES)
    clinic.look("list", what="caseload")
    clinic.close_here()
    assert "it is made anew" in demo(at=TUESDAY).output


def test_one_in_which_someone_worked_stays(demo: Demo, path: Path) -> None:
    demo()
    _work(path)
    result = demo(at=TUESDAY)
    assert result.exit_code == 0
    assert "Mon 23 Nov 2026" in result.output and "it stays" in result.output
    assert _state(path).touched


def test_a_draft_is_work_too(demo: Demo, path: Path) -> None:
    demo()
    clinic = open_clinic(path, TABLES, clock=FrozenClock(datetime.fromisoformat("2026-11-23T10:00-06:00")))
    clinic.keep("draft", "contact|||", {"form": "contact"})
    clinic.close_here()
    assert "it stays" in demo(at=TUESDAY).output


def test_fresh_starts_over(demo: Demo, path: Path) -> None:
    demo()
    _work(path)
    result = demo("--fresh", at=TUESDAY)
    assert "Made a practice clinic" in result.output
    assert not _state(path).touched


def test_the_seed_is_kept_and_can_be_another(demo: Demo, path: Path) -> None:
    demo("--seed", "3")
    assert _state(path).seed == 3
    demo(at=TUESDAY)
    assert _state(path).seed == 3
    assert "made anew with seed 4" in demo("--seed", "4", at=TUESDAY).output
    assert _state(path).seed == 4


@pytest.mark.parametrize("fresh", [[], ["--fresh"]])
@pytest.mark.parametrize("owner", ["me", "someone-else"])
def test_a_real_clinic_is_never_touched(
    demo: Demo, path: Path, fresh: list[str], owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_clinic(
        path,
        TABLES,
        admin={"username": "real", "name": "Real Person", "credential": "RN"},
        settings={"name": "Real"},
        os_name=None if owner == "me" else owner,
    ).close_here()
    before = path.read_bytes()
    result = demo(*fresh)
    assert isinstance(result.exception, Stopped)
    assert "is a real clinic file" in str(result.exception)
    assert path.read_bytes() == before


def test_another_file_is_never_touched(demo: Demo, path: Path) -> None:
    path.write_text("dear diary", encoding="utf-8")
    path.chmod(0o600)
    result = demo("--fresh")
    assert isinstance(result.exception, Stopped)
    assert path.read_text(encoding="utf-8") == "dear diary"


def test_one_that_is_open_is_not_replaced(demo: Demo, path: Path) -> None:
    demo()
    clinic = open_clinic(path, TABLES)
    clinic.read(settings_list)
    try:
        result = demo("--fresh")
        assert isinstance(result.exception, Stopped)
        assert "is open in another program" in str(result.exception)
        assert [entry.name for entry in path.parent.iterdir() if entry.name.endswith(".new")] == []
    finally:
        clinic.close_here()
    assert demo("--fresh").exit_code == 0


def test_the_app_opens_on_it(demo: Demo, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[Path, dict[str, Any]]] = []

    def run_app(session: Session, **options: Any) -> None:
        assert session.clinic.read(settings_list).practice
        opened.append((session.path, options))
        session.close()

    monkeypatch.setattr("cmp_tui.cli.run.run_app", run_app)
    result = demo(app=True)
    assert result.exit_code == 0, result.output
    assert opened == [(path, {"mouse": True, "theme": None})]


def test_without_a_path_it_lies_beside_the_real_file(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clinic: Clinic
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CMP_TUI_DB", str(clinic.path))
    monkeypatch.setenv("CMP_TUI_NOW", MONDAY)
    result = CliRunner().invoke(cli, ["demo", "--no-app"])
    assert result.exit_code == 0, result.output
    (made,) = tmp_path.rglob("demo.cmp")
    assert str(made) in result.output
    assert clinic.read(patient_count) == 0
