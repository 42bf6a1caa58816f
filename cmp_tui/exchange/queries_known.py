"""What the clinic file knows of imported records already, in few queries: by source, with version and digest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.clinic.history import UNDONE
from cmp_tui.clinic.model import Image
from cmp_tui.clinic.records import from_image, raw, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.model import Stay, Visit
from cmp_tui.exchange.rules_match import Here
from cmp_tui.measurements.model import Measurement, Vaccination
from cmp_tui.medications.model import Medication
from cmp_tui.patients.merged import merged_away
from cmp_tui.patients.model import (
    Allergy,
    Condition,
    Patient,
    Phone,
    Provider,
    RelatedPerson,
    Sourced,
    TeamMember,
)

MODELS: Mapping[str, type[Sourced]] = MappingProxyType(
    {
        "patient": Patient,
        "phone": Phone,
        "person": RelatedPerson,
        "condition": Condition,
        "allergy": Allergy,
        "medication": Medication,
        "visit": Visit,
        "stay": Stay,
        "measurement": Measurement,
        "vaccination": Vaccination,
        "team-member": TeamMember,
        "provider": Provider,
    }
)
"""The table of each kind of record (plan.KINDS)."""
OF_PATIENTS = tuple(kind for kind in MODELS if kind not in ("patient", "provider"))
PIECE = 400  # keys in one query


class Known(NamedTuple):
    """A record that came in before. `imported` is its version right after (0: it was here before it came)."""

    key: bytes
    version: int
    digest: str
    imported: int
    struck: bool


class Records(NamedTuple):
    """What is known of one patient: records by kind and source, the digits of the phones, the last phone's rank."""

    known: dict[tuple[str, str], Known]
    digits: set[str]
    last_rank: int


def all_people(scope: Scope) -> Iterator[Here]:
    """Every patient, as matching sees them. One whom an undo took out was never here."""
    merged = merged_away(scope)
    kept = {away.kept for away in merged}
    query = Patient.select(
        Patient.id, Patient.source, Patient.mrn, Patient.birth_date, Patient.family, Patient.given,
        Patient.preferred, Patient.other_names, Patient.mbi, Patient.struck_at, Patient.struck_why,
    )  # fmt: skip
    living: dict[bytes, Here] = {}
    for key, source, mrn, birth_date, family, given, preferred, others, mbi, struck_at, why in raw(query):
        if struck_at is None or why != UNDONE:
            names = f"{preferred or ''} {others or ''}".strip()
            told = (source or "", mrn, birth_date or "", family, given or "", names, mbi or "")
            here = Here(key, *told, struck_at is not None)
            if struck_at is None and key in kept:
                living[key] = here
            yield here
    for away in merged:
        if away.kept in living:
            yield living[away.kept]._replace(source=away.source or "", merged_mrn=away.mrn)


def known_patient(scope: Scope, key: bytes) -> Known | None:
    """What the import before has left of a patient's own row; None for one who was added by hand."""
    for known in _known(Patient, Patient.id == key).values():
        return known
    return None


def known_records(scope: Scope, patients: Sequence[bytes]) -> dict[bytes, Records]:
    """What is known of some patients: one query a table for every few hundred of them."""
    found = {key: Records({}, set(), 0) for key in patients}
    for at in range(0, len(patients), PIECE):
        piece = patients[at : at + PIECE]
        for kind in OF_PATIENTS:
            model = MODELS[kind]
            for (patient, source), known in _known(model, model.patient.in_(piece), model.patient).items():  # type: ignore[attr-defined]
                found[patient].known[kind, source] = known
        query = Phone.live(Phone.patient, Phone.digits, Phone.rank).where(Phone.patient.in_(piece))
        for patient, digits, rank in rows(query):
            known_of, numbers, last = found[patient]
            numbers.add(digits or "")
            found[patient] = Records(known_of, numbers, max(last, rank))
    return found


def known_providers(scope: Scope) -> dict[str, Known]:
    """What is known of the directory."""
    return {source: known for (_, source), known in _known(Provider, True).items()}


def _known(model: type[Sourced], which: object, owner: object = None) -> dict[tuple[bytes, str], Known]:
    """The imported rows of a table by owner and source. What an undo took out was never here; what was struck
    out gives way to a living row."""
    query = model.select(
        model.id if owner is None else owner, model.source, model.id, model.version, model.source_digest,
        model.source_version, model.struck_at, model.struck_why,
    ).where(which & model.source.is_null(False) if which is not True else model.source.is_null(False))  # fmt: skip
    found: dict[tuple[bytes, str], Known] = {}
    for whose, source, key, version, digest, imported, struck_at, why in rows(query):
        if struck_at is not None and (why == UNDONE or (whose, source) in found):
            continue
        found[whose, source] = Known(key, version, digest or "", imported or 0, struck_at is not None)
    return found


def edited_here(scope: Scope, kind: str, known: Known, columns: Collection[str]) -> bool:
    """Tells whether someone here has changed one of the columns since the record came in."""
    return edited_since(MODELS[kind], known.key, known.version, known.imported, columns)


def edited_since(
    model: type[Sourced], key: bytes, version: int, imported: int, columns: Collection[str]
) -> bool:
    """Tells whether a row of a version holds other values in some columns than the import left in version `imported`.

    The version alone does not tell: an undo that takes a later import back makes a version too, and so does an
    edit of columns that no import fills.
    """
    if version == imported:
        return False
    table = model._meta.table_name
    step = (Image.row == key) & (Image.version == imported + 1) & (Image.table == table)
    was = next((text for (text,) in rows(Image.select(Image.before).where(step))), None)
    if not imported or was is None:
        return True
    before, now = from_image(model, was), model.get_by_id(key).__data__
    return any(before[name] != now[name] for name in columns)
