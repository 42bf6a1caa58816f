"""What stands around every screen: header, tabs, notice, keys; and the preview beside a list."""

from datetime import date

import pytest
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from cmp_tui.ui.calm import CalmScreen
from cmp_tui.ui.chrome import TABS, Foot, Header, HeaderFacts, comes_later
from cmp_tui.ui.keyline import KeyLine, key_content
from cmp_tui.ui.keys import key
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.preview import GAP, Line, Preview
from cmp_tui.ui.signs import UNICODE
from tests.ui.parts import Dressed, lines

FACTS = HeaderFacts(
    "Lakeside Family Clinic", date(2026, 11, 23), 5, "Dana Ruiz, RN", "D. Ruiz RN", "12 min Ana R.", "12 min"
)


class Hand(Widget, can_focus=True):
    """Something that can have the focus and has keys."""

    DEFAULT_CSS = "Hand { height: 1; }"

    BINDINGS: list[BindingType] = [key("hand.open", "enter", "open", "open")]

    def key_word(self, binding_id: str) -> str | None:
        return "chart" if binding_id == "hand.open" else None


class Desk(Dressed):
    BINDINGS: list[BindingType] = [
        key("app.help", "question_mark", "help", "help"),
        key("desk.contact", "c", "contact", "contact"),
        key("desk.hidden", "h", "contact", "hidden", show=False),
    ]

    def __init__(self, facts: HeaderFacts = FACTS) -> None:
        super().__init__()
        self.facts = facts
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield Header(self.facts, signs=UNICODE)
        yield Hand()
        yield Input()
        yield Preview(signs=UNICODE)
        yield Foot(signs=UNICODE)

    def on_header_tab_pressed(self, event: Header.TabPressed) -> None:
        self.heard.append(event.tab.name)

    def on_header_timer_pressed(self) -> None:
        self.heard.append("timer")

    def action_contact(self) -> None:
        self.heard.append("contact")


async def test_the_header_at_120() -> None:
    app = Desk()
    async with app.run_test(size=(120, 20)):
        first, second = lines(app)[:2]
    assert first.startswith(" Lakeside Family Clinic    ")
    assert first.index("Mon 23 Nov 2026 · 5 working days left in November") == 35
    assert first.endswith("Dana Ruiz, RN")
    assert len(first) == 118
    assert second.startswith(
        " 1 Today  2 Caseload  3 Enrollment  4 Referrals  5 Transitions  6 Month  7 Outcomes"
    )
    assert second.endswith("T 12 min Ana R.")


async def test_the_header_at_80() -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)):
        first, second = lines(app)[:2]
    assert first.startswith(" Lakeside Family Clinic  Mon 23 Nov · 5 working days left ")
    assert first.endswith("D. Ruiz RN")
    assert second == " 1 Today  2 Cases  3 Enroll  4 Refer  5 Transit  6 Month  7 Outcome    T 12 min"


@pytest.mark.parametrize("width", [20, 40, 60, 79, 90, 105, 200])
async def test_the_header_keeps_to_its_lines(width: int) -> None:
    app = Desk(FACTS._replace(clinic="The Clinic of the Very Long Name beside 田中健太郎"))
    async with app.run_test(size=(width, 20)):
        first, second = lines(app)[:2]
    assert first.rstrip().endswith(("D. Ruiz RN", "Dana Ruiz, RN"))
    assert " 7" in second or width < 40


async def test_tabs_and_timer_can_be_clicked() -> None:
    app = Desk()
    async with app.run_test(size=(120, 20)) as pilot:
        for x in (3, 11, 25, 86, 110):
            await pilot.click(Header, offset=(x, 1))
        await pilot.click(Header, offset=(5, 0))
        assert app.heard == ["Today", "Caseload", "Enrollment", "timer"]
    assert comes_later(TABS[2]).startswith("Enrollment comes later")


async def test_the_header_changes() -> None:
    app = Desk()
    async with app.run_test(size=(120, 20)) as pilot:
        app.query_one(Header).show(FACTS._replace(timer="", days_left=1), active=2)
        await pilot.pause()
        assert "1 working day left" in lines(app)[0]
        assert "T 12" not in lines(app)[1]


async def test_the_key_line_follows_the_focus() -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)) as pilot:
        app.query_one(Hand).focus()
        await pilot.pause()
        assert app.query_one(KeyLine).pairs[0] == ("enter", "chart")
        assert app.query_one(KeyLine).pairs[-1] == ("?", "help")
        assert ("h", "hidden") not in app.query_one(KeyLine).pairs
        assert lines(app)[-1].startswith(" enter chart   c contact")
        app.query_one(Input).focus()
        await pilot.pause()
        assert "c contact" not in lines(app)[-1], "a letter that the field takes is no key now"


def test_the_key_line_never_wraps() -> None:
    pairs = [("enter", "chart"), ("c", "contact"), ("/", "search"), ("u", "undo"), ("?", "help")]
    assert key_content(pairs, 60).plain == " enter chart   c contact   / search   u undo   ? help"
    assert key_content(pairs, 50).plain == " enter chart  c contact  / search  u undo  ? help"
    assert key_content(pairs, 40).plain == " enter chart  c contact  ? help"
    assert key_content(pairs, 3).plain == " ? help"
    assert key_content([], 40).plain.strip() == ""


async def test_a_notice_says_and_goes() -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)) as pilot:
        notice = app.query_one(Notice)
        notice.say("Saved [b]as typed[/b].", "done")
        await pilot.pause()
        assert lines(app)[-2] == " ✓ Saved [b]as typed[/b]."
        notice.clear()
        await pilot.pause()
        assert lines(app)[-2] == ""
        notice.say("x" * 200, "wrong")
        await pilot.pause()
        assert lines(app)[-2].endswith("x…")


@pytest.mark.parametrize(
    ("pressed", "answer"), [("enter", True), ("escape", False), ("y", True), ("n", False)]
)
async def test_a_notice_asks(pressed: str, answer: bool) -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)) as pilot:
        hand, notice = app.query_one(Hand), app.query_one(Notice)
        hand.focus()
        await pilot.pause()
        asked = app.run_worker(notice.ask("Undo: contact with Ana, 9 min?"))
        await pilot.pause()
        assert "Undo: contact with Ana, 9 min?  enter = yes, esc = no" in lines(app)[-2]
        assert app.query_one(KeyLine).pairs == (("enter", "yes"), ("esc", "no"))
        await pilot.press("c")
        assert app.heard == [], "no other key works while it asks"
        await pilot.press(pressed)
        await asked.wait()
        assert asked.result is answer
        assert app.focused is hand
        assert notice.content.plain == ""


async def test_a_look_at_another_window_is_no_answer() -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)) as pilot:
        app.query_one(Hand).focus()
        await pilot.pause()
        asked = app.run_worker(app.query_one(Notice).ask("One?"))
        await pilot.pause()
        app.app_focus = False
        await pilot.pause()
        app.app_focus = True
        await pilot.pause()
        await pilot.press("y")
        await asked.wait()
        assert asked.result is True


async def test_the_screen_stays_still_when_the_focus_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    class Still(CalmScreen[None]):
        def compose(self) -> ComposeResult:
            yield Input(id="one")
            yield Input(id="two")

    app = Dressed()
    async with app.run_test(size=(40, 10)) as pilot:
        await app.push_screen(Still())
        await pilot.pause()
        drawn: list[object] = []
        monkeypatch.setattr(app.screen, "refresh", lambda *regions, **how: drawn.append(how))
        await pilot.press("tab")
        assert app.screen.focused is app.screen.query_one("#two")
        assert drawn == []


async def test_leaving_a_question_is_no() -> None:
    app = Desk()
    async with app.run_test(size=(80, 20)) as pilot:
        notice = app.query_one(Notice)
        first = app.run_worker(notice.ask("One?"))
        await pilot.pause()
        second = app.run_worker(notice.ask("Two?"))
        await first.wait()
        assert first.result is False
        await pilot.pause()
        app.query_one(Input).focus()
        await second.wait()
        assert second.result is False
        await pilot.pause()
        assert app.focused is app.query_one(Input)


async def test_the_preview_aligns_and_cuts() -> None:
    app = Desk()
    async with app.run_test(size=(40, 20)) as pilot:
        preview = app.query_one(Preview)
        preview.styles.width, preview.styles.height = 36, 7
        await pilot.pause()
        preview.show(
            [
                Line(None, Content.styled("Ruiz-Moreno, Ana", "bold")),
                GAP,
                Line("Why here", "left St. Mary's Fri; contact due"),
                Line("", "[b]"),
                Line("Open", ""),
            ]
        )
        await pilot.pause()
        assert preview.plain.splitlines() == [
            "Ruiz-Moreno, Ana",
            "",
            "Why here    left St. Mary's Fri;",
            "            contact due",
            "            [b]",
            "Open",
        ]
        shown = [line for line in lines(app) if line.startswith("│")]
        assert shown[2] == "│  Why here    left St. Mary's Fri;"
        preview.show([Line(None, str(number)) for number in range(9)])
        await pilot.pause()
        shown = [line for line in lines(app) if line.startswith("│")]
        assert shown[5:] == ["│  5", "│  …"]
        preview.scroll_by(6)
        await pilot.pause()
        shown = [line for line in lines(app) if line.startswith("│")]
        assert (shown[0], shown[6]) == ("│  2", "│  8"), "it stops at the end"
        preview.show([Line(None, "another")])
        await pilot.pause()
        assert lines(app)[0].startswith("│  another") or "│  another" in lines(app), (
            "what is new starts at its top"
        )
