"""Who may be the same person, and why: one rule for a form, for a spreadsheet and for an EHR's file. Pure.

Names are forgiven slips, nicknames and being swapped; a birth date one digit or day and month swapped; a Medicare
number one sign. A single person is compared with the candidates of a search, a list with those of an index (`keys_of`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from cmp_tui.clinic.partial import NotADate, agree, parse_partial
from cmp_tui.clinic.text import fold
from cmp_tui.patients.rules import is_near

Births = Literal["same", "slip", "open", "other"]
Nicknames = Mapping[str, str]
"""Folded given names, each with the other forms of it in one text: {"bill": "william will billy"}."""
_MBI_SIGNS = 11


class Described(NamedTuple):
    """What is known of someone: folded names, birth date (perhaps partial), digits of all phones, Medicare number."""

    family: str
    given: str
    others: str = ""
    birth_date: str | None = None
    phones: frozenset[str] = frozenset()
    mbi: str = ""


def describe(
    family: str | None,
    given: str | None,
    others: str | None = None,
    birth_date: str | None = None,
    phones: frozenset[str] = frozenset(),
    mbi: str | None = None,
) -> Described:
    """Returns a description with the names folded."""
    names = (fold(family or ""), fold(given or ""), fold(others or ""))
    return Described(*names, birth_date or None, phones, plain_mbi(mbi))


def plain_mbi(text: str | None) -> str:
    """Returns a Medicare number for comparing: capitals and digits only."""
    return re.sub(r"[^0-9A-Z]", "", (text or "").upper())


def read_nicknames(groups: Iterable[Iterable[str]]) -> dict[str, str]:
    """Returns the other forms of each name, from groups of names that are said of one person."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        names = [name for name in map(fold, group) if name]
        for name in names:
            found.setdefault(name, {}).update((other, None) for other in names if other != name)
    return {name: " ".join(others) for name, others in found.items()}


def with_nicknames(who: Described, nicknames: Nicknames) -> Described:
    """Returns someone with the other forms of their first given name among the other names."""
    first = who.given.split(" ", 1)[0]
    forms = nicknames.get(first, "")
    return who._replace(others=f"{who.others} {forms}".strip()) if forms else who


def near_words(mine: str, theirs: str) -> bool:
    """Tells whether the first or last word of one name, or all of it joined, stands in the other.

    Slips are forgiven, and an initial stands for its name.
    """
    if not mine or not theirs.strip():
        return False
    words = mine.split()
    others = [*theirs.split(), theirs.replace(" ", "")]
    return any(
        word == other or (len(word) == 1 and other.startswith(word)) or is_near(word, other)
        for word in {words[0], words[-1], "".join(words)}
        for other in others
    )


def births_of(one: str | None, other: str | None) -> Births:
    """Returns "same", "slip" (one digit, two neighbours swapped, or day and month), "open" (not known well enough) or
    "other"."""
    if not one or not other:
        return "open"
    if len(one) < 10 or len(other) < 10:
        return "open" if agree(one, other) else "other"
    if one == other:
        return "same"
    if other == f"{one[:4]}-{one[8:]}-{one[5:7]}":
        return "slip"
    off = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = (
        len(off) == 2
        and off[1] == off[0] + 1
        and one[off[0]] == other[off[1]]
        and one[off[1]] == other[off[0]]
    )
    return "slip" if len(off) == 1 or swapped else "other"


def near_births(born: str) -> tuple[str, ...]:
    """Returns the birth dates that are a slip away from a whole one (`births_of`), without itself."""
    if len(born) != 10:
        return ()
    found = {f"{born[:4]}-{born[8:]}-{born[5:7]}"}
    digits = [at for at, char in enumerate(born) if char != "-"]
    found |= {f"{born[:at]}{digit}{born[at + 1 :]}" for at in digits for digit in "0123456789"}
    found |= {f"{born[:at]}{born[at + 1]}{born[at]}{born[at + 2 :]}" for at in digits if at + 1 in digits}
    return tuple(sorted(one for one in found if one != born and _is_day(one)))


def why_alike(one: Described, other: Described) -> str | None:
    """Returns why two descriptions may be of the same person, in words; None when they hardly are."""
    why = _by_names(one, other)
    if one.mbi and other.mbi:
        if one.mbi == other.mbi:
            return f"same Medicare number; {why}" if why else "same Medicare number"
        if not why and _mbi_slip(one.mbi, other.mbi) and _births_agree(one, other):
            return "nearly the same Medicare number, same birth date"
    return why


def _by_names(one: Described, other: Described) -> str | None:
    same_name = one.family == other.family and one.given == other.given
    family = same_name or _either(one.family, other.family, one.others, other.others)
    given = same_name or _either(one.given, other.given, one.others, other.others)
    name = "same name" if same_name else "similar name"
    birth = births_of(one.birth_date, other.birth_date)
    phone = bool(one.phones & other.phones)
    if not (family and given) and (_swapped(one, other) or _swapped(other, one)):
        family = given = True
        name = "given and family name swapped"
    if family and given:
        if birth == "same":
            return f"{name}, same birth date"
        if birth == "slip":
            return f"{name}, nearly the same birth date"
        if birth == "open" and (same_name or phone):
            return f"{name}; a birth date is missing or not complete"
        if same_name and phone:
            return "same name and telephone; another birth date"
    if birth == "same" and given and one.given == other.given:
        return "same first name and birth date"
    if birth == "same" and family and phone:
        return "same family name, telephone and birth date"
    if phone and given and birth != "other":
        return "same telephone and first name"
    return None


def _either(mine: str, theirs: str, my_others: str, their_others: str) -> bool:
    return near_words(mine, f"{theirs} {their_others}") or near_words(theirs, f"{mine} {my_others}")


def _swapped(one: Described, other: Described) -> bool:
    given = near_words(one.family, f"{other.given} {other.others}")
    return given and near_words(one.given, other.family)


def _births_agree(one: Described, other: Described) -> bool:
    return births_of(one.birth_date, other.birth_date) == "same"


def _mbi_slip(one: str, other: str) -> bool:
    if len(one) < _MBI_SIGNS - 1 or len(other) < _MBI_SIGNS - 1:
        return False
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=1) <= 1


def _is_day(text: str) -> bool:
    try:
        return parse_partial(text) == text
    except NotADate:
        return False


def keys_of(who: Described, asking: bool = False) -> Iterator[tuple[str, ...]]:
    """Yields what someone is indexed by in a list, and looked up by (`asking`).

    A slip in one digit of a birth date leaves two of its parts as they are.
    """
    born = who.birth_date or ""
    family, given = who.family.split(" ", 1)[0], who.given.split(" ", 1)[0]
    if len(born) == 10:
        year, month, day = born[:4], born[5:7], born[8:]
        yield "born", born
        if asking and month != day and day <= "12":
            yield "born", f"{year}-{day}-{month}"
        for name in (family, given):
            if name:
                yield name, year, month
                yield name, year, "", day
                yield name, "", month, day
    for digits in who.phones:
        if len(digits) >= 7:
            yield "phone", digits
    if who.mbi:
        yield "mbi", who.mbi
    if family:
        yield "name", who.family.replace(" ", ""), given
        if asking and given:
            yield "name", who.given.replace(" ", ""), family
