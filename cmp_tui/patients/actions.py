"""Writing about people: patients, telephones, conditions, allergies, the people around them, the care team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from peewee import fn

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import Record, rows
from cmp_tui.patients.coding import ConditionTables, load_condition_tables, system_name, why_not_listed
from cmp_tui.patients.lending import end_loan as end_loan
from cmp_tui.patients.lending import lend_panel as lend_panel
from cmp_tui.patients.lending import move_panel as move_panel
from cmp_tui.patients.merged import kept_under
from cmp_tui.patients.model import Allergy, Condition, Patient, Phone, RelatedPerson, SheetNote, TeamMember
from cmp_tui.patients.rules import NAMES, fold_names, phone_digits

LONGEST_NAMES = 1000
OWN_NUMBER = "T-"
"""What stands before a record number of our own making, for patients who came without one."""

STRIKABLE: Mapping[str, type[Record]] = MappingProxyType(
    {
        "patient": Patient,
        "phone": Phone,
        "condition": Condition,
        "allergy": Allergy,
        "person": RelatedPerson,
        "team-member": TeamMember,
        "sheet-note": SheetNote,
    }
)
"""The records of this room that a person may strike out, by the name that they have there."""


def add_patient(
    change: Change, id: bytes | None = None, *, phone: str | None = None, **values: Any
) -> Patient:
    """Adds a patient. Raises Invalid, also when the record number is taken.

    Without a record number one is made ("T-12"); a care manager who adds someone becomes their care manager
    unless `care_manager` is given (None: nobody's yet). `phone` adds a first telephone number in the same change.
    """
    if "care_manager" not in values and "care-manager" in change.who.roles:
        values["care_manager"] = change.who.id
    values["mrn"] = (values.get("mrn") or "").strip() or next_number()
    _not_merged_away(change, values["mrn"])
    _died(values)
    values["folded"] = _folded(values)
    with _taken_number(values):
        person = change.add(Patient, id, **values)
    change.about(person.id)
    if phone:
        add_phone(change, person.id, number=phone)
    return person


def edit_patient(change: Change, key: bytes, seen: int | None, **values: Any) -> Patient:
    """Changes a patient's own values. Raises Invalid, Conflict, Gone."""
    now = change.get(Patient, key)
    change.about(key)
    _died(values)
    if not any(name in values for name in NAMES):
        with _taken_number(values):
            return change.edit(Patient, key, seen, **values)
    folded = _folded({name: values.get(name, getattr(now, name)) for name in NAMES})
    if seen is None or seen == now.version:
        with _taken_number(values):
            return change.edit(Patient, key, seen, **values, folded=folded)
    # Someone else may have changed another part of the name since: that is no conflict, so it goes by itself.
    with _taken_number(values):
        change.edit(Patient, key, seen, **values)
    return change.edit(Patient, key, None, folded=folded)


def add_phone(change: Change, patient: bytes, **values: Any) -> Phone:
    """Adds a telephone number, called last unless `rank` says otherwise (1 is called first)."""
    change.get(Patient, patient)
    if values.get("rank") is None:
        last = Phone.live(fn.MAX(Phone.rank)).where(Phone.patient == patient).scalar()
        values["rank"] = (last or 0) + 1
    return change.add(Phone, patient=patient, digits=phone_digits(values.get("number")), **values)


def edit_phone(change: Change, key: bytes, seen: int | None, **values: Any) -> Phone:
    """Changes a telephone number."""
    if "number" in values:
        values["digits"] = phone_digits(values["number"])
    return change.edit(Phone, key, seen, **values)


def add_condition(
    change: Change, patient: bytes, *, tables: ConditionTables | None = None, **values: Any
) -> Condition:
    """Adds a condition, coded or in own words.

    A code fills its group and whether it is chronic, where these are not given. Raises Invalid for a code
    that is no health problem (a social need, a reason for a visit): these never reach the problem list.
    """
    change.get(Patient, patient)
    full = _classified(change, values, tables)
    full["display"] = full.get("display") or full.get("own_words") or full.get("code")
    if not full["display"]:
        raise Invalid({"display": "Say what the condition is, in words or by its code."})
    return change.add(Condition, patient=patient, **full)


def edit_condition(
    change: Change, key: bytes, seen: int | None, *, tables: ConditionTables | None = None, **values: Any
) -> Condition:
    """Changes a condition; a new code brings its group and chronic or not, where these are not given."""
    if "code" in values or "system" in values:
        now = change.get(Condition, key)
        values = _classified(
            change, {"system": now.system, "code": now.code, "display": now.display, **values}, tables
        )
    return change.edit(Condition, key, seen, **values)


def add_allergy(change: Change, patient: bytes, **values: Any) -> Allergy:
    """Adds an allergy or intolerance."""
    change.get(Patient, patient)
    return change.add(Allergy, patient=patient, **values)


def edit_allergy(change: Change, key: bytes, seen: int | None, **values: Any) -> Allergy:
    """Changes an allergy."""
    return change.edit(Allergy, key, seen, **values)


def add_person(change: Change, patient: bytes, **values: Any) -> RelatedPerson:
    """Adds someone around the patient: a caregiver, or someone we may talk to."""
    change.get(Patient, patient)
    return change.add(RelatedPerson, patient=patient, **values)


def edit_person(change: Change, key: bytes, seen: int | None, **values: Any) -> RelatedPerson:
    """Changes someone around the patient."""
    return change.edit(RelatedPerson, key, seen, **values)


def add_team_member(change: Change, patient: bytes, **values: Any) -> TeamMember:
    """Adds someone else who cares for the patient."""
    change.get(Patient, patient)
    return change.add(TeamMember, patient=patient, **values)


def edit_team_member(change: Change, key: bytes, seen: int | None, **values: Any) -> TeamMember:
    """Changes a member of the care team."""
    return change.edit(TeamMember, key, seen, **values)


def strike_record(change: Change, model_name: str, key: bytes, why: str, seen: int | None = None) -> Record:
    """Strikes out a record of this room (see `STRIKABLE`), with a reason. Raises Invalid, Conflict, Gone."""
    model = STRIKABLE.get(model_name)
    if model is None:
        raise Invalid(
            {"": f"There are no records called {model_name!r} here. Known: {', '.join(STRIKABLE)}."}
        )
    if model is Patient:
        change.about(key)
    return change.strike(model, key, why, seen)


def _not_merged_away(change: Change, mrn: str) -> None:
    """The number of a record that was merged into another finds that one: nobody else may have it."""
    kept = next(kept_under(change.scope, {mrn}), None)
    if kept is not None and not Patient.live(Patient.id).where(Patient.mrn == mrn).exists():
        number = change.get(Patient, kept).mrn
        raise Invalid(
            {"mrn": f"The record with the number {mrn} was merged into MRN {number}. Open that one with /."}
        )


@contextmanager
def _taken_number(values: Mapping[str, Any]) -> Iterator[None]:
    """Says which record number is taken."""
    try:
        yield
    except Invalid as invalid:
        if "mrn" in invalid.fields and values.get("mrn"):
            sentence = f"Another patient has the record number {values['mrn']}. Look them up with /."
            raise Invalid({**invalid.fields, "mrn": sentence}) from None
        raise


def _died(values: dict[str, Any]) -> None:
    """A day of death says that someone has died."""
    if values.get("deceased_on"):
        values["deceased"] = True
    elif values.get("deceased") is False:
        values["deceased_on"] = None


def _folded(values: Mapping[str, Any]) -> str:
    # What is longer is refused when it is stored; folding megabytes first would take seconds.
    family, given, preferred, others = ((values.get(name) or "")[:LONGEST_NAMES] for name in NAMES)
    # A name in signs only folds to nothing; it is then found by what stands there.
    return fold_names(family, given, preferred, others) or (family or "").strip()


def next_number() -> str:
    """Returns the next record number of our own. Numbers of struck-out patients are not given again."""
    within = (Patient.mrn >= OWN_NUMBER) & (Patient.mrn < f"{OWN_NUMBER}:")
    numbers = (mrn[len(OWN_NUMBER) :] for (mrn,) in rows(Patient.select(Patient.mrn).where(within)))
    return f"{OWN_NUMBER}{1 + max((int(number) for number in numbers if number.isdecimal()), default=0)}"


def _classified(change: Change, values: Mapping[str, Any], tables: ConditionTables | None) -> dict[str, Any]:
    """The values with what the code says: its group, chronic or not, its usual way of writing."""
    full = dict(values)
    code = (full.get("code") or "").strip()
    system = system_name(full.get("system") or "") if code else None
    if not code or system is None:
        full["system"] = "other"
        return full
    tables = tables or load_condition_tables(change.reference.folder)
    coded = tables.classify(system, code, full.get("display") or "")
    if why := why_not_listed(coded, full.get("display") or ""):
        raise Invalid(
            {"code": f"{coded.code} is {why.partition(':')[0]}. It stays off the list of conditions."}
        )
    full["system"], full["code"] = system, coded.code
    if full.get("group") is None:
        full["group"] = coded.group
    if full.get("chronic") is None:
        full["chronic"] = coded.chronic
    return full
