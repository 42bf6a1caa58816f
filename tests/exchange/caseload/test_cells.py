"""Cells as people fill them: names, days, telephones, minutes, words."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.reference import Reference
from cmp_tui.exchange.caseload.cells import CellReader, ConsentIn, GivenIn
from cmp_tui.exchange.caseload.conditions import ConditionReader
from cmp_tui.exchange.caseload.dates import find_day, orders_of
from cmp_tui.exchange.caseload.minutes import MOST, read_minutes
from cmp_tui.exchange.caseload.names import NameReader
from cmp_tui.exchange.caseload.phones import read_phones, use_of
from cmp_tui.exchange.caseload.words import Words
from cmp_tui.files.sheet_in import Cell
from cmp_tui.patients.coding import load_condition_tables
from tests.exchange.caseload.conftest import TODAY


@pytest.mark.parametrize(
    ("text", "family", "given", "preferred", "rest"),
    [
        ("Ruiz-Moreno, Ana M.", "Ruiz-Moreno", "Ana M.", "", ""),
        ("Ana Ruiz", "Ruiz", "Ana", "", ""),
        ("RUIZ MORENO ANA", "RUIZ MORENO", "ANA", "", ""),
        ("Maria de la Cruz", "de la Cruz", "Maria", "", ""),
        ("Smith Jr., John", "Smith", "John Jr.", "", ""),
        ("Smith, John, Jr.", "Smith", "John Jr.", "", ""),
        ("John Smith III", "Smith", "John III", "", ""),
        ("O'Brien, Robert (Bob)", "O'Brien", "Robert", "Bob", ""),
        ('Weiss, Ruth "Ruthie"', "Weiss", "Ruth", "Ruthie", ""),
        ("Tran, Linh (deceased)", "Tran", "Linh", "", "deceased"),
        ("Lee, Mary (moved 3/4, see note)", "Lee", "Mary", "", "moved 3/4, see note"),
        ("Mrs. Ruth Weiss", "Weiss", "Ruth", "", ""),
        ("Okafor, James **", "Okafor", "James", "", ""),
        ("Cher", "Cher", "", "", ""),
        ("田中, 太郎", "田中", "太郎", "", ""),
    ],
)
def test_names(words: Words, text: str, family: str, given: str, preferred: str, rest: str) -> None:
    read = NameReader(words.given, [text, "Bell, Tom"], words.died).read(text)
    assert read is not None
    assert (read.family, read.given, read.preferred, read.rest) == (family, given, preferred, rest)


def test_the_order_of_names_without_a_comma_is_told_by_the_column(words: Words) -> None:
    reader = NameReader(words.given, ["Zyx Ana", "Qwu Mary", "Vok Ghi"], words.died)
    assert reader.family_first
    read = reader.read("Vok Ghi")
    assert read is not None
    assert (read.family, read.given) == ("Vok", "Ghi")


@given(st.text(max_size=40))
def test_any_name_is_read_or_none(text: str) -> None:
    read = NameReader(frozenset({"ana"}), [text]).read(text)
    assert read is None or read.family


@pytest.mark.parametrize(
    ("cell", "born"),
    [
        (date(1948, 2, 11), "1948-02-11"),
        ("2/11/48", "1948-02-11"),
        ("02/11/1948", "1948-02-11"),
        ("1948-02-11", "1948-02-11"),
        ("11 Feb 1948", "1948-02-11"),
        ("Feb. 11th, 1948", "1948-02-11"),
        ("11-Feb-48", "1948-02-11"),
        (17574, "1948-02-11"),
        ("17574", "1948-02-11"),
        ("2/11/28", "1928-02-11"),
        ("2/11/10", "2010-02-11"),
        ("2/11/20", "1920-02-11"),
        (date(2028, 2, 11), "1928-02-11"),
        ("2/29/1948", "1948-02-29"),
        ("1948", "1948"),
        ("Feb 1948", "1948-02"),
        ("2/1948", "1948-02"),
        ("2/30/1948", None),
        ("2/29/1949", None),
        ("1/1/1850", None),
        ("11/24/2026", None),
        ("unclear", None),
        (42, None),
        ("2/11/48 or 49", "1948-02-11"),
    ],
)
def test_birth_dates(words: Words, cell: Cell, born: str | None) -> None:
    read = CellReader(words, TODAY).birth(cell, False)
    assert read.value == born
    assert bool(read.wrong) == (born is None)


def test_what_was_guessed_of_a_birth_date_is_told(words: Words) -> None:
    reader = CellReader(words, TODAY)
    assert "1928" in reader.birth(date(2028, 2, 11), False).told
    assert "1920" in reader.birth("2/11/20", False).told
    assert "other than" in reader.birth("13/2/1948", False).told
    assert reader.birth("2/11/48", False).told == ""


def test_the_order_of_dates_is_decided_for_whole_columns() -> None:
    orders = orders_of({"a": ["13/2/1948", "1/2/1950"], "b": ["1/2/2026"], "c": [date(2026, 1, 2), "x"]})
    assert orders["a"].day_first
    assert orders["b"] == (True, "as in the other columns")
    assert "c" not in orders
    both = orders_of({"a": ["13/2/1948", "2/13/1950", "2/14/1950"]})["a"]
    assert not both.day_first
    assert "look at them" in both.why
    assert orders_of({"a": ["1/2/1950"]})["a"].why == "nothing in the sheet tells"
    assert orders_of({"a": ["2/13/1950"]}, day_first=True)["a"] == (True, "as you said")


@given(st.dates(date(1995, 1, 1), TODAY), st.booleans())
def test_a_day_is_read_as_it_was_written(day: date, day_first: bool) -> None:
    short = f"{day.day}/{day.month}/{day.year}" if day_first else f"{day.month}/{day.day}/{day.year}"
    for text in (
        short,
        day.isoformat(),
        f"{day:%d %b %Y}",
        f"{day:%B} {day.day}, {day.year}",
        f"{short} 10:30 AM",
    ):
        found = find_day(text, day_first, TODAY)
        assert found is not None
        assert (found.day, found.rest) == (day, "")


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_none(text: str) -> None:
    with suppress(ValueError, OverflowError):
        find_day(text, False, TODAY)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("20", 1200), ("20 min", 1200), ("0:20", 1200), ("1h05", 3900), ("20+15", 2100), (12, 720), (20.5, 1230),
        (time(0, 20), 1200), (timedelta(minutes=90), 5400), ("1.5 hrs", 5400), ("1 hr 10 min", 4200), ("~25", 1500),
        ("20 (3/4, 3/9)", 1200), ("15, 20", 2100), (0, 0), (date(1900, 1, 20), 1200), ("20'", 1200), ("1:05:30", 3930),
        ("x", None), ("20:00", None), ("-5", None), (-5, None), ("1500", None), (1441, None), ("2 calls 20 min", None),
        ("20/15", None), (date(2026, 1, 20), None), (True, None), ("see note", None), (time(20, 0), None),
    ],
)  # fmt: skip
def test_minutes(cell: Cell, seconds: int | None) -> None:
    if seconds is None:
        with pytest.raises(ValueError, match=r"\w"):
            read_minutes(cell)
    else:
        assert read_minutes(cell).seconds == seconds


@given(st.one_of(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False), st.integers()))
def test_minutes_are_never_more_than_a_day(cell: Cell) -> None:
    with suppress(ValueError):
        assert 0 <= read_minutes(cell).seconds <= MOST


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("512-555-0133", [("5125550133", None, "")]),
        ("(512) 555-0133 c, 512.555.0199 h", [("5125550133", "mobile", ""), ("5125550199", "home", "")]),
        ("cell 512-555-0133 after 5", [("5125550133", "mobile", "after 5")]),
        ("1-512-555-0133 x22", [("5125550133", None, "")]),
        ("512-555-0133/512-555-0134 (daughter, Maria)",
         [("5125550133", None, ""), ("5125550134", None, "daughter, Maria")]),
        ("5125550133", [("5125550133", None, "")]),
        ("555-0133", [("5550133", None, "")]),
        ("+49 30 1234567", [("49301234567", None, "")]),
        ("512-555-0133 512-555-0133", [("5125550133", None, "")]),
        ("none", []),
        ("123", []),
    ],
)  # fmt: skip
def test_phones(words: Words, text: str, found: list[tuple[str, str | None, str]]) -> None:
    phones, _ = read_phones(text, words)
    assert [(one.digits, one.use, one.remarks) for one in phones] == found


def test_a_heading_says_the_kind_of_phone(words: Words) -> None:
    assert (use_of("Cell #", words), use_of("Home phone", words), use_of("Phone", words)) == (
        "mobile",
        "home",
        None,
    )


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Y 3/4/26", ConsentIn("accepted", date(2026, 3, 4), None)),
        ("verbal 3/4/26", ConsentIn(None, date(2026, 3, 4), "verbal")),
        ("3/4/2026 - written", ConsentIn(None, date(2026, 3, 4), "written")),
        ("declined 2/1/26", ConsentIn("declined", date(2026, 2, 1), None)),
        ("revoked 2026-05-05 verbally", ConsentIn("revoked", date(2026, 5, 5), "verbal")),
        (date(2026, 3, 4), ConsentIn(None, date(2026, 3, 4), None)),
        ("V", ConsentIn(None, None, "verbal")),
        ("N", ConsentIn("", None, None)),
        ("yes", ConsentIn("accepted", None, None)),
        ("2/30/26", None),
        ("3/4/27", None),
        ("who knows", None),
    ],
)
def test_consent(words: Words, cell: Cell, found: ConsentIn | None) -> None:
    assert CellReader(words, TODAY).consent(cell, False).value == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Y", GivenIn(True, None, None)),
        ("N", GivenIn(False, None, None)),
        ("mailed 3/4/26", GivenIn(True, date(2026, 3, 4), "mail")),
        ("by portal", GivenIn(True, None, "portal")),
        ("✓", GivenIn(True, None, None)),
        ("perhaps", None),
    ],
)
def test_plan_given(words: Words, cell: Cell, found: GivenIn | None) -> None:
    assert CellReader(words, TODAY).given(cell, False).value == found


@pytest.mark.parametrize(
    ("text", "status", "died"),
    [
        ("Active", "active", False), ("inactive", "finished", False), ("ACTIVE - CCM", "active", False),
        ("Deceased 4/4/26", "finished", True), ("on hold (hospital)", "onhold", False),
        ("Declined", "cancelled", False),
        ("D/C'd", "finished", False), ("not enrolled", "planned", False), ("ended: moved", "finished", False),
        ("on the waiting list", "waitlist", False), ("purple", None, False),
    ],
)  # fmt: skip
def test_status(words: Words, text: str, status: str | None, died: bool) -> None:
    read = CellReader(words, TODAY).status(text, False).value
    assert (read.status, read.died) == (status, died) if status else read is None


def test_every_word_for_a_status_that_we_export_comes_back(words: Words) -> None:
    reference, reader = Reference(), CellReader(words, TODAY)
    for code in reference.codes("enrollment_status"):
        assert reader.status(code.label, False).value.status == code.code
    for code in reference.codes("outcome"):
        if code.code != "not-applicable":
            assert reader.outcome(code.label).value.outcome == code.code
    for code in reference.codes("payer"):
        assert reader.code("payer", code.label, "payer").value == code.code
    for code in reference.codes("consent_mode"):
        assert reader.consent(code.label, False).value.mode == code.code
    for code in reference.codes("given_how"):
        assert reader.given(f"Y 2026-03-04 {code.label}", False).value == GivenIn(
            True, date(2026, 3, 4), code.code
        )


@pytest.mark.parametrize(
    ("text", "payer", "kept"),
    [
        ("MCR", "Medicare", False), ("medicare a/b", "Medicare", False), ("Humana MA", "Medicare Advantage", True),
        ("BCBS PPO", "commercial", True), ("Medicare/Medicaid", "Medicare", True), ("Martian", None, False),
    ],
)  # fmt: skip
def test_payers(words: Words, text: str, payer: str | None, kept: bool) -> None:
    read = CellReader(words, TODAY).code("payer", text, "payer")
    assert (read.value, read.keep) == (payer, kept)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("E11.9 Type 2 diabetes", [("Type 2 diabetes", "E11.9", "diabetes")]),
        ("Diabetes (e11.65)", [("Diabetes", "E11.65", "diabetes")]),
        (
            "DM2, HTN / CHF",
            [("DM2", "", "diabetes"), ("HTN", "", "hypertension"), ("CHF", "", "heart-failure")],
        ),
        ("COPD; something else", [("COPD", "", "copd"), ("something else", "", None)]),
        ("lupus, HTN", [("lupus, HTN", "", None)]),
        ("B12 deficiency", [("B12 deficiency", "", None)]),
        ("I10", [("I10", "I10", "hypertension")]),
    ],
)
def test_conditions(words: Words, text: str, found: list[tuple[str, str, str | None]]) -> None:
    read = ConditionReader(words, load_condition_tables(Reference().folder)).read(text)
    assert [(one.display, one.code, one.group) for one in read] == found


def test_a_social_need_is_no_condition(words: Words) -> None:
    (read,) = ConditionReader(words, load_condition_tables(Reference().folder)).read("Z59.0 homeless")
    assert "social need" in read.why_not


@pytest.mark.parametrize("cell", ["", " - ", "n/a", "N/A", "none", "?", "--", "tbd"])
def test_cells_that_say_nothing(words: Words, cell: str) -> None:
    assert CellReader(words, TODAY).is_empty(cell)
