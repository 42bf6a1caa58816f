"""Reading how much a patient takes part."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from peewee import Case, fn

from cmp_tui.careplan.engagement_rules import CLASS, VISIT, WITHIN_DAYS, Engagement, Kept, missed_last
from cmp_tui.careplan.goal_rules import BETTER, MET, WORKED_ON
from cmp_tui.careplan.queries import bare_goals
from cmp_tui.clinic.calendar import day_of, day_start
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.attempts import attempts_since_reached, is_attempt, is_reached, last_reached
from cmp_tui.contacts.model import Contact
from cmp_tui.education.model import Attendance, Meeting
from cmp_tui.education.rules import CAME, MISSED
from cmp_tui.encounters.model import Appointment

KEPT, NO_SHOW = "fulfilled", "noshow"


def engagement_of(scope: Scope, patient: bytes) -> Engagement:
    """Returns the parts of a patient's engagement, of the last WITHIN_DAYS days."""
    since = scope.today - timedelta(days=WITHIN_DAYS)
    tried = Contact.live(
        fn.SUM(Case(None, [(is_reached(), 1)], 0)), fn.SUM(Case(None, [(is_reached() | is_attempt(), 1)], 0))
    ).where((Contact.patient == patient) & (Contact.at >= day_start(since, scope.zone)))
    reached, tries = next((row for row in rows(tried)), (0, 0))
    last = last_reached(scope, [patient]).get(patient)
    held = held_of(scope, [patient]).get(patient, [])
    goals = [one for one in bare_goals(scope, patient) if one.lifecycle in WORKED_ON]
    return Engagement(
        reached=reached or 0,
        tries=tries or 0,
        in_vain=len(attempts_since_reached(scope, patient)),
        days_since=None if last is None else (scope.today - day_of(last, scope.zone)).days,
        missed=sum(1 for one in held if one.what == CLASS and not one.came),
        classes=sum(1 for one in held if one.what == CLASS),
        better=sum(1 for one in goals if one.standing.code in MET or one.standing.code == BETTER),
        goals=len(goals),
        no_shows=sum(1 for one in held if one.what == VISIT and not one.came),
        visits=sum(1 for one in held if one.what == VISIT),
        missed_now=missed_last(held),
    )


def held_of(scope: Scope, patients: Collection[bytes]) -> dict[bytes, list[Kept]]:
    """Returns the appointments and classes of the last WITHIN_DAYS days to which each of these patients came, or did
    not; what was called off, or excused, is neither."""
    since, keys = scope.today - timedelta(days=WITHIN_DAYS), list(patients)
    a, c, m = Appointment, Attendance, Meeting
    visits = a.live(a.patient, a.day, a.status == KEPT).where(
        a.patient.in_(keys) & a.status.in_((KEPT, NO_SHOW)) & a.day.between(since, scope.today)
    )
    classes = (
        c.live(c.patient, m.date, c.status == CAME)
        .join(m, on=((m.id == c.meeting) & m.struck_at.is_null()))
        .where(c.patient.in_(keys) & c.status.in_((CAME, MISSED)) & m.date.between(since, scope.today))
    )
    found: dict[bytes, list[Kept]] = {}
    for what, query in ((VISIT, visits), (CLASS, classes)):
        for patient, day, came in rows(query):
            found.setdefault(bytes(patient), []).append(Kept(day, bool(came), what))
    return found
