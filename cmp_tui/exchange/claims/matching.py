"""Who the people of claim files are: patients here, one another, someone new, or not to be told.

The Medicare number decides; else name and birth date, as for spreadsheets (`caseload/matching.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange.caseload.held import everyone_here
from cmp_tui.exchange.caseload.matching import People, Someone, why_not_same
from cmp_tui.exchange.caseload.names import whole
from cmp_tui.exchange.caseload.plan import Choices, PersonIn
from cmp_tui.exchange.claims.records import Member
from cmp_tui.patients.alike import nicknames
from cmp_tui.patients.alike_rules import plain_mbi
from cmp_tui.patients.merged import merged_into
from cmp_tui.patients.model import Patient


class Who(NamedTuple):
    """Who someone is: a patient's key, number and name, or the number of a person of these files who came `before`;
    neither: someone new. `why` says why it can't be told, or why they stay out; `wrong` that it is to be decided."""

    key: bytes | None = None
    mrn: str = ""
    name: str = ""
    before: int | None = None
    why: str = ""
    wrong: bool = False


class Matcher:
    """Everyone here, and everyone of these files so far."""

    def __init__(self, scope: Scope, choices: Choices) -> None:
        self._choices = choices
        self._people = People("person", nicknames(scope.reference))
        self._mbis: dict[str, Someone] = {}
        self._sources: dict[str, Who] = {}
        self._keys: dict[bytes, Someone] = {}
        for one in everyone_here(scope):
            self._put(one)
            if one.key is not None:
                self._keys[one.key] = one
        self._struck(scope)

    def _struck(self, scope: Scope) -> None:
        """Whom claims brought, by their number at the payer: also who was merged or struck out since."""
        query = Patient.select(Patient.id, Patient.source, Patient.struck_at, Patient.struck_why).where(
            (Patient.source >= "beneficiary/") & (Patient.source < "beneficiary0")
            | (Patient.source >= "member/") & (Patient.source < "member0")
        )
        for key, source, struck_at, why in list(rows(query)):
            if struck_at is None:
                self._sources[source] = self._who(self._keys[key])
            elif merged := merged_into(scope, key):
                self._sources.setdefault(source, self._who(self._keys[merged.kept]))
            elif why != "undone":
                self._sources.setdefault(source, Who(why="struck out here"))

    def _put(self, one: Someone) -> None:
        self._people.put(one)
        if one.described.mbi:
            self._mbis.setdefault(one.described.mbi, one)

    def known(self, source: str) -> Who | None:
        """Returns who came in under a payer's number before; None when nobody did."""
        return self._sources.get(source)

    def match(self, number: int, member: Member) -> Who:
        """Says who someone is. `number` is the one that they have among these files."""
        if found := self._sources.get(member.source):
            return found
        person = PersonIn(number, "", member.family, member.given, member.birth_date, {"mbi": member.mbi})
        mine = self._people.described(person)
        same = self._mbis.get(plain_mbi(member.mbi)) if member.mbi else None
        if same is not None:
            if (why := why_not_same(same.described, mine)) and same.mrn not in self._choices.same_mrns:
                return Who(why=f"has the Medicare number of {_named(same)}; {why}", wrong=True)
            return self._who(same)
        match = self._people.match(person, self._choices)
        if match.why:
            return Who(why=match.why, wrong=True)
        if match.who is not None:
            theirs = match.who.described.mbi
            if theirs and mine.mbi and theirs != mine.mbi and match.who.mrn not in self._choices.same_mrns:
                says = f"has name and birth date of {_named(match.who)}, but another Medicare number"
                return Who(why=says, wrong=True)
            return self._who(match.who)
        self._put(Someone(None, number, "", member.family, member.given, member.birth_date, mine))
        return Who()

    def _who(self, one: Someone) -> Who:
        name = whole(one.family, one.given)
        return Who(one.key, one.mrn, name) if one.key is not None else Who(before=one.row)


def _named(one: Someone) -> str:
    number = f", MRN {one.mrn}" if one.mrn else ""
    return f"{whole(one.family, one.given)}{number}"
