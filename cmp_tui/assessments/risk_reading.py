"""Reading what the rules of the risk tier look at: one statement a table for some hundred patients at a time.

Values are read as they stand in the file, past the fields' converters, which would cost more than all the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from cmp_tui.assessments.model import Assessment
from cmp_tui.assessments.risk_book import names_pattern
from cmp_tui.assessments.risk_rules import MEDICINES, Asked, Book, Condition, Known, Medicine, Stay
from cmp_tui.clinic.records import among, raw
from cmp_tui.clinic.text import fold
from cmp_tui.encounters.model import Stay as StayRow
from cmp_tui.medications.model import Medication
from cmp_tui.medications.queries import CURRENT
from cmp_tui.patients.model import Condition as ConditionRow
from cmp_tui.patients.model import Patient

PIECE = 1_000
"""Patients read at a time."""
LIVED_WITH = ("active", "recurrence", "relapse")
"""States of a condition that the patient lives with now (FHIR Condition.clinicalStatus)."""
DONE = ("completed", "amended")
"""States of an assessment that says something."""
Grouped = dict[bytes, list[Any]]
OnProgress = Callable[[int, int], None]


def each_known(
    book: Book, patients: Collection[bytes] | None = None, tell: OnProgress | None = None
) -> Iterator[tuple[bytes, Known]]:
    """Gives what is known of each living patient (None: of everybody), by their keys."""
    p = Patient
    query = p.live(p.id).where(p.deceased == False).order_by(p.id)  # noqa: E712
    if patients is not None:
        query = query.where(among(p.id, patients))
    keys = [row[0] for row in raw(query)]
    reading = _Reading(book)
    for at in range(0, len(keys), PIECE):
        yield from reading.of(keys[at : at + PIECE], whole=patients is None)
        if tell is not None:
            tell(min(at + PIECE, len(keys)), len(keys))


class _Days(dict[str, date]):
    """Days by their text: the same few hundred come again and again."""

    def __missing__(self, text: str) -> date:
        self[text] = day = date.fromisoformat(text)
        return day


class _Medicines(dict[str, tuple[str, frozenset[str]]]):
    """Of a medicine's text the folded words and the rules whose names stand in it: the same come again and again."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        named = (one for one in book.rules if one.reads == MEDICINES and one.names)
        self._patterns = [(one.name, names_pattern(one)) for one in named]

    def __missing__(self, text: str) -> tuple[str, frozenset[str]]:
        words = fold(text)
        rules = frozenset(name for name, pattern in self._patterns if pattern.search(words))
        self[text] = found = (words, rules)
        return found


class _Reading:
    """Reads piece after piece for one day's rules."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._days = _Days()
        self._medicines = _Medicines(book)

    def of(self, keys: list[bytes], *, whole: bool) -> Iterator[tuple[bytes, Known]]:
        """What is known of some people: all between the first and the last key when they are everybody."""
        low, high = keys[0], keys[-1]

        def within(model: Any) -> Any:
            if whole:
                return (model.patient >= low) & (model.patient <= high)
            return among(model.patient, keys)

        conditions, stays = self._conditions(within), self._stays(within)
        medicines, asked = self._taken(within), self._asked(within)
        for key in keys:
            yield (
                key,
                Known(
                    conditions.get(key, ()), stays.get(key, ()), medicines.get(key, ()), asked.get(key, ())
                ),
            )

    def _conditions(self, within: Any) -> Grouped:
        c = ConditionRow
        query = c.live(c.patient, c.system, c.code, c.display, c.group, c.chronic, c.id).where(
            c.status.in_(LIVED_WITH) & within(c)
        )
        found: Grouped = {}
        make = Condition._make
        for patient, system, code, display, group, chronic, key in raw(query.order_by(c.patient)):
            icd = code.replace(".", "").upper() if code and system == "icd-10-cm" else None
            name = group or code or fold(display)
            one = make((name, group, icd, None if chronic is None else chronic == 1, key))
            if patient in found:
                found[patient].append(one)
            else:
                found[patient] = [one]
        return found

    def _stays(self, within: Any) -> Grouped:
        s, days, book = StayRow, self._days, self._book
        query = s.live(s.patient, s.kind, s.admitted, s.id).where(
            (s.admitted >= book.stays_since) & (s.admitted <= book.today) & within(s)
        )
        found: Grouped = {}
        for patient, kind, admitted, key in raw(query.order_by(s.patient, s.admitted, s.id)):
            found.setdefault(patient, []).append(Stay(kind, days[admitted], key))
        return found

    def _taken(self, within: Any) -> Grouped:
        m, known = Medication, self._medicines
        query = m.live(m.patient, m.display, m.id).where(m.status.in_(CURRENT) & within(m))
        found: Grouped = {}
        for patient, display, key in raw(query.order_by(m.patient)):
            one = Medicine(*known[display], key)
            if patient in found:
                found[patient].append(one)
            else:
                found[patient] = [one]
        return found

    def _asked(self, within: Any) -> Grouped:
        a, days, book = Assessment, self._days, self._book
        query = a.live(a.patient, a.instrument, a.date, a.score, a.flags, a.id).where(
            a.status.in_(DONE) & (a.date >= book.asked_since) & (a.date <= book.today) & within(a)
        )
        found: Grouped = {}
        for patient, instrument, day, score, flags, key in raw(query.order_by(a.patient, a.date, a.id)):
            wanted = json.loads(flags) if flags else {}
            wishes = tuple(sorted(name for name, wants in wanted.items() if wants == "yes"))
            found.setdefault(patient, []).append(Asked(instrument, days[day], score, wishes, key))
        return found
