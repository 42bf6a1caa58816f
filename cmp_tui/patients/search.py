"""Finding patients: by name (slips forgiven), record number, birth date, telephone.

The names are held in memory (`Names`), because a slip can't be looked up in an index of the file. The app
makes one `Names` and passes it to each search; a search without one reads all names first, which suits the
command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from threading import Lock
from typing import Any

from peewee import fn

from cmp_tui.clinic.change import PACKED
from cmp_tui.clinic.model import Audit, Image
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import one_line
from cmp_tui.patients.lines import PatientLine
from cmp_tui.patients.merged import kept_under
from cmp_tui.patients.model import Patient, Phone
from cmp_tui.patients.names import Known, NameIndex
from cmp_tui.patients.wanted import read_wanted

_PIECE = 500
MANY = 2_000
"""Patients who have changed since, from which on all names are read anew: that takes less than looking each one up."""
_LONGEST_NAME = 120


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
        take(kept_under(scope, _written(wanted.number)))
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
    forms = _written(text)
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


def _written(number: str) -> set[str]:
    return {number, number.upper(), number.lower()}


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
