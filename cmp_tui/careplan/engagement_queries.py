"""Reading how much a patient takes part."""

from __future__ import annotations

from datetime import timedelta

from peewee import Case, fn

from cmp_tui.careplan.engagement_rules import WITHIN_DAYS, Engagement
from cmp_tui.careplan.goal_rules import BETTER, MET, WORKED_ON
from cmp_tui.careplan.queries import goals_of
from cmp_tui.clinic.calendar import day_of, day_start
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.attempts import attempts_since_reached, is_attempt, is_reached, last_reached
from cmp_tui.contacts.model import Contact
from cmp_tui.education.queries import classes_of
from cmp_tui.education.rules import CAME, MISSED


def engagement_of(scope: Scope, patient: bytes) -> Engagement:
    """Returns the parts of a patient's engagement, of the last WITHIN_DAYS days."""
    since = scope.today - timedelta(days=WITHIN_DAYS)
    tried = Contact.live(
        fn.SUM(Case(None, [(is_reached(), 1)], 0)), fn.SUM(Case(None, [(is_reached() | is_attempt(), 1)], 0))
    ).where((Contact.patient == patient) & (Contact.at >= day_start(since, scope.zone)))
    reached, tries = next((row for row in rows(tried)), (0, 0))
    last = last_reached(scope, [patient]).get(patient)
    held = [one.status for one in classes_of(scope, patient) if since <= one.date <= scope.today]
    missed = held.count(MISSED)
    goals = [one for one in goals_of(scope, patient) if one.lifecycle in WORKED_ON]
    return Engagement(
        reached=reached or 0,
        tries=tries or 0,
        in_vain=len(attempts_since_reached(scope, patient)),
        days_since=None if last is None else (scope.today - day_of(last, scope.zone)).days,
        missed=missed,
        classes=missed + held.count(CAME),
        better=sum(1 for one in goals if one.standing.code in MET or one.standing.code == BETTER),
        goals=len(goals),
    )
