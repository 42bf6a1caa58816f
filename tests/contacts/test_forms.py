"""The forms of the contacts room: what their fields mean, and what saving them writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Conflict, Gone, Invalid
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.staff import me, settings_list
from cmp_tui.contacts.actions import add_contact, edit_entry, log_time, strike_entry
from cmp_tui.contacts.form_values import meant, pause, respanned, shown
from cmp_tui.contacts.forms import FORMS
from cmp_tui.contacts.queries import contact, entry
from cmp_tui.ui.fields.base import Here
from cmp_tui.ui.form import Submission
from cmp_tui.ui.makers import FormContext, Opening
from cmp_tui.ui.spans import Span
from tests.conftest import AsUser

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 16, 4, tzinfo=UTC)


@pytest.fixture
async def context(clinic: Clinic) -> AsyncIterator[FormContext]:
    """What a form may ask of the running program."""
    live = LiveClinic(clinic)
    settings = clinic.read(settings_list)
    here = Here(clinic.clock.now, settings.zone)
    yield FormContext(live, here, clinic.reference, settings, clinic.read(me))
    live.close()


async def made(
    context: FormContext, name: str, patient: bytes | None, record: bytes | None = None, **args: Any
) -> Opening:
    return await FORMS[name](context, patient, record, args)


async def save(opening: Opening, **typed: Any) -> Any:
    """Saves a form as the person would: what stands in it, with what was typed over it."""
    return await opening.submit(Submission({**opening.values, **typed}, typed, opening.seen))


def friday(clinic: Clinic, patient: bytes, minutes: int = 12, **more: Any) -> bytes:
    """Minutes of Friday from 10:04 on, logged today."""
    end = FRIDAY + timedelta(minutes=minutes)
    return bytes(clinic.run(log_time, patient, start=FRIDAY, end=end, activity="call", **more)[0].id)


# -- what the fields mean


def test_minutes_alone_end_now() -> None:
    found = meant(date(2026, 11, 23), None, Span(12), NOW, CHICAGO)
    assert found == (NOW - timedelta(minutes=12), NOW, True)


def test_minutes_alone_on_another_day_need_their_beginning() -> None:
    with pytest.raises(Invalid) as wrong:
        meant(date(2026, 11, 20), None, Span(12), NOW, CHICAGO)
    assert list(wrong.value.fields) == ["begin"]


def test_a_span_of_the_clock_says_both_ends() -> None:
    found = meant(date(2026, 11, 20), time(8, 0), Span(12, time(10, 4), time(10, 16)), NOW, CHICAGO)
    assert found == (FRIDAY, FRIDAY + timedelta(minutes=12), False)


def test_an_hour_that_the_clock_skips_is_told() -> None:
    with pytest.raises(Invalid, match="set forward"):
        meant(date(2026, 3, 8), time(2, 30), Span(5), NOW, CHICAGO)


def test_a_break_needs_its_beginning_or_both_ends() -> None:
    assert pause(date(2026, 11, 20), time(10, 6), Span(3), CHICAGO)[1] == FRIDAY + timedelta(minutes=5)
    with pytest.raises(Invalid):
        pause(date(2026, 11, 20), None, Span(3), CHICAGO)


@given(
    st.integers(0, 23 * 3600),
    st.integers(60, 3 * 3600),
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_another_beginning_moves_a_span_and_keeps_its_seconds(
    second: int, length: int, hour: int, minute: int
) -> None:
    start = datetime(2026, 11, 18, 6, 0, tzinfo=UTC) + timedelta(seconds=second)
    end = start + timedelta(seconds=length)
    assert respanned(start, end, {"note": "x"}, CHICAGO) == {}
    moved = respanned(start, end, {"begin": time(hour, minute)}, CHICAGO)
    first, last = moved["start"], moved["end"]
    assert isinstance(first, datetime) and isinstance(last, datetime)
    assert last - first == end - start
    assert shown(first, last, CHICAGO)["begin"] == time(hour, minute)


@given(st.integers(0, 80_000), st.integers(60, 10_000), st.integers(1, 200))
def test_other_minutes_keep_the_beginning_to_the_second(second: int, length: int, minutes: int) -> None:
    start = datetime(2026, 11, 18, 6, 0, tzinfo=UTC) + timedelta(seconds=second)
    changed = respanned(start, start + timedelta(seconds=length), {"minutes": Span(minutes)}, CHICAGO)
    assert changed == {"start": start, "end": start + timedelta(minutes=minutes), "typed": True}


# -- time without a contact


async def test_back_dated_time_is_marked_late_with_both_dates(
    clinic: Clinic, context: FormContext, ana: bytes
) -> None:
    opening = await made(context, "time", ana, activity="records-review")
    saved = await save(
        opening, day=date(2026, 11, 20), begin=time(10, 4), minutes=Span(12), note="Read labs."
    )
    line = clinic.read(entry, saved.entries[0].id)
    assert line is not None and line.late and line.seconds == 720 and line.note == "Read labs."
    assert opening.said(saved) == (
        "Logged 12 min, Fri 20 Nov 10:04–10:16. It is marked late: done Fri 20 Nov, entered today."
    )


async def test_overlaps_are_told_when_saving(
    clinic: Clinic, context: FormContext, ana: bytes, tom: bytes
) -> None:
    friday(clinic, tom)
    opening = await made(context, "time", ana)
    saved = await save(
        opening, day=date(2026, 11, 20), begin=time(10, 10), minutes=Span(12), activity="other"
    )
    assert opening.said(saved).endswith("It overlaps 6 min with Bell, Tom 10:04–10:16.")


async def test_a_gap_opens_with_its_span_and_asks_for_the_patient(
    context: FormContext, clinic: Clinic, ana: bytes
) -> None:
    start, end = NOW - timedelta(minutes=40), NOW - timedelta(minutes=10)
    opening = await made(context, "time", None, start=start.isoformat(), end=end.isoformat())
    assert opening.spec.identity is None and opening.spec.fields[0].name == "patient"
    with pytest.raises(Invalid) as wrong:
        await save(opening)
    assert list(wrong.value.fields) == ["patient"]
    saved = await save(opening, patient=ana)
    assert (saved.entries[0].start, saved.entries[0].end) == (start, end)


async def test_the_future_is_refused_beside_its_field(context: FormContext, ana: bytes) -> None:
    opening = await made(context, "time", ana)
    with pytest.raises(Invalid) as wrong:
        await save(opening, begin=time(9, 30), minutes=Span(12))
    assert list(wrong.value.fields) == ["minutes"]


# -- a saved entry


async def test_an_entry_is_amended_with_a_reason(clinic: Clinic, context: FormContext, ana: bytes) -> None:
    key = friday(clinic, ana)
    opening = await made(context, "entry", ana, key)
    with pytest.raises(Invalid) as wrong:
        await save(opening, minutes=Span(9))
    assert list(wrong.value.fields) == ["why"]
    await save(opening, minutes=Span(9), why="typed wrong")
    line = clinic.read(entry, key)
    assert line is not None and line.seconds == 540 and line.amended_why == "typed wrong"


async def test_an_entry_that_is_saved_as_it_was_stays_as_it_was(
    clinic: Clinic, context: FormContext, ana: bytes
) -> None:
    key = friday(clinic, ana)
    opening = await made(context, "entry", ana, key)
    saved = await save(opening, why="nothing in fact")
    assert opening.said(saved) == "Nothing was changed."
    line = clinic.read(entry, key)
    assert line is not None and line.amended_at is None


async def test_a_conflict_comes_back_in_the_fields_of_the_form(
    clinic: Clinic, context: FormContext, ana: bytes, as_user: AsUser
) -> None:
    key = friday(clinic, ana)
    opening = await made(context, "entry", ana, key)
    as_user("ben").run(edit_entry, key, None, why="checked", minutes=20)
    with pytest.raises(Conflict) as conflict:
        await save(opening, minutes=Span(9), why="typed wrong")
    assert conflict.value.theirs["minutes"] == Span(20)
    assert conflict.value.who == "Ben Ortiz" and "end" not in conflict.value.theirs


async def test_a_break_leaves_two_entries(clinic: Clinic, context: FormContext, ana: bytes) -> None:
    key = friday(clinic, ana, 20)
    opening = await made(context, "break", ana, key)
    saved = await save(opening, minutes=Span(5, time(10, 10), time(10, 15)))
    assert [int((one.end - one.start).total_seconds()) for one in saved] == [360, 540]
    assert opening.said(saved) == "Break taken out; 10:04–10:10, 10:15–10:24 stays."


async def test_a_break_outside_of_the_entry_is_refused_beside_its_field(
    clinic: Clinic, context: FormContext, ana: bytes
) -> None:
    opening = await made(context, "break", ana, friday(clinic, ana))
    with pytest.raises(Invalid) as wrong:
        await save(opening, begin=time(12, 0), minutes=Span(5))
    assert list(wrong.value.fields) == ["begin"]


async def test_an_entry_is_struck_out_with_a_reason(clinic: Clinic, context: FormContext, ana: bytes) -> None:
    key = friday(clinic, ana)
    opening = await made(context, "strike-entry", ana, key)
    saved = await save(opening, why="wrong patient")
    assert clinic.read(entry, key) is None
    assert opening.said(saved) == "Struck out: 12 min of Fri 20 Nov, 10:04–10:16. u brings it back."
    with pytest.raises(Gone):
        await made(context, "entry", ana, key)


# -- a saved contact


async def test_a_contact_is_amended_and_struck_out(clinic: Clinic, context: FormContext, ana: bytes) -> None:
    key = clinic.run(add_contact, ana, at=FRIDAY, mode="phone", outcome="voicemail", why="Monthly call").id
    opening = await made(context, "contact-edit", ana, key)
    assert (opening.values["day"], opening.values["at_time"]) == (date(2026, 11, 20), time(10, 4))
    with pytest.raises(Invalid) as wrong:
        await save(opening, outcome="reached")
    assert list(wrong.value.fields) == ["amend_why"]
    await save(opening, outcome="reached", at_time=time(11, 0), amend_why="she called right back")
    line = clinic.read(contact, key)
    assert line is not None and line.outcome == "reached" and line.why == "Monthly call"
    assert line.at == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    striking = await made(context, "strike-contact", ana, key)
    await save(striking, why="other patient")
    assert clinic.read(contact, key) is None


async def test_what_is_gone_is_told_when_its_form_opens(
    clinic: Clinic, context: FormContext, ana: bytes
) -> None:
    key = friday(clinic, ana)
    clinic.run(strike_entry, key, "wrong patient")
    for name in ("entry", "break", "strike-entry"):
        with pytest.raises(Gone):
            await made(context, name, ana, key)


# -- to the second, linked, part of a visit


async def test_a_gap_is_filled_to_the_second(context: FormContext, ana: bytes) -> None:
    start, end = NOW - timedelta(minutes=40, seconds=13), NOW - timedelta(minutes=10, seconds=41)
    opening = await made(context, "time", None, start=start.isoformat(), end=end.isoformat())
    saved = await save(opening, patient=ana)
    assert (saved.entries[0].start, saved.entries[0].end) == (start, end)
    assert saved.overlaps == []


async def test_a_gap_whose_minutes_were_typed_over_is_what_was_typed(
    context: FormContext, ana: bytes
) -> None:
    start, end = NOW - timedelta(minutes=40, seconds=13), NOW - timedelta(minutes=10, seconds=41)
    opening = await made(context, "time", None, start=start.isoformat(), end=end.isoformat())
    saved = await save(opening, patient=ana, minutes=Span(5, time(8, 30), time(8, 35)))
    assert (saved.entries[0].end - saved.entries[0].start) == timedelta(minutes=5)


async def test_time_of_a_contact_is_linked_to_it(clinic: Clinic, context: FormContext, ana: bytes) -> None:
    key = clinic.run(add_contact, ana, at=FRIDAY, mode="phone", outcome="voicemail").id
    opening = await made(context, "time", ana, contact=key.hex(), at=FRIDAY.isoformat(), activity="call")
    assert (opening.values["day"], opening.values["begin"]) == (date(2026, 11, 20), time(10, 4))
    await save(opening, minutes=Span(7))
    line = clinic.read(contact, key)
    assert line is not None and line.seconds == 420


async def test_time_is_part_of_a_billed_visit_or_not(
    clinic: Clinic, context: FormContext, ana: bytes
) -> None:
    opening = await made(context, "time", ana)
    saved = await save(opening, minutes=Span(9), face_to_face=True, in_billed_visit=True)
    key = saved.entries[0].id
    line = clinic.read(entry, key)
    assert line is not None and line.face_to_face and line.in_billed_visit
    change = await made(context, "entry", ana, key)
    assert change.values["in_billed_visit"] is True
    await save(change, in_billed_visit=False, why="it was not billed")
    line = clinic.read(entry, key)
    assert line is not None and line.face_to_face and not line.in_billed_visit
