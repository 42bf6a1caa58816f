"""Rules about people: what search looks at, what is forgiven when it is typed, checks that only warn. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
