"""Each type of field, filled in by keys."""

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from textual import events
from textual.pilot import Pilot

from cmp_tui.clinic.errors import Refused, Superseded
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.clock import TimeField
from cmp_tui.ui.fields.combo import Match
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongEditor, LongTextField
from cmp_tui.ui.fields.minutes import MinutesField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.number import NumberField
from cmp_tui.ui.fields.partial import PartialDateField
from cmp_tui.ui.fields.phone import PhoneField
from cmp_tui.ui.fields.pick import PickField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import Form
from cmp_tui.ui.phrases import PhraseBook
from cmp_tui.ui.spans import Span
from tests.ui.form_app import PLAIN, ROOT, DeskApp, quick_keys, words_on


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_keys(monkeypatch)


OUTCOME = ChoiceField(
    name="one",
    label="Outcome",
    options=(
        Option("reached", "reached"),
        Option("voicemail", "voicemail"),
        Option("no-answer", "no answer"),
        Option("wrong-number", "wrong number", rare=True),
        Option("refused", "refused", rare=True),
    ),
)
WHOM = ChoiceField(
    name="one",
    label="With",
    options=tuple(Option(w, w) for w in ("patient", "caregiver", "provider", "pharmacy", "agency", "payer")),
)
AFTER = TextField(name="after", label="After")


async def fill(
    field: Field,
    *keys: str,
    value: object = None,
    see: Callable[[Pilot[None], Form], object] | None = None,
) -> tuple[object, str, str]:
    """Open a form with the field and one after it, press keys; returns (value, sentence at the field, screen)."""
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((field, AFTER), {field.name: value})
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        editor = form.sheet.editors[field.name]
        if see:
            see(pilot, form)
        return editor.read().value, editor.wrong, words_on(app)


def letters(text: str) -> list[str]:
    """Keys that type a text."""
    named = {" ": "space", "/": "slash", ".": "full_stop", "-": "minus", ":": "colon", "+": "plus"}
    return [named.get(char, char) for char in text]


TYPED: tuple[tuple[Field, str, object, str], ...] = (
    (DateField(name="one", label="Next"), "wed", date(2026, 11, 25), "= Wed 25 Nov"),
    (DateField(name="one", label="Next"), "+2w", date(2026, 12, 7), "= Mon 7 Dec"),
    (DateField(name="one", label="Born", only="past"), "1/5", date(2026, 1, 5), "gone by"),
    (PartialDateField(name="one", label="Born"), "5/1938", "1938-05", "= May 1938, no day"),
    (TimeField(name="one", label="At"), "2:30p", time(14, 30), "= 2:30 pm"),
    (MinutesField(name="one", label="Minutes"), "1h05", Span(65), "min, 1 h 5 min"),
    (MinutesField(name="one", label="Minutes"), "9:04-9:16", Span(12, time(9, 4), time(9, 16)), "= 12 min"),
    (PhoneField(name="one", label="Phone"), "5125550133", "(512) 555-0133", "= (512) 555-0133"),
    (PhoneField(name="one", label="Phone"), "555 0133", "555 0133", "7 digits, saved as typed"),
    (NumberField(name="one", label="A1c", unit="%", places=1), "8.4", Decimal("8.4"), "8.4 %"),
    (NumberField(name="one", label="Weight", unit="lb"), "182 lb", 182, "lb"),
    (TextField(name="one", label="Name"), " Ana ", "Ana", "Ana"),
)
UNCLEAR: tuple[tuple[Field, str, str], ...] = (
    (DateField(name="one", label="Next"), "30", "alone is not a date"),
    (DateField(name="one", label="Born", only="past"), "tom", "still to come"),
    (DateField(name="one", label="Due", only="future"), "yesterday", "has gone by"),
    (PartialDateField(name="one", label="Born"), "2031", "still to come"),
    (TimeField(name="one", label="At"), "9", "9a or 9p"),
    (MinutesField(name="one", label="Minutes"), "0", "at least 1"),
    (MinutesField(name="one", label="Minutes", most=60), "75", "more than 1 h"),
    (PhoneField(name="one", label="Phone"), "call", "hardly a digit"),
    (NumberField(name="one", label="A1c", places=1), "8,4", "without commas"),
    (NumberField(name="one", label="A1c", places=1), "8.44", "1 decimal"),
    (NumberField(name="one", label="Pulse", least=20, most=250), "8", "least here is 20"),
    (NumberField(name="one", label="Pulse"), "x", "not a number"),
    (WHOM, "zz", "Pick one"),
)


async def paste(app: DeskApp, pilot: Pilot[None], text: str) -> None:
    """Put a text into the field that has the focus."""
    assert app.focused is not None
    app.focused.post_message(events.Paste(text))
    await pilot.pause()


async def test_typed_values_and_their_echo() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        for field, text, value, echo in TYPED:
            form = app.desk.open((field, AFTER))
            await pilot.pause()
            await paste(app, pilot, text)
            assert (field, form.sheet.values()["one"], form.sheet.editors["one"].wrong) == (field, value, "")
            assert echo in words_on(app)
            await pilot.press("escape")
            await pilot.pause()


async def test_what_is_unclear_is_told_when_the_field_is_left() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        for field, text, part in UNCLEAR:
            form = app.desk.open((field, AFTER))
            await pilot.pause()
            await paste(app, pilot, text)
            assert not form.sheet.editors["one"].wrong
            await pilot.press("tab")
            await pilot.pause()
            assert form.sheet.values()["one"] is None
            assert part in form.sheet.editors["one"].wrong
            assert form.sheet.editors["one"].wrong[:40] in words_on(app)
            await pilot.press("escape")
            await pilot.pause()


async def test_an_untouched_span_keeps_its_clock() -> None:
    span = Span(12, time(10, 4), time(10, 16), "timer")
    field = MinutesField(name="one", label="Minutes")
    found, _, screen = await fill(field, value=span)
    assert found == span
    assert "12 timer 10:04–10:16" in screen
    found, _, screen = await fill(field, "5", value=span)
    assert found == Span(5)
    found, _, screen = await fill(field, "end", "backspace", "5", value=span)
    assert found == Span(15)
    assert "timer" not in screen


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("v", "voicemail"),
        ("n", "no-answer"),
        ("w", "wrong-number"),
        ("right right", "voicemail"),
        ("right right left", "reached"),
        ("space", "reached"),
        ("v backspace", None),
        ("o down enter", "refused"),
        ("o enter", "wrong-number"),
        ("v o escape", "voicemail"),
        ("x", None),
    ],
)
async def test_a_choice_in_words(keys: str, value: object) -> None:
    found, _, screen = await fill(OUTCOME, *keys.split())
    assert found == value
    if value:
        assert f"‹{OUTCOME.say(value, PLAIN)}›" in screen


async def test_words_keep_their_columns() -> None:
    _, _, before = await fill(OUTCOME)
    _, _, after = await fill(OUTCOME, "v")
    line = next(line for line in before.splitlines() if "voicemail" in line)
    assert line.index("no answer") == next(x for x in after.splitlines() if "voicemail" in x).index(
        "no answer"
    )


async def test_first_letters_go_round() -> None:
    field = ChoiceField(
        name="one", label="How", options=tuple(Option(w, w) for w in ("phone", "portal", "person"))
    )
    assert (await fill(field, "p"))[0] == "phone"
    assert (await fill(field, "p", "p"))[0] == "portal"
    assert (await fill(field, "p", "p", "p", "p"))[0] == "phone"


async def test_an_option_can_have_its_own_letter() -> None:
    options = (Option("reached", "reached"), Option("refused", "refused", key="x"))
    assert (await fill(ChoiceField(name="one", label="How", options=options), "x"))[0] == "refused"


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("p r enter", "provider"),
        ("c a r enter", "caregiver"),
        ("space down enter", "caregiver"),
        ("p a y enter", "payer"),
    ],
)
async def test_many_options_are_found_by_typing(keys: str, value: str) -> None:
    found, wrong, _ = await fill(WHOM, *keys.split())
    assert found == value
    assert not wrong


async def test_typing_replaces_what_was_picked() -> None:
    found, _, _ = await fill(WHOM, *"payer", "enter", value="patient")
    assert found == "payer"


async def test_clear_words_need_no_enter() -> None:
    assert (await fill(WHOM, *"agency", "tab"))[0] == "agency"
    assert (await fill(WHOM, *"pay", "tab"))[0] == "payer"
    assert (await fill(WHOM, *"pa", "tab"))[0] is None


@pytest.mark.parametrize(
    ("keys", "value"), [("y", True), ("n", False), ("space", True), ("y n backspace", None), ("", None)]
)
async def test_yes_and_no(keys: str, value: bool | None) -> None:
    assert (await fill(YesNoField(name="one", label="Ok"), *keys.split()))[0] is value


async def test_not_known_is_an_answer() -> None:
    field = YesNoField(name="one", label="Ok", unknown="not asked")
    found, _, screen = await fill(field)
    assert found is None
    assert "‹not asked›" in screen
    assert (await fill(field, "y"))[0] is True
    assert (await fill(field, "y", "u"))[0] is None


async def test_ticks() -> None:
    field = MultiField(
        name="one", label="Roles", options=tuple(Option(w, w) for w in ("admin", "auditor", "nurse"))
    )
    found, _, screen = await fill(field, "space", "right", "right", "space")
    assert found == ("admin", "nurse")
    assert "✓ admin" in screen
    assert "· auditor" in screen
    assert (await fill(field, "n", "space", value=("admin",)))[0] == ("admin", "nurse")
    assert (await fill(field, "space", value=("admin",)))[0] == ()


async def test_signs_for_plain_terminals() -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.desk.open((OUTCOME,), {"one": "reached"}, here=PLAIN)
        await pilot.pause()
        assert "<reached>" in words_on(app)


async def test_enter_moves_on_and_ctrl_j_breaks_the_line() -> None:
    field = LongTextField(name="one", label="Why")
    found, _, screen = await fill(field, "a", "ctrl+j", "b", "enter", "c")
    assert found == "a\nb"
    assert "After" in screen

    def tall(_pilot: Pilot[None], form: Form) -> None:
        editor = form.sheet.editors["one"]
        assert isinstance(editor, LongEditor)
        assert editor.size.height == 2

    await fill(field, "a", "ctrl+j", "b", see=tall)


async def test_in_a_list_enter_starts_the_next_line_and_leaves_an_empty_one() -> None:
    field = LongTextField(name="one", label="Medicines", listing=True)
    found, _, screen = await fill(field, "a", "enter", "b", "enter", "enter", "c")
    assert str(found).split() == ["a", "b"] and "After" in screen
    found, _, _ = await fill(field, "a", "enter", "b", "enter")
    assert str(found).split() == ["a", "b"]


async def test_arrows_leave_a_long_text_at_its_edges() -> None:
    def focused(name: str) -> Callable[[Pilot[None], Form], None]:
        return lambda _pilot, form: _is(form.sheet.here_now, name)

    field = LongTextField(name="one", label="Why")
    await fill(field, "a", "ctrl+j", "b", "up", see=focused("one"))
    await fill(field, "a", "ctrl+j", "b", "down", see=focused("after"))
    await fill(field, "down", "up", see=focused("one"))


def _is(found: object, wanted: object) -> None:
    assert found == wanted


@pytest.mark.parametrize(
    "field", [TextField(name="one", label="Name"), LongTextField(name="one", label="Why")]
)
async def test_text_is_data(field: Field) -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        for text in (
            "[/foo]",
            "[@click=app.quit]x[/]",
            "[b]",
            "🧑‍⚕️ ok",
            "患者さん",
            "🇺🇸",
            "e\u0301",
            "$accent",
        ):
            form = app.desk.open((field, AFTER))
            await pilot.pause()
            await paste(app, pilot, text)
            await pilot.press("tab")
            assert form.sheet.values()["one"] == ("é" if text.startswith("e") else text)
            if text.isascii():
                assert text in words_on(app)
            await pilot.press("escape")
            await pilot.pause()


async def test_control_characters_are_taken_out_of_a_paste() -> None:
    app = DeskApp()
    async with app.run_test() as pilot:
        form = app.desk.open((TextField(name="one", label="Name"), LongTextField(name="two", label="Why")))
        await pilot.pause()
        for name in ("one", "two"):
            form.sheet.visit(name)
            await pilot.pause()
            assert app.focused is not None
            app.focused.post_message(events.Paste("a\x1b[31mb\r\nc\x07\td"))
            await pilot.pause()
        assert form.sheet.values() == {"one": "a[31mb c d", "two": "a[31mb\nc d"}


@pytest.mark.parametrize(
    "field", [TextField(name="one", label="Name"), LongTextField(name="one", label="Why")]
)
@pytest.mark.parametrize("size", [30_000, 5_000_000])
async def test_a_paste_that_does_not_fit_is_told_and_leaves_the_field_as_it_was(
    field: TextField | LongTextField, size: int
) -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((field, AFTER))
        await pilot.pause()
        await paste(app, pilot, "before")
        await paste(app, pilot, "word\x1b " * (size // 6))
        editor = form.sheet.editors["one"]
        told = f" characters, {field.limit - 6:,} of {field.limit:,} are free. Shorten it."
        assert editor.wrong.startswith("Nothing was added: it has ")
        assert editor.wrong.endswith(told)
        assert editor.wrong in words_on(app)
        assert editor.raw() == "before"
        # The sentence goes with the next change.
        await pilot.press("x")
        assert editor.raw() == "beforex"
        assert not editor.wrong


async def test_a_selection_outlives_a_paste_that_does_not_fit() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((LongTextField(name="one", label="Why"), AFTER))
        await pilot.pause()
        await paste(app, pilot, "kept as it was")
        assert isinstance(app.focused, LongEditor)
        app.focused.select_all()
        await paste(app, pilot, "x" * 20_001)
        assert form.sheet.editors["one"].raw() == "kept as it was"
        app.focused.select_all()
        await paste(app, pilot, "x" * 20_000)
        assert form.sheet.editors["one"].raw() == "x" * 20_000
        await pilot.press("y")
        assert (
            form.sheet.editors["one"].wrong
            == "The field is full: it holds 20,000 characters. Nothing was added."
        )


BOOK = PhraseBook(ROOT / "data" / "phrases.toml")


async def test_phrases() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((LongTextField(name="one", label="Why"), AFTER), phrases=BOOK)
        await pilot.pause()
        await pilot.press(*letters("so .idv "), *"ok", "space", *letters(".xyz "))
        assert form.sheet.values()["one"] == f"so {BOOK()['idv']} ok .xyz"
        await pilot.press("ctrl+u", *letters(".mood "), *"good")
        assert form.sheet.values()["one"] == "Asked about mood and sleep: good."


async def test_phrases_are_listed() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((LongTextField(name="one", label="Why"), AFTER), phrases=BOOK)
        await pilot.pause()
        await pilot.press("full_stop", "question_mark", "down")
        await pilot.pause()
        assert ".vm" in words_on(app)
        assert "Ruiz-Moreno, Ana" in words_on(app)
        await pilot.press("enter")
        assert form.sheet.values()["one"] == list(BOOK().values())[1]
        assert not form.sheet._drop.has_class("-open")


async def test_a_broken_phrase_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "phrases.toml"
    path.write_text("[phrases]\nvm = 3\n")
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((LongTextField(name="one", label="Why"), AFTER), phrases=PhraseBook(path))
        await pilot.pause()
        await pilot.press(*letters(".vm "))
        assert "phrases.toml" in form.sheet.editors["one"].wrong
        assert form.sheet.values()["one"] == ".vm"


def test_every_phrase_is_short_enough() -> None:
    assert len(BOOK()) >= 25
    assert all(len(text) < 300 for text in BOOK().values())


def picking(answers: dict[str, Sequence[Match]], error: Exception | None = None) -> PickField:
    async def search(text: str) -> Sequence[Match]:
        if error is not None:
            raise error
        return answers.get(text, ())

    return PickField(name="one", label="Care manager", search=search)


ANSWERS = {"an": [Match(UUID(int=1), "Ruiz, Ana", "RN"), Match(UUID(int=2), "Tran, An", "MD")]}


async def test_a_reference_is_searched_and_picked() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((picking(ANSWERS), AFTER))
        await pilot.pause()
        await pilot.press("a", "n")
        await pilot.pause(0.3)
        assert "Tran, An" in words_on(app)
        await pilot.press("down", "enter")
        assert form.sheet.values()["one"] == UUID(int=2)
        assert form.sheet.here_now == "after"
        # A draft of it is plain data and comes back as it was.
        draft = form.typed()
        assert draft["one"] == {"words": "Tran, An", "value": {"uuid": UUID(int=2).hex}}
        again = app.desk.form((picking(ANSWERS), AFTER))
        again.restore(draft)
        assert again.sheet.values()["one"] == UUID(int=2)


async def test_what_was_not_picked_is_not_taken() -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((picking(ANSWERS), AFTER), {"one": Match(UUID(int=9), "Ortiz, Ben")})
        await pilot.pause()
        assert form.sheet.values()["one"] == UUID(int=9)
        await pilot.press("end", "x", "tab")
        assert form.sheet.values()["one"] is None
        assert "Pick one" in form.sheet.editors["one"].wrong


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(Refused("You may not look here."), "You may not look here."), (Superseded("newer"), "")],
)
async def test_a_search_that_fails_says_so(error: Exception, sentence: str) -> None:
    app = DeskApp()
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.desk.open((picking({}, error), AFTER))
        await pilot.pause()
        await pilot.press("a")
        await pilot.pause(0.3)
        assert form.sheet.editors["one"].wrong == sentence
