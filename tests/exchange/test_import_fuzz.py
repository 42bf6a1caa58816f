"""Whatever is in the files: importing raises nothing, and the same once more changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.exchange.actions import import_fhir
from tests.exchange.conftest import plan_paths
from tests.exchange.test_fhir_read_fuzz import STRANGE, WHOLE, mutated


def bring_twice(clinic: Clinic, path: Path) -> None:
    """Imports a file, and once more."""
    clinic.run(import_fhir, plan_paths(clinic, path))
    seq = clinic.read(audit_head).seq
    again = plan_paths(clinic, path)
    assert again.empty, again
    clinic.run(import_fhir, again)
    assert clinic.read(audit_head).seq == seq


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(bundle=mutated())
def test_one_mutation_after_the_other_into_one_file(clinic: Clinic, tmp_path: Path, bundle: Any) -> None:
    path = tmp_path / "mutated.json"
    path.write_text(json.dumps(bundle))
    bring_twice(clinic, path)


def test_the_file_is_sound_after_strange_values_in_every_field(clinic: Clinic, tmp_path: Path) -> None:
    fields: dict[str, set[str]] = {}
    for entry in WHOLE["entry"]:
        resource = entry["resource"]
        fields.setdefault(resource["resourceType"], set()).update(set(resource) - {"resourceType"})
    for number, value in enumerate(STRANGE):
        entries = [
            {"resource": {**entry["resource"], field: value}}
            for kind, names in fields.items()
            for entry in [next(each for each in WHOLE["entry"] if each["resource"]["resourceType"] == kind)]
            for field in sorted(names)
        ]
        path = tmp_path / f"strange{number}.json"
        path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
        bring_twice(clinic, path)
    assert clinic.verify() == []


@pytest.mark.parametrize(
    "text", ["[/foo]", "[@click=app.quit]x[/]", "\u202eabc", "e\u0301" * 60, "\u200bW", "😀" * 300]
)
def test_any_text_in_a_name_comes_in_once(clinic: Clinic, tmp_path: Path, text: str) -> None:
    resource = {"resourceType": "Patient", "id": "p", "name": [{"family": text, "given": [text, text]}]}
    practitioner = {"resourceType": "Practitioner", "id": "d", "name": [{"text": text}]}
    path = tmp_path / "in.ndjson"
    path.write_text("".join(json.dumps(each) + "\n" for each in (resource, practitioner)))
    bring_twice(clinic, path)
