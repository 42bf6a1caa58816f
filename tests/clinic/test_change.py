"""One change: what it writes, what it refuses, and what two people who edit the same record are told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from peewee import fn

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused
from cmp_tui.clinic.fields import ClinicField, CodeField, CodesField, LinkField
from cmp_tui.clinic.model import TABLES as GROUND
from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record
from cmp_tui.clinic.reference import Reference
from cmp_tui.contacts.model import Timer
from cmp_tui.measurements.model import Measurement
from cmp_tui.patients.model import Condition, Patient, Phone
from cmp_tui.tables import TABLES
from cmp_tui.tasks.model import Task
from tests.clinic import acts
from tests.clinic.conftest import person

RECORDS = [table for table in (*GROUND, *TABLES) if issubclass(table, Record)]


def entries(clinic: Clinic) -> list[Audit]:
    return clinic.read(lambda scope: list(Audit.select().order_by(Audit.seq)))


def images(clinic: Clinic, seq: int) -> list[Image]:
    return clinic.read(lambda scope: list(Image.select().where(Image.seq == seq).order_by(Image.part)))


def size(clinic: Clinic) -> tuple[int, int]:
    return clinic.read(lambda scope: (Audit.select(fn.max(Audit.seq)).scalar(), Image.select().count()))


# -- every table of the program


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_field_of_every_table_can_be_checked_and_kept(model: type[Record]) -> None:
    for name, field in model._meta.fields.items():
        assert isinstance(field, (ClinicField, LinkField)), name


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_coded_column_has_its_values_and_its_default_is_one(model: type[Record]) -> None:
    reference = Reference()
    for field in model._meta.sorted_fields:
        if isinstance(field, (CodeField, CodesField)):
            assert reference.codes(field.column_of_codes), field
            if field.default is not None:
                assert reference.known(field.column_of_codes, field.default), field


# -- adding


def test_adding_a_row_gives_it_back_as_it_is_read(dana: Clinic) -> None:
    made = dana.run(
        acts.add, Patient, **person("1", "  Ruiz \x1b[31m", birth_date="1948-02", interpreter=True)
    )
    read = dana.read(acts.get, Patient, made.id)
    assert made.__data__ == read.__data__
    assert (read.family, read.birth_date, read.interpreter, read.sex, read.deceased, read.version) == (
        "Ruiz [31m",
        "1948-02",
        True,
        "U",
        False,
        1,
    )
    assert len(read.id) == 16
    assert read.struck_at is None


def test_adding_writes_one_entry_and_one_image(dana: Clinic, clock: FrozenClock) -> None:
    before = size(dana)
    made = dana.run(acts.add, Patient, **person("1"))
    assert size(dana) == (before[0] + 1, before[1] + 1)
    entry = entries(dana)[-1]
    assert (entry.action, entry.at, entry.patient, entry.facts) == ("acts.add", clock.at, made.id, None)
    assert entry.who == dana.read(lambda scope: scope.who.id)
    [picture] = images(dana, entry.seq)
    assert (picture.table, picture.row, picture.version, picture.before) == ("patient", made.id, 1, None)
    phone = dana.run(acts.add, Phone, patient=made.id, number="(512) 555-0133")
    assert entries(dana)[-1].patient == made.id
    assert phone.patient == made.id


def test_a_key_made_by_the_form_is_used_and_a_second_save_makes_no_second_row(dana: Clinic) -> None:
    key = dana.new_id()
    assert dana.run(acts.add, Patient, key, **person("1")).id == key
    with pytest.raises(Invalid) as caught:
        dana.run(acts.add, Patient, key, **person("2"))
    assert set(caught.value.fields) == {"id"}
    with pytest.raises(Invalid) as caught:
        dana.run(acts.add, Patient, b"short", **person("3"))
    assert set(caught.value.fields) == {"id"}
    assert dana.read(acts.count, Patient) == 1


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, {"mrn", "family", "folded"}),
        (person("1", family=" \t\u200b"), {"family"}),
        (person("1", mrn=None), {"mrn"}),
        (person("1", sex="Q"), {"sex"}),
        (person("1", sex=["M"]), {"sex"}),
        (person("1", birth_date="1948-13"), {"birth_date"}),
        (person("1", birth_date="next spring"), {"birth_date"}),
        (person("1", family="x" * 121), {"family"}),
        (person("1", interpreter="yes", care_manager="dana"), {"interpreter", "care_manager"}),
        (person("1", deceased=2, family=b"bytes"), {"deceased", "family"}),
    ],
)
def test_wrong_values_are_named_field_by_field(dana: Clinic, values: dict[str, Any], wrong: set[str]) -> None:
    before = size(dana)
    with pytest.raises(Invalid) as caught:
        dana.run(acts.add, Patient, **values)
    assert set(caught.value.fields) == wrong
    assert all(says[0].isupper() or says[0] in "'\"[" for says in caught.value.fields.values())
    assert size(dana) == before


@pytest.mark.parametrize(
    ("model", "values", "wrong"),
    [
        (Phone, {"number": "1", "rank": -1}, "rank"),
        (Phone, {"number": "1", "rank": True}, "rank"),
        (Phone, {"number": "1", "rank": 1.0}, "rank"),
        (Condition, {"display": "x", "confirmed_on": datetime(2026, 1, 1, tzinfo=UTC)}, "confirmed_on"),
        (Condition, {"display": "x", "confirmed_on": "2026-01-01"}, "confirmed_on"),
        (Timer, {"start": datetime(2026, 1, 1)}, "start"),  # noqa: DTZ001
        (Task, {"title": "x", "due": None}, "due"),
        (Measurement, {"value": "many"}, "value"),
        (Measurement, {"value": float("nan")}, "value"),
    ],
)
def test_other_kinds_of_fields(
    dana: Clinic, ana: Patient, model: type[Record], values: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(Invalid) as caught:
        dana.run(acts.add, model, patient=ana.id, **values)
    assert wrong in caught.value.fields


def test_moments_are_kept_in_whole_seconds_of_utc(dana: Clinic, ana: Patient) -> None:
    there = timezone(timedelta(hours=-6))
    me = dana.read(lambda scope: scope.who.id)
    timer = dana.run(
        acts.add, Timer, patient=ana.id, staff=me, start=datetime(2026, 11, 23, 9, 0, 7, 900_000, there)
    )
    assert timer.start == datetime(2026, 11, 23, 15, 0, 7, tzinfo=UTC)
    assert dana.read(acts.get, Timer, timer.id).start == timer.start
    with pytest.raises(ValueError, match="time zone"):
        dana.read(lambda scope: Timer.select().where(Timer.start > datetime(2026, 1, 1)).count())  # noqa: DTZ001


def test_what_must_be_unique_is_named(dana: Clinic, ana: Patient) -> None:
    with pytest.raises(Invalid) as caught:
        dana.run(acts.add, Patient, **person(ana.mrn))
    assert caught.value.fields == {"mrn": "Another record has this already."}
    dana.run(acts.strike, Patient, ana.id)
    assert dana.run(acts.add, Patient, **person(ana.mrn)).version == 1  # struck out: the number is free


def test_a_field_with_another_column_name_is_named_by_the_field(dana: Clinic, ana: Patient) -> None:
    me = dana.read(lambda scope: scope.who.id)
    dana.run(acts.add, Timer, patient=ana.id, staff=me, start=dana.clock.now())
    with pytest.raises(Invalid) as caught:
        dana.run(acts.add, Timer, patient=ana.id, staff=me, start=dana.clock.now())
    assert set(caught.value.fields) == {"staff"}


def test_a_link_to_nothing_is_told(dana: Clinic) -> None:
    with pytest.raises(Invalid, match="not there"):
        dana.run(acts.add, Phone, patient=b"\1" * 16, number="1")
    assert dana.verify() == []


@pytest.mark.parametrize("name", ["version", "struck_at", "struck_why"])
def test_the_grounds_own_columns_are_not_written_by_hand(dana: Clinic, ana: Patient, name: str) -> None:
    for attempt in (
        lambda: dana.run(acts.edit, Patient, ana.id, **{name: None}),
        lambda: dana.run(acts.add, Patient, **person("2"), **{name: None}),
    ):
        with pytest.raises(TypeError):
            attempt()


def test_many_rows_make_one_image(dana: Clinic) -> None:
    before = size(dana)
    keys = dana.run(acts.add_many, Patient, [person(str(number)) for number in range(2000)])
    assert len(set(keys)) == 2000
    assert keys == sorted(keys)
    assert size(dana) == (before[0] + 1, before[1] + 1)
    assert len(images(dana, before[0] + 1)[0].packed) == 2000 * 32
    assert dana.run(acts.edit, Patient, keys[7], 1, given="Tom").version == 2
    assert dana.verify() == []


def test_no_rows_are_no_change(dana: Clinic) -> None:
    before = size(dana)
    assert dana.run(acts.add_many, Patient, []) == []
    assert size(dana) == before


def test_the_first_wrong_one_of_many_is_named_and_none_is_kept(dana: Clinic) -> None:
    before = size(dana)
    with pytest.raises(Invalid) as caught:
        dana.run(acts.add_many, Patient, [person("1"), person("2", sex="Q"), person("3", sex="Y")])
    assert list(caught.value.fields) == ["sex"]
    assert caught.value.fields["sex"].startswith("Row 2: ")
    with pytest.raises(Invalid):
        dana.run(acts.add_many, Patient, [person("1"), person("1")])
    assert size(dana) == before
    assert dana.read(acts.count, Patient) == 0


# -- editing


def test_editing_keeps_the_row_before(dana: Clinic, ana: Patient) -> None:
    edited = dana.run(acts.edit, Patient, ana.id, 1, family="Ruiz", given=None)
    assert (edited.version, edited.family, edited.given) == (2, "Ruiz", None)
    assert edited.__data__ == dana.read(acts.get, Patient, ana.id).__data__
    [picture] = images(dana, size(dana)[0])
    before = json.loads(picture.before)
    assert (before["family"], before["given"], before["version"]) == ("Ruiz-Moreno", "Ana", 1)
    assert before["id"] == ana.id.hex()


def test_what_does_not_differ_is_not_written(dana: Clinic, ana: Patient) -> None:
    before = size(dana)
    assert dana.run(acts.edit, Patient, ana.id, 1, family=" Ruiz-Moreno ", given="Ana").version == 1
    assert size(dana) == before


def test_wrong_values_of_an_edit_are_named(dana: Clinic, ana: Patient) -> None:
    with pytest.raises(Invalid) as caught:
        dana.run(acts.edit, Patient, ana.id, 1, sex="Q", family="", given="Kept?")
    assert set(caught.value.fields) == {"sex", "family"}
    assert dana.read(acts.get, Patient, ana.id).given == "Ana"


def test_editing_many(dana: Clinic) -> None:
    keys = dana.run(acts.add_many, Patient, [person(str(number)) for number in range(5)])
    edits = [(key, {"family": "Tran" if number else "Okafor"}) for number, key in enumerate(keys)]
    assert dana.run(acts.edit_many, Patient, edits) == 4
    assert dana.read(lambda scope: Patient.live().where(Patient.family == "Tran").count()) == 4
    assert dana.verify() == []


def test_what_is_not_there_is_gone(dana: Clinic, ana: Patient) -> None:
    for key in (b"\1" * 16, dana.new_id()):
        with pytest.raises(Gone, match="no longer there"):
            dana.run(acts.edit, Patient, key, None, given="X")
    dana.run(acts.strike, Patient, ana.id)
    for attempt in (acts.edit, acts.strike):
        with pytest.raises(Gone):
            dana.run(attempt, Patient, ana.id)


# -- striking out


def test_striking_out_keeps_the_row_and_the_reason(dana: Clinic, ana: Patient, clock: FrozenClock) -> None:
    struck = dana.run(acts.strike, Patient, ana.id, " entered twice\x00 ", 1)
    assert (struck.struck_at, struck.struck_why, struck.version) == (clock.at, "entered twice", 2)
    assert struck.struck_by == dana.read(lambda scope: scope.who.id)
    assert dana.read(acts.count, Patient) == 0
    assert dana.read(acts.get, Patient, ana.id).family == "Ruiz-Moreno"


@pytest.mark.parametrize("why", ["", "  ", "\t\n", "\u200b\x00"])
def test_striking_out_wants_a_reason(dana: Clinic, ana: Patient, why: str) -> None:
    with pytest.raises(Invalid) as caught:
        dana.run(acts.strike, Patient, ana.id, why)
    assert set(caught.value.fields) == {"why"}
    assert dana.read(acts.count, Patient) == 1


def test_striking_out_what_someone_else_has_just_changed_is_told(
    dana: Clinic, ben: Clinic, ana: Patient
) -> None:
    ben.run(acts.edit, Patient, ana.id, 1, street="12 Elm St")
    with pytest.raises(Conflict) as caught:
        dana.run(acts.strike, Patient, ana.id, "entered twice", 1)
    assert caught.value.theirs == {"street": "12 Elm St"}
    assert caught.value.who == "Ben Ortiz"
    assert dana.run(acts.strike, Patient, ana.id, "entered twice", caught.value.version).struck_at is not None


# -- two people


def test_the_second_to_save_the_same_field_is_told(
    dana: Clinic, ben: Clinic, ana: Patient, clock: FrozenClock
) -> None:
    clock.at += timedelta(minutes=5)
    ben.run(acts.edit, Patient, ana.id, 1, family="Ruiz", city="Austin")
    before = size(dana)
    with pytest.raises(Conflict) as caught:
        dana.run(acts.edit, Patient, ana.id, 1, family="Moreno", street="12 Elm St")
    conflict = caught.value
    assert (conflict.who, conflict.at, conflict.version) == ("Ben Ortiz", clock.at, 2)
    assert conflict.theirs == {"family": "Ruiz"}
    assert "Ben Ortiz" in str(conflict)
    assert size(dana) == before
    assert dana.read(acts.get, Patient, ana.id).street is None
    assert dana.run(acts.edit, Patient, ana.id, conflict.version, family="Moreno").version == 3


def test_edits_of_different_fields_are_both_kept(dana: Clinic, ben: Clinic, ana: Patient) -> None:
    ben.run(acts.edit, Patient, ana.id, 1, city="Austin")
    dana.run(acts.edit, Patient, ana.id, 1, street="12 Elm St")
    row = dana.read(acts.get, Patient, ana.id)
    assert (row.city, row.street, row.version) == ("Austin", "12 Elm St", 3)


def test_the_same_edit_twice_is_no_conflict(dana: Clinic, ben: Clinic, ana: Patient) -> None:
    ben.run(acts.edit, Patient, ana.id, 1, city="Austin")
    assert dana.run(acts.edit, Patient, ana.id, 1, city="Austin").version == 2


def test_the_one_who_changed_the_field_is_named_not_the_last_one_who_saved(
    dana: Clinic, ben: Clinic, ana: Patient
) -> None:
    ben.run(acts.edit, Patient, ana.id, 1, city="Austin")
    dana.run(acts.edit, Patient, ana.id, 2, street="12 Elm St")
    with pytest.raises(Conflict) as caught:
        dana.run(acts.edit, Patient, ana.id, 1, city="Dallas")
    assert caught.value.who == "Ben Ortiz"


def test_a_field_that_was_changed_and_put_back_is_no_conflict(
    dana: Clinic, ben: Clinic, ana: Patient
) -> None:
    ben.run(acts.edit, Patient, ana.id, 1, city="Austin")
    ben.run(acts.edit, Patient, ana.id, 2, city=None)
    assert dana.run(acts.edit, Patient, ana.id, 1, city="Dallas").version == 4


def test_a_row_made_among_many_is_guarded_as_well(dana: Clinic, ben: Clinic) -> None:
    [key] = dana.run(acts.add_many, Patient, [person("1")])
    ben.run(acts.edit, Patient, key, 1, given="Tom")
    with pytest.raises(Conflict) as caught:
        dana.run(acts.edit, Patient, key, 1, given="Thomas")
    assert caught.value.theirs == {"given": "Tom"}


def test_someone_who_strikes_out_meanwhile(dana: Clinic, ben: Clinic, ana: Patient) -> None:
    ben.run(acts.strike, Patient, ana.id)
    with pytest.raises(Gone):
        dana.run(acts.edit, Patient, ana.id, 1, city="Austin")


def test_a_change_does_not_conflict_with_itself(dana: Clinic, ana: Patient) -> None:
    dana.run(
        acts.several,
        (acts.edit, Patient, ana.id, 1, {"city": "Austin"}),
        (acts.edit, Patient, ana.id, 1, {"city": "Dallas"}),
        (acts.strike, Patient, ana.id, "twice", 1, {}),
    )
    assert dana.read(acts.get, Patient, ana.id).city == "Dallas"
    assert dana.verify() == []


# -- one entry, or none


def test_an_action_over_several_rows_is_one_entry(dana: Clinic, ana: Patient) -> None:
    before = size(dana)
    dana.run(
        acts.several,
        (acts.edit, Patient, ana.id, 1, {"city": "Austin"}),
        (acts.add, Phone, {"patient": ana.id, "number": "1"}),
        (acts.add_many, Condition, [{"patient": ana.id, "display": "Asthma"}], {}),
    )
    assert size(dana) == (before[0] + 1, before[1] + 3)
    assert entries(dana)[-1].patient == ana.id
    assert [picture.part for picture in images(dana, before[0] + 1)] == [0, 1, 2]


@pytest.mark.parametrize(
    "error", [ValueError("x"), Invalid({"": "x"}), Refused("x"), KeyboardInterrupt(), SystemExit()]
)
def test_nothing_is_written_when_an_action_fails(dana: Clinic, error: BaseException) -> None:
    before = size(dana)
    with pytest.raises(type(error)):
        dana.run(acts.fail_after, Patient, error, **person("1"))
    assert size(dana) == before
    assert dana.read(acts.count, Patient) == 0
    assert dana.run(acts.add, Patient, **person("1")).version == 1
    assert dana.verify() == []


def test_an_action_that_did_nothing_leaves_no_entry(dana: Clinic) -> None:
    before = size(dana)
    assert dana.run(acts.nothing) == "done"
    assert size(dana) == before


def test_an_action_may_leave_an_entry_only(dana: Clinic) -> None:
    before = size(dana)
    dana.run(acts.note_only, rows=3, format="csv", key=b"\1\2", days=(1, 2))
    assert size(dana) == (before[0] + 1, before[1])
    assert entries(dana)[-1].facts == {"rows": 3, "format": "csv", "key": "0102", "days": [1, 2]}
    assert dana.verify() == []


def test_a_change_within_a_change_is_refused(dana: Clinic) -> None:
    def inner(change: Any) -> None:
        dana.run(acts.add, Patient, **person("2"))

    inner.__module__, inner.__name__ = acts.__name__, "add"
    with pytest.raises(TypeError, match="open already"):
        dana.run(inner)
    assert dana.read(acts.count, Patient) == 0


def test_a_read_within_a_change_sees_it(dana: Clinic) -> None:
    def inner(change: Any) -> int:
        change.add(Patient, **person("2"))
        return dana.read(acts.count, Patient)

    inner.__module__, inner.__name__ = acts.__name__, "add"
    assert dana.run(inner) == 1


def test_a_change_knows_who_when_and_where(dana: Clinic, clock: FrozenClock) -> None:
    seen: list[Any] = []

    def inner(change: Any) -> None:
        seen.extend((change.who.username, change.now, change.today, str(change.zone), change.settings.name))
        seen.append(change.reference.label("activity", "care-plan"))

    inner.__module__, inner.__name__ = acts.__name__, "add"
    clock.at = datetime(2026, 12, 1, 5, 59, 59, tzinfo=UTC)  # still November in Chicago
    dana.run(inner)
    assert seen == [
        "dana",
        clock.at,
        date(2026, 11, 30),
        "America/Chicago",
        "Lakeside Family Clinic",
        "care plan",
    ]


def test_staff_columns_read_back(dana: Clinic) -> None:
    levin = dana.read(lambda scope: Staff.get(Staff.username == "levin"))
    assert levin.roles == frozenset({"clinician"})
    assert levin.may_bill is True
