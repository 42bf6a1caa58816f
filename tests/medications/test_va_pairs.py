"""Our pairs held against the public list of the VA (2018): how many stand there too, and which rows don't, and why.

The VA's list has no severities and leaves out what its own classes and duplicate checks tell; it is a check of ours and
no aim. `python -m pytest -s` on this file prints the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from cmp_tui.medications.interaction_book import SEVERITIES, Pair
from tests.medications.drugs import DRUGS, PAIRS

FILE = Path(__file__).parent / "va_pairs.txt"
ABSENT = "the VA's list has no pairs of {}"
NEVER: Mapping[tuple[str, str], str] = {
    ("digoxin", "clarithromycin"): ABSENT.format("digoxin"),
    ("digoxin", "amiodarone"): ABSENT.format("digoxin"),
    ("digoxin", "loop-diuretics"): ABSENT.format("digoxin"),
    ("nonselective-beta-blockers", "sabas"): "opposed actions are told by class there",
    ("anticoagulants", "ginkgo"): ABSENT.format("ginkgo but one"),
    ("warfarin", "acetaminophen"): "depends on the dose; the warfarin label names it",
    ("ace-inhibitors", "arbs"): "told there as a doubled action; the labels of both warn",
    ("nsaids", "loop-diuretics"): "to watch, not to avoid; the labels of both warn",
    ("methotrexate", "leflunomide"): "the label of leflunomide warns",
    ("leflunomide", "teriflunomide"): "the label of leflunomide forbids it (later than the list)",
    ("opioids", "gabapentinoids"): "the warning is of December 2019, after the list",
    ("opioids", "z-drugs"): "added sleepiness is told by class there; boxed warning of the opioids",
    ("benzodiazepines", "z-drugs"): "added sleepiness is told by class there",
    ("ergotamine", "strong-3a4-inhibitors"): ABSENT.format("ergots"),
    ("ergotamine", "triptans"): ABSENT.format("ergots"),
    ("phenobarbital", "valproate"): "the label of valproate warns",
    ("sulfonylureas", "insulins"): "to watch: low sugar",
    ("glp1-agonists", "insulins"): "to watch: low sugar",
    ("glp1-agonists", "dpp4-inhibitors"): "a doubled action, not an interaction",
    ("glitazones", "insulins"): "to watch: heart failure; the label warns",
    ("bisphosphonates", "polyvalent-cations"): "a matter of hours; the label says so",
    ("raloxifene", "estrogens"): "opposed actions are told by class there",
    ("desmopressin", "loop-diuretics"): "labels of 2017 and 2018; no pairs of desmopressin there",
    ("methenamine", "sulfamethoxazole"): ABSENT.format("methenamine"),
    ("rifampin", "bictegravir"): "bictegravir is newer than most of the list",
    ("stimulants", "decongestants"): "to watch: pulse and pressure",
}
"""Rows (first of a, first of b) of which no pair stands in the VA's list, with the reason why they are ours."""


def va_pairs() -> frozenset[tuple[str, str]]:
    found = set()
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            one, _, others = line.partition(": ")
            found |= {(one, other) for other in others.split()}
    return frozenset(found)


def ours() -> dict[tuple[str, str], tuple[Pair, ...]]:
    return {
        (one, other): pairs
        for one, partners in PAIRS.partners.items()
        for other, pairs in partners.items()
        if one < other
    }


def test_the_list_is_about_our_ingredients() -> None:
    assert len(va_pairs()) > 5_000
    assert {key for pair in va_pairs() for key in pair} <= set(DRUGS.ingredients)


def test_most_pairs_to_avoid_stand_in_the_vas_list() -> None:
    theirs = va_pairs()
    known = {key for pair in theirs for key in pair}
    asked, there = Counter[str](), Counter[str]()
    for pair, rows in ours().items():
        if set(pair) <= known:
            asked[rows[0].severity] += 1
            there[rows[0].severity] += pair in theirs
    print()
    for severity in SEVERITIES:
        share = there[severity] / asked[severity]
        print(
            f"{severity}: {there[severity]:,} of {asked[severity]:,} pairs of ingredients are there ({share:.0%})"
        )
    print(f"all: {sum(there.values()):,} of {sum(asked.values()):,}; of the VA's {len(theirs):,} pairs of our "
          f"ingredients we tell {len(theirs & ours().keys()):,}")  # fmt: skip
    assert there["avoid"] / asked["avoid"] > 0.8
    assert there["serious"] / asked["serious"] > 0.5


def test_rows_that_the_va_does_not_have_are_known_and_meant() -> None:
    theirs = va_pairs()
    there = {row for pair, rows in ours().items() if pair in theirs for row in rows}
    missing = {(pair.a[0], pair.b[0]) for pair in PAIRS.pairs if pair not in there}
    print(
        f"\n{len(PAIRS.pairs) - len(missing)} of our {len(PAIRS.pairs)} rows have a pair in the VA's list; not:"
    )
    for key in sorted(missing):
        print(f"  {key[0]} with {key[1]}: {NEVER.get(key, 'not known why')}")
    assert missing == set(NEVER)
