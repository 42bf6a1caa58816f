"""From a name on a list to a program: intake, eligibility, consent and enrollment."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CodesField,
    DayField,
    FactsField,
    LinkField,
    UidField,
    WordsField,
    YesNoField,
)
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, quick_while_live
from cmp_tui.patients.model import Patient


class Intake(Record):
    """Someone who may belong in a program: where the name came from, how far they have come, and how it ended.

    `stage` follows from what was done (`intake_rules.stage_of`); the days say when each stage was entered. `owner` has
    it, `taken_on` is the day since when they work on it. `back_on` is the day on which an end comes back to Today;
    someone who is taken up again has a new intake, which names the `earlier` one. `by` is the practitioner, the list
    or the file that gave the name, `reason` what it said.
    """

    patient = LinkField(Patient)
    source = CodeField("intake_source")
    received = DayField()
    mode = CodeField("mode", null=True)
    by = WordsField(limit=200, null=True)
    reason = WordsField(limit=500, lines=True, null=True)
    program = CodeField("program", null=True)
    owner = LinkField(Staff, null=True)
    taken_on = DayField(null=True)
    answered_on = DayField(null=True)
    answered_how = CodeField("mode", null=True)
    stage = CodeField("intake_stage", default="intake")
    outreach_on = DayField(null=True)
    eligibility_on = DayField(null=True)
    consent_on = DayField(null=True)
    enrolled_on = DayField(null=True)
    ended_on = DayField(null=True)
    end = CodeField("program_end", null=True)
    end_why = WordsField(limit=500, null=True)
    back_on = DayField(null=True)
    earlier = UidField(null=True)

    class Meta:
        indexes = (
            (("patient", "received"), False),
            (("stage", "received", "patient", "struck_at"), False),
        )


class Eligibility(Record):
    """Whether someone may be in a program, as a person decided it on a day.

    `answers` keeps what the rules said of each criterion then ("yes", "no" or "unknown"); `overruled` tells that the
    decision goes against them, `why` for what reason.
    """

    patient = LinkField(Patient)
    program = CodeField("program")
    eligible = YesNoField()
    date = DayField()
    decided_by = LinkField(Staff, null=True)
    answers = FactsField(null=True)
    overruled = YesNoField(default=False)
    why = WordsField(limit=500, null=True)

    class Meta:
        indexes = ((("patient", "program", "date"), False),)


class Consent(Record):
    """A decision about one program: asked, accepted, declined or revoked; how it was given and what was explained.

    A revocation is its own row and has `effective_to`: the last day of its month (billing-rules, section 4). "asked"
    is no decision yet: it changes nothing of what holds. `paper` says where a signed paper is kept.
    """

    patient = LinkField(Patient)
    program = CodeField("program")
    decision = CodeField("decision")
    date = DayField()
    mode = CodeField("consent_mode", null=True)
    taken_by = LinkField(Staff, null=True)
    points = CodesField("consent_point", null=True)
    script_version = WordsField(limit=40, null=True)
    practitioner = WordsField(limit=120, null=True)
    effective_to = DayField(null=True)
    paper = WordsField(limit=200, null=True)
    remarks = WordsField(limit=500, null=True)

    class Meta:
        indexes = ((("patient", "program", "date", "decision", "effective_to", "id", "struck_at"), False),)


class Enrollment(Record):
    """A patient's time in a program (FHIR EpisodeOfCare). `end` is the last day, included.

    `ended` is the coded reason of an end or a pause, `reason` what there is to say about it; a pause ends on
    `hold_until`.
    """

    patient = LinkField(Patient)
    program = CodeField("program")
    status = CodeField("enrollment_status")
    start = DayField(null=True, column_name="start_on")
    end = DayField(null=True, column_name="end_on")
    ended = CodeField("program_end", null=True)
    reason = WordsField(limit=300, null=True)
    hold_until = DayField(null=True)
    practitioner = WordsField(limit=120, null=True)

    class Meta:
        # By patient only: an index that begins with a state or a program holds everybody in one place, and SQLite,
        # which has no statistics of this file, would take it for the shortest way to a single patient. The other
        # columns are there so that lists need no look at the rows themselves.
        indexes = ((("patient", "program", "status", "start", "end", "struck_at"), False),)


# Only those that somebody has: an index that holds all of nobody's in one place would be the way to a single patient's.
quick_while_live(Intake.owner, Intake.stage, Intake.patient, where=Intake.owner.is_null(False))

TABLES = (Intake, Eligibility, Consent, Enrollment)
