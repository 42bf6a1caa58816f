"""Comparing claim files with the clinic file: what would come in of whom, who would be a candidate, and who not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from peewee import fn

from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange.caseload.names import whole
from cmp_tui.exchange.caseload.plan import Choices
from cmp_tui.exchange.claims import candidate_rules as candidates
from cmp_tui.exchange.claims.book import Book
from cmp_tui.exchange.claims.candidate_rules import Use
from cmp_tui.exchange.claims.comparing import Comparer
from cmp_tui.exchange.claims.condition_rules import ConditionIn, Diagnoses
from cmp_tui.exchange.claims.final_rules import Settled
from cmp_tui.exchange.claims.held import PIECE, Held, Practitioners, claims_held
from cmp_tui.exchange.claims.matching import Matcher, Who
from cmp_tui.exchange.claims.plan import ClaimsPlan, PersonPlan
from cmp_tui.exchange.claims.reading import Reading
from cmp_tui.exchange.claims.records import Claim, Member
from cmp_tui.exchange.claims.stay_rules import StayIn, stays_of
from cmp_tui.exchange.claims.taking_rules import stands_in_the_way
from cmp_tui.exchange.claims.visit_rules import ServiceIn, in_hospice, services_of, visits_of
from cmp_tui.exchange.plan import Edit, Values
from cmp_tui.exchange.rules_values import bounded, digest_of
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.patients.rules import fold_names, is_mbi

NO_NAME = "(no name)"
MOST_CODES = 3
SAID = frozenset({"active", "recurrence", "relapse", "remission"})
"""States of a condition here that goes on."""


def claims_plan(scope: Scope, reading: Reading, book: Book, choices: Choices | None = None) -> ClaimsPlan:
    """Returns what importing a reading would do. Writes nothing.

    `choices`: who looks like somebody is them (`same_mrns`, `all_same`), or somebody new (`all_new`).
    """
    return _Planner(scope, book, choices or Choices()).plan(reading)


@dataclass(slots=True)
class _Bundle:
    """One person of the files: all that was said of them under all their numbers."""

    plan: PersonPlan
    member: Member
    claims: list[Claim] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)


class _Planner:
    """One comparison."""

    def __init__(self, scope: Scope, book: Book, choices: Choices) -> None:
        self._scope, self._book, self._rule = scope, book, book.rule
        self._matcher = Matcher(scope, choices)
        self._plan = ClaimsPlan(Audit.select(fn.MAX(Audit.seq)).scalar() or 0)
        self._diagnoses = Diagnoses(load_condition_tables(scope.reference.folder), book.groups)
        self._practitioners = Practitioners(scope)
        self._comparer = Comparer(self._plan.counts, self._practitioners, self._diagnoses)
        self._bundles: list[_Bundle] = []
        self._by_key: dict[bytes, _Bundle] = {}
        self._by_number: dict[int, _Bundle] = {}
        self._last = date.min

    def plan(self, reading: Reading) -> ClaimsPlan:
        """Compares everything."""
        plan = self._plan
        for number, (member, settled) in enumerate(reading.people(), 1):
            self._gather(number, member, settled)
        self._last = plan.last or self._scope.today
        for at in range(0, len(self._bundles), PIECE):
            some = self._bundles[at : at + PIECE]
            held = claims_held(self._scope, [one.plan.key for one in some if one.plan.key is not None])
            for one in some:
                self._one(one, held.get(one.plan.key or b""))
                one.claims.clear()
        plan.struck = self._comparer.struck
        plan.files, plan.others, plan.lines = reading.files, reading.others, reading.lines
        plan.by = _named(reading.files)
        plan.left, plan.not_taken, plan.diagnoses = reading.left, reading.not_taken, self._diagnoses.left
        plan.problems = reading.problems
        return plan

    # -- who

    def _gather(self, number: int, member: Member | str, settled: Settled) -> None:
        if not settled.kept and not settled.cancelled:
            return
        plan = self._plan
        plan.claims += len(settled.kept)
        for claim in settled.kept:
            plan.first = min(plan.first or claim.start, claim.start)
            plan.last = max(plan.last or claim.end, claim.end)
        if isinstance(member, str):
            known = self._matcher.known(member)
            if known is None:
                plan.orphans += len(settled.kept)
                return
            who, member = known, Member(member)
        else:
            who = self._matcher.match(number, member)
        bundle = self._bundle(number, member, who)
        if bundle is not None:
            bundle.claims += settled.kept
            bundle.cancelled += settled.cancelled

    def _bundle(self, number: int, member: Member, who: Who) -> _Bundle | None:
        begun = self._by_key.get(who.key) if who.key is not None else self._by_number.get(who.before or 0)
        if begun is not None:
            return begun
        name = whole(member.family, member.given) or who.name or NO_NAME
        plan = PersonPlan(bounded(member.source), name, member.birth_date, who.mrn, key=who.key)
        self._plan.people.append(plan)
        if who.why:
            plan.state, plan.why, plan.wrong = "skipped", who.why, who.wrong
            return None
        bundle = _Bundle(plan, member)
        self._bundles.append(bundle)
        self._by_number[number] = bundle
        if who.key is not None:
            self._by_key[who.key] = bundle
        return bundle

    # -- what

    def _one(self, bundle: _Bundle, held: Held | None) -> None:
        plan, rule, claims = bundle.plan, self._rule, bundle.claims
        claims.sort(key=lambda claim: (claim.start, claim.end, claim.id))
        stays = stays_of(claims, self._book.marks, self._last)
        conditions = self._diagnoses.of(claims, rule.coded_since(self._last))
        seen = candidates.found(rule, self._last, self._uses(stays, held), self._groups(conditions, held))
        why = self._why_not(bundle, stays, seen, held)
        services = services_of(claims, self._book.marks, self._book.services)
        plan.reason = candidates.reason(seen, self._book.groups, self._billed(services))
        if held is None and why:
            plan.state, plan.why = "aside", why
            self._plan.aside[why if why in _OTHER else "fewer than the rule asks"] += 1
            return
        if held is None:
            self._new(plan, bundle.member)
        else:
            self._fill(plan, bundle.member, held, stays)
        founded = [one for one in conditions if one.founded(rule.condition_days)]
        self._diagnoses.left["conditions that were said on one day only"] += len(conditions) - len(founded)
        self._comparer.take(
            plan, held or Held(), stays, visits_of(claims, self._book.marks), services, founded,
            bundle.cancelled, [claim.id for claim in claims if claim.replaced],
        )  # fmt: skip
        if not why:
            plan.intake = True
            self._plan.counts["intake"].new += 1
        else:
            plan.why = why
            if seen.meets(rule):
                self._plan.aside[why] += 1
        if plan.key is not None and plan.written:
            plan.state = "changed"

    def _why_not(
        self, bundle: _Bundle, stays: Sequence[StayIn], seen: candidates.Found, held: Held | None
    ) -> str:
        """Why someone is not taken in: by what the claims say, then by what is here."""
        rule, since = self._rule, self._rule.used_since(self._last)
        if not seen.meets(rule):
            return candidates.why_not(seen, rule)
        if held is None and (bundle.member.deceased_on or any(one.to == "died" for one in stays)):
            return "died"
        if held is not None and (
            way := stands_in_the_way(held.intakes, held.times, held.refused, held.deceased, since)
        ):
            return way
        return "in hospice" if rule.hospice_out and in_hospice(bundle.claims, since) else ""

    def _billed(self, services: Iterable[ServiceIn]) -> list[str]:
        """What others bill that bears on ours, lately, in words: "others bill 99490 (last 2026-06-30)"."""
        since, own = self._rule.used_since(self._last), self._practitioners.own
        latest: dict[str, date] = {}
        for one in services:
            if one.end > since and one.billing not in own and one.npi not in own:
                latest[one.code] = max(one.end, latest.get(one.code, since))
        if not latest:
            return []
        codes = ", ".join(f"{code} (last {latest[code]})" for code in sorted(latest)[:MOST_CODES])
        return [f"others bill {codes}"]

    def _uses(self, stays: Iterable[StayIn], held: Held | None) -> Iterable[Use]:
        yield from (Use(one.kind, one.admitted) for one in stays)
        for row in held.records["stay"] if held is not None else ():
            if not row.struck:
                yield Use(row.values[0], row.values[1])

    def _groups(
        self, conditions: Iterable[ConditionIn], held: Held | None
    ) -> Iterable[tuple[str | None, int]]:
        for one in conditions:
            if one.founded_lately(self._rule.condition_days):
                yield one.group, one.recent
        for row in held.records["condition"] if held is not None else ():
            _, _, group, chronic, status = row.values
            if chronic and status in SAID and not row.struck:
                yield group, 1

    # -- their own row

    def _new(self, plan: PersonPlan, member: Member) -> None:
        family = member.family or member.given or NO_NAME
        given = member.given if member.family else ""
        values: Values = {
            "family": family,
            "given": given or None,
            "birth_date": member.birth_date or None,
            "sex": member.sex,
            "street": member.street or None,
            "city": member.city or None,
            "state": member.state or None,
            "postal_code": member.postal_code or None,
            "payer": member.payer or None,
            "mbi": member.mbi or None,
            "folded": fold_names(family, given) or family,
            "source": plan.source,
            "source_digest": digest_of(*member[1:]),
            "source_version": 1,
        }
        plan.state, plan.values = "new", values
        if member.mbi and not is_mbi(member.mbi):
            plan.warnings.append("has a Medicare number that does not look like one")
        if not member.birth_date:
            plan.warnings.append("has no birth date")
        self._plan.counts["patient"].new += 1

    def _fill(self, plan: PersonPlan, member: Member, held: Held, stays: Sequence[StayIn]) -> None:
        """What is empty here is filled; nothing is overwritten."""
        assert plan.key is not None
        told: tuple[tuple[str, Any, Any], ...] = (
            ("mbi", held.mbi, member.mbi),
            ("payer", held.payer, member.payer),
            ("sex", held.sex.replace("U", ""), member.sex.replace("U", "")),
        )
        filled = {name: said for name, here, said in told if said and not here}
        if filled:
            plan.edits.append(Edit("patient", plan.key, held.version, filled))
            self._plan.counts["patient"].changed += 1
        else:
            self._plan.counts["patient"].same += 1
        if not held.deceased and (member.deceased_on or any(one.to == "died" for one in stays)):
            plan.warnings.append("died by the claims; here nothing says so")


_OTHER = ("died", "in hospice")


def _named(files: Sequence[str]) -> str:
    """The files in a few words, for the intake."""
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return f"{', '.join(files[:3])}{more}"[:200]
