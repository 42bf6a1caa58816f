"""Reading reconciliations: which there are, and one with its lines, our medicines and what was found in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, Case, fn

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.check_queries import check_taken
from cmp_tui.medications.drug_book import drug_book
from cmp_tui.medications.interaction_rules import Checked, Taken
from cmp_tui.medications.model import Reconciliation, ReconciliationLine
from cmp_tui.medications.name_rules import read
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.medications.reconcile_rules import CHANGE, OFF_THE_LIST, Ours, is_walked, reading_of
from cmp_tui.medications.same_rules import same_medicine
from cmp_tui.patients.queries import allergies


class ReconciliationHead(NamedTuple):
    """A reconciliation, with how far it is."""

    id: bytes
    version: int
    patient: bytes
    why: str
    stay: bytes | None
    list_from: str | None
    list_on: date | None
    begun_on: date
    begun_by_name: str | None
    done_on: date | None
    signed_as: str | None
    signed_at: datetime | None
    remarks: str | None
    total: int
    decided: int

    @property
    def is_open(self) -> bool:
        """Whether it is not signed yet."""
        return self.signed_at is None


class WalkLine(NamedTuple):
    """A line of a reconciliation, with our medicine as it is now (None: it is not on our list, or was struck out).

    `past` says of a new line that we have had this medicine before: how it ended.
    """

    id: bytes
    version: int
    position: int
    listed: str | None
    medication: bytes | None
    difference: str
    decision: str | None
    written: str | None
    why: str | None
    ours: MedicationLine | None = None
    changed: tuple[str, ...] = ()
    past: MedicationLine | None = None

    @property
    def is_walked(self) -> bool:
        """Whether it is gone through one by one."""
        return is_walked(self.difference)

    @property
    def name(self) -> str:
        """What the line is about, in its first words."""
        return self.ours.words if self.ours is not None else self.listed or "a medicine that was struck out"


class Walk(NamedTuple):
    """A reconciliation whole. The keys of what was found are those of lines (and of allergies).

    `unlisted` are medicines that came to our list after it was begun.
    """

    head: ReconciliationHead
    lines: tuple[WalkLine, ...]
    checked: Checked
    allergies: tuple[tuple[bytes, str], ...]
    unlisted: tuple[MedicationLine, ...]


def reconciliations(scope: Scope, patient: bytes, limit: int = 100) -> list[ReconciliationHead]:
    """Returns a patient's reconciliations: the open one first, then the latest."""
    model = Reconciliation
    query = _heads(model.patient == patient).order_by(
        model.signed_at.is_null().desc(), model.begun_on.desc(), model.id.desc()
    )
    return [_head(row) for row in rows(query.limit(limit))]


def open_one(scope: Scope, patient: bytes) -> ReconciliationHead | None:
    """Returns the reconciliation of a patient that is not signed yet, if there is one."""
    model = Reconciliation
    query = _heads((model.patient == patient) & model.signed_at.is_null()).order_by(model.id.desc()).limit(1)
    return next((_head(row) for row in rows(query)), None)


def reconciliation_head(scope: Scope, key: bytes) -> ReconciliationHead:
    """Returns one reconciliation without its lines. Raises Gone."""
    for row in rows(_heads(Reconciliation.id == key)):
        return _head(row)
    raise Gone("This reconciliation is no longer there; it was struck out or undone. History still shows it.")


def reconciliation(scope: Scope, key: bytes) -> Walk:
    """Returns one reconciliation whole: first the lines that are walked, then those that are the same. Raises Gone."""
    head = reconciliation_head(scope, key)
    ours = {one.id: one for one in medications(scope, head.patient)}
    book = drug_book(scope.reference)
    names = WalkLine._fields[: WalkLine._fields.index("ours")]
    model = ReconciliationLine
    query = model.live(*(getattr(model, name) for name in names)).where(model.reconciliation == key)
    past = [(one, reading_of(book, _ours(one))) for one in ours.values() if not one.is_current]
    lines = []
    for row in rows(query.order_by(model.position)):
        line = WalkLine(*row)
        mine = None if line.medication is None else ours.get(line.medication)
        line = line._replace(ours=mine)
        if line.listed is not None:
            theirs = read(book, line.listed)
            if mine is not None:
                line = line._replace(changed=same_medicine(reading_of(book, _ours(mine)), theirs).changed)
            elif theirs.known:
                before = next((one for one, reading in past if same_medicine(reading, theirs).same), None)
                line = line._replace(past=before)
        lines.append(line)
    lines.sort(key=lambda one: (not one.is_walked, one.position))
    told = [_taken(one) for one in lines if one.decision not in OFF_THE_LIST and _still(one)]
    known = tuple((one.id, one.substance) for one in allergies(scope, head.patient))
    listed = {one.medication for one in lines}
    unlisted = tuple(one for one in ours.values() if one.is_current and one.id not in listed)
    return Walk(head, tuple(lines), check_taken(scope, head.patient, told), known, unlisted)


def walk_line(scope: Scope, key: bytes) -> tuple[ReconciliationHead, WalkLine]:
    """Returns one line, with the reconciliation to which it belongs. Raises Gone."""
    model = ReconciliationLine
    for (of,) in rows(model.live(model.reconciliation).where(model.id == key)):
        walk = reconciliation(scope, of)
        return walk.head, next(one for one in walk.lines if one.id == key)
    raise Gone("This line is no longer there; its reconciliation was struck out or undone.")


def ours_of(scope: Scope, patient: bytes) -> list[Ours]:
    """Returns a patient's present list as it is put beside another one."""
    return [_ours(one) for one in medications(scope, patient, current_only=True)]


def imported_lines(scope: Scope, patient: bytes) -> list[str]:
    """Returns the medicines of the present list that came in from another system, as lines of a list."""
    return [one.words for one in medications(scope, patient, current_only=True) if one.source]


def _ours(one: MedicationLine) -> Ours:
    return Ours(one.id, one.display, one.dosage, one.code, one.differs)


def _still(line: WalkLine) -> bool:
    """Whether the line stands for something that is, or would be, on the list."""
    return line.listed is not None or (line.ours is not None and line.ours.is_current)


def _taken(line: WalkLine) -> Taken:
    if line.ours is not None and line.decision != CHANGE:
        return Taken(line.id, line.ours.display, line.ours.code, line.ours.dosage)
    return Taken(line.id, line.written or line.listed or (line.ours.words if line.ours else ""))


def _heads(where: Any) -> Any:
    model, line = Reconciliation, ReconciliationLine
    total = line.live(fn.COUNT(line.id)).where(line.reconciliation == model.id)
    decided = line.live(fn.COUNT(Case(None, [(line.decision.is_null(False), 1)], None))).where(
        line.reconciliation == model.id
    )
    names = ReconciliationHead._fields
    own = [Staff.name if name == "begun_by_name" else getattr(model, name) for name in names[:-2]]
    return (
        model.live(*own, total, decided)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == model.begun_by))
        .where(where)
    )


def _head(row: Any) -> ReconciliationHead:
    return ReconciliationHead(*row)
