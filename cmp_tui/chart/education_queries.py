"""Reading what the chart's Education shows."""

from __future__ import annotations

from cmp_tui.careplan.preventive_queries import gaps_of
from cmp_tui.careplan.topic_queries import suggested_topics
from cmp_tui.chart.education_rows import Education
from cmp_tui.clinic.scope import Scope
from cmp_tui.education.queries import classes_of, teachings
from cmp_tui.measurements.preventive_queries import preventive_answers


def education(scope: Scope, patient: bytes) -> Education:
    """Returns what a patient was taught and is to be taught, their classes, and their preventive care."""
    return Education(
        teachings(scope, patient),
        classes_of(scope, patient),
        suggested_topics(scope, patient),
        gaps_of(scope, patient),
        preventive_answers(scope, patient),
    )
