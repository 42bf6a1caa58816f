"""A document as PDF, with letters for nearly every language written in Latin, Greek and Cyrillic.

The library's own fonts lack many signs (ễ, ≥), so DejaVu Sans is used; it has no Chinese, Japanese or Korean, and
`unprintable` says which characters of a text it would show as boxes. The same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import bidirectional
from xml.sax.saxutils import escape

from cmp_tui.files.aside import write_aside
from cmp_tui.files.document import (
    Bullets,
    Checks,
    Document,
    Facts,
    Heading,
    NewPage,
    Paragraph,
    Part,
    Signatures,
    Table,
    Together,
)

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
_BOX = {True: "\u2611", False: "\u2610", None: "\u2610 ?"}
SPLIT = (Bullets, Table, Facts, Checks, Paragraph)
"""Parts that may go on on the next page."""
FOOT_LINES = 2
_INK, _DIM, _RULE, _BAND = "#1b1f24", "#57606a", "#c8ced6", "#f2f4f7"


def write_pdf(
    path: Path,
    document: Document,
    fonts: Path,
    *,
    never: Iterable[Path] = (),
    then: Callable[[Path], None] | None = None,
) -> None:
    """Writes the document aside and gives it its name. `fonts` is the folder with the fonts; `then` gets the finished
    hidden file just before that. Raises CannotWrite."""
    data = encode_pdf(document, fonts)
    with write_aside(path, check=then, never=never) as file:
        file.write(data)


def encode_pdf(document: Document, fonts: Path) -> bytes:
    """Returns the document as PDF."""
    return _encoded(document, fonts)[0]


def page_count(document: Document, fonts: Path) -> int:
    """Returns how many pages the document takes."""
    return _encoded(document, fonts)[1]


def _encoded(document: Document, fonts: Path) -> tuple[bytes, int]:
    from reportlab.lib.pagesizes import letter
    from reportlab.lib.units import inch
    from reportlab.lib.utils import simpleSplit
    from reportlab.platypus import SimpleDocTemplate

    _register(fonts)
    target = BytesIO()
    page = SimpleDocTemplate(
        target, pagesize=letter, leftMargin=0.8 * inch, rightMargin=0.8 * inch, topMargin=0.7 * inch,
        bottomMargin=0.8 * inch, title=document.title, author="", creator="cmp-tui", lang=document.language,
        invariant=1,
    )  # fmt: skip
    width = page.width
    flow = _flows((Heading(document.title, 1), *document.parts), document.size, width)

    small = max(7.5, document.size * 0.66)

    def foot(canvas: Any, number: str) -> None:
        canvas.setFont(PLAIN, small)
        canvas.setFillColor(_DIM)
        room = width - 12 - canvas.stringWidth(number, PLAIN, small) - small
        lines = simpleSplit(document.foot, PLAIN, small, room)
        for at, words in enumerate(lines[:FOOT_LINES]):
            more = "\u2026" if at == FOOT_LINES - 1 and len(lines) > FOOT_LINES else ""
            canvas.drawString(page.leftMargin + 6, 0.5 * inch - at * small * 1.2, words + more)
        canvas.drawRightString(page.leftMargin + width - 6, 0.5 * inch, number)

    made: list[int] = []
    page.build(flow, canvasmaker=_numbered(document.pages, foot, made.append))
    return target.getvalue(), made[0]


def unprintable(text: str, fonts: Path) -> str:
    """Returns the characters of a text, each once, that can't be printed: the fonts have no shape for them, or they
    are written from right to left, which is not set here."""
    from reportlab.pdfbase import pdfmetrics

    _register(fonts)
    plain, bold = (pdfmetrics.getFont(name).face.charToGlyph for name in (PLAIN, BOLD))
    return "".join(
        dict.fromkeys(
            char
            for char in text
            if not char.isspace()
            and (ord(char) not in plain or ord(char) not in bold or bidirectional(char) in ("R", "AL"))
        )
    )


def _numbered(pages: str, foot: Callable[[Any, str], None], count: Callable[[int], None]) -> Any:
    """Returns a canvas that puts a foot on every page when all of them are there, so that it knows how many."""
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._done: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the library's name
            self._done.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for state in self._done:
                self.__dict__.update(state)
                number = self._pageNumber
                words = pages.replace("{page}", str(number)).replace("{pages}", str(len(self._done)))
                foot(self, words or str(number))
                super().showPage()
            count(len(self._done))
            super().save()

    return Numbered


def _register(fonts: Path) -> None:
    """The library keeps its fonts for the whole process; registering one again changes nothing."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    known = pdfmetrics.getRegisteredFontNames()
    for name in (PLAIN, BOLD):
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, str(fonts / f"{name}.ttf")))
    if PLAIN not in known:
        pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


def _flows(parts: Sequence[Part], size: float, width: float) -> list[Flowable]:
    """The parts one after the other. No heading stands alone at the foot of a page: before what may be split there is
    room for some of it, anything else comes along as a whole."""
    from reportlab.platypus import CondPageBreak, KeepTogether

    flow: list[Flowable] = []
    at = 0
    while at < len(parts):
        after = next((n for n in range(at, len(parts)) if not isinstance(parts[n], Heading)), len(parts))
        headings = [part for part in parts[at:after] if isinstance(part, Heading)]
        part = parts[after] if after < len(parts) else None
        if isinstance(part, Together):
            # The library does not keep a heading with what is kept together itself.
            flow.append(
                KeepTogether([one for each in (*headings, *part.parts) for one in _flow(each, size, width)])
            )
            at = after + 1
            continue
        split = isinstance(part, SPLIT)
        if headings and split:
            flow.append(CondPageBreak(size * (5 + 3 * len(headings))))
        flow += [_heading(one, size, keep=not split) for one in headings]
        flow += _flow(part, size, width) if part is not None else []
        at = after + 1
    return flow


def _heading(part: Heading, size: float, *, keep: bool) -> Flowable:
    big = {1: size + 7, 2: size + 2.5}.get(part.level, size + 0.5)
    before = {1: 0, 2: size}.get(part.level, size / 2)
    return _words(part.text, big, bold=True, keep=keep, before=before, after=size / 3)


def _flow(part: Part, size: float, width: float) -> list[Flowable]:
    from reportlab.platypus import KeepTogether, PageBreak, Spacer

    if isinstance(part, Heading):
        return [_heading(part, size, keep=True)]
    if isinstance(part, Paragraph):
        return [_words(part.text, size - 1.5 if part.quiet else size, dim=part.quiet), Spacer(1, size / 2)]
    if isinstance(part, Facts):
        rows = [[_words(name, size, dim=True), _words(value or "\u2013", size)] for name, value in part.pairs]
        return [_grid(rows, [0.3, 0.7], width, bare=True), Spacer(1, size / 2)]
    if isinstance(part, Table):
        return [_table(part, size, width), Spacer(1, size / 2)]
    if isinstance(part, Checks):
        rows = [
            [_words(_BOX[done], size + 1), _words(f"{words} \u2013 {remark}" if remark else words, size)]
            for done, words, remark in part.items
        ]
        return [_grid(rows, [0.05, 0.95], width, bare=True), Spacer(1, size / 2)]
    if isinstance(part, Bullets):
        rows = [[_words("\u2022", size), _words(item, size)] for item in part.items]
        return [_grid(rows, [0.03, 0.97], width, bare=True), Spacer(1, size / 2)] if rows else []
    if isinstance(part, Together):
        return [KeepTogether([flow for one in part.parts for flow in _flow(one, size, width)])]
    if isinstance(part, Signatures):
        return [
            flow
            for who, day in part.lines
            for flow in (Spacer(1, size * 2.6), _signature(who, day, size, width))
        ]
    assert isinstance(part, NewPage)
    return [PageBreak()]


def _words(
    text: str,
    size: float,
    *,
    bold: bool = False,
    dim: bool = False,
    right: bool = False,
    keep: bool = False,
    before: float = 0,
    after: float = 0,
) -> Flowable:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Words

    style = ParagraphStyle(
        "words", fontName=BOLD if bold else PLAIN, fontSize=size, leading=size * 1.35,
        textColor=HexColor(_DIM if dim else _INK), alignment=2 if right else 0, keepWithNext=1 if keep else 0,
        splitLongWords=1, spaceBefore=before, spaceAfter=after,
    )  # fmt: skip
    return Words(escape(text).replace("\n", "<br/>"), style)


def _table(part: Table, size: float, width: float) -> Flowable:
    small = size - 1.5
    right = part.right
    head = [_words(name, small, bold=True, right=place in right) for place, name in enumerate(part.headings)]
    body = [
        [_words(cell, small, right=place in right) for place, cell in enumerate(row)] for row in part.rows
    ]
    shares = list(part.widths) or [1.0] * len(part.headings)
    return _grid([head, *body], shares, width)


def _grid(
    rows: list[list[Flowable]], shares: Sequence[float], width: float, *, bare: bool = False
) -> Flowable:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table as Grid
    from reportlab.platypus import TableStyle

    whole = sum(shares)
    pad = 1.5 if bare else 3
    style: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0 if bare else 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), pad),
        ("BOTTOMPADDING", (0, 0), (-1, -1), pad),
    ]
    if not bare:
        style += [
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(_BAND)),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(_RULE)),
        ]
    return Grid(
        rows or [[""] * len(shares)], colWidths=[width * share / whole for share in shares], style=TableStyle(style),
        repeatRows=0 if bare else 1, hAlign="LEFT", splitInRow=1,
    )  # fmt: skip


def _signature(who: str, day: str, size: float, width: float) -> Flowable:
    """Two lines to write on, and small under them what belongs there."""
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table as Grid
    from reportlab.platypus import TableStyle

    words = [_words(who, size - 3, dim=True), "", _words(day, size - 3, dim=True)]
    return Grid(
        [words], colWidths=[width * 0.62, width * 0.04, width * 0.34], hAlign="LEFT",
        style=TableStyle(
            [
                ("LINEABOVE", (0, 0), (0, 0), 0.8, HexColor(_INK)),
                ("LINEABOVE", (2, 0), (2, 0), 0.8, HexColor(_INK)),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
            ]
        ),
    )  # fmt: skip
