"""Reading assessments: those of a patient, the latest of each instrument, the scores over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.assessments.definition import Answers
from cmp_tui.assessments.model import Assessment
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope


class AssessmentLine(NamedTuple):
    """One assessment. `flags` holds for each possible need whether help is wanted: "yes", "no", None (not asked)."""

    id: bytes
    version: int
    patient: bytes
    instrument: str
    edition: str | None
    status: str
    date: date
    taken_by: bytes | None
    mode: str | None
    with_whom: str | None
    answers: Answers
    score: float | None
    band: str | None
    flags: Mapping[str, str | None]
    remarks: str | None
    taken_name: str | None


class Point(NamedTuple):
    """A score and its day."""

    date: date
    score: float


_OWN = AssessmentLine._fields[:-1]


def assessments_of(scope: Scope, patient: bytes) -> list[AssessmentLine]:
    """Returns a patient's assessments, newest first; of one day, the one recorded later first."""
    return _lines(Assessment.patient == patient)


def assessment_line(scope: Scope, key: bytes) -> AssessmentLine:
    """Returns one assessment. Raises Gone when it is no longer there."""
    found = _lines(Assessment.id == key)
    if not found:
        raise Gone("This assessment is no longer there; it was struck out or undone.")
    return found[0]


def latest_of_each(scope: Scope, patient: bytes) -> dict[str, AssessmentLine]:
    """Returns the newest assessment of each instrument that is complete, by the instrument's name."""
    found: dict[str, AssessmentLine] = {}
    for line in assessments_of(scope, patient):
        if line.status in ("completed", "amended"):
            found.setdefault(line.instrument, line)
    return found


def trend(scope: Scope, patient: bytes, instrument: str) -> list[Point]:
    """Returns a patient's scores of one instrument, oldest first. What has no score is not in it."""
    return trend_in(assessments_of(scope, patient), instrument)


def trend_in(lines: list[AssessmentLine], instrument: str) -> list[Point]:
    """Returns the scores of one instrument in lines that are newest first, oldest first."""
    return [
        Point(line.date, line.score)
        for line in reversed(lines)
        if line.instrument == instrument and line.score is not None
    ]


def _lines(condition: Any) -> list[AssessmentLine]:
    query = (
        Assessment.live(*(getattr(Assessment, name) for name in _OWN), Staff.name)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Assessment.taken_by))
        .where(condition)
        .order_by(Assessment.date.desc(), Assessment.id.desc())
    )
    found = (AssessmentLine(*row) for row in rows(query))
    return [one._replace(answers=one.answers or {}, flags=one.flags or {}) for one in found]
