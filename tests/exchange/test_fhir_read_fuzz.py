"""Bundles with anything in the wrong place: no exception, and every problem names its file."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmp_tui.exchange.fhir.records import digest
from tests.exchange.test_fhir_read import FIXTURES, read

STRANGE: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**25,
    "",
    " ",
    "\ud800",
    "\x1b[31m\x00",
    "x" * 9000,
    "1938-99",
    "2020-01-01T25:61:61+99:99",
    "0000-00-00",
    "#m",
    "#",
    "?",
    "Practitioner?identifier=%00|\ud800",
    "Patient/",
    "urn:uuid:",
    "http://x/Patient/1/_history/2",
    "[/foo]",
    [],
    {},
    [[]],
    [None],
    ["text"],
    [{}],
    {"a": {"b": []}},
    [{"coding": "x"}, 3],
    {"reference": 5, "identifier": [], "display": {}},
]
WHOLE = json.loads((FIXTURES / "transaction.json").read_text())


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    found: list[tuple[Any, Any]] = []
    heap = [value]
    while heap:
        each = heap.pop()
        inner = list(each.items()) if isinstance(each, dict) else list(enumerate(each))
        for key, child in inner:
            found.append((each, key))
            if isinstance(child, dict | list):
                heap.append(child)
    return found


strange = st.one_of(st.sampled_from(STRANGE), st.text(max_size=20), st.integers(), st.floats())


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """The bundle with one to eight places dropped or filled with something else."""
    bundle = copy.deepcopy(WHOLE)
    for _ in range(draw(st.integers(1, 8))):
        spots = places(bundle)
        if not spots:
            break
        container, key = spots[draw(st.integers(0, len(spots) - 1))]
        if draw(st.booleans()):
            container[key] = copy.deepcopy(draw(strange))
        else:
            del container[key]
    return bundle


def check(path: Path, at_least: int = 0) -> None:
    """Reads a file through to the last digest."""
    bundles, reading = read(path)
    assert len(bundles) >= at_least
    assert {problem.file for problem in reading.problems} <= {str(path)}
    for bundle in bundles:
        lists = (getattr(bundle, name) for name in bundle.__match_args__)
        for record in (each for found in lists if isinstance(found, tuple) for each in found):
            if hasattr(record, "source"):
                assert len(digest(record)) == 16
        repr(bundle).encode()  # no lone surrogate has come through
    repr(reading.practitioners).encode()
    repr(sorted(reading.not_taken)).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(bundle=mutated())
def test_any_mutation_is_read_without_an_exception(tmp_path: Path, bundle: Any) -> None:
    path = tmp_path / "mutated.json"
    path.write_text(json.dumps(bundle))
    check(path)
    path = tmp_path / "mutated.ndjson"
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    if isinstance(entries, list):
        resources = [each.get("resource") if isinstance(each, dict) else each for each in entries]
        path.write_text("".join(json.dumps(resource) + "\n" for resource in resources))
        check(path)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    for name in ("a.json", "a.ndjson", "a.json.gz", "a.ndjson.gz"):
        (tmp_path / name).write_bytes(data)
        check(tmp_path / name)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=st.integers(0, 38_000), length=st.integers(0, 20), filling=st.binary(max_size=5))
def test_any_bytes_replaced(tmp_path: Path, start: int, length: int, filling: bytes) -> None:
    data = (FIXTURES / "transaction.json").read_bytes()
    path = tmp_path / "a.json"
    path.write_bytes(data[:start] + filling + data[start + length :])
    check(path)


@pytest.mark.parametrize("value", STRANGE, ids=range(len(STRANGE)))
def test_each_strange_value_under_every_field_of_every_kind(tmp_path: Path, value: Any) -> None:
    fields: dict[str, set[str]] = {}
    for entry in WHOLE["entry"]:
        resource = entry["resource"]
        fields.setdefault(resource["resourceType"], set()).update(set(resource) - {"resourceType"})
    entries = [
        {"resource": {**entry["resource"], field: value}}
        for kind, names in fields.items()
        for entry in [next(each for each in WHOLE["entry"] if each["resource"]["resourceType"] == kind)]
        for field in sorted(names)
    ]
    path = tmp_path / "strange.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    check(path, at_least=1)
