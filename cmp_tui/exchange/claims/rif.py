"""CMS's RIF claim files: one row a line of a claim, fields between bars, a heading above (also with commas or tabs).

A claim's own values stand in each of its rows and are read from the first. Columns are found by their names; those that
are missing say nothing. What the codes mean: CMS's data dictionaries of the Research Identifiable Files.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import TextIO

from cmp_tui.exchange.claims.noting import Notes
from cmp_tui.exchange.claims.records import Claim, Line, Member
from cmp_tui.exchange.claims.values import (
    code,
    house_of_number,
    kind_of_bill,
    npi,
    tidy,
    tidy_name,
    token,
)

KINDS = MappingProxyType(
    {
        "10": "home-health", "20": "snf", "30": "snf", "40": "outpatient", "50": "hospice", "60": "inpatient",
        "61": "inpatient", "62": "inpatient", "63": "inpatient", "64": "inpatient", "71": "professional",
    }
)  # fmt: skip
"""Kinds of claims by NCH_CLM_TYPE_CD."""
OTHERS = MappingProxyType({"72": "equipment", "81": "equipment", "82": "equipment"})
LONGEST = 100_000
"""Characters of a line; rows of these files have about 2,000."""
ALLOWED = frozenset({"", "A", "R", "S"})
"""Lines that were paid or counted: allowed, reinstated, paid by another payer first (LINE_PRCSG_IND_CD)."""
SEX = MappingProxyType({"1": "M", "2": "F"})
DENIED = frozenset("0DEFGHIJKLMNOPQRSTUVWXY")
"""A carrier's claim that was denied (CARR_CLM_PMT_DNL_CD). What a hospital was not paid for took place all the same."""
OnRead = Callable[[int], None]
Numbered = Iterator[tuple[int, list[str]]]


class NotRif(Exception):
    """A file is something else, or of a kind that is not taken. Its text names the kind, "" when it is not known."""


@dataclass(slots=True)
class _Begun:
    """A claim whose lines are being read."""

    claim: Claim | None
    lines: list[Line] = field(default_factory=list)


class _Row:
    """Columns by name. A row gets an empty field behind its last, which is where columns stand that are missing."""

    def __init__(self, heading: Sequence[str]) -> None:
        self._places = {name.strip().upper(): place for place, name in enumerate(heading)}

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def place(self, name: str) -> int:
        return self._places.get(name, -1)

    def take(self, *names: str) -> Callable[[list[str]], tuple[str, ...]]:
        """Returns what gives the values of two or more columns."""
        return itemgetter(*map(self.place, names))


def is_rif(first: str) -> bool:
    """Tells whether a first line looks like the heading of such a file."""
    return "BENE_ID" in first.upper()


def read_rif(file: TextIO, notes: Notes, on_read: OnRead) -> None:
    """Reads one file into the notes. Raises NotRif when it holds neither people nor claims."""
    lines = _lines(file)
    first = next(lines, "")
    sign = max("|\t,", key=first.count)
    heading = first.lstrip("\ufeff").rstrip("\r\n").split(sign)
    row = _Row([name.strip('"') for name in heading])
    bare = csv.reader(lines, delimiter=sign, quoting=csv.QUOTE_NONE)
    reader = csv.reader(lines) if sign == "," else bare
    if "BENE_BIRTH_DT" in row:
        _People(row, notes).read(_whole(reader, len(heading), notes, on_read))
    elif "CLM_ID" in row:
        _Claims(row, notes).read(_whole(reader, len(heading), notes, on_read))
    elif "PDE_ID" in row:
        raise NotRif("medicines from a pharmacy (PDE)")
    else:
        raise NotRif("")


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST):
        yield line


def _whole(reader: Iterator[list[str]], width: int, notes: Notes, on_read: OnRead) -> Numbered:
    """The rows that have all their fields, each with its line and one empty field more."""
    number = 1
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            notes.problem(number, "This line can't be read.")
            continue
        if len(row) == width:
            row.append("")
            yield number, row
        elif row:
            notes.problem(number, f"This line has {len(row):,} fields instead of {width:,}; it was left out.")
        if not number % 5_000:
            on_read(number)


class _People:
    """Reads who the members are."""

    def __init__(self, row: _Row, notes: Notes) -> None:
        self._notes = notes
        self._take = row.take(
            "BENE_ID", "BENE_SRNM_NAME", "BENE_GVN_NAME", "BENE_MDL_NAME", "BENE_BIRTH_DT", "BENE_SEX_IDENT_CD",
            "MBI_NUM", "DEATH_DT", "RFRNC_YR", "DRVD_LINE_1_ADR", "CITY_NAME", "BENE_ZIP_CD",
        )  # fmt: skip

    def read(self, rows: Numbered) -> None:
        days, notes = self._notes.days, self._notes
        for number, row in rows:
            key, family, given, middle, born, sex, mbi, died, year, street, city, zip_code = self._take(row)
            if not token(key):
                notes.problem(number, "This person has no number (BENE_ID); they were left out.")
                continue
            birth, death = days[born], days[died]
            if birth is None:
                notes.problem(number, "The birth date is missing or no date.", lost=False)
            names = " ".join(filter(None, (tidy_name(given), tidy_name(middle))))
            digits = zip_code.strip()
            notes.member(
                Member(
                    f"beneficiary/{token(key)}", tidy_name(family), names, birth.isoformat() if birth else "",
                    SEX.get(sex.strip(), "U"), code(mbi)[:20], "Medicare", tidy(street), tidy_name(city), "",
                    digits[:5].zfill(5) if digits.isdigit() else "", death.isoformat() if death else "",
                    year.strip(),
                )
            )  # fmt: skip


class _Claims:
    """Reads claims of any kind."""

    def __init__(self, row: _Row, notes: Notes) -> None:
        self._notes = notes
        self._ids = row.take(
            "CLM_ID", "LINE_NUM", "CLM_LINE_NUM", "HCPCS_CD", "REV_CNTR", "LINE_PRCSG_IND_CD"
        )
        self._head = row.take(
            "BENE_ID", "CLM_GRP_ID", "FINAL_ACTION", "NCH_CLM_TYPE_CD", "CLM_FROM_DT", "CLM_THRU_DT",
            "NCH_WKLY_PROC_DT", "CLM_FREQ_CD", "DML_IND", "CARR_CLM_PMT_DNL_CD",
        )  # fmt: skip
        self._stay = row.take(
            "CLM_ADMSN_DT", "NCH_BENE_DSCHRG_DT", "PTNT_DSCHRG_STUS_CD", "PRVDR_NUM", "ORG_NPI_NUM",
            "CARR_CLM_BLG_NPI_NUM", "AT_PHYSN_NPI", "CLM_FAC_TYPE_CD", "CLM_SRVC_CLSFCTN_TYPE_CD",
        )  # fmt: skip
        self._line = row.take(
            "LINE_1ST_EXPNS_DT", "LINE_LAST_EXPNS_DT", "REV_CNTR_DT", "LINE_PLACE_OF_SRVC_CD", "PRF_PHYSN_NPI",
            "RNDRNG_PHYSN_NPI",
        )  # fmt: skip
        named = [("PRNCPAL_DGNS_CD", "PRNCPAL_DGNS_VRSN_CD")]
        named += [(f"ICD_DGNS_CD{number}", f"ICD_DGNS_VRSN_CD{number}") for number in range(1, 26)]
        self._diagnoses = [(row.place(one), row.place(version)) for one, version in named if one in row]
        self._carrier = "LINE_PLACE_OF_SRVC_CD" in row

    def read(self, rows: Numbered) -> None:
        notes, begun = self._notes, dict[str, _Begun]()
        ids, wants = self._ids, notes.marks.wants
        for number, row in rows:
            notes.lines += 1
            key, line, institutional, hcpcs, revenue, allowed = ids(row)
            known = begun.get(key)
            if known is None:
                known = begun[key] = _Begun(self._claim(number, key, row))
            if known.claim is None or not wants(hcpcs, revenue):
                continue
            if allowed.strip() not in ALLOWED:
                notes.left["denied lines"] += 1
                continue
            known.lines.append(self._line_of(line or institutional, hcpcs, revenue, row, known.claim))
        for one in begun.values():
            if one.claim is not None:
                notes.claim(one.claim._replace(lines=tuple(one.lines)))

    def _line_of(self, number: str, hcpcs: str, revenue: str, row: list[str], claim: Claim) -> Line:
        first, last, dated, place, performing, rendering = self._line(row)
        days = self._notes.days
        day = days[first] or days[dated] or claim.start
        until = max(days[last] or day, day)
        who = npi(performing) or npi(rendering) or claim.attending
        return Line(token(number), day, until, hcpcs, revenue, place.strip(), who)

    def _claim(self, number: int, key: str, row: list[str]) -> Claim | None:
        """The claim that a row belongs to; None when it is not taken, and counted or told why."""
        notes = self._notes
        member, group, final, kind_code, first, last, posted, frequency, deed, denied = self._head(row)
        kind = KINDS.get(kind_code.strip(), "" if kind_code.strip() else self._guess(row))
        if not kind:
            notes.not_taken[OTHERS.get(kind_code.strip(), "claims of an unknown kind")] += 1
            return None
        if not token(key) or not token(member):
            notes.problem(number, "This line names no claim or no person; it was left out.")
            return None
        if final.strip() not in ("", "F"):
            notes.left["claims that a later version stands in for"] += 1
            return None
        gone = deed.strip().upper() == "DELETE"
        if denied.strip() in DENIED and not gone:
            notes.left["denied claims"] += 1
            return None
        start, end = notes.days[first], notes.days[last]
        if start is None or start > notes.today:
            what = "is missing or no date" if start is None else "is still to come"
            notes.problem(number, f"The claim's first day (CLM_FROM_DT) {what}; the claim was left out.")
            return None
        own = token(group)
        name = own if own.strip("0") else token(key)
        posted_on = notes.days[posted]
        admitted, discharged, status, ccn, place, billing, attending, *_ = self._stay(row)
        out = notes.days[discharged]
        return Claim(
            f"beneficiary/{token(member)}", name, name, kind, start,
            min(max(end or start, start), notes.today), notes.days[admitted],
            out if out is not None and out <= notes.today else None,
            status.strip().zfill(2) if status.strip() else "", "8" if gone else frequency.strip() or "1",
            posted_on.isoformat() if posted_on else "", npi(place), "", house_of_number(ccn),
            npi(billing) or npi(place), npi(attending), "", self._coded(row),
        )  # fmt: skip

    def _guess(self, row: list[str]) -> str:
        """The kind of a claim that does not tell it."""
        *_, house, service = self._stay(row)
        return "professional" if self._carrier else kind_of_bill(house.strip() + service.strip())

    def _coded(self, row: list[str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for place, version in self._diagnoses:
            text = row[place]
            if text and not text.isspace():
                if row[version].strip() == "9":
                    self._notes.left["diagnoses in ICD-9"] += 1
                else:
                    found[code(text)] = None
        return tuple(found)
