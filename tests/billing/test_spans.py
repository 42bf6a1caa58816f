"""The log that streams: the same spans as when each row is asked and worked out by itself, in the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from peewee import JOIN

from cmp_tui.billing import spans as spans_module
from cmp_tui.billing.export import encode_log, patient_sheet, span_sheet, time_log_sheets
from cmp_tui.billing.queries import Span, by_patient, time_log, why_entry_not
from cmp_tui.clinic.calendar import Month, day_of, local
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.rules import is_late, seconds_of
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.enrollment.queries import standings
from cmp_tui.files.sheet import Sheet
from cmp_tui.files.table_out import save_table, write_table
from cmp_tui.files.xlsx_out import write_xlsx
from cmp_tui.patients.model import Patient
from tests.clinic import acts
from tests.clinic.conftest import person

MONTHS = (Month(2026, 3), Month(2026, 11))
"""In both of them the clocks are set."""


def plain_log(scope: Scope, month: Month) -> list[Span]:
    """The log as it is defined: every row through the fields' own converters and the rooms' own rules."""
    first, after = month.span(scope.zone)
    query = (
        TimeEntry.live(TimeEntry, Patient, Staff.name, Staff.username, Contact)
        .join(Patient, on=(Patient.id == TimeEntry.patient))
        .switch(TimeEntry)
        .join(Staff, on=(Staff.id == TimeEntry.staff))
        .switch(TimeEntry)
        .join(Contact, JOIN.LEFT_OUTER, on=(Contact.id == TimeEntry.contact) & Contact.struck_at.is_null())
        .where((TimeEntry.start >= first) & (TimeEntry.start < after))
        .order_by(Patient.mrn, Patient.id, TimeEntry.start, Staff.username, TimeEntry.id)
    )
    standing, names = standings(scope), dict(rows(Staff.select(Staff.username, Staff.name)))
    return [_plain_span(scope, row, standing, names) for row in query.dicts()]


def _plain_span(scope: Scope, row: dict[str, Any], standing: Any, names: dict[str, str]) -> Span:
    entry = TimeEntry.get_by_id(row["id"])
    patient = Patient.get_by_id(entry.patient)
    staff = Staff.get_by_id(entry.staff)
    contact = Contact.get_or_none((Contact.id == entry.contact) & Contact.struck_at.is_null())

    def wall(instant: datetime) -> datetime:
        return local(instant, scope.zone).replace(tzinfo=None)

    day = day_of(entry.start, scope.zone)
    doctor = entry.practitioner or patient.billing_practitioner
    stands = standing.get((entry.patient, entry.program or ""))
    why = why_entry_not(
        scope.reference, stands, entry.program, day, entry.clinical, entry.credential, entry.activity,
        entry.in_billed_visit, entry.precision,
    )  # fmt: skip
    lines = [entry.note]
    if contact is not None:
        told = (
            ("Why", contact.why),
            ("Changed", contact.changed),
            ("Did", contact.did),
            ("Next", contact.next),
        )
        lines += [f"{label}: {text}" for label, text in told if text]
    return Span(
        patient.mrn, f"{patient.family}, {patient.given}" if patient.given else patient.family, patient.birth_date,
        day, None if entry.precision else wall(entry.start), None if entry.precision else wall(entry.end),
        seconds_of(entry.start, entry.end, entry.group_size, entry.group_place), scope.settings.time_zone,
        staff.name, entry.credential, entry.clinical, entry.program, names.get(doctor, doctor), entry.activity,
        contact.mode if contact else "none", contact.with_whom if contact else None,
        contact.outcome if contact else "not-applicable", why is None, why, wall(entry.entered_at),
        is_late(entry.end, entry.entered_at, scope.zone), wall(entry.amended_at) if entry.amended_at else None,
        entry.amended_why, Staff.get_by_id(entry.amended_by).name if entry.amended_by else None,
        "\n".join(line for line in lines if line) or None,
    )  # fmt: skip


@pytest.fixture
def busy(clinic: Clinic) -> Clinic:
    """Patients of every standing, and entries of every kind around the days on which the clocks are set."""
    clinic.rights = acts.RIGHTS
    staff = [key for (key,) in clinic.read(lambda scope: list(rows(Staff.select(Staff.id))))]
    clinic.run(acts.several, *_everything(clinic, Random(5), staff))
    return clinic


def _everything(clinic: Clinic, rng: Random, staff: list[bytes]) -> Iterator[tuple[Any, ...]]:
    keys = [clinic.new_id() for _ in range(25)]
    names = (("Ruiz", "Ana"), ("=cmd", None), ('O"Neil', "Tom"), ("Tran, Jr", "Linh"))
    people = [
        person(f"{rng.randrange(99)}-{place}", names[place % 4][0], given=names[place % 4][1], id=key,
               billing_practitioner=rng.choice(["levin", "Dr. Outside", None]))
        for place, key in enumerate(keys)
    ]  # fmt: skip
    consents, times, contacts, entries = [], [], [], []
    for key in keys:
        for program in ("CCM", "BHI", "TCM"):
            for _ in range(rng.randrange(3)):
                day = date(2026, rng.choice([2, 3, 10, 11]), rng.randint(1, 28))
                decision = rng.choice(["accepted", "accepted", "declined", "revoked"])
                effective = day + timedelta(days=9) if decision == "revoked" else None
                consents.append(
                    {"patient": key, "program": program, "decision": decision, "date": day, "mode": "verbal",
                     "taken_by": staff[0], "effective_to": effective}
                )  # fmt: skip
            start = date(2026, rng.choice([2, 3, 10, 11]), rng.randint(1, 28))
            status = rng.choice(["active", "onhold", "finished", "planned", "cancelled"])
            end = start + timedelta(days=rng.randrange(20)) if status == "finished" else None
            times.append({"patient": key, "program": program, "status": status, "start": start, "end": end})
    for _ in range(400):
        day = rng.choice(
            [date(2026, 3, 1), date(2026, 3, 8), date(2026, 3, 31), date(2026, 11, 1), date(2026, 11, 2)]
        )
        start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
            seconds=rng.randrange(2 * 86_400)
        )
        key, contact = rng.choice(keys), rng.choice([None, clinic.new_id()])
        entered = start + timedelta(minutes=rng.choice([5, 20, 600, 3000]))
        if contact:
            contacts.append(
                {"id": contact, "patient": key, "staff": staff[0], "at": start, "mode": "phone", "outcome": "reached",
                 "signed_as": "Dana Ruiz, RN", "signed_at": start, "why": rng.choice([None, "sugar"]),
                 "did": rng.choice([None, "two\nlines"]), "next": rng.choice([None, "call"])}
            )  # fmt: skip
        size = rng.choice([1, 1, 3, 7])
        amended = rng.choice([None, None, entered])
        entries.append(
            {"patient": key, "staff": rng.choice(staff), "contact": contact, "start": start,
             "end": start + timedelta(seconds=rng.randrange(3_000)), "credential": "RN", "activity": "call",
             "clinical": rng.random() < 0.8, "program": rng.choice(["CCM", "CCM", "BHI", "TCM", None]),
             "practitioner": rng.choice([None, "levin", "Dr. Outside"]), "in_billed_visit": rng.random() < 0.1,
             "group_size": size, "group_place": rng.randrange(size), "entered_at": entered,
             "precision": rng.choice([None] * 6 + ["day", "month"]), "note": rng.choice([None, "note", "a, b"]),
             "amended_at": amended, "amended_by": rng.choice([None, *staff]) if amended else None,
             "amended_why": "mistyped" if amended else None}
        )  # fmt: skip
    for model, lines in ((Patient, people), (Consent, consents), (Enrollment, times), (Contact, contacts)):
        yield acts.add_many, model, lines, {}
    entry_keys = [clinic.new_id() for _ in entries]
    yield (
        acts.add_many,
        TimeEntry,
        [{**row, "id": key} for row, key in zip(entries, entry_keys, strict=True)],
        {},
    )
    for key in entry_keys[::17]:
        yield acts.strike, TimeEntry, key, {}
    for row in contacts[::9]:
        yield acts.strike, Contact, row["id"], {}
    yield acts.strike, Patient, keys[3], {}


def encoded(form: str, sheet: Sheet) -> bytes:
    return b"".join(encode_log(form, sheet))


def streamed(clinic: Clinic, form: str, month: Month, **how: Any) -> bytes:
    file = io.BytesIO()
    clinic.read(time_log_sheets, lambda sheets: save_table(file, form, sheets), month, **how)
    return file.getvalue()


@pytest.mark.parametrize("at_once", [1, 4, 1000])
def test_each_span_is_what_the_rules_say(busy: Clinic, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(spans_module, "AT_ONCE", at_once)
    for month in MONTHS:
        plain = busy.read(plain_log, month)
        assert len(plain) > 100
        assert busy.read(time_log, month) == plain
        assert {span.why_not for span in plain} >= {None, "consent revoked", "no program"}
        assert {True, False} == {span.late for span in plain} == {span.billable for span in plain}


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_stream_has_the_same_bytes(busy: Clinic, form: str) -> None:
    for month in MONTHS:
        plain = busy.read(plain_log, month)
        months = by_patient(busy.reference, month, plain)
        assert streamed(busy, form, month) == encoded(form, span_sheet(plain))
        assert streamed(busy, form, month, notes=True) == encoded(form, span_sheet(plain, notes=True))
        assert streamed(busy, form, month, by="patient") == encoded(form, patient_sheet(months))


def test_a_workbook_has_both_sheets_in_either_order(busy: Clinic, tmp_path: Path) -> None:
    month = MONTHS[1]
    plain = busy.read(plain_log, month)
    sheets = [span_sheet(plain, notes=True), patient_sheet(by_patient(busy.reference, month, plain))]
    for by in ("span", "patient"):
        write_xlsx(tmp_path / "plain.xlsx", sheets)
        assert (
            streamed(busy, "xlsx", month, by=by, both=True, notes=True)
            == (tmp_path / "plain.xlsx").read_bytes()
        )
        sheets = [
            patient_sheet(by_patient(busy.reference, month, plain)),
            span_sheet(plain, notes=True),
        ]


def test_narrowing_keeps_the_order_and_drops_the_rest(busy: Clinic) -> None:
    month = MONTHS[1]
    plain = busy.read(plain_log, month)
    for narrow, keep in (
        ({"program": "BHI"}, lambda span: span.program == "BHI"),
        ({"staff": "ben"}, lambda span: span.staff == "Ben Ortiz"),
        ({"practitioner": "LEVIN"}, lambda span: span.practitioner == "Amy Levin"),
        ({"practitioner": "Dr. Outside"}, lambda span: span.practitioner == "Dr. Outside"),
    ):
        wanted = [span for span in plain if keep(span)]
        assert wanted
        assert busy.read(time_log, month, **narrow) == wanted  # type: ignore[arg-type]


def test_what_is_written_is_of_one_moment_and_is_read_back(busy: Clinic, tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []

    def fill(save: Any) -> int:
        def once(sheets: Sequence[Sheet]) -> int:
            with pytest.raises(TypeError):  # nobody writes from here while the rows are read
                busy.run(acts.add, Patient, **person("new"))
            return int(save(sheets))

        return busy.read(time_log_sheets, once, MONTHS[1])

    path = tmp_path / "log.csv"
    rows_ = write_table(path, "csv", fill, then=lambda hidden, count: seen.append((hidden.name, count)))
    assert rows_ == len(busy.read(time_log, MONTHS[1]))
    assert [count for _, count in seen] == [rows_]
    assert path.read_bytes() == streamed(busy, "csv", MONTHS[1])
