"""What is not taken is taken out before a bundle is parsed: nothing else may change by that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.exchange.fhir.document import TAKEN
from cmp_tui.exchange.fhir.reading import read_fhir
from cmp_tui.exchange.fhir.thin import thinned

KINDS = st.sampled_from(["Patient", "Condition", "Claim", "ExplanationOfBenefit", "Procedure", "Bundle", "x"])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["resource", "\n    }", "}, {"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["resource", "resourceType", "entry", "fullUrl", "id", "a"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
RESOURCE = st.builds(
    lambda kind, more: {"resourceType": kind, **more}, KINDS, st.dictionaries(st.text("ab"), JSON)
)
ENTRY = st.one_of(
    st.builds(lambda resource: {"resource": resource}, RESOURCE),
    st.builds(lambda url, resource: {"fullUrl": url, "resource": resource}, st.text(max_size=5), RESOURCE),
    st.builds(lambda url, resource, more: {"fullUrl": url, "resource": resource, "request": more},
              st.just("urn:uuid:1"), RESOURCE, JSON),
    JSON,
)  # fmt: skip
BUNDLE = st.builds(
    lambda entries, more: {"resourceType": "Bundle", "type": "transaction", "entry": entries, **more},
    st.lists(ENTRY, max_size=6), st.dictionaries(st.sampled_from(["link", "total", "z"]), JSON),
)  # fmt: skip


def nothing(system: str, code: str) -> str | None:
    return None


def without_the_rest(value: Any) -> Any:
    """A bundle whose entries of kinds that are not taken are cut down to their kind."""
    if isinstance(value, dict):
        resource = value.get("resource")
        if isinstance(resource, dict):
            kind = resource.get("resourceType")
            if isinstance(kind, str) and kind not in TAKEN:
                return {"resource": {"resourceType": kind}}
        return {name: without_the_rest(part) for name, part in value.items()}
    return [without_the_rest(part) for part in value] if isinstance(value, list) else value


@given(BUNDLE, st.sampled_from([None, 0, 1, 2, 4, "\t"]))
def test_only_what_is_not_taken_goes(bundle: dict[str, Any], indent: int | str | None) -> None:
    text = json.dumps(bundle, indent=indent)
    thin = thinned(text, TAKEN)
    assert without_the_rest(json.loads(thin)) == without_the_rest(bundle)
    assert len(thin) <= len(text) + 100


def test_most_of_a_bundle_of_claims_goes() -> None:
    entries = [
        {"fullUrl": f"urn:uuid:{n}", "resource": {"resourceType": kind, "id": str(n), "text": "x" * 500}}
        for n, kind in enumerate(["Patient", "Claim", "Claim", "Observation", "Claim"])
    ]
    text = json.dumps({"resourceType": "Bundle", "entry": entries}, indent=2)
    thin = thinned(text, TAKEN)
    assert len(thin) < len(text) / 2
    kinds = [entry["resource"]["resourceType"] for entry in json.loads(thin)["entry"]]
    assert kinds == ["Patient", "Claim", "Claim", "Observation", "Claim"]
    assert thinned(json.dumps({"entry": entries}), TAKEN) == json.dumps({"entry": entries}), (
        "on one line nothing goes"
    )


ODD = """{
  "resourceType": "Bundle",
  "type": "collection",
  "entry": [
    {
      "resource": { "resourceType": "Claim", "item": [
    {
      "a": 1
    },
    { "b": 2
    }
      ] }
    },
    {
      "resource": { "resourceType": "Claim", "id": "same line" } },
    {
      "resource": { "resourceType": "Patient", "id": "p1", "name": [{"family": "Tran"}], "birthDate": "1948-02-11" }
    },
    {
      "resource": { "resourceType": "Claim", "id": "last" } } ]
}"""


def test_braces_that_stand_oddly_lose_nobody(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(ODD)
    reading = read_fhir([tmp_path], take=nothing)
    assert [bundle.person.source for bundle in reading.patients()] == ["Patient/p1"]
    assert reading.not_taken["Claim"] == 3
    assert reading.problems == []


@pytest.mark.parametrize("cut", [60, 150, 260, len(ODD) - 3])
def test_a_file_that_is_cut_off_is_told_with_its_own_line(tmp_path: Path, cut: int) -> None:
    (tmp_path / "cut.json").write_text(ODD[:cut])
    reading = read_fhir([tmp_path], take=nothing)
    assert list(reading.patients()) == []
    [problem] = reading.problems
    assert f"in line {ODD[:cut].rstrip().count(chr(10)) + 1:,}" in problem.sentence


def test_what_is_wrong_in_what_is_taken_is_told_with_its_own_line(tmp_path: Path) -> None:
    entries = [{"resource": {"resourceType": kind, "id": "1"}} for kind in ("Claim", "Patient")]
    wrong = json.dumps({"resourceType": "Bundle", "entry": entries}, indent=2).replace(
        '"Patient",', '"Patient"'
    )
    (tmp_path / "wrong.json").write_text(wrong)
    reading = read_fhir([tmp_path], take=nothing)
    assert list(reading.patients()) == []
    [problem] = reading.problems
    line = wrong.count("\n", 0, wrong.index('"Patient"')) + 2
    assert f"line {line:,}" in problem.sentence
