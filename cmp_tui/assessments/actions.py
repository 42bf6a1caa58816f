"""Writing assessments: instruments that were answered, in whole or in part, and what their flags led to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from cmp_tui.assessments.definition import Answers, Instrument
from cmp_tui.assessments.library import library
from cmp_tui.assessments.model import Assessment
from cmp_tui.assessments.rules import Scored, asked_items, score, wrong_answers
from cmp_tui.assessments.safety import open_safety_tasks
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients.model import Patient
from cmp_tui.tasks.model import Task

HELP = ("yes", "no")
"""What a patient says about help with a flag; nothing when not asked yet."""
DONE = ("completed", "amended")
ABOUT = ("date", "mode", "with_whom", "remarks")


class Recorded(NamedTuple):
    """What was saved: the record, its scoring, and the safety tasks with the words about where they went."""

    row: Assessment
    scored: Scored
    tasks: tuple[Task, ...] = ()
    words: tuple[str, ...] = ()


def record_assessment(
    change: Change,
    patient: bytes,
    *,
    instrument: str,
    answers: Answers,
    date: dt.date | None = None,
    mode: str | None = None,
    with_whom: str | None = "patient",
    remarks: str | None = None,
    help: Mapping[str, str | None] | None = None,
    stopped: bool = False,
    taken_by: bytes | None = None,
    id: bytes | None = None,
) -> Recorded:
    """Records the answers to an instrument, with the score, band and flags that its file makes of them.

    An answer None was declined; one that is not there is still open, and then the record is half done (or broken
    off, with `stopped`). `help` holds for flags whether the patient wants help. An alarm opens safety tasks in this
    same change. `taken_by` is the person who records it unless said. Raises Invalid, Gone.
    """
    change.get(Patient, patient)
    found = library(change.reference).need(instrument)
    day = _day(change, date)
    _check(change, found, answers)
    scored = score(found, answers)
    row = change.add(
        Assessment,
        id=id,
        patient=patient,
        instrument=found.name,
        edition=found.edition,
        date=day,
        taken_by=taken_by or change.who.id,
        mode=mode,
        with_whom=with_whom,
        remarks=remarks,
        status=_status(scored, stopped),
        **_result(found, answers, scored, help or {}),
    )
    tasks, words = open_safety_tasks(change, row, found, scored.alarms)
    return Recorded(row, scored, tuple(tasks), words)


def edit_assessment(
    change: Change,
    key: bytes,
    seen: int | None,
    *,
    answers: Answers | None = None,
    help: Mapping[str, str | None] | None = None,
    stopped: bool = False,
    **about: Any,
) -> Recorded:
    """Goes on with a half-done assessment, or amends a complete one; `about`: date, mode, with_whom, remarks.

    It is scored anew by the instrument's file of today. An alarm that was not raised before opens safety tasks.
    Raises Invalid, Gone, Conflict.
    """
    unknown = set(about) - set(ABOUT)
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "This is not changed here."))
    now = change.get(Assessment, key)
    found = library(change.reference).need(str(now.instrument))
    before: Answers = now.answers or {}
    given: Answers = before if answers is None else answers
    if "date" in about:
        about["date"] = _day(change, about["date"])
    _check(change, found, given)
    scored = score(found, given)
    wants = _help_of(now) | dict(help or {})
    status = _status(scored, stopped)
    values = {**about, **_result(found, given, scored, wants), "edition": found.edition, "status": status}
    if now.status in DONE and status == "completed":
        same = all(getattr(now, name) == value for name, value in values.items() if name != "status")
        values["status"] = str(now.status) if same else "amended"
    row = change.edit(Assessment, key, seen, **values)
    new = [name for name in scored.alarms if name not in score(found, before).alarms]
    tasks, words = open_safety_tasks(change, row, found, new)
    return Recorded(row, scored, tuple(tasks), words)


def say_help(change: Change, key: bytes, seen: int | None, *, flag: str, wants: str | None) -> Assessment:
    """Says whether the patient wants help with a flag: "yes", "no", or None for not asked yet.

    Raises Invalid when the answers raise no such flag, Gone, Conflict.
    """
    now = change.get(Assessment, key)
    flags = dict(now.flags or {})
    if flag not in flags:
        raise Invalid({"flag": "The answers do not raise this. Look at the assessment again."})
    return change.edit(Assessment, key, seen, flags={**flags, flag: _help(wants)})


def strike_assessment(change: Change, key: bytes, why: str, seen: int | None = None) -> Assessment:
    """Strikes out an assessment that was recorded by mistake. Its safety tasks stay: settle them by hand."""
    return change.strike(Assessment, key, why, seen)


def _result(
    instrument: Instrument, answers: Answers, scored: Scored, wants: Mapping[str, str | None]
) -> dict[str, Any]:
    asked = {item.name for item in asked_items(instrument, answers)}
    kept = {name: answer for name, answer in answers.items() if name in asked}
    flags = {name: _help(wants.get(name)) for name in scored.flags}
    return {
        "answers": kept or None,
        "score": scored.score,
        "band": scored.band.words if scored.band else None,
        "flags": flags or None,
    }


def _check(change: Change, instrument: Instrument, answers: Answers) -> None:
    wrong = wrong_answers(instrument, answers)
    if wrong:
        raise Invalid(wrong)
    if not answers:
        raise Invalid(
            {"": "Nothing is answered yet, so there is nothing to save. Answer one question, or leave."}
        )


def _status(scored: Scored, stopped: bool) -> str:
    if scored.whole:
        return "completed"
    return "stopped" if stopped else "in-progress"


def _day(change: Change, day: dt.date | None) -> dt.date:
    if day is not None and day > change.today:
        raise Invalid({"date": "This day is still to come. Record an assessment on the day when it is made."})
    return day or change.today


def _help(wants: str | None) -> str | None:
    if wants is not None and wants not in HELP:
        raise Invalid({"help": "Answer yes or no."})
    return wants


def _help_of(row: Assessment) -> dict[str, str | None]:
    return dict(row.flags or {})
