"""The small query language of the caseload: `diabetes min:<20 due:overdue cm:me`. Pure.

Words without a colon look for names. Each part narrows; a leading '-' turns one around.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cmp_tui.clinic.errors import ClinicError

COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
"""The comparisons, for SQL expressions and numbers alike."""
LONGEST = 500
"""Characters of a filter: more than anybody types, and no more than the file can be asked at once."""
COMPARISON = re.compile(r"(<=|>=|<|>|=)?([0-9]{1,6})")


class Term(NamedTuple):
    """One part of a filter: a key ("min"), an operator ("<", "=" for words) and its value."""

    key: str
    operator: str
    value: str
    negated: bool = False


class NotUnderstood(ClinicError):
    """A part of a filter is not one; the sentence says what there is."""


class Key(NamedTuple):
    """A key of the language: what it filters, and the values it takes ("number", "word", a list, or both: "number"
    first, then the words)."""

    name: str
    meaning: str
    takes: tuple[str, ...]


KEYS = (
    Key("name", "a name, or part of one", ("word",)),
    Key("mrn", "the start of an MRN", ("word",)),
    Key("cm", "care manager: me, none, or a username", ("word",)),
    Key("due", "what is due: overdue, today, week, none", ("overdue", "today", "week", "none")),
    Key("min", "minutes this month: min:<20", ("number",)),
    Key("age", "age in years: age:>75", ("number",)),
    Key("sex", "f, m, x, u", ("f", "m", "x", "u")),
    Key("has", "a condition group: has:diabetes", ("word",)),
    Key(
        "risk",
        "the risk tier, 6 is the highest: risk:6, risk:>=5, risk:high",
        ("number", "high", "middle", "low", "none"),
    ),
    Key("program", "enrolled in a program: program:ccm, or none", ("word",)),
    Key("consent", "consent to CCM: yes, no", ("yes", "no")),
    Key("reached", "days since someone reached them: reached:>30", ("number",)),
    Key("payer", "the payer: payer:medicaid", ("word",)),
    Key("lang", "the language: lang:spanish", ("word",)),
    Key("alive", "yes (the default), no, any", ("yes", "no", "any")),
)


def parse(text: str) -> tuple[Term, ...]:
    """Reads a filter. Raises NotUnderstood with a sentence that lists what is possible."""
    if len(text) > LONGEST:
        raise NotUnderstood(f"This filter has {len(text):,} characters; {LONGEST} fit. Shorten it.")
    terms = []
    for part in split(text):
        negated = part.startswith("-") and len(part) > 1
        body = part[1:] if negated else part
        name, colon, value = body.partition(":")
        if not colon or '"' in name:  # a colon inside quotes is part of a name
            if words := _unquoted(body):
                terms.append(Term("name", "=", words, negated))
            continue
        terms.append(_term(name.lower(), _unquoted(value), negated))
    return tuple(terms)


def _unquoted(text: str) -> str:
    """The words without the quotes, which only hold them together."""
    return text.replace('"', "").strip()


def split(text: str) -> list[str]:
    """Cuts at spaces, but not inside double quotes."""
    return re.findall(r'(?:[^\s"]|"[^"]*"?)+', text)


def write(terms: tuple[Term, ...]) -> str:
    """Writes a filter as it would be typed; reading it gives the same terms."""
    return " ".join(_written(term) for term in terms)


def _written(term: Term) -> str:
    value = f'"{term.value}"' if any(char.isspace() for char in term.value) else term.value
    sign = "-" if term.negated else ""
    operator = "" if term.operator == "=" else term.operator
    return f"{sign}{term.key}:{operator}{value}"


def _term(name: str, value: str, negated: bool) -> Term:
    found = next((key for key in KEYS if key.name == name), None)
    if found is None:
        raise NotUnderstood(f"There is no filter {name!r}. Filters: {', '.join(key.name for key in KEYS)}.")
    if not value:
        raise NotUnderstood(f"{name}: needs a value: {found.meaning}.")
    if found.takes[0] == "number":
        comparison = COMPARISON.fullmatch(value)
        if comparison is not None:
            return Term(name, comparison[1] or "=", comparison[2], negated)
        words = f", or {', '.join(found.takes[1:])}" if found.takes[1:] else ""
        if value.lower() not in found.takes[1:]:
            raise NotUnderstood(
                f"{name}: takes a number with <, <=, =, >= or > before it{words}: {found.meaning}."
            )
    if found.takes != ("word",) and value.lower() not in found.takes:
        raise NotUnderstood(f"{name}: takes {', '.join(found.takes)}.")
    return Term(name, "=", value if found.takes == ("word",) else value.lower(), negated)
