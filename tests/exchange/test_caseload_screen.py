"""A spreadsheet comes in by keys: the file, its columns, every row, one import, one undo."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.exchange.caseload.kept import KIND, Chosen
from cmp_tui.exchange.caseload.paths import offers, split, whole
from cmp_tui.exchange.caseload.preview_rows import PreviewRow
from cmp_tui.exchange.caseload.screen import ImportScreen
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.model import Patient
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.page import PlainPage
from cmp_tui.ui.picker import PickScreen
from cmp_tui.ui.table import WindowTable
from tests.app.driving import SIZES, Driver, driving
from tests.conftest import AsUser
from tests.snapshots import same_as_kept, screen_text

HEADS = ("MRN", "Name", "DOB", "Phone", "Jan", "Feb", "Keeps bees")
ROWS = (
    ("L-1", "Bell, Tom", "4/4/1960", "(512) 555-0111", "22", "", ""),
    ("N-2", "Newman, Paula", "3/14/1950", "", "20", "21", "yes, two hives"),
    ("", "Okafore, James", "3/1/1958", "", "12", "", ""),
    ("N-4", "Doe, John", "13/45/1950", "", "", "abc", ""),
    ("", "Total", "", "", "54", "21", ""),
)


@pytest.fixture
def here(clinic: Clinic) -> Clinic:
    """Two patients whom the sheet knows."""
    clinic.run(add_patient, family="Bell", given="Tom", birth_date="1960-04-04", mrn="L-1")
    clinic.run(add_patient, family="Okafor", given="James", birth_date="1958-03-01", mrn="L-2")
    return clinic


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    path = folder / "tracker.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows((HEADS, *ROWS))
    return path


@asynccontextmanager
async def at_columns(clinic: Clinic, path: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Driver]:
    """The program with the file read."""
    async with driving(clinic, size=size) as driver:
        await driver.press("I")
        screen(driver).type_path(str(path))
        await driver.press("enter")
        await until(driver, lambda: screen(driver).step == "columns")
        yield driver


@asynccontextmanager
async def at_rows(clinic: Clinic, path: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Driver]:
    """The program with the rows worked out, their months of 2026."""
    async with at_columns(clinic, path, size) as driver:
        await to_rows(driver)
        yield driver


async def to_rows(driver: Driver) -> None:
    await driver.press("ctrl+s")
    assert driver.value("year") == 2026
    await driver.press("enter")
    await until(driver, lambda: screen(driver).step == "rows" and not screen(driver).doing)


async def until(driver: Driver, done: Any) -> None:
    for _ in range(300):
        await driver.settle()
        if done():
            return
    raise AssertionError(f"that does not happen: {driver.text}")


def screen(driver: Driver) -> ImportScreen:
    board = driver.board
    assert isinstance(board, ImportScreen)
    return board


def rows(driver: Driver) -> dict[int, PreviewRow]:
    return {row.number: row for row in screen(driver).work.rows}


def mrns(clinic: Clinic) -> list[str]:
    return clinic.read(lambda scope: sorted(row.mrn for row in Patient.live(Patient.mrn)))


# -- the way through


@pytest.mark.parametrize("size", SIZES)
async def test_a_tracker_comes_in_and_goes_again(here: Clinic, tracker: Path, size: tuple[int, int]) -> None:
    async with at_rows(here, tracker, size) as driver:
        states = {number: row.state for number, row in rows(driver).items()}
        assert states == {2: "changed", 3: "new", 4: "skipped", 5: "refused", 6: "skipped"}
        assert "1 to decide" in driver.title
        await driver.press("m")
        await until(driver, lambda: rows(driver)[4].state == "changed")
        assert "to decide" not in driver.title
        assert mrns(here) == ["L-1", "L-2"]
        await driver.press("ctrl+s")
        assert "Import 1 new, 2 changed?" in driver.notice
        await driver.press("enter")
        await until(driver, lambda: driver.app.current_mode == "caseload")
        assert "Imported: 1 new patient" in driver.notice
        assert mrns(here) == ["L-1", "L-2", "N-2"]
        await driver.press("u", "enter")
        assert mrns(here) == ["L-1", "L-2"]


async def test_nothing_is_written_before_the_question_is_answered(here: Clinic, tracker: Path) -> None:
    async with at_rows(here, tracker) as driver:
        await driver.press("ctrl+s", "escape")
        assert driver.notice == "Nothing was imported."
        assert mrns(here) == ["L-1", "L-2"]
        assert screen(driver).step == "rows"


async def test_a_column_is_corrected_from_a_list(here: Clinic, tracker: Path) -> None:
    async with at_columns(here, tracker) as driver:
        table = driver.board.query_one("#columns", WindowTable)
        assert [row.meaning for row in screen(driver).work.mapping.columns] == [  # type: ignore[union-attr]
            *("mrn", "name", "birth_date", "phone", "minutes", "minutes", "note")
        ]
        await driver.press("G", "enter")
        assert isinstance(driver.app.screen, PickScreen)
        assert "yes, two hives" in driver.text
        await driver.press("'best'", "enter")
        assert (table.row.meaning, table.row.how) == ("best_time", "said")
        await to_rows(driver)
        assert rows(driver)[3].plan is not None
        assert rows(driver)[3].plan.values["best_time"] == "yes, two hives"  # type: ignore[union-attr]


async def test_columns_are_as_last_time(here: Clinic, tracker: Path) -> None:
    async with at_columns(here, tracker) as driver:
        await driver.press("G", "enter", "'left out'", "enter")
        await to_rows(driver)
        await driver.press("ctrl+s", "enter")
        await until(driver, lambda: driver.app.current_mode == "caseload")
    async with at_columns(here, tracker) as driver:
        assert "as last time" in driver.title
        assert screen(driver).work.mapping.columns[-1].meaning == "ignore"  # type: ignore[union-attr]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_its_screens(here: Clinic, tracker: Path, size: tuple[int, int]) -> None:
    shape = f"{size[0]}x{size[1]}"
    async with at_columns(here, tracker, size) as driver:
        driver.board.query_one(Notice).clear()
        same_as_kept(f"import-columns-{shape}", screen_text(driver.app))
        await driver.press("enter")
        same_as_kept(f"import-meaning-{shape}", screen_text(driver.app))
        await driver.press("escape")
        await to_rows(driver)
        while screen(driver).show_only != "":
            await driver.press("f")
        same_as_kept(f"import-rows-{shape}", screen_text(driver.app))


# -- decisions


@pytest.mark.parametrize(("key", "state"), [("m", "changed"), ("n", "new")])
async def test_who_looks_alike_is_decided(here: Clinic, tracker: Path, key: str, state: str) -> None:
    async with at_rows(here, tracker) as driver:
        assert "Okafor, James" in driver.text
        await driver.press(key)
        await until(driver, lambda: rows(driver)[4].state == state)


async def test_a_row_is_left_out_and_taken_back(here: Clinic, tracker: Path) -> None:
    async with at_rows(here, tracker) as driver:
        await driver.press("f", "f", "f")  # all, to decide …
        while screen(driver).show_only != "new":
            await driver.press("f")
        assert driver.board.query_one("#rows", WindowTable).row.name == "Newman, Paula"
        await driver.press("x")
        await until(driver, lambda: rows(driver)[3].state == "skipped")
        while screen(driver).show_only != "":
            await driver.press("f")
        await driver.press("g", "j", "x")
        await until(driver, lambda: rows(driver)[3].state == "new")


async def test_the_whole_of_a_row(here: Clinic, tracker: Path) -> None:
    async with at_rows(here, tracker, (80, 24)) as driver:
        while screen(driver).show_only != "new":
            await driver.press("f")
        await driver.press("enter")
        assert isinstance(driver.app.screen, PlainPage)
        for words in ("Newman", "Jan 2026", "20 min", "Keeps bees", "yes, two hives"):
            assert words in driver.text
        await driver.press("escape", "i")
        assert "months of minutes" in driver.text
        await driver.press("escape")


async def test_the_preview_is_a_list_like_any_other(
    here: Clinic, tracker: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    async with at_rows(here, tracker) as driver:
        while screen(driver).show_only != "":
            await driver.press("f")
        await driver.press("X", "enter")
    (path,) = (tmp_path / "data" / "cmp-tui" / "outbox").glob("*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        saved = list(csv.DictReader(file))
    assert [row["state"] for row in saved] == ["changed", "new", "decide", "refused", "skipped"]
    assert "13/45/1950" in saved[3]["why"]


# -- leaving and coming back


async def test_leaving_loses_nothing(here: Clinic, tracker: Path) -> None:
    async with at_rows(here, tracker) as driver:
        await driver.press("n")
        await until(driver, lambda: rows(driver)[4].state == "new")
        await driver.press("1")
        assert driver.app.current_mode == "today"
        await driver.press("I")
        assert screen(driver).step == "rows"
    async with driving(here) as driver:
        await driver.press("I")
        await until(driver, lambda: screen(driver).step == "rows" and not screen(driver).doing)
        assert rows(driver)[4].state == "new"
        assert screen(driver).work.chosen.year == 2026
        await driver.press("escape", "escape")
        assert screen(driver).step == "file"
        await driver.press("escape")
        assert driver.app.current_mode == "today"


async def test_what_was_said_of_another_file_is_forgotten(here: Clinic, tracker: Path) -> None:
    async with at_rows(here, tracker) as driver:
        await driver.press("n")
        await until(driver, lambda: rows(driver)[4].state == "new")
    tracker.write_text(tracker.read_text(encoding="utf-8").replace("Paula", "Pauline"), encoding="utf-8")
    async with driving(here) as driver:
        await driver.press("I")
        await until(driver, lambda: screen(driver).step == "columns")
        assert screen(driver).work.chosen.new == set()


async def test_starting_over(here: Clinic, tracker: Path) -> None:
    async with at_rows(here, tracker) as driver:
        await driver.press("ctrl+r", "enter")
        assert screen(driver).step == "file"
    assert here.kept(KIND) == []


# -- what goes wrong


async def test_what_is_no_spreadsheet_is_said_in_a_sentence(here: Clinic, tmp_path: Path) -> None:
    wrong = tmp_path / "list.csv"
    wrong.write_bytes(b"%PDF-1.7 something")
    async with driving(here) as driver:
        await driver.press("I")
        for path, sentence in ((wrong, "is a PDF file"), (tmp_path / "nobody.csv", "There is no such file")):
            screen(driver).type_path(str(path))
            await driver.press("enter")
            assert sentence in driver.notice
            assert screen(driver).step == "file"


async def test_who_may_not_import_is_told(here: Clinic, as_user: AsUser) -> None:
    async with driving(as_user("otto")) as driver:
        await driver.press("I")
        assert "do not allow: import caseload" in driver.notice


async def test_letters_of_a_path_are_no_keys(here: Clinic) -> None:
    async with driving(here) as driver:
        await driver.press("I", "ctrl+u", "'/nowhere/cq1?uX.csv'")
        assert screen(driver).path_line.value == "/nowhere/cq1?uX.csv"
        assert driver.app.current_mode == "import"
        assert driver.form is None


async def test_an_empty_clinic_says_how_its_patients_come_in(clinic: Clinic) -> None:
    async with driving(clinic) as driver:
        assert "I brings a spreadsheet in" in " ".join(driver.text.split())
        await driver.press("2")
        assert "I brings a spreadsheet in" in " ".join(driver.text.split())


# -- the path


def test_what_a_folder_holds_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("Tracker.csv", "tracker.xlsx", "notes.pdf", ".hidden.csv", "bad\x1b[31m.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "Trackers").mkdir()
    (tmp_path / "loose.csv").symlink_to(tmp_path / "nowhere")
    found = {one.name: one for one in offers("~/").entries}
    assert set(found) == {"Tracker.csv", "tracker.xlsx", "bad\\x1b[31m.csv", "Trackers"}
    assert not found["bad\\x1b[31m.csv"].typable
    assert found["Trackers"].typed.endswith("Trackers/")
    assert {one.name for one in offers("~/track").entries} == {"Tracker.csv", "tracker.xlsx", "Trackers"}
    assert {one.name for one in offers("~/.h").entries} == {".hidden.csv"}
    assert "There is no folder" in offers("~/nowhere/x").why
    assert "is a file" in offers("~/Tracker.csv/x").why
    assert "No CSV or XLSX file" in offers("~/Trackers/").why
    assert offers("/\0/x").entries == []


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("~/a.csv", "/home/ana/a.csv"),
        ("a.csv", "/home/ana/a.csv"),
        ("b/a.csv", "/home/ana/b/a.csv"),
        ("/b/a.csv", "/b/a.csv"),
        ("~//b/a.csv", "/b/a.csv"),
        ("/b/c/~/a.csv", "/home/ana/a.csv"),
        ("'/b/a file.csv'", "/b/a file.csv"),
    ],
)
def test_a_typed_path(typed: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    assert whole(typed) == Path(path)
    assert split(typed)[0] == Path(path).parent


def test_what_was_chosen_is_kept_whole() -> None:
    chosen = Chosen(
        Path("/a.csv"), "Sheet 1", "rows", {"DOB": "birth_date"}, 2026, {4: "L-2"}, {5}, {6}, True
    )
    assert Chosen.kept(chosen.to_keep()) == chosen
    assert Chosen.kept({"same": 5, "path": 3}) == Chosen()
