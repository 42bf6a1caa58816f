"""What was asked and measured about a patient as a whole: instruments, risk tiers, scores that a payer sent."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    FactsField,
    LinkField,
    NumberField,
    WordsField,
)
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient


class Assessment(Record):
    """An instrument that was filled in (FHIR QuestionnaireResponse), or the comprehensive assessment.

    `answers` holds the answer of each item by its name; what was not asked is not there. `score`, `band` and `flags`
    are what the instrument's own file made of them on the day, so that a later version of the file changes nothing
    that was said. `flags` holds for each flag whether the patient wants help with it: "yes", "no", or nothing yet.
    Without all answers that a score needs there is no score.
    """

    patient = LinkField(Patient)
    instrument = WordsField(limit=40)
    edition = WordsField(limit=40, null=True)
    status = CodeField("assessment_status", default="completed")
    date = DayField()
    taken_by = LinkField(Staff, null=True)
    mode = CodeField("mode", null=True)
    with_whom = CodeField("with_whom", null=True)
    answers = FactsField(null=True)
    score = NumberField(null=True)
    band = WordsField(limit=60, null=True)
    flags = FactsField(null=True)
    remarks = WordsField(limit=1000, lines=True, null=True)

    class Meta:
        indexes = ((("patient", "instrument", "date"), False), (("status", "instrument"), False))


class Tier(Record):
    """A patient's risk tier, 1 to 6 (6 is the highest), by the points of data/risk.toml.

    Actions keep one row a patient; where an import brought two, the later one (by its key) holds.

    `parts` holds the points of each rule. A clinician's own tier (`set_tier`, with the reason and the day of its
    review) stands before the computed one.
    """

    patient = LinkField(Patient)
    tier = CountField()
    points = CountField()
    parts = FactsField(null=True)
    computed_on = DayField()
    set_tier = CountField(null=True)
    set_why = WordsField(limit=500, null=True)
    set_by = LinkField(Staff, null=True)
    set_on = DayField(null=True)
    review_on = DayField(null=True)

    class Meta:
        indexes = (
            (("patient", "struck_at", "id", "set_tier", "tier"), False),
        )  # lists read the tier from it alone


class PayerScore(Record):
    """A risk score that came from outside, as it came: of which kind, from whom, of which day."""

    patient = LinkField(Patient)
    kind = WordsField(limit=60)
    value = WordsField(limit=60)
    payer = WordsField(limit=120, null=True)
    date = DayField()

    class Meta:
        indexes = ((("patient", "date"), False),)


TABLES = (Assessment, Tier, PayerScore)
