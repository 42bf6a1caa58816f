"""Telephone numbers in a cell: several, with extensions, kinds and remarks between them. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.words import Words
from cmp_tui.patients.rules import phone_digits

_EXTENSION = r"(?:\s*(?:x|ext\.?|extension|#)\s*[0-9]{1,6}\b)?"
_NUMBER = re.compile(
    r"(?<![0-9])(?:\+(?!1\b)[2-9][0-9]{0,2}[0-9 .()\-]{6,18}[0-9]"
    r"|(?:\+?1[ .\-]{0,2})?\(?[2-9][0-9]{2}\)?[ .\-/]{0,3}[0-9]{3}[ .\-]{0,2}[0-9]{4}"
    r"|[2-9][0-9]{2}[ .\-][0-9]{4})(?![0-9])" + _EXTENSION,
    re.I,
)
_EDGES = " ,;:/|-–—()[]*.&+"
LONGEST_REMARK = 200


class PhoneIn(NamedTuple):
    """A number as it is written, its digits, its kind (None: not said) and what was said of it."""

    number: str
    digits: str
    use: str | None
    remarks: str


def read_phones(text: str, words: Words, use: str | None = None) -> tuple[list[PhoneIn], str]:
    """Returns the numbers of a cell, and the words that belong to none of them. `use` is the column's kind."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return [], text.strip()
    phones: dict[str, PhoneIn] = {}
    before = text[: found[0].start()].strip(_EDGES)
    left = ""
    for place, match in enumerate(found):
        after = text[match.end() : found[place + 1].start() if place + 1 < len(found) else len(text)]
        remark = after.strip(_EDGES)
        if place == 0 and before:
            remark = " ".join(filter(None, (before, remark)))
        kind, remark = _kind(remark, words)
        if len(remark) > LONGEST_REMARK:
            left, remark = " ".join(filter(None, (left, remark))), remark[: LONGEST_REMARK - 1] + "…"
        digits = phone_digits(match[0]) or ""
        phones.setdefault(digits, PhoneIn(match[0].strip(), digits, kind or use, remark))
    return list(phones.values()), left


def _kind(remark: str, words: Words) -> tuple[str | None, str]:
    """The kind that a remark says, and the remark without it when it says nothing else."""
    folded = fold(remark)
    if not folded:
        return None, ""
    phrases = words.phrases["phone_use"]
    whole = phrases.whole(folded)
    if whole:
        return whole, ""
    first, _, rest = remark.partition(" ")
    kind = phrases.whole(fold(first))
    if kind and (len(fold(first)) > 1 or rest):
        return kind, rest.strip(_EDGES)
    return phrases.within(folded), remark


def use_of(heading: str, words: Words) -> str | None:
    """Returns the kind of telephone that a heading names ("Cell", "Home phone")."""
    found = {words.phrases["phone_use"].whole(word) for word in fold(heading).split() if len(word) > 1} - {
        None
    }
    return found.pop() if len(found) == 1 else None


def looks_like_phone(text: str) -> bool:
    """Tells whether a cell is a telephone number and little else."""
    found = _NUMBER.search(text)
    return found is not None and len(text) - len(found[0]) <= 12
