"""Claims out of X12 837 files, professional and institutional (005010X222, X223): the few segments that we need.

An 837 is what was sent to a payer, not what was paid. Loops are followed by the segments that begin them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

from cmp_tui.clinic.text import fold
from cmp_tui.exchange.claims.noting import Notes
from cmp_tui.exchange.claims.records import Claim, Line, Member
from cmp_tui.exchange.claims.values import (
    code,
    house_of_taxonomy,
    kind_of_bill,
    npi,
    tidy,
    tidy_name,
    token,
)
from cmp_tui.exchange.claims.x12 import Segment
from cmp_tui.exchange.claims.x12_parts import ClaimRead, LineRead, PersonRead
from cmp_tui.patients.rules import is_mbi

PAYERS = MappingProxyType(
    {
        "MA": "Medicare", "MB": "Medicare", "16": "Medicare Advantage", "MC": "Medicaid", "CI": "commercial",
        "BL": "commercial", "12": "commercial", "13": "commercial", "14": "commercial", "15": "commercial",
        "HM": "commercial", "09": "self", "OF": "other", "VA": "other", "CH": "other", "ZZ": "other",
    }
)  # fmt: skip
"""Kinds of payers by SBR09."""
MEDICARE = frozenset({"MA", "MB"})
CODED = frozenset({"ABK", "ABF"})
OLD = frozenset({"BK", "BF"})


class Reader837:
    """Reads the segments of one file into the notes."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._taken = False
        self._sent = ""
        self._billing = self._billing_name = self._house = ""
        self._subscriber = PersonRead()
        self._patient: PersonRead | None = None
        self._spoken: PersonRead | None = None
        self._claim: ClaimRead | None = None
        self._other = False
        self.claims = 0

    def read(self, found: Iterator[Segment]) -> None:
        """Reads all segments."""
        name = ""
        for segment in found:
            name = segment.parts[0]
            if name == "ST":
                self._begin(segment)
            elif self._taken:
                act = getattr(self, f"_{name.lower()}", None) if name in SEGMENTS else None
                if act is not None:
                    act(segment)
        self._finish()
        if name != "IEA":
            self._notes.problem(None, "The file is cut off: its last segment (IEA) is missing.")

    def _begin(self, segment: Segment) -> None:
        self._finish()
        self._taken = segment.part(1) == "837"
        if not self._taken:
            self._notes.not_taken[f"X12 transactions of another kind ({tidy(segment.part(1), 10)})"] += 1
        elif "X224" in segment.part(3):
            self._taken = False
            self._notes.not_taken["dental claims (837D)"] += 1

    # -- who ---------------------------------------------------------------------------------------------------

    def _bht(self, segment: Segment) -> None:
        self._sent = segment.part(4)[:8] + segment.part(5)[:8]

    def _hl(self, segment: Segment) -> None:
        self._finish()
        level = segment.part(3)
        if level == "20":
            self._billing = self._billing_name = self._house = ""
        elif level == "22":
            self._subscriber, self._patient = PersonRead(), None
        elif level == "23":
            self._patient = PersonRead(payer=self._subscriber.payer, number=self._subscriber.number)
        self._spoken, self._other = None, False

    def _sbr(self, segment: Segment) -> None:
        if self._claim is not None:
            self._other = True  # what another payer knows of it
            return
        self._subscriber.payer = segment.part(9).upper()

    def _nm1(self, segment: Segment) -> None:
        who = segment.part(1)
        number = npi(segment.part(9)) if segment.part(8) == "XX" else ""
        self._spoken = None
        if self._other and self._claim is not None and not self._claim.lines:
            return
        if who == "85":
            self._billing, self._billing_name = number, tidy_name(segment.part(3))
        elif who in ("IL", "QC") and self._claim is None:
            self._named(segment, who)
        elif self._claim is not None:
            self._treating(who, number, segment)

    def _named(self, segment: Segment, who: str) -> None:
        if who == "QC" and self._patient is None:
            self._patient = PersonRead(payer=self._subscriber.payer, number=self._subscriber.number)
        person = self._patient if who == "QC" and self._patient is not None else self._subscriber
        person.family = tidy_name(segment.part(3))
        person.given = " ".join(filter(None, (tidy_name(segment.part(4)), tidy_name(segment.part(5)))))
        if who == "IL":
            person.number = segment.part(9)
        self._spoken = person

    def _treating(self, who: str, number: str, segment: Segment) -> None:
        claim = self._claim
        assert claim is not None
        name = " ".join(filter(None, (tidy_name(segment.part(4)), tidy_name(segment.part(3)))))
        if who == "77" and not claim.lines:
            claim.facility, claim.facility_name = number, tidy_name(segment.part(3))
        elif who in ("82", "71"):
            if claim.lines:
                claim.lines[-1].npi, claim.lines[-1].name = number, name
            elif not claim.attending or who == "82":
                claim.attending, claim.attending_name = number, name

    def _n3(self, segment: Segment) -> None:
        if self._spoken is not None:
            self._spoken.street = ", ".join(
                filter(None, (tidy_name(segment.part(1)), tidy_name(segment.part(2))))
            )

    def _n4(self, segment: Segment) -> None:
        if self._spoken is not None:
            zip_code = segment.part(3)
            self._spoken.city, self._spoken.state = (
                tidy_name(segment.part(1)),
                tidy(segment.part(2), 40).upper(),
            )
            self._spoken.postal_code = (
                zip_code[:5] + (f"-{zip_code[5:9]}" if len(zip_code) == 9 else "")
                if zip_code.isdigit()
                else ""
            )

    def _dmg(self, segment: Segment) -> None:
        if self._claim is not None:
            return
        person = self._patient or self._subscriber
        born = self._notes.days[segment.part(2)]
        person.born = born.isoformat() if born else ""
        person.sex = segment.part(3) if segment.part(3) in ("F", "M") else "U"

    def _pat(self, segment: Segment) -> None:
        died = self._notes.days[segment.part(6)] if segment.part(5) == "D8" else None
        if died is not None:
            (self._patient or self._subscriber).died = died.isoformat()

    def _prv(self, segment: Segment) -> None:
        if segment.part(1) == "BI" and self._claim is None:
            self._house = house_of_taxonomy(segment.part(3))

    # -- the claim -----------------------------------------------------------------------------------------------

    def _clm(self, segment: Segment) -> None:
        self._finish()
        bill = [*segment.split(5), "", "", ""]
        self._other = False
        self._claim = ClaimRead(
            segment.number, token(segment.part(1)), bill[0] if bill[1] == "A" else "", bill[2] or "1",
            bill[0] if bill[1] != "A" else "",
        )  # fmt: skip

    def _dtp(self, segment: Segment) -> None:
        claim = self._claim
        if claim is None or (self._other and not claim.lines):
            return
        first, _, last = segment.part(3).partition("-")
        days, what = self._notes.days, segment.part(1)
        start, end = days[first], days[last] if last else None
        if what == "472" and claim.lines:
            claim.lines[-1].day, claim.lines[-1].until = start, end
        elif what == "434":
            claim.start, claim.end = start, end
        elif what == "435":
            claim.admitted = start

    def _cl1(self, segment: Segment) -> None:
        if self._claim is not None:
            self._claim.status = segment.part(3).zfill(2) if segment.part(3) else ""

    def _hi(self, segment: Segment) -> None:
        claim = self._claim
        if claim is None:
            return
        for place in range(1, len(segment.parts)):
            kind, *rest = segment.split(place)
            if kind in CODED and rest:
                claim.diagnoses[code(rest[0])] = None
            elif kind in OLD:
                self._notes.left["diagnoses in ICD-9"] += 1

    def _lx(self, segment: Segment) -> None:
        if self._claim is not None:
            self._claim.lines.append(LineRead(token(segment.part(1))))
            self._notes.lines += 1

    def _sv1(self, segment: Segment) -> None:
        if line := self._newest("SV1"):
            line.hcpcs, line.place = code([*segment.split(1), ""][1]), segment.part(5)

    def _sv2(self, segment: Segment) -> None:
        if line := self._newest("SV2"):
            line.revenue, line.hcpcs = segment.part(1).zfill(4), code([*segment.split(2), ""][1])

    def _newest(self, what: str) -> LineRead | None:
        """The line that a service belongs to; some senders leave LX out."""
        claim = self._claim
        if claim is None:
            return None
        claim.institutional = what == "SV2"
        if not claim.lines or claim.lines[-1].hcpcs or claim.lines[-1].revenue:
            claim.lines.append(LineRead(str(len(claim.lines) + 1)))
            self._notes.lines += 1
        return claim.lines[-1]

    def _se(self, segment: Segment) -> None:
        self._finish()

    # -- handing on ------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        claim, self._claim = self._claim, None
        if claim is None:
            return
        self.claims += 1
        notes, person = self._notes, self._patient or self._subscriber
        dated = [line.day for line in claim.lines if line.day is not None]
        start = claim.start or min(dated, default=claim.admitted)
        where = f"Segment {claim.segment:,}: this claim"
        if start is None or start > notes.today:
            what = "has no day of service" if start is None else "has a day that is still to come"
            notes.problem(None, f"{where} {what}; it was left out.")
            return
        if not claim.number or not (person.number or person.family):
            notes.problem(None, f"{where} has no number or names nobody; it was left out.")
            return
        kind = kind_of_bill(claim.bill) if claim.institutional and claim.bill else "professional"
        end = max(claim.end or start, *dated, start) if dated else max(claim.end or start, start)
        member = self._member(person)
        notes.member(member)
        sender = f"{self._billing or 'x'}-{claim.number}"
        notes.claim(
            Claim(
                member.source, f"{sender}-{start:%Y%m%d}", sender, kind, start, min(end, notes.today),
                claim.admitted, None, claim.status, claim.frequency, self._sent,
                claim.facility or (self._billing if claim.institutional else ""),
                claim.facility_name or (self._billing_name if claim.institutional else ""), self._house,
                self._billing, claim.attending, claim.attending_name, tuple(claim.diagnoses),
                tuple(self._lines(claim, start)),
            )
        )  # fmt: skip

    def _lines(self, claim: ClaimRead, start: date) -> Iterator[Line]:
        for line in claim.lines:
            if self._notes.marks.wants(line.hcpcs, line.revenue):
                day = line.day or start
                until = max(line.until or day, day)
                yield Line(
                    line.number, day, until, line.hcpcs, line.revenue, line.place or claim.place,
                    line.npi or claim.attending or ("" if claim.institutional else self._billing),
                    line.name or claim.attending_name,
                )  # fmt: skip

    def _member(self, person: PersonRead) -> Member:
        key = f"member/{token(person.number)}"
        if self._patient is not None or not person.number:  # who is insured with someone shares their number
            key += f"/{token(fold(f'{person.family} {person.given}').replace(' ', '-'))}-{person.born}"
        own = self._patient is None and (person.payer in MEDICARE or is_mbi(person.number))
        return Member(
            key, person.family, person.given, person.born, person.sex, code(person.number)[:20] if own else "",
            PAYERS.get(person.payer, ""), person.street, person.city, person.state, person.postal_code, person.died,
            self._sent,
        )  # fmt: skip


SEGMENTS = frozenset(
    {
        "BHT", "HL", "SBR", "NM1", "N3", "N4", "DMG", "PAT", "PRV", "CLM", "DTP", "CL1", "HI", "LX", "SV1", "SV2", "SE",
    }
)  # fmt: skip
"""The segments that are read."""
