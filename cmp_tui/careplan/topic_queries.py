"""Which topics the templates that fit a patient suggest to teach."""

from __future__ import annotations

from collections.abc import Mapping

from cmp_tui.assessments.queries import latest_of_each
from cmp_tui.careplan.goal_rules import ENDED
from cmp_tui.careplan.model import Goal
from cmp_tui.careplan.template_book import template_book
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.queries import medications
from cmp_tui.patients.queries import conditions


def suggested_topics(scope: Scope, patient: bytes) -> Mapping[str, str]:
    """Returns the topics (names of data/education) that a patient's plan suggests, with the title of the template.

    The templates from which the plan's goals came stand first, then those that fit the patient's conditions, needs and
    number of medicines.
    """
    book = template_book(scope.reference)
    goals = Goal.live(Goal.topic).where(
        (Goal.patient == patient) & Goal.topic.is_null(False) & Goal.lifecycle.not_in(ENDED)
    )
    named = [found for (topic,) in rows(goals) if (found := book.get(topic)) is not None]
    groups = {one.group for one in conditions(scope, patient, current_only=True) if one.group}
    flags = {flag for one in latest_of_each(scope, patient).values() for flag in one.flags or ()}
    taken = len(medications(scope, patient, current_only=True))
    found_topics: dict[str, str] = {}
    for template in (*named, *book.fitting(groups, flags, taken)):
        for topic in template.education:
            found_topics.setdefault(topic, template.title.en)
    return found_topics
