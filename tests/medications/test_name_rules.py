"""From typed text to ingredients: by rule, with spelling read over only where one name is nearest, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cmp_tui.medications.name_rules import nearest, read, read_names, said
from cmp_tui.medications.name_words import NOISE, SALTS
from tests.medications.drugs import DRUGS

HCTZ = ("hydrochlorothiazide", "lisinopril")


def names(text: str) -> tuple[str, ...]:
    return read_names(DRUGS, text).ingredients


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Lisinopril 10 MG Oral Tablet", ("lisinopril",)),
        ("LISINOPRIL", ("lisinopril",)),
        ("lisinopril/HCTZ 20-12.5 mg daily", HCTZ),
        ("HCTZ-lisinopril 12.5/20", HCTZ),
        ("Hydrochlorothiazide 12.5 MG / Lisinopril 20 MG Oral Tablet [Zestoretic]", HCTZ),
        ("Zestoretic", HCTZ),
        ("Toprol-XL 50mg qd", ("metoprolol",)),
        ("24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]", ("metoprolol",)),
        ("losartan potassium 50 mg", ("losartan",)),
        ("potassium 20 mEq", ("potassium-chloride",)),
        ("Penicillin V Potassium 500 MG Oral Tablet", ("penicillin",)),
        ("calcium / vitamin D3", ("calcium-carbonate", "vitamin-d")),
        ("Ferrous sulfate 325 mg", ("iron",)),
        ("NDA020503 200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", ("albuterol",)),
        ("{28 (norethindrone 0.35 MG Oral Tablet) } Pack [Jolivette 28 Day]", ("norethindrone",)),
        ("insulin human, isophane 70 UNT/ML / Regular Insulin, Human 30 UNT/ML [Humulin]",
         ("insulin-nph", "insulin-regular")),
        ("Lantus Solostar 22 units qhs", ("insulin-glargine",)),
        ("Novolin 70/30", ("insulin-nph", "insulin-regular")),
        ("insulin", ("insulin",)),
        ("Bactrim DS BID x 7 d", ("sulfamethoxazole", "trimethoprim")),
        ("co-trimoxazole", ("sulfamethoxazole", "trimethoprim")),
        ("Percocet 5/325 1 tab q6h prn pain", ("acetaminophen", "oxycodone")),
        ("ASA 81", ("aspirin",)),
        ("Tylenol PM", ("acetaminophen", "diphenhydramine")),
        ("Zyrtec-D 12 hour", ("cetirizine", "pseudoephedrine")),
        ("St. John’s wort", ("st-johns-wort",)),
        ("Take 1 tablet of lisinopril by mouth", ("lisinopril",)),
        ("lisinopril 10 mg instead of losartan", ("lisinopril",)),
        ("lisinopril 10 mg, not with ibuprofen", ("lisinopril",)),
        ("met formin 500", ("metformin",)),
        ("Émtricitabine", ("emtricitabine",)),
        ("isosorbide mononitrate ER 30", ("isosorbide-mononitrate",)),
        ("isosorbide 30", ("isosorbide",)),
        ("albuterol 90 mcg inh", ("albuterol",)),
        ("INH 300 mg daily", ("isoniazid",)),
        ("rifampin/INH", ("isoniazid", "rifampin")),
        ("aspirin-free headache powder", ()),
        ("blood pressure pill", ()),
        ("water pill", ()),
        ("", ()),
        ("10 mg", ()),
    ],
)  # fmt: skip
def test_what_a_text_names(text: str, keys: tuple[str, ...]) -> None:
    assert names(text) == keys


@pytest.mark.parametrize(
    ("typed", "key", "name"),
    [
        ("Simvistatin 10 MG", "simvastatin", "simvastatin"),
        ("hydroxizine 25", "hydroxyzine", "hydroxyzine"),
        ("hydralzine 25", "hydralazine", "hydralazine"),
        ("warfrin", "warfarin", "warfarin"),
        ("metfromin 1000mg", "metformin", "metformin"),
        ("furosimide", "furosemide", "furosemide"),
        ("clonazapam", "clonazepam", "clonazepam"),
        ("celebrx", "celecoxib", "celebrex"),
    ],
)
def test_a_spelling_is_read_over_and_said(typed: str, key: str, name: str) -> None:
    found = read(DRUGS, typed)
    assert found.ingredients == (key,)
    assert [one.name for one in found.read_as] == [name]
    assert f'read as {name}; typed "{typed.split()[0].lower()}"' in said(DRUGS, found)


@pytest.mark.parametrize(
    "typed",
    [
        "hydroxalazine",
        "prednisolne",
        "clonidpine",
        "azatadine",
        "pentobarbitl",
        "iodin",
        "lanolin",
        "lasik",
        "hctx",
    ],
)
def test_nothing_is_guessed(typed: str) -> None:
    found = read(DRUGS, f"{typed} 10 mg")
    if found.known:  # one name alone lies nearest: then it is said
        assert found.read_as and nearest(DRUGS, typed)[0] == found.read_as[0].name
    else:
        assert said(DRUGS, found).startswith("not recognised")


@pytest.mark.parametrize(("typed", "both"), [("hydroxalazine", {"hydralazine", "hydroxyzine"})])
def test_between_two_names_both_are_told(typed: str, both: set[str]) -> None:
    found = read(DRUGS, typed)
    assert not found.known and set(found.between) == both
    assert " or " in said(DRUGS, found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hydroxyzine", "hydralazine"), ("celebrex", "celexa"), ("lamictal", "lamisil"), ("clonidine", "clonazepam"),
        ("prednisone", "prednisolone"), ("glipizide", "glyburide"), ("bupropion", "buspirone"), ("zantac", "xanax"),
        ("tramadol", "trazodone"), ("losartan", "valsartan"), ("zyprexa", "zyrtec"), ("novolog", "novolin n"),
        ("metformin", "metronidazole"), ("sulfadiazine", "sulfasalazine"), ("coreg", "corgard"),
        ("quinine", "quinidine"), ("chlorpromazine", "chlorpropamide"), ("fluoxetine", "fluvoxamine"),
        ("penicillin", "penicillamine"), ("methimazole", "metolazone"),
    ],
)  # fmt: skip
def test_look_alikes_stay_apart(one: str, other: str) -> None:
    first, second = read_names(DRUGS, one), read_names(DRUGS, other)
    assert first.ingredients and first.ingredients != second.ingredients
    assert not first.read_as and not second.read_as


def test_a_part_that_is_not_known_is_told() -> None:
    found = read(DRUGS, "lisinopril / xyzolam 10 mg")
    assert found.ingredients == ("lisinopril",) and found.unread == ("xyzolam",)
    assert "not recognised in it: xyzolam" in said(DRUGS, found)


def test_a_code_is_kept_as_it_is() -> None:
    assert read(DRUGS, "something", "314076").code == "314076"
    assert read(DRUGS, "lisinopril", "").code is None


def test_where_it_stays_is_known() -> None:
    local = (
        "timolol 0.5% eye drops",
        "hydrocortisone 1% cream",
        "Flonase",
        "advair diskus",
        "diclofenac gel 1%",
    )
    whole = (
        "timolol 10 mg tablet",
        "hydrocortisone 10 mg",
        "clonidine patch",
        "estradiol cream",
        "prednisone",
    )
    assert all(read_names(DRUGS, text).local for text in local)
    assert not any(read_names(DRUGS, text).local for text in whole)


def test_five_hundred_characters_and_hostile_text() -> None:
    assert names("lisinopril " + "x" * 489) == ("lisinopril",)
    assert names("q" * 500) == ()
    assert names("lisi​nopril") == ("lisinopril",)
    assert names("[b]warfarin[/b]") == ("warfarin",)


@settings(deadline=None)
@given(st.text(max_size=600))
@example("½µg/:\x00‮")
@example("/" * 500)
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = read(DRUGS, text, dosage=text)
    assert set(found.ingredients) <= set(DRUGS.ingredients)
    assert list(found.ingredients) == sorted(set(found.ingredients))
    assert said(DRUGS, found)


SINGLE = sorted(
    name
    for name, keys in DRUGS.names.items()
    if len(name) >= 6 and name.isalpha() and name not in SALTS | NOISE
)
ROUND = st.sampled_from(
    ["{} 10 mg", "{} 10mg tablet", "{} ER 20 MG oral capsule daily", "1 tab {} bid", "{} (generic) 5 mg by mouth",
     "Take {} once a day with food", "{}, 10 mg, every morning", "{}\t5 MG/ML Injectable Solution", "{}.", "*{}*"]
)  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(sorted(DRUGS.names)), ROUND, st.sampled_from([str.lower, str.upper, str.title]))
def test_what_stands_around_a_name_changes_nothing(name: str, around: str, case: object) -> None:
    text = case(name) if callable(case) else name
    found = read_names(DRUGS, around.format(text))
    longer = [key for key in found.ingredients if key not in DRUGS.names[name]]
    assert found.ingredients == tuple(sorted(DRUGS.names[name])) or longer, (name, found)
    assert not found.read_as


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SINGLE), st.data())
def test_one_wrong_letter_is_read_or_told_never_silently_something_else(
    name: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    how = data.draw(st.sampled_from(["change", "drop", "add", "swap"]))
    typed = {
        "change": name[:at] + letter + name[at + 1 :],
        "drop": name[:at] + name[at + 1 :],
        "add": name[:at] + letter + name[at:],
        "swap": name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
    }[how]
    found = read_names(DRUGS, typed)
    right = DRUGS.names[name]
    if typed in DRUGS.names:
        assert found.ingredients == tuple(sorted(DRUGS.names[typed]))
    elif found.ingredients:
        assert found.read_as, (typed, found)
        assert found.ingredients == tuple(sorted(right)) or found.read_as[0].name != name
    else:
        assert found.ingredients == ()


@settings(deadline=None)
@given(st.sampled_from(SINGLE), st.sampled_from(SINGLE))
def test_the_order_of_a_combination_does_not_matter(one: str, other: str) -> None:
    assert names(f"{one}/{other} 5-10 mg") == names(f"{other} and {one}")
