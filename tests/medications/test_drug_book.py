"""The file of medicines: what ships can be used whole, and what can't be used is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmp_tui.medications.drug_book import drug_book
from tests.medications.drugs import DRUGS, own

COMMON = """
Lipitor Zestril Norvasc Synthroid Glucophage Prilosec Toprol-XL Cozaar Ventolin Zocor Lasix Neurontin Zoloft Flonase
Singulair Protonix Crestor Microzide Lexapro Flomax Plavix Eliquis Xarelto Coumadin Jardiance Farxiga Ozempic Trulicity
Januvia Lantus Humalog Novolog Advair Symbicort Spiriva Entresto Aricept Namenda Ambien Xanax Percocet Norco Ultram
Lyrica Cymbalta Wellbutrin Prozac Celexa Paxil Seroquel Zyprexa Abilify Lamictal Keppra Depakote Sinemet Fosamax Prolia
Celebrex Mobic Motrin Aleve Tylenol Zofran Pepcid Nexium Miralax Bactrim Augmentin Zithromax Cipro Keflex Deltasone
""".split()  # noqa: SIM905


def test_what_ships_can_be_used_whole() -> None:
    assert DRUGS.problems == ()
    assert len(DRUGS.ingredients) >= 350
    assert len(DRUGS.older) >= 30 and len(DRUGS.groups) >= 15


@pytest.mark.parametrize("brand", COMMON)
def test_common_brands_are_known(brand: str) -> None:
    assert DRUGS.names[brand.lower().replace("-", " ")]


def test_every_class_has_members_and_every_name_an_ingredient() -> None:
    assert [key for key in DRUGS.classes if not DRUGS.members(key)] == []
    assert {key for keys in DRUGS.names.values() for key in keys} <= set(DRUGS.ingredients)


def test_no_other_name_is_one_of_ours() -> None:
    assert DRUGS.others.isdisjoint(DRUGS.names)


def test_names_are_plain() -> None:
    assert DRUGS.name("lisinopril") == "lisinopril"
    assert DRUGS.name("ace-inhibitors") == "ACE inhibitor"
    assert DRUGS.name("nothing-like-it") == "nothing-like-it"


def test_the_clinics_own_file_stands_before(tmp_path: Path) -> None:
    text = '[class]\nstatins = { name = "statin" }\n[ingredient]\nnewstatin = { class = ["statins"] }\n'
    book = drug_book(own(tmp_path, drugs_toml=text))
    assert set(book.ingredients) == {"newstatin"} and book.problems == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('bad = { class = ["none"] }', "line 6: bad … class names 'none', which is no class here"),
        ("bad = { brand = [] }", "line 6: bad … brand is not known here"),
        ('bad = { brands = ["Okay"] }', "line 6: bad … 'Okay' stands here for something else already"),
        ('bad = "x"', "line 6: bad = { … }"),
        ("Bad = {}", "line 6: Bad … an ingredient has small letters"),
        ("bad = { local = 1 }", "line 6: bad … local is true or false"),
    ],
)
def test_a_bad_line_is_told_and_left_out(tmp_path: Path, line: str, told: str) -> None:
    text = '[class]\nstatins = { name = "statin" }\n\n[ingredient]\nfine = { brands = ["Okay"] }\n'
    text += f"{line}\nlast = {{}}\n"
    book = drug_book(own(tmp_path, drugs_toml=text))
    assert len(book.problems) == 1 and told in book.problems[0], book.problems
    assert {"fine", "last"} <= set(book.ingredients)


def test_bad_tables_are_told(tmp_path: Path) -> None:
    text = (
        '[ingredient]\nfine = {}\n[[older]]\nwho = ["fine"]\nreason = "r"\nask = "a"\n'
        '[[allergy]]\nname = "n"\nwords = ["w"]\nwho = ["other"]\nreason = "r"\nsource = "s"\n[strange]\n'
    )
    book = drug_book(own(tmp_path, drugs_toml=text))
    assert [one.split(":")[0] for one in book.problems] == [
        "drugs.toml, line 13", "drugs.toml, line 3", "drugs.toml, line 10",
    ]  # fmt: skip


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    book = drug_book(own(tmp_path, drugs_toml="[ingredient\n"))
    assert "drugs.toml" in book.problems[0] and book.ingredients == {}
