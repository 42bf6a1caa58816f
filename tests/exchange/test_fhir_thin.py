"""What is not taken is taken out before a bundle is parsed: nothing else may change by that."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
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
MORE = st.sampled_from([5, [{"relation": "self", "url": "x"}], [{"a": 1}, {"b": {"c": []}}], {"who": {}}])
BUNDLE = st.builds(
    lambda before, entries, after: {**before, "resourceType": "Bundle", "entry": entries, **after},
    st.dictionaries(st.sampled_from(["link", "meta"]), MORE),
    st.lists(ENTRY, max_size=6),
    st.dictionaries(st.sampled_from(["type", "signature", "z"]), MORE),
)


def taken_code(system: str, code: str) -> bool:
    return code == "4548-4"


def a1c_only(system: str, code: str) -> str | None:
    return "a1c" if taken_code(system, code) else None


CODING = st.fixed_dictionaries(
    {},
    optional={
        "system": st.sampled_from(["http://loinc.org", "x", 5]),
        "code": st.sampled_from(["4548-4", "1-8", None]),
        "display": st.sampled_from(["A1c", '"code"', "\n  }"]),
    },
)
CONCEPT = st.one_of(
    st.fixed_dictionaries(
        {"coding": st.lists(CODING, min_size=1, max_size=2)}, optional={"text": st.just("A1c")}
    ),
    st.sampled_from([{}, {"coding": []}, {"text": "A1c"}]),
)
OBSERVATION = st.fixed_dictionaries(
    {"resourceType": st.just("Observation"), "subject": st.just({"reference": "Patient/p"})},
    optional={
        "id": st.sampled_from(["a", "b", "c"]),
        "status": st.sampled_from(["final", "cancelled"]),
        "category": st.lists(CONCEPT, max_size=1),
        "code": CONCEPT,
        "effectiveDateTime": st.sampled_from(["2026-10-01", "soon"]),
        "valueQuantity": st.just(
            {"value": 7.5, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
        ),
        "valueCodeableConcept": CONCEPT,
        "component": st.lists(st.fixed_dictionaries({"code": CONCEPT}), max_size=2),
        "contained": st.just([{"resourceType": "Device", "resource": 1}]),
    },
)


@given(st.lists(OBSERVATION, max_size=5), st.sampled_from([0, 1, 4]))
def test_observations_are_read_as_those_of_a_text_that_is_not_thinned(
    tmp_path_factory: pytest.TempPathFactory, some: list[dict[str, Any]], indent: int
) -> None:
    patient = {"resourceType": "Patient", "id": "p", "name": [{"family": "Tran"}], "birthDate": "1948"}
    entries = [{"resource": one} for one in (patient, *some)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    found = []
    for layout in (None, indent):
        path = tmp_path_factory.getbasetemp() / "thin.json"
        path.write_text(json.dumps(bundle, indent=layout))
        reading = read_fhir([path], take=a1c_only)
        found.append((list(reading.patients()), reading.not_taken, reading.problems))
    assert found[0] == found[1]


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


def laid_out(value: Any, rng: Random) -> str:
    """JSON with white space where it may stand, mostly line ends with little indentation."""

    def gap() -> str:
        return rng.choice(["", " ", "\n", "\n ", "\n ", "\n  ", "\n  "])

    if isinstance(value, dict):
        parts = [
            f"{gap()}{json.dumps(name)}{rng.choice(['', ' '])}:{gap()}{laid_out(part, rng)}"
            for name, part in value.items()
        ]
        return "{" + ",".join(parts) + gap() + "}"
    if isinstance(value, list):
        return "[" + ",".join(f"{gap()}{laid_out(part, rng)}" for part in value) + gap() + "]"
    return json.dumps(value)


@settings(max_examples=150)
@given(BUNDLE, st.integers(0, 1 << 32))
def test_braces_that_stand_anywhere_lose_nothing_silently(bundle: dict[str, Any], seed: int) -> None:
    thin = thinned(laid_out(bundle, Random(seed)), TAKEN)
    try:
        found = json.loads(thin)
    except ValueError:
        return  # then the whole is parsed
    kept, whole = without_the_rest(found), without_the_rest(bundle)
    assert taken_in(kept) == taken_in(whole)


def taken_in(value: Any) -> list[Any]:
    """All resources of kinds that are taken, in order."""
    if isinstance(value, dict):
        resource = value.get("resource")
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        own = [resource] if isinstance(kind, str) and kind in TAKEN else []
        return own + [one for part in value.values() for one in taken_in(part)]
    return [one for part in value for one in taken_in(part)] if isinstance(value, list) else []


def test_most_of_a_bundle_of_claims_goes() -> None:
    kinds_in = ["Patient", "Claim", "Claim", "Claim", "Claim", "Observation", "Claim"]
    entries = [
        {"fullUrl": f"urn:uuid:{n}", "resource": {"resourceType": kind, "id": str(n), "text": "x" * 500}}
        for n, kind in enumerate(kinds_in)
    ]
    text = json.dumps({"resourceType": "Bundle", "entry": entries}, indent=2)
    thin = thinned(text, TAKEN)
    assert len(thin) < len(text) / 2
    kinds = [entry["resource"]["resourceType"] for entry in json.loads(thin)["entry"]]
    assert kinds == kinds_in
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
