"""Records that were merged into another: under their number and their key the one that was kept is found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient

LONGEST_CHAIN = 50


class Merged(NamedTuple):
    """A record that was merged into another: its number, and the key and number of the one that was kept."""

    mrn: str
    kept: bytes
    kept_mrn: str


def merged_into(scope: Scope, patient: bytes) -> Merged | None:
    """Returns where a patient's record went, through several merges if need be; None when it is there itself, or was
    struck out for another reason."""
    first = Patient.get_or_none(Patient.id == patient)
    row, steps = first, 0
    while row is not None and row.struck_at is not None and row.merged_into and steps < LONGEST_CHAIN:
        row, steps = Patient.get_or_none(Patient.id == row.merged_into), steps + 1
    if first is None or row is None or not steps or row.struck_at is not None:
        return None
    return Merged(str(first.mrn), row.id, str(row.mrn))


class Away(NamedTuple):
    """A record that was merged into another, as imports know it: its number and source there, and who was kept."""

    mrn: str
    source: str | None
    kept: bytes


def merged_away(scope: Scope) -> list[Away]:
    """Returns every record that was merged into one that is still there."""
    query = Patient.select(Patient.id, Patient.mrn, Patient.source).where(
        Patient.struck_at.is_null(False) & Patient.merged_into.is_null(False)
    )
    found = ((mrn, source, merged_into(scope, key)) for key, mrn, source in list(rows(query)))
    return [Away(mrn, source, merged.kept) for mrn, source, merged in found if merged is not None]


def merged_from(scope: Scope, patient: bytes) -> list[bytes]:
    """Returns the keys of the records that were merged into a patient's, through several merges too."""
    found: list[bytes] = []
    newest = [patient]
    while newest:
        query = Patient.select(Patient.id).where(
            Patient.merged_into.in_(newest) & Patient.struck_at.is_null(False)
        )
        newest = [key for (key,) in rows(query) if key not in found and key != patient]
        found += newest
    return found


def kept_under(scope: Scope, numbers: Collection[str]) -> Iterator[bytes]:
    """Yields the keys of patients into whose records one with such a record number was merged."""
    query = (
        Patient.select(Patient.id)
        .where(
            Patient.mrn.in_(sorted(numbers))
            & Patient.struck_at.is_null(False)
            & Patient.merged_into.is_null(False)
        )
        .order_by(Patient.struck_at.desc(), Patient.id)
    )
    for (key,) in list(rows(query)):
        if found := merged_into(scope, key):
            yield found.kept
