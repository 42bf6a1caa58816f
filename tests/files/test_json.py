"""JSON that any program reads, a row a line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.files.json_out import encode_json, write_json
from cmp_tui.files.sheet import Column, Sheet

COLUMNS = [
    Column("mrn"),
    Column("seconds", "integer"),
    Column("share", "number"),
    Column("late", "yes-no"),
    Column("day", "date"),
    Column("long", "duration"),
]
ROWS = [
    ("M1", 540, Decimal("0.10"), False, date(2026, 10, 3), 540),
    ("é=1\n", -5, 1.5, True, None, None),
]


def test_an_array_of_objects() -> None:
    data = b"".join(encode_json(Sheet("test", COLUMNS, iter(ROWS))))
    assert data.decode() == (
        '[\n{"mrn": "M1", "seconds": 540, "share": 0.10, "late": false, "day": "2026-10-03",'
        ' "long": "0:09:00"},\n'
        '{"mrn": "é=1\\n", "seconds": -5, "share": 1.5, "late": true, "day": null, "long": null}\n]\n'
    )
    assert json.loads(data)[1]["share"] == 1.5
    assert json.loads(b"".join(encode_json(Sheet("test", COLUMNS, [])))) == []


def test_lines() -> None:
    data = b"".join(encode_json(Sheet("test", COLUMNS, iter(ROWS)), lines=True))
    assert [json.loads(line)["mrn"] for line in data.splitlines()] == ["M1", "é=1\n"]
    assert data.endswith(b"}\n")
    assert b"".join(encode_json(Sheet("test", COLUMNS, []), lines=True)) == b""


@given(st.text(st.characters()))
@settings(deadline=None)
def test_any_text_comes_back_and_no_control_byte_goes_out(text: str) -> None:
    data = b"".join(encode_json(Sheet("test", [Column(text or "x")], [(text,)]), lines=True))
    assert json.loads(data) == {text or "x": text} or any("\ud800" <= char <= "\udfff" for char in text)
    shown = data.decode()
    assert shown.endswith("}\n") and not any(char < " " or "\x7f" <= char <= "\x9f" for char in shown[:-1])
    assert "\u202e" not in shown and "\u2028" not in shown


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_writing_counts_rows(tmp_path: Path, lines: bool, count: int) -> None:
    rows = [("x", n, 1, True, None, None) for n in range(count)]
    assert write_json(tmp_path / "a.json", Sheet("test", COLUMNS, iter(rows)), lines=lines) == count
    assert write_json(tmp_path / "b.json", Sheet("test", COLUMNS, iter(rows)), lines=lines) == count
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
