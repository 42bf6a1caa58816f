"""Comparing the records of an import's patients, and its practitioners, with the clinic file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange import rules_people as people
from cmp_tui.exchange import rules_records as health
from cmp_tui.exchange.fhir.reading import Reading
from cmp_tui.exchange.fhir.records import Attached, PatientBundle, Sourced
from cmp_tui.exchange.fhir.records import digest as digest_of
from cmp_tui.exchange.plan import Edit, PatientPlan, Plan, Row, Values
from cmp_tui.exchange.queries_known import Known, Records, edited_here, known_providers
from cmp_tui.exchange.rules_values import LeftOut, Rules, bounded

Translate = Callable[[Rules, Any], Values | LeftOut]
RECORDS: tuple[tuple[str, str, Translate], ...] = (
    ("caregivers", "person", people.person_values),
    ("conditions", "condition", health.condition_values),
    ("allergies", "allergy", health.allergy_values),
    ("medications", "medication", health.medication_values),
    ("visits", "visit", health.visit_values),
    ("stays", "stay", health.stay_values),
    ("measurements", "measurement", health.measurement_values),
    ("vaccines", "vaccination", health.vaccination_values),
)
"""Where a bundle holds records, which kind of ours they become, and how."""


class _Team(NamedTuple):
    """Care team members, to be looked at when all practitioners are known."""

    plan: PatientPlan
    known: dict[str, Known]
    attached: Attached


class RecordPlanner:
    """Puts the records into the plans of their patients."""

    def __init__(self, scope: Scope, rules: Rules, plan: Plan) -> None:
        self._scope, self._rules, self._plan = scope, rules, plan
        self._team: list[_Team] = []

    def finish(self, reading: Reading) -> None:
        """Does what needs the whole reading: practitioners may come after those who mention them."""
        for seat in self._team:
            self._team_member(seat, reading)
        self._directory(reading)

    def take(self, plan: PatientPlan, bundle: PatientBundle, records: Records) -> None:
        """Compares all records of one bundle."""
        self._phones(plan, bundle, records)
        for attribute, kind, translate in RECORDS:
            found: tuple[Sourced, ...] = getattr(bundle, attribute)
            for record in found:
                self._record(plan, kind, record, translate, records)
        days = [
            day
            for visit in bundle.visits
            if visit.status != "planned" and (day := self._rules.day(visit.start))
        ]
        last = max(days, default=None)
        known = {source: one for (kind, source), one in records.known.items() if kind == "team-member"}
        team = [_Team(plan, known, one) for one in bundle.team if people.belongs(one, last)]
        self._team += team

    def _record(
        self, plan: PatientPlan, kind: str, record: Sourced, translate: Translate, records: Records
    ) -> None:
        source = bounded(record.source)
        if source in plan.seen:
            return
        plan.seen.add(source)
        known = records.known.get((kind, source))
        if known is None or known.struck:
            values = translate(self._rules, record)
            if isinstance(values, LeftOut):
                self._left_out(values)
            elif known is not None:
                self._plan.counts[kind].struck += 1
            else:
                self._add(plan, kind, values, source, digest_of(record))
            return
        digest = digest_of(record)
        if known.digest == digest:
            self._plan.counts[kind].same += 1
            return
        values = translate(self._rules, record)
        if isinstance(values, LeftOut):
            self._left_out(values)
        else:
            self._change(plan, kind, known, values, digest)

    def _phones(self, plan: PatientPlan, bundle: PatientBundle, records: Records) -> None:
        for values in people.phone_rows(plan.source, bundle.person):
            source, digest = values.pop("source"), values.pop("source_digest")
            if source in plan.seen:
                continue
            plan.seen.add(source)
            known = records.known.get(("phone", source))
            if known is None and plan.key:
                if (values["digits"] or "") in records.digits:
                    self._plan.counts["phone"].same += 1
                    continue
                values["rank"] += records.last_rank
            elif known is not None:
                del values["rank"]  # in which order to call is for the clinic to say
            self._place(plan, "phone", known, values, source, digest)

    def _team_member(self, seat: _Team, reading: Reading) -> None:
        plan, attached = seat.plan, seat.attached
        source = bounded(f"{plan.source}/team/{attached.practitioner}")
        if source in plan.seen:
            return
        plan.seen.add(source)
        values = people.team_values(self._rules, attached, reading.practitioner(attached.practitioner))
        if isinstance(values, LeftOut):
            self._left_out(values)
        else:
            self._place(
                plan, "team-member", seat.known.get(source), values, source, people.team_digest(values)
            )

    def _place(
        self, plan: PatientPlan, kind: str, known: Known | None, values: Values, source: str, digest: str
    ) -> None:
        count = self._plan.counts[kind]
        if known is None:
            self._add(plan, kind, values, source, digest)
        elif known.struck:
            count.struck += 1
        elif known.digest == digest:
            count.same += 1
        else:
            self._change(plan, kind, known, values, digest)

    def _add(self, plan: PatientPlan, kind: str, values: Values, source: str, digest: str) -> None:
        values |= {"source": source, "source_digest": digest, "source_version": 1}
        plan.adds.append(Row(kind, values))
        self._plan.counts[kind].new += 1

    def _change(self, plan: PatientPlan, kind: str, known: Known, values: Values, digest: str) -> None:
        count = self._plan.counts[kind]
        if edited_here(self._scope, kind, known, values):
            count.kept += 1
            plan.kept.append(_called(kind, values))
        else:
            count.changed += 1
            plan.edits.append(edit_of(kind, known, values, digest))

    def _left_out(self, left: LeftOut) -> None:
        heaps = {"social": self._plan.social, "not-a-problem": self._plan.not_problems}
        heaps.get(left.heap, self._plan.not_taken)[left.words] += 1

    # -- the directory ---------------------------------------------------------------------------------------

    def _directory(self, reading: Reading) -> None:
        plan, count = self._plan, self._plan.counts["provider"]
        known_here = known_providers(self._scope)
        for source, record in _once(reading.practitioners):
            values = people.practitioner_values(self._rules, record)
            known = known_here.get(source)
            if not values["name"]:
                plan.not_taken["Practitioner (without a name)"] += 1
            elif known is None:
                digest = {"source": source, "source_digest": digest_of(record), "source_version": 1}
                plan.providers.append({**values, **digest})
                count.new += 1
            elif known.struck:
                count.struck += 1
            elif known.digest == digest_of(record):
                count.same += 1
            elif edited_here(self._scope, "provider", known, values):
                count.kept += 1
            else:
                plan.provider_edits.append(edit_of("provider", known, values, digest_of(record)))
                count.changed += 1


def edit_of(kind: str, known: Known, values: Values, digest: str) -> Edit:
    """The change of a record that came in before, and was not edited here since."""
    full = {**values, "source_digest": digest, "source_version": known.version + 1}
    return Edit(kind, known.key, known.version, full)


def _once(records: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for record in records:
        found.setdefault(bounded(record.source), record)
    yield from found.items()


def _called(kind: str, values: Values) -> str:
    """A record's name in the report."""
    name = next(
        (
            values[column]
            for column in ("display", "substance", "name", "what", "number", "kind")
            if values.get(column)
        ),
        "",
    )
    day = values.get("date") or values.get("admitted") or ""
    return " ".join(filter(None, (kind.replace("-", " "), str(name), str(day))))
