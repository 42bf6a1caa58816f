"""Many processes edit one record: each edit is kept or its conflict told, none is lost in silence (row 4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cmp_tui.clinic.errors import Conflict
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient
from tests.faults.common import Outcome, append, hurt_me, processes, reopened


def shown(scope: Scope) -> tuple[bytes, int, str]:
    row = Patient.get(Patient.mrn == "0")
    return row.id, row.version, row.remarks or ""


def work(number: int, path: Path, count: int) -> dict[str, Any]:
    clinic = reopened(path)
    kept, told, errors, says = [], 0, 0, ""
    for step in range(count):
        key, version, text = clinic.read(shown)
        word = f"{number}-{step}"
        try:
            clinic.run(append, key, version, f"{text} {word}")
        except Conflict:
            told += 1
        except Exception as error:  # noqa: BLE001 - each is counted
            errors, says = errors + 1, repr(error)
        else:
            kept.append(word)
    clinic.close_here()
    return {"kept": kept, "told": told, "errors": errors, "error": says}


def run(procs: int = 8, edits: int = 40) -> Outcome:
    with hurt_me() as path:
        reports = processes(work, procs, path, edits)
        clinic = reopened(path)
        _, version, text = clinic.read(shown)
        found = clinic.verify()
        clinic.close_here()
    kept = [word for report in reports for word in report.get("kept", ())]
    told = sum(report.get("told", 0) for report in reports)
    errors = sum(report["errors"] for report in reports)
    lost = set(kept) - set(text.split())
    figures = {
        "edits": procs * edits,
        "kept": len(kept),
        "told": told,
        "lost": len(lost),
        "errors": errors,
        "findings": len(found),
        "error": next((report["error"] for report in reports if report["error"]), ""),
    }
    whole = len(kept) + told == procs * edits and version == 1 + len(kept)
    return Outcome(whole and not lost and not errors and not found and told > 0, figures)
