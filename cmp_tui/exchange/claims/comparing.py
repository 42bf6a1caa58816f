"""Comparing what claims say of one person with what is here: what is new, changed, the same, or gone with its claim.

A record is known by the claim and line that it came from, and by what it is: a stay by its day, a visit by day and
practitioner, a service by code and day, a condition by the category of its code. What others have brought stays theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from cmp_tui.exchange.claims.condition_rules import SYSTEM, ConditionIn, Diagnoses
from cmp_tui.exchange.claims.held import SOURCED, Held, Here, Practitioners
from cmp_tui.exchange.claims.plan import MARK, PersonPlan, Strike
from cmp_tui.exchange.claims.stay_rules import ACUTE, StayIn
from cmp_tui.exchange.claims.visit_rules import ServiceIn, VisitIn
from cmp_tui.exchange.plan import Count, Edit, Row, Values
from cmp_tui.exchange.queries_known import edited_since
from cmp_tui.exchange.rules_values import bounded, digest_of
from cmp_tui.patients.coding import normal_icd

CANCELLED = "The claim was cancelled."
ADJUSTED = "It is no longer on the adjusted claim."


def family_of(kind: str) -> str:
    """Returns what a stay's kind is compared among: an emergency, a hospital, a facility."""
    return "acute" if kind in ACUTE else kind


class Comparer:
    """Puts records into the plans of their people."""

    def __init__(self, counts: dict[str, Count], practitioners: Practitioners, diagnoses: Diagnoses) -> None:
        self._counts, self._who, self._diagnoses = counts, practitioners, diagnoses
        self.struck = 0

    def take(
        self,
        plan: PersonPlan,
        held: Held,
        stays: Iterable[StayIn],
        visits: Iterable[VisitIn],
        services: Iterable[ServiceIn],
        conditions: Iterable[ConditionIn],
        cancelled: Iterable[str] = (),
        replaced: Iterable[str] = (),
    ) -> None:
        """Compares everything of one person. `cancelled` and `replaced` are numbers of claims."""
        one = _Person(plan, held, self._counts, self._who, self._diagnoses)
        for stay in stays:
            one.stay(stay)
        for visit in visits:
            one.visit(visit)
        for service in services:
            one.service(service)
        for condition in conditions:
            one.condition(condition)
        for number in cancelled:
            one.gone(number, CANCELLED, ("stay", "visit", "service", "condition"))
        for number in replaced:
            one.gone(number, ADJUSTED, ("stay", "visit", "service"))
        self.struck += len(plan.strikes)


class _Person:
    """One comparison."""

    def __init__(
        self,
        plan: PersonPlan,
        held: Held,
        counts: dict[str, Count],
        who: Practitioners,
        diagnoses: Diagnoses,
    ) -> None:
        self._plan, self._held, self._counts, self._who, self._diagnoses = plan, held, counts, who, diagnoses
        self._by_source = {
            kind: {row.source: row for row in held.records[kind] if row.source.startswith(MARK)}
            for kind in SOURCED
        }
        self._met: set[bytes] = set()

    # -- each kind

    def stay(self, one: StayIn) -> None:
        """A stay or an emergency visit."""
        values: Values = {
            "kind": one.kind,
            "facility": self._who.named(one.facility, one.facility_name),
            "admitted": one.admitted,
            "discharged": one.discharged,
            "discharged_to": one.to or None,
            "reason": self._diagnoses.words(one.diagnosis),
        }
        sources = [_source(number, one.line) for number in one.claims]
        known = self._find("stay", sources, lambda row: _same_stay(one, row.values))
        if known is None or known.struck:
            self._place("stay", known, values, sources[0])
            return
        _, admitted, out, _ = known.values
        if not known.source.startswith(MARK):
            # What is here was typed, or came from an EHR: only an open end is closed.
            if out is None and one.discharged is not None and admitted <= one.discharged:
                filled = {"discharged": one.discharged, "discharged_to": one.to or None}
                self._plan.edits.append(Edit("stay", known.key, known.version, filled))
                self._counts["stay"].changed += 1
            else:
                self._counts["stay"].same += 1
            return
        longer = one.discharged is not None and (out is None or one.discharged > out)
        shorter = out is not None and (one.discharged is None or one.discharged < out)
        own = known.source in sources
        if (shorter and not one.replaced) or not (own or longer):
            self._counts["stay"].same += 1
            return
        if admitted < one.admitted and not one.replaced:
            values["admitted"] = admitted  # the first bill of the stay came in before
        self._place("stay", known, values, known.source)

    def visit(self, one: VisitIn) -> None:
        """A visit."""
        values: Values = {
            "date": one.date,
            "kind": one.kind,
            "practitioner": _fit(self._who.named(one.npi, one.name)),
            "what": f"billed as {one.code}",
            "reason": self._diagnoses.words(one.diagnosis),
        }

        def same(row: Here) -> bool:
            day, kind, practitioner = row.values
            if day != one.date:
                return False
            if row.source.startswith(MARK):
                return bool(practitioner == values["practitioner"])
            return bool(kind != "other" or practitioner == values["practitioner"])

        known = self._find("visit", [_source(one.claim, one.line)], same)
        self._settle("visit", known, values, _source(one.claim, one.line))

    def service(self, one: ServiceIn) -> None:
        """A service that was billed: ours when it was billed by the clinic or one of its staff."""
        ours = one.billing in self._who.own or one.npi in self._who.own
        values: Values = {
            "code": one.code,
            "start": one.start,
            "end": one.end if one.end > one.start else None,
            "practitioner": _fit(self._who.named(one.npi or one.billing, one.name)),
            "ours": ours,
        }

        def same(row: Here) -> bool:
            code, start, practitioner = row.values
            whose = practitioner in (None, values["practitioner"])
            return (code or "").upper() == one.code and start == one.start and whose

        known = self._find("service", [_source(one.claim, one.line)], same)
        self._settle("service", known, values, _source(one.claim, one.line))

    def condition(self, one: ConditionIn) -> None:
        """A condition. One that is here already, in whatever words, stays as it is."""

        def same(row: Here) -> bool:
            system, code, group, _, _ = row.values
            if system == SYSTEM:
                return normal_icd(code or "")[:3] == one.category
            return one.group is not None and group == one.group and not row.struck

        known = self._find("condition", [], same)
        if known is not None and not known.struck:
            self._counts["condition"].same += 1
            return
        values: Values = {
            "system": SYSTEM,
            "code": one.code,
            "display": self._diagnoses.words(one.code),
            "group": one.group,
            "chronic": one.chronic,
            "status": "active",
        }
        self._place("condition", known, values, _source(one.claim, one.category))

    def gone(self, number: str, why: str, kinds: Iterable[str]) -> None:
        """Strikes out what came from a claim that no longer says it, unless it was edited here."""
        for kind in kinds:
            for source, row in self._by_source[kind].items():
                named = source == _source(number) or source.startswith(f"{_source(number)}/")
                if not named or row.struck or row.key in self._met:
                    continue
                self._met.add(row.key)
                if row.version != row.imported:
                    self._counts[kind].kept += 1
                    self._plan.kept.append(f"{kind} ({why[:-1].lower()})")
                else:
                    self._plan.strikes.append(Strike(kind, row.key, row.version, why))

    # -- inside

    def _find(self, kind: str, sources: Iterable[str], same: Callable[[Here], bool]) -> Here | None:
        """The record that is meant: of the same claim and line, else one that is the same thing, living ones first."""
        found = None
        for source in sources:
            found = self._by_source[kind].get(source)
            if found is not None and not found.struck:
                break
        if found is None:
            for row in self._held.records[kind]:
                if (not row.struck or row.source.startswith(MARK) or kind == "condition") and same(row):
                    found = row
                    if not row.struck:
                        break
        if found is not None:
            self._met.add(found.key)
        return found

    def _settle(self, kind: str, known: Here | None, values: Values, source: str) -> None:
        """Of a visit or service: only its own line may change what it says."""
        if known is not None and not known.struck and known.source != source:
            self._counts[kind].same += 1
        else:
            self._place(kind, known, values, source)

    def _place(self, kind: str, known: Here | None, values: Values, source: str) -> None:
        count = self._counts[kind]
        digest = digest_of(*(str(value) for value in values.values()))
        if known is None:
            marks = {"source": bounded(source), "source_digest": digest, "source_version": 1}
            self._plan.adds.append(Row(kind, {**values, **marks}))
            count.new += 1
        elif known.struck:
            count.struck += 1
        elif known.digest == digest:
            count.same += 1
        elif edited_since(SOURCED[kind], known.key, known.version, known.imported, values):
            count.kept += 1
            day = values.get("admitted") or values.get("date") or values.get("start") or ""
            self._plan.kept.append(f"{kind} {day}".strip())
        else:
            full = {**values, "source_digest": digest, "source_version": known.version + 1}
            self._plan.edits.append(Edit(kind, known.key, known.version, full))
            count.changed += 1


def _same_stay(one: StayIn, values: tuple[Any, ...]) -> bool:
    kind, admitted, discharged, _ = values
    if family_of(kind) != family_of(one.kind):
        return False
    if admitted == one.admitted:
        return True
    if one.kind == "ed":
        return False
    return bool(
        _within(one.admitted, admitted, discharged) or _within(admitted, one.admitted, one.discharged)
    )


def _within(day: date, first: date, last: date | None) -> bool:
    """Whether a day lies within a stay, not at its very end: there another one may begin."""
    return first < day and last is not None and day < last


def _source(number: str, line: str = "") -> str:
    return f"{MARK}{number}/{line}" if line else f"{MARK}{number}"


def _fit(name: str | None) -> str | None:
    return name[:120] if name else None
