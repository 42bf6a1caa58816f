"""CSV out and in again: nothing runs, nothing is lost."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.files.csv_in import BadCsv, decode_csv, read_csv, read_table
from cmp_tui.files.csv_out import encode_csv, write_csv
from cmp_tui.files.formula import armed, defused
from cmp_tui.files.sheet import Column, Kind, Sheet, clock_text, fits, plain

steady = settings(deadline=None, max_examples=300)
SIGNS = "=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−"
tricky = st.text(st.sampled_from(SIGNS + "' \"“’a1,\u00a0\ufeff") | st.characters(codec="utf-8"))


def encoded(*rows: tuple[object, ...], kinds: str = "") -> str:
    columns = [Column(f"c{n}", kind) for n, kind in enumerate(kinds.split() or ["text"] * len(rows[0]))]  # type: ignore[arg-type]
    return b"".join(encode_csv(Sheet("test", columns, rows))).decode().split("\n", 1)[1]


def looks_like_formula(text: str) -> bool:
    """Told in another way than the code tells it: the first sign that is no space and no quote."""
    for char in text:
        if char in SIGNS:
            return True
        if not (char.isspace() or char in "'\"“”‘’"):
            return False
    return False


@pytest.mark.parametrize("lead", ["", " ", "  ", '"', "'", "''", "“", "\u00a0", "\t", " ' "])
@pytest.mark.parametrize("sign", SIGNS)
def test_no_text_cell_can_start_a_formula(sign: str, lead: str) -> None:
    text = f"{lead}{sign}HYPERLINK(1)"
    ((cell,),) = csv.reader(io.StringIO(encoded((text,)), newline=""))
    assert cell == f"'{text}"


@given(tricky)
@example("'=1")
@example("''=1")
@example("'plain")
@example("'")
@steady
def test_defusing_can_be_undone_exactly(text: str) -> None:
    assert armed(defused(text)) == text
    assert (defused(text) != text) == looks_like_formula(text)


@given(st.lists(st.tuples(tricky, tricky), max_size=6))
@steady
def test_text_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    safe = [
        tuple("".join(char for char in text if char >= " " or char in "\t\r\n") for text in row)
        for row in rows
    ]
    data = b"".join(encode_csv(Sheet("test", [Column("=a"), Column("b,\n")], safe)))
    lines = list(decode_csv(io.BytesIO(data)))
    assert lines[0].cells == ["=a", "b,\n"]
    assert [tuple(line.cells) for line in lines[1:]] == safe
    # The standard library reads the same cells, but for the apostrophes.
    reader = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    assert [tuple(map(armed, row)) for row in reader][1:] == safe


def test_typed_cells() -> None:
    zone = timezone(timedelta(hours=-5))
    row = (
        -5,
        -1.5,
        Decimal("-0.10"),
        True,
        date(2026, 10, 3),
        time(9, 5),
        datetime(2026, 10, 3, 9, 15, 7),  # noqa: DTZ001
        datetime(2026, 10, 3, 9, 15, tzinfo=zone),
        timedelta(hours=25, minutes=1, seconds=2),
        125,
        None,
    )
    kinds = "integer number number yes-no date time local instant duration duration text"
    assert encoded(row, kinds=kinds) == (
        "-5,-1.5,-0.10,yes,2026-10-03,09:05:00,2026-10-03 09:15:07,2026-10-03T14:15:00Z,25:01:02,0:02:05,\n"
    )
    assert clock_text(-61) == "-0:01:01"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (5, "text"), ("5", "integer"), (True, "integer"), (True, "duration"), (1, "yes-no"), (1.5, "integer"),
        (float("nan"), "number"), (float("inf"), "number"), (Decimal("NaN"), "number"),
        (datetime(2026, 1, 1, tzinfo=UTC), "date"), (datetime(2026, 1, 1, tzinfo=UTC), "local"),
        (datetime(2026, 1, 1), "instant"), (time(1, tzinfo=UTC), "time"), (date(2026, 1, 1), "instant"),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_a_mistake(value: object, kind: str) -> None:
    assert not fits(value, kind)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="row 1: c0"):
        encoded((value,), kinds=kind)


def test_rows_and_headings_must_fit() -> None:
    with pytest.raises(ValueError, match="row 2: 1 cells for 2"):
        list(encode_csv(Sheet("test", [Column("a"), Column("b")], [("x", "y"), ("x",)])))
    with pytest.raises(ValueError, match="names that differ"):
        Sheet("test", [Column("a"), Column("a")], [])


def test_cells_that_need_quotes() -> None:
    assert encoded(('say "hi"', "a,b", "two\nlines", " x ", "")) == '"say ""hi""","a,b","two\nlines"," x ",\n'
    assert encoded((None,), ("x",)) == '""\nx\n'
    assert encoded(("a\x00b\ud800",)) == "a\ufffdb\ufffd\n"


def test_writing_twice_gives_the_same_bytes_and_counts_rows(tmp_path: Path) -> None:
    columns = [Column("mrn"), Column("note")]
    rows = [(f"M{n}", "line\nline" if n % 3 else None) for n in range(500)]
    assert write_csv(tmp_path / "a.csv", Sheet("Time log", columns, iter(rows))) == 500
    assert write_csv(tmp_path / "b.csv", Sheet("Time log", columns, iter(rows))) == 500
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert write_csv(tmp_path / "a.csv", Sheet("Time log", columns, [])) == 0
    assert (tmp_path / "a.csv").read_text() == "mrn,note\n"


def test_rows_that_fail_half_way_leave_nothing(tmp_path: Path) -> None:
    def rows() -> object:
        yield ("M1",)
        raise ClinicError("The file was closed.")

    with pytest.raises(ClinicError, match="closed"):
        write_csv(tmp_path / "a.csv", Sheet("Time log", [Column("mrn")], rows()))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


KINDS: dict[Kind, st.SearchStrategy[object]] = {
    "text": tricky
    | st.sampled_from(["Tran", "a b", "a ", "é", "=1", "x,y", "1\x1f2", "\ud800", "", "_a", "a\tb"]),
    "integer": st.integers(-3, 3),
    "number": st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False),
    "yes-no": st.booleans(),
    "date": st.dates(),
    "time": st.times(),
    "local": st.datetimes(),
    "instant": st.datetimes(timezones=st.just(UTC)),
    "duration": st.integers(-5, 90_000) | st.timedeltas(timedelta(-1), timedelta(3)),
}


def plain_cell(value: object, kind: Kind) -> str:
    """A cell as it is defined: one text at a time, with nothing remembered."""
    if not isinstance(value, str):
        return plain(value, kind)
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "\ufffd", defused(value))
    needs = re.search('[,"\r\n]|^[ \ufeff]|[ ]$', text)
    return '"' + text.replace('"', '""') + '"' if needs else text


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_rows_taken_together_are_written_as_each_would_be(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=4))
    one = st.tuples(*(st.none() | KINDS[kind] for kind in kinds))
    rows = data.draw(st.lists(one, max_size=6)) * data.draw(st.sampled_from([1, 1, 300]))
    columns = [Column(f"c{n}", kind) for n, kind in enumerate(kinds)]
    lines = list(encode_csv(Sheet("test", columns, iter(rows))))[1:]
    assert lines == [(",".join(map(plain_cell, row, kinds)) + "\n").encode() for row in rows]


def test_the_row_that_is_wrong_is_named_by_its_number_among_all() -> None:
    columns = [Column("n", "integer"), Column("at", "local")]
    rows = [(n, None if n != 700 else datetime(2026, 1, 1, tzinfo=UTC)) for n in range(900)]
    with pytest.raises(TypeError, match="row 701: at"):
        list(encode_csv(Sheet("test", columns, rows)))


def test_a_cell_longer_than_other_programs_read_is_read_back_by_ourselves(tmp_path: Path) -> None:
    long = "a," * 100_000
    assert write_csv(tmp_path / "a.csv", Sheet("test", [Column("a")], [(long,)])) == 1
    assert [line.cells for line in read_csv(tmp_path / "a.csv")] == [["a"], [long]]


def test_rows_are_asked_for_one_at_a_time() -> None:
    asked = []

    def rows() -> object:
        for n in range(3):
            asked.append(n)
            yield (n,)

    lines = encode_csv(Sheet("test", [Column("n", "integer")], rows()))  # type: ignore[arg-type]
    assert (next(lines), asked) == (b"n\n", [])
    assert (next(lines), asked) == (b"0\n", [0])


def test_a_file_that_a_spreadsheet_saved_again_is_read() -> None:
    data = b'\xef\xbb\xbfmrn,note\r\nM1,"two\r\nlines"\r\n\r\nM2,\'=1+1\r\nM3,"last"'
    assert [(line.number, line.cells) for line in decode_csv(io.BytesIO(data))] == [
        (1, ["mrn", "note"]),
        (2, ["M1", "two\r\nlines"]),
        (5, ["M2", "=1+1"]),
        (6, ["M3", "last"]),
    ]


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b'a,b\n1,"x\n2,y\n3,z\n', 2, "never closed"),
        (b'a\n"x"y\n', 2, "middle of a cell"),
        (b'a\nx"y"\n', 2, "middle of a cell"),
        (b"a\ncaf\xe9\n", 2, "not UTF-8"),
        (b"a\rb\rc\n", 1, "without quotes"),
        (b'a\n"' + b"x\n" * 3_000_000, 2, "never closed"),
    ],
)
def test_what_cant_be_read_is_told_with_its_line(data: bytes, line: int, why: str) -> None:
    with pytest.raises(BadCsv, match=why) as told:
        list(decode_csv(io.BytesIO(data)))
    assert told.value.line == line and str(told.value).startswith(f"Line {line}: ")


@given(st.binary(max_size=60) | st.text(st.sampled_from("a\",\r\n' =")).map(str.encode))
@steady
def test_any_bytes_are_rows_or_told(data: bytes) -> None:
    try:
        lines = list(decode_csv(io.BytesIO(data)))
    except BadCsv:
        return
    assert all(line.cells for line in lines)


def test_read_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mrn,note\nM1,x\nM2,\n")
    assert list(read_table(path)) == [(2, {"mrn": "M1", "note": "x"}), (3, {"mrn": "M2", "note": ""})]
    for text, why in (
        ("", "empty"),
        ("a,a\n1,2\n", "same heading"),
        ("a,b\n1\n", "1 cells stand under 2 headings"),
    ):
        path.write_text(text)
        with pytest.raises(BadCsv, match=why):
            list(read_table(path))


def test_a_cell_may_be_larger_than_the_standard_library_reads(tmp_path: Path) -> None:
    note = "line, and more\n" * 20_000
    write_csv(tmp_path / "a.csv", Sheet("notes", [Column("note")], [(note,)]))
    assert [line.cells for line in read_csv(tmp_path / "a.csv")] == [["note"], [note]]
