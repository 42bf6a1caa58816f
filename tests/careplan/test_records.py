"""A plan in the records folder: FHIR's words in its files, and the same plan again in a fresh clinic file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from cmp_tui.careplan.actions import (
    add_barrier,
    add_goal,
    add_intervention,
    edit_plan,
    record_progress,
    set_state,
    settle_intervention,
)
from cmp_tui.careplan.queries import as_content, version_content, whole_plan
from cmp_tui.careplan.version_actions import finish_review
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.queries import by_mrn
from tests.exchange.records_folder import bring, export, fresh, refused


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _without_keys(value: Any) -> Any:
    """A content without the keys of records: those of the new file are others."""
    if isinstance(value, dict):
        return {name: _without_keys(one) for name, one in value.items() if name not in ("id", "key")}
    if isinstance(value, list):
        return [_without_keys(one) for one in value]
    return value


def test_a_plan_goes_out_in_fhirs_words_and_comes_back(
    clinic: Clinic, ana: bytes, sugar: bytes, tmp_path: Path
) -> None:
    clinic.run(add_barrier, ana, kind="cost", goal=sugar, words="strips are 40 a month")
    step = clinic.run(add_intervention, ana, title="Order strips", goal=sugar, responsible="care-manager").id
    clinic.run(settle_intervention, step)
    clinic.run(record_progress, sugar, value=8.4, note="from the pharmacy")
    clinic.run(record_progress, sugar, achievement="improving")
    walk = clinic.run(
        add_goal, ana, title="Walk", unit="days a week", direction="above", target=5, weight=2
    ).id
    clinic.run(record_progress, walk, scale=1, value=3)
    clinic.run(set_state, walk, "on-hold")
    clinic.run(edit_plan, ana, None, matters="My garden", signs={"911": ["Chest pain"]})
    clinic.run(finish_review, ana, approval={"by": "Dr. Levin", "how": "by phone"})
    export(clinic, tmp_path / "out")

    goals = {row["title"]: row for row in _rows(tmp_path / "out", "goals")}
    assert (goals["A1c under 8"]["lifecycle"], goals["A1c under 8"]["achievement"]) == ("active", "improving")
    assert goals["Walk"]["lifecycle"] == "on-hold"
    assert _rows(tmp_path / "out", "interventions")[0]["status"] == "completed"
    assert _rows(tmp_path / "out", "plan_versions")[0]["approved_how"] == "by phone"

    again = fresh(tmp_path / "fresh.cmp")
    assert refused(bring(again, tmp_path / "out")) == []
    line = again.read(by_mrn, "A-1")
    assert line is not None
    before, after = clinic.read(whole_plan, ana), again.read(whole_plan, line.id)
    assert _without_keys(as_content(after)) == _without_keys(as_content(before))
    assert [goal.progress[0].value for goal in after.goals] == [
        goal.progress[0].value for goal in before.goals
    ]
    assert after.score == before.score
    assert after.changes == before.changes == ()
    version = again.read(version_content, after.versions[0].id)
    assert version == clinic.read(version_content, before.versions[0].id)
    again.close_here()
