"""A topic's hand-out on paper and as text: one page, in letters as large as fit.

The questions for the teach-back are not on it: they are for the person who teaches, and stand in the session's form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.scope import Scope
from cmp_tui.education.topic_book import Page, Topic, topic_book
from cmp_tui.files.document import Bullets, Document, Heading, Paragraph, Part
from cmp_tui.files.pdf_out import page_count
from cmp_tui.patients.paper_out import Paper, plain_name, write_paper
from cmp_tui.patients.queries import patient_card

SIZES = (14.0, 13.0, 12.5, 12.0, 11.5, 11.0)
"""Points, the largest first: the first one that fits on a page is taken; less would be too small to read."""
CALL: Mapping[str, str] = MappingProxyType(
    {"en": "Questions? Call {clinic}: {phone}", "es": "¿Preguntas? Llame a {clinic}: {phone}"}
)
LINE = "______________"


def topic_named(scope: Scope, name: str) -> Topic:
    """Returns a topic. Raises Gone when no page tells of it."""
    found = topic_book(scope.reference).get(name)
    if found is None:
        raise Gone(f"There is no page {name}.md in the folder education (any more).")
    return found


def handout(page: Page, clinic: str, phone: str, name: str = "", size: float = SIZES[0]) -> Document:
    """Returns a topic's page as a document for a patient (`name`; "" for anybody)."""
    call = CALL.get(page.language, CALL["en"]).format(clinic=clinic, phone=phone or LINE)
    foot = " · ".join(part for part in (name, clinic, page.version.isoformat()) if part)
    return Document(page.title, [*_parts(page), Paragraph(call)], foot, size, page.language)


def handout_file(
    scope: Scope, clinic: Clinic, patient: bytes, topic: str, tongue: str, *, plain: bool = False
) -> Paper:
    """Writes the hand-out of a topic for a patient into the outbox. Raises ClinicError; then there is no file."""
    page = topic_named(scope, topic).page(tongue)
    card = patient_card(scope, patient)
    name = " ".join(part for part in (card.given, card.family) if part)
    document = handout(page, scope.settings.name, scope.settings.phone, name)
    if not plain:
        document = _on_one_page(document, scope)
    stem = f"{plain_name(topic)}-{plain_name(card.mrn)}"
    return write_paper(scope, clinic, patient, document, stem, plain=plain, what="hand-out", topic=topic)


def _on_one_page(document: Document, scope: Scope) -> Document:
    fonts = scope.reference.path("fonts")
    made = (replace(document, size=size) for size in SIZES)
    return next((one for one in made if page_count(one, fonts) == 1), replace(document, size=SIZES[-1]))


def _parts(page: Page) -> Iterator[Part]:
    for section in page.sections[:-1]:
        yield Heading(section.heading)
        for item, blocks in groupby(section.blocks, key=lambda block: block.item):
            if item:
                yield Bullets([one.words for one in blocks])
            else:
                yield from (Paragraph(one.words) for one in blocks)
