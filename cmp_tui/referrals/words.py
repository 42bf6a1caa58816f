"""A referral in plain words: where it stands, what is to be done about it, whom to call. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, Protocol

from cmp_tui.patients.rules import phone_digits
from cmp_tui.referrals.rules import NO_REPORT


class Named(Protocol):
    """What the words ask of a referral."""

    @property
    def kind(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def to(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def stage(self) -> str: ...
    @property
    def stage_on(self) -> date: ...
    @property
    def check_on(self) -> date | None: ...
    @property
    def checks(self) -> int: ...
    @property
    def visit_on(self) -> date | None: ...
    @property
    def visit_time(self) -> str | None: ...


class Due(NamedTuple):
    """Why a referral is due and what clears it; `call` is what to do first."""

    reason: str
    clears: str


LANES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ordered": ("ordered",),
        "sent": ("sent",),
        "accepted": ("accepted",),
        "aside": ("declined", "missed", "cancelled"),
        "scheduled": ("scheduled",),
        "attended": ("attended",),
        "report": ("report",),
        "told": ("reviewed", "plan-updated", "told"),
    }
)
"""The groups of the board, in their order, with the stages of each."""
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "ordered": "Ordered, to be sent",
        "sent": "Sent, no answer yet",
        "accepted": "Accepted, no date yet",
        "aside": "Declined, missed or called off",
        "scheduled": "Date known",
        "attended": "Visit done, report not in",
        "report": "Report in, to be reviewed",
        "told": "Reviewed, patient to be told",
        "ended": "Ended",
    }
)
_CLEARS: Mapping[str, str] = MappingProxyType(
    {
        "ordered": "it is sent, or ends with a reason",
        "sent": "they answer, or name a day until which to wait",
        "accepted": "the day is known and the patient told",
        "declined": "it is sent to somebody else, or ends with a reason",
        "scheduled": "they were there, did not come and why, or it was called off",
        "missed": "there is a new day, or it ends with a reason",
        "cancelled": "there is a new day, or it ends with a reason",
        "attended": "the report came, or they name a day",
        "report": "the practitioner has reviewed it",
        "reviewed": "the patient was told",
        "plan-updated": "the patient was told",
        "told": "it ends: the need met, or why not",
    }
)
SENT_FIRST = 3
"""So often asked in vain that it is said."""


def near(day: date, today: date) -> str:
    """A day inside a sentence: 'Tue 3 Nov', with the year when it is another one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def telephone(number: str | None) -> str:
    """'(512) 555-0199'; as typed where it is no ten-digit number."""
    digits = phone_digits(number) or ""
    if len(digits) != 10:
        return number or ""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def whom(one: Named) -> str:
    """Whom it goes to; 'them' where nobody is named."""
    return one.to or "them"


def visit_words(one: Named, today: date) -> str:
    """'Tue 1 Dec 09:30'"""
    if one.visit_on is None:
        return "no day known"
    return f"{near(one.visit_on, today)}{f' {one.visit_time}' if one.visit_time else ''}"


def do_words(one: Named, today: date) -> str:
    """What is to be done, in a few words: 'call Heart Group'. Where it stands is said elsewhere."""
    stage, helps = one.stage, one.kind in NO_REPORT
    if stage == "scheduled":
        past = one.visit_on is None or one.visit_on < today
        return f"ask: was there {visit_words(one, today)}?" if past else f"visit {visit_words(one, today)}"
    return {
        "ordered": f"send to {one.to}" if one.to else "send: to whom?",
        "sent": f"call {whom(one)}",
        "accepted": f"which day? call {whom(one)}",
        "declined": "declined: to whom else?",
        "missed": "missed: book again",
        "cancelled": "called off: book again",
        "attended": "ask: did it help?" if helps else f"call {whom(one)}",
        "report": "practitioner reviews it",
        "reviewed": "tell the patient",
        "plan-updated": "tell the patient",
        "told": "was the need met?",
    }[stage]


def due_words(one: Named, today: date) -> Due:
    """Why it is here, and what clears it: 'cardiology silent since Tue 3 Nov: call Heart Group (512) 555-0199'."""
    stage, what, since = one.stage, one.what, near(one.stage_on, today)
    call = " ".join(part for part in (whom(one), telephone(one.phone)) if part)
    times = f", asked {one.checks} times" if one.checks >= SENT_FIRST else ""
    asks = one.check_on is not None and one.check_on > today
    if stage == "scheduled":
        if one.visit_on is not None and one.visit_on >= today:
            reason = f"{what}: visit {visit_words(one, today)}"
        else:
            reason = f"{what}: visit was {visit_words(one, today)}; were they there?"
        return Due(reason, _CLEARS[stage])
    no_report = one.kind in NO_REPORT
    silent = "waits since" if asks else "silent since"
    reason = {
        "ordered": f"{what} not sent since {since}: {f'send to {one.to}' if one.to else 'to whom?'}",
        "sent": f"{what} {silent} {since}{times}: call {call}",
        "accepted": f"{what}, no day since {since}{times}: call {call}",
        "declined": f"{what} declined {since}: send to somebody else",
        "missed": f"{what} missed {since}: book again, {call}",
        "cancelled": f"{what} called off {since}: book again, {call}",
        "attended": f"{what}: help since {since}; did it help?"
        if no_report
        else f"{what} report not in, visit {since}{times}: call {call}",
        "report": f"{what} report of {since} waits for review",
        "reviewed": f"{what} reviewed {since}: tell the patient",
        "plan-updated": f"{what} in the plan {since}: tell the patient",
        "told": f"{what} told {since}: was the need met?",
    }[stage]
    return Due(
        reason, "how it went is known; it ends" if stage == "attended" and no_report else _CLEARS[stage]
    )


def stage_words(kind: str, stage: str, label: str) -> str:
    """What a stage is called for a kind: a walker is delivered, a service helps."""
    if stage == "attended" and kind == "equipment":
        return "delivered"
    if stage == "attended" and kind == "community":
        return "got help"
    if stage == "scheduled" and kind == "equipment":
        return "delivery day known"
    return label
