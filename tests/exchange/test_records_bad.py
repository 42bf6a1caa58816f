"""Records folders with mistakes: each is named with its file and line, and the rest comes in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.encounters.model import Visit
from tests.exchange.records_folder import bring, counts, living, notes, plan, put, refused

ANA = """
    mrn,family,given
    M1,Ruiz,Ana
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one patient."""
    return put(tmp_path / "in", patients=ANA)


VISITS = "em, awv, ippe, tcm, other"
MDM = "straightforward, low, moderate, high"


def test_what_cannot_be_read_is_named_and_the_rest_comes_in(clinic: Clinic, folder: Path) -> None:
    content = (
        b"\xef\xbb\xbfMRN,Date, kind ,colour,mdm\r\n"
        b"M1,2026-01-01,em,red,\r\n"
        b"M9,2026-01-02,em,,\r\n"
        b"M1,2026-01-03,dance,,huge\r\n"
        b"M1,01/04/2026,em,,\r\n"
        b"M1,2026-01-05,em\r\n"
        b"M1,2026-01-06,em,caf\xe9,\r\n"
        b'M1,2026-01-07,em,"never closed,\r\n'
        b'M1,2026-01-08,em,"a ""quoted"" word",low\r\n'
        b",,,,\r\n"
        b"\r\n"
        b"M1,2026-01-09,em,,"
    )
    made = bring(clinic, put(folder, visits=content))
    assert refused(made) == [
        'visits.csv:3 mrn: there is no patient "M9" here or in patients.csv.',
        f'visits.csv:4 kind: "dance" is not one of: {VISITS}. mdm: "huge" is not one of: {MDM}.',
        'visits.csv:5 date: "01/04/2026" is not a date. Write it like 2026-11-30.',
        "visits.csv:6 3 cells stand under 5 headings.",
        "visits.csv:7 this is not UTF-8 text. Save the file as CSV UTF-8.",
        "visits.csv:8 a quote is opened here and never closed. Close it and read the file again.",
    ]
    assert notes(made) == ['visits.csv:0 the column "colour" is not known here and was left out.']
    assert living(clinic, Visit, "date") == [(date(2026, 1, day),) for day in (1, 8, 9)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "patients.csv:1 the file is empty; it needs at least a row of headings."),
        (b"family,given\nA,B\n", "patients.csv:1 the column mrn is missing; no row can be read without it."),
        (b"mrn,mrn\nA,B\n", "patients.csv:1 two columns are called mrn."),
        (b"mrn,nam\xe9\nA,B\n", "patients.csv:1 this is not UTF-8 text."),
        (b'mrn,"x\nA,B\n', "patients.csv:1 a quote is opened here and never closed."),
    ],
)
def test_a_file_without_its_headings(clinic: Clinic, tmp_path: Path, content: bytes, sentence: str) -> None:
    made = plan(clinic, put(tmp_path / "in", patients=content))
    assert refused(made)[0].startswith(sentence)
    assert (made.wrong, made.empty) == (True, True)


def test_files_that_are_not_ours_are_named_and_left(clinic: Clinic, folder: Path) -> None:
    (folder / "notes.txt").write_text("x")
    (folder / "history.csv").write_text("x")
    (folder / "visits.csv").mkdir()
    made = bring(clinic, folder)
    assert made.left == {
        "history.csv": "the history is never imported",
        "notes.txt": "not a file of the records folder",
        "visits.csv": "not an ordinary file",
    }
    assert not made.wrong


def test_facts_that_break_a_rule_come_in(clinic: Clinic, folder: Path) -> None:
    made = bring(
        clinic,
        put(
            folder,
            staff="username,credential\nmoss,MA",
            enrollments="mrn,program,start,status\nM1,CCM,2026-01-01,active\nM1,APCM,2026-01-01,active",
            complexity="mrn,month,practitioner,mdm\nM1,2026-10,moss,high",
            time_entries="""
                mrn,staff,start,end,program,activity
                M1,ben,2026-10-05T09:00,2026-10-05T09:30,CCM,call
                M1,moss,2026-10-05T09:10,2026-10-05T09:40,APCM,call
                M1,moss,2027-10-05T09:10,2027-10-05T09:40,APCM,call
            """,
        ),
    )
    assert (refused(made), counts(made, "time_entries"), counts(made, "enrollments")) == (
        [],
        {"new": 3},
        {"new": 2},
    )
