"""What stands around every screen: the two-line header with the tabs above, the notice and the keys below."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.keyline import KeyLine
from cmp_tui.ui.keys import key
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import cell, draw, styled_as
from cmp_tui.ui.words import DAYS, MONTHS, full_day_words, plural


class Tab(NamedTuple):
    """One of the numbered places of the program."""

    number: int
    name: str
    short: str
    ready: bool = True


TABS = (
    Tab(1, "Today", "Today"),
    Tab(2, "Caseload", "Cases"),
    Tab(3, "Enrollment", "Enroll"),
    Tab(4, "Referrals", "Refer"),
    Tab(5, "Transitions", "Transit"),
    Tab(6, "Month", "Month"),
    Tab(7, "Outcomes", "Outcome", ready=False),
)


MONTHS_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def comes_later(tab: Tab) -> str:
    """What is said when a place that is not there yet is asked for."""
    return f"{tab.name} comes later; its number is kept for it."


def tab_keys(tabs: Sequence[Tab] = TABS) -> list[BindingType]:
    """Bindings 1 to 7 for the app; their action is `tab(number)`."""
    return [
        key(f"app.tab{tab.number}", str(tab.number), f"tab({tab.number})", tab.name, show=False)
        for tab in tabs
    ]


class HeaderFacts(NamedTuple):
    """What the header says. Where a short form is "", the long one stands at every width."""

    clinic: str
    today: date
    days_left: int
    """Working days left in the month, today included."""
    person: str
    person_short: str = ""
    timer: str = ""
    """Such as "12 min Ana R."; "" while no timer runs."""
    timer_short: str = ""


class Header(Widget):
    """Two lines: the clinic, the day and the person; below them the tabs and the running timer."""

    DEFAULT_CSS = """
    Header { height: 2; dock: top; }
    """

    COMPONENT_CLASSES = {"header--tabs", "header--active"}

    class TabPressed(Message):
        """A tab was clicked."""

        def __init__(self, tab: Tab) -> None:
            super().__init__()
            self.tab = tab

    class TimerPressed(Message):
        """The running timer was clicked."""

    def __init__(
        self,
        facts: HeaderFacts,
        *,
        signs: Signs,
        active: int = 1,
        tabs: Sequence[Tab] = TABS,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._facts = facts
        self._signs = signs
        self._active = active
        self._tabs = tuple(tabs)

    def show(self, facts: HeaderFacts, active: int | None = None) -> None:
        """Show other facts, another active tab; draws only the line that changed."""
        before, self._facts = self._facts, facts
        timer_changed = (before.timer, before.timer_short) != (facts.timer, facts.timer_short)
        if before[:5] != facts[:5]:
            self.refresh(Region(0, 0, self.size.width, 1))
        if timer_changed or (active is not None and active != self._active):
            self._active = self._active if active is None else active
            self.refresh(Region(0, 1, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """The line of the clinic, or the line of the tabs."""
        width = self.size.width
        style = styled_as(self, "header--tabs") if y == 1 else self.visual_style
        parts = [self._first(width)] if y == 0 else self._second(width)
        return draw(parts, style, width, self.app.stylesheet.parse_style)

    def _first(self, width: int) -> Content:
        """The clinic, the day in the middle, the person on the right; shorter where there is less room."""
        facts, dot, day = self._facts, self._signs.dot, self._facts.today
        name = Content.styled(facts.clinic, "bold")
        left = plural(facts.days_left, "working day") + " left"
        short = facts.person_short or facts.person
        long_day = f"{full_day_words(day)} {dot} {left} in {MONTHS_LONG[day.month - 1]}"
        short_day = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {dot} {left}"
        beside = name.cell_length + 3
        middle_start = max((width - len(long_day)) // 2, beside)
        for words, start, person in (
            (long_day, middle_start, facts.person),
            (short_day, beside, short),
            ("", beside, short),
        ):
            end = width - 2 - Content(person).cell_length
            if start + len(words) + 2 <= end:
                gap = " " * (start - 1 - name.cell_length)
                return Content.assemble(
                    " ", name, gap, (words, "$dim"), " " * (end - start - len(words)), person, "  "
                )
        room = max(width - Content(short).cell_length - 5, 0)
        return Content.assemble(" ", cell(name, room, "left", self._signs.more), "  ", short, "  ")

    def _second(self, width: int) -> list[Content]:
        tabs, timer = self._fitting(width)
        parts = [content for _, content in tabs]
        used = sum(part.cell_length for part in parts)
        if timer:
            parts += [Content(" " * max(width - used - timer.cell_length - 1, 1)), timer]
        return parts

    def _fitting(self, width: int) -> tuple[list[tuple[Tab, Content]], Content]:
        """The longest forms of the tabs and the timer that fit together."""
        facts = self._facts
        timers = [facts.timer, facts.timer_short or facts.timer] if facts.timer else [""]
        for names in ("name", "short", ""):
            for words in timers:
                tabs = [(tab, self._tab(tab, getattr(tab, names) if names else "")) for tab in self._tabs]
                timer = Content.styled(f"{self._signs.timer} {words}", "$amber") if words else Content("")
                room = width - sum(content.cell_length for _, content in tabs)
                if timer.cell_length + bool(timer) * 2 <= room:
                    return tabs, timer
        return tabs, Content("")

    def _tab(self, tab: Tab, name: str) -> Content:
        if tab.number == self._active:
            style = styled_as(self, "header--active")
            return Content.styled(f" {tab.number} {name} ".replace("  ", " "), style)
        number = "$accent" if tab.ready else "$dim"
        return Content.assemble(" ", (str(tab.number), number), (f" {name}" if name else "", "$dim"), " ")

    def on_click(self, event: events.Click) -> None:
        """Tell which tab was clicked, or the timer."""
        if event.y != 1:
            return
        event.stop()
        tabs, timer = self._fitting(self.size.width)
        end = 0
        for tab, content in tabs:
            end += content.cell_length
            if event.x < end:
                self.post_message(self.TabPressed(tab))
                return
        if timer and event.x >= self.size.width - timer.cell_length - 1:
            self.post_message(self.TimerPressed())


class Foot(Vertical):
    """The last two lines of a screen: the notice, and the keys that work now."""

    DEFAULT_CSS = """
    Foot { height: 2; dock: bottom; }
    """

    def __init__(self, *, signs: Signs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._signs = signs

    def compose(self) -> ComposeResult:
        """The notice above the keys."""
        yield Notice(signs=self._signs)
        yield KeyLine()
