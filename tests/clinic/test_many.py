"""Many rows at once: the quick way must give exactly what the plain way gives, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.clinic import change as change_module
from cmp_tui.clinic import images as images_module
from cmp_tui.clinic.checking import new_columns, new_values
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.fields import CodeField, CodesField
from cmp_tui.clinic.history import UNDONE, last_redoable, last_undoable
from cmp_tui.clinic.ids import IdMaker
from cmp_tui.clinic.model import TABLES as GROUND
from cmp_tui.clinic.records import Record, image, images, row_hash, row_hashes, stored, stored_in
from cmp_tui.clinic.reference import Reference
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.measurements.model import Measurement
from cmp_tui.patients.model import Condition, Patient, Phone
from cmp_tui.tables import TABLES
from tests.clinic import acts
from tests.clinic.conftest import person

RECORDS = [table for table in (*GROUND, *TABLES) if issubclass(table, Record)]
REFERENCE = Reference()
KEY = b"\1" * 16
KEPT_IN_FILE = st.one_of(
    st.none(),
    st.text(),
    st.text(st.characters(exclude_categories=())),
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.floats(),
    st.booleans(),
    st.sampled_from([0, 1]),
    st.binary(),
)
ROWS = st.lists(st.sampled_from(("id", "version", "family", "given", "zip", "a_b")), unique=True).flatmap(
    lambda names: st.lists(
        st.fixed_dictionaries({**dict.fromkeys(names, KEPT_IN_FILE), "id": st.binary(min_size=1)}), min_size=1
    )
)


def plain_image(values: Mapping[str, Any]) -> str:
    """The image as it is defined; files that are in use hold hashes of just this."""
    full = {name: value for name, value in values.items() if value is not None}
    return json.dumps(full, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=bytes.hex)


def plain_hash(values: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(plain_image({**values, "version": None}).encode("utf-8", "surrogatepass")).digest()


@given(ROWS)
def test_images_and_hashes_are_those_of_the_plain_form(some: list[dict[str, Any]]) -> None:
    columns = {name: [row[name] for row in some] for name in some[0]}
    assert [image(row) for row in some] == images(columns) == [plain_image(row) for row in some]
    assert [row_hash(row) for row in some] == row_hashes(columns) == [plain_hash(row) for row in some]


def test_a_known_row_keeps_its_hash_for_ever() -> None:
    row = {"id": KEY, "version": 7, "family": 'Müller\n"B"', "struck_at": None, "weight": 80.0, "n": -1}
    assert (
        image(row) == f'{{"family":"Müller\\n\\"B\\"","id":"{"01" * 16}","n":-1,"version":7,"weight":80.0}}'
    )
    assert row_hash(row).hex() == "21f59f1810cc505f5e5aa78fc0d64d2a7160e3d228e010014a84369259c49e9d"


# -- every field of every table


def given_to(field: Any) -> st.SearchStrategy[Any]:
    """Values as rooms and imports give them to a field, right and wrong."""
    codes = (
        [code.code for code in REFERENCE.codes(field.column_of_codes)]
        if hasattr(field, "column_of_codes")
        else [""]
    )
    zones = st.sampled_from((UTC, ZoneInfo("America/Chicago"), timezone(timedelta(hours=14))))
    common = st.one_of(
        st.none(),
        st.text(max_size=8),
        st.sampled_from(
            ["", " ", "x" * 500, "a\tb\n", "é\u0301", "\u200b", "CCM", "2026-02-29", "1948-02", "1948"]
        ),
        st.integers(-2, 3),
        st.booleans(),
        st.floats(),
        st.binary(max_size=2),
        st.sampled_from([KEY, b"", 1 << 60]),
        st.dates(),
        st.datetimes(),
        st.datetimes(timezones=zones),
        st.sampled_from(
            [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))]
        ),
    )
    likely: dict[str, st.SearchStrategy[Any]] = {
        "InstantField": st.datetimes(timezones=zones),
        "DayField": st.dates(),
        "UidField": st.just(KEY),
        "LinkField": st.just(KEY),
        "YesNoField": st.booleans(),
        "CountField": st.integers(0, 1 << 53),
        "NumberField": st.floats(-1e9, 1e9),
        "CodeField": st.sampled_from(codes),
        "CodesField": st.frozensets(st.sampled_from(codes)),
        "PartialDateField": st.dates().map(str),
    }
    usual = st.one_of(st.none(), likely.get(type(field).__name__, st.text(max_size=8)))
    return st.one_of(st.lists(usual, max_size=6), st.lists(st.one_of(usual, common), max_size=4))


FIELDS = [field for model in RECORDS for field in model._meta.sorted_fields]
KINDS = {(type(field), field.null, getattr(field, "limit", 0) > 200): field for field in FIELDS}


def one_by_one(field: Any, values: list[Any]) -> list[Any] | None:
    try:
        return [
            None
            if value is None or (value == "" and field.null)
            else field.db_value(field.check(value, REFERENCE))
            for value in values
        ]
    except (ValueError, TypeError, OverflowError, Invalid):
        return None


@pytest.mark.parametrize("field", KINDS.values(), ids=str)
@settings(max_examples=60)
@given(data=st.data())
def test_a_column_is_encoded_as_its_values_are_one_by_one(field: Any, data: st.DataObject) -> None:
    values = data.draw(given_to(field))
    try:
        quick = field.encoded(values, REFERENCE)
    except (ValueError, TypeError, OverflowError):
        quick = None
    plain = one_by_one(field, values)
    assert quick == plain
    if quick is not None and plain is not None:
        assert list(map(type, quick)) == list(map(type, plain))


# -- rows


LINES = st.lists(
    st.fixed_dictionaries(
        {"display": st.sampled_from(["Gout", " Asthma", "", "é\u0301", "x" * 400])},
        optional={
            "patient": st.sampled_from([KEY, None, b"short"]),
            "status": st.sampled_from(["active", "resolved", "", None, "gone"]),
            "chronic": st.sampled_from([True, False, None, 1]),
            "confirmed_on": st.sampled_from([date(2026, 11, 2), None, "2026-11-02"]),
            "onset": st.sampled_from(["1948-02", "", None, "soon"]),
            "id": st.sampled_from([KEY, None, b""]),
        },
    ),
    min_size=1,
    max_size=5,
)


def row_by_row(lines: list[dict[str, Any]]) -> list[dict[str, Any]] | dict[str, str]:
    found = []
    for number, line in enumerate(lines, 11):
        try:
            full = new_values(Condition, {name: v for name, v in line.items() if name != "id"}, REFERENCE)
            if line.get("id") not in (None, KEY):
                raise Invalid({"id": "This is not a key."})
        except Invalid as wrong:
            return {name: f"Row {number}: {says}" for name, says in wrong.fields.items()}
        found.append(stored(Condition, {**full, "id": line.get("id")}))
    return found


@given(LINES)
def test_many_rows_are_checked_as_each_would_be(lines: list[dict[str, Any]]) -> None:
    plain = row_by_row(lines)
    try:
        columns = new_columns(Condition, lines, REFERENCE, 11)
    except Invalid as wrong:
        assert wrong.fields == plain
    else:
        assert [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)] == plain


def test_what_is_not_written_by_hand_is_a_mistake_of_the_program() -> None:
    for name in ("version", "struck_at", "nonsense"):
        with pytest.raises(TypeError, match=name):
            new_columns(Condition, [{"patient": KEY, "display": "Gout", name: 1}], REFERENCE)


@pytest.mark.parametrize("size", [1, 3, 7, 8])
def test_any_number_of_rows_comes_in_pieces(dana: Clinic, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(change_module, "AT_ONCE", 3)
    mine = [dana.new_id() for _ in range(2)]
    lines = [person(str(n), **({"id": mine[n % 2]} if n in (1, 4) else {})) for n in range(size)]
    keys = dana.run(acts.add_many, Patient, (line for line in lines))  # type: ignore[arg-type]
    assert len(set(keys)) == len(keys) == size
    found = dana.read(lambda scope: {row.id: row.mrn for row in Patient.live()})
    assert [found[key] for key in keys] == [line["mrn"] for line in lines]
    assert keys[1:2] == mine[1:] or size == 1
    assert dana.verify() == []
    done = dana.read(last_undoable)
    assert done is not None
    dana.undo(done.seq)
    assert dana.read(acts.count, Patient) == 0
    assert dana.verify() == []


def test_the_number_of_a_wrong_row_counts_through_the_pieces(
    dana: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_module, "AT_ONCE", 3)
    with pytest.raises(Invalid) as caught:
        dana.run(acts.add_many, Patient, [person(str(n), sex="F" if n < 7 else "Q") for n in range(9)])
    assert caught.value.fields["sex"].startswith("Row 8: ")
    assert dana.read(acts.count, Patient) == 0


def test_an_action_may_go_on_after_rows_that_were_refused(
    dana: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_module, "AT_ONCE", 3)

    def add_many(change: change_module.Change) -> None:
        for wrong in ([person(str(n)) for n in (1, 2, 3, 4, 1)], [person("1"), person("2"), person("3"), {}]):
            with pytest.raises(Invalid):
                change.add_many(Patient, wrong)
        change.add_many(Patient, [person("5")])

    add_many.__module__ = acts.__name__
    dana.run(add_many)
    assert dana.read(acts.count, Patient) == 1
    assert dana.verify() == []


def test_rows_with_parts_of_all_kinds_verify_and_read_back(dana: Clinic) -> None:
    [ana] = dana.run(acts.add_many, Patient, [person("1", birth_date="1948-02", interpreter=False)])
    me = dana.read(lambda scope: scope.who.id)
    zone = ZoneInfo("America/Chicago")
    entry = {"patient": ana, "staff": me, "credential": "RN", "clinical": True, "activity": "call"}
    start = datetime(2026, 11, 1, 1, 30, 0, 999_999, zone, fold=1)
    times = {"start": start, "end": start + timedelta(minutes=5), "entered_at": dana.clock.now()}
    dana.run(
        acts.add_many, TimeEntry, [{**entry, **times}, {**entry, **times, "note": "a\nb", "program": "CCM"}]
    )
    dana.run(
        acts.add_many,
        Measurement,
        [
            {"patient": ana, "kind": "weight", "date": date(2026, 1, 2), "value": 80, "unit": "kg"},
            {"patient": ana, "kind": "smoking", "date": date(2026, 1, 3), "text": "never"},
        ],
    )
    first, second = dana.read(lambda scope: list(TimeEntry.live().order_by(TimeEntry.id)))
    assert first.start == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert (first.note, second.note, first.program, second.group_size) == (None, "a\nb", None, 1)
    assert dana.read(lambda scope: [(m.value, m.text) for m in Measurement.live()]) == [
        (80.0, None),
        (None, "never"),
    ]
    assert dana.verify() == []


# -- taking back


def test_rows_that_moved_on_are_counted_and_nothing_is_taken_back(
    dana: Clinic, ben: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_module, "AT_ONCE", 3)
    keys = dana.run(acts.add_many, Patient, [person(str(n)) for n in range(8)])
    done = dana.read(last_undoable)
    assert done is not None
    for key in (keys[0], keys[1], keys[2], keys[6]):
        ben.run(acts.edit, Patient, key, None, city="Waco")
    with pytest.raises(Refused, match="4 of its records changed since"):
        dana.undo(done.seq)
    assert dana.read(acts.count, Patient) == 8
    assert dana.verify() == []


def test_steps_on_one_row_within_a_change_are_taken_back_in_turn(dana: Clinic) -> None:
    key, other = dana.new_id(), dana.new_id()
    dana.run(
        acts.several,
        (acts.add, Patient, key, person("1")),
        (acts.add, Phone, None, {"patient": key, "number": "1"}),
        (acts.edit, Patient, key, None, {"given": "Ana"}),
        (acts.strike, Patient, key, {}),
        (acts.add, Patient, other, person("1")),  # the number is free again
    )
    done = dana.read(last_undoable)
    assert done is not None
    dana.undo(done.seq)
    why = dana.read(lambda scope: {row.id: row.struck_why for row in Patient.select()})
    assert why == {key: UNDONE, other: UNDONE}
    assert dana.verify() == []


def test_images_go_to_the_file_as_they_come(dana: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images_module, "PENDING", 3)
    keys = dana.run(acts.add_many, Patient, [person(str(n)) for n in range(10)])
    assert dana.run(acts.edit_many, Patient, [(key, {"given": "Ana"}) for key in keys]) == 10
    assert dana.verify() == []
    for left in (10, 0):
        done = dana.read(last_undoable)
        assert done is not None
        dana.undo(done.seq)
        assert dana.read(acts.count, Patient) == left
        assert dana.verify() == []
    for _ in range(2):
        again = dana.read(last_redoable)
        assert again is not None
        dana.redo(again.seq)
        assert dana.read(acts.count, Patient) == 10
    assert {row.given for row in dana.read(lambda scope: list(Patient.live()))} == {"Ana"}
    assert dana.verify() == []

    def fails(change: change_module.Change) -> None:
        change.edit_many(Patient, [(key, {"given": "Tom"}) for key in keys])
        raise Refused("no")

    fails.__module__, fails.__name__ = acts.__name__, "edit_many"
    with pytest.raises(Refused):
        dana.run(fails)
    assert dana.verify() == []


def test_an_image_reads_back_as_it_was_stored() -> None:
    values = new_values(Patient, person("1", birth_date="1948-02", care_manager=KEY), REFERENCE)
    encoded = stored(Patient, {**values, "id": KEY})
    assert stored_in(Patient, image(encoded)) == encoded
    # A column that is younger than the image has its default.
    older = json.loads(image(encoded))
    del older["sex"]
    assert stored_in(Patient, json.dumps(older))["sex"] == "U"


def test_editing_many_leaves_what_does_not_differ(dana: Clinic) -> None:
    keys = dana.run(acts.add_many, Patient, [person(str(n), birth_date="1948-02") for n in range(3)])
    same = {"family": " Okafor ", "birth_date": "1948-02", "deceased": False}
    assert dana.run(acts.edit_many, Patient, [(key, same) for key in keys]) == 0
    twice = [(keys[0], {"given": "A"}), (keys[0], {"given": "B"}), (keys[0], {"given": "B"})]
    assert dana.run(acts.edit_many, Patient, twice) == 2
    assert dana.read(acts.get, Patient, keys[0]).version == 3
    with pytest.raises(Invalid) as caught:
        dana.run(acts.edit_many, Patient, [(keys[1], {"sex": "Q"})])
    assert set(caught.value.fields) == {"sex"}
    assert dana.verify() == []


# -- keys


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-3, 3)), max_size=8))
def test_keys_made_together_sort_with_all_others(steps: list[tuple[int, int]]) -> None:
    maker, now, keys = IdMaker(), datetime(2026, 11, 23, 15, tzinfo=UTC), []
    for number, later in steps:
        now += timedelta(milliseconds=later)
        some = maker.several(now, number)
        assert len(some) == number
        keys += [*some, maker.new(now)]
    assert keys == sorted(set(keys))


def test_the_kinds_of_fields_with_codes_are_among_those_tested() -> None:
    assert {CodeField, CodesField} <= {type(field) for field in KINDS.values()}


def test_a_negative_zero_is_stored_as_its_image_says(clinic: Clinic) -> None:
    """SQLite gives 0.0 back for -0.0."""
    clinic.rights = acts.RIGHTS
    key = clinic.run(acts.add, Patient, **person("P-1")).id
    values = {"patient": key, "kind": "weight", "date": date(2026, 1, 1), "value": -0.0}
    clinic.run(acts.add, Measurement, **values)
    clinic.run(acts.add_many, Measurement, [values])
    assert clinic.verify() == []
