"""Comparing a records folder with the clinic file: which rows are new, changed, the same, or can't be taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from peewee import fn

from cmp_tui.clinic.ids import IdMaker
from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import ClosedMonth, Timer
from cmp_tui.exchange.records.cells import Read, reader, shown, writer
from cmp_tui.exchange.records.layout import AS_CLOSED, FILLED_LATER, LAYOUTS, Layout
from cmp_tui.exchange.records.plan import Difference, Edit, RecordsPlan
from cmp_tui.exchange.records.queries_contacts import Contacts, Groups
from cmp_tui.exchange.records.queries_match import Known, Matcher, Placed
from cmp_tui.exchange.records.queries_people import People
from cmp_tui.exchange.records.queries_programs import Programs
from cmp_tui.exchange.records.reading import Fault, Folder, OnBytes, read_lines
from cmp_tui.exchange.records.rows import Row, Shaper, Values, following_changes
from cmp_tui.exchange.records.rules_time import Unreadable
from cmp_tui.files.csv_in import Line
from cmp_tui.patients.coding import load_condition_tables

AT_ONCE = 500  # rows that are compared together
OWN = frozenset({"roles", "active"})
"""What an import never changes of the person who runs it."""


def records_plan(scope: Scope, folder: Folder, tell: OnBytes | None = None) -> RecordsPlan:
    """Reads a folder and returns what importing it would do. Writes nothing.

    `tell` gets the number of bytes of each row that was read. Raises Stopped when a file can't be opened.
    """
    return _Planner(scope, folder, tell).compare()


class _Planner:
    """One comparison."""

    def __init__(self, scope: Scope, folder: Folder, tell: OnBytes | None) -> None:
        self.scope, self.folder, self.tell = scope, folder, tell
        self.plan = RecordsPlan(Audit.select(fn.MAX(Audit.seq)).scalar() or 0, left=dict(folder.left))
        self._ids = IdMaker()
        self.moved: dict[bytes, bytes] = {}  # ids of the folder whose records are kept under another one here
        self.people = People(scope, self.moved, self.new_id)
        self.shaper = Shaper(scope.zone, load_condition_tables(scope.reference.folder), self.people.facts)
        self.running = {
            bytes(key) for (key,) in rows(Timer.live(Timer.staff).where(Timer.status == "running"))
        }
        self.closed = {
            month: bytes(key) for month, key in rows(ClosedMonth.live(ClosedMonth.month, ClosedMonth.id))
        }

    def new_id(self) -> bytes:
        """Returns a new key."""
        return self._ids.new(self.scope.now)

    def compare(self) -> RecordsPlan:
        """Compares every file, what is pointed to first."""
        for layout in LAYOUTS:
            if layout.name in self.folder.files:
                _File(self, layout).compare()
        return self.plan


class _File:
    """The comparison of one file."""

    def __init__(self, planner: _Planner, layout: Layout) -> None:
        self._all, self._layout = planner, layout
        self._plan, self._people = planner.plan, planner.people
        self._mine = self._plan.files[layout.name]
        self._stored = layout.stored
        fields = layout.model._meta.fields
        self._required = [
            name for name in self._stored if not fields[name].null and name not in FILLED_LATER | {"id"}
        ]
        scope = planner.scope
        self._read: Mapping[str, Read] = {
            column.name: reader(layout.model, column, scope.reference, scope.zone)
            for column in layout.columns
        }
        self._kind = {column.name: column.kind for column in layout.columns}
        self._write = {
            column.field: (column.name, writer(column, scope.zone, self._people.usernames))
            for column in layout.columns
            if column.field and column.kind != "patient"
        }
        self._headings: list[str] = []
        self._present: frozenset[str] = frozenset()
        self._place: Callable[[Sequence[Row]], Iterator[Placed] | list[Placed]]
        self._contacts: Contacts | None = None
        self._groups: Groups | None = None
        self._programs: Programs | None = None
        self._entry: tuple[int, bytes | None] = (0, None)  # the line of the entry before, and its contact

    def compare(self) -> None:
        """Reads the file to its end."""
        lines = read_lines(self._all.folder.files[self._layout.name], self._all.tell)
        if not self._heading(next(lines, None)):
            return
        self._mine.read = True
        self._ready()
        later: list[Row] = []
        found = self._rows(lines)
        while some := list(islice(found, AT_ONCE)):
            if "id" in self._present:  # rows that have one come first: nobody else takes their records
                later += [row for row in some if row.key is None]
                some = [row for row in some if row.key is not None]
            self._some(some)
        for at in range(0, len(later), AT_ONCE):
            self._some(later[at : at + AT_ONCE])
        if self._programs is not None and self._programs.filled and self._mine.new:
            rows_without = (
                "1 row names" if self._programs.filled == 1 else f"{self._programs.filled} rows name"
            )
            says = f"{rows_without} no program; that of the patient's one enrollment was taken."
            self._plan.note(self._layout, 0, says)

    def _ready(self) -> None:
        planner, name = self._all, self._layout.name
        if name == "staff":
            self._place = self._people.place_staff
        elif name == "patients":
            self._place = self._people.place_patients
        else:
            fields = {column.field for column in self._layout.columns if column.name in self._present}
            if name == "time_entries":
                fields |= {"start", "end"}
                self._contacts = Contacts(
                    self._plan.files["contacts"], planner.moved, planner.new_id, planner.shaper.signature
                )
                self._groups = Groups(self._present, planner.new_id)
                self._programs = Programs(self._plan.files["enrollments"], planner.scope.zone)
            matcher = Matcher(self._layout, frozenset(fields - {""}), planner.moved, planner.new_id)
            self._place = matcher.place

    # -- lines -----------------------------------------------------------------------------------------------

    def _heading(self, first: Line | Fault | None) -> bool:
        """Reads the headings; False when the file can't be read for want of them."""
        if not isinstance(first, Line):
            why = "the file is empty; it needs at least a row of headings." if first is None else first.why
            return self._no_file(why, 1 if first is None else first.number)
        self._headings = [cell.strip().lower() for cell in first.cells]
        known = [name for name in self._headings if name in self._kind]
        if twice := sorted({name for name in known if known.count(name) > 1}):
            return self._no_file(f"two columns are called {twice[0]}. Give each its own heading.")
        missing = [name for name in self._layout.needs if name not in known]
        if missing:
            return self._no_file(
                f"the column {' and '.join(missing)} is missing; no row can be read without it."
            )
        for name in self._headings:
            if name and name not in self._kind:
                self._plan.note(
                    self._layout, 0, f"the column {shown(name)} is not known here and was left out."
                )
        self._present = frozenset(known)
        return True

    def _no_file(self, why: str, line: int = 1) -> bool:
        self._plan.refuse(self._layout, line, why)
        return False

    def _rows(self, lines: Iterator[Line | Fault]) -> Iterator[Row]:
        """The records of the rows that can be read; the others are refused."""
        for line in lines:
            if isinstance(line, Fault):
                self._plan.refuse(self._layout, line.number, line.why)
            elif len(line.cells) != len(self._headings):
                self._plan.refuse(
                    self._layout,
                    line.number,
                    f"{len(line.cells)} cells stand under {len(self._headings)} headings.",
                )
            else:
                yield from self._row(line)

    def _row(self, line: Line) -> list[Row]:
        values, wrong, struck = self._values(line.cells)
        if not values and not wrong and not struck:
            return []  # an empty row, as spreadsheets leave them
        if struck:
            self._mine.struck += 1
            return []
        wrong += [
            f"{name}: this is needed."
            for name in self._layout.needs
            if name not in values and not any(each.startswith(f"{name}:") for each in wrong)
        ]
        if not wrong:
            try:
                made = self._all.shaper.shape(self._layout, self._present, line.number, values)
            except Unreadable as error:
                wrong.append(str(error))
            else:
                empty = [name for name in self._required if made[0].full[name] is None]
                if not empty:
                    return made
                wrong += [f"{name}: this is needed." for name in empty]
        self._plan.refuse(self._layout, line.number, " ".join(wrong))
        return []

    def _values(self, cells: list[str]) -> tuple[Values, list[str], bool]:
        """The cells that are not empty as values, what is wrong with others, and whether the patient is struck out."""
        values: Values = {}
        wrong: list[str] = []
        struck = False
        for name, cell in zip(self._headings, cells, strict=True):
            text = cell.strip()
            if not text or name not in self._kind:
                continue
            try:
                value = self._read[name](text)
                kind = self._kind[name]
                if value is None:  # signs that can't be kept, and nothing else
                    continue
                if kind == "staff":
                    value = self._someone(value)
                elif kind == "patient":
                    struck = self._people.is_struck(value)
                    value = None if struck else self._patient(value)
                elif kind == "key" and name not in ("id", "contact"):
                    value = self._all.moved.get(value, value)
            except Unreadable as error:
                wrong.append(f"{name}: {error}")
                continue
            if value is not None:
                values[name] = value
        return values, wrong, struck

    def _someone(self, username: str) -> bytes:
        key = self._people.staff.get(username)
        if key is None:
            raise Unreadable(
                f"there is nobody called {shown(username)} among the staff here or in staff.csv."
            )
        return key

    def _patient(self, mrn: str) -> bytes:
        key = self._people.patients.get(mrn)
        if key is None:
            raise Unreadable(f"there is no patient {shown(mrn)} here or in patients.csv.")
        return key

    # -- records ---------------------------------------------------------------------------------------------

    def _some(self, batch: list[Row]) -> None:
        if self._contacts is not None:
            self._contacts.resolve(batch)
        if self._programs is not None:
            self._programs.fill(batch)
        batch_placed = list(self._place(batch))
        if self._contacts is not None:
            self._contacts.look_up(batch_placed)
        for row, known, struck, why in batch_placed:
            if why:
                self._plan.refuse(self._layout, row.line, why)
                continue
            if row.warning:
                self._plan.note(self._layout, row.line, row.warning)
            if struck:
                self._mine.struck += 1
            elif known is None:
                self._new(row)
            else:
                self._known(row, known)

    def _new(self, row: Row) -> None:
        full = row.full
        key = self._all.new_id() if row.key is None else self._all.moved.get(row.key, row.key)
        full["id"] = key
        if self._layout.name == "timers" and full["status"] == "running":
            if full["staff"] in self._all.running:
                self._plan.refuse(self._layout, row.line, "staff: a timer of theirs is running already.")
                return
            self._all.running.add(full["staff"])
        if self._layout.name in AS_CLOSED:
            why = self._not_closed(full)
            if why:
                self._plan.refuse(self._layout, row.line, why)
                return
        if self._contacts is not None and self._groups is not None:
            line, contact = self._entry
            if line == row.line:  # the rest of an entry that crosses midnight
                full["contact"] = contact
            else:
                self._contacts.of_time(row, by_id_only="contact" in self._present)
            self._entry = (row.line, full["contact"])
            self._groups.join(full)
        elif self._layout.name == "staff":
            self._people.keep_staff(full)
        elif self._layout.name == "patients":
            self._people.patients[full["mrn"]] = key
        self._mine.new += 1
        self._mine.adds.append(tuple(full[name] for name in self._stored))

    def _not_closed(self, full: Values) -> str:
        """Why a closed month, or what it keeps of a patient, can't be taken; "" when it can."""
        months = self._all.closed
        if self._layout.name == "closed_months":
            if months.setdefault(full["month"], full["id"]) != full["id"]:
                return "month: this month is closed by another row, or here."
        elif full["closed"] not in months.values():
            return "closed: there is no such month here or in closed_months.csv."
        return ""

    def _known(self, row: Row, known: Known) -> None:
        if self._contacts is not None and self._groups is not None:
            self._entry = (row.line, known["contact"])
            self._groups.meet(known)
            says = self._contacts.contradicted(row, known)
            if says:
                self._plan.note(self._layout, row.line, says)
        changes = {
            name: value for name, value in row.given.items() if name != "patient" and known[name] != value
        }
        if self._layout.name == "staff" and known["id"] == self._all.scope.who.id and OWN & set(changes):
            self._plan.note(self._layout, row.line, "your own roles and access stay as they are.")
            changes = {name: value for name, value in changes.items() if name not in OWN}
        if changes and self._layout.name in AS_CLOSED:
            self._plan.note(self._layout, row.line, "this month is closed here and stays as it was closed.")
            changes = {}
        if not changes:
            self._mine.same += 1
            return
        changes |= following_changes(self._layout, known, row.given, changes)
        if self._layout.name == "staff":
            self._people.keep_staff({**known, **changes})
        self._mine.changed += 1
        self._mine.edits.append(Edit(known["id"], known["version"], changes))
        self._differences(row, known, changes)

    def _differences(self, row: Row, known: Known, changes: Values) -> None:
        record = known.get("mrn") or known.get("username") or known["id"].hex()
        for name, value in changes.items():
            if name in self._write:
                column, write = self._write[name]
                old = "" if known[name] is None else str(write(known[name]))
                self._plan.differences.append(
                    Difference(self._layout.file, row.line, str(record), column, old, str(write(value)))
                )
