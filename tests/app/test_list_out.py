"""Taking a list out: any list, as it is shown, as CSV or as a workbook, by key and on the command line."""

from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from cmp_tui.chart.panels import PANELS
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.files.digest import sha256_of
from cmp_tui.patients.actions import add_patient
from cmp_tui.tasks.actions import add_task
from cmp_tui.ui.page import PlainPage
from tests.app.driving import Driver, driving
from tests.conftest import AsUser


@pytest.fixture(autouse=True)
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "cmp-tui" / "outbox"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def last_export(clinic: Clinic) -> Any:
    return next(one for one in clinic.read(audit_page) if one.action == "look.export")


async def name_it(driver: Driver, name: str) -> None:
    """Types another name into the form that is open."""
    await driver.press("ctrl+u", f"'{name}'", "enter")


async def test_the_caseload_as_it_is_filtered_and_sorted(
    clinic: Clinic, people: dict[str, bytes], outbox: Path
) -> None:
    async with driving(clinic) as driver:
        await driver.press("2", "f", "'age:>70'", "enter", "s", "s", "X")
        assert driver.value("file") == "caseload-2026-11-23.csv"
        assert "age:>70" in driver.text
        await driver.press("enter")
        assert isinstance(driver.app.screen, PlainPage)
        assert "scp" in driver.text
        await driver.press("escape")
        assert "4 rows" in driver.notice
    path = outbox / "caseload-2026-11-23.csv"
    rows = table(path)
    assert {row["patient"] for row in rows} == {"Ruiz-Moreno, Ana", "Tran, Linh", "Weiss, Ruth", "田中, 健"}
    minutes = [int(row["minutes"]) for row in rows]
    assert minutes == sorted(minutes, reverse=True)
    ana = next(row for row in rows if row["patient"].startswith("Ruiz"))
    assert (ana["MRN"], ana["age"], ana["sex"], ana["minutes"]) == ("L-1001", "78", "F", "12")
    assert ana["reached"] == "2026-11-20"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(outbox.stat().st_mode) == 0o700
    facts = last_export(clinic).facts
    assert (facts["what"], facts["list"], facts["rows"]) == ("list", "Caseload", 4)
    assert facts["sha256"] == sha256_of(path)


async def test_a_workbook_has_days_and_numbers(
    clinic: Clinic, people: dict[str, bytes], outbox: Path
) -> None:
    async with driving(clinic) as driver:
        await driver.press("X")
        await name_it(driver, "mine.xlsx")
        await driver.press("escape", "X")
        assert driver.value("file") == "today-2026-11-23.xlsx"  # as last time
    sheet = openpyxl.load_workbook(outbox / "mine.xlsx")["Today"]
    heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert heads == ["due", "patient", "MRN", "age", "sex", "why", "minutes"]
    james = next(row for row in rows if row[1] == "Okafor, James")
    assert james[0].date() == date(2026, 11, 20)
    assert isinstance(james[3], int)
    assert isinstance(james[6], int)


async def test_all_rows_and_not_the_page(clinic: Clinic, outbox: Path) -> None:
    for number in range(230):
        clinic.run(add_patient, family=f"Family{number:03}", given="Given", mrn=f"M{number:03}")
    async with driving(clinic, size=(80, 24)) as driver:
        await driver.press("2", "X", "enter")
    rows = table(outbox / "caseload-2026-11-23.csv")
    assert [row["MRN"] for row in rows] == [f"M{number:03}" for number in range(230)]


async def test_masked_names_stay_masked(clinic: Clinic, people: dict[str, bytes], outbox: Path) -> None:
    async with driving(clinic) as driver:
        await driver.press("2", "exclamation_mark", "X", "enter")
    text = (outbox / "caseload-2026-11-23.csv").read_text(encoding="utf-8")
    assert "R… A…" in text
    assert not any(word in text for word in ("Moreno", "Okafor", "L-1001"))


async def test_a_formula_is_only_text(clinic: Clinic, outbox: Path) -> None:
    clinic.run(add_task, title="=HYPERLINK(1)", due=date(2026, 11, 23))
    async with driving(clinic) as driver:
        await driver.press("X", "enter")
    (row,) = table(outbox / "today-2026-11-23.csv")
    assert row["why"].startswith("'=HYPERLINK")
    assert row["patient"] == ""


@pytest.mark.parametrize(
    ("panel", "name", "column", "value"),
    [
        ("summary", "summary", "words", "Ruiz"),
        ("calls", "calls-time", "minutes", "12"),
        ("tasks", "tasks", "what", "weigh her"),
        ("history", "history", "who", "Dana Ruiz"),
    ],
)
async def test_the_lists_of_a_chart_say_whose_they_are(
    clinic: Clinic,
    people: dict[str, bytes],
    outbox: Path,
    panel: str,
    name: str,
    column: str,
    value: str,
) -> None:
    place = [one.name for one in PANELS].index(panel)
    async with driving(clinic) as driver:
        await driver.press("2", "slash", "'ruiz'", "enter", *["right"] * place, "X", "enter")
    rows = table(outbox / f"{name}-2026-11-23.csv")
    assert {(row["patient"], row["MRN"], row["born"]) for row in rows} == {
        ("Ruiz-Moreno, Ana", "L-1001", "1948-02-11")
    }
    assert any(value in row[column] for row in rows)
    assert last_export(clinic).patient == people["Ruiz-Moreno"]


async def test_the_answers_of_a_search(clinic: Clinic, people: dict[str, bytes], outbox: Path) -> None:
    async with driving(clinic) as driver:
        await driver.press("slash", "'tran'", "ctrl+s")
        assert driver.value("file") == "search-2026-11-23.csv"
        await driver.press("enter")
    assert table(outbox / "search-2026-11-23.csv")[0]["patient"] == "Tran, Linh"


async def test_the_day_review(clinic: Clinic, people: dict[str, bytes], outbox: Path) -> None:
    async with driving(clinic) as driver:
        await driver.press("r", "left", "left", "left", "X", "enter")
    rows = table(outbox / "day-review-2026-11-23.csv")
    linh = next(row for row in rows if row["patient"] == "Tran, Linh" and row["minutes"])
    assert (linh["from"], linh["to"], linh["minutes"]) == ("09:43:00", "10:00:00", "17")


async def test_what_is_wrong_with_a_name_is_said_beside_it(
    clinic: Clinic, people: dict[str, bytes], outbox: Path, tmp_path: Path
) -> None:
    async with driving(clinic) as driver:
        await driver.press("X")
        for name, sentence in (
            ("list.pdf", "End the name with .csv"),
            (f"{tmp_path}/nowhere/list.csv", "There is no folder"),
        ):
            await name_it(driver, name)
            assert sentence in driver.text
        await name_it(driver, "list")
        await driver.press("escape", "X")
        await name_it(driver, "list.csv")
        assert "There is a file of this name already" in driver.text
        await driver.press("escape")
        assert driver.notice == "No file was written."
    assert [path.name for path in outbox.iterdir()] == ["list.csv"]


async def test_who_may_not_export_is_told(as_user: AsUser, people: dict[str, bytes], outbox: Path) -> None:
    async with driving(as_user("otto")) as driver:
        await driver.press("w", "X")
        assert driver.form is None
        assert "do not allow: export" in driver.notice
    assert not outbox.exists()


async def test_an_empty_list_is_no_file(clinic: Clinic) -> None:
    async with driving(clinic) as driver:
        await driver.press("X")
        assert driver.form is None
        assert "no rows" in driver.notice


async def test_what_cannot_be_logged_does_not_leave(
    clinic: Clinic, people: dict[str, bytes], outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmp_tui.clinic.errors import Stopped

    def full(kind: str, patient: bytes | None = None, **facts: object) -> None:
        raise Stopped("The disk is full.")

    async with driving(clinic) as driver:
        await driver.press("X")
        monkeypatch.setattr(clinic, "look", full)
        await driver.press("enter")
        monkeypatch.undo()
        assert "The disk is full." in driver.notice
    assert list(outbox.iterdir()) == []


# -- the command


def export(*args: str) -> Any:
    from cmp_tui.cli.main import cli

    return CliRunner().invoke(cli, ["export", "list", *args])


def test_the_command_writes_the_same_caseload(
    clinic: Clinic, people: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cmp_tui.cli.context.Session.clinic", clinic)
    path = tmp_path / "list.csv"
    done = export("caseload", "--filter", "age:>70", "--sort", "-minutes", "-o", str(path))
    assert (done.exit_code, "4 rows" in done.output) == (0, True), done.output
    rows = table(path)
    assert list(rows[0]) == [
        *("patient", "MRN", "age", "sex", "program", "conditions", "risk tier", "next due", "reached"),
        *("care manager", "minutes"),
    ]
    assert rows[0]["minutes"] == "17"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert last_export(clinic).facts["sha256"] == sha256_of(path)


def test_the_command_writes_today(
    clinic: Clinic, people: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cmp_tui.cli.context.Session.clinic", clinic)
    path = tmp_path / "today.csv"
    assert export("today", "--view", "team", "-o", str(path)).exit_code == 0
    assert "weigh her" in path.read_text(encoding="utf-8")
    assert export("today", "--filter", "age:>70", "-o", str(path)).exit_code == 2
    assert export("caseload", "--sort", "shoe", "-o", str(path)).exit_code == 2
    assert export("caseload", "-o", str(tmp_path / "list.pdf")).exit_code == 2
