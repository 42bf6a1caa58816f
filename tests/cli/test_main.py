"""The command line as a whole: help with examples, exit statuses, sentences, a fast start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cmp_tui.cli import context
from cmp_tui.cli.main import COMMANDS, cli
from cmp_tui.ui.incident import incident
from tests.cli.conftest import Command
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]


def leaves(
    command: click.Command, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield words, command
        return
    ctx = click.Context(command)
    for name in command.list_commands(ctx):
        below = command.get_command(ctx, name)
        assert below is not None, name
        yield from leaves(below, (*words, name))


def test_every_command_has_a_help_with_an_example() -> None:
    found = list(leaves(cli))
    assert len(found) >= 20
    for words, command in found:
        text = command.get_help(click.Context(command, info_name=" ".join(words)))
        example = "cmp-tui " + " ".join(words)
        assert "Example" in text, words
        assert example in text, words
        assert command.help is not None
        first = command.help.splitlines()[0]
        assert first.endswith((".", ":")) or len(first) > 20, words


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS)])
def test_help_needs_no_file(cmp: Command, words: tuple[str, ...], practice: Path) -> None:
    practice.unlink()
    said = cmp(*words, "--help")
    assert (said.status, said.err) == (0, "")
    assert "Usage: " in said.out


def test_the_version(cmp: Command) -> None:
    said = cmp("--version")
    assert said.status == 0
    assert said.out.startswith("cmp-tui, version ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("quue",), ("queue", "--nonsense"), ("queue", "--limit", "0"), ("queue", "--limit", "x"),
        ("queue", "--day", "someday"), ("find",), ("log",), ("log", "T-1001", "--minutes", "-3"),
        ("log", "T-1001", "--outcome", "maybe"), ("log", "T-1001", "--at", "yesterday"), ("task", "add", "x"),
        ("task", "done", "4711"), ("timer",), ("timer", "start", "T-1001", "--ago", "9999"),
        ("audit", "verify", "--head", "nonsense"), ("audit", "show", "--mrn", "none"), ("settings", "retry_days"),
        ("settings", "retry_days", "soon"), ("staff", "add", "new"), ("staff", "add", "new", "--role", "king"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_status_2_with_a_sentence(cmp: Command, arguments: tuple[str, ...]) -> None:
    said = cmp(*arguments)
    assert said.status == 2
    assert said.out == "" or "Usage" in said.out
    assert "Error: " in said.err or "Usage" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "none"), "There is no patient with MRN none. Look with: cmp-tui find NAME"),
        (("queue", "--cover", "nobody"), "There is no view 'cover:nobody'."),
        (("timer", "stop"), "No timer runs. Start one with: cmp-tui timer start MRN"),
        (("task", "done", "01a20244-0000-7000-8000-000000000000"), "no longer there"),
        (("task", "add", "x", "--due", "fri", "--for", "nobody"), "There is no 'nobody' among the staff."),
        (("staff", "disable", "nobody"), "There is no 'nobody' among the staff."),
        (("staff", "disable", "dana"), "You can't disable yourself"),
        (("settings", "no_such", "1"), "There is no setting 'no_such'."),
        (("settings", "time_zone", "Mars/Olympus"), "is not a time zone"),
        (("log", "T-1001", "--mode", "drum"), "drum"),
        (("log", "T-1001", "--at", "2027-01-01T10:00"), "future"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_can_not_be_done_is_status_1_with_a_sentence(
    cmp: Command, arguments: tuple[str, ...], says: str
) -> None:
    said = cmp(*arguments)
    assert said.status == 1
    assert says in said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.strip().endswith((".", "NAME", "MRN", "list"))


def test_a_file_that_is_not_there_or_not_ours(cmp: Command, tmp_path: Path) -> None:
    said = cmp("--db", str(tmp_path / "none.cmp"), "queue")
    assert said.status == 1
    assert "Make one with: cmp-tui init" in said.err
    stranger = tmp_path / "letter.txt"
    stranger.write_text("Dear all, " * 500)
    said = cmp("--db", str(stranger), "queue")
    assert said.status == 1
    assert "is not a clinic file" in said.err
    assert stranger.read_text().startswith("Dear all")


def test_an_error_of_our_own_shows_no_values(cmp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise ValueError("Ruiz-Moreno")

    monkeypatch.setattr("cmp_tui.patients.queries.find_patients", broken)
    broken.__module__ = "cmp_tui.patients.queries"
    said = cmp("find", "ruiz")
    assert said.status == 1
    assert "error of its own" in said.err
    assert "Ruiz" not in said.err + said.out


def test_control_characters_of_people_do_not_reach_the_terminal(cmp: Command) -> None:
    said = cmp("show", "\x1b]0;owned\x07")
    assert said.status == 1
    assert "\x1b" not in said.err


def test_without_a_terminal_the_app_says_what_to_do(cmp: Command) -> None:
    said = cmp()
    assert said.status == 2
    assert "The app needs a terminal. In a script use its commands: cmp-tui --help" in said.err


def test_without_a_clinic_file_the_app_says_what_to_do(tmp_path: Path) -> None:
    env = {"CMP_TUI_DB": str(tmp_path / "none.cmp"), "PYTHONPATH": str(ROOT)}
    with Terminal.start([sys.executable, "-m", "cmp_tui.cli"], env=env) as terminal:
        assert terminal.wait_end() == 1
        said = terminal.text().replace("\n", "")
        assert "Make one with: cmp-tui init" in said
        assert "cmp-tui demo" in said


def test_a_wrong_settings_file_is_told(tmp_path: Path, practice: Path) -> None:
    (tmp_path / "config" / "cmp-tui").mkdir(parents=True)
    (tmp_path / "config" / "cmp-tui" / "settings.toml").write_text("theme = = 3")
    env = {"CMP_TUI_DB": str(practice), "XDG_CONFIG_HOME": str(tmp_path / "config"), "PYTHONPATH": str(ROOT)}
    with Terminal.start([sys.executable, "-m", "cmp_tui.cli"], env=env) as terminal:
        assert terminal.wait_end() == 1
        assert "settings.toml" in terminal.text()
        assert "Correct or remove it." in " ".join(terminal.text().split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",), ("queue",), ("find", "ruiz"), ("show", "T-1001"), ("timer", "status"), ("task", "list"),
        ("staff", "list"), ("audit", "show"), ("audit", "verify"), ("settings",), ("undo",),
        ("log", "T-1001", "--minutes", "3", "--next", "call", "--next-on", "fri"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_commands_start_without_the_screen_and_heavy_libraries(
    practice: Path, arguments: tuple[str, ...]
) -> None:
    code = (
        "import sys\n"
        "from cmp_tui.cli.context import fail_softly\n"
        "from cmp_tui.cli.main import cli\n"
        f"sys.argv = ['cmp-tui', *{list(arguments)!r}]\n"
        "status = fail_softly(cli)\n"
        "loaded = [name for name in ('textual', 'openpyxl') if name in sys.modules]\n"
        "sys.exit(f'loaded {loaded}' if loaded else status)\n"
    )
    env = {**os.environ, "CMP_TUI_DB": str(practice), "CMP_TUI_NOW": "2026-11-23T09:00"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_goes_away_is_no_error(practice: Path) -> None:
    env = {**os.environ, "CMP_TUI_DB": str(practice), "CMP_TUI_NOW": "2026-11-23T09:00"}
    script = f"'{sys.executable}' -m cmp_tui.cli staff rights | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def test_the_words_of_an_error_can_say_what_became_of_the_work() -> None:
    assert "in the drawer." in incident(ValueError("x"), "It lies in the drawer.")
    assert context.Session("x").path == Path("x")
