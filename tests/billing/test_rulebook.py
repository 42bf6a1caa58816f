"""The rules as data: every row has its source and days; a bad file is named with its line."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from cmp_tui.billing.programs import threshold
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference, shipped
from cmp_tui.enrollment.programs import PROGRAMS, rulebook

CODES = """99490 99439 99491 99437 99487 99489 G0506 99424 99425 99426 99427 99495 99496 99484 99492 99493 99494 G2214
G0556 G0557 G0558 G0568 G0569 G0570 99445 99453 99454 99457 99458 99470 G0019 G0022 G0023 G0024 G0511 G0512"""


def test_every_code_of_every_program_is_there_with_its_source_and_days() -> None:
    rules = rulebook(Reference())
    there = {code.code for program in rules.programs.values() for code in program.codes}
    assert there == set(CODES.split())
    for program in rules.programs.values():
        for row in (*program.needs, *program.families, *program.codes, *program.clauses.values()):
            assert row.source and row.trust in "PSRD"
            assert date(2022, 1, 1) <= row.since <= row.until <= date(2026, 12, 31)
            assert row.checked_on == date(2026, 11, 20)


def test_codes_begin_when_they_began() -> None:
    rules = rulebook(Reference())
    in_2025 = {
        code.code for program in rules.on(date(2025, 12, 31)).programs.values() for code in program.codes
    }
    assert set(CODES.split()) - in_2025 == {"G0511", "G0568", "G0569", "G0570", "99445", "99470"}
    assert "APCM" not in rules.on(date(2024, 12, 31)).programs
    assert (rules.first_day, rules.last_day) == (date(2022, 1, 1), date(2026, 12, 31))


def test_thresholds_for_lists() -> None:
    reference = Reference()
    staff = threshold(reference, "CCM", date(2026, 11, 1))
    own = threshold(reference, "CCM", date(2026, 11, 1), "practitioner")
    assert staff and (staff.first, staff.step, staff.most) == (20, 20, 60)
    assert own and (own.first, own.step) == (30, 30)
    assert threshold(reference, "CCM", date(2027, 1, 1)) is None
    assert threshold(reference, "NONE", date(2026, 11, 1)) is None


@pytest.mark.parametrize(
    ("file", "find", "put", "says"),
    [
        ("ccm", "cap = 2", 'cap = "two"', "cap is a whole number"),
        ("ccm", "cap = 2", "cab = 2", "cab is not known here"),
        (
            "pcm",
            'source = ["UTH-PCM", "WILL-PCM"]',
            'source = ["NOBODY"]',
            "NOBODY is not in billing_sources.toml",
        ),
        ("bhi", 'trust = "P"', 'trust = "X"', "trust is one of P, S, R, D"),
        ("rpm", 'after = "99457"', 'after = "99999"', "which is not in this file"),
        ("exclusions", 'who = "different"', "", "who is missing"),
        ("general", "[mbi]", "[mbj]", r"\[mbi\] is missing"),
        ("ccm", 'program = "CCM"', "program = ", "ccm.toml can't be read.*line 4"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, file: str, find: str, put: str, says: str) -> None:
    own = tmp_path / "own"
    (own / "programs").mkdir(parents=True)
    text = (shipped("data") / "programs" / f"{file}.toml").read_text(encoding="utf-8")
    assert find in text
    (own / "programs" / f"{file}.toml").write_text(text.replace(find, put, 1), encoding="utf-8")
    with pytest.raises(Stopped, match=says) as wrong:
        rulebook(Reference(own=own))
    assert f"{file}.toml" in str(wrong.value)
    assert "line " in str(wrong.value)


def test_the_clinics_own_file_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "programs").mkdir()
    for name in PROGRAMS:
        shutil.copy(shipped("data") / "programs" / f"{name}.toml", tmp_path / "programs")
    file = tmp_path / "programs" / "ccm.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("minutes = 20", "minutes = 25"), encoding="utf-8"
    )
    own = threshold(Reference(own=tmp_path), "CCM", date(2026, 11, 1))
    assert own and own.first == 25
