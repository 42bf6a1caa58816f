"""The topics that a clinic teaches: one page each, in English and in Spanish, read from data/education/*.md.

`diabetes.md` is the English page of the topic "diabetes", `diabetes.es.md` the Spanish one. A page begins with a
block of TOML between two lines `+++` (title, topic, version, sources), then come four headings of level 2, the same on
every page (HEADINGS), each with paragraphs and lines that begin with "- ". Nothing else of Markdown is taken, so that
a page looks the same printed, on the screen and as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import BadLine, Found, Row, key_line, left_out, parsed, read_each
from cmp_tui.clinic.rule_rows import BadRule

FOLDER = "education"
KIND = "education page"
HEADINGS: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "en": ("What it is", "What to do each day", "When to call", "Say it in your own words"),
        "es": ("Qué es", "Qué hacer cada día", "Cuándo llamar", "Dígalo con sus palabras"),
    }
)
"""The headings of a page in their order: what it is, what to do, when to call, questions for the teach-back."""
KEYS = ("title", "topic", "version", "sources")
LONGEST_TITLE, LONGEST_BLOCK, MOST_BLOCKS = 80, 600, 40
_MARKUP = re.compile(r"^(#|\*|>|\||```|\d+\.\s)|<[a-zA-Z/!]|\*\*|\]\(|`")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or one item of a list."""

    words: str
    item: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A topic's page in one language ("en", "es"). `sources` are public institutions; `own` is the clinic's page."""

    topic: str
    language: str
    title: str
    version: date
    sources: tuple[str, ...]
    sections: tuple[Section, ...]
    own: bool

    @property
    def questions(self) -> tuple[str, ...]:
        """What to ask the patient back, to hear whether it was understood."""
        return tuple(block.words for block in self.sections[-1].blocks if block.item)

    def text(self) -> str:
        """Returns the page as plain text, without its title."""
        parts = []
        for section in self.sections:
            together = [
                ("\n" if item else "\n\n").join(f"- {one.words}" if item else one.words for one in blocks)
                for item, blocks in groupby(section.blocks, key=lambda block: block.item)
            ]
            parts.append("\n\n".join((section.heading, *together)))
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic by its name, with its pages by language; there is always an English one."""

    name: str
    pages: Mapping[str, Page]

    @property
    def title(self) -> str:
        """The title for the people of the clinic."""
        return self.pages["en"].title

    def page(self, language: str) -> Page:
        """Returns the page in a language, the English one where there is no such page."""
        return self.pages.get(language) or self.pages["en"]

    def behind(self, language: str) -> bool:
        """Whether the page in a language is missing, or older than the English one."""
        page = self.pages.get(language)
        return page is None or page.version < self.pages["en"].version


@dataclass(frozen=True, slots=True)
class TopicBook:
    """The topics by name, in the order of their titles, and a sentence for each page left out."""

    topics: Mapping[str, Topic]
    problems: tuple[str, ...]

    def get(self, name: str) -> Topic | None:
        """Returns a topic, None when no page tells of it (any more)."""
        return self.topics.get(name)

    def title(self, name: str) -> str:
        """Returns a topic's title; its name when there is no page."""
        found = self.topics.get(name)
        return name if found is None else found.title


def topic_book(reference: Reference) -> TopicBook:
    """Returns the topics of this clinic, read once. A page that can't be used leaves the others in use."""
    return reference.made(FOLDER, lambda: _book(reference))


def _book(reference: Reference) -> TopicBook:
    pages, problems = read_each(reference, FOLDER, ".md", KIND, _page)
    by_name: dict[str, dict[str, Page]] = {}
    for page in pages:
        by_name.setdefault(page.topic, {})[page.language] = page
    topics = []
    for name, held in by_name.items():
        if "en" in held:
            topics.append(Topic(name, MappingProxyType(held)))
        else:
            problems.append(left_out(KIND, f"{name}.es.md", 0, f"there is no page {name}.md in English"))
    order = sorted(topics, key=lambda topic: topic.title.casefold())
    return TopicBook(MappingProxyType({topic.name: topic for topic in order}), tuple(problems))


def _page(file: Found, text: str) -> Page:
    name, _, language = file.name.partition(".")
    language = language or "en"
    if language not in HEADINGS:
        raise BadLine(0, f"pages end with {', '.join(_ending(one) for one in HEADINGS)}")
    lines = text.splitlines()
    if not lines or lines[0].strip() != "+++":
        raise BadLine(1, "the first line is +++, then come title, topic, version and sources")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.strip() == "+++"), None)
    if end is None:
        raise BadLine(len(lines), "a second line +++ is missing after the sources")
    front = "\n" + "\n".join(lines[1:end])  # line 1 was +++: the lines keep their numbers
    try:
        row = Row("", 1, parsed(front))
        row.only(KEYS)
        if row.name("topic") != name:
            raise row.bad(f"topic is {name!r}, as the file's name says")
        sources = row.texts("sources")
        if not sources:
            raise row.bad("sources is missing; name at least one")
        return Page(
            name, language, row.text("title", LONGEST_TITLE), row.day("version"), sources,
            _sections(lines, end + 1, HEADINGS[language]), file.own,
        )  # fmt: skip
    except BadRule as wrong:
        raise BadLine(key_line(front, wrong), wrong.why) from wrong


def _ending(language: str) -> str:
    return ".md" if language == "en" else f".{language}.md"


def _sections(lines: list[str], start: int, headings: tuple[str, ...]) -> tuple[Section, ...]:
    found: list[tuple[str, list[Block]]] = []
    open_block = False
    for at, line in enumerate(lines[start:], start + 1):
        words = line.strip()
        if not words:
            open_block = False
        elif words.startswith("## "):
            heading = words[3:].strip()
            if len(found) == len(headings) or heading != headings[len(found)]:
                raise BadLine(at, f"the headings are {', '.join(headings)}, in this order")
            found.append((heading, []))
            open_block = False
        elif not found:
            raise BadLine(at, f"the first heading, ## {headings[0]}, is missing above this")
        else:
            item = words.startswith("- ")
            words = words[2:].strip() if item else words
            if _MARKUP.search(words):
                raise BadLine(
                    at, "only paragraphs and lines that begin with - are printed; take the signs away"
                )
            blocks = found[-1][1]
            if open_block and not item:
                blocks[-1] = Block(f"{blocks[-1].words} {words}", blocks[-1].item)
            else:
                blocks.append(Block(words, item))
            open_block = True
            if len(blocks[-1].words) > LONGEST_BLOCK or len(blocks) > MOST_BLOCKS:
                raise BadLine(at, "a page is short: make this paragraph or list shorter")
    if len(found) < len(headings):
        raise BadLine(len(lines), f"the heading ## {headings[len(found)]} is missing")
    for heading, blocks in found:
        if not blocks:
            raise BadLine(lines.index(f"## {heading}") + 1, f"nothing stands under {heading}")
    return tuple(Section(heading, tuple(blocks)) for heading, blocks in found)
