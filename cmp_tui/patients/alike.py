"""Who is here already: the patients who may be the one that is about to be added, asked before saving."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.alike_rules import (
    Nicknames,
    describe,
    near_births,
    read_nicknames,
    why_alike,
    with_nicknames,
)
from cmp_tui.patients.lines import PatientLine
from cmp_tui.patients.model import Patient, Phone
from cmp_tui.patients.rules import fold_names, phone_digits
from cmp_tui.patients.search import Names

PIECE = 500
MOST_NAMES, MOST_BORN, MOST_PHONES = 60, 400, 50
"""Candidates of each kind that are looked at: what more people have than that tells nothing."""
LONGEST = 300
"""The signs of a name that are looked at: more is refused when it is stored."""
_LINE: tuple[Any, ...] = tuple(getattr(Patient, name) for name in PatientLine._fields)


class Lookalike(NamedTuple):
    """A patient who may be the one that is being added, why, and the telephone that is called first."""

    patient: PatientLine
    why: str
    phone: str = ""


def nicknames(reference: Reference) -> Nicknames:
    """Returns the other forms of given names, as data/nicknames.toml has them."""
    return reference.made(
        "nicknames", lambda: read_nicknames(reference.table("nicknames.toml").get("groups", ()))
    )


def lookalikes(
    scope: Scope,
    family: str,
    given: str | None = None,
    birth_date: str | None = None,
    phone: str | None = None,
    *,
    mbi: str | None = None,
    other_than: bytes | None = None,
    limit: int = 5,
    names: Names | None = None,
) -> list[Lookalike]:
    """Returns patients who may be the one described, each with why: asked before a new patient is saved.

    Forgiven are slips, nicknames and a swap in the name, a slip in the birth date or the Medicare number. The dead
    are among them; `other_than` is left out. `limit` of them at the most, the likeliest first.
    """
    family, given = family[:LONGEST], (given or "")[:LONGEST]
    digits = phone_digits(phone)
    forms = nicknames(scope.reference)
    mine = with_nicknames(
        describe(family, given, None, birth_date, frozenset({digits} if digits else ()), mbi), forms
    )
    keys: dict[bytes, None] = {}
    wanted = fold_names(family, given).split()[:4]
    keys.update(dict.fromkeys(key for key, _ in (names or Names()).find(wanted, MOST_NAMES)))
    if birth_date:
        keys.update(dict.fromkeys(_born(birth_date)))
    if digits:
        keys.update(dict.fromkeys(_with_phone(digits)))
    if mine.mbi:
        keys.update(dict.fromkeys(_with_mbi(mbi or "", mine.mbi)))
    keys.pop(other_than or b"", None)
    found = []
    for piece in _pieces(list(keys)):
        phones = _phones(piece)
        others = (Patient.preferred, Patient.other_names, Patient.mbi)
        for *line, preferred, other_names, their_mbi in rows(
            Patient.live(*_LINE, *others).where(Patient.id.in_(piece))
        ):
            patient, own = PatientLine(*line), phones.get(line[0], [])
            theirs = describe(
                patient.family,
                patient.given,
                f"{preferred or ''} {other_names or ''}",
                patient.birth_date,
                frozenset(found_digits for found_digits, _ in own),
                their_mbi,
            )
            if why := why_alike(mine, with_nicknames(theirs, forms)):
                shared = [number for its_digits, number in own if its_digits == digits]
                first = [number for _, number in own]
                found.append(Lookalike(patient, why, next(iter(shared + first), "")))
    found.sort(key=_likeliest)
    return found[:limit]


def _likeliest(one: Lookalike) -> tuple[bool, bool, bool, str, bytes]:
    return (
        not one.why.startswith("same Medicare"),
        "nearly" in one.why,
        "name," not in one.why,
        one.patient.family,
        one.patient.id,
    )


def _born(birth_date: str) -> Iterator[bytes]:
    """Who was born then, or may have been, or on a day that is a slip away."""
    within = (Patient.birth_date >= birth_date) & (Patient.birth_date < birth_date + "-~")
    shorter = [birth_date[:length] for length in (4, 7) if length < len(birth_date)]
    for condition in (
        within,
        Patient.birth_date.in_(near_births(birth_date)),
        Patient.birth_date.in_(shorter),
    ):
        for (key,) in rows(Patient.live(Patient.id).where(condition).limit(MOST_BORN)):
            yield key


def _with_phone(digits: str) -> Iterator[bytes]:
    for (key,) in rows(Phone.live(Phone.patient).where(Phone.digits == digits).limit(MOST_PHONES)):
        yield key


def _with_mbi(typed: str, plain: str) -> Iterator[bytes]:
    """As it may have been written: with dashes, without, as it was typed now."""
    dashed = f"{plain[:4]}-{plain[4:7]}-{plain[7:]}"
    written: Collection[str] = {typed.strip(), plain, dashed, plain.lower(), dashed.lower()}
    for (key,) in rows(Patient.live(Patient.id).where(Patient.mbi.in_(sorted(written)))):
        yield key


def _phones(keys: Sequence[bytes]) -> dict[bytes, list[tuple[str, str]]]:
    """Digits and number of the telephones, in the order in which they are called."""
    found: dict[bytes, list[tuple[str, str]]] = {}
    query = Phone.live(Phone.patient, Phone.digits, Phone.number).where(Phone.patient.in_(list(keys)))
    for patient, digits, number in rows(query.order_by(Phone.rank, Phone.id)):
        found.setdefault(patient, []).append((digits or "", number))
    return found


def _pieces(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for at in range(0, len(keys), PIECE):
        yield keys[at : at + PIECE]
