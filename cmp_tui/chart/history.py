"""Every change to a patient's records, newest first, with what each row was before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from types import MappingProxyType
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.assessments.model import Assessment, PayerScore, Tier
from cmp_tui.billing.model import ClosedResult, Complexity
from cmp_tui.careplan.model import Barrier, Goal, GoalProgress, Intervention, Plan, PlanCopy, PlanVersion
from cmp_tui.clinic.history import REDO, UNDO
from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record, from_image, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry, Timer
from cmp_tui.education.model import Attendance, Teaching
from cmp_tui.encounters.model import Appointment, Service, Stay, Visit
from cmp_tui.enrollment.model import Consent, Eligibility, Enrollment, Intake
from cmp_tui.measurements.model import DeviceDays, Measurement, PreventiveAnswer, Vaccination
from cmp_tui.medications.model import Medication, MedicineAnswer, Reconciliation, ReconciliationLine, Refill
from cmp_tui.patients.merged import merged_from
from cmp_tui.patients.model import Allergy, Condition, Patient, Phone, RelatedPerson, SheetNote, TeamMember
from cmp_tui.referrals.model import LetterSent, Referral, ReferralStep
from cmp_tui.tasks.model import Snooze, Task
from cmp_tui.transitions.model import DischargeCall

MODELS: Mapping[str, type[Record]] = MappingProxyType(
    {
        model._meta.table_name: model
        for model in (
            Patient, Phone, Condition, Allergy, RelatedPerson, TeamMember, Visit, Stay, Measurement, Vaccination,
            Task, Snooze, Contact, TimeEntry, Timer, Medication, Consent, Enrollment, SheetNote, Plan,
            Service, DeviceDays, Complexity, ClosedResult, Intake, Eligibility, Assessment, Tier, PayerScore, Goal,
            Barrier, Intervention, GoalProgress, PlanVersion, PlanCopy, Teaching, Attendance, PreventiveAnswer,
            Appointment, Reconciliation, ReconciliationLine, Refill, MedicineAnswer, Referral, ReferralStep, LetterSent,
            DischargeCall,
        )
    }
)  # fmt: skip
"""The tables whose rows belong to a patient, by their name in the file."""
MOST = 1000
"""Changes that are shown at most; all of them stand in `cmp-tui audit show`."""


class RowChange(NamedTuple):
    """What a change did to one row: its values before (None: it is new) and after, by field name."""

    table: str
    row: bytes
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


class Deed(NamedTuple):
    """One change, for the history of a patient: only what it did to this patient's rows.

    `imported` are rows that came in together with many others. `undoes` is the change that it took
    back (or did again), `undone` says that it was taken back itself.
    """

    seq: int
    at: datetime
    who: bytes | None
    who_name: str
    action: str
    changes: tuple[RowChange, ...]
    imported: tuple[RowChange, ...]
    undoes: int | None
    undone: bool


def history(scope: Scope, patient: bytes, limit: int = MOST) -> list[Deed]:
    """Returns the changes to a patient's records, newest first; those of records that were merged into it too."""
    patients = [patient, *merged_from(scope, patient)]
    images = list(
        rows(
            Image.select(Image.seq, Image.table, Image.row, Image.version, Image.before)
            .where(Image.row.in_(_keys_of(patients)))
            .order_by(Image.seq.desc(), Image.part.desc())
        )
    )
    present = _present(patients)
    single: dict[int, list[RowChange]] = {}
    made: set[bytes] = set()
    after: dict[bytes, Mapping[str, Any]] = dict(present)
    tables = {key: table for table, held in _tables(present) for key in held}
    for seq, table, row, _version, text in images:
        key = bytes(row)
        before = from_image(MODELS[table], text) if text else None
        single.setdefault(seq, []).append(RowChange(table, key, before, after[key]))
        if before is None:
            made.add(key)
        else:
            after[key] = before
    many = _imports({key: tables[key] for key in present if key not in made}, after)
    wanted = sorted({*single, *many}, reverse=True)[:limit]
    return [_deed(entry, single, many) for entry in _with_undone(_entries(wanted), patient)]


class _Entry(NamedTuple):
    seq: int
    at: datetime
    who: bytes | None
    who_name: str
    action: str
    undoes: int | None
    undone: bool


def _deed(entry: _Entry, single: Mapping[int, list[RowChange]], many: Mapping[int, list[RowChange]]) -> Deed:
    changes = tuple(reversed(single.get(entry.seq, ())))
    imported = tuple(many.get(entry.seq, ()))
    return Deed(*entry[:5], changes, imported, entry.undoes, entry.undone)


def _keys_of(patients: Sequence[bytes]) -> Any:
    """A subquery of the keys of all rows that belong to a patient, struck out ones too."""
    parts: list[Any] = [model.select(model.id).where(_own(model).in_(patients)) for model in MODELS.values()]
    return reduce(lambda one, other: one.union_all(other), parts)


def _own(model: Any) -> Any:
    """The column that says whose row it is."""
    return model.id if model is Patient else model.patient


def _present(patients: Sequence[bytes]) -> dict[bytes, Mapping[str, Any]]:
    """The rows of a patient as they are now, each with the name of its table under ''."""
    found: dict[bytes, Mapping[str, Any]] = {}
    for name, model in MODELS.items():
        for row in model.select().where(_own(model).in_(patients)):
            found[row.id] = {**row.__data__, "": name}
    return found


def _tables(present: Mapping[bytes, Mapping[str, Any]]) -> Iterable[tuple[str, list[bytes]]]:
    by_table: dict[str, list[bytes]] = {}
    for key, values in present.items():
        by_table.setdefault(values[""], []).append(key)
    return by_table.items()


def _imports(
    left: Mapping[bytes, str], first: Mapping[bytes, Mapping[str, Any]]
) -> dict[int, list[RowChange]]:
    """For rows that have no image of their own: the change that added them together with many others.

    `first` holds each row as it was when it came in.

    A key begins with the moment at which it was made (clinic/ids.py): at the moment of its change or, in a long
    import, somewhat later. So no packed image is read.
    """
    if not left:
        return {}
    query = (
        Image.select(Image.table, Audit.at, Image.seq)
        .join(Audit, on=(Audit.seq == Image.seq))
        .where(Image.row.is_null())
        .order_by(Image.seq)
    )
    made: dict[str, list[tuple[int, int]]] = {}
    for table, at, seq in rows(query):
        made.setdefault(table, []).append((int(at.timestamp()), seq))
    found: dict[int, list[RowChange]] = {}
    for key, table in left.items():
        known = made.get(table)
        if known:
            second = int.from_bytes(key[:6], "big") // 1000
            seq = next((seq for at, seq in reversed(known) if at <= second), known[0][1])
            found.setdefault(seq, []).append(RowChange(table, key, None, first[key]))
    return found


def _entries(seqs: list[int]) -> list[_Entry]:
    found = []
    for at in range(0, len(seqs), 500):
        query = (
            Audit.select(Audit.seq, Audit.at, Audit.who, Staff.name, Audit.action, Audit.facts)
            .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Audit.who))
            .where(Audit.seq.in_(seqs[at : at + 500]))
            .order_by(Audit.seq.desc())
        )
        for seq, when, who, name, action, facts in rows(query):
            undoes = (facts or {}).get("undoes") if action in (UNDO, REDO) else None
            found.append(_Entry(seq, when, who, name or "", action, undoes, False))
    return found


def _with_undone(entries: list[_Entry], patient: bytes) -> list[_Entry]:
    """The same entries, those that were taken back marked. An undo that was taken back counts no more."""
    gone: set[int] = set()
    for entry in entries:  # newest first
        if entry.undoes is not None and entry.seq not in gone:
            gone.add(entry.undoes)
    return [entry._replace(undone=entry.seq in gone) for entry in entries]
