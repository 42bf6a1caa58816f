"""The files of pairs: ours ships whole and sourced; the clinic's own table adds to it; bad rows are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmp_tui.medications.interaction_book import SEVERITIES, interaction_book
from cmp_tui.medications.interaction_rules import Taken, check
from tests.medications.drugs import DRUGS, PAIRS, own

HEAD = "a,b,severity,reason,what_to_do,source\n"
PAIR = '[[pair]]\na = ["warfarin"]\nb = ["aspirin"]\nseverity = "serious"\nreason = "r"\nask = "q"\nsource = "s"\n'


def test_what_ships_can_be_used_whole() -> None:
    assert PAIRS.problems == ()
    assert 150 <= len(PAIRS.pairs) <= 200
    assert PAIRS.own == 0


def test_every_row_is_whole() -> None:
    for pair in PAIRS.pairs:
        assert pair.severity in SEVERITIES
        assert pair.reason.endswith(".") and pair.ask.endswith("?"), pair
        assert pair.ask.startswith("Ask "), pair
        assert "FDA label" in pair.source and pair.checked_on is not None


def test_every_row_joins_two_medicines() -> None:
    met = {pair for partners in PAIRS.partners.values() for pairs in partners.values() for pair in pairs}
    assert [pair for pair in PAIRS.pairs if pair not in met] == []


def test_pairs_go_both_ways_and_never_to_themselves() -> None:
    for one, partners in PAIRS.partners.items():
        assert one not in partners
        for other, pairs in partners.items():
            assert PAIRS.partners[other][one] == pairs
            assert [SEVERITIES.index(pair.severity) for pair in pairs] == sorted(
                SEVERITIES.index(pair.severity) for pair in pairs
            )


def test_exceptions_hold() -> None:
    assert "clarithromycin" not in PAIRS.partners["apixaban"] or all(
        "strong-3a4-inhibitors" not in pair.b for pair in PAIRS.partners["apixaban"]["clarithromycin"]
    )
    assert "ritonavir" in PAIRS.partners["apixaban"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('b = ["aspirin"]', 'b = ["asprin"]'), "line 3: b names 'asprin', which is no ingredient or class"),
        (('severity = "serious"', 'severity = "bad"'), "line 4: severity is one of avoid, serious, watch"),
        (('reason = "r"', 'reason = ""'), "line 5: reason is missing"),
        (('source = "s"', 'where = "s"'), "line 7: where is not known here"),
        (("checked_on = 2026-11-22", 'checked_on = "soon"'), "line 8: checked_on is not a day"),
    ],
)
def test_a_bad_row_is_told_and_left_out(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    good = PAIR + "checked_on = 2026-11-22\n"
    book = interaction_book(own(tmp_path, interactions_toml=good.replace(*change) + good))
    assert len(book.pairs) == 1 and len(book.problems) == 1
    assert f"interactions.toml, {told}" in book.problems[0], book.problems


def test_an_own_table_adds_to_ours(tmp_path: Path) -> None:
    table = HEAD + (
        "Warfarin,grapefruit juice,major,It may bleed.,Ask.,Our licence\n"
        'statin,"Tylenol, extra strength",moderate,Made up.,Ask.,Our licence\n'
    )
    book = interaction_book(own(tmp_path, interactions_csv=table))
    assert book.problems == () and book.own == 2 and len(book.pairs) == len(PAIRS.pairs) + 2
    taken = [
        Taken(1, "Coumadin 5 mg"),
        Taken(2, "Grapefruit Juice 1 glass"),
        Taken(3, "Lipitor"),
        Taken(4, "APAP"),
    ]
    found = {one.keys: one for one in check(book, taken).findings}
    assert found[1, 2].own and found[1, 2].severity == "serious" and found[1, 2].source == "Our licence"
    assert found[3, 4].own and found[3, 4].severity == "watch"
    assert "2 of them from the clinic's own table" in check(book, taken).sentence(book)


def test_bad_rows_of_an_own_table_are_told_with_their_lines(tmp_path: Path) -> None:
    table = HEAD + (
        "warfarin,aspirin,deadly,r,w,s\n"
        ",aspirin,avoid,r,w,s\n"
        "warfarin,Coumadin,avoid,r,w,s\n"
        f"warfarin,aspirin,avoid,{'x' * 301},w,s\n"
        "warfarin,aspirin,avoid,r,w\n"
        "warfarin,10 mg,avoid,r,w,s\n"
        "warfarin,aspirin,avoid,r,w,s\n"
    )
    book = interaction_book(own(tmp_path, interactions_csv=table))
    assert book.own == 1
    lines = [one.split(":")[0] for one in book.problems]
    assert lines == [f"interactions.csv, line {line}" for line in (2, 3, 5, 6, 4, 7)], book.problems


def test_headings_in_any_order_and_a_missing_one_is_told(tmp_path: Path) -> None:
    mixed = "Source;B;A;Severity;Reason;What to do\ns;aspirin;warfarin;Contraindicated;r;w\n"
    book = interaction_book(own(tmp_path, interactions_csv=mixed))
    assert book.own == 1 and book.pairs[-1].severity == "avoid"
    other = tmp_path / "other"
    other.mkdir()
    book = interaction_book(own(other, interactions_csv="a,b,severity\nx,y,avoid\n"))
    assert book.own == 0 and "line 1: the column reason" in book.problems[0]


def test_an_empty_and_a_binary_table_are_told(tmp_path: Path) -> None:
    assert "is empty" in interaction_book(own(tmp_path, interactions_csv="")).problems[0]
    (tmp_path / "interactions.csv").write_bytes(b"\x00\x01\x02" * 400)
    book = interaction_book(own(tmp_path))
    assert book.own == 0 and "interactions.csv" in book.problems[0]


def test_the_same_names_mean_the_same_in_both_files() -> None:
    for pair in PAIRS.pairs:
        assert all(DRUGS.members(key) for key in (*pair.a, *pair.b)), pair
