"""Texts that a spreadsheet would run as formulas: none starts a cell of an export, all come back unchanged (row 32)."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

from cmp_tui.clinic.staff import add_staff
from cmp_tui.clinic.text import clean
from cmp_tui.contacts.actions import edit_entry
from cmp_tui.desk.actions import log_contact
from cmp_tui.files.csv_in import read_table
from cmp_tui.files.csv_out import encode_csv
from cmp_tui.files.sheet import Column, Sheet
from cmp_tui.patients.actions import add_patient
from tests.faults.common import Outcome, command, practice, standing
from tests.hostile import FORMULAS

RUNS = re.compile("^[\\s\"'“”‘’\u00a0]*[=+\\-@\t\r＝＋－＠﹢﹣−]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MONTH = "2026-11"


def fill(path: Path, texts: list[str]) -> dict[str, dict[str, str]]:
    """A patient for each text, who has it in every word of the time log; returns what stands in the file."""
    clinic = standing(path)
    stored: dict[str, dict[str, str]] = {}
    for number, text in enumerate(texts):
        patient = clinic.run(
            add_patient, mrn=f"{text} {number}", family=text, given=text, billing_practitioner=f"{text} MD"
        )
        logged = clinic.run(
            log_contact,
            patient.id,
            mode="phone",
            outcome="reached",
            minutes=2,
            did=text,
            why=f"{text}\n{text}",
        )
        clinic.run(edit_entry, logged.entries[0].id, None, why=text, note=text, minutes=1)
        stored[patient.mrn] = {
            "patient": f"{patient.family}, {patient.given}",
            "practitioner": patient.billing_practitioner,
            "amended_why": clean(text).text,
        }
    clinic.close_here()
    return stored


class Watch:
    """The cells that were looked at."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def cells(self, where: str, data: bytes) -> None:
        """Looks at each cell as a spreadsheet program reads it."""
        for row in csv.reader(io.StringIO(data.decode(), newline="")):
            for value in row:
                self.counts["cells"] += 1
                if RUNS.match(value) and not value.startswith("'") and not NUMBER.fullmatch(value):
                    self.counts["formulas"] += 1
                    self.wrong.append(f"{where}: {value!r}")
                self.counts["defused"] += value.startswith("'")

    def comes_back(self, path: Path, stored: dict[str, dict[str, str]]) -> None:
        for _, row in read_table(path):
            kept = stored[row["mrn"]]
            self.counts["rows"] += 1
            for name, text in kept.items():
                if row[name] != text:
                    self.counts["changed"] += 1
                    self.wrong.append(f"{name}: {row[name]!r} for {text!r}")

    def workbook(self, path: Path) -> None:
        """A workbook's texts are texts: no formula, no cell without a type but numbers."""
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                xml = archive.read(name).decode()
                self.counts["xlsx_cells"] += xml.count("<c ")
                if "<f>" in xml or "<f " in xml or "externalLink" in xml or "<definedName" in xml:
                    self.wrong.append(f"{name} holds a formula")


def plain_round(texts: list[str], folder: Path, watch: Watch) -> None:
    """Any text at all, the defused ones too, through the writer and the reader of lists."""
    several = [*texts, *(f"'{text}" for text in texts), *(f"''{text}" for text in texts), "'", "''", "'a"]
    path = folder / "plain.csv"
    columns = (Column("a"), *(Column(text.strip() or "x") for text in texts[1:3]))
    path.write_bytes(b"".join(encode_csv(Sheet("x", columns, ((text, text, text) for text in several)))))
    watch.cells("a list", path.read_bytes())
    back = [row for _, row in read_table(path)]
    for text, row in zip(several, back, strict=True):
        watch.counts["rows"] += 1
        if set(row.values()) != {text} or set(row) != {column.name for column in columns}:
            watch.counts["changed"] += 1
            watch.wrong.append(f"a list: {row!r} for {text!r}")


def run(patterns: int = len(FORMULAS)) -> Outcome:
    texts, watch = list(FORMULAS[:patterns]), Watch()
    with practice() as path:
        clinic = standing(path)
        name = "=1+1 Ruiz"
        clinic.run(add_staff, username="eve", name=name, credential="RN", roles=frozenset({"care-manager"}))
        clinic.close_here()
        stored = fill(path, texts)
        for number, more in enumerate(((), ("--notes",), ("--by", "patient"))):
            out = path.with_name(f"log{number}.csv")
            for line in ((), ("-o", out)):
                said = command(path, "export", "time-log", "--month", MONTH, *more, *line)
                if said.status:
                    watch.wrong.append(said.told)
                watch.cells(f"time log {more}", said.out or out.read_bytes())
        watch.comes_back(path.with_name("log0.csv"), stored)
        command(path, "export", "time-log", "--month", MONTH, "--notes", "-o", path.with_name("log.xlsx"))
        watch.workbook(path.with_name("log.xlsx"))
        plain_round(texts, path.parent, watch)
    figures = {
        "patterns": len(texts),
        **{
            name: watch.counts[name]
            for name in ("cells", "defused", "formulas", "rows", "changed", "xlsx_cells")
        },
        "error": "; ".join(watch.wrong[:10]),
    }
    return Outcome(
        not watch.wrong and watch.counts["defused"] > len(texts) and watch.counts["rows"] > 0, figures
    )
