"""The ground's own tables: staff, settings, the change log, the audit chain, working state."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    ClinicField,
    CodeField,
    CodesField,
    CountField,
    FactsField,
    InstantField,
    PlaceField,
    UidField,
    WordsField,
    YesNoField,
)
from cmp_tui.clinic.records import Record, Table, unique_while_live


class Blob(ClinicField):
    """Bytes of the program's own making."""

    field_type = "BLOB"


class Staff(Record):
    """A person of the clinic who uses the program. `place_of_service` stands on what they bill; without it, the
    clinic's own (a setting) does."""

    username = WordsField(limit=64)
    name = WordsField(limit=120)
    credential = CodeField("credential")
    clinical = YesNoField()
    may_bill = YesNoField()
    npi = WordsField(limit=10, null=True)
    place_of_service = PlaceField(null=True)
    roles = CodesField("role")
    os_user = WordsField(limit=64, null=True)
    active = YesNoField(default=True)


class Setting(Record):
    """One setting of the clinic; names and defaults stand in clinic/settings.py."""

    key = WordsField(limit=64)
    value = FactsField()


class Audit(Table):
    """One entry of the audit chain: a change, or a look at a chart, a list, a search, an export.

    `content` is the hash over the entry's images, `prev` the hash of the entry before, `hash` the entry's own.
    """

    seq = CountField(primary_key=True)
    at = InstantField()
    who = UidField(null=True)
    action = WordsField()
    patient = UidField(null=True)
    facts = FactsField(null=True)
    content = Blob(null=True)
    prev = Blob()
    hash = Blob()

    class Meta:
        indexes = ((("who", "seq"), False), (("who", "at"), False), (("patient", "seq"), False))


class Image(Table):
    """What a change did to one row (or, for many added rows, to all of them).

    `before` is the row's previous image (none when the row is new), `after` the hash of its new image.
    For many added rows `row` is empty and `packed` holds, for each, its key and half the hash of its image.
    """

    seq = CountField()
    part = CountField()
    table = WordsField(column_name="table_name")
    row = UidField(null=True)
    version = CountField()
    before = WordsField(null=True)
    after = Blob(null=True)
    packed = Blob(null=True)
    schema = CountField(column_name="schema_version")

    class Meta:
        primary_key = False
        indexes = ((("seq", "part"), True), (("row", "version"), False))


class Working(Table):
    """Working state: drafts, the timer's last key, window state. It has no history and may go."""

    id = UidField(primary_key=True)
    kind = WordsField()
    owner = UidField()
    key = WordsField()
    patient = UidField(null=True)
    at = InstantField()
    data = FactsField()

    class Meta:
        indexes = ((("owner", "kind", "key"), True),)


TABLES = (Staff, Setting, Audit, Image, Working)


unique_while_live(Staff.username)
unique_while_live(Staff.os_user)
unique_while_live(Setting.key)
