"""The one form of the program: what is typed is kept, nothing leaks, nothing is overwritten in silence."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError, Conflict, Invalid
from cmp_tui.ui.fields import drafts
from cmp_tui.ui.fields.base import Here, Raw
from cmp_tui.ui.fields.conflict import say_whole, settle
from cmp_tui.ui.fields.frame import FormHint, FormTitle, SaveButton
from cmp_tui.ui.fields.keeper import PAUSE, Keeper
from cmp_tui.ui.fields.plan import AFTER_LABEL, LEFT, WIDEST_LABEL
from cmp_tui.ui.fields.sheet import Sheet
from cmp_tui.ui.fields.spec import FormSpec, Submission
from cmp_tui.ui.keys import key
from cmp_tui.ui.messages import RaiseConcern

__all__ = ["Form", "FormSpec", "Left", "Passing", "Submission"]

ROOMY = 30
"""Lines of a terminal from which a form has an empty line above its foot."""

LEAST_LINES = 4
"""Lines that the fields have on the smallest screen."""


class Left(ClinicError):
    """Raised by `on_submit`: nothing was saved, and the form goes away with its draft. `value` says where one goes
    instead: the key of a patient is that of the chart to open."""

    def __init__(self, value: object) -> None:
        super().__init__("Nothing was saved.")
        self.value = value


class FormBody(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Holds the fields. It scrolls with them and by the mouse; up and down stay the form's own keys."""


class Form(Widget, can_focus=False):
    """A form over fields. See `FormDock.open` for how it comes to the screen."""

    DEFAULT_CSS = """
    Form { layout: vertical; height: auto; width: 100%; }
    Form > .form-body { height: auto; width: 100%; }
    Form > .form-foot { height: 2; width: 100%; padding-top: 1; }
    Form.-tight > .form-foot { height: 1; padding-top: 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("form.save", "ctrl+s", "save", "save"),
        key("form.close", "escape,ctrl+g", "leave", "keep and go back"),
        key("form.enter", "enter", "next(True)", "next"),
        key("form.theirs", "ctrl+t", "theirs", "take theirs"),
        key("form.drop", "ctrl+r", "throw_away", "throw away"),
        key("form.concern", "ctrl+n", "concern", "concern"),
        key("form.next", "tab", "next", "next field", show=False),
        key("form.previous", "shift+tab", "previous", "field before", show=False),
        key("form.down", "down", "next", "next field", show=False),
        key("form.up", "up", "previous", "field before", show=False),
    ]

    @dataclass
    class Closed(Message):
        """The form goes away unsaved; `kept` tells whether a draft stays, `value` where one goes instead (`Left`)."""

        form: "Form"
        kept: bool
        value: object = None

    @dataclass
    class Saved(Message):
        """The form was saved. `result` is what `on_submit` returned; `warning` a sentence, or ''."""

        form: "Form"
        submission: Submission
        result: object = None
        warning: str = ""

    def __init__(
        self,
        spec: FormSpec,
        values: Mapping[str, object],
        on_submit: Callable[[Submission], Awaitable[object]],
        keep: Callable[[dict[str, Raw]], Awaitable[None]],
        drop: Callable[[], Awaitable[None]],
        *,
        here: Here,
        seen: int | None = None,
        phrases: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        super().__init__(name=spec.name)
        self.spec = spec
        self.seen = seen
        self.on_submit = on_submit
        self.busy = False
        self.is_over = False
        self._lines = 0
        self._left_at = ""
        self._values = dict(values)
        self._asked_to_throw_away = False
        self._theirs: dict[str, object] = {}
        labels = [min(len(one.label) + one.required, WIDEST_LABEL) for one in spec.fields]
        self.title_line = FormTitle(spec.title, spec.identity, LEFT + max(labels, default=0) + AFTER_LABEL)
        self.sheet = Sheet(spec.fields, values, self, here, phrases)
        self.hint_line = FormHint()
        self.body = FormBody(classes="form-body")
        self.keeper = Keeper(self.typed, keep, drop, self._tell_state)
        self._keep_soon: asyncio.TimerHandle | None = None

    def compose(self) -> ComposeResult:
        yield self.title_line
        with self.body:
            yield self.sheet
        with Horizontal(classes="form-foot"):
            yield self.hint_line
            yield SaveButton(self.spec.button)

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, self._fit_screen, immediate=True)
        self._fit_screen(self.screen)
        self.focus_first()

    def _fit_screen(self, screen: Screen[object]) -> None:
        self.fit(screen.size.height)

    def fit(self, lines: int) -> None:
        """Take at most half of the screen for the fields; more of them scroll.

        Before the form is on the screen nothing is styled for it: that takes as long as all the rest of opening it.
        """
        if lines != self._lines:
            self._lines = lines
            self.set_class(lines < ROOMY, "-tight", update=self.is_attached)
            self.body.styles.max_height = max(LEAST_LINES, lines // 2)

    # What stands in it.

    def typed(self) -> dict[str, Raw]:
        """What is to be kept as a draft: {} while the person changed nothing. Ready for JSON, never waits."""
        return drafts.typed(self.sheet.editors)

    def restore(self, typed: Mapping[str, Raw]) -> None:
        """Put back what a draft kept; see `drafts.restore`."""
        drafts.restore(self.sheet.editors, typed)
        self.keeper.found(typed)
        self.sheet.apply_conditions()

    def changed(self) -> frozenset[str]:
        """The fields that are shown and that the person changed."""
        return frozenset(name for name, editor in self.sheet.shown().items() if editor.is_changed())

    # What the sheet tells.

    def field_edited(self, name: str) -> None:
        """Something was typed."""
        self._asked_to_throw_away = False
        if self._keep_soon is None and not self.is_over:
            self._keep_soon = asyncio.get_running_loop().call_later(PAUSE, self._start_keeping)

    def past_the_end(self, *, enter: bool) -> None:
        """The person went on from the last field: enter saves, anything else goes to the Save button."""
        if enter:
            self.action_save()
        else:
            self.screen.set_focus(self.query_one(SaveButton), scroll_visible=False)

    def show_region(self, region: Region) -> None:
        """Scroll so that a part of the sheet is seen."""
        body = self.query_one(VerticalScroll)
        if body.max_scroll_y:
            body.scroll_to_region(region, animate=False, force=True)

    def show_hint(self, text: str) -> None:
        """Show the help of the field that has the focus."""
        self.hint_line.tell(text or self.spec.keys_hint)
        self.refresh_bindings()

    # Drafts.

    def _start_keeping(self) -> None:
        self._keep_soon = None
        if not self.is_over and self.is_attached:
            self.run_worker(self.keeper.now(), group="keep", exit_on_error=True)

    def _stop_keeping(self) -> None:
        if self._keep_soon is not None:
            self._keep_soon.cancel()
            self._keep_soon = None

    def on_unmount(self) -> None:
        self._stop_keeping()

    def _tell_state(self, state: str, bad: bool) -> None:
        if not self.busy:
            self.title_line.tell(state, bad=bad)

    # Keys.

    def on_key(self, event: events.Key) -> None:
        """No key goes on to the screen below, but for those with ctrl and the form's own."""
        if self.busy:
            event.stop()
            event.prevent_default()
            return
        if event.key.startswith("ctrl+") and not event.is_printable:
            return
        active = self.screen.active_bindings.get(event.key)
        if active is None or (active.node is not self and self not in active.node.ancestors):
            event.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys that make sense now."""
        if self.busy:
            return False
        if action == "theirs":
            return self.sheet.here_now in self._theirs
        if action == "concern":
            return self.spec.identity is not None and self.spec.name != "escalate"
        if action == "throw_away":
            return self.keeper.has_draft or bool(self.changed())
        return True

    def key_word(self, binding_id: str) -> str | None:
        """What enter does here, or at the last field."""
        names = list(self.sheet.shown())
        if binding_id == "form.enter" and self.sheet.here_now in names:
            word = self.sheet.editors[self.sheet.here_now].enter_word
            if word and not isinstance(self.screen.focused, SaveButton):
                return word
        on_button = isinstance(self.screen.focused, SaveButton)
        at_end = on_button or (bool(names) and self.sheet.here_now == names[-1])
        saves = binding_id == "form.save" or (binding_id == "form.enter" and at_end)
        return self.spec.button.lower() if saves else None

    def action_next(self, enter: bool = False) -> None:
        """Go to the next field."""
        if isinstance(self.screen.focused, SaveButton):
            self.focus_first()
        else:
            self.sheet.go(1, enter=enter)

    def action_previous(self) -> None:
        """Go to the field before."""
        if isinstance(self.screen.focused, SaveButton):
            self.sheet.visit(list(self.sheet.shown())[-1])
        else:
            self.sheet.go(-1)

    def focus_first(self) -> None:
        """Put the focus on the first field."""
        for name in self.sheet.shown():
            self.sheet.visit(name)
            return
        self.screen.set_focus(self.query_one(SaveButton), scroll_visible=False)

    def hide(self) -> None:
        """Another form opens over this one."""
        self._left_at = self.sheet.here_now
        self.display = False

    def show_again(self) -> None:
        """The form above has gone."""
        self.display = True
        self.sheet.here_now = self._left_at
        self.focus_again()

    def focus_again(self) -> None:
        """Put the focus back where it was in this form."""
        if self.sheet.here_now in self.sheet.shown():
            self.sheet.visit(self.sheet.here_now)
        else:
            self.focus_first()

    def action_concern(self) -> None:
        """Something about the patient goes to a practitioner; one comes back to this form."""
        self.post_message(RaiseConcern())

    # The ends.

    def action_leave(self) -> None:
        """Keep the draft and close."""
        self._begin("keeping the draft…")
        self.run_worker(self._leave(), group="end", exclusive=True)

    async def _leave(self, value: object = None) -> None:
        self._stop_keeping()
        problem = await self.keeper.now()
        if problem:
            # Closing now would lose what was typed.
            self._end()
            self.title_line.tell("draft not kept", bad=True)
            self.title_line.complain(
                f"{problem} What you typed is still here, but it is not kept as a draft."
            )
        else:
            self._close(kept=self.keeper.has_draft, value=value)

    def action_throw_away(self) -> None:
        """Throw the draft away, when asked twice."""
        if not self._asked_to_throw_away:
            self._asked_to_throw_away = True
            self.title_line.complain("Throw away what you typed? ctrl+r again does it, any change keeps it.")
            return
        self._begin("throwing away…")
        self.run_worker(self._throw_away(), group="end", exclusive=True)

    async def _throw_away(self) -> None:
        self._stop_keeping()
        problem = await self.keeper.forget()
        if problem:
            self._end()
            self.title_line.complain(problem)
        else:
            self._close(kept=False)

    def _close(self, *, kept: bool, value: object = None) -> None:
        self.is_over = True
        self.post_message(self.Closed(self, kept, value))

    def on_save_button_pressed(self, event: SaveButton.Pressed) -> None:
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Save, or say what is missing."""
        if self.busy or self.is_over:
            return
        wrong = self._what_is_wrong()
        if wrong:
            self._show_wrong(wrong)
            return
        values = {name: editor.read().value for name, editor in self.sheet.shown().items()}
        changes = {name: values[name] for name in values if name in self.changed()}
        self._begin("saving…")
        self.run_worker(self._submit(Submission(values, changes, self.seen)), group="end", exclusive=True)

    async def _submit(self, submission: Submission) -> None:
        try:
            self._stop_keeping()
            # A fault while saving must not lose what was typed. A draft that can't be kept stops no saving.
            await self.keeper.now()
            result = await self.on_submit(submission)
        except Invalid as invalid:
            self._end()
            self._show_wrong(invalid.fields)
        except Conflict as conflict:
            self._end()
            self._show_conflict(conflict)
        except Left as left:
            await self._leave(left.value)
        except ClinicError as error:
            self._end()
            self.title_line.complain(str(error))
        else:
            self.is_over = True
            warning = await self.keeper.forget()
            self.post_message(self.Saved(self, submission, result, warning))
        finally:
            if self.busy and not self.is_over and self.is_attached:
                self._end()

    def _begin(self, state: str) -> None:
        self.busy = True
        self.title_line.complain("")
        self.title_line.tell(state)
        self.refresh_bindings()

    def _end(self) -> None:
        self.busy = False
        self._asked_to_throw_away = False
        self.title_line.tell("draft kept" if self.keeper.has_draft else "")
        self.refresh_bindings()

    # What is wrong.

    def _what_is_wrong(self) -> dict[str, str]:
        wrong = {}
        for name, editor in self.sheet.shown().items():
            read = editor.read()
            if read.error:
                wrong[name] = read.error
            elif editor.field.required and read.value in (None, "", ()):
                wrong[name] = f"{editor.field.label} is needed."
        return wrong

    def _show_wrong(self, wrong: Mapping[str, str]) -> None:
        shown = self.sheet.shown()
        for name, editor in shown.items():
            editor.tell(wrong.get(name, ""))
        # A sentence for a field that this form does not show must be seen too.
        self.title_line.complain(" ".join(text for name, text in wrong.items() if name not in shown))
        first = next((name for name in shown if name in wrong), None)
        if first is not None:
            self.sheet.visit(first)
            self.call_after_refresh(self.sheet.show_again)

    def _show_conflict(self, conflict: Conflict) -> None:
        here = self.sheet.here
        news = settle(self.sheet.editors, conflict, here)
        self.seen = conflict.version
        self._theirs = {name: conflict.theirs[name] for name in news.differing}
        self.sheet.tell_news(news.sentences)
        self.title_line.complain(say_whole(conflict, here, bool(news.differing)))
        first = next(iter(news.differing), None)
        if first is not None:
            self.sheet.visit(first)
        self.refresh_bindings()

    def action_theirs(self) -> None:
        """Take what the other person saved in this field."""
        name = self.sheet.here_now
        if name in self._theirs:
            self.sheet.editors[name].put(self._theirs.pop(name))
            self.sheet.tell_news({one: text for one, text in self.sheet.news.items() if one != name})
            self.field_edited(name)
            self.refresh_bindings()


class Passing(Form):
    """A form that asks something in passing: it keeps no draft, and esc closes it."""

    def typed(self) -> dict[str, Raw]:
        return {}

    def key_word(self, binding_id: str) -> str | None:
        """esc keeps nothing here."""
        return "go back" if binding_id == "form.close" else super().key_word(binding_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to throw away, and what is asked stands in the way of all else."""
        return action not in ("throw_away", "concern") and super().check_action(action, parameters)
