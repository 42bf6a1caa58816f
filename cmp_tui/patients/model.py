"""People: patients, their phones, conditions, allergies, the people around them, their care team, lent panels."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    InstantField,
    LinkField,
    PartialDateField,
    UidField,
    WordsField,
    YesNoField,
)
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, quick_while_live, unique_while_live


class Sourced(Record):
    """A record that may have come in from another system.

    `source` names it there ("Condition/4711"), `source_digest` is the hash of what came in, `source_version` our
    version right after: a later version means that someone here has edited it since.
    """

    source = WordsField(limit=300, null=True)
    source_digest = WordsField(limit=64, null=True)
    source_version = CountField(null=True)


class Patient(Sourced):
    """A person in the care of the clinic.

    `billing_practitioner` is a username of the staff, or the name of someone outside.
    `folded` is what the search looks at: all names without case and accents. `merged_into` is the patient into whose
    record this one was merged; it is struck out then.
    """

    mrn = WordsField(limit=64)
    family = WordsField(limit=120)
    given = WordsField(limit=120, null=True)
    preferred = WordsField(limit=120, null=True)
    other_names = WordsField(limit=300, null=True)
    folded = WordsField(limit=1000)
    birth_date = PartialDateField(null=True)
    sex = CodeField("sex", default="U")
    deceased = YesNoField(default=False)
    deceased_on = PartialDateField(null=True)
    language = WordsField(limit=60, null=True)
    interpreter = YesNoField(null=True)
    best_time = WordsField(limit=120, null=True)
    may_leave_message = YesNoField(null=True)
    street = WordsField(limit=200, null=True)
    city = WordsField(limit=120, null=True)
    state = WordsField(limit=40, null=True)
    postal_code = WordsField(limit=20, null=True)
    email = WordsField(limit=200, null=True)
    payer = CodeField("payer", null=True)
    mbi = WordsField(limit=20, null=True)
    qmb = YesNoField(null=True)
    care_manager = LinkField(Staff, null=True)
    billing_practitioner = WordsField(limit=120, null=True)
    remarks = WordsField(limit=2000, lines=True, null=True)
    merged_into = UidField(null=True)

    class Meta:
        indexes = (
            (("folded",), False),
            (("source",), False),
            (("birth_date",), False),
            (("mbi",), False),
            (("merged_into",), False),
        )


class Phone(Sourced):
    """A telephone number; the lowest rank is called first. `digits` is what the search looks at."""

    patient = LinkField(Patient, index=True)
    number = WordsField(limit=40)
    digits = WordsField(limit=40, null=True)
    use = CodeField("phone_use", default="home")
    rank = CountField(default=1)
    remarks = WordsField(limit=200, null=True)

    class Meta:
        indexes = ((("digits",), False),)


class Condition(Sourced):
    """A health condition, coded or in own words. `chronic` unknown means: nobody has said."""

    patient = LinkField(Patient, index=True)
    system = CodeField("code_system", default="other")
    code = WordsField(limit=40, null=True)
    display = WordsField(limit=300)
    own_words = WordsField(limit=300, null=True)
    group = WordsField(limit=40, null=True, column_name="condition_group")
    chronic = YesNoField(null=True)
    status = CodeField("condition_status", default="active")
    onset = PartialDateField(null=True)
    resolved = PartialDateField(null=True)
    confirmed_by = WordsField(limit=120, null=True)
    confirmed_on = DayField(null=True)

    class Meta:
        indexes = ((("group", "patient"), False),)


class SheetNote(Record):
    """What a spreadsheet said of a patient in a column that has no place of its own here: kept word by word, shown in
    the chart, and written out again. `label` is the column's heading."""

    patient = LinkField(Patient, index=True)
    label = WordsField(limit=120)
    text = WordsField(limit=20_000, lines=True)


class Allergy(Sourced):
    """An allergy or intolerance."""

    patient = LinkField(Patient, index=True)
    substance = WordsField(limit=300)
    system = WordsField(limit=40, null=True)
    code = WordsField(limit=40, null=True)
    reaction = WordsField(limit=300, null=True)
    severity = CodeField("severity", null=True)
    status = CodeField("allergy_status", default="active")
    onset = PartialDateField(null=True)


class RelatedPerson(Sourced):
    """Someone around the patient: a caregiver, or someone we may talk to."""

    patient = LinkField(Patient, index=True)
    name = WordsField(limit=200)
    relationship = CodeField("relationship", default="other")
    phone = WordsField(limit=40, null=True)
    language = WordsField(limit=60, null=True)
    caregiver = YesNoField(default=False)
    may_talk = YesNoField(null=True)
    remarks = WordsField(limit=300, null=True)


class TeamMember(Sourced):
    """Someone else who cares for the patient: primary care, specialists, pharmacy, agencies."""

    patient = LinkField(Patient, index=True)
    name = WordsField(limit=200)
    role = CodeField("team_role", default="other")
    specialty = WordsField(limit=200, null=True)
    organization = WordsField(limit=200, null=True)
    phone = WordsField(limit=40, null=True)
    fax = WordsField(limit=40, null=True)
    npi = WordsField(limit=10, null=True)
    until = DayField(null=True)


class Provider(Sourced):
    """The directory: practitioners and organizations outside the clinic's staff.

    `hours` are those at which somebody answers, `until` is the last day on which we send people there.
    """

    name = WordsField(limit=200)
    folded = WordsField(limit=300)
    npi = WordsField(limit=10, null=True)
    specialty = WordsField(limit=200, null=True)
    organization = WordsField(limit=200, null=True)
    phone = WordsField(limit=40, null=True)
    fax = WordsField(limit=40, null=True)
    kind = CodeField("provider_kind", null=True)
    address = WordsField(limit=300, null=True)
    hours = WordsField(limit=200, null=True)
    remarks = WordsField(limit=1000, lines=True, null=True)
    until = DayField(null=True)

    class Meta:
        indexes = ((("folded",), False), (("source",), False))


class Loan(Record):
    """A care manager's panel lent to a colleague, from one day to another (both included)."""

    owner = LinkField(Staff)
    cover = LinkField(Staff)
    starts = DayField()
    ends = DayField()
    why = WordsField(limit=200, null=True)
    ended_at = InstantField(null=True)


TABLES = (Patient, Phone, Condition, SheetNote, Allergy, RelatedPerson, TeamMember, Provider, Loan)
unique_while_live(Patient.mrn)
# The living of a panel, of nobody's panel and of the whole clinic, each without a look at the patients themselves. They
# are apart because SQLite, which has no statistics, would walk the whole clinic panel by panel, and find contacts and
# plans in the order of nothing.
quick_while_live(
    Patient.care_manager,
    Patient.deceased,
    Patient.id,
    Patient.struck_at,
    where=Patient.care_manager.is_null(False),
)
quick_while_live(
    Patient.care_manager,
    Patient.id,
    Patient.deceased,
    Patient.struck_at,
    where=Patient.care_manager.is_null(),
)
quick_while_live(Patient.id, Patient.deceased, Patient.struck_at)
