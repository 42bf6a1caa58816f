"""The history names every column of a patient's records, or hides it on purpose."""

from __future__ import annotations

from cmp_tui.chart.history import MODELS
from cmp_tui.chart.labels import HIDDEN, LABELS, RECORDS, label_of
from cmp_tui.clinic.records import Record
from cmp_tui.tables import TABLES


def test_every_column_is_named_or_hidden() -> None:
    silent = [
        f"{table}.{column}"
        for table, model in MODELS.items()
        for column in model._meta.sorted_field_names
        if label_of(table, column) is None and column not in HIDDEN
    ]
    assert silent == []


def test_no_label_is_for_a_column_that_is_not_there() -> None:
    lost = [
        f"{table}.{column}"
        for table, columns in LABELS.items()
        for column in columns
        if table and column not in MODELS[table]._meta.fields
    ]
    assert lost == []


def test_every_table_that_has_a_patient_is_in_the_history() -> None:
    with_patient = {
        model._meta.table_name
        for model in TABLES
        if issubclass(model, Record) and "patient" in model._meta.fields
    }
    assert with_patient | {"patient"} == set(MODELS) == set(RECORDS)
