"""Comparing a list of stays with the clinic file: whose they are, which are new, which fill what is here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import fn

from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.records import among, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import fold
from cmp_tui.encounters.model import Stay
from cmp_tui.encounters.rules import EMERGENCY, Span, lies_over
from cmp_tui.exchange.caseload.held import everyone_here
from cmp_tui.exchange.caseload.matching import People
from cmp_tui.exchange.caseload.names import whole
from cmp_tui.exchange.caseload.plan import Choices, PersonIn
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.exchange.plan import Edit
from cmp_tui.exchange.rules_values import bounded, digest_of
from cmp_tui.exchange.stays.book import stay_words
from cmp_tui.exchange.stays.decode import decode
from cmp_tui.exchange.stays.plan import MARK, Column, StayIn, StayPlan, StaysPlan
from cmp_tui.patients.alike import nicknames
from cmp_tui.patients.merged import merged_away

FILLED = ("discharged", "discharged_to", "facility", "reason", "admitted_from", "emergency")
"""What a list may fill where it is empty here."""
NOT_HERE = "no patient here has this record number or name and birth date"


class Here(NamedTuple):
    """A stay that is here."""

    key: bytes
    version: int
    source: str
    struck: bool
    kind: str
    admitted: date
    discharged: date | None
    discharged_to: str | None
    facility: str | None
    reason: str | None
    admitted_from: str | None
    emergency: bool | None

    @property
    def span(self) -> Span:
        """As far as others may lie over it."""
        return Span(self.kind, self.admitted, self.discharged, self.facility)


def stays_plan(
    scope: Scope, book: SheetIn, columns: tuple[Column, ...], choices: Choices = Choices()
) -> StaysPlan:
    """Returns what importing a list would do, stay by stay. Writes nothing."""
    read = decode(book, columns, stay_words(scope.reference), scope.today, choices.day_first)
    plan = StaysPlan(
        Audit.select(fn.MAX(Audit.seq)).scalar() or 0, book.file, book.unit, book.rows_in, columns,
        faults=sorted([*book.faults, *read.faults], key=lambda fault: fault.number),
        said=[*book.said, *read.said], read_over=read.read_over,
    )  # fmt: skip
    people = People(book.unit, nicknames(scope.reference))
    for known in everyone_here(scope):
        people.put(known)
    for away in merged_away(scope):
        people.note_number(away.mrn, away.kept)
    for stay in sorted(read.stays, key=lambda one: one.rows):
        plan.stays.append(_whose(people, stay, choices))
    held = _held({one.patient for one in plan.stays if one.patient is not None})
    for one in sorted(plan.stays, key=lambda each: (each.stay.admitted or date.max, each.stay.rows)):
        if one.patient is not None and not one.why:
            _compare(one, held.setdefault(one.patient, []), scope.today)
    return plan


def _whose(people: People, stay: StayIn, choices: Choices) -> StayPlan:
    """Finds the patient; a stay of somebody who is no patient here is named and left out."""
    one = StayPlan(stay, whole(stay.family, stay.given), stay.mrn)
    if stay.refused:
        one.why, one.wrong = stay.refused, True
        return one
    person = PersonIn(stay.rows[0], stay.mrn, stay.family, stay.given, stay.birth_date)
    if stay.mrn and not stay.family and not stay.birth_date:
        # A record number alone says who: there is nothing that could contradict it.
        found = people.numbered(stay.mrn)
        if found is None:
            one.why = NOT_HERE
        else:
            one.patient, one.mrn, one.name = found.key, found.mrn, found.name
        return one
    match = people.match(person, choices)
    if match.why:
        one.why, one.wrong = match.why, True
        if match.alike:
            one.why += f"; if it is them: --same {match.alike[0].mrn}"
    elif match.who is None or match.who.key is None:
        one.why = NOT_HERE
    else:
        one.patient, one.mrn, one.name = match.who.key, match.who.mrn, match.who.name
    return one


def _held(patients: set[bytes]) -> dict[bytes, list[Here]]:
    s = Stay
    found: dict[bytes, list[Here]] = {}
    query = s.select(
        s.patient, s.id, s.version, s.source, s.struck_at, s.kind, s.admitted, s.discharged, s.discharged_to,
        s.facility, s.reason, s.admitted_from, s.emergency,
    ).where(among(s.patient, list(patients)))  # fmt: skip
    for patient, key, version, source, struck, *rest in rows(query.order_by(s.patient, s.admitted, s.id)):
        found.setdefault(patient, []).append(Here(key, version, source or "", struck is not None, *rest))
    return found


def _compare(one: StayPlan, held: list[Here], today: date) -> None:
    stay = one.stay
    known = next((each for each in held if _is_same(stay, each)), None)
    if known is None and stay.admitted is None:
        one.why, one.wrong = (
            "a discharge without its admission, and none is open here: add the day of admission",
            True,
        )
        return
    if known is not None and known.struck:
        one.state, one.why = "kept", "was struck out here, and stays out"
        return
    values = _values(stay)
    if known is None:
        assert stay.admitted is not None
        out = stay.discharged or (stay.admitted if stay.kind == EMERGENCY else None)
        span = Span(stay.kind, stay.admitted, out, stay.facility or None)
        over = lies_over(span, [each.span for each in held if not each.struck])
        if over is not None:
            one.why, one.wrong = _over(over), True
            return
        source = bounded(f"{MARK}{_mark(stay)}")
        one.state = "new"
        one.values = {
            **values, "discharged": out, "source": source, "source_version": 1,
            "source_digest": digest_of(*(str(value) for value in values.values())),
            "heard_on": today, "heard_from": "list of stays",
        }  # fmt: skip
        held.append(
            Here(b"", 0, source, False, stay.kind, stay.admitted, out, *(values[name] for name in _AFTER))
        )
        return
    _fill(one, known, values, held)


_AFTER = ("discharged_to", "facility", "reason", "admitted_from", "emergency")


def _fill(one: StayPlan, known: Here, values: Mapping[str, Any], held: list[Here]) -> None:
    """Fills what is empty here; what differs stays as it is here, and is told."""
    filled = {
        name: values[name] for name in FILLED if getattr(known, name) is None and values[name] is not None
    }
    differs = [
        _WORDS[name]
        for name in FILLED
        if values[name] is not None
        and getattr(known, name) is not None
        and not _is_alike(getattr(known, name), values[name])
    ]
    if differs:
        one.stay.warnings.append(f"says otherwise than here: {', '.join(differs)}; what is here stays")
    out = filled.get("discharged")
    if out is not None and out < known.admitted:
        one.why, one.wrong = f"the discharge ({out}) comes before the admission here ({known.admitted})", True
        return
    if out is not None:
        others = [each.span for each in held if each.key != known.key and not each.struck]
        over = lies_over(known.span._replace(discharged=out), others)
        if over is not None:
            one.why, one.wrong = _over(over), True
            return
    if not filled or not known.key:
        one.state = "kept" if differs else "same"
        return
    one.state = "changed"
    one.edit = Edit("stay", known.key, known.version, filled)
    held[held.index(known)] = known._replace(**filled)


_WORDS = {
    "discharged": "the discharge", "discharged_to": "where to", "facility": "where", "reason": "the reason",
    "admitted_from": "where from", "emergency": "emergency or planned",
}  # fmt: skip


def _values(stay: StayIn) -> dict[str, Any]:
    return {
        "kind": stay.kind, "facility": stay.facility or None, "admitted": stay.admitted,
        "discharged": stay.discharged, "discharged_to": stay.to or None, "reason": stay.reason or None,
        "admitted_from": stay.came_from or None, "emergency": stay.emergency,
    }  # fmt: skip


def _mark(stay: StayIn) -> str:
    """What names a stay of such lists: its number there, else where and when."""
    return fold(stay.visit) or f"{fold(stay.facility)}/{stay.kind}/{stay.admitted}"


def _is_same(stay: StayIn, here: Here) -> bool:
    """Whether a stay of the list is one that is here: by its number there, or its kind and first day.

    A discharge alone is that of the stay that is open, or that ended on its day.
    """
    if stay.visit and here.source == bounded(f"{MARK}{fold(stay.visit)}"):
        return True
    if (stay.kind == EMERGENCY) != (here.kind == EMERGENCY):
        return False
    if stay.admitted is not None:
        if stay.kind == EMERGENCY:
            return here.admitted == stay.admitted and _same_house(stay, here)
        return here.admitted == stay.admitted
    if here.struck or stay.discharged is None or here.admitted > stay.discharged:
        return False
    return here.discharged in (None, stay.discharged)


def _same_house(stay: StayIn, here: Here) -> bool:
    return not stay.facility or not here.facility or fold(stay.facility) == fold(here.facility)


def _is_alike(here: Any, there: Any) -> bool:
    return (
        fold(here) == fold(there) if isinstance(here, str) and isinstance(there, str) else bool(here == there)
    )


def _over(other: Span) -> str:
    at = f" at {other.facility}" if other.facility else ""
    if other.discharged is None:
        return f"lies over a stay{at} since {other.admitted} that has not ended here"
    return f"lies over the stay{at} from {other.admitted} to {other.discharged}"
