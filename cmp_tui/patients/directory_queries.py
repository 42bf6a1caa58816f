"""Reading the directory: everybody in it, one entry, and finding one though it is mistyped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import fold
from cmp_tui.patients.lines import ProviderLine as ProviderLine
from cmp_tui.patients.model import Provider
from cmp_tui.patients.names import Known, NameIndex
from cmp_tui.patients.rules import phone_digits

MOST = 5000
"""Entries that are listed at most."""
_DIGITS = 4
"""From so many digits on a text may be a telephone number."""


def directory(scope: Scope, limit: int = MOST) -> list[ProviderLine]:
    """Returns the directory by name; those to whom nobody is sent any more stand last."""
    found = [ProviderLine(*row) for row in rows(_all().order_by(Provider.name, Provider.id).limit(limit))]
    return sorted(found, key=lambda one: _past(scope, one))


def provider(scope: Scope, key: bytes) -> ProviderLine | None:
    """Returns an entry of the directory, or None when it is struck out or unknown."""
    return next((ProviderLine(*row) for row in rows(_all().where(Provider.id == key))), None)


def find_providers(scope: Scope, text: str, limit: int = 20) -> list[ProviderLine]:
    """Finds entries by name, organization, specialty or kind (any order, slips forgiven), or by telephone.

    Best first; those to whom nobody is sent any more stand last. An empty text finds nobody. A directory is small,
    so its words are taken up anew for each search.
    """
    words, digits = fold(text).split(), phone_digits(text) or ""
    if not words:
        return []
    lines = {one.id: one for one in directory(scope)}
    if len(digits) >= _DIGITS and digits == "".join(words):
        return [one for one in lines.values() if digits in _numbers(one)][:limit]
    index = NameIndex()
    index.fill(Known(one.id, _words(scope, one), "", _past(scope, one)) for one in lines.values())
    return [lines[key] for key, _ in index.find(words, limit)]


def _all() -> Any:
    return Provider.live(*(getattr(Provider, name) for name in ProviderLine._fields))


def _past(scope: Scope, one: ProviderLine) -> bool:
    return one.until is not None and one.until < scope.today


def _numbers(one: ProviderLine) -> str:
    return f"{phone_digits(one.phone) or ''} {phone_digits(one.fax) or ''}"


def _words(scope: Scope, one: ProviderLine) -> str:
    kind = scope.reference.label("provider_kind", one.kind) if one.kind else ""
    parts: Sequence[str | None] = (one.name, one.organization, one.specialty, kind)
    return fold(" ".join(part for part in parts if part))
