"""Comparing an import with the clinic file: who would be new, changed, left as they are, and why."""

from __future__ import annotations

from itertools import islice

from peewee import fn

from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange import rules_people as people
from cmp_tui.exchange.fhir.reading import Reading
from cmp_tui.exchange.fhir.records import PatientBundle
from cmp_tui.exchange.plan import Edit, PatientPlan, Plan, Values
from cmp_tui.exchange.queries_known import (
    Records,
    all_people,
    edited_here,
    known_patient,
    known_records,
)
from cmp_tui.exchange.queries_records import RecordPlanner, edit_of
from cmp_tui.exchange.rules_match import Here, Match, People
from cmp_tui.exchange.rules_values import Rules, bounded
from cmp_tui.measurements.coding import MeasurementTables
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.patients.model import Patient
from cmp_tui.patients.rules import NAMES, fold_names

AT_ONCE = 200  # patients whose records are looked up together


def fhir_plan(scope: Scope, reading: Reading, measurements: MeasurementTables) -> Plan:
    """Reads a FHIR reading to its end and returns what importing it would do. Writes nothing.

    `measurements` are the tables whose `take` the reading was given.
    """
    return _Planner(scope, measurements).plan(reading)


class _Planner:
    """One comparison."""

    def __init__(self, scope: Scope, measurements: MeasurementTables) -> None:
        self._scope = scope
        self._rules = Rules(load_condition_tables(scope.reference.folder), measurements, scope.zone)
        self._people = People(all_people(scope))
        self._plan = Plan(Audit.select(fn.MAX(Audit.seq)).scalar() or 0)
        self._by_key: dict[bytes, PatientPlan] = {}
        self._by_source: dict[str, PatientPlan] = {}
        self._records = RecordPlanner(scope, self._rules, self._plan)

    def plan(self, reading: Reading) -> Plan:
        """Compares everything."""
        plan = self._plan
        bundles = reading.patients()
        while some := list(islice(bundles, AT_ONCE)):
            self._some(some)
        self._records.finish(reading)
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
                if plan.key and not bundle.again:
                    self._own_row(plan, bundle, match)
                theirs = records[plan.key] if plan.key else Records({}, set(), 0)
                self._records.take(plan, bundle, theirs)

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
        born, family, given, others, mbi = (
            values[name] or "" for name in ("birth_date", "family", "given", "other_names", "mbi")
        )
        self._people.put(Here(None, plan.source, plan.mrn, born, family, given, others, mbi))

    def _own_row(self, plan: PatientPlan, bundle: PatientBundle, match: Match) -> None:
        """What the source says of a patient who is here."""
        assert plan.key is not None
        count, here = self._plan.counts["patient"], match.here
        if plan.source in plan.seen:
            return
        plan.seen.add(plan.source)
        if here is None or (match.by_number and here.source):
            count.same += 1  # what another source says of someone whose row it does not own
            return
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
            plan.warnings.append(
                f"has the record number {values['mrn']} at the source, which another patient has"
            )
            del values["mrn"]
        if edited_here(self._scope, "patient", known, values):
            count.kept += 1
            died = bundle.person.deceased_on or "yes" if bundle.person.deceased else ""
            plan.kept.append("patient" + (f" (died at the source: {died})" if died else ""))
            return
        count.changed += 1
        plan.edits.append(edit_of("patient", known, values, digest))

    def _link(self, plan: PatientPlan, values: Values, digest: str) -> None:
        """Someone who was added by hand: what stands there stays, and what is empty is filled."""
        assert plan.key is not None
        row = Patient.get_by_id(plan.key)
        now = row.__data__
        filled = {name: value for name, value in values.items() if _is_open(name, now[name]) and value}
        names = [filled.get(name, now[name]) for name in NAMES]
        # Version 0: everything that the import does not fill later on was typed here, and stays.
        filled |= {"source": plan.source, "source_digest": digest, "source_version": 0}
        filled["folded"] = fold_names(*names) or names[0]
        plan.edits.append(Edit("patient", plan.key, row.version, filled))


def _is_open(name: str, value: object) -> bool:
    """Whether nobody has filled a column of a patient."""
    return value in (None, "") or (name, value) in (("sex", "U"), ("deceased", False))
