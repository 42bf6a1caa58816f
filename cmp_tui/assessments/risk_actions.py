"""Writing risk tiers: those that the rules compute, and those that a clinician sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.assessments.model import Tier
from cmp_tui.assessments.risk_queries import Result, kept_tiers, pieces, stratify, tier_line
from cmp_tui.assessments.risk_rules import HIGHEST
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.clinic.records import among, raw
from cmp_tui.patients.model import Patient

AT_ONCE = 20_000
"""Patients whose tiers one change writes: others who save wait for some seconds at most. A clinic's run is one change
up to here, and one undo."""


class Written(NamedTuple):
    """How many tiers were written for the first time, changed, and found as they are kept."""

    added: int
    changed: int
    same: int


def write_tiers(
    change: Change, results: Sequence[Result], holding: Mapping[int, int] | None = None
) -> Written:
    """Writes the results of a run, as far as they differ from what is kept now; the others are left alone.

    What a colleague's run has written meanwhile is looked at again here. A tier that a clinician set stays. Who was
    struck out or has died since is left out. `holding` is how many are in each tier then, for the audit entry.
    """
    patients = [one.patient for one in results]
    kept, there = kept_tiers(change.scope, patients), _alive(patients)
    wanted = [one for one in results if one.patient in there]
    new = [one for one in wanted if one.patient not in kept]
    changed = [one for one in wanted if one.patient in kept and not kept[one.patient].same(one)]
    change.add_many(Tier, ({"patient": one.patient, **_values(one, change.today)} for one in new))
    change.edit_many(Tier, ((kept[one.patient].id, _values(one, change.today)) for one in changed))
    counts = Written(len(new), len(changed), len(wanted) - len(new) - len(changed))
    tiers = {f"tier_{tier}": count for tier, count in (holding or {}).items()}
    change.note(**counts._asdict(), **tiers)
    return counts


def set_tier(
    change: Change,
    patient: bytes,
    tier: int,
    why: str | None,
    review_on: date | None,
    seen: int | None = None,
) -> Tier:
    """Sets a clinician's own tier, which stands before the computed one until they clear it. That is computed anew.

    Raises Invalid without a reason or a day of review still to come, Refused for who is no clinician, Conflict, Gone.
    """
    _require_clinician(change)
    wrong: dict[str, str] = {}
    if not isinstance(tier, int) or not 1 <= tier <= HIGHEST:
        wrong["set_tier"] = f"A tier is a number from 1 to {HIGHEST}; {HIGHEST} is the highest."
    if not (why or "").strip():
        wrong["set_why"] = "Say why another tier holds; the reason stays with it."
    if review_on is None:
        wrong["review_on"] = "Say on which day you will look at it again."
    elif review_on <= change.today:
        wrong["review_on"] = "The day of the review is still to come."
    if wrong:
        raise Invalid(wrong)
    values: dict[str, Any] = {
        "set_tier": tier,
        "set_why": why,
        "set_by": change.who.id,
        "set_on": change.today,
        "review_on": review_on,
    }
    computed = _computed(change, patient)
    line = tier_line(change.scope, patient)
    if line is not None:
        return change.edit(Tier, line.id, seen, **computed, **values)
    return change.add(Tier, patient=patient, **computed, **values)


def clear_tier(change: Change, patient: bytes, seen: int | None = None) -> Tier:
    """Takes a clinician's own tier away: the one computed now holds. Raises Refused, Conflict, Gone."""
    _require_clinician(change)
    line = tier_line(change.scope, patient)
    if line is None or line.set_tier is None:
        raise Gone("No tier is set by a clinician here; the computed one holds.")
    nothing = dict.fromkeys(("set_tier", "set_why", "set_by", "set_on", "review_on"))
    return change.edit(Tier, line.id, seen, **_computed(change, patient), **nothing)


def _computed(change: Change, patient: bytes) -> dict[str, Any]:
    """What the rules make of a living patient now."""
    if change.get(Patient, patient).deceased:
        raise Gone("This patient has died; no risk tier is kept any more.")
    now = _values(stratify(change.scope, [patient])[0], change.today)
    line = tier_line(change.scope, patient)
    if line is not None and all(getattr(line, name) == now[name] for name in ("tier", "points", "parts")):
        del now["computed_on"]  # nothing about it is new
    return now


def _values(result: Result, today: date) -> dict[str, Any]:
    return {
        "tier": result.tier,
        "points": result.points,
        "parts": dict(result.parts) or None,
        "computed_on": today,
    }


def _alive(patients: list[bytes]) -> set[bytes]:
    alive = Patient.live(Patient.id).where(Patient.deceased == False)  # noqa: E712
    return {key for keys in pieces(patients) for (key,) in raw(alive.where(among(Patient.id, keys)))}


def _require_clinician(change: Change) -> None:
    if "clinician" not in change.who.roles:
        raise Refused(
            "Only a clinician sets a tier of their own. Ask one; the computed tier holds until then."
        )
