"""A spreadsheet as solo care managers keep it: one row a patient, twelve columns of minutes, notes at the end."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.bench.names import People

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HEADS = (
    "ID", "Name", "DOB", "Phone", "Best time", "PCP", "Payer", "Cond 1", "Cond 2", "Risk", "Consent date",
    "Consent how", "Care plan date", "Plan given?", "Status", "Last contact", "Outcome", "Next due", *MONTHS, "Billed?",
    "Referral open?", "Last admit/ED", "Notes",
)  # fmt: skip
ILLS = ("Diabetes", "Hypertension", "CHF", "COPD", "CKD stage 3", "Depression", "A-fib", "Osteoarthritis")
PAYERS = ("Medicare", "Medicare Advantage", "Medicaid")
NOTES = ("daughter drives", "needs strips", "hard of hearing", None)
Cell = str | int | date | None


def rows(count: int, seed: int = 7) -> Iterator[list[Cell]]:
    """So many rows under HEADS."""
    rng, people = Random(f"{seed} caseload"), People()
    for number in range(count):
        name = people.one(rng, "F" if number % 2 else "M")
        day = date(2026, 1, 5) + timedelta(days=int(rng.random() * 300))
        minutes: list[Cell] = [
            20 + int(rng.random() * 25) if rng.random() < 0.7 else None for _ in MONTHS[:10]
        ]
        yield [
            f"S{10_001 + number}", f"{name.family}, {name.given or ''}".rstrip(", "),
            date(1930, 1, 1) + timedelta(days=int(rng.random() * 14_000)), f"(312) 555-{100 + number % 100:04}",
            rng.choice(("mornings", "after 2", None)), "Dr. Levin", rng.choice(PAYERS),
            rng.choice(ILLS), rng.choice(ILLS), rng.choice(("high", "medium", "low")), day, "verbal", day,
            rng.choice(("Y", "N")), "enrolled", date(2026, 10, 1) + timedelta(days=int(rng.random() * 45)),
            rng.choice(("reached", "left VM", "no answer")), date(2026, 12, 1) + timedelta(days=number % 28),
            *minutes, None, None, rng.choice(("Y", "N")), rng.choice(("Y", "N", None)),
            day if rng.random() < 0.1 else None, rng.choice(NOTES),
        ]  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """As a spreadsheet program saves it: days as month/day/year."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADS)
        for row in rows(count):
            writer.writerow([f"{cell:%m/%d/%Y}" if isinstance(cell, date) else cell for cell in row])


def write_xlsx(path: Path, count: int) -> None:
    """The same as a workbook, days as days."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Caseload")
    sheet.append(HEADS)
    for row in rows(count):
        sheet.append(row)
    book.save(path)
