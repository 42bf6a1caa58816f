"""What is known of rows about care plans and teaching: the words of the goal, the step, the topic, and how many more
of the kind the patient has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peewee import fn

from cmp_tui.careplan.copy_hash import HALF, copy_hash
from cmp_tui.careplan.goal_rules import WORKED_ON
from cmp_tui.careplan.holder_rules import OWN
from cmp_tui.careplan.model import Goal, Intervention, Plan, PlanCopy, PlanVersion
from cmp_tui.careplan.rules import CHASED, is_habit
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.education.model import Teaching
from cmp_tui.education.topic_book import topic_book
from cmp_tui.queue.rows import DAYS_AHEAD
from cmp_tui.queue.words import Details


def of_reviews(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Goals to be reviewed: their words, and how many more of the patient are due."""
    found = list(rows(Goal.select(Goal.id, Goal.patient, Goal.title).where(Goal.id.in_(keys))))
    due = (
        Goal.live(Goal.patient, fn.COUNT(Goal.id))
        .where(
            Goal.patient.in_([patient for _, patient, _ in found])
            & Goal.lifecycle.in_(sorted(WORKED_ON))
            & (Goal.review_on <= scope.today + timedelta(days=DAYS_AHEAD))
        )
        .group_by(Goal.patient)
    )
    counts = dict(rows(due))
    return {bytes(key): Details(title=title, by=_more(counts, patient)) for key, patient, title in found}


def of_steps(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Steps that are due: their words, whose they are, and how many more of the patient are."""
    i = Intervention
    query = i.select(i.id, i.patient, i.title, i.responsible, i.who).where(i.id.in_(keys))
    found = list(rows(query))
    due = i.live(i.patient, i.responsible, i.every).where(
        i.patient.in_([one[1] for one in found])
        & i.status.in_(sorted(CHASED))
        & (i.due <= scope.today + timedelta(days=DAYS_AHEAD))
    )
    counts: dict[bytes, int] = {}
    for patient, responsible, every in rows(due):
        if not is_habit(responsible, every):
            counts[patient] = counts.get(patient, 0) + 1
    return {
        bytes(key): Details(
            title=title,
            to=who or scope.reference.label("responsible", responsible),
            by=_more(counts, patient),
        )
        for key, patient, title, responsible, who in found
    }


def of_plans(scope: Scope, patients: set[bytes]) -> dict[bytes, Details]:
    """Patients: the day on which the last review of their plan was finished."""
    last: dict[bytes, date] = {}
    plans = Plan.live(Plan.patient, Plan.made_on, Plan.reviewed_on).where(Plan.patient.in_(patients))
    versions = PlanVersion.live(PlanVersion.patient, PlanVersion.date).where(
        PlanVersion.patient.in_(patients)
    )
    for patient, *days in (*rows(plans), *rows(versions)):
        for day in days:
            if day is not None:
                last[patient] = max(day, last.get(patient, day))
    return {bytes(patient): Details(last=day) for patient, day in last.items()}


def of_copies(scope: Scope, patients: set[bytes]) -> dict[bytes, Details]:
    """Patients: the day on which they got their last copy, and what has changed since: the plan, the medicines."""
    c = PlanCopy
    query = (
        c.live(c.patient, c.date, c.digest, copy_hash(c.patient))
        .where(c.patient.in_(patients) & (c.kind == "patient") & c.to.in_(sorted(OWN)))
        .order_by(c.date, c.id)
    )
    return {
        bytes(patient): Details(last=day, title=_changed(was, now)) for patient, day, was, now in rows(query)
    }


def of_goals(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Goals that stand still: their words, and when they began."""
    query = Goal.select(Goal.id, Goal.title).where(Goal.id.in_(keys))
    return {bytes(key): Details(title=title) for key, title in rows(query)}


def of_teachings(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Topics to be taught again: which, when they were taught, and what the patient could say back."""
    t, book = Teaching, topic_book(scope.reference)
    query = t.select(t.id, t.topic, t.date, t.teach_back).where(t.id.in_(keys))
    return {
        bytes(key): Details(
            title=book.title(topic), topic=topic, last=day,
            outcome=scope.reference.label("teach_back", said) if said else "",
        )
        for key, topic, day, said in rows(query)
    }  # fmt: skip


def _changed(was: str | None, now: str) -> str:
    if was is None or was[:HALF] != now[:HALF]:
        return "plan" if was is None or was[HALF:] == now[HALF:] else "plan and medicines"
    return "medicines"


def _more(counts: dict[Any, int], patient: Any) -> str:
    return str(counts[patient] - 1) if counts.get(patient, 0) > 1 else ""
