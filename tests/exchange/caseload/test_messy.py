"""A tracker of 2,000 rows with all its mistakes comes in, and what leaves is what came."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.actions import import_caseload
from cmp_tui.exchange.caseload.export import caseload_sheet
from cmp_tui.exchange.caseload.headings import guess
from cmp_tui.exchange.caseload.plan import CaseloadPlan, Choices
from cmp_tui.exchange.caseload.queries import caseload_plan
from cmp_tui.exchange.caseload.queries_out import caseload_table, staff_names
from cmp_tui.exchange.caseload.reading import SheetIn, read_caseload
from cmp_tui.exchange.caseload.words import Words
from cmp_tui.files.csv_out import encode_csv
from tests.exchange.caseload.conftest import TODAY
from tests.messy import MONTHS, YEAR, Book, Truth, write


def planned(clinic: Clinic, book: SheetIn, words: Words) -> CaseloadPlan:
    return clinic.read(caseload_plan, book, guess(book, words, today=TODAY), Choices())


def left(clinic: Clinic, words: Words) -> bytes:
    table = clinic.read(caseload_table, YEAR)
    sheet = caseload_sheet(table, YEAR, clinic.reference, words, clinic.read(staff_names), TODAY)
    return b"".join(encode_csv(sheet))


@pytest.mark.timeout(180)
def test_it_comes_in_and_leaves_the_same(clinic: Clinic, words: Words, tmp_path: Path) -> None:
    truth = write(tmp_path / "messy.xlsx")
    book = read_caseload(tmp_path / "messy.xlsx", words)
    plan = planned(clinic, book, words)
    assert (book.sheet, book.heading_row) == ("Caseload", 5)
    assert any("Old 2025 (hidden)" in said for said in book.said)
    the_preview_can_be_trusted(plan, truth)
    done = clinic.run(import_caseload, plan)
    assert done.patients == len(truth.people)

    # The same file again, and what we export of it: nothing new.
    again = planned(clinic, book, words)
    assert (again.empty, {row.state for row in again.rows}) == (True, {"same", "skipped"})
    out = left(clinic, words)
    (tmp_path / "out.csv").write_bytes(out)
    nothing_new(planned(clinic, read_caseload(tmp_path / "out.csv", words), words), len(truth.people))

    # And what left is what came.
    rows = {row["DOB"]: row for row in csv.DictReader(io.StringIO(out.decode()))}
    assert len(rows) == len(truth.people)
    for person in truth.people:
        assert said_of(rows[person.birth.isoformat()]) == true_of(person)


def the_preview_can_be_trusted(plan: CaseloadPlan, truth: Book) -> None:
    """Every row of the sheet is accounted for, each as it should be."""
    new = {row.number: row for row in plan.of("new")}
    skipped = {row.number: row for row in plan.of("skipped")}
    assert set(new) == {person.row for person in truth.people}
    assert {number: row.number for row in plan.rows for number in row.more} == truth.merged
    assert set(skipped) == {*truth.looks_like, *truth.sorted_half, *truth.unreadable}
    assert all(skipped[number].why.startswith("looks like") for number in truth.looks_like)
    assert all("the record number is that of" in skipped[number].why for number in truth.sorted_half)
    assert all("DOB" in skipped[number].why for number in truth.unreadable)
    assert {one.number for one in plan.left_out} == set(truth.left_out)
    assert {fault.number for fault in plan.faults} == {*truth.errors, *truth.unreadable}
    assert plan.rows_in == truth.rows == plan.rows_taken + plan.rows_refused + len(plan.left_out)
    assert plan.wrong


def nothing_new(plan: CaseloadPlan, people: int) -> None:
    assert {row.state for row in plan.rows} == {"same"}
    assert (len(plan.rows), plan.wrong, plan.faults, plan.left_out) == (people, False, [], [])
    assert not any(row.differs for row in plan.rows)


def true_of(person: Truth) -> dict[str, Any]:
    """What is true of a person, in plain values."""
    facts = person.facts
    day, how = facts["consent"] or ("", "")
    last, outcome = facts["last"] or ("", "")
    return {
        "id": person.mrn or "made",
        "name": sorted(fold(f"{person.family} {person.given}").split()),
        "phones": sorted(facts["phones"]),
        "best": facts["best"],
        "pcp": facts["pcp"],
        "payer": facts["payer"],
        "conditions": sorted(fold(one) for one in facts["conditions"]),
        "risk": str(facts["risk"]),
        "consent": (str(day), how),
        "plan": (str(facts["plan"] or ""), facts["given"]),
        "status": facts["status"] or ("active" if day else ""),
        "last": (str(last), outcome),
        "due": str(facts["due"] or ""),
        "minutes": {month: minutes for month, minutes in person.minutes.items() if minutes},
        "words": (facts["billed"], facts["referral"], facts["admit"], facts["notes"]),
    }


def said_of(row: dict[str, str]) -> dict[str, Any]:
    """What our export says of a person, in plain values."""
    statuses = {"enrolled": "active", "on hold": "onhold", "ended": "finished", "planned": "planned", "": ""}
    return {
        "id": "made" if row["ID"].startswith("T-") else row["ID"],
        "name": sorted(fold(row["Name"]).split()),
        "phones": sorted(re.sub(r"[^0-9]", "", one) for one in row["Phone"].split(";") if one),
        "best": row["Best time"],
        "pcp": row["PCP"],
        "payer": row["Payer"],
        "conditions": sorted(fold(row[name]) for name in row if name.startswith("Cond ") and row[name]),
        "risk": row["Risk"],
        "consent": (row["Consent date"], row["Consent how"]),
        "plan": (row["Care-plan date"], row["Plan given?"] == "Y"),
        "status": statuses[row["Status"]],
        "last": (row["Last contact"], {"spoke with pt": "reached"}.get(row["Outcome"], row["Outcome"])),
        "due": row["Next due"],
        "minutes": {
            n: int(row[f"{name} {YEAR} min"]) for n, name in enumerate(MONTHS, 1) if row[f"{name} {YEAR} min"]
        },
        "words": (row["Billed?"], row["Referral open?"], row["Last admit/ED"], row["Notes"]),
    }
