"""Comparing an import with the clinic file: what would be new, changed, left as it is, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from peewee import fn

from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange import rules_people as people
from cmp_tui.exchange import rules_records as health
from cmp_tui.exchange.fhir.reading import Reading
from cmp_tui.exchange.fhir.records import Attached, PatientBundle, Sourced
from cmp_tui.exchange.plan import Edit, PatientPlan, Plan, Row, Values
from cmp_tui.exchange.queries_known import (
    Known,
    Records,
    all_people,
    edited_here,
    known_patient,
    known_providers,
    known_records,
)
from cmp_tui.exchange.rules_match import Here, Match, People
from cmp_tui.exchange.rules_values import LeftOut, Rules, bounded
from cmp_tui.measurements.coding import MeasurementTables
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.patients.model import Patient

AT_ONCE = 200  # patients whose records are looked up together
NOTHING = Records({}, set(), 0)
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


def fhir_plan(scope: Scope, reading: Reading, measurements: MeasurementTables) -> Plan:
    """Reads a FHIR reading to its end and returns what importing it would do. Writes nothing.

    `measurements` are the tables whose `take` the reading was given.
    """
    return _Planner(scope, measurements).plan(reading)


class _Team(NamedTuple):
    """Care team members, to be looked at when all practitioners are known."""

    plan: PatientPlan
    records: Records
    attached: Attached


class _Planner:
    """One comparison."""

    def __init__(self, scope: Scope, measurements: MeasurementTables) -> None:
        self._scope = scope
        self._rules = Rules(load_condition_tables(scope.reference.folder), measurements, scope.zone)
        self._people = People(all_people(scope))
        self._plan = Plan(Audit.select(fn.MAX(Audit.seq)).scalar() or 0)
        self._by_key: dict[bytes, PatientPlan] = {}
        self._by_source: dict[str, PatientPlan] = {}
        self._team: list[_Team] = []

    def plan(self, reading: Reading) -> Plan:
        """Compares everything."""
        plan = self._plan
        bundles = reading.patients()
        while some := list(islice(bundles, AT_ONCE)):
            self._some(some)
        for plan_of, records, attached in self._team:
            self._team_member(plan_of, records, attached, reading)
        self._directory(reading)
        for one in plan.patients:
            if one.state == "same" and (one.adds or one.edits):
                one.state = "changed"
        plan.not_taken += reading.not_taken
        plan.shortened, plan.orphans = self._rules.shortened, reading.orphans
        plan.problems, plan.not_fhir, plan.files = reading.problems, reading.not_fhir, reading.files
        return plan

    # -- patients --------------------------------------------------------------------------------------------

    def _some(self, bundles: list[PatientBundle]) -> None:
        matched = [(bundle, *self._who(bundle)) for bundle in bundles]
        keys = dict.fromkeys(plan.key for _, plan, _ in matched if plan.key and plan.state != "skipped")
        records = known_records(self._scope, list(keys))
        for bundle, plan, match in matched:
            if plan.state != "skipped":
                theirs = records.get(plan.key, NOTHING) if plan.key else NOTHING
                if plan.key and not bundle.again:
                    self._own_row(plan, bundle, match)
                self._records(plan, bundle, theirs)

    def _who(self, bundle: PatientBundle) -> tuple[PatientPlan, Match]:
        """The plan of a bundle's patient: one that was begun before, or a new one."""
        person, source = bundle.person, bounded(bundle.person.source)
        begun = self._by_source.get(source)
        if begun is not None:
            return begun, Match()
        match = self._people.match(source, person)
        here = match.here
        if here is not None and not match.why:
            begun = self._by_key.get(here.key) if here.key else self._by_source.get(here.source)
            if begun is not None:
                self._by_source[source] = begun
                return begun, match
        name = ", ".join(filter(None, (person.name.family, person.name.given))) or people.NO_NAME
        plan = PatientPlan(source, person.mrn, name, person.birth_date, warnings=list(match.warnings))
        self._plan.patients.append(plan)
        self._by_source[source] = plan
        if match.why:
            plan.state, plan.why, plan.wrong = "skipped", match.why, match.wrong
        elif here is not None and here.key:
            plan.state, plan.key = "same", here.key
            self._by_key[here.key] = plan
        else:
            self._new(plan, bundle)
        return plan, match

    def _new(self, plan: PatientPlan, bundle: PatientBundle) -> None:
        values = people.patient_values(self._rules, bundle.person, bundle.payer)
        digest = people.patient_digest(bundle.person, bundle.payer)
        plan.values = {**values, "source": plan.source, "source_digest": digest, "source_version": 1}
        self._plan.counts["patient"].new += 1
        if not bundle.person.active:
            plan.warnings.append("is not active at the source")
        told = (values[name] or "" for name in ("birth_date", "family", "given", "other_names", "mbi"))
        self._people.put(Here(None, plan.source, plan.mrn, *told))

    def _own_row(self, plan: PatientPlan, bundle: PatientBundle, match: Match) -> None:
        """What the source says of a patient who is here."""
        assert plan.key is not None
        count, here = self._plan.counts["patient"], match.here
        if here is None or plan.source in plan.seen or (match.by_number and here.source):
            count.same += plan.source not in plan.seen  # another source's patient, known here by record number
            plan.seen.add(plan.source)
            return
        plan.seen.add(plan.source)
        values = people.patient_values(self._rules, bundle.person, bundle.payer)
        digest = people.patient_digest(bundle.person, bundle.payer)
        if match.by_number:
            self._link(plan, values, digest)
            count.changed += 1
            return
        known = known_patient(self._scope, plan.key)
        if known is None or known.digest == digest:
            count.same += 1
            return
        if values["mrn"] != here.mrn and self._people.has_number(values["mrn"]):
            plan.warnings.append(f"has the record number {values['mrn']} at the source, which another patient has")
            del values["mrn"]
        if edited_here(self._scope, "patient", known, values):
            count.kept += 1
            died = bundle.person.deceased_on or "yes" if bundle.person.deceased else ""
            plan.kept.append("patient" + (f" (died at the source: {died})" if died else ""))
            return
        count.changed += 1
        plan.edits.append(self._edit("patient", known, values, digest))

    def _link(self, plan: PatientPlan, values: Values, digest: str) -> None:
        """Someone who was added by hand: what stands there stays, and what is empty is filled."""
        assert plan.key is not None
        row = Patient.get_by_id(plan.key)
        now = row.__data__
        filled = {
            name: value
            for name, value in values.items()
            if value not in (None, "") and now[name] in (None, "", False, "U") and value != now[name]
        }
        # Version 0: everything that the import does not fill later on was typed here, and stays.
        filled |= {"source": plan.source, "source_digest": digest, "source_version": 0}
        plan.edits.append(Edit("patient", plan.key, row.version, filled))

    # -- records ---------------------------------------------------------------------------------------------

    def _records(self, plan: PatientPlan, bundle: PatientBundle, records: Records) -> None:
        self._phones(plan, bundle, records)
        for attribute, kind, translate in RECORDS:
            found: tuple[Sourced, ...] = getattr(bundle, attribute)
            for record in found:
                self._record(plan, kind, record, translate, records)
        days = [day for visit in bundle.visits if visit.status != "planned" and (day := self._rules.day(visit.start))]
        last = max(days, default=None)
        for attached in bundle.team:
            if people.belongs(attached, last):
                self._team.append(_Team(plan, records, attached))

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
                self._add(plan, kind, values, source, record.digest)
            return
        digest = record.digest
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

    def _team_member(
        self, plan: PatientPlan, records: Records, attached: Attached, reading: Reading
    ) -> None:
        source = bounded(f"{plan.source}/team/{attached.practitioner}")
        if source in plan.seen:
            return
        plan.seen.add(source)
        values = people.team_values(self._rules, attached, reading.practitioner(attached.practitioner))
        if isinstance(values, LeftOut):
            self._left_out(values)
            return
        known = records.known.get(("team-member", source))
        self._place(plan, "team-member", known, values, source, people.team_digest(values))

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
            plan.edits.append(self._edit(kind, known, values, digest))

    def _edit(self, kind: str, known: Known, values: Values, digest: str) -> Edit:
        full = {**values, "source_digest": digest, "source_version": known.version + 1}
        return Edit(kind, known.key, known.version, full)

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
                digest = {"source": source, "source_digest": record.digest, "source_version": 1}
                plan.providers.append({**values, **digest})
                count.new += 1
            elif known.struck:
                count.struck += 1
            elif known.digest == record.digest:
                count.same += 1
            elif edited_here(self._scope, "provider", known, values):
                count.kept += 1
            else:
                plan.provider_edits.append(self._edit("provider", known, values, record.digest))
                count.changed += 1


def _once(records: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for record in records:
        found.setdefault(bounded(record.source), record)
    yield from found.items()


def _called(kind: str, values: Values) -> str:
    """A record's name in the report."""
    name = next((values[column] for column in ("display", "substance", "name", "what", "number", "kind") if values.get(column)), "")
    day = values.get("date") or values.get("admitted") or ""
    return " ".join(filter(None, (kind.replace("-", " "), str(name), str(day))))
