"""The one form: drafts, saving, what goes wrong, and that no key leaks."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from textual import events
from textual.widgets import Input
from textual.worker import WorkerFailed

from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused
from cmp_tui.ui.fields.base import Raw
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.drafts import CHANGED
from cmp_tui.ui.fields.frame import SaveButton
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.minutes import MinutesField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import Form, Submission
from tests.ui.form_app import DeskApp, quick_keys, words_on


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_keys(monkeypatch)


OUTCOME = ChoiceField(
    name="outcome",
    label="Outcome",
    required=True,
    row="top",
    options=(
        Option("reached", "reached"),
        Option("voicemail", "voicemail"),
        Option("no-answer", "no answer"),
    ),
)
MINUTES = MinutesField(name="minutes", label="Minutes", row="top", help="12, 1h05 or 10:04-10:16")
WHY = LongTextField(name="why", label="Why")
NEXT = DateField(name="next", label="Next", when=lambda values: values["outcome"] == "no-answer")
STEP = TextField(name="step", label="Step")
FIELDS = (OUTCOME, MINUTES, WHY, NEXT, STEP)
PAUSE = 0.9
"""Longer than a draft waits."""


async def test_the_commonest_case_is_quickest() -> None:
    app = DeskApp()
    async with app.run_test(size=(120, 36)) as pilot:
        app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.press("v", "ctrl+s")
        await pilot.pause()
        assert app.desk.submitted[0].values == {
            "outcome": "voicemail",
            "minutes": None,
            "why": "",
            "step": "",
        }
        assert app.desk.submitted[0].changes == {"outcome": "voicemail"}
        assert not app.desk.dock.is_open
        assert app.desk.drafts == {}


async def test_the_patient_is_always_seen() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        form = app.desk.open([TextField(name=f"f{n}", label=f"Field {n}") for n in range(30)])
        await pilot.pause()
        for width, height in ((80, 24), (60, 16), (120, 36)):
            await pilot.resize_terminal(width, height)
            for name in ("f15", "f29"):
                form.sheet.visit(name)
                await pilot.pause()
                await pilot.pause()
                screen = words_on(app)
                assert "Contact   Ruiz-Moreno, Ana · 78 F · 1948-02-11" in screen
                assert f"▌ Field {name[1:]}" in screen


async def test_drafts_are_kept_within_a_second_and_come_back() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open(FIELDS)
        await pilot.pause()
        assert form.typed() == {}
        await pilot.press("n", "tab", "1", "2", "tab", *"half", "tab", *"we")
        before = form.typed()
        await pilot.pause(PAUSE)
        assert app.desk.kept[-1] == before
        assert before["next"] == "we"
        assert "draft kept" in words_on(app)
        await pilot.press("escape")
        await pilot.pause()
        assert not app.desk.dock.is_open

        again = app.desk.form(FIELDS)
        again.restore(app.desk.drafts["test"])
        assert again.typed() == before
        app.desk.dock.open(again)
        await pilot.pause()
        assert "draft kept" in words_on(app)
        assert "‹no answer›" in words_on(app)


async def test_restored_drafts_do_not_hide_newer_values() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.form(FIELDS, {"why": "newer", "step": None})
        form.restore({"why": "older", "step": "call", "minutes": "9", CHANGED: ["minutes"]})
        app.desk.dock.open(form)
        await pilot.pause()
        assert form.sheet.editors["why"].raw() == "newer"
        assert form.sheet.editors["step"].raw() == "call"
        assert form.sheet.editors["minutes"].raw() == "9"


@pytest.mark.parametrize(
    "odd",
    [
        {"outcome": 3, "why": None, "step": ["x"]},
        {"nothing": "x"},
        {CHANGED: "why", "why": {"a": "b"}},
        {"outcome": "gone"},
    ],
)
async def test_odd_drafts_are_passed_over(odd: Mapping[str, Raw]) -> None:
    app = DeskApp()
    async with app.run_test() as pilot:
        form = app.desk.form(FIELDS)
        form.restore(odd)
        app.desk.dock.open(form)
        await pilot.pause()
        assert form.sheet.values()["outcome"] is None


@pytest.mark.parametrize("key", ["escape", "ctrl+g"])
async def test_leaving_keeps_at_once(key: str) -> None:
    app = DeskApp()
    async with app.run_test() as pilot:
        form = app.desk.form(FIELDS)
        future = app.desk.dock.open(form)
        await pilot.pause()
        await pilot.press("v", key)
        result = await future
        assert result.kept
        assert not result.saved
        assert app.desk.drafts["test"]["outcome"] == "voicemail"


async def test_an_untouched_form_leaves_no_draft() -> None:
    app = DeskApp()
    async with app.run_test() as pilot:
        form = app.desk.form(FIELDS, {"why": "before"})
        future = app.desk.dock.open(form)
        await pilot.pause()
        await pilot.press("tab", "tab", "x", "backspace", "tab")
        await pilot.pause(PAUSE)
        await pilot.press("escape")
        assert not (await future).kept
        assert app.desk.kept == []
        assert app.desk.drafts == {}


async def test_what_can_not_be_kept_stays_on_the_screen() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open(FIELDS)
        await pilot.pause()
        app.desk.keep_error = Refused("The disk is full.")
        await pilot.press("v", "escape")
        await pilot.pause()
        assert app.desk.dock.form is form
        assert "The disk is full. What you typed is still here" in words_on(app)
        assert "draft not kept" in words_on(app)
        app.desk.keep_error = None
        await pilot.press("escape")
        await pilot.pause()
        assert app.desk.drafts["test"]["outcome"] == "voicemail"


async def test_throwing_away_asks_once() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.form(FIELDS)
        future = app.desk.dock.open(form)
        await pilot.pause()
        await pilot.press("ctrl+r")
        assert "Throw away" not in words_on(app)
        await pilot.press("v")
        await pilot.pause(PAUSE)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert "Throw away what you typed?" in words_on(app)
        await pilot.press("n", "ctrl+r")
        assert app.desk.dock.is_open
        await pilot.press("ctrl+r")
        assert not (await future).kept
        assert app.desk.drafts == {}
        assert app.desk.dropped == 1


async def test_no_key_leaks() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open(FIELDS, {"outcome": "reached"})
        await pilot.pause()
        keys = [*"ajqv", "space", "question_mark", "colon", "delete", "pageup", "f5", "ctrl+n", "left"]
        for name in ("outcome", "minutes", "why", "step"):
            form.sheet.visit(name)
            await pilot.press(*keys)
        app.desk.set_focus(app.desk.query_one(SaveButton))
        await pilot.press(*(key for key in keys if key not in ("space", "enter")))
        await pilot.pause()
        assert app.desk.leaked == []
        assert app.leaks == 0
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("a", "j")
        assert app.desk.leaked == ["a", "list j"]


async def test_a_click_below_does_not_take_the_keys() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.click("Lines", offset=(5, 1))
        await pilot.pause()
        await pilot.press("v")
        assert app.desk.leaked == []
        assert form.sheet.values()["outcome"] == "voicemail"


async def test_needed_and_unclear_fields_are_told_and_visited() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.press("tab", *"soon", "ctrl+s")
        await pilot.pause()
        assert app.desk.submitted == []
        assert "Outcome is needed." in words_on(app)
        assert "is not a number of minutes" in words_on(app)
        assert form.sheet.here_now == "outcome"
        await pilot.press("v", "tab", "ctrl+u", "9", "ctrl+s")
        await pilot.pause()
        assert app.desk.submitted[0].values["outcome"] == "voicemail"


async def test_fields_that_do_not_apply_are_hidden_and_not_sent() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        app.desk.open(FIELDS)
        await pilot.pause()
        assert "Next" not in words_on(app)
        await pilot.press("n")
        await pilot.pause()
        assert "Next" in words_on(app)
        await pilot.press("tab", "tab", "tab", *"fri", "ctrl+s")
        await pilot.pause()
        assert app.desk.submitted[0].values["next"] == date(2026, 11, 27)
        app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.press("v", "ctrl+s")
        await pilot.pause()
        assert "next" not in app.desk.submitted[1].values


async def test_enter_goes_on_and_saves_at_the_end() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.press("v", "enter", "9", "enter", "a", "enter", "b", "enter")
        await pilot.pause()
        assert app.desk.submitted[0].values["step"] == "b"


async def test_tab_arrows_and_the_button() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.press("down", "down", "down", "down")
        assert isinstance(app.focused, SaveButton)
        await pilot.press("up")
        assert form.sheet.here_now == "step"
        await pilot.press("tab", "tab")
        assert form.sheet.here_now == "outcome"
        await pilot.press("v", "shift+tab")
        assert form.sheet.here_now == "outcome"
        await pilot.click(SaveButton)
        await pilot.pause()
        assert app.desk.submitted[0].values["outcome"] == "voicemail"


async def test_a_click_on_a_label_goes_to_its_field() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open(FIELDS)
        await pilot.pause()
        place = form.sheet.plan(form.sheet.size.width).places["why"]
        await pilot.click("Sheet", offset=(place.label_x + 1, place.y))
        await pilot.pause()
        assert form.sheet.here_now == "why"


async def test_it_saves_once_and_takes_no_keys_meanwhile() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        door = asyncio.Event()

        async def answer(_submission: Submission) -> object:
            await door.wait()
            return 7

        app.desk.answer = answer
        form = app.desk.form(FIELDS)
        future = app.desk.dock.open(form)
        await pilot.pause()
        await pilot.press("v", "tab", "tab", *"note", "ctrl+s")
        await pilot.pause()
        assert "saving…" in words_on(app)
        await pilot.press(
            "ctrl+s", "x", "enter", "escape", "ctrl+r", "ctrl+g", "n", "backspace", "ctrl+k", "ctrl+w"
        )
        assert app.focused is not None
        app.focused.post_message(events.Paste("more"))
        await pilot.pause()
        assert form.sheet.editors["why"].raw() == "note"
        assert app.desk.dock.is_open
        door.set()
        result = await future
        assert (result.saved, result.value, result.warning) == (True, 7, "")
        assert len(app.desk.submitted) == 1


@pytest.mark.parametrize("at", ["outcome", "minutes", "whom", "points"])
async def test_no_field_changes_while_saving(at: str) -> None:
    app = DeskApp()
    words = ("patient", "caregiver", "provider", "pharmacy", "agency", "payer")
    whom = ChoiceField(name="whom", label="With", options=tuple(Option(word, word) for word in words))
    points = MultiField(name="points", label="Told", options=(Option("a", "cost"), Option("b", "stop")))
    async with app.run_test(size=(100, 30)) as pilot:
        door = asyncio.Event()

        async def answer(_submission: Submission) -> object:
            await door.wait()
            return None

        app.desk.answer = answer
        form = app.desk.form(
            (OUTCOME, MINUTES, whom, points), {"outcome": "reached", "minutes": 5, "whom": "payer"}
        )
        future = app.desk.dock.open(form)
        await pilot.pause()
        form.sheet.visit(at)
        await pilot.press("ctrl+s")
        before = form.sheet.values()
        await pilot.press("v", "backspace", "space", "right", "down", "7", "ctrl+u")
        assert form.sheet.values() == before
        door.set()
        assert (await future).saved


async def test_the_draft_is_kept_before_saving() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        seen: list[dict[str, dict[str, Raw]]] = []

        async def answer(_submission: Submission) -> object:
            seen.append(dict(app.desk.drafts))
            return None

        app.desk.answer = answer
        app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.press("v", "ctrl+s")
        await pilot.pause()
        assert seen[0]["test"]["outcome"] == "voicemail"
        assert app.desk.drafts == {}


async def test_invalid_stands_beside_its_fields() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:

        async def answer(_submission: Submission) -> object:
            raise Invalid(
                {"minutes": "Those minutes overlap.", "": "Nothing was saved.", "hidden": "And more."}
            )

        app.desk.answer = answer
        form = app.desk.open(FIELDS, {"outcome": "reached", "why": "x"})
        await pilot.pause()
        await pilot.press("ctrl+s")
        await pilot.pause()
        screen = words_on(app)
        assert "Those minutes overlap." in screen
        assert "Nothing was saved. And more." in screen
        assert form.sheet.here_now == "minutes"
        await pilot.press("5")
        await pilot.pause()
        assert "Those minutes overlap." not in words_on(app)
        assert form.sheet.values()["why"] == "x"


@pytest.mark.parametrize("error", [Refused("You may not do this."), Gone("It was struck out.")])
async def test_any_other_error_leaves_everything(error: Exception) -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:

        async def answer(_submission: Submission) -> object:
            raise error

        app.desk.answer = answer
        form = app.desk.open(FIELDS, {"outcome": "reached"})
        await pilot.pause()
        await pilot.press("tab", "tab", *"note", "ctrl+s")
        await pilot.pause()
        assert str(error) in words_on(app)
        assert form.sheet.values()["why"] == "note"
        await pilot.press("s")
        assert form.sheet.values()["why"] == "notes"


THEIRS = {"why": "theirs", "step": "their step", "outcome": "reached", "minutes": None, "elsewhere": 1}


async def open_conflict(app: DeskApp) -> Form:
    async def answer(submission: Submission) -> object:
        if submission.seen != 7:
            raise Conflict("Ben Ortiz", datetime(2026, 11, 23, 16, 41, tzinfo=UTC), 7, THEIRS)
        return None

    app.desk.answer = answer
    return app.desk.open(FIELDS, {"outcome": "reached", "why": "before", "step": "old"}, seen=3)


async def test_a_conflict_shows_both_and_saves_knowingly() -> None:
    app = DeskApp()
    async with app.run_test(size=(110, 36)) as pilot:
        form = await open_conflict(app)
        await pilot.pause()
        await pilot.press("tab", "tab", "ctrl+u", *"mine", "ctrl+s")
        await pilot.pause()
        screen = words_on(app)
        assert "now: theirs (Ben Ortiz, 10:41)" in screen
        assert "mine" in screen
        assert "Ben Ortiz saved this record at 10:41" in screen
        # A field that was not touched shows theirs, and says so.
        assert "their step" in screen
        assert "changed to this meanwhile" in screen
        assert form.sheet.here_now == "why"
        assert form.changed() == {"why"}
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert [(one.seen, one.changes) for one in app.desk.submitted] == [
            (3, {"why": "mine"}),
            (7, {"why": "mine"}),
        ]
        assert app.desk.submitted[1].values["step"] == "their step"
        assert not app.desk.dock.is_open


async def test_theirs_can_be_taken_field_by_field() -> None:
    app = DeskApp()
    async with app.run_test(size=(110, 36)) as pilot:
        form = await open_conflict(app)
        await pilot.pause()
        await pilot.press("tab", "tab", "ctrl+u", *"mine", "enter", "end", *"er", "ctrl+s")
        await pilot.pause()
        assert form.sheet.here_now == "why"
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert form.sheet.editors["why"].raw() == "theirs"
        assert "now: theirs" not in words_on(app)
        assert form.changed() == {"step"}
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.desk.submitted[1].changes == {"step": "older"}


async def test_a_fault_in_the_program_keeps_the_draft() -> None:
    app = DeskApp()
    with pytest.raises(WorkerFailed):
        async with app.run_test(size=(100, 30)) as pilot:

            async def answer(_submission: Submission) -> object:
                return 1 / 0

            app.desk.answer = answer
            app.desk.open(FIELDS)
            await pilot.pause()
            desk = app.desk
            await pilot.press("v", "ctrl+s")
            await pilot.pause()
    assert desk.drafts["test"]["outcome"] == "voicemail"


async def test_an_edit_sends_only_what_was_changed() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open(FIELDS, {"outcome": "reached", "why": "same", "step": "x"}, seen=4)
        await pilot.pause()
        await pilot.press("tab", "tab", "y", "backspace", "tab", "y")
        assert form.changed() == {"step"}
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.desk.submitted[0].changes == {"step": "xy"}
        assert app.desk.submitted[0].seen == 4
        assert app.desk.submitted[0].values["why"] == "same"


async def test_help_stands_at_the_foot() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        app.desk.open(FIELDS)
        await pilot.pause()
        await pilot.press("tab")
        await pilot.pause()
        assert "12, 1h05 or 10:04-10:16" in words_on(app)


async def test_ctrl_keys_of_the_input_stay_its_own() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((STEP,))
        await pilot.pause()
        await pilot.press(*"abc", "ctrl+a", "ctrl+d", "ctrl+e", "d", "ctrl+w")
        assert isinstance(app.focused, Input)
        assert form.sheet.values()["step"] == ""
        assert app.desk.dock.is_open
