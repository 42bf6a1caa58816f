"""Rules about people: what search looks at, checks that only warn, who may be the same person. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cmp_tui.clinic.partial import agree
from cmp_tui.clinic.text import fold

NAMES = ("family", "given", "preferred", "other_names")
"""The values of a patient that hold names."""

CHECKED = ("mbi", "npi", "postal_code", "number", "phone", "fax")
"""The values at which `warnings` looks."""

_LETTER = "[AC-HJKMNP-RT-Y]"  # all but S, L, O, I, B, Z
_EITHER = "[0-9AC-HJKMNP-RT-Y]"
_MBI = re.compile(f"[1-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{{2}}[0-9]{{2}}")
_ZIP = re.compile(r"[0-9]{5}(-[0-9]{4})?")
_NPI = re.compile(r"[12][0-9]{9}")
_NORTH_AMERICAN = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
_EXTENSION = re.compile(r"(?:x|ext\.?|#)\s*[0-9]+\s*$", re.I)


def fold_names(
    family: str | None, given: str | None = None, preferred: str | None = None, other_names: str | None = None
) -> str:
    """Returns what search looks at: the words of all names, folded, each once, family first.

    A family or given name of several words stands there joined too ("de la cruz" and "delacruz").
    """
    words: dict[str, None] = {}
    for part, joined in ((family, True), (given, True), (preferred, False), (other_names, False)):
        found = fold(part or "").split()
        if joined and 1 < len(found) <= 4:
            found.append("".join(found))
        words.update(dict.fromkeys(found))
    text = " ".join(words)
    return text if len(text) <= 1000 else text[:1000].rpartition(" ")[0]


def phone_digits(number: str | None) -> str | None:
    """Returns a telephone number's digits for search: no extension, no leading 1 of North America."""
    digits = "".join(char for char in _EXTENSION.sub("", number or "") if char.isascii() and char.isdigit())
    return (digits[1:] if len(digits) == 11 and digits[0] == "1" else digits) or None


# Checks


def warnings(values: Mapping[str, object]) -> dict[str, str]:
    """Returns what looks wrong in the values of a form, by field. It is told and never stops anyone.

    Looks at `mbi`, `npi`, `postal_code`, and the telephone numbers `number`, `phone`, `fax`.
    """
    found = {}
    checks = (
        (
            "mbi",
            is_mbi,
            "This does not look like a Medicare number (1EG4-TE5-MK73). Check it against the card.",
        ),
        ("npi", is_npi, "This does not look like an NPI: ten digits, the last one a check digit."),
        ("postal_code", is_zip, "This does not look like a ZIP code: 78704 or 78704-1234."),
        ("number", is_phone, "This does not look like a telephone number with its area code."),
        ("phone", is_phone, "This does not look like a telephone number with its area code."),
        ("fax", is_phone, "This does not look like a fax number with its area code."),
    )
    for name, is_right, sentence in checks:
        value = values.get(name)
        if isinstance(value, str) and value.strip() and not is_right(value):
            found[name] = sentence
    return found


def is_mbi(text: str) -> bool:
    """Tells whether a text is formed like a Medicare Beneficiary Identifier.

    11 places by CMS's "Understanding the MBI" format; letters without S, L, O, I, B, Z. Dashes are for
    display. Numbers that CMS makes up for practice hold an S and are none.
    """
    return _MBI.fullmatch(re.sub(r"[\s-]", "", text).upper()) is not None


def is_npi(text: str) -> bool:
    """Tells whether a text is a National Provider Identifier: Luhn's check digit over 80840 and the number
    (45 CFR 162.406)."""
    digits = text.strip()
    return _NPI.fullmatch(digits) is not None and _luhn("80840" + digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def is_zip(text: str) -> bool:
    """Tells whether a text is formed like a ZIP code."""
    return _ZIP.fullmatch(text.strip()) is not None


def is_phone(text: str) -> bool:
    """Tells whether a text is a North American telephone number with area code, or one with + before it."""
    digits = phone_digits(text) or ""
    if text.strip().startswith("+") and not text.strip().startswith("+1"):
        return 7 <= len(digits) <= 15
    return _NORTH_AMERICAN.fullmatch(digits) is not None


# The same person?


class Described(NamedTuple):
    """What is known of someone: folded names, birth date (perhaps partial), digits of all telephones."""

    family: str
    given: str
    others: str = ""
    birth_date: str | None = None
    phones: frozenset[str] = frozenset()


def describe(
    family: str | None,
    given: str | None,
    others: str | None = None,
    birth_date: str | None = None,
    phones: frozenset[str] = frozenset(),
) -> Described:
    """Returns a description with the names folded."""
    return Described(fold(family or ""), fold(given or ""), fold(others or ""), birth_date or None, phones)


def allowed_slips(word: str) -> int:
    """Returns how many slips of the keyboard a word of this length is forgiven in a search: 0, 1 or 2."""
    return 0 if len(word) < 3 else 1 if len(word) < 9 else 2


def is_near(one: str, other: str) -> bool:
    """Tells whether two folded words may be one, mistyped: a letter more, less, other, or two swapped."""
    if one == other:
        return True
    slips = allowed_slips(min(one, other, key=len))
    if not slips or abs(len(one) - len(other)) > slips:
        return False
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=slips) <= slips


def why_alike(one: Described, other: Described) -> str | None:
    """Returns why two descriptions may be of the same person, in words; None when they hardly are."""
    same_name = one.family == other.family and one.given == other.given
    family = same_name or _share(one.family, f"{other.family} {other.others}")
    given = same_name or _share(one.given, f"{other.given} {other.others}")
    birth = _births(one.birth_date, other.birth_date)
    name = "same name" if same_name else "similar name"
    if family and given:
        if birth == "same":
            return f"{name}, same birth date"
        if birth == "slip":
            return f"{name}, nearly the same birth date"
        if birth == "open" and (same_name or one.phones & other.phones):
            return f"{name}; a birth date is missing or not complete"
    if birth == "same" and given and one.given == other.given:
        return "same first name and birth date"
    if one.phones & other.phones and given and birth != "other":
        return "same telephone and first name"
    return None


def _share(mine: str, theirs: str) -> bool:
    """Whether the first word of one name, or all of it joined, stands in the other, slips forgiven."""
    if not mine or not theirs.strip():
        return False
    words = [*theirs.split(), theirs.replace(" ", "")]
    return any(is_near(word, other) for word in (mine.split()[0], mine.replace(" ", "")) for other in words)


def _births(one: str | None, other: str | None) -> str:
    """'same', 'slip' (one digit, or day and month swapped), 'open' (not known well enough) or 'other'."""
    if not one or not other:
        return "open"
    if len(one) < 10 or len(other) < 10:
        return "open" if agree(one, other) else "other"
    if one == other:
        return "same"
    year, month, day = one.split("-")
    if other == f"{year}-{day}-{month}":
        return "slip"
    from rapidfuzz.distance import OSA

    return "slip" if OSA.distance(one, other, score_cutoff=1) <= 1 else "other"
