"""Reading risk tiers: those that are kept, and what the rules make of what is on file now."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, Cast, ModelSelect, fn

from cmp_tui.assessments.model import Tier
from cmp_tui.assessments.queries import assessments_of
from cmp_tui.assessments.risk_book import book_on
from cmp_tui.assessments.risk_reading import OnProgress, each_known
from cmp_tui.assessments.risk_rules import Book, Known, Risk, Rule, asked_for, judge
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import among, raw, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.queries import stays
from cmp_tui.medications.queries import medications
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import conditions, patient_card

MOST = 500
"""Rows of a kind behind a patient's points: more than anybody has."""
PIECE = 500
"""Keys in one question."""


class TierLine(NamedTuple):
    """A patient's tier as it is kept; `effective` is the one that holds."""

    id: bytes
    version: int
    tier: int
    points: int
    parts: Mapping[str, int] | None
    computed_on: date
    set_tier: int | None
    set_why: str | None
    set_by: bytes | None
    set_on: date | None
    review_on: date | None
    set_by_name: str | None
    set_by_credential: str | None

    @property
    def effective(self) -> int:
        """The tier that holds: the one that a clinician set, else the computed one."""
        return self.tier if self.set_tier is None else self.set_tier

    @property
    def set_by_signature(self) -> str:
        """Who set it: 'Amy Levin, MD'."""
        known = (self.set_by_name, self.set_by_credential if self.set_by_credential != "none" else None)
        return ", ".join(part for part in known if part)


class Result(NamedTuple):
    """What the rules make of a patient, as it is written."""

    patient: bytes
    tier: int
    points: int
    parts: Mapping[str, int]


class Kept(NamedTuple):
    """What is kept of a patient's tier, as far as a run compares it."""

    id: bytes
    tier: int
    points: int
    parts: Mapping[str, int]
    set_tier: int | None
    review_on: str | None

    @property
    def effective(self) -> int:
        """The tier that holds: the one that a clinician set, else the computed one."""
        return self.tier if self.set_tier is None else self.set_tier

    def same(self, result: Result) -> bool:
        """Whether a result says nothing else."""
        return (self.tier, self.points) == (result.tier, result.points) and self.parts == result.parts


class Move(NamedTuple):
    """A patient whose computed tier is another one now."""

    patient: bytes
    mrn: str
    family: str
    given: str
    before: Kept
    after: Result


class Run(NamedTuple):
    """What a run found: everybody's results, what differs from what is kept, and who moved."""

    book: Book
    results: list[Result]
    changed: list[Result]
    new: int
    moves: list[Move]
    set_by_hand: int
    reviews_due: int
    holding: Mapping[int, int]
    """How many patients are in each tier that holds then."""


class Behind(NamedTuple):
    """A patient's risk as the rules see it now, what is kept of it, and the rows behind each point.

    `rows` are the patient's lines by their keys, with the name of their table. `asked_for` are the rules that had
    nothing to look at, as nobody has asked.
    """

    patient: bytes
    book: Book
    risk: Risk
    kept: TierLine | None
    rows: Mapping[bytes, tuple[str, Any]]
    asked_for: tuple[Rule, ...]


def tier_of(patient: Any) -> Any:
    """An SQL expression: the tier that holds for a patient (a column of their keys); nothing where there is none.

    Where an import brought two rows, the later one by its key holds.
    """
    own = Tier.alias()
    newest = (
        own.select(fn.COALESCE(own.set_tier, own.tier))
        .where((own.patient == patient) & own.struck_at.is_null())
        .order_by(own.id.desc())
        .limit(1)
    )
    return Cast(newest, "INTEGER")  # which can be compared and ordered by as a column can


def tiers_held(patients: Any = None) -> ModelSelect[Any]:
    """Returns a query (`patient`, `tier`) of the tiers that hold for patients (keys, or a subquery; None: everybody).

    Where a patient has two rows, the later one in it holds, as in `tier_of`.
    """
    query = Tier.live(Tier.patient, fn.COALESCE(Tier.set_tier, Tier.tier)).order_by(Tier.id)
    return query if patients is None else query.where(Tier.patient.in_(patients))


def tier_line(scope: Scope, patient: bytes) -> TierLine | None:
    """Returns the tier that is kept for a patient; None when none was computed yet."""
    own = (getattr(Tier, name) for name in TierLine._fields[:-2])
    query = (
        Tier.live(*own, Staff.name, Staff.credential)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Tier.set_by))
        .where(Tier.patient == patient)
        .order_by(Tier.id.desc())
        .limit(1)
    )
    return next((TierLine(*row) for row in rows(query)), None)


def stratify(
    scope: Scope, patients: Collection[bytes] | None = None, tell: OnProgress | None = None
) -> list[Result]:
    """Returns what the rules make today of the living patients (None: of everybody), computed and not written."""
    book = book_on(scope.reference, scope.today)
    found = []
    for patient, known in each_known(book, patients, tell):
        risk = judge(known, book)
        found.append(Result(patient, risk.tier, risk.points, risk.given()))
    return found


def kept_tiers(scope: Scope, patients: Collection[bytes] | None = None) -> dict[bytes, Kept]:
    """Returns what is kept of patients' tiers (None: of everybody's); of two rows the later one by its key."""
    t = Tier
    query = t.live(t.patient, t.id, t.tier, t.points, t.parts, t.set_tier, t.review_on).order_by(t.id)
    some = [query] if patients is None else [query.where(among(t.patient, keys)) for keys in pieces(patients)]
    return {
        patient: Kept(key, tier, points, json.loads(parts) if parts else {}, by_hand, review)
        for one in some
        for patient, key, tier, points, parts, by_hand, review in raw(one)
    }


def pieces(keys: Collection[bytes]) -> Iterator[list[bytes]]:
    """Gives keys some hundred at a time, as many as one question takes."""
    listed = list(keys)
    for at in range(0, len(listed), PIECE):
        yield listed[at : at + PIECE]


def risk_run(scope: Scope, tell: OnProgress | None = None) -> Run:
    """Returns what a run over everybody would write, who moves, and the counts by tier."""
    results = stratify(scope, None, tell)
    kept = kept_tiers(scope)
    changed = [one for one in results if not (kept.get(one.patient) and kept[one.patient].same(one))]
    moved = {
        one.patient: one for one in changed if one.patient in kept and kept[one.patient].tier != one.tier
    }
    names = _names(moved)
    moves = [Move(key, *names[key], kept[key], one) for key, one in moved.items()]
    moves.sort(key=lambda one: (-abs(one.after.tier - one.before.tier), -one.after.tier, one.family, one.mrn))
    holding = dict.fromkeys(range(6, 0, -1), 0)
    by_hand = due = 0
    today = scope.today.isoformat()
    for one in results:
        before = kept.get(one.patient)
        own = before.set_tier if before is not None else None
        holding[one.tier if own is None else own] += 1
        if before is not None and own is not None:
            by_hand += 1
            due += before.review_on is not None and before.review_on <= today
    new = sum(1 for one in changed if one.patient not in kept)
    book = book_on(scope.reference, scope.today)
    return Run(book, results, changed, new, moves, by_hand, due, holding)


def risk_of(scope: Scope, patient: bytes) -> Behind:
    """Returns a patient's risk with the rows behind every point. Raises Gone when there is no such patient."""
    patient_card(scope, patient)
    book = book_on(scope.reference, scope.today)
    known = next((known for _, known in each_known(book, [patient])), Known())
    lines = _lines(scope, patient)
    return Behind(patient, book, judge(known, book), tier_line(scope, patient), lines, asked_for(known, book))


def _lines(scope: Scope, patient: bytes) -> dict[bytes, tuple[str, Any]]:
    """Every line of the patient that may stand behind a point, by its key."""
    parts: tuple[tuple[str, list[Any]], ...] = (
        ("condition", conditions(scope, patient, current_only=True)),
        ("stay", stays(scope, patient, MOST)),
        ("medication", medications(scope, patient, current_only=True, limit=MOST)),
        ("assessment", assessments_of(scope, patient)),
    )
    return {one.id: (table, one) for table, found in parts for one in found}


def _names(patients: Collection[bytes]) -> dict[bytes, tuple[str, str, str]]:
    p = Patient
    found: dict[bytes, tuple[str, str, str]] = {}
    for keys in pieces(patients):
        query = p.select(p.id, p.mrn, p.family, p.given).where(among(p.id, keys))
        found |= {key: (mrn, family, given or "") for key, mrn, family, given in raw(query)}
    return found
