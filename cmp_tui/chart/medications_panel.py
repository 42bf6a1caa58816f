"""The chart's Medications: as ordered and as taken side by side, what is found in them together, reconciliations."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from cmp_tui.chart.base_panel import Choice, Do, Loaded, Menu, Panel, PickOne, Setting, Step, Whole
from cmp_tui.chart.medications_drawer import Drawer
from cmp_tui.chart.medications_preview import Telling
from cmp_tui.chart.medications_queries import Medicines, medicines_of
from cmp_tui.chart.medications_rows import ALLERGIES, DAY, FINDING, KNOWN, MEDICINE, PAST, Row, lines
from cmp_tui.chart.medications_text import list_text
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.medications.actions import say_taking
from cmp_tui.medications.drug_book import drug_book
from cmp_tui.medications.queries import MedicationLine
from cmp_tui.medications.reconcile_queries import ReconciliationHead
from cmp_tui.medications.rules import AS_ORDERED
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.listing import text
from cmp_tui.ui.messages import OpenBoard, OpenForm
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.preview import Line
from cmp_tui.ui.table_lines import Column

ON_A_MEDICINE = "Put the cursor on a medicine of the present list."
BOARD = "reconcile"
"""The screen on which two lists are gone through."""


class MedicationsPanel(Panel):
    """The medicines, allergies above, findings and the past below."""

    name = "medications"
    title = "Medications"
    keys = frozenset({"edit", "new", "strike", "versions", "time", "done", "hand_over", "progress", "review"})
    words = {
        "chart.new": "add",
        "chart.edit": "",
        "chart.time": "as taken",
        "chart.done": "stop",
        "chart.hand": "hold",
        "chart.review": "reconcile",
        "chart.better": "",
        "chart.next": "",
        "board.timer": "",
        "chart.strike": "strike",
    }
    copied = "list of medicines"

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the medicines and looks at them together."""
        self.patient, self._set = patient, setting
        self._found = await live.ask(medicines_of, patient)
        self._draw = Drawer(setting, self._found)
        self._tell = Telling(setting, self._found, self._draw, drug_book(setting.reference))
        rows, headings = lines(self._found)
        shown = [(place, self._heading(rows[place], words)) for place, words in headings]
        return Loaded(rows, shown)

    def _heading(self, row: Row, words: str) -> str:
        if row.part in (FINDING, KNOWN) and (found := self._draw.found_words()):
            return f"{words}: {found}"
        return words

    def columns(self) -> Sequence[Column]:
        """As ordered, as taken, who named it, since when."""

        def medicine(row: Row) -> MedicationLine | None:
            return row.source if isinstance(row.source, MedicationLine) else None

        def ordered(row: Row) -> str:
            one = medicine(row)
            return one.words if one is not None else self._draw.whole(row)[0]

        def taken(row: Row) -> str:
            one = medicine(row)
            return self._draw.taken_words(one)[0] if one is not None else ""

        def named(row: Row) -> str:
            one = medicine(row)
            return self._draw.source_words(one) if one is not None else ""

        def since(row: Row) -> str | None:
            one = medicine(row)
            return None if one is None else one.started

        return (
            Column(
                "", lambda row, state: self._draw.mark(row, state), width=1, cells=text("part", lambda row: row.part)
            ),
            Column(
                "as ordered", lambda row, state: self._draw.ordered(row, state), fraction=3, gap=0,
                cells=text("as ordered", ordered),
            ),
            Column(
                "as taken", lambda row, state: self._draw.taken(row, state), fraction=2, gap=0,
                cells=text("as taken", taken),
            ),
            Column(
                "named by", lambda row, state: self._draw.named_by(row, state), width=9, gap=0,
                cells=text("named by", named),
            ),
            Column(
                "since", lambda row, state: self._draw.since(row, state), width=8, gap=0, cells=text("since", since)
            ),
        )  # fmt: skip

    def identity(self, row: Row) -> Hashable:
        """The record's key, or the line's part."""
        return row.key

    def preview(self, row: Row) -> Sequence[Line]:
        """The line whole."""
        return self._tell.lines(row)

    def record_of(self, row: Row) -> tuple[str, bytes] | None:
        """The record behind a line."""
        if isinstance(row.source, MedicationLine):
            return "medication", row.source.id
        return ("reconciliation", row.source.id) if isinstance(row.source, ReconciliationHead) else None

    # -- keys -------------------------------------------------------------------------------------------------

    def open(self, row: Row) -> Step:
        """A finding is read whole, a reconciliation opens, all else is changed."""
        return Whole(row) if row.part in (FINDING, KNOWN, DAY) else self.edit(row)

    def edit(self, row: Row) -> Step:
        """Changes a medicine or an allergy; goes on with a reconciliation."""
        source = row.source
        if isinstance(source, MedicationLine):
            return OpenForm("medication", self.patient, source.id)
        if isinstance(source, ReconciliationHead):
            return OpenBoard(BOARD, source.id)
        if row.part == ALLERGIES:
            return self._allergy()
        return "This comes from the medicines above: change those. enter reads it whole."

    def _allergy(self) -> Step:
        found = self._found.allergies
        if len(found) < 2:
            return OpenForm("allergy", self.patient, found[0].id if found else None)
        picks = tuple(Pick(one.id.hex(), one.substance, one.reaction or "") for one in found)
        return PickOne(
            "Which allergy?", picks, lambda key: OpenForm("allergy", self.patient, bytes.fromhex(key))
        )

    def add(self, row: Row | None) -> Step:
        """Adds a medicine, an allergy, a refill, an answer; or puts another list beside ours."""
        one = _present(row)
        about = {} if one is None else {"medication": one.id.hex()}
        choices = [
            Choice("m", "medicine", OpenForm("medication", self.patient)),
            Choice("a", "allergy", OpenForm("allergy", self.patient)),
            Choice("r", "other list", OpenForm("reconcile", self.patient)),
            Choice("q", "doses missed", OpenForm("medicine-answer", self.patient, None, about)),
        ]
        if one is not None:
            choices.append(Choice("f", "refill", OpenForm("refill", self.patient, None, about)))
            choices.append(Choice("g", "moments", OpenForm("medicine-times", self.patient, one.id)))
        return Menu("Add", tuple(choices))

    def strike(self, row: Row) -> Step:
        """Strikes out what was recorded by mistake."""
        if isinstance(row.source, MedicationLine):
            return OpenForm("strike-medication", self.patient, row.source.id)
        if isinstance(row.source, ReconciliationHead):
            return OpenForm("strike-reconciliation", self.patient, row.source.id)
        if row.part == ALLERGIES and len(row.source) == 1:
            about = {"what": "allergy", "words": row.source[0].substance}
            return OpenForm("strike", self.patient, row.source[0].id, about)
        if row.part == ALLERGIES:
            return "Allergies are struck out on the Summary, one by one."
        return "There is nothing to strike out on this line. n adds something."

    def taking(self, row: Row | None) -> Step:
        """Says how a medicine is really taken."""
        one = _present(row)
        return ON_A_MEDICINE if one is None else OpenForm("taking", self.patient, one.id)

    def progress(self, row: Row, sign: str) -> Step:
        """= says at once that a medicine is taken as ordered."""
        one = _present(row)
        if one is None:
            return ON_A_MEDICINE
        if sign != "=":
            return "= says that it is taken as ordered; a says how else."
        said = f"{one.display}: taken as ordered, said by the patient today. u takes it back."
        more = {"seen": one.version, "taking": AS_ORDERED, "taken_told": "patient"}
        return Do(say_taking, (one.id,), more, lambda _: said)

    def done(self, row: Row) -> Step:
        """Takes a medicine off the list; goes on with an open reconciliation."""
        if isinstance(row.source, ReconciliationHead):
            return self.edit(row)
        one = _present(row)
        if one is None:
            return (
                "It is not on the present list any more. e changes it." if row.part == PAST else ON_A_MEDICINE
            )
        return OpenForm("stop-medication", self.patient, one.id)

    def hold(self, row: Row) -> Step:
        """Holds a medicine, or has it taken again."""
        one = _present(row)
        return ON_A_MEDICINE if one is None else OpenForm("hold-medication", self.patient, one.id)

    def review(self) -> Step:
        """Goes on with the open reconciliation, or begins one."""
        waits = next((one for one in self._found.reconciliations if one.is_open), None)
        return OpenBoard(BOARD, waits.id) if waits is not None else OpenForm("reconcile", self.patient)

    async def as_text(self, live: LiveClinic, row: Row) -> str | None:
        """The whole list as text; a finding or a reconciliation as the preview shows it."""
        if row.part not in (MEDICINE, PAST, ALLERGIES):
            return None
        card = await live.ask(patient_card, self.patient)
        who = identity(card, self._set.today, ",").plain.replace(" , ", ", ")
        return list_text(self._found, who, self._set.today, self._set.reference.label)

    _set: Setting
    _found: Medicines
    _draw: Drawer
    _tell: Telling


def _present(row: Row | None) -> MedicationLine | None:
    """The medicine of the present list that a line is."""
    if row is None or not isinstance(row.source, MedicationLine) or not row.source.is_current:
        return None
    return row.source
