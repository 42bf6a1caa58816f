"""Time in records folders: spans, minutes, days alone, midnight, groups, and the contacts that go with it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.contacts.model import Contact, TimeEntry
from tests.exchange.records_folder import at, bring, counts, export, fresh, living, notes, plan, put, refused

ANA = """
    mrn,family,given
    M1,Ruiz,Ana
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one patient."""
    return put(tmp_path / "in", patients=ANA)


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ("2026-10-05T09:00,2026-10-05T09:10,", at(5, 9), at(5, 9, 10)),
        ("2026-10-05T09:00:05,2026-10-05T09:10:07,10", at(5, 9, second=5), at(5, 9, 10, second=7)),
        ("2026-10-05T09:00-07:00,2026-10-05T12:10-04:00,", at(5, 11), at(5, 11, 10)),
        ("2026-10-05T14:00Z,,5", at(5, 9), at(5, 9, 5)),
        ("2026-10-05 09:00,,5", at(5, 9), at(5, 9, 5)),
        ("2026-10-05T23:30,2026-10-05T24:00,", at(5, 23, 30), at(6, 0)),
        ("2026-10-05T09:00:60,,5", at(5, 9, 1), at(5, 9, 6)),
        ("2026-11-01T01:30,2026-11-01T01:40,", at(1, 1, 30, month=11), at(1, 1, 40, month=11)),
        ("2026-11-01T01:30-06:00,2026-11-01T01:40-06:00,", at(1, 2, 30, month=11), at(1, 2, 40, month=11)),
        ("2026-11-01T00:30,2026-11-01T02:30,", at(1, 0, 30, month=11), at(1, 3, 30, month=11)),
    ],
)
def test_times(clinic: Clinic, folder: Path, cells: str, start: datetime, end: datetime) -> None:
    made = bring(clinic, put(folder, time_entries=f"mrn,staff,start,end,minutes\nM1,ben,{cells}"))
    assert (refused(made), notes(made)) == ([], [])
    assert living(clinic, TimeEntry, "start end") == [(start, end)]
    assert bring(clinic, folder).empty


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            "2026-03-08T02:30,,5",
            'start: "2026-03-08T02:30" does not exist: the clinic\'s clock is set forward over it',
        ),
        ("2026-10-05T25:00,,5", 'start: "2026-10-05T25:00" is not a time: there is no such time of day.'),
        ("2026-02-29,,5", 'start: "2026-02-29" is not a date: that month has no such day.'),
        ("5 Oct,,5", 'start: "5 Oct" is not a time. Write it like'),
        ("0001-01-01T00:00,,5", "write a year from 1800 to 2199"),
        ("2026-10-05T09:00,,", "end: this is needed, or else minutes."),
        ("2026-10-05,,", "end: this is needed, or else minutes."),
        ("2026-10-05T09:00,2026-10-05T08:00,", "end: it comes before the start."),
        ("2026-10-05T09:00,2027-10-05T08:00,", "end: it is more than 31 days after the start."),
        ("2026-10-05,,1500", "minutes: this is more than that day has."),
        ("2026-10-05T09:00,,ten", 'minutes: "ten" is not a whole number.'),
        ("2026-10-05T09:00,,-5", "is not a whole number."),
        (",,5", "start: this is needed."),
    ],
)
def test_times_that_cannot_be_read(clinic: Clinic, folder: Path, cells: str, sentence: str) -> None:
    made = bring(clinic, put(folder, time_entries=f"mrn,staff,start,end,minutes\nM1,ben,{cells}"))
    (told,) = refused(made)
    assert told.startswith("time_entries.csv:2 ")
    assert sentence in told
    assert living(clinic, TimeEntry) == []


def test_minutes_that_contradict_are_named(clinic: Clinic, folder: Path) -> None:
    made = bring(
        clinic,
        put(
            folder,
            time_entries="""
                mrn,staff,start,end,minutes
                M1,ben,2026-10-05T09:00,2026-10-05T09:10:59,11
                M1,ben,2026-10-06T09:00,2026-10-06T09:10,12
            """,
        ),
    )
    assert notes(made) == [
        "time_entries.csv:3 minutes: 12 contradict start and end, which are 10 apart; those were taken."
    ]


def test_time_over_midnight_is_split_and_has_one_contact(clinic: Clinic, folder: Path) -> None:
    put(folder, time_entries="mrn,staff,start,end,mode\nM1,ben,2026-10-31T23:30,2026-11-01T00:20,phone")
    made = bring(clinic, folder)
    assert counts(made, "time_entries") == {"new": 2}
    midnight = at(1, 0, month=11)
    assert living(clinic, TimeEntry, "start end") == [
        (at(31, 23, 30), midnight), (midnight, at(1, 0, 20, month=11)),
    ]  # fmt: skip
    ((contact,),) = living(clinic, Contact, "id")
    assert living(clinic, TimeEntry, "contact") == [(contact,), (contact,)]
    assert bring(clinic, folder).empty


def test_a_month_stays_whole_and_stands_at_its_first_day(clinic: Clinic, folder: Path) -> None:
    bring(clinic, put(folder, time_entries="mrn,staff,start,minutes,precision\nM1,ben,2026-10-15,3000,month"))
    assert living(clinic, TimeEntry, "start end precision") == [(at(1, 0), at(3, 2), "month")]


def test_the_shares_of_a_group_add_up(clinic: Clinic, tmp_path: Path) -> None:
    rows = "\n".join(f"M{number},ben,2026-10-05T09:00,2026-10-05T09:10,3,phone" for number in (1, 2, 3, 4))
    folder = put(
        tmp_path / "in",
        patients="mrn\nM1\nM2\nM3\nM4",
        time_entries=f"mrn,staff,start,end,group_size,mode\n{rows}",
    )
    bring(clinic, folder)
    entries = living(clinic, TimeEntry, "group_place group")
    assert [place for place, _ in entries] == [0, 1, 2, 0]
    assert len({group for _, group in entries[:3]}) == 1
    assert entries[3][1] not in (None, entries[0][1])
    assert bring(clinic, folder).empty
    # Someone who was forgotten joins the group that is open.
    put(
        folder,
        patients="mrn\nM5",
        time_entries=f"mrn,staff,start,end,group_size\n{rows.replace('M4', 'M5').replace(',phone', '')}",
    )
    assert counts(bring(clinic, folder), "time_entries") == {"new": 1, "same": 3}


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("phone,,", ("phone", "not-applicable", "patient")),
        ("none,,", None),
        (",,", None),
        (",not-applicable,", None),
        (",voicemail,", ("none", "voicemail", "patient")),
        (",,caregiver", ("none", "not-applicable", "caregiver")),
    ],
)
def test_an_entry_makes_the_contact_it_speaks_of(
    clinic: Clinic, folder: Path, said: str, made: tuple[str, ...] | None
) -> None:
    put(
        folder,
        time_entries=f"mrn,staff,start,minutes,mode,outcome,with_whom\nM1,ben,2026-10-05T09:00,5,{said}",
    )
    done = bring(clinic, folder)
    assert counts(done, "contacts") == ({"made": 1} if made else {})
    assert living(clinic, Contact, "mode outcome with_whom") == ([made] if made else [])
    assert bring(clinic, folder).empty


def test_a_contact_that_is_here_is_linked_and_stays_as_it_is(clinic: Clinic, folder: Path) -> None:
    bring(clinic, put(folder, contacts="mrn,staff,at,mode,outcome\nM1,ben,2026-10-05T09:00,phone,voicemail"))
    (folder / "contacts.csv").unlink()
    put(folder, time_entries="mrn,staff,start,minutes,mode\nM1,ben,2026-10-05T09:00,5,video")
    bring(clinic, folder)
    assert living(clinic, Contact, "mode") == [("phone",)]
    assert living(clinic, TimeEntry, "contact") == living(clinic, Contact, "id")
    assert notes(plan(clinic, folder)) == [
        "time_entries.csv:2 its contact stays as it is: mode is phone here."
    ]


def test_without_contacts_csv_an_exported_entry_brings_its_contact(
    clinic: Clinic, folder: Path, tmp_path: Path
) -> None:
    put(folder, time_entries="mrn,staff,start,minutes,mode\nM1,ben,2026-10-05T09:00,5,phone")
    bring(clinic, folder)
    before = export(clinic, tmp_path / "out")
    for name in ("contacts.csv", "tasks.csv"):
        (tmp_path / "out" / name).unlink()
    other = fresh(tmp_path / "other.cmp")
    assert counts(bring(other, tmp_path / "out"), "contacts") == {"made": 1}
    assert living(other, Contact, "id mode") == living(clinic, Contact, "id mode")
    assert export(other, tmp_path / "again")["time_entries.csv"] == before["time_entries.csv"]
    other.close_here()
