"""Finding patients: by name (slips forgiven), record number, birth date, telephone; and who is alike.

The names are held in memory (`Names`), because a slip can't be looked up in an index of the file. The app
makes one `Names` and passes it to each search; a search without one reads all names first, which suits the
command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from threading import Lock
from typing import Any, NamedTuple

from peewee import fn

from cmp_tui.clinic.change import PACKED
from cmp_tui.clinic.model import Audit, Image
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import one_line
from cmp_tui.patients.lines import PatientLine
from cmp_tui.patients.model import Patient, Phone
from cmp_tui.patients.names import Known, NameIndex
from cmp_tui.patients.rules import describe, fold_names, phone_digits, why_alike
from cmp_tui.patients.wanted import read_wanted

_PIECE = 500
MANY = 2_000
"""Patients who have changed since, from which on all names are read anew: that takes less than looking each one up."""
_LONGEST_NAME = 120


class Lookalike(NamedTuple):
    """A patient who may be the one that is being added, and why."""

    patient: PatientLine
    why: str


class Names:
    """The names of all patients in memory, kept up with the file.

    Whether anything happened since is one look at the audit chain's last number; what happened to patients
    then is read from the images, so that a change costs a row and not the whole list. Any thread may use it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._index = NameIndex()
        self._seq = 0

    def find(self, words: Sequence[str], limit: int, births: Sequence[str] = ()) -> list[tuple[bytes, int]]:
        """Returns who fits the words best (see `NameIndex.find`). To be called inside a read."""
        with self._lock:
            self._keep_up()
            return self._index.find(words, limit, births)

    def keep_up(self) -> int:
        """Reads what has changed; returns how many patients there are. To be called inside a read."""
        with self._lock:
            self._keep_up()
            return len(self._index)

    def _keep_up(self) -> None:
        last = Audit.select(fn.MAX(Audit.seq)).scalar() or 0
        if last == self._seq:
            return
        if last < self._seq or not self._seq or len(changed := _changed_since(self._seq)) > MANY:
            self._index.fill(_known())
        else:
            for piece in _pieces(changed):
                now = list(_known(Patient.id.in_(piece)))
                self._index.put(now)
                self._index.drop(set(piece) - {known.key for known in now})
        self._seq = last


def find_patients(scope: Scope, text: str, limit: int = 20, names: Names | None = None) -> list[PatientLine]:
    """Finds patients by name (any order, slips forgiven), record number, birth date or telephone.

    Best first; who has died stands last; who was struck out is never found. A name and a birth date or year
    may stand together. An empty text finds nobody.
    """
    wanted = read_wanted(text, scope.today)
    found: dict[bytes, None] = {}

    def take(keys: Iterable[bytes]) -> None:
        found.update(dict.fromkeys(keys))

    if wanted.number:
        take(_numbers(wanted.number, limit, exact=True))
    if wanted.digits:
        take(_telephones(wanted.digits, limit // 2 if wanted.is_year else limit))
    if wanted.births and not wanted.words and not wanted.is_year:
        take(_born(wanted.births, limit))
    number_like = any(char.isdigit() for char in wanted.number)
    if number_like and len(found) < limit:
        take(_numbers(wanted.number, limit))
    if wanted.words and len(found) < limit:
        take(key for key, _ in (names or Names()).find(wanted.words, limit, wanted.births))
    if wanted.number and not number_like and len(found) < limit:
        take(_numbers(wanted.number, limit))
    if wanted.is_year and not wanted.words and len(found) < limit:
        take(_born(wanted.births, limit))
    if not (wanted.words or wanted.births or wanted.digits) and len(found) < limit:
        take(_signs(one_line(text), limit))
    lines = _lines(list(found)[:limit])
    return sorted(lines, key=lambda line: line.deceased)


def read_names(scope: Scope, names: Names) -> int:
    """Reads the names before they are asked for; returns how many there are. At 100,000 patients it takes a moment."""
    return names.keep_up()


def lookalikes(
    scope: Scope,
    family: str,
    given: str | None = None,
    birth_date: str | None = None,
    phone: str | None = None,
    *,
    other_than: bytes | None = None,
    limit: int = 5,
    names: Names | None = None,
) -> list[Lookalike]:
    """Returns patients who may be the one described, each with why: asked before a new patient is saved.

    Slips in the name or in the birth date are forgiven. The dead are among them; `other_than` is left out.
    """
    digits = phone_digits(phone)
    mine = describe(family, given, None, birth_date, frozenset({digits} if digits else ()))
    keys = dict.fromkeys(key for key, _ in (names or Names()).find(fold_names(family, given).split()[:4], 60))
    if birth_date:
        keys.update(dict.fromkeys(_born((birth_date,), 400)))
    if digits:
        keys.update(dict.fromkeys(_telephones(digits, 50)))
    keys.pop(other_than or b"", None)
    phones: dict[bytes, set[str]] = {}
    found = []
    for piece in _pieces(list(keys)):
        for patient, number in rows(Phone.live(Phone.patient, Phone.digits).where(Phone.patient.in_(piece))):
            phones.setdefault(patient, set()).add(number)
        others = (Patient.preferred, Patient.other_names)
        for *line, preferred, other_names in rows(Patient.live(*_LINE, *others).where(Patient.id.in_(piece))):
            patient = PatientLine(*line)
            theirs = describe(
                patient.family,
                patient.given,
                f"{preferred or ''} {other_names or ''}",
                patient.birth_date,
                frozenset(phones.get(patient.id, ())),
            )
            if why := why_alike(mine, theirs):
                found.append(Lookalike(patient, why))
    found.sort(
        key=lambda one: ("nearly" in one.why, "name," not in one.why, one.patient.family, one.patient.id)
    )
    return found[:limit]


_LINE: tuple[Any, ...] = tuple(getattr(Patient, name) for name in PatientLine._fields)


def _lines(keys: Sequence[bytes]) -> list[PatientLine]:
    """The lines of some patients, in the order of the keys."""
    lines: dict[bytes, PatientLine] = {}
    for piece in _pieces(keys):
        for row in rows(Patient.live(*_LINE).where(Patient.id.in_(piece))):
            lines[row[0]] = PatientLine(*row)
    return [lines[key] for key in keys if key in lines]


def _numbers(text: str, limit: int, *, exact: bool = False) -> list[bytes]:
    """Patients whose record number is the text, or starts with it; as typed and in capitals."""
    forms = {text, text.upper(), text.lower()}
    query = Patient.live(Patient.id)
    if exact:
        query = query.where(Patient.mrn.in_(sorted(forms)))
    else:
        within = None
        for form in sorted(forms):
            one = (Patient.mrn >= form) & (Patient.mrn < form + "\U0010ffff")
            within = one if within is None else within | one
        query = query.where(within)
    return [key for (key,) in rows(query.order_by(Patient.mrn).limit(limit))]


def _signs(text: str, limit: int) -> list[bytes]:
    """Patients in whose name these signs stand, for names that fold to nothing; those who are called so come first."""
    if not 0 < len(text) <= _LONGEST_NAME:
        return []
    names = (Patient.family, Patient.given, Patient.preferred)
    same = reduce(or_, (name == text for name in names))
    within = reduce(or_, (name.contains(text) for name in names))
    query = Patient.live(Patient.id).where(within).order_by(same.desc(), Patient.folded, Patient.id)
    return [key for (key,) in rows(query.limit(limit))]


def _telephones(digits: str, limit: int) -> list[bytes]:
    """Patients with a telephone that ends with the digits, or is them."""
    query = (
        Phone.live(Phone.patient)
        .join(Patient, on=(Patient.id == Phone.patient))
        .where((Phone.digits.endswith(digits)) & Patient.struck_at.is_null())
        .distinct()
        .limit(limit)
    )
    return [key for (key,) in rows(query)]


def _born(births: Sequence[str], limit: int) -> list[bytes]:
    """Patients with one of the birth dates; a stored date that may mean it comes after those that are it."""
    found: dict[bytes, None] = {}
    for born in births:
        within = (Patient.birth_date >= born) & (Patient.birth_date < born + "-~")
        shorter = [born[:length] for length in (4, 7) if length < len(born)]
        for condition in (within, Patient.birth_date.in_(shorter)):
            query = Patient.live(Patient.id).where(condition).order_by(Patient.birth_date, Patient.folded)
            found.update(dict.fromkeys(key for (key,) in rows(query.limit(limit))))
    return list(found)[:limit]


def _known(condition: Any = None) -> Iterable[Known]:
    query = Patient.live(Patient.id, Patient.folded, Patient.birth_date, Patient.deceased)
    if condition is not None:
        query = query.where(condition)
    for key, folded, born, deceased in query.tuples().iterator():
        yield Known(key, folded, born or "", deceased)


def _changed_since(seq: int) -> list[bytes]:
    """The keys of all patients that were written after a change, whatever became of them."""
    name = Patient._meta.table_name
    query = Image.select(Image.row, Image.packed).where((Image.seq > seq) & (Image.table == name))
    keys: dict[bytes, None] = {}
    for row, packed in rows(query):
        if row is not None:
            keys[row] = None
        else:
            keys.update(dict.fromkeys(packed[at : at + 16] for at in range(0, len(packed), PACKED)))
    return list(keys)


def _pieces(keys: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    for at in range(0, len(keys), _PIECE):
        yield keys[at : at + _PIECE]
