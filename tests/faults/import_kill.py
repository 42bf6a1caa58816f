"""An import that is killed at any moment has brought in everything or nothing, and runs to its end again (row 42)."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange.queries_known import MODELS
from cmp_tui.patients.model import Patient
from tests.faults.common import Outcome, command, killed_at_random, practice, standing
from tests.faults.reimport import person, write

KEYS = ("id", "patient", "care_manager", "version", "source_version")
"""What is made anew at each import."""


def content(scope: Scope) -> list[tuple[str, ...]]:
    """Everything that an import writes, without the keys that it makes."""
    names = {row.id: row.source for row in Patient.live()}
    found = []
    for kind, model in MODELS.items():
        fields = [name for name in model._meta.fields if name not in KEYS]
        for row in model.live():
            of = names.get(getattr(row, "patient", b""), "")
            found.append((kind, of, *(repr(getattr(row, name)) for name in fields)))
    return sorted(found)


def bring(path: Path, folder: Path) -> None:
    command(path, "import", "fhir", folder, "--yes")


class Clinics:
    """Copies of one empty clinic file, each for one kill."""

    def __init__(self, template: Path) -> None:
        self._template = template

    def fresh(self) -> Path:
        path = self._template.with_name("killed.cmp")
        for tail in ("", "-wal", "-shm"):
            Path(f"{path}{tail}").unlink(missing_ok=True)
        shutil.copyfile(self._template, path)
        path.chmod(0o600)
        return path


def look(path: Path) -> tuple[list[tuple[str, ...]], list[Any], Clinic]:
    clinic = standing(path)
    return clinic.read(content), clinic.verify(), clinic


def run(kills: int = 16, people: int = 60, seed: int = 1) -> Outcome:
    random, counts, wrong = Random(seed), Counter[str](), list[str]()
    with practice() as template:
        folder = template.parent / "in"
        folder.mkdir()
        write(folder, [person(number) for number in range(people)], random)
        clinics = Clinics(template)
        path = clinics.fresh()
        began = time.perf_counter()
        bring(path, folder)
        seconds = time.perf_counter() - began
        whole, _, clinic = look(path)
        clinic.close_here()
        for turn in range(kills):
            path = clinics.fresh()
            counts["killed"] += killed_at_random(bring, path, folder, seconds=2 * seconds, random=random)
            found, damage, clinic = look(path)
            counts["nothing" if not found else "all" if found == whole else "between"] += 1
            clinic.close_here()
            bring(path, folder)
            again, more_damage, clinic = look(path)
            clinic.close_here()
            if again != whole:
                counts["not_completed"] += 1
                wrong.append(f"kill {turn}: {len(again)} rows after the second run, not {len(whole)}")
            wrong += [f"kill {turn}: {finding.says}" for finding in (*damage, *more_damage)]
    figures = {
        "kills": kills,
        "rows": len(whole),
        **{name: counts[name] for name in ("killed", "nothing", "all", "between", "not_completed")},
        "findings": len(wrong) - counts["not_completed"],
        "error": "; ".join(wrong[:3]),
    }
    tried = counts["nothing"] > 0 and len(whole) > people
    return Outcome(not wrong and not counts["between"] and tried, figures)
