"""Referrals: every open loop by stage, with the day on which we ask, whom to call and the number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.patients.panel import age_and_sex
from cmp_tui.referrals.board_columns import board_columns
from cmp_tui.referrals.board_queries import SORTS, View
from cmp_tui.referrals.board_source import ReferralSource
from cmp_tui.referrals.lines import ReferralLine
from cmp_tui.referrals.preview import referral_lines
from cmp_tui.referrals.queries import detail
from cmp_tui.referrals.words import HEADINGS, LANES
from cmp_tui.ui.keys import key
from cmp_tui.ui.list_board import ListBoard
from cmp_tui.ui.messages import OpenChart, OpenForm
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.preview import Line, Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.words import birth_words, name_words

OF_AN_OPEN_ONE = frozenset({"step", "later", "end"})
SORT_WORDS = {"stage": "by stage", "clock": "by day to ask", "age": "oldest first", "patient": "by name"}


class ReferralsScreen(ListBoard):
    """Every open referral: nothing vanishes until it has ended with a reason."""

    TITLE = "Referrals"
    HELP = (
        "Every open referral, by stage; within a stage what is to be asked first stands on top. d takes the next step "
        "(it is proposed), z asks later and keeps why, x ends with a reason. Nothing leaves this list without one."
    )
    TAB = 4

    BINDINGS: ClassVar[list[BindingType]] = [
        key("referrals.step", "d", "step", "next step"),
        key("referrals.new", "n", "new", "new"),
        key("referrals.later", "z", "later", "ask later"),
        key("referrals.filter", "f", "filter", "filter"),
        key("referrals.sort", "s", "sort", "sort"),
        key("referrals.view", "w", "view", "mine/team"),
        key("referrals.letter", "p", "letter", "letter"),
        key("referrals.end", "x", "end", "end"),
        key("referrals.edit", "e", "edit", "edit"),
        key("referrals.reopen", "b", "reopen", "take up again", show=False),
        key("referrals.left", "left", "lane(-1)", "stage before", show=False),
        key("referrals.right", "right", "lane(1)", "next stage", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._view = View()
        self._told: object = None
        self._source = ReferralSource(self.cmp.live, self._view)

    def middle(self) -> Iterable[Widget]:
        """The list and its preview."""
        cmp, signs = self.cmp, self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                board_columns(cmp, signs, cmp.today, cmp.me.id, cmp.clinic.reference),
                signs=signs,
                identity=lambda row: row.id,
                open_word="chart",
                empty=self._empty(),
                id="rows",
            )
            yield Preview(signs=signs)

    @property
    def row(self) -> ReferralLine | None:
        """The referral under the cursor."""
        row: ReferralLine | None = self.table.row
        return row

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The title says how many."""
        told = (self._source.view, self._source.order, self.size.width)
        if told != self._told:
            self._told = told
            self.put_title(self._title())
        row = self.row
        self.keys_follow(row is None, row is not None and row.ended_on is not None)

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Opens the chart on its referrals."""
        self.post_message(OpenChart(event.row.patient, "referrals", event.row.id.hex()))

    async def read_preview(self) -> None:
        """The row under the cursor whole."""
        row, preview = self.row, self.query_one(Preview)
        if row is None:
            preview.show(())
            return
        try:
            whole = await self.cmp.live.ask(detail, row.id)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        if self.row is None or self.row.id != row.id:
            return
        person, signs = whole.person, self.cmp.signs
        name = "(name masked)" if self.cmp.masked else name_words(person.family, person.given or "")
        about = f"   {age_and_sex(person, whole.today)} {signs.dot} {birth_words(person.birth_date)}"
        head = Line(None, Content.assemble((name, "bold"), (about, "$dim")))
        preview.show((head, *referral_lines(whole, self.cmp.clinic.reference, signs)))
        self.cmp.seen_for_a_while(row.patient)

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys about a referral work only where there is one that they can do something to."""
        if self.is_mounted and action in {*OF_AN_OPEN_ONE, "reopen", "edit", "letter"}:
            row = self.row
            if row is None or (action == "reopen") != (row.ended_on is not None and action == "reopen"):
                return False
            if action in OF_AN_OPEN_ONE and row.ended_on is not None:
                return False
        return super().check_action(action, parameters)

    def action_step(self) -> None:
        """Takes the next step."""
        self._open("referral-step")

    def action_later(self) -> None:
        """Asks later, with the reason."""
        self._open("referral-later")

    def action_end(self) -> None:
        """Ends the referral with a reason."""
        self._open("end-referral")

    def action_reopen(self) -> None:
        """Takes up again what has ended."""
        self._open("reopen-referral")

    def action_edit(self) -> None:
        """Changes what is asked, of whom, whose it is."""
        self._open("referral")

    def action_letter(self) -> None:
        """Prints the letter."""
        self._open("referral-letter")

    def action_new(self) -> None:
        """Orders a referral; the form asks for whom."""
        self.post_message(OpenForm("referral"))

    def action_view(self) -> None:
        """Mine, or the whole clinic's."""
        self._show(self._view._replace(whose="team" if self._view.whose == "mine" else "mine"))

    def action_sort(self) -> None:
        """By stage, by the day on which we ask, by age, by name."""
        at = SORTS.index(self._view.sort)
        self._show(self._view._replace(sort=SORTS[(at + 1) % len(SORTS)], ended=False))

    def action_lane(self, by: int) -> None:
        """Goes to the stage before or after."""
        firsts = [group.first for group in self._source.order.groups if group.size]
        at = self.table.cursor
        if by > 0:
            self.table.move_to(next((first for first in firsts if first > at), at))
        else:
            self.table.move_to(next((first for first in reversed(firsts) if first < at), 0))

    def action_filter(self) -> None:
        """Asks which referrals are shown: of a stage, of a kind, late, ended."""
        kinds = self.cmp.clinic.reference.codes("referral_kind")
        picks = [
            Pick("", "all that are open"),
            Pick("late", "to ask today or late"),
            *(Pick(f"lane:{lane}", HEADINGS[lane]) for lane in LANES),
            *(Pick(f"kind:{one.code}", one.label, "kind") for one in kinds),
            Pick("ended", "what has ended", "b takes one up again"),
        ]
        now = next(iter(self._filters()), "")

        async def then(picked: str) -> None:
            self._show(self._narrowed(picked))

        self.pick("Show", picks, now, then)

    def action_back(self) -> None:
        """Out of the filter, then to the screen before."""
        if not self.has_class("-preview") and self._filters():
            self._show(View(self._view.whose, sort=self._view.sort))
        else:
            super().action_back()

    def _narrowed(self, picked: str) -> View:
        """The view with another filter: one of a kind, one of a stage and "late" hold together."""
        whole = View(self._view.whose, sort=self._view.sort)
        if not picked or picked == "ended":
            return whole._replace(ended=bool(picked))
        view = self._view._replace(ended=False)
        if picked == "late":
            return view._replace(late=True)
        what, _, value = picked.partition(":")
        return view._replace(lane=value) if what == "lane" else view._replace(kind=value)

    def _filters(self) -> list[str]:
        view = self._view
        found = ["ended"] if view.ended else []
        found += ["late"] if view.late else []
        found += [f"lane:{view.lane}"] if view.lane else []
        return found + ([f"kind:{view.kind}"] if view.kind else [])

    def _show(self, view: View) -> None:
        before = self._source
        same = before.view._replace(sort=view.sort) == view
        self._view = view
        self._source = ReferralSource(self.cmp.live, view, before.look if same else None)
        self.table.show(self._source, keep_place=same)

    def _open(self, form: str) -> None:
        if (row := self.row) is not None:
            self.post_message(OpenForm(form, row.patient, row.id))

    # -- words ------------------------------------------------------------------------------------------------

    def _title(self) -> Content:
        """'Referrals  mine · 12 open · 3 late · 2 today'"""
        view, order = self._view, self._source.order
        dot = f" {self.cmp.signs.dot} "
        what = "ended" if view.ended else "open"
        parts: list[str | tuple[str, str]] = [
            ("Referrals", "bold"),
            (f"  {view.whose}{dot}{order.total:,} {what}", "$dim"),
        ]
        if order.late:
            parts += [(dot, "$dim"), (f"{order.late:,} late", "$coral")]
        if order.today:
            parts += [(dot, "$dim"), (f"{order.today:,} today", "$amber")]
        if view.sort != "stage" and not view.ended:
            parts.append((f"{dot}{SORT_WORDS[view.sort]}", "$dim"))
        words = ["to ask"] if view.late else []
        words += [HEADINGS[view.lane]] if view.lane else []
        words += [self.cmp.clinic.reference.label("referral_kind", view.kind)] if view.kind else []
        if words:
            parts += [(dot, "$dim"), (f"only {', '.join(words)}", "$accent")]
        if words or view.ended:
            parts.append(("  esc shows all", "$dim"))
        return Content.assemble(*parts)

    def _empty(self) -> Content:
        return Content.assemble(
            ("No open referral. ", ""),
            ("What would be here: whom we sent to a specialist, for a test, to a service, until the patient was told ",
             "$dim"),
            ("and the need met. ", "$dim"),
            ("n", "$accent"), (" orders one, ", "$dim"),
            ("w", "$accent"), (" shows the whole clinic, ", "$dim"),
            ("esc", "$accent"), (" takes a filter away", "$dim"),
        )  # fmt: skip
