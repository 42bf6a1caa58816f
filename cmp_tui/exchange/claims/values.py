"""Days, names and numbers as claim files write them. Pure."""

from __future__ import annotations

import re
from datetime import date
from types import MappingProxyType

from cmp_tui.clinic.text import one_line

_MONTHS = MappingProxyType(
    {
        month: number
        for number, month in enumerate(
            ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
        )
    }
)
_WORDS = re.compile(r"([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[0-9]{4})?")
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_FIRST = date(1880, 1, 1)
_NO_TOKEN = re.compile("[^0-9A-Za-z._+-]")
LONGEST_TOKEN = 80
_HOUSES = MappingProxyType({"S": "psychiatric", "M": "psychiatric", "T": "rehab", "R": "rehab"})
"""Units within a hospital, by the third sign of its CMS certification number; U, W, Y and Z are swing beds."""
_TAXONOMIES = (
    ("283Q", "psychiatric"),
    ("273R", "psychiatric"),
    ("283X", "rehab"),
    ("273Y", "rehab"),
    ("282E", "ltch"),
    ("314", "snf"),
    ("275N", "snf"),
)
"""How taxonomy codes of hospitals and facilities begin (NUCC)."""


class Days(dict[str, date | None]):
    """Days by their text, read once each: 19-Mar-2017, 20170319 (perhaps with hours), 2017-03-19, 3/19/2017."""

    def __missing__(self, text: str) -> date | None:
        self[text] = found = _day(text.strip())
        return found


def _day(text: str) -> date | None:
    if found := _WORDS.fullmatch(text):
        parts = (int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    elif found := _ISO.fullmatch(text):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif found := _SLASHES.fullmatch(text):
        parts = (int(found[3]), int(found[1]), int(found[2]))
    else:
        return None
    try:
        day = date(*parts)
    except ValueError:
        return None
    return day if day >= _FIRST else None


def tidy(text: str, limit: int = 120) -> str:
    """Returns a text without what is no text, at most so long."""
    text = text.strip()
    return one_line(text[: 4 * limit])[:limit].strip() if text else ""


def tidy_name(text: str) -> str:
    """Returns a name; one in capitals gets its small letters: "RUIZ-MORENO" is "Ruiz-Moreno"."""
    name = tidy(text)
    return name.title().replace("'S ", "'s ") if name.isupper() and len(name) > 1 else name


def token(text: str) -> str:
    """Returns a claim's or a member's number as it may stand in a source: at most 80 plain signs."""
    if len(text) <= LONGEST_TOKEN and text.isascii() and text.isalnum():
        return text  # nearly all of them
    return _NO_TOKEN.sub("", text)[:LONGEST_TOKEN]


def npi(text: str) -> str:
    """Returns ten digits, or nothing."""
    text = text.strip()
    return text if len(text) == 10 and text.isascii() and text.isdigit() else ""


def code(text: str) -> str:
    """Returns a code in capitals, without dot and spaces."""
    return text.replace(".", "").strip().upper()


def house_of_number(ccn: str) -> str:
    """Returns the kind of stay that a CMS certification number speaks of: its last four digits are ranges by kind of
    provider, its third sign a unit within a hospital. "" for an acute hospital and what is not known."""
    text = ccn.strip().upper()
    if len(text) != 6:
        return ""
    if text[2] in "UWYZ":
        return "snf"
    if text[2] in _HOUSES:
        return _HOUSES[text[2]]
    if not text[2:].isdigit():
        return ""
    number = int(text[2:])
    for first, last, kind in (
        (2000, 2299, "ltch"), (3025, 3099, "rehab"), (4000, 4499, "psychiatric"), (5000, 6499, "snf"),
    ):  # fmt: skip
        if first <= number <= last:
            return kind
    return ""


def house_of_taxonomy(taxonomy: str) -> str:
    """Returns the kind of stay that a provider's taxonomy code speaks of, or ""."""
    return next((kind for begin, kind in _TAXONOMIES if taxonomy.startswith(begin)), "")


def kind_of_bill(bill: str) -> str:
    """Returns the kind of an institutional claim by the first two digits of its type of bill (NUBC); "" for one that
    is of no use here."""
    bill = bill.lstrip("0")[:2]
    if bill in ("11", "41"):
        return "inpatient"
    if bill in ("18", "21", "28"):
        return "snf"
    if bill in ("32", "33", "34"):
        return "home-health"
    if bill in ("81", "82"):
        return "hospice"
    return "outpatient" if len(bill) == 2 and bill.isdigit() else ""
