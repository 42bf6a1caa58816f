"""Spreadsheets as people leave them: what is taken, what is named, what is refused."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cmp_tui.files.sheet_in import MOST_COLUMNS, BadSheet, Book, open_book

HEAD = "ID,Name,DOB,Notes\n"


def csv_of(tmp_path: Path, data: bytes | str) -> Book:
    path = tmp_path / "in.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return open_book(path)


def cells_of(book: Book) -> list[list[object]]:
    return [list(row.cells) for row in book.rows(book.sheets[0].name)]


@pytest.mark.parametrize(
    ("encoding", "mark", "says"),
    [
        ("utf-8", b"", ""),
        ("utf-8", b"\xef\xbb\xbf", ""),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("utf-16-le", b"", "UTF-16"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_encodings_are_told_and_said(tmp_path: Path, encoding: str, mark: bytes, says: str) -> None:
    text = HEAD + "1,Núñez–Ü,2/3/48,é\n" * 3
    book = csv_of(tmp_path, mark + text.encode(encoding))
    assert cells_of(book)[1] == ["1", "Núñez–Ü", "2/3/48", "é"]
    assert says in " ".join(book.said)
    assert bool(book.said) == bool(says)


def test_bad_bytes_in_utf8_are_named_by_line(tmp_path: Path) -> None:
    book = csv_of(tmp_path, (HEAD + "1,Núñez ñ ñ,,\n").encode() + b"2,Ru\xff\xfeiz,,\n")
    assert [fault.number for fault in book.faults] == [3]
    assert cells_of(book)[1][1] == "Núñez ñ ñ"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_told(tmp_path: Path, separator: str) -> None:
    text = (
        separator.join(("ID", "Name", "DOB")) + "\n" + separator.join(("1", '"Ruiz; Ana, M.|x"', "2")) + "\n"
    )
    assert cells_of(csv_of(tmp_path, text))[1] == ["1", "Ruiz; Ana, M.|x", "2"]


def test_excels_own_line_says_the_separator(tmp_path: Path) -> None:
    book = csv_of(tmp_path, "sep=;\r\nID;Name\r\n1;Ana, Ruiz\r\n")
    assert cells_of(book) == [["ID", "Name"], ["1", "Ana, Ruiz"]]
    assert [row.number for row in book.rows("")] == [2, 3]


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    text = HEAD + '1,"Ruiz, Ana,1/1/48,x\n' + "".join(f'{n},"Weiss, Ruth",1/1/48,y\n' for n in range(2, 50))
    book = csv_of(tmp_path, text)
    rows = book.rows("")
    assert [row.number for row in rows] == list(range(1, 51))
    assert [(fault.number, "quote" in fault.why) for fault in book.faults] == [(2, True)]
    assert rows[2].cells == ["2", "Weiss, Ruth", "1/1/48", "y"]


def test_a_quote_in_the_last_line_is_read_too(tmp_path: Path) -> None:
    book = csv_of(tmp_path, HEAD + '1,Ana,,\n2,"Ruth,,')
    assert [row.number for row in book.rows("")] == [1, 2, 3]
    assert book.faults[0].number == 3


def test_two_open_quotes_do_not_melt_two_rows(tmp_path: Path) -> None:
    book = csv_of(tmp_path, HEAD + '1,"Ana,1/1/48,\n2,Ruth,1/1/49,"\n3,Tom,1/1/50,z\n')
    assert [row.number for row in book.rows("")] == [1, 2, 3, 4]


def test_line_breaks_within_quotes_are_one_cell(tmp_path: Path) -> None:
    book = csv_of(tmp_path, HEAD + '1,Ana,1/1/48,"first\nsecond, third\n\nfourth"\n2,Ruth,,\n')
    assert cells_of(book)[1][3] == "first\nsecond, third\n\nfourth"
    assert [row.number for row in book.rows("")] == [1, 2, 6]
    assert book.faults == []


def test_many_broken_quotes_end(tmp_path: Path) -> None:
    text = HEAD + "".join(f'{n},"Ana {n},x,y\n' for n in range(3_000))
    book = csv_of(tmp_path, text)
    assert len(book.rows("")) == 3_001
    assert len(book.faults) == 3_000


def test_a_long_cell_is_read_whole(tmp_path: Path) -> None:
    book = csv_of(tmp_path, HEAD + f'1,Ana,,"{"x y" * 70_000}"\n')
    assert len(str(cells_of(book)[1][3])) == 210_000
    assert csv.field_size_limit() == 131_072


def test_the_apostrophe_of_our_own_exports_goes(tmp_path: Path) -> None:
    assert cells_of(csv_of(tmp_path, "ID,N\n1,'=1+1\n2,'tis\n"))[1:] == [["1", "=1+1"], ["2", "'tis"]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab, "\n\t;é'), max_size=6), min_size=3, max_size=3), max_size=8
    )
)
def test_what_a_csv_writer_writes_is_read_as_it_was(rows: list[list[str]]) -> None:
    import tempfile

    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["ID", "Name", "DOB", "Notes"])
    writer.writerows([["1", *row] for row in rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_bytes(written.getvalue().encode())
        book = open_book(path)
        assert [row.cells for row in book.rows("")][1:] == [["1", *row] for row in rows]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_sentence(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_bytes(data)
        try:
            book = open_book(path)
            book.rows(book.sheets[0].name)
        except BadSheet as bad:
            assert str(bad).endswith(".")


# -- XLSX


def workbook(tmp_path: Path, *rows: list[object], name: str = "in.xlsx") -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    path = tmp_path / name
    book.save(path)
    return path


def test_values_are_as_they_were_typed(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["ID", "DOB", "x"],
        [12, date(1948, 2, 11), 1.5],
        [],
        ["a", datetime(2026, 1, 2, 3, 4), True],  # noqa: DTZ001 - a sheet's times have no zone
        [None, time(0, 20), "=1+1"],
    )
    book = open_book(path)
    rows = book.rows("Sheet")
    assert [row.number for row in rows] == [1, 2, 4, 5]
    assert rows[1].cells == [12, date(1948, 2, 11), 1.5]
    assert rows[2].cells == ["a", datetime(2026, 1, 2, 3, 4), True]  # noqa: DTZ001
    assert rows[3].cells[:2] == ["", time(0, 20)]
    assert rows[3].cells[2:] in ([], [""])  # the formula was never counted
    book.close()


def test_a_workbook_may_be_called_anything(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["ID"], [1]).rename(tmp_path / "tracker.csv")
    book = open_book(path)
    assert (book.kind, len(book.rows("Sheet"))) == ("xlsx", 2)
    book.close()


def test_sheets_are_named_with_the_hidden_ones(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("Old").sheet_state = "hidden"
    book.save(tmp_path / "in.xlsx")
    assert [tuple(one) for one in open_book(tmp_path / "in.xlsx").sheets] == [("Sheet", False), ("Old", True)]


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def changed(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return zipped(path, {**parts, name: content})


def test_what_is_no_workbook_is_refused_in_a_sentence(tmp_path: Path) -> None:
    good = workbook(tmp_path, ["ID"], [1]).read_bytes()
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    cases = {
        "empty": (b"", "is empty"),
        "xls": (ole, "old Excel file"),
        "locked": (ole + "EncryptedPackage".encode("utf-16-le"), "password"),
        "pdf": (b"%PDF-1.7 and more", "PDF"),
        "cut": (good[: len(good) // 2], "damaged or cut off"),
        "null": (b"a,b\x00\x00,c\x00" * 50, "no text file"),
    }
    for name, (data, says) in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(BadSheet, match=says):
            open_book(path)
    with pytest.raises(BadSheet, match="can't be read"):
        open_book(tmp_path / "not there")
    with pytest.raises(BadSheet, match=r"not a file|can't be read"):
        open_book(tmp_path)


def test_macros_and_other_kinds_are_refused(tmp_path: Path) -> None:
    for name, says in (("xl/vbaProject.bin", "macros"), ("xl/workbook.bin", "binary workbook")):
        path = changed(workbook(tmp_path, ["ID"], [1]), name, b"x")
        with pytest.raises(BadSheet, match=says):
            open_book(path)
    with pytest.raises(BadSheet, match="OpenDocument"):
        open_book(zipped(tmp_path / "a.ods", {"mimetype": b"x", "content.xml": b"x"}))
    with pytest.raises(BadSheet, match="archive"):
        open_book(zipped(tmp_path / "a.zip", {"a.csv": b"x"}))


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    path = changed(workbook(tmp_path, ["ID"], [1]), "xl/worksheets/sheet1.xml", b"<x>" + b"0" * (30 * 2**20))
    with pytest.raises(BadSheet, match="times smaller"):
        open_book(path)
    doctype = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><worksheet/>'
    with pytest.raises(BadSheet, match="document type"):
        open_book(changed(workbook(tmp_path, ["ID"], [1]), "xl/worksheets/sheet1.xml", doctype))


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    b"<sheetData>%s</sheetData></worksheet>"
)


def test_absurd_dimensions_cost_nothing(tmp_path: Path) -> None:
    good = SHEET % b'<row r="1"><c r="A1"><v>7</v></c></row><row r="9"><c r="B9"><v>8</v></c></row>'
    book = open_book(changed(workbook(tmp_path, ["ID"]), "xl/worksheets/sheet1.xml", good))
    assert [(row.number, row.cells) for row in book.rows("Sheet")] == [(1, [7]), (9, ["", 8])]
    far = SHEET % b'<row r="1"><c r="XFD1"><v>7</v></c></row>'
    with pytest.raises(BadSheet, match=f"beyond column {MOST_COLUMNS}"):
        open_book(changed(workbook(tmp_path, ["ID"]), "xl/worksheets/sheet1.xml", far)).rows("Sheet")
    deep = (
        SHEET
        % b'<row r="1"><c r="A1"><v>7</v></c></row><row r="99999999"><c r="A99999999"><v>7</v></c></row>'
    )
    with pytest.raises(BadSheet, match=r"beyond|damaged"):
        open_book(changed(workbook(tmp_path, ["ID"]), "xl/worksheets/sheet1.xml", deep)).rows("Sheet")


def test_a_damaged_sheet_is_a_sentence(tmp_path: Path) -> None:
    path = changed(workbook(tmp_path, ["ID"], [1]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row")
    with pytest.raises(BadSheet, match="damaged"):
        open_book(path).rows("Sheet")
