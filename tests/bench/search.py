"""The search: seconds a keystroke, and how many queries with one slip of the keyboard find whom they mean."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import fold
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import Names, find_patients
from tests.bench.big_clinic import open_big
from tests.bench.common import Bench, Figure, median, ms, share
from tests.bench.looking import at_today
from tests.bench.meter import Answer

NEAR = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "sqz", "s": "adw", "d": "sfe", "f": "dgr", "g": "fht", "h": "gjy", "j": "hku", "k": "jli",
    "l": "kop", "z": "xas", "x": "zcs", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "nkj",
}  # fmt: skip
"""The keys beside each key."""
TOP = 10
ASKED = 20
"""So many the app asks for."""


class Query(NamedTuple):
    """What someone types who means a patient, and all whose name is exactly that patient's."""

    text: str
    meant: frozenset[bytes]


def run(bench: Bench) -> Iterator[Figure]:
    clinic = open_big(bench.clinic)
    try:
        queries = clinic.read(one_slip, bench.size.queries)
        names = Names()
        began = time.perf_counter()
        clinic.read(find_patients, "first", ASKED, names)
        loading = time.perf_counter() - began
        found, spent = 0, []
        for query in queries:
            began = time.perf_counter()
            lines = clinic.read(find_patients, query.text, ASKED, names)
            spent.append(time.perf_counter() - began)
            found += bool(query.meant & {line.id for line in lines[:TOP]})
    finally:
        clinic.close_here()
    part = found / len(queries)
    typed, first = _typed(bench, [query.text for query in queries[: bench.size.typed]])
    middle, late = median(typed), share(typed, 0.95)
    yield Figure(
        "search keystroke, key to last byte", f"median {ms(middle)}, p95 {ms(late)}", aim="≤ 60 ms, p95 ≤ 100 ms",
        meets=middle <= 0.06 and late <= 0.1,
    )  # fmt: skip
    yield Figure("… its first, when the names are read", ms(first))
    middle, late = median(spent), share(spent, 0.95)
    yield Figure(
        "… the query alone, one slip in it",
        f"median {ms(middle)}, p95 {ms(late)}",
        f"names read in {ms(loading)}",
    )
    yield Figure(
        f"one slip: found in the top {TOP}", f"{part:.1%} of {len(queries):,}", aim="≥ 95 %", meets=part >= 0.95
    )  # fmt: skip


def one_slip(scope: Scope, count: int) -> list[Query]:
    """Patients by chance, each as given and family name or the other way round, with one slip in it."""
    rng = Random("slips")
    everyone: dict[str, set[bytes]] = {}
    names = []
    wanted = Patient.live(Patient.id, Patient.family, Patient.given, Patient.other_names)
    for key, family, given, latin in rows(wanted):
        words = (fold(latin), "") if latin else (fold(given or ""), fold(family))
        name = " ".join(word for word in words if word)
        everyone.setdefault(name, set()).add(key)
        names.append((name, words))
    found: list[Query] = []
    while len(found) < count:
        name, (given, family) = rng.choice(names)
        text = f"{family} {given}".strip() if rng.random() < 0.5 else name
        slipped = _slip(rng, text)
        if slipped is not None:
            found.append(Query(slipped, frozenset(everyone[name])))
    return found


def _slip(rng: Random, text: str) -> str | None:
    """The text with one slip: a key beside, a key left out, a key twice, or two keys in the wrong order."""
    places = [place for place, letter in enumerate(text) if letter in NEAR]
    if len(places) < 4:
        return None
    at = rng.choice(places)
    kind = rng.choice(("beside", "left out", "extra", "swapped"))
    if kind == "beside":
        return text[:at] + rng.choice(NEAR[text[at]]) + text[at + 1 :]
    if kind == "left out":
        return text[:at] + text[at + 1 :]
    if kind == "extra":
        return text[:at] + rng.choice(NEAR[text[at]] + text[at]) + text[at:]
    after = text[at + 1 : at + 2]
    return text[:at] + after + text[at] + text[at + 2 :] if after.isalpha() and after != text[at] else None


def _typed(bench: Bench, queries: list[str]) -> tuple[list[float], float]:
    """Seconds from each key to the last byte of its answer, in the running app; and those of the very first key."""
    spent: list[float] = []
    first = 0.0
    with at_today(bench) as app:
        for query in queries:
            app.key("/")
            for letter in query:
                quiet = (
                    0.3 if first else 5.0
                )  # the names are read, which may take longer than the letter's echo
                pieces = app.key("space" if letter == " " else letter, quiet, 6.0)
                if pieces and not first:
                    first = Answer.of(pieces).last
                elif pieces:
                    spent.append(Answer.of(pieces).last)
            app.key("escape")
    return spent, first
