"""What a person does about education: a topic is taught, a class is held, who came is noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.education.model import Attendance, Meeting, Teaching
from cmp_tui.education.rules import CAME, EXCUSED, IN_CLASS, INVITED, MISSED, again_on
from cmp_tui.education.topic_book import topic_book
from cmp_tui.patients.model import Patient

STAYED_AWAY = "did not come to the class"
TAKEN_OUT = "taken out of the class"
MOST = 200
"""People in one class."""


def teach(change: Change, patient: bytes, *, topic: str, id: bytes | None = None, **values: Any) -> Teaching:
    """Records that a topic was taught to a patient; today, by the person who says so, unless it is said otherwise.

    Without `repeat_on` the day is proposed by what the patient could say back (settings `teach_partly_days` and
    `teach_repeat_days`). Raises Invalid, Gone.
    """
    change.get(Patient, patient)
    values.setdefault("taught_by", change.who.id)
    given: date | None = values.pop("date", None)
    day = given or change.today
    _check_topic(change, topic)
    _check_day(change, day)
    if values.get("repeat_on") is None:
        values["repeat_on"] = _again(change, day, values.get("teach_back"))
    _check_repeat(day, values["repeat_on"])
    return change.add(Teaching, id=id, patient=patient, topic=topic, date=day, **values)


def edit_teaching(change: Change, key: bytes, seen: int | None, **values: Any) -> Teaching:
    """Changes what was taught. Another result proposes another day for the repetition, unless one is given.

    Raises Invalid, Conflict, Gone.
    """
    now = change.get(Teaching, key)
    if values.get("topic") not in (None, now.topic):
        _check_topic(change, values["topic"])
    day: date = values.get("date") or now.date
    _check_day(change, day)
    if "teach_back" in values and values.get("repeat_on") is None:
        values["repeat_on"] = _again(change, day, values["teach_back"])
    _check_repeat(day, values.get("repeat_on", now.repeat_on))
    return change.edit(Teaching, key, seen, **values)


def strike_teaching(change: Change, key: bytes, why: str, seen: int | None = None) -> Teaching:
    """Strikes out a teaching that was recorded by mistake."""
    return change.strike(Teaching, key, why, seen)


# Classes


def hold_class(
    change: Change,
    patients: Collection[bytes],
    *,
    topic: str,
    date: date,
    came: Collection[bytes] | None = None,
    excused: Collection[bytes] = (),
    id: bytes | None = None,
    **values: Any,
) -> Meeting:
    """Makes a class and invites patients. With `came` it was held: who came is taught its topic, the others missed it.

    Raises Invalid, Gone.
    """
    if not patients or len(patients) > MOST:
        raise Invalid({"": f"A class has from 1 to {MOST} patients."})
    _check_topic(change, topic)
    values.setdefault("held_by", change.who.id)
    meeting = change.add(Meeting, id=id, topic=topic, date=date, **values)
    _invite(change, meeting, patients)
    if came is not None:
        _note(change, meeting, came, excused)
    return meeting


def edit_class(
    change: Change,
    key: bytes,
    seen: int | None,
    *,
    came: Collection[bytes] | None = None,
    excused: Collection[bytes] = (),
    invite: Collection[bytes] = (),
    remove: Collection[bytes] = (),
    **values: Any,
) -> Meeting:
    """Changes a class, invites more patients, takes others out, and notes who came (None: that stays as it is).

    Each who came is taught the topic; where this is taken back, so is the teaching. Raises Invalid, Conflict, Gone.
    """
    if values.get("topic") is not None:
        _check_topic(change, values["topic"])
    meeting = change.edit(Meeting, key, seen, **values)
    _invite(change, meeting, invite)
    _take_out(change, meeting, remove)
    moved = {name: values[name] for name in ("topic", "date") if name in values}
    for teaching in _teachings(meeting) if moved else ():
        change.edit(Teaching, teaching.id, None, **moved)
    if came is not None:
        _note(change, meeting, came, excused)
    return meeting


def strike_class(change: Change, key: bytes, why: str, seen: int | None = None) -> Meeting:
    """Strikes out a class that was recorded by mistake, with who was invited and what it taught. Raises Invalid,
    Conflict, Gone."""
    meeting = change.strike(Meeting, key, why, seen)
    for teaching in _teachings(meeting):
        change.strike(Teaching, teaching.id, why)
    for one in _invited(meeting):
        change.strike(Attendance, one.id, why)
    return meeting


def _take_out(change: Change, meeting: Meeting, patients: Collection[bytes]) -> None:
    if not patients:
        return
    there = _invited(meeting)
    if all(one.patient in patients for one in there):
        raise Invalid({"out": "Nobody would be left. Strike the class out with x instead."})
    for teaching in _teachings(meeting):
        if teaching.patient in patients:
            change.strike(Teaching, teaching.id, TAKEN_OUT)
    for one in there:
        if one.patient in patients:
            change.strike(Attendance, one.id, TAKEN_OUT)


def _invite(change: Change, meeting: Meeting, patients: Iterable[bytes]) -> None:
    there = {one.patient for one in _invited(meeting)}
    for patient in dict.fromkeys(patients):
        if patient not in there:
            change.get(Patient, patient)
            change.add(Attendance, patient=patient, meeting=meeting.id, status=INVITED)


def _note(change: Change, meeting: Meeting, came: Collection[bytes], excused: Collection[bytes]) -> None:
    if meeting.date > change.today:
        raise Invalid({"date": "This class is still to come; who came is noted afterwards."})
    taught = {one.patient: one.id for one in _teachings(meeting)}
    for one in _invited(meeting):
        status = CAME if one.patient in came else EXCUSED if one.patient in excused else MISSED
        change.edit(Attendance, one.id, None, status=status)
        if status == CAME and one.patient not in taught:
            change.add(
                Teaching, patient=one.patient, topic=meeting.topic, date=meeting.date, method=IN_CLASS,
                taught_by=meeting.held_by or change.who.id, meeting=meeting.id,
            )  # fmt: skip
        elif status != CAME and one.patient in taught:
            change.strike(Teaching, taught[one.patient], STAYED_AWAY)


def _invited(meeting: Meeting) -> list[Attendance]:
    return list(Attendance.live().where(Attendance.meeting == meeting.id).order_by(Attendance.id))


def _teachings(meeting: Meeting) -> list[Teaching]:
    return list(Teaching.live().where(Teaching.meeting == meeting.id).order_by(Teaching.id))


def _again(change: Change, day: date, teach_back: str | None) -> date | None:
    settings = change.settings
    return again_on(day, teach_back, settings.teach_partly_days, settings.teach_repeat_days)


def _check_topic(change: Change, topic: str) -> None:
    if topic_book(change.reference).get(topic) is None:
        raise Invalid({"topic": f"There is no page {topic!r} in the folder education."})


def _check_day(change: Change, day: date | None) -> None:
    if day is None:
        raise Invalid({"date": "Say on which day it was."})
    if day > change.today:
        raise Invalid({"date": "This day is still to come."})


def _check_repeat(day: date, again: date | None) -> None:
    if again is not None and again <= day:
        raise Invalid({"repeat_on": "This comes before it was taught."})
