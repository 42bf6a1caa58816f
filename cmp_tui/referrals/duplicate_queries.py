"""Which orders of a patient a new one repeats or contradicts, in sentences to be read before it is saved."""

from __future__ import annotations

from datetime import date

from peewee import JOIN

from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.directory_queries import provider as directory_entry
from cmp_tui.patients.model import Provider
from cmp_tui.referrals.duplicate_rules import Ordered, Twin, twins
from cmp_tui.referrals.model import Referral
from cmp_tui.referrals.referral_book import referral_book

LATEST = 300
"""A patient's orders that are looked at, the latest first."""


def before_saving(
    scope: Scope,
    patient: bytes,
    *,
    kind: str,
    what: str,
    urgency: str = "routine",
    question: str | None = None,
    provider: bytes | None = None,
    ordered_by: str | None = None,
    day: date | None = None,
    own: bytes | None = None,
) -> tuple[str, ...]:
    """Returns a sentence for each order of the patient that this one repeats, or that another practitioner gave on the
    same thing. `ordered_by` is a username of the staff or a name, `own` the key of the order itself."""
    entry = directory_entry(scope, provider) if provider is not None else None
    named = next(iter(rows(Staff.live(Staff.name).where(Staff.username == ordered_by))), (ordered_by,))
    new = Ordered(
        kind, what, urgency, question, provider, entry.name if entry else None, entry.specialty if entry else None,
        named[0], day or scope.today,
    )  # fmt: skip
    days = referral_book(scope.reference).duplicate_days
    return tuple(_sentence(scope, one) for one in twins(new, _earlier(patient, own), days))


def _earlier(patient: bytes, own: bytes | None) -> list[Ordered]:
    r, p = Referral, Provider
    query = (
        r.live(
            r.id, r.kind, r.what, r.urgency, r.question, r.provider, r.to_name, p.name, p.specialty, r.ordered_by,
            Staff.name, r.ordered_on, r.stage, r.ended_on, r.end,
        )
        .join(p, JOIN.LEFT_OUTER, on=(p.id == r.provider))
        .switch(r)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.username == r.ordered_by))
        .where(r.patient == patient)
        .order_by(r.ordered_on.desc(), r.id.desc())
        .limit(LATEST)
    )  # fmt: skip
    return [
        Ordered(kind, what, urgency, question, provider, to or name, specialty, staff or by, on, stage, ended, end)
        for key, kind, what, urgency, question, provider, to, name, specialty, by, staff, on, stage, ended, end in rows(
            query
        )
        if key != own
    ]  # fmt: skip


def _sentence(scope: Scope, twin: Twin) -> str:
    one, say = twin.earlier, scope.reference.label
    by = f" by {one.by}" if one.by else ""
    to = f" to {one.to}" if one.to else ""
    known = f"{one.what}{to} was ordered{by} on {_day(one.on, scope)}"
    if twin.two_people:
        other = f"; the two differ in {_listed(twin.differs)}" if twin.differs else ""
        return f"Two practitioners' orders on one thing: {known}{other}. Agree on one before it goes out."
    if one.is_open:
        return f"Ordered already: {known} and is open ({say('referral_stage', one.stage)})."
    ended = _day(one.ended_on, scope) if one.ended_on else ""
    return f"Ordered already: {known}; it ended {ended} ({say('referral_end', one.end)})."


def _day(day: date, scope: Scope) -> str:
    year = "" if day.year == scope.today.year else f" {day.year}"
    return f"{day.day} {day:%b}{year}"


def _listed(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
