"""Practitioners, organizations, places and drugs that other resources point to.

They may come before or after those who point to them, in the same file or another. So what points keeps a
key, and the directory answers for it when it knows.
"""

from __future__ import annotations

from typing import NamedTuple

from cmp_tui.exchange.fhir.context import Context, Raw
from cmp_tui.exchange.fhir.people import (
    NO_NAME,
    NPI_SYSTEM,
    identifiers,
    names,
    npi,
    phones,
    spoken_name,
    tidy_name,
)
from cmp_tui.exchange.fhir.records import Code, Practitioner
from cmp_tui.exchange.fhir.refs import Links, Ref, identifier_key
from cmp_tui.exchange.fhir.values import LINE


class Drug(NamedTuple):
    """What a Medication resource says: its codes and its words."""

    codes: tuple[Code, ...]
    words: str


class Role(NamedTuple):
    """What a PractitionerRole adds to a practitioner."""

    practitioner: str
    specialty: str
    organization: str
    organization_name: str


class Directory:
    """Everyone and everything that can be pointed to, by key."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._people: dict[str, Practitioner] = {}
        self._mentioned: dict[str, Practitioner] = {}  # pointed to with a name, no record of their own so far
        self._roles: dict[str, Role] = {}
        self._role_of: dict[str, str] = {}  # practitioner -> their first role
        self._places: dict[str, str] = {}
        self._drugs: dict[str, Drug] = {}
        self._same: dict[str, str] = {}  # identifier key -> key

    # Filling

    def practitioner(self, raw: Raw, source: str) -> None:
        """Takes a Practitioner."""
        found = identifiers(self._context, raw)
        calls, email = phones(self._context, raw)
        name = next(iter(names(self._context, raw)), NO_NAME)
        self._people[source] = Practitioner(source, name, npi(found), "", "", calls, email)
        self._identify("Practitioner", source, found)

    def role(self, raw: Raw, source: str, links: Links) -> None:
        """Takes a PractitionerRole."""
        person = self.mention(links.ref(raw, "practitioner", "Practitioner"))
        place = links.ref(raw, "organization", "Organization")
        specialty = ""
        for field in ("specialty", "code"):
            for concept in self._context.items(raw, field):
                specialty = specialty or self._context.words(concept)
        self._roles[source] = Role(person, specialty, place.key, place.display)
        self._identify("PractitionerRole", source, identifiers(self._context, raw))
        if person:
            self._role_of.setdefault(person, source)

    def place(self, raw: Raw, source: str, kind: str) -> None:
        """Takes an Organization or a Location."""
        self._places[source] = self._context.text(raw, "name", LINE)
        self._identify(kind, source, identifiers(self._context, raw))

    def drug(self, raw: Raw, source: str) -> None:
        """Takes a Medication."""
        self._drugs[source] = drug_of(self._context, raw)
        self._identify("Medication", source, identifiers(self._context, raw))

    def mention(self, ref: Ref) -> str:
        """The key of a practitioner whom someone points to; keeps the name until their own record comes."""
        key = self.find(ref.key)
        if not key.startswith("Practitioner"):
            return ""
        if key not in self._people and key not in self._roles and (ref.display or "?" in key):
            known = self._mentioned.get(key)
            if known is None or (ref.display and not known.name.family):
                name = tidy_name(spoken_name(ref.display), self._context.strip_digits)
                number = key.rpartition("|")[2] if NPI_SYSTEM in key else ""
                self._mentioned[key] = Practitioner(key, name, number, "", "", (), "")
        return key

    # Asking

    def find(self, key: str) -> str:
        """The key of a practitioner's own record, where one is known; else the key as it is."""
        key = self._same.get(key, key)
        role = self._roles.get(key)
        if role is not None and role.practitioner:
            return self._same.get(role.practitioner, role.practitioner)
        return key

    def person(self, key: str) -> Practitioner | None:
        """All that is known of a practitioner."""
        key = self.find(key)
        found = self._people.get(key) or self._mentioned.get(key)
        if found is None:
            return None
        role = self._roles.get(self._role_of.get(found.source, "") or self._role_by_identifier(found))
        if role is None:
            return found
        place = role.organization_name or self.place_name(role.organization)
        return found._replace(specialty=role.specialty, organization=place)

    def name(self, key: str) -> str:
        """A practitioner's name as people say it, "" if not known."""
        known = self.find(key)
        found = self._people.get(known) or self._mentioned.get(known)
        if found is None:
            return ""
        return " ".join(filter(None, (found.name.prefix, found.name.given, found.name.family)))

    def place_name(self, key: str) -> str:
        """An organization's or location's name, "" if not known."""
        return self._places.get(self._same.get(key, key), "")

    def known_drug(self, key: str) -> Drug | None:
        """What a Medication said."""
        return self._drugs.get(self._same.get(key, key))

    def everyone(self) -> list[Practitioner]:
        """Every practitioner, also those only mentioned."""
        late = [key for key in self._mentioned if self.find(key) not in self._people]
        return [found for key in (*self._people, *late) if (found := self.person(key)) is not None]

    def _identify(self, kind: str, source: str, found: list[tuple[str, str, Raw]]) -> None:
        for system, value, _ in found:
            self._same[identifier_key(kind, system, value)] = source
            self._same.setdefault(identifier_key(kind, "", value), source)

    def _role_by_identifier(self, found: Practitioner) -> str:
        # A role may have come before its practitioner and then knows them by number only.
        number = identifier_key("Practitioner", NPI_SYSTEM, found.npi)
        return self._role_of.get(number, "") if found.npi else ""


def drug_of(context: Context, raw: Raw) -> Drug:
    """The drug that a Medication names."""
    concept = context.part(raw, "code")
    codes = context.codings(concept)
    return Drug(tuple(codes), context.words(concept, codes))
