"""Logging time and changing it, on a real file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused
from cmp_tui.clinic.history import last_undoable, versions_of
from cmp_tui.clinic.staff import change_setting, edit_staff
from cmp_tui.contacts.actions import edit_entry, log_time, split_break, strike_entry
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.queries import entries_of, entry, overlaps_with, patient_month_seconds
from tests.conftest import MONDAY, AsUser


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def local(clinic: Clinic, *parts: int) -> datetime:
    zone = clinic.read(lambda scope: scope.zone)
    return datetime(*parts, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type,misc]


def seconds(clinic: Clinic, patient: bytes, month: str = "2026-11") -> int:
    return clinic.read(patient_month_seconds, patient, month)


def log(clinic: Clinic, patient: bytes, start: datetime, end: datetime, **values: object) -> list[TimeEntry]:
    return clinic.run(log_time, patient, start=start, end=end, activity="call", **values)  # type: ignore[arg-type]


def test_a_span_is_kept_with_who_and_credential(clinic: Clinic, ana: bytes) -> None:
    start, end = local(clinic, 2026, 11, 23, 8, 4), local(clinic, 2026, 11, 23, 8, 16)
    log(clinic, ana, start, end)
    (line,) = clinic.read(entries_of, ana, "2026-11")
    assert (line.start, line.end, line.seconds) == (start, end, 720)
    assert (line.staff_name, line.credential, line.clinical) == ("Dana Ruiz", "RN", True)
    assert not line.late
    assert not line.typed
    assert line.name == "Ruiz-Moreno, Ana"


def test_the_credential_is_that_of_the_time_of_logging(clinic: Clinic, ana: bytes) -> None:
    log(clinic, ana, at(-20), at(-10))
    dana = clinic.read(lambda scope: scope.who)
    clinic.run(edit_staff, dana.id, None, credential="NP")
    log(clinic, ana, at(-10), at(-5))
    assert [line.credential for line in clinic.read(entries_of, ana, "2026-11")] == ["RN", "NP"]


def test_the_future_and_backward_spans_are_refused(clinic: Clinic, ana: bytes) -> None:
    for start, end, field in ((at(-5), at(1), "end"), (at(-5), at(-5), "end"), (at(-5), at(-9), "end")):
        with pytest.raises(Invalid) as refused:
            log(clinic, ana, start, end)
        assert field in refused.value.fields
    assert seconds(clinic, ana) == 0


def test_a_long_span_needs_a_reason_also_over_midnight(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        log(clinic, ana, at(-14 * 60), at(0))
    assert set(refused.value.fields) == {"long_why"}
    log(clinic, ana, at(-14 * 60), at(0), long_why="Stayed with her in the emergency room.")
    assert seconds(clinic, ana) == 14 * 3600


def test_a_span_over_the_end_of_a_month_belongs_to_both_months(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    clock.at = local(clinic, 2026, 12, 1, 0, 30)
    log(clinic, ana, local(clinic, 2026, 11, 30, 23, 50), clock.at)
    assert seconds(clinic, ana, "2026-11") == 600
    assert seconds(clinic, ana, "2026-12") == 1800
    assert not any(
        line.late for month in ("2026-11", "2026-12") for line in clinic.read(entries_of, ana, month)
    )


def test_months_follow_the_clinic_not_utc_nor_the_time_of_entry(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    # 20:00 in Chicago on 30 November is December in UTC, and it is entered in December.
    clock.at = local(clinic, 2026, 12, 2, 9, 0)
    log(clinic, ana, local(clinic, 2026, 11, 30, 20, 0), local(clinic, 2026, 11, 30, 20, 10))
    assert seconds(clinic, ana, "2026-11") == 600
    assert seconds(clinic, ana, "2026-12") == 0
    (line,) = clinic.read(entries_of, ana, "2026-11")
    assert line.late
    assert line.entered_at == clock.at


def test_a_break_leaves_two_entries(clinic: Clinic, ana: bytes) -> None:
    entries = log(clinic, ana, at(-60), at(0), breaks=[(at(-40), at(-30))])
    assert [(one.start, one.end) for one in entries] == [(at(-60), at(-40)), (at(-30), at(0))]
    assert seconds(clinic, ana) == 50 * 60


def test_striking_lowers_every_later_view_and_undo_brings_it_back(clinic: Clinic, ana: bytes) -> None:
    first, second = log(clinic, ana, at(-60), at(-40))[0], log(clinic, ana, at(-40), at(-30))[0]
    assert seconds(clinic, ana) == 1800
    clinic.run(strike_entry, first.id, "wrong patient", first.version)
    assert seconds(clinic, ana) == 600
    assert [line.id for line in clinic.read(entries_of, ana, "2026-11")] == [second.id]
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    assert seconds(clinic, ana) == 1800


def test_striking_needs_a_reason(clinic: Clinic, ana: bytes) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(-40))
    with pytest.raises(Invalid):
        clinic.run(strike_entry, entry_.id, "  ")
    assert seconds(clinic, ana) == 1200


def test_an_amendment_keeps_the_original_and_says_who_and_why(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(-40))
    as_user("ben").run(edit_entry, entry_.id, entry_.version, why="the call was shorter", end=at(-45))
    line = clinic.read(entry, entry_.id)
    assert line is not None
    assert (line.seconds, line.amended_by, line.amended_why) == (900, "Ben Ortiz", "the call was shorter")
    assert (line.staff_name, line.entered_at) == ("Dana Ruiz", MONDAY)
    versions = clinic.read(versions_of, TimeEntry, entry_.id)
    assert versions[0].changed["end"] == (at(-40), at(-45))
    assert versions[0].who == "Ben Ortiz"


def test_an_edit_that_changes_nothing_amends_nothing(clinic: Clinic, ana: bytes) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(-40), note="said so")
    same = clinic.run(
        edit_entry,
        entry_.id,
        entry_.version,
        why="",
        end=at(-40),
        start=at(-60),
        note="said so ",
        activity="call",
    )
    assert same.version == entry_.version
    assert same.amended_at is None


def test_an_amendment_needs_a_reason_and_keeps_its_patient(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(-40))
    with pytest.raises(Invalid) as refused:
        clinic.run(edit_entry, entry_.id, None, why=" ", end=at(-50))
    assert "why" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        clinic.run(edit_entry, entry_.id, None, why="wrong patient", patient=tom)
    assert "patient" in refused.value.fields
    with pytest.raises(Invalid):
        clinic.run(edit_entry, entry_.id, None, why="longer", end=at(1))


def test_typed_minutes_when_amending_move_the_end(clinic: Clinic, ana: bytes) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(-40))
    clinic.run(edit_entry, entry_.id, None, why="13 it was", minutes=13)
    line = clinic.read(entry, entry_.id)
    assert line is not None
    assert (line.start, line.end, line.typed) == (at(-60), at(-47), True)
    clinic.run(edit_entry, entry_.id, None, why="until 8:14", end=at(-46))
    line = clinic.read(entry, entry_.id)
    assert line is not None
    assert (line.end, line.typed) == (at(-46), False)


def test_an_amendment_over_midnight_is_split(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    clock.at = local(clinic, 2026, 12, 1, 9, 0)
    (entry_,) = log(clinic, ana, local(clinic, 2026, 11, 30, 23, 0), local(clinic, 2026, 11, 30, 23, 30))
    clinic.run(edit_entry, entry_.id, None, why="it went on", end=local(clinic, 2026, 12, 1, 0, 10))
    assert seconds(clinic, ana, "2026-11") == 3600
    assert seconds(clinic, ana, "2026-12") == 600


def test_two_people_who_amend_one_entry_overwrite_nothing(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(-40))
    clinic.run(edit_entry, entry_.id, entry_.version, why="shorter", end=at(-45))
    with pytest.raises(Conflict) as conflict:
        as_user("ben").run(edit_entry, entry_.id, entry_.version, why="longer", end=at(-30))
    assert conflict.value.who == "Dana Ruiz"
    assert conflict.value.theirs["end"] == at(-45)
    assert seconds(clinic, ana) == 900


def test_a_forgotten_break_is_taken_out_of_a_saved_entry(clinic: Clinic, ana: bytes) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(0), program="CCM")
    left = clinic.run(split_break, entry_.id, entry_.version, at(-40), at(-25), "lunch")
    assert [(one.start, one.end) for one in left] == [(at(-60), at(-40)), (at(-25), at(0))]
    assert seconds(clinic, ana) == 45 * 60
    lines = clinic.read(entries_of, ana, "2026-11")
    assert [line.amended_why for line in lines] == ["lunch", "lunch"]
    assert [line.program for line in lines] == ["CCM", "CCM"]
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    assert seconds(clinic, ana) == 3600


def test_a_break_that_misses_or_swallows_the_entry_is_refused(clinic: Clinic, ana: bytes) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(-30))
    for start, end in ((at(-20), at(-10)), (at(-70), at(-20)), (at(-40), at(-50))):
        with pytest.raises(Invalid):
            clinic.run(split_break, entry_.id, None, start, end, "lunch")
    assert seconds(clinic, ana) == 1800


def test_overlaps_are_found_for_the_same_person_only(
    clinic: Clinic, as_user: AsUser, ana: bytes, tom: bytes
) -> None:
    log(clinic, ana, at(-60), at(-40))
    log(clinic, tom, at(-40), at(-30))
    log(as_user("ben"), tom, at(-60), at(-40))
    dana = clinic.read(lambda scope: scope.who.id)
    found = clinic.read(overlaps_with, dana, at(-50), at(-40))
    assert [(one.name, one.seconds, one.staff_name) for one in found] == [
        ("Ruiz-Moreno, Ana", 600, "Dana Ruiz")
    ]
    assert clinic.read(overlaps_with, dana, at(-50), at(-40), [found[0].entry]) == []


def test_a_setting_decides_what_is_long(clinic: Clinic, ana: bytes) -> None:
    clinic.run(change_setting, "longest_entry_hours", 1)
    with pytest.raises(Invalid):
        log(clinic, ana, at(-61), at(0))
    log(clinic, ana, at(-60), at(0))


def test_time_for_nobody_and_by_nobody(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    with pytest.raises(Gone):
        log(clinic, b"\1" * 16, at(-10), at(0))
    with pytest.raises(Refused):
        log(as_user("otto"), ana, at(-10), at(0))
    with pytest.raises(Invalid) as refused:
        clinic.run(log_time, ana, start=at(-10), end=at(0), activity="juggling")
    assert "activity" in refused.value.fields


def test_another_beginning_leaves_typed_minutes_typed(clinic: Clinic, ana: bytes) -> None:
    (entry_,) = log(clinic, ana, at(-60), at(-40), typed=True)
    clinic.run(edit_entry, entry_.id, None, why="it began later", start=at(-55), end=at(-35))
    assert clinic.run(edit_entry, entry_.id, None, why="and later", start=at(-50)).typed
    (by_clock,) = log(clinic, ana, at(-30), at(-20))
    assert not clinic.run(edit_entry, by_clock.id, None, why="it began later", start=at(-25)).typed


def test_the_shares_of_a_group_are_typed_alike(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    group = clinic.new_id()
    one, other = (
        log(clinic, who, at(-60), at(-40), group=group, group_size=2, group_place=place)[0]
        for place, who in enumerate((ana, tom))
    )
    clinic.run(edit_entry, one.id, None, why="13 it was", minutes=13)
    line = clinic.read(entry, other.id)
    assert line is not None
    assert (line.end, line.typed) == (at(-47), True)


def test_time_that_is_saved_twice_is_written_once(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    clock.at = local(clinic, 2026, 12, 1, 9, 0)
    key = clinic.new_id()
    start, end = local(clinic, 2026, 11, 30, 23, 50), local(clinic, 2026, 12, 1, 0, 10)
    first = log(clinic, ana, start, end, id=key, note="read \n the report ")
    clock.at += timedelta(minutes=1)
    again = log(clinic, ana, start, end, id=key, note="read \n the report ")
    assert [one.id for one in again] == [one.id for one in first]
    assert first[0].id == key
    assert (len(first), seconds(clinic, ana, "2026-11"), seconds(clinic, ana, "2026-12")) == (2, 600, 600)
    for other in ({"note": "else"}, {"program": "CCM"}):
        with pytest.raises(Invalid, match="saved already"):
            log(clinic, ana, start, end, id=key, **{"note": "read \n the report ", **other})
    with pytest.raises(Invalid, match="saved already"):
        log(clinic, ana, start, start + timedelta(minutes=5), id=key, note="read \n the report ")
