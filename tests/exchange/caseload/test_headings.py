"""What columns mean: many spellings, months, content, corrections, and what is remembered."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.errors import Invalid
from cmp_tui.exchange.caseload.headings import Columns, corrected, guess, with_year
from cmp_tui.exchange.caseload.months import MonthHead, month_head
from cmp_tui.exchange.caseload.reading import read_caseload
from cmp_tui.exchange.caseload.words import Words, load_words
from cmp_tui.files.sheet_in import Cell
from tests.exchange.caseload.conftest import TODAY, read_rows

TRACKER = (
    "ID", "Name", "DOB", "Phone", "Best time", "PCP", "Payer", "Cond 1", "Cond 2", "Risk",
    "Consent date/how",
    "Care-plan date", "Plan given?", "Status", "Last contact", "Outcome", "Next due", "Jan", "Dec minutes", "Billed?",
    "Referral open?", "Last admit/ED", "Notes",
)  # fmt: skip


def guessed(tmp_path: Path, words: Words, headings: tuple[str, ...], *rows: object) -> Columns:
    below: Any = rows or [("1",) * len(headings)]
    book = read_rows(tmp_path / "in.csv", words, [headings, *below])
    return guess(book, words, today=TODAY)


def test_the_trackers_own_headings(tmp_path: Path, words: Words) -> None:
    columns = guessed(tmp_path, words, TRACKER).columns
    assert [one.meaning for one in columns] == [
        "mrn", "name", "birth_date", "phone", "best_time", "pcp", "payer", "condition", "condition", "risk",
        "consent", "plan_date", "plan_given", "status", "last_contact", "outcome", "next_due", "minutes", "minutes",
        "note", "note", "note", "note",
    ]  # fmt: skip
    assert [(one.month, one.year) for one in columns if one.meaning == "minutes"] == [(1, None), (12, None)]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("D.O.B.", "birth_date"),
        ("Date of Birth (mm/dd/yyyy)", "birth_date"),
        ("PATIENT'S NAME", "name"),
        ("Name (Last, First)", "name"),
        ("last_name", "family"),
        ("MRN #", "mrn"),
        ("Dx3", "condition"),
        ("ICD-10 Codes", "condition"),
        ("Phone 2", "phone"),
        ("Cell", "phone"),
        ("Insurance", "payer"),
        ("Consent Date", "consent_date"),
        ("Consent - how", "consent_how"),
        ("Date of last call", "last_contact"),
        ("F/U date", "next_due"),
        ("CCM Status", "status"),
        ("Enrollment Date", "enrolled_on"),
        ("Brith Date", "birth_date"),
        ("Caregiver phone", "note"),
        ("PCP phone", "note"),
        ("Hobbies", "note"),
        ("May leave message", "note"),
    ],
)
def test_spellings(tmp_path: Path, words: Words, heading: str, meaning: str) -> None:
    others = ("Something", "Else") if meaning != "note" else ("Name", "DOB")
    assert guessed(tmp_path, words, (heading, *others)).columns[0].meaning == meaning


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("Jan", (1, None, None)),
        ("Sept. mins", (9, None, None)),
        ("CCM time - March 2026", (3, 2026, None)),
        ("Minutes Oct", (10, None, None)),
        ("Jan-26", (1, 2026, None)),
        ("Feb '26", (2, 2026, None)),
        ("26-Jan", (1, None, 26)),
        ("04/2026", (4, 2026, None)),
        ("2026-11 min", (11, 2026, None)),
        ("11/26", (11, 2026, None)),
        (date(2026, 5, 1), (5, 2026, None)),
        (date(2026, 5, 31), (5, 2026, None)),
        (date(2026, 1, 26), (1, 2026, 26)),
        ("May leave message", None),
        ("Jan billed?", None),
        ("Marital status", None),
        ("2026", None),
        ("Last seen 3/4/26", None),
    ],
)
def test_months(words: Words, heading: Cell, found: tuple[int, int | None, int | None] | None) -> None:
    assert month_head(heading, words) == (MonthHead(*found) if found else None)


def test_headings_that_a_spreadsheet_made_into_days(tmp_path: Path, words: Words) -> None:
    columns = guessed(tmp_path, words, ("Name", "26-Jan", "26-Feb", "26-Mar"))
    assert columns.needs_year
    assert columns.year_guess == 2026
    assert [one.month for one in columns.of("minutes")] == [1, 2, 3]
    days = guessed(tmp_path, words, ("Name", "3-Jan", "9-Jan", "12-Jan"))
    assert days.of("minutes") == []


def test_columns_without_headings_are_told_by_what_is_in_them(tmp_path: Path, words: Words) -> None:
    rows = [
        ("Ruiz, Ana", "2/11/1948", "512-555-0133", "1EG4-TE5-MK73", "x"),
        ("Bell, Tom", "3/1/1950", "512-555-0134", "1EG4TE5MK74", "y"),
        ("Weiss, Ruth", "12/9/1939", "512-555-0135", "1EG4-TE5-MK75", "z"),
    ]
    book = read_rows(tmp_path / "in.csv", words, rows)
    columns = guess(book, words, today=TODAY)
    assert [one.meaning for one in columns.columns] == ["name", "birth_date", "phone", "mbi", "note"]
    assert book.headings == tuple(f"Column {letter}" for letter in "ABCDE")
    assert len(book.rows) == 3


def test_dates_of_work_are_no_birth_dates(tmp_path: Path, words: Words) -> None:
    rows = [("Ruiz, Ana", "2/11/2026"), ("Bell, Tom", "3/1/2026"), ("Weiss, Ruth", "12/9/2025")]
    assert guessed(tmp_path, words, ("Who is it", "When"), *rows).columns[1].meaning == "note"


def test_corrections(tmp_path: Path, words: Words) -> None:
    columns = guessed(tmp_path, words, ("Name", "Misc", "Misc", "M1"))
    made = corrected(columns, {"misc": "ignore", "Misc (2)": "best-time", "M1": "minutes:2026-01"})
    assert [one.option for one in made.columns] == ["name", "ignore", "best_time", "minutes:2026-01"]
    assert [one.how for one in made.columns] == ["heading", "said", "said", "said"]
    for wrong in ({"Nothing": "note"}, {"Misc": "colour"}, {"M1": "minutes:13"}, {"M1": "minutes"}):
        with pytest.raises(Invalid):
            corrected(columns, wrong)
    with pytest.raises(Invalid):
        with_year(columns, 26)


def test_what_was_said_is_as_last_time(tmp_path: Path, words: Words) -> None:
    columns = guessed(tmp_path, words, ("Name", "Misc", "Jan"))
    said = with_year(corrected(columns, {"Misc": "ignore"}), 2026)
    kept = {said.signature: said.to_keep()}
    book = read_rows(tmp_path / "in.csv", words, [("NAME", "misc.", "JAN"), ("Ruiz, Ana", "x", "20")])
    again = guess(book, words, kept, today=TODAY)
    assert again.signature == said.signature
    assert again.remembered  # case and punctuation make no other sheet
    assert again.columns[1].meaning == "ignore"
    book = read_rows(tmp_path / "in.csv", words, [("Name", "Misc", "Jan"), ("Ruiz, Ana", "x", "20")])
    again = guess(book, words, kept, today=TODAY)
    assert [(one.meaning, one.how) for one in again.columns] == [
        ("name", "heading"), ("ignore", "last time"), ("minutes", "heading"),
    ]  # fmt: skip
    assert again.needs_year
    assert again.year_guess == 2026  # a new year begins: the year is asked again
    damaged = {said.signature: {"columns": {"Name": "nonsense"}}}
    assert guess(book, words, damaged, today=TODAY).columns[0].meaning == "name"


def test_titles_above_and_headings_in_two_rows(tmp_path: Path, words: Words) -> None:
    rows = [
        ("Lakeside tracker 2025",),
        ("", "", "Consent", "", "Care plan", "", "2026", ""),
        ("ID", "Name", "Date", "How", "Date", "Given?", "Jan", "Feb"),
        ("7", "Ruiz, Ana", "3/4/26", "verbal", "3/10/26", "Y", "20", "15"),
    ]
    book = read_rows(tmp_path / "in.csv", words, rows)
    assert book.above == ("Lakeside tracker 2025",)
    assert book.headings == ("ID", "Name", "Consent Date", "Consent How", "Care plan Date", "Care plan Given?",
                             "Jan 2026", "Feb 2026")  # fmt: skip
    columns = guess(book, words, today=TODAY)
    assert [one.option for one in columns.columns][2:] == [
        "consent_date", "consent_how", "plan_date", "plan_given", "minutes:2026-01", "minutes:2026-02",
    ]  # fmt: skip
    assert len(book.rows) == 1


def test_headings_that_go_on_below(tmp_path: Path, words: Words) -> None:
    rows = [
        ("ID", "Name", "DOB", "Consent", "", "Minutes 2026", ""),
        ("", "", "", "Date", "How", "Jan", "Feb"),
        ("7", "Ruiz, Ana", "2/11/48", "3/4/26", "verbal", "20", "15"),
    ]
    book = read_rows(tmp_path / "in.csv", words, rows)
    assert book.headings == ("ID", "Name", "DOB", "Consent Date", "Consent How", "Jan 2026", "Feb 2026")
    assert len(book.rows) == 1


def test_a_sheet_is_chosen_and_named(tmp_path: Path, words: Words) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["Legend", "of risk"])
    for name, state in (("Old", "hidden"), ("Now", "visible")):
        sheet = book.create_sheet(name)
        sheet.append(["ID", "Name", "DOB", "Phone", "PCP", "Status"])
        sheet.append([1, f"{name}, Ana", date(1948, 2, 11)])
        sheet.sheet_state = state
    book.save(tmp_path / "in.xlsx")
    read = read_caseload(tmp_path / "in.xlsx", words)
    assert read.sheet == "Now"
    assert "Sheet, Old (hidden)" in read.said[0]
    assert read_caseload(tmp_path / "in.xlsx", words, "old").rows[0].cells[1] == "Old, Ana"


def test_the_shipped_words_are_sound() -> None:
    made = load_words(Path(__file__).parents[3] / "data")
    assert made.meaning_of("date of birth") == "birth_date"
    from cmp_tui.clinic.reference import Reference

    reference = Reference()
    columns = {
        "outcome": "outcome", "with_whom": "with_whom", "contact_mode": "mode", "consent_mode": "consent_mode",
        "decision": "decision", "given_how": "given_how", "payer": "payer", "sex": "sex", "phone_use": "phone_use",
        "status": "enrollment_status",
    }  # fmt: skip
    for name, column in columns.items():
        for value in set(made.phrases[name].exact.values()):
            assert reference.known(column, value), (name, value)
    from cmp_tui.patients.coding import load_condition_tables

    groups = {group.id for group in load_condition_tables(reference.folder).group_list}
    assert set(made.phrases["conditions"].exact.values()) <= groups
