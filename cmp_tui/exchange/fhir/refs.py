"""References between resources, in every form that FHIR allows, as one key: 'Kind/id' or 'Kind?system|value'.

The second form is a conditional or logical reference; the directory or the store finds whom it means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import unquote

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.people import NO_NAME, NPI_SYSTEM, identifiers, names, npi
from cmp_tui.exchange.fhir.values import LABEL, LINE

ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
FULL_URL = re.compile(r"(?:urn:uuid:|urn:oid:|.*/)([A-Za-z0-9\-.]{1,64})")
PATH = re.compile(r"(?:.*/)?([A-Z][A-Za-z]{1,40})/([A-Za-z0-9\-.]{1,64})(?:/_history/.*)?", re.DOTALL)
KIND = re.compile(r"[A-Z][A-Za-z]{1,40}")
LONGEST = 500
NAMED = ("Organization", "Location")
BY_NAME = "Practitioner?name|"  # someone of whom nothing but the name is told


class Ref(NamedTuple):
    """Whom a reference means. `key` is "" when it names no one; `display` is the sender's words."""

    key: str
    display: str


NOBODY = Ref("", "")


def source_of(kind: str, raw: Raw, full_url: object) -> str:
    """'Kind/id' of a resource: its id, else the end of its fullUrl, else a hash of what is in it."""
    found = raw.get("id")
    if isinstance(found, str) and ID.fullmatch(found):
        return f"{kind}/{found}"
    if isinstance(full_url, str) and len(full_url) < LONGEST and (match := FULL_URL.fullmatch(full_url)):
        return f"{kind}/{match[1]}"
    try:  # not json: this takes lone surrogates too
        content = ascii(raw)
    except RecursionError:
        content = ascii(list(raw))
    return f"{kind}/h-{blake2b(content.encode('ascii'), digest_size=10).hexdigest()}"


def identifier_key(kind: str, system: str, value: str) -> str:
    """The key that stands for 'the one with this identifier'."""
    return f"{kind}?{system}|{value}"


class Links:
    """Resolves references within one document. `local` maps a fullUrl of this document to its key."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.local: dict[str, str] = {}
        self.contained: Mapping[str, Raw] = {}  # of the resource being read
        self._keys: dict[tuple[str, str], str] = {}

    def ref(self, raw: Raw, field: str, kind: str) -> Ref:
        """The reference in a field. `kind` is what it points to where the reference itself does not say."""
        reference = self._context.part(raw, field)
        return self.whom(reference, kind) if reference else NOBODY

    def whom(self, reference: Raw, kind: str) -> Ref:
        """As `ref`, for the Reference itself."""
        target = reference.get("reference")
        key = ""
        if isinstance(target, str):
            known = self._keys.get((target, kind))
            if known is None:
                known = self._keys[target, kind] = self._key(target, kind)
            key = known
        elif target is not None:
            self._context.odd("reference")
        if not key and isinstance(reference.get("identifier"), dict):
            identifier = self._context.part(reference, "identifier")
            value = self._context.text(identifier, "value")
            if value:
                key = identifier_key(kind, self._context.text(identifier, "system", 200), value)
        display = self._context.text(reference, "display", LINE) if "display" in reference else ""
        if not key and (inside := self.inside(reference)):
            key, display = self._contained(inside, display)
        if not key and display and kind == "Practitioner":
            key = f"{BY_NAME}{display[:LABEL]}"
        return Ref(key, display)

    def _contained(self, inside: Raw, display: str) -> tuple[str, str]:
        """(key, name) of someone who is described inside the resource that means them."""
        context, kind = self._context, inside.get("resourceType")
        if kind != "Practitioner":
            return "", display or context.text(inside, "name", LINE) if kind in NAMED else display
        number = npi(identifiers(context, inside))
        name = next(iter(names(context, inside)), NO_NAME)
        display = display or " ".join(filter(None, (name.prefix, name.given, name.family)))
        return identifier_key(kind, NPI_SYSTEM, number) if number else "", display

    def inside(self, reference: Raw) -> Raw:
        """The contained resource that a '#id' reference means, else an empty one."""
        target = reference.get("reference")
        if isinstance(target, str) and target.startswith("#"):
            return self.contained.get(target[1:], {})
        return {}

    def _key(self, target: str, kind: str) -> str:
        if target in self.local:
            return self.local[target]
        if not target or target.startswith("#") or len(target) > LONGEST:
            return ""
        path, question, query = target.partition("?")
        if question:
            return self._conditional(path.rsplit("/", 1)[-1] or kind, query)
        if match := PATH.fullmatch(target):
            return f"{match[1]}/{match[2]}"
        if match := FULL_URL.fullmatch(target):
            return f"{kind}/{match[1]}"
        return f"{kind}/{target}" if ID.fullmatch(target) else ""

    def _conditional(self, kind: str, query: str) -> str:
        for condition in query.split("&"):
            name, _, value = condition.partition("=")
            if name == "identifier" and value and KIND.fullmatch(kind):
                system, bar, number = unquote(value).partition("|")
                if not bar:
                    system, number = "", system
                return identifier_key(kind, self._context.clean(system, 200), self._context.clean(number, 64))
        return ""


def contained_of(context: Context, raw: Raw) -> Mapping[str, Raw]:
    """The contained resources of a resource by their id."""
    found = {}
    for resource in context.items(raw, "contained"):
        name = resource.get("id")
        if isinstance(name, str):
            found[name.removeprefix("#")] = resource
    return found
