"""Spreadsheets that are broken in every way: rows in are rows taken, left out or refused by name (row 40).

Encodings, byte order marks, quotes, 200 kB cells, ragged rows, formulas, damaged and dangerous workbooks. Nothing but a
sentence ends a reading; no row goes silently; what came in leaves as a file in which no spreadsheet runs anything.
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.exchange.caseload.actions import import_caseload
from cmp_tui.exchange.caseload.export import caseload_sheet
from cmp_tui.exchange.caseload.headings import guess, with_year
from cmp_tui.exchange.caseload.plan import CaseloadPlan
from cmp_tui.exchange.caseload.queries import caseload_plan
from cmp_tui.exchange.caseload.queries_out import caseload_table, staff_names
from cmp_tui.exchange.caseload.reading import read_caseload
from cmp_tui.exchange.caseload.words import Words, load_words
from cmp_tui.files.csv_out import encode_csv
from cmp_tui.files.formula import _STARTS_FORMULA
from tests.faults.common import Outcome, practice, standing
from tests.hostile import FORMULAS, MARKUP, NAMES, escapes

HEADS = [
    "ID",
    "Name",
    "DOB",
    "Phone",
    "Payer",
    "Cond 1",
    "Consent date/how",
    "Status",
    "Next due",
    "Jan",
    "Oct min",
    "Notes",
]
ENCODINGS = (
    ("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("cp1252", b""),
    ("latin-1", b""), ("utf-8", b"\xff"), ("utf-32-le", b""),
)  # fmt: skip
PLAIN = (
    "", "-", "n/a", "20", "20 min", "0:20", "24:00", "2/29/1949", "2/29/48", "2/11/48", "13/13/1950", "1948-02-11",
    "Feb 1948", "verbal 3/4/26", "Active", "deceased", "E11.9", "DM2; HTN", "512-555-0133", "#REF!", "1e309", "-1",
    "9" * 20, "Total", "Name", "DOB", "TRUE", "0", "1/1/1900", "12/31/9999", "Medicare", "x" * 5_000, "a\nb", 'a "b" c',
    "  ",
)  # fmt: skip


def cell(random: Random) -> str:
    kind = random.random()
    if kind < 0.6:
        return random.choice(PLAIN)
    if kind < 0.7:
        return random.choice(NAMES)
    if kind < 0.8:
        return random.choice(FORMULAS)
    if kind < 0.9:
        return random.choice(MARKUP)
    return random.choice(escapes(len(PLAIN)))


def table(random: Random, rows: int, name: int) -> tuple[bytes, int]:
    """A CSV file, and how many rows with something in them are below its headings; -1 when its quotes are broken."""
    separator = random.choice(",,,;\t")
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=random.choice(("\n", "\r\n")))
    writer.writerow(HEADS)
    count = 0
    for number in range(rows):
        line = [cell(random) for _ in HEADS]
        line[0] = random.choice((f"{name}-{number}", f"{name}-{number}", "7", ""))
        line[1] = random.choice(
            (
                random.choice(NAMES),
                f"{surname(name, number)}, {surname(number, name, 1)}",
                f"{surname(number, name, 2)} {surname(name, number)}",
                cell(random),
            )
        )
        good = f"{1930 + number % 50}-0{number % 9 + 1}-{number % 28 + 1:02d}"
        line[2] = random.choice((good, good, good, good, cell(random)))
        if random.random() < 0.05:
            line = line[: random.randrange(len(line))] if random.random() < 0.5 else [*line, *line]
        if random.random() < 0.02:
            line[-1:] = ["w" * 200_000]
        count += any(one.strip() for one in line)
        writer.writerow(line)
    data = text.getvalue()
    if random.random() < 0.4:
        spots = [random.randrange(len(data)) for _ in range(random.randrange(1, 6))]
        for at in spots:
            data = data[:at] + random.choice('""\n,\x00') + data[at:]
        count = -1
    encoding, mark = random.choice(ENCODINGS)
    return mark + data.encode(encoding, "replace"), count


def surname(*numbers: int) -> str:
    """A name that no other has, nor nearly."""
    return "".join(Random(str(numbers)).choices("abdeghiklmnoprstu", k=9)).title()


def workbook(random: Random, folder: Path) -> bytes:
    """A workbook with a damaged, dangerous or odd part."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(HEADS)
    for number in range(5):
        person: list[Any] = [number, f"Weiss{number}, Ruth", "2/11/48", 5125550133]
        book.active.append([*person, "=1+1", True, 1e300, None, "#N/A", 20.5, 3, "x"])
    path = folder / "odd.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice(sorted(parts))
    kind = random.randrange(8)
    if kind == 0:
        parts[name] = parts[name][: random.randrange(len(parts[name]))]
    elif kind == 1:
        data = bytearray(parts[name])
        for _ in range(8):
            data[random.randrange(len(data))] = random.randrange(256)
        parts[name] = bytes(data)
    elif kind == 2:
        parts["xl/worksheets/sheet1.xml"] = b"<a>" + b"0" * (25 * 2**20)
    elif kind == 3:
        parts[name] = (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
        )
    elif kind == 4:
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b'r="A2"', b'r="XFD2"')
    elif kind == 5:
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
            b'<row r="3"', b'<row r="99999999"'
        )
    elif kind == 6:
        parts["xl/vbaProject.bin"] = b"x"
    else:
        del parts[name]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in parts.items():
            archive.writestr(one, content)
    data = bytearray(path.read_bytes())
    if random.random() < 0.2:
        del data[random.randrange(len(data)) :]
    return bytes(data)


def plan_of(clinic: Clinic, path: Path, words: Words) -> CaseloadPlan:
    book = read_caseload(path, words)
    columns = with_year(
        guess(book, words, today=clinic.clock.today(clinic.read(lambda scope: scope.zone))), 2026
    )
    return clinic.read(caseload_plan, book, columns)


def run(files: int = 60, books: int = 40, rows: int = 25, seed: int = 1) -> Outcome:
    random = Random(seed)
    counts = dict.fromkeys(
        ("read", "refused_whole", "rows", "taken", "left_out", "refused", "lost", "runs_formula"), 0
    )
    errors, says = 0, ""
    with practice() as path:
        clinic = standing(path)
        words = load_words(clinic.reference.folder)
        for number in range(files + books):
            file = path.with_name("in.csv")
            data, expected = (
                table(random, rows, number) if number < files else (workbook(random, path.parent), -1)
            )
            file.write_bytes(data)
            try:
                plan = plan_of(clinic, file, words)
                counts["read"] += 1
                balance(counts, plan, expected)
                clinic.run(import_caseload, plan)
                again = plan_of(clinic, file, words)
                if again.of("new"):
                    errors, says = errors + 1, f"file {number}: new again: {again.of('new')[0].number}"
            except ClinicError as error:
                counts["refused_whole"] += 1
                if not str(error).rstrip().endswith((".", "?")):
                    errors, says = errors + 1, f"no sentence: {error}"
            except Exception as error:  # noqa: BLE001 - a traceback is counted
                errors, says = errors + 1, f"file {number}: {error!r}"
        counts["runs_formula"] = formulas_in(clinic, words)
        whole = clinic.verify() == []
        clinic.close_here()
    figures = {
        "files": files,
        "books": books,
        **counts,
        "verified": whole,
        "tracebacks": errors,
        "error": says,
    }
    return Outcome(errors == 0 and whole and not counts["lost"] and not counts["runs_formula"], figures)


def balance(counts: dict[str, int], plan: CaseloadPlan, expected: int) -> None:
    """Counts the rows; each is taken, left out or refused, and no more and no fewer than were written."""
    found = plan.rows_taken + plan.rows_refused + len(plan.left_out)
    counts["rows"] += plan.rows_in
    counts["taken"] += plan.rows_taken
    counts["left_out"] += len(plan.left_out)
    counts["refused"] += plan.rows_refused
    counts["lost"] += abs(plan.rows_in - found)
    if expected >= 0:
        counts["lost"] += max(0, expected - plan.rows_in)
    counts["lost"] += sum(not row.why for row in plan.of("skipped"))


def formulas_in(clinic: Clinic, words: Words) -> int:
    """How many cells of our own export a spreadsheet would run."""
    today = clinic.clock.today(clinic.read(lambda scope: scope.zone))
    table = clinic.read(caseload_table, 2026)
    sheet = caseload_sheet(table, 2026, clinic.reference, words, clinic.read(staff_names), today)
    rows = csv.reader(io.StringIO(b"".join(encode_csv(sheet)).decode()))
    limit = csv.field_size_limit(10**7)
    found = sum(one[:1] != "'" and bool(_STARTS_FORMULA.match(one)) for row in rows for one in row)
    csv.field_size_limit(limit)
    return found
