"""Two records of one person as one: what each field becomes, and which of two things that may be there once goes on.
Pure.

What one of them leaves empty the other fills; where both say something else a person picks. Nothing is dropped: other
names stay among the names, everything else that was not picked in a note (`Outcome.left`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from cmp_tui.clinic.partial import agree
from cmp_tui.clinic.text import fold
from cmp_tui.enrollment.intake_rules import STAGES, UNDER_WAY
from cmp_tui.enrollment.rules import ONGOING, OPEN
from cmp_tui.patients.alike_rules import plain_mbi

NAMES_LIMIT, REMARKS_LIMIT = 300, 2_000
"""The signs that other names and remarks have room for (patients/model.py)."""
MERGED = "merged"
"""The coded end (`program_end`) of a second enrollment or intake."""
WHY_ENDED = "in the record that was merged with this one it goes on"
_FURTHEST = ("active", "onhold", "waitlist", "planned")


class Part(NamedTuple):
    """What is picked as one: its name, its label, its columns."""

    name: str
    label: str
    columns: tuple[str, ...]


def _part(name: str, label: str, *columns: str) -> Part:
    return Part(name, label, columns or (name,))


PARTS: tuple[Part, ...] = (
    _part("family", "Family name"),
    _part("given", "Given names"),
    _part("preferred", "Called"),
    _part("birth_date", "Born"),
    _part("sex", "Sex"),
    _part("death", "Died", "deceased", "deceased_on"),
    _part("language", "Language"),
    _part("interpreter", "Interpreter"),
    _part("best_time", "Best time"),
    _part("may_leave_message", "Leave a message"),
    _part("address", "Address", "street", "city", "state", "postal_code"),
    _part("email", "Email"),
    _part("payer", "Payer"),
    _part("mbi", "Medicare number"),
    _part("qmb", "QMB"),
    _part("care_manager", "Care manager"),
    _part("billing_practitioner", "Bills for it"),
)
"""What is compared, in the order in which it is asked."""
JOINED = frozenset({"other_names", "remarks"})
"""What holds what both say."""
NAMES = frozenset({"family", "given", "preferred"})
OF_THE_FILE = frozenset({"mrn", "folded", "merged_into", "source", "source_digest", "source_version"})
"""What is not compared: the record number tells the two apart, the others follow."""

Values = Mapping[str, Any]


class Clash(NamedTuple):
    """A part of which the two records say different things; the values are those of its columns."""

    part: Part
    mine: tuple[Any, ...]
    theirs: tuple[Any, ...]


class Outcome(NamedTuple):
    """What becomes of the record that is kept: its new values, and what both said besides (by label, in words or as
    the values of a part)."""

    values: dict[str, Any]
    left: tuple[tuple[Part, tuple[Any, ...]], ...]
    left_words: tuple[tuple[str, str], ...]


def clashes(mine: Values, theirs: Values) -> list[Clash]:
    """Returns where a person must pick."""
    return [
        Clash(part, _of(mine, part), _of(theirs, part))
        for part in PARTS
        if _joined(part, _of(mine, part), _of(theirs, part)) is None
    ]


def settle(mine: Values, theirs: Values, take: Collection[str] = ()) -> Outcome:
    """Returns what becomes of the kept record (`mine`). `take` are the parts in which the other's value was picked."""
    values: dict[str, Any] = {}
    left: list[tuple[Part, tuple[Any, ...]]] = []
    for part in PARTS:
        own, others = _of(mine, part), _of(theirs, part)
        result = _joined(part, own, others)
        if result is None:
            result, lost = (others, own) if part.name in take else (own, others)
            if part.name not in NAMES:
                left.append((part, lost))
        values.update(zip(part.columns, result, strict=True))
    names, rest = other_names(values, mine, theirs)
    values["other_names"] = names or None
    remarks, more = _remarks(mine.get("remarks"), theirs.get("remarks"))
    values["remarks"] = remarks
    words = [("Other names", "; ".join(rest))] if rest else []
    words += [("Remarks", more)] if more else []
    changed = {name: value for name, value in values.items() if mine.get(name) != value}
    return Outcome(changed, tuple(left), tuple(words))


def other_names(result: Values, mine: Values, theirs: Values) -> tuple[str, list[str]]:
    """Returns all names besides those that stand in the result, in one text, and those for which it has no room."""
    seen = {fold(_whole(result)), fold(result.get("preferred") or "")}
    names: list[str] = []
    for record in (mine, theirs):
        said = [part.strip() for part in (record.get("other_names") or "").split(";")]
        for name in (*said, _whole(record), (record.get("preferred") or "").strip()):
            folded = fold(name)
            if name and folded not in seen:
                seen.add(folded)
                names.append(name)
    kept: list[str] = []
    rest: list[str] = []
    for name in names:
        fits = len("; ".join([*kept, name])) <= NAMES_LIMIT
        (kept if fits and not rest else rest).append(name)
    return "; ".join(kept), rest


def _whole(record: Values) -> str:
    return " ".join(part for part in (record.get("given"), record.get("family")) if part)


def _remarks(mine: str | None, theirs: str | None) -> tuple[str | None, str]:
    """Both remarks, one below the other; and the second by itself when there is no room for it."""
    if not mine or not theirs or mine == theirs:
        return mine or theirs, ""
    both = f"{mine}\n{theirs}"
    return (both, "") if len(both) <= REMARKS_LIMIT else (mine, theirs)


def _of(record: Values, part: Part) -> tuple[Any, ...]:
    return tuple(record.get(name) for name in part.columns)


def _joined(part: Part, mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """What two values of a part are together; None when they contradict each other."""
    if part.name == "death":
        return _death(mine, theirs)
    found = []
    for name, one, other in zip(part.columns, mine, theirs, strict=True):
        if is_empty(name, one) or is_empty(name, other):
            found.append(other if is_empty(name, one) and not is_empty(name, other) else one)
        elif name == "birth_date" and agree(one, other):
            found.append(max(one, other, key=len))
        elif same(name, one, other):
            found.append(one)
        else:
            return None
    return tuple(found)


def _death(mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[Any, ...] | None:
    if bool(mine[0]) != bool(theirs[0]):
        return None
    if not mine[1] or not theirs[1]:
        return mine[0], mine[1] or theirs[1]
    return (mine[0], max(mine[1], theirs[1], key=len)) if agree(mine[1], theirs[1]) else None


def is_empty(name: str, value: Any) -> bool:
    """Tells whether a value says nothing."""
    return value is None or value == "" or (name == "sex" and value == "U")


def same(name: str, one: Any, other: Any) -> bool:
    """Tells whether two values of a column say the same: case, accents and marks make no difference in words, in a name
    only case."""
    if one == other:
        return True
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    if name == "mbi":
        return plain_mbi(one) == plain_mbi(other) != ""
    if name in (*NAMES, "email", "birth_date", "sex", "payer"):
        return one.casefold() == other.casefold()
    return bool(fold(one)) and _words(one) == _words(other)


def _words(text: str) -> str:
    return " ".join(re.split(r"\s+", fold(text)))


# What may be there once


class Time(NamedTuple):
    """An enrollment of one of the two; `mine` when it is the kept record's."""

    key: bytes
    program: str
    status: str
    start: date | None
    mine: bool


class Way(NamedTuple):
    """An intake of one of the two."""

    key: bytes
    program: str | None
    stage: str
    received: date
    mine: bool


class Risk(NamedTuple):
    """A risk tier of one of the two; `set_on` is the day on which a clinician set it."""

    key: bytes
    computed_on: date
    set_on: date | None
    mine: bool


class Ended(NamedTuple):
    """One of two that ends, because the other (`goes_on`) goes on; `values` is what is written of it."""

    key: bytes
    goes_on: bytes
    values: dict[str, Any]


def second_times(times: Iterable[Time]) -> list[Ended]:
    """Returns the enrollments that end, as nobody is in a program twice.

    The one that is furthest goes on (enrolled before on hold before waiting), of two alike the one that began first.
    What began before it ends on the day before; what lies within it is cancelled.
    """
    programs: dict[str, list[Time]] = {}
    for time in times:
        if time.status in OPEN:
            programs.setdefault(time.program, []).append(time)
    found = []
    for same_program in programs.values():
        first, *others = sorted(
            same_program,
            key=lambda one: (_FURTHEST.index(one.status), one.start or date.max, not one.mine, one.key),
        )
        for other in others:
            values: dict[str, Any] = {"status": "cancelled", "ended": MERGED, "reason": WHY_ENDED}
            if other.status in ONGOING and other.start and first.start and other.start < first.start:
                values |= {"status": "finished", "end": first.start - timedelta(days=1)}
            found.append(Ended(other.key, first.key, {**values, "hold_until": None}))
    return found


def second_ways(ways: Iterable[Way], enrolled: Collection[str] = ()) -> list[Ended]:
    """Returns the intakes that end: of two that are under way to the same program (or to none in particular) the one
    that is less far, then the later one. `enrolled` are programs that the person is in already."""
    under_way = [way for way in ways if way.stage in UNDER_WAY]
    going: list[Way] = []
    found = []
    for way in sorted(
        under_way, key=lambda one: (-STAGES.index(one.stage), one.received, not one.mine, one.key)
    ):
        other = next((one for one in going if _overlap(one.program, way.program)), None)
        if other is not None or way.program in enrolled:
            values = {"stage": "ended", "end": MERGED, "end_why": WHY_ENDED, "back_on": None}
            found.append(Ended(way.key, other.key if other else way.key, values))
        else:
            going.append(way)
    return found


def _overlap(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def second_risks(risks: Sequence[Risk]) -> list[Ended]:
    """Returns the risk tiers that no longer hold: what a clinician set before what was computed, the later before the
    earlier."""
    if len(risks) < 2:
        return []
    first, *others = sorted(
        risks, key=lambda one: (one.set_on or date.min, one.computed_on, one.mine, one.key), reverse=True
    )
    return [Ended(one.key, first.key, {}) for one in others]
