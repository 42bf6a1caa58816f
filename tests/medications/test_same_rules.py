"""Two lists held side by side: the name decides, what changed is told apart, spelling is read over and said."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.medications.name_rules import Reading, read
from cmp_tui.medications.same_rules import CHANGES, Same, matched, same_medicine
from tests.medications.drugs import DRUGS

FORTY = (
    ("Lisinopril 10 MG Oral Tablet", "lisinopril 10mg tab"),
    ("Hydrochlorothiazide 25 MG Oral Tablet", "HCTZ 25 mg"),
    ("amLODIPine 5 MG Oral Tablet", "Norvasc 5mg"),
    ("Simvastatin 20 MG Oral Tablet", "simvistatin 20 mg"),
    ("Warfarin Sodium 5 MG Oral Tablet", "Coumadin 5 mg"),
    ("24 HR metoprolol succinate 100 MG Extended Release Oral Tablet", "Toprol XL 100mg"),
    ("Metformin hydrochloride 500 MG Oral Tablet", "metfromin 500 mg bid"),
    ("Furosemide 40 MG Oral Tablet", "furosimide 40mg"),
    ("Digoxin 0.125 MG Oral Tablet", "digoxin 125 mcg"),
    ("Levothyroxine Sodium 0.075 MG Oral Tablet", "Synthroid 75 mcg"),
    ("Clopidogrel 75 MG Oral Tablet", "Plavix"),
    ("Omeprazole 20 MG Delayed Release Oral Capsule", "prilosec 20"),
    ("gabapentin 300 MG Oral Capsule", "Neurontin 300mg TID"),
    ("sertraline 50 MG Oral Tablet", "zoloft 50"),
    ("Insulin Glargine 100 UNT/ML", "Lantus 100 units/mL"),
    ("insulin lispro 100 UNT/ML", "Humalog 100 u/ml"),
    ("Atorvastatin 40 MG Oral Tablet", "atorvastatin calcium 40mg"),
    ("Losartan Potassium 50 MG Oral Tablet", "losartan 50"),
    ("Potassium Chloride 20 MEQ Extended Release Oral Tablet", "K-Dur 20 mEq"),
    ("Acetaminophen 325 MG / Oxycodone Hydrochloride 5 MG Oral Tablet", "Percocet 5-325"),
    ("Sulfamethoxazole 800 MG / Trimethoprim 160 MG Oral Tablet", "Bactrim DS"),
    ("Amoxicillin 875 MG / Clavulanate 125 MG Oral Tablet", "augmentin 875/125 mg"),
    ("120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler", "Flovent HFA 44 mcg/act"),
    ("200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", "ProAir inhaler"),
    ("tiotropium 0.018 MG Inhalation Powder", "Spiriva Handihaler"),
    ("Timolol 5 MG/ML Ophthalmic Solution", "timolol eye drops"),
    ("Latanoprost 0.05 MG/ML Ophthalmic Solution", "xalatan drops"),
    ("Cholecalciferol 2000 UNT Oral Tablet", "Vitamin D3 2,000 IU"),
    ("ferrous sulfate 325 MG Oral Tablet", "iron 325 mg"),
    ("Aspirin 81 MG Delayed Release Oral Tablet", "ASA 81mg EC"),
    ("Calcium Carbonate 500 MG Chewable Tablet", "Tums"),
    ("Docusate Sodium 100 MG Oral Capsule", "colace 100 mg"),
    ("Donepezil hydrochloride 10 MG Oral Tablet", "Aricept 10"),
    ("Memantine hydrochloride 10 MG Oral Tablet", "namenda 10mg"),
    ("tamsulosin hydrochloride 0.4 MG Oral Capsule", "Flomax"),
    ("Alendronic acid 70 MG Oral Tablet", "Fosamax 70mg weekly"),
    ("Allopurinol 100 MG Oral Tablet", "alopurinol 100 mg"),
    ("predniSONE 5 MG Oral Tablet", "predisone 5mg"),
    ("Nitroglycerin 0.4 MG Sublingual Tablet", "NTG SL 0.4 mg prn"),
    ("Zorblaxine 5 MG Oral Tablet", "zorblaxin 5mg"),
)
"""Forty medicines as a record writes them and as a hospital's list does; the last one nobody knows."""


def reading(text: str, dosage: str | None = None) -> Reading:
    return read(DRUGS, text, dosage=dosage)


def same(one: str, other: str) -> Same:
    return same_medicine(reading(one), reading(other))


def test_two_lists_of_forty_that_differ_only_in_spelling_match() -> None:
    assert len(FORTY) == 40
    order = list(range(40))
    Random(7).shuffle(order)
    ours = [reading(one) for one, _ in FORTY]
    theirs = [reading(FORTY[at][1]) for at in order]
    found = matched(ours, theirs)
    assert [(match.ours, match.theirs and order[match.theirs]) for match in found if match.theirs != 0] == [
        (at, at) for at in range(40) if order[0] != at
    ]
    assert len(found) == 40
    assert {match.changed for match in found} == {()}
    spelt = {match.ours for match in found if match.spelling}
    assert spelt == {3, 6, 7, 36, 37, 39}


@pytest.mark.parametrize(
    ("one", "other", "changed"),
    [
        ("lisinopril 10 mg", "lisinopril 20 mg", ("strength",)),
        ("metoprolol tartrate 25 mg", "metoprolol succinate ER 25 mg", ("salt",)),
        ("metoprolol IR 25 mg", "metoprolol ER 25 mg", ("release",)),
        ("prednisone 5 mg tablet", "prednisone 5 mg/ml oral solution", ("strength", "form")),
        ("metformin 500 mg daily", "metformin 500 mg twice daily", ("frequency",)),
        ("tramadol 50 mg prn", "tramadol 50 mg every 6 hours", ("frequency",)),
        ("lisinopril 10 mg tablet", "lisinopril 10 mg capsule", ()),
        ("lisinopril", "Zestril 40 mg bid", ()),
        ("timolol 0.5% eye drops", "Timolol 5 MG/ML Ophthalmic Solution", ()),
        ("albuterol 90 mcg inhaler", "Albuterol 0.09 MG/ACTUAT inhaler", ()),
    ],
)
def test_what_changed_is_told(one: str, other: str, changed: tuple[str, ...]) -> None:
    assert same(one, other) == Same(True, changed)


def test_two_tablets_of_ten_are_one_of_twenty() -> None:
    assert same_medicine(
        reading("lisinopril 10 mg", "take 2 tablets daily"),
        reading("lisinopril 20 mg", "take 1 tablet daily"),
    ) == Same(True)
    assert "strength" in same("lisinopril 10 mg", "lisinopril 20 mg").changed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hydroxyzine 25 mg", "hydralazine 25 mg"),
        ("lisinopril", "lisinopril-hctz"),
        ("hydrocortisone 1% cream", "hydrocortisone 10 mg tablet"),
        ("xyzolam", "lisinopril"),
        ("", ""),
        ("10 mg", "10 mg"),
        ("zorblaxine", "zorbiraxol"),
        ("lisinopril / xyzolam", "lisinopril"),
    ],
)
def test_what_is_not_the_same(one: str, other: str) -> None:
    assert not same(one, other).same


def test_an_unknown_medicine_is_compared_by_code_and_by_words() -> None:
    one, other = read(DRUGS, "Study drug A", "123"), read(DRUGS, "Placebo or B", "123")
    assert same_medicine(one, other).same
    assert same("Xyzolam 5 mg tablet", "XYZOLAM 10 mg") == Same(True, ("strength",))


def test_the_same_name_twice_goes_by_strength() -> None:
    ours = [reading("metformin 500 mg morning"), reading("metformin 1000 mg evening")]
    theirs = [reading("metformin 1000 mg"), reading("metformin 500 mg"), reading("metformin 850 mg")]
    found = matched(ours, theirs)
    assert [(one.ours, one.theirs, one.changed) for one in found] == [(0, 1, ()), (1, 0, ()), (None, 2, ())]


def test_empty_lists() -> None:
    assert matched([], []) == []
    assert matched([reading("lisinopril")], []) == [(0, None, (), False)]
    assert matched([], [reading("lisinopril")]) == [(None, 0, (), False)]


TEXTS = st.lists(st.sampled_from([one for pair in FORTY for one in pair]) | st.text(max_size=30), max_size=12)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_each_line_is_matched_once(one: list[str], other: list[str]) -> None:
    ours, theirs = [reading(text) for text in one], [reading(text) for text in other]
    found = matched(ours, theirs)
    assert [match.ours for match in found if match.ours is not None] == list(range(len(ours)))
    assert sorted(match.theirs for match in found if match.theirs is not None) == list(range(len(theirs)))
    for match in found:
        if match.ours is not None and match.theirs is not None:
            told = same_medicine(ours[match.ours], theirs[match.theirs])
            assert told == Same(True, match.changed, match.spelling)
            assert set(match.changed) <= set(CHANGES)


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_it_goes_both_ways(one: str, other: str) -> None:
    assert same(one, other) == same(other, one)


def test_insulin_is_compared_by_what_is_injected() -> None:
    ours = read(DRUGS, "Insulin glargine 100 units/mL pen", dosage="18 units at bedtime")
    assert same_medicine(ours, read(DRUGS, "Lantus 18 units at bedtime")).changed == ()
    assert same_medicine(ours, read(DRUGS, "Lantus 24 units qhs")).changed == ("strength",)
    # The pen alone does not say how much is injected: it is told, and a person looks.
    assert same_medicine(ours, read(DRUGS, "insulin glargine 100 units/mL")).changed == ("strength",)
