"""The body of a form: places the fields, draws labels and the lines under them, moves between them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Protocol

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Field, Here, Row
from cmp_tui.ui.fields.drop import Drop
from cmp_tui.ui.fields.dropping import Dropping
from cmp_tui.ui.fields.editor import STYLES, Editor
from cmp_tui.ui.fields.plan import AFTER_LABEL, LEFT, RIGHT, WIDEST_LABEL, Ask, Place, Plan, lay_out
from cmp_tui.ui.words import fit


class Owner(Protocol):
    """What the sheet tells its form."""

    @property
    def busy(self) -> bool:
        """Whether the form is being saved."""

    def field_edited(self, name: str) -> None:
        """The person changed a field."""

    def past_the_end(self, *, enter: bool) -> None:
        """The person went on from the last field."""

    def show_region(self, region: Region) -> None:
        """Scroll so that this part of the sheet is seen."""

    def key_word(self, binding_id: str) -> str | None:
        """Another word for a key."""

    def show_hint(self, text: str) -> None:
        """Show the line for the field that has the focus."""


class _Values(Mapping[str, object]):
    """The values of a form, each read when a condition asks for it: reading a long note is not free."""

    def __init__(self, editors: Mapping[str, Editor]) -> None:
        self._editors = editors

    def __getitem__(self, name: str) -> object:
        return self._editors[name].read().value

    def __iter__(self) -> Iterator[str]:
        return iter(self._editors)

    def __len__(self) -> int:
        return len(self._editors)


class _SheetLayout(Layout):
    name = "form"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        assert isinstance(parent, Sheet)
        plan = parent.plan(size.width)
        placements = []
        for child in children:
            if isinstance(child, Drop):
                region = parent.drop_region(plan, size.width)
                placements.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child, 2, overlay=True))
            else:
                place = plan.places.get(child.id or "")
                region = Region(place.x, place.y, place.width, place.height) if place else Region()
                placements.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child, 1))
        return placements


class Sheet(Widget, can_focus=False):
    """The fields of one form. Its editors are its children; it draws everything around them."""

    COMPONENT_CLASSES = set(STYLES)
    DEFAULT_CSS = """
    Sheet { width: 100%; height: auto; }
    """

    def __init__(
        self,
        fields: Sequence[Field],
        values: Mapping[str, object],
        owner: Owner,
        here: Here,
        phrases: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        super().__init__()
        self.here = here
        self.owner = owner
        self._phrases = phrases
        self.has_phrases = phrases is not None
        self.fields = {field.name: field for field in fields}
        self.editors: dict[str, Editor] = {}
        self.news: dict[str, str] = {}
        """What somebody else saved, by field: a sentence under the field."""
        self.here_now = ""
        self._drop = Drop(self)
        self._tallest: tuple[int, int] = (0, 0)
        self._plans: dict[int, Plan] = {}
        self._layout = _SheetLayout()
        for field in fields:
            editor = field.editor(self)
            editor.id = field.name
            editor.put(values.get(field.name, field.default))
            self.editors[field.name] = editor
        self.apply_conditions()

    def compose(self) -> ComposeResult:
        yield from self.editors.values()
        yield self._drop

    @property
    def layout(self) -> Layout:
        """The fields' own arrangement."""
        return self._layout

    # What the fields ask for.

    @property
    def busy(self) -> bool:
        return self.owner.busy

    def phrases(self) -> Mapping[str, str]:
        return self._phrases() if self._phrases is not None else {}

    def key_word(self, binding_id: str) -> str | None:
        return self.owner.key_word(binding_id)

    def edited(self, editor: Editor) -> None:
        self.apply_conditions()
        for other in self.editors.values():
            if other is not editor and other.display:
                other.others_changed()
        self.owner.field_edited(editor.field.name)

    def leave(self, editor: Editor, step: int, *, enter: bool = False) -> None:
        self.go(step, enter=enter)

    def offer(self, editor: Editor, rows: Sequence[Row], at: int) -> None:
        if isinstance(editor, Dropping):
            self._drop.offer(editor, rows, at)

    def withdraw(self, editor: Editor) -> None:
        if self._drop.owner is editor:
            self._drop.withdraw()

    def arrange_again(self) -> None:
        self._plans.clear()
        # Textual forgets the arrangement of a widget when one of its children asks for a new one.
        self._drop.refresh(layout=True)
        self.refresh(layout=True)

    def show_line(self, editor: Editor, y: int) -> None:
        place = self._place(editor)
        if place is not None:
            self.owner.show_region(Region(place.x, place.y + y, place.width, 1))

    # Values.

    def values(self) -> dict[str, object]:
        """The value of every field that is shown; None where it can't be read."""
        return {name: editor.read().value for name, editor in self.shown().items()}

    def shown(self) -> dict[str, Editor]:
        """The editors of the fields that are shown now, in order."""
        return {name: editor for name, editor in self.editors.items() if editor.display}

    def apply_conditions(self) -> None:
        """Show the fields whose condition holds, hide the others."""
        if not any(field.when for field in self.fields.values()):
            return
        values = _Values(self.editors)
        for name, field in self.fields.items():
            editor = self.editors[name]
            applies = field.when is None or field.when(values)
            if editor.display != applies:
                editor.display = applies
                self.arrange_again()

    # Going about.

    def go(self, step: int, *, enter: bool = False) -> None:
        """Move the focus by one field; past the last one the form decides."""
        if self.here_now in self.editors:
            self.editors[self.here_now].leaving()
            self.apply_conditions()
        names = list(self.shown())
        at = names.index(self.here_now) if self.here_now in names else -1
        if at + step >= len(names):
            self.owner.past_the_end(enter=enter)
        elif at + step >= 0:
            self.visit(names[at + step])

    def visit(self, name: str) -> None:
        """Put the focus on a field."""
        self.screen.set_focus(self.editors[name], scroll_visible=False)

    def show_again(self) -> None:
        """Scroll to the field that has the focus, once what is new has its place."""
        self._mark(self.here_now)

    def tell_news(self, news: Mapping[str, str]) -> None:
        """Show what somebody else saved, under its fields."""
        self.news = dict(news)
        self.arrange_again()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if isinstance(event.widget, Editor):
            self._mark(event.widget.field.name)
            self.owner.show_hint(event.widget.hint())

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self._mark("")

    def _mark(self, name: str) -> None:
        for one in (self.here_now, name):
            if one in self.editors and (place := self._place(self.editors[one])) is not None:
                self.refresh(Region(0, place.top, self.size.width, place.y - place.top + 1))
        if name:
            self.here_now = name
            place = self._place(self.editors[name])
            if place is not None:
                tall = max(place.height, place.under - place.y) + place.y - place.top
                self.owner.show_region(Region(0, place.top, self.size.width, tall))

    def on_click(self, event: events.Click) -> None:
        """A click on a label goes to its field."""
        if self.busy:
            return
        for name, place in self.plan(self.size.width).places.items():
            right = place.x + place.width
            if place.top <= event.y < place.y + place.height and place.label_x <= event.x < right:
                self.visit(name)

    # Drawing.

    def plan(self, width: int) -> Plan:
        """Where everything stands at a width, until `arrange_again`."""
        if width in self._plans:
            return self._plans[width]
        asks = [
            Ask(
                name=name,
                label=self._label(name),
                row=editor.field.row,
                wish=editor.wish(),
                tall=editor.tall,
                under=lambda wide, name=name: self._under(name, wide),  # type: ignore[misc]
                above=len(self._question(name, width)),
            )
            for name, editor in self.shown().items()
        ]
        self._plans[width] = lay_out(asks, width)
        return self._plans[width]

    def _question(self, name: str, width: int) -> list[str]:
        """The lines of a field's question."""
        question = self.fields[name].question
        return wrap(question, max(12, width - self._column() - RIGHT)) if question else []

    def _column(self) -> int:
        """The column in which fields begin."""
        labels = (cell_len(self._label(name)) for name in self.shown())
        return LEFT + min(max(labels, default=0), WIDEST_LABEL) + AFTER_LABEL

    def _place(self, editor: Editor) -> Place | None:
        return self.plan(self.size.width).places.get(editor.field.name)

    def _label(self, name: str) -> str:
        field = self.fields[name]
        return f"{field.label}*" if field.required else field.label

    def _under(self, name: str, width: int) -> list[tuple[str, str]]:
        editor = self.editors[name]
        lines: list[tuple[str, str]] = []
        if editor.wrong and not editor.has_room(editor.size.width or width):
            lines += [(line, "coral") for line in wrap(editor.wrong, max(12, width))]
        if name in self.news:
            lines += [(line, "amber") for line in wrap(self.news[name], max(12, width))]
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # The form never shrinks while it is open, so that the list above it does not jump.
        height = self.plan(width).height
        if self._tallest[0] == width:
            height = max(height, self._tallest[1])
        self._tallest = (width, height)
        return height

    def drop_region(self, plan: Plan, width: int) -> Region:
        """Where the drop list stands: under its field, or above it where the screen ends."""
        owner = self._drop.owner
        place = plan.places.get(owner.field.name) if owner is not None else None
        if place is None:
            return Region()
        body = self.parent
        assert isinstance(body, Widget)
        # Neither the title with the patient nor the line of keys is covered.
        above = self.region.y + place.y - body.region.y
        below = self.screen.size.height - 1 - self.region.y - place.y - place.height
        wide, wanted = self._drop.wish(width - place.x)
        under = below >= wanted or below >= above
        tall = self._drop.fit_in(min(wanted, max(1, below if under else above)))
        y = place.y + place.height if under else place.y - tall
        return Region(max(0, place.x - 1), y, wide, tall)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        plan, marks = self.plan(width), self.here.marks
        parts: list[tuple[int, str, str]] = []
        for name, place in plan.places.items():
            if not place.top <= y <= place.y:
                continue
            mine = self.editors[name].has_focus
            if y < place.y:
                asked = self._question(name, width)
                parts.append((place.x, asked[y - place.top], "bold" if mine else "text"))
            if y != place.top:
                continue
            if mine:
                parts.append((place.label_x - 2, marks.edge, "accent"))
            label = fit(self._label(name), place.x - place.label_x - 1, marks.more)
            parts.append((place.label_x, label, "text" if mine else "dim"))
        parts += [(x, text, style) for x, line, text, style in plan.texts if line == y]
        segments: list[Segment] = []
        column = 0
        for x, text, style in sorted(parts):
            segments += [
                Segment(" " * (x - column), self.rich_style),
                Segment(text, self.get_component_rich_style(f"form--{style}")),
            ]
            column = x + cell_len(text)
        return Strip(segments).adjust_cell_length(width, self.rich_style)
