"""Closing a month, what is kept of it, and what becomes of whatever is written into it later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cmp_tui.billing.charges import charges
from cmp_tui.billing.close_actions import close_month
from cmp_tui.billing.closing import Kept, closed_view, judge_month, what_stands
from cmp_tui.billing.model import ClosedResult
from cmp_tui.billing.month_queries import as_object, month_view
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.history import last_undoable, versions_of
from cmp_tui.contacts.actions import (
    add_contact,
    edit_contact,
    edit_entry,
    log_time,
    split_break,
    start_timer,
    strike_contact,
    strike_entry,
)
from cmp_tui.contacts.model import ClosedMonth, Contact, TimeEntry
from cmp_tui.contacts.overlap import month_overlaps
from cmp_tui.desk.actions import log_contact, log_group, log_timer
from cmp_tui.enrollment.actions import enroll, record_consent, strike_consent
from cmp_tui.enrollment.model import Consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_condition, add_patient, edit_patient
from tests.conftest import AsUser

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
WHY = "plans are on paper until December"
LATE = "found on paper"


def at(day: int, hour: int = 15, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def add(clinic: Clinic, mrn: str, minutes: int, *, consent: bool = True) -> bytes:
    """Somebody enrolled in CCM with minutes on 5 October at 10:00; each patient has an hour of their own."""
    key = clinic.run(
        add_patient, family=f"Family {mrn}", mrn=mrn, birth_date="1948-02-11", payer="Medicare", mbi="1EG4TE5MK73",
        billing_practitioner="levin",
    ).id  # fmt: skip
    for name, code in (("Diabetes", "E11.9"), ("Heart failure", "I50.32")):
        clinic.run(add_condition, key, display=name, code=code, system="icd-10-cm", chronic=True)
    if consent:
        clinic.run(
            record_consent, key, program="CCM", decision="accepted", date=date(2026, 9, 1), mode="verbal",
            points=POINTS,
        )  # fmt: skip
        clinic.run(enroll, key, program="CCM", start=date(2026, 9, 1))
    if minutes:
        start = at(5, 15 + int(mrn[-1]))
        clinic.run(
            log_time, key, start=start, end=start + timedelta(minutes=minutes), activity="call", program="CCM"
        )
    return key


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return add(clinic, "A-1", 25)


@pytest.fixture
def closed(clinic: Clinic, ana: bytes) -> bytes:
    """October, closed with Ana's 25 minutes; returns Ana."""
    clinic.run(close_month, OCTOBER, WHY)
    return ana


def entry_of(clinic: Clinic, patient: bytes) -> TimeEntry:
    return clinic.read(lambda scope: TimeEntry.live().where(TimeEntry.patient == patient).get())


def entry(clinic: Clinic, key: bytes) -> TimeEntry:
    return clinic.read(lambda scope: TimeEntry.get(TimeEntry.id == key))


def marks(row: Any) -> tuple[Any, ...]:
    return row.amended_at, row.amended_by, row.amended_why


def kept(clinic: Clinic, patient: bytes) -> Kept:
    view = clinic.read(closed_view, OCTOBER)
    assert view is not None
    return next(one for one in view.patients if one.patient == patient)


def undo(clinic: Clinic) -> None:
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)


# -- what stands in the way


def kinds(clinic: Clinic, month: Month = OCTOBER) -> list[str]:
    return [one.kind for one in clinic.read(what_stands, month)]


def test_what_is_missing_for_patients(clinic: Clinic, ana: bytes) -> None:
    clinic.run(edit_patient, ana, None, mbi=None)
    tom = add(clinic, "T-2", 30)
    add(clinic, "L-3", 12)
    consent = clinic.read(lambda scope: Consent.get(Consent.patient == tom).id)
    clinic.run(strike_consent, consent, "another patient's")
    found = clinic.read(what_stands, OCTOBER)
    assert [(one.mrn, one.kind) for one in found] == [
        ("A-1", "initiating-visit"), ("A-1", "plan"), ("A-1", "mbi"),
        ("T-2", "consent"), ("T-2", "initiating-visit"), ("T-2", "plan"),
    ]  # fmt: skip


def test_a_draft_of_anyone_and_a_timer_of_the_month(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    before = kinds(clinic)
    as_user("ben").keep("draft", "time", {"title": "Time", "typed": {}}, ana)
    as_user("ben").keep("window", "month", {}, ana)
    clinic.run(start_timer, ana)
    assert kinds(clinic) == ["draft", *before]
    assert "timer" in kinds(clinic, NOVEMBER)
    draft = clinic.read(what_stands, OCTOBER)[0]
    assert (draft.patient, draft.mrn, draft.mend) == (ana, "A-1", "draft")
    assert draft.says.startswith("Ben Ortiz has an open draft, Time, for Family A-1, since 2026-11-23 09:00")


def test_a_timer_left_on_since_the_month(clinic: Clinic, ana: bytes) -> None:
    clinic.run(start_timer, ana, at(30))
    (timer,) = [one for one in clinic.read(what_stands, OCTOBER) if one.kind == "timer"]
    assert timer.says == "Dana Ruiz's timer for Family A-1 runs since 2026-10-30 10:00."
    assert kinds(clinic, Month(2026, 9)) == []


def test_time_of_one_person_for_two_patients_at_once(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    tom, linh = add(clinic, "T-2", 0, consent=False), add(clinic, "L-3", 0, consent=False)
    span = {"activity": "call", "program": "CCM"}
    theirs = clinic.run(log_time, tom, start=at(5, 16, 10), end=at(5, 16, 40), **span)[0]
    clinic.run(
        log_time, ana, start=at(5, 16, 5), end=at(5, 16, 9), **span
    )  # hers alone: her own minutes twice
    as_user("ben").run(log_time, linh, start=at(5, 16, 10), end=at(5, 16, 40), **span)
    clinic.run(
        log_group, [tom, linh], id=clinic.new_id(), mode="phone", outcome="reached", start=at(7), end=at(7, 15, 30)
    )  # fmt: skip
    (pair,) = clinic.read(month_overlaps, OCTOBER)
    hers = next(one for one in clinic.read(lambda scope: list(TimeEntry.live())) if one.start == at(5, 16))
    assert (pair.first, pair.second, pair.start, pair.end) == (
        hers.id, theirs.id, at(5, 16, 10), at(5, 16, 25),
    )  # fmt: skip
    (one,) = [one for one in clinic.read(what_stands, OCTOBER) if one.kind == "overlap"]
    assert (one.mrn, one.rows, one.mend) == ("A-1", (hers.id, theirs.id), "entry")
    assert one.says == "Dana Ruiz logged 2026-10-05 11:10–11:25 for both Family A-1 and Family T-2."
    again = clinic.run(log_time, tom, start=at(5, 16, 20), end=at(5, 16, 30), **span)[0]
    (one,) = [one for one in clinic.read(what_stands, OCTOBER) if one.kind == "overlap"]
    assert one.says.endswith("for both Family A-1 and Family T-2, and 1 more for two at once.")
    assert one.rows == (hers.id, theirs.id, again.id)
    clinic.run(strike_entry, hers.id, "not hers")  # then nothing is billed for either of them
    assert clinic.read(what_stands, OCTOBER) == []


# -- closing


def test_it_is_closed_past_what_stands_only_with_a_reason(clinic: Clinic, ana: bytes) -> None:
    stands = clinic.read(what_stands, OCTOBER)
    with pytest.raises(Invalid) as refused:
        clinic.run(close_month, OCTOBER)
    assert set(refused.value.fields) == {"reason"}
    with pytest.raises(Invalid):
        clinic.run(close_month, OCTOBER, "  ")
    row = clinic.run(close_month, OCTOBER, WHY)
    assert (row.month, row.closed_by, row.reason) == ("2026-10", clinic.read(lambda s: s.who.id), WHY)
    assert [one["says"] for one in row.passed] == [one.says for one in stands]
    assert row.rules_checked_on == date(2026, 11, 20)
    assert len(row.rules_digest) == 64
    entry = clinic.read(audit_page, limit=1)[0]
    assert entry.action == "billing.close_month"
    assert entry.facts["passed"] == {"plan": 1, "initiating-visit": 1}


def test_a_month_that_is_not_over_or_is_closed_is_never_closed(clinic: Clinic, closed: bytes) -> None:
    for month in (NOVEMBER, OCTOBER, Month(2021, 3)):
        with pytest.raises(Invalid) as refused:
            clinic.run(close_month, month, WHY)
        assert set(refused.value.fields) == {""}, month
    assert [one.kind for one in clinic.read(what_stands, OCTOBER)] == ["closed"]


@pytest.mark.parametrize("username", ["ben", "levin", "otto"])
def test_only_an_admin_closes_a_month(as_user: AsUser, ana: bytes, username: str) -> None:
    with pytest.raises(Refused):
        as_user(username).run(close_month, OCTOBER, WHY)
    as_user("iris").run(close_month, OCTOBER, WHY)


def test_it_cannot_be_undone(clinic: Clinic, closed: bytes) -> None:
    done = clinic.read(last_undoable)
    assert done is not None
    assert not done.undoable
    with pytest.raises(Refused):
        clinic.undo(done.seq)


def test_an_empty_month_can_be_closed(clinic: Clinic) -> None:
    clinic.run(close_month, OCTOBER)
    view = clinic.read(closed_view, OCTOBER)
    assert view is not None
    assert (view.patients, view.closed.reason, view.closed.passed) == ([], None, [])
    assert clinic.read(closed_view, NOVEMBER) is None


# -- what is kept


def test_everybodys_result_is_kept(clinic: Clinic, ana: bytes) -> None:
    add(clinic, "L-3", 12)
    before = as_object(clinic.read(month_view, OCTOBER))["patients"]
    lines = clinic.read(charges, OCTOBER)
    clinic.run(close_month, OCTOBER, WHY)
    view = clinic.read(closed_view, OCTOBER)
    assert view is not None
    assert [one.result for one in view.patients] == before
    assert [one.now for one in view.patients] == [None, None]
    assert not view.rules_changed
    assert clinic.read(charges, OCTOBER) == [one._replace(status="closed") for one in lines]
    assert clinic.verify() == []


def test_other_facts_stay_editable_and_the_kept_result_stays(clinic: Clinic, closed: bytes) -> None:
    clinic.run(
        record_consent, closed, program="CCM", decision="revoked", date=date(2026, 9, 2), mode="verbal", points=(),
    )  # fmt: skip
    clinic.run(edit_patient, closed, None, mrn="A-9", family="Ruiz")
    one = kept(clinic, closed)
    assert [line["code"] for line in one.result["lines"]] == ["99490"]
    assert one.result["mrn"] == "A-1"
    assert one.now is not None
    assert one.now["lines"] == []
    assert "consent" in {note["rule"] for note in one.now["blocked"]}
    assert one.amended_at is None


def test_other_rules_are_told(clinic: Clinic, closed: bytes) -> None:
    own = clinic.path.with_suffix(".data") / "programs"
    own.mkdir(parents=True)
    text = clinic.reference.text("programs/ccm.toml")
    (own / "ccm.toml").write_text(text + "\n# read by the clinic\n", encoding="utf-8")
    view = clinic.read(closed_view, OCTOBER)
    assert view is not None
    assert view.rules_changed


def test_one_patient_alone(clinic: Clinic, ana: bytes) -> None:
    tom = add(clinic, "B-2", 41)
    clinic.run(close_month, OCTOBER, WHY)
    clinic.run(strike_entry, entry_of(clinic, tom).id, "twice")
    whole = clinic.read(closed_view, OCTOBER)
    assert whole is not None
    for one in whole.patients:
        alone = clinic.read(closed_view, OCTOBER, [one.patient])
        assert alone is not None
        assert alone.patients == [one]


# -- amendments


def test_time_that_is_added_asks_for_a_reason(clinic: Clinic, closed: bytes) -> None:
    span = {"start": at(20), "end": at(20, 15, 20), "activity": "call", "program": "CCM"}
    for why in (None, " "):
        with pytest.raises(Invalid) as refused:
            clinic.run(log_time, closed, **span, amend_why=why)
        assert list(refused.value.fields) == ["amend_why"]
        assert refused.value.fields["amend_why"].startswith("October 2026 is closed.")
    with pytest.raises(Invalid) as refused:
        clinic.run(log_time, closed, **span, amend_why="x" * 301)
    assert list(refused.value.fields) == ["amend_why"]
    (row,) = clinic.run(log_time, closed, **span, amend_why=LATE)
    now, who = clinic.read(lambda scope: (scope.now, scope.who.id))
    assert marks(row) == (now, who, LATE)
    one = kept(clinic, closed)
    assert one.now is not None
    assert (one.result["minutes"]["CCM"]["staff"], one.now["minutes"]["CCM"]["staff"]) == (25, 45)
    assert one.amended_at == now
    (open_,) = clinic.run(log_time, closed, start=at(2, month=11), end=at(2, 16, month=11), activity="call")
    assert marks(open_) == (None, None, None)


def test_saving_it_twice_writes_once(clinic: Clinic, clock: FrozenClock, closed: bytes) -> None:
    key = clinic.new_id()
    span = {"start": at(20), "end": at(20, 15, 20), "activity": "call"}
    first = clinic.run(log_time, closed, **span, id=key, amend_why=LATE)
    clock.at += timedelta(minutes=1)
    assert clinic.run(log_time, closed, **span, id=key, amend_why="again") == first


def test_only_the_part_in_the_closed_month_is_an_amendment(clinic: Clinic, closed: bytes) -> None:
    """From 31 October 23:50 to 1 November 00:10."""
    start = datetime(2026, 11, 1, 4, 50, tzinfo=UTC)
    one, two = clinic.run(
        log_time, closed, start=start, end=start + timedelta(minutes=20), activity="call", amend_why=LATE
    )
    assert (one.amended_why, two.amended_why) == (LATE, None)


def test_a_contact_that_is_added(clinic: Clinic, closed: bytes) -> None:
    form = {"mode": "phone", "outcome": "reached", "start": at(21), "end": at(21, 15, 9), "did": "asked"}
    with pytest.raises(Invalid) as refused:
        clinic.run(log_contact, closed, **form)
    assert list(refused.value.fields) == ["amend_why"]
    logged = clinic.run(log_contact, closed, **form, amend_why=LATE)
    assert logged.contact.amended_why == logged.entries[0].amended_why == LATE
    with pytest.raises(Invalid):
        clinic.run(add_contact, closed, at=at(22), mode="phone", outcome="voicemail")


def test_a_timer_that_is_logged(clinic: Clinic, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana, at(30)).id
    other = add(clinic, "B-2", 0)
    clinic.run(start_timer, other, at(30, 15, 30))
    clinic.run(close_month, OCTOBER, WHY)
    with pytest.raises(Invalid):
        clinic.run(log_timer, timer, activity="records-review", answer="keep")
    (row,) = clinic.run(log_timer, timer, activity="records-review", answer="keep", amend_why=LATE)
    assert row.amended_why == LATE


def test_edits_and_strikes_keep_the_original_readable(clinic: Clinic, closed: bytes) -> None:
    key = entry_of(clinic, closed).id
    with pytest.raises(Invalid):
        clinic.run(edit_entry, key, None, why="", minutes=45)
    clinic.run(edit_entry, key, None, why="the phone's list", minutes=45)
    assert entry(clinic, key).amended_why == "the phone's list"
    clinic.run(split_break, key, None, at(5, 16, 5), at(5, 16, 10), "lunch")
    clinic.run(strike_entry, key, "another patient's")
    versions = clinic.read(versions_of, TimeEntry, key)
    assert [one.changed["end"][1] for one in versions if "end" in one.changed] == [
        at(5, 16, 5), at(5, 16, 45), at(5, 16, 25),
    ]  # fmt: skip
    assert versions[0].struck


@pytest.mark.parametrize("month", [10, 11])
def test_moving_time_into_or_out_of_the_month_is_an_amendment(
    clinic: Clinic, closed: bytes, month: int
) -> None:
    if month == 10:
        key = entry_of(clinic, closed).id
        moved = at(2, month=11)
    else:
        span = {"start": at(2, month=11), "end": at(2, 16, month=11), "activity": "call"}
        key, moved = clinic.run(log_time, closed, **span)[0].id, at(20)
    clinic.run(edit_entry, key, None, why="wrong day", start=moved, end=moved + timedelta(minutes=25))
    assert entry(clinic, key).amended_why == "wrong day"
    undo(clinic)
    assert entry(clinic, key).amended_why == "undone after October 2026 was closed"


# -- undo


def test_undo_of_what_was_added_strikes_it_out_with_its_date(clinic: Clinic, closed: bytes) -> None:
    span = {"start": at(20), "end": at(20, 15, 20), "activity": "call", "program": "CCM"}
    (row,) = clinic.run(log_time, closed, **span, amend_why=LATE)
    undo(clinic)
    gone = entry(clinic, row.id)
    assert (gone.struck_why, gone.amended_why) == ("undone", "undone after October 2026 was closed")
    assert kept(clinic, closed).now is None
    clinic.redo(clinic.read(lambda scope: last_redo(scope)))
    back = entry(clinic, row.id)
    assert (back.struck_at, back.amended_why) == (None, "done again after October 2026 was closed")
    assert clinic.verify() == []


def last_redo(scope: Any) -> int:
    from cmp_tui.clinic.history import last_redoable

    done = last_redoable(scope)
    assert done is not None
    return done.seq


def test_undo_of_an_edit_made_before_the_close(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    """Ben mistypes, Dana closes, Ben takes it back: the entry is as it was before, and says so."""
    key = entry_of(clinic, ana).id
    clinic.run(edit_entry, key, None, why="typing", minutes=35)
    other = add(clinic, "B-2", 0)
    seq = next(one.seq for one in clinic.read(audit_page, limit=9) if one.action == "contacts.edit_entry")
    clinic.run(close_month, OCTOBER, WHY)
    clock.at += timedelta(hours=1)
    clinic.undo(seq)
    back = entry(clinic, key)
    assert back.end - back.start == timedelta(minutes=25)
    assert marks(back)[0] == clock.at
    assert marks(back)[2] == "undone after October 2026 was closed"
    assert kept(clinic, ana).amended_at == clock.at
    assert clinic.read(lambda scope: scope.zone) and other
    assert clinic.verify() == []


def test_undo_of_a_strike(clinic: Clinic, closed: bytes) -> None:
    key = entry_of(clinic, closed).id
    clinic.run(strike_entry, key, "twice")
    now = kept(clinic, closed).now
    assert now is not None
    assert now["lines"] == []
    undo(clinic)
    back = entry(clinic, key)
    assert (back.struck_at, back.amended_why) == (None, "undone after October 2026 was closed")
    assert kept(clinic, closed).now is None  # the month is as it was kept; its history says what happened


def test_undo_of_a_contact(clinic: Clinic, ana: bytes) -> None:
    form = {"mode": "phone", "outcome": "reached", "start": at(21), "end": at(21, 15, 9), "did": "asked"}
    contact = clinic.run(log_contact, ana, **form).contact
    clinic.run(close_month, OCTOBER, WHY)
    clinic.run(edit_contact, contact.id, None, "wrong person", with_whom="caregiver")
    undo(clinic)
    back = clinic.read(lambda scope: Contact.get(Contact.id == contact.id))
    assert (back.with_whom, back.amended_why) == ("patient", "undone after October 2026 was closed")
    clinic.run(strike_contact, contact.id, "another patient's")
    undo(clinic)
    assert clinic.verify() == []


def test_undo_in_an_open_month_leaves_no_mark(clinic: Clinic, closed: bytes) -> None:
    span = {"start": at(2, month=11), "end": at(2, 16, month=11), "activity": "call"}
    key = clinic.run(log_time, closed, **span)[0].id
    clinic.run(edit_entry, key, None, why="typing", minutes=30)
    undo(clinic)
    assert marks(entry(clinic, key)) == (None, None, None)


# -- what to bill, before and after


def codes(clinic: Clinic) -> list[tuple[str, str, int, int | None, str]]:
    found = clinic.read(charges, OCTOBER)
    return [(one.mrn, one.code, one.units, one.minutes, one.status) for one in found]


def test_an_amended_month_shows_both(clinic: Clinic, ana: bytes) -> None:
    add(clinic, "B-2", 41)
    linh = add(clinic, "L-3", 12)
    clinic.run(close_month, OCTOBER, WHY)
    closed_lines = [
        ("A-1", "99490", 1, 25, "closed"),
        ("B-2", "99490", 1, 41, "closed"),
        ("B-2", "99439", 1, 41, "closed"),
    ]
    assert codes(clinic) == closed_lines
    span = {"activity": "call", "program": "CCM", "amend_why": LATE}
    clinic.run(log_time, ana, start=at(20), end=at(20, 15, 20), **span)
    clinic.run(log_time, linh, start=at(20, 16), end=at(20, 16, 8), **span)
    assert codes(clinic) == [
        closed_lines[0], ("A-1", "99490", 1, 45, "amended"), ("A-1", "99439", 1, 45, "amended"),
        *closed_lines[1:], ("L-3", "99490", 1, 20, "amended"),
    ]  # fmt: skip
    stamps = {one.amended_at for one in clinic.read(charges, OCTOBER)}
    assert stamps == {None, datetime(2026, 11, 23, 9, 0)}  # noqa: DTZ001
    clinic.run(strike_entry, entry_of(clinic, linh).id, "not hers")
    assert codes(clinic)[-1] == closed_lines[-1]


def test_what_is_billed_no_more_has_no_units(clinic: Clinic, closed: bytes) -> None:
    clinic.run(strike_entry, entry_of(clinic, closed).id, "twice")
    assert codes(clinic) == [("A-1", "99490", 1, 25, "closed"), ("A-1", "99490", 0, None, "amended")]


def test_who_comes_into_the_month_later(clinic: Clinic, closed: bytes) -> None:
    late = add(clinic, "C-4", 0)
    clinic.run(
        log_time, late, start=at(20), end=at(20, 15, 30), activity="call", program="CCM", amend_why=LATE
    )
    one = kept(clinic, late)
    assert (one.result["lines"], one.charges) == ([], [])
    assert one.now is not None
    assert [line["code"] for line in one.now["lines"]] == ["99490"]


def test_each_closed_month_keeps_its_own_rows(clinic: Clinic, clock: FrozenClock, closed: bytes) -> None:
    clock.at = datetime(2026, 12, 2, 15, 0, tzinfo=UTC)
    clinic.run(close_month, NOVEMBER, WHY)
    counts = clinic.read(
        lambda scope: (ClosedMonth.live().count(), ClosedResult.live().count(), kinds(clinic, NOVEMBER))
    )
    assert counts == (2, 2, ["closed"])


def test_a_month_that_was_judged_before_is_judged_anew_when_something_was_written(clinic: Clinic) -> None:
    """Judging a large clinic takes seconds: it is done before anybody has to wait, and is never used when it is old."""
    october = OCTOBER
    judged = clinic.read(judge_month, october)
    key = clinic.run(add_patient, family="Late", mrn="Z-9").id
    start = datetime(2026, 10, 5, 15, tzinfo=UTC)
    clinic.run(log_time, key, start=start, end=start + timedelta(minutes=25), activity="call", program="CCM")
    clinic.run(close_month, october, None, judged)
    kept = clinic.read(closed_view, october)
    assert kept is not None
    assert [one.result["mrn"] for one in kept.patients] == ["Z-9"]
