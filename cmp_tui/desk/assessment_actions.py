"""The comprehensive assessment, saved section by section and finished; its answers fill the chart as they are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from cmp_tui.assessments.actions import Recorded
from cmp_tui.assessments.model import Assessment
from cmp_tui.careplan.model import Goal
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Conflict, Gone, Invalid
from cmp_tui.clinic.history import versions_of
from cmp_tui.desk.assessment_book import book_of
from cmp_tui.desk.assessment_fill import Filling
from cmp_tui.desk.assessment_flags import OPEN, retake_assessment, take_assessment
from cmp_tui.desk.assessment_queries import (
    CURRENT,
    DONE,
    END,
    RECORDS,
    SECTIONS,
    begun_on,
    facts_of,
    open_assessment,
)
from cmp_tui.desk.assessment_rules import Answers, Far, changed, far, whole
from cmp_tui.enrollment.intake_actions import settle_stage
from cmp_tui.enrollment.intake_facts import WHOLE
from cmp_tui.patients.actions import add_condition
from cmp_tui.patients.model import Condition, Patient
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.model import Task

EDITION = "1"
DAYS = 14
"""Days that a suggested task has unless said."""


class SavedSection(NamedTuple):
    """A section that was saved: the assessment, how far section and whole are, and the instruments' records."""

    row: Assessment
    section: Far
    whole: Far
    records: tuple[Recorded, ...]
    goals: tuple[Goal, ...]


class Finished(NamedTuple):
    """An assessment that was finished, and what came of it."""

    row: Assessment
    goals: tuple[Goal, ...]
    tasks: tuple[Task, ...]
    conditions: tuple[Condition, ...]
    again: bool = False
    """Finished before by the same form: nothing was written now."""


def save_section(
    change: Change,
    patient: bytes,
    *,
    section: str,
    answers: Answers,
    instruments: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    seen: int | None = None,
    key: bytes | None = None,
    id: bytes | None = None,
) -> SavedSection:
    """Saves the answers of one section, fills the chart with them, and records its instruments.

    `answers` are those that the form holds by their questions: what is not there is open. `instruments` hold, by their
    question, what `record_assessment` takes of the instrument and of the longer one that it opened. `seen` is the
    version that the form showed: what somebody else has answered since and this form did not touch stays theirs.
    `key` names the assessment (a finished one is amended); without it the one under way is meant, or a new one is
    begun (its key is `id`). Raises Invalid by the question's name, Gone, Conflict.
    """
    change.get(Patient, patient)
    book = book_of(change.reference)
    questions = {one.name: one for one in book.of(section)}
    if not questions or set(answers) - set(questions):
        raise Invalid(
            {"": "This section has no such questions (any more). Close the form and open it again."}
        )
    row = _row(change, patient, key)
    held: dict[str, Any] = dict(row.answers or {}) if row is not None else {}
    given = dict(answers)
    if row is not None and seen is not None and seen < row.version:
        given = _beside(change, row, seen, given, questions)
    records: list[Recorded] = []
    goals: list[Goal] = []
    made = dict(held.get(RECORDS, {}))
    begun = change.today if row is None else begun_on(row.date, held)
    for name, parts in (instruments or {}).items():
        taken = _instrument(change, patient, held.get(name), begun, parts)
        if taken is not None:
            records += taken.records
            goals += taken.goals
            given[name] = taken.records[0].row.id.hex()
            made |= {f"{name}+": ["assessment", one.row.id.hex()] for one in taken.records[1:]}
    if row is None and not given:
        raise Invalid(
            {"": "Nothing is answered yet, so there is nothing to save. Answer one question, or leave."}
        )
    filling = Filling(change, patient, book, change.today, made, held)
    filling.fill(section, given, changed(held, given, questions))
    held = {name: value for name, value in held.items() if name not in questions} | given
    if filling.made:
        held[RECORDS] = filling.made
    held[SECTIONS] = {
        **held.get(SECTIONS, {}), section: [change.today.isoformat(), change.who.id.hex()],
    }  # fmt: skip
    if row is None:
        row = change.add(
            Assessment, id=id, patient=patient, instrument=WHOLE, edition=EDITION, status="in-progress",
            date=change.today, taken_by=change.who.id, answers=held,
        )  # fmt: skip
    else:
        status = {"status": "amended"} if row.status in DONE else {}
        row = change.edit(Assessment, row.id, None, answers=held, **status)
    facts = facts_of(change.scope, patient, held)
    return SavedSection(
        row, far(book, section, held, facts), whole(book, held, facts), tuple(records), tuple(goals)
    )


def finish_assessment(
    change: Change,
    patient: bytes,
    *,
    key: bytes | None = None,
    seen: int | None = None,
    goals: Sequence[Mapping[str, Any]] = (),
    tasks: Sequence[Mapping[str, Any]] = (),
    conditions: Sequence[Mapping[str, Any]] = (),
    remarks: str | None = None,
    date: date | None = None,
) -> Finished:
    """Finishes the assessment: it is complete on the day, and what was ticked becomes goals, tasks and conditions.

    A goal holds title, topic, own_words and responsible, and is proposed; a task title, days and why; a condition its
    words. What is open in the chart under the same words is not made twice. A section of which nothing was asked wants
    `remarks`. Raises Invalid, Gone, Conflict.
    """
    row = _row(change, patient, key)
    if row is None:
        done = _finished_now(patient)
        if done is not None and done.date == change.today:
            return Finished(done, (), (), (), again=True)
        raise Gone("There is no assessment under way to finish. Begin one with its first section.")
    book = book_of(change.reference)
    held: dict[str, Any] = dict(row.answers or {})
    facts = facts_of(change.scope, patient, held)
    empty = [one.title for one in book.sections if not _begun(far(book, one.name, held, facts))]
    if empty and not (remarks or "").strip():
        raise Invalid({"remarks": f"Say why nothing was asked about: {', '.join(empty)}."})
    day = date or change.today
    if day > change.today:
        raise Invalid({"date": "This day is still to come. Finish it on the day when it is done."})
    made_goals = [made for one in goals if (made := _goal(change, patient, one)) is not None]
    made_tasks = [new for one in tasks if (new := _task(change, patient, one)) is not None]
    made_conditions = [added for one in conditions if (added := _condition(change, patient, one)) is not None]
    end = [["goal", one.title] for one in made_goals] + [["task", one.title] for one in made_tasks]
    end += [["condition", one.display] for one in made_conditions]
    held[END] = [*held.get(END, []), *end]
    status = "amended" if row.status in DONE else "completed"
    if status == "completed":
        row = change.edit(Assessment, row.id, seen, status=status, date=day, remarks=remarks, answers=held)
    else:  # the day of an assessment stays that on which it was made
        row = change.edit(Assessment, row.id, seen, status=status, remarks=remarks, answers=held)
    settle_stage(change, patient)
    return Finished(row, tuple(made_goals), tuple(made_tasks), tuple(made_conditions))


def _row(change: Change, patient: bytes, key: bytes | None) -> Any:
    if key is None:
        return open_assessment(patient)
    row = change.get(Assessment, key)
    if row.patient != patient or row.instrument != WHOLE:
        raise Gone("This is not a comprehensive assessment of this patient.")
    return row


def _finished_now(patient: bytes) -> Any:
    query = Assessment.live().where((Assessment.patient == patient) & (Assessment.instrument == WHOLE))
    return (
        query.where(Assessment.status.in_(DONE))
        .order_by(Assessment.date.desc(), Assessment.id.desc())
        .first()
    )


def _beside(
    change: Change, row: Any, seen: int, given: Answers, questions: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers of a form beside those that were saved since it was opened. Raises Conflict where both changed."""
    versions = versions_of(change.scope, Assessment, row.id)
    theirs: Answers = row.answers or {}
    before = theirs
    for version in versions:
        if version.version > seen and "answers" in version.changed:
            before = version.changed["answers"][0] or {}
    mine, others = changed(before, given, questions), changed(before, theirs, questions)
    if mine & others & changed(given, theirs, questions):
        last = versions[0]
        raise Conflict(last.who, last.at, row.version, {name: theirs.get(name) for name in sorted(others)})
    kept = {name: given[name] for name in given if name not in others}
    return kept | {name: theirs[name] for name in others if name in theirs}


def _instrument(
    change: Change, patient: bytes, earlier: Any, begun: date, parts: Sequence[Mapping[str, Any]]
) -> Any:
    """Records an instrument, or changes what was recorded of it within this assessment; what is older stays."""
    first = parts[0]
    own = (
        Assessment.get_or_none(Assessment.id == bytes.fromhex(earlier)) if isinstance(earlier, str) else None
    )
    if own is None or own.struck_at is not None or own.date < begun or own.instrument != first["instrument"]:
        return take_assessment(change, patient, parts=parts) if first["answers"] else None
    if not first["answers"]:
        return None
    return retake_assessment(
        change, own.id, None, answers=first["answers"], help=first.get("help"), parts=parts[1:]
    )


def _begun(one: Far) -> bool:
    return one.begun or not one.asked


def _goal(change: Change, patient: bytes, values: Mapping[str, Any]) -> Goal | None:
    title = " ".join(str(values.get("title") or "").split())
    if not title:
        raise Invalid({"goals": "Give the goal a name, or take its tick away."})
    same = (Goal.patient == patient) & (Goal.title == title) & Goal.lifecycle.in_(OPEN)
    if Goal.live().where(same).exists():
        return None
    return change.add(
        Goal,
        patient=patient,
        title=title,
        topic=values.get("topic") or None,
        own_words=values.get("own_words") or None,
        responsible=values.get("responsible") or None,
        confidence=values.get("confidence"),
        lifecycle="proposed",
        start=change.today,
    )


def _task(change: Change, patient: bytes, values: Mapping[str, Any]) -> Task | None:
    title = " ".join(str(values.get("title") or "").split())
    if not title:
        raise Invalid({"tasks": "Give the task a name, or take its tick away."})
    same = (Task.patient == patient) & (Task.title == title) & Task.settled_at.is_null()
    if Task.live().where(same).exists():
        return None
    due = change.today + timedelta(days=int(values.get("days") or DAYS))
    return add_task(change, title=title, due=due, patient=patient, why=values.get("why") or None)


def _condition(change: Change, patient: bytes, values: Mapping[str, Any]) -> Condition | None:
    words = " ".join(str(values.get("title") or "").split())
    if not words:
        raise Invalid({"conditions": "Give the condition a name, or take its tick away."})
    same = (Condition.patient == patient) & (Condition.display == words) & Condition.status.in_(CURRENT)
    if Condition.live().where(same).exists():
        return None
    return add_condition(change, patient, display=words)
