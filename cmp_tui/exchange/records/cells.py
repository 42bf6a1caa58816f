"""One cell: from text to what a column keeps, and back. Staff and patients are found by whoever reads the row."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.partial import parse_partial
from cmp_tui.clinic.records import Record
from cmp_tui.clinic.reference import Reference
from cmp_tui.exchange.records.layout import Column
from cmp_tui.exchange.records.rules_time import Unreadable, read_day, read_instant, read_moment, write_instant
from cmp_tui.patients.model import Patient

Read = Callable[[str], Any]
Write = Callable[[Any], str | float | None]
_COUNT = re.compile(r"[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_KEY = re.compile(r"[0-9a-f]{32}")
_REMEMBERED = 2_000
"""So many different cells of a column are read once only."""


def shown(text: str) -> str:
    """A cell as a sentence quotes it."""
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def reader(model: type[Record], column: Column, reference: Reference, zone: ZoneInfo) -> Read:
    """Returns what reads a cell that is not empty. It raises Unreadable with a sentence."""
    plain = _plain_reader(model, column, reference, zone)
    remembered: dict[str, Any] = {}

    def read(text: str) -> Any:
        if text in remembered:
            return remembered[text]
        try:
            value = plain(text)
        except Unreadable as error:
            raise Unreadable(f"{shown(text)} {error}") from None
        except (ValueError, ClinicError) as error:  # sentences of the column itself, which quote the text
            raise Unreadable(str(error)) from None
        if len(remembered) < _REMEMBERED and len(text) <= 40:
            remembered[text] = value
        return value

    return read


def _plain_reader(model: type[Record], column: Column, reference: Reference, zone: ZoneInfo) -> Read:
    match column.kind:
        case "text":
            field: Any = model._meta.fields[column.field]
            return lambda text: field.check(text, reference)
        case "code":
            return lambda text: _code(text, column.codes, reference)
        case "codes":
            return lambda text: frozenset(
                _code(part.strip(), column.codes, reference) for part in text.split(";") if part.strip()
            )
        case "instant":
            return lambda text: read_instant(text, zone)
        case "moment":
            return lambda text: read_moment(text, zone)
        case "staff":
            return str.lower
        case "patient":
            mrn: Any = Patient.mrn
            return lambda text: mrn.check(text, reference)
        case _:
            return _READ[column.kind]


def _code(text: str, codes: str, reference: Reference) -> str:
    if not reference.known(codes, text):
        raise Unreadable(f"is not one of: {', '.join(code.code for code in reference.codes(codes))}.")
    return text


def _yes_no(text: str) -> bool:
    if text not in ("0", "1"):
        raise Unreadable("is not one of: 0, 1.")
    return text == "1"


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise Unreadable("is not a whole number.")
    return int(text)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise Unreadable("is not a number.")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("is not a number that can be kept.")
    return value


def _facts(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable("is not JSON.") from None


def _no_number(text: str) -> None:
    raise ValueError(text)


def _key(text: str) -> bytes:
    digits = text.lower().replace("-", "")
    if not _KEY.fullmatch(digits):
        raise Unreadable("is not an id: 32 digits from 0 to f.")
    return bytes.fromhex(digits)


_READ: Mapping[str, Read] = {
    "yes-no": _yes_no,
    "date": read_day,
    "partial": parse_partial,
    "month": lambda text: str(Month.parse(text)),
    "count": _count,
    "number": _number,
    "key": _key,
    "facts": _facts,
}


def writer(column: Column, zone: ZoneInfo, usernames: Mapping[bytes, str]) -> Write:
    """Returns what writes a value that is not None. `usernames` are those of the staff by key. A patient is written
    by whoever has the record number at hand."""
    match column.kind:
        case "staff":
            return lambda key: usernames.get(bytes(key), "")
        case "instant" | "moment":
            return lambda at: write_instant(at, zone) if isinstance(at, datetime) else at.isoformat()
        case _:
            return _WRITE[column.kind]


def _write_number(value: float) -> float:
    return int(value) if value == int(value) and abs(value) < 1e15 else value


_WRITE: Mapping[str, Write] = {
    "text": str,
    "code": str,
    "codes": lambda codes: ";".join(sorted(codes)) or ";",  # an empty cell would be "not known"
    "yes-no": lambda yes: "1" if yes else "0",
    "date": lambda day: day.isoformat(),
    "partial": str,
    "month": str,
    "count": str,
    "number": _write_number,
    "key": lambda key: bytes(key).hex(),
    "facts": lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")),
}
