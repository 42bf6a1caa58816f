"""Merging by property: random rows of every table, two patients into one, and back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from cmp_tui.assessments.model import Tier
from cmp_tui.billing.model import ClosedResult
from cmp_tui.clinic.fields import LinkField
from cmp_tui.clinic.history import last_redoable, last_undoable
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, columns_of
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import ClosedMonth
from cmp_tui.desk.merge import merge_patients
from cmp_tui.desk.merge_queries import both_records, links
from cmp_tui.desk.merge_rules import PARTS, same
from cmp_tui.enrollment.model import Enrollment, Intake
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.patients.model import Patient, Phone, SheetNote
from cmp_tui.tables import TABLES
from tests.exchange.records_folder import export
from tests.exchange.test_records_random import SLOW, batches, opened, template

__all__ = ["template"]

OF_PATIENTS = [
    model
    for model in TABLES
    if any(isinstance(field, LinkField) and field.rel_model is Patient for field in model._meta.sorted_fields)
]
MAY_CHANGE: dict[Any, frozenset[str]] = {
    Phone: frozenset({"rank"}),
    Enrollment: frozenset({"status", "end", "ended", "reason", "hold_until"}),
    Intake: frozenset(
        {
            "stage", "outreach_on", "eligibility_on", "consent_on", "enrolled_on", "ended_on", "end", "end_why",
            "back_on",
        }
    ),
}  # fmt: skip


def rows_of(scope: Scope, model: type[Record]) -> dict[bytes, dict[str, Any]]:
    names = [name for name in columns_of(model) if name != "version"]
    return {row.id: {name: getattr(row, name) for name in names} for row in model.select()}


def everything(clinic: Any) -> dict[type[Record], dict[bytes, dict[str, Any]]]:
    return {model: clinic.read(rows_of, model) for model in clinic.records}


@SLOW
@given(data=st.data())
def test_nothing_is_lost_and_an_undo_brings_back_every_byte(template: Path, data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        clinic = opened(template, folder, "one.cmp")
        staff = [key for (key,) in clinic.read(lambda scope: list(Staff.live(Staff.id).tuples()))]
        batch = data.draw(batches(staff))
        assume(len(batch[Patient]) >= 2)
        batch[Patient][0] |= {"deceased": False, "deceased_on": None}  # at a death all that is due ends
        batch[ClosedMonth], batch[ClosedResult] = [], []
        clinic.run(make_demo, batch)
        keep, other = (one["id"] for one in batch[Patient][:2])
        before, folder_before = everything(clinic), export(clinic, folder / "a")
        shown = clinic.read(both_records, keep, other)
        parts = [one.part.name for one in shown.clashes if one.part.name != "death"]
        take = data.draw(st.sets(st.sampled_from(parts or ["sex"])))

        done = clinic.run(merge_patients, keep, other, take=take, seen=(1, 1))

        after = everything(clinic)
        assert done.rows == shown.second.rows
        for model in OF_PATIENTS:
            _nothing_is_missing(model, before[model], after[model], keep, other)
        _words_are_kept(shown, after, keep)
        assert clinic.verify() == []
        last = clinic.read(last_undoable)
        assert last is not None and last.action == "desk.merge_patients"
        clinic.undo(last.seq)
        assert export(clinic, folder / "b") == folder_before
        again = clinic.read(last_redoable)
        assert again is not None
        clinic.redo(again.seq)
        assert {model: _living(rows) for model, rows in everything(clinic).items()} == {
            model: _living(rows) for model, rows in after.items()
        }
        clinic.close_here()


def _living(rows: dict[bytes, dict[str, Any]]) -> dict[bytes, dict[str, Any]]:
    return {key: row for key, row in rows.items() if row["struck_at"] is None}


def _nothing_is_missing(model: Any, before: Any, after: Any, keep: bytes, other: bytes) -> None:
    for key, row in before.items():
        now = after[key]
        if row["patient"] == other:
            assert now["patient"] == keep, model
        struck = now["struck_at"] is not None
        assert not struck or model is Tier
        for name, value in row.items():
            if name not in MAY_CHANGE.get(model, frozenset()) and name != "patient" and not struck:
                assert now[name] == value, (model, name)


def _words_are_kept(shown: Any, after: Any, keep: bytes) -> None:
    """Whatever either record said stands in the kept one, among its names or in its note."""
    kept = after[Patient][keep]
    notes = "\n".join(row["text"] for row in after[SheetNote].values() if row["patient"] == keep)
    for side in (shown.first, shown.second):
        for part in PARTS:
            if part.name in ("family", "given", "preferred", "death", "care_manager"):
                continue
            for column in part.columns:
                value = side.values[column]
                if isinstance(value, str) and column not in ("sex", "payer"):
                    assert (
                        value in (kept[column] or "") or value in notes or same(column, value, kept[column])
                    )


def test_every_table_of_patients_is_found(template: Path) -> None:
    with TemporaryDirectory() as name:
        clinic = opened(template, Path(name), "one.cmp")
        found = clinic.read(lambda scope: {link.model for link in links()})
        assert found == set(OF_PATIENTS) and len(found) >= 29
        clinic.close_here()


def test_every_column_of_a_patient_has_its_rule() -> None:
    from cmp_tui.clinic.checking import KEPT
    from cmp_tui.desk.merge_rules import JOINED, OF_THE_FILE

    compared = {column for part in PARTS for column in part.columns}
    assert compared | JOINED | OF_THE_FILE | KEPT == set(columns_of(Patient))
