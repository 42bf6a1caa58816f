"""Workbooks, read back by a library that did not write them."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.files.sheet import Column, Sheet
from cmp_tui.files.xlsx_out import MOST_CHARACTERS, TooBig, write_xlsx
from cmp_tui.files.xlsx_parts import column_letters

# ruff: noqa: DTZ001 - a spreadsheet's times have no zone


def read_cells(path: Path, *rows: tuple[object, ...], kinds: str) -> list[list[Any]]:
    columns = [Column(f"c{n}", kind) for n, kind in enumerate(kinds.split())]  # type: ignore[arg-type]
    write_xlsx(path, [Sheet("Time log", columns, iter(rows))])
    return [list(row) for row in openpyxl.load_workbook(path)["Time log"].iter_rows(min_row=2)]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-5", "@x", "\t=1", "＝1", " =1", "'=1", "{=1}", "#REF!", "TRUE", "12"]
)
def test_text_is_never_anything_else(tmp_path: Path, text: str) -> None:
    ((cell,),) = read_cells(tmp_path / "a.xlsx", (text,), kinds="text")
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_typed_cells(tmp_path: Path) -> None:
    row = (
        -5,
        1.5,
        Decimal("0.1"),
        True,
        date(2026, 10, 3),
        time(9, 5, 1),
        datetime(2026, 10, 3, 9, 15, 7),
        datetime(2026, 10, 3, 14, 15, tzinfo=UTC),
        timedelta(hours=25, minutes=1, seconds=2),
        125,
        None,
    )
    kinds = "integer number number yes-no date time local instant duration duration text"
    (cells,) = read_cells(tmp_path / "a.xlsx", row, kinds=kinds)
    assert [cell.value for cell in cells] == [
        -5,
        1.5,
        0.1,
        "yes",
        datetime(2026, 10, 3),
        time(9, 5, 1),
        datetime(2026, 10, 3, 9, 15, 7),
        "2026-10-03T14:15:00Z",
        timedelta(hours=25, minutes=1, seconds=2),
        timedelta(minutes=2, seconds=5),
        None,
    ]
    assert [cell.number_format for cell in cells[4:7]] == [
        "yyyy\\-mm\\-dd",
        "hh:mm:ss",
        "yyyy\\-mm\\-dd\\ hh:mm:ss",
    ]
    assert [cell.number_format for cell in cells[8:10]] == ["[h]:mm:ss"] * 2


def test_what_a_spreadsheet_would_change_is_written_as_text(tmp_path: Path) -> None:
    row = (
        date(1899, 5, 2),
        date(1900, 2, 28),
        date(1900, 3, 1),
        10**15,
        -(10**14),
        datetime(1899, 5, 2, 1, 2),
        -61,
    )
    kinds = "date date date integer integer local duration"
    (cells,) = read_cells(tmp_path / "a.xlsx", row, kinds=kinds)
    assert [cell.value for cell in cells] == [
        "1899-05-02",
        "1900-02-28",
        datetime(1900, 3, 1),
        "1000000000000000",
        -(10**14),
        "1899-05-02 01:02:00",
        "-0:01:01",
    ]


@given(st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)))
@settings(deadline=None, max_examples=40)
def test_every_second_is_kept(tmp_path_factory: pytest.TempPathFactory, at: datetime) -> None:
    path = tmp_path_factory.mktemp("xlsx") / "a.xlsx"
    (cells,) = read_cells(path, (at, at.date(), at.time()), kinds="local date time")
    assert [cell.value for cell in cells] == [at, datetime.combine(at.date(), time()), at.time()]


@given(st.text(st.characters(codec="utf-8"), min_size=1))
@settings(deadline=None, max_examples=60)
def test_any_text_is_kept_but_for_control_characters(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("xlsx") / "a.xlsx"
    ((cell,),) = read_cells(path, (text,), kinds="text")
    ends = text.replace("\r\n", "\n").replace("\r", "\n")
    assert cell.value == "".join(
        char if (char >= " " or char in "\t\n") and char not in "\ufffe\uffff" else "\ufffd" for char in ends
    )


def test_text_that_looks_like_an_escape_stays_text(tmp_path: Path) -> None:
    read_cells(tmp_path / "a.xlsx", ("_x0041_ _x000D_ _x00",), kinds="text")
    xml = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert ">_x005F_x0041_ _x005F_x000D_ _x00<" in xml


def test_headings_panes_widths_and_sheets(tmp_path: Path) -> None:
    one = Sheet("By span", [Column("=mrn"), Column("note & more", "text", 60)], [("M1", "a\nb")])
    other = Sheet("By <patient> & all", [Column("seconds", "integer")], [])
    assert write_xlsx(tmp_path / "a.xlsx", [one, other]) == 1
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["By span", "By <patient> & all"]
    sheet = book["By span"]
    assert [(cell.value, cell.data_type, cell.font.b) for cell in sheet[1]] == [
        ("=mrn", "s", True),
        ("note & more", "s", True),
    ]
    assert not sheet["A2"].font.b and sheet["B2"].alignment.wrap_text and sheet["B2"].value == "a\nb"
    assert (sheet.freeze_panes, sheet.column_dimensions["B"].width) == ("A2", 60)
    assert book["By <patient> & all"].max_row == 1
    assert book.properties.created == book.properties.modified == datetime(2000, 1, 1)


def test_two_runs_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"M{n}", n, datetime(2026, 10, 1) + timedelta(seconds=n)) for n in range(1000)]
    columns = [Column("mrn"), Column("n", "integer"), Column("at", "local")]
    for name in ("a.xlsx", "b.xlsx"):
        assert write_xlsx(tmp_path / name, [Sheet("Time log", columns, iter(rows))]) == 1000
        monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_part_is_well_formed_and_named(tmp_path: Path) -> None:
    sheets = [Sheet(f"Sheet & {n}", [Column("a")], [("<x>&\"'",)]) for n in range(3)]
    write_xlsx(tmp_path / "a.xlsx", sheets)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        types = archive.read("[Content_Types].xml").decode()
        assert all(
            f'"/{name}"' in types for name in archive.namelist() if not name.startswith(("[", "_", "xl/_"))
        )


def test_what_no_cell_or_sheet_holds_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [Sheet("a", [Column("note")], [("x" * MOST_CHARACTERS,)])])
    for note in ("x" * (MOST_CHARACTERS + 1), "😀" * (MOST_CHARACTERS // 2 + 1)):
        with pytest.raises(TooBig, match="characters under note; a cell of a spreadsheet holds 32,767"):
            write_xlsx(path, [Sheet("a", [Column("note")], [(note,)])])
    monkeypatch.setattr("cmp_tui.files.xlsx_out.MOST_ROWS", 3)
    assert write_xlsx(path, [Sheet("a", [Column("n", "integer")], [(1,), (2,)])]) == 2
    with pytest.raises(TooBig, match="there are more"):
        write_xlsx(path, [Sheet("a", [Column("n", "integer")], [(1,), (2,), (3,)])])
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize("name", ["", "a/b", "[x]", "'a", "a'", "History", "x" * 32, "a:b", "a\x00"])
def test_names_that_a_workbook_cant_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="sheet"):
        write_xlsx(tmp_path / "a.xlsx", [Sheet(name, [Column("a")], [])])
    with pytest.raises(ValueError, match="differ"):
        write_xlsx(tmp_path / "a.xlsx", [Sheet("a", [Column("a")], []), Sheet("A", [Column("a")], [])])
    assert list(tmp_path.iterdir()) == []


def test_column_letters() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_nothing_is_left_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    seen: list[Path] = []

    def rows() -> object:
        for n in range(2000):
            seen.extend(elsewhere.iterdir())
            yield (f"Ruiz-Moreno, Ana {n}",)

    write_xlsx(tmp_path / "a.xlsx", [Sheet("a", [Column("patient")], rows())])  # type: ignore[arg-type]
    assert seen == [] and list(elsewhere.iterdir()) == []
