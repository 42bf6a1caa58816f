"""The directory on the screen: whom we send people to, by kind, with how to reach them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.patients.directory_queries import ProviderLine, directory
from cmp_tui.ui.board import Board
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import text
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.preview import GAP, Line, Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.table_source import ListSource
from cmp_tui.ui.words import day_words, plural

NO_KIND = "Kind not said"
PAST = "No longer used"


class DirectoryScreen(Board):
    """Practitioners and organizations outside the clinic."""

    TITLE = "Directory"
    HELP = (
        "Practitioners and organizations outside the clinic, by kind. enter or e changes an entry, n adds one, f finds "
        "one by a part of the name, the specialty or a number; typing errors are forgiven. One that is no longer used "
        "gets a last day; x strikes out what was written by mistake."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        key("directory.new", "n", "new", "new"),
        key("directory.edit", "e", "edit", "edit", show=False),
        key("directory.find", "f", "find", "find"),
        key("directory.strike", "x,delete", "strike", "strike out"),
    ]

    def middle(self) -> Iterable[Widget]:
        """The list and its preview."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                self._columns(), signs=signs, identity=lambda row: row.id, open_word="edit", id="rows",
                empty=Content.assemble(("Nobody yet: ", "$dim"), ("n", "$accent"), (" adds someone.", "$dim")),
            )  # fmt: skip
            yield Preview(signs=signs)

    def on_mount(self) -> None:
        """Reads the directory."""
        self.table.focus()
        self.refresh_rows()

    @property
    def table(self) -> WindowTable:
        """The list."""
        return self.query_one("#rows", WindowTable)

    @property
    def row(self) -> ProviderLine | None:
        """The entry under the cursor."""
        row: ProviderLine | None = self.table.row
        return row

    def refresh_rows(self) -> None:
        """Reads the directory again; the cursor stays with its entry."""
        if self.is_mounted:
            self.run_worker(self._read(), group="directory", exclusive=True)

    async def _read(self) -> None:
        try:
            found = await self.cmp.live.ask(directory)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        rows, headings = _by_kind(found, self._kind_of)
        self.put_title(
            Content.assemble((self.TITLE, "bold"), (f"  {plural(len(rows), 'entry', 'entries')}", "$dim"))
        )
        self.table.show(ListSource(rows, headings), keep_place=True)

    def form_saved(self, result: object) -> None:
        """The cursor goes to what was found or added."""
        found = result if isinstance(result, bytes) else getattr(result, "id", None)
        if isinstance(found, bytes):
            self.table.follow(found)

    # -- keys -------------------------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The keys follow whether there is an entry."""
        self.keys_follow(self.row is None)

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the preview of the entry on which the cursor rests."""
        row: ProviderLine | None = event.row
        self.query_one(Preview).show(self._lines(row) if row is not None else ())

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Opens the entry."""
        self.action_edit()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some keys need an entry."""
        if action in ("edit", "strike") and self.is_mounted and self.row is None:
            return False
        return super().check_action(action, parameters)

    def action_new(self) -> None:
        """Adds an entry."""
        self.post_message(OpenForm("provider"))

    def action_edit(self) -> None:
        """Changes the entry under the cursor."""
        if self.row is not None:
            self.post_message(OpenForm("provider", None, self.row.id))

    def action_find(self) -> None:
        """Asks for a part of a name."""
        self.post_message(OpenForm("find-provider"))

    def action_strike(self) -> None:
        """Strikes out the entry under the cursor."""
        if self.row is not None:
            self.post_message(OpenForm("strike-provider", None, self.row.id))

    # -- words ------------------------------------------------------------------------------------------------

    def _kind_of(self, row: ProviderLine) -> str:
        if row.until is not None and row.until < self.cmp.today():
            return PAST
        label = self.cmp.clinic.reference.label("provider_kind", row.kind) if row.kind else NO_KIND
        return f"{label[:1].upper()}{label[1:]}"

    def _columns(self) -> tuple[Column, ...]:
        def name(row: ProviderLine, state: RowState) -> Content:
            return Content.styled(row.name, state.name_style(False))

        def what(row: ProviderLine, state: RowState) -> str:
            own = row.organization if row.organization != row.name else ""
            return ", ".join(part for part in (row.specialty, own) if part)

        def phone(row: ProviderLine, state: RowState) -> Content:
            return Content.styled(row.phone or "", "$dim")

        return (
            Column("name", name, fraction=5, cells=text("name", lambda row: row.name)),
            Column("what", what, fraction=6),
            Column("phone", phone, width=15, cells=text("phone", lambda row: row.phone)),
            Column("", lambda row, state: "", width=0, cells=text("fax", lambda row: row.fax)),
        )

    def _lines(self, row: ProviderLine) -> Sequence[Line]:
        pairs = (
            ("specialty", row.specialty),
            ("with", row.organization if row.organization != row.name else None),
            ("phone", row.phone),
            ("fax", row.fax),
            ("hours", row.hours),
            ("address", row.address),
            ("NPI", row.npi),
            ("until", day_words(row.until, self.cmp.today()) if row.until else None),
            ("notes", row.remarks),
        )
        shown = [Line(label, value) for label, value in pairs if value]
        return (Line(None, Content.styled(row.name, "bold")), Line(None, self._kind_of(row)), GAP, *shown)


def _by_kind(
    found: Sequence[ProviderLine], kind_of: Callable[[ProviderLine], str]
) -> tuple[list[ProviderLine], list[tuple[int, Content]]]:
    """The entries by kind, in their order within it; those without a kind and those of the past stand last."""

    def place(one: ProviderLine) -> tuple[int, str]:
        kind = kind_of(one)
        return (NO_KIND, PAST).index(kind) + 1 if kind in (NO_KIND, PAST) else 0, kind

    rows = sorted(found, key=place)
    headings: list[tuple[int, Content]] = []
    before = ""
    for at, row in enumerate(rows):
        if (kind := kind_of(row)) != before:
            before = kind
            headings.append((at, Content.styled(kind, "$dim bold")))
    return rows, headings
