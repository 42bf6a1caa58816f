"""The points of LACE and how conditions are read into it: data/lace.toml, or the clinic's own in its place."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import Row
from cmp_tui.clinic.rule_rows import BadRule, stopped
from cmp_tui.transitions.lace_rules import Disease, LaceBook, Steps

FILE = "lace.toml"
TOP = ("high", "length", "acute", "comorbidity", "visits", "source", "checked_on", "disease")
OWN = ("name", "words", "points", "icd10cm", "groups", "grade", "past", "unsure", "unsure_words")
MOST = 20


def lace_book(reference: Reference) -> LaceBook:
    """Returns the points. Raises Stopped with the file and the line of what can't be used."""
    return reference.made(FILE, lambda: _read(reference))


def _read(reference: Reference) -> LaceBook:
    try:
        return _book(Row("", 0, reference.table(FILE)))
    except BadRule as wrong:
        raise stopped(reference, FILE, wrong) from wrong


def _book(top: Row) -> LaceBook:
    top.only(TOP)
    diseases: list[Disease] = []
    by_code: dict[str, Disease] = {}
    by_group: dict[str, Disease] = {}
    for row in top.rows("disease"):
        one = _disease(row)
        diseases.append(one)
        for table, marks in ((by_code, one.prefixes), (by_group, one.groups)):
            for mark in marks:
                if mark in table:
                    raise row.bad(f"{mark} stands under {table[mark].name} already")
                table[mark] = one
    if not diseases:
        raise top.bad("[[disease]] is missing")
    steps = {name: _steps(top, name) for name in ("length", "comorbidity", "visits")}
    return LaceBook(
        top.whole("high", 99), steps["length"], top.whole("acute", MOST), steps["comorbidity"], steps["visits"],
        tuple(diseases), MappingProxyType(by_code), MappingProxyType(by_group),
    )  # fmt: skip


def _disease(row: Row) -> Disease:
    row.only(OWN)
    return Disease(
        row.name("name"), row.text("words", 80), row.whole("points", MOST),
        tuple(mark.replace(".", "").upper() for mark in row.texts("icd10cm")), row.texts("groups"),
        row.text("grade", 40, ""), row.yes("past"), row.whole("unsure", MOST, default=0),
        row.text("unsure_words", 80, ""),
    )  # fmt: skip


def _steps(top: Row, name: str) -> Steps:
    """[[from, points], …], rising."""
    value = top.values.get(name)
    if not isinstance(value, list) or not value or not all(_is_step(one) for one in value):
        raise top.bad(f"{name} is a list such as [[0, 0], [1, 1]]")
    found = tuple((int(one[0]), int(one[1])) for one in value)
    if list(found) != sorted(found) or len({least for least, _ in found}) < len(found):
        raise top.bad(f"{name} does not rise")
    return found


def _is_step(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(one) is int and 0 <= one < 1000 for one in value)
    )
