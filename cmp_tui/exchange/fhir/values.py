"""Texts, dates and code systems: from what FHIR writes to what we keep. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from cmp_tui.clinic.partial import parse_partial
from cmp_tui.clinic.text import TooLong, clean
from cmp_tui.exchange.fhir.records import Moment

NUMBER, LABEL, LINE, NOTE = 40, 120, 300, 4000  # lengths: a phone number, a name, one line, several lines
UNCUT = 64  # what is this short is a number or a code: better left out than cut
DATE_TIME = re.compile(
    r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "http://hl7.org/fhir/sid/icd-10-cm": "icd-10-cm",
        "http://hl7.org/fhir/sid/icd-10": "icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.90": "icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.3": "icd-10-cm",
        "http://snomed.info/sct": "snomed",
        "urn:oid:2.16.840.1.113883.6.96": "snomed",
        "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
        "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
        "http://loinc.org": "loinc",
        "urn:oid:2.16.840.1.113883.6.1": "loinc",
        "http://hl7.org/fhir/sid/cvx": "cvx",
        "urn:oid:2.16.840.1.113883.12.292": "cvx",
    }
)


def cleaned(value: str, limit: int) -> tuple[str, int, bool]:
    """The cleaned text, how many characters were dropped, and whether the text was short enough.

    A number or a code that is too long is left out, words are cut.
    """
    lines = limit >= NOTE
    for longest in (len(value), limit, limit // 3):  # composing may make three characters of one
        try:
            done = clean(value[:longest], lines=lines, limit=limit)
        except TooLong:
            if limit <= UNCUT:
                break
        else:
            return done.text, done.removed, longest == len(value)
    return "", 0, False


def moment(text: str) -> Moment | None:
    """A FHIR date, dateTime or instant; None when it is none. A time without an offset is no instant."""
    match = DATE_TIME.fullmatch(text.strip()) if len(text) < 60 else None
    if match is None:
        return None
    day, hour, minute, second, offset = match.groups()
    try:
        day = parse_partial(day)
    except ValueError:
        return None
    if not hour or not offset or len(day) < 10:
        return Moment(day)
    try:  # a datetime holds no leap second (:60)
        second = min(second or "00", "59")
        return Moment(day, datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}{offset}"))
    except ValueError:
        return Moment(day)
