"""The head of the chart: who this is, the program, the consent, the minutes; and the line of its panels."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.chart.queries import Head
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.panel import consent_words, minutes_words
from cmp_tui.patients.panel import age_and_sex
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import draw
from cmp_tui.ui.words import birth_words, day_words


def head_content(head: Head, name: str, reference: Reference, signs: Signs) -> Content:
    """Two lines that are always seen: the person; the program with its consent and the month's minutes."""
    card, dot = head.card, f" {signs.dot} "
    first = Content.assemble(
        (name, "bold"),
        f"   {age_and_sex(card, head.today)}{dot}",
        birth_words(card.birth_date) or ("birth date not known", "$amber"),
        (f"   MRN {card.mrn}", "$dim"),
    )
    parts: list[str | Content | tuple[str, str]] = []
    if head.enrollment is not None:
        since = f" since {day_words(head.enrollment.start, head.today)}" if head.enrollment.start else ""
        held = (
            ""
            if head.enrollment.status == "active"
            else reference.label("enrollment_status", head.enrollment.status)
        )
        parts.append(f"{head.program}{since}")
        parts.append((f" ({held})" if held else "", "$amber"))
    else:
        parts.append(("not enrolled", "$dim"))
    parts.append((dot, "$dim"))
    parts += [("consent ", ""), consent_words(head.consent, head.today, reference, signs)]
    parts += [(f"{dot}this month ", "$dim"), minutes_words(head.minutes, signs, 10)]
    return Content.assemble(first, "\n", *parts)


class PanelTabs(Widget, can_focus=False):
    """One line: the panels, the open one in accent; where not all have room, those around it."""

    DEFAULT_CSS = """
    PanelTabs { height: 1; }
    """

    class Chosen(Message):
        """A panel was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, titles: Sequence[str], *, signs: Signs) -> None:
        super().__init__()
        self._titles, self._signs = tuple(titles), signs
        self._open = 0

    def show(self, place: int) -> None:
        """Marks the panel that is open."""
        if place != self._open:
            self._open = place
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Opens the panel under the mouse."""
        first, last, gap = self._window(self.size.width)
        at = 1 if first == 0 else 3
        for place in range(first, last):
            if at <= event.x < at + len(self._titles[place]):
                self.post_message(self.Chosen(place))
                return
            at += len(self._titles[place]) + gap

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        first, last, gap = self._window(width)
        more = self._signs.more
        parts: list[str | tuple[str, str]] = [" " if first == 0 else (f" {more} ", "$dim")]
        for place in range(first, last):
            title = self._titles[place]
            parts += [(title, "bold $accent underline" if place == self._open else "$text"), " " * gap]
        if last < len(self._titles):
            parts.append((more, "$dim"))
        return draw([Content.assemble(*parts)], self.visual_style, width, self.app.stylesheet.parse_style)

    def _window(self, width: int) -> tuple[int, int, int]:
        """Which panels the line shows, first and past the last, and the cells between two: where not all have room,
        those around the open one."""
        lengths = [len(title) for title in self._titles]
        count = len(lengths)
        for gap in (3, 2):
            if 1 + sum(lengths) + gap * (count - 1) <= width:
                return 0, count, gap
        gap, wanted = 2, min(self._open + 2, count)
        first, marks = 0, 2 * 2

        def fits(begin: int, end: int) -> bool:
            return 1 + marks + sum(lengths[begin:end]) + gap * (end - begin - 1) <= width

        while first < self._open and not fits(first, wanted):
            first += 1
        last = max(wanted, first + 1)
        while last < count and fits(first, last + 1):
            last += 1
        while first > 0 and fits(first - 1, last):
            first -= 1
        return first, last, gap
