"""Importing spreadsheets in tests: rows in a few words, and one call that reads, maps, plans and imports."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.exchange.caseload.actions import import_caseload
from cmp_tui.exchange.caseload.headings import Columns, corrected, guess, with_year
from cmp_tui.exchange.caseload.plan import CaseloadPlan, Choices
from cmp_tui.exchange.caseload.queries import caseload_plan
from cmp_tui.exchange.caseload.reading import SheetIn, read_caseload
from cmp_tui.exchange.caseload.words import Words, load_words

TODAY = date(2026, 11, 23)
Rows = Sequence[Sequence[object]]
PlanOf = Callable[..., CaseloadPlan]


@pytest.fixture(scope="session")
def words() -> Words:
    """The words that the program ships."""
    return load_words(Path(__file__).parents[3] / "data")


def read_rows(path: Path, words: Words, rows: Rows) -> SheetIn:
    """Writes rows as a CSV file and reads them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return read_caseload(path, words)


def columns_of(book: SheetIn, words: Words, year: int | None = 2026, **said: str) -> Columns:
    """The columns of a sheet, with what is said of them."""
    columns = corrected(guess(book, words, today=TODAY), said)
    return columns if year is None else with_year(columns, year)


@pytest.fixture
def plan_of(tmp_path: Path, words: Words) -> PlanOf:
    """Plans the import of rows, the headings first; `choices` are those of Choices, `said` of columns."""

    def make(
        clinic: Clinic, *rows: Sequence[object], said: dict[str, str] | None = None, **choices: Any
    ) -> CaseloadPlan:
        book = read_rows(tmp_path / "in.csv", words, rows)
        return clinic.read(caseload_plan, book, columns_of(book, words, **(said or {})), Choices(**choices))

    return make


@pytest.fixture
def bring(plan_of: PlanOf) -> PlanOf:
    """Plans the import of rows and imports them; returns the plan."""

    def make(clinic: Clinic, *rows: Sequence[object], **choices: Any) -> CaseloadPlan:
        plan = plan_of(clinic, *rows, **choices)
        clinic.run(import_caseload, plan)
        return plan

    return make
