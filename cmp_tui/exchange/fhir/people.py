"""Names, phones, addresses and identifiers: what patients, caregivers and practitioners have in common."""

from __future__ import annotations

import re
from types import MappingProxyType

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.records import Address, Name, Phone
from cmp_tui.exchange.fhir.values import LABEL, LINE, NUMBER

NAME_RANK = MappingProxyType(
    {"official": 0, "usual": 1, "": 2, "temp": 3, "nickname": 4, "anonymous": 5, "maiden": 6}
)
PHONE_USES = MappingProxyType({"home": "home", "work": "work", "mobile": "mobile"})
ADDRESS_RANK = MappingProxyType({"home": 0, "": 1, "temp": 2, "work": 3, "billing": 4, "old": 5})
NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
DIGITS = re.compile(r"(?<=[^\W\d_])\d+(?!\w)")
NO_NAME = Name("", "", "")


def names(context: Context, raw: Raw) -> list[Name]:
    """The names, the one to call the person by first."""
    found = []
    for item in context.items(raw, "name"):
        use = context.text(item, "use")
        family = context.text(item, "family")
        given = " ".join(context.texts(item, "given"))
        prefix, suffix = (" ".join(context.texts(item, field)) for field in ("prefix", "suffix"))
        if not family and not given:
            spoken = spoken_name(context.text(item, "text"))
            family, given, prefix = spoken.family, spoken.given, prefix or spoken.prefix
        if family or given:
            rank = NAME_RANK.get(use, 2) + (10 if context.ended(item) else 0)
            found.append((rank, tidy_name(Name(use, family, given, prefix, suffix), context.strip_digits)))
    found.sort(key=lambda pair: pair[0])
    return [name for _, name in found]


def spoken_name(text: str) -> Name:
    """A name that came as one text: 'Ruiz, Ana' or 'Dr. Ana Ruiz'."""
    prefix = ""
    if match := re.match(r"(?:Dr|Mr|Mrs|Ms|Miss|Prof)\.? ", text):
        prefix, text = match[0].strip(), text[match.end() :]
    if ", " in text:
        family, _, given = text.partition(", ")
    else:
        given, _, family = text.rpartition(" ")
    return Name("", family.strip(), given.strip(), prefix)


def tidy_name(name: Name, strip_digits: bool) -> Name:
    """The name, without the digits that synthetic names end in if the caller asked for that."""
    if not strip_digits:
        return name
    return Name(name.use, without_digits(name.family), without_digits(name.given), name.prefix, name.suffix)


def without_digits(text: str) -> str:
    """'Nick779 Grimes165' as 'Nick Grimes'. For demonstrations only: in real data digits are data."""
    return DIGITS.sub("", text)


def phones(context: Context, raw: Raw) -> tuple[tuple[Phone, ...], str]:
    """The phones that hold, in the sender's order of rank, and the first email."""
    found: list[tuple[int, Phone]] = []
    email = ""
    for item in context.items(raw, "telecom"):
        system = item.get("system")
        if context.ended(item) or system not in ("phone", "sms", "email", None):
            continue
        limit = LABEL if system == "email" else NUMBER
        value = context.text(item, "value", limit).removeprefix("tel:").removeprefix("mailto:")
        if system == "email" or (system is None and "@" in value):
            email = email or value
        elif value:
            rank = item.get("rank")
            order = rank if isinstance(rank, int) else 99
            phone = Phone(PHONE_USES.get(context.text(item, "use"), "other"), value)
            if all(phone.number != other.number for _, other in found):
                found.append((order, phone))
    found.sort(key=lambda pair: pair[0])
    return tuple(phone for _, phone in found), email


def address(context: Context, raw: Raw) -> Address:
    """The address to write to: the home one before others, without those that hold no longer."""
    found = [item for item in context.items(raw, "address") if not context.ended(item)]
    if not found:
        return Address()
    item = min(found, key=lambda each: ADDRESS_RANK.get(context.text(each, "use"), 1))
    lines = tuple(context.texts(item, "line"))
    city, state = context.text(item, "city"), context.text(item, "state", NUMBER)
    code, country = context.text(item, "postalCode", 20), context.text(item, "country")
    if not (lines or city or code) and (text := context.text(item, "text", LINE)):
        lines = (text,)
    return Address(lines, city, state, code, country)


def identifiers(context: Context, raw: Raw) -> list[tuple[str, str, Raw]]:
    """(system, value, the identifier) of those that have a value."""
    found = []
    for item in context.items(raw, "identifier"):
        value = context.text(item, "value", 64)
        if value:
            found.append((context.text(item, "system", 200), value, item))
    return found


def npi(found: list[tuple[str, str, Raw]]) -> str:
    """The National Provider Identifier among identifiers, as it was given."""
    return next((value for system, value, _ in found if system in (NPI_SYSTEM, "us-npi")), "")
