"""What is known of a patient, in short: for the tests of eligibility."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.eligibility_book import book_on
from cmp_tui.enrollment.eligibility_facts import (
    Assessed,
    Condition,
    Known,
    Score,
    Sent,
    Service,
    Stay,
    Time,
    Visit,
)
from cmp_tui.enrollment.eligibility_rules import Book, Checked, Finding, judge

TODAY = date(2026, 11, 23)
BOOK = book_on(Reference(), TODAY)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def ill(code: str = "I10", chronic: bool | None = True, **more: Any) -> Condition:
    values = {
        "system": "icd-10-cm",
        "code": code,
        "display": code,
        "group": None,
        "onset": "2019",
        "resolved": None,
    }
    return Condition(**{**values, "chronic": chronic, "key": code.encode(), **more})


def seen(
    days: int = 60, kind: str = "em", discussed: bool | None = None, practitioner: str | None = "levin"
) -> Visit:
    return Visit(ago(days), practitioner, kind, discussed, f"visit {days}".encode())


def stay(days: int, kind: str = "inpatient", out: int | None = None, to: str | None = "home") -> Stay:
    left = None if out is None else ago(out)
    return Stay(kind, ago(days), left, to, f"{kind} {days}".encode())


def billed(code: str, days: int = 5, practitioner: str | None = None) -> Service:
    return Service(code, ago(days), practitioner, code.encode())


def inside(program: str, practitioner: str | None = None) -> Time:
    return Time(program, practitioner, ago(100), program.encode())


def asked(instrument: str, *flags: str, days: int = 30, done: bool = True) -> Assessed:
    return Assessed(instrument, ago(days), done, flags, f"{instrument} {days}".encode())


def score(value: str, days: int = 10) -> Score:
    return Score("HCC", value, ago(days), value.encode())


def sent(days: int = 3) -> Sent:
    return Sent(ago(days), b"device")


def known(*facts: Any, **more: Any) -> Known:
    """Who is insured by Medicare and billed by Amy Levin, with these facts."""
    kinds: dict[str, type] = {
        "conditions": Condition, "visits": Visit, "stays": Stay, "services": Service, "enrollments": Time,
        "assessments": Assessed, "scores": Score, "devices": Sent,
    }  # fmt: skip
    held: dict[str, Any] = {name: [one for one in facts if type(one) is kind] for name, kind in kinds.items()}
    held["visits"].sort(key=lambda one: one.date)
    held["assessments"].sort(key=lambda one: one.date)
    return Known(**{"payer": "Medicare", "practitioner": "levin", **held, **more})


def checked(facts: Known, program: str, book: Book = BOOK) -> Checked:
    return next(one for one in judge(facts, book).programs if one.program == program)


def found(facts: Known, program: str, what: str, book: Book = BOOK) -> Finding:
    return next(one for one in checked(facts, program, book).findings if one.what == what)


def speaking(facts: Known, what: str) -> Finding:
    return next(one for one in judge(facts, BOOK).speaking if one.what == what)
