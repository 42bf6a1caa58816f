"""Where forms open: at the foot of a screen, over the list, which stays as it is and is not drawn again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

if TYPE_CHECKING:
    from cmp_tui.ui.form import Form, Submission

    _Base = Screen[None]
    _WidgetBase = Widget
else:
    # Textual follows the first DOM class of a widget's bases only: a mixin must be a plain class.
    _Base = object
    _WidgetBase = object

LAYER = "forms"


class Result(NamedTuple):
    """How a form ended."""

    saved: bool
    kept: bool = False
    """Whether a draft stays."""
    submission: Submission | None = None
    value: object = None
    """What `on_submit` returned; of a form that was left for something else (form.Left), what that is."""
    warning: str = ""


class FormDock(Widget, can_focus=False):
    """Holds the open forms, the newest on top. Yield one from each screen that opens forms, last of all.

    It is always there, empty and without height: a widget that comes and goes would change the drawing order
    of all others, and Textual would draw them again.
    """

    DEFAULT_CSS = """
    FormDock {
        layer: forms; dock: bottom; width: 100%; height: auto; margin: 0 0 1 0; layout: vertical;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._forms: list[Form] = []
        self._waiting: dict[Form, asyncio.Future[Result]] = {}
        self._came_from: Widget | None = None

    def on_mount(self) -> None:
        if LAYER not in self.screen.layers:
            self.screen.styles.layers = " ".join((*self.screen.layers, LAYER))

    def on_unmount(self) -> None:
        for future in self._waiting.values():
            future.cancel()

    @property
    def is_open(self) -> bool:
        """Whether a form is open."""
        return bool(self._forms)

    @property
    def form(self) -> Form | None:
        """The form on top."""
        return self._forms[-1] if self._forms else None

    @property
    def forms(self) -> tuple[Form, ...]:
        """All open forms, for the handler of a lost line."""
        return tuple(self._forms)

    def open(self, form: Form) -> asyncio.Future[Result]:
        """Open a form over the list, or over the form that is open; returns at once.

        The result may be awaited, in a worker only: a message handler that waits would stop the screen.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        if not self._forms:
            self._came_from = self.screen.focused
        self._waiting[form] = future
        if self._forms:
            self._forms[-1].hide()
        self._forms.append(form)
        form.fit(self.screen.size.height)
        self.mount(form)
        self.screen.refresh_bindings()
        return future

    def focus_again(self) -> None:
        """Put the focus back into the form on top."""
        if self._forms and not self._forms[-1].is_over:
            self._forms[-1].focus_again()

    def on_form_closed(self, event: Form.Closed) -> None:
        self._away(event.form, Result(saved=False, kept=event.kept, value=event.value))

    def on_form_saved(self, event: Form.Saved) -> None:
        self._away(event.form, Result(True, False, event.submission, event.result, event.warning))

    def _away(self, form: Form, result: Result) -> None:
        if form not in self._forms:
            return
        self._forms.remove(form)
        with self.app.batch_update():
            if self._forms:
                self._forms[-1].show_again()
            else:
                back = self._came_from
                self._came_from = None
                alive = back is not None and back.is_attached
                self.screen.set_focus(back if alive else None, scroll_visible=False)
            # First out of the layout, then away: a widget that is half removed can't be drawn any more.
            form.display = False
        self.screen.call_after_refresh(form.remove)
        future = self._waiting.pop(form)
        if not future.done():
            future.set_result(result)
        self.screen.refresh_bindings()


class Hosts(_Base):
    """Mixed into a screen that opens forms: `class Today(Hosts, Screen)`, its compose ends `yield self.dock`.

    While a form is open no action of the screen runs, so no key leaks to it, and the focus stays in the form.
    """

    # Textual draws the whole screen again on each move of the focus: 11 kB at 120x36. The widgets that lose
    # and get the focus draw themselves, and nothing else changes.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    ALLOWED = frozenset({"copy_text"})
    """Actions of the screen that go on working over a form."""

    @property
    def dock(self) -> FormDock:
        """The screen's dock; made when first asked for."""
        found: FormDock | None = getattr(self, "_form_dock", None)
        if found is None:
            found = FormDock()
            self._form_dock = found
        return found

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.dock.is_open and action not in self.ALLOWED:
            return False
        return super().check_action(action, parameters)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click into the list below must not send the next letters there."""
        if self.dock.is_open and self.dock not in event.widget.ancestors:
            self.dock.focus_again()


class Still(_WidgetBase):
    """Mixed into a list under the dock: `class Table(Still, ScrollView)`.

    Textual draws a widget again when it loses or gets the focus: 6 kB and more for a list whose look does not
    change. The widget may still draw its cursor row itself, from `watch_has_focus`.
    """

    def on_focus(self, event: events.Focus) -> None:
        event.prevent_default()
        self.has_focus = True
        if self.parent is not None:
            self.parent.post_message(events.DescendantFocus(self))

    def on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self.has_focus = False
        if self.parent is not None:
            self.parent.post_message(events.DescendantBlur(self))
