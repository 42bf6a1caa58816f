"""From one resource to its record, filed under its patient."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cmp_tui.exchange.fhir import clinical, encounters, measurements, medications, person
from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.directory import Directory
from cmp_tui.exchange.fhir.held import Held, Pending, Record, Seat
from cmp_tui.exchange.fhir.records import Person
from cmp_tui.exchange.fhir.refs import BY_NAME, Links, contained_of, identifier_key, source_of
from cmp_tui.exchange.fhir.values import LABEL

# Whom others point to comes first, so that most names are known when they are needed.
ORDER = (
    "Organization",
    "Location",
    "Practitioner",
    "PractitionerRole",
    "Medication",
    "Patient",
    "RelatedPerson",
    "Coverage",
    "CareTeam",
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "MedicationStatement",
    "Encounter",
    "Observation",
    "Immunization",
)
NOTHING: Mapping[str, Raw] = MappingProxyType({})
PLACE = MappingProxyType({kind: place for place, kind in enumerate(ORDER)})
POINTED_TO = frozenset((*ORDER[:7], "Condition"))
DIRECTORY_KINDS = frozenset(ORDER[:5])
PATIENT_FIELD = MappingProxyType(
    {"AllergyIntolerance": "patient", "Immunization": "patient", "RelatedPerson": "patient"}
)


class Gatherer:
    """Takes the resources of one document, in any order, and files their records."""

    def __init__(self, context: Context, directory: Directory) -> None:
        self._context, self._directory = context, directory
        self._links = Links(context)
        self.held: dict[str, Held] = {}
        self.same: dict[str, str] = {}  # identifier key -> patient

    def point(self, kind: str, raw: Raw, full_url: object) -> None:
        """Notes under which address a resource of this document can be pointed to."""
        if isinstance(full_url, str):
            self._links.local[full_url] = source_of(kind, raw, full_url)

    def add(self, kind: str, raw: Raw, full_url: object) -> None:
        """Takes one resource of a kind in ORDER."""
        if kind == "Observation" and measurements.surely_unlisted(self._context, raw):
            self._context.skip(measurements.NOT_LISTED)
            return
        source = source_of(kind, raw, full_url)
        self._context.source = source
        self._links.contained = contained_of(self._context, raw) if "contained" in raw else NOTHING
        if kind in DIRECTORY_KINDS:
            self._into_directory(kind, raw, source)
        elif kind == "Patient":
            self._patient(raw, source)
        else:
            self._record(kind, raw, source)

    def _into_directory(self, kind: str, raw: Raw, source: str) -> None:
        if kind == "Practitioner":
            self._directory.practitioner(raw, source)
        elif kind == "PractitionerRole":
            self._directory.role(raw, source, self._links)
        elif kind == "Medication":
            self._directory.drug(raw, source)
        else:
            self._directory.place(raw, source, kind)

    def _patient(self, raw: Raw, source: str) -> None:
        named = self._context.items(raw, "generalPractitioner")
        refs = [self._links.whom(item, "Practitioner") for item in named]
        theirs = tuple(key for ref in refs if ref.key and (key := self._directory.mention(ref)))
        who, identifiers = person.person(self._context, raw, source, self._links, theirs)
        held = self._of(source)
        if held.person is not None and differ(held.person, who):
            held.contested = True
        held.person = who
        for contact in person.contacts(self._context, raw, source):
            held.records[contact.source] = contact
        for system, value, _ in identifiers:
            self.same[identifier_key("Patient", system, value)] = source

    def _record(self, kind: str, raw: Raw, source: str) -> None:
        context = self._context
        if kind == "Observation":
            found = measurements.measurements(context, raw, source)
            if found:
                held = self._patient_of(kind, raw)
                held.records.update((each.source, each) for each in found)
        elif kind == "Encounter":
            seen = encounters.encounter(context, raw, source, self._links, self._directory)
            if seen is not None:
                held = self._patient_of(kind, raw)
                record, place, parent, reason = seen
                held.records[source] = record
                reason_key = reason.key if not record.reason else ""
                if place or parent or reason_key:
                    held.pending[source] = Pending(place, parent, reason_key)
        elif kind == "Coverage":
            paid = person.payer(context, raw, source, self._links)
            if paid is not None:
                held = self._of(self._links.ref(raw, "beneficiary", "Patient").key)
                held.records[source] = paid[0]
                if paid[1]:
                    held.pending[source] = Pending(paid[1], "", "")
        elif kind == "CareTeam":
            self._team(raw, source)
        else:
            record_ = self._simple(kind, raw, source)
            if record_ is not None:
                self._patient_of(kind, raw).records[source] = record_

    def _simple(self, kind: str, raw: Raw, source: str) -> Record | None:
        context = self._context
        if kind == "Condition":
            return clinical.condition(context, raw, source)
        if kind == "AllergyIntolerance":
            return clinical.allergy(context, raw, source)
        if kind == "Immunization":
            return measurements.vaccine(context, raw, source)
        if kind == "RelatedPerson":
            return person.related_person(context, raw, source)
        return medications.order(context, raw, source, self._links, self._directory)

    def _team(self, raw: Raw, source: str) -> None:
        status = self._context.text(raw, "status")
        if status in ("inactive", "entered-in-error", "proposed"):
            self._context.skip(f"CareTeam ({status})")
            return
        held = self._patient_of("CareTeam", raw)
        held.teams.add(source)
        for item in self._context.items(raw, "participant"):
            ref = self._links.ref(item, "member", "Practitioner")
            known = ref.key.startswith("Practitioner") and not ref.key.startswith(BY_NAME)
            if known and not self._context.ended(item):
                roles = [self._context.words(role) for role in self._context.items(item, "role")]
                key = self._directory.mention(ref)
                held.seats[key] = Seat(key, next((role[:LABEL] for role in roles if role), ""))

    def _patient_of(self, kind: str, raw: Raw) -> Held:
        return self._of(self._links.ref(raw, PATIENT_FIELD.get(kind, "subject"), "Patient").key)

    def _of(self, key: str) -> Held:
        held = self.held.get(key)
        if held is None:
            held = self.held[key] = Held()
        return held


def differ(one: Person, other: Person) -> bool:
    """Whether two Patient resources under one id are two people: birth year and family name both differ."""
    return (
        one.birth_date[:4] != other.birth_date[:4]
        and bool(one.birth_date and other.birth_date)
        and one.name.family.casefold() != other.name.family.casefold()
    )
