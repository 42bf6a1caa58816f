"""The interaction check of 25 medicines as they are typed, against the least that such a check has to do; two lists of
forty read and matched; and reading the books of medicines and pairs once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.text import fold
from cmp_tui.medications.interaction_book import InteractionBook, interaction_book
from cmp_tui.medications.interaction_rules import Taken, check
from cmp_tui.medications.name_rules import read, read_names
from cmp_tui.medications.same_rules import matched
from tests.bench.common import Bench, Figure, median

AIM = 0.0005
ROUNDS = 200
"""Checks in one timing: one alone is shorter than the clock is steady."""
LIST = (
    "lisinopril 10 MG Oral Tablet", "Hydrochlorothiazide 25 MG Oral Tablet", "amLODIPine 5 MG Oral Tablet",
    "200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", "Simvastatin 20 MG Oral Tablet",
    "120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler", "Warfarin Sodium 5 MG Oral Tablet",
    "Acetaminophen 325 MG / Oxycodone Hydrochloride 10 MG Oral Tablet [Percocet]", "Bactrim DS BID x 7 days",
    "24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]", "Lantus Solostar 22 units qhs",
    "Clopidogrel 75 MG Oral Tablet", "omeprazole 20 mg capsule DR once daily", "ibuprofen 200 mg prn",
    "sertraline 50 mg", "tramadol 50 mg every 6 hours as needed", "Levothyroxine Sodium 0.075 MG Oral Tablet",
    "calcium carbonate 500 mg with vitamin D", "Donepezil hydrochloride 10 MG Oral Tablet", "alprazolam 0.5 mg tid",
    "gabapentin 300 mg cap", "digoxin 125 mcg", "furosemide 40 mg", "potassium chloride ER 20 mEq",
    "metformin 500 mg twice a day with food",
)  # fmt: skip
"""25 medicines of which very many pairs are known: far more to tell than of most lists."""


def run(bench: Bench) -> Iterator[Figure]:
    book = interaction_book(Reference())
    taken = [Taken(at, text) for at, text in enumerate(LIST)]
    mine, floor = bench.repeat(lambda: _timed(lambda: _first(book, taken)), lambda: _timed(_floor(book)), 9)
    found = len(check(book, taken, age=78).findings)
    yield Figure(
        f"interaction check of {len(LIST)} medicines as typed, {found} findings", us(mine),
        f"{us(floor)} (folding the texts, one look-up a pair)", f"{mine / floor:.1f}×",
        aim="≤ 500 µs", meets=mine <= AIM,
    )  # fmt: skip
    again = median(_timed(lambda: check(book, taken, age=78)) for _ in range(5))
    yield Figure("… again, the texts read already", us(again))
    usual = [Taken(at, LIST[at]) for at in (0, 2, 6, 12, 16, 20, 24)]
    few = median(_timed(lambda: _first(book, usual)) for _ in range(5))
    yield Figure(f"… of {len(usual)} medicines", us(few))
    typed = [text.replace("in", "ni", 1) for text in LIST]
    wrong = median(_timed(lambda: _first(book, list(_taken(typed))), 5) for _ in range(3))
    yield Figure(f"… of {len(LIST)} medicines, most of them misspelt", us(wrong))
    forty = [*LIST, *(f"{text} daily" for text in LIST[:15])]
    both = median(_timed(lambda: _two_lists(book, forty), 5) for _ in range(3))
    yield Figure("… two lists of 40 lines read and matched", us(both))
    once = median(_timed(lambda: interaction_book(Reference()), 1) for _ in range(3))
    yield Figure("… reading both books from their files, once a run", us(once))


def _taken(texts: list[str]) -> Iterator[Taken]:
    """The texts as medicines."""
    return (Taken(at, text) for at, text in enumerate(texts))


def _first(book: InteractionBook, taken: list[Taken]) -> None:
    """A check of texts that the book has not seen before."""
    book.drugs.held.clear()
    check(book, taken, age=78)


def _two_lists(book: InteractionBook, texts: list[str]) -> None:
    book.drugs.held.clear()
    ours = [read(book.drugs, text) for text in texts]
    matched(ours, [read(book.drugs, text.upper()) for text in reversed(texts)])


def _floor(book: InteractionBook) -> Callable[[], None]:
    """What no check can leave out: each text in small letters and words, and one look for each pair of medicines."""
    keys = [names[0] for text in LIST if (names := read_names(book.drugs, text).ingredients)]

    def once() -> None:
        for text in LIST:
            fold(text).split()
        for one, other in combinations(keys, 2):
            partners = book.partners.get(one)
            if partners is not None:
                partners.get(other)

    return once


def _timed(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Seconds of the processor for one of several rounds: nothing here waits, so neighbours need not count."""
    began = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - began) / rounds


def us(seconds: float) -> str:
    """Microseconds, or milliseconds from ten on."""
    return f"{seconds * 1e6:,.0f} µs" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"
