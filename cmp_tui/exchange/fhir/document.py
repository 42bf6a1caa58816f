"""One document or line: parsed, told apart, and its resources handed on. What is not taken is counted."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import NamedTuple

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.gather import ORDER, PLACE, POINTED_TO, Gatherer
from cmp_tui.exchange.fhir.parse import Parser, Unreadable
from cmp_tui.exchange.fhir.sources import Chunk
from cmp_tui.exchange.fhir.thin import thinned

WHOLE = ("transaction", "batch", "collection", "document")  # bundles that hold all of what they speak of
LINE_KIND = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,40})"')
KIND = re.compile(r"[A-Z][A-Za-z]{1,40}")
DEEPEST = 3  # bundles in bundles
TAKEN = frozenset((*ORDER, "Bundle"))


class Told(NamedTuple):
    """What a document turned out to be: FHIR, something else, or (neither) nothing that can be read."""

    fhir: bool
    other: bool = False
    whole: bool = False


NOT_FHIR = Told(False, other=True)
BROKEN = Told(False)
FHIR = Told(True)


class Intake:
    """Takes documents."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._parser = Parser()

    def take(self, chunk: Chunk, gatherer: Gatherer) -> Told:
        """Reads one document or line into the gatherer. Never raises; what is wrong becomes a problem."""
        context = self._context
        context.line = chunk.line
        if chunk.line is not None and (match := LINE_KIND.match(chunk.data)):
            # NDJSON names the kind first: what we do not take need not be parsed.
            kind = match[1].decode("ascii")
            if kind not in PLACE and kind != "Bundle":
                context.skip(kind)
                return FHIR
        try:
            value = self._parsed(chunk)
        except Unreadable as error:
            self._parser.oddities()  # of something that can't be read nothing more is worth telling
            what = "The file" if chunk.line is None else "This line"
            context.problem(f"{what} {error}")
            return BROKEN
        for sentence, lost in self._parser.oddities():
            context.problem(sentence, lost=lost)
        return self._value(value, gatherer)

    def _parsed(self, chunk: Chunk) -> object:
        """The JSON value of a document or line, of what we do not take only its kind. Raises Unreadable."""
        text = self._parser.text(chunk.data)
        if chunk.line is None:
            thin = thinned(text, TAKEN)
            if thin is not text:
                with suppress(Unreadable):  # what is wrong is told by where it stands in the whole
                    return self._parser.value_of_text(thin)
        return self._parser.value_of_text(text)

    def _value(self, value: object, gatherer: Gatherer) -> Told:
        if isinstance(value, list):
            resources = [item for item in value if isinstance(item, dict) and "resourceType" in item]
            if not resources:
                return NOT_FHIR
            entries = [{"resource": item} for item in resources]
            value = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
        if not isinstance(value, dict):
            return NOT_FHIR
        kind = value.get("resourceType")
        if not isinstance(kind, str) or not KIND.fullmatch(kind):
            return NOT_FHIR
        if kind == "Bundle":
            self._context.source = "Bundle"
            self._bundle(value, gatherer, 1)
            return Told(True, whole=value.get("type") in WHOLE)
        if kind in PLACE:
            gatherer.add(kind, value, None)
        else:
            self._context.skip(kind)
        return FHIR

    def _bundle(self, bundle: Raw, gatherer: Gatherer, depth: int) -> None:
        """The entries by kind in ORDER; all addresses first, so that a reference may point forwards too."""
        heaps: list[list[tuple[Raw, object]]] = [[] for _ in ORDER]
        for entry in self._context.items(bundle, "entry"):
            resource = entry.get("resource")
            if not isinstance(resource, dict):
                if resource is not None:
                    self._context.odd("entry")
                continue
            kind = resource.get("resourceType")
            place = PLACE.get(kind) if isinstance(kind, str) else None
            if place is not None and isinstance(kind, str):
                url = entry.get("fullUrl")
                heaps[place].append((resource, url))
                if kind in POINTED_TO:
                    gatherer.point(kind, resource, url)
            elif kind == "Bundle" and depth < DEEPEST:
                self._bundle(resource, gatherer, depth + 1)
            elif isinstance(kind, str) and KIND.fullmatch(kind):
                self._context.skip(kind)
            else:
                self._context.odd("entry", "holds something that does not say what kind of resource it is")
        for kind, heap in zip(ORDER, heaps, strict=True):
            for resource, url in heap:
                gatherer.add(kind, resource, url)
