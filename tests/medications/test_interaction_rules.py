"""What is told of a list: pairs, duplicates, allergies, older age; and what was not checked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.medications.interaction_rules import (
    KIND_WORDS,
    KINDS,
    SEVERITIES,
    SEVERITY_WORDS,
    Checked,
    Taken,
    check,
)
from tests.medications.drugs import DRUGS, PAIRS


def of(*texts: str, allergies: tuple[str, ...] = (), age: int | None = None) -> Checked:
    taken = [Taken(text, text) for text in texts]
    return check(PAIRS, taken, allergies=[Taken(text, text) for text in allergies], age=age)


def told(found: Checked) -> list[tuple[str, str]]:
    return [(one.kind, one.severity) for one in found.findings]


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        ("Nardil", "Zoloft 50 mg", "avoid"),
        ("phenelzine", "sumatriptan nasal spray", "avoid"),
        ("sildenafil 50 mg", "nitroglycerin 0.4 mg SL", "avoid"),
        ("Cialis", "Imdur", "avoid"),
        ("simvastatin 40", "clarithromycin 500 mg", "avoid"),
        ("Paxlovid", "simvastatin 20 mg", "avoid"),
        ("Entresto 24/26", "lisinopril 10 mg", "avoid"),
        ("tizanidine 4 mg", "Cipro 500", "avoid"),
        ("febuxostat", "azathioprine", "avoid"),
        ("methotrexate 2.5 mg weekly", "Bactrim DS", "avoid"),
        ("warfarin 5 mg", "Bactrim DS", "serious"),
        ("Coumadin", "ibuprofen", "serious"),
        ("Eliquis", "aspirin 81 mg", "serious"),
        ("Percocet", "Xanax", "serious"),
        ("oxycodone", "gabapentin", "serious"),
        ("lithium", "lisinopril-hctz", "serious"),
        ("spironolactone", "lisinopril", "serious"),
        ("Plavix", "omeprazole", "serious"),
        ("digoxin", "amiodarone", "serious"),
        ("allopurinol", "azathioprine", "serious"),
        ("levothyroxine", "calcium", "watch"),
        ("donepezil", "oxybutynin", "watch"),
    ],
)
def test_well_known_pairs_are_told(one: str, other: str, severity: str) -> None:
    for first, second in ((one, other), (other, one)):
        found = of(first, second)
        assert found.findings[0].severity == severity and found.findings[0].kind == "interaction", found
        assert set(found.findings[0].keys) == {one, other}
        assert found.findings[0].reason and found.findings[0].ask and found.findings[0].source


def test_of_one_product_nothing_is_told() -> None:
    for text in ("Entresto", "Contrave", "lisinopril-hctz", "Nuedexta", "Suboxone", "Treximet"):
        assert of(text).findings == (), text


def test_of_two_medicines_the_worst_is_told_and_the_others_stand_beside() -> None:
    found = of("tramadol", "paroxetine")
    assert len(found.findings) == 1
    assert found.findings[0].severity == "serious"
    assert any(pair.severity == "watch" for pair in found.findings[0].also)


def test_a_cream_is_not_a_tablet_but_some_pairs_hold_for_it() -> None:
    assert of("diclofenac gel 1%", "warfarin").findings == ()
    assert told(of("miconazole vaginal cream", "warfarin")) == [("interaction", "serious")]
    assert told(of("timolol eye drops", "verapamil")) == [("interaction", "serious")]
    assert told(of("Flonase", "ritonavir")) == [("interaction", "serious")]
    assert told(of("Flonase", "ketoconazole 200 mg tablet")) == [("interaction", "serious")]
    assert of("Flonase", "ketoconazole 2% shampoo").findings == ()
    assert of("diclofenac gel 1%").local == ("diclofenac gel 1%",)


def test_the_same_ingredient_twice() -> None:
    assert told(of("Tylenol 500", "Percocet 5/325")) == [("duplicate", "serious")]
    assert told(of("metoprolol tartrate 25", "Toprol XL 50")) == [("duplicate", "serious")]
    assert told(of("albuterol HFA inhaler", "albuterol nebulizer solution")) == [("duplicate", "watch")]
    assert of("hydrocortisone cream", "hydrocortisone 10 mg").findings == ()
    both = of("lisinopril-hctz 20-12.5", "Zestoretic")
    assert [one.title for one in both.findings] == ["hydrochlorothiazide and lisinopril twice"]
    three = of("aspirin 81", "Excedrin", "Alka-Seltzer")
    assert [one.keys for one in three.findings if one.title == "aspirin twice"] == [
        ("aspirin 81", "Excedrin", "Alka-Seltzer")
    ]


def test_the_same_kind_twice() -> None:
    found = of("simvastatin 20 mg", "Lipitor 40 mg")
    assert told(found) == [("class", "serious")]
    assert found.findings[0].title == "statin twice: simvastatin and atorvastatin"
    assert told(of("omeprazole", "pantoprazole")) == [("class", "serious")]
    assert told(of("ibuprofen", "naproxen")) == [("class", "serious")]
    assert ("class", "serious") not in told(of("Lantus", "Humalog"))
    assert ("class", "serious") not in told(of("levetiracetam", "lacosamide"))
    assert of("fluticasone inhaler", "fluticasone nasal spray").findings == ()


@pytest.mark.parametrize(
    ("allergy", "medicine", "severity"),
    [
        ("Penicillin", "amoxicillin 500 mg", "avoid"),
        ("penicillins", "Augmentin", "avoid"),
        ("PCN allergy", "cephalexin", "watch"),
        ("amoxicillin", "amoxicillin-clavulanate", "avoid"),
        ("sulfa", "Bactrim DS", "avoid"),
        ("Sulfa drugs", "furosemide", "watch"),
        ("aspirin", "ibuprofen", "serious"),
        ("NSAIDs", "meloxicam", "avoid"),
        ("lisinopril", "benazepril", "serious"),
        ("ACE inhibitors", "Entresto", "watch"),
        ("codeine", "morphine", "serious"),
        ("Lipitor", "atorvastatin 10 mg", "avoid"),
        ("amoxicilin", "Amoxil", "avoid"),
    ],
)
def test_allergies(allergy: str, medicine: str, severity: str) -> None:
    found = of(medicine, allergies=(allergy,))
    assert told(found) == [("allergy", severity)], found
    assert found.findings[0].keys == (medicine, allergy)
    assert found.allergies_unread == ()


def test_allergies_that_are_no_medicine_are_told_as_not_read() -> None:
    found = of("lisinopril", allergies=("peanuts", "latex", "sulfa"))
    assert found.allergies_unread == ("peanuts", "latex")
    assert found.findings == ()


def test_older_age() -> None:
    assert of("diphenhydramine 25 mg", age=64).findings == ()
    assert of("diphenhydramine 25 mg", age=None).findings == ()
    assert told(of("diphenhydramine 25 mg", age=65)) == [("older", "watch")]
    assert of("meclizine 25 mg", age=80).findings == ()  # an exception of the row
    assert of("estradiol", "timolol eye drops", age=80).findings[0].keys == ("estradiol",)
    assert len(of("tramadol", age=80).findings) == 1


def test_what_is_not_recognised_is_told() -> None:
    found = of("xyzolam 10 mg", "lisinopril / qwertin", "lisinoprl 5 mg")
    assert found.unread == ("xyzolam 10 mg",)
    assert found.partly == ("lisinopril / qwertin",)
    sentence = found.sentence(PAIRS)
    assert sentence.startswith(f"None of the {len(PAIRS.pairs)} pairs that we know.")
    assert "ask the pharmacist" in sentence and "1 medicine was not recognised" in sentence
    assert "no interactions" not in sentence.lower()


def test_nothing_taken() -> None:
    found = of()
    assert found.findings == () and "ask the pharmacist" in found.sentence(PAIRS)
    assert found.pairs == len(PAIRS.pairs)


def test_the_worst_comes_first_and_each_kind_has_its_words() -> None:
    found = of(
        "warfarin", "Bactrim", "simvastatin", "Lipitor", "Nardil", "Zoloft", age=80, allergies=("statins",)
    )
    ranks = [SEVERITIES.index(one.severity) for one in found.findings]
    assert ranks == sorted(ranks) and ranks[0] == 0
    assert set(KIND_WORDS) == set(KINDS) and set(SEVERITY_WORDS) == set(SEVERITIES)
    assert {one.kind for one in found.findings} <= set(KINDS)


def test_plain_tuples_do_too() -> None:
    found = check(PAIRS, [(1, "warfarin", None), (2, "ibuprofen", "5640")])
    assert found.findings[0].keys == (1, 2)


NAMES = st.lists(st.sampled_from(sorted(DRUGS.names)), max_size=25)


@settings(deadline=None)
@given(NAMES, NAMES, st.integers(0, 110))
def test_the_order_of_the_list_changes_nothing(names: list[str], allergies: list[str], age: int) -> None:
    taken = [Taken(at, name) for at, name in enumerate(names)]
    asked = [Taken(f"a{at}", name) for at, name in enumerate(allergies)]
    there = check(PAIRS, taken, allergies=asked, age=age)
    back = check(PAIRS, taken[::-1], allergies=asked, age=age)

    def plain(found: Checked) -> set[tuple[str, str, frozenset[object]]]:
        return {(one.kind, one.severity, frozenset(one.keys)) for one in found.findings}

    assert plain(there) == plain(back)
    assert check(PAIRS, taken, allergies=asked, age=age) == there


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_checked(texts: list[str], allergies: list[str]) -> None:
    taken = [Taken(at, text) for at, text in enumerate(texts)]
    found = check(PAIRS, taken, allergies=[Taken(text, text) for text in allergies], age=70)
    assert set(found.unread) <= set(range(len(texts)))
    assert found.sentence(PAIRS)
